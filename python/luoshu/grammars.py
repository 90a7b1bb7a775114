"""Report families of one's own."""

import os
from typing import TYPE_CHECKING, Iterable, List, Optional, Tuple, Union

from . import _luoshu

if TYPE_CHECKING:
    PathLike = Union[str, "os.PathLike[str]"]


class Grammars:
    """Report families: one's own, in the order given, before the built-in ones.

    `files` are paths of grammar files, `texts` their contents. A mistake in one raises `GrammarError`, which tells
    every mistake with file, line and column. Make it once and give it to every `parse`; threads may share it.
    """

    def __init__(self, *files: "PathLike", texts: Iterable[str] = ()) -> None:
        named: List[Tuple[str, str]] = []
        for file in files:
            with open(file, encoding="utf-8") as opened:
                named.append((os.fspath(file), opened.read()))
        named.extend((f"<grammar {index}>", text) for index, text in enumerate(texts, 1))
        self.texts = [text for _, text in named]
        self._native = _luoshu.Grammars(named)

    @property
    def families(self) -> List[str]:
        """Ids of the families, in the order in which they are tried."""
        return self._native.families

    def __repr__(self) -> str:
        return f"<Grammars {', '.join(self.families)}>"

    def __reduce__(self) -> "Tuple[object, Tuple[List[str]]]":
        return _from_texts, (self.texts,)


def _from_texts(texts: List[str]) -> Grammars:
    return Grammars(texts=texts)


_built_in: Optional[Grammars] = None


def built_in() -> Grammars:
    """The families that come with luoshu."""
    global _built_in
    if _built_in is None:
        _built_in = Grammars()
    return _built_in
