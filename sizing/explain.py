"""Why there is no design, in sentences: which requirements clash, by how much, and the smallest change.

The model is made elastic: load unserved, heat that may not be dumped and reserve missing get a price far above
any cost, first with the unit limits as given (what is short, and when), then with units above the limits for sale
(how many more would do). Integer programs have no useful irreducible set, so this is done with prices.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sizing.campus_availability import capability_MW
from sizing.constraints import count_limit
from sizing.heat_rate import greatest_output_MW
from sizing.inputs import Array, BlockType, SizingInputs, spares_asked
from sizing.model import Model, build, units_from
from sizing.program import solve_pyomo
from sizing.steps import Ids, Steps, year_steps

PRICE_FACTOR = 1e3
"""Price of one missing MW over the yearly cost of the dearest unit: far above any real cost."""


def missing_price(inputs: SizingInputs) -> float:
    """Price of a missing MW [USD]."""
    dearest = max(u.annual_cost_USD_per_MWth * u.module_MWth for u in inputs.all_units)
    return PRICE_FACTOR * max(dearest, 1e3)


@dataclass(frozen=True, eq=False)
class Elastic:
    """A solved elastic model: what is still missing."""

    installed: dict[str, int]
    unserved_MW: Array
    stuck_MWth: Array
    reserve_MW: float


def why_infeasible(inputs: SizingInputs, steps: Steps) -> str:
    """Sentences that name the clash with numbers, and the smallest change that would make it work."""
    given = _solve_elastic(inputs, steps)
    if given is None:
        return "The requirements clash, and no relaxation of load, heat dump or reserve resolves it."
    lines = _clashes(inputs, steps, given)
    free = _solve_elastic(_without_limits(inputs), steps)
    lines += _way_out(inputs, given, free)
    return " ".join(lines) or "The requirements clash by less than the solver's tolerance."


def _without_limits(inputs: SizingInputs) -> SizingInputs:
    blocks = tuple(replace(b, units_max=None) for b in inputs.blocks)
    pools = tuple(
        replace(p, sources=tuple(replace(s, units_max=None) for s in p.sources)) for p in inputs.pools
    )
    return replace(inputs, blocks=blocks, pools=pools)


def _solve_elastic(inputs: SizingInputs, steps: Steps) -> Elastic | None:
    model = build(replace(inputs, reserve_margin=None), steps)
    p, c = model.program, model.columns
    relaxed = _relax(model, inputs)
    short = p.add_columns("reserve missing MW", 1, cost=missing_price(inputs))
    if inputs.reserve_margin is not None:
        cols = np.append(np.concatenate([c.needed[b.name] for b in inputs.blocks]), short)
        rating = np.append([b.output_MW for b in inputs.blocks], 1.0)
        need = inputs.reserve_margin * float(inputs.bus_load_MW.max())
        p.add_sum_row("reserve margin", "block rating + missing ≥ margin × peak", cols, rating, lower=need)
    answer = solve_pyomo(p, inputs.solve, 1e-3)
    if answer.x is None:
        return None
    unserved, stuck = (answer.x[i] for i in relaxed)
    installed, _ = units_from(model, inputs, answer.x)
    return Elastic(installed, unserved, stuck, float(answer.x[short][0]))


def _relax(model: Model, inputs: SizingInputs) -> tuple[Ids, Ids]:
    """Add priced slack to the power balance and to every heat balance that may not dump."""
    p, n = model.program, model.steps.n
    unserved = p.add_columns("unserved MW", n, cost=missing_price(inputs))
    _into_rows(model, "power balance", unserved, 1.0)
    if np.any(model.steps.heat_high - model.steps.heat_low > 1e-12):
        _into_rows(model, "heat of the load", unserved, model.steps.heat_high)
    if model.steps.heat_floor is not None:
        relief = 10.0 * model.steps.heat_floor / np.maximum(model.steps.load_MW, 1e-6)
        _into_rows(model, f"{inputs.blocks[0].name} whole units", unserved, relief)
    stuck = p.add_columns("heat that may not go MWth", n, cost=missing_price(inputs))
    for pool in inputs.pools:
        if not pool.dump_allowed:
            _into_rows(model, f"{pool.name} heat balance", stuck, -1.0)
    return unserved, stuck


def _into_rows(model: Model, name: str, cols: Ids, coefficient: float | Array) -> None:
    for rows in model.program.rows:
        if rows.name == name:
            model.program.extend_rows(rows, cols, coefficient)


def _clashes(inputs: SizingInputs, steps: Steps, e: Elastic) -> list[str]:
    lines = []
    worst = int(np.argmax(e.unserved_MW))
    if e.unserved_MW[worst] > 1e-4:
        lines.append(_short_of_power(inputs, steps, e, worst))
    stuck = int(np.argmax(e.stuck_MWth))
    if e.stuck_MWth[stuck] > 1e-4:
        lines.append(
            f"Minimum load of the heat modules exceeds what the blocks take by up to {e.stuck_MWth[stuck]:.2f} MWth "
            f"(load {steps.load_MW[stuck]:.2f} MW) and dumping heat is not allowed: allow the dump, or a lower "
            "minimum load."
        )
    if e.reserve_MW > 1e-4:
        need = float(inputs.reserve_margin or 0) * float(inputs.bus_load_MW.max())
        lines.append(
            f"The reserve margin of {inputs.reserve_margin:g} asks for {need:.2f} MW of blocks besides spares; the "
            f"unit limits allow {need - e.reserve_MW:.2f} MW, {e.reserve_MW:.2f} MW short."
        )
    return lines


def _limits_in_words(inputs: SizingInputs, kind: str) -> str:
    units = inputs.blocks if kind == "block" else inputs.sources
    spares = spares_asked(inputs)
    words = []
    for u in units:
        if u.units_max is not None:
            out = f", {spares[u.name]} of them spare" if spares[u.name] else ""
            words.append(f"{u.name} at most {u.units_max} units{out}")
    return "; ".join(words) or "no limit on units"


def _short_of_power(inputs: SizingInputs, steps: Steps, e: Elastic, step: int) -> str:
    """Whether blocks or heat modules, each up to its limit, fall short of the load in an hour; both if both do."""
    hour = int(np.flatnonzero(steps.of_step == step)[0])
    load = inputs.bus_load_MW[hour]
    left = _most_in_service(inputs, year_steps(inputs))
    top = {b.name: greatest_output_MW(b, len(inputs.load_MW))[hour] for b in inputs.blocks}
    power = sum(left[b.name] * top[b.name] for b in inputs.blocks)
    rated = sum(left[b.name] * b.output_MW for b in inputs.blocks)
    heat = sum(left[s.name] * s.module_MWth for s in inputs.sources)
    plenty = {u.name: 1000 if isinstance(u, BlockType) else left[u.name] for u in inputs.all_units}
    with_heat = capability_MW(inputs, plenty)[hour]
    why = []
    if power < load - 1e-6:
        why.append(
            f"the blocks that may be in service give {power:.2f} MW ({rated:.2f} MW rated, derated to that hour; "
            f"{_limits_in_words(inputs, 'block')})"
        )
    if with_heat < load - 1e-6:
        why.append(
            f"the {heat:.2f} MWth of heat modules that may be in service is enough for {with_heat:.2f} MW "
            f"({_limits_in_words(inputs, 'heat')})"
        )
    start = (
        f"In hour {hour} the load is {load:.2f} MW and {e.unserved_MW[step]:.2f} MW of it cannot be served"
    )
    return f"{start}: {' and '.join(why)}." if why else f"{start}."


def _most_in_service(inputs: SizingInputs, year: Steps) -> dict[str, int]:
    """Most units that may be in service: the limit less the spares, or plenty without a limit."""
    spares = spares_asked(inputs)
    most = {}
    for u in inputs.all_units:
        limit = count_limit(inputs, year, u) if u.units_max is None else u.units_max
        most[u.name] = max(limit - spares[u.name], 0)
    return most


def _way_out(inputs: SizingInputs, given: Elastic, free: Elastic | None) -> list[str]:
    if free is None or free.unserved_MW.max() + free.stuck_MWth.max() + free.reserve_MW > 1e-4:
        zero = [b.name for b in inputs.blocks if greatest_output_MW(b, len(inputs.load_MW)).min() <= 0]
        if zero:
            return [f"More units do not help: {', '.join(zero)} can give nothing in some hours."]
        return ["More units do not help."]
    limits = {u.name: u.units_max for u in inputs.all_units}
    more = [
        f"{name} {units} units (now at most {limits[name]})"
        for name, units in free.installed.items()
        if limits[name] is not None and units > (limits[name] or 0)
    ]
    if not more:
        return []
    peak = float(inputs.bus_load_MW.max())
    served = peak - float(given.unserved_MW.max())
    lines = [f"Smallest change: allow {' and '.join(more)}"]
    if given.unserved_MW.max() > 1e-4:
        lines.append(f"or a peak load of {served:.2f} MW instead of {peak:.2f} MW")
    if inputs.lost_load == "forbidden" and given.unserved_MW.max() > 1e-4:
        lines.append("or price lost load instead of forbidding it")
    return [", ".join(lines) + "."]


def why_no_availability(inputs: SizingInputs, target_h: float, reached_h: float) -> str:
    """Sentences for an availability target out of reach of the unit limits."""
    limits = _limits_in_words(inputs, "block"), _limits_in_words(inputs, "heat")
    return (
        f"The availability target allows {target_h:.4g} h a year without full power, but with the unit limits "
        f"used up ({limits[0]}; {limits[1]}) the exact outage table still gives {reached_h:.4g} h. Allow more units, "
        "better outage rates, or a target that this meets."
    )


def no_dump_words(year: Steps, surplus_MWth: Array) -> str:
    """Words for heat that has nowhere to go; empty when there is none."""
    hour = int(np.argmax(surplus_MWth))
    if surplus_MWth[hour] <= 0:
        return ""
    return (
        f"In hour {hour}, at a load of {year.load_MW[hour]:.2f} MW, the minimum load of the heat modules makes "
        f"{surplus_MWth[hour]:.2f} MWth more than the blocks take, and dumping heat is not allowed: allow the dump, "
        "or a lower minimum load, or smaller modules."
    )
