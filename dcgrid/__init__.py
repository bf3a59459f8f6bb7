"""dcgrid: the DC network from block terminals to the rack bus, and the AC chain beside it. SI units."""

from dcgrid import std_types
from dcgrid.batch import BatchResult, run_batch
from dcgrid.diagnose import Finding, diagnose
from dcgrid.network import (
    create_bus,
    create_converter,
    create_empty_network,
    create_line,
    create_line_from_parameters,
    create_load,
    create_source,
    create_storage,
    create_switch,
)
from dcgrid.outcome import NetworkError, Outcome, Problem, RunError
from dcgrid.power_flow import PowerFlowResult, max_load_factor, run
from dcgrid.tables import Network

__all__ = [
    "BatchResult",
    "Finding",
    "Network",
    "NetworkError",
    "Outcome",
    "PowerFlowResult",
    "Problem",
    "RunError",
    "create_bus",
    "create_converter",
    "create_empty_network",
    "create_line",
    "create_line_from_parameters",
    "create_load",
    "create_source",
    "create_storage",
    "create_switch",
    "diagnose",
    "max_load_factor",
    "run",
    "run_batch",
    "std_types",
]
