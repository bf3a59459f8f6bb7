"""Friction, windage and leakage of the machines: closed forms, scaling, the reference's viscosity."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thermo
from thermo.co2.fluid import state_ph, state_ps, state_pT
from thermo.co2.transport import viscosity_conductivity
from thermo.machines.electrical import chain_of
from thermo.machines.machine_losses import machine_losses
from thermo.machines.machine_train import duty, train_of
from thermo.machines.windage import (
    cylinder_friction_W,
    disc_friction_W,
    disc_moment_coefficient,
    film_friction_W,
    gap_friction_coefficient,
    labyrinth_leakage_kg_s,
    viscosity_Pa_s,
)

SPEC = thermo.CycleSpec(W_net_W=5e6, UA_total_W_K=1.5e6, T_turbine_in_K=873.15, T_compressor_in_K=308.15)


def between(inlet, p_out, eta, up):
    """Outlet of a machine with isentropic efficiency eta."""
    s = state_ps(p_out, inlet.s_J_kgK)
    dh = (s.h_J_kg - inlet.h_J_kg) / eta if up else (s.h_J_kg - inlet.h_J_kg) * eta
    return state_ph(p_out, inlet.h_J_kg + dh)


def machines(m=50.0, f=0.3, eta_t=0.87, eta_c=0.82):
    """Turbine, main compressor and recompressor of a 600 degC recompression cycle with m kg/s."""
    hot, cold, warm = state_pT(24.7e6, 873.15), state_pT(8.4e6, 308.15), state_pT(8.5e6, 350.0)
    return (
        duty("turbine", "turbine", m, hot, between(hot, 8.9e6, eta_t, False)),
        duty("main_compressor", "compressor", m * (1 - f), cold, between(cold, 25e6, eta_c, True)),
        duty("recompressor", "compressor", m * f, warm, between(warm, 24.9e6, eta_c, True)),
    )


@pytest.fixture(scope="module")
def trains():
    return {m: train_of(machines(m), replace(SPEC, W_net_W=1e5 * m)) for m in (10.0, 50.0, 100.0)}


def test_laminar_disc_is_the_closed_form():
    """Slow disc close to a wall: torque pi mu omega r^4/(2 s) on each face."""
    mu, rho, omega, r, s = 2e-5, 1.0, 10.0, 0.1, 1e-3
    P = disc_friction_W(rho, mu, omega, r, s / r, 1)
    assert pytest.approx(np.pi * mu * omega**2 * r**4 / (2 * s), rel=1e-12) == P


@given(st.floats(1e2, 1e9), st.floats(0.01, 0.2), st.floats(1.01, 3.0))
@settings(deadline=None, max_examples=100)
def test_friction_coefficients_fall_with_reynolds(Re, g, k):
    assert 0.0 < disc_moment_coefficient(k * Re, g) < disc_moment_coefficient(Re, g)
    a, b = gap_friction_coefficient(Re), gap_friction_coefficient(k * Re)
    assert 0.0 < b < a
    x = a**-0.5
    assert a == pytest.approx(2.0 / Re) or x == pytest.approx(2.04 + 1.768 * np.log(Re / x), rel=1e-9)


def test_turbulent_disc_follows_speed_to_2_8_and_radius_to_4_6():
    """Regime IV of Daily & Nece: C_m ~ Re^-0.2."""
    P = disc_friction_W(500.0, 5e-5, 5000.0, 0.05, 0.05)
    assert disc_friction_W(500.0, 5e-5, 10000.0, 0.05, 0.05) / P == pytest.approx(2**2.8, rel=1e-9)
    assert disc_friction_W(500.0, 5e-5, 5000.0, 0.1, 0.05) / P == pytest.approx(2**4.6, rel=1e-9)


def test_petroff_and_zero_leakage():
    mu, omega, r, L, c = 0.01, 100.0, 0.02, 0.04, 3e-5
    assert film_friction_W(mu, 1e-9, omega, r, L, c) == pytest.approx(
        2 * np.pi * mu * omega**2 * r**3 * L / c, rel=1e-4
    )
    assert labyrinth_leakage_kg_s(0.05, 1e-4, 1e6, 20.0, 1e6, 20, 0.7) == 0.0
    assert cylinder_friction_W(20.0, 2e-5, 3000.0, 0.05, 0.1, 1e-3) > 0.0


@pytest.mark.parametrize("T", [305.0, 320.0, 400.0, 700.0, 1000.0])
def test_viscosity_against_the_reference(T):
    for p in (1e6, 5e6, 8e6, 12e6, 20e6, 35e6):
        rho = state_pT(p, T).rho_kg_m3
        mu, _k = viscosity_conductivity(np.array([rho]), np.array([T]))
        assert viscosity_Pa_s(rho, T) == pytest.approx(mu[0], rel=0.015)


def test_computed_losses_fall_with_size_and_stay_near_the_default(trains):
    share = []
    for m, t in trains.items():
        a = next(x for x in t.candidates if x.name == "single shaft, geared")
        losses = machine_losses(a, chain_of(replace(SPEC, W_net_W=1e5 * m), True))
        W = {x.name: x.W for x in losses}
        parts = sum(x.W for x in losses if x.in_total)
        assert W["computed total"] == pytest.approx(parts, rel=1e-12)
        shaft = sum(d.power_W if d.kind == "turbine" else -d.power_W for d in machines(m))
        share.append(W["computed total"] / shaft)
        assert 0.3 < W["computed total"] / W["default total"] < 2.5
        for name, x in W.items():
            if name.startswith("disc friction"):  # a part of (1 - eta), so less than it
                assert x < 0.15 * shaft
    assert share[0] > share[1] > share[2]
    assert 0.02 < share[0] < 0.08


def test_direct_drive_pays_for_windage_by_its_cavity():
    """Vrancik's rotor: nearly proportional to density; a cavity that is not pumped down costs several times more."""
    t = train_of(machines(10.0), replace(SPEC, W_net_W=1e6, drive="direct"))
    W = {x.name: x.W for x in t.losses}
    assert 3.0 < W["rotor windage, cavity not pumped"] / W["rotor windage, generator"] < 12.0
    assert 0.005e6 < W["rotor windage, generator"] < 0.05e6
    assert [x.in_total for x in t.losses if x.name == "rotor windage, cavity not pumped"] == [False]
