"""The peer, NREL's ssc, run in a process of its own: a JSON case on stdin, a JSON answer on stdout.

`ask(case, seconds)` starts the process with a time limit (the peer can hang, or end with a segmentation fault) and
answers None where there is nothing. Wanted: nrel-pysam (recompression, partial cooling, off-design) or nlr-pysam 8
(these, and HTR bypass and turbine split) in this Python or in the one that $HEAT2RACK_PEER_PYTHON names.
A case is {"given": fields of thermo.CycleSpec, ...}; what else it may hold is listed in `CASE`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import Any

CASE = {
    "given": "fields of thermo.CycleSpec, SI; p_low_Pa, recompression_fraction, UA_ltr_W_K fixed where not None",
    "rel_tol": 5,  # digits of the peer's design; its default of 3 scatters efficiency by up to 6e-4
    "od_rel_tol": 3,
    "approach_hot_K": 20.0,  # hot stream over turbine inlet, and cold end of the heater
    "T_ambient_design_K": None,  # default: compressor inlet - 6 K
    "fan_power_frac": 0.02,
    "air_cooler": True,
    "searched": [],  # rows T_heat_source_K, m_dot_heat_source_frac, T_ambient_K: the peer chooses p_low, T_mc_in
    "fixed_control": [],  # rows as above, then p_low_Pa, T_compressor_in_K, T_precompressor_in_K
    "repeat": 1,  # runs; the answer's `seconds` lists each
}
CONFIG = {
    "recompression": 1,
    "simple_recuperated": 1,
    "partial_cooling": 2,
    "htr_bypass": 3,
    "turbine_split": 4,
}
STATES = (
    "main_compressor_inlet", "main_compressor_outlet", "ltr_hp_outlet", "mixer_outlet", "htr_hp_outlet",
    "turbine_inlet", "turbine_outlet", "htr_lp_outlet", "ltr_lp_outlet", "recompressor_outlet",
    "precompressor_inlet", "precompressor_outlet", "bypass_heater_outlet", "mixer_2_outlet", "turbine_2_outlet",
)  # fmt: skip
ZERO_C = 273.15


def peer_python() -> str | None:
    """A Python that has PySAM, or None."""
    for python in (os.environ.get("HEAT2RACK_PEER_PYTHON"), sys.executable):
        if (
            python
            and subprocess.run([python, "-c", "import PySAM.Sco2CspSystem"], capture_output=True).returncode
            == 0
        ):
            return python
    return None


def ask(case: dict[str, Any], seconds: float, python: str | None = None) -> dict[str, Any] | None:
    """The peer's answer to a case within a time limit, or None."""
    python = python or peer_python()
    if python is None:
        return None
    try:
        done = subprocess.run(
            [python, __file__], input=json.dumps(case), capture_output=True, text=True, timeout=seconds
        )
    except subprocess.TimeoutExpired:
        return None
    lines = [x for x in done.stdout.splitlines() if x.startswith("{")]
    return json.loads(lines[-1]) if done.returncode == 0 and lines else None


def _model(case: dict[str, Any]) -> Any:
    import PySAM.Sco2CspSystem as Sco2CspSystem

    g, m = case["given"], Sco2CspSystem.new()
    T_in, T_mc = g["T_turbine_in_K"] - ZERO_C, g["T_compressor_in_K"] - ZERO_C
    T_amb = (case["T_ambient_design_K"] or g["T_compressor_in_K"] - 6.0) - ZERO_C
    s, x, c = m.SystemDesign, m.HeatExchangerDesign, m.Common
    s.htf, s.T_htf_hot_des, s.dT_PHX_hot_approach = 17, T_in + case["approach_hot_K"], case["approach_hot_K"]
    s.T_amb_des, s.dT_mc_approach, s.site_elevation, s.W_dot_net_des = (
        T_amb,
        T_mc - T_amb,
        0.0,
        g["W_net_W"] / 1e6,
    )
    m.PHXDesign.dT_PHX_cold_approach = case["approach_hot_K"]
    m.AirCoolerDesign.deltaP_cooler_frac = g["dp_cooler_frac"]
    m.AirCoolerDesign.fan_power_frac = case["fan_power_frac"]
    m.AirCoolerDesign.is_design_air_cooler = float(case["air_cooler"])
    c.eta_isen_mc, c.eta_isen_t, c.P_high_limit = g["eta_compressor"], g["eta_turbine"], g["p_high_Pa"] / 1e6
    c.eta_isen_rc = g.get("eta_recompressor") or g["eta_compressor"]
    c.eta_isen_pc = g.get("eta_precompressor") or g["eta_compressor"]
    c.PHX_co2_deltaP_des_in = g["dp_heater_frac"]
    for a, b in (("LTR", "ltr"), ("HTR", "htr")):
        for side in ("HP", "LP"):
            setattr(x, f"{a}_{side}_deltaP_des_in", g[f"dp_{b}_{side.lower()}_frac"])
    x.is_P_high_fixed, x.rel_tol, x.od_rel_tol = 1, case["rel_tol"], case["od_rel_tol"]
    x.cycle_config = CONFIG[g["layout"]]
    _variables(m, g)
    return m


def _variables(m: Any, g: dict[str, Any]) -> None:
    """What is fixed and what the peer optimises."""
    s, x, c, f = m.SystemDesign, m.HeatExchangerDesign, m.Common, g.get("recompression_fraction")
    simple = g["layout"] == "simple_recuperated" or f == 0.0
    x.is_recomp_ok = 0.0 if simple else (1.0 if f is None else -f)
    if g.get("p_low_Pa"):
        x.is_PR_fixed = -g["p_low_Pa"] / 1e6
    if g["layout"] == "htr_bypass":
        b = g.get("htr_bypass_fraction")
        s.is_bypass_ok, s.T_target_is_HTF = (1.0 if b is None else -b), 1.0
        s.T_bypass_target = (g.get("T_heat_source_return_K") or 653.15) - ZERO_C
    if g["layout"] == "turbine_split":
        split = g.get("turbine_split_fraction")
        c.is_turbine_split_ok, c.eta_isen_t2 = (
            (1.0 if split is None else -split),
            g.get("eta_turbine_2") or g["eta_turbine"],
        )
    if g.get("UA_total_W_K"):
        s.design_method, x.UA_recup_tot_des = 2, g["UA_total_W_K"] / 1e3
        return
    s.design_method = 3
    code = 2 if g.get("dT_min_K") else 1
    for a, b in (("LTR", "ltr"), ("HTR", "htr")):
        setattr(x, f"{a}_design_code", code)
        setattr(x, f"{a}_UA_des_in", (g.get(f"UA_{b}_W_K") or 0.0) / 1e3)
        setattr(x, f"{a}_min_dT_des_in", g.get("dT_min_K") or 1.0)
        setattr(x, f"{a}_eff_des_in", 0.9)


def _design(o: dict[str, Any]) -> dict[str, Any]:
    """The peer's design in our names and units."""
    states = {n: {"T_K": T + ZERO_C, "p_Pa": p * 1e6} for n, T, p in
              zip(STATES, o["T_state_points"], o["P_state_points"], strict=False) if T == T and p == p}  # fmt: skip
    power = {"W_turbine_W": "t_W_dot", "W_turbine_2_W": "t2_W_dot", "W_compressor_W": "mc_W_dot",
             "W_recompressor_W": "rc_W_dot", "W_precompressor_W": "pc_W_dot", "Q_heater_W": "q_dot_PHX",
             "Q_bypass_heater_W": "q_dot_BPX", "Q_ltr_W": "q_dot_LTR", "Q_htr_W": "q_dot_HTR",
             "UA_ltr_W_K": "LTR_UA_calculated", "UA_htr_W_K": "HTR_UA_calculated",
             "UA_cooler_W_K": "cooler_tot_UA", "W_fan_W": "cooler_tot_W_dot_fan"}  # fmt: skip
    answer = {name: o[key] * 1e6 for name, key in power.items() if key in o and o[key] == o[key]}
    plain = {"eta_thermal": "eta_thermal_calc", "m_dot_kg_s": "m_dot_co2_full", "recompression_fraction": "recomp_frac",
             "turbine_split_fraction": "turbine_split_frac", "htr_bypass_fraction": "bypass_frac",
             "speed_main_compressor_rpm": "mc_N_des", "speed_recompressor_rpm": "rc_N_des",
             "stages_recompressor": "rc_n_stages"}  # fmt: skip
    answer |= {name: o[key] for name, key in plain.items() if key in o and o[key] == o[key]}
    return answer | {
        "T_heat_return_K": o["T_htf_cold_des"] + ZERO_C,
        "p_low_Pa": o["P_comp_in"] * 1e6,
        "states": states,
    }


def _rows(o: dict[str, Any], cases: list[list[float]], control: str) -> list[dict[str, Any]]:
    rows = []
    for i, case in enumerate(cases):
        if o["eta_thermal_od"][i] != o["eta_thermal_od"][i]:  # NaN
            rows.append({"control": control, "asked": case, "code": o["od_code"][i]})
            continue
        rows.append({
            "control": control, "T_heat_source_K": case[0], "m_dot_heat_source_frac": case[1], "T_ambient_K": case[2],
            "eta_thermal": o["eta_thermal_od"][i], "W_net_W": o["W_dot_net_od"][i] * 1e6,
            "Q_heater_W": o["Q_dot_od"][i] * 1e6, "W_fan_W": o["cooler_tot_W_dot_fan_od"][i] * 1e6,
            "p_low_Pa": o["P_comp_in_od"][i] * 1e6, "p_high_Pa": o["P_mc_out_od"][i] * 1e6,
            "T_compressor_in_K": o["T_mc_in_od"][i] + ZERO_C, "recompression_fraction": o["recomp_frac_od"][i],
            "m_dot_kg_s": o["m_dot_co2_full_od"][i], "T_turbine_in_K": o["T_co2_PHX_out_od"][i] + ZERO_C,
            "T_heater_in_K": o["T_co2_PHX_in_od"][i] + ZERO_C, "T_heat_return_K": o["T_htf_cold_od"][i] + ZERO_C,
            "eta_turbine": o["t_eta_od"][i], "eta_compressor": o["mc_eta_od"][i], "eta_recompressor": o["rc_eta_od"][i],
            "bypass_fraction": o["mc_f_bypass_od"][i], "code": o["od_code"][i],
        })  # fmt: skip
        if o["pc_P_in_od"][i] > 0.0 and o["pc_T_in_od"][i] == o["pc_T_in_od"][i]:
            rows[-1] |= {"p_precompressor_in_Pa": o["pc_P_in_od"][i] * 1e6,
                         "T_precompressor_in_K": o["pc_T_in_od"][i] + ZERO_C}  # fmt: skip
    return rows


def run(case: dict[str, Any]) -> dict[str, Any]:
    """Answer a case in this process."""
    case = CASE | case
    answer: dict[str, Any] = {"seconds": []}
    for _ in range(case["repeat"]):
        m = _model(case)
        if case["searched"]:
            m.Common.od_cases = [[T - ZERO_C, x, a - ZERO_C, 1, 1, 1, 1] for T, x, a in case["searched"]]
        if case["fixed_control"]:
            m.Common.od_set_control = [[T - ZERO_C, x, a - ZERO_C, p / 1e6, T_mc - ZERO_C, T_pc - ZERO_C, 1, 1, 1, 1]
                                       for T, x, a, p, T_mc, T_pc in case["fixed_control"]]  # fmt: skip
        start = time.perf_counter()
        m.execute(0)
        answer["seconds"].append(time.perf_counter() - start)
    o = m.Outputs.export()  # copied: the outputs are gone with the model
    answer["design"] = _design(o)
    rows = case["searched"] or case["fixed_control"]
    if rows:
        answer["off_design"] = _rows(o, rows, "searched" if case["searched"] else "fixed_control")
        answer["seconds_off_design"] = list(o.get("sim_time_od", ()))
    return _plain(answer)


def _plain(x: Any) -> Any:
    """NaN and infinity become None."""
    if isinstance(x, dict):
        return {k: _plain(v) for k, v in x.items()}
    if isinstance(x, (list, tuple)):
        return [_plain(v) for v in x]
    return None if isinstance(x, float) and not abs(x) < 1e300 else x


if __name__ == "__main__":
    print(json.dumps(run(json.load(sys.stdin))))
