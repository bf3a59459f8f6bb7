"""Moist air: wet bulb, humidity, enthalpy and density, from CoolProp's humid-air equations.

Enthalpies and humidity ratios are per kg of dry air; enthalpy counts from dry air and liquid water at 0 degC.

Source: Herrmann, Kretzschmar & Gatley, HVAC&R Research 15 (2009) 961 (ASHRAE RP-1485), as in CoolProp's `HAPropsSI`.
"""

from typing import Any


def _air(output: str, *pairs: Any) -> float:
    from CoolProp.CoolProp import HAPropsSI

    return float(HAPropsSI(output, *pairs))


def wet_bulb_K(T_K: float, rh: float, p_Pa: float) -> float:
    """Thermodynamic wet-bulb temperature [K] at dry bulb [K], relative humidity [-] and pressure [Pa].

    >>> round(wet_bulb_K(299.85, 0.5, 101325.0) - 273.15, 2)
    19.28
    """
    return _air("B", "T", T_K, "P", p_Pa, "R", rh)


def humidity_ratio(T_K: float, rh: float, p_Pa: float) -> float:
    """Water vapour [kg per kg of dry air].

    >>> round(humidity_ratio(299.85, 0.5, 101325.0) * 1e3, 2)
    11.0
    """
    return _air("W", "T", T_K, "P", p_Pa, "R", rh)


def enthalpy_J_kg(T_K: float, W: float, p_Pa: float) -> float:
    """Enthalpy of moist air [J per kg of dry air] at humidity ratio W."""
    return _air("H", "T", T_K, "P", p_Pa, "W", W)


def density_kg_m3(T_K: float, W: float, p_Pa: float) -> float:
    """Density of moist air [kg/m3, of the mixture] at humidity ratio W."""
    return (1.0 + W) / _air("V", "T", T_K, "P", p_Pa, "W", W)


def saturated(T_K: float, p_Pa: float) -> tuple[float, float]:
    """(humidity ratio, enthalpy [J/kg of dry air]) of saturated air."""
    return humidity_ratio(T_K, 1.0, p_Pa), _air("H", "T", T_K, "P", p_Pa, "R", 1.0)
