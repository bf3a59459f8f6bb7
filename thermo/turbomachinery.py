"""Compression and expansion with isentropic efficiency, compiled.

eta_c = (h_out,s - h_in)/(h_out - h_in); eta_t = (h_in - h_out)/(h_in - h_out,s). A state is a row
(T [K], p [Pa], h [J/kg], s [J/kg/K], rho [kg/m3]).

Source: Cengel & Boles, Thermodynamics, ch. 7 (isentropic efficiencies of steady-flow devices).
"""

import numpy as np

from .compiled import njit
from .flash import BY_H, density, flash, isentropic
from .helmholtz import properties

T_, P_, H_, S_, RHO_ = 0, 1, 2, 3, 4


@njit(cache=True)
def set_pT(state: np.ndarray, p_Pa: float, T_K: float) -> bool:
    """Write the state at (p, T) into a row; False on saturation."""
    rho = density(p_Pa, T_K)
    if rho <= 0.0:
        return False
    q = properties(rho, T_K)
    state[T_], state[P_], state[H_], state[S_], state[RHO_] = T_K, p_Pa, q[1], q[2], rho
    return True


@njit(cache=True)
def set_ph(state: np.ndarray, p_Pa: float, h: float, rho0: float, T0: float) -> bool:
    """Write the state at (p, h) into a row, from a start (rho0, T0)."""
    ok, rho, T = flash(BY_H, p_Pa, h, rho0, T0)
    if not ok:
        return False
    state[T_], state[P_], state[H_], state[S_], state[RHO_] = T, p_Pa, h, properties(rho, T)[2], rho
    return True


@njit(cache=True)
def change_pressure(inlet: np.ndarray, p_out_Pa: float, eta: float, outlet: np.ndarray) -> bool:
    """Compress (p_out above the inlet's) or expand with isentropic efficiency; writes the outlet row."""
    ok, rho, T = isentropic(p_out_Pa, inlet[S_], inlet[P_], inlet[RHO_], inlet[T_])
    if not ok:
        return False
    work = properties(rho, T)[1] - inlet[H_]
    work = work / eta if p_out_Pa > inlet[P_] else work * eta
    return set_ph(outlet, p_out_Pa, inlet[H_] + work, rho, T)
