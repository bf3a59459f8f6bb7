"""Every layout: laws, closed limits between layouts, objectives and what a spec may leave open."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thermo
from thermo.cycle.candidate import heat_source_return_K
from thermo.layouts import LAYOUTS

BASE = thermo.CycleSpec(
    W_net_W=10e6, T_turbine_in_K=823.15, T_compressor_in_K=314.15, UA_total_W_K=2e6, eta_turbine=0.9, eta_compressor=0.85,
    eta_recompressor=0.85, eta_precompressor=0.85,
)  # fmt: skip
GAS = thermo.HeatStream(T_in_K=843.15, T_out_min_K=373.15, C_W_K=60e3, approach_K=20.0, name="flue gas")


@pytest.fixture(scope="module")
def cycles():
    return {name: thermo.design(replace(BASE, layout=name)).require_ok() for name in LAYOUTS}


def closure(r):
    kinds = {"heater": 1.0, "cooler": -1.0}
    heat = sum(kinds.get(c.kind, 0.0) * c.Q_W for c in r.components)
    work = sum({"turbine": 1.0, "compressor": -1.0}.get(c.kind, 0.0) * c.W_W for c in r.components)
    return (heat - work) / r.Q_heater_W


@pytest.mark.parametrize("name", LAYOUTS)
def test_energy_closes_in_the_cycle_and_in_each_component(cycles, name):
    r = cycles[name]
    assert r.W_shaft_W == pytest.approx(10e6, rel=1e-9)
    assert abs(closure(r)) < 1e-9
    for c in r.components:
        rise = [s.m_dot_kg_s * (r.states[s.outlet].h_J_kg - r.states[s.inlet].h_J_kg) for s in c.streams]
        want = {"turbine": -c.W_W, "compressor": c.W_W, "heater": c.Q_W, "cooler": -c.Q_W}.get(c.kind, 0.0)
        assert sum(rise) == pytest.approx(want, abs=1e-9 * r.Q_heater_W), c.name


@pytest.mark.parametrize("name", LAYOUTS)
def test_entropy_never_falls_and_pressure_falls_but_in_compressors(cycles, name):
    r = cycles[name]
    for c in r.components:
        made = sum(s.m_dot_kg_s * (r.states[s.outlet].s_J_kgK - r.states[s.inlet].s_J_kgK) for s in c.streams)
        if c.kind not in ("heater", "cooler"):
            assert made > -1e-6 * r.Q_heater_W / 300.0, c.name
        for s in c.streams:
            a, b = r.states[s.inlet].p_Pa, r.states[s.outlet].p_Pa
            assert (b > a) if c.kind == "compressor" else (b <= a * (1 + 1e-12)), c.name


@pytest.mark.parametrize("name", LAYOUTS)
def test_recuperators_have_what_they_were_given(cycles, name):
    r = cycles[name]
    found = [c for c in r.components if c.kind == "recuperator"]
    assert sum(c.UA_W_K for c in found) == pytest.approx(2e6, rel=1e-6)
    assert all(c.dT_min_K > 0.0 for c in found)


def test_layouts_rank_as_they_should(cycles):
    """Efficiency at equal conductance: more compression stages and reheat help, feeding cold CO2 to the heat costs."""
    eta = {n: r.eta_thermal for n, r in cycles.items()}
    assert eta["recompression"] > eta["simple_recuperated"]
    assert eta["recompression_intercooled"] > eta["recompression"]
    assert eta["recompression_reheat"] > eta["recompression"]
    assert eta["partial_cooling"] > eta["recompression"]
    assert eta["cascade"] < eta["turbine_split"] < eta["simple_recuperated"]
    T = {n: r.T_heat_return_K for n, r in cycles.items()}
    assert T["cascade"] < T["turbine_split"] < T["partial_cooling"] < T["recompression"]


def test_reheat_at_the_turbine_inlet_pressure_is_no_reheat():
    """With the reheat pressure near the inlet pressure and no drop in the reheater the cycle is recompression."""
    fixed = replace(
        BASE, p_low_Pa=9.1e6, recompression_fraction=0.25, UA_total_W_K=None, UA_ltr_W_K=1e6, UA_htr_W_K=1e6
    )
    plain = thermo.design(fixed)
    p_in = plain.states["turbine_inlet"].p_Pa
    near = thermo.design(
        replace(fixed, layout="recompression_reheat", p_reheat_Pa=p_in * (1 - 1e-7), dp_reheater_frac=0.0)
    )
    assert near.eta_thermal == pytest.approx(plain.eta_thermal, abs=1e-7)


def test_bypass_of_nothing_is_recompression():
    fixed = replace(
        BASE, p_low_Pa=9.1e6, recompression_fraction=0.25, UA_total_W_K=None, UA_ltr_W_K=1e6, UA_htr_W_K=1e6
    )
    plain, bypass = (thermo.design(replace(fixed, layout=n, **k)) for n, k in (
        ("recompression", {}), ("htr_bypass", {"htr_bypass_fraction": 0.0})))  # fmt: skip
    assert bypass.eta_thermal == pytest.approx(plain.eta_thermal, abs=1e-12)


def test_intercooling_without_ratio_is_recompression():
    """A precompressor of pressure ratio 1.02 and no drop in the second cooler changes next to nothing."""
    fixed = replace(
        BASE, p_low_Pa=9.1e6, recompression_fraction=0.25, UA_total_W_K=None, UA_ltr_W_K=1e6, UA_htr_W_K=1e6
    )
    plain = thermo.design(fixed)
    near = thermo.design(replace(fixed, layout="recompression_intercooled", dp_cooler_2_frac=0.0,
                                 p_precompressor_in_Pa=0.98 * 9.1e6))  # fmt: skip
    assert near.eta_thermal == pytest.approx(plain.eta_thermal, abs=6e-3)


def test_a_hot_stream_gives_most_to_the_layout_that_cools_it_furthest():
    W = {n: thermo.design(replace(BASE, layout=n, objective="heat_stream_power", heat_stream=GAS))
         for n in ("cascade", "turbine_split", "simple_recuperated")}  # fmt: skip
    assert W["cascade"].W_shaft_W > W["turbine_split"].W_shaft_W > W["simple_recuperated"].W_shaft_W
    for r in W.values():
        assert r.Q_heater_W <= GAS.Q_available_W * (1 + 1e-9)
        T_out = GAS.T_in_K - r.Q_heater_W / GAS.C_W_K
        assert T_out > r.T_heat_return_K + GAS.approach_K - 1e-6
        assert abs(closure(r)) < 1e-9


def test_a_free_high_pressure_goes_to_its_limit_and_says_so():
    r = thermo.design(replace(BASE, p_high_Pa=None, p_high_max_Pa=28e6))
    assert r.p_high_Pa == pytest.approx(28e6, rel=1e-4)
    assert any("p_high_Pa at its upper" in w for w in r.active_bounds)
    assert r.eta_thermal > thermo.design(BASE).eta_thermal


def test_heat_source_comes_back_as_asked():
    spec = replace(BASE, layout="htr_bypass", T_heat_source_return_K=663.15)
    r = thermo.design(spec).require_ok()
    h, T = {k: s.h_J_kg for k, s in r.states.items()}, {k: s.T_K for k, s in r.states.items()}
    capacity = (h["turbine_inlet"] - h["heater_inlet"]) / (T["turbine_inlet"] - T["heater_inlet"])
    back = T["heater_inlet"] + 20.0 - r.split_fraction * (h["htr_hp_outlet"] - h["mixer_outlet"]) / capacity
    assert back == pytest.approx(663.15, abs=0.3)
    assert callable(heat_source_return_K)


def test_least_cost_is_cheaper_than_best_efficiency_and_than_its_neighbours():
    cheap = thermo.design(replace(BASE, UA_total_W_K=None, objective="cost_per_kW")).require_ok()
    cost = thermo.block_cost(cheap, price_year=2017).USD_per_kW
    UA = cheap.UA_ltr_W_K + cheap.UA_htr_W_K
    assert cost < thermo.block_cost(thermo.design(BASE), price_year=2017).USD_per_kW
    for k in (0.7, 1.4):
        other = thermo.design(replace(BASE, UA_total_W_K=k * UA, objective="cost_per_kW"))
        assert thermo.block_cost(other, price_year=2017).USD_per_kW > cost


@given(
    st.sampled_from(list(LAYOUTS)), st.floats(1e6, 50e6), st.floats(723.15, 973.15), st.floats(305.15, 323.15),
    st.floats(0.05, 0.4), st.floats(18e6, 30e6),
)  # fmt: skip
@settings(deadline=None, max_examples=40)
def test_laws_over_a_wide_range(name, W, T_in, T_mc, ua, p_high):
    r = thermo.design(thermo.CycleSpec(layout=name, W_net_W=W, T_turbine_in_K=T_in, T_compressor_in_K=T_mc,
                                       UA_total_W_K=ua * W, p_high_Pa=p_high))  # fmt: skip
    if not r.outcome.ok:
        assert r.W_net_W is None
        return
    assert abs(closure(r)) < 1e-9
    assert 0.0 < r.eta_thermal < 1.0 - T_mc / T_in
    assert all(c.W_W >= 0.0 and c.Q_W >= 0.0 for c in r.components)
    assert thermo.design(r.spec).eta_thermal == r.eta_thermal  # the same question has the same answer
