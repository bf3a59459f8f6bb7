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
    """One step of the way: so many components of a kind, and the chance that the step is whole.

    parts : the components that its failure data are of; of the step's own name, if none is named.
    """

    name: str
    count: float
    availability: float
    parts: tuple[str, ...] = ()


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


def _whole(name: str, count: float) -> float:
    """Chance that so many components of a kind are all in service."""
    return (1.0 - unavailability(name)) ** count


def worst_path(spec: PodSpec, feeder_runs: int) -> tuple[PathStep, ...]:
    """The way to the worst-placed rack, the last one of a full row, from the pod's bus to its 50 V bus.

    N+1: one feeder may be out. 2N: either side is enough, with its own bus, feeder, busway and sidecar. block_redundant:
    the feeder, or the reserve feeder from the catcher bus with the breaker that transfers.

    Parameters
    ----------
    spec : PodSpec
    feeder_runs : int
        Parallel cables of a row feeder, go and return counted as one run.
    """
    km = feeder_runs * spec.row_feeder_length_m / 1e3
    joints = float(min(spec.racks_per_row, spec.n_racks))
    busway = PathStep("busway joint", joints, _whole("busway joint", joints))
    feeder = _whole("breaker", 1.0) * _whole("cable", km)
    bus = PathStep("pod bus", 1.0, _whole("pod bus", 1.0))
    if spec.feed == "2N":
        one = feeder * bus.availability * busway.availability * _sidecar(spec, "N").availability
        return (PathStep("either side", 2.0, at_least(1, 2, one), tuple(components())),)
    rest = (busway, _sidecar(spec, spec.sidecar_redundancy))
    if spec.feed == "N+1":
        n = spec.feeders_per_row
        step = PathStep(f"feeders, {n} of {n + 1}", n + 1.0, at_least(n, n + 1, feeder), ("breaker", "cable"))
        return (bus, step, *rest)
    if spec.feed == "block_redundant":
        reserve = bus.availability * feeder * _whole("breaker", 1.0)
        either = 1.0 - (1.0 - bus.availability * feeder) * (1.0 - reserve)
        return (PathStep("feeder or reserve feeder", 2.0, either, ("pod bus", "breaker", "cable")), *rest)
    steps = (PathStep("breaker", 1.0, _whole("breaker", 1.0)), PathStep("cable", km, _whole("cable", km)))
    return (bus, *steps, *rest)


def _sidecar(spec: PodSpec, redundancy: str) -> PathStep:
    """Enough modules of a rack's sidecar."""
    needed = modules(spec.rack_p_w, spec.sidecar_module_w, "N")
    n = modules(spec.rack_p_w, spec.sidecar_module_w, redundancy)
    enough = at_least(needed, n, 1.0 - unavailability("sidecar module"))
    return PathStep("sidecar module", float(n), enough)


def path_availability(steps: tuple[PathStep, ...]) -> float:
    """Chance that every step of a way is whole.

    Examples
    --------
    >>> path_availability((PathStep("a", 1, 0.9), PathStep("b", 1, 0.5)))
    0.45
    """
    return prod(step.availability for step in steps)
