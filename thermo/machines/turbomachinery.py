"""Compression and expansion with isentropic efficiency, compiled.

eta_c = (h_out,s - h_in)/(h_out - h_in); eta_t = (h_in - h_out)/(h_in - h_out,s). A state is a row
(T [K], p [Pa], h [J/kg], s [J/kg/K], rho [kg/m3]).

The functions named `..._by` take the property table as a start for the exact equation (several times quicker, the same
answer to some 1e-11); with an empty table they are the plain ones.

Source: Cengel & Boles, Thermodynamics, ch. 7 (isentropic efficiencies of steady-flow devices).
"""

import numpy as np

from thermo.co2.flash import BY_H, BY_S, density, flash, isentropic
from thermo.co2.helmholtz import properties
from thermo.co2.property_flash import BY_T, exact
from thermo.compiled import kernel, part

T_, P_, H_, S_, RHO_ = 0, 1, 2, 3, 4


@kernel
def set_pT(state: np.ndarray, p_Pa: float, T_K: float) -> bool:
    """Write the state at (p, T) into a row; False on saturation."""
    rho = density(p_Pa, T_K)
    if rho <= 0.0:
        return False
    q = properties(rho, T_K)
    state[T_], state[P_], state[H_], state[S_], state[RHO_] = T_K, p_Pa, q[1], q[2], rho
    return True


@kernel
def set_ph(state: np.ndarray, p_Pa: float, h: float, rho0: float, T0: float) -> bool:
    """Write the state at (p, h) into a row, from a start (rho0, T0)."""
    ok, rho, T = flash(BY_H, p_Pa, h, rho0, T0)
    if not ok:
        return False
    state[T_], state[P_], state[H_], state[S_], state[RHO_] = T, p_Pa, h, properties(rho, T)[2], rho
    return True


@part
def change_pressure(inlet: np.ndarray, p_out_Pa: float, eta: float, outlet: np.ndarray) -> bool:
    """Compress (p_out above the inlet's) or expand with isentropic efficiency; writes the outlet row."""
    ok, rho, T = isentropic(p_out_Pa, inlet[S_], inlet[P_], inlet[RHO_], inlet[T_])
    if not ok:
        return False
    work = properties(rho, T)[1] - inlet[H_]
    work = work / eta if p_out_Pa > inlet[P_] else work * eta
    return set_ph(outlet, p_out_Pa, inlet[H_] + work, rho, T)


@part
def set_pT_by(table: np.ndarray, state: np.ndarray, p_Pa: float, T_K: float) -> bool:
    """`set_pT`, started from the property table."""
    if table.size == 0:
        return set_pT(state, p_Pa, T_K)
    ok, rho, _T = exact(table, BY_T, p_Pa, T_K)
    if not ok:
        return False
    q = properties(rho, T_K)
    state[T_], state[P_], state[H_], state[S_], state[RHO_] = T_K, p_Pa, q[1], q[2], rho
    return True


@part
def set_ph_by(table: np.ndarray, state: np.ndarray, p_Pa: float, h: float, rho0: float, T0: float) -> bool:
    """`set_ph`, started from the property table; (rho0, T0) serve where there is none."""
    if table.size == 0:
        return set_ph(state, p_Pa, h, rho0, T0)
    ok, rho, T = exact(table, BY_H, p_Pa, h)
    if not ok:
        return False
    state[T_], state[P_], state[H_], state[S_], state[RHO_] = T, p_Pa, h, properties(rho, T)[2], rho
    return True


@part
def change_pressure_by(
    table: np.ndarray, inlet: np.ndarray, p_out_Pa: float, eta: float, outlet: np.ndarray
) -> bool:
    """`change_pressure`, started from the property table."""
    if table.size == 0:
        return change_pressure(inlet, p_out_Pa, eta, outlet)
    ok, rho, T = exact(table, BY_S, p_out_Pa, inlet[S_])
    if not ok:
        return False
    work = properties(rho, T)[1] - inlet[H_]
    work = work / eta if p_out_Pa > inlet[P_] else work * eta
    return set_ph_by(table, outlet, p_out_Pa, inlet[H_] + work, rho, T)
