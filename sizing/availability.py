"""Exact outage tables for independent two-state units: loss of load hours and energy not served.

Each unit is out with its forced outage rate FOR, independently. Load is lost when it is strictly greater than the
capacity that is left. Tables are built by convolution over the *units* themselves (no capacity grid), so the
indices are exact to rounding. Source of the method: Billinton and Allan, Reliability Evaluation of Power Systems.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from math import comb
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sizing.inputs import Array, InputsError, Problem

SAME_MW = 1e-9
"""Load within this of the capacity counts as served [MW]."""


@dataclass(frozen=True, eq=False)
class Availability:
    """How often and how much load is lost.

    Attributes
    ----------
    lolh_h_per_year : expected hours with load lost [h], over the hours given.
    eens_MWh_per_year : expected energy not served [MWh].
    availability : 1 − LOLH / hours: share of time at full power.
    served_fraction : 1 − EENS / energy asked.
    lolp, eens_MW : by step, probability of losing load and expected loss [MW].
    """

    lolh_h_per_year: float
    eens_MWh_per_year: float
    availability: float
    served_fraction: float
    lolp: Array
    eens_MW: Array


def summarise(lolp: Array, eens_MW: Array, load_MW: Array, weights_h: Array) -> Availability:
    """Sum the indices of each step over its hours."""
    hours, energy = float(weights_h.sum()), float(weights_h @ load_MW)
    lolh, eens = float(weights_h @ lolp), float(weights_h @ eens_MW)
    return Availability(lolh, eens, 1.0 - lolh / hours, 1.0 - eens / energy if energy else 1.0, lolp, eens_MW)


def units_in_service(count: int, FOR: float) -> Array:
    """Probability that 0, 1, ..., count of identical units are in service (binomial).

    >>> units_in_service(2, 0.1).round(4).tolist()
    [0.01, 0.18, 0.81]
    """
    return np.array([comb(count, a) * (1.0 - FOR) ** a * FOR ** (count - a) for a in range(count + 1)])


def capacity_table(groups: Iterable[tuple[int, float, float]]) -> tuple[Array, Array]:
    """Capacity in service [MW], rising, and its probability, for groups of (count, MW, FOR)."""
    capacity, chance = np.zeros(1), np.ones(1)
    for count, MW, FOR in groups:
        p = units_in_service(count, FOR)
        capacity = np.add.outer(capacity, np.arange(count + 1) * MW).ravel()
        chance = np.multiply.outer(chance, p).ravel()
        capacity, back = np.unique(np.round(capacity, 9), return_inverse=True)
        chance = np.asarray(np.bincount(back.ravel(), chance), float)
    return capacity, chance


def shortfall(capacity: Array, chance: Array, load_MW: Array) -> tuple[Array, Array]:
    """(probability of load > capacity, expected load − capacity where positive) for each load."""
    below = np.concatenate([[0.0], np.cumsum(chance)])
    below_MW = np.concatenate([[0.0], np.cumsum(chance * capacity)])
    at = np.searchsorted(capacity, load_MW - SAME_MW, side="left")
    return below[at], np.maximum(load_MW * below[at] - below_MW[at], 0.0)


def availability(
    units: Sequence[Mapping[str, Any] | Any], load: ArrayLike, weights: ArrayLike | None = None
) -> Availability:
    """Exact indices of a set of units on one bus against a load.

    Parameters
    ----------
    units : sequence of {count, MW, FOR} as mappings or objects; ``MW`` a number or a series by step; without
        ``FOR``, MTTF_h and MTTR_h give MTTR / (MTTF + MTTR). Other keys are not read.
    load : load by step [MW]. weights : hours of each step [h], 1 when not given.

    >>> r = availability([{"count": 2, "MW": 10.0, "FOR": 0.1}], [15.0])
    >>> round(r.lolh_h_per_year, 12), round(r.eens_MWh_per_year, 12)
    (0.19, 1.05)
    """
    load_MW = np.atleast_1d(np.asarray(load, float))
    weights_h = np.ones(len(load_MW)) if weights is None else np.asarray(weights, float)
    fixed, by_step = _read_units(units, len(load_MW))
    capacity, chance = capacity_table(fixed)
    lolp, eens = np.zeros(len(load_MW)), np.zeros(len(load_MW))
    for counts in product(*(range(n + 1) for n, _, _ in by_step)):
        p, derated = 1.0, np.zeros(len(load_MW))
        for a, (n, MW, FOR) in zip(counts, by_step, strict=True):
            p *= float(units_in_service(n, FOR)[a])
            derated = derated + a * MW
        if p > 0.0:
            lost, energy = shortfall(capacity, chance, np.maximum(load_MW - derated, 0.0))
            lolp += p * lost
            eens += p * energy
    return summarise(lolp, eens, load_MW, weights_h)


def _attribute(unit: Any, name: str, default: Any = None) -> Any:
    return getattr(unit, name, default)


def _read_units(
    units: Sequence[Mapping[str, Any] | Any], n_steps: int
) -> tuple[list[tuple[int, float, float]], list[tuple[int, Array, float]]]:
    """Split units into those of constant MW and those with a series."""
    problems: list[Problem] = []
    fixed: list[tuple[int, float, float]] = []
    by_step: list[tuple[int, Array, float]] = []
    for i, unit in enumerate(units):
        get: Callable[..., Any] = unit.get if isinstance(unit, Mapping) else partial(_attribute, unit)
        count, FOR, MW = get("count", 1), get("FOR", None), np.asarray(get("MW", np.nan), float)
        up, down = get("MTTF_h"), get("MTTR_h")
        if FOR is None and up and down:
            FOR = down / (up + down)
        if FOR is None or not 0 <= FOR <= 1:
            problems.append(Problem(f"units[{i}].FOR", FOR, "from 0 to 1"))
        if int(count) != count or count < 0:
            problems.append(Problem(f"units[{i}].count", count, "a whole number from 0"))
        if MW.shape not in ((), (n_steps,)) or not np.all(np.isfinite(MW)) or np.any(MW < 0):
            problems.append(
                Problem(f"units[{i}].MW", get("MW", None), f"a number or {n_steps} numbers from 0", "MW")
            )
        if problems:
            continue
        if MW.ndim:
            by_step.append((int(count), MW, float(FOR)))
        else:
            fixed.append((int(count), float(MW), float(FOR)))
    if problems:
        raise InputsError(problems)
    return fixed, by_step
