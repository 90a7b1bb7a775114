"""What the package costs: `python tests/measure.py REPORT LUOSHU`, with the program `luoshu` built in release.

Prints the time of an import, of a report read from Python against the same read by the program many times over, and what two
threads gain. Best of several rounds, taken in turns, since other work on a machine only adds to a time.
"""

import os
import subprocess
import sys
import threading
import time

import luoshu

ROUNDS = 7
TIMES = 20


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def import_seconds():
    """An import in an interpreter that has nothing else to do."""
    code = "import time; start = time.perf_counter(); import luoshu; print(time.perf_counter() - start)"
    return min(float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout) for _ in range(ROUNDS))


def main(path, program):
    with open(path, "rb") as opened:
        data = opened.read()
    print(f"import: {import_seconds() * 1000:.1f} ms")

    def by_program(times):
        return timed(lambda: subprocess.run([program, "parse", *[path] * times], stdout=subprocess.DEVNULL))

    def by_python(times=TIMES):
        return timed(lambda: [luoshu.parse(data, name=path) for _ in range(times)])

    def by_threads():
        threads = [threading.Thread(target=by_python) for _ in range(2)]
        return timed(lambda: ([thread.start() for thread in threads], [thread.join() for thread in threads]))

    by_python()
    rows = [(by_program(TIMES + 1) - by_program(1), by_python(), by_threads()) for _ in range(ROUNDS)]
    rust, python, threads = (min(row[index] for row in rows) / TIMES * 1000 for index in range(3))
    print(f"one report: {rust:.2f} ms by the program, {python:.2f} ms from Python ({python / rust - 1:+.1%})")
    print(f"two threads: {2 * python / threads:.2f} × one, on {os.cpu_count()} processors")
    made = min(timed(lambda: luoshu.parse(data, name=path).values) - python / 1000 for _ in range(ROUNDS))
    print(f"its values as objects, when asked for: {made * 1000:.2f} ms more")


if __name__ == "__main__":
    main(*sys.argv[1:])
