"""Many files: a folder into a dataset, a crawl into its pages, files into Arrow rows within limits."""

import contextlib
import os
import sys
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterable, Iterator, List, NamedTuple, Optional, Sequence, Tuple, Union

from . import _luoshu
from .grammars import Grammars, built_in

if TYPE_CHECKING:
    from typing import BinaryIO

    PathLike = Union[str, "os.PathLike[str]"]


class Limits(NamedTuple):
    """What one file may take; one that takes more has a status instead of values."""

    #: Seconds.
    seconds: float = 60.0
    #: Bytes of memory that the process reading it may ask for.
    memory: int = 2 << 30
    #: Bytes of the file itself.
    size: int = 256 << 20


def build(
    inputs: "Union[PathLike, Sequence[PathLike]]",
    out: "PathLike",
    *,
    grammars: Optional[Grammars] = None,
    jobs: Optional[int] = None,
    limits: Limits = Limits(),
    parts: Iterable[Tuple[str, str]] = (),
    watch: Optional[Callable[[int, int, Dict[str, int]], object]] = None,
) -> Dict[str, Any]:
    """Read folders, archives and crawls into one dataset, as `luoshu build` does, and return its counts.

    A run that was broken off goes on where it stopped. `parts` are pairs of a body and one of its parts, whose numbers are held
    against each other. `watch` is called now and then with files done, files found, and
    files by status. `OSError` is raised where an input is not there or the dataset cannot be written; the old one is whole.
    """
    paths = [inputs] if isinstance(inputs, (str, os.PathLike)) else list(inputs)
    for path in paths:
        os.stat(path)
    task = ([os.fspath(path) for path in paths], os.fspath(out), list(parts), _command(), jobs or os.cpu_count() or 1)
    return _luoshu.build(task, limits, (grammars or built_in())._native, watch)


def _command() -> List[str]:
    """Starts a process that reads files; without `site`, which it has no use for and which takes time."""
    return [sys.executable, "-I", "-S", "-c", _SERVE, os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]


_SERVE = "import sys; sys.path.insert(0, sys.argv[1]); from luoshu import _luoshu; _luoshu.serve(int(sys.argv[2]))"


class Page(NamedTuple):
    """A page of a crawl."""

    #: Where it was fetched.
    uri: str
    #: Its bytes, with the transfer's own marks undone.
    content: Optional[bytes]
    #: Where there are no bytes: a status and the reason.
    refused: Optional[Tuple[str, str]]


def warc(source: "Union[PathLike, BinaryIO]", *, largest: int = Limits().size) -> Iterator[Page]:
    """The pages of a web crawl (WARC, also in gzip), one after another; memory holds one.

    `source` is a path or a file opened for bytes, which may come from anywhere. Pages are `response`, `resource` and
    `revisit` records, with chunks joined and packed bodies unpacked. A page that is none (a redirect, an error of the server),
    that is not there or not whole has no content: `refused` says which, and why.
    """
    with contextlib.ExitStack() as stack:
        opened = stack.enter_context(open(source, "rb")) if isinstance(source, (str, os.PathLike)) else source
        pages = _luoshu.Warc(opened, largest)
        while True:
            try:
                page = next(pages)
            except StopIteration:
                return
            except OSError as error:
                yield Page("", None, ("damaged", str(error)))
                return
            yield Page(*page)


#: A file: its name and its bytes, or why there are none.
File = Tuple[str, Optional[bytes], Optional[Tuple[str, str]]]


class Reader:
    """Reads file after file in a child process, each within limits.

    A file that takes too long, overflows its stack or asks for too much memory costs that process, not this one: it has a
    status (`too-large`, `failed`) and the next is read by a new process.
    """

    def __init__(self, grammars: Optional[Grammars] = None, limits: Limits = Limits()) -> None:
        self._native = _luoshu.Reader((grammars or built_in())._native, _command(), *limits)

    def read(self, files: Iterable[File]) -> "_luoshu.Batch":
        """One row a file, in order, with the columns of `reports` and, as lists, its `values` and `flags`.

        The rows are Arrow: `pyarrow.table(rows)`, `polars.DataFrame(rows)`.
        """
        return self._native.read(list(files))
