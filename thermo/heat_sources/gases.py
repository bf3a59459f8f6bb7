"""Ideal-gas mixtures of air and flue: enthalpy, entropy and temperature, from mole fractions.

    cp/R = a1 + a2 T + a3 T^2 + a4 T^3 + a5 T^4,   h = integral of cp from 25 degC,   s = integral of cp/T at one pressure

Source: GRI-Mech 3.0 (`data/ideal_gas.json`); checked against CoolProp's ideal gases to 0.13 % (400-1500 K).
Range 200-3500 K; no dissociation.
"""

from collections.abc import Callable
from functools import cache
from math import log

from thermo.defaults import table

T_REF_K = 298.15
R_J_MOLK = 8.314462618
V_NORMAL_M3_MOL = 0.022413970  # at 0 degC and 101.325 kPa

Mixture = tuple[tuple[str, float], ...]  # (species, mole fraction)


@cache
def molar_mass(mixture: Mixture) -> float:
    """Molar mass [kg/mol].

    >>> round(molar_mass((("N2", 0.79), ("O2", 0.21))) * 1e3, 2)
    28.85
    """
    gases = table("ideal_gas")["species"]
    return float(sum(x * gases[g]["M_kg_mol"] for g, x in mixture))


@cache
def _coefficients(mixture: Mixture, hot: bool) -> tuple[float, ...]:
    """Coefficients of a mixture's specific cp [J/kg/K]."""
    gases = table("ideal_gas")["species"]
    key = "high" if hot else "low"
    M = molar_mass(mixture)
    return tuple(R_J_MOLK / M * sum(x * gases[g][key][k] for g, x in mixture) for k in range(5))


def _h(a: tuple[float, ...], T: float) -> float:
    return T * (a[0] + T * (a[1] / 2 + T * (a[2] / 3 + T * (a[3] / 4 + T * a[4] / 5))))


def _s(a: tuple[float, ...], T: float) -> float:
    return a[0] * log(T) + T * (a[1] + T * (a[2] / 2 + T * (a[3] / 3 + T * a[4] / 4)))


def _piecewise(f: Callable[[tuple[float, ...], float], float], mixture: Mixture, T_K: float) -> float:
    low = _coefficients(mixture, False)
    if T_K <= 1000.0:
        return f(low, T_K) - f(low, T_REF_K)
    high = _coefficients(mixture, True)
    return f(low, 1000.0) - f(low, T_REF_K) + f(high, T_K) - f(high, 1000.0)


def sensible_enthalpy(mixture: Mixture, T_K: float) -> float:
    """Enthalpy [J/kg] above 25 degC.

    >>> round(sensible_enthalpy((("N2", 0.79), ("O2", 0.21)), 398.15) / 1e3, 1)
    101.6
    """
    return _piecewise(_h, mixture, T_K)


def sensible_entropy(mixture: Mixture, T_K: float) -> float:
    """Entropy [J/kg/K] above 25 degC at the same pressure.

    >>> round(sensible_entropy((("N2", 0.79), ("O2", 0.21)), 398.15), 1)
    293.7
    """
    return _piecewise(_s, mixture, T_K)


def temperature(h: Callable[[float], float], wanted: float) -> float:
    """Temperature [K] at a sensible enthalpy, by secant (h is nearly linear in T)."""
    T_old, e_old = T_REF_K, -wanted
    T = T_REF_K + wanted / 1200.0
    for _ in range(60):
        e = h(T) - wanted
        if abs(e) < 1e-9 * max(1.0, abs(wanted)) or e == e_old:
            break
        T, T_old, e_old = T - e * (T - T_old) / (e - e_old), T, e
    return T
