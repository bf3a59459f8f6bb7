"""The key figures: name, unit, boundary and where each comes from. Their values: `campus.account`."""

from __future__ import annotations

import math
from typing import NamedTuple


class About(NamedTuple):
    """What a key figure means."""

    unit: str
    label: str
    boundary: str
    source: str


ABOUT: dict[str, About] = {
    "block_efficiency": About(
        "%",
        "Block efficiency, heat to DC",
        "net DC power over heat to the CO2, design point; not over fuel",
        "cycle",
    ),
    "fuel_to_rack_efficiency_LHV": About(
        "%",
        "Fuel to rack, LHV",
        "energy at the 50 V rack buses over fuel (LHV), a year",
        "dispatch and network",
    ),
    "block_net_power_MW": About(
        "MW", "Net power of one block", "DC terminals, after fans and auxiliaries, design point", "cycle"
    ),
    "blocks_installed": About("blocks", "Blocks installed", "spares included", "sizing"),
    "blocks_needed": About(
        "blocks", "Blocks needed", "in the hour that binds, none out of service", "sizing"
    ),
    "spares": About("blocks", "Spare blocks", "installed less needed", "sizing"),
    "heat_modules_installed": About("modules", "Heat modules installed", "spares included", "sizing"),
    "battery_power_MW": About("MW", "Battery power", "block DC bus", "sizing"),
    "battery_energy_MWh": About("MWh", "Battery energy", "block DC bus", "sizing"),
    "availability": About(
        "%",
        "Availability",
        "hours at full load; outages of blocks, heaters, gas; load shed; no battery help, perfect network",
        "outage table, dispatch",
    ),
    "served_fraction": About(
        "%",
        "Energy served",
        "expected share of the year's energy at the block bus, same outages and shedding",
        "outage table, dispatch",
    ),
    "worst_rack_availability": About(
        "%",
        "Availability of the worst-placed rack",
        "first to be shed, and last on its row: availability times its way from the pod's bus (bus, breaker, feeder, "
        "busway, sidecar); not its cooling and controls",
        "outage table, failure data",
    ),
    "lolh_h_per_year": About(
        "h/yr", "Hours short of power", "expected, same outages and shedding", "outage table, dispatch"
    ),
    "eens_MWh_per_year": About(
        "MWh/yr",
        "Energy not served",
        "expected, at the block bus, same outages and shedding",
        "outage table, dispatch",
    ),
    "pue": About(
        "–",
        "PUE",
        "energy of the blocks at their DC terminals over energy at the 50 V rack buses, a year; battery loss included",
        "dispatch and network",
    ),
    "dc_loss_fraction": About(
        "%", "DC chain loss", "turbine shaft to 50 V rack bus, share of shaft energy, a year", "network"
    ),
    "ac_loss_fraction": About(
        "%",
        "AC chain loss",
        "turbine shaft to 50 V rack bus, share of shaft energy, a year",
        "AC chain of the case",
    ),
    "dc_saving_MWh_per_year": About(
        "MWh/yr", "DC saves against AC", "energy at the turbine shaft, same racks", "both chains"
    ),
    "dc_saving_USD_per_year": About(
        "USD/yr",
        "Worth of that saving",
        "at the variable cost of block energy (fuel and variable O&M)",
        "both chains",
    ),
    "min_rack_voltage_pu": About(
        "pu",
        "Lowest voltage at a rack",
        "input of the sidecars at full load; their 50 V output is regulated",
        "network",
    ),
    "max_line_loading": About("%", "Highest line loading", "current over ampacity at full load", "network"),
    "capex_USD": About(
        "USD",
        "Capital cost",
        "blocks, heaters, battery, DC network per rack power; not the racks or the hall",
        "cost correlations",
    ),
    "capex_USD_per_kW_IT": About(
        "USD/kW", "Capital cost per rack power", "same, over the greatest rack power", "cost correlations"
    ),
    "lcoe_USD_per_MWh": About(
        "USD/MWh",
        "Cost of energy (LCOE)",
        "annualised cost without lost load over energy at the 50 V rack buses, constant dollars",
        "sizing and network",
    ),
    "npv_USD": About(
        "USD",
        "Present value of the energy that DC saves",
        "energy only, no capital on either side, against the AC chain of the case, over the life",
        "both chains",
    ),
    "objective_USD_per_year": About("USD/yr", "Annualised cost", "what the optimiser minimises", "sizing"),
    "lower_bound_USD_per_year": About("USD/yr", "Proved lower bound", "of the annualised cost", "sizing"),
    "gap": About("%", "Optimality gap", "annualised cost above the bound", "sizing"),
    "fuel_MWh_LHV_per_year": About("MWh/yr", "Fuel", "lower heating value", "dispatch"),
    "co2_t_per_year": About(
        "t/yr", "CO2 from combustion", "stack, gas taken as methane; no upstream methane", "fuel"
    ),
    "nox_t_per_year": About("t/yr", "NOx", "stack, at the case's emission per fuel heat", "fuel"),
    "water_m3_per_year": About("m³/yr", "Water", "dry coolers use none", "cooling"),
    "heat_rejected_MW": About(
        "MW", "Heat rejected by coolers", "all blocks together, greatest hour", "dispatch"
    ),
    "footprint_m2": About(
        "m²",
        "Ground for blocks",
        "blocks with heaters and coolers, spares included; without the hall",
        "case",
    ),
    "months_to_first_power": About(
        "months", "Months to first power", "order to first block, as the case says", "case"
    ),
    "loop_iterations": About(
        "passes", "Loss-loop passes", "sizing and network, until the loss curve stays", "run"
    ),
    "reproducible": About("–", "Reproducible", "same case gives the same bytes", "run"),
}

# The cards at the top of the report and the page.
HEADLINES = (
    "blocks_installed",
    "spares",
    "block_efficiency",
    "fuel_to_rack_efficiency_LHV",
    "availability",
    "lcoe_USD_per_MWh",
    "capex_USD_per_kW_IT",
    "pue",
    "dc_loss_fraction",
    "ac_loss_fraction",
)


def shown(value: float | int | bool | str | None, digits: int = 4) -> str:
    """A number as a person reads it: a few significant digits, thousands parted by a thin space.

    >>> shown(0.04567891), shown(9999.6), shown(1234567.0), shown(True), shown(None)
    ('0.04568', '10\u202f000', '1\u202f235\u202f000', 'yes', 'none')
    """
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return f"{value:,}".replace(",", "\u202f")
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    if abs(value) < 1e-4:
        return f"{value:.1e}"
    rounded = float(f"{value:.{digits}g}")
    decimals = max(digits - 1 - math.floor(math.log10(abs(rounded))), 0)
    return f"{rounded:,.{decimals}f}".replace(",", "\u202f")


def headline(kpi: tuple[float | int | bool | None, str, str], digits: int = 3) -> str:
    """A key figure as shown: a few digits, but as many nines as a high percentage has, and two digits after them.

    >>> headline((99.98765, "%", "Availability")), headline((206.37, "USD/MWh", "LCOE"))
    ('99.988', '206')
    """
    value, unit, _ = kpi
    if unit == "%" and isinstance(value, float) and 99.0 < value < 100.0:
        return f"{value:.{1 - math.floor(math.log10(100.0 - value))}f}"
    return shown(value, digits)
