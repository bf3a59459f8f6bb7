"""Viscosity and thermal conductivity of CO2, from CoolProp at density and temperature.

Source: viscosity Laesecke & Muzny, J. Phys. Chem. Ref. Data 46 (2017) 013107; conductivity, with its critical
enhancement, Huber, Sykioti, Assael & Perkins, J. Phys. Chem. Ref. Data 45 (2016) 013102. Some 10 us a point: for sizing,
not for the inside of a cycle search.
"""

import numpy as np


def viscosity_conductivity(rho_kg_m3: np.ndarray, T_K: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Viscosity [Pa s] and conductivity [W/m/K] at densities [kg/m3] and temperatures [K] of one phase.

    >>> mu, k = viscosity_conductivity(np.array([700.0]), np.array([310.0]))
    >>> round(float(mu[0]) * 1e6, 1), round(float(k[0]), 4)
    (56.3, 0.0765)
    """
    import CoolProp.CoolProp as CP

    from thermo.co2.fluid import heos

    eos = heos()
    mu, k = np.empty(rho_kg_m3.size), np.empty(rho_kg_m3.size)
    for i, (rho, T) in enumerate(zip(rho_kg_m3, T_K, strict=True)):
        eos.update(CP.DmassT_INPUTS, float(rho), float(T))
        mu[i], k[i] = eos.viscosity(), eos.conductivity()
    return mu, k
