"""Annuities, cost of energy and present value against closed forms."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sizing
import sizing.availability
import sizing.economics


@given(rate=st.floats(-0.05, 0.3), years=st.integers(1, 60))
def test_annuity_repays_the_capital(rate, years):
    pay = sizing.capital_recovery_factor(rate, years)
    assert sum(pay / (1 + rate) ** t for t in range(1, years + 1)) == pytest.approx(1.0, rel=1e-9)


def test_known_annuities():
    assert sizing.capital_recovery_factor(0.07, 20) == pytest.approx(0.07 * 1.07**20 / (1.07**20 - 1))
    assert sizing.capital_recovery_factor(0.0, 25) == pytest.approx(0.04)
    assert sizing.annuity_USD_per_year(1e6, 0.08, 30, 0.02) == pytest.approx(
        1e6 * (0.0888274 + 0.02), rel=1e-6
    )


def test_lcoe_leaves_lost_load_out():
    costs = {"block fixed": 4e6, "heater variable": 6e6, "lost load": 1e6}
    assert sizing.lcoe_USD_per_MWh(costs, 2e5) == pytest.approx(50.0)


@given(saving=st.floats(-1e6, 1e6), extra=st.floats(0, 1e7), rate=st.floats(0.01, 0.2))
def test_npv_is_the_sum_of_discounted_savings(saving, extra, rate):
    by_sum = sum(saving / (1 + rate) ** t for t in range(1, 21)) - extra
    assert sizing.npv_of_level_saving_USD(saving, rate, 20, extra) == pytest.approx(
        by_sum, rel=1e-9, abs=1e-3
    )


@pytest.mark.parametrize(("rate", "years"), [(-1.0, 10), (0.05, 0), (0.05, -3)])
def test_nonsense_is_refused(rate, years):
    with pytest.raises(ValueError, match="must be"):
        sizing.capital_recovery_factor(rate, years)


@pytest.mark.parametrize("module", [sizing.economics, "sizing.availability"])
def test_examples_in_the_docs(module):
    import sys

    module = sys.modules[module] if isinstance(module, str) else module
    found = doctest.testmod(module)
    assert found.attempted > 0
    assert found.failed == 0
