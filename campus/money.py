"""What things cost in a case: capital by item, a year's cost of each module, the price of fuel heat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sizing import capital_recovery_factor

if TYPE_CHECKING:
    from campus.case import Case

MWH_PER_MMBTU = 0.29307107
HHV_PER_LHV = 1.108  # natural gas; the facts convert US prices per HHV once with this


@dataclass(frozen=True)
class UnitCosts:
    """Capital of one module, indirect cost included, and its yearly cost.

    Attributes
    ----------
    block_USD, heater_USD : dict of item -> (USD, extrapolated)
        Capital of one block without its heater, and of one heater, by item.
    annual_share : float
        Yearly cost of a block or the network per its capital: annuity and fixed O&M [1/yr].
    heater_USD_per_yr : float
        Yearly cost of one heat module: annuity and fixed O&M [USD/yr].
    battery_USD_per_MW_yr : float
        Yearly cost of one MW of battery with its energy [USD/MW/yr].
    """

    block_USD: Mapping[str, tuple[float, bool]]
    heater_USD: Mapping[str, tuple[float, bool]]
    annual_share: float
    heater_USD_per_yr: float
    battery_USD_per_MW_yr: float

    @property
    def block_total_USD(self) -> float:
        """Capital of one block without its heater [USD]."""
        return sum(usd for usd, _ in self.block_USD.values())

    @property
    def heater_total_USD(self) -> float:
        """Capital of one heater [USD]."""
        return sum(usd for usd, _ in self.heater_USD.values())


def annual_share(case: Case) -> float:
    """Annuity at the real discount rate over the life, plus fixed O&M [1/yr]."""
    e = case.economics
    return capital_recovery_factor(e.discount_rate_real, e.life_yr) + e.fixed_om_fraction


def battery_capital_USD_per_MW(case: Case) -> float:
    """Capital of one MW of battery with `duration` hours of energy [USD/MW]."""
    b = case.battery
    return 1e3 * (b.capex_USD_per_kW + b.duration_h * b.capex_USD_per_kWh)


def battery_USD_per_MW_yr(case: Case) -> float:
    """Yearly cost of one MW of battery: annuity over its own life, plus fixed O&M [USD/MW/yr]."""
    e = case.economics
    share = capital_recovery_factor(e.discount_rate_real, case.battery.life_yr) + e.fixed_om_fraction
    return battery_capital_USD_per_MW(case) * share


def source_USD_per_MWh(case: Case) -> float:
    """Price of what enters the heat modules: gas per MWh of lower heating value, or reactor heat per MWh."""
    return case.heat.heat_USD_per_MWh if case.heat.source == "reactor" else fuel_USD_per_MWh_LHV(case)


def reactor_USD_per_yr(case: Case, Q_module_W: float) -> tuple[float, float]:
    """Capital [USD] and yearly cost [USD/yr] of one reactor: annuity and its own fixed O&M, per kW of heat."""
    h, e = case.heat, case.economics
    capital = h.capex_USD_per_kW * Q_module_W / 1e3
    return capital, capital * capital_recovery_factor(
        e.discount_rate_real, e.life_yr
    ) + h.fixed_om_USD_per_kW * Q_module_W / 1e3


def fuel_USD_per_MWh_LHV(case: Case) -> float:
    """Price of fuel per MWh of lower heating value [USD/MWh]: US gas is priced per MMBtu of higher heating value.

    >>> round(3.5 / 0.29307107 * 1.108, 2)
    13.23
    """
    return case.heat.gas_price_USD_per_MMBtu_HHV / MWH_PER_MMBTU * HHV_PER_LHV
