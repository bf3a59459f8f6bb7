"""What a run gives back: an outcome in words, KPIs with unit and label, and tables that every figure is built from."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pandas as pd

from campus.case import Case


class Outcome(enum.Enum):
    """How a run ended; the text is the hint."""

    OK = "solved"
    INFEASIBLE = "no campus meets the case; see what to change"
    NOT_CONVERGED = "a part of the calculation found no answer; see which"

    def __bool__(self) -> bool:
        return self is Outcome.OK


class Kpi(NamedTuple):
    """One headline number. `value` is None where the case has no such number."""

    value: float | int | bool | None
    unit: str
    label: str


class NoAnswer(RuntimeError):
    """Raised by :meth:`CampusResult.require_ok` when there is no answer; the text says why."""


@dataclass(frozen=True)
class CampusResult:
    """A campus from heat to rack.

    Attributes
    ----------
    case : Case
    outcome : Outcome
    explain : str
        In words: what binds, or why there is no answer and what would change that.
    kpis : mapping of name to (value, unit, label)
        Empty unless the outcome is OK.
    tables : mapping of name to DataFrame
        Everything that the results folder, the report and the page show. Empty unless the outcome is OK.
    manifest : mapping
        Versions, hashes, outcome, seconds by stage, gap, seed.
    parts : mapping
        The results of the rooms as they are: "block", "map", "sized", "net", "heater".
    """

    case: Case
    outcome: Outcome
    explain: str
    kpis: Mapping[str, Kpi] = field(default_factory=dict)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    manifest: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def require_ok(self) -> CampusResult:
        """Itself, or `NoAnswer` if there is no answer."""
        if not self.outcome:
            raise NoAnswer(f"{self.outcome.value}: {self.explain}")
        return self
