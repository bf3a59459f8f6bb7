"""Inputs moved one at a time: nothing moved gives the key figures exactly; each kind of move against a hand calculation."""

from dataclasses import replace
from math import comb

import numpy as np
import pytest

from campus.figures import tornado_figure
from campus.sensitivity import changed_curves, changed_year, evaluate
from campus.sensitivity_inputs import Change, changed, inputs_of

HOURS, RACK_MWH = 8760, 87600.0


@pytest.fixture(scope="module")
def base(small_solved):
    return evaluate(small_solved, Change(small_solved.case))


@pytest.fixture(scope="module")
def costs(small):
    return small.tables["costs"].set_index("item")["USD_per_year"]


def at(s, section, **values):
    return evaluate(s, Change(changed(s.case, section, **values)))


def crf(rate, years):
    return 1.0 / sum((1 + rate) ** -year for year in range(1, years + 1))


def test_nothing_changed_gives_the_key_figures(small, base):
    assert base.lcoe_USD_per_MWh == pytest.approx(small.kpis["lcoe_USD_per_MWh"].value, rel=1e-12)
    assert base.availability == pytest.approx(small.kpis["availability"].value, rel=1e-12)
    assert base.source_to_rack == pytest.approx(small.kpis["fuel_to_rack_efficiency_LHV"].value, rel=1e-12)


def test_outage_tables_made_again_with_the_same_rates_give_the_same(small_solved, base):
    same = Change(changed(small_solved.case, "reliability", block_FOR=0.046 * (1 + 1e-13)))
    assert same.moves_outages(small_solved.case)
    assert evaluate(small_solved, same).availability == pytest.approx(base.availability, rel=1e-10)


def test_gas_price(small_solved, base, costs):
    moved = at(small_solved, "heat", gas_price_USD_per_MMBtu_HHV=1.3 * 4.0)
    assert moved.lcoe_USD_per_MWh - base.lcoe_USD_per_MWh == pytest.approx(
        0.3 * costs["fuel"] / RACK_MWH, rel=1e-9
    )
    assert moved.availability == base.availability
    assert moved.source_to_rack == base.source_to_rack


def test_discount_rate_and_life(small_solved, small, base, costs):
    capital = small.kpis["capex_USD"].value
    for moved, annuity in (
        (at(small_solved, "economics", discount_rate_real=0.09), crf(0.09, 25)),
        (at(small_solved, "economics", life_yr=30.0), crf(0.07, 30)),
    ):
        by_hand = capital * (annuity - crf(0.07, 25)) / RACK_MWH
        assert moved.lcoe_USD_per_MWh - base.lcoe_USD_per_MWh == pytest.approx(by_hand, rel=1e-9)


def test_capital_and_indirect_cost_leave_the_network_alone(small_solved, base, costs):
    plant = costs["blocks: annuity, fixed O&M"] + costs["heaters: annuity, fixed O&M"]
    more = evaluate(small_solved, Change(small_solved.case, capital=1.5))
    assert more.lcoe_USD_per_MWh - base.lcoe_USD_per_MWh == pytest.approx(0.5 * plant / RACK_MWH, rel=1e-9)
    less = at(small_solved, "economics", indirect_fraction=0.0)
    assert base.lcoe_USD_per_MWh - less.lcoe_USD_per_MWh == pytest.approx(
        plant * (1 - 1 / 1.35) / RACK_MWH, rel=1e-9
    )


def test_network_cost_and_variable_om(small_solved, base, costs):
    twice = at(small_solved, "economics", network_USD_per_kW=500.0)
    assert twice.lcoe_USD_per_MWh - base.lcoe_USD_per_MWh == pytest.approx(
        costs["DC network: annuity, fixed O&M"] / RACK_MWH, rel=1e-9
    )
    none = at(small_solved, "economics", vom_USD_per_MWh=0.0)
    assert base.lcoe_USD_per_MWh - none.lcoe_USD_per_MWh == pytest.approx(
        costs["blocks: variable O&M"] / RACK_MWH, rel=1e-9
    )


def test_outage_rate_of_a_block_is_binomial(small_solved, base):
    moved = at(small_solved, "reliability", block_FOR=0.16)

    def three_of_four(out):
        return sum(comb(4, up) * (1 - out) ** up * out ** (4 - up) for up in (3, 4))

    assert moved.availability / base.availability == pytest.approx(
        three_of_four(0.16) / three_of_four(0.046), rel=1e-9
    )
    assert moved.lcoe_USD_per_MWh == base.lcoe_USD_per_MWh


def test_gas_feed(small_solved, base):
    moved = at(small_solved, "reliability", gas_feed_FOR=0.002)
    assert moved.availability / base.availability == pytest.approx((1 - 0.002) / (1 - 0.0002), rel=1e-12)


def test_heater_efficiency_moves_fuel_alone(small_solved, small, base, costs):
    d = small.tables["dispatch"]
    eta = d["heat_MWth"] / d["fuel_MW_LHV"]
    fuel = (d["heat_MWth"] / (eta + 0.02)).sum() / d["fuel_MW_LHV"].sum()
    moved = evaluate(small_solved, Change(small_solved.case, heater_points=2.0))
    assert base.lcoe_USD_per_MWh - moved.lcoe_USD_per_MWh == pytest.approx(
        costs["fuel"] * (1 - fuel) / RACK_MWH, rel=1e-9
    )
    assert moved.source_to_rack == pytest.approx(base.source_to_rack / fuel, rel=1e-9)


def test_sidecar_loss_adds_its_own_loss_and_its_cooling(small_solved, small):
    energy = small.tables["energy"].set_index("target")["GWh"]
    change = Change(small_solved.case, sidecar_loss=1.2)
    more_MW = changed_curves(small_solved, change).input_MW(
        small_solved.rack_MW
    ) - small_solved.grid.curves.input_MW(small_solved.rack_MW)
    added_GWh = 0.2 * energy["sidecar loss"] * (1.0 + small_solved.case.load.it_cooling_fraction)
    assert more_MW.sum() / 1e3 == pytest.approx(added_GWh, rel=1e-9)


def test_electric_loss_changed_and_changed_back(small_solved):
    year = changed_year(small_solved, Change(small_solved.case, electric_loss=0.8))
    account = year.account
    leaves = sum(p for name, p in account.items() if name not in ("fuel (LHV)", "heat to the CO2"))
    np.testing.assert_allclose(account["fuel (LHV)"], leaves, rtol=1e-9)
    np.testing.assert_allclose(
        account["rectifier loss"].max(), 0.8 * small_solved.year.account["rectifier loss"].max(), rtol=1e-3
    )
    assert year.output_factor.min() > small_solved.year.output_factor.min()


def test_what_installed_blocks_cannot_give_is_shed(small_solved, base):
    """Cooling at 60 % of the rack power, spares gone: 16 MW asked of 15 MW."""
    units = {"block": 3, "heater": 4}
    poorer = replace(small_solved, sized=replace(small_solved.sized, units=units))
    moved = evaluate(poorer, Change(changed(small_solved.case, "load", it_cooling_fraction=0.6)))
    assert moved.availability == pytest.approx(0.0, abs=1e-9)
    assert moved.source_to_rack < base.source_to_rack


def test_table_is_sorted_and_each_low_and_high_lie_on_both_sides(small):
    table = small.tables["sensitivity"]
    assert list(table["swing"]) == sorted(table["swing"], reverse=True)
    inside = (table[["lcoe_low", "lcoe_high"]].min(axis=1) <= table["lcoe_base"] + 1e-9) & (
        table[["lcoe_low", "lcoe_high"]].max(axis=1) >= table["lcoe_base"] - 1e-9
    )
    assert inside.all()
    assert table["note"].str.len().min() > 5


def test_every_input_says_its_range(small_solved):
    items = list(inputs_of(small_solved))
    assert len(items) >= 12
    assert len({item.name for item in items}) == len(items)
    for item in items:
        assert item.low_text != item.high_text


def test_tornado_shows_ten_at_most_with_their_values_at_the_ends(small):
    figure = tornado_figure(small.tables["sensitivity"])
    low, high = figure.data
    assert len(low.y) == 10
    assert low.y[-1] == small.tables["sensitivity"]["input"][0]
    assert low.text[-1] == f"-30 %: {small.tables['sensitivity']['lcoe_low'][0]:.1f}"
    assert low.marker.pattern.shape != high.marker.pattern.shape
