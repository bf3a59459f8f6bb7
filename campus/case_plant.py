"""Sections of a case that say what makes the power: blocks, heat, spares, battery."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from campus.quantities import q
from campus.section import Section

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


class Block(Section):
    """One sCO2 power block."""

    layout: Literal[
        "simple_recuperated",
        "recompression",
        "partial_cooling",
        "recompression_intercooled",
        "recompression_reheat",
        "htr_bypass",
        "turbine_split",
        "cascade",
    ] = Field(
        "recompression",
        description="Cycle layout; what it has beside pressures and recompression is optimised. With a reactor, "
        "htr_bypass brings the coolant back at its return temperature",
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
    nox_mg_per_MJ: float | None = q(
        "nox",
        "mg/MJ",
        0,
        200,
        "NOx per fuel heat (LHV), from the burner's maker; left out: a low-NOx burner of 25 ppmvd at 3 % O2 with cold air, "
        "raised by its hot air",
        default=None,
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


def _known_reactor(value: str) -> str:
    from thermo.heat_sources.reactor import reactors

    if value not in reactors():
        from campus.problems import did_you_mean

        hint = did_you_mean(value, reactors()) or f"known: {', '.join(reactors())}"
        raise PydanticCustomError(
            "checked", "is not in the catalogue", {"given": value, "allowed": None, "suggestion": hint}
        )
    return value
