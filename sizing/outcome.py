"""How a sizing run ended; the text of each outcome is the hint shown to the reader."""

from __future__ import annotations

from enum import Enum


class Outcome(Enum):
    """Outcome of :func:`sizing.size`. The value is a sentence for the reader."""

    OK = "A design was found; its gap to the lower bound is stated."
    INFEASIBLE = (
        "No design meets all the requirements; `explain` names those that clash and the smallest change."
    )
    NODE_LIMIT = "The search stopped at its node limit before any design was found; raise solve.node_limit."
    TIME_LIMIT = "The search stopped at its time limit before any design was found; raise solve.time_limit_s."
    UNBOUNDED = "Cost falls without limit: a negative cost or price is in the input."
    SOLVER_FAILED = "The solver gave neither an optimum nor a stated gap; no number of it is used."
    BOUND_VIOLATED = (
        "The cost found is below the lower bound, so one of the two is wrong; please report the case."
    )

    @property
    def ok(self) -> bool:
        """True when the result carries numbers."""
        return self is Outcome.OK
