"""The optimiser's question, from the case, the block over the year, its costs and the load on the block bus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

import sizing
from campus.money import source_USD_per_MWh
from campus.reliability import units_target

if TYPE_CHECKING:
    from campus.block_year import BlockYear
    from campus.case import Case
    from campus.money import UnitCosts

BLOCK, HEATER, POOL = "block", "heater", "heat"


def sizing_inputs(
    case: Case,
    year: BlockYear,
    costs: UnitCosts,
    bus_MW: np.ndarray,
    fuel_per_heat: float,
    net_per_heat: float,
) -> sizing.SizingInputs:
    """One pool of gas heaters that feeds identical blocks.

    Parameters
    ----------
    bus_MW : (8760,) array
        Load at the block DC bus [MW].
    fuel_per_heat : float
        Fuel (LHV) per heat to the CO2 that the dispatch of the last pass needed; the variable cost of heat.
    net_per_heat : float
        Net power per heat of the same; variable O&M is per net MWh.
    """
    r = case.reliability
    battery = sizing.Battery(
        hours=case.battery.duration_h,
        annual_cost_USD_per_MW=costs.battery_USD_per_MW_yr,
        efficiency_one_way=case.battery.efficiency_one_way,
    )
    heater = _heater(case, year, costs, fuel_per_heat)
    return sizing.SizingInputs(
        load_MW=bus_MW,
        pools=(sizing.HeatPool(POOL, (heater,), dump_allowed=case.heat.source == "reactor"),),
        blocks=(_block(case, year, costs, net_per_heat),),
        battery=battery if case.battery.allowed else None,
        lost_load=r.lost_load,
        voll_USD_per_MWh=r.voll_USD_per_MWh if r.lost_load == "priced" else None,
        reserve_margin=year.reserve_margin,
        availability=sizing.AvailabilityTarget(
            availability=units_target(case), spare_units={BLOCK: r.spare_blocks, HEATER: r.spare_heaters}
        ),
        solve=sizing.SolveOptions(gap=case.solve.gap, typical_days=case.solve.typical_days),
    )


def _heater(case: Case, year: BlockYear, costs: UnitCosts, fuel_per_heat: float) -> sizing.HeatSource:
    """The heat modules: fired heaters, or reactors with their lowest load."""
    return sizing.HeatSource(
        name=HEATER,
        module_MWth=year.Q_module_MWth,
        annual_cost_USD_per_MWth=costs.heater_USD_per_yr / year.Q_module_MWth,
        variable_cost_USD_per_MWh_th=source_USD_per_MWh(case) * fuel_per_heat,
        min_load=case.heat.min_load if case.heat.source == "reactor" else 0.0,
        units_max=case.reliability.max_heaters,
        FOR=case.reliability.heater_FOR,
    )


def _block(case: Case, year: BlockYear, costs: UnitCosts, net_per_heat: float) -> sizing.BlockType:
    """The block type: part-load curve, and by hour its greatest output and its heat for the same output."""
    rated_MW, heat_MW = year.W_rated_W / 1e6, year.Q_rated_W / 1e6
    return sizing.BlockType(
        name=BLOCK,
        pool=POOL,
        module_MWth=heat_MW,
        heat_curve=year.heat_curve,
        rated_output_MW=rated_MW,
        annual_cost_USD_per_MWth=costs.block_total_USD * costs.annual_share / heat_MW,
        vom_USD_per_MWh_th=case.economics.vom_USD_per_MWh * net_per_heat,
        output_factor=year.output_factor,
        heat_factor=year.heat_factor,
        units_max=case.reliability.max_blocks,
        FOR=case.reliability.block_FOR,
    )
