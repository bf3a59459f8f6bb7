"""Cooling tower with a water loop: CO2/water exchanger, counterflow tower, fan, pump, water.

    Q = m_w c_w range,   T_cold = T_wb + approach,   m_air = m_w / (L/G)                              at design
    air leaves saturated:  m_air (h_s(T_out) - h_in) = Q + evaporation c_w t_makeup                   always
    evaporation = m_air (W_out - W_in)
    fill needed (Merkel):  Me = integral of c_w dT / (h_s(T) - h_air(T)) over the range

For operating points the air is an exchanger side like a dry cooler's: it enters at its wet bulb and its enthalpy rises
along the saturation line, so its effective heat capacity is the slope of that line, here the chord over the water's range.

Source: Merkel's method with saturated exit air, Stoecker & Jones, Refrigeration & Air Conditioning, ch. 19 (not read);
wet bulb as driving temperature: Braun, Klein & Mitchell, ASHRAE Trans. 95 (1989) (not read).
"""

import numpy as np

from thermo.cold_end.psychrometrics import saturated

C_WATER_J_KGK, RHO_WATER_KG_M3 = 4184.0, 996.0


def saturation_slope(T_wet_bulb_K: float, rise_K: float, p_Pa: float) -> float:
    """Effective heat capacity of air whose wet bulb rises [J per kg of dry air and K]: chord of the saturation line.

    >>> round(saturation_slope(293.15, 10.0, 101325.0))
    4245
    """
    return (saturated(T_wet_bulb_K + rise_K, p_Pa)[1] - saturated(T_wet_bulb_K, p_Pa)[1]) / rise_K


def evaporation_kg_kg(
    heat_J_kg: float, T_wet_bulb_K: float, W_in: float, h_in_J_kg: float, p_Pa: float
) -> float:
    """Water evaporated per kg of dry air that takes up a heat [J/kg] and leaves saturated; make-up at the wet bulb."""
    from scipy.optimize import brentq

    t_makeup = max(0.0, T_wet_bulb_K - 273.15)

    def miss(T: float) -> float:
        W, h = saturated(T, p_Pa)
        return h - h_in_J_kg - heat_J_kg - (W - W_in) * C_WATER_J_KGK * t_makeup

    T_boil = 273.15 + 100.0 + 27.0 * np.log(p_Pa / 101325.0)
    T_out = float(brentq(miss, T_wet_bulb_K - 0.5, T_boil - 4.0, xtol=1e-10))
    return max(0.0, saturated(T_out, p_Pa)[0] - W_in)


def merkel_number(T_cold_K: float, range_K: float, water_to_air: float, h_in_J_kg: float, p_Pa: float,
                  n: int = 40) -> float | None:  # fmt: skip
    """Integral of c_w dT/(h_s - h_air) over the water's range (Simpson); None where the air would be saturated inside."""
    T = np.linspace(T_cold_K, T_cold_K + range_K, n + 1)
    drive = np.array([saturated(float(t), p_Pa)[1] for t in T])
    drive -= h_in_J_kg + water_to_air * C_WATER_J_KGK * (T - T_cold_K)
    if drive.min() <= 0.0:
        return None
    weights = np.where(np.arange(n + 1) % 2 == 1, 4.0, 2.0)
    weights[[0, -1]] = 1.0
    return float(C_WATER_J_KGK * range_K / n / 3.0 * np.sum(weights / drive))
