"""Tube metal of the fired heater and the segmented primary heater."""

import math

import CoolProp.CoolProp as CP
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thermo
from thermo.co2.fluid import state_pT
from thermo.heat_sources.fired_heater import fired_heater
from thermo.heat_sources.heater_tubes import HeaterTubesSpec, T_allowable_K, film_coefficient, tube_metal
from thermo.heat_sources.primary_heater import HeatCurve, curve_of, heater_at, primary_heater
from thermo.heat_stream import HeatStream
from thermo.machines.materials import allowable_stress_Pa


def _tubes(T_out=873.15, spec=None, load=1.0, design=None):
    a, b = state_pT(25e6, T_out - 160.0), state_pT(24.86e6, T_out)
    Q = 22e6 * load
    h = fired_heater(thermo.FiredHeaterSpec(), Q, a.T_K, T_out, 298.15, 101325.0)
    return h, tube_metal(h, a, b, Q / (b.h_J_kg - a.h_J_kg), spec, design)


def test_heat_flow_through_the_wall_closes():
    _, t = _tubes()
    D_o, D_i = 0.0603, 0.0603 - 2 * 0.0087
    q_in = (t.T_inside_K - t.T_bulk_K) / (1 / t.h_film_W_m2K + 5e-5) * math.pi * D_i
    q_wall = 2 * math.pi * 22.5 * (t.T_metal_K - t.T_inside_K) / math.log(D_o / D_i)
    q_out = t.flux_peak_W_m2 * math.pi * D_o
    assert q_in == pytest.approx(q_out, rel=1e-9)
    assert q_wall == pytest.approx(q_out, rel=1e-9)


def test_radiant_balance_closes():
    h, t = _tubes()
    assert t.A_radiant_m2 * t.flux_mean_W_m2 == pytest.approx(t.Q_radiant_W, rel=1e-12)
    assert math.pi * 0.0603 * t.n_tubes * t.tube_length_m == pytest.approx(t.A_radiant_m2, rel=1e-12)
    assert h.T_flame_K > t.T_bridgewall_K > h.T_flue_exit_K
    assert h.T_return_K < t.T_radiant_in_K < t.T_bulk_K


def test_film_coefficient_agrees_with_dittus_boelter():
    s = state_pT(24.86e6, 873.15)
    h = film_coefficient(s, 1500.0, 0.0429, 873.15)
    mu = CP.PropsSI("V", "P", s.p_Pa, "T", s.T_K, "CO2")
    k = CP.PropsSI("L", "P", s.p_Pa, "T", s.T_K, "CO2")
    Pr = CP.PropsSI("PRANDTL", "P", s.p_Pa, "T", s.T_K, "CO2")
    assert h == pytest.approx(0.023 * (1500.0 * 0.0429 / mu) ** 0.8 * Pr**0.4 * k / 0.0429, rel=0.15)


@pytest.mark.parametrize(
    ("T_out", "alloy"), [(823.15, "347H"), (873.15, "625"), (923.15, "282"), (1050.0, None)]
)
def test_alloy_is_the_cheapest_that_bears_it(T_out, alloy):
    _, t = _tubes(T_out)
    assert t.alloy == alloy
    assert t.ok is (alloy is not None)
    if alloy is None:
        assert t.T_allowable_K is None
        assert "no alloy" in t.explain


def test_a_given_alloy_that_is_too_weak_is_flagged():
    _, t = _tubes(spec=HeaterTubesSpec(alloy="347H"))
    assert not t.ok
    assert t.T_metal_K > t.T_allowable_K
    assert "too hot for 347H" in t.explain


@pytest.mark.parametrize("alloy", ["316H", "625", "282"])
def test_allowable_temperature_is_where_the_stress_is_just_borne(alloy):
    T = T_allowable_K(alloy, 74e6)
    assert allowable_stress_Pa(alloy, T) >= 74e6
    assert (allowable_stress_Pa(alloy, T + 0.01) or 0.0) < 74e6
    assert T_allowable_K(alloy, 5e9) is None


def test_hoop_stress_is_balanced_by_pressure():
    _, t = _tubes()
    wall, D_mean = 0.0087, 0.0603 - 0.0087
    assert t.hoop_stress_Pa * 2 * wall == pytest.approx(24.86e6 * D_mean, rel=1e-12)


def test_part_load_keeps_the_tubes_and_cools_the_metal():
    _, full = _tubes()
    _, half = _tubes(load=0.5, design=full)
    assert half.A_radiant_m2 == full.A_radiant_m2
    assert half.flux_peak_W_m2 == pytest.approx(0.5 * full.flux_peak_W_m2, rel=1e-9)
    assert half.T_metal_K < full.T_metal_K
    assert half.dp_radiant_Pa < 0.35 * full.dp_radiant_Pa


def test_bad_tubes_are_told_at_once():
    with pytest.raises(thermo.SpecError) as told:
        HeaterTubesSpec(radiant_share=2.0, alloy="wood")
    assert len(told.value.problems) == 2


# primary heater


def test_straight_lines_give_the_log_mean_difference():
    """At 25 MPa and 500-650 degC the CO2's cp varies by some per cent: the ends' LMTD is nearly right."""
    a, b = state_pT(25e6, 773.15), state_pT(25e6, 873.15)
    x = primary_heater(a, b, 50.0, HeatCurve((0.0, 50.0 * (b.h_J_kg - a.h_J_kg)), (903.15, 788.15)))
    lmtd = (30.0 - 15.0) / math.log(2.0)
    assert pytest.approx(x.Q_W / lmtd, rel=0.01) == x.UA_W_K
    assert x.T_hot_out_K == pytest.approx(788.15)


def test_segments_converge():
    a, b = state_pT(25e6, 330.0), state_pT(24.8e6, 700.0)
    hot = curve_of(HeatStream(720.0, 360.0, 1.3 * 100e3, 10.0))
    fine = primary_heater(a, b, 75.0, hot, 640)
    assert pytest.approx(fine.UA_W_K, rel=2e-3) == primary_heater(a, b, 75.0, hot).UA_W_K


def test_a_pinch_inside_is_seen():
    """At 8 MPa CO2 takes most heat near 308 K: a straight hot line crosses it below, though both ends look fine."""
    a, b = state_pT(8e6, 285.0), state_pT(8e6, 315.0)
    Q = 10.0 * (b.h_J_kg - a.h_J_kg)
    x = primary_heater(a, b, 10.0, HeatCurve((0.0, Q), (320.0, 287.0)))
    assert not x.ok
    assert x.UA_W_K is None
    assert "cross inside" in x.explain
    assert x.T_hot_K[0] > x.T_co2_K[0]
    assert x.T_hot_K[-1] > x.T_co2_K[-1]


def test_more_heat_than_the_stream_has_is_refused():
    a, b = state_pT(25e6, 600.0), state_pT(25e6, 800.0)
    x = primary_heater(a, b, 100.0, HeatCurve((0.0, 1e6), (900.0, 700.0)))
    assert (x.ok, x.UA_W_K) == (False, None)
    assert "not that much heat" in x.explain


def test_heat_curve_refuses_nonsense():
    for Q, T in (((0.0, 1.0), (500.0, 600.0)), ((1.0, 2.0), (600.0, 500.0)), ((0.0,), (600.0,))):
        with pytest.raises(ValueError, match="HeatCurve"):
            HeatCurve(Q, T)


@given(st.floats(0.3, 1.2), st.floats(0.4, 1.2))
@settings(deadline=None, max_examples=15)
def test_off_design_uses_just_the_area_it_has(co2_ratio, hot_ratio):
    a, b = state_pT(25e6, 673.15), state_pT(24.9e6, 813.15)
    C = 130e3
    design = primary_heater(a, b, 100.0, HeatCurve((0.0, C * 300.0), (838.15, 538.15)))
    hot = HeatCurve((0.0, hot_ratio * C * 300.0), (838.15, 538.15))
    x = heater_at(design, a, 24.9e6, 100.0 * co2_ratio, hot, hot_ratio)
    assert x.ok
    want = design.UA_W_K / (0.5 * hot_ratio**-0.8 + 0.5 * co2_ratio**-0.8)
    assert pytest.approx(want, rel=1e-5) == x.UA_W_K
    assert pytest.approx(hot_ratio * C * (838.15 - x.T_hot_out_K), rel=1e-9) == x.Q_W
    assert np.all(np.diff(x.T_co2_K) < 0)


def test_off_design_at_design_is_the_design():
    a, b = state_pT(25e6, 673.15), state_pT(24.9e6, 813.15)
    hot = HeatCurve((0.0, 39e6), (838.15, 538.15))
    design = primary_heater(a, b, 100.0, hot)
    again = heater_at(design, a, 24.9e6, 100.0, hot, 1.0)
    assert pytest.approx(design.Q_W, rel=1e-7) == again.Q_W
