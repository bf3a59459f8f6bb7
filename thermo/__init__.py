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
    from .cooler import CoolerResult
    from .cost import CostBreakdown, block_cost, weiland
    from .design_point import design
    from .diagram import TsDiagram, ts_diagram
    from .heat_source import FiredHeaterResult
    from .machine_sizing import MachineSize
    from .machine_train import MachineTrain, machines_of, size_machines
    from .materials import MaterialChoice, materials_of
    from .operating_map import PerformanceMap, performance_map
    from .operating_point import off_design
    from .property_arrays import Properties, Region, properties
    from .reality_check import RealityCheck, nearest_plants
    from .result import CycleResult, energy_account

_LAZY = {  # loaded on first use: they bring in numba and CoolProp
    "CoolerResult": "cooler", "CostBreakdown": "cost", "block_cost": "cost", "weiland": "cost", "design": "design_point",
    "TsDiagram": "diagram", "ts_diagram": "diagram", "FiredHeaterResult": "heat_source",
    "MachineSize": "machine_sizing", "MachineTrain": "machine_train", "size_machines": "machine_train",
    "machines_of": "machine_train",
    "MaterialChoice": "materials", "materials_of": "materials", "RealityCheck": "reality_check",
    "nearest_plants": "reality_check",
    "off_design": "operating_point", "PerformanceMap": "operating_map",
    "Properties": "property_arrays", "Region": "property_arrays", "properties": "property_arrays",
    "performance_map": "operating_map", "CycleResult": "result", "energy_account": "result",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'thermo' has no attribute {name!r}")
    value = getattr(importlib.import_module(f".{_LAZY[name]}", __name__), name)
    globals()[name] = value
    return value


__all__ = [
    "CoolerResult",
    "CostBreakdown",
    "CycleError",
    "CycleResult",
    "CycleSpec",
    "FiredHeaterResult",
    "FiredHeaterSpec",
    "HeatStream",
    "HeatTaken",
    "MachineSize",
    "MachineTrain",
    "MaterialChoice",
    "Outcome",
    "PerformanceMap",
    "Properties",
    "Reactor",
    "ReactorMatch",
    "RealityCheck",
    "Region",
    "SpecError",
    "State",
    "TsDiagram",
    "assumptions",
    "block_cost",
    "design",
    "energy_account",
    "heat_taken",
    "machines_of",
    "match",
    "materials_of",
    "nearest_plants",
    "off_design",
    "performance_map",
    "properties",
    "reactors",
    "size_machines",
    "ts_diagram",
    "weiland",
]
