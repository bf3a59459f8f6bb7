"""Pages that are made from the code are what the code makes."""

import runpy
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_case_reference_is_the_generated_one():
    tool = runpy.run_path(str(ROOT / "tools" / "case_reference.py"))
    assert tool["PATH"].read_text(encoding="utf-8") == tool["page"]()
