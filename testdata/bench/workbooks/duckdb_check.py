"""Checks a workbook with DuckDB's excel extension.

python3 duckdb_check.py IN.xlsx PERIODS.csv OUT.xlsx

A day is read as the number that the workbook has for it, and a text as itself. As a
column has one type, the installation dates are written as text.
"""

import glob
import sys

import duckdb
import duckdb_ext

from answers import ANSWER, INPUT, KEYS, NOT_GIVEN, OUTPUT, UNREADABLE

source, periods, target = sys.argv[1:]

db = duckdb.connect(":memory:", config={"threads": 2})
for extension in glob.glob(duckdb_ext.__path__[0] + "/extensions/*/*/excel.duckdb_extension"):
    db.execute(f"LOAD '{extension}'")
read = f"read_csv('{periods}', all_varchar = true, header = true)"
db.execute(f"""
CREATE TABLE starts AS
SELECT first, row_number() OVER (ORDER BY first) + {UNREADABLE} AS stretch
FROM (SELECT DISTINCT CAST("first" AS DATE) AS first FROM {read} WHERE given = 'dated')""")
keys = ", ".join(f"coalesce(p.{key}, '') AS {key}" for key in KEYS)
db.execute(f"""
CREATE TABLE answers AS
SELECT {keys}, CASE p.given WHEN 'none' THEN {NOT_GIVEN} WHEN 'unreadable' THEN {UNREADABLE} ELSE s.stretch END AS stretch, {", ".join(ANSWER)}
FROM {read} p LEFT JOIN starts s ON p.given = 'dated' AND s.first BETWEEN TRY_CAST(p.first AS DATE) AND TRY_CAST(p.last AS DATE)""")
db.execute("CREATE SEQUENCE row START 1")
db.execute(f"""
CREATE TABLE rows AS
SELECT nextval('row') AS row, {', '.join(INPUT)}, DATE '1899-12-30' + TRY_CAST(install_date AS INTEGER) AS day
FROM read_xlsx('{source}', sheet = 'Rows', all_varchar = true, header = true)""")
same = " AND ".join(f"coalesce(r.{key}, '') = a.{key}" for key in KEYS)
calculated = {
    "install_date": "coalesce(CAST(r.day AS VARCHAR), r.install_date) AS install_date",
    "ivp_to": "TRY_CAST(a.ivp_to AS DATE) AS ivp_to",
    "ivp_days_left": "TRY_CAST(a.ivp_to AS DATE) - r.day AS ivp_days_left",
}
selected = ", ".join(calculated.get(name, ("r." if name in INPUT else "a.") + name) for name in OUTPUT)
db.execute(f"""
COPY (
  SELECT {selected}
  FROM rows r
  ASOF LEFT JOIN starts s ON r.day >= s.first
  LEFT JOIN answers a ON {same} AND a.stretch = coalesce(s.stretch, CASE WHEN r.install_date IS NULL THEN {NOT_GIVEN} ELSE {UNREADABLE} END)
  ORDER BY r.row
) TO '{target}' (FORMAT xlsx, HEADER true)""")
