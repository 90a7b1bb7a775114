#!/usr/bin/env python3
"""luoshu and whatever other extractors are installed, side by side on the same files.

    cargo build --release && python3 benches/compare.py [PYTHON]

PYTHON is an interpreter that has the other tools (pdfplumber, camelot, markitdown, pandas, docling); without it the one
that runs this. pdftotext and kordoc are looked for on the path. What is not installed is said and left out.

Truth is what a person wrote beside each lesson of corpus/, and ../shared/truth where that lies beside the repository.
A cell counts as right when its number stands in the row that carries its label, as bound when it also stands under
its own column's name, and as silently wrong when another number stands at its address and nothing says so.
Each tool runs in a process of its own, start included.
"""

import difflib, json, os, re, shutil, subprocess, sys, tempfile, time, tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FORMATS = {".pdf", ".html", ".docx", ".xlsx"}

# Each prints a list of tables, each a list of rows, each a list of cells.
ADAPTERS = {
    "pdfplumber": ({".pdf"}, "pdfplumber", """
import pdfplumber
with pdfplumber.open(path) as document:
    tables = [table for page in document.pages for table in page.extract_tables()]
"""),
    "camelot, lattice": ({".pdf"}, "camelot", """
import camelot
found = camelot.read_pdf(path, pages="all", flavor="lattice", copy_text=["h", "v"])
tables = [table.df.values.tolist() for table in found]
"""),
    "pandas.read_html": ({".html"}, "pandas", """
import pandas
tables = []
for table in pandas.read_html(path, keep_default_na=False, thousands=None):
    header = [[cell] if isinstance(cell, (str, int)) else list(cell) for cell in table.columns]
    tables.append([list(row) for row in zip(*header)] + table.values.tolist())
"""),
    "MarkItDown": (FORMATS, "markitdown", """
from markitdown import MarkItDown
tables = marked(MarkItDown().convert(path).text_content)
"""),
    # The reader of each format alone: what comes behind it wants models of gigabytes.
    "docling": (FORMATS - {".pdf"}, "docling.datamodel.document", """
from pathlib import Path
from docling.datamodel.base_models import InputFormat
from docling.datamodel.document import InputDocument
if path.endswith(".html"):
    from docling.backend.html_backend import HTMLDocumentBackend as backend
elif path.endswith(".docx"):
    from docling.backend.msword_backend import MsWordDocumentBackend as backend
else:
    from docling.backend.msexcel_backend import MsExcelDocumentBackend as backend
kind = InputFormat(path.rsplit(".", 1)[1])
document = InputDocument(path_or_stream=Path(path), format=kind, backend=backend)._backend.convert()
tables = [[[cell.text for cell in row] for row in table.data.grid] for table in document.tables]
"""),
}

PRELUDE = r'''
import json, re, sys
from html.parser import HTMLParser
path = sys.argv[1]

class Grids(HTMLParser):
    """Tables between tags; a cell that spans others is repeated in them."""
    def __init__(self):
        super().__init__()
        self.tables, self.cell = [], None
    def handle_starttag(self, tag, attributes):
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            spans = dict(attributes)
            self.cell = [[], int(spans.get("rowspan") or 1), int(spans.get("colspan") or 1)]
            self.tables[-1][-1].append(self.cell)
    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.cell = None
    def handle_data(self, text):
        if self.cell:
            self.cell[0].append(text)
    def laid(self):
        for table in self.tables:
            grid = [{} for _ in table]
            for at, row in enumerate(table):
                column = 0
                for words, rows, columns in row:
                    while column in grid[at]:
                        column += 1
                    for below in grid[at:at + rows]:
                        below.update({column + beside: "".join(words) for beside in range(columns)})
            yield [[row.get(column, "") for column in range(max(row, default=-1) + 1)] for row in grid]

def marked(text):
    """Tables of Markdown: between pipes, or in tags."""
    tables, rows = [], []
    for line in text.splitlines() + [""]:
        if line.strip().startswith("|"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
                rows.append(cells)
        elif rows:
            tables.append(rows)
            rows = []
    grids = Grids()
    grids.feed(text)
    return tables + list(grids.laid())
'''
EPILOGUE = "\nprint(json.dumps([[[str(c or '') for c in row] for row in table] for table in tables]))\n"


def folded(text):
    """Only the words of a label: no blanks, punctuation or leading number."""
    text = re.sub(r"\s", "", text)
    text = re.sub(r"^(?:[（(]?[一二三四五六七八九十\d]+[)）、.．]|[（(][一二三四五六七八九十]+[）)])", "", text)
    return re.sub(r"[^\w]", "", text)


def number(text):
    text = re.sub(r"[\s,，]", "", text).translate(str.maketrans("０１２３４５６７８９．", "0123456789."))
    return float(text) if re.fullmatch(r"-?\d+(?:\.\d+)?", text) else None


def labels(family):
    """For each row and column id, the words it may carry."""
    names = {}
    def walk(node):
        for key, value in node.items() if isinstance(node, dict) else ():
            own = value.get("label") if isinstance(value, dict) else value
            own = [own] if isinstance(own, str) else own
            if isinstance(own, list) and all(isinstance(word, str) for word in own):
                names.setdefault(key, set()).update(folded(word) for word in own)
            walk(value)
            for item in value if isinstance(value, list) else ():
                walk(item)
    walk(family)
    return names


def cases():
    """Path and truth of every file that has both."""
    for folder in sorted((ROOT / "corpus/cn-foi-annual").iterdir()):
        for report in sorted(folder.glob("report.*")):
            if report.suffix in FORMATS:
                expect = json.loads((folder / "expect.json").read_text())
                yield report, {key: value for key, value in expect["values"].items() if value is not None}
    for truth in sorted((ROOT.parent / "shared/truth").glob("*.json")):
        for report in sorted((ROOT.parent / "shared/reports").glob(f"*/{truth.stem}.*")):
            if report.suffix in FORMATS:
                values = json.loads(truth.read_text())
                yield report, {key: value for key, value in values.items() if isinstance(value, (int, float))}


def watched(arguments):
    """Output, seconds of processor time, which a busy machine does not change much, and peak memory in MiB."""
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen(arguments, stdout=out, stderr=subprocess.DEVNULL)
        _, _, usage = os.wait4(child.pid, 0)
        seconds = usage.ru_utime + usage.ru_stime
        out.seek(0)
        return out.read().decode("utf-8", "replace"), seconds, usage.ru_maxrss / 1024


def addresses(tables):
    """(row label, column name or None, number) of every numeric cell. A table without a header goes on under the last
    one, set flush right: where a group's label is not repeated on the next page, the columns are fewer on the left."""
    last = []
    for rows in tables:
        width = max((len(row) for row in rows), default=0)
        header, has_own = {}, False
        for row in rows:
            numbers = [index for index, cell in enumerate(row) if number(cell) is not None]
            words = [index for index, cell in enumerate(row) if folded(cell) and number(cell) is None]
            if not numbers:
                has_own = has_own or len(words) > 1
                header.update({index: folded(row[index]) for index in words})
                continue
            before = [index for index in words if index < numbers[0]]
            label = folded(row[before[-1]]) if before else ""
            for index in numbers:
                from_right = index - width
                above = last[from_right] if -from_right <= len(last) else None
                yield label, header.get(index) if has_own else above, number(row[index])
        if has_own:
            last = [header.get(index) for index in range(width)]


def nearest(label, known):
    """A misprinted label is read as the one it is most like."""
    return label if label in known else next(iter(difflib.get_close_matches(label, known, 1, 0.75)), label)


def score(tables, truth, names):
    known = set().union(*names.values())
    found = [(nearest(label, known), name, got) for label, name, got in addresses(tables)]
    right = bound = wrong = 0
    for key, value in truth.items():
        _, row, column = key.split("/")
        own_row = [(name, got) for label, name, got in found if label in names.get(row, ())]
        right += any(got == value for _, got in own_row)
        here = [got for name, got in own_row if name in names.get(column, ())]
        bound += value in here
        wrong += bool(here) and value not in here
    return right, bound, wrong


def score_luoshu(report, truth):
    loud = [cell for flag in report["flags"] if flag["severity"] != "note" for cell in flag["cells"]]
    told = lambda key: key in loud or any(cell.endswith("/*") and key.startswith(cell[:-1]) for cell in loud)
    values = {value["key"]: value["value"] for value in report["values"]}
    right = sum(values.get(key) == value for key, value in truth.items())
    wrong = sum(values.get(key) not in (None, value) and not told(key) for key, value in truth.items())
    return right, right, wrong


def installed(python):
    """Name → formats, and a function from path to tables or a report; and what is not there."""
    tools, absent = {}, []
    own = next((ROOT / f"target/{kind}/luoshu" for kind in ("release", "debug") if (ROOT / f"target/{kind}/luoshu").exists()), None)
    if own is None:
        sys.exit("build luoshu first: cargo build --release")
    tools["luoshu"] = (FORMATS, lambda path: [str(own), "parse", path], json.loads)
    for name, (formats, module, code) in ADAPTERS.items():
        there = subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode == 0
        if there:
            tools[name] = (formats, lambda path, code=code: [python, "-c", PRELUDE + code + EPILOGUE, path], json.loads)
        else:
            absent.append(name)
    kordoc = shutil.which("kordoc")
    if kordoc:
        scope = {}
        exec(PRELUDE.replace("sys.argv[1]", "''"), scope)
        tools["kordoc"] = (FORMATS - {".html"}, lambda path: [kordoc, path], scope["marked"])
    else:
        absent.append("kordoc")
    if shutil.which("pdftotext"):
        tools["pdftotext (text alone)"] = ({".pdf"}, lambda path: ["pdftotext", "-layout", path, "-"], None)
    else:
        absent.append("pdftotext")
    return tools, absent, own


def main():
    python = sys.argv[1] if len(sys.argv) > 1 else sys.executable
    names = labels(tomllib.loads((ROOT / "grammar/cn-foi-annual.toml").read_text()))
    tools, absent, own = installed(python)
    all_cases = list(cases())
    totals, base = {}, {}
    for name, (formats, command, read) in tools.items():
        for path, truth in all_cases:
            if path.suffix not in formats:
                continue
            runs = [watched(command(str(path))) for _ in range(3)]
            out, memory = runs[0][0], max(run[2] for run in runs)
            seconds = sorted(run[1] for run in runs)[1]
            base.setdefault(path, (seconds, memory))
            try:
                got = read(out) if read else None
            except ValueError:
                got = {} if name == "luoshu" else []
            if got is None:
                points = None
            else:
                points = score_luoshu(got, truth) if name == "luoshu" else score(got, truth, names)
            total = totals.setdefault((path.suffix, name), [0, 0, 0, 0, 0, 0.0, 0.0, 0.0, 0.0])
            total[0] += 1
            total[1] += len(truth)
            for at, point in enumerate(points or ()):
                total[2 + at] += point
            total[5] += seconds
            total[6] += base[path][0]
            total[7] = max(total[7], memory)
            total[8] = max(total[8], base[path][1])
    version = subprocess.run([own, "--version"], capture_output=True, text=True).stdout.strip()
    print(f"{version} ({own.parent.name}), {time.strftime('%Y-%m-%d')}, {len(all_cases)} files; processor time and memory are multiples of luoshu's own on the same files")
    print()
    print("| format | tool | files | cells | right | under the right header | silently wrong | time | peak memory |")
    print("|---|---|---|---|---|---|---|---|---|")
    for (suffix, name), (files, cells, right, bound, wrong, seconds, own_seconds, memory, own_memory) in sorted(totals.items(), key=lambda item: (item[0][0], item[0][1] != "luoshu", item[0][1])):
        points = "– | – | –" if tools[name][2] is None else f"{right} | {bound} | {wrong}"
        print(f"| {suffix[1:]} | {name} | {files} | {cells} | {points} | ×{seconds / own_seconds:.1f} ({1000 * seconds / files:.0f} ms) | ×{memory / own_memory:.1f} ({memory:.0f} MiB) |")
    print()
    print(f"not installed: {', '.join(absent) or 'none'}")


main()
