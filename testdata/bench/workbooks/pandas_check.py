"""Checks a workbook with pandas, which reads and writes it with openpyxl.

python3 pandas_check.py IN.xlsx PERIODS.csv OUT.xlsx
"""

import datetime
import sys

import pandas

from answers import ANSWER, INPUT, KEYS, NOT_GIVEN, OUTPUT, UNREADABLE, Answers

source, periods, target = sys.argv[1:]
answers = Answers(periods)


def stretch(day):
    if isinstance(day, datetime.datetime):
        return answers.stretch(day.date().isoformat())
    return UNREADABLE if day else NOT_GIVEN


rows = pandas.read_excel(source, sheet_name="Rows", engine="openpyxl", usecols=INPUT, dtype=object, na_filter=False)
days = rows["install_date"]
rows["stretch"] = days.map({day: stretch(day) for day in days.unique()})
table = pandas.DataFrame(answers.rows, columns=KEYS + ["stretch"] + ANSWER)
table["ivp_to"] = pandas.to_datetime(table["ivp_to"], errors="coerce")
rows = rows.merge(table, how="left", on=KEYS + ["stretch"])
rows["ivp_days_left"] = (rows["ivp_to"] - pandas.to_datetime(days, errors="coerce", format="ISO8601")).dt.days
rows["ivp_to"] = rows["ivp_to"].dt.date
rows[OUTPUT].to_excel(target, sheet_name="Rows", index=False, engine="openpyxl")
