"""Part load of every layout: an answer everywhere, conservation in every component, limits that hold together."""

import time
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thermo
from thermo.part_load.operating_point import ready
from thermo.spec import LAYOUTS

COMMON = {"W_net_W": 5e6, "power_basis": "dc_terminals", "T_compressor_in_K": 311.15, "UA_total_W_K": 1.5e6,
          "T_ambient_design_K": 300.0, "W_net_max_frac": 1.1}  # fmt: skip


@cache
def block(name):
    return thermo.design(thermo.CycleSpec(layout=name, **COMMON)).require_ok()


def check_components(r):
    """Mass and energy in every component, entropy made in every adiabatic one."""
    scale = r.m_dot_kg_s * 1e6
    for c in r.components:
        h = [s.m_dot_kg_s * (r.states[s.outlet].h_J_kg - r.states[s.inlet].h_J_kg) for s in c.streams]
        gain = {"compressor": c.W_W, "turbine": -c.W_W, "heater": c.Q_W, "cooler": -c.Q_W}.get(c.kind, 0.0)
        assert sum(h) == pytest.approx(gain, abs=1e-9 * scale), c.name
        if c.kind == "recuperator":
            assert h[1] == pytest.approx(c.Q_W, abs=1e-9 * scale)
        if c.kind in ("compressor", "turbine", "recuperator", "mixer"):
            made = sum(
                s.m_dot_kg_s * (r.states[s.outlet].s_J_kgK - r.states[s.inlet].s_J_kgK) for s in c.streams
            )
            assert made > -1e-9 * scale / 300.0, c.name
    assert r.Q_heater_W - r.Q_cooler_W == pytest.approx(r.W_shaft_W, rel=1e-9)
    first, *rest = thermo.energy_account(r).values()
    assert sum(rest) == pytest.approx(first, rel=1e-9)


def check_limits(r, name):
    control = thermo.ControlSpec()
    assert r.p_high_Pa <= 25e6 * (1 + 1e-9)
    assert r.T_compressor_in_K >= 305.15 - 1e-6
    assert all(c.fan_speed_frac <= 1.0 + 1e-9 for c in r.coolers)
    assert control.speed_min_frac * (1 - 1e-5) <= r.speed_frac <= control.speed_max_frac * (1 + 1e-5)
    assert min(r.flow_over_surge.values()) >= 1.1 * (1 - 1e-5), name


@given(st.sampled_from(LAYOUTS), st.floats(243.15, 323.15), st.floats(0.2, 1.1))
@settings(deadline=None, max_examples=40)
def test_every_layout_answers_and_closes(name, T, load):
    rated = block(name)  # neither its design nor compiling is timed
    ready(rated)
    start = time.thread_time()
    r = thermo.off_design(rated, T_ambient_K=T, load=load)
    assert time.thread_time() - start < 3.0
    assert r.outcome.ok, (name, T, load, r.explain)
    check_components(r)
    check_limits(r, name)
    if r.outcome is thermo.Outcome.OK:
        assert r.W_net_W == pytest.approx(load * 5e6, rel=1e-8)
    else:
        assert len(r.explain) > 20


@pytest.mark.parametrize("T", [250.0, 300.0, 320.0])
def test_the_burners_turndown_is_the_lowest_load(T):
    spec = thermo.CycleSpec(**COMMON, fired_heater=thermo.FiredHeaterSpec(min_firing_frac=0.4))
    fired = thermo.design(spec).require_ok()
    low = thermo.off_design(fired, T_ambient_K=T, load=0.05)
    assert low.outcome is thermo.Outcome.LIMITED
    assert "turndown" in low.explain
    assert low.heater.Q_fuel_LHV_W == pytest.approx(0.4 * fired.heater.Q_fuel_LHV_W, rel=1e-5)
    assert thermo.off_design(fired, T_ambient_K=T, load=low.load * 0.995).outcome is thermo.Outcome.LIMITED
    above = thermo.off_design(fired, T_ambient_K=T, load=low.load * 1.005)
    assert above.outcome is thermo.Outcome.OK
    assert above.heater.Q_fuel_LHV_W == pytest.approx(low.heater.Q_fuel_LHV_W, rel=0.01)


def test_a_little_more_load_takes_a_little_more_heat():
    """Between neighbouring loads heat rises by about the marginal heat: no jump to another family of answers."""
    for name, T in (("recompression", 290.0), ("partial_cooling", 300.0), ("cascade", 310.0)):
        loads = np.linspace(0.3, 0.7, 9)
        Q = [thermo.off_design(block(name), T_ambient_K=T, load=x).Q_heater_W for x in loads]
        step = np.diff(Q) / (Q[-1] - Q[0]) * (loads.size - 1)
        assert np.all(step > 0.5), (name, step)
        assert np.all(step < 1.7), (name, step)


@pytest.mark.slow
@pytest.mark.parametrize("name", LAYOUTS)
def test_map_of_30_by_20_has_an_answer_everywhere(name):
    T, load = np.linspace(243.15, 323.15, 30), np.linspace(0.2, 1.1, 20)
    m = thermo.performance_map(block(name), T_ambient_K=T, load=load, threads=2)
    assert set(m.outcome.ravel()) <= {"OK", "LIMITED"}
    for i in range(T.size):
        ok = m.outcome[i] == "OK"
        assert np.all(np.diff(np.flatnonzero(ok)) == 1)  # reachable loads hang together
        reached = m.W_net_W[i][ok] / 5e6
        np.testing.assert_allclose(reached, load[ok], rtol=1e-8)
    assert np.all(np.diff(m.W_net_W[:, -1]) < 5e6 * 1e-4)  # warmer never gives more
