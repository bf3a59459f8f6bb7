"""Winter control: what holds the compressor inlet at its least temperature when full fans would cool too far.

First the fans slow down, to their least speed; below it louvres close, to their leakage; below that a part of the CO2 goes
around the cooler and mixes in again (or at once, where the cold end has no louvres). Each answer names its mode.

Fan power ~ speed^3; louvres throttle the air at the fans' least speed, whose power is counted in full.
"""

from dataclasses import dataclass

import numpy as np

from thermo.cold_end.cold_end_spec import ColdEndSpec
from thermo.cold_end.cooler import co2_profile, ua_available, ua_needed
from thermo.machines.turbomachinery import H_, P_, T_, set_ph


@dataclass(frozen=True)
class WinterMode:
    """mode: full, fan, louvre or bypass; fan speed, fan power (at the same density) and air flow as shares of full."""

    mode: str
    fan_speed_frac: float
    fan_power_frac: float
    air_flow_frac: float
    explain: str


def winter_mode(fan_speed_needed: float, spec: ColdEndSpec) -> WinterMode:
    """How the cold end makes the air flow that a fan of free speed would (share of full speed).

    >>> winter_mode(0.5, ColdEndSpec()).mode, winter_mode(0.1, ColdEndSpec()).mode, winter_mode(0.001, ColdEndSpec()).mode
    ('fan', 'louvre', 'bypass')
    """
    if fan_speed_needed >= 1.0:
        words = (
            "fans at full speed"
            if fan_speed_needed == 1.0
            else "fans at full speed, and more would be needed"
        )
        return WinterMode("full", 1.0, 1.0, 1.0, words)
    least = spec["least_fan_speed_frac"]
    if fan_speed_needed >= least:
        x = fan_speed_needed
        return WinterMode("fan", x, x**3, x, f"compressor inlet held by fans at {x:.0%} of full speed")
    leak = least * spec["louvre_leak_frac"]
    if spec.winter == "louvre" and fan_speed_needed >= leak:
        words = (
            f"compressor inlet held by louvres: fans at {least:.0%}, air throttled to {fan_speed_needed:.1%}"
        )
        return WinterMode("louvre", least, least**3, fan_speed_needed, words)
    flow = leak if spec.winter == "louvre" else least
    words = f"compressor inlet held by the CO2 bypass of the cooler: fans at {least:.0%}, air flow {flow:.1%} of full"
    return WinterMode("bypass", least, least**3, flow, words)


@dataclass(frozen=True)
class Bypass:
    """Share of the CO2 that goes around the cooler, and the temperature [K] of the rest behind it."""

    bypass_frac: float
    T_cooled_K: float


def co2_bypass(
    hot: np.ndarray, target: np.ndarray, m_dot_kg_s: float, T_air_K: float, C_air_W_K: float, UA_design_W_K: float,
    air_ratio: float, co2_ratio: float, air_share: float, air_exp: float, co2_exp: float,
) -> Bypass | None:  # fmt: skip
    """Bypass at which the mixture meets the target state (rows T, p, h, s, rho) at a given air flow.

    Heat is the same with and without bypass: (1 - y) m (h_hot - h_cooled) = m (h_hot - h_target). Sought is the y at which
    the colder, smaller flow needs just the conductance that there is. None where even without bypass the cooler is too
    small, or where the cooled branch would meet the dome or the air before enough passes by.
    """
    Q = m_dot_kg_s * (hot[H_] - target[H_])
    T, row = np.empty(21), np.empty(5)

    def excess(y: float) -> float:
        """Conductance needed over that available, less 1; inf where the branch cannot get so cold."""
        h = hot[H_] - Q / ((1.0 - y) * m_dot_kg_s)
        if not set_ph(row, target[P_], h, target[4], target[T_]) or row[T_] <= T_air_K:
            return np.inf
        if not co2_profile(20, hot, row, T):
            return np.inf
        have = ua_available(UA_design_W_K, air_ratio, (1.0 - y) * co2_ratio, air_share, air_exp, co2_exp)
        return float(ua_needed(Q, T, T_air_K, C_air_W_K) / have - 1.0)

    if excess(0.0) > 0.0:
        return None
    lo, hi = 0.0, 0.999
    for _ in range(60):
        y = 0.5 * (lo + hi)
        if excess(y) > 0.0:
            hi = y
        else:
            lo = y
    if not np.isfinite(excess(hi)) or abs(excess(lo)) > 1e-6:
        return None
    return Bypass(lo, float(row[T_]))
