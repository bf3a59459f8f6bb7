"""Compressor inlet: throat phase and Mach number, choked flow, swing of the work, against HEOS and closed forms."""

from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thermo
from thermo.co2.expansion import choked_flow, dome_entry, sound_speed, static_state
from thermo.co2.fluid import heos, state_ps, state_pT
from thermo.co2.helmholtz import R_J_KGK, properties
from thermo.machines.inlet_stability import (
    compressor_inlets,
    inlet_stability,
    isentropic_work,
    throat_velocity,
    work_swing,
)

# HEOS: inlet K, MPa, density kg/m3, isentropic work to 25 MPa in kJ/kg. Project facts, "Compressor inlet sensitivity": their
# rows of 40, 45 and 50 degC were taken at the round 313, 318 and 323 K
TABLE = [
    (306.0, 7.6, 357, 35.2), (306.0, 8.0, 621, 24.2), (308.15, 8.0, 419, 31.2), (308.15, 8.4, 596, 24.4),
    (308.15, 9.0, 662, 22.1), (313.0, 9.0, 493, 27.0), (318.0, 10.0, 503, 25.4), (323.0, 10.0, 387, 30.8),
]  # fmt: skip


@pytest.mark.parametrize(("T", "p_MPa", "rho", "work"), TABLE)
def test_isentropic_work_table(T, p_MPa, rho, work):
    assert isentropic_work(p_MPa * 1e6, T, 25e6) / 1e3 == pytest.approx(work, abs=0.055)
    assert state_pT(p_MPa * 1e6, T).rho_kg_m3 == pytest.approx(rho, abs=0.55)


def test_throat_at_32_degC_is_wet_at_40_m_s():
    t = inlet_stability(state_pT(7.7e6, 305.15), 40.0)
    assert t.two_phase
    assert t.static.quality is not None
    assert t.margin_Pa < 0.0
    assert t.margin_K < 0.0
    assert not inlet_stability(state_pT(7.7e6, 305.15), 39.0).two_phase


def test_throat_at_40_degC_is_wet_only_near_100_m_s():
    dry, wet = (inlet_stability(state_pT(9e6, 313.15), V) for V in (80.0, 100.0))
    assert not dry.two_phase
    assert dry.margin_Pa > 0.0
    assert wet.two_phase
    assert dry.static.quality is None
    assert 0.0 < wet.static.quality < 1.0


@given(st.floats(304.6, 345.0), st.floats(7.5e6, 14e6), st.floats(1.0, 70.0))
@settings(deadline=None, max_examples=40)
def test_static_state_conserves_energy_and_entropy_on_heos(T, p, V):
    import CoolProp.CoolProp as CP

    total = state_pT(p, T)
    s = static_state(total, V)
    assert s.h_J_kg + 0.5 * V * V == pytest.approx(total.h_J_kg, abs=2e-3)
    eos = heos()
    eos.update(CP.PSmass_INPUTS, s.p_Pa, total.s_J_kgK)
    assert eos.hmass() == pytest.approx(s.h_J_kg, abs=0.05)
    assert eos.rhomass() == pytest.approx(s.rho_kg_m3, rel=1e-4)


@given(st.floats(304.6, 340.0), st.floats(7.5e6, 12e6))
@settings(deadline=None, max_examples=25)
def test_dome_entry_lies_on_saturation_at_the_same_entropy(T, p):
    import CoolProp.CoolProp as CP

    s = state_pT(p, T).s_J_kgK
    d = dome_entry(s)
    eos = heos()
    eos.update(CP.QT_INPUTS, 0.0 if d.side == "liquid" else 1.0, d.T_K)
    assert eos.p() == pytest.approx(d.p_Pa, rel=1e-9)
    assert eos.smass() == pytest.approx(s, abs=20.0 if d.T_K > 304.12 else 1e-3)


def test_no_dome_for_hot_gas():
    assert dome_entry(state_pT(25e6, 873.15).s_J_kgK) is None


def test_choked_flow_of_a_hot_gas_is_the_perfect_gas_formula():
    p0, T0 = 2e6, 900.0
    total = state_pT(p0, T0)
    q = properties(total.rho_kg_m3, T0)
    g = 1.0 + R_J_KGK / q[3]
    exact = p0 * sqrt(g / (R_J_KGK * T0)) * (2 / (g + 1)) ** ((g + 1) / (2 * (g - 1)))
    flow = choked_flow(total)
    assert flow.choked
    assert flow.flux_kg_sm2 == pytest.approx(exact, rel=4e-3)
    assert flow.velocity_m_s == pytest.approx(sound_speed(flow.throat), rel=2e-3)


@pytest.mark.parametrize(("p", "T"), [(25e6, 873.15), (15e6, 400.0), (9e6, 313.15), (7.7e6, 305.15)])
def test_the_choked_flux_is_the_greatest_and_sonic(p, T):
    total = state_pT(p, T)
    flow = choked_flow(total)
    for k in range(1, 60):
        s = state_ps(0.6e6 + (p - 0.6e6) * k / 60, total.s_J_kgK)
        assert s.rho_kg_m3 * sqrt(2.0 * (total.h_J_kg - s.h_J_kg)) <= flow.flux_kg_sm2 * (1 + 1e-6)
    if flow.throat.quality is None and dome_entry(total.s_J_kgK) is None:
        assert flow.velocity_m_s == pytest.approx(sound_speed(flow.throat), rel=2e-3)


def test_flow_against_a_high_back_pressure_is_not_choked():
    flow = choked_flow(state_pT(2e6, 900.0), 1.8e6)
    assert not flow.choked
    assert flow.throat.p_Pa == pytest.approx(1.8e6, rel=1e-4)


def test_the_mixture_is_slow():
    """Sound in the mixture is far below that of its liquid: at the dome it drops from over 190 to some 80 m/s."""
    total = state_pT(7.7e6, 305.15)
    before, after = static_state(total, 39.5), static_state(total, 40.1)
    assert sound_speed(before) > 2.0 * sound_speed(after)


def test_swing_of_the_work():
    near, far = work_swing(8e6, 308.15, 25e6), work_swing(10e6, 318.15, 25e6)
    assert near.hotter_frac > 0.0 > near.higher_p_frac
    assert near.worst_frac > far.worst_frac > 0.01
    assert near.worst_frac > 0.05
    assert work_swing(7.2e6, 303.5, 25e6).work_J_kg > 0.0


def test_compressors_of_a_block():
    r = thermo.design(thermo.CycleSpec(UA_total_W_K=1.5e6, p_low_Pa=8.4e6, T_compressor_in_K=308.15,
                                       recompression_fraction=0.25))  # fmt: skip
    found = compressor_inlets(r)
    assert set(found) == {"main_compressor", "recompressor"}
    inlet, swing = found["main_compressor"]
    assert 20.0 < inlet.velocity_m_s < 150.0
    assert 0.05 < inlet.mach < 1.0
    assert swing.work_J_kg * 0.75 * r.m_dot_kg_s == pytest.approx(
        r.W_compressor_W * r.eta_compressor, rel=1e-6
    )
    assert not found["recompressor"][0].two_phase
    assert throat_velocity(2.0, 500.0, 0.1) == pytest.approx(2 * throat_velocity(1.0, 500.0, 0.1))
