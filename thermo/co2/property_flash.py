"""Exact states from any pair, started from the property table: as a rule one evaluation of the equation for each.

The Newton step of `flash` is added to the table's answer, and that step's own evaluation gives heat capacity and speed of
sound. Where the table refuses, or is empty, the flash starts cold. Inside the dome the state is a mixture of the table's
saturated liquid and vapour.
"""

import math

import numpy as np

from thermo.co2.flash import BY_H, BY_S, density, flash, newton
from thermo.co2.helmholtz import P_CRIT_PA, RHO_CRIT_KG_M3, T_CRIT_K, properties, saturation_ancillary
from thermo.co2.property_table import P_EDGES, saturation, table_ps, table_pT, table_rho_T
from thermo.compiled import kernel, part

NONE, LIQUID, GAS, SUPERCRITICAL, TWO_PHASE = (
    0,
    1,
    2,
    3,
    4,
)  # codes of the answers; NONE: there is no such state
_ON_SATURATION_K = 1e-5  # (p,T) this near saturation has no one density
BY_T, BY_RHO_T = 2, 3


@part
def _write(out: np.ndarray, rho: float, T: float, p: float, h: float, s: float, q: tuple) -> None:
    work = T * q[5] * q[5] / (rho * rho)
    out[0], out[1], out[2], out[3], out[4] = T, p, h, s, rho
    out[5], out[6], out[7] = q[3] + work / q[4], math.sqrt(max(0.0, q[4] + work / q[3])), 0.0


@part
def _newton_T(p: float, T: float, rho: float) -> tuple:
    """Newton in density at a temperature, from a near start; (ok, rho, T, last properties)."""
    q = properties(rho, T)
    for _ in range(20):
        if not (q[4] > 0.0):
            return False, rho, T, q
        step = (p - q[0]) / q[4]
        if abs(step) > 0.1 * rho:
            return False, rho, T, q
        rho += step
        if abs(step) < 2e-6 * rho:
            return True, rho, T, q
        q = properties(rho, T)
    return False, rho, T, q


@part
def _polished(table: np.ndarray, by: int, p: float, y: float) -> tuple:
    """(ok, rho, T, properties before the last Newton step) from the table's start, or from a cold one."""
    h = y if by == BY_H else table_ps(table, p, y) if by == BY_S else table_pT(table, p, y)
    ok, rho, T = table_rho_T(table, p, h)
    if by == BY_T:
        if ok:
            ok, rho, T, q = _newton_T(p, y, rho)
            if ok:
                return ok, rho, T, q
        rho = density(p, y)
        if rho == 0.0:
            return False, 0.0, 0.0, properties(RHO_CRIT_KG_M3, T_CRIT_K)
        return True, rho, y, properties(rho, y)
    if ok:
        ok, rho, T, q = newton(by, p, y, rho, T)
        if ok:
            return ok, rho, T, q
    ok, rho, T = flash(by, p, y, 0.0, 0.0)
    return ok, rho, T, properties(rho, T)


@part
def exact(table: np.ndarray, by: int, p_Pa: float, y: float) -> tuple:
    """(ok, rho, T) of one phase at p and h (by=BY_H), s (BY_S) or T (BY_T): as `flash`, but from the table."""
    ok, rho, T, _q = _polished(table, by, p_Pa, y)
    return ok, rho, T


@part
def _phase(p: float, T: float, rho: float) -> int:
    if T >= T_CRIT_K:
        return SUPERCRITICAL if p >= P_CRIT_PA else GAS
    if p >= P_CRIT_PA:
        return LIQUID
    return LIQUID if rho > RHO_CRIT_KG_M3 else GAS


@part
def _mixture(table: np.ndarray, p: float, x: float, out: np.ndarray) -> int:
    """The state of quality x in the dome; cp and w have no value there."""
    out[0], out[1], out[7] = saturation(table, 0, p), p, x
    h_l, v_l, s_l = saturation(table, 2, p), saturation(table, 6, p), saturation(table, 10, p)
    out[2] = h_l + x * (saturation(table, 4, p) - h_l)
    out[3] = s_l + x * (saturation(table, 12, p) - s_l)
    out[4] = 1.0 / (v_l + x * (saturation(table, 8, p) - v_l))
    out[5] = out[6] = 0.0
    return TWO_PHASE


@part
def _quality(table: np.ndarray, row: int, p: float, y: float) -> float:
    """Quality at a saturation row's property (2 h, 6 v, 10 s); outside 0..1 the state is not in the dome."""
    low = saturation(table, row, p)
    return (y - low) / (saturation(table, row + 2, p) - low)


@kernel
def state_of(table: np.ndarray, by: int, p_Pa: float, y: float, out: np.ndarray) -> int:
    """Write T, p, h, s, rho, cp, w, quality at p and h (by=BY_H), s (BY_S) or T (BY_T); returns a code.

    `out` is a row of 8. Without a state (a solid, or (p,T) on saturation) the answer is NONE and `out` is left alone.
    """
    dome = table.size > 0 and P_EDGES[0] <= p_Pa < P_CRIT_PA
    if dome and by == BY_T and abs(y - saturation(table, 0, p_Pa)) < _ON_SATURATION_K:
        return NONE
    if dome and by != BY_T:
        x = _quality(table, 2 if by == BY_H else 10, p_Pa, y)
        if 0.0 < x < 1.0:
            return _mixture(table, p_Pa, x, out)
    ok, rho, T, q = _polished(table, by, p_Pa, y)
    if not ok:
        return NONE
    dp = p_Pa - q[0]  # what the last step changed in h and s: dh = T ds + dp/rho
    dh = y - q[1] if by == BY_H else T * (y - q[2]) + dp / rho if by == BY_S else q[6] * dp / q[4]
    h = y if by == BY_H else q[1] + dh
    s = y if by == BY_S else q[2] + (dh - dp / rho) / T
    _write(out, rho, T, p_Pa, h, s, q)
    return _phase(p_Pa, T, rho)


@part
def state_rho_T(table: np.ndarray, rho: float, T: float, out: np.ndarray) -> int:
    """Write the state at density [kg/m3] and temperature [K] as `state_of` does."""
    p, rl, rv = saturation_ancillary(T)
    if T < T_CRIT_K and table.size > 0 and 0.995 * rv < rho < 1.005 * rl:
        p = min(p, P_CRIT_PA * (1.0 - 1e-12))
        for _ in range(4):  # the table's saturation pressure: Newton with the slope by Clapeyron
            rise = saturation(table, 12, p) - saturation(table, 10, p)
            p += (T - saturation(table, 0, p)) * rise / (saturation(table, 8, p) - saturation(table, 6, p))
            p = min(p, P_CRIT_PA * (1.0 - 1e-12))
        x = _quality(table, 6, p, 1.0 / rho)
        if 0.0 < x < 1.0:
            return _mixture(table, p, x, out)
    q = properties(rho, T)
    _write(out, rho, T, q[0], q[1], q[2], q)
    return _phase(q[0], T, rho)


@kernel
def states(
    table: np.ndarray, by: int, first: np.ndarray, second: np.ndarray, out: np.ndarray, code: np.ndarray
) -> None:
    """`state_of` at every (p, y), or with by = BY_RHO_T `state_rho_T` at every (rho, T)."""
    for k in range(first.size):
        if by == BY_RHO_T:
            code[k] = state_rho_T(table, first[k], second[k], out[k])
        else:
            code[k] = state_of(table, by, first[k], second[k], out[k])
