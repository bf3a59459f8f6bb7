"""Availability of the way from a pod's bus to one rack: components in series, sidecar modules k of n.

    rate x MTTR / (1 + rate x MTTR) = unavailability u of a component           (rate per hour, MTTR in hours)
    A_path = product of (1 - u) over the series  x  P(at least k of n modules in service)

Every component fails and is repaired independently. Data with source and grade: ``data/reliability.json``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from math import comb, prod
from typing import Any

from dcgrid.pod import PodSpec, modules

HOURS_PER_YEAR = 8760.0


@lru_cache(maxsize=1)
def components() -> dict[str, dict[str, Any]]:
    """Failure data by component."""
    text = (resources.files("dcgrid") / "data" / "reliability.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = json.loads(text)["components"]
    return found


@dataclass(frozen=True)
class PathStep:
    """One step of the way: so many components of a kind, and the chance that the step is whole."""

    name: str
    count: float
    availability: float


def unavailability(component: str) -> float:
    """Share of time that one component (or km of cable) is out.

    Examples
    --------
    >>> round(1e6 * unavailability("pod bus"), 3)
    2.74
    """
    row = components()[component]
    down = row["failures_per_year"] / HOURS_PER_YEAR * row["MTTR_h"]
    return float(down / (1.0 + down))


def at_least(k: int, n: int, availability: float) -> float:
    """Probability that at least k of n independent units are in service.

    Examples
    --------
    >>> round(at_least(2, 3, 0.9), 3)
    0.972
    """
    a = availability
    return sum(comb(n, up) * a**up * (1.0 - a) ** (n - up) for up in range(k, n + 1))


def worst_path(spec: PodSpec, feeder_runs: int) -> tuple[PathStep, ...]:
    """The way to the worst-placed rack, the last one of a full row, from the pod's bus to its 50 V bus.

    Parameters
    ----------
    spec : PodSpec
    feeder_runs : int
        Parallel cables of a row feeder, go and return counted as one run.
    """
    row = min(spec.racks_per_row, spec.n_racks)
    needed = modules(spec.rack_p_w, spec.sidecar_module_w, "N")
    series = (
        ("pod bus", 1.0),
        ("breaker", 1.0),
        ("cable", feeder_runs * spec.row_feeder_length_m / 1e3),
        ("busway joint", float(row)),
    )
    steps = [PathStep(name, count, (1.0 - unavailability(name)) ** count) for name, count in series]
    enough = at_least(needed, spec.sidecar_modules, 1.0 - unavailability("sidecar module"))
    return (*steps, PathStep("sidecar module", float(spec.sidecar_modules), enough))


def path_availability(steps: tuple[PathStep, ...]) -> float:
    """Chance that every step of a way is whole.

    Examples
    --------
    >>> path_availability((PathStep("a", 1, 0.9), PathStep("b", 1, 0.5)))
    0.45
    """
    return prod(step.availability for step in steps)
