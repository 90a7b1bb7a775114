"""The crawl job at scale, against `luoshu build` on the same bytes: `python tests/scale.py FOLDER [RECORDS [KILLS]]`.

Makes crawls of so many reports, one in a hundred of them damaged; builds a dataset of them by `luoshu.build`; runs
`examples/crawl.py` on a local cluster of two workers with one core, killing an executor so many times on the way; and
compares the two row for row. Needs pyspark, pyarrow, duckdb and Java. Prints what it found; exit code 1 where they differ.
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


def executors():
    """Process ids of this run's executors."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True).stdout.splitlines()
    parents = {int(line.split()[0]): int(line.split()[1]) for line in listed}

    def is_ours(pid):
        while pid > 1:
            if pid == os.getpid():
                return True
            pid = parents.get(pid, 0)
        return False

    found = [int(line.split()[0]) for line in listed if "CoarseGrainedExecutorBackend" in line]
    return [pid for pid in found if is_ours(pid)]


def kill_now_and_then(kills, pause, over):
    for n in range(kills):
        if over.wait(pause):
            return
        victims = executors()
        if victims:
            os.kill(victims[n % len(victims)], signal.SIGKILL)
            print(f"killed executor {victims[n % len(victims)]}", flush=True)


def compare(one, other):
    """Rows that only one of them has, by table."""
    import duckdb

    def rows(path, columns, kind):
        exact = lambda name: f"cast(try_cast({name} as decimal(38, 10)) as varchar)" if name == "value" else f"coalesce(cast({name} as varchar), '')"  # noqa: E731
        picked = ", ".join(f"{exact(name)} as {name}" for name in columns.split())
        source = f"read_csv('{path}', all_varchar = true)" if kind == "csv" else f"read_parquet('{path}/**/*.parquet', hive_partitioning = true)"
        return f"select {picked} from {source}"

    tables = {
        "values": 'file "table" "row" "column" variable value raw unit state standing place',
        "flags": "file code severity fault message help cells proposal_cell source place",
        "reports": "file report publisher_printed family edition title status message format encoding bytes sha256 n_values n_numbers n_placed n_errors n_warnings n_notes",
    }
    differ = {}
    for table, columns in tables.items():
        ours = rows(one / table, columns, "parquet")
        theirs = rows(other / f"{table}.csv", columns, "csv")
        if table != "reports":
            # The job keeps what follows a family's form.
            kept = f"(select file from read_csv('{other}/reports.csv', all_varchar = true) where family is not null and status in ('ok', 'partial'))"
            theirs += f" where file in {kept}"
        count = lambda query: duckdb.sql(f"select count(*) from ({query})").fetchone()[0]  # noqa: E731
        missing, more = count(f"({theirs}) except all ({ours})"), count(f"({ours}) except all ({theirs})")
        print(f"{table}: {count(ours)} rows by Spark, {count(theirs)} by luoshu build, {missing} missing, {more} too many")
        differ[table] = missing + more
    return sum(differ.values())


def main(folder, n_records="50000", kills="2"):
    folder = pathlib.Path(folder)
    crawls = folder / "crawls"
    if not crawls.exists():
        crawls.mkdir(parents=True)
        make(crawls, int(n_records))
    start = time.perf_counter()
    counts = luoshu.build(crawls, folder / "built")
    print(f"luoshu build: {time.perf_counter() - start:.0f} s, {counts}", flush=True)
    shutil.rmtree(folder / "spark", ignore_errors=True)
    spark = session()
    over = threading.Event()
    killer = threading.Thread(target=kill_now_and_then, args=(int(kills), 20, over))
    killer.start()
    start = time.perf_counter()
    job().run(spark, sorted(map(str, crawls.iterdir())), str(folder / "spark"), group=CRAWLS // 2)
    print(f"Spark: {time.perf_counter() - start:.0f} s", flush=True)
    over.set()
    killer.join()
    statuses = collections.Counter(row.status for row in spark.read.parquet(str(folder / "spark" / "reports")).select("status").collect())
    print(f"statuses: {dict(statuses)}")
    spark.stop()
    return 1 if compare(folder / "spark", folder / "built") else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
