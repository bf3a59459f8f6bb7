"""The cold end in operation: every kind reproduces its design, closes its energy, holds the inlet and names what it does."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thermo
from thermo import ColdEndSpec, CycleSpec, Outcome, off_design
from thermo.co2.fluid import state_pT
from thermo.cold_end.cooler import air_density
from thermo.cold_end.running import Duty, cold_end_at, running
from thermo.part_load.limits import DENSE_PA, limit
from thermo.part_load.plant import Plant

BASE = {"W_net_W": 5e6, "power_basis": "dc_terminals", "UA_total_W_K": 1.5e6, "T_compressor_in_K": 311.15,
        "T_ambient_design_K": 300.0}  # fmt: skip
ENDS = {
    "plain": None, "dry": ColdEndSpec(recirculation_frac=0.05), "wet": ColdEndSpec(kind="wet"),
    "adiabatic": ColdEndSpec(kind="adiabatic"), "run_dry": ColdEndSpec(kind="wet", freeze_protection="run_dry"),
    "bypass": ColdEndSpec(winter="bypass"),
}  # fmt: skip


@pytest.fixture(scope="module")
def blocks():
    return {name: thermo.design(CycleSpec(cold_end=end, **BASE)).require_ok() for name, end in ENDS.items()}


def check(r, load):
    first, *rest = thermo.energy_account(r).values()
    assert sum(rest) == pytest.approx(first, rel=1e-9)
    if r.outcome is Outcome.OK:
        assert r.W_net_W == pytest.approx(load * 5e6, rel=1e-8)


def check_design(r):
    o = off_design(r, T_ambient_K=r.T_ambient_K)
    assert o.outcome is Outcome.OK
    for field in ("W_net_W", "Q_heater_W", "W_fan_W", "UA_cooler_W_K", "Q_cooler_W"):
        assert getattr(o, field) == pytest.approx(getattr(r, field), rel=1e-6), field
    assert o.water_kg_s == pytest.approx(r.water_kg_s, rel=1e-6)
    assert (o.cold_end_mode, o.cold_end_flags, o.cold_ends) == (
        r.cold_end_mode,
        r.cold_end_flags,
        r.cold_ends,
    )
    assert o.losses_W == pytest.approx(dict(r.losses_W), rel=1e-6)


@pytest.mark.parametrize("name", ENDS)
def test_design_conditions_reproduce_the_design(blocks, name):
    check_design(blocks[name])


def test_design_of_two_towers_is_reproduced():
    check_design(thermo.design(CycleSpec(layout="partial_cooling", cold_end=ColdEndSpec(kind="wet"), **BASE)))


@given(st.sampled_from(list(ENDS)), st.floats(243.15, 318.15), st.floats(0.3, 1.0), st.floats(0.05, 0.95))
@settings(deadline=None, max_examples=40)
def test_every_point_closes_and_names_its_mode(blocks, name, T, load, rh):
    r = off_design(blocks[name], T_ambient_K=T, load=load, relative_humidity=rh)
    assert r.outcome.ok, (name, T, load, r.explain)
    check(r, load)
    assert r.T_compressor_in_K >= 305.15 - 1e-9
    assert ": " in r.cold_end_mode
    assert r.T_ambient_K == T
    wet = {"wet": True, "run_dry": T >= 275.15, "adiabatic": T > 293.15}.get(name, False)
    assert (r.water_kg_s > 0.0) == wet
    assert r.W_fan_W >= 0.2**3 * blocks[name].W_fan_W * 0.85
    assert ("cooling water pumps" in thermo.energy_account(r)) == (name in ("wet", "run_dry"))


def test_dry_air_helps_what_evaporates(blocks):
    for name in ("wet", "adiabatic"):
        humid, dry = (off_design(blocks[name], T_ambient_K=308.15, relative_humidity=x) for x in (0.8, 0.2))
        assert dry.W_net_W > 1.03 * humid.W_net_W
        assert dry.T_compressor_in_K < humid.T_compressor_in_K - 1.0
    same = [off_design(blocks["plain"], T_ambient_K=308.15, relative_humidity=x).W_net_W for x in (0.8, 0.2)]
    assert same[0] == same[1]
    best = {
        name: off_design(blocks[name], T_ambient_K=313.15, relative_humidity=0.2).W_net_W for name in ENDS
    }
    assert best["wet"] > best["adiabatic"] > 1.05 * best["plain"]


def test_winter_modes_follow_one_another(blocks):
    r = blocks["plain"]
    words = [
        off_design(r, T_ambient_K=T, load=x).cold_end_mode
        for T, x in ((300.0, 1.0), (285.0, 1.0), (255.0, 0.6))
    ]
    assert "fans at full speed" in words[0]
    assert "held by fans" in words[1]
    assert "held by louvres" in words[2]
    o = off_design(r, T_ambient_K=255.0, load=0.6)
    floor = 0.2**3 * r.W_fan_W * air_density(101325.0, 255.0) / r.cooler.rho_air_kg_m3
    assert o.W_fan_W == pytest.approx(floor, rel=1e-12)
    assert o.cooler.fan_speed_frac == 0.2
    assert any("by louvres" in w for w in o.active_bounds)


def test_the_bypass_holds_the_inlet_with_the_same_heat(blocks):
    louvre, bypass = (off_design(blocks[x], T_ambient_K=262.0, load=0.6) for x in ("dry", "bypass"))
    assert "CO2 bypass" in bypass.cold_end_mode
    assert "passes by" in bypass.cold_end_mode
    assert (bypass.T_compressor_in_K, louvre.T_compressor_in_K) == pytest.approx((305.15, 305.15))
    assert bypass.eta_net == pytest.approx(louvre.eta_net, rel=1e-4)
    assert bypass.cooler.m_dot_air_kg_s > louvre.cooler.m_dot_air_kg_s
    assert bypass.cooler.T_air_out_K < louvre.cooler.T_air_out_K
    check(bypass, 0.6)


def test_a_bypass_that_meets_the_dome_is_told(blocks):
    at = cold_end_at(blocks["bypass"], 255.0)
    hot, cold = state_pT(6.6e6, 365.0), state_pT(6.55e6, 305.15)
    Q = 15.0 * (hot.h_J_kg - cold.h_J_kg)
    assert "dome" in running(at, [Duty(hot, cold, 15.0, 40.0, Q, 0.01)])


def test_frost_of_a_tower(blocks):
    mild, frost = (off_design(blocks["wet"], T_ambient_K=T, load=0.8) for T in (280.0, 265.0))
    assert mild.losses_W["basin_heater"] == 0.0
    assert frost.losses_W["basin_heater"] == pytest.approx(0.003 * blocks["wet"].Q_cooler_W)
    assert "basin heated" in frost.cold_end_mode
    for r in (mild, frost):
        pumps = blocks["wet"].losses_W["water_pumps"] * r.Q_cooler_W / blocks["wet"].Q_cooler_W
        assert r.losses_W["water_pumps"] == pytest.approx(pumps)
    dry = off_design(blocks["run_dry"], T_ambient_K=265.0, load=0.8)
    assert "run dry" in dry.cold_end_mode
    assert dry.W_fan_W > frost.W_fan_W


def test_own_exhaust_warms_the_intake(blocks):
    o = off_design(blocks["dry"], T_ambient_K=310.0)
    c = o.cooler
    rise = c.Q_W / (c.m_dot_air_kg_s * cold_end_at(blocks["dry"], 310.0).now.air.cp_J_kgK)
    assert c.T_air_out_K - rise == pytest.approx(0.95 * 310.0 + 0.05 * c.T_air_out_K, abs=1e-9)


def test_the_cold_end_decides_on_the_least_inlet():
    spec = CycleSpec(cold_end=ColdEndSpec(least_compressor_in_K=308.15), min_compressor_in_K=305.15, **BASE)
    o = off_design(thermo.design(spec), T_ambient_K=275.0)
    assert o.T_compressor_in_K == pytest.approx(308.15)
    plain = replace(spec, cold_end=None, min_compressor_in_K=307.15)
    assert off_design(thermo.design(plain), T_ambient_K=275.0).T_compressor_in_K == pytest.approx(307.15)


def test_below_the_critical_temperature_only_as_a_dense_fluid(blocks):
    r = thermo.design(CycleSpec(cold_end=ColdEndSpec(least_compressor_in_K=295.15), **BASE))
    o = off_design(r, T_ambient_K=280.0, load=0.8)
    assert o.eta_net >= off_design(blocks["plain"], T_ambient_K=280.0, load=0.8).eta_net - 5e-4
    hold = thermo.ControlSpec(fan="hold_T", T_compressor_in_K=298.15)
    cold = off_design(r, T_ambient_K=280.0, load=0.8, control=hold)
    assert cold.T_compressor_in_K == pytest.approx(298.15)
    assert cold.p_low_Pa >= DENSE_PA * (1.0 - 1e-6)
    s = cold.states["main_compressor_inlet"]
    assert state_pT(s.p_Pa, s.T_K).rho_kg_m3 == pytest.approx(s.rho_kg_m3, rel=1e-6)
    check(cold, 0.8)
    plant = Plant(r, 280.0, hold)
    pt = plant.at(8e6, W=4e6)
    assert pt is not None
    assert limit(plant, pt) == ""
    assert "one phase" in limit(plant, replace(pt, p_low=7.3e6))


def test_condensing_away_from_design_is_answered_in_words():
    r = thermo.design(CycleSpec(UA_total_W_K=1.5e6, condensing=True, T_compressor_in_K=288.15))
    o = off_design(r, T_ambient_K=275.0)
    assert o.outcome is Outcome.NOT_MODELLED
    assert "condensing" in o.explain
    assert (o.W_net_W, o.cold_end_mode) == (None, None)
    m = thermo.performance_map(r, T_ambient_K=[270.0, 275.0], load=[1.0])
    assert set(m.outcome.ravel()) == {"NOT_MODELLED"}
    assert not m.W_net_W.any()


def test_map_tells_water_and_mode(blocks):
    m = thermo.performance_map(blocks["wet"], T_ambient_K=[268.0, 290.0, 305.0], load=[0.6, 1.0],
                               relative_humidity=[0.8, 0.6, 0.3])  # fmt: skip
    one = off_design(blocks["wet"], T_ambient_K=305.0, load=0.6, relative_humidity=0.3)
    assert m.water_kg_s[2, 0] == pytest.approx(one.water_kg_s, rel=1e-9)
    assert m.cold_end_mode[2, 0] == one.cold_end_mode
    assert np.all(np.diff(m.water_kg_s[:, 0]) > 0.0)
    assert "basin heated" in m.cold_end_mode[0, 0]
    np.testing.assert_allclose(m.account_W["cooling water pumps"] / m.Q_cooler_W,
                               blocks["wet"].losses_W["water_pumps"] / blocks["wet"].Q_cooler_W)  # fmt: skip


def test_wrong_humidity_is_refused(blocks):
    with pytest.raises(thermo.SpecError, match="relative_humidity: 50"):
        off_design(blocks["wet"], T_ambient_K=300.0, relative_humidity=50.0)
    with pytest.raises(ValueError, match="relative_humidity"):
        thermo.performance_map(blocks["wet"], T_ambient_K=[300.0], load=[1.0], relative_humidity=-0.1)
