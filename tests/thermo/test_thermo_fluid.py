"""CO2 properties against CoolProp's HEOS, the truth."""

import CoolProp.CoolProp as CP
import numpy as np
import pytest

from thermo.co2 import fluid, helmholtz
from thermo.co2.flash import BY_H, BY_S, density, flash
from thermo.co2.helmholtz import P_CRIT_PA, RHO_CRIT_KG_M3, T_CRIT_K, properties


@pytest.fixture(scope="module")
def heos():
    return CP.AbstractState("HEOS", "CO2")


def _points():
    rng = np.random.default_rng(7)
    wide = zip(rng.uniform(230.0, 1200.0, 200), 10 ** rng.uniform(5.7, 7.6, 200), strict=True)
    near = zip(rng.uniform(304.3, 330.0, 200), rng.uniform(7.0e6, 9.5e6, 200), strict=True)
    return [*wide, *near]


def test_helmholtz_kernel_equals_heos(heos):
    rng = np.random.default_rng(3)
    for _ in range(500):
        T, rho = rng.uniform(305.0, 1200.0), 10 ** rng.uniform(0.0, 3.0)
        heos.update(CP.DmassT_INPUTS, rho, T)
        p, h, s, cv, p_r, p_T, h_r, h_T = properties(rho, T)
        want = (heos.p(), heos.hmass(), heos.smass(), heos.cvmass())
        assert (p, cv) == pytest.approx((want[0], want[3]), rel=1e-10)
        assert h == pytest.approx(want[1], rel=1e-10, abs=1e-5)
        assert s == pytest.approx(want[2], rel=1e-10, abs=1e-7)
        assert p_r == pytest.approx(heos.first_partial_deriv(CP.iP, CP.iDmass, CP.iT), rel=1e-7)
        assert p_T == pytest.approx(heos.first_partial_deriv(CP.iP, CP.iT, CP.iDmass), rel=1e-9)
        assert h_r == pytest.approx(heos.first_partial_deriv(CP.iHmass, CP.iDmass, CP.iT), rel=1e-7, abs=1e-6)
        assert h_T == pytest.approx(heos.first_partial_deriv(CP.iHmass, CP.iT, CP.iDmass), rel=1e-9)


def test_terms_written_out_are_those_of_the_data():
    h = helmholtz
    rng = np.random.default_rng(5)
    for tau, delta in zip(rng.uniform(0.25, 1.4, 50), rng.uniform(1e-3, 2.8, 50), strict=True):
        y = h.P_N * delta**h.P_D * tau**h.P_T * np.exp(-np.where(h.P_L > 0.0, delta**h.P_L, 0.0))
        assert h._power(tau, delta)[0] == pytest.approx(y.sum(), rel=1e-13)
        bell = np.exp(-h.G_ETA * (delta - h.G_EPS) ** 2 - h.G_BETA * (tau - h.G_GAMMA) ** 2)
        assert h._gaussian(tau, delta)[0] == pytest.approx(
            (h.G_N * delta**h.G_D * tau**h.G_T * bell).sum(), rel=1e-12
        )
        x = (delta - 1.0) ** 2
        theta = 1.0 - tau + h.N_A * x ** (0.5 / h.N_BETA)
        psi = np.exp(-h.N_C * x - h.N_D * (tau - 1.0) ** 2)
        y = h.N_N * (theta**2 + h.N_B * x**h.N_SA) ** h.N_SB * delta * psi
        assert h._non_analytic(tau, delta)[0] == pytest.approx(y.sum(), rel=1e-11, abs=1e-25)


def test_kernel_holds_at_the_critical_density(heos):
    heos.update(CP.DmassT_INPUTS, RHO_CRIT_KG_M3 * (1 + 1e-12), T_CRIT_K + 0.05)
    assert properties(RHO_CRIT_KG_M3, T_CRIT_K + 0.05)[0] == pytest.approx(heos.p(), rel=1e-9)


@pytest.mark.parametrize("pair", ["pT", "ph", "ps"])
def test_flashes_equal_heos(heos, pair):
    for T, p in _points():
        heos.update(CP.PT_INPUTS, p, T)
        rho, h, s = heos.rhomass(), heos.hmass(), heos.smass()
        if pair == "pT":
            T_got, rho_got = T, density(p, T)
        else:
            ok, rho_got, T_got = flash(BY_H if pair == "ph" else BY_S, p, h if pair == "ph" else s, 0.0, 0.0)
            assert ok
        assert T_got == pytest.approx(T, abs=1e-5)
        assert properties(rho_got, T_got)[0] == pytest.approx(p, rel=1e-7)
        assert rho_got == pytest.approx(rho, rel=1e-6)


def test_a_start_changes_nothing_but_the_time():
    a = flash(BY_H, 8.0e6, 3.5e5, 0.0, 0.0)
    b = flash(BY_H, 8.0e6, 3.5e5, 300.0, 320.0)
    assert a[1:] == pytest.approx(b[1:], rel=1e-9)


def test_dome_gives_quality_and_pT_on_saturation_is_refused(heos):
    heos.update(CP.PQ_INPUTS, 6e6, 0.4)
    for state in (fluid.state_ph(6e6, heos.hmass()), fluid.state_ps(6e6, heos.smass())):
        assert state.quality == pytest.approx(0.4, abs=1e-8)
        assert state.rho_kg_m3 == pytest.approx(heos.rhomass(), rel=1e-8)
    with pytest.raises(ValueError, match="saturation"):
        fluid.state_pT(6e6, heos.T())
    assert fluid.state_pT(6e6, heos.T() + 1.0).quality is None


@pytest.mark.parametrize(("p", "T"), [(8e6, 219.0), (8e6, 1201.0), (60e6, 400.0), (40e6, 223.0)])
def test_range_is_guarded(p, T):
    with pytest.raises(ValueError, match="allowed"):
        fluid.state_pT(p, T)


def test_melting_line_equals_coolprop(heos):
    T = fluid.T_melt_K(40e6)
    assert heos.melting_line(CP.iP, CP.iT, T) == pytest.approx(40e6, rel=1e-6)


def test_derived_properties(heos):
    heos.update(CP.PT_INPUTS, 8.5e6, 312.0)
    state = fluid.state_pT(8.5e6, 312.0)
    assert fluid.cp_J_kgK(state) == pytest.approx(heos.cpmass(), rel=1e-8)
    assert fluid.sound_speed_m_s(state) == pytest.approx(heos.speed_sound(), rel=1e-8)
    assert pytest.approx(heos.p_critical(), rel=1e-6) == P_CRIT_PA
