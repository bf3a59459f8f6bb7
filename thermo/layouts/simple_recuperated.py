"""Simple recuperated cycle: compressor, recuperator, heater, turbine, cooler (compiled).

Unknown: the recuperator's low-pressure outlet temperature, from UA (or a temperature difference). The one
recuperator is called the low-temperature one; all conductance is in it.
"""

import numpy as np

from thermo.compiled import njit

from ..recuperator import counterflow, mismatch
from ..turbomachinery import H_, P_, RHO_, T_, change_pressure, set_ph, set_pT
from .parts import (
    DT_LTR,
    LTR_HP,
    LTR_LP,
    MC_IN,
    MC_OUT,
    NO_EXCHANGE,
    NO_STATE,
    NO_WORK,
    SOLVED,
    T_IN,
    T_OUT,
    UA_LTR,
    Inputs,
    bracket_next,
    squash,
)  # fmt: skip


@njit(cache=True)
def _machines(c: Inputs, st: np.ndarray) -> bool:
    return (
        set_pT(st[MC_IN], c.p_mc_in, c.T_mc_in)
        and change_pressure(st[MC_IN], c.p_mc_out, c.eta_c, st[MC_OUT])
        and set_pT(st[T_IN], c.p_turbine_in, c.T_turbine_in)
        and change_pressure(st[T_IN], c.p_turbine_out, c.eta_t, st[T_OUT])
    )


@njit(cache=True)
def _close(c: Inputs, T_out: float, m: float, st: np.ndarray, hx: np.ndarray) -> float:
    """Mismatch of the recuperator at its low-pressure outlet temperature; nan where there is no state."""
    if not set_pT(st[LTR_LP], c.p_ltr_lp, T_out):
        return np.nan
    q = m * (st[T_OUT, H_] - st[LTR_LP, H_])
    hot = (m, st[T_OUT, H_], st[T_OUT, P_], c.p_ltr_lp, st[T_OUT, RHO_], st[T_OUT, T_])
    cold = (m, st[MC_OUT, H_], st[MC_OUT, P_], c.p_ltr_hp, st[MC_OUT, RHO_], st[MC_OUT, T_])
    ok, hx[UA_LTR], hx[DT_LTR], _tc, _th = counterflow(c.model, c.n, q, hot, cold)
    if not ok:
        return np.nan
    return mismatch(c.given_ltr, c.x_ltr, hx[UA_LTR], hx[DT_LTR], T_out - st[MC_OUT, T_])


@njit(cache=True)
def solve(c: Inputs, T_start: float, _unused: float) -> tuple:
    """(status, m_dot, T_ltr_lp, 0, states, exchangers). T_start: a near answer [K], or 0."""
    st, hx = np.zeros((10, 5)), np.zeros(4)
    if not _machines(c, st):
        return NO_STATE, 0.0, 0.0, 0.0, st, hx
    work = st[T_IN, H_] - st[T_OUT, H_] - st[MC_OUT, H_] + st[MC_IN, H_]
    if work <= 0.0:
        return NO_WORK, 0.0, 0.0, 0.0, st, hx
    m = c.W_shaft / work if c.W_shaft > 0.0 else c.m_dot
    a, b = st[MC_OUT, T_] + 1e-4, st[T_OUT, T_] - 1e-4
    if b <= a:
        return NO_EXCHANGE, m, 0.0, 0.0, st, hx
    fa, fb = -1.0, 1.0
    x = T_start if a < T_start < b else a + 0.1 * (b - a)
    x_old, r_old = 0.0, 0.0
    for i in range(80):
        r = _close(c, x, m, st, hx)
        if np.isnan(r):
            return NO_STATE, m, 0.0, 0.0, st, hx
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
    ok = set_ph(st[LTR_HP], c.p_ltr_hp, st[MC_OUT, H_] + st[T_OUT, H_] - st[LTR_LP, H_], st[MC_OUT, RHO_],
                st[MC_OUT, T_])  # fmt: skip
    ok = ok and hx[DT_LTR] > 0.0
    return SOLVED if ok else NO_EXCHANGE, m, st[LTR_LP, T_], 0.0, st, hx
