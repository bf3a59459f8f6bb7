"""nrel-pysam asked now, not from a file: its design of a few specs against ours at its own exchanger model."""

import importlib.util
from pathlib import Path

import pytest

import thermo
from thermo.spec import LAYOUTS

COMMON = {"W_net_W": 10e6, "T_turbine_in_K": 873.15, "p_high_Pa": 25e6, "eta_compressor": 0.85, "eta_recompressor": 0.85,
          "eta_precompressor": 0.85, "eta_turbine": 0.9, "dp_ltr_lp_frac": 0.02, "dp_ltr_hp_frac": 0.005,
          "dp_htr_lp_frac": 0.025, "dp_htr_hp_frac": 0.006, "dp_heater_frac": 0.01, "dp_cooler_frac": 0.004,
          "exchanger_model": "segment_mean", "n_segments": 10}  # fmt: skip
SPECS = {
    "recompression, fixed": {"layout": "recompression", "T_compressor_in_K": 310.15, "p_low_Pa": 8.5e6,
                             "recompression_fraction": 0.28, "UA_ltr_W_K": 1.3e6, "UA_htr_W_K": 1.1e6},
    "recompression, optimised": {"layout": "recompression", "T_compressor_in_K": 316.15, "UA_total_W_K": 3e6},
    "simple, optimised": {"layout": "simple_recuperated", "T_compressor_in_K": 320.15, "UA_total_W_K": 2e6},
    "partial cooling, optimised": {"layout": "partial_cooling", "T_compressor_in_K": 311.15, "UA_total_W_K": 2.5e6},
}  # fmt: skip


@pytest.fixture(scope="module")
def ask():
    path = Path(__file__).parents[3] / "tools/peer_ssc.py"
    spec = importlib.util.spec_from_file_location("peer_ssc", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if module.peer_python() is None:
        pytest.skip("nrel-pysam is not installed (extra `peers`)")
    return module.ask


@pytest.mark.peers
@pytest.mark.parametrize("name", [k for k, v in SPECS.items() if v["layout"] in LAYOUTS])
def test_peer_asked_now(name, ask, record_validation):
    given = COMMON | SPECS[name]
    answer = ask({"given": given, "rel_tol": 6 if "fixed" in name else 5, "air_cooler": False}, 120.0)
    assert answer is not None
    want = answer["design"]["eta_thermal"]
    r = thermo.design(thermo.CycleSpec(**given)).require_ok()
    row = (f"asked now: {name}", "ssc (nrel-pysam, asked by the test)")
    record_validation(*row, "eta_thermal", want, r.eta_thermal, 1e-5, least="optimised" in name)
    assert r.eta_thermal < want + 1e-4
    if "fixed" in name:
        for state, s in answer["design"]["states"].items():
            if state in r.states:
                record_validation(*row, f"T {state}", s["T_K"], r.states[state].T_K, 0.05, unit="K")
