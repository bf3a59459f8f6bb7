"""Segmented counterflow exchangers, compiled.

An exchanger is cut into n segments of equal duty; pressure falls linearly with duty on both sides. Its
conductance is the sum over the segments, so a pinch inside is seen, as is the bend of cp near the
pseudo-critical temperature.

secant        capacity of each side = duty / temperature change of the segment; UA_i = q_i / LMTD_i. Converges
              with n (20 by default, within 2e-6 of the limit in cycle efficiency).
segment_mean  capacity from cp at the segment's mean enthalpy and pressure, effectiveness-NTU per segment: the
              definition of NREL's ssc, kept for comparison; at n = 10 it overstates efficiency by up to 1.4e-4.

Conductance is that in service. Fouling and uneven flow lower it: UA in service = F UA clean, with F below 1, so what is
bought is UA/F; `pche.py` takes F apart into fouling resistances and a maldistribution factor.

Effectiveness = Q / Q_max, with Q_max the greatest duty of an endless counterflow exchanger at the given inlets and
pressures: limited by real enthalpies where one side leaves at the other's inlet temperature, and by a pinch inside where
the temperatures touch there first. (For constant heat capacities this is the textbook's C_min (T_hot,in - T_cold,in).)
Source of the definition: Incropera et al., Fundamentals of Heat and Mass Transfer, sec. 11.4, carried over to enthalpies.
"""

import math

import numpy as np

from thermo.co2.flash import BY_H, cp_of, density, flash, march
from thermo.co2.helmholtz import properties
from thermo.co2.property_table import march_table
from thermo.compiled import kernel, part

SECANT, SEGMENT_MEAN = 0, 1
EFF_MAX = 0.99999  # greatest effectiveness of a segment, as in ssc


@kernel
def lmtd(d1: float, d2: float) -> float:
    """Log-mean of two temperature differences [K], smooth where they are equal.

    Source: Incropera et al., Fundamentals of Heat and Mass Transfer, eq. 11.15.
    """
    r = d1 / d2 - 1.0
    if abs(r) < 1e-3:
        return d2 * (1.0 + r / 2.0 - r * r / 12.0 + r**3 / 24.0)
    return (d1 - d2) / math.log(d1 / d2)


@part
def _segment_mean_ua(q: float, m_h: float, m_c: float, h: tuple, c: tuple, dT_in: float) -> float:
    """UA [W/K] of one segment by effectiveness-NTU with mean cp; h, c = (h, p, rho, T) at mean; <0 if over 1."""
    ok1, r1, T1 = flash(BY_H, h[1], h[0], h[2], h[3])
    ok2, r2, T2 = flash(BY_H, c[1], c[0], c[2], c[3])
    if not (ok1 and ok2):
        return -1.0
    C_h, C_c = m_h * cp_of(r1, T1), m_c * cp_of(r2, T2)
    C_min, ratio = min(C_h, C_c), min(C_h, C_c) / max(C_h, C_c)
    eff = min(q / (C_min * dT_in), EFF_MAX)
    if 1.0 - ratio < 1e-9:
        return C_min * eff / (1.0 - eff)
    return C_min * math.log((1.0 - eff * ratio) / (1.0 - eff)) / (1.0 - ratio)


@part
def counterflow_by(model: int, n: int, q: float, hot: tuple, cold: tuple, table: np.ndarray) -> tuple:
    """(ok, UA [W/K], least temperature difference [K], cold outlet T, hot outlet T) for duty q [W].

    hot and cold: (m_dot, h_in, p_in, p_out, rho_in, T_in). UA is inf where the temperatures meet or cross;
    the least difference then says by how much. table: property table for the temperatures, or empty: exact.
    """
    m_h, h_h, p_h, p_ho, r_h, T_h = hot
    m_c, h_c, p_c, p_co, r_c, T_c = cold
    rh, th, rc, tc = np.empty(n + 1), np.empty(n + 1), np.empty(n + 1), np.empty(n + 1)
    if table.size > 0 and model == SECANT:
        ok = march_table(table, n, h_h, p_h, h_h - q / m_h, p_ho, th)
        ok = ok and march_table(table, n, h_c, p_c, h_c + q / m_c, p_co, tc)
    else:
        ok = march(n, h_h, p_h, h_h - q / m_h, p_ho, r_h, T_h, rh, th)
        ok = ok and march(n, h_c, p_c, h_c + q / m_c, p_co, r_c, T_c, rc, tc)
    if not ok:
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


@kernel
def counterflow(model: int, n: int, q: float, hot: tuple, cold: tuple) -> tuple:
    """`counterflow_by` with the exact equation of state."""
    return counterflow_by(model, n, q, hot, cold, np.empty(0))


@part
def _least_difference(n: int, q: float, hot: tuple, cold: tuple, rh: np.ndarray, th: np.ndarray, rc: np.ndarray,
                      tc: np.ndarray) -> float:  # fmt: skip
    """Least temperature difference [K] at n+1 nodes of a duty q [W]; nan where there is no state."""
    m_h, h_h, p_h, p_ho, r_h, T_h = hot
    m_c, h_c, p_c, p_co, r_c, T_c = cold
    if not march(n, h_h, p_h, h_h - q / m_h, p_ho, r_h, T_h, rh, th):
        return np.nan
    if not march(n, h_c, p_c, h_c + q / m_c, p_co, r_c, T_c, rc, tc):
        return np.nan
    dT = np.inf
    for i in range(n + 1):
        dT = min(dT, th[i] - tc[n - i])
    return dT


@part
def q_max(n: int, hot: tuple, cold: tuple) -> float:
    """Greatest duty [W] between two inlets, streams as for `counterflow`; 0 where there is none, nan without a state.

    First the duty at which one side leaves at the other's inlet temperature; where that would cross inside, the duty at
    which the least difference of the nodes is 0, by false position (Illinois) to 1e-12.
    """
    m_h, h_h, _p_h, p_ho, _r_h, T_h = hot
    m_c, h_c, _p_c, p_co, _r_c, T_c = cold
    if T_h <= T_c:
        return 0.0
    rho_h, rho_c = density(p_ho, T_c), density(p_co, T_h)
    if rho_h <= 0.0 or rho_c <= 0.0:
        return np.nan
    top = min(m_h * (h_h - properties(rho_h, T_c)[1]), m_c * (properties(rho_c, T_h)[1] - h_c))
    if top <= 0.0:
        return 0.0
    rh, th, rc, tc = np.empty(n + 1), np.empty(n + 1), np.empty(n + 1), np.empty(n + 1)
    tol = 1e-9 * (T_h - T_c)
    b, fb = top, _least_difference(n, top, hot, cold, rh, th, rc, tc)
    if not fb < -tol:
        return top if fb == fb else np.nan
    a, fa = 0.0, _least_difference(n, 0.0, hot, cold, rh, th, rc, tc)
    if not fa > 0.0:
        return np.nan
    side = 0
    for _ in range(100):
        x = b - fb * (b - a) / (fb - fa)
        f = _least_difference(n, x, hot, cold, rh, th, rc, tc)
        if np.isnan(f):
            return np.nan
        if f > 0.0:
            a, fa = x, f
            fb = 0.5 * fb if side == 1 else fb
            side = 1
        else:
            b, fb = x, f
            fa = 0.5 * fa if side == -1 else fa
            side = -1
        if abs(f) < tol or b - a < 1e-12 * top:
            return x
    return a


@part
def effectiveness(n: int, q: float, hot: tuple, cold: tuple) -> float:
    """Duty over the greatest duty; inf where no heat can flow, nan without a state."""
    top = q_max(n, hot, cold)
    return q / top if top > 0.0 or np.isnan(top) else np.inf


GIVEN_UA, GIVEN_DT_MIN, GIVEN_COLD_END, GIVEN_EFFECTIVENESS = 0, 1, 2, 3
DT_LEAST_K = 0.01


@part
def mismatch(given: int, value: float, ua: float, dT_min: float, dT_cold: float, eff: float = 1.0) -> float:
    """Distance from what is given, dimensionless, rising with the hot outlet temperature and monotone through a
    temperature cross: UA_given/UA - 1, (difference - wanted)/wanted, or effectiveness wanted/found - 1.

    eff is used only with GIVEN_EFFECTIVENESS: `effectiveness(n, q, hot, cold)`. Where the two capacities differ so much that
    no conductance can be used up, the exchanger stops DT_LEAST_K short of the temperatures meeting (its UA is then below
    what is given).
    """
    if given == GIVEN_EFFECTIVENESS:
        return value / eff - 1.0
    if given == GIVEN_DT_MIN:
        return dT_min / value - 1.0
    if given == GIVEN_COLD_END:
        return dT_cold / value - 1.0
    if dT_min <= 0.0:
        return -1.0 + dT_min / 20.0
    return min(value / ua, dT_min / DT_LEAST_K) - 1.0
