"""Auxiliaries, hazards of CO2 in a hall, wear and hot-day rating: balances, closed forms, what rises with what."""

from math import exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thermo
from thermo.co2.fluid import state_ph, state_ps, state_pT
from thermo.inventory.balance import InventorySpec, block_inventory
from thermo.machines.machine_sizing import aux_fraction_from_size
from thermo.site.auxiliaries import block_auxiliaries, compression_W, throttled_enthalpy_J_kg
from thermo.site.degradation import DegradationSpec, degradation_factors
from thermo.site.hazards import (
    HallSpec,
    concentration_at,
    greatest_leak,
    hall_hazard,
    leak_rate_kg_s,
    mixed_concentration,
    time_to,
)
from thermo.site.site_rating import dry_bulb_exceeded_K, hot_day_rating, rate_site, rating_point

SPEC = thermo.CycleSpec(
    W_net_W=5e6, power_basis="dc_terminals", T_compressor_in_K=311.15, UA_total_W_K=1.5e6, p_low_Pa=8.8e6,
    recompression_fraction=0.28, T_ambient_design_K=300.0,
)  # fmt: skip


@pytest.fixture(scope="module")
def block():
    return thermo.design(SPEC).require_ok()


@pytest.fixture(scope="module")
def store(block):
    return block_inventory(block, InventorySpec(tank_volume_m3=4.0))


def test_items_sum_and_are_compared_with_the_default(block, store):
    a = block_auxiliaries(block, store)
    assert sum(i.W for i in a.items) == pytest.approx(a.total_W)
    assert a.share_of_generator == pytest.approx(a.total_W / block.W_generator_W)
    assert a.default_W == pytest.approx(
        aux_fraction_from_size(block.spec.W_net_W) * block.W_generator_W, rel=1e-6
    )
    assert 0.3 < a.total_W / a.default_W < 4.0
    assert {i.grade for i in a.items} == {"assumption"}
    assert a.make_up_kg_year == pytest.approx(0.05 * a.leakage_kg_s * 8760 * 3600)
    magnetic = block_auxiliaries(block, store, bearings="magnetic")
    assert {i.name for i in magnetic.items} ^ {i.name for i in a.items} == {"magnetic bearings",
                                                                           "lube oil pumps and cooler"}  # fmt: skip
    with pytest.raises(thermo.SpecError, match="oil, magnetic"):
        block_auxiliaries(block, bearings="foil")


def test_the_transfer_compressor_works_only_outside_the_loop_pressures(block):
    by = {"between": InventorySpec(tank_volume_m3=4.0), "low": InventorySpec(tank_volume_m3=4.0, tank_p_min_Pa=5e6),
          "high": InventorySpec(tank_volume_m3=4.0, tank_p_max_Pa=32e6)}  # fmt: skip
    W = {}
    for k, spec in by.items():
        item = next(
            i for i in block_auxiliaries(block, block_inventory(block, spec)).items if "transfer" in i.name
        )
        W[k] = item.W_max_W
        assert pytest.approx(0.03 * item.W_max_W) == item.W
    assert W["between"] == 0.0
    assert W["low"] > 1e4
    assert W["high"] > 1e4


@given(st.floats(0.5e6, 3e6), st.floats(300.0, 340.0), st.floats(1.05, 2.9))
@settings(deadline=None, max_examples=25)
def test_one_stage_is_isentropic_work_over_efficiency(p, T, ratio):
    inlet = state_pT(p, T)
    work = state_ps(p * ratio, inlet.s_J_kgK).h_J_kg - inlet.h_J_kg
    assert compression_W(2.0, p, T, p * ratio, 0.7) == pytest.approx(2.0 * work / 0.7, rel=1e-9)
    assert compression_W(2.0, p * ratio, T, p, 0.7) == 0.0


def test_intercooled_stages_take_less():
    inlet = state_pT(1e6, 310.0)
    one = state_ps(7e6, inlet.s_J_kgK).h_J_kg - inlet.h_J_kg
    assert 0.8 * one < compression_W(1.0, 1e6, 310.0, 7e6, 1.0) < one


def test_seal_gas_is_heated_where_it_would_throttle_wet():
    r = thermo.design(thermo.CycleSpec(layout="simple_recuperated", UA_total_W_K=1.5e6, p_low_Pa=8.4e6))
    item = next(i for i in block_auxiliaries(r).items if i.name == "seal gas heater")
    h = throttled_enthalpy_J_kg(1.5e6, 20.0)
    assert pytest.approx(0.004 * r.m_dot_kg_s * (h - r.states["main_compressor_outlet"].h_J_kg)) == item.W
    assert "condenses" in item.basis
    dry = state_ph(1.5e6, h)
    assert dry.quality is None
    assert pytest.approx(state_ph(1.5e6, h - 1e3).T_K + 0.9, abs=0.5) == dry.T_K


@given(st.floats(1.0, 1e5), st.floats(100.0, 1e5))
@settings(deadline=None, max_examples=40)
def test_dilution_laws(co2, hall):
    c = mixed_concentration(co2, hall)
    assert 0.0 < c <= 1.0
    assert c <= co2 / hall + 1e-12
    if c < 0.999999:
        assert -co2 / log(1.0 - c) == pytest.approx(hall, rel=1e-6)


@given(st.floats(0.01, 10.0), st.floats(0.0, 100.0), st.floats(100.0, 1e5))
@settings(deadline=None, max_examples=40)
def test_a_steady_leak(q, air, hall):
    t = time_to(0.04, q, air, hall)
    if t is None:
        assert concentration_at(1e9, q, air, hall) <= 0.04 + 1e-9
    else:
        assert concentration_at(t, q, air, hall) == pytest.approx(0.04, rel=1e-6)
        assert concentration_at(0.9 * t, q, air, hall) < 0.04
    steady = q * (1.0 - 0.04) / 0.04
    assert concentration_at(1e12, q, steady, hall) == pytest.approx(0.04, rel=1e-9)


def test_hall_hazard(block, store):
    hall = HallSpec(volume_m3=3000.0, floor_m2=400.0, blocks=2)
    h = hall_hazard(block, store, hall)
    rho = state_pT(101325.0, 298.15).rho_kg_m3
    assert rho == pytest.approx(1.81, abs=0.01)
    assert h.co2_m3 == pytest.approx(store.loop_charge_kg / rho)
    assert h.concentration == pytest.approx(1.0 - exp(-h.co2_m3 / 3000.0))
    assert not h.safe
    assert mixed_concentration(h.co2_m3, h.volume_safe_m3) == pytest.approx(0.04)
    assert mixed_concentration(h.co2_m3, h.blocks_safe * 1500.0) <= 0.04
    assert mixed_concentration(h.co2_m3, (h.blocks_safe - 1) * 1500.0) > 0.04
    big = hall_hazard(block, store, HallSpec(volume_m3=2.0 * h.volume_safe_m3, floor_m2=400.0))
    assert big.safe
    both = hall_hazard(block, store, HallSpec(volume_m3=3000.0, floor_m2=400.0, tank_inside=True))
    assert both.charge_kg == pytest.approx(store.limits.total_kg)
    aired = hall_hazard(block, store, HallSpec(3000.0, 400.0, hole_m=1e-3, air_changes_1_h=6.0))
    assert aired.time_to_idlh_s is None
    assert h.time_to_idlh_s < 3600.0


def test_leak_rates(block):
    name, m = greatest_leak(block, 0.01)
    assert name == "main_compressor_outlet"  # the densest
    assert all(leak_rate_kg_s(s, 0.01) <= m for s in block.states.values())
    assert greatest_leak(block, 0.02)[1] == pytest.approx(4.0 * m)


def test_wear():
    spec = DegradationSpec(0.01, 0.02, 4.0, 0.5)
    assert degradation_factors(0.0, spec) == (1.0, 1.0)
    assert degradation_factors(3.0, spec) == (pytest.approx(0.97), pytest.approx(0.94))
    assert degradation_factors(4.0, spec)[0] == pytest.approx(0.98)  # half comes back
    assert degradation_factors(9.0, spec)[0] == pytest.approx(1.0 - 0.01 * (1.0 + 4.0))
    assert degradation_factors(9.0, DegradationSpec(0.01, 0.02, 4.0, 1.0))[0] == pytest.approx(0.99)
    with pytest.raises(thermo.SpecError) as e:
        DegradationSpec(-1.0, 0.5)
    assert len(e.value.problems) == 2
    with pytest.raises(ValueError, match="years"):
        degradation_factors(-1.0)


def test_hot_day_rating(block):
    site = hot_day_rating(block, {"record": 316.0, "0.4 % dry bulb": 308.0, "design": 300.0})
    names = [p.name for p in site.points]
    assert names == ["design", "0.4 % dry bulb", "record"]
    design, hot, record = site.points
    assert design.rated_frac == pytest.approx(1.0, rel=1e-6)
    assert 1.0 > hot.rated_frac > record.rated_frac > 0.3
    assert hot.outcome is thermo.Outcome.LIMITED
    assert hot.W_net_W == pytest.approx(hot.rated_frac * block.W_net_W)
    warmer = rating_point(block, "recirculated", 309.0)
    assert hot_day_rating(block, {"x": 308.0}, 1.0).points[0].W_net_W == pytest.approx(warmer.W_net_W)


def test_site_rating_from_a_year_of_hours(block):
    hours = 288.0 + 10.0 * np.sin(np.linspace(0.0, 2.0 * np.pi * 365.0, 8760)) + np.linspace(0.0, 10.0, 8760)
    T = dry_bulb_exceeded_K(hours)
    assert np.mean(hours > T) == pytest.approx(0.004, abs=2e-4)
    site = rate_site(block, hours, 318.0)
    assert [p.name for p in site.points] == ["0.4 % dry bulb", "hottest hour of the year", "record"]
    with pytest.raises(ValueError, match="24 temperatures"):
        dry_bulb_exceeded_K([300.0, float("nan")])


def test_bad_hall_is_told_as_a_whole():
    with pytest.raises(thermo.SpecError) as e:
        HallSpec(volume_m3=0.0, floor_m2=1.0, blocks=0)
    assert len(e.value.problems) == 3
