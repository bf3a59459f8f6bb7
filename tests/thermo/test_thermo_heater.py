"""Fired heater: stoichiometry, gas properties, energy balance, published efficiencies."""

import CoolProp.CoolProp as CP
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thermo
from thermo.heat_source import burner, fired_heater, sensible_enthalpy

ARGS = {"Q_heater_W": 12e6, "T_out_K": 873.15, "T_ambient_K": 298.15, "p_ambient_Pa": 101325.0}


@pytest.mark.parametrize(
    ("gas", "name"), [("O2", "Oxygen"), ("H2O", "Water"), ("CO2", "CO2"), ("N2", "Nitrogen")]
)
@pytest.mark.parametrize("T", [400.0, 900.0, 1500.0])
def test_gas_enthalpies_equal_coolprops_ideal_gas(gas, name, T):
    eos = CP.AbstractState("HEOS", name)
    eos.update(CP.DmolarT_INPUTS, 1e-7, T)
    h = eos.hmass()
    eos.update(CP.DmolarT_INPUTS, 1e-7, 298.15)
    assert sensible_enthalpy(((gas, 1.0),), T) == pytest.approx(h - eos.hmass(), rel=2e-3)


def test_stoichiometry_of_methane():
    b = burner(0.15)
    assert b.air_per_fuel == pytest.approx(1.15 * 17.2, rel=5e-3)
    assert b.co2_per_fuel == pytest.approx(44.01 / 16.043, rel=1e-4)
    assert sum(x for _, x in b.flue) == pytest.approx(1.0, rel=1e-12)
    M = {"O2": 31.998e-3, "N2": 28.014e-3, "CO2": 44.010e-3, "H2O": 18.015e-3}
    total = dict(b.flue)["CO2"]  # one mole of CO2 for each mole of methane
    mass = sum(x * M[g] for g, x in b.flue) / total
    assert mass == pytest.approx(16.043e-3 * (1.0 + b.air_per_fuel), rel=1e-4)


@pytest.mark.parametrize(("excess", "stack_minus_air", "eta"), [(0.15, 111, 0.944), (0.15, 222, 0.891), (0.15, 333, 0.835),
                                                              (0.449, 222, 0.866)])  # fmt: skip
def test_efficiency_meets_the_DOE_steam_tip_table(excess, stack_minus_air, eta):
    """DOE AMO Steam Tip Sheet 4 (natural gas, no casing loss), turned from HHV to LHV by 1.108; within 0.01."""
    spec = thermo.FiredHeaterSpec(
        excess_air=excess, air_preheat=False, casing_loss_fraction=0.0, flue_approach_K=20.0
    )
    h = fired_heater(spec, T_return_K=298.15 + stack_minus_air - 20.0, **ARGS)
    assert h.eta_LHV == pytest.approx(eta, abs=0.01)


def test_air_preheat_is_what_makes_it_efficient():
    with_it = fired_heater(thermo.FiredHeaterSpec(), T_return_K=690.0, **ARGS)
    without = fired_heater(thermo.FiredHeaterSpec(air_preheat=False), T_return_K=690.0, **ARGS)
    assert 0.90 < with_it.eta_LHV < 0.95
    assert 0.74 < without.eta_LHV < 0.82
    assert without.T_stack_K == pytest.approx(690.0 + 40.0)
    assert with_it.T_air_preheat_K == pytest.approx(673.15, abs=1e-3)


def test_stack_never_colder_than_its_limit():
    h = fired_heater(thermo.FiredHeaterSpec(air_preheat_max_K=900.0), T_return_K=600.0, **ARGS)
    assert h.T_stack_K == pytest.approx(393.15, abs=1e-5)


@given(
    st.floats(400.0, 850.0), st.floats(0.0, 1.0), st.floats(240.0, 320.0), st.booleans(), st.floats(0.0, 0.05)
)
@settings(deadline=None, max_examples=150)
def test_energy_closes(T_return, excess, T_amb, preheat, casing):
    spec = thermo.FiredHeaterSpec(excess_air=excess, air_preheat=preheat, casing_loss_fraction=casing)
    h = fired_heater(spec, 12e6, T_return, 873.15, T_amb, 101325.0)
    if h is None:
        return
    assert h.Q_fuel_LHV_W == pytest.approx(h.Q_heater_W + h.Q_stack_W + h.Q_casing_W, rel=1e-9)
    assert h.m_dot_flue_kg_s == pytest.approx(h.m_dot_air_kg_s + h.m_dot_fuel_kg_s, rel=1e-12)
    assert h.T_flame_K > h.T_flue_exit_K >= h.T_stack_K - 1e-6
    assert h.T_air_preheat_K >= T_amb - 1e-6
    assert h.W_blower_W >= 0.0


def test_no_flame_no_heater():
    spec = thermo.FiredHeaterSpec(excess_air=2.0, air_preheat=False)
    assert fired_heater(spec, 1e6, 700.0, 1190.0, 230.0, 101325.0) is None
    r = thermo.design(thermo.CycleSpec(UA_total_W_K=1e6, T_turbine_in_K=1190.0, p_low_Pa=8.5e6, fired_heater=spec,
                                       recompression_fraction=0.3))  # fmt: skip
    assert r.outcome is thermo.Outcome.NO_HEATER
    assert r.eta_fuel is None
