"""The room that joins the others: case files, the run from heat to rack, results, reports, command line.

>>> import campus
>>> case = campus.load_case("01_quickstart_40mw")
>>> case.load.P_it_MW
40.0
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from campus.case import Case
    from campus.case_file import load_case, parse_case
    from campus.pipeline import run_case
    from campus.problems import CaseError, Problem
    from campus.result import CampusResult, Kpi, NoAnswer, Outcome
    from campus.store import load_results, save_results

__all__ = [
    "CampusResult",
    "Case",
    "CaseError",
    "Kpi",
    "NoAnswer",
    "Outcome",
    "Problem",
    "load_case",
    "load_results",
    "parse_case",
    "run_case",
    "save_results",
]

_HOME = {
    "Case": "case",
    "load_case": "case_file",
    "parse_case": "case_file",
    "run_case": "pipeline",
    "CaseError": "problems",
    "Problem": "problems",
    "CampusResult": "result",
    "Kpi": "result",
    "NoAnswer": "result",
    "Outcome": "result",
    "load_results": "store",
    "save_results": "store",
}


def __getattr__(name: str) -> Any:
    """Import public names when they are first used, so that ``heat2rack --help`` answers at once."""
    if name in _HOME:
        return getattr(import_module(f"campus.{_HOME[name]}"), name)
    raise AttributeError(f"module 'campus' has no attribute {name!r}")
