"""How well CO2 carries heat to a channel's wall, relative to another state: the property part of Dittus-Boelter (compiled).

    Nu = 0.023 Re^0.8 Pr^n   ->   h ~ m^0.8 k^(1-n) cp^n mu^(n-0.8),    n = 0.3 cooled, 0.4 heated

The property part varies by a third between a recuperator's design and 30 % load. It is read from a coarse table over
(ln p, h), made once a process from the transport equations of `transport`; bilinear, some 1 % of the factor.

Source: Incropera et al., Fundamentals of Heat and Mass Transfer, eq. 8.60; exponents as in NREL's ssc (part load of its
exchangers). Limits: taken at the mean enthalpy and pressure of a side, not at each segment.
"""

import math
from functools import cache

import numpy as np

from thermo.co2.flash import cp_of
from thermo.co2.fluid import state_ph
from thermo.co2.transport import viscosity_conductivity
from thermo.compiled import njit

COOLED, HEATED = 0, 1
P_LO, P_HI, N_P = 2e6, 40e6, 31
H_LO, H_HI, N_H = 250e3, 1500e3, 51
_DOME_STEP = 2e4  # a point in the dome takes the properties of vapour this much [J/kg] further


@cache
def film_table() -> np.ndarray:
    """Logs of the property part, (cooled or heated, p, h)."""
    table = np.empty((2, N_P, N_H))
    rho, T = np.empty((N_P, N_H)), np.empty((N_P, N_H))
    for i, p in enumerate(np.geomspace(P_LO, P_HI, N_P)):
        for j in range(N_H - 1, -1, -1):
            h = H_LO + (H_HI - H_LO) * j / (N_H - 1)
            s = state_ph(float(p), h)
            if s.quality is None:
                rho[i, j], T[i, j] = s.rho_kg_m3, s.T_K
            else:
                rho[i, j], T[i, j] = rho[i, j + 1], T[i, j + 1]
    mu, k = (x.reshape(N_P, N_H) for x in viscosity_conductivity(rho.ravel(), T.ravel()))
    cp = np.array([cp_of(r, t) for r, t in zip(rho.ravel(), T.ravel(), strict=True)]).reshape(N_P, N_H)
    for kind, n in ((COOLED, 0.3), (HEATED, 0.4)):
        table[kind] = (1.0 - n) * np.log(k) + n * np.log(cp) + (n - 0.8) * np.log(mu)
    return table


@njit(cache=True)
def film(table: np.ndarray, kind: int, p_Pa: float, h_J_kg: float) -> float:
    """Log of the property part at a pressure [Pa] and enthalpy [J/kg]; clipped to the table's range."""
    x = math.log(p_Pa / P_LO) / math.log(P_HI / P_LO) * (N_P - 1)
    y = (h_J_kg - H_LO) / (H_HI - H_LO) * (N_H - 1)
    x, y = min(max(x, 0.0), N_P - 1.001), min(max(y, 0.0), N_H - 1.001)
    i, j = int(x), int(y)
    u, w = x - i, y - j
    a = table[kind]
    return (1.0 - u) * ((1.0 - w) * a[i, j] + w * a[i, j + 1]) + u * (
        (1.0 - w) * a[i + 1, j] + w * a[i + 1, j + 1]
    )
