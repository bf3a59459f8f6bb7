"""Solve a layout at a fixed point: the temperatures at which its recuperators have the conductance that is given (compiled).

One recuperator: a bracketed secant search. Two: the mismatches are nearly linear in the two temperatures, so Newton
with Broyden updates needs some seven evaluations; from a cold start a nested bracketed search, which cannot fail where
an answer exists, leads into Newton's reach.
"""

import numpy as np

from thermo.compiled import kernel, part
from thermo.layouts.exchange import inner, ltr, outer, side
from thermo.layouts.parts import (
    BP_OUT,
    CASCADE,
    COOLER_IN,
    DT_HTR,
    DT_LTR,
    HEATER_IN,
    HTR_HP,
    HTR_LP,
    LTR_HP,
    LTR_LP,
    MC_OUT,
    MIX,
    N_STATES,
    NO_EXCHANGE,
    NO_STATE,
    NO_WORK,
    ONE_RECUPERATOR,
    SOLVED,
    T2_IN,
    T_OUT,
    TURBINE_SPLIT,
    TWO_RECUPERATORS,
    Inputs,
    bracket_next,
    copy_row,
    squash,
)  # fmt: skip
from thermo.layouts.train import compression, expansion, flow, heat, machines, recompression_work
from thermo.machines.turbomachinery import H_, RHO_, T_, set_ph_by, set_pT_by


@part
def _one(c: Inputs, T_out: float, m: float, st: np.ndarray, hx: np.ndarray) -> float:
    """Mismatch of the only recuperator at its low-pressure outlet temperature; nan where there is no state."""
    if not set_pT_by(c.table, st[LTR_LP], c.p_ltr_lp, T_out):
        return np.nan
    q = m * (st[T_OUT, H_] - st[LTR_LP, H_])
    if q <= 0.0:
        return 1e6
    ok, r, _tc, _th = ltr(c, side(m, st[T_OUT], c.p_ltr_lp), side(m, st[MC_OUT], c.p_ltr_hp), q, st, hx)
    return r if ok else np.nan


@part
def _solve_one(c: Inputs, T_start: float, m: float, st: np.ndarray, hx: np.ndarray) -> int:
    a, b = st[MC_OUT, T_] + 1e-4, st[T_OUT, T_] - 1e-4
    if b <= a:
        return NO_EXCHANGE
    fa, fb = -1.0, 1.0
    x = T_start if a < T_start < b else a + 0.1 * (b - a)
    x_old, r_old = 0.0, 0.0
    for i in range(80):
        r = _one(c, x, m, st, hx)
        if np.isnan(r):
            return NO_STATE
        if r > 0.0:
            b, fb = x, squash(r)
        else:
            a, fa = x, squash(r)
        if abs(r) < 1e-11 or b - a < 1e-10:
            break
        new = 0.0
        if i > 0 and r != r_old and abs(r) < 0.5 and abs(r_old) < 0.5:
            new = x - r * (x - x_old) / (r - r_old)
        elif i == 0 and T_start > 0.0:
            new = x + 0.01
        if not (a < new < b):
            new = bracket_next(a, fa, b, fb, i)
        x_old, r_old, x = x, r, new
    h3 = st[MC_OUT, H_] + st[T_OUT, H_] - st[LTR_LP, H_]
    if not set_ph_by(c.table, st[LTR_HP], c.p_ltr_hp, h3, st[MC_OUT, RHO_], st[MC_OUT, T_]):
        return NO_STATE
    return SOLVED if hx[DT_LTR] > 0.0 else NO_EXCHANGE


@part
def _top(c: Inputs, x: float, st: np.ndarray) -> float:
    """Upper end of the inner unknown [K]."""
    return x if c.kind == TWO_RECUPERATORS else st[T_OUT, T_]


@part
def _inner(c: Inputs, x: float, y: float, tol: float, st: np.ndarray, hx: np.ndarray) -> tuple:
    """(y, flow) that match the low-temperature recuperator at a given x; flow <= 0 where there is none."""
    a, b = st[MC_OUT, T_] + 1e-4, _top(c, x, st) - 1e-4
    fa, fb = -1.0, 1.0
    y = y if a < y < b else a + 0.3 * (b - a)
    m = 0.0
    for i in range(60):
        r, m = inner(c, x, y, st, hx)
        if np.isnan(r):
            if m >= 0.0:
                return y, 0.0
            b, fb = y, 1.0
        elif r > 0.0:
            b, fb = y, squash(r)
        else:
            a, fa = y, squash(r)
        if b - a < tol or abs(r) < 0.1 * tol:
            break
        y = bracket_next(a, fa, b, fb, i)
    return y, m


@part
def _nested(c: Inputs, tol: float, st: np.ndarray, hx: np.ndarray) -> tuple:
    """(ok, x, y) by bracketing x around a bracketed y, both to some tol [K] or [relative]."""
    a, b = st[MC_OUT, T_] + 0.01, st[T_OUT, T_] - 1e-3
    fa, fb, y = -1.0, 1.0, 0.0
    if b <= a:
        return False, 0.0, 0.0
    x = a + 0.35 * (b - a)
    for i in range(60):
        y, m = _inner(c, x, y, tol, st, hx)
        if m <= 0.0:
            a = x
        else:
            r = outer(c, m, st, hx)
            if np.isnan(r):
                return False, x, y
            if r > 0.0:
                b, fb = x, squash(r)
            else:
                a, fa = x, squash(r)
            if abs(r) < tol:
                return True, x, y
        if b - a < 2.0 * tol:
            return b < st[T_OUT, T_] - 0.01, b, y
        x = bracket_next(a, fa, b, fb, i)
    return True, x, y


@part
def _both(c: Inputs, x: float, y: float, st: np.ndarray, hx: np.ndarray) -> tuple:
    r1, m = inner(c, x, y, st, hx)
    if np.isnan(r1):
        return np.nan, np.nan, m
    return r1, outer(c, m, st, hx), m


@part
def _newton(
    c: Inputs, x: float, y: float, st: np.ndarray, hx: np.ndarray, jac: np.ndarray, tol: float
) -> tuple:
    """(ok, x, y, flow) by Newton with Broyden updates; leaves the last evaluation in the tables, the slopes in jac."""
    r1, r2, m = _both(c, x, y, st, hx)
    a11, a12, a21, a22 = jac[0], jac[1], jac[2], jac[3]
    fresh = 0 if a11 == 0.0 else 7
    for _ in range(60):
        if np.isnan(r1 + r2):
            return False, x, y, m
        if abs(r1) < tol and abs(r2) < tol:
            jac[0], jac[1], jac[2], jac[3] = a11, a12, a21, a22
            return hx[DT_LTR] > 0.0 and hx[DT_HTR] > 0.0, x, y, m
        if fresh == 0:
            e = 1e-5
            u1, u2, _m = _both(c, x + e, y, st, hx)
            v1, v2, _m = _both(c, x, y + e, st, hx)
            a11, a21, a12, a22 = (u1 - r1) / e, (u2 - r2) / e, (v1 - r1) / e, (v2 - r2) / e
            fresh = 8
        det = a11 * a22 - a12 * a21
        if not (abs(det) > 0.0):
            return False, x, y, m
        dx, dy = (a12 * r2 - a22 * r1) / det, (a21 * r1 - a11 * r2) / det
        size, k, done = abs(r1) + abs(r2), min(1.0, 40.0 / max(abs(dx), abs(dy), 1e-12)), False
        for _h in range(5):
            nx, ny = x + k * dx, y + k * dy
            if st[MC_OUT, T_] < nx < st[T_OUT, T_] and st[MC_OUT, T_] < ny < _top(c, nx, st):
                n1, n2, nm = _both(c, nx, ny, st, hx)
                if abs(n1) + abs(n2) < size * (1.0 if fresh == 8 else 0.5):
                    done = True
                    break
            if fresh < 8:
                break
            k *= 0.35
        if not done:
            if fresh == 8:
                r1, r2, m = _both(c, x, y, st, hx)
                return max(abs(r1), abs(r2)) < 1e-8, x, y, m
            fresh = 0
            r1, r2, m = _both(c, x, y, st, hx)
            continue
        sx, sy = nx - x, ny - y
        ss = sx * sx + sy * sy
        e1, e2 = n1 - r1 - a11 * sx - a12 * sy, n2 - r2 - a21 * sx - a22 * sy
        a11, a12, a21, a22 = a11 + e1 * sx / ss, a12 + e1 * sy / ss, a21 + e2 * sx / ss, a22 + e2 * sy / ss
        x, y, r1, r2, m = nx, ny, n1, n2, nm
        fresh -= 1
    return False, x, y, m


@part
def _solve_two(
    c: Inputs, x: float, y: float, jac: np.ndarray, tol: float, st: np.ndarray, hx: np.ndarray
) -> tuple:
    """(status, x, y, flow) from starts that may be 0: unknown."""
    done, m = False, 0.0
    if st[MC_OUT, T_] < x < st[T_OUT, T_] and st[MC_OUT, T_] < y < _top(c, x, st):
        done, x, y, m = _newton(c, x, y, st, hx, jac, tol)
    if not done:
        for close in (1e-3, 1e-5, 1e-7):  # [K]: mismatches bend sharply where temperatures nearly meet
            found, x, y = _nested(c, close, st, hx)
            if not found:
                return NO_EXCHANGE, 0.0, 0.0, 0.0
            for i in range(4):
                jac[i] = 0.0
            done, x, y, m = _newton(c, x, y, st, hx, jac, tol)
            if done:
                break
        if not done:
            return NO_EXCHANGE, 0.0, 0.0, m
    return SOLVED, x, y, m


@part
def _finish(c: Inputs, st: np.ndarray) -> bool:
    """Fill the states that the search knows by enthalpy alone, and those after mixing."""
    cold = LTR_HP if c.kind == CASCADE else MC_OUT
    near = (st[MC_OUT, RHO_], st[MC_OUT, T_])
    if c.kind == TWO_RECUPERATORS:
        near = (st[MIX, RHO_], st[MIX, T_])
    ok = set_ph_by(c.table, st[HTR_HP], c.p_htr_hp, st[HTR_HP, H_], near[0], st[HTR_HP, T_])
    if c.kind == CASCADE:
        copy_row(st, HTR_HP, T2_IN)
        return ok and set_ph_by(
            c.table, st[LTR_LP], c.p_ltr_lp, st[LTR_LP, H_], st[cold, RHO_], st[LTR_LP, T_]
        )
    ok = ok and set_ph_by(c.table, st[LTR_HP], c.p_ltr_hp, st[LTR_HP, H_], st[MC_OUT, RHO_], st[LTR_HP, T_])
    if c.kind == TURBINE_SPLIT:
        copy_row(st, HTR_HP, T2_IN)
        h = (1.0 - c.split) * st[HTR_LP, H_] + c.split * st[LTR_LP, H_]
        return ok and set_ph_by(c.table, st[COOLER_IN], c.p_htr_lp, h, st[LTR_LP, RHO_], st[LTR_LP, T_])
    copy_row(st, BP_OUT, HTR_HP)  # a bypass heater's outlet is as hot as the stream that it joins
    copy_row(st, HEATER_IN, HTR_HP)
    return ok


@kernel
def solve(c: Inputs, x: float, y: float, jac: np.ndarray, tol: float) -> tuple:
    """(status, flow [kg/s], x, y, shaft work [J/kg], heat [J/kg], states, exchangers).

    x, y: near answers [K], or 0. With one recuperator y is its low-pressure outlet temperature and x is not used.
    jac: slopes of the mismatches kept from a near solve, or zeros; it is updated.
    """
    st, hx = np.zeros((N_STATES, 5)), np.zeros(4)
    if not machines(c, st):
        return NO_STATE, 0.0, 0.0, 0.0, 0.0, 0.0, st, hx
    m = 0.0
    if c.kind == ONE_RECUPERATOR:
        m = flow(c, st)
        if m <= 0.0:
            return NO_WORK, 0.0, 0.0, 0.0, 0.0, 0.0, st, hx
        status = _solve_one(c, y, m, st, hx)
        y = st[LTR_LP, T_]
    else:
        if c.kind == TWO_RECUPERATORS and expansion(c, st) <= compression(c, st):
            return NO_WORK, 0.0, 0.0, 0.0, 0.0, 0.0, st, hx
        status, x, y, m = _solve_two(c, x, y, jac, tol, st, hx)
        if status == SOLVED and not _finish(c, st):
            status = NO_STATE
    if status != SOLVED:
        return status, m, 0.0, 0.0, 0.0, 0.0, st, hx
    work = expansion(c, st) - compression(c, st) - recompression_work(c, st)
    return SOLVED, m, x, y, work, heat(c, st), st, hx
