"""What a run can end in, and the one exception that bad input raises."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Outcome(Enum):
    """How a run ended. The value is a hint for the reader."""

    OK = "solved"
    LIMITED = "solved, but something works at or beyond its limit: see `limited` and `explain`"
    COLLAPSE = "the network cannot carry this load: shorten or thicken lines, raise the voltage, or shed load"
    NOT_CONVERGED = "no operating point found: look for surplus power that no source may absorb"
    INVALID = "the network contradicts itself: mend the findings first"

    @property
    def solved(self) -> bool:
        """True where the result tables hold numbers."""
        return self in (Outcome.OK, Outcome.LIMITED)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an input."""

    path: str
    value: object
    allowed: str
    suggestion: str = ""

    def __str__(self) -> str:
        hint = f"; {self.suggestion}" if self.suggestion else ""
        return f"{self.path} = {self.value!r}: allowed is {self.allowed}{hint}"


class NetworkError(ValueError):
    """Bad input to dcgrid; `.problems` lists everything that is wrong, not only the first."""

    def __init__(self, problems: list[Problem] | tuple[Problem, ...]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


class RunError(RuntimeError):
    """Raised by `require_ok()` in scripts when a run found no answer."""


class Checker:
    """Collects the problems of one call and raises them together."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.problems: list[Problem] = []

    def add(self, field: str, value: object, allowed: str, suggestion: str = "") -> None:
        self.problems.append(Problem(f"{self.where}.{field}", value, allowed, suggestion))

    def number(
        self,
        field: str,
        value: object,
        low: float | None = None,
        high: float | None = None,
        unit: str = "",
        strict: bool = False,
        optional: bool = False,
    ) -> None:
        """Note a problem unless `value` is a finite number within the bounds (`strict`: above `low`)."""
        if value is None and optional:
            return None
        sign = ">" if strict else ">="
        parts = [] if low is None else [f"{sign} {low:g} {unit}".strip()]
        parts += [] if high is None else [f"<= {high:g} {unit}".strip()]
        allowed = "a finite number " + " and ".join(parts)
        try:
            x = float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            return self.add(field, value, allowed.strip())
        too_low = low is not None and (x <= low if strict else x < low)
        too_high = high is not None and x > high
        if x != x or abs(x) == float("inf") or too_low or too_high:
            self.add(field, value, allowed.strip())
        return None

    def whole(self, field: str, value: object, low: int) -> None:
        """Note a problem unless `value` is a whole number >= `low`."""
        if not isinstance(value, int) or isinstance(value, bool) or value < low:
            if hasattr(value, "__index__") and int(value) >= low:  # numpy integers
                return
            self.add(field, value, f"a whole number >= {low}")

    def choice(self, field: str, value: object, allowed: tuple[str, ...]) -> None:
        """Note a problem unless `value` is one of `allowed`, with a did-you-mean."""
        if value not in allowed:
            import difflib

            near = difflib.get_close_matches(str(value), allowed, n=1, cutoff=0.5)
            self.add(
                field, value, "one of " + ", ".join(allowed), f"did you mean {near[0]!r}?" if near else ""
            )

    def done(self) -> None:
        if self.problems:
            raise NetworkError(self.problems)
