"""What a sizing run answers: frozen, with None wherever there is no answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from sizing.availability import Availability
from sizing.outcome import Outcome

if TYPE_CHECKING:
    import pandas as pd


class SizingError(RuntimeError):
    """Raised by :meth:`SizingResult.require_ok` for scripts that want an exception."""


class StageLog(NamedTuple):
    """One stage of the search: what it did, how long, how large, what it found."""

    stage: str
    seconds: float
    rows: int
    columns: int
    objective_USD_per_year: float | None


@dataclass(frozen=True, eq=False)
class SizingResult:
    """Sizes, dispatch and cost of the campus.

    Attributes
    ----------
    outcome, explain : how it ended, and why in words.
    objective_USD_per_year : annual cost of the dispatch shown, lost load at its price included.
    lower_bound_USD_per_year, gap : proved bound on any design, and (objective − bound) / objective.
    units, units_needed, spares : by block type and heat source; spares = installed − needed.
    battery_MW, battery_MWh : power and energy.
    dispatch : one row a step, see ``docs/models/sizing_model.md`` for its columns.
    costs : USD/year by item; they sum to the objective.
    availability : exact loss-of-load indices of the units installed.
    reproducible : False when a time limit was hit.
    solve_log : stages in order.
    """

    outcome: Outcome
    explain: str
    objective_USD_per_year: float | None = None
    lower_bound_USD_per_year: float | None = None
    gap: float | None = None
    units: dict[str, int] | None = None
    units_needed: dict[str, int] | None = None
    spares: dict[str, int] | None = None
    battery_MW: float | None = None
    battery_MWh: float | None = None
    dispatch: pd.DataFrame | None = None
    costs: dict[str, float] | None = None
    availability: Availability | None = None
    reproducible: bool = True
    solve_log: tuple[StageLog, ...] = field(default=())

    def require_ok(self) -> SizingResult:
        """This result if it carries an answer, else :class:`SizingError` with the explanation."""
        if not self.outcome.ok:
            raise SizingError(f"{self.outcome.value} {self.explain}")
        return self
