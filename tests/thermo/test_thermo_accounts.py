"""Exergy account, entropy production and diagrams, for every layout: conservation, closed forms, HEOS."""

from dataclasses import replace
from functools import cache
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thermo
from thermo.accounts.diagram import profile
from thermo.accounts.exergy import entropy_production, exergy_account, flow_exergy_J_kg, mean_temperature_K
from thermo.co2.fluid import heos, state_pT
from thermo.cycle.components import Component

BASE = {"W_net_W": 5e6, "p_low_Pa": 8.6e6, "UA_ltr_W_K": 8e5, "UA_htr_W_K": 6e5, "T_compressor_in_K": 311.15,
        "eta_turbine": 0.9, "eta_compressor": 0.85}  # fmt: skip
OWN = {
    "simple_recuperated": {"UA_htr_W_K": None},
    "recompression": {"recompression_fraction": 0.25},
    "partial_cooling": {"recompression_fraction": 0.35, "p_low_Pa": 9e6, "p_precompressor_in_Pa": 6.4e6},
    "recompression_intercooled": {"recompression_fraction": 0.25, "p_precompressor_in_Pa": 7.4e6},
    "recompression_reheat": {"recompression_fraction": 0.25, "p_reheat_Pa": 14.5e6},
    "htr_bypass": {"recompression_fraction": 0.2, "htr_bypass_fraction": 0.1},
    "turbine_split": {"turbine_split_fraction": 0.4},
    "cascade": {"turbine_split_fraction": 0.5},
}


@cache
def solved(layout):
    return thermo.design(thermo.CycleSpec(**(BASE | {"layout": layout} | OWN[layout]))).require_ok()


@cache
def fired():
    spec = thermo.CycleSpec(**(BASE | OWN["recompression"]), fired_heater=thermo.FiredHeaterSpec())
    return thermo.design(spec).require_ok()


@pytest.mark.parametrize("layout", OWN)
def test_exergy_account_closes_and_destroys(layout):
    r = solved(layout)
    a = exergy_account(r)
    lost = sum(x.destroyed_W for x in a.rows)
    assert a.fuel_W == pytest.approx(a.product_W + lost, rel=1e-9)
    assert min(x.destroyed_W for x in a.rows) >= -1e-9 * a.fuel_W
    assert all(x.efficiency is None or 0.0 < x.efficiency < 1.0 for x in a.rows if x.fuel_W > 1.0)
    assert a.product_W == r.W_net_W
    assert 0.3 < a.efficiency < 0.75


@pytest.mark.parametrize("layout", OWN)
def test_destruction_is_entropy_production_times_the_surroundings(layout):
    """Gouy-Stodola, component by component."""
    r = solved(layout)
    a, made = exergy_account(r), {x.name: x for x in entropy_production(r)}
    for row in a.rows:
        if row.name in made:
            assert row.destroyed_W == pytest.approx(
                a.T_0_K * made[row.name].total_W_K, abs=1e-9 * a.fuel_W
            ), row.name


@pytest.mark.parametrize("layout", OWN)
def test_every_exchanger_segment_produces_entropy(layout):
    for x in entropy_production(solved(layout)):
        assert np.all(x.segments_W_K >= -1e-6 * x.Q_over_T_W_K), x.name
        if x.kind == "recuperator":
            assert len(x.segments_W_K) == 20
            assert x.segments_W_K.sum() == pytest.approx(x.total_W_K, rel=1e-9)


def test_segments_agree_with_coolprop():
    import CoolProp.CoolProp as CP

    r, eos = solved("recompression"), heos()

    def entropy(p, h):
        eos.update(CP.HmassP_INPUTS, float(h), float(p))
        return eos.smass()

    ltr = next(c for c in r.components if c.name == "low_temperature_recuperator")
    hot, cold = (profile(r, s, 20) for s in ltr.streams)
    s_hot, s_cold = ([entropy(p, h) for p, h in zip(x["p"], x["h"], strict=True)] for x in (hot, cold))
    m_hot, m_cold = (s.m_dot_kg_s for s in ltr.streams)
    reference = m_hot * np.diff(s_hot)[::-1] + m_cold * np.diff(s_cold)
    found = next(x for x in entropy_production(r) if x.name == "low-temperature recuperator")
    np.testing.assert_allclose(found.segments_W_K, reference, atol=1e-7 * found.Q_over_T_W_K.max())
    assert reference.min() > 0.0


def test_a_temperature_cross_is_seen():
    """Heat sent from the cold side to the hot: the total and every segment destroy a negative amount."""
    r = solved("recompression")
    i = next(k for k, c in enumerate(r.components) if c.name == "high_temperature_recuperator")
    c = r.components[i]
    uphill = Component(
        c.name, c.kind, tuple(replace(s, inlet=s.outlet, outlet=s.inlet) for s in c.streams), 0.0, c.Q_W
    )
    wrong = replace(r, components=(*r.components[:i], uphill, *r.components[i + 1 :]))
    made = next(x for x in entropy_production(wrong) if x.name == "high-temperature recuperator")
    assert made.total_W_K < 0.0
    assert np.all(made.segments_W_K < 0.0)


@settings(max_examples=25, deadline=None)
@given(a=st.floats(900.0, 1500.0), b=st.floats(860.0, 900.0), T_0=st.floats(265.0, 310.0))
def test_hotter_source_loses_more_in_the_heater_only(a, b, T_0):
    r = solved("recompression")
    one, two = (exergy_account(r, T_source_K=T, T_0_K=T_0) for T in ((a, b), (a + 50.0, b)))
    Q = r.Q_heater_W
    more = Q * T_0 * (1.0 / mean_temperature_K((a, b)) - 1.0 / mean_temperature_K((a + 50.0, b)))
    for x, y in zip(one.rows, two.rows, strict=True):
        assert y.destroyed_W - x.destroyed_W == pytest.approx(
            more if x.kind == "heater" else 0.0, abs=1e-6 * Q
        )


def test_closed_forms():
    assert mean_temperature_K(700.0) == 700.0
    assert mean_temperature_K((900.0, 450.0)) == pytest.approx(450.0 / log(2.0), rel=1e-12)
    assert mean_temperature_K((700.0, 700.0)) == 700.0
    dead = state_pT(101325.0, 300.0)
    assert flow_exergy_J_kg(dead, 300.0, 101325.0) == 0.0
    p = 2e5  # little above the dead pressure: exergy near R T ln(p/p0)
    ideal = 188.924 * 300.0 * log(p / 101325.0)
    assert flow_exergy_J_kg(state_pT(p, 300.0), 300.0, 101325.0) == pytest.approx(ideal, rel=0.01)


def test_reversible_turbine_and_ideal_source_have_no_loss():
    r = solved("simple_recuperated")
    heater = next(c for c in r.components if c.kind == "heater")
    a, b = (r.states[x] for x in (heater.streams[0].inlet, heater.streams[0].outlet))
    just = heater.Q_W / heater.streams[0].m_dot_kg_s / (b.s_J_kgK - a.s_J_kgK)
    found = exergy_account(r, T_source_K=just * (1.0 + 1e-9))
    assert next(x for x in found.rows if x.kind == "heater").destroyed_W < 1e-6 * found.fuel_W
    with pytest.raises(ValueError, match=r"T_source_K: .* heater"):
        exergy_account(r, T_source_K=0.98 * just)


def test_fired_block_accounts_for_the_fuel():
    r = fired()
    a = exergy_account(r)
    assert a.fuel_W == pytest.approx(1.037 * r.heater.Q_fuel_LHV_W, rel=1e-12)
    assert a.fuel_W == pytest.approx(a.product_W + sum(x.destroyed_W for x in a.rows), rel=1e-9)
    assert a.rows[0].name == "combustion, flue and casing"
    assert a.rows[0].destroyed_W > 0.15 * a.fuel_W  # combustion is the largest single loss of a fired plant
    assert a.rows[0].destroyed_W == max(x.destroyed_W for x in a.rows)


@pytest.mark.parametrize("layout", OWN)
def test_diagrams_run_through_the_states(layout):
    r = solved(layout)
    ts, ph = thermo.ts_diagram(r), thermo.ph_diagram(r)
    assert set(ts.paths) == set(ph.paths)
    ends = {tuple(np.round((T[k], s[k]), 5)) for T, s in ts.paths.values() for k in (0, -1)}
    assert ends == {tuple(np.round(v, 5)) for v in ts.points.values()}
    for p, h in ph.paths.values():
        assert np.all(np.diff(p) * (p[-1] - p[0]) >= 0.0)
        assert np.all(np.diff(h) * (h[-1] - h[0]) >= 0.0)


@pytest.mark.parametrize("layout", OWN)
def test_tq_curves_keep_the_least_difference(layout):
    r = solved(layout)
    by_name = {q.name: q for q in thermo.tq_diagram(r, n=20)}
    for c in r.components:
        if c.kind == "recuperator":
            q = by_name[c.name.replace("_temperature_", "-temperature ")]
            assert np.min(q.T_hot_K - q.T_cold_K) == pytest.approx(c.dT_min_K, abs=1e-6)
            assert q.Q_W[-1] == c.Q_W
    coolers = [q for q in by_name.values() if q.cold_is == "air"]
    assert coolers
    assert all(np.all(q.T_hot_K > q.T_cold_K) for q in coolers)


def test_tq_of_the_heater_against_its_source():
    source = next(q for q in thermo.tq_diagram(fired()) if q.name == "heater")
    assert source.hot_is == "heat source"
    assert source.T_hot_K[-1] == pytest.approx(fired().heater.T_flame_K)
    own = thermo.tq_diagram(solved("recompression"), source_K={"heater": (950.0, 800.0)})
    line = next(q for q in own if q.name == "heater")
    assert (line.T_hot_K[0], line.T_hot_K[-1]) == (800.0, 950.0)
    assert next(q for q in thermo.tq_diagram(solved("recompression")) if q.name == "heater").T_hot_K is None
