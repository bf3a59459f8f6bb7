"""Fired heater: stoichiometry, gas properties, energy balance, published efficiencies."""

import CoolProp.CoolProp as CP
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thermo
from thermo.heat_sources.combustion import acid_dew_point_K, burner, nox_g_GJ, water_saturation_K
from thermo.heat_sources.fired_heater import fired_heater, firing
from thermo.heat_sources.gases import sensible_enthalpy, sensible_entropy

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


def test_flue_entropy_equals_coolprops_ideal_gas():
    eos = CP.AbstractState("HEOS", "Nitrogen")
    s = []
    for T in (298.15, 900.0):
        eos.update(CP.PT_INPUTS, 1.0, T)
        s.append(eos.smass())
    assert sensible_entropy((("N2", 1.0),), 900.0) == pytest.approx(s[1] - s[0], rel=2e-3)


def test_stoichiometry_of_methane():
    b = burner(0.15)
    assert b.air_per_fuel == pytest.approx(1.15 * 17.2, rel=5e-3)
    assert b.co2_per_fuel == pytest.approx(44.01 / 16.043, rel=1e-4)
    assert sum(x for _, x in b.flue) == pytest.approx(1.0, rel=1e-12)
    M = {"O2": 31.998e-3, "N2": 28.014e-3, "CO2": 44.010e-3, "H2O": 18.015e-3}
    total = dict(b.flue)["CO2"]  # one mole of CO2 for each mole of methane
    mass = sum(x * M[g] for g, x in b.flue) / total
    assert mass == pytest.approx(16.043e-3 * (1.0 + b.air_per_fuel), rel=1e-4)


@given(st.floats(0.0, 2.0))
@settings(deadline=None, max_examples=30)
def test_atoms_are_conserved_in_combustion(excess):
    b = burner(excess)
    flue, n = dict(b.flue), b.flue_moles
    o2 = 2.0 * (1.0 + excess)
    n2 = o2 * 79.05 / 20.95
    assert flue["CO2"] * n == pytest.approx(1.0, rel=1e-12)  # C
    assert flue["H2O"] * n * 2.0 == pytest.approx(4.0, rel=1e-12)  # H
    assert n * (2 * flue["CO2"] + flue["H2O"] + 2 * flue["O2"]) == pytest.approx(2.0 * o2, rel=1e-12)  # O
    assert n * flue["N2"] == pytest.approx(n2, rel=1e-12)


@pytest.mark.parametrize(("lam", "percent"), [(1.0, 19.0), (1.1, 17.4), (1.2, 15.8), (1.5, 12.7)])
def test_water_in_the_flue_meets_the_published_table(lam, percent):
    """Combustion products properties (methane flue gas at several air ratios), read to 0.1 % of volume."""
    assert 100.0 * dict(burner(lam - 1.0).flue)["H2O"] == pytest.approx(percent, abs=0.4)


@pytest.mark.parametrize("p", [1e3, 1.7e4, 101325.0, 1e6])
def test_water_saturation_meets_coolprop(p):
    assert water_saturation_K(p) == pytest.approx(CP.PropsSI("T", "P", p, "Q", 0, "Water"), abs=0.02)


def test_acid_dew_point_meets_a_published_example():
    """12 % water, 0.02 % SO2, 2 % of it (by mass) to SO3, 1.0246 atm: 129 degC."""
    mmHg = 760.0 * 1.02457
    p_SO3 = 0.02 * 0.0002 * 64.0 / 80.0 * mmHg
    assert acid_dew_point_K(0.12 * mmHg * 133.322, p_SO3 * 133.322) - 273.15 == pytest.approx(129.0, abs=1.0)


def test_nox_units_meet_a_published_pair():
    """110 ppm at 3 % O2 is 0.13 lb/MMBtu HHV for natural gas."""
    lb_MMBtu = nox_g_GJ(110.0, 50e6) / 1.108 / 453.592 * 1.055056
    assert lb_MMBtu == pytest.approx(0.13, abs=0.005)


def test_carbon_dioxide_per_fuel_energy():
    h = fired_heater(thermo.FiredHeaterSpec(), T_return_K=690.0, **ARGS)
    assert h.co2_kg_MWh_LHV == pytest.approx(198.0, abs=1.0)  # 55 g/MJ
    assert h.co2_kg_s == pytest.approx(h.co2_kg_MWh_LHV * h.Q_fuel_LHV_W / 3.6e9, rel=1e-12)
    assert h.eta_LHV / h.eta_HHV == pytest.approx(1.108, rel=1e-12)


def test_preheat_raises_nox_and_cold_air_gives_the_burners_own():
    cold = fired_heater(thermo.FiredHeaterSpec(air_preheat=False), T_return_K=690.0, **ARGS)
    hot = fired_heater(thermo.FiredHeaterSpec(), T_return_K=690.0, **ARGS)
    assert cold.nox_preheat_factor == pytest.approx(1.0, rel=1e-9)
    assert cold.nox_ppm_3O2 == pytest.approx(30.0, abs=0.5)
    assert 2.5 < hot.nox_preheat_factor < 3.5
    assert hot.nox_kg_s == pytest.approx(hot.nox_g_GJ_LHV * hot.Q_fuel_LHV_W * 1e-12, rel=1e-12)


@pytest.mark.parametrize(
    ("spec", "T_return", "limit"),
    [
        ({}, 690.0, "greatest air temperature"),
        ({"air_preheat_max_K": 900.0, "air_preheat_approach_K": 5.0}, 690.0, "least stack temperature"),
        ({"air_preheat_max_K": 900.0, "air_preheat_approach_K": 250.0}, 690.0, "preheater approach"),
        (
            {"air_preheat_max_K": 900.0, "air_preheat_approach_K": 5.0, "fuel_sulphur_mg_Nm3": 2000.0},
            690.0,
            "acid dew point",
        ),
        (
            {
                "air_preheat_max_K": 900.0,
                "air_preheat_approach_K": 5.0,
                "fuel_sulphur_mg_Nm3": 0.0,
                "stack_min_K": 330.0,
                "dew_point_margin_K": 60.0,
            },
            690.0,
            "water dew point",
        ),
        ({"air_preheat": False}, 690.0, "no air preheater"),
        ({}, 340.0, "flue too cold to preheat"),
    ],
)
def test_the_binding_limit_of_the_preheater_is_named(spec, T_return, limit):
    h = fired_heater(thermo.FiredHeaterSpec(**spec), T_return_K=T_return, **ARGS)
    assert h.preheat_limit == limit
    assert h.stack_dry == (h.T_stack_K >= h.T_stack_least_K - 1e-6)
    if limit == "acid dew point":
        assert h.T_stack_K == pytest.approx(h.T_acid_dew_K + 15.0, abs=1e-5)
    if limit == "water dew point":
        assert h.T_stack_K == pytest.approx(h.T_water_dew_K + 60.0, abs=1e-5)


def test_turndown_is_told():
    spec = thermo.FiredHeaterSpec()
    rated = fired_heater(spec, T_return_K=690.0, **ARGS)
    for share, ok, words in (
        (1.0, True, "100%"),
        (0.15, False, "turndown 5:1"),
        (1.3, False, "built for 110%"),
    ):
        now = fired_heater(spec, T_return_K=690.0, **(ARGS | {"Q_heater_W": share * 12e6}))
        found = firing(spec, now, rated)
        assert found.firing_frac == pytest.approx(share, rel=1e-9)
        assert found.ok is ok
        assert words in found.explain


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
