"""The solved example that the page opens on: shipped as data with its hash, recomputed by a test."""

from __future__ import annotations

from pathlib import Path

from campus.store import Stored, load_results

FOLDER = Path(__file__).resolve().parent / "example"
CASE = "02_reference_60mw"


def load_example() -> Stored:
    """The shipped results of the reference campus."""
    return load_results(FOLDER)
