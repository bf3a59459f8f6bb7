"""Recompression cycle: the flow is split after the low-temperature recuperator; a share f is compressed hot by
the recompressor and joins the rest, which was cooled, compressed and heated in that recuperator (compiled).

Unknowns: the low-pressure outlet temperatures of both recuperators, from their UA (or differences). The
mismatches are nearly linear in them, so Newton with Broyden updates needs some seven evaluations; from a cold
start a nested bracketed search, which cannot fail where an answer exists, leads into Newton's reach.
"""

import numpy as np

from thermo.compiled import njit

from ..recuperator import counterflow, mismatch
from ..turbomachinery import H_, P_, RHO_, T_, change_pressure, set_ph, set_pT
from .parts import (
    DT_HTR,
    DT_LTR,
    HTR_HP,
    HTR_LP,
    LTR_HP,
    LTR_LP,
    MC_IN,
    MC_OUT,
    MIX,
    NO_EXCHANGE,
    NO_STATE,
    NO_WORK,
    RC_OUT,
    SOLVED,
    T_IN,
    T_OUT,
    UA_HTR,
    UA_LTR,
    Inputs,
    bracket_next,
    squash,
)  # fmt: skip


@njit(cache=True)
def _ltr(c: Inputs, T8: float, T9: float, st: np.ndarray, hx: np.ndarray) -> tuple:
    """(mismatch of the low-temperature recuperator, m_dot); fills the states on both of its sides."""
    ok = set_pT(st[HTR_LP], c.p_htr_lp, T8) and set_pT(st[LTR_LP], c.p_ltr_lp, T9)
    ok = ok and change_pressure(st[LTR_LP], c.p_ltr_hp, c.eta_r, st[RC_OUT])
    if not ok:
        return np.nan, 0.0
    m = c.m_dot
    if c.W_shaft > 0.0:
        work = st[T_IN, H_] - st[T_OUT, H_] - (1.0 - c.f) * (st[MC_OUT, H_] - st[MC_IN, H_])
        work -= c.f * (st[RC_OUT, H_] - st[LTR_LP, H_])
        if work <= 1e-3 * (st[T_IN, H_] - st[T_OUT, H_]):
            return np.nan, -1.0
        m = c.W_shaft / work
    q = m * (st[HTR_LP, H_] - st[LTR_LP, H_])
    hot = (m, st[HTR_LP, H_], c.p_htr_lp, c.p_ltr_lp, st[HTR_LP, RHO_], T8)
    cold = ((1.0 - c.f) * m, st[MC_OUT, H_], c.p_mc_out, c.p_ltr_hp, st[MC_OUT, RHO_], st[MC_OUT, T_])
    ok, hx[UA_LTR], hx[DT_LTR], tc, _th = counterflow(c.model, c.n, q, hot, cold)
    if not ok:
        return np.nan, m
    st[LTR_HP, T_] = tc
    st[LTR_HP, H_] = st[MC_OUT, H_] + q / cold[0]
    return mismatch(c.given_ltr, c.x_ltr, hx[UA_LTR], hx[DT_LTR], T9 - st[MC_OUT, T_]), m


@njit(cache=True)
def _htr(c: Inputs, T8: float, m: float, st: np.ndarray, hx: np.ndarray) -> float:
    """Mismatch of the high-temperature recuperator; needs the states that `_ltr` filled."""
    h_mix = (1.0 - c.f) * st[LTR_HP, H_] + c.f * st[RC_OUT, H_]
    if not set_ph(st[MIX], c.p_ltr_hp, h_mix, st[RC_OUT, RHO_], st[RC_OUT, T_]):
        return np.nan
    q = m * (st[T_OUT, H_] - st[HTR_LP, H_])
    hot = (m, st[T_OUT, H_], st[T_OUT, P_], c.p_htr_lp, st[T_OUT, RHO_], st[T_OUT, T_])
    cold = (m, h_mix, c.p_ltr_hp, c.p_htr_hp, st[MIX, RHO_], st[MIX, T_])
    ok, hx[UA_HTR], hx[DT_HTR], tc, _th = counterflow(c.model, c.n, q, hot, cold)
    if not ok:
        return np.nan
    st[HTR_HP, T_] = tc
    return mismatch(c.given_htr, c.x_htr, hx[UA_HTR], hx[DT_HTR], T8 - st[MIX, T_])


@njit(cache=True)
def _inner(c: Inputs, T8: float, T9: float, tol: float, st: np.ndarray, hx: np.ndarray) -> tuple:
    """(T9, m_dot) that match the low-temperature recuperator at a given T8; m_dot <= 0 where there is none."""
    a, b = st[MC_OUT, T_] + 1e-4, T8 - 1e-4
    fa, fb = -1.0, 1.0
    x = T9 if a < T9 < b else a + 0.3 * (b - a)
    m = 0.0
    for i in range(60):
        r, m = _ltr(c, T8, x, st, hx)
        if np.isnan(r):
            if m < 0.0:  # no work left: the recompressor's inlet is too hot
                b, fb = x, 1.0
            else:
                return x, 0.0
        elif r > 0.0:
            b, fb = x, squash(r)
        else:
            a, fa = x, squash(r)
        if b - a < tol or abs(r) < 1e-5:
            break
        x = bracket_next(a, fa, b, fb, i)
    return x, m


@njit(cache=True)
def _nested(c: Inputs, st: np.ndarray, hx: np.ndarray) -> tuple:
    """(ok, T8, T9) by bracketing T8 around a bracketed T9."""
    a, b = st[MC_OUT, T_] + 0.01, st[T_OUT, T_] - 1e-3
    fa, fb, T9 = -1.0, 1.0, 0.0
    if b <= a:
        return False, 0.0, 0.0
    x = a + 0.35 * (b - a)
    for i in range(60):
        T9, m = _inner(c, x, T9, 1e-3, st, hx)
        if m <= 0.0:
            a = x
        else:
            r = _htr(c, x, m, st, hx)
            if np.isnan(r):
                return False, x, T9
            if r > 0.0:
                b, fb = x, squash(r)
            else:
                a, fa = x, squash(r)
            if abs(r) < 1e-3:
                return True, x, T9
        if b - a < 2e-3:
            return b < st[T_OUT, T_] - 0.01, x, T9
        x = bracket_next(a, fa, b, fb, i)
    return True, x, T9


@njit(cache=True)
def _both(c: Inputs, T8: float, T9: float, st: np.ndarray, hx: np.ndarray) -> tuple:
    r1, m = _ltr(c, T8, T9, st, hx)
    if np.isnan(r1):
        return np.nan, np.nan, m
    return r1, _htr(c, T8, m, st, hx), m


@njit(cache=True)
def _newton(
    c: Inputs, T8: float, T9: float, st: np.ndarray, hx: np.ndarray, jac: np.ndarray, tol: float
) -> tuple:
    """(ok, m_dot) by Newton with Broyden updates; leaves the last evaluation in the tables, the slopes in jac."""
    r1, r2, m = _both(c, T8, T9, st, hx)
    a11, a12, a21, a22 = jac
    fresh = 0 if a11 == 0.0 else 7
    for _ in range(60):
        if np.isnan(r1 + r2):
            return False, m
        if abs(r1) < tol and abs(r2) < tol:
            jac[0], jac[1], jac[2], jac[3] = a11, a12, a21, a22
            return hx[DT_LTR] > 0.0 and hx[DT_HTR] > 0.0, m
        if fresh == 0:
            e = 0.01
            u1, u2, _m = _both(c, T8 + e, T9, st, hx)
            v1, v2, _m = _both(c, T8, T9 + e, st, hx)
            a11, a21, a12, a22 = (u1 - r1) / e, (u2 - r2) / e, (v1 - r1) / e, (v2 - r2) / e
            fresh = 8
        det = a11 * a22 - a12 * a21
        if not (abs(det) > 0.0):
            return False, m
        d8, d9 = (a12 * r2 - a22 * r1) / det, (a21 * r1 - a11 * r2) / det
        size, k, done = abs(r1) + abs(r2), min(1.0, 40.0 / max(abs(d8), abs(d9), 1e-12)), False
        for _h in range(5):
            n8, n9 = T8 + k * d8, T9 + k * d9
            if st[MC_OUT, T_] < n9 < n8 < st[T_OUT, T_]:
                n1, n2, nm = _both(c, n8, n9, st, hx)
                if abs(n1) + abs(n2) < size * (1.0 if fresh == 8 else 0.5):
                    done = True
                    break
            if fresh < 8:
                break
            k *= 0.35
        if not done:
            if fresh == 8:
                return max(abs(r1), abs(r2)) < 1e-8, m
            fresh = 0
            r1, r2, m = _both(c, T8, T9, st, hx)
            continue
        s8, s9 = n8 - T8, n9 - T9
        ss = s8 * s8 + s9 * s9
        e1, e2 = n1 - r1 - a11 * s8 - a12 * s9, n2 - r2 - a21 * s8 - a22 * s9
        a11, a12, a21, a22 = a11 + e1 * s8 / ss, a12 + e1 * s9 / ss, a21 + e2 * s8 / ss, a22 + e2 * s9 / ss
        T8, T9, r1, r2, m = n8, n9, n1, n2, nm
        fresh -= 1
    return False, m


@njit(cache=True)
def solve(c: Inputs, T8_start: float, T9_start: float, jac: np.ndarray, tol: float) -> tuple:
    """(status, m_dot, T_htr_lp, T_ltr_lp, states, exchangers).

    Starts [K] may be 0: unknown. jac: slopes of the mismatches kept from a near solve, or zeros; it is updated.
    """
    st, hx = np.zeros((10, 5)), np.zeros(4)
    ok = set_pT(st[MC_IN], c.p_mc_in, c.T_mc_in) and change_pressure(
        st[MC_IN], c.p_mc_out, c.eta_c, st[MC_OUT]
    )
    ok = ok and set_pT(st[T_IN], c.p_turbine_in, c.T_turbine_in)
    ok = ok and change_pressure(st[T_IN], c.p_turbine_out, c.eta_t, st[T_OUT])
    if not ok:
        return NO_STATE, 0.0, 0.0, 0.0, st, hx
    work = st[T_IN, H_] - st[T_OUT, H_] - (1.0 - c.f) * (st[MC_OUT, H_] - st[MC_IN, H_])
    if work <= 0.0:
        return NO_WORK, 0.0, 0.0, 0.0, st, hx
    done, m = False, 0.0
    if st[MC_OUT, T_] < T9_start < T8_start < st[T_OUT, T_]:
        done, m = _newton(c, T8_start, T9_start, st, hx, jac, tol)
    if not done:
        found, T8, T9 = _nested(c, st, hx)
        if not found:
            return NO_EXCHANGE, 0.0, 0.0, 0.0, st, hx
        jac[:] = 0.0
        done, m = _newton(c, T8, T9, st, hx, jac, tol)
        if not done:
            return NO_EXCHANGE, m, 0.0, 0.0, st, hx
    h5 = st[MIX, H_] + st[T_OUT, H_] - st[HTR_LP, H_]
    ok = set_ph(st[LTR_HP], c.p_ltr_hp, st[LTR_HP, H_], st[RC_OUT, RHO_], st[LTR_HP, T_])
    ok = ok and set_ph(st[HTR_HP], c.p_htr_hp, h5, st[MIX, RHO_], st[HTR_HP, T_])
    return SOLVED if ok else NO_STATE, m, st[HTR_LP, T_], st[LTR_LP, T_], st, hx
