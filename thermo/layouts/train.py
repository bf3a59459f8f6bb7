"""Machines whose inlets are known before the recuperators are: compressors after a cooler, turbines after a heater
(compiled); and the powers per kilogram of a solved point.

Flow shares are of the flow through the cooler: 1 - f goes through the main compressor, f through the recompressor;
in the layouts with two turbines in parallel 1 - split feeds the first and split the second.
"""

import numpy as np

from thermo.compiled import part
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


@part
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


@part
def expansion(c: Inputs, st: np.ndarray) -> float:
    """Turbine work [J/kg of total flow]."""
    if c.reheat == 1:
        return st[T_IN, H_] - st[HPT_OUT, H_] + st[RH_OUT, H_] - st[T_OUT, H_]
    if c.kind == TURBINE_SPLIT or c.kind == CASCADE:
        return (1.0 - c.split) * (st[T_IN, H_] - st[T_OUT, H_]) + c.split * (st[T2_IN, H_] - st[T2_OUT, H_])
    return st[T_IN, H_] - st[T_OUT, H_]


@part
def compression(c: Inputs, st: np.ndarray) -> float:
    """Work of main compressor and precompressor [J/kg of total flow]."""
    w = (1.0 - c.f) * (st[MC_OUT, H_] - st[MC_IN, H_])
    if c.precompressor == BEFORE_SPLIT:
        w += st[PC_OUT, H_] - st[PC_IN, H_]
    elif c.precompressor == AFTER_SPLIT:
        w += (1.0 - c.f) * (st[PC_OUT, H_] - st[PC_IN, H_])
    return w


@part
def recompression_work(c: Inputs, st: np.ndarray) -> float:
    """Work of the recompressor [J/kg of total flow]."""
    if c.kind != TWO_RECUPERATORS:
        return 0.0
    inlet = PC_OUT if c.precompressor == BEFORE_SPLIT else LTR_LP
    return c.f * (st[RC_OUT, H_] - st[inlet, H_])


@part
def flow(c: Inputs, st: np.ndarray) -> float:
    """Total flow [kg/s]: given, or from the shaft power; -1 where there is no work."""
    if c.W_shaft <= 0.0:
        return c.m_dot
    gross = expansion(c, st)
    net = gross - compression(c, st) - recompression_work(c, st)
    return c.W_shaft / net if net > 1e-3 * gross else -1.0


@part
def heat(c: Inputs, st: np.ndarray) -> float:
    """Heat taken up in heater, reheater and bypass heater [J/kg of total flow]."""
    q = 0.0
    if c.kind == TURBINE_SPLIT:
        q = (1.0 - c.split) * (st[T_IN, H_] - st[LTR_HP, H_])
    elif c.kind == CASCADE:
        q = (1.0 - c.split) * (st[T_IN, H_] - st[MC_OUT, H_])
    elif c.kind == ONE_RECUPERATOR:
        q = st[T_IN, H_] - st[LTR_HP, H_]
    else:
        q = st[T_IN, H_] - (1.0 - c.split) * st[HTR_HP, H_] - c.split * st[MIX, H_]
    if c.reheat == 1:
        q += st[RH_OUT, H_] - st[HPT_OUT, H_]
    return q
