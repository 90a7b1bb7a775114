"""Published reports into checked data.

    import luoshu

    report = luoshu.parse("report.pdf")
    report.status                       # 'ok'
    report["requests/new/total"].value  # 207
    report.values.to_pandas()           # or polars, DuckDB, pyarrow, straight from report.values
    [flag.message for flag in report.flags if flag.severity != "note"]

Every number a report prints ends in one place: a value, a note with a reason, or the list of unplaced numbers
(`report.coverage`). Every value is as printed, and right or flagged.
"""

from ._luoshu import GrammarError, ReadError, __version__
from .grammars import Grammars
from .many import Limits, Page, Reader, build, warc
from .parse import parse
from .report import Claim, Coverage, Flag, Report, Section, Source, Table, Token, Value

__all__ = [
    "Claim",
    "Coverage",
    "Flag",
    "GrammarError",
    "Grammars",
    "Limits",
    "Page",
    "ReadError",
    "Reader",
    "Report",
    "Section",
    "Source",
    "Table",
    "Token",
    "Value",
    "__version__",
    "build",
    "parse",
    "warc",
]
