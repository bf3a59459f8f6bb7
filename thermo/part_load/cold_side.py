"""Coolers inside the operating kernel: their duty against air, and how fast their fans turn (compiled)."""

import math
from typing import NamedTuple

import numpy as np

from thermo.co2.flash import BY_H, flash, march
from thermo.co2.property_table import march_table
from thermo.cold_end.cooler import N_SEGMENTS, ua_available, ua_needed
from thermo.compiled import part
from thermo.machines.turbomachinery import H_, P_, RHO_, T_


class Air(NamedTuple):
    """Air at a point: temperature [K]; at full fan speed its capacity rates [W/K] at both coolers and flow over that at
    design; least compressor inlet [K]; fan speed set; own exhaust in the intake, r/(1-r)."""

    T: float
    C_full: np.ndarray
    ratio_full: float
    T_min: float
    fan: float
    recirculation: float


class Cooling(NamedTuple):
    """A cooler's design: UA [W/K], share of the air side in its resistance, exponents of air and CO2 flow."""

    UA: float
    air_share: float
    air_exp: float
    co2_exp: float


class Duty(NamedTuple):
    """What a cooler has to do: heat [W], CO2's enthalpy [J/kg] and pressure [Pa] at its inlet, flow over design."""

    q: float
    h_in: float
    p_in: float
    flow: float


@part
def co2_temperatures(d: Duty, cold: np.ndarray, table: np.ndarray, T: np.ndarray) -> bool:
    """Fill T [K] along a cooler from the CO2's inlet to its outlet row."""
    if table.size > 0:
        ok = march_table(table, N_SEGMENTS, cold[H_], cold[P_], d.h_in, d.p_in, T)
    else:
        rho = np.empty(N_SEGMENTS + 1)
        ok = march(N_SEGMENTS, cold[H_], cold[P_], d.h_in, d.p_in, cold[RHO_], cold[T_], rho, T)
    for i in range((N_SEGMENTS + 1) // 2):
        T[i], T[N_SEGMENTS - i] = T[N_SEGMENTS - i], T[i]
    return ok


@part
def miss(k: Cooling, air: Air, j: int, fan: float, d: Duty, T: np.ndarray) -> float:
    """log of the conductance that a cooler needs over what it has at a fan speed."""
    C = fan * air.C_full[j]
    need = ua_needed(d.q, T, air.T + air.recirculation * d.q / C, C)
    have = ua_available(k.UA, fan * air.ratio_full, d.flow, k.air_share, k.air_exp, k.co2_exp)
    return min(3.0, math.log(need / have)) if np.isfinite(need) else 3.0


@part
def fan_speed(k: Cooling, air: Air, j: int, d: Duty, T: np.ndarray, start: float) -> float:
    """Fan speed, at most the one set, at which a cooler just does its duty: bracketed secant in its logarithm."""
    hi, g_hi = math.log(air.fan), miss(k, air, j, air.fan, d, T)
    if g_hi >= 0.0:
        return air.fan
    x = min(math.log(start), hi - 1e-3) if start > 0.0 else hi - 0.5
    lo, g_lo, found = hi, g_hi, False
    for i in range(80):
        g = miss(k, air, j, math.exp(x), d, T)
        if g > 0.0:
            lo, g_lo, found = x, g, True
        else:
            hi, g_hi = x, g
        if abs(g) < 1e-13 or (found and abs(hi - lo) < 1e-14):
            break
        if not found:
            x = hi - max(0.02, -1.2 * g_hi)
        elif i % 3 == 2 or g_lo >= 3.0:
            x = 0.5 * (lo + hi)
        else:
            x = lo + (hi - lo) * g_lo / (g_lo - g_hi)
        if x < -12.0:
            break
    return math.exp(x)


@part
def outlet(
    k: Cooling, air: Air, j: int, flow: float, d: Duty, p_out: float, h_least: float, h: float, table: np.ndarray,
    T: np.ndarray,
) -> tuple:  # fmt: skip
    """(enthalpy [J/kg] with which a flow [kg/s] leaves a cooler at the set fan speed, its miss there), from a near one h.

    Not below h_least, where the miss may be negative: the fans then turn slower. The miss falls with h, which is smooth
    where the temperature stands still beside the critical point. d.q is not used. Bracketed secant; -1: no state.
    """
    row = np.zeros(5)
    lo, hi, h_old, g_old = h_least, d.h_in, 0.0, 0.0
    h = min(max(h, lo), hi - 1e3)
    for i in range(60):
        row[H_], row[P_] = h, p_out
        if table.size == 0:
            _ok, row[RHO_], row[T_] = flash(BY_H, p_out, h, row[RHO_], row[T_])
        duty = Duty(flow * (d.h_in - h), d.h_in, d.p_in, d.flow)
        if not co2_temperatures(duty, row, table, T):
            return -1.0, 0.0
        g = miss(k, air, j, air.fan, duty, T)
        if h <= h_least + 1e-3 and g <= 0.0:
            return h_least, g
        if g > 0.0:
            lo = h
        else:
            hi = h
        if abs(g) < 1e-12 or hi - lo < 1e-13 * hi:
            break
        new = h - g * (h - h_old) / (g - g_old) if i > 0 and g != g_old else h + 5e4 * g
        h_old, g_old = h, g
        if new <= lo and lo == h_least:
            h = h_least
        else:
            h = new if lo < new < hi and g < 3.0 and i % 8 < 7 else 0.5 * (lo + hi)
    return h, 0.0
