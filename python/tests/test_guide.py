"""The guide, run as it is printed."""

import doctest
import os
import pathlib

import pytest

pytest.importorskip("pandas")
pytest.importorskip("polars")
pytest.importorskip("duckdb")

GUIDE = pathlib.Path(__file__).resolve().parents[1] / "README.md"


def test_the_guide_runs(tmp_path, lesson, monkeypatch):
    import polars

    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "report.txt").write_bytes(lesson("claim-off").read_bytes())
    (folder / "clean.txt").write_bytes(lesson("clean-2021-tabs").read_bytes())
    (folder / "page.html").write_bytes(lesson("html-spans").read_bytes())
    monkeypatch.chdir(tmp_path)
    with polars.Config(tbl_rows=6):
        result = doctest.testfile(str(GUIDE), module_relative=False, encoding="utf-8", optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert result.attempted > 20 and result.failed == 0
