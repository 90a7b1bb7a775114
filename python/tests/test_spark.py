"""Reports read by Spark. The heavy run is in scale.py."""

import importlib.util
import pathlib
import shutil
import subprocess
import sys

import crawl
import pytest

import luoshu

pyspark = pytest.importorskip("pyspark")
pyarrow = pytest.importorskip("pyarrow")
if not shutil.which("java"):
    pytest.skip("Spark needs Java", allow_module_level=True)

import luoshu.spark  # noqa: E402

EXAMPLE = pathlib.Path(__file__).resolve().parents[1] / "examples" / "crawl.py"


@pytest.fixture(scope="module")
def spark():
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.sql.parquet.compression.codec": "snappy",
    }
    builder = SparkSession.builder.master("local[2]").appName("luoshu-tests")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="module")
def job():
    spec = importlib.util.spec_from_file_location("crawl_job", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def keyed(rows, *names):
    return sorted(tuple(str(row[name]) for name in names) for row in rows)


VALUE = ("file", "table", "row", "column", "variable", "value", "value_exact", "raw", "unit", "state", "standing", "place")


def test_rows_in_rows_out(spark, lesson):
    names = ["clean-2021-tabs", "claim-off", "pdf-ruled-two-pages", "row-short-undecided"]
    files = [(name, lesson(name).read_bytes()) for name in names] + [("empty", b""), ("null", None), ("noise", bytes(range(256)) * 40)]
    frame = spark.createDataFrame([(name, None if data is None else bytearray(data)) for name, data in files], "path string, content binary")
    parsed = luoshu.spark.parse(frame).cache()
    assert parsed.schema == luoshu.spark.schema()
    statuses = {row.file: row.status for row in luoshu.spark.reports(parsed).collect()}
    assert statuses == {**dict.fromkeys(names, "ok"), "empty": "no-text", "null": "failed", "noise": statuses["noise"]}
    assert statuses["noise"] != "ok"
    expected = [row for name, data in files if data for row in pyarrow.table(luoshu.parse(data, name=name).values).to_pylist()]
    # Spark shows an exact number with all its places.
    found = [{**row.asDict(), "value": row.value} for row in luoshu.spark.values(parsed).collect()]
    assert keyed(found, *VALUE) == keyed(expected, *VALUE)
    flags = [row for name, data in files if data is not None for row in pyarrow.table(luoshu.parse(data, name=name).flags).to_pylist()]
    assert keyed([row.asDict() for row in luoshu.spark.flags(parsed).collect()], "file", "code", "message", "cells") == keyed(
        flags, "file", "code", "message", "cells"
    )


def test_a_file_over_a_limit_ends_no_task(spark, lesson):
    data = lesson("clean-2021-tabs").read_bytes()
    frame = spark.createDataFrame([(str(n), bytearray(data)) for n in range(6)], "path string, content binary").repartition(2)
    too_small = luoshu.spark.parse(frame, limits=luoshu.Limits(size=100))
    assert {row.status for row in luoshu.spark.reports(too_small).collect()} == {"too-large"}
    too_short = luoshu.spark.parse(frame, limits=luoshu.Limits(seconds=0.000001))
    assert {row.status for row in luoshu.spark.reports(too_short).collect()} == {"too-large"}


def test_the_job_goes_on_where_it_stopped(spark, job, lesson, tmp_path):
    text = lesson("clean-2021-tabs").read_text(encoding="utf-8")
    crawls = []
    for n in range(3):
        crawls.append(str(tmp_path / f"{n}.warc.gz"))
        own = text.replace("青石", f"青石{n}")
        pathlib.Path(crawls[-1]).write_bytes(crawl.packed(record for _, record, _ in crawl.mess(own)))
    crawls.append(str(tmp_path / "none.warc.gz"))
    out = str(tmp_path / "out")
    limits = luoshu.Limits(size=1 << 19)
    assert job.run(spark, crawls[:2], out, group=1, limits=limits) == 2
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.parquet")}
    # A run that was killed: tables of a group that is not noted as done, and half a group in staging.
    for table in ("staging", "values", "reports"):
        shutil.copytree(next((tmp_path / "out" / "values").iterdir()), tmp_path / "out" / table / "batch=killed")
    assert job.run(spark, crawls, out, group=2, limits=limits) == 2
    assert job.run(spark, crawls, out, group=2, limits=limits) == 0
    after = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.parquet")}
    assert before.items() <= after.items() and not any("killed" in str(path) for path in after)
    few = str(tmp_path / "few")
    assert job.run(spark, crawls[:1], few, limits=limits, keep="(plain|twice)$") == 1
    assert {row.file.rsplit("/", 1)[1] for row in spark.read.parquet(f"{few}/reports").collect()} == {"plain", "twice"}
    reports = spark.read.parquet(f"{out}/reports").collect()
    expected = [page for path in crawls[:3] for page in luoshu.warc(path, largest=limits.size)]
    assert len(reports) == len(expected) + 1
    assert [row.message for row in reports if row.file == crawls[3]] != []
    values = spark.read.parquet(f"{out}/values")
    kept = luoshu.spark.once(values)
    assert values.count() > kept.count() > 0
    assert {row["count"] for row in kept.groupBy("report", "table", "row", "column").count().collect()} == {1}
    assert {row.report for row in kept.collect()} == {row.report for row in values.collect()}


def test_processes_killed_in_the_middle_lose_and_double_nothing(tmp_path):
    """A small run of scale.py: two workers with one core, one process killed now and then, row for row against `luoshu.build`."""
    scale = pathlib.Path(__file__).with_name("scale.py")
    run = subprocess.run([sys.executable, scale, tmp_path, "800", "4", "5"], capture_output=True, text=True, timeout=900)
    assert run.returncode == 0, run.stdout
    assert "killed" in run.stdout and "reports: 800 rows by Spark, 800 by luoshu build, 0 missing, 0 too many" in run.stdout
