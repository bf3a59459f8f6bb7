"""What a case file may say: every section, key, unit, range, default and the source of each default.

The sections are in `case_demand`, `case_plant` and `case_delivery`; here are the economics, the solver and the whole.

The Python name of a quantity ends in its unit; the YAML key (the alias) is what a person writes. A default
without a ``source`` is an assumption and is listed as one in every report. :mod:`campus.case_file` reads and
writes the files; :mod:`campus.cross_checks` finds sections that contradict each other.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from campus.case_delivery import AcChain, DcNetwork
from campus.case_demand import Load, LoadProfile, Site
from campus.case_plant import Battery, Block, Heat, Reliability
from campus.quantities import q
from campus.section import Section

__all__ = [
    "AcChain",
    "Battery",
    "Block",
    "Case",
    "DcNetwork",
    "Economics",
    "Heat",
    "Load",
    "LoadProfile",
    "Reliability",
    "Section",
    "Site",
    "Solve",
]


class Economics(Section):
    """What money costs and what things cost, in constant dollars of `price_year`."""

    price_year: int = Field(2024, ge=2017, le=2026, description="Year of all prices")
    discount_rate_real: float = q("discount_rate", "", 0, 0.25, "Real, after tax", default=0.06)
    life_yr: float = q("life", "year", 5, 60, "Life of blocks, heaters and network", default="25 year")
    fixed_om_fraction: float = q(
        "fixed_om", "", 0, 0.2, "Fixed operation and maintenance a year, per capital cost", default=0.025
    )
    vom_USD_per_MWh: float = q(
        "variable_om",
        "USD/MWh",
        0,
        50,
        "Variable operation and maintenance, per net MWh",
        default="3 USD/MWh",
    )
    indirect_fraction: float = q(
        "indirect",
        "",
        0,
        2,
        "Engineering, construction management, contingency and first-of-a-kind, per equipment cost",
        default=0.35,
    )
    network_USD_per_kW: float = q(
        "network_cost", "USD/kW", 0, 2000, "800 V network with sidecars, per rack power", default="250 USD/kW"
    )
    first_power_months: float = q(
        "first_power",
        "month",
        1,
        120,
        "Order to first block running",
        default="18 month",
    )
    area_m2_per_MW: float = q(
        "block_area",
        "m**2/MW",
        1,
        5000,
        "Ground for blocks with heaters and coolers, per MW of net power",
        default="120 m**2/MW",
    )


class Solve(Section):
    """How hard the optimiser works."""

    typical_days: int = Field(12, ge=2, le=120, description="Clusters for the integer stage")
    gap: float = q("gap", "", 1e-6, 0.1, "Optimality gap at which the integer stage may stop", default=1e-3)
    loop_max: int = Field(
        6, ge=1, le=20, description="Most passes of the loss loop between sizing and network"
    )


class Case(Section):
    """A whole campus."""

    schema_version: Literal[1] = Field(description="Version of this file format")
    name: str = Field(min_length=1, max_length=120, description="Title of the campus")
    description: str = Field("", description="What the case is for")
    site: Site
    load: Load
    block: Block
    heat: Heat = Field(default_factory=lambda: Heat.model_validate({}))
    reliability: Reliability = Field(default_factory=lambda: Reliability.model_validate({}))
    battery: Battery = Field(default_factory=lambda: Battery.model_validate({}))
    dc_network: DcNetwork = Field(default_factory=lambda: DcNetwork.model_validate({}))
    ac_chain: AcChain = Field(default_factory=lambda: AcChain.model_validate({}))
    economics: Economics = Field(default_factory=lambda: Economics.model_validate({}))
    solve: Solve = Field(default_factory=lambda: Solve.model_validate({}))
