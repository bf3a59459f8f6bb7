"""Availability of a campus: blocks limited by the heat that is left, exactly, hour by hour.

Capacity of an hour = Σ over pools of the greatest output of the blocks in service, limited by the heat modules in
service in that pool. The tables count *units*; what a unit gives is derated by the hour. In a pool with one
block type the number of units on is an integer, as in the dispatch; with several, heat goes to the best
heat rate first and part of a unit may be on. The battery gets no credit: its hours are few against repair times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np
from numpy.typing import NDArray

from sizing.availability import (
    SAME_MW,
    Availability,
    capacity_table,
    summarise,
    units_in_service,
)
from sizing.heat_rate import curve, greatest_output_MW, heat_MWth, relaxed_pieces
from sizing.inputs import Array, BlockType, HeatPool, InputsError, Problem, SizingInputs

NEGLIGIBLE = 1e-20
"""States rarer than this are left out: far below rounding of any index."""


@dataclass(frozen=True, eq=False)
class Hours:
    """The distinct hours of the year: load and what one unit gives and takes, and where each hour went."""

    load_MW: Array
    weight_h: Array
    unit_MW: dict[str, Array]
    heat_factor: dict[str, Array]
    where: NDArray[np.int64]


def distinct_hours(inputs: SizingInputs) -> Hours:
    """Group hours with the same load and derating; they share every state of the tables."""
    load, n = inputs.bus_load_MW, len(inputs.load_MW)
    names = [b.name for b in inputs.blocks]
    unit = [greatest_output_MW(b, n) for b in inputs.blocks]
    factor = [np.ones(n) if b.heat_factor is None else b.heat_factor for b in inputs.blocks]
    table, where = np.unique(np.array([load, *unit, *factor]), axis=1, return_inverse=True)
    where = where.ravel()
    weight = np.asarray(np.bincount(where, inputs.hour_weights), float)
    k = len(names)
    return Hours(
        table[0],
        weight,
        dict(zip(names, table[1 : k + 1], strict=True)),
        dict(zip(names, table[k + 1 :], strict=True)),
        where,
    )


class PoolTable:
    """Heat that a state of the blocks needs for a load, and what it gives with a heat, by hour."""

    def __init__(self, inputs: SizingInputs, pool: HeatPool, hours: Hours, units: Mapping[str, int]) -> None:
        self.blocks = [b for b in inputs.blocks if b.pool == pool.name]
        self.counts = [units.get(b.name, 0) for b in self.blocks]
        self.hours = hours
        self.heat, self.heat_chance = capacity_table(
            (units.get(s.name, 0), s.module_MWth, s.FOR) for s in pool.sources
        )
        tail = np.cumsum(self.heat_chance)
        self._below = np.concatenate([[0.0], tail])

    def states(self) -> Iterator[tuple[tuple[int, ...], float]]:
        """Units in service by block type, and their probability."""
        tables = [units_in_service(n, b.FOR) for n, b in zip(self.counts, self.blocks, strict=True)]
        likely = [[(a, float(p)) for a, p in enumerate(t) if p > NEGLIGIBLE] for t in tables]
        for pairs in product(*likely):
            p = prod(p for _, p in pairs)
            if p > NEGLIGIBLE:
                yield tuple(a for a, _ in pairs), p

    def too_little(self, heat_needed: Array) -> Array:
        """Probability that the heat in service is below what is needed."""
        return np.asarray(self._below[np.searchsorted(self.heat, heat_needed - SAME_MW, side="left")])

    def heat_needed(self) -> Callable[[tuple[int, ...]], Array]:
        """Function: state → heat it needs for the whole load, infinite where it cannot serve it."""
        load = self.hours.load_MW
        if len(self.blocks) == 1:
            by_count = _whole_unit_heat(self.blocks[0], self.counts[0], self.hours)
            return lambda state: by_count[state[0]]

        def needed(state: tuple[int, ...]) -> Array:
            left, heat = load.copy(), np.zeros(len(load))
            for width, rate in self._in_merit(state):
                take = np.minimum(left, width)
                left -= take
                heat += take * rate
            return np.where(left > SAME_MW, np.inf, heat)

        return needed

    def output(self, state: tuple[int, ...], heat: float) -> Array:
        """Greatest output of a state with a heat [MW], by hour."""
        if len(self.blocks) == 1:
            return _whole_unit_output(self.blocks[0], state[0], heat, self.hours)
        left, out = np.full(len(self.hours.load_MW), heat), np.zeros(len(self.hours.load_MW))
        for width, rate in self._in_merit(state):
            take = np.minimum(left / rate, width)
            left = left - take * rate
            out += take
        return out

    def _in_merit(self, state: tuple[int, ...]) -> Iterator[tuple[Array, Array]]:
        """(width MW, heat per MW) of the pieces of all units in service, best heat rate first in each hour."""
        width, rate = [], []
        for a, b in zip(state, self.blocks, strict=True):
            unit, start = self.hours.unit_MW[b.name], 0.0
            for slope, _, w in relaxed_pieces(b, max(1.0, float(unit.max()) / b.output_MW)):
                width.append(a * np.clip(unit - start, 0.0, w * b.output_MW))
                rate.append(slope * b.module_MWth / b.output_MW * self.hours.heat_factor[b.name])
                start += w * b.output_MW
        order = np.argsort(np.array(rate), axis=0, kind="stable")
        widths = np.take_along_axis(np.array(width), order, axis=0)
        yield from zip(widths, np.take_along_axis(np.array(rate), order, axis=0), strict=True)


def _whole_unit_heat(block: BlockType, count: int, hours: Hours) -> list[Array]:
    """Least heat for the load with at most 0, 1, ..., count units on; infinite where they cannot give it."""
    load, unit, factor = hours.load_MW, hours.unit_MW[block.name], hours.heat_factor[block.name]
    best = np.where(load > SAME_MW, np.inf, 0.0)
    found = [best]
    for n in range(1, count + 1):
        able = n * unit >= load - SAME_MW
        heat = factor * heat_MWth(block, load, np.full(len(load), n))
        best = np.minimum(best, np.where(able, heat, np.inf))
        found.append(best)
    return found


def _whole_unit_output(block: BlockType, count: int, heat: float, hours: Hours) -> Array:
    """Greatest output of at most ``count`` identical units that share a heat [MW]."""
    unit, factor = hours.unit_MW[block.name], hours.heat_factor[block.name]
    y, h = curve(block, max(1.0, float(unit.max()) / block.output_MW))
    best = np.zeros(len(unit))
    for n in range(1, count + 1):
        share = heat / (n * block.module_MWth * factor)
        reach = np.where(share >= h[0] - 1e-12, np.interp(share, h, y), 0.0) * block.output_MW
        best = np.maximum(best, n * np.minimum(unit, reach))
    return best


def campus_availability(
    inputs: SizingInputs, units: Mapping[str, int], energy: bool = True, hours: Hours | None = None
) -> Availability:
    """Exact loss-of-load indices of installed units [name → count] over the year.

    ``energy=False`` skips the energy not served (given as 0), for searches that only need hours; ``hours`` may
    be passed in by such a search.
    """
    hours = distinct_hours(inputs) if hours is None else hours
    tables = [PoolTable(inputs, pool, hours, units) for pool in inputs.pools]
    if len(tables) == 1:
        lolp = _one_pool_loss(tables[0])
        eens = _one_pool_energy(tables[0]) if energy else np.zeros_like(lolp)
    else:
        lolp, eens = _many_pools(tables, hours)
    load = inputs.bus_load_MW
    return summarise(lolp[hours.where], eens[hours.where], load, inputs.hour_weights)


def _one_pool_loss(table: PoolTable) -> Array:
    lolp, needed = np.zeros(len(table.hours.load_MW)), table.heat_needed()
    for state, p in table.states():
        lolp += p * table.too_little(needed(state))
    return lolp


def _one_pool_energy(table: PoolTable) -> Array:
    load, eens = table.hours.load_MW, np.zeros(len(table.hours.load_MW))
    needed = table.heat_needed()
    for state, p in table.states():
        ask = needed(state)
        for heat, q in zip(table.heat, table.heat_chance, strict=True):
            short = ask > heat + SAME_MW
            if p * q > NEGLIGIBLE and short.any():
                eens += p * q * np.maximum(load - table.output(state, float(heat)), 0.0)
    return eens


def _many_pools(tables: list[PoolTable], hours: Hours) -> tuple[Array, Array]:
    """Sum the capacities of the pools state by state; the last pool is looked up in its sorted table."""
    sizes = [sum(1 for _ in t.states()) * len(t.heat) for t in tables]
    if float(np.prod(sizes[:-1])) * len(hours.load_MW) > 2e8 or sizes[-1] * len(hours.load_MW) > 2e8:
        hint = "Merge pools or unit types that are alike."
        raise InputsError(
            [Problem("pools", sizes, "fewer states of units for an exact table", "states", hint)]
        )
    capacity, chance = _pool_states(tables[0])
    for table in tables[1:-1]:
        more, p = _pool_states(table)
        capacity = (capacity[:, None] + more[None]).reshape(-1, capacity.shape[1])
        chance = np.multiply.outer(chance, p).ravel()
    last, p_last = _pool_states(tables[-1])
    lolp, eens = np.zeros(len(hours.load_MW)), np.zeros(len(hours.load_MW))
    for t, load in enumerate(hours.load_MW):
        order = np.argsort(last[:, t], kind="stable")
        sorted_MW, q = last[order, t], p_last[order]
        below, below_MW = np.append(0.0, np.cumsum(q)), np.append(0.0, np.cumsum(q * sorted_MW))
        rest = load - capacity[:, t]
        at = np.searchsorted(sorted_MW, rest - SAME_MW, side="left")
        lolp[t] = chance @ below[at]
        eens[t] = chance @ np.maximum(rest * below[at] - below_MW[at], 0.0)
    return lolp, eens


def _pool_states(table: PoolTable) -> tuple[Array, Array]:
    """Capacity (states, hours) and probability of every state of blocks and heat of one pool."""
    rows, chance = [], []
    for state, p in table.states():
        for heat, q in zip(table.heat, table.heat_chance, strict=True):
            if p * q > NEGLIGIBLE:
                rows.append(table.output(state, float(heat)))
                chance.append(p * q)
    return np.array(rows), np.array(chance)


def whole_unit_limits_MW(inputs: SizingInputs, units: Mapping[str, int], hours: Hours) -> dict[str, Array]:
    """Greatest output by step of each block type that is alone in its pool, whole units sharing the pool's heat [MW].

    Heat of whole units rises with output, so up to this limit the heat is always enough.
    """
    limits = {}
    for pool in inputs.pools:
        table = PoolTable(inputs, pool, hours, units)
        if len(table.blocks) == 1:
            top = table.output(tuple(table.counts), float(table.heat[-1]))
            limits[table.blocks[0].name] = top[hours.where]
    return limits


def capability_MW(inputs: SizingInputs, units: Mapping[str, int], hours: Hours | None = None) -> Array:
    """Greatest output of a campus with all the given units in service [MW], by step."""
    hours = distinct_hours(inputs) if hours is None else hours
    total = np.zeros(len(hours.load_MW))
    for pool in inputs.pools:
        table = PoolTable(inputs, pool, hours, units)
        total += table.output(tuple(table.counts), float(table.heat[-1]))
    return total[hours.where]
