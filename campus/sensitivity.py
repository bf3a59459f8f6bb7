"""What moves the answer: cost, availability and efficiency re-evaluated with one input changed at a time.

Held fixed: installed units, the hours' units running and battery flows, the block's design and the network. Re-evaluated
exactly, with the accounting of the key figures: prices, annuities, losses on the way to the racks, fuel read off the
block's map hour by hour, and the outage tables. Where a changed loss asks more of the blocks than those running give,
more are started; what all installed ones cannot give is shed and leaves both energy and hours.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from campus import money
from campus.block_year import HEAT, NET, block_year
from campus.build_grid import STANDBY
from campus.chains import COOLING_OF_LOSSES
from campus.reliability import supply_outage
from campus.sensitivity_inputs import Change, inputs_of
from campus.sizing_inputs import BLOCK, HEATER, sizing_inputs

if TYPE_CHECKING:
    from campus.block_year import BlockYear
    from campus.chains import ChainCurves
    from campus.pipeline import Solved

    Array = np.ndarray

ELECTRIC = ("generator loss", "rectifier loss")
COLUMNS = (
    "input", "base", "low", "high", "lcoe_low", "lcoe_high", "swing", "lcoe_base", "availability_low",
    "availability_high", "fuel_to_rack_low", "fuel_to_rack_high", "note",
)  # fmt: skip


@dataclass(frozen=True)
class Point:
    """The answer with one input changed: LCOE [USD/MWh at the 50 V rack buses], availability [%], source to rack [%]."""

    lcoe_USD_per_MWh: float
    availability: float
    source_to_rack: float


def sensitivity_table(s: Solved) -> pd.DataFrame:
    """One row an input, the widest swing of LCOE first.

    Columns input, base, low, high (text with unit), lcoe_low, lcoe_high, swing, lcoe_base [USD/MWh], availability_low,
    availability_high, fuel_to_rack_low, fuel_to_rack_high [%], note (why this low and high).
    """
    base = evaluate(s, Change(s.case))
    rows = []
    for item in inputs_of(s):
        low, high = evaluate(s, item.low), evaluate(s, item.high)
        swing = abs(high.lcoe_USD_per_MWh - low.lcoe_USD_per_MWh)
        rows.append(
            (item.name, item.base_text, item.low_text, item.high_text, low.lcoe_USD_per_MWh, high.lcoe_USD_per_MWh,
             swing, base.lcoe_USD_per_MWh, low.availability, high.availability, low.source_to_rack,
             high.source_to_rack, item.note)
        )  # fmt: skip
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.sort_values("swing", ascending=False, kind="stable", ignore_index=True)


def evaluate(s: Solved, change: Change) -> Point:
    """LCOE, availability and efficiency of the solved campus with a change; with none, exactly its key figures."""
    year = changed_year(s, change)
    hours = _hours(s, change, year)
    rack_MWh = float((hours.served * s.rack_MW).sum())
    return Point(
        _annual_cost_USD(s, change, hours) / rack_MWh,
        _availability(s, change, year, hours),
        100 * rack_MWh / float(hours.source_MW.sum()),
    )


@dataclass(frozen=True)
class _Hours:
    """Load at the block bus, its served share, output and source heat of the blocks, before and after the change [MW]."""

    load_MW: Array
    served: Array
    output_MW: Array
    source_MW: Array
    output_before_MW: Array
    source_before_MW: Array


def changed_curves(s: Solved, change: Change) -> ChainCurves:
    """Loss curves of the DC chain with other sidecar losses or cooling; line losses stay (a second-order change)."""
    curves = s.grid.curves
    new = change.case.load.it_cooling_fraction
    loss_W = dict(curves.loss_W)
    loss_W["sidecar"] = change.sidecar_loss * loss_W["sidecar"]
    loss_W[COOLING_OF_LOSSES] = new * (loss_W["sidecar"] + loss_W.get(STANDBY, 0.0))
    return replace(curves, loss_W=loss_W, cooling_fraction=new)


def changed_year(s: Solved, change: Change) -> BlockYear:
    """The block over the year with other losses of generator and rectifier, at the same heat and shaft power."""
    if change.electric_loss == 1.0:
        return s.year
    m = s.map
    saved = (1.0 - change.electric_loss) * sum(m.account_W[name] for name in ELECTRIC)
    account = {name: change.electric_loss * m.account_W[name] for name in ELECTRIC}
    account[NET] = m.account_W[NET] + saved
    altered = replace(m, W_net_W=m.W_net_W + saved, account_W={**m.account_W, **account})
    return block_year(altered, s.year.T_K, s.year.Q_module_MWth)


def _hours(s: Solved, change: Change, year: BlockYear) -> _Hours:
    d, units = s.sized.dispatch, s.sized.units
    assert d is not None
    assert units is not None
    more_MW = 0.0 * s.rack_MW
    if change.moves_network(s.case):
        more_MW = changed_curves(s, change).input_MW(s.rack_MW) - s.grid.curves.input_MW(s.rack_MW)
    load_MW, output_MW = d["load_MW"].to_numpy() + more_MW, d[f"{BLOCK}_output_MW"].to_numpy()
    each_MW = year.output_factor * year.W_rated_W / 1e6
    short_MW = np.maximum(output_MW + more_MW - units[BLOCK] * each_MW, 0.0)
    short_MW[short_MW < 1e-9 * load_MW] = 0.0
    new_MW = output_MW + more_MW - short_MW
    on = d[f"{BLOCK}_units_on"].to_numpy(float)
    new_on = np.clip(np.ceil(new_MW / each_MW - 1e-6), on, units[BLOCK])
    return _Hours(
        load_MW,
        1.0 - (d["lost_load_MW"].to_numpy() + short_MW) / load_MW,
        new_MW,
        _source_MW(s, change, year, new_MW, new_on),
        output_MW,
        _source_MW(s, Change(s.case), s.year, output_MW, on),
    )


def _source_MW(s: Solved, change: Change, year: BlockYear, output_MW: Array, on: Array) -> Array:
    """Fuel (LHV) or reactor heat by hour; a reactor held at its lowest power gives no less than before."""
    flows = year.flows_W(np.where(on > 0, output_MW * 1e6 / np.maximum(on, 1.0), 0.0))
    source_MW = flows[year.source] * on / 1e6
    if change.heater_points and year.source != HEAT:
        heat_MW = flows[HEAT] * on / 1e6
        eta = np.divide(heat_MW, source_MW, out=np.ones_like(heat_MW), where=source_MW > 0)
        source_MW = heat_MW / (eta + change.heater_points / 100)
    if s.case.heat.source == "reactor":
        assert s.sized.dispatch is not None
        dumped = s.sized.dispatch["dump_MWth"].to_numpy()
        before, before_on = s.year.per_block_W(s.sized.dispatch)
        drawn = s.year.flows_W(before)[year.source] * before_on / 1e6 + dumped
        source_MW = np.where(dumped > 0, np.maximum(source_MW, drawn), source_MW)
    return np.asarray(source_MW)


def _annual_cost_USD(s: Solved, change: Change, hours: _Hours) -> float:
    """A year's cost without lost load [USD]: the items of the cost table, each scaled by what the change does to it."""
    old, new, costs = s.case, change.case, s.sized.costs
    assert costs is not None
    share = _ratio(money.annual_share(new), money.annual_share(old))
    capital = change.capital * _ratio(
        1 + new.economics.indirect_fraction, 1 + old.economics.indirect_fraction
    )
    heater = capital * share
    if old.heat.source == "reactor":
        heater = _ratio(money.reactor_USD_per_yr(new, 1e6)[1], money.reactor_USD_per_yr(old, 1e6)[1])
    energy = float(hours.output_MW.sum() / hours.output_before_MW.sum())
    source = float(hours.source_MW.sum() / hours.source_before_MW.sum())
    factor = {
        f"{BLOCK} fixed": capital * share,
        f"{HEATER} fixed": heater,
        f"{BLOCK} variable": energy * _ratio(new.economics.vom_USD_per_MWh, old.economics.vom_USD_per_MWh),
        f"{HEATER} variable": source * _ratio(money.source_USD_per_MWh(new), money.source_USD_per_MWh(old)),
        "battery fixed": _ratio(money.battery_USD_per_MW_yr(new), money.battery_USD_per_MW_yr(old)),
        "lost load": 0.0,
    }
    network_USD = new.economics.network_USD_per_kW * new.load.P_it_MW * 1e3 * money.annual_share(new)
    return sum(factor[name] * usd for name, usd in costs.items()) + network_USD


def _ratio(new: float, old: float) -> float:
    """new / old, and 1 where nothing changes, also at zero."""
    return 1.0 if new == old else new / old


def _availability(s: Solved, change: Change, year: BlockYear, hours: _Hours) -> float:
    """Share of hours at full load [%]: outage tables of blocks and heat modules, load shed, and the gas feeds."""
    import sizing

    units, outages = s.sized.units, s.sized.availability
    assert units is not None
    assert outages is not None
    if change.moves_outages(s.case):
        free = change.case.reliability.model_copy(update={"availability_target": None})
        case = change.case.model_copy(update={"reliability": free})
        inputs = sizing_inputs(case, year, s.costs, hours.load_MW, s.fuel_per_heat, year.net_per_heat())
        outages = sizing.campus_availability(inputs, units, energy=False)
    lolh_h = outages.lolh_h_per_year + float((1.0 - outages.lolp)[hours.served < 1.0 - 1e-9].sum())
    return 100 * (1.0 - lolh_h / len(hours.served)) * (1.0 - supply_outage(change.case))
