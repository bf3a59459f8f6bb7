"""One operating point of fixed hardware, compiled: the cycle at given low and high pressure.

Hardware known from the design: nozzle area of the turbine, maps and wheels of the compressors, conductances,
flow resistances, cooler. At each point:

    turbine flow      m = A rho_in C_s, C_s = sqrt(2 dh_s): high pressure slides with flow at a held inlet temperature
    turbine           eta/eta_d = g(nu)/g(nu_d), nu = tip speed / C_s
    main compressor   phi = V/(U D^2), psi = dh_s/U^2: the shaft's speed follows from flow and head
    recompressor      same speed; its head is met by guide vanes, its efficiency follows its own flow coefficient
    recuperators      UA ~ m^0.8,  dp ~ m^2/rho
    cooler            UA with both flows; the compressor inlet temperature follows from the fan, or the fan from it

These depend weakly on each other, so they are updated in turn around the solve of the layout until nothing moves.

Source: J. Dyreby, Modeling the supercritical carbon dioxide Brayton cycle with recompression, PhD thesis,
University of Wisconsin-Madison (2014), ch. 4 (maps of the SNL compressor and of a radial turbine).
Limits: fraction to the recompressor held at design; one shaft at free speed; no bypass, no surge control.
"""

import math
from typing import NamedTuple

import numpy as np

from .compiled import njit
from .cooler import N_SEGMENTS, co2_profile, fan_speed_needed
from .flash import isentropic
from .helmholtz import properties
from .layouts import recompression, simple_recuperated
from .layouts.parts import (
    HTR_HP,
    HTR_LP,
    LTR_HP,
    LTR_LP,
    MC_IN,
    MC_OUT,
    MIX,
    NO_STATE,
    NO_WORK,
    SOLVED,
    T_IN,
    T_OUT,
    Inputs,
)  # fmt: skip
from .turbomachinery import H_, P_, RHO_, S_, T_, set_pT


class Hardware(NamedTuple):
    """What the design fixed. Flows [kg/s], heads [J/kg], densities [kg/m3], pressures [Pa], UA [W/K]."""

    m: float
    f: float
    simple: int
    nozzle: float  # m^2-like constant: m / (rho_in C_s)
    C_s: float
    head_c: float
    rho_c: float
    rho_r: float
    eta_t: float
    eta_c: float
    eta_r: float
    UA_ltr: float
    UA_htr: float
    UA_cooler: float
    dp: np.ndarray  # ltr_hp, htr_hp, heater, htr_lp, ltr_lp, cooler
    rho: np.ndarray  # mean densities of the same
    T_turbine_in: float
    n: int
    model: int
    nu: float
    phi: float
    phi_surge: float
    phi_max: float
    ua_exp: float
    air_share: float
    air_exp: float


class Air(NamedTuple):
    """Air at a point: temperature [K]; at full fan speed its capacity rate [W/K] and flow over that at design."""

    T: float
    C_full: float
    ratio_full: float
    T_min: float  # compressor inlet held at or above this


@njit(cache=True)
def compressor_head(phi: float, n: float) -> float:
    """Head coefficient at flow coefficient phi and relative speed n (Dyreby 2014, SNL main compressor)."""
    x = phi * n**0.2
    return ((((-498626.0 * x + 53224.0) * x - 2505.0) * x + 54.6) * x + 0.04049) * n ** ((20.0 * x) ** 3)


@njit(cache=True)
def compressor_efficiency(phi: float, n: float) -> float:
    """Efficiency over that at the map's design point (Dyreby 2014)."""
    x = phi * n**0.2
    return (
        1.47528
        * ((((-1.638e6 * x + 182725.0) * x - 8089.0) * x + 168.6) * x - 0.7069)
        * n ** ((20.0 * x) ** 5)
    )


@njit(cache=True)
def turbine_efficiency(nu: float) -> float:
    """Efficiency over its peak at tip speed / spouting velocity nu (Dyreby 2014)."""
    return (((1.0626 * nu - 3.0874) * nu + 1.3668) * nu + 1.3567) * nu + 0.179921180


@njit(cache=True)
def speed_for_head(head_ratio: float, flow_ratio: float, phi_d: float) -> float:
    """Relative speed at which the main compressor gives its head at its volume flow, both relative to design."""
    psi_d = compressor_head(phi_d, 1.0)
    lo, hi = 0.2, 3.0
    for _ in range(60):
        n = 0.5 * (lo + hi)
        phi = min(phi_d * flow_ratio / n, 0.065)
        if compressor_head(phi, n) / psi_d * n * n < head_ratio:
            lo = n
        else:
            hi = n
        if hi - lo < 1e-13:
            break
    return 0.5 * (lo + hi)


@njit(cache=True)
def mean_densities(st: np.ndarray, simple: int) -> np.ndarray:
    """Mean densities [kg/m3] in ltr_hp, htr_hp, heater, htr_lp, ltr_lp, cooler."""
    rho = np.ones(6)
    r = st[:, RHO_]
    rho[0] = 0.5 * (r[MC_OUT] + r[LTR_HP])
    rho[5] = 0.5 * (r[LTR_LP] + r[MC_IN])
    if simple:
        rho[2] = 0.5 * (r[LTR_HP] + r[T_IN])
        rho[4] = 0.5 * (r[T_OUT] + r[LTR_LP])
    else:
        rho[1] = 0.5 * (r[MIX] + r[HTR_HP])
        rho[2] = 0.5 * (r[HTR_HP] + r[T_IN])
        rho[3] = 0.5 * (r[T_OUT] + r[HTR_LP])
        rho[4] = 0.5 * (r[HTR_LP] + r[LTR_LP])
    return rho


@njit(cache=True)
def _turbine(hw: Hardware, p_in: float, p_out: float, row: np.ndarray) -> tuple:
    """(flow [kg/s], spouting velocity [m/s]) from the nozzle relation."""
    if not set_pT(row, p_in, hw.T_turbine_in):
        return 0.0, 0.0
    ok, rho, T = isentropic(p_out, row[S_], row[P_], row[RHO_], row[T_])
    if not ok:
        return 0.0, 0.0
    C_s = math.sqrt(max(1.0, 2.0 * (row[H_] - properties(rho, T)[1])))
    return hw.nozzle * row[RHO_] * C_s, C_s


@njit(cache=True)
def _compressor_head(hw: Hardware, p_in: float, T_in: float, p_out: float, row: np.ndarray) -> float:
    if not set_pT(row, p_in, T_in):
        return -1.0
    ok, rho, T = isentropic(p_out, row[S_], row[P_], row[RHO_], row[T_])
    return properties(rho, T)[1] - row[H_] if ok else -1.0


@njit(cache=True, nogil=True)
def operate(hw: Hardware, air: Air, p_low: float, p_high: float, n_segments: int, tol: float, m_start: float,
            T1_start: float, T8: float, T9: float, rho_start: np.ndarray, jac: np.ndarray) -> tuple:  # fmt: skip
    """Solve one point at given pressures.

    Returns (status, inputs, m, T8, T9, states, exchangers, fan speed, shaft speed, phi_c, phi_r).
    """
    rho, m, T1 = rho_start.copy(), m_start, max(T1_start, air.T_min)
    eta_r, T1_old, g_old = hw.eta_r, 0.0, 0.0
    row, T_co2 = np.empty(5), np.empty(N_SEGMENTS + 1)
    st, hx = np.zeros((10, 5)), np.zeros(4)
    fan, n, phi_c, phi_r, status = 1.0, 1.0, hw.phi, hw.phi, SOLVED
    c = Inputs(T1, hw.T_turbine_in, p_low, p_high, p_high, p_high, p_high, p_low, p_low, p_low, hw.f, hw.eta_t,
               hw.eta_c, hw.eta_r, hw.model, n_segments, 0, hw.UA_ltr, 0, hw.UA_htr, 0.0, m)  # fmt: skip
    change = 0.1  # the exchangers are closed only as well as the rest has settled
    for k in range(40):
        m_old = m
        p3 = p5 = p8 = p9 = C_s = 0.0
        dp = hw.dp
        for _ in range(6):  # flow and pressure drops at the densities of the last pass
            dp = hw.dp * (m / hw.m) ** 2 * hw.rho / rho
            p3 = p_high - dp[0]
            p5 = p3 - dp[1]
            p9 = p_low + dp[5]
            p8 = p9 + dp[4]
            m_last = m
            m, C_s = _turbine(hw, p5 - dp[2], p8 + dp[3], row)
            if abs(m / m_last - 1.0) < 0.1 * tol:
                break
        head = _compressor_head(hw, p_low, T1, p_high, row)
        if m <= 0.0 or head <= 0.0:
            return NO_STATE, c, m, T8, T9, st, hx, fan, n, phi_c, phi_r
        flow = m / hw.m * hw.rho_c / row[RHO_]
        n = speed_for_head(head / hw.head_c, flow, hw.phi)
        phi_c = hw.phi * flow / n
        # maps are used within their range only; a point outside it is refused by the caller
        x = min(max(phi_c, hw.phi_surge), hw.phi_max)
        eta_c = hw.eta_c * max(0.3, compressor_efficiency(x, n) / compressor_efficiency(hw.phi, 1.0))
        nu = min(max(hw.nu * n * hw.C_s / C_s, 0.2), 1.2)
        eta_t = hw.eta_t * turbine_efficiency(nu) / turbine_efficiency(hw.nu)
        ua = (m / hw.m) ** hw.ua_exp
        c = Inputs(T1, hw.T_turbine_in, p_low, p_high, p3, p5, p5 - dp[2], p8 + dp[3], p8, p9, hw.f, eta_t, eta_c,
                   eta_r, hw.model, n_segments, 0, hw.UA_ltr * ua, 0, hw.UA_htr * ua, 0.0, m)  # fmt: skip
        T1_now, eta_r_now, rho_now = T1, eta_r, rho
        if hw.simple:
            status, _m, T9, _z, st, hx = simple_recuperated.solve(c, T9, 0.0)
        else:
            status, _m, T8, T9, st, hx = recompression.solve(c, T8, T9, jac, max(1e-10, 0.1 * change))
            if status == SOLVED:
                phi_r = hw.phi * m / hw.m * hw.rho_r / st[LTR_LP, RHO_] / n
                x = min(max(phi_r, hw.phi_surge), hw.phi_max)
                eta_r = hw.eta_r * max(0.3, compressor_efficiency(x, n) / compressor_efficiency(hw.phi, 1.0))
        if status != SOLVED:
            return status, c, m, T8, T9, st, hx, fan, n, phi_c, phi_r
        if st[LTR_LP, H_] <= st[MC_IN, H_]:
            return NO_WORK, c, m, T8, T9, st, hx, fan, n, phi_c, phi_r
        rho = mean_densities(st, hw.simple)
        Q = m * (1.0 - hw.f) * (st[LTR_LP, H_] - st[MC_IN, H_])
        if not co2_profile(N_SEGMENTS, st[LTR_LP], st[MC_IN], T_co2):
            return NO_STATE, c, m, T8, T9, st, hx, fan, n, phi_c, phi_r
        fan = fan_speed_needed(Q, T_co2, air.T, air.C_full, air.ratio_full, m / hw.m, hw.UA_cooler, hw.air_share,
                               hw.air_exp, hw.ua_exp)  # fmt: skip
        g = math.log(min(max(fan, 1e-3), 20.0))
        if not (air.T_min + 1e-12 >= T1 and g <= 0.0):  # else: held at the least temperature by a slower fan
            slope = -1.0 / max(T1 - air.T, 1.0)
            if k > 0 and abs(T1 - T1_old) > 1e-9:
                s = (g - g_old) / (T1 - T1_old)
                slope = s if s < 0.3 * slope else slope
            T1_old, g_old = T1, g
            step = -g / slope
            T1 = max(air.T_min, T1 + max(-8.0, min(8.0, step)))
        change = max(abs(m / m_old - 1.0), abs(T1 - T1_now) / 300.0, abs(eta_r - eta_r_now))
        change = max(change, 0.03 * np.max(np.abs(rho / rho_now - 1.0)))
        if change < tol and k > 0:
            return SOLVED, c, m, T8, T9, st, hx, fan, n, phi_c, phi_r
    return NO_STATE, c, m, T8, T9, st, hx, fan, n, phi_c, phi_r
