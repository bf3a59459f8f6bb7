"""Recuperators in which temperatures would cross between two nodes are solved with more segments."""

from dataclasses import replace

import pytest

import thermo
from thermo.accounts.exergy import entropy_production
from thermo.exchangers.inner_pinch import crossed, least_inner_difference_K

# a strongly recuperated simple cycle at low pressure: cp of the cold side bends within the last of 20 segments
SPEC = thermo.CycleSpec(
    W_net_W=2e5, T_turbine_in_K=1130.0, T_compressor_in_K=309.0, p_high_Pa=14.0525e6, p_low_Pa=9.355e6,
    recompression_fraction=0.0, UA_total_W_K=4e5, eta_turbine=0.75, eta_compressor=0.7, eta_recompressor=0.7,
)  # fmt: skip


@pytest.mark.parametrize("UA", [4e5, 8e5, 2e6])
@pytest.mark.parametrize("p_low", [9.355e6, 9.6e6])
def test_no_temperature_crosses_between_nodes(UA, p_low):
    r = thermo.design(replace(SPEC, UA_total_W_K=UA, p_low_Pa=p_low)).require_ok()
    assert r.inputs.n > 20
    assert "segments instead of 20" in r.explain
    assert crossed(r, r.inputs.n) == () or r.inputs.n == 160
    recuperator = next(c for c in r.components if c.kind == "recuperator")
    assert least_inner_difference_K(r, recuperator, 400) > -0.03
    assert least_inner_difference_K(r, recuperator, r.inputs.n) == pytest.approx(r.dT_min_ltr_K, abs=1e-6)
    for made in entropy_production(r):
        assert (made.segments_W_K >= -1e-6 * made.Q_over_T_W_K).all()


def test_what_twenty_segments_would_have_promised():
    """Crossing temperatures flatter: more than half a point of efficiency here, and half a kelvin of pinch that is none."""
    from thermo.cycle.design_point import _designed

    spec = replace(SPEC, UA_total_W_K=4e5)
    coarse, r = _designed(spec), thermo.design(spec)
    assert coarse.dT_min_ltr_K > 0.5
    assert crossed(coarse, 20) == ("low_temperature_recuperator",)
    assert coarse.eta_thermal - r.eta_thermal > 0.005


def test_usual_designs_keep_their_segments():
    r = thermo.design(thermo.CycleSpec(W_net_W=5e6, UA_total_W_K=1.5e6, T_compressor_in_K=311.15))
    assert (r.inputs.n, r.explain) == (20, r.outcome.value)


def test_the_peers_definition_is_left_as_it_is_and_told():
    r = thermo.design(replace(SPEC, UA_total_W_K=8e5, exchanger_model="segment_mean", n_segments=10))
    if r.outcome.ok:
        assert r.inputs.n == 10
        assert "cross inside a segment" in r.explain
