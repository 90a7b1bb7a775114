"""Where the lessons lie; real reports, where they lie beside the repository."""

import os
import pathlib
import sys

import pytest

# Spark's workers are the Python that runs the tests.
os.environ.setdefault("PYSPARK_PYTHON", sys.executable)

ROOT = pathlib.Path(__file__).resolve().parents[2]
LESSONS = ROOT / "corpus" / "cn-foi-annual"
HONGZE = ROOT.parent / "shared" / "reports" / "foi-annual" / "hongze-2023.pdf"


@pytest.fixture
def lesson():
    """The report of a lesson, by its folder's name."""
    return lambda name: next((LESSONS / name).glob("report.*"))


@pytest.fixture
def hongze():
    """A real report, 6 pages of PDF."""
    if not HONGZE.exists():
        pytest.skip(f"{HONGZE} is not there")
    return HONGZE
