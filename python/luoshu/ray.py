"""Reports read by Ray Data, with the rows of `luoshu.spark`.

    dataset = ray.data.read_binary_files("reports", include_paths=True)
    parsed = dataset.map_batches(luoshu.ray.Parse, batch_format="pyarrow", concurrency=2)
"""

from typing import TYPE_CHECKING, Optional

from .grammars import Grammars
from .many import Limits
from .spark import LIMITS, rows

if TYPE_CHECKING:
    import pyarrow


class Parse:
    """One row for each row of a batch: its columns are those of `reports`, and as lists `values` and `flags`."""

    def __init__(
        self, content: str = "bytes", path: str = "path", grammars: Optional[Grammars] = None, limits: Limits = LIMITS
    ) -> None:
        self._columns = (path, content)
        self._grammars = grammars
        self._limits = limits

    def __call__(self, batch: "pyarrow.Table") -> "pyarrow.Table":
        import pyarrow

        names, contents = (batch.column(name) for name in self._columns)
        files = ((str(name.as_py()), content.as_py(), None) for name, content in zip(names, contents))
        return pyarrow.Table.from_batches(rows(files, self._grammars, self._limits))
