"""Mismatch of both recuperators of a layout at two tried temperatures (compiled), one function a way of flow.

Each layout with two recuperators has two unknowns, x and y, both temperatures [K]; `inner` answers the mismatch that y
decides, and the flow; `outer` the one that x decides, from the states that `inner` filled. Both mismatches rise with
their unknown, so that nested bracketing cannot fail where an answer exists.

    two recuperators   x = low-pressure outlet of the high-temperature one, y = of the low-temperature one
    turbine split      the same; the high-temperature one heats turbine 2's flow with turbine 1's exhaust, the
                       low-temperature one heats turbine 1's flow with turbine 2's exhaust
    cascade            x the same; y mirrors the high-pressure outlet T of the low-temperature one:
                       T = T_turbine_out + T_compressor_out - y
"""

import numpy as np

from thermo.compiled import part
from thermo.exchangers.recuperator import GIVEN_EFFECTIVENESS, counterflow_by, effectiveness, mismatch
from thermo.layouts.parts import (
    BEFORE_SPLIT,
    CASCADE,
    DT_HTR,
    DT_LTR,
    HTR_HP,
    HTR_LP,
    LTR_HP,
    LTR_LP,
    LTR_LP_IN,
    MC_OUT,
    MIX,
    RC_OUT,
    T2_IN,
    T2_OUT,
    T_OUT,
    TURBINE_SPLIT,
    UA_HTR,
    UA_LTR,
    Inputs,
)  # fmt: skip
from thermo.layouts.train import flow
from thermo.machines.turbomachinery import H_, P_, RHO_, T_, change_pressure_by, set_ph_by, set_pT_by

NONE = (np.nan, 0.0)  # no state here
TOO_HIGH = (np.nan, -1.0)  # the inner unknown is too high


@part
def ltr(c: Inputs, hot: tuple, cold: tuple, q: float, st: np.ndarray, hx: np.ndarray) -> tuple:
    """(ok, mismatch, cold outlet T, hot outlet T) of the low-temperature recuperator."""
    ok, hx[UA_LTR], hx[DT_LTR], tc, th = counterflow_by(c.model, c.n, q, hot, cold, c.table)
    eff = effectiveness(c.n, q, hot, cold) if c.given_ltr == GIVEN_EFFECTIVENESS else 1.0
    return ok, mismatch(c.given_ltr, c.x_ltr, hx[UA_LTR], hx[DT_LTR], th - cold[5], eff), tc, th


@part
def htr(c: Inputs, hot: tuple, cold: tuple, q: float, st: np.ndarray, hx: np.ndarray) -> tuple:
    """(ok, mismatch, cold outlet T, hot outlet T) of the high-temperature recuperator."""
    ok, hx[UA_HTR], hx[DT_HTR], tc, th = counterflow_by(c.model, c.n, q, hot, cold, c.table)
    eff = effectiveness(c.n, q, hot, cold) if c.given_htr == GIVEN_EFFECTIVENESS else 1.0
    return ok, mismatch(c.given_htr, c.x_htr, hx[UA_HTR], hx[DT_HTR], th - cold[5], eff), tc, th


@part
def side(m: float, row: np.ndarray, p_out: float) -> tuple:
    """One side of a recuperator from its inlet row."""
    return (m, row[H_], row[P_], p_out, row[RHO_], row[T_])


@part
def _inner_two(c: Inputs, x: float, y: float, st: np.ndarray, hx: np.ndarray) -> tuple:
    if not (set_pT_by(c.table, st[HTR_LP], c.p_htr_lp, x) and set_pT_by(c.table, st[LTR_LP], c.p_ltr_lp, y)):
        return NONE
    if c.precompressor != BEFORE_SPLIT and not change_pressure_by(
        c.table, st[LTR_LP], c.p_ltr_hp, c.eta_r, st[RC_OUT]
    ):
        return NONE
    m = flow(c, st)
    if m <= 0.0:
        return TOO_HIGH
    q = m * (st[HTR_LP, H_] - st[LTR_LP, H_])
    if q <= 0.0:
        return TOO_HIGH
    m_cold = (1.0 - c.f) * m
    ok, r, tc, _th = ltr(c, side(m, st[HTR_LP], c.p_ltr_lp), side(m_cold, st[MC_OUT], c.p_ltr_hp), q, st, hx)
    if not ok:
        return np.nan, m
    st[LTR_HP, T_], st[LTR_HP, H_] = tc, st[MC_OUT, H_] + q / m_cold
    return r, m


@part
def _outer_two(c: Inputs, m: float, st: np.ndarray, hx: np.ndarray) -> float:
    h_mix = (1.0 - c.f) * st[LTR_HP, H_] + c.f * st[RC_OUT, H_]
    if not set_ph_by(c.table, st[MIX], c.p_ltr_hp, h_mix, st[RC_OUT, RHO_], st[RC_OUT, T_]):
        return np.nan
    q = m * (st[T_OUT, H_] - st[HTR_LP, H_])
    m_cold = (1.0 - c.split) * m
    ok, r, tc, _th = htr(c, side(m, st[T_OUT], c.p_htr_lp), side(m_cold, st[MIX], c.p_htr_hp), q, st, hx)
    st[HTR_HP, T_], st[HTR_HP, H_] = tc, h_mix + q / m_cold
    return r if ok else np.nan


@part
def _second_turbine(c: Inputs, h_in: float, p_in: float, st: np.ndarray) -> bool:
    return set_ph_by(
        c.table, st[T2_IN], p_in, h_in, st[T_OUT, RHO_] * p_in / st[T_OUT, P_], st[T_OUT, T_]
    ) and change_pressure_by(c.table, st[T2_IN], c.p_t2_out, c.eta_t2, st[T2_OUT])


@part
def _inner_split(c: Inputs, x: float, y: float, st: np.ndarray, hx: np.ndarray) -> tuple:
    s = c.split
    if not (set_pT_by(c.table, st[HTR_LP], c.p_htr_lp, x) and set_pT_by(c.table, st[LTR_LP], c.p_ltr_lp, y)):
        return NONE
    h2 = st[MC_OUT, H_] + (1.0 - s) / s * (st[T_OUT, H_] - st[HTR_LP, H_])
    if not _second_turbine(c, min(h2, st[T_OUT, H_] + 3e5), c.p_htr_hp, st):
        return NONE
    m = flow(c, st)
    if m <= 0.0:
        return NONE
    if st[LTR_LP, T_] >= st[T2_OUT, T_]:
        return TOO_HIGH
    q = s * m * (st[T2_OUT, H_] - st[LTR_LP, H_])
    if q <= 0.0:
        return TOO_HIGH
    hot, cold = side(s * m, st[T2_OUT], c.p_ltr_lp), side((1.0 - s) * m, st[MC_OUT], c.p_ltr_hp)
    ok, r, tc, _th = ltr(c, hot, cold, q, st, hx)
    st[LTR_HP, T_], st[LTR_HP, H_] = tc, st[MC_OUT, H_] + q / cold[0]
    return (r if ok else np.nan), m


@part
def _outer_split(c: Inputs, m: float, st: np.ndarray, hx: np.ndarray) -> float:
    s = c.split
    q = (1.0 - s) * m * (st[T_OUT, H_] - st[HTR_LP, H_])
    hot, cold = side((1.0 - s) * m, st[T_OUT], c.p_htr_lp), side(s * m, st[MC_OUT], c.p_htr_hp)
    ok, r, tc, _th = htr(c, hot, cold, q, st, hx)
    st[HTR_HP, T_], st[HTR_HP, H_] = tc, st[MC_OUT, H_] + q / cold[0]
    return r if ok else np.nan


@part
def _inner_cascade(c: Inputs, x: float, y: float, st: np.ndarray, hx: np.ndarray) -> tuple:
    s = c.split
    T4 = st[T_OUT, T_] + st[MC_OUT, T_] - y
    if not (set_pT_by(c.table, st[HTR_LP], c.p_htr_lp, x) and set_pT_by(c.table, st[LTR_HP], c.p_ltr_hp, T4)):
        return NONE
    h2 = st[LTR_HP, H_] + (1.0 - s) / s * (st[T_OUT, H_] - st[HTR_LP, H_])
    if not _second_turbine(c, min(h2, st[T_OUT, H_] + 3e5), c.p_htr_hp, st):
        return NONE
    m = flow(c, st)
    if m <= 0.0:
        return NONE
    h_mix = (1.0 - s) * st[HTR_LP, H_] + s * st[T2_OUT, H_]
    if not set_ph_by(c.table, st[LTR_LP_IN], c.p_htr_lp, h_mix, st[T2_OUT, RHO_], st[T2_OUT, T_]):
        return NONE
    q = s * m * (st[LTR_HP, H_] - st[MC_OUT, H_])
    if q <= 0.0:
        return TOO_HIGH
    hot, cold = side(m, st[LTR_LP_IN], c.p_ltr_lp), side(s * m, st[MC_OUT], c.p_ltr_hp)
    ok, r, _tc, th = ltr(c, hot, cold, q, st, hx)
    st[LTR_LP, T_], st[LTR_LP, H_] = th, h_mix - q / m
    return (r if ok else np.nan), m


@part
def _outer_cascade(c: Inputs, m: float, st: np.ndarray, hx: np.ndarray) -> float:
    s = c.split
    q = (1.0 - s) * m * (st[T_OUT, H_] - st[HTR_LP, H_])
    hot, cold = side((1.0 - s) * m, st[T_OUT], c.p_htr_lp), side(s * m, st[LTR_HP], c.p_htr_hp)
    ok, r, tc, _th = htr(c, hot, cold, q, st, hx)
    st[HTR_HP, T_], st[HTR_HP, H_] = tc, st[LTR_HP, H_] + q / cold[0]
    return r if ok else np.nan


@part
def inner(c: Inputs, x: float, y: float, st: np.ndarray, hx: np.ndarray) -> tuple:
    """(mismatch of the low-temperature recuperator, flow [kg/s]); nan with flow -1: y too high, 0: no state."""
    if c.kind == TURBINE_SPLIT:
        return _inner_split(c, x, y, st, hx)
    if c.kind == CASCADE:
        return _inner_cascade(c, x, y, st, hx)
    return _inner_two(c, x, y, st, hx)


@part
def outer(c: Inputs, m: float, st: np.ndarray, hx: np.ndarray) -> float:
    """Mismatch of the high-temperature recuperator, from the states that `inner` filled."""
    if c.kind == TURBINE_SPLIT:
        return _outer_split(c, m, st, hx)
    if c.kind == CASCADE:
        return _outer_cascade(c, m, st, hx)
    return _outer_two(c, m, st, hx)
