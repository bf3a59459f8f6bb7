"""Pages that are made from the code are what the code makes."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_case_reference_is_the_generated_one():
    spec = importlib.util.spec_from_file_location("case_reference", ROOT / "tools" / "case_reference.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.PATH.read_text(encoding="utf-8") == tool.page()
