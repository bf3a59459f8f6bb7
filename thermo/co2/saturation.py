"""Vapour and liquid in equilibrium at a pressure, from the equation of state itself (compiled).

At a trial temperature the densities of both phases follow from p(rho, T) = p by Newton; the temperature from equal Gibbs
energies, g_l = g_v, with d(g_l - g_v)/dT = s_v - s_l at constant pressure. Started from the ancillary lines.

Source: phase equilibrium (Maxwell); equation of state Span & Wagner (1996), as in `helmholtz.py`.
Limits: to 0.3 K below the critical temperature; above, one phase ends too near the spinodal for these Newton steps.
"""

import math

from thermo.co2.helmholtz import T_CRIT_K, properties, saturation_ancillary
from thermo.compiled import kernel, part

T_TRIPLE_K, T_TOP_K = 216.6, T_CRIT_K - 0.3
T_MOST_K = T_TOP_K - 0.02  # up to which `saturation_pressure_Pa` answers


@part
def _density(p_Pa: float, rho: float, T: float) -> float:
    for _ in range(30):
        q = properties(rho, T)
        if q[4] <= 0.0:
            return 0.0
        step = (p_Pa - q[0]) / q[4]
        rho += max(-0.05 * rho, min(0.05 * rho, step))
        if abs(step) < 1e-11 * rho:
            return rho
    return rho


@kernel
def saturation(p_Pa: float) -> tuple:
    """(ok, T [K], rho_liquid, rho_vapour [kg/m3], h_liquid, h_vapour [J/kg]) at a pressure [Pa] below the critical one."""
    none = (False, 0.0, 0.0, 0.0, 0.0, 0.0)
    lo, hi = T_TRIPLE_K, T_TOP_K
    if not (saturation_ancillary(lo)[0] < p_Pa < saturation_ancillary(hi)[0]):
        return none
    for _ in range(60):
        T = 0.5 * (lo + hi)
        if saturation_ancillary(T)[0] < p_Pa:
            lo = T
        else:
            hi = T
        if hi - lo < 1e-6:
            break
    T = 0.5 * (lo + hi)
    _p, rl, rv = saturation_ancillary(T)
    for _ in range(20):
        rl, rv = _density(p_Pa, rl, T), _density(p_Pa, rv, T)
        if rl <= 0.0 or rv <= 0.0:
            return none
        a, b = properties(rl, T), properties(rv, T)
        gap = (a[1] - T * a[2]) - (b[1] - T * b[2])
        step = gap / (b[2] - a[2])
        T -= step
        if abs(step) < 1e-10 * T:
            return True, T, rl, rv, a[1], b[1]
    return none


def saturation_pressure_Pa(T_K: float) -> float:
    """Saturation pressure [Pa] at a temperature [K], by Newton on `saturation` (Clausius-Clapeyron slope).

    >>> round(saturation_pressure_Pa(293.15) / 1e6, 4)
    5.7291
    """
    if not T_TRIPLE_K + 0.01 < T_K < T_TOP_K - 0.01:
        raise ValueError(
            f"T_K: {T_K:g} is out of range; allowed {T_TRIPLE_K + 0.01:g} to {T_TOP_K - 0.01:.2f} K"
        )
    p = float(saturation_ancillary(T_K)[0])
    for _ in range(20):
        ok, T, rl, rv, hl, hv = saturation(p)
        if not ok:
            break
        step = (T_K - T) * (hv - hl) / (T * (1.0 / rv - 1.0 / rl))
        p += step
        if abs(step) < 1e-11 * p:
            return p
    if ok and math.isclose(T, T_K, rel_tol=1e-10):
        return p
    raise ValueError(f"no saturation pressure at {T_K:g} K")
