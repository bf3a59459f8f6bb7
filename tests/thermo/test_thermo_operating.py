"""Off-design: the design is reproduced, conservation, limits, winter control, the map."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thermo
from thermo.part_load.maps import compressor_efficiency, compressor_head, turbine_efficiency

SPEC = thermo.CycleSpec(
    W_net_W=5e6, power_basis="dc_terminals", T_compressor_in_K=311.15, UA_total_W_K=1.5e6, T_ambient_design_K=300.0,
    fired_heater=thermo.FiredHeaterSpec(), W_net_max_frac=1.1,
)  # fmt: skip


@pytest.fixture(scope="module")
def block():
    return thermo.design(SPEC).require_ok()


def check_energy(r):
    assert r.Q_heater_W - r.Q_cooler_W == pytest.approx(r.W_shaft_W, rel=1e-9)
    first, *rest = thermo.energy_account(r).values()
    assert sum(rest) == pytest.approx(first, rel=1e-9)


def check_entropy(r):
    """Every adiabatic component makes entropy: machines, recuperators, mixers (and the recycle valves in front of them)."""
    for c in r.components:
        if c.kind in ("compressor", "turbine", "recuperator", "mixer"):
            made = sum(
                s.m_dot_kg_s * (r.states[s.outlet].s_J_kgK - r.states[s.inlet].s_J_kgK) for s in c.streams
            )
            assert made >= -1e-9 * r.m_dot_kg_s * 1e3, c.name


def test_maps_peak_at_their_design_points():
    assert compressor_efficiency(0.02971, 1.0) == pytest.approx(1.0, abs=2e-3)
    phi = np.linspace(0.0225, 0.05, 200)
    assert phi[np.argmax([compressor_efficiency(x, 1.0) for x in phi])] == pytest.approx(0.02971, abs=2e-3)
    assert np.all(np.diff([compressor_head(x, 1.0) for x in phi]) < 0)
    nu = np.linspace(0.3, 1.1, 400)
    assert nu[np.argmax([turbine_efficiency(x) for x in nu])] == pytest.approx(0.7476, abs=3e-3)
    assert turbine_efficiency(0.7476) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("name", ["recompression", "simple_recuperated"])
def test_design_conditions_reproduce_the_design(name):
    spec = thermo.CycleSpec(layout=name, UA_total_W_K=1.2e6, T_ambient_design_K=298.15, p_low_Pa=8.4e6,
                            recompression_fraction=0.25 if name == "recompression" else None)  # fmt: skip
    r = thermo.design(spec)
    o = thermo.off_design(r, T_ambient_K=298.15, load=1.0)
    assert o.outcome is thermo.Outcome.OK
    for field in ("W_net_W", "Q_heater_W", "m_dot_kg_s", "W_fan_W", "eta_net", "UA_cooler_W_K", "Q_ltr_W"):
        assert getattr(o, field) == pytest.approx(getattr(r, field), rel=1e-6), field
    for k, s in r.states.items():
        assert pytest.approx(s.T_K, abs=1e-5) == o.states[k].T_K, k


def test_operation_beside_the_design_is_its_optimum(block):
    """At the design the design's own set point is kept; beside it fans and low pressure are chosen, which gains a little."""
    near = thermo.off_design(block, T_ambient_K=300.05, load=0.999)
    assert -2e-4 < near.eta_net / block.eta_net - 1.0 < 6e-3


@given(st.floats(243.15, 323.15), st.floats(0.25, 1.1))
@settings(deadline=None, max_examples=25)
def test_every_point_answers_and_closes(block, T, load):
    r = thermo.off_design(block, T_ambient_K=T, load=load)
    assert r.outcome.ok, (T, load, r.explain)
    check_energy(r)
    assert r.p_high_Pa <= 25e6 * (1 + 1e-9)
    assert r.T_compressor_in_K >= SPEC.min_compressor_in_K - 1e-9
    assert r.cooler.fan_speed_frac <= 1.0 + 1e-6
    check_entropy(r)
    if r.outcome is thermo.Outcome.OK:
        assert r.W_net_W == pytest.approx(load * 5e6, rel=1e-8)
    else:
        assert len(r.explain) > 20


def test_hot_days_take_power_away(block):
    top = [thermo.off_design(block, T_ambient_K=T, load=1.1) for T in (300.0, 306.0, 312.0, 318.0)]
    W = [r.W_net_W for r in top]
    assert np.all(np.diff(W) < 0)
    assert all(r.outcome is thermo.Outcome.LIMITED for r in top)
    assert "greatest net power" in top[-1].explain
    assert W[0] < 1.02 * 5e6
    assert np.all(np.diff([r.eta_thermal for r in top]) < 0)


def test_winter_control_holds_the_inlet_with_slower_fans(block):
    full = thermo.ControlSpec(fan="fixed")
    mild, cold = (thermo.off_design(block, T_ambient_K=T, load=1.0, control=full) for T in (285.0, 255.0))
    for r in (mild, cold):
        assert r.T_compressor_in_K == pytest.approx(305.15, abs=1e-6)
        assert any("slower fans" in w for w in r.active_bounds)
        chosen = thermo.off_design(block, T_ambient_K=r.T_ambient_K, load=1.0)
        assert 305.15 - 1e-6 < chosen.T_compressor_in_K < 307.0  # a little warmer saves fans
        assert chosen.eta_net > r.eta_net * (1.0 - 1e-4)
    assert cold.W_fan_W < mild.W_fan_W < block.W_fan_W
    assert cold.eta_net > block.eta_net


def test_rated_power_caps_the_load():
    r = thermo.design(
        thermo.CycleSpec(layout="simple_recuperated", UA_total_W_K=1e6, T_ambient_design_K=298.15)
    )
    o = thermo.off_design(r, T_ambient_K=280.0, load=1.1)
    assert o.outcome is thermo.Outcome.LIMITED
    assert o.W_net_W == pytest.approx(r.W_net_W, rel=1e-6)
    assert "rated" in o.explain


def test_wrong_questions_are_refused(block):
    with pytest.raises(ValueError, match="T_ambient_K"):
        thermo.off_design(block, T_ambient_K=25.0, load=1.0)
    with pytest.raises(ValueError, match="load"):
        thermo.performance_map(block, T_ambient_K=[300.0], load=[0.0])


def test_map_equals_its_points_and_is_complete(block):
    """A point does not depend on what else is asked, to the last bit."""
    T, load = np.array([270.0, 300.0, 315.0]), np.array([0.5, 0.75, 1.0])
    m = thermo.performance_map(block, T_ambient_K=T, load=load, threads=2)
    for name in ("W_net_W", "eta_net", "Q_heater_W", "Q_fuel_W", "W_fan_W", "p_low_Pa", "p_high_Pa",
                 "T_compressor_in_K", "m_dot_kg_s", "Q_cooler_W"):  # fmt: skip
        assert getattr(m, name).shape == (3, 3)
        assert np.isfinite(getattr(m, name)).all()
    assert set(m.outcome.ravel()) <= {"OK", "LIMITED"}
    for i, j in ((1, 2), (0, 0), (2, 2), (2, 0)):
        one = thermo.off_design(block, T_ambient_K=T[i], load=load[j])
        for name in ("W_net_W", "eta_net", "p_low_Pa", "p_high_Pa", "W_fan_W"):
            assert getattr(m, name)[i, j] == getattr(one, name), (name, i, j)
    assert np.all(np.diff(m.eta_net[:, 1]) < 0)  # heat costs efficiency


def test_efficiency_holds_at_three_quarters_and_falls_below_half_load(block):
    """Slower fans and lower pressure pay for the smaller machines' losses at first; then recycling and fixed losses win."""
    eta = {
        x: thermo.off_design(block, T_ambient_K=285.0, load=x).eta_net for x in (1.0, 0.75, 0.5, 0.35, 0.25)
    }
    assert eta[0.75] == pytest.approx(eta[1.0], rel=0.01)
    assert eta[0.75] > eta[0.5] > eta[0.35] > eta[0.25]
    assert eta[0.25] < 0.9 * eta[1.0]


def test_hardware_without_an_operating_point_stands_still():
    """A block of low design pressure on a far hotter day: no number is made up."""
    spec = thermo.CycleSpec(
        T_turbine_in_K=977.0,
        T_compressor_in_K=306.6,
        p_high_Pa=14e6,
        UA_total_W_K=2e6,
        T_ambient_design_K=296.6,
    )
    m = thermo.performance_map(thermo.design(spec), T_ambient_K=[333.0], load=[0.5, 1.0])
    assert np.isfinite(m.W_net_W).all()
    for name, W, why in zip(m.outcome[0], m.W_net_W[0], m.explain[0], strict=True):
        assert name in ("OK", "LIMITED", "NO_OPERATION")
        assert (W == 0.0) == (name == "NO_OPERATION")
        assert why
    assert (m.Q_fuel_W == 0.0).all()  # no fired heater


def test_map_accounts_close_and_keep_the_rated_point(block):
    m = thermo.performance_map(block, T_ambient_K=[280.0, 305.0], load=[0.6, 1.0])
    assert m.rated is block
    names = [n for n in m.account_W if n not in ("fuel (LHV)", "heat to the CO2")]
    total = sum(m.account_W[n] for n in names)
    np.testing.assert_allclose(total, m.account_W["fuel (LHV)"], rtol=1e-9)
    np.testing.assert_allclose(m.account_W["heat to the CO2"], m.Q_heater_W, rtol=1e-12)
