"""Cold end: psychrometrics against published values, tower and pads against balances, recirculation, winter control."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thermo import SpecError
from thermo.cold_end.conditions import (
    ColdEndSpec,
    cold_end_conditions,
    conductance_at,
    design_cold_end,
    frost_flags,
    tube_wall_K,
    water_use,
)
from thermo.cold_end.cooler import (
    air_density,
    dry_air,
    fan_speed_needed,
    size_cooler,
    ua_available,
    ua_needed,
)
from thermo.cold_end.psychrometrics import density_kg_m3, enthalpy_J_kg, humidity_ratio, saturated, wet_bulb_K
from thermo.cold_end.wet_tower import C_WATER_J_KGK, merkel_number
from thermo.cold_end.winter import co2_bypass, winter_mode
from thermo.machines.turbomachinery import H_, T_, set_pT

P = 101325.0


def row(p, T):
    out = np.empty(5)
    assert set_pT(out, p, T)
    return out


HOT, COLD = row(8.6e6, 365.0), row(8.55e6, 308.15)


def designed(kind="dry", T=298.15, rh=0.5, **given):
    r = design_cold_end(ColdEndSpec(kind=kind, **given), HOT, COLD, 60.0, T, P, None, rh)
    assert r is not None
    return r


@pytest.mark.parametrize(
    ("T_F", "rh", "wet_bulb_F"),
    [(80.0, 0.511, 67.0), (95.0, 0.400, 75.2), (75.0, 0.50, 62.5)],
    ids=["AHRI indoor air 26.7/19.4 degC", "AHRI outdoor air 35/24 degC", "75 F, 50 %"],
)
def test_wet_bulb_against_published_pairs(T_F, rh, wet_bulb_F):
    T = (T_F - 32.0) / 1.8 + 273.15
    assert wet_bulb_K(T, rh, P) == pytest.approx((wet_bulb_F - 32.0) / 1.8 + 273.15, abs=0.15)


def test_moist_air_against_ashrae_tables():
    """ASHRAE moist-air table, saturated: 25 degC 20.17 g/kg and 76.50 kJ/kg, 0 degC 3.79 g/kg and 9.47 kJ/kg."""
    for t, W, h in ((25.0, 20.17e-3, 76.5e3), (0.0, 3.79e-3, 9.47e3)):
        W_s, h_s = saturated(273.15 + t, P)
        assert W_s == pytest.approx(W, rel=5e-3)
        assert h_s == pytest.approx(h, abs=60.0)
    assert density_kg_m3(288.15, 0.0, P) == pytest.approx(air_density(P, 288.15), rel=1e-3)


@given(st.floats(225.0, 330.0), st.floats(0.0, 1.0), st.floats(6e4, 1.05e5))
@settings(deadline=None, max_examples=40)
def test_wet_bulb_lies_below_dry_bulb_everywhere(T, rh, p):
    T_wb = wet_bulb_K(T, rh, p)
    assert 200.0 < T_wb <= T + 1e-6
    for kind in ("dry", "wet", "adiabatic"):
        c = cold_end_conditions(ColdEndSpec(kind=kind), T, rh, p)
        assert T_wb - 1e-6 <= c.T_eff_K <= T + 1e-6
        assert c.air.cp_J_kgK > 900.0
        assert c.air.rho_kg_m3 > 0.4


def test_dry_is_the_dry_cooler():
    r = designed(rh=0.0)
    same = size_cooler(HOT, COLD, 60.0, dry_air(298.15, P), None)
    assert pytest.approx(same.UA_W_K, rel=1e-12) == r.cooler.UA_W_K
    assert r.W_fan_W == pytest.approx(same.W_fan_W, rel=1e-3)  # real-gas density of air
    assert r.water.makeup_kg_s == 0.0
    assert r.W_electric_W == r.W_fan_W


def test_recirculation_by_hand():
    """A share r of own exhaust: T_in = (1-r) T_amb + r T_out."""
    share = 0.08
    clean, own = designed(), designed(recirculation_frac=share)
    rise = own.cooler.Q_W / (own.cooler.m_dot_air_kg_s * own.conditions.air.cp_J_kgK)
    T_in = own.cooler.T_air_out_K - rise
    assert T_in == pytest.approx((1 - share) * 298.15 + share * own.cooler.T_air_out_K, abs=1e-9)
    assert own.cooler.UA_W_K > clean.cooler.UA_W_K


def test_fan_speed_closes_with_recirculation():
    own = designed(recirculation_frac=0.1)
    T = np.empty(21)
    from thermo.cold_end.cooler import co2_profile

    assert co2_profile(20, HOT, COLD, T)
    c = own.cooler
    C = c.m_dot_air_kg_s * own.conditions.air.cp_J_kgK
    args = (c.Q_W, T, 298.15, C, 1.0, 1.0, c.UA_W_K, 0.8, 0.6, 0.8)
    assert fan_speed_needed(*args, c.recirculation) == pytest.approx(1.0, rel=1e-9)
    assert fan_speed_needed(*args) < 1.0


def test_tower_closes_energy_and_water():
    """Heat of the water = enthalpy gain of the air less the make-up's; salt in = salt out."""
    r = designed("wet")
    a, Q, m = r.conditions, r.cooler.Q_W, r.cooler.m_dot_air_kg_s
    assert r.m_dot_water_kg_s * C_WATER_J_KGK * r.spec.tower_range_K == pytest.approx(Q, rel=1e-12)
    assert r.m_dot_water_kg_s / m == pytest.approx(r.spec.tower_water_to_air, rel=1e-9)
    W_out = a.humidity_ratio + r.water.evaporation_kg_s / m
    h_in = enthalpy_J_kg(a.T_ambient_K, a.humidity_ratio, P)
    lo, hi = a.T_wet_bulb_K, a.T_wet_bulb_K + 40.0
    for _ in range(60):
        mid = 0.5 * (lo + hi)
        lo, hi = (mid, hi) if humidity_ratio(mid, 1.0, P) < W_out else (lo, mid)
    gain = m * (enthalpy_J_kg(lo, W_out * (1 - 1e-12), P) - h_in)
    makeup = r.water.evaporation_kg_s * C_WATER_J_KGK * (a.T_wet_bulb_K - 273.15)
    assert gain - makeup == pytest.approx(Q, rel=1e-6)
    w = r.water
    salt_out = w.blowdown_kg_s + w.drift_kg_s
    assert w.makeup_kg_s / salt_out == pytest.approx(r.spec.cycles_of_concentration, rel=1e-9)


def test_tower_evaporation_against_the_rule_of_thumb():
    """checalc.com, Cooling Tower Makeup Water: 1 % of the water per 10 degF, times 0.85; 0.65 where moist, 1.0 to 1.2 where
    very dry."""
    found = []
    for T, rh in ((288.15, 0.95), (298.15, 0.5), (308.15, 0.2)):
        r = designed("wet", T, rh)
        found.append(r.water.evaporation_kg_s / (0.01 / 5.556 * r.m_dot_water_kg_s * r.spec.tower_range_K))
    assert found[0] == pytest.approx(0.65, abs=0.06)
    assert found[1] == pytest.approx(0.85, abs=0.06)
    assert 1.0 < found[2] < 1.2


def test_merkel_number_of_a_cti_example():
    """Water 35 to 27 degC, wet bulb 23 degC, L/G 1: the four-point Chebyshev rule of the CTI, by hand, within 1 %."""
    h_in = saturated(296.15, P)[1]
    by_hand = 0.0
    for x in (0.1, 0.4, 0.6, 0.9):
        by_hand += 0.25 / (saturated(300.15 + 8.0 * x, P)[1] - h_in - C_WATER_J_KGK * 8.0 * x)
    by_hand *= C_WATER_J_KGK * 8.0
    assert merkel_number(300.15, 8.0, 1.0, h_in, P) == pytest.approx(by_hand, rel=0.01)
    assert 0.8 < by_hand < 2.5
    assert merkel_number(297.15, 8.0, 3.0, h_in, P) is None  # too little air: it would be saturated inside


def test_tower_reaches_colder_and_pads_reach_between():
    T, rh = 308.15, 0.3
    eff = [cold_end_conditions(ColdEndSpec(kind=k), T, rh).T_eff_K for k in ("wet", "adiabatic", "dry")]
    assert eff[0] < eff[1] < eff[2] == T
    assert design_cold_end(ColdEndSpec(), HOT, COLD, 60.0, T, P, None, rh) is None  # 0 K approach
    assert designed("wet", T, rh).cooler.UA_W_K > 0.0


def test_pads_keep_the_wet_bulb_and_switch_off():
    spec = ColdEndSpec(kind="adiabatic")
    c = cold_end_conditions(spec, 308.15, 0.3)
    assert wet_bulb_K(308.15, 0.3, P) == pytest.approx(c.T_wet_bulb_K)
    assert (308.15 - c.T_eff_K) / (308.15 - c.T_wet_bulb_K) == pytest.approx(spec.pad_efficiency)
    W = c.humidity_ratio + c.evaporation_kg_kg
    assert enthalpy_J_kg(c.T_eff_K, W, P) - enthalpy_J_kg(308.15, c.humidity_ratio, P) == pytest.approx(
        c.evaporation_kg_kg * C_WATER_J_KGK * (c.T_wet_bulb_K - 273.15), rel=0.02
    )
    off = cold_end_conditions(spec, 290.15, 0.3)
    assert (off.mode, off.T_eff_K, off.evaporation_kg_kg) == ("pads dry", 290.15, 0.0)
    assert off.air.dp_Pa > cold_end_conditions(ColdEndSpec(), 290.15, 0.3).air.dp_Pa
    use = water_use(spec, c, 1e7, 500.0)
    assert use.evaporation_kg_s == pytest.approx(500.0 * c.evaporation_kg_kg)
    assert water_use(spec, off, 1e7, 500.0).makeup_kg_s == 0.0


def test_tower_in_frost():
    mode = {k: cold_end_conditions(ColdEndSpec(kind="wet", freeze_protection=k), 265.15) for k in
            ("basin_heater", "run_dry", "none")}  # fmt: skip
    assert mode["basin_heater"].heater_frac > 0.0
    assert mode["run_dry"].T_eff_K == 265.15
    assert mode["run_dry"].air.cp_J_kgK == pytest.approx(1006.5)
    assert "freeze" in mode["none"].flags[0]
    wet = cold_end_conditions(ColdEndSpec(kind="wet"), 298.15)
    ua, share = conductance_at(1e6, 0.8, wet, mode["run_dry"])
    factor = 1006.5 / wet.air.cp_J_kgK
    assert ua == pytest.approx(1e6 / (0.8 / factor + 0.2))
    assert share == pytest.approx(0.8 / factor / (0.8 / factor + 0.2))
    assert conductance_at(1e6, 0.8, wet, wet) == pytest.approx((1e6, 0.8))


def test_tube_wall_lies_between():
    assert tube_wall_K(250.0, 300.0, 0.0) == 250.0
    assert tube_wall_K(250.0, 300.0, 1.0) == 300.0


def test_frost_is_told():
    spec = ColdEndSpec(least_tube_wall_K=273.15)
    cold = cold_end_conditions(spec, 243.15)
    assert frost_flags(spec, cold, 305.15, 0.8) == ()
    (word,) = frost_flags(spec, cold, 278.15, 0.8)
    assert "271.1 K under least_tube_wall_K" in word
    tower = ColdEndSpec(kind="wet", freeze_protection="none")
    assert len(frost_flags(tower, cold_end_conditions(tower, 263.15), 270.0, 0.3)) == 2


def test_air_share_of_a_tower():
    """Resistances in series: CO2 to water and water to air make up the whole."""
    r = designed("wet")
    hx, whole = 1.0 / r.UA_co2_water_W_K, 1.0 / r.cooler.UA_W_K
    assert r.air_share == pytest.approx((whole - hx) / whole)
    assert 0.05 < r.air_share < 0.6
    assert designed().air_share == 0.8


def test_winter_modes_in_order():
    spec = ColdEndSpec()
    needed = np.geomspace(2.0, 1e-3, 60)
    modes = [winter_mode(float(x), spec) for x in needed]
    names = [m.mode for m in modes]
    assert list(dict.fromkeys(names)) == ["full", "fan", "louvre", "bypass"]
    power = np.array([m.fan_power_frac for m in modes])
    assert np.all(np.diff(power) <= 1e-12)
    assert power.min() == pytest.approx(0.2**3)
    assert {winter_mode(float(x), ColdEndSpec(winter="bypass")).mode for x in needed} == {
        "full",
        "fan",
        "bypass",
    }


def test_bypass_holds_the_inlet():
    """Full energy check of a bypassed cooler in the cold: mixture at the target, conductance just used."""
    c = designed().cooler
    T_air, C = 268.15, 0.3 * c.m_dot_air_kg_s * 1006.5
    args = (0.8, 0.6, 0.8)
    hot, target = row(9.0e6, 365.0), row(8.95e6, 308.15)
    b = co2_bypass(hot, target, 25.0, T_air, C, c.UA_W_K, 0.3, 25.0 / 60.0, *args)
    assert b is not None
    assert 0.0 < b.bypass_frac < 1.0
    assert T_air < b.T_cooled_K < target[T_]
    cooled = row(8.95e6, b.T_cooled_K)
    mixed = b.bypass_frac * hot[H_] + (1 - b.bypass_frac) * cooled[H_]
    assert mixed == pytest.approx(target[H_], rel=1e-9)
    T = np.empty(21)
    from thermo.cold_end.cooler import co2_profile

    assert co2_profile(20, hot, cooled, T)
    Q = 25.0 * (hot[H_] - target[H_])
    have = ua_available(c.UA_W_K, 0.3, (1 - b.bypass_frac) * 25.0 / 60.0, *args)
    assert ua_needed(Q, T, T_air, C) == pytest.approx(have, rel=1e-5)
    assert co2_bypass(hot, target, 60.0, 306.0, C, c.UA_W_K, 0.1, 1.0, *args) is None


def test_bad_input_comes_at_once():
    with pytest.raises(SpecError) as e:
        ColdEndSpec(kind="cold", recirculation_frac=0.9, pad_efficiency=1.2)
    assert len(e.value.problems) == 3
    assert all("cold_end." in p for p in e.value.problems)
