"""Reactors and cycles: what fits, what is derated, what is refused."""

import dataclasses

import CoolProp.CoolProp as CP
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thermo
from thermo.heat_sources.bottoming import bottoming, co2_return_K, heat_exergy
from thermo.heat_sources.coolants import coolants
from thermo.heat_sources.decay_heat import decay_energy_s, decay_heat, decay_heat_frac, dump_cooler
from thermo.heat_sources.intermediate_loop import LoopSpec, intermediate_loop, loop_of, why_needed
from thermo.heat_sources.reactor import incomplete, stream_of
from thermo.heat_sources.reactor_fit import CycleCandidate, IdleCapital, fit_one, fit_reactor
from thermo.heat_stream import HeatStream

C = 273.15


def test_catalogue_keeps_grades_and_units():
    for reactor in thermo.reactors().values():
        assert reactor.T_hot_K > reactor.T_cold_K > 300.0
        assert 1e6 <= reactor.Q_module_W <= 2e9
        assert reactor.grade in ("cited", "assumption")
        assert reactor.grade != "cited" or reactor.source


def test_sodium_with_a_cold_enough_cycle_is_used_in_full():
    found = thermo.match(thermo.reactors()["aalo_1"], 480 + C, 310 + C, 15.0)
    assert (found.ok, found.used_share) == (True, 1.0)
    assert found.T_back_K == pytest.approx(335 + C)


def test_helium_over_recompression_is_used_to_two_thirds():
    found = thermo.match(thermo.reactors()["xe_100"], 600 + C, 400 + C, 15.0)
    assert found.used_share == pytest.approx((750 - 415) / (750 - 260), rel=1e-12)
    assert "derated" in found.explain


@pytest.mark.parametrize(
    ("reactor", "T_in", "T_return", "words"),
    [
        ("nuscale", 350, 200, "at most 287 degC"),
        ("natrium", 470, 250, "would freeze"),
        ("sealer_55", 490, 340, "would freeze"),
        ("arc_100", 460, 475, "hotter than ARC-100 can heat"),
    ],
)
def test_what_cannot_be_connected_is_refused_in_words(reactor, T_in, T_return, words):
    found = thermo.match(thermo.reactors()[reactor], T_in + C, T_return + C, 15.0)
    assert not found.ok
    assert found.used_share is None
    assert words in found.explain


@given(st.sampled_from(sorted(thermo.reactors())), st.floats(200, 700), st.floats(5, 60))
def test_share_is_a_share_and_falls_with_a_hotter_return(name, T_return, approach):
    reactor = thermo.reactors()[name]
    here = thermo.match(reactor, reactor.T_hot_K - approach, T_return + C, approach)
    if not here.ok:
        return
    assert 0.0 < here.used_share <= 1.0
    assert here.T_back_K >= max(reactor.T_cold_K, T_return + C + approach) - 1e-9
    hotter = thermo.match(reactor, reactor.T_hot_K - approach, T_return + 5.0 + C, approach)
    if hotter.ok:
        assert hotter.used_share <= here.used_share


def test_every_fact_has_a_grade_and_cited_ones_a_source():
    n = 0
    for row in (*thermo.reactors().values(), *incomplete()):
        for f in row.facts:
            n += 1
            assert f.grade in ("cited", "assumption"), (row.id, f)
            assert f.value is not None
            assert (f.source is not None) or f.grade == "assumption", (row.id, f)
    assert n > 200
    assert all(row.missing for row in incomplete())
    assert len(thermo.reactors()) + len(incomplete()) == 23


def test_assumed_loops_lie_below_the_primary_temperatures():
    for r in thermo.reactors().values():
        primary = r.fact("T_primary_out")
        if r.loop_assumed_K and primary is not None:
            assert r.T_hot_K == pytest.approx(primary.value + C - r.loop_assumed_K)
        if primary is not None:
            assert r.T_hot_K <= primary.value + C + 1e-9


# which cycle fits


def _recompression(T_turbine_C):
    return thermo.design(thermo.CycleSpec(layout="recompression", W_net_W=50e6, T_turbine_in_K=T_turbine_C + C,
                                          T_compressor_in_K=308.15, UA_total_W_K=15e6, eta_turbine=0.9,
                                          eta_compressor=0.85, eta_recompressor=0.85))  # fmt: skip


def test_plain_recompression_uses_two_thirds_of_a_helium_loop():
    """A 260/750 degC helium loop over a designed recompression cycle comes back near 415 degC: about two thirds used."""
    r = _recompression(560.0)
    cycle = CycleCandidate("recompression", co2_return_K(r), 560.0 + C, r.eta_thermal)
    fit = fit_one(thermo.reactors()["xe_100"], cycle, 15.0, price=IdleCapital(4000.0, 0.08, 0.9))
    assert fit.verdict == "derated"
    assert fit.T_back_K - C == pytest.approx(415.0, abs=8.0)
    assert fit.used_share == pytest.approx(2.0 / 3.0, abs=0.03)
    assert fit.Q_used_W + fit.Q_unused_W == pytest.approx(200e6, rel=1e-12)
    assert fit.idle_USD == pytest.approx(fit.Q_unused_W / 1e3 * 4000.0, rel=1e-12)
    assert fit.idle_USD_per_kWh == pytest.approx(
        fit.idle_USD * 0.08 / (fit.W_W / 1e3 * 8760 * 0.9), rel=1e-12
    )


def test_a_bottoming_cycle_takes_the_rest_and_adds_power():
    xe = thermo.reactors()["xe_100"]
    cycle = CycleCandidate("recompression", 400.0 + C, 560.0 + C, 0.43)
    plain = fit_one(xe, cycle, 15.0)
    both = fit_one(xe, cycle, 15.0, T_compressor_in_K=308.15)
    b = both.bottoming
    assert (both.verdict, both.used_share, both.Q_unused_W) == ("bottoming", 1.0, 0.0)
    assert both.T_back_K == pytest.approx(xe.T_cold_K)
    assert pytest.approx(plain.W_W + b.W_shaft_W, rel=1e-12) == both.W_W
    assert pytest.approx(plain.Q_unused_W, rel=1e-12) == b.Q_W
    assert b.T_co2_return_K <= xe.T_cold_K - 15.0 + 1e-6
    assert 0.2 < b.eta_thermal < 1.0 - 308.15 / (400.0 + C)
    assert 0.3 < b.eta_second_law < 0.8


def test_a_bottoming_cycle_recuperates_as_far_as_its_return_allows():
    """Heat left at 530 degC that must go down to 260: the recuperator is held back until its CO2 returns at 245 degC."""
    stream = HeatStream(530.0 + C, 260.0 + C, 4e5, 15.0)
    b = bottoming(stream, 308.15)
    assert b.ok
    assert b.dT_recuperator_K > 6.0
    assert b.T_co2_return_K - C == pytest.approx(245.0, abs=0.5)
    assert b.T_co2_return_K - C <= 245.0 + 1e-6
    assert heat_exergy(stream, 298.15) > b.W_shaft_W


@pytest.mark.parametrize(
    ("stream", "words"),
    [
        (HeatStream(480.0, 420.0, 1e5, 15.0), "too cold for a CO2 turbine"),
        (HeatStream(700.0, 530.0, 1e5, 15.0, 513.15, "salt"), "would freeze"),
    ],
)
def test_no_bottoming_is_told_in_words(stream, words):
    b = bottoming(stream, 308.15)
    assert (b.ok, b.W_shaft_W) == (False, None)
    assert words in b.explain


def test_candidates_are_ranked_by_power():
    rows = (
        ("simple", 320.0, 0.39),
        ("recompression", 390.0, 0.44),
        ("cold", 240.0, 0.33),
        ("hot", 520.0, 0.45),
    )
    cycles = [CycleCandidate(n, T + C, 530.0 + C, eta) for n, T, eta in rows]
    fits = fit_reactor(thermo.reactors()["xe_100"], cycles, 15.0)
    assert [f.W_W or 0.0 for f in fits] == sorted((f.W_W or 0.0 for f in fits), reverse=True)
    verdicts = {f.layout: f.verdict for f in fits}
    assert verdicts == {"simple": "derated", "recompression": "derated", "cold": "meets", "hot": "derated"}
    salt = fit_reactor(thermo.reactors()["natrium"], cycles, 15.0)
    assert {f.verdict for f in salt} == {"refused"}
    assert all(f.W_W is None for f in salt)


@given(st.sampled_from(sorted(thermo.reactors())), st.floats(150, 600), st.floats(0, 20))
@settings(deadline=None, max_examples=60)
def test_verdict_agrees_with_the_tolerance(name, T_return, tolerance):
    r = thermo.reactors()[name]
    f = fit_one(r, CycleCandidate("any", T_return + C, r.T_hot_K - 15.0, 0.4), 15.0, tolerance)
    if f.verdict == "refused":
        assert f.used_share is None
        return
    assert (f.verdict == "meets") == (f.T_back_K - r.T_cold_K <= tolerance)
    assert f.Q_used_W + f.Q_unused_W == pytest.approx(r.Q_module_W, rel=1e-9)
    assert f.Q_used_W == pytest.approx(stream_of(r, 15.0).C_W_K * (r.T_hot_K - f.T_back_K), rel=1e-9)


# coolants and the loop between


def test_solar_salt_meets_coolprop():
    salt = coolants()["solar_salt"]
    for T in (573.15, 700.0, 838.15):
        assert salt.cp_J_kgK(T) == pytest.approx(CP.PropsSI("C", "T", T, "P", 1e5, "INCOMP::NaK"), rel=2e-3)
        assert salt.rho_kg_m3(T) == pytest.approx(CP.PropsSI("D", "T", T, "P", 1e5, "INCOMP::NaK"), rel=2e-3)


@pytest.mark.parametrize(
    ("name", "T", "cp"), [("sodium", 700.0, 1276.0), ("lead", 750.0, 145.0), ("flibe", 900.0, 2416.0)]
)
def test_coolants_have_the_heat_capacity_that_everyone_quotes(name, T, cp):
    assert coolants()[name].cp_J_kgK(T) == pytest.approx(cp, rel=0.01)


@given(st.sampled_from(["sodium", "solar_salt", "lead"]), st.floats(640, 700), st.floats(20, 150))
@settings(deadline=None, max_examples=40)
def test_loop_balance_closes(name, T_cold, rise):
    loop = intermediate_loop(LoopSpec(name), 30e6, T_cold + rise, T_cold)
    c = coolants()[name]
    mean = 0.5 * (loop.T_hot_K + loop.T_cold_K)
    assert loop.m_dot_kg_s * c.cp_J_kgK(mean) * rise == pytest.approx(30e6, rel=5e-3)
    hydraulic = loop.m_dot_kg_s * 3e5 / c.rho_kg_m3(loop.T_cold_K)
    assert loop.Q_out_W - loop.Q_in_W == pytest.approx(hydraulic, rel=1e-6)
    assert loop.W_pump_W == pytest.approx(hydraulic / 0.68, rel=1e-9)
    assert loop.stream(10.0).Q_available_W == pytest.approx(loop.Q_out_W, rel=1e-12)


def test_a_loop_that_would_freeze_or_boil_is_refused():
    cold = intermediate_loop(LoopSpec("flibe"), 30e6, 900.0, 740.0)
    assert not cold.ok
    assert "needs at least" in cold.explain
    hot = intermediate_loop(LoopSpec("solar_salt"), 30e6, 923.15, 823.15)
    assert not hot.ok
    assert "above its 600 degC" in hot.explain
    with pytest.raises(thermo.SpecError) as told:
        LoopSpec("beer", loop_approach_K=-1.0)
    assert len(told.value.problems) == 2


def test_catalogued_loops_stay_liquid_and_need_little_pumping():
    loops = {name: loop_of(r) for name, r in thermo.reactors().items()}
    assert {n for n, x in loops.items() if x is None} == {
        "nuscale", "xe_100", "htr_pm", "bwrx_300", "smart", "rolls_royce_smr",
    }  # fmt: skip
    for name, loop in loops.items():
        if loop is None:
            continue
        r = thermo.reactors()[name]
        assert loop.ok, (name, loop.explain)
        assert (loop.T_hot_K, loop.T_cold_K) == pytest.approx((r.T_hot_K, r.T_cold_K))
        assert 0.0 < loop.W_pump_W < 0.01 * r.Q_module_W
    for name, r in thermo.reactors().items():  # what must not meet CO2 has a loop, listed or assumed
        if why_needed(r.primary_coolant):
            assert loops[name] is not None


def test_only_coolants_that_must_not_meet_co2_need_a_loop():
    assert why_needed("intermediate sodium") == "sodium reacts with CO2"
    assert "tritium" in why_needed("FLiBe")
    assert why_needed("helium") is None
    assert why_needed('nitrate "solar" salt') is None
    assert why_needed("fluoride fuel salt") is not None


# decay heat


def test_decay_heat_lies_where_the_standards_round_numbers_do():
    """NRC: 6-7 % at once, about 1 % after an hour, about 0.5 % after a day."""
    assert 0.06 < decay_heat_frac(1.0) < 0.07
    assert decay_heat_frac(3600.0) == pytest.approx(0.01, rel=0.3)
    assert decay_heat_frac(86400.0) == pytest.approx(0.005, rel=0.2)


def test_decay_energy_is_the_integral():
    from scipy.integrate import quad

    assert decay_energy_s(10.0, 1e5) == pytest.approx(
        quad(decay_heat_frac, 10.0, 1e5, limit=200)[0], rel=1e-6
    )


def test_every_reactor_tells_its_decay_heat_path():
    for r in thermo.reactors().values():
        d = decay_heat(r)
        assert d.path
        assert r.Q_module_W > d.Q_1s_W > d.Q_1h_W > d.Q_1day_W > 0.0
        assert d.path in d.explain


def test_dump_cooler_closes():
    c = dump_cooler(30e6, 768.15, 608.15, 313.15, 600.0, dp_air_Pa=100.0)
    assert pytest.approx(1.2 * 30e6 * decay_heat_frac(600.0), rel=1e-12) == c.Q_W
    T_out = 0.5 * (313.15 + 608.15)
    assert c.m_dot_air_kg_s * 1006.5 * (T_out - 313.15) == pytest.approx(c.Q_W, rel=1e-9)
    assert 0.0 < c.W_fan_W < 0.01 * c.Q_W
    assert c.E_stored_J > 600.0 * c.Q_W


def test_every_layout_is_tried_on_a_reactor():
    """Xe-100's wide loop: the split-flow layouts come back as cold as it wants, the efficient ones need a second cycle."""
    from thermo.heat_sources.reactor_options import reactor_options

    spec = thermo.CycleSpec(W_net_W=5e6, UA_total_W_K=1.2e6, T_turbine_in_K=823.15, T_compressor_in_K=311.15)
    fits = {f.layout: f for f in reactor_options(thermo.reactors()["xe_100"], spec)}
    assert fits["turbine_split"].verdict == fits["htr_bypass"].verdict == "meets"
    assert fits["recompression"].verdict == "bottoming"
    assert fits["recompression"].W_W > fits["turbine_split"].W_W
    powers = [f.W_W for f in fits.values()]
    assert powers == sorted(powers, reverse=True)
    sodium = {
        f.layout: f
        for f in reactor_options(
            thermo.reactors()["natrium"], dataclasses.replace(spec, T_turbine_in_K=748.15)
        )
    }
    assert sodium["turbine_split"].verdict == "refused"
    assert "freeze" in sodium["turbine_split"].explain
