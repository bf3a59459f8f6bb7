"""Thermal battery, waste heat, solar tower: balances, limits, published figures."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thermo
from thermo.heat_sources.gases import sensible_enthalpy
from thermo.heat_sources.solar_tower import Q_design_W, SolarTowerSpec, collected_W, salt_stream
from thermo.heat_sources.thermal_battery import (
    ThermalBatterySpec,
    after_standing,
    battery_at,
    charged,
    discharge,
    loop_max_W_K,
    preset,
    store_temperature,
)
from thermo.heat_sources.waste_heat import WasteHeatSpec, gas_of, gas_turbine_exhausts, waste_heat

MWH = 3.6e9
BRICKS = {
    "E_capacity_J": 100 * MWH,
    "T_max_K": 1273.15,
    "T_min_K": 673.15,
    "T_supply_K": 873.15,
    "Q_rated_W": 10e6,
    "P_charge_W": 20e6,
}


def battery(**more):
    return ThermalBatterySpec(**(BRICKS | more))


# thermal battery


@given(
    st.sampled_from(["two_tank", "mixed", "thermocline"]),
    st.floats(0.1, 1.0),
    st.floats(0.0, 0.2),
    st.floats(1e6, 10e6),
)
@settings(deadline=None, max_examples=80)
def test_discharge_conserves_energy(mixing, soc, loss, Q):
    b = battery(mixing=mixing, loss_per_day=loss)
    d = discharge(b, soc, Q)
    left = d.soc_end * b.E_capacity_J
    assert soc * b.E_capacity_J == pytest.approx(left + d.E_delivered_J + d.E_lost_J, rel=1e-9)
    assert d.E_lost_J >= -1e-6 * b.E_capacity_J
    assert d.E_delivered_J == pytest.approx(Q * d.t_s, rel=1e-12)
    if d.t_s > 0.0:  # at the end the store just holds Q, a little lower it does not
        end = battery_at(b, max(d.soc_end, 1e-9))
        assert end.Q_max_W >= Q * (1 - 1e-6)
        assert battery_at(b, d.soc_end * 0.98).Q_max_W < Q or d.limit == "empty"


@pytest.mark.parametrize("mixing", ["two_tank", "mixed", "thermocline"])
def test_a_discharge_equals_small_steps(mixing):
    b = battery(mixing=mixing, loss_per_day=0.05)
    d, E, t, dt = discharge(b), b.E_capacity_J, 0.0, 20.0
    k = -np.log(0.95) / 86400.0
    while battery_at(b, E / b.E_capacity_J).Q_max_W >= 10e6 * (1 - 1e-9) and E > 0.0:
        E -= (10e6 + k * E) * dt
        t += dt
    assert d.t_s == pytest.approx(t, rel=5e-3)


def test_stratified_stores_deliver_more_than_mixed_ones():
    hours = {m: discharge(battery(mixing=m)).t_s / 3600 for m in ("mixed", "thermocline", "two_tank")}
    assert hours["mixed"] < hours["thermocline"] < hours["two_tank"]
    assert hours["two_tank"] == pytest.approx(10.0, rel=0.01)


def test_thermocline_profile_holds_the_heat_it_says():
    """Heat left when the zone leaves: the integral of the outlet temperature over the heat given equals soc."""
    b = battery(thermocline_share=0.4)
    y = np.linspace(0.0, 0.4, 4001)  # how far the zone has moved out
    soc = (0.4 - y) ** 2 / 0.8
    T = [store_temperature(b, s) for s in soc]
    shape = (np.array(T) - b.T_min_K) / (b.T_max_K - b.T_min_K)
    assert shape == pytest.approx(1.0 - y / 0.4, abs=1e-12)
    assert np.trapezoid(shape, y) == pytest.approx(soc[0], rel=1e-6)


def test_the_loop_limits_a_cooling_store():
    b = battery(mixing="mixed", C_loop_max_W_K=20e3)
    hot, cool = battery_at(b, 1.0), battery_at(b, 0.7)
    assert (hot.Q_max_W, hot.limit) == (10e6, "rated heat")
    assert cool.Q_max_W == pytest.approx(20e3 * (0.7 * 600.0 - 20.0))
    assert "loop flow" in cool.limit
    none = battery_at(b, 0.3)
    assert (none.Q_max_W, none.stream) == (0.0, None)
    assert "below the supply temperature" in none.limit


def test_its_stream_serves_the_cycle():
    s = battery_at(battery(), 1.0).stream
    assert (s.T_in_K, s.T_out_min_K) == (873.15, 673.15)
    assert s.Q_available_W == pytest.approx(10e6, rel=1e-12)
    assert loop_max_W_K(battery()) == pytest.approx(10e6 / 200.0)


def test_standing_and_charging():
    b = battery(loss_per_day=0.02)
    assert after_standing(b, 1.0, 86400.0) == pytest.approx(0.98, rel=1e-12)
    soc, taken = charged(b, 0.2, 20e6, 3600.0)
    assert taken == pytest.approx(20 * MWH, rel=1e-12)
    assert soc == pytest.approx(0.2 + 0.97 * 0.2, rel=2e-3)
    full, taken = charged(b, 0.9, 50e6, 86400.0)
    assert full == pytest.approx(1.0, rel=1e-12)
    assert taken < 12 * MWH
    still = battery(loss_per_day=0.0)
    assert charged(still, 0.9, 20e6, 86400.0)[1] == pytest.approx(0.1 * 100 * MWH / 0.97, rel=1e-12)


@pytest.mark.parametrize(
    ("name", "T_supply"), [("bricks_air", 873.15), ("graphite_air", 973.15), ("salt_two_tank", 838.15)]
)
def test_presets_give_heat(name, T_supply):
    b = preset(name, 100 * MWH, 10e6, T_supply)
    assert 2.0 < discharge(b).t_s / 3600 <= 10.0
    with pytest.raises(thermo.SpecError, match="bricks_air"):
        preset("ice", 100 * MWH, 10e6, T_supply)


def test_bad_battery_is_told_at_once():
    with pytest.raises(thermo.SpecError) as told:
        battery(eta_charge=1.4, mixing="shaken", loss_per_day=-1.0)
    assert len(told.value.problems) == 3
    with pytest.raises(thermo.SpecError, match="T_supply_K"):
        battery(T_supply_K=1270.0)


# waste heat


def test_catalogued_gas_turbines_close_their_heat_balance():
    """Exhaust heat = fuel - power - losses: 85 to 100 % of fuel less power for every catalogued machine."""
    rows = [r for r in gas_turbine_exhausts().values() if r["eta"]]
    assert len(rows) >= 6
    for r in rows:
        gas = gas_of(WasteHeatSpec(r["m_dot_kg_s"], r["T_exhaust_K"]))
        rest = r["W_W"] / r["eta"] - r["W_W"]
        assert 0.85 < r["m_dot_kg_s"] * sensible_enthalpy(gas, r["T_exhaust_K"]) / rest <= 1.0, r["name"]


@given(st.floats(450.0, 1200.0), st.floats(0.0, 4.0), st.floats(0.0, 1000.0))
@settings(deadline=None, max_examples=60)
def test_laws_of_waste_heat(T_in, excess, sulphur):
    w = waste_heat(WasteHeatSpec(50.0, T_in, excess_air=excess, fuel_sulphur_mg_Nm3=sulphur), 298.15)
    assert w.stream.Q_available_W == pytest.approx(w.Q_available_W, rel=1e-9)
    assert w.curve.Q_W[-1] == pytest.approx(w.Q_available_W, rel=1e-9)
    assert w.T_least_K >= w.T_water_dew_K + 15.0 - 1e-9
    lo, hi = (w.Q_available_W * (1 - 298.15 / T) for T in (w.T_least_K, T_in))
    assert lo < w.exergy_W < hi  # Carnot at either end


def test_the_dew_point_that_binds_is_named():
    dirty = waste_heat(WasteHeatSpec(10.0, 800.0, excess_air=0.15, fuel_sulphur_mg_Nm3=2000.0))
    assert dirty.why == "acid dew point"
    wet = waste_heat(WasteHeatSpec(10.0, 800.0, T_least_K=310.0, excess_air=0.15, fuel_sulphur_mg_Nm3=0.0))
    assert wet.why == "water dew point"
    dry = waste_heat(WasteHeatSpec(10.0, 800.0, mixture=(("N2", 0.79), ("O2", 0.21))))
    assert (dry.why, dry.T_water_dew_K) == ("least temperature wished", None)


def test_flue_below_its_dew_point_offers_nothing():
    w = waste_heat(WasteHeatSpec(10.0, 360.0, fuel_sulphur_mg_Nm3=2000.0, excess_air=0.15))
    assert (w.Q_available_W, w.stream, w.curve) == (0.0, None, None)


def test_bad_flue_is_told_at_once():
    with pytest.raises(thermo.SpecError) as told:
        WasteHeatSpec(-1.0, 800.0, mixture=(("Xe", 0.5), ("N2", 0.4)))
    assert len(told.value.problems) == 3


# solar tower


def test_receiver_loss_stays_when_the_sun_goes():
    s = SolarTowerSpec(100e3)
    incident = 900.0 * 100e3 * 0.55
    assert collected_W(s, 900.0) == pytest.approx(Q_design_W(s), rel=1e-12)
    half = float(collected_W(s, 450.0))
    assert half == pytest.approx(0.5 * incident - 0.13 * incident, rel=1e-12)
    assert half / (0.5 * incident) < 0.87  # less efficient at half the sun


def test_night_clouds_and_defocus():
    s = SolarTowerSpec(100e3)
    Q = collected_W(s, np.array([0.0, 200.0, 600.0, 900.0, 1100.0]))
    assert Q[0] == Q[1] == 0.0
    assert Q[4] == pytest.approx(Q_design_W(s))
    assert np.all(np.diff(Q) >= 0.0)
    field = np.array([0.3, 0.5, 0.6, 0.6, 0.3])
    assert collected_W(s, np.full(5, 700.0), field)[2] > collected_W(s, np.full(5, 700.0), field)[1]


def test_salt_stream_carries_the_heat():
    s = SolarTowerSpec(100e3)
    stream = salt_stream(s, 40e6)
    assert stream.Q_available_W == pytest.approx(40e6, rel=1e-12)
    assert stream.T_co2_return_min_K == pytest.approx(533.15)
    taken = thermo.heat_taken(stream, 663.15, 813.15)  # recompression returns too hot for the cold tank
    assert 0.5 < taken.share < 0.6


def test_salt_outside_its_range_is_refused():
    with pytest.raises(thermo.SpecError, match="rising"):
        SolarTowerSpec(100e3, T_salt_hot_K=890.0)
