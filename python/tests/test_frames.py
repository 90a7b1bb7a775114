"""Reports as data frames and as Arrow, in every library that takes it."""

from decimal import Decimal

import pytest

import luoshu

pandas = pytest.importorskip("pandas")
polars = pytest.importorskip("polars")
pyarrow = pytest.importorskip("pyarrow")
duckdb = pytest.importorskip("duckdb")

NAMES = "report publisher year family table row column variable value value_exact raw unit state standing place file".split()


def test_values_are_arrow(lesson):
    report = luoshu.parse(lesson("claim-off"))
    table = pyarrow.table(report.values)
    assert table.column_names == NAMES
    assert table.num_rows == len(report.values)
    assert table["value"].to_pylist() == [value.value for value in report.values]
    assert [text and Decimal(text) for text in table["value_exact"].to_pylist()] == [value.value for value in report.values]
    keys = zip(*(table[name].to_pylist() for name in ("table", "row", "column")))
    assert ["/".join(key) for key in keys] == [value.key for value in report.values]
    assert table["standing"].to_pylist() == [value.standing for value in report.values]
    assert set(table["file"].to_pylist()) == {str(lesson("claim-off"))}


def test_the_same_rows_in_every_library(lesson):
    values = luoshu.parse(lesson("claim-off")).values
    rows = pyarrow.table(values).to_pylist()
    assert polars.DataFrame(values).to_dicts() == rows
    table = duckdb.sql("select * from values").fetchall()
    assert table == [tuple(row.values()) for row in rows]
    assert pandas.DataFrame.from_arrow(values)["raw"].tolist() == [row["raw"] for row in rows]


def test_flags_are_arrow(lesson):
    report = luoshu.parse(lesson("claim-off"))
    table = pyarrow.table(report.flags)
    assert table["code"].to_pylist() == [flag.code for flag in report.flags]
    assert table["message"].to_pylist() == [flag.message for flag in report.flags]


def test_a_number_of_many_digits_is_never_lost_or_rounded():
    numbers = ["0.123456789012345678", "0.1234567890123456789", "12345678901234567890", "123456789012345678901", "-7.5"]
    text = "某公司经营情况\n\n项目\t数值\n" + "".join(f"第{index}项\t{number}\n" for index, number in enumerate(numbers))
    table = pyarrow.table(luoshu.parse(text.encode()).values).to_pylist()
    assert [row["value_exact"] for row in table] == numbers
    assert [row["value"] for row in table] == [Decimal(numbers[0]), None, Decimal(numbers[2]), None, Decimal("-7.5")]


def test_no_rows_have_the_same_columns():
    table = pyarrow.table(luoshu.parse(b"").values)
    assert table.column_names == NAMES and table.num_rows == 0


def test_values_as_a_data_frame(lesson):
    frame = luoshu.parse(lesson("claim-off")).to_pandas().set_index("key")
    assert frame.loc["requests/new/total", "value"] == 207
    assert frame.loc["disclosure/fees/amount", "value"] == 13.42
    assert frame["value"].dtype == "Float64"


def test_a_table_keeps_its_label_trees(lesson):
    table = luoshu.parse(lesson("claim-off")).table("requests")
    frame = table.to_pandas()
    assert isinstance(frame.index, pandas.MultiIndex) and isinstance(frame.columns, pandas.MultiIndex)
    assert (frame.dtypes == "Int64").all()
    secrets = frame.xs("属于国家秘密", level=-1)
    assert secrets.iloc[0].tolist() == [0, 0, 8, 0, 0, 0, 8]
    assert frame.xs("商业企业", axis=1, level=-1).iloc[0, 0] == 6
    assert table.to_pandas("raw").iloc[0, 0] == "81"


def test_a_blank_cell_is_missing_and_a_dash_is_not_zero(lesson):
    table = luoshu.parse(lesson("cells-left-blank")).table("review")
    frame, states = table.to_pandas(), table.to_pandas("state")
    assert (states == "blank").to_numpy().any()
    assert frame.isna().to_numpy().tolist() == (~states.isin(["number", "annotated"])).to_numpy().tolist()


def test_a_number_keeps_every_digit():
    from luoshu.frames import numbers

    assert numbers([1, None]).dtype == "Int64"
    assert numbers([1, Decimal("13.42")]).dtype == "Float64"
    long = Decimal("12345678901234567.89")
    assert numbers([long, None]).tolist() == [long, None]
    assert numbers([1 << 70]).tolist() == [1 << 70]


def test_a_table_without_a_family():
    text = "某公司经营情况\n\n项目\t2019年\t2020年\n收入\t12\t15.5\n支出\t10\t11\n"
    report = luoshu.parse(text.encode())
    assert report.family is None
    frame = report.tables[0].to_pandas()
    assert frame.shape == (2, 2)
    assert [list(map(float, row)) for row in frame.to_numpy()] == [[12, 15.5], [10, 11]]
