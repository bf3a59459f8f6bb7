"""Range checks shared by every spec: all problems of a spec in one `SpecError`."""

import math
from collections.abc import Mapping
from typing import Any


class SpecError(ValueError):
    """A spec with problems; `.problems` holds one line for each."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


def check_ranges(spec: Any, ranges: Mapping[str, tuple[float, float, str]], optional: set[str]) -> list[str]:
    """One line for each field of a spec that is no number or outside its (least, greatest, unit); None may be left out
    where optional."""
    problems = []
    for name, (lo, hi, unit) in ranges.items():
        value = getattr(spec, name)
        if value is None and name in optional:
            continue
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            problems.append(f"{name}: {value!r} is not a number; allowed {lo:g} to {hi:g} {unit}")
        elif not lo <= value <= hi:
            problems.append(f"{name}: {value:g} is out of range; allowed {lo:g} to {hi:g} {unit}")
    return problems
