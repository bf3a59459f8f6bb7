"""Machines whose inlets are known before the recuperators are: compressors after a cooler, turbines after a heater
(compiled); and the powers per kilogram of a solved point.

Flow shares are of the flow through the cooler: 1 - f goes through the main compressor, f through the recompressor;
in the layouts with two turbines in parallel 1 - split feeds the first and split the second.
"""

import numpy as np

from thermo.compiled import njit
from thermo.layouts.parts import (
    AFTER_SPLIT,
    BEFORE_SPLIT,
    CASCADE,
    HPT_OUT,
    HTR_HP,
    LTR_HP,
    LTR_LP,
    MC_IN,
    MC_OUT,
    MIX,
    NO_PRECOMPRESSOR,
    ONE_RECUPERATOR,
    PC_IN,
    PC_OUT,
    RC_OUT,
    RH_OUT,
    T2_IN,
    T2_OUT,
    T_IN,
    T_OUT,
    TURBINE_SPLIT,
    TWO_RECUPERATORS,
    Inputs,
)  # fmt: skip
from thermo.machines.turbomachinery import H_, change_pressure_by, set_pT_by


@njit(cache=True)
def machines(c: Inputs, st: np.ndarray) -> bool:
    """Fill the states around the machines that do not depend on the recuperators; False: a state on saturation."""
    if not (set_pT_by(c.table, st[MC_IN], c.p_mc_in, c.T_mc_in)
            and change_pressure_by(c.table, st[MC_IN], c.p_mc_out, c.eta_c, st[MC_OUT])):  # fmt: skip
        return False
    if c.precompressor != NO_PRECOMPRESSOR and not (
        set_pT_by(c.table, st[PC_IN], c.p_pc_in, c.T_pc_in)
        and change_pressure_by(c.table, st[PC_IN], c.p_pc_out, c.eta_p, st[PC_OUT])
    ):
        return False
    if c.precompressor == BEFORE_SPLIT and not change_pressure_by(
        c.table, st[PC_OUT], c.p_ltr_hp, c.eta_r, st[RC_OUT]
    ):
        return False
    if not set_pT_by(c.table, st[T_IN], c.p_turbine_in, c.T_turbine_in):
        return False
    if c.reheat == 0:
        return change_pressure_by(c.table, st[T_IN], c.p_turbine_out, c.eta_t, st[T_OUT])
    return (
        change_pressure_by(c.table, st[T_IN], c.p_hpt_out, c.eta_t, st[HPT_OUT])
        and set_pT_by(c.table, st[RH_OUT], c.p_reheat, c.T_reheat)
        and change_pressure_by(c.table, st[RH_OUT], c.p_turbine_out, c.eta_t2, st[T_OUT])
    )


@njit(cache=True)
def expansion(c: Inputs, st: np.ndarray) -> float:
    """Turbine work [J/kg of total flow]."""
    h = st[:, H_]
    if c.reheat == 1:
        return h[T_IN] - h[HPT_OUT] + h[RH_OUT] - h[T_OUT]
    if c.kind == TURBINE_SPLIT or c.kind == CASCADE:
        return (1.0 - c.split) * (h[T_IN] - h[T_OUT]) + c.split * (h[T2_IN] - h[T2_OUT])
    return h[T_IN] - h[T_OUT]


@njit(cache=True)
def compression(c: Inputs, st: np.ndarray) -> float:
    """Work of main compressor and precompressor [J/kg of total flow]."""
    h = st[:, H_]
    w = (1.0 - c.f) * (h[MC_OUT] - h[MC_IN])
    if c.precompressor == BEFORE_SPLIT:
        w += h[PC_OUT] - h[PC_IN]
    elif c.precompressor == AFTER_SPLIT:
        w += (1.0 - c.f) * (h[PC_OUT] - h[PC_IN])
    return w


@njit(cache=True)
def recompression_work(c: Inputs, st: np.ndarray) -> float:
    """Work of the recompressor [J/kg of total flow]."""
    if c.kind != TWO_RECUPERATORS:
        return 0.0
    inlet = PC_OUT if c.precompressor == BEFORE_SPLIT else LTR_LP
    return c.f * (st[RC_OUT, H_] - st[inlet, H_])


@njit(cache=True)
def flow(c: Inputs, st: np.ndarray) -> float:
    """Total flow [kg/s]: given, or from the shaft power; -1 where there is no work."""
    if c.W_shaft <= 0.0:
        return c.m_dot
    gross = expansion(c, st)
    net = gross - compression(c, st) - recompression_work(c, st)
    return c.W_shaft / net if net > 1e-3 * gross else -1.0


@njit(cache=True)
def heat(c: Inputs, st: np.ndarray) -> float:
    """Heat taken up in heater, reheater and bypass heater [J/kg of total flow]."""
    h = st[:, H_]
    q = 0.0
    if c.kind == TURBINE_SPLIT:
        q = (1.0 - c.split) * (h[T_IN] - h[LTR_HP])
    elif c.kind == CASCADE:
        q = (1.0 - c.split) * (h[T_IN] - h[MC_OUT])
    elif c.kind == ONE_RECUPERATOR:
        q = h[T_IN] - h[LTR_HP]
    else:
        q = h[T_IN] - (1.0 - c.split) * h[HTR_HP] - c.split * h[MIX]
    if c.reheat == 1:
        q += h[RH_OUT] - h[HPT_OUT]
    return q
