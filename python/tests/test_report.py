"""A report as plain objects."""

import io
import json
import pickle
import threading
from decimal import Decimal

import pytest

import luoshu


def test_path_bytes_and_file_give_the_same(lesson):
    path = lesson("claim-off")
    by_path = luoshu.parse(path)
    with open(path, "rb") as opened:
        by_file = luoshu.parse(opened)
    by_bytes = luoshu.parse(path.read_bytes(), name=str(path))
    by_view = luoshu.parse(memoryview(path.read_bytes()), name=str(path))
    by_buffer = luoshu.parse(io.BytesIO(path.read_bytes()), name=str(path))
    assert {report.to_json() for report in (by_path, by_file, by_bytes, by_view, by_buffer)} == {by_path.to_json()}
    assert by_path.source.path == str(path)


def test_what_a_report_says(lesson):
    report = luoshu.parse(lesson("claim-off"))
    assert (report.status, report.family, report.edition, report.year) == ("ok", "cn-foi-annual", "2021", 2022)
    assert report.publisher == "龙湾县人力资源和社会保障局"
    new = report["requests/new/total"]
    assert (new.value, new.raw, new.unit, new.state, new.standing) == (207, "207", "件", "number", "proven")
    assert (new.table, new.row, new.column) == ("requests", "new", "total")
    assert new.place["line"] == 35
    assert report["disclosure/fees/amount"].value == Decimal("13.42")
    assert [flag.code for flag in report.flags if flag.severity == "error"] == ["claim-off"]
    assert [section.number for section in report.sections][:3] == ["一", "二", "三"]
    assert report.coverage.numbers == report.coverage.placed + len(report.coverage.noted) + len(report.coverage.unplaced)
    assert any(claim.verdict == "off" and claim.value == 270 and claim.expected == 207 for claim in report.claims)
    with pytest.raises(KeyError):
        report["requests/no/such"]


def test_everything_of_the_json_is_in_the_objects(lesson):
    report = luoshu.parse(lesson("row-short-undecided"))
    data = json.loads(report.to_json(), parse_float=Decimal)
    boxed = report.to_dict()
    assert [value._asdict() for value in report.values] == [{**dict.fromkeys(luoshu.Value._fields), **value} for value in boxed["values"]]
    told = [{key: part for key, part in flag._asdict().items() if part is not None or key in ("help", "place")} for flag in report.flags]
    assert told == data["flags"]
    assert any(flag.candidates for flag in report.flags)
    assert [table.cells for table in report.tables] == [table["cells"] for table in data["tables"]]
    assert sum(len(table.values) for table in report.tables) == len(report.values)


def test_each_value_lies_at_its_labels(lesson):
    for name in ("clean-2021-tabs", "clean-2020-tabs", "row-short-undecided", "html-spans", "pdf-ruled-two-pages", "sum-off"):
        for table in luoshu.parse(lesson(name)).tables:
            for value, (row, column) in zip(table.values, table.addresses):
                assert value.table == table.key and table.role in (None, table.key)
                assert table.rows[row] is not None and table.columns[column] is not None


@pytest.mark.parametrize(
    ("data", "status"),
    [(b"", "no-text"), (b"\x89PNG\r\n\x1a\n" + bytes(40), "unsupported"), (b"%PDF-1.7\n" + bytes(100), "damaged")],
)
def test_what_is_wrong_with_a_file_is_a_status(data, status):
    report = luoshu.parse(data)
    assert report.status == status and report.flags and not len(report.values)


def test_what_cannot_be_read_at_all_raises(tmp_path):
    with pytest.raises(FileNotFoundError):
        luoshu.parse(tmp_path / "none.txt")
    with pytest.raises(TypeError, match="opened for bytes"):
        luoshu.parse(io.StringIO("words"))
    with pytest.raises(TypeError, match="a path, bytes or a file"):
        luoshu.parse(12)


def test_a_panic_is_an_exception_with_the_name_of_the_file():
    with pytest.raises(luoshu.ReadError, match=r"some/report\.pdf: reading failed \(asked for\)"):
        luoshu._luoshu.panic_while_reading("some/report.pdf")


def test_grammars_come_from_files_and_texts(lesson, tmp_path):
    text = (lesson("sum-off").parents[3] / "grammar" / "cn-foi-annual.toml").read_text(encoding="utf-8")
    own = text.replace('family   = "cn-foi-annual"', 'family   = "own"')
    (tmp_path / "own.toml").write_text(own, encoding="utf-8")
    by_file = luoshu.Grammars(tmp_path / "own.toml")
    assert by_file.families[0] == "own" and by_file.families[1:] == luoshu.Grammars().families
    by_text = luoshu.Grammars(texts=[own])
    for grammars in (by_file, by_text, pickle.loads(pickle.dumps(by_text))):
        assert luoshu.parse(lesson("sum-off"), grammars=grammars).family == "own"


def test_a_mistake_in_a_grammar_is_told_with_its_place(tmp_path):
    (tmp_path / "bad.toml").write_text("family = 'x'\ntitle = 'y'\n[[table]]\nid = 't'\nsection = 's'\ncolums = {}\n", encoding="utf-8")
    with pytest.raises(luoshu.GrammarError, match=r"bad\.toml:6:1: "):
        luoshu.Grammars(tmp_path / "bad.toml")


def test_threads_read_side_by_side(lesson):
    """While one thread reads, others run: a counting thread goes on during a long reading."""
    data = lesson("clean-2021-tabs").read_bytes()
    alone = luoshu.parse(data, name="x").to_json()
    found = []
    threads = [threading.Thread(target=lambda: found.append(luoshu.parse(data, name="x").to_json())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [alone] * 8
