"""Designs that must not be answered as if they were sound, and starts that the search must not miss."""

import itertools

import numpy as np
import pytest

import thermo
from thermo import Outcome
from thermo.cycle.candidate import Variables, evaluate, heat_source_return_K
from thermo.cycle.objective import heat_from_stream, heating_curve
from thermo.layouts import LAYOUTS
from thermo.layouts.parts import STATE_NAMES

UA = {"UA_total_W_K": 1e6}
STREAM = thermo.HeatStream(900.0, 400.0, 5e4, 20.0)


@pytest.mark.parametrize(
    "given",
    [
        {"layout": "recompression_reheat", "p_reheat_Pa": 24.9e6},  # above the turbine's inlet
        {"layout": "recompression_reheat", "p_reheat_Pa": 5e6},  # below the turbine's outlet
        {"layout": "recompression_reheat", "T_reheat_K": 500.0},  # the reheater would cool
        {
            "layout": "recompression_reheat",
            "T_reheat_K": 1200.0,
        },  # CO2 enters the main heater hotter than it leaves
        {"layout": "partial_cooling", "p_precompressor_in_Pa": 14e6},  # p_low stops at 12 MPa
        {"pressures_Pa": {"turbine_inlet": 26e6}},  # a heater that raises the pressure
        {"p_low_Pa": 9e6, "pressures_Pa": {"turbine_outlet": 8e6, "htr_lp_outlet": 8.5e6}},
    ],
)
def test_nothing_runs_backwards(given):
    r = thermo.design(thermo.CycleSpec(**UA, **given))
    assert r.outcome is Outcome.NO_PATH
    assert r.eta_thermal is None


def test_free_low_pressure_stays_below_given_pressures():
    """With the turbine's outlet given at 8 MPa the search may not put p_low above it."""
    r = thermo.design(thermo.CycleSpec(**UA, pressures_Pa={"turbine_outlet": 8.8e6, "htr_lp_outlet": 8.6e6}))
    assert r.outcome.ok
    low = [
        r.states[n].p_Pa
        for n in ("turbine_outlet", "htr_lp_outlet", "ltr_lp_outlet", "main_compressor_inlet")
    ]
    low = [round(p, 1) for p in low]
    assert low == sorted(low, reverse=True)


@pytest.mark.parametrize("layout", ["recompression_intercooled", "recompression_reheat"])
def test_greatest_difference_leaves_recuperators_right_way_round(layout):
    r = thermo.design(thermo.CycleSpec(layout=layout, dT_min_K=200.0))
    assert not r.outcome.ok or min(r.UA_ltr_W_K, r.UA_htr_W_K, r.Q_ltr_W, r.Q_htr_W) >= 0.0


def test_return_temperature_out_of_reach_is_said():
    for T in (320.0, 860.0):
        r = thermo.design(thermo.CycleSpec(layout="htr_bypass", T_heat_source_return_K=T, **UA))
        assert r.outcome is Outcome.NO_SOURCE
    with pytest.raises(thermo.SpecError, match="T_heat_source_return_K"):
        thermo.CycleSpec(layout="htr_bypass", T_heat_source_return_K=900.0, **UA)


def test_return_temperature_in_reach_is_met():
    s = thermo.CycleSpec(layout="htr_bypass", T_heat_source_return_K=640.0, **UA)
    r = thermo.design(s)
    x = Variables(r.p_high_Pa, r.p_low_Pa, f=r.recompression_fraction, split=r.split_fraction,
                  share=r.UA_ltr_W_K / 1e6)  # fmt: skip
    assert r.outcome.ok
    assert heat_source_return_K(evaluate(s, x, s.W_net_W), s.heat_approach_K) == pytest.approx(640.0, abs=0.5)


@pytest.mark.parametrize("objective", ["efficiency", "heat_stream_power"])
def test_frozen_source_is_refused(objective):
    """A cascade heats from the compressor's outlet: salt that freezes at 240 degC would."""
    salt = thermo.HeatStream(900.0, 563.0, 5e4, 20.0, T_freeze_K=513.0)
    r = thermo.design(thermo.CycleSpec(layout="cascade", objective=objective, heat_stream=salt, **UA))
    assert r.outcome is Outcome.NO_SOURCE


def _stream_is_always_hotter(r: thermo.CycleResult, stream: thermo.HeatStream) -> float:
    """Least difference [K] between stream and CO2 at 60 temperatures; the stream split as the heaters want it."""
    from thermo.co2.fluid import heos

    import CoolProp.CoolProp as CP  # isort: skip

    eos = heos()

    def h(p: float, T: float) -> float:
        eos.update(CP.PT_INPUTS, p, T)
        return float(eos.hmass())

    heaters = [(c.streams[0].m_dot_kg_s, r.states[c.streams[0].inlet], r.states[c.streams[0].outlet])
               for c in r.components if c.kind == "heater"]  # fmt: skip
    least = np.inf
    lo, hi = min(a.T_K for _, a, _ in heaters), max(b.T_K for _, _, b in heaters)
    for T in np.linspace(lo, hi, 60):
        above = sum(m * (b.h_J_kg - (a.h_J_kg if a.T_K >= T else h(0.5 * (a.p_Pa + b.p_Pa), T)))
                    for m, a, b in heaters if b.T_K > T)  # fmt: skip
        least = min(least, stream.T_in_K - above / stream.C_W_K - T)
    return least


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_heat_stream_keeps_its_approach_to_all_heaters(layout):
    s = thermo.CycleSpec(
        layout=layout, objective="heat_stream_power", heat_stream=STREAM, T_turbine_in_K=850.0, **UA
    )
    r = thermo.design(s)
    assert r.outcome.ok
    assert _stream_is_always_hotter(r, STREAM) > STREAM.approach_K - 0.3
    assert r.Q_heater_W <= STREAM.Q_available_W * (1.0 + 1e-9)


def test_heating_curve_adds_parallel_heaters():
    s = thermo.CycleSpec(layout="recompression_reheat", recompression_fraction=0.25, p_low_Pa=8.3e6, **UA)
    pt = evaluate(s, Variables(25e6, 8.3e6, f=0.25), 5e6)
    T, taken = heating_curve(pt)
    assert taken[-1] == pytest.approx(pt.heat, rel=1e-12)
    assert np.all(np.diff(taken) > 0.0)
    assert T[-1] == pytest.approx(pt.st[STATE_NAMES.index("htr_hp_outlet"), 0])
    one = heat_from_stream(STREAM, pt)
    assert 0.0 < one <= STREAM.C_W_K * (STREAM.T_in_K - STREAM.approach_K - T[-1]) * (1.0 + 1e-12)


@pytest.mark.parametrize(
    "layout", ["htr_bypass", "partial_cooling", "recompression_intercooled", "recompression_reheat"]
)
def test_small_conductance_finds_its_own_optimum(layout):
    """Against a scan in which recompression is off: the share of the conductance has two valleys."""
    s = thermo.CycleSpec(layout=layout, W_net_W=5e6, UA_total_W_K=2.5e5, T_turbine_in_K=950.0, T_compressor_in_K=306.0,
                         eta_turbine=0.88, eta_compressor=0.83)  # fmt: skip
    r = thermo.design(s)
    scan = [evaluate(s, Variables(25e6, p, q, 0.5, 0.0, 0.0, share), 5e6).eta
            for p, q, share in itertools.product((7.5e6, 7.8e6, 8.2e6), (0.7, 0.98), (0.02, 0.98))]  # fmt: skip
    assert r.eta_thermal > max(scan) - 1e-6


def test_liquid_inlet_is_searched_from_saturation():
    """Two steps of compression cannot be worse than one by much: the low pressure must be found near saturation."""
    k = {"T_compressor_in_K": 268.15, "condensing": True, **UA}
    one = thermo.design(thermo.CycleSpec(**k)).eta_thermal
    two = thermo.design(thermo.CycleSpec(layout="partial_cooling", **k)).eta_thermal
    assert two > one - 0.005
    assert thermo.design(thermo.CycleSpec(layout="simple_recuperated", **k)).eta_thermal > 0.45


def test_fractions_of_equal_temperature():
    r = thermo.design(thermo.CycleSpec(mix_at_equal_T=True, **UA))
    warm, joins = (r.states[n].T_K for n in ("recompressor_outlet", "ltr_hp_outlet"))
    assert warm == pytest.approx(joins, abs=1e-6)


def test_flue_leaves_no_colder_than_its_stack_may_be():
    h = thermo.design(thermo.CycleSpec(layout="cascade", fired_heater=thermo.FiredHeaterSpec(fuel_sulphur_mg_Nm3=100.0),
                                       **UA)).heater  # fmt: skip
    assert h.T_return_K + 40.0 < h.T_stack_least_K
    assert h.T_stack_K == pytest.approx(h.T_stack_least_K)
    assert h.stack_dry
