"""The time steps a model runs over: the whole year, or clusters of it that keep the bound valid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sizing.heat_rate import curve, greatest_output_MW, heat_MWth, is_line
from sizing.inputs import Array, SizingInputs

Ids = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Steps:
    """Steps in periods of equal length: step s is hour s % length of period s // length.

    Attributes
    ----------
    load_MW, weight_h
        Load at the block bus and hours stood for, shape (S,).
    output_max_MW
        Mean greatest output of one unit by block type; ``output_top_MW`` is the greatest in the cluster.
    heat_factor
        Least heat factor in the cluster by block type (so a cluster never asks for more heat than its hours).
    heat_load, heat_low, heat_high
        Mean of (least heat factor × load) [MW], and the range of that factor: for the heat cut.
    heat_floor
        Mean heat that whole units take for the load [MWth], where the load alone decides it; else None.
    whole_units
        Steps in which the number of units on is an integer.
    of_step
        For each hour of the year, the step that stands for it.
    """

    load_MW: Array
    weight_h: Array
    length: int
    output_max_MW: dict[str, Array]
    output_top_MW: dict[str, Array]
    heat_factor: dict[str, Array]
    heat_load: Array
    heat_low: Array
    heat_high: Array
    heat_floor: Array | None
    whole_units: NDArray[np.bool_]
    of_step: Ids

    @property
    def n(self) -> int:
        """Number of steps."""
        return len(self.load_MW)


def year_steps(inputs: SizingInputs) -> Steps:
    """Every step of the input as one period: no aggregation."""
    load = inputs.bus_load_MW
    n = len(load)
    output = {b.name: greatest_output_MW(b, n) for b in inputs.blocks}
    factor = {b.name: np.ones(n) if b.heat_factor is None else b.heat_factor for b in inputs.blocks}
    least = np.min(np.array(list(factor.values())), axis=0)
    return Steps(
        load_MW=load,
        weight_h=inputs.hour_weights,
        length=n,
        output_max_MW=output,
        output_top_MW=output,
        heat_factor=factor,
        heat_load=least * load,
        heat_low=least,
        heat_high=least,
        heat_floor=_heat_floor(inputs, output, factor),
        whole_units=np.zeros(n, bool),
        of_step=np.arange(n),
    )


def _heat_floor(inputs: SizingInputs, output: dict[str, Array], factor: dict[str, Array]) -> Array | None:
    """Heat of the load by whole units, however many are installed [MWth].

    With one block type, no battery and no load lost, output is the load, so this is a constant of each hour.
    """
    if len(inputs.blocks) > 1 or inputs.battery is not None or inputs.lost_load == "priced":
        return None
    b, load = inputs.blocks[0], inputs.bus_load_MW
    if is_line(b):
        return None
    lowest = max(float(curve(b)[0][0]), 0.1)
    most = int(np.ceil(load.max() / (lowest * b.output_MW))) + 1
    best = np.full(len(load), np.inf)
    for n in range(1, most + 1):
        able = n * output[b.name] >= load
        best = np.where(able, np.minimum(best, heat_MWth(b, load, np.full(len(load), n))), best)
    best = np.where(np.isfinite(best) & (load > 0), best, 0.0)
    return best * factor[b.name]


def cluster_steps(year: Steps, cluster: Ids, length: int, whole_hours: Ids) -> Steps:
    """Average the periods of each cluster (weighted), keeping what the lower bound needs.

    Parameters
    ----------
    cluster : (number of periods,) cluster of each period, numbered from 0.
    length : steps in a period.
    whole_hours : hours of the year whose period is alone in its cluster and whose units on are integers.
    """
    n_periods, n_clusters = len(cluster), int(cluster.max()) + 1
    hour = np.arange(year.n)
    of_step = cluster[hour // length] * length + hour % length
    n = n_clusters * length
    assert n_periods * length == year.n
    weight = np.asarray(np.bincount(of_step, year.weight_h, n), float)

    def mean(values: Array) -> Array:
        return np.asarray(np.bincount(of_step, year.weight_h * values, n) / weight)

    def extreme(values: Array, top: bool) -> Array:
        out = np.full(n, -np.inf if top else np.inf)
        (np.maximum if top else np.minimum).at(out, of_step, values)
        return out

    whole = np.zeros(n, bool)
    whole[of_step[whole_hours]] = True
    return Steps(
        load_MW=mean(year.load_MW),
        weight_h=weight,
        length=length,
        output_max_MW={k: mean(v) for k, v in year.output_max_MW.items()},
        output_top_MW={k: extreme(v, True) for k, v in year.output_max_MW.items()},
        heat_factor={k: extreme(v, False) for k, v in year.heat_factor.items()},
        heat_load=mean(year.heat_low * year.load_MW),
        heat_low=extreme(year.heat_low, False),
        heat_high=extreme(year.heat_low, True),
        heat_floor=None if year.heat_floor is None else mean(year.heat_floor),
        whole_units=whole,
        of_step=of_step,
    )
