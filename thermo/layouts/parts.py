"""What every layout is given and answers, and the small searches they share (compiled)."""

from typing import NamedTuple

import numpy as np

from thermo.compiled import part

# rows of the state table; columns are those of turbomachinery (T, p, h, s, rho)
(MC_IN, MC_OUT, LTR_HP, MIX, HTR_HP, T_IN, T_OUT, HTR_LP, LTR_LP, RC_OUT, PC_IN, PC_OUT, HPT_OUT, RH_OUT, BP_OUT,
 HEATER_IN, T2_IN, T2_OUT, LTR_LP_IN, COOLER_IN) = range(20)  # fmt: skip
STATE_NAMES = (
    "main_compressor_inlet", "main_compressor_outlet", "ltr_hp_outlet", "mixer_outlet", "htr_hp_outlet",
    "turbine_inlet", "turbine_outlet", "htr_lp_outlet", "ltr_lp_outlet", "recompressor_outlet",
    "precompressor_inlet", "precompressor_outlet", "high_pressure_turbine_outlet", "reheater_outlet",
    "bypass_heater_outlet", "heater_inlet", "turbine_2_inlet", "turbine_2_outlet", "ltr_lp_inlet", "cooler_inlet",
)  # fmt: skip
N_STATES = len(STATE_NAMES)
# entries of the exchanger table
UA_LTR, DT_LTR, UA_HTR, DT_HTR = range(4)
SOLVED, NO_STATE, NO_WORK, NO_EXCHANGE = range(4)
# how the flow runs through the recuperators
ONE_RECUPERATOR, TWO_RECUPERATORS, TURBINE_SPLIT, CASCADE = range(4)
# where a precompressor stands
NO_PRECOMPRESSOR, BEFORE_SPLIT, AFTER_SPLIT = range(3)


class Inputs(NamedTuple):
    """A fixed point of a cycle: topology, temperatures [K], pressures [Pa], fractions, efficiencies, exchangers, flow."""

    kind: int  # ONE_RECUPERATOR ... CASCADE
    precompressor: int  # NO_PRECOMPRESSOR ... AFTER_SPLIT
    reheat: int  # 1: the turbine is in two parts with a reheater between
    T_mc_in: float
    T_pc_in: float
    T_turbine_in: float
    T_reheat: float
    p_mc_in: float
    p_mc_out: float
    p_pc_in: float
    p_pc_out: float
    p_ltr_hp: float
    p_htr_hp: float
    p_turbine_in: float
    p_hpt_out: float
    p_reheat: float
    p_turbine_out: float
    p_htr_lp: float
    p_ltr_lp: float
    p_t2_out: float
    f: float  # recompression fraction
    split: float  # share of the flow through turbine 2, or past the high-temperature recuperator
    eta_t: float
    eta_t2: float
    eta_c: float
    eta_r: float
    eta_p: float
    model: int  # exchanger model of recuperator.py
    n: int  # segments
    given_ltr: int  # what is known of the recuperator: recuperator.GIVEN_*
    x_ltr: float
    given_htr: int
    x_htr: float
    W_shaft: float  # W; > 0 sets the flow
    m_dot: float  # kg/s; used where W_shaft is 0
    table: np.ndarray  # property table for temperatures along exchangers; empty: exact


EXACT = np.empty(0)


@part
def copy_row(st: np.ndarray, row: int, source: int) -> None:
    """Write a row of a state table over another one."""
    for i in range(st.shape[1]):
        st[row, i] = st[source, i]


@part
def squash(r: float) -> float:
    """Map a mismatch from -inf..inf to -1..1, so that a bracketed search is not led by its size."""
    return r / (1.0 + abs(r)) if np.isfinite(r) else 1.0


@part
def bracket_next(a: float, fa: float, b: float, fb: float, step: int) -> float:
    """Next point of a bracketed search: false position, with a bisection every third step."""
    if step % 3 == 2 or fb == fa:
        return 0.5 * (a + b)
    x = b - fb * (b - a) / (fb - fa)
    return min(max(x, a + 0.02 * (b - a)), b - 0.02 * (b - a))
