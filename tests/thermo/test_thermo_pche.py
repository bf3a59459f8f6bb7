"""Printed-circuit exchangers: closed forms, energy, typical sizes, exponents."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thermo import Outcome, SpecError
from thermo.co2.fluid import state_pT
from thermo.co2.transport import viscosity_conductivity
from thermo.exchangers.channel import nusselt_friction, out_of_range
from thermo.exchangers.pche import (
    ConstantFluid,
    PcheDuty,
    PcheGeometry,
    PcheSide,
    co2_side,
    rate_pche,
    size_pche,
)
from thermo.exchangers.recuperator import lmtd

WATER = ConstantFluid(4180.0, 995.0, 8e-4, 0.61)
EVEN = {"maldistribution_factor": 1.0, "end_loss_velocity_heads": 0.0}


def htr_duty(m=100.0, Q=30e6):
    """The high-temperature recuperator of a 10 MW recompression cycle."""
    return PcheDuty(co2_side(m, state_pT(9.6e6, 730.0)), co2_side(m, state_pT(24.8e6, 450.0)), Q)


def water(m, T):
    return PcheSide(m, 3e5, WATER.cp_J_kgK * T, WATER)


def test_viscosity_and_conductivity_of_a_dilute_gas():
    """CO2 at 300 K and 1 bar: 15.0 uPa s and 16.8 mW/m/K (Huber et al. 2016 and Laesecke & Muzny 2017 at low density)."""
    mu, k = viscosity_conductivity(np.array([1.773]), np.array([300.0]))
    assert mu[0] == pytest.approx(15.0e-6, rel=0.01)
    assert k[0] == pytest.approx(16.8e-3, rel=0.01)


def test_straight_channel_is_continuous_and_laminar_below():
    Re = np.geomspace(100.0, 1e5, 400)
    Nu, f = nusselt_friction("straight", Re, np.full(400, 0.8))
    assert np.all(Nu[Re < 2300.0] == 4.089)
    assert f[0] * Re[0] == pytest.approx(15.78)
    assert np.all(np.diff(Nu) >= 0.0)
    assert np.abs(np.diff(np.log(f))).max() < 0.03
    # Gnielinski by hand at Re 1e5, Pr 0.8 with Filonenko's friction factor
    f_D = (0.79 * math.log(1e5) - 1.64) ** -2
    hand = f_D / 8 * (1e5 - 1000) * 0.8 / (1 + 12.7 * math.sqrt(f_D / 8) * (0.8 ** (2 / 3) - 1))
    assert Nu[-1] == pytest.approx(hand, rel=0.01)


def test_words_outside_the_range():
    assert out_of_range("zigzag_52", np.array([5e3, 2e4]), np.array([0.8, 1.0]), "hot") == ()
    (word,) = out_of_range("zigzag_52", np.array([5e3, 3e4]), np.array([0.8, 1.0]), "hot")
    assert "Re" in word
    assert "hot" in word


@given(st.floats(0.2, 0.9), st.floats(0.3, 3.0))
@settings(deadline=None, max_examples=15)
def test_rating_meets_effectiveness_ntu_of_constant_properties(ntu_share, ratio):
    """Counterflow of two constant fluids: eps = (1 - exp(-NTU(1-C)))/(1 - C exp(-NTU(1-C)))."""
    hot, cold = water(1.0, 350.0), water(ratio, 300.0)
    Q = ntu_share * min(1.0, ratio) * 4180.0 * 50.0
    sized = size_pche(PcheDuty(hot, cold, Q), PcheGeometry(**EVEN), mass_flux_hot_kg_m2s=400.0)
    C_min, C = 4180.0 * min(1.0, ratio), min(1.0, ratio) / max(1.0, ratio)
    ntu = sized.UA_W_K / C_min
    eps = (
        ntu / (1 + ntu)
        if C > 1 - 1e-6
        else (1 - math.exp(-ntu * (1 - C))) / (1 - C * math.exp(-ntu * (1 - C)))
    )
    assert eps == pytest.approx(ntu_share, rel=2e-3)
    again = rate_pche(sized, hot, cold)
    assert pytest.approx(Q, rel=1e-8) == again.Q_W


def test_laminar_pressure_drop_by_hand():
    """f Re = 15.78 in a semicircle: dp = 2 * 15.78 mu G L / (rho D_h^2)."""
    sized = size_pche(
        PcheDuty(water(0.1, 350.0), water(0.1, 300.0), 12e3), PcheGeometry(**EVEN), mass_flux_hot_kg_m2s=200.0
    )
    D = PcheGeometry().hydraulic_diameter_m
    assert sized.hot.Re.max() < 2300.0
    hand = 2 * 15.78 * WATER.mu_Pa_s * sized.mass_flux_hot_kg_m2s * sized.length_m / (WATER.rho_kg_m3 * D * D)
    assert sized.dp_hot_Pa == pytest.approx(hand, rel=1e-9)
    wall = PcheGeometry().wall_m / PcheGeometry().wall_conductivity(np.array([330.0]))[0]
    h = 4.089 * WATER.k_W_mK / D
    assert sized.U_mean_W_m2K == pytest.approx(1.0 / (2.0 / h + wall), rel=2e-3)


@pytest.mark.parametrize("channel", ["straight", "zigzag_32", "zigzag_52"])
def test_a_recuperator_is_of_typical_size(channel):
    """Facts on built units: U 500-1500 (zigzag to 3000) W/m2K, 600-2500 m2/m3, 1-3 % pressure drop on the low side."""
    d = htr_duty()
    s = size_pche(d, PcheGeometry(channel=channel), dp_hot_Pa=0.015 * 9.6e6)
    assert s.dp_hot_Pa == pytest.approx(0.015 * 9.6e6, rel=1e-3)
    assert s.dp_hot_Pa <= 0.015 * 9.6e6
    assert 0.001 < s.dp_cold_Pa / 24.8e6 < 0.02
    assert 500.0 < s.U_mean_W_m2K < 3000.0
    assert 600.0 < s.area_density_m2_m3 < 2500.0
    assert 0.4 < s.core_length_m <= s.length_m < 3.0
    assert 3000.0 < s.mass_kg / s.volume_m3 < 8000.0
    assert s.UA_clean_W_K > s.UA_W_K
    assert np.all(np.diff(s.x_m) > 0.0)
    metal = s.volume_m3 - (s.hot_volume_m3 + s.cold_volume_m3) / (1.0 + s.geometry["header_volume_frac"])
    assert metal / s.volume_m3 == pytest.approx(1.0 - 3.1416 / 8.0, rel=1e-3)  # pi/4 d^2 of 2.5 x 3.2 mm


def test_water_cooled_cooler():
    """CO2 through the pseudo-critical line against water, the exchanger of a tower's loop: water's drop is what binds."""
    co2, m_water = co2_side(60.0, state_pT(8.6e6, 365.0)), 282.0
    Q = 60.0 * (co2.h_in_J_kg - state_pT(8.55e6, 308.15).h_J_kg)
    s = size_pche(PcheDuty(co2, water(m_water, 296.15), Q), PcheGeometry(), dp_cold_Pa=5e4)
    assert s.cold.T_K[0] == pytest.approx(296.15 + Q / m_water / WATER.cp_J_kgK)
    ends = Q / lmtd(365.0 - s.cold.T_K[0], s.hot.T_K[-1] - 296.15)
    assert 1.2 * ends < s.UA_W_K  # the log mean of the ends would be far too small
    assert 500.0 < s.U_mean_W_m2K < 3000.0
    assert s.hot.Pr.max() > 3.0  # the peak is met


def test_given_length_and_mass_flux_agree():
    d, g = htr_duty(), PcheGeometry()
    a = size_pche(d, g, mass_flux_hot_kg_m2s=700.0)
    b = size_pche(d, g, length_m=a.length_m)
    assert b.n_channels == pytest.approx(a.n_channels, rel=1e-4)
    c = size_pche(d, g, dp_cold_Pa=a.dp_cold_Pa)
    assert c.n_channels == pytest.approx(a.n_channels, rel=1e-4)


def test_energy_and_rating_at_the_sized_point():
    d = htr_duty()
    s = size_pche(d, PcheGeometry(), mass_flux_hot_kg_m2s=700.0)
    r = rate_pche(s, d.hot, d.cold)
    assert pytest.approx(d.Q_W, rel=1e-9) == r.Q_W
    assert (r.dp_hot_Pa, r.dp_cold_Pa) == pytest.approx((s.dp_hot_Pa, s.dp_cold_Pa), rel=1e-7)
    out = (
        state_pT(9.6e6 - r.dp_hot_Pa, r.T_hot_out_K).h_J_kg,
        state_pT(24.8e6 - r.dp_cold_Pa, r.T_cold_out_K).h_J_kg,
    )
    assert d.hot.m_dot_kg_s * (d.hot.h_in_J_kg - out[0]) == pytest.approx(d.Q_W, rel=1e-8)
    assert d.cold.m_dot_kg_s * (out[1] - d.cold.h_in_J_kg) == pytest.approx(d.Q_W, rel=1e-8)


def test_more_segments_change_little():
    d = PcheDuty(co2_side(100.0, state_pT(9.4e6, 455.0)), co2_side(72.0, state_pT(25e6, 372.0)), 8.5e6)
    size = [size_pche(d, PcheGeometry(), mass_flux_hot_kg_m2s=700.0, n_segments=n) for n in (20, 80)]
    assert size[0].length_m == pytest.approx(size[1].length_m, rel=3e-3)
    assert size[0].dp_hot_Pa == pytest.approx(size[1].dp_hot_Pa, rel=3e-3)


@pytest.mark.parametrize("load", [0.5, 0.7, 1.2])
def test_exponents_of_the_quick_off_design(load):
    """UA ~ m^0.8 within 6 %; dp between m^2/rho, as operation.py takes it, and m^1.75/rho: friction falls with Re^0.2."""
    d = htr_duty()
    s = size_pche(d, PcheGeometry(**EVEN), mass_flux_hot_kg_m2s=700.0)
    p_h, p_c = 9.6e6, 24.8e6 * (0.4 + 0.6 * load)
    hot, cold = co2_side(100.0 * load, state_pT(p_h, 730.0)), co2_side(100.0 * load, state_pT(p_c, 450.0))
    r = rate_pche(s, hot, cold)
    assert pytest.approx(load**0.8, rel=0.06) == r.UA_W_K / s.UA_W_K
    for now, then, a, b in (
        (r.cold, s.cold, r.dp_cold_Pa, s.dp_cold_Pa),
        (r.hot, s.hot, r.dp_hot_Pa, s.dp_hot_Pa),
    ):
        rho = np.mean(then.velocity_m_s) / np.mean(now.velocity_m_s) * load  # G/v
        lo, hi = sorted((load**2 / rho, load**1.75 / rho))
        assert 0.97 * lo < a / b < 1.03 * hi


def test_fouling_and_maldistribution_cost_length():
    d = htr_duty()
    clean = size_pche(d, PcheGeometry(maldistribution_factor=1.0), mass_flux_hot_kg_m2s=700.0)
    uneven = size_pche(d, PcheGeometry(maldistribution_factor=0.9), mass_flux_hot_kg_m2s=700.0)
    foul = size_pche(
        d, PcheGeometry(maldistribution_factor=1.0, fouling_hot_m2K_W=1e-4), mass_flux_hot_kg_m2s=700.0
    )
    assert uneven.length_m / clean.length_m == pytest.approx(1 / 0.9, rel=0.01)
    assert foul.length_m / clean.length_m == pytest.approx(1 + 1e-4 * clean.U_mean_W_m2K, rel=0.01)


def test_no_exchanger_is_said_in_words():
    assert size_pche(htr_duty(Q=60e6), PcheGeometry(), mass_flux_hot_kg_m2s=500.0) is Outcome.NO_EXCHANGE
    assert size_pche(htr_duty(), PcheGeometry(), dp_hot_Pa=1e-3) is Outcome.NO_EXCHANGE
    assert size_pche(htr_duty(), PcheGeometry(), mass_flux_hot_kg_m2s=5000.0) is Outcome.NO_STATE
    cold = co2_side(1.0, state_pT(6e6, 290.0))  # would boil
    assert (
        size_pche(PcheDuty(co2_side(1.0, state_pT(8e6, 400.0)), cold, 1e5), PcheGeometry(), length_m=1.0)
        is Outcome.NO_STATE
    )


def test_bad_input_comes_at_once():
    with pytest.raises(SpecError) as e:
        PcheGeometry(channel="curly", channel_diameter_m=1.0, maldistribution_factor=1.5)
    assert len(e.value.problems) == 3
    with pytest.raises(SpecError, match="pitch_m"):
        PcheGeometry(pitch_m=0.0015)
    with pytest.raises(SpecError, match="Q_W"):
        htr_duty(Q=-1.0)
    with pytest.raises(SpecError, match="give one of"):
        size_pche(htr_duty(), PcheGeometry(), length_m=1.0, dp_hot_Pa=1e5)


def test_conductance_is_the_cycles_at_the_cycles_pressures():
    """With assumed outlet pressures the temperatures, hence UA and pinch, are those of the cycle's own exchanger."""
    from thermo.exchangers.recuperator import SECANT, counterflow

    h, c = state_pT(9.4e6, 455.0), state_pT(25e6, 345.0)
    sides = (
        (100.0, h.h_J_kg, h.p_Pa, 9.2e6, h.rho_kg_m3, h.T_K),
        (70.0, c.h_J_kg, c.p_Pa, 24.9e6, c.rho_kg_m3, c.T_K),
    )
    ok, ua, dT, *_ = counterflow(SECANT, 20, 13.5e6, *sides)
    assert ok
    hot, cold = (
        PcheSide(100.0, 9.4e6, h.h_J_kg, p_out_Pa=9.2e6),
        PcheSide(70.0, 25e6, c.h_J_kg, p_out_Pa=24.9e6),
    )
    s = size_pche(PcheDuty(hot, cold, 13.5e6), PcheGeometry(), mass_flux_hot_kg_m2s=600.0)
    assert pytest.approx(ua, rel=1e-8) == s.UA_W_K
    assert s.dT_min_K == pytest.approx(dT, rel=1e-8)
    assert s.hot.p_Pa[-1] == pytest.approx(9.2e6)
    assert abs(s.dp_hot_Pa - 0.2e6) > 1e3  # the drop is that of the size, not the assumed one


def test_a_drop_that_no_size_has_is_refused():
    """Where the hot side gets too cold by losing pressure the search meets a jump, not an answer."""
    from thermo.exchangers.recuperator import q_max

    h, c = state_pT(9.4e6, 455.0), state_pT(25e6, 345.0)
    hot, cold = ((m, x.h_J_kg, x.p_Pa, x.p_Pa, x.rho_kg_m3, x.T_K) for m, x in ((100.0, h), (70.0, c)))
    top = q_max(20, hot, cold)
    tight = PcheDuty(co2_side(100.0, h), co2_side(70.0, c), 0.999 * top)
    assert size_pche(tight, PcheGeometry(), dp_hot_Pa=1e3).dp_hot_Pa < 1e3
    assert size_pche(tight, PcheGeometry(), dp_hot_Pa=1e6) is Outcome.NO_EXCHANGE
