"""The crawl job at scale, against `luoshu build` on the same bytes: `python tests/scale.py FOLDER [RECORDS [KILLS [PAUSE]]]`.

Makes crawls of so many reports, one in a hundred of them damaged; builds a dataset of them by `luoshu.build`; runs
`examples/crawl.py` on a local cluster of two workers with one core, killing one of its processes so many times on the way,
after so many seconds each; and compares the two row for row. Needs pyspark, pyarrow, duckdb and Java. Prints what it found; exit code 1 where they differ.
"""

import collections
import importlib.util
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import threading
import time

import crawl

import luoshu

HERE = pathlib.Path(__file__).resolve().parent
LESSONS = HERE.parents[1] / "corpus" / "cn-foi-annual"
CRAWLS = 16


def damaged(random, data):
    """The same report after something has gone wrong with it."""
    kind = random.randrange(8)
    if kind == 0:
        return data[: random.randrange(len(data))]
    if kind == 1:
        flipped = bytearray(data)
        for _ in range(40):
            flipped[random.randrange(len(flipped))] ^= 1 << random.randrange(8)
        return bytes(flipped)
    if kind == 2:
        return random.randbytes(random.randrange(1, 5000))
    if kind == 3:
        return b"%PDF-1.7\n" + random.randbytes(3000)
    if kind == 4:
        return b"<html><body>" + b"<div><table><tr><td>" * random.randrange(1000, 20000) + data
    if kind == 5:
        return crawl.gzip.compress(data, mtime=0)[: random.randrange(20, 2000)]
    if kind == 6:
        return b"[" * random.randrange(1000, 100_000) + data
    lines = data.split(b"\n")
    del lines[random.randrange(len(lines))]
    return b"\n".join(lines)


def make(folder, n_records):
    """Crawls in which each report has a publisher of its own."""
    chance = random.Random(20240101)
    texts = [(LESSONS / name / "report.txt").read_text(encoding="utf-8") for name in ("clean-2021-tabs", "claim-off", "sum-off")]
    text = lambda n: texts[n % len(texts)].replace("县", f"{n}县")  # noqa: E731
    for index in range(CRAWLS):
        with open(folder / f"{index:02}.warc.gz", "wb") as out:
            for n in range(index, n_records, CRAWLS):
                page = crawl.page(text(n)) if n % 2 else text(n)
                data = page.encode("gb18030" if n % 5 == 0 and not n % 2 else "utf-8")
                if n % 100 == 37:
                    data = damaged(chance, data)
                out.write(crawl.packed([crawl.record("response", f"http://{n}.gov.cn/report", crawl.http(data, "Content-Type: text/html"))]))


def job():
    spec = importlib.util.spec_from_file_location("crawl_job", HERE.parent / "examples" / "crawl.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def session():
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.executor.memory": "1g",
        "spark.sql.shuffle.partitions": "4",
        "spark.task.maxFailures": "8",
        "spark.executorEnv.PYTHONPATH": os.pathsep.join(sys.path),
    }
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local-cluster[2,1,1024]").appName("luoshu-scale")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def workers(mark):
    """Process ids of this run's workers whose command has a mark."""
    listed = subprocess.run(["ps", "-ww", "-eo", "pid=,ppid=,args="], capture_output=True, text=True).stdout.splitlines()
    parents = {int(line.split()[0]): int(line.split()[1]) for line in listed}

    def is_ours(pid):
        while pid > 1:
            if pid == os.getpid():
                return True
            pid = parents.get(pid, 0)
        return False

    found = [int(line.split()[0]) for line in listed if mark in line]
    return [pid for pid in found if is_ours(pid)]


#: Who is killed, in turns: a worker of Spark, a Python process of one, the process that reads in that one.
VICTIMS = ("CoarseGrainedExecutorBackend", "pyspark.daemon", "_luoshu.serve")


def kill_now_and_then(kills, pause, over):
    for n in range(kills):
        if over.wait(pause):
            return
        victims = workers(VICTIMS[n % len(VICTIMS)])
        if victims:
            os.kill(victims[-1], signal.SIGKILL)
            print(f"killed {VICTIMS[n % len(VICTIMS)]} {victims[-1]}", flush=True)


#: Columns that a file alone can fill, by table; `*_exact` is what the files of a dataset have.
TABLES = {
    "values": 'report year family file "table" "row" "column" variable value_exact raw unit state standing place',
    "flags": "report year family file code severity fault message help cells proposal_cell proposal_value_exact source place",
    "reports": "file report publisher_printed publisher_from year year_from family edition title status message format encoding pages bytes sha256 "
    "n_values n_numbers n_placed n_noted n_unplaced sums_held sums_failed sums_unknown n_errors n_warnings n_notes",
}
#: Rows are compared in so many parts, by file, so that memory holds one.
PARTS = 16


def compare(one, other, database):
    """Rows that only one of them has, by table."""
    import duckdb

    duck = duckdb.connect(str(database))
    duck.sql("set memory_limit = '4GB'")
    differ = 0
    for table, columns in TABLES.items():
        named = [(name, name if side == "spark" else name.replace("_exact", "")) for side in ("spark", "built") for name in columns.split()]
        half = len(named) // 2
        # In a CSV an apostrophe stands before a text that a spreadsheet would run.
        plain = lambda own: rf"regexp_replace(coalesce(cast({own} as varchar), ''), '^''([=+@\t\r-])', '\1')"  # noqa: E731
        picked = [", ".join(f"{plain(own)} as {name}" for name, own in part) for part in (named[:half], named[half:])]
        csv = lambda table: f"""read_csv('{other}/{table}.csv', all_varchar = true, header = true, delim = ',', quote = '"', escape = '"')"""  # noqa: E731
        duck.sql(f"create table {table}_spark as select {picked[0]} from read_parquet('{one / table}/**/*.parquet', hive_partitioning = true)")
        # The job keeps values and flags of pages that follow a family's form.
        kept = f"select file from {csv('reports')} where family is not null and status in ('ok', 'partial')"
        where = "" if table == "reports" else f" where file in ({kept})"
        duck.sql(f"create table {table}_built as select {picked[1]} from {csv(table)}{where}")
        count = lambda query: duck.sql(f"select count(*) from ({query})").fetchall()[0][0]  # noqa: E731
        missing = more = 0
        for part in range(PARTS):
            ours, theirs = (f"(from {table}_{side} where hash(file) % {PARTS} = {part})" for side in ("spark", "built"))
            missing += count(f"{theirs} except all {ours}")
            more += count(f"{ours} except all {theirs}")
        print(f"{table}: {count(f'from {table}_spark')} rows by Spark, {count(f'from {table}_built')} by luoshu build, {missing} missing, {more} too many")
        differ += missing + more
    return differ


def main(folder, n_records="50000", kills="6", pause="15"):
    folder = pathlib.Path(folder)
    crawls = folder / "crawls"
    if not crawls.exists():
        crawls.mkdir(parents=True)
        make(crawls, int(n_records))
    print(f"{n_records} records, {sum(path.stat().st_size for path in crawls.iterdir()) >> 20} MiB of crawls", flush=True)
    if not (folder / "built").exists():
        start, used = time.perf_counter(), os.times()
        counts = luoshu.build(crawls, folder / "built")
        cpu = sum(os.times()[:4]) - sum(used[:4])
        print(f"luoshu build: {time.perf_counter() - start:.0f} s, {cpu:.0f} s of processors, {counts}", flush=True)
    shutil.rmtree(folder / "spark", ignore_errors=True)
    spark = session()
    over = threading.Event()
    killer = threading.Thread(target=kill_now_and_then, args=(int(kills), float(pause), over))
    killer.start()
    start = time.perf_counter()
    job().run(spark, sorted(map(str, crawls.iterdir())), str(folder / "spark"), group=CRAWLS // 2)
    print(f"Spark: {time.perf_counter() - start:.0f} s", flush=True)
    over.set()
    killer.join()
    statuses = collections.Counter(row.status for row in spark.read.parquet(str(folder / "spark" / "reports")).select("status").collect())
    print(f"statuses: {dict(statuses)}", flush=True)
    spark.stop()
    (folder / "compare.duckdb").unlink(missing_ok=True)
    return 1 if compare(folder / "spark", folder / "built", folder / "compare.duckdb") else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
