"""What a design fixes, in the form that the operating kernel takes."""

from __future__ import annotations

import numpy as np

from thermo.cycle.block import isentropic_head
from thermo.defaults import default
from thermo.layouts.parts import (
    BEFORE_SPLIT,
    CASCADE,
    HTR_HP,
    LTR_LP,
    MC_IN,
    N_STATES,
    PC_IN,
    PC_OUT,
    RH_OUT,
    STATE_NAMES,
    T2_IN,
    T_IN,
    TURBINE_SPLIT,
    Inputs,
)
from thermo.machines.turbomachinery import RHO_
from thermo.part_load.kernel import Hardware
from thermo.part_load.resistances import mean_densities
from thermo.result import CycleResult


def state_table(r: CycleResult) -> np.ndarray:
    """The result's states as the kernel's table."""
    st = np.zeros((N_STATES, 5))
    for name, s in r.states.items():
        st[STATE_NAMES.index(name)] = (s.T_K, s.p_Pa, s.h_J_kg, s.s_J_kgK, s.rho_kg_m3)
    if "turbine_2_inlet" in r.states:
        st[HTR_HP] = st[T2_IN]
    return st


def _drops(c: Inputs) -> np.ndarray:
    """Pressure drops [Pa] of the design in the order of `resistances`."""
    heater, htr_hp, ltr_hp = c.p_htr_hp - c.p_turbine_in, c.p_ltr_hp - c.p_htr_hp, c.p_mc_out - c.p_ltr_hp
    htr_lp, ltr_lp = c.p_turbine_out - c.p_htr_lp, c.p_htr_lp - c.p_ltr_lp
    if c.kind == TURBINE_SPLIT:
        heater, htr_hp, ltr_lp = c.p_ltr_hp - c.p_turbine_in, c.p_mc_out - c.p_htr_hp, c.p_t2_out - c.p_ltr_lp
    elif c.kind == CASCADE:
        heater = c.p_mc_out - c.p_turbine_in
    elif c.p_htr_hp == 0.0:  # one recuperator
        heater, htr_hp, htr_lp, ltr_lp = c.p_ltr_hp - c.p_turbine_in, 0.0, 0.0, c.p_turbine_out - c.p_ltr_lp
    cooler, cooler_2 = c.p_ltr_lp - c.p_mc_in, 0.0
    if c.precompressor:
        cooler, cooler_2 = c.p_pc_out - c.p_mc_in, c.p_ltr_lp - c.p_pc_in
    return np.array([ltr_hp, htr_hp, heater, htr_lp, ltr_lp, cooler, cooler_2, c.p_hpt_out - c.p_reheat])


def hardware(r: CycleResult, *, dp_with_density: bool = True) -> Hardware:
    """The hardware of a designed block; `dp_with_density` False: pressure drops follow the flow alone, as in ssc."""
    assert r.inputs is not None
    assert r.m_dot_kg_s is not None
    c, st, s, m = r.inputs, state_table(r), r.states, r.m_dot_kg_s
    first_share = 1.0 - c.split if c.kind in (TURBINE_SPLIT, CASCADE) else 1.0
    head = isentropic_head(s["turbine_inlet"], c.p_hpt_out if c.reheat else c.p_turbine_out)
    C_s, C_s2, nozzle_2 = float(np.sqrt(2.0 * head)), 1.0, 0.0
    if c.reheat or c.kind in (TURBINE_SPLIT, CASCADE):
        inlet, row, out = ("reheater_outlet", RH_OUT, c.p_turbine_out) if c.reheat else (
            "turbine_2_inlet", T2_IN, c.p_t2_out)  # fmt: skip
        C_s2 = float(np.sqrt(2.0 * isentropic_head(s[inlet], out)))
        nozzle_2 = m * (1.0 if c.reheat else c.split) / (st[row, RHO_] * C_s2)
    rc_in, head_r, head_p = PC_OUT if c.precompressor == BEFORE_SPLIT else LTR_LP, 1.0, 1.0
    if c.f > 0.0:
        head_r = isentropic_head(s[STATE_NAMES[rc_in]], c.p_ltr_hp)
    if c.precompressor:
        head_p = isentropic_head(s["precompressor_inlet"], c.p_pc_out)
    hx = (r.UA_ltr_W_K or 0.0, r.UA_htr_W_K or 0.0)
    ua_cooler = [x.UA_W_K for x in r.coolers]
    return Hardware(
        c._replace(given_ltr=0, x_ltr=hx[0], given_htr=0, x_htr=hx[1]), m,
        float(m * first_share / (st[T_IN, RHO_] * C_s)), C_s, float(nozzle_2), C_s2,
        isentropic_head(s["main_compressor_inlet"], c.p_mc_out), head_r, head_p, float(st[MC_IN, RHO_]),
        float(st[rc_in, RHO_]), float(st[PC_IN, RHO_]) or 1.0, np.array([*ua_cooler, 1.0][:2]), _drops(c),
        mean_densities(c, st), default("turbine_nu_design"), default("compressor_phi_design"),
        default("compressor_phi_surge") * (1.0 + default("surge_margin")), default("compressor_phi_max"),
        default("recuperator_exponent"), default("friction_exponent"), 1.0 if dp_with_density else 0.0,
        np.full(2, default("cooler_air_side_resistance")), default("cooler_air_exponent"),
    )  # fmt: skip
