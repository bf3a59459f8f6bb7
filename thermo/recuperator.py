"""Segmented counterflow exchangers, compiled.

An exchanger is cut into n segments of equal duty; pressure falls linearly with duty on both sides. Its
conductance is the sum over the segments, so a pinch inside is seen, as is the bend of cp near the
pseudo-critical temperature.

secant        capacity of each side = duty / temperature change of the segment; UA_i = q_i / LMTD_i. Converges
              with n (20 by default, within 2e-6 of the limit in cycle efficiency).
segment_mean  capacity from cp at the segment's mean enthalpy and pressure, effectiveness-NTU per segment: the
              definition of NREL's ssc, kept for comparison; at n = 10 it overstates efficiency by up to 1.4e-4.
"""

import math

import numpy as np

from .compiled import njit
from .flash import BY_H, cp_of, flash, march

SECANT, SEGMENT_MEAN = 0, 1


@njit(cache=True)
def lmtd(d1: float, d2: float) -> float:
    """Log-mean of two temperature differences [K], smooth where they are equal.

    Source: Incropera et al., Fundamentals of Heat and Mass Transfer, eq. 11.15.
    """
    r = d1 / d2 - 1.0
    if abs(r) < 1e-3:
        return d2 * (1.0 + r / 2.0 - r * r / 12.0 + r**3 / 24.0)
    return (d1 - d2) / math.log(d1 / d2)


@njit(cache=True)
def _segment_mean_ua(q: float, m_h: float, m_c: float, h: tuple, c: tuple, dT_in: float) -> float:
    """UA [W/K] of one segment by effectiveness-NTU with mean cp; h, c = (h, p, rho, T) at mean; <0 if over 1."""
    ok1, r1, T1 = flash(BY_H, h[1], h[0], h[2], h[3])
    ok2, r2, T2 = flash(BY_H, c[1], c[0], c[2], c[3])
    if not (ok1 and ok2):
        return -1.0
    C_h, C_c = m_h * cp_of(r1, T1), m_c * cp_of(r2, T2)
    C_min, ratio = min(C_h, C_c), min(C_h, C_c) / max(C_h, C_c)
    eff = q / (C_min * dT_in)
    if eff >= 1.0:
        return -1.0
    if 1.0 - ratio < 1e-9:
        return C_min * eff / (1.0 - eff)
    return C_min * math.log((1.0 - eff * ratio) / (1.0 - eff)) / (1.0 - ratio)


@njit(cache=True)
def counterflow(model: int, n: int, q: float, hot: tuple, cold: tuple) -> tuple:
    """(ok, UA [W/K], least temperature difference [K], cold outlet T, hot outlet T) for duty q [W].

    hot and cold: (m_dot, h_in, p_in, p_out, rho_in, T_in). UA is inf where the temperatures meet or cross;
    the least difference then says by how much.
    """
    m_h, h_h, p_h, p_ho, r_h, T_h = hot
    m_c, h_c, p_c, p_co, r_c, T_c = cold
    rh, th, rc, tc = np.empty(n + 1), np.empty(n + 1), np.empty(n + 1), np.empty(n + 1)
    if not march(n, h_h, p_h, h_h - q / m_h, p_ho, r_h, T_h, rh, th):
        return False, 0.0, 0.0, 0.0, 0.0
    if not march(n, h_c, p_c, h_c + q / m_c, p_co, r_c, T_c, rc, tc):
        return False, 0.0, 0.0, 0.0, 0.0
    dT = np.inf  # hot node i meets cold node n-i
    for i in range(n + 1):
        dT = min(dT, th[i] - tc[n - i])
    if dT <= 0.0:
        return True, np.inf, dT, tc[n], th[n]
    ua = 0.0
    for i in range(n):
        j = n - i
        if model == SECANT:
            ua += q / n / lmtd(th[i] - tc[j], th[i + 1] - tc[j - 1])
            continue
        x = (i + 0.5) / n
        y = (j - 0.5) / n
        u = _segment_mean_ua(
            q / n, m_h, m_c,
            (h_h - q / m_h * x, p_h + (p_ho - p_h) * x, 0.5 * (rh[i] + rh[i + 1]), 0.5 * (th[i] + th[i + 1])),
            (h_c + q / m_c * y, p_c + (p_co - p_c) * y, 0.5 * (rc[j] + rc[j - 1]), 0.5 * (tc[j] + tc[j - 1])),
            th[i] - tc[j - 1],
        )  # fmt: skip
        if u < 0.0:
            return True, np.inf, 0.0, tc[n], th[n]
        ua += u
    return True, ua, dT, tc[n], th[n]


GIVEN_UA, GIVEN_DT_MIN, GIVEN_COLD_END = 0, 1, 2


@njit(cache=True)
def mismatch(given: int, value: float, ua: float, dT_min: float, dT_cold: float) -> float:
    """Distance from what is given, dimensionless, rising with the hot outlet temperature and monotone through a
    temperature cross: UA_given/UA - 1, or (difference - wanted)/wanted."""
    if given == GIVEN_DT_MIN:
        return dT_min / value - 1.0
    if given == GIVEN_COLD_END:
        return dT_cold / value - 1.0
    if dT_min <= 0.0:
        return -1.0 + dT_min / 20.0
    return value / ua - 1.0
