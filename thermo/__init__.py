"""Supercritical-CO2 power blocks: cycle, machines, exchangers, cooler, fired heater, part load, cost.

co2           equation of state, flashes, property table, transport, saturation
layouts       eight cycles as data, and the kernel that solves them
cycle         design: one candidate, the best one, the block around it, its machines' speeds
machines      wheels, shafts, generator, losses, materials, machines that exist
exchangers    recuperators, printed-circuit exchangers, pinch
cold_end      dry, wet, adiabatic and condensing; winter
heat_sources  fired heater, reactors, batteries, waste heat, solar
part_load     fixed hardware under its controls, map
inventory     CO2 in the loop and its vessel
transients    inertia, ramps, starts, overspeed
site          auxiliaries, hazards, wear, hot days
accounts      exergy, diagrams, cost

>>> import thermo
>>> spec = thermo.CycleSpec(W_net_W=5e6, UA_total_W_K=1.5e6, p_high_Pa=25e6, T_compressor_in_K=311.15)
>>> thermo.design(spec).outcome.name
'OK'
"""

import importlib
from typing import TYPE_CHECKING, Any

from thermo.defaults import assumptions
from thermo.heat_sources.reactor import Reactor, ReactorMatch, match, reactors
from thermo.heat_stream import HeatStream, HeatTaken, heat_taken
from thermo.outcome import CycleError, Outcome
from thermo.spec import CycleSpec, FiredHeaterSpec, SpecError
from thermo.state import State

if TYPE_CHECKING:
    from thermo.accounts.cost import CostBreakdown, block_cost, cost_per_kW, weiland
    from thermo.accounts.diagram import PhDiagram, TqDiagram, TsDiagram, ph_diagram, tq_diagram, ts_diagram
    from thermo.accounts.exergy import EntropyProduction, ExergyAccount, entropy_production, exergy_account
    from thermo.co2.property_arrays import Properties, Region, properties
    from thermo.cold_end.cold_end_spec import ColdEndSpec
    from thermo.cold_end.condensing import condensing_point
    from thermo.cold_end.condensing_gain import condensing_gain
    from thermo.cold_end.conditions import (
        ColdEndConditions,
        ColdEndResult,
        cold_end_conditions,
        design_cold_end,
        water_use,
    )
    from thermo.cold_end.cooler import CoolerResult
    from thermo.cold_end.winter import winter_mode
    from thermo.compile_all import compile_kernels, kernels_compiled
    from thermo.cycle.components import Component, Stream
    from thermo.cycle.design_point import design
    from thermo.exchangers.pche import PcheResult, rate_pche, size_pche
    from thermo.exchangers.pche_cycle import design_with_pche
    from thermo.exchangers.pche_geometry import PcheDuty, PcheGeometry
    from thermo.heat_sources.bottoming import bottoming
    from thermo.heat_sources.decay_heat import decay_heat
    from thermo.heat_sources.fired_heater import FiredHeaterResult
    from thermo.heat_sources.heater_tubes import HeaterTubesSpec, tube_metal
    from thermo.heat_sources.intermediate_loop import LoopSpec, intermediate_loop
    from thermo.heat_sources.primary_heater import primary_heater
    from thermo.heat_sources.reactor_fit import CycleCandidate, IdleCapital, ReactorFit, fit_reactor
    from thermo.heat_sources.reactor_options import reactor_options
    from thermo.heat_sources.solar_tower import SolarTowerSpec, salt_stream
    from thermo.heat_sources.thermal_battery import ThermalBatterySpec, battery_at, discharge
    from thermo.heat_sources.waste_heat import WasteHeatSpec, waste_heat
    from thermo.inventory.balance import block_inventory
    from thermo.inventory.inventory_spec import InventorySpec
    from thermo.machines.inlet_stability import compressor_inlets
    from thermo.machines.machine_sizing import MachineSize
    from thermo.machines.machine_train import MachineTrain, machines_of, size_machines
    from thermo.machines.materials import MaterialChoice, materials_of
    from thermo.machines.reality_check import RealityCheck, nearest_plants
    from thermo.part_load.control import ControlSpec
    from thermo.part_load.operating_map import PerformanceMap, performance_map
    from thermo.part_load.operating_point import off_design
    from thermo.result import CycleResult, energy_account
    from thermo.site.auxiliaries import block_auxiliaries
    from thermo.site.degradation import DegradationSpec, degradation_factors
    from thermo.site.hazards import HallSpec, hall_hazard
    from thermo.site.site_rating import hot_day_rating, rate_site
    from thermo.transients.dynamics import block_dynamics
    from thermo.transients.overspeed import TripSpec

_HOME = {  # module -> names; loaded on first use: they bring in numba and more
    "accounts.cost": "block_cost cost_per_kW CostBreakdown weiland",
    "accounts.diagram": "ph_diagram PhDiagram tq_diagram TqDiagram ts_diagram TsDiagram",
    "accounts.exergy": "entropy_production EntropyProduction exergy_account ExergyAccount",
    "co2.property_arrays": "Properties properties Region",
    "cold_end.cold_end_spec": "ColdEndSpec",
    "cold_end.condensing": "condensing_point",
    "cold_end.condensing_gain": "condensing_gain",
    "cold_end.conditions": "cold_end_conditions ColdEndConditions ColdEndResult design_cold_end water_use",
    "cold_end.cooler": "CoolerResult",
    "cold_end.winter": "winter_mode",
    "compile_all": "compile_kernels kernels_compiled",
    "cycle.components": "Component Stream",
    "cycle.design_point": "design",
    "exchangers.pche": "PcheResult rate_pche size_pche",
    "exchangers.pche_cycle": "design_with_pche",
    "exchangers.pche_geometry": "PcheDuty PcheGeometry",
    "heat_sources.bottoming": "bottoming",
    "heat_sources.decay_heat": "decay_heat",
    "heat_sources.fired_heater": "FiredHeaterResult",
    "heat_sources.heater_tubes": "HeaterTubesSpec tube_metal",
    "heat_sources.intermediate_loop": "intermediate_loop LoopSpec",
    "heat_sources.primary_heater": "primary_heater",
    "heat_sources.reactor_fit": "CycleCandidate fit_reactor IdleCapital ReactorFit",
    "heat_sources.reactor_options": "reactor_options",
    "heat_sources.solar_tower": "salt_stream SolarTowerSpec",
    "heat_sources.thermal_battery": "battery_at discharge ThermalBatterySpec",
    "heat_sources.waste_heat": "waste_heat WasteHeatSpec",
    "inventory.balance": "block_inventory",
    "inventory.inventory_spec": "InventorySpec",
    "machines.inlet_stability": "compressor_inlets",
    "machines.machine_sizing": "MachineSize",
    "machines.machine_train": "machines_of MachineTrain size_machines",
    "machines.materials": "MaterialChoice materials_of",
    "machines.reality_check": "nearest_plants RealityCheck",
    "part_load.control": "ControlSpec",
    "part_load.operating_map": "performance_map PerformanceMap",
    "part_load.operating_point": "off_design",
    "result": "CycleResult energy_account",
    "site.auxiliaries": "block_auxiliaries",
    "site.degradation": "degradation_factors DegradationSpec",
    "site.hazards": "hall_hazard HallSpec",
    "site.site_rating": "hot_day_rating rate_site",
    "transients.dynamics": "block_dynamics",
    "transients.overspeed": "TripSpec",
}
_LAZY = {name: module for module, names in _HOME.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'thermo' has no attribute {name!r}")
    value = getattr(importlib.import_module(f".{_LAZY[name]}", __name__), name)
    globals()[name] = value
    return value


__all__ = [
    "ColdEndConditions",
    "ColdEndResult",
    "ColdEndSpec",
    "Component",
    "ControlSpec",
    "CoolerResult",
    "CostBreakdown",
    "CycleCandidate",
    "CycleError",
    "CycleResult",
    "CycleSpec",
    "DegradationSpec",
    "EntropyProduction",
    "ExergyAccount",
    "FiredHeaterResult",
    "FiredHeaterSpec",
    "HallSpec",
    "HeatStream",
    "HeatTaken",
    "HeaterTubesSpec",
    "IdleCapital",
    "InventorySpec",
    "LoopSpec",
    "MachineSize",
    "MachineTrain",
    "MaterialChoice",
    "Outcome",
    "PcheDuty",
    "PcheGeometry",
    "PcheResult",
    "PerformanceMap",
    "PhDiagram",
    "Properties",
    "Reactor",
    "ReactorFit",
    "ReactorMatch",
    "RealityCheck",
    "Region",
    "SolarTowerSpec",
    "SpecError",
    "State",
    "Stream",
    "ThermalBatterySpec",
    "TqDiagram",
    "TripSpec",
    "TsDiagram",
    "WasteHeatSpec",
    "assumptions",
    "battery_at",
    "block_auxiliaries",
    "block_cost",
    "block_dynamics",
    "block_inventory",
    "bottoming",
    "cold_end_conditions",
    "compile_kernels",
    "compressor_inlets",
    "condensing_gain",
    "condensing_point",
    "cost_per_kW",
    "decay_heat",
    "degradation_factors",
    "design",
    "design_cold_end",
    "design_with_pche",
    "discharge",
    "energy_account",
    "entropy_production",
    "exergy_account",
    "fit_reactor",
    "hall_hazard",
    "heat_taken",
    "hot_day_rating",
    "intermediate_loop",
    "kernels_compiled",
    "machines_of",
    "match",
    "materials_of",
    "nearest_plants",
    "off_design",
    "performance_map",
    "ph_diagram",
    "primary_heater",
    "properties",
    "rate_pche",
    "rate_site",
    "reactor_options",
    "reactors",
    "salt_stream",
    "size_machines",
    "size_pche",
    "tq_diagram",
    "ts_diagram",
    "tube_metal",
    "waste_heat",
    "water_use",
    "weiland",
    "winter_mode",
]
