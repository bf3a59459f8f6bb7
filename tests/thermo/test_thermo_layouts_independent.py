"""Every layout recomputed from its flow path with CoolProp's HEOS alone: machines, mixing, conductances, efficiency.

Only the two temperatures that a layout's search finds are taken from the answer; all else follows here from the inputs, by
equations written apart from those of `thermo.layouts`.
"""

import math
from collections.abc import Callable
from itertools import pairwise

import CoolProp.CoolProp as CP
import numpy as np
import pytest

import thermo

EOS = CP.AbstractState("HEOS", "CO2")
DP = {"ltr_hp": 0.006, "htr_hp": 0.0052, "heater": 0.0071, "cooler": 0.0049, "ltr_lp": 0.021, "htr_lp": 0.017}
DP_COOLER_2, DP_REHEATER = 0.0063, 0.0081
ETA_T, ETA_T2, ETA_C, ETA_R, ETA_P = 0.9, 0.88, 0.85, 0.84, 0.83
T_1, T_P, T_T, T_RH = 307.15, 309.15, 823.15, 816.15
P_HIGH, P_LOW, P_PRE, P_RH, W = 24e6, 8.1e6, 5.83e6, 15e6, 7e6
F, BYPASS, SPLIT = 0.27, 0.13, 0.42
State = tuple[float, float, float, float]  # p, T, h, s


def _state() -> State:
    return EOS.p(), EOS.T(), EOS.hmass(), EOS.smass()


def at_T(p: float, T: float) -> State:
    EOS.update(CP.PT_INPUTS, p, T)
    return _state()


def at_h(p: float, h: float) -> State:
    EOS.update(CP.HmassP_INPUTS, h, p)
    return _state()


def machine(a: State, p: float, eta: float) -> State:
    EOS.update(CP.PSmass_INPUTS, p, a[3])
    ideal = EOS.hmass() - a[2]
    return at_h(p, a[2] + (ideal / eta if p > a[0] else ideal * eta))


def conductance(
    hot: State, p_hot: float, cold: State, p_cold: float, q: float, m_cold: float, m_hot: float
) -> float:
    """UA [W/K over the flow that q belongs to] of 20 segments of equal duty, pressure linear in duty."""
    x = np.linspace(0.0, 1.0, 21)
    T_h = [at_h(hot[0] + (p_hot - hot[0]) * k, hot[2] - q / m_hot * k)[1] for k in x]
    T_c = [at_h(cold[0] + (p_cold - cold[0]) * k, cold[2] + q / m_cold * k)[1] for k in x][::-1]
    d = [a - b for a, b in zip(T_h, T_c, strict=True)]
    return float(sum(q / 20 * math.log(a / b) / (a - b) for a, b in pairwise(d)))


Answer = tuple[float, float, float, float]  # work, heat [J/kg], UA of LTR and HTR over the flow [J/kg/K]


def simple_recuperated(T: Callable[[str], float]) -> Answer:
    c1 = at_T(P_LOW, T_1)
    c2 = machine(c1, P_HIGH, ETA_C)
    p3, p8 = P_HIGH * (1 - DP["ltr_hp"]), P_LOW / (1 - DP["cooler"])
    t_in = at_T(p3 * (1 - DP["heater"]), T_T)
    t_out = machine(t_in, p8 / (1 - DP["ltr_lp"]), ETA_T)
    q = t_out[2] - at_T(p8, T("ltr_lp_outlet"))[2]
    work = t_in[2] - t_out[2] - c2[2] + c1[2]
    return work, t_in[2] - c2[2] - q, conductance(t_out, p8, c2, p3, q, 1.0, 1.0), 0.0


def two_recuperators(T: Callable[[str], float], layout: str) -> Answer:
    c1 = at_T(P_LOW, T_1)
    c2 = machine(c1, P_HIGH, ETA_C)
    p3 = P_HIGH * (1 - DP["ltr_hp"])
    p4 = p3 * (1 - DP["htr_hp"])
    b = BYPASS if layout == "htr_bypass" else 0.0
    p8, steps = P_LOW / (1 - DP["cooler"]), 0.0
    pre_out = None
    if layout in ("partial_cooling", "recompression_intercooled"):
        pre_in = at_T(P_PRE, T_P)
        pre_out = machine(pre_in, p8, ETA_P)
        steps = (pre_out[2] - pre_in[2]) * (1.0 if layout == "partial_cooling" else 1.0 - F)
        p8 = P_PRE / (1 - DP_COOLER_2)
    p7 = p8 / (1 - DP["ltr_lp"])
    p6 = p7 / (1 - DP["htr_lp"])
    t_in = at_T(p4 * (1 - DP["heater"]), T_T)
    t_out = machine(t_in, p6, ETA_T)
    turbine, reheat = t_in[2] - t_out[2], 0.0
    if layout == "recompression_reheat":
        middle = machine(t_in, P_RH, ETA_T)
        again = at_T(P_RH * (1 - DP_REHEATER), T_RH)
        t_out = machine(again, p6, ETA_T2)
        turbine, reheat = t_in[2] - middle[2] + again[2] - t_out[2], again[2] - middle[2]
    h7, h8 = at_T(p7, T("htr_lp_outlet")), at_T(p8, T("ltr_lp_outlet"))
    r_in = pre_out if layout == "partial_cooling" and pre_out else h8
    r_out = machine(r_in, p3, ETA_R)
    q_l, q_h = h7[2] - h8[2], t_out[2] - h7[2]
    mixed = at_h(p3, (1 - F) * (c2[2] + q_l / (1 - F)) + F * r_out[2])
    h4 = mixed[2] + q_h / (1 - b)
    work = turbine - (1 - F) * (c2[2] - c1[2]) - steps - F * (r_out[2] - r_in[2])
    heat = t_in[2] - (1 - b) * h4 - b * mixed[2] + reheat
    return (work, heat, conductance(h7, p8, c2, p3, q_l, 1 - F, 1.0),
            conductance(t_out, p7, mixed, p4, q_h, 1 - b, 1.0))  # fmt: skip


def turbine_split(T: Callable[[str], float]) -> Answer:
    s, c1 = SPLIT, at_T(P_LOW, T_1)
    c2 = machine(c1, P_HIGH, ETA_C)
    p3, p_m, p_2 = P_HIGH * (1 - DP["ltr_hp"]), P_LOW / (1 - DP["cooler"]), P_HIGH * (1 - DP["htr_hp"])
    t_in = at_T(p3 * (1 - DP["heater"]), T_T)
    t_out = machine(t_in, p_m / (1 - DP["htr_lp"]), ETA_T)
    q_h = (1 - s) * (t_out[2] - at_T(p_m, T("htr_lp_outlet"))[2])
    t2_in = at_h(p_2, c2[2] + q_h / s)
    t2_out = machine(t2_in, p_m / (1 - DP["ltr_lp"]), ETA_T2)
    q_l = s * (t2_out[2] - at_T(p_m, T("ltr_lp_outlet"))[2])
    work = (1 - s) * (t_in[2] - t_out[2]) + s * (t2_in[2] - t2_out[2]) - c2[2] + c1[2]
    heat = (1 - s) * (t_in[2] - c2[2]) - q_l
    return (work, heat, conductance(t2_out, p_m, c2, p3, q_l, 1 - s, s),
            conductance(t_out, p_m, c2, p_2, q_h, s, 1 - s))  # fmt: skip


def cascade(T: Callable[[str], float]) -> Answer:
    s, c1 = SPLIT, at_T(P_LOW, T_1)
    c2 = machine(c1, P_HIGH, ETA_C)
    p3, p8 = P_HIGH * (1 - DP["ltr_hp"]), P_LOW / (1 - DP["cooler"])
    p7, p_2 = p8 / (1 - DP["ltr_lp"]), p3 * (1 - DP["htr_hp"])
    t_in = at_T(P_HIGH * (1 - DP["heater"]), T_T)
    t_out = machine(t_in, p7 / (1 - DP["htr_lp"]), ETA_T)
    l3, h7 = at_T(p3, T("ltr_hp_outlet")), at_T(p7, T("htr_lp_outlet"))
    q_h, q_l = (1 - s) * (t_out[2] - h7[2]), s * (l3[2] - c2[2])
    t2_in = at_h(p_2, l3[2] + q_h / s)
    t2_out = machine(t2_in, p7, ETA_T2)
    mixed = at_h(p7, (1 - s) * h7[2] + s * t2_out[2])
    work = (1 - s) * (t_in[2] - t_out[2]) + s * (t2_in[2] - t2_out[2]) - c2[2] + c1[2]
    return (work, (1 - s) * (t_in[2] - c2[2]), conductance(mixed, p8, c2, p3, q_l, s, 1.0),
            conductance(t_out, p7, l3, p_2, q_h, s, 1 - s))  # fmt: skip


WITH_F = (
    "recompression",
    "partial_cooling",
    "recompression_intercooled",
    "recompression_reheat",
    "htr_bypass",
)
OWN: dict[str, dict[str, float]] = {
    "partial_cooling": {"p_precompressor_in_Pa": P_PRE, "T_precompressor_in_K": T_P, "dp_cooler_2_frac": DP_COOLER_2},
    "recompression_reheat": {"p_reheat_Pa": P_RH, "T_reheat_K": T_RH, "dp_reheater_frac": DP_REHEATER},
    "htr_bypass": {"htr_bypass_fraction": BYPASS}, "turbine_split": {"turbine_split_fraction": SPLIT},
    "cascade": {"turbine_split_fraction": SPLIT},
}  # fmt: skip
OWN["recompression_intercooled"] = OWN["partial_cooling"]
UA_OF = {"turbine_split": (0.5e6, 1.0e6), "cascade": (0.35e6, 0.35e6)}  # far from effectiveness 1


@pytest.mark.parametrize("layout", ["simple_recuperated", *WITH_F, "turbine_split", "cascade"])
def test_layout_against_its_own_equations(layout: str) -> None:
    UA_l, UA_h = UA_OF.get(layout, (0.8e6, 1.0e6))
    given = {f"dp_{k}_frac": v for k, v in DP.items()} | OWN.get(layout, {})
    given |= {"recompression_fraction": F} if layout in WITH_F else {}
    given |= {"UA_htr_W_K": UA_h} if layout != "simple_recuperated" else {}
    r = thermo.design(thermo.CycleSpec(
        layout=layout, W_net_W=W, T_turbine_in_K=T_T, T_compressor_in_K=T_1, p_high_Pa=P_HIGH, p_low_Pa=P_LOW,
        UA_ltr_W_K=UA_l, eta_turbine=ETA_T, eta_turbine_2=ETA_T2, eta_compressor=ETA_C, eta_recompressor=ETA_R,
        eta_precompressor=ETA_P, **given))  # fmt: skip
    assert r.outcome.ok, r.explain

    def T(name: str) -> float:
        return r.states[name].T_K

    if layout in WITH_F:
        work, heat, ua_l, ua_h = two_recuperators(T, layout)
    else:
        known = {"simple_recuperated": simple_recuperated, "turbine_split": turbine_split, "cascade": cascade}
        work, heat, ua_l, ua_h = known[layout](T)
    assert r.eta_thermal == pytest.approx(work / heat, abs=2e-8)
    assert r.m_dot_kg_s == pytest.approx(W / work, rel=1e-7)
    assert ua_l * r.m_dot_kg_s == pytest.approx(UA_l, rel=1e-6)
    if layout != "simple_recuperated":
        assert ua_h * r.m_dot_kg_s == pytest.approx(UA_h, rel=1e-6)
