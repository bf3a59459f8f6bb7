"""dcgrid: the DC network from block terminals to the rack bus, and the AC chain beside it. SI units."""

from dcgrid import std_types
from dcgrid.ac_chain import (
    AcChainResult,
    AcChainSpec,
    AcLossCurve,
    UpstreamStage,
    ac_chain,
    ac_loss_curve,
    upstream_stages,
)
from dcgrid.assumptions import assumptions
from dcgrid.batch import BatchResult, run_batch
from dcgrid.cables import Selection, conductor_mass_kg, copper_kg, select
from dcgrid.chains import ChainsSpec, chain_ledgers, chain_names, compare_chains
from dcgrid.comparison import Comparison, compare, compare_year
from dcgrid.contingency import ContingencyResult, contingencies
from dcgrid.diagnose import diagnose
from dcgrid.finding import Finding
from dcgrid.layout import layout
from dcgrid.ledger import Ledger, Stage, ledger_from_network
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
from dcgrid.pod import PodSpec, build_pod
from dcgrid.power_flow import PowerFlowResult, max_load_factor, run
from dcgrid.storage_energy import StorageSpec
from dcgrid.studies import published_studies
from dcgrid.tables import Network
from dcgrid.time_series import TimeSeriesResult, run_time_series

__all__ = [
    "AcChainResult",
    "AcChainSpec",
    "AcLossCurve",
    "BatchResult",
    "ChainsSpec",
    "Comparison",
    "ContingencyResult",
    "Finding",
    "Ledger",
    "Network",
    "NetworkError",
    "Outcome",
    "PodSpec",
    "PowerFlowResult",
    "Problem",
    "RunError",
    "Selection",
    "Stage",
    "StorageSpec",
    "TimeSeriesResult",
    "UpstreamStage",
    "ac_chain",
    "ac_loss_curve",
    "assumptions",
    "build_pod",
    "chain_ledgers",
    "chain_names",
    "compare",
    "compare_chains",
    "compare_year",
    "conductor_mass_kg",
    "contingencies",
    "copper_kg",
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
    "layout",
    "ledger_from_network",
    "max_load_factor",
    "published_studies",
    "run",
    "run_batch",
    "run_time_series",
    "select",
    "std_types",
    "upstream_stages",
]
