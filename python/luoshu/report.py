"""A report as plain objects: named tuples made from its JSON when they are first asked for."""

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Callable, Dict, Generic, Iterator, List, Mapping, NamedTuple, Optional, Tuple, TypeVar, Union, overload

from . import _luoshu

if TYPE_CHECKING:
    import pandas

#: An exact number: whole, or with every digit that is printed.
Number = Union[int, Decimal]
#: `line`, `column`, `byte` in a text; `page`, `box` on a page; `sheet`, `cell` in a spreadsheet.
Place = Mapping[str, Any]
#: Labels from the outermost group in.
Path = Tuple[str, ...]


class Source(NamedTuple):
    """The file as read."""

    path: str
    sha256: Optional[str]
    format: Optional[str]
    encoding: Optional[str]
    pages: Optional[List[str]]
    status: str


class _Identity(NamedTuple):
    family: Optional[str]
    edition: Optional[str]
    title: Optional[str]
    publisher: Optional[str]
    year: Optional[int]


class Value(NamedTuple):
    """One cell of a table: what is printed there, and how far its number can be trusted."""

    #: Table, row and column; unique in a report.
    key: str
    #: The number as printed; none where there is none, or more than one is possible.
    value: Optional[Number]
    #: The cell's own characters.
    raw: str
    unit: Optional[str]
    #: number, blank, na, annotated, text, ambiguous
    state: str
    #: proven (in a sum that holds), unproven (no sum speaks of it), disputed (in one that fails)
    standing: str
    place: Optional[Place]
    #: Of a number that a sentence states: the name it is stated of,
    name: Optional[str] = None
    #: up or down,
    direction: Optional[str] = None
    #: the name of what it is a part of,
    under: Optional[str] = None
    #: and whether it is called preliminary.
    preliminary: Optional[bool] = None

    @property
    def table(self) -> str:
        """The table's part of the key."""
        return _split(self.key)[0]

    @property
    def row(self) -> str:
        """The row's part of the key."""
        return _split(self.key)[1]

    @property
    def column(self) -> str:
        """The column's part of the key."""
        return _split(self.key)[2]


class Flag(NamedTuple):
    """Something a person should know of."""

    code: str
    #: note, warning, error
    severity: str
    #: source (the report is wrong), reading (its layout is malformed), unknown
    fault: str
    message: str
    help: Optional[str]
    place: Optional[Place]
    related: List[Mapping[str, Any]]
    #: Keys of the values it concerns; `table/row/*` is a row, `table/*` a table.
    cells: List[str]
    #: A value that would settle it, with a reason; it never replaces the printed one.
    proposal: Optional[Mapping[str, Any]] = None
    #: The placements that are all possible, where more than one is.
    candidates: Optional[List[Mapping[str, Optional[str]]]] = None


class Claim(NamedTuple):
    """A number in a sentence, held against the tables."""

    id: str
    value: Optional[Number]
    quote: str
    #: confirmed, off, not-checkable
    verdict: str
    expected: Optional[Number]
    cells: List[str]
    place: Optional[Place]


class Section(NamedTuple):
    """A section, with its own."""

    id: str
    number: Optional[str]
    level: int
    title: str
    role: Optional[str]
    text: List[str]
    #: Ids of its tables.
    tables: List[str]
    children: "List[Section]"


class Token(NamedTuple):
    """A number in the text; `why` it is no value, where that is known."""

    raw: str
    place: Optional[Place]
    why: Optional[str] = None


class Coverage(NamedTuple):
    """Where every number of the report ended: `placed`, `noted` and `unplaced` add up to `numbers`."""

    numbers: int
    placed: int
    noted: List[Token]
    unplaced: List[Token]
    rows_expected: int
    rows_found: int
    #: Sums that held, failed, could not be checked.
    identities: Mapping[str, int]


Item = TypeVar("Item", bound=Tuple[Any, ...])


class Rows(Generic[Item]):
    """A list of rows that is also a table: give it to pandas, polars, DuckDB or pyarrow as it is.

    It is no `Sequence` by name, since polars would then take it for a list of tuples and not for Arrow.
    """

    def __init__(self, rows: List[Item], columns: Tuple[str, ...], stream: Callable[[Optional[object]], object]) -> None:
        self._rows = rows
        self._columns = columns
        self._stream = stream

    @overload
    def __getitem__(self, index: int) -> Item: ...

    @overload
    def __getitem__(self, index: slice) -> List[Item]: ...

    def __getitem__(self, index: Union[int, slice]) -> Union[Item, List[Item]]:
        return self._rows[index]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Item]:
        return iter(self._rows)

    def __repr__(self) -> str:
        return f"<{len(self)} rows: {', '.join(self._columns)}>"

    def __eq__(self, other: object) -> bool:
        return self._rows == (other._rows if isinstance(other, Rows) else other)

    def __arrow_c_stream__(self, requested_schema: Optional[object] = None) -> object:
        """The rows as Arrow, in the columns of a dataset (PyCapsule interface): no copy is made."""
        return self._stream(requested_schema)

    def to_pandas(self) -> "pandas.DataFrame":
        """The rows as a data frame, with the columns of the objects."""
        from .frames import rows_to_pandas

        return rows_to_pandas(self._rows, self._columns)


class Table:
    """A table: its labels, its values, and its cells as printed."""

    def __init__(self, data: Dict[str, Any], grid: "_luoshu.Grid", values: List[Value]) -> None:
        self.id: str = data["id"]
        #: First part of its values' keys: for a table of the family its role.
        self.key: str = grid.key
        self.section: Optional[str] = data["section"]
        #: The table's id in the family's form.
        self.role: Optional[str] = data["role"]
        self.title: Optional[str] = data["title"]
        self.unit: Optional[str] = data["unit"]
        self.place: Optional[Place] = data["place"]
        self.header_rows: int = data["header_rows"]
        self.stub_columns: int = data["stub_columns"]
        #: Labels of each row that has values, from the outermost group in.
        self.rows: List[Path] = [tuple(labels) for _, labels in grid.rows]
        #: Labels of each column that has values, from the outermost group in.
        self.columns: List[Path] = [tuple(labels) for _, labels in grid.columns]
        #: Labels of each row as they stand in the source.
        self.printed_rows: List[Path] = [tuple(path) for path in data["printed_rows"]]
        #: Cells as they stand in the source.
        self.cells: List[List[Optional[str]]] = data["cells"]
        #: Its values, in the order of the source.
        self.values = values
        #: For each value the index of its row and of its column.
        self.addresses: List[Tuple[int, int]] = grid.cells

    def __repr__(self) -> str:
        return f"<Table {self.key}: {len(self.rows)} rows, {len(self.columns)} columns>"

    def to_pandas(self, field: str = "value") -> "pandas.DataFrame":
        """The table as a data frame, the label trees of rows and columns as MultiIndex.

        `field` is what of each value is shown: `value`, `raw`, `unit`, `state`, `standing`.
        """
        from .frames import table_to_pandas

        return table_to_pandas(self, field)


class Report:
    """A report, read and checked. What is in it is made when it is first asked for."""

    def __init__(self, native: _luoshu.Report) -> None:
        self._native = native
        self._made: Dict[str, Any] = {}

    def _once(self, name: str, make: Callable[[], Any]) -> Any:
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

    def to_json(self) -> str:
        """One line of JSON, as `luoshu parse` prints it (schema `luoshu/report/1`)."""
        return self._native.json

    def to_dict(self) -> Dict[str, Any]:
        """The JSON as Python's own lists and dictionaries; printed numbers with a point are `Decimal`."""
        read = lambda: json.loads(self._native.json, parse_float=Decimal, object_hook=_plain_box)  # noqa: E731
        data: Dict[str, Any] = self._once("data", read)
        return data

    @property
    def source(self) -> Source:
        """The file as read."""
        return Source(**self.to_dict()["source"])

    @property
    def status(self) -> str:
        """ok, partial, no-text, not-a-report, encrypted, damaged, too-large, unsupported, failed"""
        return self.source.status

    @property
    def family(self) -> Optional[str]:
        """Id of the family whose form the report follows."""
        return self._identity.family

    @property
    def edition(self) -> Optional[str]:
        """Edition of that form."""
        return self._identity.edition

    @property
    def title(self) -> Optional[str]:
        """The title as printed, on one line."""
        return self._identity.title

    @property
    def publisher(self) -> Optional[str]:
        """Who published it."""
        return self._identity.publisher

    @property
    def year(self) -> Optional[int]:
        """The year it is on."""
        return self._identity.year

    @property
    def _identity(self) -> "_Identity":
        return _Identity(**self.to_dict()["report"])

    @property
    def values(self) -> Rows[Value]:
        """Every cell of every table, in the order of the source."""
        make = lambda: self._rows(Value, "values", self._native.values)  # noqa: E731
        rows: Rows[Value] = self._once("values", make)
        return rows

    @property
    def flags(self) -> Rows[Flag]:
        """What a person should know of, in the order of the source."""
        make = lambda: self._rows(Flag, "flags", self._native.flags)  # noqa: E731
        rows: Rows[Flag] = self._once("flags", make)
        return rows

    def _rows(self, kind: Any, name: str, stream: Callable[[Optional[object]], object]) -> Any:
        return Rows([kind(**row) for row in self.to_dict()[name]], kind._fields, stream)

    @property
    def claims(self) -> List[Claim]:
        """What sentences say of the tables."""
        claims: List[Claim] = self._once("claims", lambda: [Claim(**claim) for claim in self.to_dict()["claims"]])
        return claims

    @property
    def sections(self) -> List[Section]:
        """The sections of the first level; each holds its own."""
        sections: List[Section] = self._once("sections", lambda: [_section(one) for one in self.to_dict()["sections"]])
        return sections

    @property
    def tables(self) -> List[Table]:
        """The tables, those of the family's form first; a value that a sentence states is in none of them."""
        tables: List[Table] = self._once("tables", self._tables)
        return tables

    def _tables(self) -> List[Table]:
        tables = []
        start = 0
        for data, grid in zip(self.to_dict()["tables"], self._native.grids()):
            end = start + len(grid.cells)
            tables.append(Table(data, grid, self.values[start:end]))
            start = end
        return tables

    @property
    def coverage(self) -> Coverage:
        """Where every number of the report ended."""
        data = dict(self.to_dict()["coverage"])
        for name in ("noted", "unplaced"):
            data[name] = [Token(**token) for token in data[name]]
        return Coverage(**data)

    def __getitem__(self, key: str) -> Value:
        """The value with a key."""
        by_key: Dict[str, Value] = self._once("by_key", lambda: {value.key: value for value in self.values})
        return by_key[key]

    def table(self, name: str) -> Table:
        """The table whose values' keys begin with a name, such as `requests`."""
        for table in self.tables:
            if table.key == name:
                return table
        raise KeyError(name)

    def to_pandas(self) -> "pandas.DataFrame":
        """The values as a data frame, one row a value."""
        return self.values.to_pandas()

    def __repr__(self) -> str:
        title = self.title or self._native.name
        return f"<Report {title}: {self.status}, {len(self.values)} values, {len(self.flags)} flags>"


def _plain_box(data: Dict[str, Any]) -> Dict[str, Any]:
    """Points on a page are measured, not printed: floats."""
    if "box" in data:
        data["box"] = [float(edge) for edge in data["box"]]
    return data


def _section(data: Dict[str, Any]) -> Section:
    return Section(**{**data, "children": [_section(child) for child in data["children"]]})


def _split(key: str) -> Tuple[str, str, str]:
    """`t1/a\\/b/c` → `t1`, `a\\/b`, `c`."""
    parts = [""]
    escaped = False
    for character in key:
        if character == "/" and not escaped:
            parts.append("")
        else:
            parts[-1] += character
        escaped = character == "\\" and not escaped
    return parts[0], "/".join(parts[1:-1]), parts[-1]
