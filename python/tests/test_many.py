"""Crawls, limits, and folders into datasets."""

import io
import os
import signal
import subprocess
import sys

import crawl
import pytest

import luoshu

pyarrow = pytest.importorskip("pyarrow")


@pytest.fixture
def text(lesson):
    return lesson("clean-2021-tabs").read_text(encoding="utf-8")


def test_every_page_of_a_crawl_has_a_status(text, tmp_path):
    mess = crawl.mess(text)
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(crawl.packed(record for _, record, _ in mess))
    pages = list(luoshu.warc(path, largest=1 << 19))
    expected = {name: status for name, _, status in mess if status}
    assert [page.uri.rsplit("/", 1)[1] for page in pages] == list(expected)
    rows = pyarrow.table(luoshu.Reader().read(pages)).to_pylist()
    assert {row["file"].rsplit("/", 1)[1]: row["status"] for row in rows} == expected
    assert all(row["message"] for row in rows if row["status"] != "ok")
    values = {row["file"].rsplit("/", 1)[1]: [(value["raw"], value["table"], value["row"], value["column"]) for value in row["values"]] for row in rows}
    assert len(values["plain"]) > 100
    for name in crawl.SAME:
        assert values[name] == values["plain"], name


def test_a_broken_record_costs_itself(text):
    records = [record for _, record, _ in crawl.mess(text)[2:3]] * 3
    renamed = [record.replace(b"a.gov.cn/plain", b"%d.gov.cn/plain" % n) for n, record in enumerate(records)]
    torn = renamed[0] + renamed[1][:-3000] + renamed[2]
    pages = list(luoshu.warc(io.BytesIO(torn)))
    assert [page.uri[:8] for page in pages] == ["http://0", "http://1", "?"] and not pages[1].content
    members = [crawl.packed([record]) for record in renamed]
    wrong = bytearray(members[1])
    wrong[-6] ^= 1
    pages = list(luoshu.warc(io.BytesIO(members[0] + wrong + members[2])))
    assert [(page.uri[:8], page.content is None) for page in pages] == [("http://0", False), ("http://1", True), ("http://2", False)]


def test_a_cut_crawl_says_so(text):
    packed = crawl.packed(record for _, record, _ in crawl.mess(text)[:5])
    whole = list(luoshu.warc(io.BytesIO(packed)))
    for cut in (len(packed) - 20, len(packed) // 2):
        pages = list(luoshu.warc(io.BytesIO(packed[:cut])))
        assert pages[:-1] == whole[: len(pages) - 1]
        assert pages[-1].refused[0] == "damaged" and pages[-1].content is None
    assert list(luoshu.warc(io.BytesIO(b""))) == []
    assert list(luoshu.warc(io.BytesIO(b"no crawl\n")))[0].refused[0] == "damaged"


def test_rows_of_a_reader_are_those_of_a_report(lesson):
    data = lesson("claim-off").read_bytes()
    (row,) = pyarrow.table(luoshu.Reader().read([("a.txt", data, None)])).to_pylist()
    report = luoshu.parse(data, name="a.txt")
    assert row["values"] == pyarrow.table(report.values).to_pylist()
    assert row["flags"] == pyarrow.table(report.flags).to_pylist()
    assert (row["status"], row["family"], row["sha256"]) == ("ok", "cn-foi-annual", report.source.sha256)
    assert row["n_values"] == len(report.values)


def test_a_file_that_takes_too_long_costs_its_process_only(lesson):
    data = lesson("claim-off").read_bytes()
    reader = luoshu.Reader(limits=luoshu.Limits(seconds=0.000001))
    rows = pyarrow.table(reader.read([("slow.txt", data, None), ("slow.txt", data, None)])).to_pylist()
    assert [row["status"] for row in rows] == ["too-large", "too-large"]


def test_a_file_that_asks_for_too_much_costs_its_process_only(lesson):
    data = lesson("claim-off").read_bytes()
    limits = luoshu.Limits(memory=400 << 20, size=1 << 30)
    reader = luoshu.Reader(limits=limits)
    huge = ("第一行\t1\t2\t3\n".encode()) * 6_000_000
    files = [("a.txt", data, None), ("huge.txt", huge, None), ("b.txt", data, None), ("c.txt", None, ("damaged", "cut"))]
    rows = pyarrow.table(reader.read(files)).to_pylist()
    assert [row["status"] for row in rows] == ["ok", "failed", "ok", "damaged"]
    assert rows[0]["values"] and len(rows[0]["values"]) == len(rows[2]["values"]) and not rows[1]["values"]


def test_a_reader_whose_process_is_killed_goes_on(lesson):
    data = lesson("claim-off").read_bytes()
    reader = luoshu.Reader()
    first = pyarrow.table(reader.read([("a.txt", data, None)]))
    own = subprocess.run(["ps", "-o", "pid=", "--ppid", str(os.getpid())], capture_output=True, text=True).stdout.split()
    children = [int(pid) for pid in own if "_luoshu.serve" in _command_line(pid)]
    assert children
    for pid in children:
        os.kill(pid, signal.SIGKILL)
    assert pyarrow.table(reader.read([("a.txt", data, None)])) == first


def _command_line(pid):
    try:
        with open(f"/proc/{pid}/cmdline", encoding="utf-8") as opened:
            return opened.read()
    except OSError:
        return ""


def test_a_folder_becomes_a_dataset(lesson, tmp_path):
    folder = tmp_path / "reports"
    folder.mkdir()
    for name in ("clean-2021-tabs", "claim-off"):
        (folder / f"{name}.txt").write_bytes(lesson(name).read_bytes())
    (folder / "empty.txt").write_bytes(b"")
    told = []
    counts = luoshu.build(folder, tmp_path / "out", jobs=2, watch=lambda *progress: told.append(progress))
    assert counts["files"] == 3 and counts["by_status"] == {"ok": 2, "no-text": 1}
    assert told[-1][:2] == (3, 3)
    pandas = pytest.importorskip("pandas")
    values = pandas.read_csv(tmp_path / "out" / "values.csv", dtype=str, keep_default_na=False)
    ours = [
        {**row, "value": row["value_exact"]}
        for name in ("clean-2021-tabs", "claim-off")
        for row in pyarrow.table(luoshu.parse(folder / f"{name}.txt").values).to_pylist()
    ]
    plain = lambda row: tuple("" if row[name] is None else str(row[name]) for name in ("file", "table", "row", "column", "variable", "value", "raw", "unit", "state", "standing", "place"))  # noqa: E731
    assert sorted(map(plain, ours)) == sorted(map(plain, values.to_dict("records")))
    assert luoshu.build([folder], tmp_path / "out")["known"] == 3
    with pytest.raises(OSError):
        luoshu.build(tmp_path / "none", tmp_path / "other")


def test_the_process_that_reads_ends_with_whoever_started_it(lesson):
    code = (
        "import luoshu, os, subprocess\n"
        f"reader = luoshu.Reader(); reader.read([('a', open({str(lesson('claim-off'))!r}, 'rb').read(), None)])\n"
        "print(subprocess.run(['ps', '-ww', '-o', 'pid=,args=', '--ppid', str(os.getpid())], capture_output=True, text=True).stdout, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    listed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    (pid,) = [line.split()[0] for line in listed.splitlines() if "_luoshu.serve" in line]
    for _ in range(50):
        if not _command_line(pid):
            return
        subprocess.run(["sleep", "0.1"])
    pytest.fail("it is still there")
