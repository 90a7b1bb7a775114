r"""A crawl into a dataset on Spark: WARC files in, partitioned Parquet out. Run again, it goes on where it stopped.

    spark-submit examples/crawl.py OUT crawl-data/*.warc.gz
    spark-submit examples/crawl.py OUT @warc.paths            a file that lists them, as Common Crawl publishes it
    spark-submit examples/crawl.py OUT --keep '[./]gov\.cn/' crawl-data/*.warc.gz
                                                              only pages whose address has a match; another pattern, another OUT

    OUT/reports   one row a page: its status, and why; also of pages that are no report
    OUT/values    one row a value of a page that follows the form of a family
    OUT/flags     one row a flag of such a page
    OUT/done      which crawls are done

Crawls are done in groups. A group is read into OUT/staging, its tables are written from there, then it is noted as done: what
a killed run leaves of a group that is not done is thrown away by the next run, and what is done is never read again.
"""

import argparse
import hashlib
import re
from typing import Any, List, Optional, Set

from pyspark.sql import DataFrame, SparkSession

import luoshu.spark

#: Crawls that are done together; a killed run loses the work on so many. Several times the cores keep all of them busy.
GROUP = 64


def run(
    spark: SparkSession, crawls: List[str], out: str, group: int = GROUP, limits: luoshu.Limits = luoshu.spark.LIMITS, keep: Optional[str] = None
) -> int:
    """Do what is not done yet; the number of crawls that were. `keep` is what the address of a page must match somewhere."""
    done = find_done(spark, out)
    sweep(spark, out, done)
    known = {crawl for _, crawl in done}
    todo = sorted(set(crawls) - known)
    for start in range(0, len(todo), group):
        do_group(spark, todo[start : start + group], out, limits, keep)
    return len(todo)


def do_group(spark: SparkSession, crawls: List[str], out: str, limits: luoshu.Limits, keep: Optional[str]) -> None:
    """Read a group of crawls, write its tables, note it as done."""
    is_kept = None if keep is None else lambda uri: re.search(keep, uri) is not None
    name = hashlib.sha256("\n".join(crawls).encode()).hexdigest()[:16]
    staging = f"{out}/staging/batch={name}"
    # One task a crawl: a task that is lost is begun again by Spark, and only what a finished task wrote is kept.
    paths = spark.createDataFrame(spark.sparkContext.parallelize(crawls, len(crawls)).map(lambda crawl: (crawl,)), "path string")
    luoshu.spark.parse_warcs(paths, limits=limits, keep=is_kept).write.mode("overwrite").parquet(staging)
    parsed = spark.read.schema(luoshu.spark.schema()).parquet(staging)
    kept = parsed.where(luoshu.spark.has_report(parsed))
    write(luoshu.spark.reports(parsed), f"{out}/reports/batch={name}", "status")
    write(luoshu.spark.values(kept), f"{out}/values/batch={name}", "year")
    write(luoshu.spark.flags(kept), f"{out}/flags/batch={name}", "year")
    spark.createDataFrame([(crawl,) for crawl in crawls], "value string").coalesce(1).write.mode("overwrite").text(f"{out}/done/batch={name}")
    remove(spark, staging)


def write(table: DataFrame, path: str, part: str) -> None:
    """One folder a `part`; written again, it replaces what was there."""
    table.write.mode("overwrite").partitionBy(part).parquet(path)


def find_done(spark: SparkSession, out: str) -> "Set[tuple[str, str]]":
    """Names of groups and of their crawls, where the note was written to its end."""
    noted = [path for path in folders(spark, f"{out}/done") if exists(spark, f"{path}/_SUCCESS")]
    return {(path.rsplit("=", 1)[1], row.value) for path in noted for row in spark.read.text(path).collect()}


def sweep(spark: SparkSession, out: str, done: "Set[tuple[str, str]]") -> None:
    """Throw away what groups that are not done have left."""
    names = {name for name, _ in done}
    for table in ("staging", "reports", "values", "flags", "done"):
        for path in folders(spark, f"{out}/{table}"):
            if table == "staging" or path.rsplit("=", 1)[1] not in names:
                remove(spark, path)


def _open(spark: SparkSession, path: str) -> Any:
    hadoop = spark.sparkContext._jvm.org.apache.hadoop.fs  # type: ignore[union-attr]
    place = hadoop.Path(path)
    return place.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration()), place


def exists(spark: SparkSession, path: str) -> bool:
    """True where there is a file, on whatever the path is of: a disk, HDFS, S3."""
    files, place = _open(spark, path)
    return bool(files.exists(place))


def remove(spark: SparkSession, path: str) -> None:
    """Remove a folder."""
    files, place = _open(spark, path)
    files.delete(place, True)


def folders(spark: SparkSession, path: str) -> List[str]:
    """The `batch=` folders in a folder."""
    files, place = _open(spark, path)
    if not files.exists(place):
        return []
    return sorted(str(status.getPath()) for status in files.listStatus(place) if status.getPath().getName().startswith("batch="))


def main(arguments: Optional[List[str]] = None) -> None:
    """Arguments → a dataset."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out")
    parser.add_argument("crawls", nargs="+")
    parser.add_argument("--keep", help="a pattern that the address of a page must match somewhere")
    parser.add_argument("--group", type=int, default=GROUP, help="crawls that are done together")
    given = parser.parse_args(arguments)
    crawls: List[str] = given.crawls
    if len(crawls) == 1 and crawls[0].startswith("@"):
        with open(crawls[0][1:], encoding="utf-8") as listed:
            crawls = listed.read().split()
    spark = SparkSession.builder.appName("luoshu").getOrCreate()
    print(f"{run(spark, crawls, given.out, given.group, keep=given.keep)} crawls done, {len(crawls)} in all")


if __name__ == "__main__":
    main()
