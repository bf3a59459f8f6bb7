"""Dry cooler with wetted pads before the coil: on hot days the air is cooled towards its wet bulb.

    T_after = T - e (T - T_wb)   above the switch-on temperature, at constant wet bulb;  evaporation = W_after - W

Source: definition of saturation efficiency, ASHRAE Handbook HVAC Systems and Equipment, ch. Evaporative Air-Cooling (not
read). Below the switch-on temperature the pads are dry; their pressure drop stays.
"""

from thermo.cold_end.cold_end_spec import ColdEndSpec
from thermo.cold_end.psychrometrics import humidity_ratio, wet_bulb_K


def pre_cooled(spec: ColdEndSpec, T_K: float, rh: float, p_Pa: float) -> tuple[float, float]:
    """(temperature after the pads [K], evaporation [kg per kg of dry air]).

    >>> T, evaporation = pre_cooled(ColdEndSpec(kind="adiabatic"), 308.15, 0.3, 101325.0)
    >>> round(T - 273.15, 1), round(evaporation * 1e3, 1)
    (23.5, 4.8)
    """
    if spec["pad_switch_on_K"] >= T_K:
        return T_K, 0.0
    from CoolProp.CoolProp import HAPropsSI

    T_wb = wet_bulb_K(T_K, rh, p_Pa)
    T = T_K - spec["pad_efficiency"] * (T_K - T_wb)
    W = float(HAPropsSI("W", "T", T, "P", p_Pa, "B", T_wb))
    return T, max(0.0, W - humidity_ratio(T_K, rh, p_Pa))
