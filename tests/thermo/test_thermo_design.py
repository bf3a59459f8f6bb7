"""Design: conservation, the second law, optima, the electrical chain, machine sizes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thermo
from thermo.co2.flash import BY_H, flash
from thermo.co2.helmholtz import properties
from thermo.cycle.shared_speed import ROLES

SPEC = thermo.CycleSpec(
    W_net_W=5e6, power_basis="dc_terminals", T_compressor_in_K=311.15, UA_total_W_K=1.5e6, T_ambient_design_K=300.0,
    fired_heater=thermo.FiredHeaterSpec(),
)  # fmt: skip


@pytest.fixture(scope="module")
def block():
    return thermo.design(SPEC).require_ok()


def entropy_rise(a, b, m, n=20):
    """Entropy [W/K] gained by a stream in each of n segments, from state a to b."""
    out, rho, T = [], a.rho_kg_m3, a.T_K
    for i in range(n + 1):
        x = i / n
        p, h = a.p_Pa + x * (b.p_Pa - a.p_Pa), a.h_J_kg + x * (b.h_J_kg - a.h_J_kg)
        ok, rho, T = flash(BY_H, p, h, rho, T)
        assert ok
        out.append(properties(rho, T)[2])
    return m * np.diff(out)


def check_second_law(r):
    s, m, f = r.states, r.m_dot_kg_s, r.recompression_fraction
    simple = r.layout_used == "simple_recuperated"
    for a, b in (("main_compressor_inlet", "main_compressor_outlet"), ("turbine_inlet", "turbine_outlet")):
        assert s[b].s_J_kgK >= s[a].s_J_kgK
    hot_out = s["turbine_outlet"] if simple else s["htr_lp_outlet"]
    pairs = [(hot_out, s["ltr_lp_outlet"], s["main_compressor_outlet"], s["ltr_hp_outlet"], 1 - f)]
    if not simple:
        pairs.append((s["turbine_outlet"], s["htr_lp_outlet"], s["mixer_outlet"], s["htr_hp_outlet"], 1.0))
        assert s["recompressor_outlet"].s_J_kgK >= s["ltr_lp_outlet"].s_J_kgK
        mixed = (1 - f) * s["ltr_hp_outlet"].s_J_kgK + f * s["recompressor_outlet"].s_J_kgK
        assert s["mixer_outlet"].s_J_kgK >= mixed - 1e-9
    for hot, hot_end, cold, cold_end, share in pairs:
        taken = entropy_rise(cold, cold_end, m * share)[::-1]  # about Q/T of each segment
        assert np.all(entropy_rise(hot, hot_end, m) + taken > -1e-8 * taken)


def check_energy(r):
    assert r.W_turbine_W - r.W_compressor_W - r.W_recompressor_W == pytest.approx(r.W_shaft_W, rel=1e-12)
    assert r.Q_heater_W - r.Q_cooler_W == pytest.approx(r.W_shaft_W, rel=1e-9)
    first, *rest = thermo.energy_account(r).values()
    assert sum(rest) == pytest.approx(first, rel=1e-9)
    assert all(v >= 0 for v in r.losses_W.values())


def test_a_5_MW_gas_block_is_sensible(block):
    check_energy(block)
    check_second_law(block)
    assert block.W_net_W == pytest.approx(5e6, rel=1e-9)
    assert 0.41 < block.eta_thermal < 0.46
    assert 0.37 < block.eta_net < 0.42
    assert 0.34 < block.eta_fuel < 0.39
    assert 0.2 < block.recompression_fraction < 0.4
    assert block.UA_ltr_W_K + block.UA_htr_W_K == pytest.approx(1.5e6, rel=1e-8)
    assert block.active_bounds == ()


def test_design_is_deterministic(block):
    again = thermo.design(SPEC)
    assert (again.eta_fuel, again.p_low_Pa, again.m_dot_kg_s) == (
        block.eta_fuel,
        block.p_low_Pa,
        block.m_dot_kg_s,
    )


def test_optimum_cannot_be_improved_by_hand(block):
    factors = {ROLES[n]: getattr(block, ROLES[n]) for n in ("turbine", "main compressor", "recompressor")}
    given_best = replace(
        SPEC, **factors, p_low_Pa=block.p_low_Pa, recompression_fraction=block.recompression_fraction, UA_total_W_K=None,
        UA_ltr_W_K=block.UA_ltr_W_K, UA_htr_W_K=block.UA_htr_W_K,
    )  # fmt: skip
    best = thermo.design(given_best).eta_thermal
    assert best == pytest.approx(block.eta_thermal, abs=1e-9)
    u = block.UA_ltr_W_K
    for change in (
        {"p_low_Pa": block.p_low_Pa * 1.01}, {"p_low_Pa": block.p_low_Pa * 0.99},
        {"recompression_fraction": block.recompression_fraction + 0.01},
        {"recompression_fraction": block.recompression_fraction - 0.01},
        {"UA_ltr_W_K": u * 1.05, "UA_htr_W_K": 1.5e6 - u * 1.05},
        {"UA_ltr_W_K": u * 0.95, "UA_htr_W_K": 1.5e6 - u * 0.95},
    ):  # fmt: skip
        assert thermo.design(replace(given_best, **change)).eta_thermal < best + 1e-7


def test_optimum_is_as_good_as_the_best_of_a_dense_grid():
    spec = thermo.CycleSpec(
        layout="simple_recuperated", UA_total_W_K=1e6, eta_turbine=0.9, eta_compressor=0.85
    )
    best = max(
        thermo.design(replace(spec, p_low_Pa=p)).eta_thermal or 0.0 for p in np.linspace(7.5e6, 9.5e6, 81)
    )
    assert thermo.design(spec).eta_thermal >= best - 1e-8


def test_secant_model_has_converged_at_20_segments(block):
    fixed = replace(
        SPEC, power_basis="shaft", W_net_W=block.W_shaft_W, p_low_Pa=block.p_low_Pa, eta_turbine=0.87,
        eta_compressor=0.81, eta_recompressor=0.81, recompression_fraction=block.recompression_fraction,
        UA_total_W_K=None, UA_ltr_W_K=block.UA_ltr_W_K, UA_htr_W_K=block.UA_htr_W_K,
    )  # fmt: skip
    eta = {n: thermo.design(replace(fixed, n_segments=n)).eta_thermal for n in (20, 160)}
    assert abs(eta[20] - eta[160]) < 2e-5


def test_states_agree_with_heos(block):
    import CoolProp.CoolProp as CP

    heos = CP.AbstractState("HEOS", "CO2")
    for s in block.states.values():
        heos.update(CP.PT_INPUTS, s.p_Pa, s.T_K)
        assert heos.hmass() == pytest.approx(s.h_J_kg, rel=1e-8)
        assert heos.smass() == pytest.approx(s.s_J_kgK, rel=1e-8)
        assert heos.rhomass() == pytest.approx(s.rho_kg_m3, rel=1e-7)


def test_no_recompression_is_the_simple_cycle():
    base = {"T_compressor_in_K": 314.15, "T_turbine_in_K": 823.15, "W_net_W": 10e6, "p_low_Pa": 9e6}
    zero = thermo.design(thermo.CycleSpec(**base, UA_total_W_K=1e6, recompression_fraction=0.0))
    simple = thermo.design(
        thermo.CycleSpec(**base, layout="simple_recuperated", UA_ltr_W_K=6e5, UA_htr_W_K=4e5)
    )
    assert zero.layout_used == "simple_recuperated"
    assert zero.eta_thermal == pytest.approx(simple.eta_thermal, rel=1e-12)
    free = thermo.design(thermo.CycleSpec(**base, UA_total_W_K=1e6, eta_turbine=0.9, eta_compressor=0.85))
    assert any("recompression_fraction at 0" in w for w in free.active_bounds) == (
        free.recompression_fraction == 0.0
    )


def test_least_difference_is_met_inside():
    r = thermo.design(thermo.CycleSpec(dT_min_K=8.0, p_low_Pa=8.4e6, recompression_fraction=0.3))
    assert r.dT_min_ltr_K == pytest.approx(8.0, abs=1e-6)
    assert r.dT_min_htr_K == pytest.approx(8.0, abs=1e-6)


wide = st.fixed_dictionaries(
    {
        "layout": st.sampled_from(["recompression", "simple_recuperated"]),
        "W_net_W": st.floats(2e5, 1e8),
        "power_basis": st.sampled_from(["shaft", "dc_terminals"]),
        "T_turbine_in_K": st.floats(500.0, 1200.0),
        "T_compressor_in_K": st.floats(304.5, 340.0),
        "p_high_Pa": st.floats(12e6, 40e6),
        "p_low_Pa": st.floats(6e6, 9.5e6),
        "recompression_fraction": st.floats(0.0, 0.6),
    }
)


@given(wide, st.floats(0.02, 2.0), st.floats(0.1, 0.9), st.booleans())
@settings(deadline=None, max_examples=120)
def test_every_valid_spec_is_answered(given_values, ua_per_W, share, fired):
    ua = ua_per_W * given_values["W_net_W"]
    spec = thermo.CycleSpec(
        **given_values, UA_ltr_W_K=ua * share, UA_htr_W_K=ua * (1 - share),
        fired_heater=thermo.FiredHeaterSpec() if fired else None,
    )  # fmt: skip
    r = thermo.design(spec)
    if not r.outcome.ok:
        assert r.eta_thermal is None
        assert r.explain
        return
    check_energy(r)
    check_second_law(r)
    assert 0.0 < r.eta_thermal < 1.0 - spec.T_compressor_in_K / spec.T_turbine_in_K
    assert np.isfinite([r.W_net_W, r.Q_heater_W, r.UA_cooler_W_K, r.W_fan_W]).all()


@given(st.floats(700.0, 950.0), st.floats(305.5, 323.0), st.floats(0.1, 0.6), st.floats(20e6, 32e6))
@settings(deadline=None, max_examples=40)
def test_the_physical_heart_always_converges(T_hot, T_cold, ua_per_W, p_high):
    spec = thermo.CycleSpec(
        W_net_W=5e6, T_turbine_in_K=T_hot, T_compressor_in_K=T_cold, p_high_Pa=p_high, p_low_Pa=8.6e6,
        recompression_fraction=0.25, UA_ltr_W_K=ua_per_W * 3e6, UA_htr_W_K=ua_per_W * 2e6,
    )  # fmt: skip
    r = thermo.design(spec).require_ok()
    assert r.UA_ltr_W_K == pytest.approx(spec.UA_ltr_W_K, rel=1e-8)
    assert r.UA_htr_W_K == pytest.approx(spec.UA_htr_W_K, rel=1e-8)


def test_more_conductance_and_hotter_inlet_raise_efficiency():
    base = thermo.CycleSpec(layout="simple_recuperated", UA_total_W_K=1e6, p_low_Pa=8.5e6)
    eta = [thermo.design(replace(base, UA_total_W_K=u)).eta_thermal for u in (3e5, 6e5, 1.2e6, 2.4e6)]
    assert np.all(np.diff(eta) > 0)
    hot = [thermo.design(replace(base, T_turbine_in_K=T)).eta_thermal for T in (723.0, 823.0, 923.0)]
    assert np.all(np.diff(hot) > 0)


def test_given_efficiencies_of_the_chain_are_taken(block):
    r = thermo.design(replace(SPEC, eta_mechanical=1.0, eta_gearbox=1.0, eta_generator=1.0, eta_rectifier=1.0,
                              aux_fraction=0.0))  # fmt: skip
    assert r.W_generator_W == pytest.approx(r.W_shaft_W, rel=1e-12)
    assert r.W_net_W == pytest.approx(r.W_shaft_W - r.W_fan_W - r.heater.W_blower_W, rel=1e-12)
    direct = thermo.design(replace(SPEC, drive="direct"))
    assert direct.losses_W["gearbox"] == 0.0
    assert "run slower" in direct.machines[-1].note
    assert block.losses_W["gearbox"] > 0.0


def test_wheels_meet_similarity_and_published_sizes(block):
    """Against the fact sheet's 5 MW row: compressor 52,600 rpm 83 mm, turbine 41,700 rpm 182 mm (within 20 %)."""
    by_name = {m.name: m for m in block.machines}
    assert by_name["main compressor"].speed_rpm == pytest.approx(52600, rel=0.2)
    assert by_name["turbine"].diameter_m == pytest.approx(0.182, rel=0.2)
    for m in block.machines[:3]:
        assert m.tip_speed_m_s == pytest.approx(np.pi * m.diameter_m * m.speed_rpm / 60.0, rel=1e-9)
    assert by_name["recompressor"].stages in (2, 3)
    assert len({m.speed_rpm for m in block.machines if m.shaft == "main"}) == 1
    assert "gearbox is needed" in by_name["generator"].note


def test_the_train_is_sized_once_and_only_when_asked_for(monkeypatch):
    import thermo.machines.machine_train as train

    etas = {"eta_turbine": 0.87, "eta_compressor": 0.81, "eta_recompressor": 0.81, "eta_precompressor": 0.81}
    spec = thermo.CycleSpec(
        W_net_W=5e6, UA_total_W_K=1.5e6, p_low_Pa=8.8e6, recompression_fraction=0.28, **etas
    )
    sized = []
    real = train.machines_of
    monkeypatch.setattr(train, "machines_of", lambda r: sized.append(r) or real(r))
    r = thermo.design(spec)
    o = thermo.off_design(r, T_ambient_K=305.0, load=0.8)
    assert sized == []
    assert o.machines == r.machines
    assert o.train is r.train
    assert o.rated is r
    assert sized == [r]
    assert thermo.design(spec) == r  # what was sized is no part of the answer
    failed = thermo.design(replace(spec, T_turbine_in_K=520.0, eta_turbine=0.3))
    assert (failed.train, failed.machines, failed.machine_words) == (None, (), failed.explain)


@pytest.mark.parametrize("W", [1e6, 10e6])
@pytest.mark.parametrize("drive", ["auto", "direct", "geared"])
def test_the_train_has_the_drive_that_the_block_was_reckoned_with(W, drive):
    r = thermo.design(thermo.CycleSpec(W_net_W=W, UA_total_W_K=0.3 * W, p_low_Pa=8.8e6, drive=drive))
    assert r.drive == r.train.arrangement.drive
    if drive != "auto":
        assert r.drive == drive
    assert (
        any(m.name == "gearbox" for m in r.machines) == (r.drive == "geared") == (r.losses_W["gearbox"] > 0.0)
    )


def test_a_slow_turbine_is_driven_direct(monkeypatch):
    """With a generator that may turn three times faster, auto takes direct drive, and says why."""
    import thermo.machines.machine_sizing
    import thermo.machines.machine_train as train

    fast = lambda W: 3.2e6 / np.sqrt(W / 1e3)  # noqa: E731
    for module in ("machine_sizing", "machine_train", "shafts", "generator"):
        monkeypatch.setattr(getattr(thermo.machines, module), "direct_drive_limit_rpm", fast)
    r = thermo.design(thermo.CycleSpec(W_net_W=5e6, UA_total_W_K=1.5e6, p_low_Pa=8.8e6))
    assert (r.spec.drive, r.drive, r.losses_W["gearbox"]) == ("auto", "direct", 0.0)
    assert "direct drive is possible" in r.machines[-1].note
    assert train.direct_drive_possible(r.components, r.states, r.W_shaft_W)


def test_no_power_left_is_told_in_words(monkeypatch):
    monkeypatch.setattr("thermo.machines.machine_train.arrangements", lambda *_: ())
    idle = thermo.design(thermo.CycleSpec(W_net_W=5e6, UA_total_W_K=1.5e6, p_low_Pa=8.8e6))
    assert idle.train is None
    assert idle.machines == ()
    assert "no arrangement" in idle.machine_words
    with pytest.raises(thermo.CycleError, match="no arrangement"):
        thermo.block_dynamics(idle)


def test_a_bigger_block_is_more_efficient():
    eta = [
        thermo.design(thermo.CycleSpec(W_net_W=W, UA_total_W_K=0.3 * W)).eta_thermal for W in (1e6, 5e6, 25e6)
    ]
    assert eta[0] < eta[1] < eta[2]


def test_ts_diagram_closes(block):
    d = thermo.ts_diagram(block)
    for name, (T, s) in d.paths.items():
        assert np.isfinite(T).all(), name
        assert np.isfinite(s).all(), name
    T, s = d.paths["cooler"]
    assert (T[-1], s[-1]) == pytest.approx(d.points["main_compressor_inlet"], rel=1e-9)
    assert d.dome_T_K.max() < 304.2
    assert d.dome_s_J_kgK[0] < d.dome_s_J_kgK[-1]
    simple = thermo.design(thermo.CycleSpec(layout="simple_recuperated", UA_total_W_K=1e6, p_low_Pa=8.5e6))
    assert len(thermo.ts_diagram(simple).paths) == 6
