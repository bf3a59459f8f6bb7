"""Dynamic data: closed forms of the shaft's equation, conservation, what rises with what, starts and limits."""

from dataclasses import replace
from math import exp, pi, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thermo
from thermo.inventory.balance import InventorySpec, loop_volumes
from thermo.transients.dynamics import block_dynamics
from thermo.transients.inertia import generator_energy_J, inertia, wheel_inertia_kg_m2
from thermo.transients.overspeed import TripSpec, overspeed, speed_up
from thermo.transients.ramping import LOAD_SWING_BAND_HZ, least_load, ramp_rate, swing_amplitude
from thermo.transients.start_up import cooled_share, start_up
from thermo.transients.thermal_stress import heating_rate_K_s, metal_ratio, wall_ratio

SPEC = thermo.CycleSpec(
    W_net_W=5e6, power_basis="dc_terminals", T_compressor_in_K=311.15, UA_total_W_K=1.5e6, p_low_Pa=8.8e6,
    recompression_fraction=0.28, T_ambient_design_K=300.0, fired_heater=thermo.FiredHeaterSpec(),
)  # fmt: skip


@pytest.fixture(scope="module")
def block():
    return thermo.design(SPEC).require_ok()


@pytest.fixture(scope="module")
def part(block):
    return thermo.off_design(block, T_ambient_K=300.0, load=0.75).require_ok()


@given(st.floats(0.1, 20.0), st.floats(-0.2, 3.0), st.floats(0.2, 3.0))
@settings(deadline=None, max_examples=25)
def test_constant_power_and_constant_torque(H, P, t_end):
    _t, y = speed_up(H, lambda t, y: P * y[0], lambda t, y: [], [1.0], t_end)  # torque P
    assert y[0, -1] == pytest.approx(1.0 + P * t_end / (2.0 * H), rel=1e-7)
    if 1.0 + P * t_end / H > 0.1:
        _t, y = speed_up(H, lambda t, y: P, lambda t, y: [], [1.0], t_end, (0.3 * t_end,))
        assert y[0, -1] == pytest.approx(sqrt(1.0 + P * t_end / H), rel=1e-6)


def test_constant_torque_until_a_valve_closes():
    _t, y = speed_up(2.0, lambda t, y: y[0] if t < 0.25 else 0.0, lambda t, y: [], [1.0], 1.0, (0.25,))
    assert y[0].max() == pytest.approx(1.0 + 0.25 / 4.0, rel=1e-6)


def test_the_turbine_parabola_is_near_the_map():
    """Against the map of Dyreby (2014), a polynomial in tip speed over spouting velocity with its peak at 0.7476."""
    z = np.linspace(0.6, 1.6, 50)
    fit = np.polyval([1.0626, -3.0874, 1.3668, 1.3567, 0.179921180], 0.7476 * z)
    assert np.max(np.abs(z * (2.0 - z) - fit)) < 0.015


def test_overspeed_stays_within_the_energy_that_flows(block):
    """No more than what flows in while the valve closes and what is trapped can go into the shaft."""
    trip = TripSpec(compressors_on_shaft=False)
    o, E = overspeed(block, trip, bypass=False), inertia(block).total_J
    gained = E * (o.peak**2 - 1.0)
    through = 0.25 * block.W_turbine_W + o.trapped_kg / block.m_dot_kg_s * block.W_turbine_W
    assert 0.1 * block.W_turbine_W < gained < through
    assert o.t_peak_s < 1.0
    assert 1.1 < o.peak < 1.3


def test_overspeed_falls_with_bypass_faster_valves_brakes_and_inertia(block):
    base = overspeed(block, bypass=False)
    assert base.speed[0] == 1.0
    assert overspeed(block, bypass=True).peak < base.peak
    assert overspeed(block, TripSpec(valve_close_s=0.1), bypass=False).peak < base.peak
    assert overspeed(block, TripSpec(trip_delay_s=0.2), bypass=False).peak > base.peak
    assert overspeed(block, TripSpec(compressors_on_shaft=False), bypass=False).peak > base.peak + 0.03
    assert overspeed(block, TripSpec(trapped_length_m=10.0), bypass=False).peak > base.peak
    assert base.speed[-1] < base.peak  # it slows down again


def test_a_valve_that_never_moves_reaches_runaway(block):
    o = overspeed(block, TripSpec(trip_delay_s=5.0, compressors_on_shaft=False), bypass=False, t_end_s=4.0)
    assert 1.6 < o.peak < 2.0  # torque falls to nothing at twice the best speed


def test_inertia_adds_up_and_follows_its_laws(block):
    i = inertia(block)
    assert sum(i.energy_J.values()) == pytest.approx(i.total_J)
    assert i.H_s == pytest.approx(i.total_J / block.W_generator_W)
    assert 0.3 < i.H_s < 4.0
    assert wheel_inertia_kg_m2(0.4) == pytest.approx(32.0 * wheel_inertia_kg_m2(0.2))
    assert generator_energy_J(2e6, 1800.0) == pytest.approx(2.0 * generator_energy_J(1e6, 1800.0))
    turbine = next(m for m in block.machines if m.name == "turbine")
    omega = turbine.speed_rpm * pi / 30.0
    assert i.energy_J["turbine"] == pytest.approx(0.5 * wheel_inertia_kg_m2(turbine.diameter_m) * omega**2)


def test_walls_and_heating_rates():
    x = wall_ratio(25e6)
    assert metal_ratio(25e6) == pytest.approx((1.0 + 2.0 * x) ** 2 - 1.0)
    assert heating_rate_K_s(0.02) == pytest.approx(4.0 * heating_rate_K_s(0.04))


def test_ramp_rate_is_the_least_limit(block, part):
    volumes = loop_volumes(block)
    free = ramp_rate(block, part, volumes, None)
    assert free.inventory_1_s is None
    assert free.ramp_1_s == min(free.thermal_1_s, free.heater_1_s)
    slow = ramp_rate(block, part, volumes, 0.05)
    assert slow.limit == "inventory transfer"
    assert slow.ramp_1_s == slow.inventory_1_s
    assert ramp_rate(block, part, volumes, 0.1).inventory_1_s == pytest.approx(2.0 * slow.inventory_1_s)
    hard = ramp_rate(block, part, volumes, None, 1.0)
    assert hard.limit == "thermal stress"
    with pytest.raises(ValueError, match="another load"):
        ramp_rate(block, block, volumes, None)


def test_swings_are_never_credited(block):
    d = block_dynamics(block, InventorySpec(tank_volume_m3=4.0))
    assert d.load_swing_credit == 0.0
    assert "never credited" in d.load_swing_note
    for f in np.geomspace(*LOAD_SWING_BAND_HZ, 5):
        a = swing_amplitude(d.ramp.ramp_1_s, f)
        assert a < 0.01
        assert 2.0 * pi * f * a == pytest.approx(d.ramp.ramp_1_s)  # steepest slope of the sine
    assert d.overspeed_bypass.peak < d.overspeed_no_bypass.peak
    assert [s.kind for s in d.starts] == ["hot", "warm", "cold"]
    assert d.black_start.energy_J > d.starts[-1].electricity_J
    assert d.least_load.load < 0.9


def test_starts_grow_with_idleness(block, part):
    volumes = loop_volumes(block)
    ramp = ramp_rate(block, part, volumes, None)
    hot, warm, cold = (start_up(block, k, volumes, ramp) for k in ("hot", "warm", "cold"))
    for a, b in ((hot, warm), (warm, cold)):
        assert a.time_to_full_s < b.time_to_full_s
        assert a.heat_J < b.heat_J
        assert a.electricity_J < b.electricity_J
        assert a.T_hot_K > b.T_hot_K
    assert cold.T_hot_K == pytest.approx(288.15)
    assert hot.heat_J / cold.heat_J == pytest.approx(1.0 - exp(-8.0 / 40.0))
    assert cold.fuel_LHV_J == pytest.approx(cold.heat_J / block.heater.eta_LHV)
    assert cooled_share(None) == 1.0
    with pytest.raises(ValueError, match="hot, warm, cold"):
        start_up(block, "lukewarm", volumes, ramp)


def test_least_load_by_surge_or_by_the_heat_source(block):
    surge = least_load(block, 300.0)
    assert surge.explain.startswith("lowest load")
    heat = least_load(block, 300.0, 0.85)
    assert heat.heat_frac == pytest.approx(0.85, abs=1e-3)
    assert heat.load > surge.load
    assert "heat source" in heat.explain


def test_bad_trip_is_told_as_a_whole():
    with pytest.raises(thermo.SpecError) as e:
        TripSpec(valve_close_s=0.0, bypass_flow_frac=-1.0)
    assert len(e.value.problems) == 2


def test_a_block_without_a_vessel_has_no_transfer_limit(block):
    assert replace(InventorySpec(), tank_volume_m3=None) == InventorySpec()
    d = block_dynamics(block)
    assert d.ramp.inventory_1_s is None


def test_only_what_turns_with_the_generator_counts():
    """A free turbo-compressor neither adds inertia nor brakes; on a common shaft everything does."""
    r = thermo.design(
        thermo.CycleSpec(W_net_W=10e6, UA_total_W_K=3e6, p_low_Pa=8.8e6, recompression_fraction=0.28)
    )
    a = r.train.arrangement
    assert a.name.startswith("turbo-compressor")
    assert a.with_generator == {"power turbine", "generator"}
    assert set(inertia(r).energy_J) == {"power turbine", "generator"}
    free = overspeed(r, bypass=False)
    assert free.peak == overspeed(r, TripSpec(compressors_on_shaft=False), bypass=False).peak
    assert 1.02 < free.peak < 1.5
