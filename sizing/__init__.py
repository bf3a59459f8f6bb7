"""Sizing: how many blocks, heat modules and how much storage a campus needs, at least annual cost.

``size(inputs)`` answers with units, dispatch, cost, a proved bound and the exact availability. MW, MWh, h, USD.
"""

from sizing.availability import Availability, availability
from sizing.campus_availability import campus_availability
from sizing.economics import (
    annuity_USD_per_year,
    capital_recovery_factor,
    lcoe_USD_per_MWh,
    npv_of_level_saving_USD,
)
from sizing.inputs import (
    AvailabilityTarget,
    Battery,
    BlockType,
    HeatPool,
    HeatSource,
    InputsError,
    Problem,
    SizingInputs,
    SolveOptions,
)
from sizing.outcome import Outcome
from sizing.result import SizingError, SizingResult
from sizing.solve import size

__all__ = [
    "Availability",
    "AvailabilityTarget",
    "Battery",
    "BlockType",
    "HeatPool",
    "HeatSource",
    "InputsError",
    "Outcome",
    "Problem",
    "SizingError",
    "SizingInputs",
    "SizingResult",
    "SolveOptions",
    "annuity_USD_per_year",
    "availability",
    "campus_availability",
    "capital_recovery_factor",
    "lcoe_USD_per_MWh",
    "npv_of_level_saving_USD",
    "size",
]
