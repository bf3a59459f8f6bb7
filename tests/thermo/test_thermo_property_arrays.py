"""Properties of arrays against CoolProp's HEOS, by the limits that the project has set itself."""

import dataclasses

import CoolProp.CoolProp as CP
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thermo
from thermo.co2.flash import BY_H, BY_S, density
from thermo.co2.fluid import T_melt_K
from thermo.co2.helmholtz import P_CRIT_PA, T_CRIT_K, properties
from thermo.co2.property_flash import BY_T, exact
from thermo.co2.property_table import property_table

HEOS = CP.AbstractState("HEOS", "CO2")


def reference(p, T):
    """T, p, h, s, rho, cp, w by HEOS: density from (p,T), the rest from (rho,T), in which HEOS agrees with itself."""
    rows = np.empty((p.size, 7))
    for k, (p_k, T_k) in enumerate(zip(p, T, strict=True)):
        HEOS.update(CP.PT_INPUTS, p_k, T_k)
        HEOS.update(CP.DmassT_INPUTS, HEOS.rhomass(), T_k)
        rows[k] = (
            T_k,
            HEOS.p(),
            HEOS.hmass(),
            HEOS.smass(),
            HEOS.rhomass(),
            HEOS.cpmass(),
            HEOS.speed_sound(),
        )
    return rows.T


def whole_range(n, seed):
    rng = np.random.default_rng(seed)
    p = rng.uniform(0.5e6, 40e6, n)
    low = np.maximum(220.0, T_melt_K(p) + 1.0)
    return p, low + rng.uniform(0.0, 1.0, n) ** 2 * (1200.0 - low)


def fine_range(n, seed):
    rng = np.random.default_rng(seed)
    return rng.uniform(7e6, 9.5e6, n), rng.uniform(300.0, 330.0, n)


def check(p, T):
    """The limits of docs/models/thermo_properties.md for all four pairs."""
    T, p, h, s, rho, cp, w = reference(p, T)
    core = (abs(T - T_CRIT_K) < 0.1) & (abs(p / P_CRIT_PA - 1.0) < 2e-3)
    for pair in (
        {"p_Pa": p, "T_K": T},
        {"p_Pa": p, "h_J_kg": h},
        {"p_Pa": p, "s_J_kgK": s},
        {"rho_kg_m3": rho, "T_K": T},
    ):
        r = thermo.properties(**pair)
        assert r.quality is None
        assert abs(r.rho_kg_m3 / rho - 1.0)[~core].max(initial=0.0) < 1e-9
        assert abs(r.T_K - T).max() < 1e-8
        assert abs(r.p_Pa / p - 1.0).max() < 1e-9
        assert abs(r.s_J_kgK - s)[~core].max(initial=0.0) < 1e-6
        assert abs(r.h_J_kg - h)[~core].max(initial=0.0) < 1e-3
        assert abs(r.cp_J_kgK / cp - 1.0)[~core].max(initial=0.0) < 1e-4
        assert abs(r.sound_speed_m_s / w - 1.0)[~core].max(initial=0.0) < 1e-5
        for rho_got, T_got, p_asked in zip(r.rho_kg_m3[core], r.T_K[core], p[core], strict=True):
            HEOS.update(CP.DmassT_INPUTS, rho_got, T_got)
            assert HEOS.p() == pytest.approx(p_asked, rel=1e-6)


def test_all_pairs_equal_heos_over_the_whole_range():
    check(*whole_range(1500, 1))


def test_all_pairs_equal_heos_near_the_critical_point():
    check(*fine_range(1500, 2))
    rng = np.random.default_rng(3)
    check(P_CRIT_PA * (1.0 + rng.uniform(-2e-3, 2e-3, 300)), T_CRIT_K + rng.uniform(-0.1, 0.1, 300))


@pytest.mark.slow
def test_all_pairs_equal_heos_at_many_points():
    check(*whole_range(150_000, 4))
    check(*fine_range(150_000, 5))


def test_exact_is_the_flash_with_and_without_a_table():
    for p, T in zip(*whole_range(60, 8), strict=True):
        rho = density(p, T)
        q = properties(rho, T)
        for table in (property_table(), np.empty(0)):
            for by, y in ((BY_H, q[1]), (BY_S, q[2]), (BY_T, T)):
                assert exact(table, by, p, y) == pytest.approx((True, rho, T), rel=1e-10)
    assert not exact(property_table(), BY_H, 6e6, 3.3e5)[0]


def test_beside_the_table_too():
    rng = np.random.default_rng(6)
    check(10.0 ** rng.uniform(3.0, 5.6, 100), rng.uniform(222.0, 1200.0, 100))
    check(rng.uniform(42.1e6, 50e6, 100), rng.uniform(230.0, 1200.0, 100))


def test_the_dome_has_quality_and_no_heat_capacity():
    rng = np.random.default_rng(7)
    p, x = rng.uniform(0.62e6, 7.36e6, 400), rng.uniform(0.0, 1.0, 400)
    rows = np.empty((400, 4))
    for k in range(400):
        HEOS.update(CP.PQ_INPUTS, p[k], x[k])
        rows[k] = HEOS.T(), HEOS.hmass(), HEOS.smass(), HEOS.rhomass()
    T, h, s, rho = rows.T
    for pair in ({"p_Pa": p, "h_J_kg": h}, {"p_Pa": p, "s_J_kgK": s}, {"rho_kg_m3": rho, "T_K": T}):
        r = thermo.properties(**pair)
        assert set(r.region) == {thermo.Region.TWO_PHASE}
        assert abs(r.quality - x).max() < 1e-8
        assert abs(r.T_K - T).max() < 1e-6
        assert abs(r.rho_kg_m3 / rho - 1.0).max() < 1e-7
        assert abs(r.s_J_kgK - s).max() < 1e-5
        assert np.ma.getmaskarray(r.cp_J_kgK).all()
        assert np.ma.getmaskarray(r.sound_speed_m_s).all()


def test_mixed_arrays_mask_only_what_has_no_value():
    r = thermo.properties(p_Pa=[6e6, 6e6, 6e6], h_J_kg=[2.4e5, 3.3e5, 4.5e5])
    assert [thermo.Region(k).name for k in r.region] == ["LIQUID", "TWO_PHASE", "GAS"]
    assert list(np.ma.getmaskarray(r.cp_J_kgK)) == [False, True, False]
    assert list(np.ma.getmaskarray(r.quality)) == [True, False, True]


def test_a_hair_outside_the_dome_is_one_phase():
    for p in (1e6, 4e6, 7e6, 7.3e6):
        HEOS.update(CP.PQ_INPUTS, p, 0.0)
        h_l, rho_l = HEOS.hmass(), HEOS.rhomass()
        HEOS.update(CP.PQ_INPUTS, p, 1.0)
        h_v, rho_v = HEOS.hmass(), HEOS.rhomass()
        r = thermo.properties(p_Pa=p, h_J_kg=[h_l - 2.0, h_l + 2.0, h_v - 2.0, h_v + 2.0])
        assert [thermo.Region(k).name for k in r.region] == ["LIQUID", "TWO_PHASE", "TWO_PHASE", "GAS"]
        assert r.rho_kg_m3 == pytest.approx([rho_l, rho_l, rho_v, rho_v], rel=5e-4)


def test_shapes_are_broadcast_and_scalars_stay_scalars():
    p, T = np.linspace(8e6, 25e6, 3)[:, None], np.linspace(310.0, 1150.0, 5)
    r = thermo.properties(p_Pa=p, T_K=T)
    for field in dataclasses.fields(r):
        value = getattr(r, field.name)
        assert value is None or value.shape == (3, 5)
    assert list(r.extrapolated[0]) == [False, False, False, False, True]
    assert float(thermo.properties(p_Pa=7.7e6, T_K=305.15).rho_kg_m3) == pytest.approx(601.7, abs=0.05)
    assert thermo.properties(p_Pa=[], T_K=[]).T_K.size == 0


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ({"p_Pa": [9e6, 6e7], "T_K": [310.0, 1300.0]}, ["p_Pa: 1 of 2", "T_K: 1 of 2"]),
        ({"p_Pa": 9e6, "T_K": 219.0}, ["temperature 219", "allowed 220"]),
        ({"p_Pa": 40e6, "T_K": 225.0}, ["temperature 225"]),
        ({"p_Pa": [9e6, 9e6], "h_J_kg": [5e5, 3e6]}, ["1 of 2 points have no state"]),
        ({"p_Pa": 9e6, "h_J_kg": 1.535e6}, ["temperature 12", "1200 K"]),
        ({"p_Pa": 9e6, "T_K": np.nan}, ["T_K", "allowed"]),
        ({"p_Pa": 9e6, "s_J_kgK": np.inf}, ["s_J_kgK", "finite"]),
        ({"p_Pa": "cold", "T_K": 300.0}, ["p_Pa: 'cold'"]),
        ({"p_Pa": [1e7, 2e7], "T_K": [300.0, 310.0, 320.0]}, ["shapes"]),
        ({"h_J_kg": 4e5, "s_J_kgK": 2e3}, ["not a pair"]),
        ({"p_Pa": 9e6}, ["not a pair"]),
        ({"p_Pa": 9e6, "T_K": 310.0, "h_J_kg": 3e5}, ["not a pair"]),
        ({"rho_kg_m3": 1300.0, "T_K": 400.0}, ["pressure"]),
    ],
)
def test_bad_input_is_one_message_with_every_problem(pair, said):
    with pytest.raises(thermo.SpecError) as found:
        thermo.properties(**pair)
    for words in said:
        assert words in str(found.value)


def test_pT_on_saturation_is_refused_with_its_place():
    HEOS.update(CP.PQ_INPUTS, 6e6, 0.0)
    T = HEOS.T()
    with pytest.raises(thermo.SpecError, match=r"1 of 3 points lie on saturation.*number 1"):
        thermo.properties(p_Pa=6e6, T_K=[T - 1e-3, T, T + 1e-3])
    r = thermo.properties(p_Pa=6e6, T_K=[T - 1e-3, T + 1e-3])
    assert [thermo.Region(k).name for k in r.region] == ["LIQUID", "GAS"]


@settings(max_examples=60, deadline=None)
@given(st.floats(0.5e6, 45e6), st.floats(230.0, 1200.0))
def test_every_pair_leads_back_to_the_same_state(p, T):
    try:
        a = thermo.properties(p_Pa=p, T_K=T)
    except thermo.SpecError as refused:
        assert "saturation" in str(refused) or "temperature" in str(refused)  # noqa: PT017
        return
    for other in ({"h_J_kg": a.h_J_kg}, {"s_J_kgK": a.s_J_kgK}):
        b = thermo.properties(p_Pa=p, **other)
        assert float(b.T_K) == pytest.approx(T, abs=1e-5)
        assert float(b.rho_kg_m3) == pytest.approx(float(a.rho_kg_m3), rel=1e-5)
    c = thermo.properties(rho_kg_m3=a.rho_kg_m3, T_K=T)
    assert float(c.p_Pa) == pytest.approx(p, rel=1e-9)
