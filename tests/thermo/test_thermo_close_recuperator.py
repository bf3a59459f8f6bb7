"""A recuperator whose temperatures nearly meet at the hot end: the mismatch bends within hundredths of a kelvin."""

import numpy as np
import pytest

import thermo
from thermo.exchangers.recuperator import DT_LEAST_K
from thermo.result import energy_account


@pytest.mark.parametrize("model", ["segment_mean", "secant"])
@pytest.mark.parametrize("f", np.linspace(0.28, 0.54, 14).round(3))
def test_close_temperatures_are_solved(f, model):
    spec = thermo.CycleSpec(
        layout="recompression", W_net_W=5e6, p_high_Pa=16.5e6, p_low_Pa=7.7e6, T_turbine_in_K=890.0,
        T_compressor_in_K=310.0, recompression_fraction=float(f), UA_ltr_W_K=2.0e6, UA_htr_W_K=1.3e6,
        exchanger_model=model, n_segments=10, eta_compressor=0.85, eta_recompressor=0.83, eta_turbine=0.88,
    )  # fmt: skip
    r = thermo.design(spec).require_ok()
    given = r.UA_ltr_W_K == pytest.approx(2.0e6, rel=1e-7)
    assert given or r.dT_min_ltr_K == pytest.approx(DT_LEAST_K, rel=1e-6)
    enters, *leaves = energy_account(r).values()
    assert sum(leaves) == pytest.approx(enters, rel=1e-9)
