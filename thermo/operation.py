"""One operating point of fixed hardware, compiled: the cycle at given low and high pressure, for every layout.

Hardware known from the design: nozzle areas of the turbines, maps and wheels of the compressors, conductances, flow
resistances, coolers. At each point:

    turbine flow    m = A rho_in C_s, C_s = sqrt(2 dh_s): high pressure slides with flow at a held inlet temperature; with
                    reheat the second turbine's flow sets the pressure between; side by side they set the split
    compressors     `maps`: one speed for the shaft; main compressor and recompressor share the flow by their maps, which
                    sets the recompression fraction; a precompressor's map sets the lowest pressure
    recuperators    UA ~ m^0.8 of each side in series,  dp ~ m^1.75 / rho
    coolers         UA with both flows; CO2 leaves as cold as the fans make it, or held at the least temperature by slower fans

These depend weakly on each other, so they are updated in turn around the solve of the layout until nothing moves.

Limits: bypass share of htr_bypass held at design; recycled flow goes through the cooler; quasi-steady.
"""

import math
from typing import NamedTuple

import numpy as np

from .compiled import njit
from .cooler import N_SEGMENTS, fan_speed_needed, ua_available, ua_needed
from .flash import BY_S, flash, isentropic, march
from .helmholtz import properties
from .layouts.parts import (
    AFTER_SPLIT,
    BEFORE_SPLIT,
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
    NO_STATE,
    NO_WORK,
    ONE_RECUPERATOR,
    PC_IN,
    PC_OUT,
    RH_OUT,
    SOLVED,
    T2_IN,
    T2_OUT,
    T_IN,
    T_OUT,
    TURBINE_SPLIT,
    Inputs,
)  # fmt: skip
from .layouts.solve import solve
from .maps import common_speed, compressor_efficiency, compressor_head, turbine_efficiency
from .property_table import march_table
from .turbomachinery import H_, P_, RHO_, S_, T_, set_pT

# resistances: entries of the arrays of pressure drops and mean densities
LTR_HP_DP, HTR_HP_DP, HEATER_DP, HTR_LP_DP, LTR_LP_DP, COOLER_DP, COOLER_2_DP, REHEATER_DP = range(8)
F_MOST = 0.75  # greatest recompression fraction at part load


class Hardware(NamedTuple):
    """What the design fixed. Flows [kg/s], heads [J/kg], densities [kg/m3], pressures [Pa], UA [W/K]."""

    c: Inputs  # the design point's inputs: topology, temperatures, efficiencies, segments
    m: float
    nozzle: float  # m^2-like constant: m / (rho_in C_s)
    C_s: float
    nozzle_2: float
    C_s_2: float
    head_c: float
    head_r: float
    head_p: float
    rho_c: float
    rho_r: float
    rho_p: float
    UA_cooler: np.ndarray  # of both coolers
    dp: np.ndarray
    rho: np.ndarray
    nu: float
    phi: float
    phi_min: float
    phi_max: float
    ua_exp: float
    dp_exp: float
    dp_with_density: float  # 1: pressure drops follow density too, 0: flow only
    air_share: float
    air_exp: float


class Air(NamedTuple):
    """Air at a point: temperature [K]; at full fan speed its capacity rates [W/K] at both coolers and flow over that at
    design; least compressor inlet [K]; fan speed set; own exhaust in the intake, r/(1-r)."""

    T: float
    C_full: np.ndarray
    ratio_full: float
    T_min: float
    fan: float
    recirculation: float


class Running(NamedTuple):
    """How the machines run: fan speeds of both coolers, shaft speed, flow coefficients of main compressor, recompressor
    and precompressor, recycled flow over useful flow of main compressor and precompressor."""

    fan: float
    fan_2: float
    speed: float
    phi_c: float
    phi_r: float
    phi_p: float
    recycle_c: float
    recycle_p: float


@njit(cache=True)
def mean_densities(c: Inputs, st: np.ndarray) -> np.ndarray:
    """Mean densities [kg/m3] in the resistances, by half the sum of the ends'."""
    r = st[:, RHO_]
    rho = np.ones(8)
    hot_in, cold_in, between, heater_in, cooler_in = HTR_LP, MC_OUT, MIX, HTR_HP, LTR_LP
    if c.kind == ONE_RECUPERATOR:
        hot_in, heater_in = T_OUT, LTR_HP
    elif c.kind == TURBINE_SPLIT:
        hot_in, between, heater_in, cooler_in = T2_OUT, MC_OUT, LTR_HP, COOLER_IN
    elif c.kind == CASCADE:
        hot_in, between, heater_in = LTR_LP_IN, LTR_HP, MC_OUT
    rho[LTR_HP_DP] = 0.5 * (r[cold_in] + r[LTR_HP])
    rho[HEATER_DP] = 0.5 * (r[heater_in] + r[T_IN])
    rho[LTR_LP_DP] = 0.5 * (r[hot_in] + r[LTR_LP])
    if c.kind != ONE_RECUPERATOR:
        rho[HTR_HP_DP] = 0.5 * (r[between] + r[HTR_HP])
        rho[HTR_LP_DP] = 0.5 * (r[T_OUT] + r[HTR_LP])
    if c.precompressor != NO_PRECOMPRESSOR:
        rho[COOLER_DP] = 0.5 * (r[PC_OUT] + r[MC_IN])
        rho[COOLER_2_DP] = 0.5 * (r[LTR_LP] + r[PC_IN])
    else:
        rho[COOLER_DP] = 0.5 * (r[cooler_in] + r[MC_IN])
    if c.reheat == 1:
        rho[REHEATER_DP] = r[RH_OUT]
    return rho


@njit(cache=True)
def _side_flows(c: Inputs, f: float, s: float) -> np.ndarray:
    """Share of the total flow through each resistance, in their order."""
    x = np.ones(8)
    main, a, b = 1.0 - f, 1.0 - s, s
    if c.kind == TURBINE_SPLIT:
        x[:6] = (a, b, a, a, b, 1.0)
    elif c.kind == CASCADE:
        x[:6] = (b, b, a, a, 1.0, 1.0)
    else:
        x[LTR_HP_DP] = x[COOLER_DP] = main
        x[HTR_HP_DP] = a
        x[COOLER_2_DP] = main if c.precompressor == AFTER_SPLIT else 1.0
    return x


@njit(cache=True)
def _conductance(hot: float, cold: float, exponent: float) -> float:
    """UA over its design value at flows relative to design, both films alike at design."""
    return 2.0 / (hot**-exponent + cold**-exponent)


@njit(cache=True)
def _head(row: np.ndarray, p_out: float, near: np.ndarray) -> float:
    """Isentropic enthalpy change [J/kg] from a state to a pressure; `near` keeps the last (rho, T) there. -1: no state."""
    ok, rho, T = False, 0.0, 0.0
    if near[0] > 0.0:
        ok, rho, T = flash(BY_S, p_out, row[S_], near[0], near[1])
    if not ok:
        ok, rho, T = isentropic(p_out, row[S_], row[P_], row[RHO_], row[T_])
    if not ok:
        return -1.0
    near[0], near[1] = rho, T
    return abs(properties(rho, T)[1] - row[H_])


@njit(cache=True)
def _pressures(
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


@njit(cache=True)
def _with(
    c: Inputs, T_mc: float, T_pc: float, T_in: float, T_rh: float, eta: tuple, n: int, ua: tuple, m: float,
    table: np.ndarray,
) -> Inputs:  # fmt: skip
    """Inputs with an operating point's temperatures, efficiencies, conductances and flow."""
    return Inputs(
        c.kind, c.precompressor, c.reheat, T_mc, T_pc, T_in, T_rh, c.p_mc_in, c.p_mc_out, c.p_pc_in, c.p_pc_out,
        c.p_ltr_hp, c.p_htr_hp, c.p_turbine_in, c.p_hpt_out, c.p_reheat, c.p_turbine_out, c.p_htr_lp, c.p_ltr_lp,
        c.p_t2_out, c.f, c.split, eta[0], eta[1], eta[2], eta[3], eta[4], c.model, n, 0, ua[0], 0, ua[1], 0.0, m, table,
    )  # fmt: skip


@njit(cache=True)
def _cooler_miss(
    hw: Hardware, air: Air, j: int, q: float, h_in: float, p_in: float, cold: np.ndarray, flow_ratio: float,
    table: np.ndarray, T: np.ndarray,
) -> float:  # fmt: skip
    """log of the conductance that a cooler needs over what it has at the set fan speed; nan without a state."""
    if table.size > 0:
        ok = march_table(table, N_SEGMENTS, cold[H_], cold[P_], h_in, p_in, T)
    else:
        rho = np.empty(N_SEGMENTS + 1)
        ok = march(N_SEGMENTS, cold[H_], cold[P_], h_in, p_in, cold[RHO_], cold[T_], rho, T)
    if not ok:
        return np.nan
    T[:] = T[::-1].copy()
    C = air.fan * air.C_full[j]
    need = ua_needed(q, T, air.T + air.recirculation * q / C, C)
    have = ua_available(
        hw.UA_cooler[j], air.fan * air.ratio_full, flow_ratio, hw.air_share, hw.air_exp, hw.ua_exp
    )
    return min(3.0, math.log(need / have)) if np.isfinite(need) else 3.0


@njit(cache=True)
def _inlet_step(T: float, T_old: float, g: float, g_old: float, air: Air, first: bool) -> float:
    """Next compressor inlet temperature [K]: secant on the cooler's miss, which falls with it; held at the least one."""
    if air.T_min + 1e-12 >= T and g <= 0.0:
        return air.T_min
    slope = -1.0 / max(T - air.T, 1.0)
    if not first and abs(T - T_old) > 1e-9:
        s = (g - g_old) / (T - T_old)
        slope = s if s < 0.3 * slope else slope
    return max(air.T_min, T + max(-8.0, min(8.0, -g / slope)))


@njit(cache=True)
def _speeds(hw: Hardware, st: np.ndarray, heads: tuple, m: float, n: float) -> tuple:
    """(speed, f, recycled over useful flow of the main compressor, phi_c, phi_r) of the shaft."""
    d = hw.c
    cap_c = hw.m * (1.0 - d.f) * st[MC_IN, RHO_] / hw.rho_c
    cap_r, rc_in = 0.0, PC_OUT if d.precompressor == BEFORE_SPLIT else LTR_LP
    if d.f > 0.0:
        cap_r = hw.m * d.f * st[rc_in, RHO_] / hw.rho_r
    n, q_c, q_r = common_speed(
        (heads[0] / hw.head_c, heads[1] / hw.head_r if d.f > 0.0 else 0.0), (cap_c, cap_r), m, hw.phi_min, hw.phi_max,
        hw.phi, n,
    )  # fmt: skip
    f = min(F_MOST, q_r / m)
    phi_c = hw.phi * q_c / cap_c / n
    phi_r = hw.phi * q_r / cap_r / n if d.f > 0.0 else hw.phi
    return n, f, max(0.0, q_c / ((1.0 - f) * m) - 1.0), phi_c, phi_r


@njit(cache=True)
def _relative_efficiency(hw: Hardware, phi: float, n: float) -> float:
    return max(0.3, compressor_efficiency(phi, n) / compressor_efficiency(hw.phi, 1.0))


@njit(cache=True, nogil=True)
def operate(hw: Hardware, air: Air, p_low: float, p_high: float, T_in: float, n_segments: int, table: np.ndarray,
            tol: float, start: tuple, st_start: np.ndarray, jac: np.ndarray) -> tuple:  # fmt: skip
    """Solve one point at given low and high pressure [Pa] and turbine inlet temperature [K].

    start: (flow [kg/s], compressor inlet, precompressor inlet [K], x, y of the layout, precompressor inlet and reheat
    pressure [Pa], speed, f, s) of a near point, st_start its states. Returns (status, inputs, flow, start for the next,
    states, exchangers, shaft work [W] without recycling, heat [W], Running).
    """
    d = hw.c
    m, T1, T_pc, x, y, p_pc, p_rh, n, f, s = start
    st, hx, rho = st_start.copy(), np.zeros(4), mean_densities(d, st_start)
    T1, T_pc = max(T1, air.T_min), max(T_pc, air.T_min)
    near, T_co2, row = np.zeros((5, 2)), np.empty(N_SEGMENTS + 1), np.empty(5)
    ratio_d = _side_flows(d, d.f, d.split)
    k_c = k_p = T1_old = T_pc_old = g1_old = g2_old = work = heat = 0.0
    phi_c = phi_r = phi_p = hw.phi
    T_rh = d.T_reheat + T_in - d.T_turbine_in
    eta = (d.eta_t, d.eta_t2, d.eta_c, d.eta_r, d.eta_p)
    dead = Running(1.0, 1.0, n, phi_c, phi_r, phi_p, 0.0, 0.0)
    c, change, status = d, 0.1, SOLVED
    for k in range(60):
        m_old, f_old, s_old, T1_now, T_pc_now, rho_now, p_pc_old = m, f, s, T1, T_pc, rho, p_pc
        # turbines: flow at the pressures that the resistances leave
        flows = m / hw.m * _side_flows(d, f, s) / ratio_d
        if d.precompressor == NO_PRECOMPRESSOR:
            flows[COOLER_DP] *= 1.0 + k_c
        dp = hw.dp * flows**hw.dp_exp * (hw.rho / rho) ** hw.dp_with_density
        c = _pressures(d, p_low, p_high, p_pc, p_rh, f, s, dp)
        if c.p_turbine_in <= 1.02 * c.p_turbine_out or not set_pT(st[T_IN], c.p_turbine_in, T_in):
            return NO_WORK, c, m, start, st, hx, 0.0, 0.0, dead
        drop = _head(st[T_IN], c.p_hpt_out if d.reheat == 1 else c.p_turbine_out, near[0])
        if drop <= 0.0:
            return NO_WORK, c, m, start, st, hx, 0.0, 0.0, dead
        C_s, C_s2 = math.sqrt(2.0 * drop), hw.C_s_2
        m1 = hw.nozzle * st[T_IN, RHO_] * C_s
        m = m1
        if d.reheat == 1 or d.kind == TURBINE_SPLIT or d.kind == CASCADE:
            second, out = T2_IN, c.p_t2_out
            if d.reheat == 1:
                second, out = RH_OUT, c.p_turbine_out
                if not set_pT(st[RH_OUT], p_rh, T_rh):
                    return NO_STATE, c, m, start, st, hx, 0.0, 0.0, dead
            drop2 = _head(st[second], out, near[1])
            if drop2 <= 0.0:
                return NO_WORK, c, m, start, st, hx, 0.0, 0.0, dead
            C_s2 = math.sqrt(2.0 * drop2)
            m2 = hw.nozzle_2 * st[second, RHO_] * C_s2
            if d.reheat == 1:
                p_rh *= min(1.1, max(0.9, (m1 / m2) ** 0.4))
            else:
                m = m1 + m2
                s += 0.7 * (m2 / m - s)
        # compressors: one speed, the flow shared by their maps
        if not set_pT(st[MC_IN], p_low, T1):
            return NO_STATE, c, m, start, st, hx, 0.0, 0.0, dead
        head_c = _head(st[MC_IN], p_high, near[2])
        rc_in = PC_OUT if d.precompressor == BEFORE_SPLIT else LTR_LP
        head_r = _head(st[rc_in], c.p_ltr_hp, near[3]) if d.f > 0.0 else 0.0
        if head_c <= 0.0 or head_r < 0.0:
            return NO_STATE, c, m, start, st, hx, 0.0, 0.0, dead
        n, f_new, k_c, phi_c, phi_r = _speeds(hw, st, (head_c, head_r), m, n)
        f += (0.7 if k > 0 else 1.0) * (f_new - f)
        eta_p = d.eta_p
        if d.precompressor != NO_PRECOMPRESSOR:
            if not set_pT(row, p_pc, T_pc):
                return NO_STATE, c, m, start, st, hx, 0.0, 0.0, dead
            share = 1.0 if d.precompressor == BEFORE_SPLIT else (1.0 - f) / (1.0 - d.f)
            phi_p = hw.phi * m / hw.m * share * hw.rho_p / row[RHO_] / n
            k_p = max(0.0, hw.phi_min / phi_p - 1.0)
            phi_p = max(phi_p, hw.phi_min)
            have = (
                hw.head_p * compressor_head(min(phi_p, hw.phi_max), n) / compressor_head(hw.phi, 1.0) * n * n
            )
            short = have - _head(row, c.p_pc_out, near[4])
            p_pc *= math.exp(max(-0.05, min(0.05, -0.8 * short * row[RHO_] / p_pc)))
            p_pc = min(p_pc, 0.99 * c.p_pc_out)
            eta_p *= _relative_efficiency(hw, min(phi_p, hw.phi_max), n)
        nu = min(max(hw.nu * n * hw.C_s / C_s, 0.2), 1.2)
        nu2 = min(max(hw.nu * n * hw.C_s_2 / C_s2, 0.2), 1.2)
        peak = turbine_efficiency(hw.nu)
        eta = (
            d.eta_t * turbine_efficiency(nu) / peak, d.eta_t2 * turbine_efficiency(nu2) / peak,
            d.eta_c * _relative_efficiency(hw, phi_c, n), d.eta_r * _relative_efficiency(hw, phi_r, n), eta_p,
        )  # fmt: skip
        # the layout at these pressures, efficiencies and conductances
        sides = m / hw.m * _side_flows(d, f, s) / ratio_d
        ua = (d.x_ltr * _conductance(sides[LTR_LP_DP], sides[LTR_HP_DP], hw.ua_exp),
              d.x_htr * _conductance(sides[HTR_LP_DP], sides[HTR_HP_DP], hw.ua_exp))  # fmt: skip
        c = _with(
            _pressures(d, p_low, p_high, p_pc, p_rh, f, s, dp),
            T1,
            T_pc,
            T_in,
            T_rh,
            eta,
            n_segments,
            ua,
            m,
            table,
        )
        status, _m, x_new, y_new, work, heat, st_new, hx = solve(c, x, y, jac, max(1e-10, 0.1 * change))
        if status != SOLVED:
            return status, c, m, start, st_new, hx, 0.0, 0.0, dead
        st, x, y = st_new, x_new, y_new
        rho = mean_densities(d, st)
        # coolers, with what the recycle valves bring to their inlets
        inlet = (
            PC_OUT
            if d.precompressor != NO_PRECOMPRESSOR
            else (COOLER_IN if d.kind == TURBINE_SPLIT else LTR_LP)
        )
        useful = (1.0 - f) * m
        h_in = (st[inlet, H_] + k_c * st[MC_OUT, H_]) / (1.0 + k_c)
        q1 = useful * (1.0 + k_c) * (h_in - st[MC_IN, H_])
        if q1 <= 0.0:
            return NO_WORK, c, m, start, st, hx, 0.0, 0.0, dead
        g1 = _cooler_miss(hw, air, 0, q1, h_in, st[inlet, P_], st[MC_IN], (1.0 + k_c) * useful / ((1.0 - d.f) * hw.m), table,
                          T_co2)  # fmt: skip
        g2, q2, h2_in, useful2 = 0.0, 0.0, 0.0, 0.0
        if d.precompressor != NO_PRECOMPRESSOR:
            useful2 = m if d.precompressor == BEFORE_SPLIT else useful
            h2_in = (st[LTR_LP, H_] + k_p * st[PC_OUT, H_]) / (1.0 + k_p)
            q2 = useful2 * (1.0 + k_p) * (h2_in - st[PC_IN, H_])
            g2 = _cooler_miss(
                hw, air, 1, q2, h2_in, st[LTR_LP, P_], st[PC_IN], (1.0 + k_p) * m / hw.m, table, T_co2
            )
        if np.isnan(g1 + g2):
            return NO_STATE, c, m, start, st, hx, 0.0, 0.0, dead
        T1 = _inlet_step(T1_now, T1_old, g1, g1_old, air, k == 0)
        T1_old, g1_old = T1_now, g1
        if d.precompressor != NO_PRECOMPRESSOR:
            T_pc = _inlet_step(T_pc_now, T_pc_old, g2, g2_old, air, k == 0)
            T_pc_old, g2_old = T_pc_now, g2
        change = max(
            abs(m / m_old - 1.0), abs(T1 - T1_now) / 300.0, abs(T_pc - T_pc_now) / 300.0, abs(f - f_old)
        )
        change = max(
            change,
            abs(s - s_old),
            abs(p_rh - c.p_reheat) / p_high,
            abs(p_pc / p_pc_old - 1.0) if p_pc_old > 0.0 else 0.0,
        )
        change = max(change, 0.03 * np.max(np.abs(rho / rho_now - 1.0)))
        if change < tol and k > 0:
            break
    if change >= tol:
        return NO_STATE, c, m, start, st, hx, 0.0, 0.0, dead
    fan, fan_2 = air.fan, air.fan if d.precompressor != NO_PRECOMPRESSOR else 0.0
    if T1_now <= air.T_min + 1e-9 and g1 < 0.0:
        g1 = _cooler_miss(hw, air, 0, q1, h_in, st[inlet, P_], st[MC_IN], 1.0, table, T_co2)
        fan = min(air.fan, fan_speed_needed(q1, T_co2, air.T, air.C_full[0], air.ratio_full,
                                            (1.0 + k_c) * useful / ((1.0 - d.f) * hw.m), hw.UA_cooler[0], hw.air_share,
                                            hw.air_exp, hw.ua_exp, air.recirculation))  # fmt: skip
    if d.precompressor != NO_PRECOMPRESSOR and T_pc_now <= air.T_min + 1e-9 and g2 < 0.0:
        g2 = _cooler_miss(hw, air, 1, q2, h2_in, st[LTR_LP, P_], st[PC_IN], 1.0, table, T_co2)
        fan_2 = min(air.fan, fan_speed_needed(q2, T_co2, air.T, air.C_full[1], air.ratio_full, (1.0 + k_p) * m / hw.m,
                                              hw.UA_cooler[1], hw.air_share, hw.air_exp, hw.ua_exp,
                                              air.recirculation))  # fmt: skip
    run = Running(fan, fan_2, n, phi_c, phi_r, phi_p, k_c, k_p)
    follow = (m, c.T_mc_in, c.T_pc_in, x, y, p_pc, p_rh, n, f, s)
    return SOLVED, c, m, follow, st, hx, m * work, m * heat, run
