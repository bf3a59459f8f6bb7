"""The cheapest spare units that meet a promised availability (outer search over exact outage tables)."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sizing.campus_availability import campus_availability, distinct_hours
from sizing.constraints import count_limit
from sizing.inputs import BlockType, HeatSource, SizingInputs
from sizing.steps import year_steps

MAX_EVALUATIONS = 400


@dataclass(frozen=True)
class SpareSearch:
    """Units that meet the target (None if none can), whether cheapest is proved, and the LOLH reached."""

    units: dict[str, int] | None
    proved: bool
    lolh_h: float
    evaluations: int


def _unit_cost(unit: BlockType | HeatSource) -> float:
    return unit.annual_cost_USD_per_MWth * unit.module_MWth


def _limits(inputs: SizingInputs, base: Mapping[str, int]) -> dict[str, int]:
    units = inputs.all_units
    year = year_steps(inputs)
    return {u.name: max(count_limit(inputs, year, u), base[u.name]) for u in units}


def _lolh(inputs: SizingInputs) -> Callable[[Mapping[str, int]], float]:
    hours, known = distinct_hours(inputs), dict[tuple[int, ...], float]()
    names = [u.name for u in inputs.all_units]

    def lolh(units: Mapping[str, int]) -> float:
        key = tuple(units[n] for n in names)
        if key not in known:
            known[key] = campus_availability(inputs, units, energy=False, hours=hours).lolh_h_per_year
        return known[key]

    return lolh


def least_units(inputs: SizingInputs, base: Mapping[str, int], target_h: float) -> dict[str, int]:
    """For each type, the fewest units any design that meets the target must have, however many of the others.

    The others are set to plenty (perfect where possible), so this is a valid lower limit for all designs.
    """
    perfect = _perfect(inputs)
    top = _limits(inputs, dict.fromkeys(base, 0))
    least = {}
    for unit in inputs.all_units:
        lolh = _lolh(perfect(unit.name))
        low, high = 0, top[unit.name]
        while low < high:
            middle = (low + high) // 2
            met = lolh({n: middle if n == unit.name else top[n] for n in base}) <= target_h
            low, high = (low, middle) if met else (middle + 1, high)
        least[unit.name] = low
    return least


def _perfect(inputs: SizingInputs) -> Callable[[str], SizingInputs]:
    """The same campus with units that never fail, all but the one named."""

    def but(name: str) -> SizingInputs:
        blocks = [b if b.name == name else replace(b, FOR=0.0) for b in inputs.blocks]
        pools = [
            replace(p, sources=tuple(s if s.name == name else replace(s, FOR=0.0) for s in p.sources))
            for p in inputs.pools
        ]
        return replace(inputs, blocks=tuple(blocks), pools=tuple(pools))

    return but


def cheapest_spares(inputs: SizingInputs, base: Mapping[str, int], target_h: float) -> SpareSearch:
    """Cheapest units to add to ``base`` so that LOLH ≤ target.

    A greedy search (most hours saved per USD) gives an answer; a search in order of cost then proves that no
    cheaper addition does, or finds it, within a bounded number of tables.
    """
    lolh = _lolh(inputs)
    cost = {u.name: _unit_cost(u) for u in inputs.all_units}
    top = _limits(inputs, base)
    best, steps = _greedy(lolh, dict(base), cost, top, target_h)
    if best is None:
        return SpareSearch(None, False, lolh({n: max(top[n], base[n]) for n in base}), steps)
    names = sorted(base)
    ceiling = sum(cost[n] * (best[n] - base[n]) for n in names)
    queue = [(0.0, tuple(base[n] for n in names))]
    seen, tried = {queue[0][1]}, steps
    while queue and queue[0][0] < ceiling - 1e-6:
        spent, counts = heapq.heappop(queue)
        if tried >= MAX_EVALUATIONS:
            return SpareSearch(best, False, lolh(best), tried)
        tried += 1
        here = dict(zip(names, counts, strict=True))
        if lolh(here) <= target_h:
            return SpareSearch(here, True, lolh(here), tried)
        for i, n in enumerate(names):
            more = (*counts[:i], counts[i] + 1, *counts[i + 1 :])
            if counts[i] < top[n] and more not in seen and spent + cost[n] < ceiling - 1e-6:
                seen.add(more)
                heapq.heappush(queue, (spent + cost[n], more))
    return SpareSearch(best, True, lolh(best), tried)


def _greedy(
    lolh: Callable[[Mapping[str, int]], float],
    units: dict[str, int],
    cost: Mapping[str, float],
    top: Mapping[str, int],
    target_h: float,
) -> tuple[dict[str, int] | None, int]:
    """Add the unit that saves most hours per USD until the target is met; then take back what is not needed."""
    tried, base = 0, dict(units)
    while lolh(units) > target_h:
        room = [n for n in units if units[n] < top[n]]
        if not room or tried > MAX_EVALUATIONS:
            return None, tried
        now = lolh(units)
        tried += len(room)
        worth = {n: (now - lolh({**units, n: units[n] + 1})) / max(cost[n], 1.0) for n in room}
        chosen = max(room, key=lambda n: (worth[n], -cost[n]))
        units[chosen] += 1
    for n in sorted(units, key=lambda n: -cost[n]):
        while units[n] > base[n] and lolh({**units, n: units[n] - 1}) <= target_h:
            units[n] -= 1
            tried += 1
    return units, tried
