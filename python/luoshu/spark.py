"""Reports read by Spark: contents in, one row a file out, with its status, its values and its flags.

    parsed = luoshu.spark.parse(files, "content", "path")
    luoshu.spark.values(parsed).write.parquet("values")

The rows are those of `luoshu build`. Every task reads in a child process within limits, so no file ends a task.
"""

from typing import TYPE_CHECKING, Any, Callable, Iterable, Iterator, List, Optional

from .grammars import Grammars
from .many import File, Limits, Reader, warc

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import Column, DataFrame
    from pyspark.sql.types import StructType

#: Files whose rows are handed on together; and the bytes of content after which they are, however few.
FILES = 64
BYTES = 16 << 20

#: Limits of one file in a task: less than for a folder, since a crawl holds much that is no report.
LIMITS = Limits(seconds=30.0, memory=1 << 30, size=32 << 20)


def parse(
    files: "DataFrame",
    content: str = "content",
    path: str = "path",
    *,
    grammars: Optional[Grammars] = None,
    limits: Limits = LIMITS,
) -> "DataFrame":
    """One row for each row of `files`: columns of `reports`, and as lists the file's `values` and `flags`.

    `content` names the column of bytes, `path` that of names; a null content has the status `failed`. Spark hands rows to
    Python in batches of `spark.sql.execution.arrow.maxRecordsPerBatch` (10,000 by default); where contents are large, lower
    it: a batch is in memory at once.
    """

    def read(batches: "Iterator[pyarrow.RecordBatch]") -> "Iterator[pyarrow.RecordBatch]":
        return rows(_files(batches), grammars, limits)

    return files.select(path, content).mapInArrow(read, schema())


def parse_warcs(
    warcs: "DataFrame",
    path: str = "path",
    *,
    grammars: Optional[Grammars] = None,
    limits: Limits = LIMITS,
    opener: Optional[Callable[[str], Any]] = None,
    keep: Optional[Callable[[str], bool]] = None,
) -> "DataFrame":
    """One row for each page of the crawls (WARC) whose paths stand in a column; pages are read one after another.

    `opener` opens a path for bytes, such as `lambda path: fsspec.open(path).open()`; by default it is a local file. A page is
    called `crawl!/uri`, as in `luoshu build`. A crawl that is cut or cannot be opened has a row of its own that says so.
    Pages for whose address `keep` is false are passed over and have no row.
    """

    def read(batches: "Iterator[pyarrow.RecordBatch]") -> "Iterator[pyarrow.RecordBatch]":
        names = (name for batch in batches for name in batch.column(0).to_pylist())
        return rows(_pages(names, limits, opener or _open, keep), grammars, limits)

    return warcs.select(path).mapInArrow(read, schema())


def rows(files: Iterable[File], grammars: Optional[Grammars] = None, limits: Limits = LIMITS) -> "Iterator[pyarrow.RecordBatch]":
    """Files → batches of rows; memory holds the files of one batch. For whoever brings an engine of their own."""
    import pyarrow

    reader = Reader(grammars, limits)
    for together in _batches(files):
        yield from pyarrow.table(reader.read(together)).to_batches()


def _batches(files: Iterable[File]) -> Iterator[List[File]]:
    together: List[File] = []
    n_bytes = 0
    for file in files:
        together.append(file)
        n_bytes += len(file[1] or b"")
        if len(together) == FILES or n_bytes >= BYTES:
            yield together
            together, n_bytes = [], 0
    if together:
        yield together


def _files(batches: "Iterable[pyarrow.RecordBatch]") -> Iterator[File]:
    for batch in batches:
        for name, content in zip(batch.column(0), batch.column(1)):
            yield str(name.as_py()), content.as_py(), None


def _pages(
    names: Iterable[str], limits: Limits, opener: Callable[[str], Any], keep: Optional[Callable[[str], bool]]
) -> Iterator[File]:
    for name in names:
        try:
            with opener(name) as opened:
                for page in warc(opened, largest=limits.size):
                    if keep and page.uri not in ("", "?") and not keep(page.uri):
                        continue
                    yield f"{name}!/{page.uri}" if page.uri else name, page.content, page.refused
        except OSError as error:
            yield name, None, ("failed", str(error))


def _open(path: str) -> Any:
    return open(path[len("file:") :] if path.startswith("file:") else path, "rb")


def reports(parsed: "DataFrame") -> "DataFrame":
    """One row a file: what it is and how reading ended, the table `reports` of a dataset."""
    return parsed.drop("values", "flags")


def values(parsed: "DataFrame") -> "DataFrame":
    """One row a value, the table `values` of a dataset."""
    return _exploded(parsed, "values")


def flags(parsed: "DataFrame") -> "DataFrame":
    """One row a flag, the table `flags` of a dataset."""
    return _exploded(parsed, "flags")


def _exploded(parsed: "DataFrame", name: str) -> "DataFrame":
    from pyspark.sql import functions

    return parsed.select(functions.explode(name).alias("row")).select("row.*")


def once(values: "DataFrame") -> "DataFrame":
    """Rows of `values`, each content's once: of files with the same bytes the one whose name comes first keeps them."""
    from pyspark.sql import Window, functions

    first = functions.min("file").over(Window.partitionBy("report"))
    return values.withColumn("_first", first).where("file = _first").drop("_first").dropDuplicates()


def has_report(parsed: "DataFrame") -> "Column":
    """True for a file that follows the form of a family, whole or in part."""
    return parsed["status"].isin("ok", "partial") & parsed["family"].isNotNull()


def schema() -> "StructType":
    """The columns of `parse`."""
    import pyarrow
    from pyspark.sql.pandas.types import from_arrow_schema

    from . import _luoshu
    from .grammars import built_in

    empty = _luoshu.Reader(built_in()._native, [""], 1.0, 1, 1).read([])
    return from_arrow_schema(pyarrow.table(empty).schema)
