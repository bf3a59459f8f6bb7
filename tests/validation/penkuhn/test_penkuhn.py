"""Penkuhn and Tsatsaronis (2018): 100 MW recompression cycle given by absolute pressures and cold-end differences."""

import json
from pathlib import Path

import pytest

import thermo

CASE = json.loads((Path(__file__).parent / "penkuhn_100mw.json").read_text())
SOURCE = ("penkuhn_100mw", "Penkuhn & Tsatsaronis 2018")
ZERO_C = 273.15


@pytest.fixture(scope="module")
def solved():
    g = CASE["given"]
    bar = {
        "main_compressor_inlet": g["compressor_inlet"]["p_bar"],
        "turbine_inlet": g["turbine_inlet"]["p_bar"],
    } | {k.removesuffix("_p_bar"): v for k, v in g.items() if k.endswith("_p_bar")}
    spec = thermo.CycleSpec(
        W_net_W=100e6, T_turbine_in_K=g["turbine_inlet"]["T_degC"] + ZERO_C,
        T_compressor_in_K=g["compressor_inlet"]["T_degC"] + ZERO_C, p_low_Pa=bar["main_compressor_inlet"] * 1e5,
        p_high_Pa=bar["main_compressor_outlet"] * 1e5, eta_turbine=g["eta_turbine"],
        eta_compressor=g["eta_compressors"], eta_recompressor=g["eta_compressors"],
        dT_cold_ltr_K=g["cold_end_temperature_difference_K"]["ltr"],
        dT_cold_htr_K=g["cold_end_temperature_difference_K"]["htr"], mix_at_equal_T=True,
        pressures_Pa={k: v * 1e5 for k, v in bar.items()},
    )  # fmt: skip
    r = thermo.design(spec).require_ok()
    motors = (r.W_compressor_W + r.W_recompressor_W) / g["motor_efficiency"]
    W_electric = r.W_turbine_W * g["generator_efficiency"] - motors
    return r, W_electric, g["W_net_electric_W"] / W_electric


@pytest.mark.parametrize("name", [k for k in CASE["expected"] if k.startswith("T_")])
def test_temperatures(solved, name, record_validation):
    state = name.removeprefix("T_").removesuffix("_degC")
    got = solved[0].states[state].T_K - ZERO_C
    record_validation(*SOURCE, f"T {state}", CASE["expected"][name], got, 0.05, unit="degC")


def test_powers_and_efficiencies(solved, record_validation):
    """The paper's compressors have motors of their own: its electric power scales the shaft-power design."""
    r, W_electric, k = solved
    want = CASE["expected"]
    for name in ("m_dot_kg_s", "Q_heater_W", "W_turbine_W", "W_compressor_W", "W_recompressor_W", "Q_ltr_W",
                 "Q_htr_W", "Q_cooler_W"):  # fmt: skip
        unit = "kg/s" if name == "m_dot_kg_s" else "W"
        record_validation(*SOURCE, name, want[name], getattr(r, name) * k, 1e-4, unit=unit, relative=True)
    record_validation(*SOURCE, "eta_electric", want["eta_electric"], W_electric / r.Q_heater_W, 1e-4)
    record_validation(*SOURCE, "eta_shaft", want["eta_shaft"], r.eta_thermal, 1e-4)
    f = want["recompression_fraction"]
    record_validation(*SOURCE, "recompression_fraction", f, r.recompression_fraction, 1e-5)


def test_the_joining_streams_are_equally_hot(solved):
    s = solved[0].states
    assert pytest.approx(s["recompressor_outlet"].T_K, abs=1e-6) == s["ltr_hp_outlet"].T_K
