"""CO2 state from (p,T), (p,h) or (p,s): Newton in (density, temperature) on the Helmholtz equation, compiled.

With a start from the neighbouring state (an exchanger's node, a step along an isentrope) one or two Newton
steps reach 1e-11; without one, a bracketed search in temperature gives the answer more slowly.
"""

import math

import numpy as np

from thermo.co2.helmholtz import P_CRIT_PA, R_J_KGK, T_CRIT_K, properties, saturation_ancillary
from thermo.compiled import kernel, part

BY_H, BY_S = 0, 1
_STEP_TOL = 2e-6  # Newton converges quadratically: after a step this small the error is some 1e-12
_T_MIN_K, _T_MAX_K = 200.0, 1600.0
_SAT_BAND = 2e-5  # width [relative] of the band around the saturation pressure where (p,T) is refused


@part
def _cubic_density(p_Pa: float, T_K: float) -> float:
    """Start density [kg/m3] from the Peng-Robinson equation (acentric factor 0.224), supercritical branch."""
    b = 0.0778 * R_J_KGK * T_CRIT_K / P_CRIT_PA
    m = 0.37464 + 1.54226 * 0.224 - 0.26992 * 0.224**2
    a = 0.45724 * (R_J_KGK * T_CRIT_K) ** 2 / P_CRIT_PA * (1.0 + m * (1.0 - math.sqrt(T_K / T_CRIT_K))) ** 2
    lo, hi = 1e-9, (1.0 - 1e-9) / b
    for _ in range(30):
        rho = 0.5 * (lo + hi)
        q = R_J_KGK * T_K * rho / (1.0 - b * rho) - a * rho * rho / (1.0 + 2.0 * b * rho - (b * rho) ** 2)
        if q > p_Pa:
            hi = rho
        else:
            lo = rho
    return 0.5 * (lo + hi)


@kernel
def density(p_Pa: float, T_K: float) -> float:
    """Density [kg/m3] at pressure [Pa] and temperature [K]; 0.0 on saturation, where it has no one value."""
    lo, hi = 1e-8, 1600.0
    rho = _cubic_density(p_Pa, T_K)
    if T_K < T_CRIT_K:
        ps, rl, rv = saturation_ancillary(T_K)
        if abs(p_Pa / ps - 1.0) < _SAT_BAND:
            return 0.0
        if p_Pa > ps:
            lo = rl * 0.995
            rho = max(rho, rl)
        else:
            hi = rv * 1.005
            rho = min(p_Pa / (R_J_KGK * T_K), rv)
    rho = min(max(rho, lo), hi)
    for _ in range(100):
        q = properties(rho, T_K)
        err = q[0] - p_Pa
        if err > 0.0:
            hi = rho
        else:
            lo = rho
        new = rho - err / q[4] if q[4] > 0.0 else 0.0
        if abs(new - rho) < 1e-7 * rho:  # quadratic, as in `newton`
            return new
        rho = new if lo < new < hi else 0.5 * (lo + hi)
    return rho


@part
def newton(by: int, p_Pa: float, y: float, rho: float, T: float) -> tuple:
    """Newton from a start; returns (ok, rho, T, last properties)."""
    for _ in range(40):
        q = properties(rho, T)
        if by == BY_H:
            fy, y_r, y_T = q[1] - y, q[6], q[7]
        else:
            fy, y_r, y_T = q[2] - y, -q[5] / (rho * rho), q[3] / T
        fp, p_r, p_T = q[0] - p_Pa, q[4], q[5]
        det = p_r * y_T - p_T * y_r
        if not (det > 0.0) or p_r <= 0.0:
            return False, rho, T, q
        dr, dT = (p_T * fy - y_T * fp) / det, (y_r * fp - p_r * fy) / det
        sr, sT = abs(dr) / rho, abs(dT) / T
        k = min(1.0, 0.3 / max(sr, 1e-12), 0.15 / max(sT, 1e-12))
        rho += k * dr
        T += k * dT
        if sr < _STEP_TOL and sT < _STEP_TOL:
            return True, rho, T, q
        if T < _T_MIN_K or T > _T_MAX_K:
            return False, rho, T, q
    return False, rho, T, q


@part
def _beside(p_Pa: float, T_K: float, dT_K: float) -> tuple:
    """(density, temperature) near a temperature: dT_K further where that lies on saturation."""
    rho = density(p_Pa, T_K)
    while rho == 0.0:
        T_K += dT_K
        rho = density(p_Pa, T_K)
    return rho, T_K


@kernel
def _bracket(by: int, p_Pa: float, y: float) -> tuple:
    """(ok, rho, T) by bisection in temperature: h and s rise with T along an isobar. Not ok inside the dome."""
    k = 1 if by == BY_H else 2
    lo, hi = _T_MIN_K, _T_MAX_K
    for _ in range(60):
        rho, mid = _beside(p_Pa, 0.5 * (lo + hi), 1e-3)
        if properties(rho, mid)[k] > y:
            hi = mid
        else:
            lo = mid
        if hi - lo < 0.02:
            break
    T = 0.5 * (lo + hi)
    rho, T = _beside(p_Pa, T, 1e-3)
    if p_Pa < P_CRIT_PA and T < T_CRIT_K:  # perhaps beside saturation: start from the phase that is nearer
        cold, T_cold = _beside(p_Pa, T - 0.02, -1e-3)
        hot, T_hot = _beside(p_Pa, T + 0.02, 1e-3)
        nearer = abs(properties(cold, T_cold)[k] - y) < abs(properties(hot, T_hot)[k] - y)
        rho, T = (cold, T_cold) if nearer else (hot, T_hot)
    ok, rho, T, _q = newton(by, p_Pa, y, rho, T)
    if ok and T < T_CRIT_K and p_Pa < P_CRIT_PA:
        _ps, rl, rv = saturation_ancillary(T)
        if rv * 1.001 < rho < rl * 0.999:
            ok = False
    return ok, rho, T


@kernel
def flash(by: int, p_Pa: float, y: float, rho0: float, T0: float) -> tuple:
    """(ok, rho, T) at p and h (by=BY_H) or s (by=BY_S), started from (rho0, T0); rho0 <= 0: no start known."""
    if rho0 > 0.0:
        ok, rho, T, _q = newton(by, p_Pa, y, rho0, T0)
        if ok:
            return ok, rho, T
    return _bracket(by, p_Pa, y)


@kernel
def isentropic(p_to_Pa: float, s: float, p_from_Pa: float, rho0: float, T0: float) -> tuple:
    """(ok, rho, T) at the end of an isentrope, followed in equal steps of ln p from a known state."""
    n = max(1, math.ceil(abs(math.log(p_to_Pa / p_from_Pa)) / 0.35))
    ok, rho, T = True, rho0, T0
    for i in range(1, n + 1):
        p = p_to_Pa if i == n else p_from_Pa * (p_to_Pa / p_from_Pa) ** (i / n)
        q = properties(rho, T)
        w2 = q[4] + T * q[5] ** 2 / (rho * rho * q[3])
        dp = p - q[0]
        dr = dp / w2
        rho_s = rho * math.exp(min(0.5, max(-0.5, dr / rho)))
        T_s = T * math.exp(min(0.2, max(-0.2, q[5] / (rho * rho * q[3]) * dr)))
        ok, rho, T = flash(BY_S, p, s, rho_s, T_s)
        if not ok:
            return ok, rho, T
    return ok, rho, T


@kernel
def march(n: int, h_from: float, p_from: float, h_to: float, p_to: float, rho0: float, T0: float,
          rho: np.ndarray, T: np.ndarray) -> bool:  # fmt: skip
    """Fill rho and T at n+1 nodes, linear in h and p from a known state; second-order start at each node."""
    dh, dp = (h_to - h_from) / n, (p_to - p_from) / n
    rho[0], T[0] = rho0, T0
    r_slope = T_slope = 0.0
    q = properties(rho0, T0)
    for i in range(1, n + 1):
        det = q[4] * q[7] - q[5] * q[6]
        if not (det > 0.0):
            return False
        r_new, T_new = (q[7] * dp - q[5] * dh) / det, (q[4] * dh - q[6] * dp) / det
        if i == 1:
            r_slope, T_slope = r_new, T_new
        r_try, T_try = rho[i - 1] + 1.5 * r_new - 0.5 * r_slope, T[i - 1] + 1.5 * T_new - 0.5 * T_slope
        if r_try < 0.5 * rho[i - 1] or r_try > 2.0 * rho[i - 1]:
            r_try, T_try = rho[i - 1], T[i - 1]
        p, h = p_from + i * dp, h_from + i * dh
        ok, rho[i], T[i], q = newton(BY_H, p, h, r_try, T_try)
        if not ok:
            ok, rho[i], T[i] = _bracket(BY_H, p, h)
            if not ok:
                return False
            q = properties(rho[i], T[i])
        r_slope, T_slope = r_new, T_new
    return True


@kernel
def cp_of(rho: float, T: float) -> float:
    """Isobaric heat capacity [J/kg/K]."""
    q = properties(rho, T)
    return q[3] + T * q[5] ** 2 / (rho * rho * q[4])


@kernel
def sound_speed_of(rho: float, T: float) -> float:
    """Speed of sound [m/s]."""
    q = properties(rho, T)
    return math.sqrt(max(0.0, q[4] + T * q[5] ** 2 / (rho * rho * q[3])))
