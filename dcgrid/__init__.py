"""dcgrid: the DC network from block terminals to the rack bus, and the AC chain beside it. SI units."""

from dcgrid import std_types
from dcgrid.ac_chain import (
    AcChainResult,
    AcChainSpec,
    AcLossCurve,
    ac_chain,
    ac_loss_curve,
)
from dcgrid.assumptions import assumptions
from dcgrid.batch import BatchResult, Outages, run_batch
from dcgrid.block_sources import BlockSourceSpec, BlockVoltage, block_voltage
from dcgrid.cable_rating import Installed, Laying, conductor_cost_USD, select_installed
from dcgrid.cables import Selection, conductor_mass_kg, copper_kg, select
from dcgrid.campus_network import CampusGridSpec, TieSpec, campus_network
from dcgrid.chains import ChainsSpec, chain_ledgers, chain_names, compare_chains
from dcgrid.collection import BreakEven, CollectionSpec, break_even, collection_table
from dcgrid.comparison import Comparison, compare, compare_year
from dcgrid.contingency import ContingencyResult, contingencies
from dcgrid.diagnose import diagnose
from dcgrid.fault_screening import TieFault, largest_cluster, tie_fault
from dcgrid.finding import Finding
from dcgrid.layout import layout
from dcgrid.ledger import Ledger, Stage, ledger_from_network
from dcgrid.margins import Limit, Margins, margins
from dcgrid.network import (
    create_bus,
    create_converter,
    create_earthing,
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
from dcgrid.upstream import UpstreamStage, upstream_stages
from dcgrid.variants import VARIANTS, Variant, variant

__all__ = [
    "VARIANTS",
    "AcChainResult",
    "AcChainSpec",
    "AcLossCurve",
    "BatchResult",
    "BlockSourceSpec",
    "BlockVoltage",
    "BreakEven",
    "CampusGridSpec",
    "ChainsSpec",
    "CollectionSpec",
    "Comparison",
    "ContingencyResult",
    "Finding",
    "Installed",
    "Laying",
    "Ledger",
    "Limit",
    "Margins",
    "Network",
    "NetworkError",
    "Outages",
    "Outcome",
    "PodSpec",
    "PowerFlowResult",
    "Problem",
    "RunError",
    "Selection",
    "Stage",
    "StorageSpec",
    "TieFault",
    "TieSpec",
    "TimeSeriesResult",
    "UpstreamStage",
    "Variant",
    "ac_chain",
    "ac_loss_curve",
    "assumptions",
    "block_voltage",
    "break_even",
    "build_pod",
    "campus_network",
    "chain_ledgers",
    "chain_names",
    "collection_table",
    "compare",
    "compare_chains",
    "compare_year",
    "conductor_cost_USD",
    "conductor_mass_kg",
    "contingencies",
    "copper_kg",
    "create_bus",
    "create_converter",
    "create_earthing",
    "create_empty_network",
    "create_line",
    "create_line_from_parameters",
    "create_load",
    "create_source",
    "create_storage",
    "create_switch",
    "diagnose",
    "largest_cluster",
    "layout",
    "ledger_from_network",
    "margins",
    "max_load_factor",
    "published_studies",
    "run",
    "run_batch",
    "run_time_series",
    "select",
    "select_installed",
    "std_types",
    "tie_fault",
    "upstream_stages",
    "variant",
]
