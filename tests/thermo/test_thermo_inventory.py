"""CO2 inventory: mass is conserved, charges converge, settle-out is HEOS's, the vessel limits and the fixed charge close."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thermo
from thermo.co2.fluid import heos, state_pT
from thermo.exchangers.pche import size_pche
from thermo.exchangers.pche_geometry import PcheGeometry, duty_of
from thermo.inventory.balance import (
    InventorySpec,
    block_inventory,
    loop_charge,
    loop_charge_kg,
    loop_volumes,
    p_low_for_charge,
    settle_out,
    tank_density,
    tank_limits,
    unreachable,
)
from thermo.inventory.loop_charge import charge_kg, volume_table
from thermo.inventory.loop_volumes import parts, pche_volumes

SPEC = thermo.CycleSpec(
    W_net_W=5e6, power_basis="dc_terminals", T_compressor_in_K=311.15, UA_total_W_K=1.5e6, p_low_Pa=8.8e6,
    recompression_fraction=0.28, T_ambient_design_K=300.0,
)  # fmt: skip


@pytest.fixture(scope="module")
def block():
    return thermo.design(SPEC).require_ok()


def test_charges_sum_and_lie_between_the_end_densities(block):
    found = block_inventory(block)
    assert sum(found.charges_kg) == pytest.approx(found.loop_charge_kg, rel=1e-12)
    assert sum(v.volume_m3 for v in found.volumes) == pytest.approx(found.loop_volume_m3, rel=1e-12)
    for v, kg in zip(found.volumes, found.charges_kg, strict=True):
        ends = [block.states[v.inlet].rho_kg_m3, block.states[v.outlet].rho_kg_m3]
        assert min(ends) * (1 - 1e-9) <= kg / v.volume_m3 <= max(ends) * (1 + 1e-9), v
    names = {v.component for v in found.volumes}
    assert {"cooler", "heater", "turbine", "piping", "high_temperature_recuperator"} <= names


def test_charge_converges_with_the_square_of_the_segments(block):
    volumes = loop_volumes(block)
    exact = loop_charge_kg(block, volumes, 640)
    errors = [abs(loop_charge_kg(block, volumes, n) / exact - 1.0) for n in (10, 20, 40)]
    assert errors[1] < 3e-4
    assert errors[0] > 2.5 * errors[1] > 6.0 * errors[2]


def test_a_loop_of_one_state_holds_volume_times_density(block):
    table = volume_table(loop_volumes(block), list(block.states))
    s = state_pT(12e6, 330.0)
    rows = np.tile([s.T_K, s.p_Pa, s.h_J_kg, s.s_J_kgK, s.rho_kg_m3], (len(block.states), 1))
    assert charge_kg(rows, table, 20) == pytest.approx(table.V.sum() * s.rho_kg_m3, rel=1e-9)


def test_known_volumes_replace_estimates_and_unknown_names_are_told(block):
    known = {"cooler": 2.5, "low_temperature_recuperator.hot": 0.4, "piping": 3.0}
    volumes = loop_volumes(block, InventorySpec(volumes_m3=known))
    by = {f"{v.component}.{v.side}" if v.side else v.component: v for v in volumes}
    assert by["cooler"].volume_m3 == 2.5
    assert by["cooler"].given
    assert by["low_temperature_recuperator.hot"].volume_m3 == 0.4
    assert not by["low_temperature_recuperator.cold"].given
    assert sum(v.volume_m3 for v in volumes if v.component == "piping") == pytest.approx(3.0)
    with pytest.raises(thermo.SpecError, match=r"inventory\.volumes_m3\.coolr: unknown; one of .*cooler"):
        loop_volumes(block, InventorySpec(volumes_m3={"coolr": 1.0}))


def test_a_sized_recuperator_gives_its_volumes(block):
    """The estimate lies within a factor of two of an exchanger sized for 1 % drop."""
    part = next(c for c in parts(block) if c.name == "low_temperature_recuperator")
    duty = duty_of(part, block.states)
    sized = size_pche(duty, PcheGeometry(), dp_hot_Pa=0.01 * duty.hot.p_in_Pa)
    known = pche_volumes({part.name: sized})
    assert known == {f"{part.name}.hot": sized.hot_volume_m3, f"{part.name}.cold": sized.cold_volume_m3}
    found = {
        v.side: v for v in loop_volumes(block, InventorySpec(volumes_m3=known)) if v.component == part.name
    }
    assert found["hot"].volume_m3 == sized.hot_volume_m3
    guess = next(v for v in loop_volumes(block) if v.component == part.name)
    assert 0.5 < guess.volume_m3 / sized.hot_volume_m3 < 2.0


def test_bad_inventory_is_told_as_a_whole():
    with pytest.raises(thermo.SpecError) as e:
        InventorySpec(tank_volume_m3=-1.0, tank_T_K=float("nan"), volumes_m3={"cooler": -2.0})
    assert len(e.value.problems) == 3
    with pytest.raises(thermo.SpecError, match="not below tank_p_max_Pa"):
        InventorySpec(tank_p_min_Pa=2e7, tank_p_max_Pa=1e7)


@given(st.floats(20.0, 900.0), st.floats(255.0, 340.0))
@settings(deadline=None, max_examples=60)
def test_settle_out_is_heos(rho, T):
    import CoolProp.CoolProp as CP

    found, eos = settle_out(rho * 7.0, 7.0, T), heos()
    eos.update(CP.DmassT_INPUTS, rho, T)
    assert found.p_Pa == pytest.approx(eos.p(), rel=3e-5, abs=1e3)
    if found.quality is not None and 0.01 < found.quality < 0.99 and T < 303.0:
        assert found.quality == pytest.approx(eos.Q(), abs=3e-3)


def test_vessel_limits_are_a_mass_balance(block):
    spec = InventorySpec(tank_volume_m3=4.0, tank_p_min_Pa=9e6, tank_p_max_Pa=20e6, tank_T_K=313.15)
    limits = tank_limits(spec, block, 3000.0)
    low, high = 4.0 * tank_density(9e6, 313.15), 4.0 * tank_density(20e6, 313.15)
    assert limits.greatest_charge_kg + low == pytest.approx(limits.total_kg)
    assert limits.least_charge_kg + high == pytest.approx(limits.total_kg)
    assert limits.least_charge_kg < 3000.0 < limits.greatest_charge_kg
    assert unreachable(3000.0, limits) == ""
    assert "least pressure" in unreachable(limits.greatest_charge_kg + 1.0, limits)
    assert "greatest pressure" in unreachable(limits.least_charge_kg - 1.0, limits)
    fixed = tank_limits(InventorySpec(), block, 3000.0)
    assert fixed.least_charge_kg == fixed.greatest_charge_kg == 3000.0


def test_the_vessel_pressure_at_design_holds_the_rest(block):
    found = block_inventory(block, InventorySpec(tank_volume_m3=4.0, tank_p_design_Pa=11e6))
    assert found.tank_p_Pa == pytest.approx(11e6, rel=1e-6)
    assert found.transfer_kg_s == pytest.approx(0.005 * found.loop_charge_kg)


def test_two_phase_vessel_is_not_overrated():
    assert tank_density(5.7291e6, 293.15) == pytest.approx(194.2, rel=2e-3)  # saturated vapour (HEOS)


def test_fixed_charge_gives_the_low_pressure(block):
    """Without a vessel the loop's charge decides the low pressure: found again for the design, higher on a hotter day."""
    volumes = loop_volumes(block)
    charge = loop_charge_kg(block, volumes)

    def held(p_low, T=311.15):
        r = thermo.design(replace(SPEC, p_low_Pa=p_low, T_compressor_in_K=T))
        return loop_charge_kg(r, volumes) if r.outcome.ok else None

    p = p_low_for_charge(held, charge, 8.2e6, 7e6, 14e6)
    assert p == pytest.approx(8.8e6, rel=1e-5)
    hot = p_low_for_charge(lambda x: held(x, 321.15), charge, 9.5e6, 7e6, 14e6)
    assert held(hot, 321.15) == pytest.approx(charge, rel=1e-5)
    assert hot > 9e6
    assert p_low_for_charge(held, 50.0 * charge, 9.5e6, 7e6, 14e6) is None
    same = thermo.off_design(block, T_ambient_K=300.0, load=1.0)
    assert loop_charge_kg(same, volumes) == pytest.approx(charge, rel=1e-6)


@given(st.floats(0.7, 1.5), st.floats(0.3, 0.9))
@settings(deadline=None, max_examples=30)
def test_low_pressure_search_on_a_closed_form(slope, gap):
    """A charge that rises as p^slope, with no point under gap: found to the tolerance or told to be out of range."""

    def kg(p):
        return None if p < gap * 8e6 else (p / 8e6) ** slope

    for wanted in (0.35, 1.0, 2.2):
        p = p_low_for_charge(kg, wanted, 8e6, 4e6, 16e6, 1e-9)
        exact = 8e6 * wanted ** (1.0 / slope)
        if p is None:
            assert exact < gap * 8.4e6 or not 4e6 <= exact <= 16e6
        else:
            assert p == pytest.approx(exact, abs=1.0)


def test_charges_by_volume_are_those_of_the_kernel(block):
    volumes = loop_volumes(block)
    assert len(loop_charge(block, volumes)) == len(volumes)
