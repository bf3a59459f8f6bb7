"""Effectiveness of a recuperator by real enthalpies: limits, inner pinch, the textbook for constant heat capacity."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thermo
from thermo.exchangers.recuperator import (
    GIVEN_EFFECTIVENESS,
    SECANT,
    counterflow,
    effectiveness,
    mismatch,
    q_max,
)
from thermo.machines.turbomachinery import H_, RHO_, set_pT


def side(m, p, T, p_out=None):
    row = np.empty(5)
    assert set_pT(row, p, T)
    return (m, row[H_], p, p if p_out is None else p_out, row[RHO_], T)


def enthalpy(p, T):
    row = np.empty(5)
    assert set_pT(row, p, T)
    return row[H_]


def test_greatest_duty_is_that_of_one_side_leaving_at_the_other_inlet():
    hot, cold = side(1.0, 9.6e6, 730.0, 9.5e6), side(1.0, 25e6, 450.0, 24.9e6)
    by_hand = min(hot[1] - enthalpy(9.5e6, 450.0), enthalpy(24.9e6, 730.0) - cold[1])
    assert q_max(20, hot, cold) == pytest.approx(by_hand, rel=1e-12)


def test_a_pinch_inside_lowers_it():
    hot, cold = side(1.0, 8e6, 380.0), side(0.7, 25e6, 320.0)
    ends = min(hot[1] - enthalpy(8e6, 320.0), 0.7 * (enthalpy(25e6, 380.0) - cold[1]))
    top = q_max(20, hot, cold)
    assert top < 0.99 * ends
    dT = [counterflow(SECANT, 20, x * top, hot, cold)[2] for x in (0.999, 1.001)]
    assert dT[0] > 0.0 > dT[1]
    assert q_max(80, hot, cold) == pytest.approx(
        top, rel=1e-4
    )  # 20 nodes place the pinch to 4e-5 of the duty


@given(st.floats(0.3, 3.0), st.floats(0.1, 0.97))
@settings(deadline=None, max_examples=40)
def test_textbook_for_nearly_constant_heat_capacity(ratio, eff):
    """Dilute CO2 over 20 K: NTU of the segments within 1 % of the closed form."""
    hot, cold = side(1.0, 1e5, 720.0), side(ratio, 1e5, 700.0)
    top = q_max(20, hot, cold)
    cp = (hot[1] - enthalpy(1e5, 700.0)) / 20.0
    assert top == pytest.approx(min(1.0, ratio) * cp * 20.0, rel=2e-3)
    ok, ua, *_ = counterflow(SECANT, 20, eff * top, hot, cold)
    assert ok
    C = min(1.0, ratio) / max(1.0, ratio)
    ntu = eff / (1 - eff) if 1 - C < 1e-3 else math.log((1 - eff * C) / (1 - eff)) / (1 - C)
    assert ua / (min(1.0, ratio) * cp) == pytest.approx(ntu, rel=2e-2)


def test_mismatch_rises_with_the_hot_outlet_temperature_through_a_cross():
    hot, cold = side(1.0, 8e6, 400.0), side(0.7, 25e6, 320.0)
    T_out = np.linspace(321.0, 395.0, 40)
    found = []
    for T in T_out:
        q = hot[1] - enthalpy(8e6, float(T))
        _ok, ua, dT, _tc, th = counterflow(SECANT, 20, q, hot, cold)
        found.append(mismatch(GIVEN_EFFECTIVENESS, 0.9, ua, dT, th - 320.0, effectiveness(20, q, hot, cold)))
    assert np.all(np.diff(found) > 0.0)
    assert found[0] < 0.0 < found[-1]


def test_nothing_flows_uphill():
    assert q_max(20, side(1.0, 9e6, 400.0), side(1.0, 25e6, 410.0)) == 0.0
    assert effectiveness(20, 1.0, side(1.0, 9e6, 400.0), side(1.0, 25e6, 410.0)) == np.inf


ETAS = {"eta_turbine": 0.88, "eta_compressor": 0.82, "eta_recompressor": 0.82}


def found_effectiveness(r):
    """Duty over greatest duty of each recuperator of a solved cycle, from its components and states."""
    found = {}
    for c in r.components:
        if c.kind == "recuperator":
            sides = []
            for s in c.streams:
                a, b = r.states[s.inlet], r.states[s.outlet]
                sides.append((s.m_dot_kg_s, a.h_J_kg, a.p_Pa, b.p_Pa, a.rho_kg_m3, a.T_K))
            found[c.name] = effectiveness(r.spec.n_segments, c.Q_W, *sides)
    return found


@pytest.mark.parametrize(
    "given",
    [{"layout": "simple_recuperated"}, {"recompression_fraction": 0.3}, {"layout": "cascade", "turbine_split_fraction": 0.4},
     {"layout": "turbine_split", "turbine_split_fraction": 0.4}],
    ids=lambda g: g.get("layout", "recompression"),
)  # fmt: skip
def test_a_cycle_given_by_effectiveness_is_the_one_given_by_conductance(given):
    UA = {"UA_ltr_W_K": 1e5, "UA_htr_W_K": 1e5}  # unequal flows use up more only where the temperatures touch
    if given.get("layout") == "simple_recuperated":
        UA = {"UA_ltr_W_K": 6e5}
    elif "layout" not in given:
        UA = {"UA_ltr_W_K": 4e5, "UA_htr_W_K": 5e5}
    by_UA = thermo.design(thermo.CycleSpec(**given, **UA, **ETAS, p_low_Pa=8.6e6)).require_ok()
    eff = found_effectiveness(by_UA)
    assert all(0.3 < e < 0.99 for e in eff.values())
    names = {
        "effectiveness_ltr": "low_temperature_recuperator",
        "effectiveness_htr": "high_temperature_recuperator",
    }
    asked = {k: eff[v] for k, v in names.items() if v in eff}
    by_eff = thermo.design(thermo.CycleSpec(**given, **asked, **ETAS, p_low_Pa=8.6e6)).require_ok()
    for name, s in by_UA.states.items():
        assert pytest.approx(s.T_K, abs=1e-4) == by_eff.states[name].T_K, name
    assert by_eff.UA_ltr_W_K == pytest.approx(by_UA.UA_ltr_W_K, rel=1e-6)
    assert by_eff.eta_thermal == pytest.approx(by_UA.eta_thermal, rel=1e-8)
    assert found_effectiveness(by_eff) == pytest.approx(eff, rel=1e-8)


def test_better_recuperators_are_worth_more_and_are_searched_with():
    eta = []
    for e in (0.8, 0.9, 0.95):
        r = thermo.design(thermo.CycleSpec(effectiveness_ltr=e, effectiveness_htr=e)).require_ok()
        assert list(found_effectiveness(r).values()) == pytest.approx([e, e], rel=1e-8)
        eta.append(r.eta_thermal)
    assert np.all(np.diff(eta) > 0.0)


def test_effectiveness_is_given_for_each_and_alone():
    with pytest.raises(thermo.SpecError, match="each recuperator"):
        thermo.CycleSpec(effectiveness_ltr=0.9)
    with pytest.raises(thermo.SpecError, match="2 are given"):
        thermo.CycleSpec(effectiveness_ltr=0.9, effectiveness_htr=0.9, dT_min_K=5.0)
    with pytest.raises(thermo.SpecError, match=r"effectiveness_htr: 1 .*0\.3 to 0\.99"):
        thermo.CycleSpec(effectiveness_ltr=0.9, effectiveness_htr=1.0)
