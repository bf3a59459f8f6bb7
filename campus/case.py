"""What a case file may say: every section, key, unit, range, default and the source of each default.

The Python name of a quantity ends in its unit; the YAML key (the alias) is what a person writes. A default
without a ``source`` is an assumption and is listed as one in every report. :mod:`campus.case_file` reads and
writes the files; :mod:`campus.cross_checks` finds sections that contradict each other.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from campus.quantities import parse, q, unit_of

SCHEMA_VERSION = 1

EIA = "EIA, Henry Hub just under 3.50 USD/MMBtu in 2026, plus 1 USD/MMBtu delivery (assumption)"
GADS = (
    "NERC GADS 2020-2024: geothermal units FOR 4.05 % as the nearest closed power cycle; no sCO2 fleet exists"
)
ATB_BATTERY = (
    "NREL ATB 2024 moderate through ReEDS-2.0 (2025): energy and power parts from its 2 h and 4 h systems"
)
ATB_REACTOR = (
    "NREL ATB 2024 moderate through ReEDS-2.0 (SMR 2030: 8000 USD/kWe, 136 USD/kWe/yr, 2.6 USD/MWh, 37.2 %); "
    "60 % of the capital on the reactor side and 10 USD/MWh of fuel are assumptions"
)
DOE_STEAM = "DOE AMO Steam Tip Sheet 4: attainable in a well kept burner"


class Section(BaseModel):
    """A part of a case: frozen, knows its keys, reads quantities with their units."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=False, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _read_quantity(cls, value: Any, info: ValidationInfo) -> Any:
        name = info.field_name or ""
        unit = unit_of(cls.model_fields[name], name)
        if unit is None or (value is None and cls.model_fields[name].default is None):
            return value
        return parse(value, unit)


class Site(Section):
    """Where the campus stands."""

    weather: str = Field(
        description="Hourly weather file (time, dry_bulb_C, rel_humidity_pct, pressure_Pa), beside the case or shipped"
    )
    T_design_K: float | None = q(
        "design_dry_bulb",
        "K",
        -40,
        55,
        "Dry bulb for which blocks are rated; if left out, the temperature "
        "exceeded 0.4 % of the hours of the file",
        shown="degC",
        default=None,
    )

    T_extreme_K: float | None = q(
        "extreme_dry_bulb",
        "K",
        -20,
        60,
        "Hottest dry bulb in some 20 years, at which the peak load must still be met; not checked if left out",
        shown="degC",
        default=None,
    )
    dT_recirculation_K: float = q(
        "recirculation_rise",
        "K",
        0,
        10,
        "Warm air that the coolers draw back in: added to every dry bulb",
        default="0 K",
    )

    @field_validator("weather")
    @classmethod
    def _exists(cls, value: str, info: ValidationInfo) -> str:
        return _existing_file(value, info, "weather")


class LoadProfile(Section):
    """How the racks draw power over the year."""

    kind: Literal["flat", "training", "inference", "mixed", "file"] = Field(
        "mixed", description="Shape of the hourly load; 'file' reads an hourly share of the peak"
    )
    file: str | None = Field(None, description="CSV with a column of 8760 hourly values, for kind 'file'")
    training_share: float = q("training_share", "", 0, 1, "Share of training in a mixed campus", default=0.5)
    training_level: float = q(
        "training_level", "", 0.3, 1, "Mean training load as share of its peak", default=0.9
    )
    inference_night: float = q(
        "inference_night",
        "",
        0.1,
        1,
        "Inference load in the quiet hours as share of its daily peak",
        default=0.4,
    )
    seed: int = Field(0, ge=0, le=2**31 - 1, description="Seed of the random restarts and noise")

    @field_validator("file")
    @classmethod
    def _exists(cls, value: str | None, info: ValidationInfo) -> str | None:
        return None if value is None else _existing_file(value, info, "load")


class Load(Section):
    """What the racks need."""

    P_it_MW: float = q("it_power", "MW", 1, 200, "Greatest power of all racks together, at their 50 V buses")
    P_rack_W: float = q(
        "rack_power",
        "W",
        5,
        700,
        "Greatest power of one rack, at its 50 V bus",
        shown="kW",
        default="132 kW",
        source="GB200/GB300 NVL72: 120 to 140 kW (public rack data)",
    )
    it_cooling_fraction: float = q(
        "it_cooling_fraction",
        "",
        0,
        0.6,
        "Power of pumps, dry coolers and chillers that cool the racks, per rack power",
        default=0.06,
    )
    profile: LoadProfile = Field(
        default_factory=lambda: LoadProfile.model_validate({}), description="Hourly shape"
    )


class Block(Section):
    """One sCO2 power block."""

    layout: Literal["simple_recuperated", "recompression"] = Field(
        "recompression", description="Cycle layout"
    )
    W_net_W: float = q("net_power", "W", 0.5, 50, "Rated net power at the block's DC terminals", shown="MW")
    T_turbine_in_K: float = q(
        "turbine_inlet", "K", 350, 750, "Turbine inlet temperature", shown="degC", default="600 degC"
    )
    T_compressor_in_K: float | None = q(
        "compressor_inlet",
        "K",
        32,
        60,
        "Main compressor inlet at the design dry bulb",
        shown="degC",
        default=None,
    )
    dT_approach_K: float = q(
        "cooler_approach",
        "K",
        3,
        30,
        "Compressor inlet above the design dry bulb, where compressor_inlet is left out",
        default="8 K",
    )
    p_high_Pa: float = q(
        "p_high", "Pa", 12, 35, "Main compressor outlet pressure", shown="MPa", default="25 MPa"
    )
    p_low_Pa: float | None = q(
        "p_low",
        "Pa",
        5,
        12,
        "Main compressor inlet pressure; optimised if left out",
        shown="MPa",
        default=None,
    )
    recompression_fraction: float | None = q(
        "recompression_fraction",
        "",
        0,
        0.6,
        "Share of the flow through the recompressor; optimised if left out",
        default=None,
    )
    UA_W_per_K: float = q(
        "recuperator_conductance", "W/K", 0.05, 50, "UA of all recuperators of a block", shown="MW/K"
    )
    T_min_compressor_in_K: float = q(
        "min_compressor_inlet",
        "K",
        31.5,
        40,
        "Winter control holds the compressor inlet at or above this",
        shown="degC",
        default="32 degC",
    )
    drive: Literal["auto", "direct", "geared"] = Field(
        "auto", description="Generator coupling; auto follows the rpm limit"
    )


class Heat(Section):
    """The fired heaters that heat the blocks."""

    source: Literal["gas_heater", "reactor"] = Field("gas_heater", description="Kind of heat source")
    reactor: str | None = Field(
        None, description="Reactor of the catalogue thermo/data/reactors.json, for source 'reactor'"
    )
    Q_module_MWth: float | None = q(
        "module",
        "MW",
        0.5,
        100,
        "Rated heat of one heater to the CO2; one heater per block if left out",
        shown="MW",
        default=None,
    )
    excess_air: float = q(
        "excess_air", "", 0.02, 1, "Air above stoichiometric", default=0.10, source=DOE_STEAM
    )
    dT_approach_K: float = q(
        "flue_approach", "K", 10, 200, "Flue gas above the CO2 return, leaving the coil", default="40 K"
    )
    T_preheat_max_K: float = q(
        "air_preheat_limit",
        "K",
        20,
        600,
        "Hottest combustion air (burner and NOx limit)",
        shown="degC",
        default="400 degC",
    )
    T_stack_min_K: float = q(
        "min_stack", "K", 90, 300, "Coldest stack (condensation)", shown="degC", default="130 degC"
    )
    casing_loss_fraction: float = q(
        "casing_loss", "", 0, 0.05, "Heat lost through the casing, per fuel heat (LHV)", default=0.015
    )
    gas_price_USD_per_MMBtu_HHV: float = q(
        "gas_price",
        "USD/MMBtu",
        0.5,
        60,
        "Delivered price of gas per higher heating value",
        default="4.5 USD/MMBtu",
        source=EIA,
    )
    nox_mg_per_MJ: float = q(
        "nox",
        "mg/MJ",
        0,
        200,
        "NOx per fuel heat (LHV); low-NOx burner about 25 ppmvd at 3 % O2",
        default="14 mg/MJ",
    )
    dT_loop_K: float = q(
        "loop_approach",
        "K",
        5,
        60,
        "Reactor coolant (or its intermediate loop) above the CO2, at both ends of the exchanger",
        default="15 K",
    )
    min_load: float = q(
        "min_load", "", 0, 1, "Lowest share of a reactor's power; surplus heat is dumped", default=0.5
    )
    capex_USD_per_kW: float = q(
        "reactor_capex",
        "USD/kW",
        0,
        20000,
        "Reactor side only, per kW of heat, overnight",
        default="1790 USD/kW",
        source=ATB_REACTOR,
    )
    fixed_om_USD_per_kW: float = q(
        "reactor_fixed_om",
        "USD/kW",
        0,
        1000,
        "Fixed operation and maintenance a year, per kW of heat",
        default="51 USD/kW",
        source=ATB_REACTOR,
    )
    heat_USD_per_MWh: float = q(
        "reactor_heat_cost",
        "USD/MWh",
        0,
        100,
        "Nuclear fuel and variable O&M, per MWh of heat",
        default="4.7 USD/MWh",
        source=ATB_REACTOR,
    )

    @field_validator("reactor")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        return None if value is None else _known_reactor(value)


class Reliability(Section):
    """What may fail, what is spare and what is promised."""

    spare_blocks: int = Field(2, ge=0, le=40, description="Blocks beyond what the peak hour needs (N+k)")
    spare_heaters: int = Field(
        2, ge=0, le=40, description="Heat modules beyond what the peak hour needs (N+k)"
    )
    availability_target: float | None = q(
        "availability_target",
        "",
        0.5,
        0.9999999,
        "Least share of hours with full power; spares are added until it is met",
        default=None,
    )
    gas_feeds: int = Field(1, ge=1, le=4, description="Independent gas supplies, each enough for the campus")
    gas_feed_FOR: float = q(
        "gas_feed_outage_rate", "", 0, 0.1, "Share of time that one gas feed is out", default=0.0001
    )
    max_blocks: int | None = Field(None, ge=1, le=400, description="Most blocks that fit on the site")
    max_heaters: int | None = Field(None, ge=1, le=400, description="Most heat modules that fit on the site")
    block_FOR: float = q(
        "block_outage_rate",
        "",
        0,
        0.3,
        "Share of time that a block is out unplanned (4.6 to 16 % brackets it)",
        default=0.046,
        source=GADS,
    )
    heater_FOR: float = q(
        "heater_outage_rate",
        "",
        0,
        0.3,
        "Share of time that a heat module is out unplanned (a reactor about 0.05)",
        default=0.01,
    )
    lost_load: Literal["forbidden", "priced"] = Field("forbidden", description="May load be shed at a price?")
    voll_USD_per_MWh: float = q(
        "value_of_lost_load", "USD/MWh", 100, 1e6, "Price of load not served", default="10000 USD/MWh"
    )


class Battery(Section):
    """A campus battery on the block DC bus."""

    allowed: bool = Field(False, description="May the optimiser buy one?")
    duration_h: float = q("duration", "h", 0.1, 12, "Energy over power", default="4 h")
    capex_USD_per_kW: float = q(
        "capex_power", "USD/kW", 0, 3000, "Price of the power part", default="311 USD/kW", source=ATB_BATTERY
    )
    capex_USD_per_kWh: float = q(
        "capex_energy",
        "USD/kWh",
        0,
        2000,
        "Price of the energy part",
        default="310 USD/kWh",
        source=ATB_BATTERY,
    )
    efficiency_one_way: float = q(
        "efficiency_one_way",
        "",
        0.7,
        1,
        "Efficiency of charging, and of discharging",
        default=0.922,
        source="NREL ATB 2024 through ReEDS-2.0: round trip 0.85",
    )
    life_yr: float = q("life", "year", 3, 40, "Life", default="15 year")


class DcNetwork(Section):
    """From the block terminals to the 50 V rack buses."""

    v_bus_V: float = q("bus_voltage", "V", 300, 1500, "Voltage of the block buses and rows", default="800 V")
    v_rack_V: float = q("rack_voltage", "V", 40, 60, "Voltage of the rack buses", default="50 V")
    blocks_per_pod: int = Field(4, ge=1, le=40, description="Blocks that feed one pod of racks")
    racks_per_row: int = Field(10, ge=1, le=60, description="Racks on one 800 V row busway")
    collection_m: float = q(
        "collection_length", "m", 1, 2000, "Cable from a block to its pod's bus", default="60 m"
    )
    feeder_m: float = q(
        "feeder_length", "m", 1, 500, "Cable from the pod's bus to the head of a row", default="30 m"
    )
    rack_pitch_m: float = q("rack_pitch", "m", 0.3, 5, "Distance between neighbouring racks", default="0.8 m")
    voltage_drop_max: float = q(
        "voltage_drop_limit", "", 0.002, 0.1, "Greatest drop along a cable run, per unit", default=0.015
    )
    P_sidecar_module_W: float = q(
        "sidecar_module", "W", 1, 500, "Rating of one 800/50 V converter module", shown="kW", default="35 kW"
    )
    sidecar_redundancy: Literal["N", "N+1", "2N"] = Field(
        "N+1", description="Converter modules in each rack's sidecar"
    )


class AcChain(Section):
    """The conventional AC chain on the same racks, for comparison."""

    ups: Literal["double_conversion_legacy", "double_conversion_modern", "eco_mode", "rack_batteries"] = (
        Field("double_conversion_modern", description="How the AC chain rides through")
    )
    feed: Literal["auto", "inverter", "generator"] = Field(
        "auto",
        description="inverter (AC1): blocks' DC through inverters; generator (AC2): synchronous generators on the medium "
        "voltage; auto: AC2 where the block's own generator is geared",
    )


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


def _existing_file(value: str, info: ValidationInfo, folder: str) -> str:
    from campus.paths import find_data_file, shipped_data_files

    base = (info.context or {}).get("folder") or Path.cwd()
    found = find_data_file(value, Path(base))
    if found is None:
        from campus.problems import did_you_mean

        names = shipped_data_files(folder)
        hint = did_you_mean(value, names) or f"shipped: {', '.join(names)}"
        raise PydanticCustomError(
            "checked", "is not a file here", {"given": value, "allowed": None, "suggestion": hint}
        )
    return value


def _known_reactor(value: str) -> str:
    from thermo.reactor import reactors

    if value not in reactors():
        from campus.problems import did_you_mean

        hint = did_you_mean(value, reactors()) or f"known: {', '.join(reactors())}"
        raise PydanticCustomError(
            "checked", "is not in the catalogue", {"given": value, "allowed": None, "suggestion": hint}
        )
    return value
