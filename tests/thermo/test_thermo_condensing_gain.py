"""What condensing is worth against holding the compressor inlet."""

import pytest

import thermo
from thermo.co2.fluid import heos
from thermo.cold_end.cold_end_spec import ColdEndSpec
from thermo.cold_end.condensing_gain import condensing_gain

SPEC = {"W_net_W": 5e6, "T_turbine_in_K": 873.15, "T_compressor_in_K": 308.15, "UA_total_W_K": 1.5e6}
COLD = ColdEndSpec(kind="condensing")


@pytest.mark.parametrize("layout", ["simple_recuperated", "recompression"])
def test_colder_air_is_worth_more(layout):
    gains = [
        condensing_gain(thermo.CycleSpec(layout=layout, **SPEC), COLD, T) for T in (275.15, 283.15, 291.15)
    ]
    worth = [g.gain_eta_thermal for g in gains]
    assert worth[0] > worth[1] > worth[2] > 0.0
    assert all(
        0.0 < g.gain_eta_net < g.gain_eta_thermal for g in gains
    )  # fans cost more at the smaller approach


def test_the_pump_gets_liquid_and_its_work_is_that_of_heos():
    import CoolProp.CoolProp as CP

    g = condensing_gain(thermo.CycleSpec(layout="simple_recuperated", **SPEC), COLD, 283.15)
    r = g.condensing
    s = r.states["main_compressor_inlet"]
    assert (s.T_K, s.p_Pa) == pytest.approx((g.at.T_pump_in_K, g.at.p_condensing_Pa))
    assert s.rho_kg_m3 > 800.0
    eos = heos()
    eos.update(CP.PT_INPUTS, s.p_Pa, s.T_K)
    h, entropy = eos.hmass(), eos.smass()
    eos.update(CP.PSmass_INPUTS, r.p_high_Pa, entropy)
    work = r.m_dot_kg_s * (eos.hmass() - h) / r.eta_compressor
    assert r.W_compressor_W == pytest.approx(work, rel=1e-6)
    assert sum(thermo.energy_account(r).values()) == pytest.approx(2.0 * r.Q_heater_W, rel=1e-9)


def test_a_fast_pump_is_told_to_cavitate():
    g = condensing_gain(thermo.CycleSpec(**SPEC), COLD, 283.15)
    assert g.suction.ratio < 1.0
    assert "cavitates" in g.suction.problems[0]


def test_warm_air_is_answered_in_words():
    g = condensing_gain(thermo.CycleSpec(**SPEC), COLD, 296.15)
    assert not g.at.possible
    assert g.at.explain
    assert g.condensing is None
    assert g.gain_eta_net is None
    assert g.held.outcome.ok
