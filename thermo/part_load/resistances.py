"""Pressures at part load: what each flow resistance of a loop takes (compiled).

    dp = dp_design (m/m_design)^n (rho_design/rho),    n = `friction_exponent`

with the flow through that resistance and the mean of its end densities.
"""

import numpy as np

from thermo.compiled import kernel, part
from thermo.layouts.parts import (
    AFTER_SPLIT,
    CASCADE,
    COOLER_IN,
    HTR_HP,
    HTR_LP,
    LTR_HP,
    LTR_LP,
    LTR_LP_IN,
    MC_IN,
    MC_OUT,
    MIX,
    NO_PRECOMPRESSOR,
    ONE_RECUPERATOR,
    PC_IN,
    PC_OUT,
    RH_OUT,
    T2_OUT,
    T_IN,
    T_OUT,
    TURBINE_SPLIT,
    Inputs,
)
from thermo.machines.turbomachinery import RHO_

# entries of the arrays of pressure drops, mean densities and flow shares
LTR_HP_DP, HTR_HP_DP, HEATER_DP, HTR_LP_DP, LTR_LP_DP, COOLER_DP, COOLER_2_DP, REHEATER_DP = range(8)


@kernel
def mean_densities(c: Inputs, st: np.ndarray) -> np.ndarray:
    """Mean densities [kg/m3] in the resistances, by half the sum of the ends'."""
    rho = np.ones(8)
    hot_in, cold_in, between, heater_in, cooler_in = HTR_LP, MC_OUT, MIX, HTR_HP, LTR_LP
    if c.kind == ONE_RECUPERATOR:
        hot_in, heater_in = T_OUT, LTR_HP
    elif c.kind == TURBINE_SPLIT:
        hot_in, between, heater_in, cooler_in = T2_OUT, MC_OUT, LTR_HP, COOLER_IN
    elif c.kind == CASCADE:
        hot_in, between, heater_in = LTR_LP_IN, LTR_HP, MC_OUT
    rho[LTR_HP_DP] = 0.5 * (st[cold_in, RHO_] + st[LTR_HP, RHO_])
    rho[HEATER_DP] = 0.5 * (st[heater_in, RHO_] + st[T_IN, RHO_])
    rho[LTR_LP_DP] = 0.5 * (st[hot_in, RHO_] + st[LTR_LP, RHO_])
    if c.kind != ONE_RECUPERATOR:
        rho[HTR_HP_DP] = 0.5 * (st[between, RHO_] + st[HTR_HP, RHO_])
        rho[HTR_LP_DP] = 0.5 * (st[T_OUT, RHO_] + st[HTR_LP, RHO_])
    if c.precompressor != NO_PRECOMPRESSOR:
        rho[COOLER_DP] = 0.5 * (st[PC_OUT, RHO_] + st[MC_IN, RHO_])
        rho[COOLER_2_DP] = 0.5 * (st[LTR_LP, RHO_] + st[PC_IN, RHO_])
    else:
        rho[COOLER_DP] = 0.5 * (st[cooler_in, RHO_] + st[MC_IN, RHO_])
    if c.reheat == 1:
        rho[REHEATER_DP] = st[RH_OUT, RHO_]
    return rho


@part
def side_flows(c: Inputs, f: float, s: float) -> np.ndarray:
    """Share of the total flow through each resistance, in their order."""
    x = np.ones(8)
    main, a, b = 1.0 - f, 1.0 - s, s
    if c.kind == TURBINE_SPLIT:
        x[LTR_HP_DP] = x[HEATER_DP] = x[HTR_LP_DP] = a
        x[HTR_HP_DP] = x[LTR_LP_DP] = b
    elif c.kind == CASCADE:
        x[LTR_HP_DP] = x[HTR_HP_DP] = b
        x[HEATER_DP] = x[HTR_LP_DP] = a
    else:
        x[LTR_HP_DP] = x[COOLER_DP] = main
        x[HTR_HP_DP] = a
        x[COOLER_2_DP] = main if c.precompressor == AFTER_SPLIT else 1.0
    return x


@part
def with_pressures(
    c: Inputs, p_low: float, p_high: float, p_pc: float, p_rh: float, f: float, s: float, dp: np.ndarray
) -> Inputs:
    """The design's inputs with an operating point's pressures [Pa] and fractions."""
    p3 = p_high - dp[LTR_HP_DP]
    p5 = p3 - dp[HTR_HP_DP] if c.kind != ONE_RECUPERATOR else p3
    p_in = p5 - dp[HEATER_DP]
    p9, p_pc_in, p_pc_out = p_low + dp[COOLER_DP], 0.0, 0.0
    if c.precompressor != NO_PRECOMPRESSOR:
        p_pc_in, p_pc_out, p9 = p_pc, p_low + dp[COOLER_DP], p_pc + dp[COOLER_2_DP]
    p8 = p9 + dp[LTR_LP_DP]
    p_out, p_t2 = p8 + dp[HTR_LP_DP], 0.0
    if c.kind == ONE_RECUPERATOR:
        p_out = p8
    elif c.kind == TURBINE_SPLIT:
        p_in, p5, p8 = p3 - dp[HEATER_DP], p_high - dp[HTR_HP_DP], p9
        p_out, p_t2 = p9 + dp[HTR_LP_DP], p9 + dp[LTR_LP_DP]
    elif c.kind == CASCADE:
        p_in, p_t2 = p_high - dp[HEATER_DP], p8
    return Inputs(
        c.kind, c.precompressor, c.reheat, c.T_mc_in, c.T_pc_in, c.T_turbine_in, c.T_reheat, p_low, p_high, p_pc_in,
        p_pc_out, p3, p5, p_in, p_rh + dp[REHEATER_DP], p_rh, p_out, p8, p9, p_t2, f, s, c.eta_t, c.eta_t2, c.eta_c,
        c.eta_r, c.eta_p, c.model, c.n, 0, c.x_ltr, 0, c.x_htr, 0.0, c.m_dot, c.table,
    )  # fmt: skip


@part
def with_machines(
    c: Inputs, T_mc: float, T_pc: float, T_in: float, T_rh: float, eta: tuple, n: int, ua: tuple, m: float,
    table: np.ndarray,
) -> Inputs:  # fmt: skip
    """Inputs with an operating point's temperatures, efficiencies, conductances and flow."""
    return Inputs(
        c.kind, c.precompressor, c.reheat, T_mc, T_pc, T_in, T_rh, c.p_mc_in, c.p_mc_out, c.p_pc_in, c.p_pc_out,
        c.p_ltr_hp, c.p_htr_hp, c.p_turbine_in, c.p_hpt_out, c.p_reheat, c.p_turbine_out, c.p_htr_lp, c.p_ltr_lp,
        c.p_t2_out, c.f, c.split, eta[0], eta[1], eta[2], eta[3], eta[4], c.model, n, 0, ua[0], 0, ua[1], 0.0, m, table,
    )  # fmt: skip
