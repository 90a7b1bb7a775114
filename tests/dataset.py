"""Reads a dataset with the readers that researchers use and holds them against each other."""

import csv
import sqlite3
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import frictionless
import openpyxl
import pandas
import pyarrow.parquet

out = Path(sys.argv[1])
with open(out / "values.csv", encoding="utf-8", newline="") as file:
    rows = list(csv.DictReader(file))


def number(text):
    return None if text in ("", None) else Decimal(str(text))


def check(name, found):
    wanted = [(row["file"], row["table"], row["row"], row["column"], number(row["value"])) for row in rows]
    found = list(found)
    assert len(found) == len(wanted), f"{name}: {len(found)} rows, not {len(wanted)}"
    for own, other in zip(found, wanted):
        assert own == other, f"{name}: {own} is not {other}"
    print(f"{name}: {len(found)} rows")


columns = ["file", "table", "row", "column", "value"]
table = pyarrow.parquet.read_table(out / "values.parquet", columns=columns).to_pylist()
check("pyarrow", ((row["file"], row["table"], row["row"], row["column"], row["value"]) for row in table))

frame = pandas.read_csv(out / "values.csv", dtype=str, keep_default_na=False)
check("pandas", ((row.file, row.table, row.row, row.column, number(row.value)) for row in frame.itertuples(index=False)))

connection = sqlite3.connect(out / "luoshu.sqlite")
query = 'select file, "table", "row", "column", value from "values"'
check("sqlite3", ((*row[:4], number(row[4])) for row in connection.execute(query)))

query = f"select file, \"table\", \"row\", \"column\", value from read_parquet('{out}/values.parquet')"
check("duckdb", duckdb.sql(query).fetchall())

panel = pandas.read_csv(out / "panel.csv", dtype=str, keep_default_na=False)
sheet = openpyxl.load_workbook(out / "panel.xlsx", read_only=True)["panel"]
cells = list(sheet.iter_rows(values_only=True))
assert list(cells[0]) == list(panel.columns), "openpyxl: header"
assert len(cells) - 1 == len(panel), "openpyxl: rows"


def is_same(one, other):
    """A cell of the workbook against the characters of the CSV file; a program of columns stores numbers as floats."""
    if one is None or other == "":
        return one is None and other == ""
    return str(one) == other or (isinstance(one, (int, float)) and Decimal(repr(one)) == Decimal(other))


for line, own in zip(cells[1:], panel.itertuples(index=False)):
    for name, one, other in zip(panel.columns, line, own):
        assert is_same(one, other), f"openpyxl: {name}: {one} is not {other}"
print(f"openpyxl: {len(panel)} rows")
in_database = connection.execute("select count(*) from panel").fetchone()[0]
assert in_database == len(panel)

report = frictionless.validate(str(out / "datapackage.json"))
assert report.valid, report.flatten(["type", "message"])[:5]
print("frictionless: valid")
