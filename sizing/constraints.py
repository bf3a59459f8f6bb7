"""The campus model, one small function for each constraint, each with its words.

Every function adds columns or rows to a :class:`sizing.program.Program` for all steps at once. The
equations are written out in ``docs/models/sizing_model.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sizing.heat_rate import best_heat_rate, committed_pieces, is_line, relaxed_pieces
from sizing.inputs import BlockType, HeatSource, SizingInputs, spares_asked
from sizing.program import INF, Ids, Program
from sizing.steps import Steps

Terms = list[tuple[Any, Any]]


@dataclass
class Columns:
    """Where each quantity of the model stands in the columns; filled as the model is built."""

    needed: dict[str, Ids] = field(default_factory=dict)
    used: dict[str, Ids] = field(default_factory=dict)
    output: dict[str, Ids] = field(default_factory=dict)
    heat: dict[str, Ids] = field(default_factory=dict)
    units_on: dict[str, Ids] = field(default_factory=dict)
    source_heat: dict[str, Ids] = field(default_factory=dict)
    dump: dict[str, Ids] = field(default_factory=dict)
    battery_power: Ids | None = None
    battery_energy: Ids | None = None
    charge: Ids | None = None
    discharge: Ids | None = None
    stored: Ids | None = None
    stored_first: Ids | None = None
    lost: Ids | None = None


def count_limit(inputs: SizingInputs, steps: Steps, unit: BlockType | HeatSource) -> int:
    """More units than any sensible design needs; only bounds the search."""
    if unit.units_max is not None:
        return unit.units_max
    peak = float(steps.load_MW.max())
    if isinstance(unit, BlockType):
        weakest = steps.output_max_MW[unit.name]
        per_unit = max(float(weakest[weakest > 0].min(initial=unit.output_MW)), 0.05 * unit.output_MW)
        return (
            int(np.ceil(max(3.0 * peak / per_unit, (inputs.reserve_margin or 0) * peak / unit.output_MW))) + 2
        )
    rate = max(best_heat_rate(b) * float(steps.heat_factor[b.name].max()) * 3.0 for b in inputs.blocks)
    return int(np.ceil(rate * peak / unit.module_MWth)) + 2


def installed(p: Program, c: Columns, inputs: SizingInputs, steps: Steps, least: dict[str, int]) -> None:
    """Whole modules: installed = needed + k spares where any is installed; cost is on all installed."""
    spares = spares_asked(inputs)
    for unit in inputs.all_units:
        name, k = unit.name, spares[unit.name]
        low = max(unit.units_min, least.get(name, 0))
        top = max(count_limit(inputs, steps, unit), low if unit.units_max is None else 0)
        cost = unit.annual_cost_USD_per_MWth * unit.module_MWth
        if k == 0:
            c.needed[name] = p.add_columns(f"{name} units needed", 1, low, top, cost, integer=True)
            continue
        c.needed[name] = p.add_columns(f"{name} units needed", 1, 0, max(top - k, 0), cost, integer=True)
        c.used[name] = p.add_columns(f"{name} is installed", 1, 0, 1, k * cost, integer=True)
        words = f"{name}: no unit is needed unless the type is installed with its {k} spare"
        p.add_rows(f"{name} spares", words, [(c.needed[name], 1.0), (c.used[name], -float(top))], upper=0.0)
        words = f"{name}: units installed, spares included, from {low} to {top}"
        terms: Terms = [(c.needed[name], 1.0), (c.used[name], float(k))]
        p.add_rows(f"{name} installed", words, terms, lower=low, upper=top)


def block_output(p: Program, c: Columns, inputs: SizingInputs, steps: Steps) -> None:
    """A block type gives at most its units times the greatest output of one in that hour."""
    for b in inputs.blocks:
        cost = steps.weight_h * b.vom_USD_per_MWh_th * _line_rate(b, steps) if _as_line(b, steps) else 0.0
        c.output[b.name] = p.add_columns(f"{b.name} output MW", steps.n, cost=cost)
        words = f"{b.name}: output is at most units × greatest output of a unit in that hour"
        terms: Terms = [(c.output[b.name], 1.0), (c.needed[b.name], -steps.output_max_MW[b.name])]
        p.add_rows(f"{b.name} capacity", words, terms, upper=0.0, n=steps.n)


def block_heat(p: Program, c: Columns, inputs: SizingInputs, steps: Steps) -> None:
    """A block type takes at least the heat of its curve, any share of a unit allowed on."""
    for b in inputs.blocks:
        if _as_line(b, steps):
            continue
        cost = steps.weight_h * b.vom_USD_per_MWh_th
        c.heat[b.name] = p.add_columns(f"{b.name} heat MWth", steps.n, cost=cost)
        for i, (slope, intercept, _) in enumerate(relaxed_pieces(b, _top(b, steps))):
            words = f"{b.name}: heat is at least piece {i + 1} of the heat curve of the units installed"
            factor = steps.heat_factor[b.name]
            terms: Terms = [
                (c.heat[b.name], 1.0),
                (c.output[b.name], -slope * factor * b.module_MWth / b.output_MW),
                (c.needed[b.name], -intercept * factor * b.module_MWth),
            ]
            p.add_rows(f"{b.name} heat curve {i + 1}", words, terms, lower=0.0, n=steps.n)


def whole_units_on(p: Program, c: Columns, inputs: SizingInputs, steps: Steps) -> None:
    """In the hours marked, a whole number of units is on and each takes the heat of the curve itself."""
    at = np.flatnonzero(steps.whole_units)
    if not len(at):
        return
    n = len(at)
    for b in inputs.blocks:
        if is_line(b):
            continue
        on = c.units_on[b.name] = p.add_columns(f"{b.name} units on", n, integer=True)
        out, heat = c.output[b.name][at], c.heat[b.name][at]
        words = f"{b.name}: no more units on than are in service"
        p.add_rows(f"{b.name} on", words, [(on, 1.0), (c.needed[b.name], -1.0)], upper=0.0, n=n)
        words = f"{b.name}: only units that are on give output"
        top = steps.output_top_MW[b.name][at]
        p.add_rows(f"{b.name} on capacity", words, [(out, 1.0), (on, -top)], upper=0.0, n=n)
        for i, (slope, intercept, _) in enumerate(committed_pieces(b, _top(b, steps))):
            words = f"{b.name}: heat is at least piece {i + 1} of the curve of the units on"
            factor = steps.heat_factor[b.name][at] * b.module_MWth
            terms: Terms = [(heat, 1.0), (out, -slope * factor / b.output_MW), (on, -intercept * factor)]
            p.add_rows(f"{b.name} on curve {i + 1}", words, terms, lower=0.0, n=n)


def heat_sources(p: Program, c: Columns, inputs: SizingInputs, steps: Steps) -> None:
    """Heat modules give between their minimum load and their rating, on all that are in service."""
    for s in inputs.sources:
        cost = steps.weight_h * s.variable_cost_USD_per_MWh_th
        h = c.source_heat[s.name] = p.add_columns(f"{s.name} heat MWth", steps.n, cost=cost)
        n = c.needed[s.name]
        words = f"{s.name}: heat is at most units × rating"
        p.add_rows(f"{s.name} rating", words, [(h, 1.0), (n, -s.module_MWth)], upper=0.0, n=steps.n)
        if s.min_load > 0:
            words = f"{s.name}: heat is at least {s.min_load:g} of units × rating"
            terms: Terms = [(h, 1.0), (n, -s.min_load * s.module_MWth)]
            p.add_rows(f"{s.name} minimum load", words, terms, lower=0.0, n=steps.n)


def heat_balance(p: Program, c: Columns, inputs: SizingInputs, steps: Steps) -> None:
    """In each pool and hour heat made = heat taken by blocks + heat dumped."""
    for pool in inputs.pools:
        terms: Terms = [(c.source_heat[s.name], 1.0) for s in pool.sources]
        if pool.dump_allowed:
            c.dump[pool.name] = p.add_columns(f"{pool.name} dump MWth", steps.n)
            terms.append((c.dump[pool.name], -1.0))
        for b in (b for b in inputs.blocks if b.pool == pool.name):
            if b.name in c.heat:
                terms.append((c.heat[b.name], -1.0))
            else:
                terms.append((c.output[b.name], -_line_rate(b, steps)))
        words = f"{pool.name}: heat made = heat taken by blocks + heat dumped"
        p.add_rows(f"{pool.name} heat balance", words, terms, 0.0, 0.0, n=steps.n)


def battery(p: Program, c: Columns, inputs: SizingInputs, steps: Steps) -> None:
    """State of charge within each period; what periods hand on sums to zero over the year."""
    spec = inputs.battery
    if spec is None:
        return
    n, eta = steps.n, spec.efficiency_one_way
    per_MW = spec.annual_cost_USD_per_MW + (spec.hours or 0.0) * spec.annual_cost_USD_per_MWh
    top = INF if spec.power_max_MW is None else spec.power_max_MW
    power = c.battery_power = p.add_columns("battery power MW", 1, 0, top, per_MW)
    c.charge = p.add_columns("battery charge MW", n)
    c.discharge = p.add_columns("battery discharge MW", n)
    c.stored = p.add_columns("battery state of charge MWh", n)
    first = c.stored_first = p.add_columns("battery state before the period MWh", n // steps.length)
    energy, hours = power, spec.hours
    if hours is None:
        energy, hours = p.add_columns("battery energy MWh", 1, cost=spec.annual_cost_USD_per_MWh), 1.0
    c.battery_energy = energy
    for name, cols in (("charge", c.charge), ("discharge", c.discharge)):
        words = f"battery: {name} is at most its power"
        p.add_rows(f"battery {name} limit", words, [(cols, 1.0), (power, -1.0)], upper=0.0, n=n)
    for name, cols in (("state", c.stored), ("first state", first)):
        words = "battery: energy stored is at most its energy rating"
        p.add_rows(f"battery {name} limit", words, [(cols, 1.0), (energy, -hours)], upper=0.0, n=len(cols))
    before = np.roll(c.stored, 1)
    before[:: steps.length] = first
    terms: Terms = [(c.stored, 1.0), (before, -1.0), (c.charge, -eta), (c.discharge, 1.0 / eta)]
    words = "battery: energy stored = before + charged × efficiency − discharged ÷ efficiency"
    p.add_rows("battery storage", words, terms, 0.0, 0.0, n=n)
    last = c.stored[steps.length - 1 :: steps.length]
    weight = steps.weight_h[:: steps.length]
    words = "battery: what the periods add to the store and take from it is zero over the year"
    p.add_sum_row("battery year", words, np.append(last, first), np.append(weight, -weight), 0.0, 0.0)


def power_balance(p: Program, c: Columns, inputs: SizingInputs, steps: Steps) -> None:
    """In each hour block output + discharge − charge + lost load = load at the block bus."""
    terms: Terms = [(c.output[b.name], 1.0) for b in inputs.blocks]
    if c.charge is not None and c.discharge is not None:
        terms += [(c.discharge, 1.0), (c.charge, -1.0)]
    if inputs.lost_load == "priced":
        cost = steps.weight_h * float(inputs.voll_USD_per_MWh or 0.0)
        c.lost = p.add_columns("lost load MW", steps.n, 0.0, steps.load_MW, cost)
        terms.append((c.lost, 1.0))
    words = "block output + discharge − charge + lost load = load at the block bus"
    p.add_rows("power balance", words, terms, steps.load_MW, steps.load_MW, n=steps.n)


def heat_cut(p: Program, c: Columns, inputs: SizingInputs, steps: Steps) -> None:
    """For clusters whose heat factor varies: the heat taken is at least the mean of factor × load.

    Σ Q_k / a_k ≥ mean(f·load) + f_low·charge − f_high·(discharge + lost); a_k is the best heat rate. It follows
    from Q_kt ≥ f_t·a_k·P_kt and the power balance of every hour, so it cuts off no real dispatch.
    """
    if len(c.heat) < len(inputs.blocks) or np.all(steps.heat_high - steps.heat_low < 1e-12):
        return
    terms: Terms = [(c.heat[b.name], 1.0 / best_heat_rate(b, _top(b, steps))) for b in inputs.blocks]
    if c.charge is not None and c.discharge is not None:
        terms += [(c.charge, -steps.heat_low), (c.discharge, steps.heat_high)]
    if c.lost is not None:
        terms.append((c.lost, steps.heat_high))
    words = "heat taken is at least that of the load at the best heat rate, hour by hour in the cluster"
    p.add_rows("heat of the load", words, terms, lower=steps.heat_load, n=steps.n)


def whole_unit_floor(p: Program, c: Columns, inputs: SizingInputs, steps: Steps) -> None:
    """Where the load alone decides the output: heat is at least that of whole units for the load."""
    if steps.heat_floor is None:
        return
    name = inputs.blocks[0].name
    words = f"{name}: heat is at least that of whole units on for the load, however many are installed"
    p.add_rows(f"{name} whole units", words, [(c.heat[name], 1.0)], lower=steps.heat_floor, n=steps.n)


def reserve(p: Program, c: Columns, inputs: SizingInputs, peak_MW: float) -> None:
    """Rated output of the blocks needed is at least the margin times the peak load."""
    if inputs.reserve_margin is None:
        return
    cols = np.concatenate([c.needed[b.name] for b in inputs.blocks])
    rating = np.array([b.output_MW for b in inputs.blocks])
    words = f"reserve: block rating without spares is at least {inputs.reserve_margin:g} × peak load"
    p.add_sum_row("reserve margin", words, cols, rating, lower=inputs.reserve_margin * peak_MW)


def _top(b: BlockType, steps: Steps) -> float:
    return max(1.0, float(steps.output_top_MW[b.name].max()) / b.output_MW)


def _as_line(b: BlockType, steps: Steps) -> bool:
    """Heat proportional to output with one factor an hour: it needs no column of its own."""
    if np.any(steps.heat_high - steps.heat_low > 1e-12) or steps.heat_floor is not None:
        return False
    if steps.whole_units.any() and not is_line(b):
        return False
    return len(relaxed_pieces(b, _top(b, steps))) == 1


def _line_rate(b: BlockType, steps: Steps) -> Any:
    """Heat per output by hour where heat is proportional to output [MWth/MW]."""
    return best_heat_rate(b, _top(b, steps)) * steps.heat_factor[b.name]
