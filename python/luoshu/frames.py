"""Rows and tables → pandas, which is imported only here."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, List, Sequence, Tuple

import pandas

if TYPE_CHECKING:
    from .report import Path, Table


def rows_to_pandas(rows: Sequence[Tuple[Any, ...]], columns: Sequence[str]) -> pandas.DataFrame:
    """One row a row; numbers in the narrowest type that keeps every digit."""
    series = {}
    for index, name in enumerate(columns):
        cells = [row[index] for row in rows]
        series[name] = numbers(cells) if name == "value" else pandas.Series(cells, dtype=object if not cells else None)
    return pandas.DataFrame(series)


def table_to_pandas(table: "Table", field: str) -> pandas.DataFrame:
    """The label trees as indexes, one field of each value in the cells."""
    columns: List[List[Any]] = [[None] * len(table.rows) for _ in table.columns]
    for (row, column), value in zip(table.addresses, table.values):
        columns[column][row] = getattr(value, field)
    series = [numbers(column) if field == "value" else pandas.Series(column, dtype=object) for column in columns]
    frame = pandas.concat(series, axis=1) if series else pandas.DataFrame()
    frame.index = _index(table.rows)
    frame.columns = _index(table.columns)
    return frame


def _index(paths: "List[Path]") -> pandas.Index:
    """A level for each depth of labels; shorter paths end in empty labels."""
    depth = max(map(len, paths), default=0)
    if depth == 0:
        return pandas.RangeIndex(len(paths))
    return pandas.MultiIndex.from_tuples([path + ("",) * (depth - len(path)) for path in paths])


def numbers(cells: Sequence[Any]) -> pandas.Series:
    """Whole numbers as Int64, others as Float64 where that keeps every digit, else the exact numbers as they are."""
    known = [cell for cell in cells if cell is not None]
    if all(isinstance(cell, int) and abs(cell) < 1 << 63 for cell in known):
        return pandas.Series(cells, dtype="Int64")
    if all(Decimal(repr(float(cell))) == cell for cell in known):
        return pandas.Series([None if cell is None else float(cell) for cell in cells], dtype="Float64")
    return pandas.Series(cells, dtype=object)
