"""The inputs whose effect is re-evaluated one at a time: what low and high mean for each, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from campus.case import Case
    from campus.pipeline import Solved

WEILAND = "stated uncertainty of the correlations (Weiland et al. 2019)"
UNMEASURED = "part-load curves are assumptions, none was measured on such a unit"


@dataclass(frozen=True)
class Change:
    """One thing changed: a case with another value, or a factor on what the case does not name.

    Attributes
    ----------
    case : Case
    capital : float
        Factor on the equipment cost of blocks and gas heaters.
    heater_points : float
        Added to the efficiency of the fired heaters at every load [points of fuel, LHV].
    electric_loss, sidecar_loss : float
        Factors on the losses of generator and rectifier, and of the 800/50 V sidecars.
    """

    case: Case
    capital: float = 1.0
    heater_points: float = 0.0
    electric_loss: float = 1.0
    sidecar_loss: float = 1.0

    def moves_network(self, base: Case) -> bool:
        """Does the power asked of the blocks change?"""
        return self.sidecar_loss != 1.0 or self.case.load.it_cooling_fraction != base.load.it_cooling_fraction

    def moves_outages(self, base: Case) -> bool:
        """Does the outage table of blocks and heat modules change?"""
        rates = [(c.reliability.block_FOR, c.reliability.heater_FOR) for c in (self.case, base)]
        return rates[0] != rates[1] or self.electric_loss != 1.0 or self.moves_network(base)


class Input(NamedTuple):
    """An input with its low and its high: changes, texts with units, and the reason for the range."""

    name: str
    base_text: str
    low_text: str
    high_text: str
    low: Change
    high: Change
    note: str


class _Row(NamedTuple):
    """A number of the case: where it is, its low and high, how it is shown (factor, format)."""

    name: str
    section: str
    field: str
    low: float
    high: float
    factor: float
    form: str
    note: str


def inputs_of(s: Solved) -> Iterator[Input]:
    """Every input that can be re-evaluated cheaply in this case."""
    case = s.case
    reactor = case.heat.source == "reactor"
    for row in [
        *_money_rows(case),
        *(_reactor_rows(case) if reactor else _gas_rows(case)),
        *_loss_and_outage_rows(case),
    ]:
        old = getattr(getattr(case, row.section), row.field)
        if row.low < row.high:
            base_text, low_text, high_text = (
                row.form.format(row.factor * x) for x in (old, row.low, row.high)
            )
            yield Input(
                row.name,
                base_text,
                low_text,
                high_text,
                Change(changed(case, row.section, **{row.field: row.low})),
                Change(changed(case, row.section, **{row.field: row.high})),
                row.note,
            )
    yield from _factors(case, reactor)
    if s.sized.battery_MW and s.sized.battery_MW > 0.005:
        yield _battery(case)


def changed(case: Case, section: str, **values: Any) -> Case:
    """A case with other values in one section."""
    return case.model_copy(update={section: getattr(case, section).model_copy(update=values)})


def _money_rows(case: Case) -> list[_Row]:
    e = case.economics
    r, n, i, f, v, w = (
        e.discount_rate_real, e.life_yr, e.indirect_fraction, e.fixed_om_fraction, e.vom_USD_per_MWh,
        e.network_USD_per_kW,
    )  # fmt: skip
    at = "economics"
    return [
        _Row("discount rate, real", at, "discount_rate_real", max(r - 0.02, 0.0), r + 0.02, 100, "{:.3g} %/yr",
             "±2 points: regulated utility to venture"),
        _Row("life of the plant", at, "life_yr", max(n - 5, 5.0), n + 5, 1, "{:.3g} years", "±5 years"),
        _Row("indirect cost, per equipment cost", at, "indirect_fraction", 0.5 * i, 2 * i, 100, "{:.3g} %",
             "half to double: a repeated plant against a first of its kind"),
        _Row("fixed O&M, per capital cost and year", at, "fixed_om_fraction", 0.6 * f, 1.4 * f, 100, "{:.3g} %/yr",
             "±40 %: no sCO2 plant has a record"),
        _Row("variable O&M", at, "vom_USD_per_MWh", 0.5 * v, 2 * v, 1, "{:.3g} USD/MWh",
             "half to double: no sCO2 plant has a record"),
        _Row("DC network with sidecars", at, "network_USD_per_kW", 0.7 * w, 2 * w, 1, "{:.3g} USD/kW",
             "-30 % to double: no quotation"),
    ]  # fmt: skip


def _gas_rows(case: Case) -> list[_Row]:
    g, out = case.heat.gas_price_USD_per_MMBtu_HHV, case.reliability.gas_feed_FOR
    return [
        _Row("gas price, delivered, per HHV", "heat", "gas_price_USD_per_MMBtu_HHV", 0.7 * g, 1.3 * g, 1,
             "{:.3g} USD/MMBtu", "±30 %: years differ by as much"),
        _Row("outage rate of one gas feed", "reliability", "gas_feed_FOR", 0.1 * out, 10 * out, 100, "{:.2g} % of time",
             "a tenth to ten times: no record of the site"),
    ]  # fmt: skip


def _reactor_rows(case: Case) -> list[_Row]:
    h = case.heat
    return [
        _Row("reactor capital, per kW of heat", "heat", "capex_USD_per_kW", 0.7 * h.capex_USD_per_kW,
             2 * h.capex_USD_per_kW, 1, "{:,.0f} USD/kW", "-30 % to double: none has been built in series"),
        _Row("reactor fixed O&M, per kW of heat and year", "heat", "fixed_om_USD_per_kW", 0.7 * h.fixed_om_USD_per_kW,
             1.5 * h.fixed_om_USD_per_kW, 1, "{:.3g} USD/kW/yr", "-30 % to +50 %"),
        _Row("reactor fuel and variable O&M", "heat", "heat_USD_per_MWh", 0.7 * h.heat_USD_per_MWh,
             1.5 * h.heat_USD_per_MWh, 1, "{:.3g} USD/MWh", "-30 % to +50 %: enriched fuel has no market price"),
    ]  # fmt: skip


def _loss_and_outage_rows(case: Case) -> list[_Row]:
    r, c = case.reliability, case.load.it_cooling_fraction
    return [
        _Row("cooling of the racks, per rack power", "load", "it_cooling_fraction", 0.5 * c, min(1.5 * c, 0.6), 100,
             "{:.3g} %", "±50 %: dry coolers alone to chillers in summer"),
        _Row("outage rate of a block", "reliability", "block_FOR", min(0.046, r.block_FOR), max(0.16, r.block_FOR), 100,
             "{:.3g} % of time", "NERC GADS 2020-2024: geothermal 4.6 % to gas turbines of 1 to 19 MW 15.9 % (EFORd)"),
        _Row("outage rate of a heat module", "reliability", "heater_FOR", 0.5 * r.heater_FOR,
             min(3 * r.heater_FOR, 0.3), 100, "{:.3g} % of time", "half to three times: no record"),
    ]  # fmt: skip


def _factors(case: Case, reactor: bool) -> Iterator[Input]:
    """What no key of the case names."""
    of = "blocks" if reactor else "blocks and heaters"
    yield Input(f"equipment cost of {of}", "as computed", "-30 %", "+50 %",
                Change(case, capital=0.7), Change(case, capital=1.5), WEILAND)  # fmt: skip
    yield Input("loss of generator and rectifier", "as computed", "-20 %", "+20 %",
                Change(case, electric_loss=0.8), Change(case, electric_loss=1.2), UNMEASURED)  # fmt: skip
    yield Input("loss of the sidecars, 800/50 V", "as computed", "-20 %", "+20 %",
                Change(case, sidecar_loss=0.8), Change(case, sidecar_loss=1.2), UNMEASURED)  # fmt: skip
    if not reactor:
        yield Input("heater efficiency, of fuel (LHV)", "as computed", "-2 points", "+2 points",
                    Change(case, heater_points=-2.0), Change(case, heater_points=2.0),
                    "±2 points: air preheater and stack at other temperatures")  # fmt: skip


def _battery(case: Case) -> Input:
    b = case.battery
    low, high = (
        changed(
            case,
            "battery",
            capex_USD_per_kW=k * b.capex_USD_per_kW,
            capex_USD_per_kWh=k * b.capex_USD_per_kWh,
        )
        for k in (0.7, 1.3)
    )
    base_text, low_text, high_text = (
        f"{x.battery.capex_USD_per_kW:.3g} USD/kW + {x.battery.capex_USD_per_kWh:.3g} USD/kWh"
        for x in (case, low, high)
    )
    return Input(
        "battery price",
        base_text,
        low_text,
        high_text,
        Change(low),
        Change(high),
        "±30 %: prices of a few years differ by as much",
    )
