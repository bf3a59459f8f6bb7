"""What a battery can carry over any run of hours: cuts that keep typical days honest about long heat waves.

Typical days let the store pass energy between days freely. In the real year, over any run of hours W, the battery
gives at most η·E more than it takes, so blocks (and heat modules) must bring the rest:

    Σ_W Σ_k n_k·P_max,kt + η·E + lost ≥ Σ_W load
    |W|·Σ_s n_s·Q_s ≥ a·(Σ_W f_t·load_t − f_max·(η·E + lost))

with a the best heat rate of all blocks, f the least heat factor and ``lost`` the load lost in the whole
year. The second holds where f_min ≥ η²·f_max in W. They hold for every real design, so the bound stays a bound.
"""

from __future__ import annotations

import numpy as np

from sizing.constraints import Columns, Terms
from sizing.heat_rate import best_heat_rate
from sizing.inputs import Array, SizingInputs
from sizing.program import INF, Program
from sizing.steps import Steps

LEVELS = 24
"""Levels of capacity for which the worst run of hours is looked up."""


def worst_windows(need: Array, capacity: Array) -> list[tuple[int, int]]:
    """Runs of hours [start, end) with the greatest sum of need − level·capacity, for levels up to the peak."""
    ratio = need / np.maximum(capacity, 1e-9 * capacity.max())
    found = set()
    for level in np.linspace(need.sum() / capacity.sum(), ratio.max(), LEVELS, endpoint=False):
        total = np.concatenate([[0.0], np.cumsum(need - level * capacity)])
        end = int(np.argmax(total - np.minimum.accumulate(total)))
        if end > 0:
            found.add((int(np.argmin(total[:end])), end))
    return sorted(found)


def storage_windows(p: Program, c: Columns, inputs: SizingInputs, steps: Steps, year: Steps) -> None:
    """Add the cuts for the worst runs of hours of power and of heat."""
    if inputs.battery is None or c.battery_energy is None:
        return
    eta, load = inputs.battery.efficiency_one_way, year.load_MW
    lost = p.add_columns("load lost over the year MWh", 1, 0.0, INF if c.lost is not None else 0.0)
    if c.lost is not None:
        words = "load lost over the year is the sum over the hours"
        cols, coefs = np.append(c.lost, lost), np.append(steps.weight_h, -1.0)
        p.add_sum_row("lost over the year", words, cols, coefs, 0.0, 0.0)
    stored = eta * (inputs.battery.hours or 1.0)
    energy = c.battery_energy
    unit = {b.name: year.output_max_MW[b.name] for b in inputs.blocks}
    shape = sum((unit[b.name] / b.output_MW for b in inputs.blocks), np.zeros(year.n))
    for start, end in worst_windows(load, shape):
        terms: Terms = [(c.needed[b.name], float(unit[b.name][start:end].sum())) for b in inputs.blocks]
        terms += [(energy, stored), (lost, 1.0)]
        words = f"hours {start} to {end}: blocks and what the battery can hold cover the load"
        p.add_rows(f"power of hours {start} to {end}", words, terms, lower=float(load[start:end].sum()))
    rate = min(best_heat_rate(b, 3.0) for b in inputs.blocks)
    factor = year.heat_low
    for start, end in worst_windows(factor * load, np.ones(year.n)):
        low, high = float(factor[start:end].min()), float(factor[start:end].max())
        if low < eta**2 * high:
            continue
        terms = [(c.needed[s.name], (end - start) * s.module_MWth) for s in inputs.sources]
        terms += [(energy, rate * high * stored), (lost, rate * high)]
        need = rate * float((factor[start:end] * load[start:end]).sum())
        words = f"hours {start} to {end}: heat modules and what the battery can hold cover the load"
        p.add_rows(f"heat of hours {start} to {end}", words, terms, lower=need)
