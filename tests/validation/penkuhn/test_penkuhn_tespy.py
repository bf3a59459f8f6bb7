"""TESPy on the same case: every state, the recompression fraction and the shaft efficiency."""

import importlib.util
import json
from pathlib import Path

import pytest

import thermo

HERE = Path(__file__).parent
CASE = json.loads((HERE / "penkuhn_100mw.json").read_text())


def tool(name):
    """A module of tools/."""
    spec = importlib.util.spec_from_file_location(name, HERE.parents[2] / f"tools/{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.peers
def test_tespy_agrees(record_validation):
    theirs = tool("peer_tespy").ask(CASE, 120.0)
    if theirs is None:
        pytest.skip("TESPy is not installed (extra `peers`)")
    g = CASE["given"]
    bar = {
        "main_compressor_inlet": g["compressor_inlet"]["p_bar"],
        "turbine_inlet": g["turbine_inlet"]["p_bar"],
    }
    bar |= {k.removesuffix("_p_bar"): v for k, v in g.items() if k.endswith("_p_bar")}
    spec = thermo.CycleSpec(
        W_net_W=100e6, T_turbine_in_K=g["turbine_inlet"]["T_degC"] + 273.15, mix_at_equal_T=True,
        T_compressor_in_K=g["compressor_inlet"]["T_degC"] + 273.15, p_low_Pa=bar["main_compressor_inlet"] * 1e5,
        p_high_Pa=bar["main_compressor_outlet"] * 1e5, eta_turbine=g["eta_turbine"], eta_compressor=g["eta_compressors"],
        eta_recompressor=g["eta_compressors"], dT_cold_ltr_K=g["cold_end_temperature_difference_K"]["ltr"],
        dT_cold_htr_K=g["cold_end_temperature_difference_K"]["htr"], pressures_Pa={k: v * 1e5 for k, v in bar.items()},
    )  # fmt: skip
    r = thermo.design(spec).require_ok()
    row = ("penkuhn_100mw in TESPy", "TESPy")
    for name in ("main_compressor_outlet", "ltr_hp_outlet", "htr_hp_outlet", "turbine_outlet", "htr_lp_outlet",
                 "ltr_lp_outlet", "recompressor_outlet"):  # fmt: skip
        got = r.states[name].T_K - 273.15
        record_validation(*row, f"T {name}", theirs[f"T_{name}_degC"], got, 1e-4, unit="degC")
    record_validation(
        *row, "recompression_fraction", theirs["recompression_fraction"], r.recompression_fraction, 1e-8
    )
    record_validation(*row, "eta_shaft", theirs["eta_shaft"], r.eta_thermal, 1e-8)
