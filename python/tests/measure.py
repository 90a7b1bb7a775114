"""What the package costs, with the wheel that is given away.

    python tests/measure.py REPORT        an import; a report read from Python against the same call of the library without
                                          Python, in turns, and the median of the pairs; what two threads gain
    python tests/measure.py crawl FILE..  the files as pages of a crawl: what unpacking a page and reading it take, in time of
                                          the processor, and the memory of the process that reads
"""

import io
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import threading
import time

import crawl

import luoshu
import luoshu.spark
from luoshu.grammars import built_in

PAIRS = 60
ROUNDS = 9
TIMES = 20


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def import_seconds():
    """An import in an interpreter that has nothing else to do: time of the processor, and of the clock."""
    code = "import time; a, b = time.process_time(), time.perf_counter(); import luoshu; print(time.process_time() - a, time.perf_counter() - b)"
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout.split() for _ in range(15)]
    return [min(float(run[index]) for run in runs) * 1000 for index in range(2)]


def main(path):
    with open(path, "rb") as opened:
        data = opened.read()
    print("import: {:.1f} ms of the processor, {:.1f} ms by the clock".format(*import_seconds()))
    native = built_in()._native
    one = lambda: luoshu.parse(data, name=path)  # noqa: E731
    one()
    pairs = [(luoshu._luoshu.seconds_of_reading(data, native), timed(one)) for _ in range(PAIRS)]
    ratio = [statistics.median(python / rust[index] for rust, python in pairs) - 1 for index in range(2)]
    rust, python = (statistics.median(row) * 1000 for row in ([rust[0] for rust, _ in pairs], [python for _, python in pairs]))
    print(f"one report: {rust:.2f} ms by the library, {python:.2f} ms from Python: {ratio[0]:+.1%}; over reading with JSON and rows {ratio[1]:+.1%}")

    def by_threads(n):
        threads = [threading.Thread(target=lambda: [one() for _ in range(TIMES)]) for _ in range(n)]
        return timed(lambda: ([thread.start() for thread in threads], [thread.join() for thread in threads]))

    gains = [2 * by_threads(1) / by_threads(2) for _ in range(ROUNDS)]
    print(f"two threads: {statistics.median(gains):.2f} × one (best {max(gains):.2f}), on {os.cpu_count()} processors")
    made = statistics.median(timed(lambda: one().values) - python / 1000 for _ in range(ROUNDS))
    print(f"its values as objects, when asked for: {made * 1000:.2f} ms more")


def measure_crawl(paths):
    files = [(path, pathlib.Path(path).read_bytes()) for path in paths]
    times = max(1, 300 // len(files))
    records = [crawl.record("response", f"http://a/{path}", crawl.http(data)) for path, data in files]
    packed = crawl.packed(records) * times
    n_bytes = sum(len(data) for _, data in files) * times
    start = time.process_time()
    n_pages = sum(1 for _ in luoshu.warc(io.BytesIO(packed)))
    unpacking = time.process_time() - start
    children = lambda: resource.getrusage(resource.RUSAGE_CHILDREN)  # noqa: E731
    before, start = children(), time.process_time()
    reader = luoshu.Reader(limits=luoshu.spark.LIMITS)
    for _ in range(times):
        for path, data in files:
            rows = reader.read([(path, data, None)])
    own = time.process_time() - start
    del reader, rows
    child = children().ru_utime + children().ru_stime - before.ru_utime - before.ru_stime
    print(f"{n_pages} pages of {n_bytes / n_pages / 1024:.0f} KiB on average, {len(packed) / n_pages / 1024:.0f} KiB packed")
    print(f"unpacking: {unpacking / n_pages * 1000:.2f} ms a page, {len(packed) / unpacking / 1e6:.0f} MB of crawl a second")
    print(f"reading: {child / n_pages * 1000:.2f} ms a page in the process that reads, {own / n_pages * 1000:.2f} ms for its rows")
    print(f"memory of the process that reads, at most: {children().ru_maxrss >> 10} MiB")


if __name__ == "__main__":
    measure_crawl(sys.argv[2:]) if sys.argv[1] == "crawl" else main(sys.argv[1])
