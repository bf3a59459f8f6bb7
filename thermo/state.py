"""A state point of CO2."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class State:
    """Temperature [K], pressure [Pa], enthalpy [J/kg], entropy [J/kg/K], density [kg/m3]; quality where two-phase.

    Enthalpy and entropy follow CoolProp's reference state for CO2.
    """

    T_K: float
    p_Pa: float
    h_J_kg: float
    s_J_kgK: float
    rho_kg_m3: float
    quality: float | None = None
