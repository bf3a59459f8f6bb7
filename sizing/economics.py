"""Money over years: annuities, cost of energy and present value, in constant dollars.

Rates are real. LCOE counts annual cost without lost load, over energy delivered at the rack input.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import expm1, log1p

LOST_LOAD = "lost load"
"""The item of ``SizingResult.costs`` that is no payment."""


def capital_recovery_factor(rate_real: float, years: float) -> float:
    """Annual payment per unit of capital: r (1 + r)^n / ((1 + r)^n − 1); 1/n at zero rate [1/year].

    >>> round(capital_recovery_factor(0.07, 20), 6)
    0.094393
    """
    if rate_real <= -1.0 or years <= 0:
        raise ValueError(f"rate_real = {rate_real} must be above -1 and years = {years} above 0")
    if rate_real == 0.0:
        return 1.0 / years
    return rate_real / -expm1(-years * log1p(rate_real))


def annuity_USD_per_year(
    capital_USD: float, rate_real: float, years: float, fixed_om_share: float = 0.0
) -> float:
    """Annuity of a capital cost plus fixed O&M as a share of that capital [USD/year].

    >>> round(annuity_USD_per_year(1000.0, 0.0, 10.0, 0.02), 6)
    120.0
    """
    return capital_USD * (capital_recovery_factor(rate_real, years) + fixed_om_share)


def lcoe_USD_per_MWh(costs_USD_per_year: Mapping[str, float], delivered_MWh_per_year: float) -> float:
    """Levelised cost: annual cost without lost load ÷ MWh delivered at the rack input [USD/MWh].

    >>> lcoe_USD_per_MWh({"A5 fixed": 900.0, "lost load": 50.0}, 10.0)
    90.0
    """
    if delivered_MWh_per_year <= 0:
        raise ValueError(f"delivered_MWh_per_year = {delivered_MWh_per_year} must be above 0")
    paid = sum(cost for item, cost in costs_USD_per_year.items() if item != LOST_LOAD)
    return paid / delivered_MWh_per_year


def npv_of_level_saving_USD(
    saving_USD_per_year: float, rate_real: float, years: float, extra_capital_USD: float = 0.0
) -> float:
    """Present value of a level annual saving less the extra capital it takes at the start [USD].

    >>> round(npv_of_level_saving_USD(100.0, 0.0, 10.0, 400.0), 6)
    600.0
    """
    return saving_USD_per_year / capital_recovery_factor(rate_real, years) - extra_capital_USD
