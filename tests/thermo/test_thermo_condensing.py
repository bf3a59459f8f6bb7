"""Saturation against HEOS, condenser through the dome, pump suction."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thermo.co2.fluid import heos, state_ph
from thermo.co2.saturation import T_TOP_K, saturation, saturation_pressure_Pa
from thermo.cold_end.condensing import condensing_point, suction_check
from thermo.cold_end.conditions import ColdEndSpec, cold_end_conditions
from thermo.cold_end.cooler import co2_profile, design_cooler, ua_needed
from thermo.exchangers.recuperator import lmtd
from thermo.machines.turbomachinery import H_, P_, T_, set_pT


def row(p, T):
    out = np.empty(5)
    assert set_pT(out, p, T)
    return out


@given(st.floats(5.3e5, 7.3e6))
@settings(deadline=None, max_examples=60)
def test_saturation_is_that_of_heos(p):
    import CoolProp.CoolProp as CP

    ok, T, rl, rv, hl, hv = saturation(p)
    assert ok
    eos = heos()
    eos.update(CP.PQ_INPUTS, p, 0.0)
    assert (T, rl, hl) == pytest.approx((eos.T(), eos.rhomass(), eos.hmass()), rel=1e-7)
    eos.update(CP.PQ_INPUTS, p, 1.0)
    assert (rv, hv) == pytest.approx((eos.rhomass(), eos.hmass()), rel=1e-7)


def test_saturation_ends_below_the_critical_point():
    assert not saturation(7.37e6)[0]
    assert not saturation(4e5)[0]
    assert saturation_pressure_Pa(300.0) == pytest.approx(6.7131e6, rel=1e-4)  # Span & Wagner 1996, table 34
    with pytest.raises(ValueError, match="T_K"):
        saturation_pressure_Pa(T_TOP_K + 0.1)


def test_condenser_profile_is_exact_and_flat_inside():
    p = saturation_pressure_Pa(295.15)
    hot, cold, T = row(p / 0.995, 350.0), row(p, 292.15), np.empty(41)
    assert co2_profile(40, hot, cold, T)
    for i in range(41):
        x = i / 40
        s = state_ph(hot[P_] + x * (cold[P_] - hot[P_]), hot[H_] + x * (cold[H_] - hot[H_]))
        assert T[i] == pytest.approx(s.T_K, abs=1e-6)
    assert T[0] == hot[T_] == 350.0
    assert np.all(np.diff(T) <= 1e-9)
    flat = np.abs(T - 295.15) < 0.3
    assert flat.sum() > 15
    assert T[-1] == pytest.approx(292.15, abs=1e-9)


def test_condenser_conductance_against_three_zones():
    """At one pressure the zones have closed forms where heat capacity hardly changes: the flat one by its log mean."""
    p = saturation_pressure_Pa(290.15)
    _ok, T_sat, _rl, _rv, hl, hv = saturation(p)
    T, Q, C = np.empty(201), 1e6, 1e6 / 5.0
    hot, cold = row(p, T_sat + 0.5), row(p, T_sat - 0.5)
    assert co2_profile(200, hot, cold, T)
    zone = (hv - hl) / (hot[H_] - cold[H_])
    start = Q * (hot[H_] - hv) / (hot[H_] - cold[H_])
    T_air = 280.15
    out = T_air + 5.0 - start / C
    flat = Q * zone / lmtd(T_sat - out, T_sat - out + Q * zone / C)
    whole = ua_needed(Q, T, T_air, C)
    assert zone > 0.8
    assert flat < whole < flat + (Q - Q * zone) / (T_sat - 0.5 - T_air - 5.0)


def test_twenty_segments_are_enough_for_the_condenser():
    p = saturation_pressure_Pa(295.15)
    hot, cold = row(p / 0.995, 350.0), row(p, 292.15)
    ua = []
    for n in (20, 1000):
        T = np.empty(n + 1)
        assert co2_profile(n, hot, cold, T)
        ua.append(ua_needed(1e7, T, 287.15, 1e7 / 7.0))
    assert ua[0] == pytest.approx(ua[1], rel=4e-3)
    c = design_cooler(hot, cold, 50.0, 284.15, 101325.0, None)
    assert c is not None
    assert c.dT_min_K > 0.0


def test_end_log_mean_misjudges_a_condenser():
    p = saturation_pressure_Pa(295.15)
    hot, cold = row(p, 350.0), row(p, 292.15)
    c = design_cooler(hot, cold, 50.0, 284.15, 101325.0, 5.0)
    assert c is not None
    assert 1.3 * c.Q_W / lmtd(350.0 - c.T_air_out_K, 292.15 - 284.15) < c.UA_W_K


def test_condensing_only_where_the_margin_is_kept():
    spec = ColdEndSpec(kind="condensing")
    edge = 304.1282 - 3.0 - 8.0
    assert condensing_point(spec, edge - 0.1).possible
    warm = condensing_point(spec, edge + 0.1)
    assert not warm.possible
    assert "305.15" in warm.explain
    assert warm.T_condensing_K == pytest.approx(304.1282 - 3.0)
    assert condensing_point(spec, 250.0).T_condensing_K == spec.condensing_least_K
    assert "condensing at" in cold_end_conditions(spec, 280.0).mode
    assert "too warm" in cold_end_conditions(spec, 300.0).mode


def test_npsh_by_hand():
    spec = ColdEndSpec(
        kind="condensing", suction_head_m=3.0, suction_loss_Pa=0.0, condensing_subcooling_K=0.0
    )
    at = condensing_point(spec, 283.15)
    assert at.npsh_available_m == pytest.approx(3.0, rel=1e-6)
    check = suction_check(spec, at, 20.0, 3000.0)
    V = 20.0 / at.rho_pump_in_kg_m3
    required = (2 * math.pi * 50.0 * math.sqrt(V) / 3.0) ** (4 / 3) / 9.80665
    assert check.npsh_required_m == pytest.approx(required)
    slow = suction_check(spec, at, 20.0, check.speed_max_rpm)
    assert slow.ratio == pytest.approx(1.3)
    fast = suction_check(spec, at, 20.0, 1.01 * check.speed_max_rpm)
    assert "cavitates" in fast.problems[0]


@given(st.floats(275.0, 290.0), st.floats(0.0, 10.0))
@settings(deadline=None, max_examples=20)
def test_subcooling_buys_suction_head(T, subcooling):
    spec = [ColdEndSpec(kind="condensing", condensing_subcooling_K=x) for x in (subcooling, subcooling + 2.0)]
    a, b = (condensing_point(s, T) for s in spec)
    assert b.npsh_available_m > a.npsh_available_m
    assert b.rho_pump_in_kg_m3 > a.rho_pump_in_kg_m3
    assert a.p_condensing_Pa == b.p_condensing_Pa
