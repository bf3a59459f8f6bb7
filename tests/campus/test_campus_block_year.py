"""A block over a year: interpolation that keeps the account closed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campus.block_year import FUEL, NET, BlockYear, bilinear


def _year(T_K: np.ndarray) -> BlockYear:
    """A block whose losses bend with load and temperature, closed at every node."""
    T_nodes, u = np.array([260.0, 290.0, 310.0]), np.array([0.4, 0.6, 0.8, 1.0])
    most = np.array([5e6, 5e6, 4.5e6])
    net = most[:, None] * u
    stack, rejected = 0.2 * net**1.2, net * (1.3 + 0.001 * (T_nodes[:, None] - 260.0)) + 1e5
    account = {
        FUEL: net + stack + rejected,
        "stack loss": stack,
        "heat rejected in the cooler": rejected,
        NET: net,
    }
    return BlockYear(5e6, 1.2e7, 12.0, ((0.4, 0.5), (1.0, 1.0)), np.interp(T_K, T_nodes, most) / 5e6, np.ones_like(T_K),
                     T_K, T_nodes, u, account)  # fmt: skip


@given(st.lists(st.tuples(st.floats(255, 315), st.floats(0.0, 1.0)), min_size=1, max_size=20))
def test_interpolated_account_closes_and_meets_the_power_asked(points):
    T_K = np.array([T for T, _ in points])
    year = _year(T_K)
    W = np.array([share for _, share in points]) * year.output_factor * year.W_rated_W
    flows = year.flows_W(W)
    out = flows["stack loss"] + flows["heat rejected in the cooler"] + flows[NET] + flows["load bank"]
    np.testing.assert_allclose(out, flows[FUEL], rtol=1e-12, atol=1e-6)
    np.testing.assert_allclose(flows[NET], W, rtol=1e-12)
    assert np.all(flows["load bank"] >= -1e-6)


def test_a_block_that_is_off_takes_nothing():
    flows = _year(np.array([280.0])).flows_W(np.array([0.0]))
    assert all(np.all(flow == 0.0) for flow in flows.values())


def test_below_its_lowest_load_a_block_burns_the_rest_in_the_load_bank():
    flows = _year(np.array([280.0])).flows_W(np.array([1e6]))
    assert flows["load bank"][0] == pytest.approx(0.4 * 5e6 - 1e6)


@given(st.floats(0, 2), st.floats(-1, 1))
def test_bilinear_is_exact_for_a_bilinear_function(x, y):
    xs, ys = np.array([0.0, 0.7, 2.0]), np.array([-1.0, 0.2, 1.0])
    table = 3 + 2 * xs[:, None] - ys + 0 * xs[:, None] * ys
    assert bilinear(xs, ys, table, np.array([x]), np.array([y]))[0] == pytest.approx(3 + 2 * x - y)
