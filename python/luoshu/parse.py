"""A file, bytes or something with `read` → a report."""

import os
from typing import TYPE_CHECKING, Optional, Tuple, Union

from . import _luoshu
from .grammars import Grammars, built_in
from .report import Report

if TYPE_CHECKING:
    from typing import BinaryIO

    Input = Union[str, "os.PathLike[str]", bytes, bytearray, memoryview, BinaryIO]

#: Larger files are not opened.
LARGEST = 1 << 30


def parse(source: "Input", *, name: Optional[str] = None, grammars: Optional[Grammars] = None) -> Report:
    """Read a report.

    `source` is a path, the bytes themselves, or a file opened for bytes. `name` is what the report is called in what is
    told of it; by default the path. `grammars` are families of your own (see `Grammars`).

    What is wrong with a report never raises: a file that is empty, encrypted, damaged or something else has a
    `status` and flags. `OSError` is raised where there is nothing to read, `ReadError` where luoshu itself made a
    mistake. Other threads run while a report is read.
    """
    data, own_name = _take(source)
    native = _luoshu.parse(data, name if name is not None else own_name, (grammars or built_in())._native)
    return Report(native)


def _take(source: "Input") -> Tuple[bytes, str]:
    if isinstance(source, bytes):
        return source, "<bytes>"
    if isinstance(source, (bytearray, memoryview)):
        return bytes(source), "<bytes>"
    if isinstance(source, (str, os.PathLike)):
        with open(source, "rb") as opened:
            return _read(opened, os.fspath(source))
    if hasattr(source, "read"):
        name = getattr(source, "name", None)
        return _read(source, name if isinstance(name, str) else "<file>")
    raise TypeError(f"a path, bytes or a file opened for bytes, not {type(source).__name__}")


def _read(opened: "BinaryIO", name: str) -> Tuple[bytes, str]:
    data = opened.read(LARGEST + 1)
    if not isinstance(data, bytes):
        raise TypeError("a file opened for bytes, not for text: open(path, 'rb')")
    if len(data) > LARGEST:
        raise OSError(f"{name}: larger than 1 GiB")
    return data, name
