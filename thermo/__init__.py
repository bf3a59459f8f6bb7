"""Supercritical-CO2 power blocks: cycle, machines, exchangers, cooler, fired heater, part load, cost.

>>> import thermo
>>> spec = thermo.CycleSpec(W_net_W=5e6, UA_total_W_K=1.5e6, p_high_Pa=25e6, T_compressor_in_K=311.15)
>>> thermo.design(spec).outcome.name
'OK'
"""

import importlib
from typing import TYPE_CHECKING, Any

from .defaults import assumptions
from .heat_stream import HeatStream, HeatTaken, heat_taken
from .outcome import CycleError, Outcome
from .reactor import Reactor, ReactorMatch, match, reactors
from .spec import CycleSpec, FiredHeaterSpec, SpecError
from .state import State

if TYPE_CHECKING:
    from .auxiliaries import block_auxiliaries
    from .cold_end import ColdEndConditions, ColdEndResult, cold_end_conditions, design_cold_end, water_use
    from .cold_end_spec import ColdEndSpec
    from .condensing import condensing_point
    from .condensing_gain import condensing_gain
    from .control import ControlSpec
    from .cooler import CoolerResult
    from .cost import CostBreakdown, block_cost, cost_per_kW, weiland
    from .degradation import DegradationSpec, degradation_factors
    from .design_point import design
    from .diagram import PhDiagram, TqDiagram, TsDiagram, ph_diagram, tq_diagram, ts_diagram
    from .dynamics import block_dynamics
    from .exergy import EntropyProduction, ExergyAccount, entropy_production, exergy_account
    from .hazards import HallSpec, hall_hazard
    from .heat_source import FiredHeaterResult
    from .inlet_stability import compressor_inlets
    from .inventory import InventorySpec, block_inventory
    from .machine_sizing import MachineSize
    from .machine_train import MachineTrain, machines_of, size_machines
    from .materials import MaterialChoice, materials_of
    from .operating_map import PerformanceMap, performance_map
    from .operating_point import off_design
    from .overspeed import TripSpec
    from .pche import PcheResult, rate_pche, size_pche
    from .pche_cycle import design_with_pche
    from .pche_geometry import PcheDuty, PcheGeometry
    from .property_arrays import Properties, Region, properties
    from .reality_check import RealityCheck, nearest_plants
    from .result import CycleResult, energy_account
    from .site_rating import hot_day_rating, rate_site
    from .winter import winter_mode

_LAZY = {  # loaded on first use: they bring in numba and CoolProp
    "CoolerResult": "cooler", "CostBreakdown": "cost", "block_cost": "cost", "weiland": "cost", "design": "design_point",
    "TsDiagram": "diagram", "ts_diagram": "diagram",
    "PhDiagram": "diagram", "ph_diagram": "diagram", "TqDiagram": "diagram", "tq_diagram": "diagram",
    "ExergyAccount": "exergy", "exergy_account": "exergy", "EntropyProduction": "exergy",
    "entropy_production": "exergy", "cost_per_kW": "cost", "FiredHeaterResult": "heat_source",
    "MachineSize": "machine_sizing", "MachineTrain": "machine_train", "size_machines": "machine_train",
    "machines_of": "machine_train",
    "MaterialChoice": "materials", "materials_of": "materials", "RealityCheck": "reality_check",
    "nearest_plants": "reality_check",
    "off_design": "operating_point", "ControlSpec": "control", "PerformanceMap": "operating_map",
    "Properties": "property_arrays", "Region": "property_arrays", "properties": "property_arrays",
    "performance_map": "operating_map", "CycleResult": "result", "energy_account": "result",
    "InventorySpec": "inventory_spec", "block_inventory": "inventory", "block_dynamics": "dynamics", "TripSpec": "overspeed",
    "block_auxiliaries": "auxiliaries", "compressor_inlets": "inlet_stability", "HallSpec": "hazards",
    "hall_hazard": "hazards", "DegradationSpec": "degradation", "degradation_factors": "degradation",
    "hot_day_rating": "site_rating", "rate_site": "site_rating",
    "ColdEndSpec": "cold_end_spec", "ColdEndConditions": "cold_end", "ColdEndResult": "cold_end",
    "cold_end_conditions": "cold_end", "design_cold_end": "cold_end", "water_use": "cold_end", "winter_mode": "winter",
    "condensing_point": "condensing", "PcheDuty": "pche_geometry", "PcheGeometry": "pche_geometry", "PcheResult": "pche",
    "rate_pche": "pche", "size_pche": "pche", "design_with_pche": "pche_cycle", "condensing_gain": "condensing_gain",
}  # fmt: skip


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
    "ControlSpec",
    "CoolerResult",
    "CostBreakdown",
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
    "InventorySpec",
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
    "ReactorMatch",
    "RealityCheck",
    "Region",
    "SpecError",
    "State",
    "TqDiagram",
    "TripSpec",
    "TsDiagram",
    "assumptions",
    "block_auxiliaries",
    "block_cost",
    "block_dynamics",
    "block_inventory",
    "cold_end_conditions",
    "compressor_inlets",
    "condensing_gain",
    "condensing_point",
    "cost_per_kW",
    "degradation_factors",
    "design",
    "design_cold_end",
    "design_with_pche",
    "energy_account",
    "entropy_production",
    "exergy_account",
    "hall_hazard",
    "heat_taken",
    "hot_day_rating",
    "machines_of",
    "match",
    "materials_of",
    "nearest_plants",
    "off_design",
    "performance_map",
    "ph_diagram",
    "properties",
    "rate_pche",
    "rate_site",
    "reactors",
    "size_machines",
    "size_pche",
    "tq_diagram",
    "ts_diagram",
    "water_use",
    "weiland",
    "winter_mode",
]
