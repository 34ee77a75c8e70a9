"""Checks a workbook with polars, which reads it with calamine (fastexcel) and writes
it with XlsxWriter.

python3 polars_check.py IN.xlsx PERIODS.csv OUT.xlsx

A column of polars has one type. Some installation dates cannot be read, so the
column is written as text.
"""

import sys

import polars
from polars import col, when

from answers import ANSWER, INPUT, KEYS, NOT_GIVEN, OUTPUT, UNREADABLE, Answers

source, periods, target = sys.argv[1:]
answers = Answers(periods)

rows = polars.read_excel(source, sheet_name="Rows", columns=INPUT, infer_schema_length=0)
rows = rows.with_columns(col("install_date").str.strip_suffix(" 00:00:00"), *(col(k).fill_null("") for k in KEYS))
day = col("install_date").str.to_date("%Y-%m-%d", strict=False)
starts = polars.DataFrame({"first": answers.firsts}).with_columns(col("first").str.to_date("%Y-%m-%d"))
stretch = when(col("install_date").is_null()).then(NOT_GIVEN).when(day.is_null()).then(UNREADABLE)
rows = rows.with_columns(stretch.otherwise(starts["first"].search_sorted(rows.select(day).to_series(), side="right") + 2).cast(polars.Int64).alias("stretch"))
table = polars.DataFrame(answers.rows, schema=KEYS + ["stretch"] + ANSWER, orient="row")
table = table.with_columns(col("ivp_to").str.to_date("%Y-%m-%d", strict=False))
rows = rows.join(table, how="left", on=KEYS + ["stretch"], maintain_order="left")
rows = rows.with_columns((col("ivp_to") - day).dt.total_days().alias("ivp_days_left"))
rows.select(OUTPUT).write_excel(target, worksheet="Rows")
