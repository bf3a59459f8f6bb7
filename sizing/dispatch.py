"""The year as it would run: whole units on, heat in merit order, every hour closed, and its cost.

The full-year linear program gives block outputs and the battery. Here each block type gets the whole number of
units on that takes least heat for its output, heat modules are run from the cheapest, and the hours that the
heat modules cannot cover are handed back. Nothing else of the linear program is used, so a mistake in it shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sizing.heat_rate import heat_MWth, is_line
from sizing.inputs import Array, BlockType, HeatPool, SizingInputs
from sizing.model import Model
from sizing.steps import Steps

if TYPE_CHECKING:
    import pandas as pd

TINY_MW = 1e-6
"""Outputs below this are rounding of the solver, not power."""


@dataclass(frozen=True, eq=False)
class Power:
    """Electric side of the year [MW, MWh], by step."""

    output: dict[str, Array]
    charge: Array
    discharge: Array
    stored: Array
    lost: Array
    battery_MW: float
    battery_MWh: float


@dataclass(frozen=True, eq=False)
class Dispatch:
    """The whole year, closed. ``short_MWth`` is heat asked but not there, ``surplus_MWth`` heat that may not go."""

    power: Power
    units_on: dict[str, NDArray[np.int64]]
    heat: dict[str, Array]
    source_heat: dict[str, Array]
    dump: dict[str, Array]
    short_MWth: Array
    surplus_MWth: Array


def read_power(model: Model, inputs: SizingInputs, x: Array) -> Power:
    """Take the electric side out of a solution of the full-year program and close each hour exactly."""
    c, load, n = model.columns, model.steps.load_MW, model.steps.n
    zero = np.zeros(n)

    def clean(ids: NDArray[np.int64] | None) -> Array:
        return zero if ids is None else np.where(x[ids] < TINY_MW, 0.0, x[ids])

    output = {name: clean(ids) for name, ids in c.output.items()}
    charge, discharge, lost = clean(c.charge), clean(c.discharge), clean(c.lost)
    error = load - (sum(output.values(), zero) + discharge - charge + lost)
    largest = np.argmax(np.array(list(output.values())), axis=0)
    for i, name in enumerate(output):
        output[name] = np.maximum(output[name] + np.where(largest == i, error, 0.0), 0.0)
    power_MW = energy_MWh = 0.0
    stored = zero
    if inputs.battery is not None and c.battery_power is not None and c.battery_energy is not None:
        power_MW = float(x[c.battery_power][0])
        hours = inputs.battery.hours
        energy_MWh = float(x[c.battery_energy][0]) if hours is None else hours * power_MW
        stored = _state_of_charge(inputs.battery.efficiency_one_way, charge, discharge)
    return Power(output, charge, discharge, stored, lost, power_MW, energy_MWh)


def _state_of_charge(efficiency: float, charge: Array, discharge: Array) -> Array:
    """State of charge [MWh] at the end of each hour, its least value at empty."""
    level = np.cumsum(efficiency * charge - discharge / efficiency)
    return np.asarray(level - level.min())


def units_on(
    block: BlockType, unit_MW: Array, output_MW: Array, limit: int
) -> tuple[NDArray[np.int64], Array]:
    """Whole units on of least heat for each output, and that heat at heat_factor 1 [MWth].

    Every count from the fewest that can give the output up to ``limit`` is tried. With heat proportional to
    output all counts are equal and the fewest is taken.
    """
    active = output_MW > 0.0
    fewest = np.ceil(output_MW / np.maximum(unit_MW, 1e-12) - 1e-6).astype(np.int64)
    fewest = np.where(active, np.maximum(fewest, 1), 0)
    best_n, best = fewest, heat_MWth(block, output_MW, fewest)
    if is_line(block):
        return best_n, best
    for n in range(1, limit + 1):
        heat = heat_MWth(block, output_MW, np.full(len(output_MW), n))
        better = active & (n > fewest) & (heat < best - 1e-9)
        best_n, best = np.where(better, n, best_n), np.where(better, heat, best)
    return best_n, best


def merit_order(
    pool: HeatPool, need_MWth: Array, in_service: dict[str, int]
) -> tuple[dict[str, Array], Array]:
    """Heat of each source, cheapest first above all minimum loads; and the heat that stays uncovered."""
    floor = {s.name: s.min_load * in_service[s.name] * s.module_MWth for s in pool.sources}
    left = np.maximum(need_MWth - sum(floor.values()), 0.0)
    made: dict[str, Array] = {}
    for s in sorted(pool.sources, key=lambda s: s.variable_cost_USD_per_MWh_th):
        room = in_service[s.name] * s.module_MWth - floor[s.name]
        take = np.minimum(left, room)
        made[s.name] = floor[s.name] + take
        left = left - take
    return made, left


def run_year(inputs: SizingInputs, year: Steps, power: Power, in_service: dict[str, int]) -> Dispatch:
    """Commit whole units, run the heat modules in merit order, dump what is left over."""
    on: dict[str, NDArray[np.int64]] = {}
    heat: dict[str, Array] = {}
    made: dict[str, Array] = {}
    dump: dict[str, Array] = {}
    short, surplus = np.zeros(year.n), np.zeros(year.n)
    for b in inputs.blocks:
        unit = year.output_max_MW[b.name]
        on[b.name], at_reference = units_on(b, unit, power.output[b.name], in_service[b.name])
        heat[b.name] = at_reference * year.heat_factor[b.name]
    for pool in inputs.pools:
        need = sum((heat[b.name] for b in inputs.blocks if b.pool == pool.name), np.zeros(year.n))
        by_source, left = merit_order(pool, need, in_service)
        made |= by_source
        extra = np.maximum(sum(by_source.values(), np.zeros(year.n)) + left - need, 0.0)
        dump[pool.name] = extra
        short = short + np.where(left > TINY_MW * 10, left, 0.0)
        if not pool.dump_allowed:
            surplus = surplus + np.where(extra > TINY_MW * 10, extra, 0.0)
    return Dispatch(power, on, heat, made, dump, short, surplus)


def cost_items(inputs: SizingInputs, year: Steps, d: Dispatch, units: dict[str, int]) -> dict[str, float]:
    """Annual cost by item [USD/year]: each unit's fixed and variable part, the battery, lost load."""
    w, items = year.weight_h, {}
    for b in inputs.blocks:
        items[f"{b.name} fixed"] = units[b.name] * b.module_MWth * b.annual_cost_USD_per_MWth
        items[f"{b.name} variable"] = float(w @ d.heat[b.name]) * b.vom_USD_per_MWh_th
    for s in inputs.sources:
        items[f"{s.name} fixed"] = units[s.name] * s.module_MWth * s.annual_cost_USD_per_MWth
        items[f"{s.name} variable"] = float(w @ d.source_heat[s.name]) * s.variable_cost_USD_per_MWh_th
    if inputs.battery is not None:
        spec, p = inputs.battery, d.power
        fixed = p.battery_MW * spec.annual_cost_USD_per_MW + p.battery_MWh * spec.annual_cost_USD_per_MWh
        items["battery fixed"] = fixed
    if inputs.lost_load == "priced":
        items["lost load"] = float(w @ d.power.lost) * float(inputs.voll_USD_per_MWh or 0.0)
    return items


def as_table(inputs: SizingInputs, year: Steps, d: Dispatch) -> pd.DataFrame:
    """One row a step, columns named by unit and quantity."""
    import pandas as pd

    columns: dict[str, NDArray[np.generic]] = {"load_MW": year.load_MW}
    for b in inputs.blocks:
        columns[f"{b.name}_output_MW"] = d.power.output[b.name]
        columns[f"{b.name}_units_on"] = d.units_on[b.name]
        columns[f"{b.name}_heat_MWth"] = d.heat[b.name]
    for s in inputs.sources:
        columns[f"{s.name}_heat_MWth"] = d.source_heat[s.name]
    if len(inputs.pools) > 1:
        columns |= {f"{name}_dump_MWth": v for name, v in d.dump.items()}
    columns["dump_MWth"] = sum(d.dump.values(), np.zeros(year.n))
    columns["charge_MW"], columns["discharge_MW"] = d.power.charge, d.power.discharge
    columns["state_of_charge_MWh"], columns["lost_load_MW"] = d.power.stored, d.power.lost
    return pd.DataFrame(columns)


def violations(inputs: SizingInputs, year: Steps, d: Dispatch, in_service: dict[str, int]) -> list[str]:
    """Re-check of the year in plain numpy: balances, limits, storage. Empty when it holds."""
    p, load, zero = d.power, year.load_MW, np.zeros(year.n)
    scale = 1e-9 * float(load.max())
    found = []
    balance = sum(p.output.values(), zero) + p.discharge - p.charge + p.lost - load
    if np.abs(balance).max() > scale:
        found.append(f"power balance is off by {np.abs(balance).max():.3g} MW")
    for b in inputs.blocks:
        over = p.output[b.name] - d.units_on[b.name] * year.output_max_MW[b.name]
        if over.max() > 1e-4 or d.units_on[b.name].max() > in_service[b.name]:
            found.append(f"{b.name} gives {over.max():.3g} MW more than its units can")
    for pool in inputs.pools:
        made = sum((d.source_heat[s.name] for s in pool.sources), zero)
        used = sum((d.heat[b.name] for b in inputs.blocks if b.pool == pool.name), zero)
        if np.abs(made - used - d.dump[pool.name]).max() > max(1e-4, 1e-9 * float(made.max())):
            found.append(f"heat balance of {pool.name} does not close")
    if inputs.battery is not None:
        found += _battery_violations(p)
    return found


def _battery_violations(p: Power) -> list[str]:
    found = []
    if max(p.charge.max(), p.discharge.max()) > p.battery_MW + 1e-4:
        found.append("battery power is above its rating")
    if p.stored.max() > p.battery_MWh + 1e-3:
        found.append("battery energy is above its rating")
    return found
