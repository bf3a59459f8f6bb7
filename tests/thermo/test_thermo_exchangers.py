"""Machines, recuperators and the cooler against closed forms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thermo.cold_end.cooler import design_cooler, fan_speed_needed, ua_available, ua_needed
from thermo.exchangers.recuperator import SECANT, SEGMENT_MEAN, counterflow, lmtd
from thermo.machines.turbomachinery import H_, RHO_, S_, T_, change_pressure, set_pT


def row(p, T):
    out = np.empty(5)
    assert set_pT(out, p, T)
    return out


@given(st.floats(0.01, 300.0), st.floats(0.01, 300.0))
@settings(deadline=None, max_examples=200)
def test_log_mean_lies_between_and_is_symmetric(a, b):
    m = lmtd(a, b)
    assert min(a, b) * (1 - 1e-9) <= m <= 0.5 * (a + b) * (1 + 1e-9)
    assert m == pytest.approx(lmtd(b, a), rel=1e-9)


def test_machines_obey_the_definition_of_efficiency():
    inlet, ideal, real = row(8e6, 308.15), np.empty(5), np.empty(5)
    assert change_pressure(inlet, 25e6, 1.0, ideal)
    assert change_pressure(inlet, 25e6, 0.85, real)
    assert ideal[S_] == pytest.approx(inlet[S_], abs=1e-6)
    assert (ideal[H_] - inlet[H_]) / (real[H_] - inlet[H_]) == pytest.approx(0.85, rel=1e-10)
    hot = row(24e6, 873.15)
    assert change_pressure(hot, 8e6, 1.0, ideal)
    assert change_pressure(hot, 8e6, 0.9, real)
    assert (hot[H_] - real[H_]) / (hot[H_] - ideal[H_]) == pytest.approx(0.9, rel=1e-10)


def _streams(m_hot=1.0, m_cold=1.0):
    hot, cold = row(1e5, 900.0), row(1e5, 700.0)  # near an ideal gas: cp varies little
    return (
        (m_hot, hot[H_], 1e5, 1e5, hot[RHO_], hot[T_]),
        (m_cold, cold[H_], 1e5, 1e5, cold[RHO_], cold[T_]),
    )


@pytest.mark.parametrize("model", [SECANT, SEGMENT_MEAN])
def test_recuperator_meets_the_log_mean_of_an_ideal_gas(model):
    hot, cold = _streams(1.0, 3.0)
    ok, ua, dT, t_cold, t_hot = counterflow(model, 20, 1e5, hot, cold)
    assert ok
    expected = 1e5 / lmtd(900.0 - t_cold, t_hot - 700.0)
    assert ua == pytest.approx(expected, rel=5e-3)
    assert dT == pytest.approx(min(900.0 - t_cold, t_hot - 700.0), rel=1e-9)


def test_recuperator_converges_with_segments_near_the_critical_point():
    hot, cold = row(8e6, 380.0), row(25e6, 320.0)
    args = (
        (1.0, hot[H_], 8e6, 7.9e6, hot[RHO_], hot[T_]),
        (0.7, cold[H_], 25e6, 24.9e6, cold[RHO_], cold[T_]),
    )
    ua = [counterflow(SECANT, n, 8e4, *args)[1] for n in (10, 20, 40, 160)]
    assert abs(ua[1] / ua[3] - 1) < 2e-3
    assert abs(ua[2] - ua[3]) < abs(ua[1] - ua[3]) < abs(ua[0] - ua[3])


def test_crossing_temperatures_are_seen_inside():
    hot, cold = _streams()
    ok, ua, dT, *_ = counterflow(SECANT, 20, 3e5, hot, cold)
    assert ok
    assert ua == np.inf
    assert dT < 0.0


def test_more_duty_needs_more_conductance():
    hot, cold = _streams()
    ua = [counterflow(SECANT, 20, q, hot, cold)[1] for q in np.linspace(1e4, 1.9e5, 10)]
    assert np.all(np.diff(ua) > 0)


def test_end_log_mean_misjudges_a_cooler_at_9_MPa():
    hot, cold = row(9.1e6, 360.0), row(9e6, 311.15)
    c = design_cooler(hot, cold, 50.0, 300.0, 101325.0, 15.0)
    assert c is not None
    ends = c.Q_W / lmtd(360.0 - c.T_air_out_K, 311.15 - 300.0)
    assert 1.3 * ends < c.UA_W_K
    assert c.m_dot_air_kg_s * 1006.5 * 15.0 == pytest.approx(c.Q_W, rel=1e-12)
    assert 8e3 < c.W_fan_W / (c.Q_W / 1e6) < 20e3  # W per MW rejected


def test_cooler_refuses_what_air_cannot_do():
    assert design_cooler(row(9e6, 350.0), row(8.9e6, 311.0), 50.0, 312.0, 101325.0, None) is None
    assert design_cooler(row(9e6, 350.0), row(8.9e6, 311.0), 50.0, 300.0, 101325.0, 55.0) is None


def test_default_air_rise_keeps_a_pinch():
    c = design_cooler(row(9e6, 350.0), row(8.95e6, 311.0), 50.0, 300.0, 101325.0, None)
    assert c is not None
    assert c.dT_min_K >= 0.5 * 11.0 * (1 - 1e-9)


def test_thin_air_costs_fan_power():
    args = (row(9e6, 350.0), row(8.95e6, 311.0), 50.0, 300.0)
    sea, high = design_cooler(*args, 101325.0, 15.0), design_cooler(*args, 83000.0, 15.0)
    assert high.W_fan_W / sea.W_fan_W == pytest.approx(101325.0 / 83000.0, rel=1e-9)


def test_fan_speed_closes_the_cooler():
    T = np.linspace(350.0, 311.0, 21)
    ua = ua_needed(5e6, T, 300.0, 4e5)
    x = fan_speed_needed(5e6, T, 300.0, 4e5, 1.0, 1.0, ua, 0.8, 0.6, 0.8)
    assert x == pytest.approx(1.0, rel=1e-10)
    cold = fan_speed_needed(5e6, T, 280.0, 4e5, 1.05, 1.0, ua, 0.8, 0.6, 0.8)
    assert cold < 0.6
    assert ua_needed(5e6, T, 280.0, cold * 4e5) == pytest.approx(
        ua_available(ua, 1.05 * cold, 1.0, 0.8, 0.6, 0.8)
    )
