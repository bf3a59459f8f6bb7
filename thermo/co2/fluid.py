"""CO2 properties for people and tests: one `State` from any usual pair.

CoolProp's HEOS is the truth. States come from the compiled kernels (`property_flash`; the same equation, within 1e-9 of
HEOS), inside the dome with their quality. For arrays: `property_arrays.properties`.

Range: T from max(220 K, melting temperature + 1 K) to 1200 K, p from 1 kPa to 50 MPa.
Source: Span & Wagner, J. Phys. Chem. Ref. Data 25 (1996) 1509; melting line: the same, eq. 3.10.
"""

from functools import cache
from typing import Any, TypeVar

import numpy as np

from thermo.co2.flash import BY_H, BY_S, cp_of, sound_speed_of
from thermo.co2.helmholtz import P_CRIT_PA, RHO_CRIT_KG_M3, T_CRIT_K
from thermo.co2.property_flash import BY_T, NONE, TWO_PHASE, state_of
from thermo.co2.property_table import property_table
from thermo.state import State

T_MAX_K, P_MIN_PA, P_MAX_PA = 1200.0, 1e3, 50e6
Pressure = TypeVar("Pressure", float, np.ndarray)


@cache
def heos() -> Any:
    """CoolProp's reference equation of state for CO2 (slow; the truth)."""
    import CoolProp.CoolProp as CP

    return CP.AbstractState("HEOS", "CO2")


def T_melt_K(p_Pa: Pressure) -> Pressure:
    """Melting temperature [K] at pressure [Pa], of a number or an array: Span & Wagner eq. 3.10, a quadratic in T.

    >>> round(T_melt_K(25e6), 1)
    221.7
    """
    a, b, c = 2055.4593, 1955.539, 1.0 - p_Pa / 517950.0
    return 216.592 * (1.0 + ((b * b - 4.0 * a * c) ** 0.5 - b) / (2.0 * a))


def _in_range(p_Pa: float, T_K: float) -> None:
    if not P_MIN_PA <= p_Pa <= P_MAX_PA:
        raise ValueError(f"p_Pa: {p_Pa:g} is out of range; allowed {P_MIN_PA:g} to {P_MAX_PA:g} Pa")
    low = max(220.0, T_melt_K(p_Pa) + 1.0)
    if not low <= T_K <= T_MAX_K:
        raise ValueError(f"T_K: {T_K:g} is out of range at {p_Pa:g} Pa; allowed {low:.1f} to {T_MAX_K:g} K")


def _state(by: int, p_Pa: float, y: float) -> State:
    if not P_MIN_PA <= p_Pa <= P_MAX_PA:
        raise ValueError(f"p_Pa: {p_Pa:g} is out of range; allowed {P_MIN_PA:g} to {P_MAX_PA:g} Pa")
    row = np.empty(8)
    code = state_of(property_table(), by, p_Pa, y, row)
    if code == NONE:
        raise ValueError(f"no state at {p_Pa:g} Pa and {'h' if by == BY_H else 's'} = {y:g}")
    T, p, h, s, rho, _cp, _w, quality = row.tolist()
    _in_range(p, T)
    return State(T, p, h, s, rho, quality if code == TWO_PHASE else None)


def state_pT(p_Pa: float, T_K: float) -> State:
    """State at pressure [Pa] and temperature [K]; refused on the saturation line, where it has no one value.

    >>> round(state_pT(7.7e6, 305.15).rho_kg_m3, 1)
    601.7
    """
    _in_range(p_Pa, T_K)
    row = np.empty(8)
    if state_of(property_table(), BY_T, p_Pa, T_K, row) == NONE:
        raise ValueError(f"p_Pa, T_K: {p_Pa:g} Pa and {T_K:g} K lie on the saturation line; give p and h")
    return State(*row[:5].tolist())


def state_ph(p_Pa: float, h_J_kg: float) -> State:
    """State at pressure [Pa] and enthalpy [J/kg]; inside the dome with its quality."""
    return _state(BY_H, p_Pa, h_J_kg)


def state_ps(p_Pa: float, s_J_kgK: float) -> State:
    """State at pressure [Pa] and entropy [J/kg/K]; inside the dome with its quality."""
    return _state(BY_S, p_Pa, s_J_kgK)


def cp_J_kgK(state: State) -> float:
    """Isobaric heat capacity [J/kg/K] of a one-phase state."""
    return float(cp_of(state.rho_kg_m3, state.T_K))


def sound_speed_m_s(state: State) -> float:
    """Speed of sound [m/s] of a one-phase state."""
    return float(sound_speed_of(state.rho_kg_m3, state.T_K))


def p_pseudocritical_Pa(T_K: float) -> float:
    """Pressure [Pa] at which cp peaks at this temperature: the fit in NREL's ssc, 304-340 K.

    >>> round(p_pseudocritical_Pa(308.15) / 1e6, 2)
    8.04
    """
    return ((0.191448 * T_K + 45.6661) * T_K - 24213.3) * 1e3


__all__ = [
    "P_CRIT_PA", "RHO_CRIT_KG_M3", "T_CRIT_K", "T_melt_K", "cp_J_kgK", "heos", "p_pseudocritical_Pa",
    "sound_speed_m_s", "state_pT", "state_ph", "state_ps",
]  # fmt: skip
