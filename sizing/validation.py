"""Checks of :class:`sizing.SizingInputs`: every problem of an input at once, in words."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from sizing.inputs import Battery, BlockType, HeatPool, HeatSource, Problem, SizingInputs, SolveOptions

INF = float("inf")


def problems_of(inputs: SizingInputs) -> list[Problem]:
    """All problems of an input; empty when it is sound."""
    found = list(_series(inputs))
    n_steps = len(inputs.load_MW) if isinstance(inputs.load_MW, np.ndarray) else 0
    found += _names(inputs)
    for i, pool in enumerate(inputs.pools):
        found += _pool(f"pools[{i}]", pool)
    for i, block in enumerate(inputs.blocks):
        found += _block(f"blocks[{i}]", block, n_steps, [p.name for p in inputs.pools])
    if inputs.battery is not None:
        found += _battery("battery", inputs.battery)
        if inputs.weights is not None and not np.allclose(inputs.weights, 1.0):
            found.append(Problem("weights", "not all 1", "1 with a battery", "h", "Give hourly steps."))
    found += _requirements(inputs)
    found += _availability(inputs)
    found += _solve("solve", inputs.solve)
    found += _not_yet(inputs)
    return found


def _number(
    path: str, value: Any, low: float, high: float, unit: str = "", open_low: bool = False, none: bool = False
) -> Iterator[Problem]:
    """A finite number in [low, high], or (low, high] with ``open_low``; None only if ``none``."""
    if value is None and none:
        return
    allowed = f"{'above' if open_low else 'from'} {low:g}" + ("" if high == INF else f" to {high:g}")
    is_number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    if not is_number or not np.isfinite(value) or value > high or value < low or (open_low and value == low):
        yield Problem(path, value, allowed, unit)


def _count(path: str, value: Any, none: bool = False) -> Iterator[Problem]:
    if value is None and none:
        return
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 0:
        yield Problem(path, value, "a whole number from 0", "units")


def _series(inputs: SizingInputs) -> Iterator[Problem]:
    load, weights = inputs.load_MW, inputs.weights
    if not isinstance(load, np.ndarray) or load.ndim != 1 or not len(load):
        yield Problem("load_MW", load, "a series of numbers", "MW")
        return
    if not np.all(np.isfinite(load)) or load.min() < 0 or load.max() <= 0:
        yield Problem("load_MW", f"{load.min()} to {load.max()}", "finite numbers from 0, peak above 0", "MW")
    if weights is None:
        total = float(len(load))
    elif not isinstance(weights, np.ndarray) or weights.shape != load.shape:
        yield Problem("weights", "another shape", f"a series of {len(load)}", "h")
        return
    else:
        total = float(weights.sum())
        if not np.all(weights > 0):
            yield Problem("weights", float(weights.min()), "above 0", "h")
    if not 8759.99 <= total <= 8784.01:
        hint = f"Give weights, for example {8760 / len(load):g} h for each of the {len(load)} steps."
        yield Problem("weights", total, "a sum of 8760 (8784 in a leap year)", "h", hint)


def _names(inputs: SizingInputs) -> Iterator[Problem]:
    for path, items in (("pools", inputs.pools), ("blocks", inputs.blocks)):
        if not items:
            yield Problem(path, (), "at least one")
    units = [b.name for b in inputs.blocks] + [s.name for s in inputs.sources]
    groups: Iterable[tuple[str, list[str]]] = (
        ("name of a unit", units),
        ("name of a pool", [p.name for p in inputs.pools]),
    )
    for path, names in groups:
        for name in sorted({n for n in names if names.count(n) > 1}):
            yield Problem(path, name, "a name used once")
        for name in names:
            if not name or name in ("blocks", "heat_modules", "dump", "battery", "lost_load"):
                yield Problem(path, name, "a name that is not a reserved word")


def _pool(path: str, pool: HeatPool) -> Iterator[Problem]:
    if not pool.sources:
        yield Problem(f"{path}.sources", (), "at least one heat source")
    if pool.storage is not None:
        yield Problem(f"{path}.storage", "given", "None", "", "Heat storage is not modelled yet.")
    for j, source in enumerate(pool.sources):
        yield from _source(f"{path}.sources[{j}]", source)


def _unit(path: str, unit: HeatSource | BlockType) -> Iterator[Problem]:
    yield from _number(f"{path}.module_MWth", unit.module_MWth, 0, INF, "MWth", open_low=True)
    yield from _number(
        f"{path}.annual_cost_USD_per_MWth", unit.annual_cost_USD_per_MWth, 0, INF, "USD/MWth/y"
    )
    yield from _number(f"{path}.min_load", unit.min_load, 0, 1)
    yield from _number(f"{path}.FOR", unit.FOR, 0, 0.999)
    yield from _number(f"{path}.MTTR_h", unit.MTTR_h, 0, INF, "h", open_low=True, none=True)
    yield from _count(f"{path}.units_min", unit.units_min)
    yield from _count(f"{path}.units_max", unit.units_max, none=True)
    if (
        isinstance(unit.units_max, int)
        and isinstance(unit.units_min, int)
        and unit.units_max < unit.units_min
    ):
        yield Problem(f"{path}.units_max", unit.units_max, f"from units_min = {unit.units_min}", "units")


def _source(path: str, source: HeatSource) -> Iterator[Problem]:
    yield from _unit(path, source)
    cost = source.variable_cost_USD_per_MWh_th
    yield from _number(f"{path}.variable_cost_USD_per_MWh_th", cost, 0, INF, "USD/MWh_th")
    if source.planned:
        hint = "Planned outages by schedule are not modelled yet; never fold them into FOR."
        yield Problem(f"{path}.planned", "given", "()", "", hint)


def _block(path: str, block: BlockType, n_steps: int, pools: list[str]) -> Iterator[Problem]:
    yield from _unit(path, block)
    yield from _number(f"{path}.vom_USD_per_MWh_th", block.vom_USD_per_MWh_th, 0, INF, "USD/MWh_th")
    yield from _number(f"{path}.start_cost_USD", block.start_cost_USD, 0, INF, "USD")
    if block.pool not in pools:
        near = difflib.get_close_matches(str(block.pool), pools, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else ""
        yield Problem(f"{path}.pool", block.pool, f"one of {pools}", "", hint)
    for name in ("ramp_per_h", "min_up_h", "min_down_h"):
        if getattr(block, name) is not None:
            yield Problem(
                f"{path}.{name}", getattr(block, name), "None", "", "Commitment is not modelled yet."
            )
    for name, low in (("capacity_factor", 0.0), ("output_factor", 0.0), ("heat_factor", 1e-3)):
        yield from _factor(f"{path}.{name}", getattr(block, name), n_steps, low)
    yield from _curve(path, block)


def _factor(path: str, values: Any, n_steps: int, low: float) -> Iterator[Problem]:
    if values is None:
        return
    if not isinstance(values, np.ndarray) or values.shape != (n_steps,):
        shape = values.shape if isinstance(values, np.ndarray) else values
        yield Problem(path, shape, f"a series of {n_steps}")
    elif not np.all(np.isfinite(values)) or values.min() < low or values.max() > 3.0:
        yield Problem(path, f"{values.min():g} to {values.max():g}", f"from {low:g} to 3", "of rated")


def _curve(path: str, block: BlockType) -> Iterator[Problem]:
    if (block.heat_curve is None) == (block.efficiency is None):
        yield Problem(f"{path}.heat_curve", block.heat_curve, "either heat_curve or efficiency, not both")
        return
    if block.heat_curve is None:
        yield from _number(f"{path}.efficiency", block.efficiency, 0, 1, open_low=True)
        yield from _number(
            f"{path}.rated_output_MW", block.rated_output_MW, 0, INF, "MW", open_low=True, none=True
        )
        made = block.module_MWth * float(block.efficiency or 0.0)
        if block.rated_output_MW is not None and abs(block.rated_output_MW - made) > 1e-6 * made:
            yield Problem(
                f"{path}.rated_output_MW", block.rated_output_MW, f"module × efficiency = {made:g}", "MW"
            )
        return
    yield from _number(
        f"{path}.rated_output_MW", block.rated_output_MW, 0, block.module_MWth, "MW", open_low=True
    )
    y, h = np.array(block.heat_curve).T
    if len(y) < 2 or y[0] < 0 or np.any(np.diff(y) <= 0) or np.any(np.diff(h) < 0) or h[0] < 0:
        yield Problem(
            f"{path}.heat_curve", block.heat_curve, "two or more points, output and heat rising from 0"
        )
    elif abs(np.interp(1.0, y, h) - 1.0) > 1e-6 or y[-1] < 1.0:
        yield Problem(f"{path}.heat_curve", block.heat_curve, "a curve through (1, 1)")
    elif h[-1] <= h[-2]:
        yield Problem(f"{path}.heat_curve", block.heat_curve, "a last segment on which heat rises")


def _battery(path: str, battery: Battery) -> Iterator[Problem]:
    yield from _number(f"{path}.hours", battery.hours, 0, INF, "h", open_low=True, none=True)
    yield from _number(f"{path}.annual_cost_USD_per_MW", battery.annual_cost_USD_per_MW, 0, INF, "USD/MW/y")
    yield from _number(
        f"{path}.annual_cost_USD_per_MWh", battery.annual_cost_USD_per_MWh, 0, INF, "USD/MWh/y"
    )
    yield from _number(f"{path}.efficiency_one_way", battery.efficiency_one_way, 0, 1, open_low=True)
    yield from _number(f"{path}.power_max_MW", battery.power_max_MW, 0, INF, "MW", none=True)
    if battery.life is not None:
        yield Problem(
            f"{path}.life", battery.life, "None", "", "Ageing is not modelled yet; put it in the annuity."
        )


def _requirements(inputs: SizingInputs) -> Iterator[Problem]:
    if inputs.lost_load not in ("forbidden", "priced"):
        yield Problem("lost_load", inputs.lost_load, '"forbidden" or "priced"')
    if inputs.lost_load == "priced":
        yield from _number("voll_USD_per_MWh", inputs.voll_USD_per_MWh, 0, INF, "USD/MWh", open_low=True)
    elif inputs.voll_USD_per_MWh is not None:
        hint = 'Give lost_load="priced" with it.'
        yield Problem(
            "voll_USD_per_MWh", inputs.voll_USD_per_MWh, "None when lost load is forbidden", "", hint
        )
    yield from _number("reserve_margin", inputs.reserve_margin, 0, 10, none=True)
    if inputs.loss_curve is not None:
        yield from _loss_curve(inputs)


def _loss_curve(inputs: SizingInputs) -> Iterator[Problem]:
    curve = np.array(inputs.loss_curve)
    if (
        curve.ndim != 2
        or len(curve) < 2
        or np.any(np.diff(curve[:, 0]) <= 0)
        or np.any(curve[:, 1] < curve[:, 0])
    ):
        yield Problem("loss_curve", inputs.loss_curve, "rising points with bus MW not below rack MW", "MW")
    elif isinstance(inputs.load_MW, np.ndarray) and inputs.load_MW.size:
        low, high = float(inputs.load_MW.min()), float(inputs.load_MW.max())
        if curve[0, 0] > low + 1e-9 or curve[-1, 0] < high - 1e-9:
            span = f"{curve[0, 0]:g} to {curve[-1, 0]:g}"
            yield Problem("loss_curve", span, f"points that cover the load, {low:g} to {high:g}", "MW")


def _availability(inputs: SizingInputs) -> Iterator[Problem]:
    target = inputs.availability
    if target is None:
        return
    yield from _number("availability.lolh_h_per_year", target.lolh_h_per_year, 0, 8784, "h", none=True)
    yield from _number("availability.availability", target.availability, 0, 1, none=True)
    if target.topology is not None:
        yield Problem(
            "availability.topology", target.topology, "None", "", "Not modelled yet; use spare_units."
        )
    if target.common_cause is not None:
        yield Problem("availability.common_cause", target.common_cause, "None", "", "Not modelled yet.")
    if inputs.solve.mode == "exact" and (target.lolh_h_per_year, target.availability) != (None, None):
        hint = 'The exact mode covers spare_units only; use mode="staged" with an outage target.'
        yield Problem("solve.mode", "exact", '"staged"', "", hint)
    if isinstance(target.spare_units, Mapping):
        known = (
            [b.name for b in inputs.blocks] + [s.name for s in inputs.sources] + ["blocks", "heat_modules"]
        )
        for name, k in target.spare_units.items():
            yield from _count(f"availability.spare_units[{name!r}]", k)
            if name not in known:
                near = difflib.get_close_matches(str(name), known, n=1)
                hint = f"Did you mean {near[0]!r}?" if near else ""
                yield Problem("availability.spare_units", name, f"one of {known}", "", hint)
    else:
        yield from _count("availability.spare_units", target.spare_units, none=True)


def _solve(path: str, options: SolveOptions) -> Iterator[Problem]:
    if options.mode not in ("staged", "exact"):
        yield Problem(f"{path}.mode", options.mode, '"staged" or "exact"')
    yield from _number(f"{path}.gap", options.gap, 0, 0.5, open_low=True)
    yield from _number(f"{path}.typical_days", options.typical_days, 4, 366, "days")
    yield from _number(f"{path}.node_limit", options.node_limit, 1, INF, "nodes")
    yield from _number(f"{path}.time_limit_s", options.time_limit_s, 0, INF, "s", open_low=True, none=True)


def _not_yet(inputs: SizingInputs) -> Iterator[Problem]:
    if inputs.commitment:
        hint = "Start costs, ramps and up and down times are not modelled yet; units on are counted by hour."
        yield Problem("commitment", True, "False", "", hint)
    if inputs.grid is not None:
        yield Problem(
            "grid", "given", "None", "", "A grid connection is not modelled yet: the campus is islanded."
        )
    if inputs.carbon is not None:
        hint = "A cap or price of carbon is not modelled yet; put a price into variable_cost_USD_per_MWh_th."
        yield Problem("carbon", "given", "None", "", hint)
