"""One operating point of fixed hardware, compiled: the cycle at a given low pressure, for every layout.

Hardware known from the design: nozzle areas of the turbines, maps and wheels of the compressors, conductances, flow
resistances, coolers. At each point:

    turbine flow    m = A rho_in C_s, C_s = sqrt(2 dh_s): high pressure slides with flow; with reheat the second turbine's
                    flow sets the pressure between; side by side they set the split
    compressors     `maps`: one speed for the shaft; main compressor and recompressor share the flow by their maps, which
                    sets the recompression fraction; a precompressor's map sets the lowest pressure
    recuperators    UA ~ m^0.8 of each side in series,  dp ~ m^1.75 / rho
    coolers         UA with both flows; CO2 leaves as cold as the fans make it, or at the least temperature by slower fans
    heater          turbine inlet held, or as hot as a given stream makes it in the primary heater's fixed conductance

What closes the point (`Goal`): the high pressure itself, the shaft's speed, or the net power; the high pressure is then one
of the unknowns. All unknowns together are a fixed point v = g(v), found with `accelerate`; each pass solves the layout's
recuperators (`layouts.solve`) at the present pressures, efficiencies and conductances.

Limits: bypass share of htr_bypass held at design; recycled flow goes through the cooler; quasi-steady.
"""

import math
from typing import NamedTuple

import numpy as np

from thermo.co2.flash import BY_S, isentropic, march
from thermo.co2.helmholtz import properties
from thermo.co2.property_flash import exact
from thermo.co2.property_table import march_table
from thermo.cold_end.cooler import N_SEGMENTS
from thermo.compiled import kernel, part
from thermo.exchangers.recuperator import lmtd
from thermo.layouts.parts import (
    BEFORE_SPLIT,
    CASCADE,
    COOLER_IN,
    LTR_LP,
    MC_IN,
    MC_OUT,
    NO_PRECOMPRESSOR,
    NO_STATE,
    NO_WORK,
    PC_IN,
    PC_OUT,
    SOLVED,
    T2_IN,
    T_IN,
    TURBINE_SPLIT,
    Inputs,
)
from thermo.layouts.solve import solve
from thermo.machines.turbomachinery import H_, P_, RHO_, S_, T_, set_ph_by, set_pT_by
from thermo.part_load.accelerate import copy, forget, next_guess, remember
from thermo.part_load.cold_side import Air, Cooling, Duty, co2_temperatures, fan_speed, outlet
from thermo.part_load.maps import common_speed, compressor_efficiency, compressor_head, turbine_efficiency
from thermo.part_load.resistances import (
    COOLER_DP,
    HTR_HP_DP,
    HTR_LP_DP,
    LTR_HP_DP,
    LTR_LP_DP,
    mean_densities,
    side_flows,
    with_machines,
    with_pressures,
)

STALE = 25  # passes without a lesser change after which a cascade is given up: its recuperators in series cost 25 ms a pass
F_MOST = 0.75  # greatest recompression fraction at part load
N_HEATER = 20
# unknowns: flow / design; f; s; enthalpy at compressor and precompressor inlet [1e5 J/kg]; log of the pressures before the
# precompressor, after the first turbine, and high; recycled over useful flow; turbine inlet, and inlet of recompressor or
# second turbine [100 K]; from V_RHO on: logs of the mean densities
V_M, V_F, V_S, V_H1, V_HPC, V_PPC, V_PRH, V_K, V_PH, V_TIN, V_MID, V_RHO = range(12)
N_UNKNOWN = V_RHO + 8
BY_PRESSURE, BY_SPEED, BY_POWER = range(3)


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
    air_share: np.ndarray  # of both coolers
    air_exp: float


class Net(NamedTuple):
    """Net power = keep W_shaft - fixed - fans - blower - pumps [W]; rated: at design; fan_W: both coolers' at full speed,
    fan_least: least fan speed, below which louvres or a bypass take over; blower: see `blower_W`; pump_frac: a cooling
    tower's pumps over the heat rejected."""

    keep: float
    fixed: float
    rated: float
    fan_W: np.ndarray
    fan_least: float
    pump_frac: float
    blower: np.ndarray
    heat_return: int  # row of the state in which CO2 meets the heater


class HotStream(NamedTuple):
    """Hot stream at the primary heater: inlet [K], capacity rate [W/K] (0: none, the turbine inlet is held); UA [W/K] =
    UA_design / (hot_part + co2_share (m/m_design)^-exponent)."""

    T: float
    C: float
    UA: float
    hot_part: float
    co2_share: float
    exponent: float


class Goal(NamedTuple):
    """What closes a point: kind (BY_PRESSURE, BY_SPEED, BY_POWER) and its value [Pa, relative, W]; bounds of the high
    pressure [Pa]; least shaft speed, held by recycling."""

    kind: int
    value: float
    p_least: float
    p_most: float
    n_min: float


class Running(NamedTuple):
    """How a point runs: fan speeds of both coolers, shaft speed, flow coefficients of main compressor, recompressor and
    precompressor, recycled over useful flow of main compressor and precompressor, shaft and net power, heat [W]."""

    fan: float
    fan_2: float
    speed: float
    phi_c: float
    phi_r: float
    phi_p: float
    recycle_c: float
    recycle_p: float
    W_shaft: float
    W_net: float
    Q: float


DEAD = Running(1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


@part
def _head(table: np.ndarray, row: np.ndarray, p_out: float) -> float:
    """Isentropic enthalpy change [J/kg] from a state to a pressure. -1: no state."""
    if table.size > 0:
        ok, rho, T = exact(table, BY_S, p_out, row[S_])
    else:
        ok, rho, T = isentropic(p_out, row[S_], row[P_], row[RHO_], row[T_])
    return abs(properties(rho, T)[1] - row[H_]) if ok else -1.0


@part
def _conductance(hot: float, cold: float, exponent: float) -> float:
    """UA over its design value at flows relative to design, both films alike at design."""
    return 2.0 / (hot**-exponent + cold**-exponent)


@kernel
def blower_W(fit: np.ndarray, Q: float, T: float) -> float:
    """Blower power [W] of the fired heater by its fit: log quadratic in log heat and in return temperature."""
    if fit.size == 0:
        return 0.0
    a, b = math.log(max(Q, 1.0) / fit[9]), (T - fit[10]) / 100.0
    total = 0.0
    for i in range(3):
        total += a**i * (fit[3 * i] + b * (fit[3 * i + 1] + b * fit[3 * i + 2]))
    return math.exp(total) + fit[11]


@part
def _turbines(
    hw: Hardware, c: Inputs, v: np.ndarray, T_rh: float, table: np.ndarray, row: np.ndarray
) -> tuple:
    """(flow [kg/s], first C_s, second C_s [m/s], split, log step of the reheat pressure); flow 0: none."""
    none = (0.0, 0.0, 0.0, 0.0, 0.0)
    if c.p_turbine_in <= 1.02 * c.p_turbine_out or not set_pT_by(
        table, row, c.p_turbine_in, 100.0 * v[V_TIN]
    ):
        return none
    drop = _head(table, row, c.p_hpt_out if c.reheat == 1 else c.p_turbine_out)
    if drop <= 0.0:
        return none
    C_s, C_s2, split, step = math.sqrt(2.0 * drop), hw.C_s_2, c.split, 0.0
    m = hw.nozzle * row[RHO_] * C_s
    if c.reheat == 1 or c.kind == TURBINE_SPLIT or c.kind == CASCADE:
        p, T, out = (
            (c.p_reheat, T_rh, c.p_turbine_out)
            if c.reheat == 1
            else (c.p_htr_hp, 100.0 * v[V_MID], c.p_t2_out)
        )
        if p <= out or not set_pT_by(table, row, p, T):
            return none
        drop = _head(table, row, out)
        if drop <= 0.0:
            return none
        C_s2 = math.sqrt(2.0 * drop)
        m2 = hw.nozzle_2 * row[RHO_] * C_s2
        if c.reheat == 1:
            step = 0.6 * math.log(m / m2)
        else:
            m += m2
            split = m2 / m
    return m, C_s, C_s2, split, step


class Shaft(NamedTuple):
    """Compressors at one speed: speed, f, recycled over useful flow, flow coefficients, main compressor's inlet [K]."""

    n: float
    f: float
    k: float
    phi_c: float
    phi_r: float
    T_in: float


@part
def _shaft(hw: Hardware, c: Inputs, v: np.ndarray, m: float, n: float, n_min: float, table: np.ndarray, row: np.ndarray
           ) -> Shaft:  # fmt: skip
    """Main compressor and recompressor; n = 0: no state."""
    d, none = hw.c, Shaft(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    if not set_ph_by(table, row, c.p_mc_in, 1e5 * v[V_H1], 0.0, 0.0):
        return none
    T_c = row[T_]
    head_c, rho_c = _head(table, row, c.p_mc_out), row[RHO_]
    head_r, rho_r = 0.0, 1.0
    if d.f > 0.0:
        p = c.p_pc_out if d.precompressor == BEFORE_SPLIT else c.p_ltr_lp
        if not set_pT_by(table, row, p, 100.0 * v[V_MID]):
            return none
        head_r, rho_r = _head(table, row, c.p_ltr_hp), row[RHO_]
    if head_c <= 0.0 or head_r < 0.0:
        return none
    cap_c, cap_r = hw.m * (1.0 - d.f) * rho_c / hw.rho_c, hw.m * d.f * rho_r / hw.rho_r
    heads = (head_c / hw.head_c, head_r / hw.head_r if d.f > 0.0 else 0.0)
    n, q_c, q_r = common_speed(heads, (cap_c, cap_r), m, hw.phi_min, hw.phi_max, hw.phi, n, n_min)
    f = min(F_MOST, q_r / m)
    phi_r = hw.phi * f * m / cap_r / n if d.f > 0.0 else hw.phi
    return Shaft(n, f, max(0.0, q_c / ((1.0 - f) * m) - 1.0), hw.phi * q_c / cap_c / n, phi_r, T_c)


@part
def _precompressor(
    hw: Hardware, c: Inputs, v: np.ndarray, m: float, n: float, table: np.ndarray, row: np.ndarray
) -> tuple:
    """(flow coefficient, recycled over useful flow, log step of its inlet pressure, its inlet [K]); first 0: no state."""
    d = hw.c
    if not set_ph_by(table, row, c.p_pc_in, 1e5 * v[V_HPC], 0.0, 0.0):
        return 0.0, 0.0, 0.0, 0.0
    T_in = row[T_]
    share = 1.0 if d.precompressor == BEFORE_SPLIT else (1.0 - c.f) / (1.0 - d.f)
    phi = hw.phi * m / hw.m * share * hw.rho_p / row[RHO_] / n
    k = max(0.0, hw.phi_min / phi - 1.0)
    phi = max(phi, hw.phi_min)
    have = hw.head_p * compressor_head(min(phi, hw.phi_max), n) / compressor_head(hw.phi, 1.0) * n * n
    need = _head(table, row, c.p_pc_out)
    if need < 0.0:
        return 0.0, 0.0, 0.0, 0.0
    return phi, k, max(-0.05, min(0.05, 0.8 * (need - have) * row[RHO_] / c.p_pc_in)), T_in


@part
def _efficiencies(hw: Hardware, n: float, C_s: float, C_s2: float, phi: tuple) -> tuple:
    """Of turbine, second turbine, main compressor, recompressor and precompressor."""
    d, peak, best = hw.c, turbine_efficiency(hw.nu), compressor_efficiency(hw.phi, 1.0)
    nu = min(max(hw.nu * n * hw.C_s / C_s, 0.2), 1.2)
    nu2 = min(max(hw.nu * n * hw.C_s_2 / C_s2, 0.2), 1.2)
    return (
        d.eta_t * turbine_efficiency(nu) / peak, d.eta_t2 * turbine_efficiency(nu2) / peak,
        d.eta_c * max(0.3, compressor_efficiency(phi[0], n) / best),
        d.eta_r * max(0.3, compressor_efficiency(phi[1], n) / best),
        d.eta_p * max(0.3, compressor_efficiency(min(phi[2], hw.phi_max), n) / best),
    )  # fmt: skip


@part
def _heater_step(hw: Hardware, hot: HotStream, c: Inputs, m: float, st: np.ndarray, row: int, share: float,
                 table: np.ndarray) -> float:  # fmt: skip
    """Step of the turbine inlet temperature [K] towards the one that the primary heater's conductance gives."""
    flow = share * m
    q = flow * (st[T_IN, H_] - st[row, H_])
    T, rho = np.empty(N_HEATER + 1), np.empty(N_HEATER + 1)
    if table.size > 0:
        ok = march_table(table, N_HEATER, st[row, H_], st[row, P_], st[T_IN, H_], st[T_IN, P_], T)
    else:
        ok = march(
            N_HEATER, st[row, H_], st[row, P_], st[T_IN, H_], st[T_IN, P_], st[row, RHO_], st[row, T_], rho, T
        )
    gap = hot.T - st[T_IN, T_]
    if not ok or gap <= 0.0 or hot.T - q / hot.C <= T[0]:
        return min(-2.0, 0.5 * (hot.T - q / hot.C - T[0]))
    need, d = 0.0, hot.T - q / hot.C - T[0]
    for i in range(1, N_HEATER + 1):
        d_new = hot.T - q / hot.C * (1.0 - i / N_HEATER) - T[i]
        if d_new <= 0.0:
            return min(-2.0, 0.5 * d_new)
        need += q / N_HEATER / lmtd(d, d_new)
        d = d_new
    two = hw.c.kind == TURBINE_SPLIT or hw.c.kind == CASCADE
    own = (1.0 - hw.c.split) * hw.m if two else hw.m
    have = hot.UA / (hot.hot_part + hot.co2_share * (flow / own) ** -hot.exponent)
    return max(-0.5, min(0.5, math.log(have / need))) * gap


@part
def _goal_step(goal: Goal, ph: float, n: float, W: float, rated: float) -> float:
    """Next log of the high pressure."""
    if goal.kind == BY_SPEED:
        ph += max(-0.1, min(0.1, 2.0 * (goal.value - n)))
    elif goal.kind == BY_POWER:
        ph += max(-0.1, min(0.1, 0.6 * (goal.value - W) / max(goal.value, 0.6 * rated)))
    return min(max(ph, math.log(goal.p_least)), math.log(goal.p_most))


@part
def _least_h(p: float, T: float, table: np.ndarray) -> float:
    """Enthalpy [J/kg] at the least inlet temperature; a little warmer where that lies on saturation."""
    row = np.empty(5)
    for _ in range(20):
        if set_pT_by(table, row, p, T):
            return row[H_]
        T += 1e-3
    return -1.0


@part
def _around(
    hw: Hardware, air: Air, net: Net, c: Inputs, m: float, k: float, k_p: float, sh: Shaft, phi_p: float,
    work: float, heat: float, st: np.ndarray, table: np.ndarray, g: np.ndarray, xy: np.ndarray,
) -> tuple:  # fmt: skip
    """(ok, Running): coolers with what the recycle valves bring to their inlets, and powers; moves the inlet enthalpies."""
    d, T = hw.c, np.empty(N_SEGMENTS + 1)
    cooling = Cooling(hw.UA_cooler[0], hw.air_share[0], hw.air_exp, hw.ua_exp)
    useful, inlet = (1.0 - c.f) * m, COOLER_IN if d.kind == TURBINE_SPLIT else LTR_LP
    if d.precompressor != NO_PRECOMPRESSOR:
        inlet = PC_OUT
    h_in = (st[inlet, H_] + k * st[MC_OUT, H_]) / (1.0 + k)
    flow = useful * (1.0 + k)
    duty = Duty(flow * (h_in - st[MC_IN, H_]), h_in, st[inlet, P_], flow / ((1.0 - d.f) * hw.m))
    h_least = _least_h(c.p_mc_in, air.T_min, table)
    h, held = outlet(cooling, air, 0, flow, duty, c.p_mc_in, h_least, st[MC_IN, H_], table, T)
    if duty.q <= 0.0 or h < 0.0 or not co2_temperatures(duty, st[MC_IN], table, T):
        return False, DEAD
    fan = fan_speed(cooling, air, 0, duty, T, xy[3]) if held < 0.0 else air.fan
    g[V_H1], fan_2 = 1e-5 * h, 0.0
    W = m * work - k * useful * (st[MC_OUT, H_] - st[MC_IN, H_])
    fans = net.fan_W[0] * max(fan, net.fan_least) ** 3
    if d.precompressor != NO_PRECOMPRESSOR:
        useful = m if d.precompressor == BEFORE_SPLIT else useful
        h_in, flow = (st[LTR_LP, H_] + k_p * st[PC_OUT, H_]) / (1.0 + k_p), useful * (1.0 + k_p)
        duty = Duty(flow * (h_in - st[PC_IN, H_]), h_in, st[LTR_LP, P_], (1.0 + k_p) * m / hw.m)
        cooling = Cooling(hw.UA_cooler[1], hw.air_share[1], hw.air_exp, hw.ua_exp)
        h_least = _least_h(c.p_pc_in, air.T_min, table)
        h, held = outlet(cooling, air, 1, flow, duty, c.p_pc_in, h_least, st[PC_IN, H_], table, T)
        if duty.q <= 0.0 or h < 0.0 or not co2_temperatures(duty, st[PC_IN], table, T):
            return False, DEAD
        fan_2 = fan_speed(cooling, air, 1, duty, T, xy[4]) if held < 0.0 else air.fan
        g[V_HPC] = 1e-5 * h
        W -= k_p * useful * (st[PC_OUT, H_] - st[PC_IN, H_])
        fans += net.fan_W[1] * max(fan_2, net.fan_least) ** 3
    xy[3], xy[4], Q = fan, fan_2, m * heat
    W_net = (
        net.keep * W
        - net.fixed
        - fans
        - blower_W(net.blower, Q, st[net.heat_return, T_])
        - net.pump_frac * (Q - W)
    )
    return True, Running(fan, fan_2, sh.n, sh.phi_c, sh.phi_r, phi_p, k, k_p, W, W_net, Q)


@part
def _pass(
    hw: Hardware, air: Air, net: Net, hot: HotStream, goal: Goal, p_low: float, n_segments: int, table: np.ndarray,
    tol: float, v: np.ndarray, g: np.ndarray, xy: np.ndarray, jac: np.ndarray,
) -> tuple:  # fmt: skip
    """One pass g(v): (status, inputs, flow, states, exchangers, Running)."""
    d, row = hw.c, np.empty(5)
    none = np.zeros((1, 5)), np.zeros(4)
    copy(g, v)
    f, s, k = v[V_F], v[V_S], v[V_K]
    shares, design, dp = side_flows(d, f, s), side_flows(d, d.f, d.split), np.empty(8)
    for i in range(8):
        shares[i] /= design[i]
        flow = v[V_M] * shares[i]
        if i == COOLER_DP and d.precompressor == NO_PRECOMPRESSOR:
            flow *= 1.0 + k
        dp[i] = hw.dp[i] * flow**hw.dp_exp * (hw.rho[i] / math.exp(v[V_RHO + i])) ** hw.dp_with_density
    c = with_pressures(d, p_low, math.exp(v[V_PH]), math.exp(v[V_PPC]), math.exp(v[V_PRH]), f, s, dp)
    T_rh = d.T_reheat + 100.0 * v[V_TIN] - d.T_turbine_in
    m, C_s, C_s2, split, step_rh = _turbines(hw, c, v, T_rh, table, row)
    if m <= 0.0:
        return NO_WORK, c, m, none[0], none[1], DEAD
    sh = _shaft(hw, c, v, m, xy[2], goal.n_min, table, row)
    phi_p, k_p, step_pc, T_pc = hw.phi, 0.0, 0.0, d.T_pc_in
    if sh.n > 0.0 and d.precompressor != NO_PRECOMPRESSOR:
        phi_p, k_p, step_pc, T_pc = _precompressor(hw, c, v, m, sh.n, table, row)
    if sh.n <= 0.0 or phi_p <= 0.0:
        return NO_STATE, c, m, none[0], none[1], DEAD
    eta = _efficiencies(hw, sh.n, C_s, C_s2, (sh.phi_c, sh.phi_r, phi_p))
    r = m / hw.m
    ua = (d.x_ltr * _conductance(r * shares[LTR_LP_DP], r * shares[LTR_HP_DP], hw.ua_exp),
          d.x_htr * _conductance(r * shares[HTR_LP_DP], r * shares[HTR_HP_DP], hw.ua_exp))  # fmt: skip
    c = with_machines(c, sh.T_in, T_pc, 100.0 * v[V_TIN], T_rh, eta, n_segments, ua, m, table)
    status, _m, x, y, work, heat, st, hx = solve(c, xy[0], xy[1], jac, tol)
    if status != SOLVED:
        return status, c, m, st, hx, DEAD
    xy[0], xy[1], xy[2] = x, y, sh.n
    g[V_M], g[V_F], g[V_S], g[V_K] = m / hw.m, sh.f, split, sh.k
    g[V_PRH] += step_rh
    g[V_PPC] = (
        min(v[V_PPC] + step_pc, math.log(0.99 * c.p_pc_out))
        if d.precompressor != NO_PRECOMPRESSOR
        else v[V_PPC]
    )
    rho = mean_densities(d, st)
    for i in range(8):
        g[V_RHO + i] = math.log(rho[i])
    if d.f > 0.0:
        g[V_MID] = 0.01 * st[PC_OUT if d.precompressor == BEFORE_SPLIT else LTR_LP, T_]
    elif d.kind == TURBINE_SPLIT or d.kind == CASCADE:
        g[V_MID] = 0.01 * st[T2_IN, T_]
    ok, run = _around(hw, air, net, c, m, k, k_p, sh, phi_p, work, heat, st, table, g, xy)
    if not ok:
        return NO_STATE, c, m, st, hx, DEAD
    g[V_PH] = _goal_step(goal, v[V_PH], sh.n, run.W_net, net.rated)
    if hot.C > 0.0:
        share = 1.0 - s if d.kind == TURBINE_SPLIT or d.kind == CASCADE else 1.0
        g[V_TIN] += 0.01 * _heater_step(hw, hot, c, m, st, net.heat_return, share, table)
    return SOLVED, c, m, st, hx, run


MOST = np.full(N_UNKNOWN, 0.3)  # greatest step of each unknown
MOST[[V_M, V_F, V_S, V_H1, V_HPC, V_PPC, V_PRH, V_K, V_PH, V_TIN, V_MID]] = (
    0.2, 0.15, 0.15, 0.3, 0.3, 0.06, 0.1, 0.4, 0.12, 0.3, 0.5)  # fmt: skip


@part
def _greatest_change(g: np.ndarray, v: np.ndarray) -> float:
    """Greatest of the |g - v|; inf where one is nan."""
    most = 0.0
    for i in range(v.size):
        change = abs(g[i] - v[i])
        if math.isnan(change):
            return math.inf
        most = max(most, change)
    return most


@part
def _forget(jac: np.ndarray, mem: np.ndarray) -> None:
    for i in range(4):
        jac[i] = 0.0
    forget(mem)


@part
def _bound(d: Inputs, h_least: float, goal: Goal, p_low: float, v: np.ndarray) -> None:
    """Bring unknowns back into their range."""
    v[V_M], v[V_F], v[V_K] = max(v[V_M], 0.02), min(max(v[V_F], 0.0), F_MOST), max(v[V_K], 0.0)
    v[V_S] = min(max(v[V_S], 0.0), 0.98)
    v[V_H1], v[V_HPC] = max(v[V_H1], 1e-5 * h_least), max(v[V_HPC], 1.0)
    v[V_PH] = min(max(v[V_PH], math.log(goal.p_least)), math.log(goal.p_most))
    if d.precompressor != NO_PRECOMPRESSOR:
        v[V_PPC] = min(v[V_PPC], math.log(0.99 * p_low))


@kernel
def operate(
    hw: Hardware, air: Air, net: Net, hot: HotStream, goal: Goal, p_low: float, n_segments: int, table: np.ndarray,
    tol: float, v0: np.ndarray, xy0: np.ndarray, jac: np.ndarray, mem: np.ndarray,
) -> tuple:  # fmt: skip
    """Solve one point at a low pressure [Pa] and a `Goal`.

    v0: unknowns of a near point, xy0: its (x, y of the layout, speed, both fan speeds), jac and mem: what the searches keep.
    All four are overwritten with this point's where it is solved. Returns (status, inputs, flow, states, exchangers,
    Running, passes).
    """
    v, xy, most = np.empty(N_UNKNOWN), np.empty(5), MOST
    copy(v, v0)
    copy(xy, xy0)
    h_least = _least_h(p_low, air.T_min, table)
    g, r, dr, dv = np.empty(N_UNKNOWN), np.empty(N_UNKNOWN), np.empty(N_UNKNOWN), np.empty(N_UNKNOWN)
    v_old, r_old, v_try = np.empty(N_UNKNOWN), np.zeros(N_UNKNOWN), np.empty(N_UNKNOWN)
    copy(v_old, v)
    _bound(hw.c, h_least, goal, p_low, v)
    change, best, failed, known = 0.1, 1e9, 0, False
    least, since = 1e9, 0
    inner = max(1e-11, min(1e-5, tol))
    status, c, m, st, hx, run = NO_STATE, hw.c, 0.0, np.zeros((1, 5)), np.zeros(4), DEAD
    for k in range(90):
        status, c, m, st, hx, run = _pass(
            hw, air, net, hot, goal, p_low, n_segments, table, inner, v, g, xy, jac
        )
        change = _greatest_change(g, v) if status == SOLVED else np.inf
        if not change < 1e3:
            failed += 1
            status = max(status, NO_STATE)
            if not known or failed > 10:
                _forget(jac, mem)
                return status, c, m, st, hx, run, k
            for i in range(N_UNKNOWN):
                v[i] = v_old[i] + 0.3 * (v[i] - v_old[i])
            _forget(jac, mem)
            continue
        for i in range(N_UNKNOWN):
            r[i], dv[i] = g[i] - v[i], v[i] - v_old[i]
            dr[i] = r[i] - r_old[i]
        if known:
            remember(mem, dv, dr)
        if change < tol and inner <= tol:
            copy(v0, v)
            copy(xy0, xy)
            return SOLVED, c, m, st, hx, run, k
        if change < 0.7 * least:
            least, since = change, k
        elif k - since > STALE and hw.c.kind == CASCADE:
            break
        if change > 5.0 * best and k > 12:
            forget(mem)
            best = change
        best = min(best, change)
        copy(v_old, v)
        copy(r_old, r)
        known = True
        next_guess(v, r, mem, most, v_try)
        copy(v, v_try)
        _bound(hw.c, h_least, goal, p_low, v)
        inner = max(1e-11, min(1e-4, 0.003 * change))
    _forget(jac, mem)
    return NO_STATE, c, m, st, hx, run, k
