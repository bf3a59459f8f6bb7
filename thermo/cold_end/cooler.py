"""Dry cooler: CO2 in finned tubes, ambient air blown across, counter-cross flow taken as counterflow.

Cut into segments of equal duty, because near the critical pressure CO2 gives off most of its heat within a few
kelvin: the log-mean difference of the ends alone would be wrong by half at 9 MPa.

    UA = sum q_i / LMTD_i,   m_air cp_air (T_air_out - T_ambient) = Q,   W_fan = V_air dp_air / eta_fan

Source: Incropera et al., Fundamentals of Heat and Mass Transfer, ch. 11. Limits: dry air of constant cp, many
tube passes (5 or more come within 2 % of counterflow), no wind. Own exhaust in the intake (share r of the fan flow) raises
the air's inlet by r/(1-r) of its rise. The same code serves air behind wetted pads and a tower's air, which enters at its
wet bulb with an effective heat capacity (`cold_end.py`).
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from thermo.co2.flash import BY_H, flash, march
from thermo.co2.helmholtz import P_CRIT_PA, T_CRIT_K
from thermo.co2.saturation import saturation
from thermo.compiled import kernel, part
from thermo.defaults import default
from thermo.exchangers.recuperator import lmtd
from thermo.machines.turbomachinery import H_, P_, RHO_, T_

R_AIR_J_KGK = 287.05
N_SEGMENTS = 20


class AirSide(NamedTuple):
    """Air at the fans: temperature [K] before own exhaust mixes in, heat capacity [J/kg/K], density [kg/m3], pressure
    drop [Pa], and r/(1-r) for a share r of own exhaust in the intake."""

    T_K: float
    cp_J_kgK: float
    rho_kg_m3: float
    dp_Pa: float
    recirculation: float = 0.0


def dry_air(T_K: float, p_Pa: float) -> AirSide:
    """Ambient air at a dry cooler without recirculation."""
    return AirSide(T_K, default("air_cp_J_kgK"), air_density(p_Pa, T_K), default("cooler_dp_air_Pa"))


@dataclass(frozen=True)
class CoolerResult:
    """The cooler at one point: UA [W/K], air flow [kg/s], temperatures [K], fan power [W], fan speed as a share
    of its design speed, least temperature difference inside [K].

    T_air_in_K is before own exhaust mixes in; the coil sees T_air_in_K + recirculation * rise, with the rise
    (T_air_out_K - T_air_in_K) / (1 + recirculation)."""

    Q_W: float
    UA_W_K: float
    m_dot_air_kg_s: float
    T_air_in_K: float
    T_air_out_K: float
    dT_min_K: float
    W_fan_W: float
    fan_speed_frac: float
    rho_air_kg_m3: float
    recirculation: float = 0.0


def air_density(p_ambient_Pa: float, T_K: float) -> float:
    """Density of dry air [kg/m3], ideal gas.

    >>> round(air_density(101325.0, 288.15), 3)
    1.225
    """
    return p_ambient_Pa / (R_AIR_J_KGK * T_K)


@part
def _through_dome(n: int, hot: np.ndarray, cold: np.ndarray, T: np.ndarray) -> bool:
    """Temperatures at n+1 nodes of equal duty of CO2 that condenses: saturation temperature inside the dome."""
    rho, t = hot[RHO_], hot[T_]
    for i in range(n + 1):
        p = hot[P_] + (cold[P_] - hot[P_]) * i / n
        h = hot[H_] + (cold[H_] - hot[H_]) * i / n
        ok, t_sat, rl, _rv, hl, hv = saturation(p)
        if not ok:
            return False
        if hl <= h <= hv:
            T[i] = t_sat
            continue
        if h < hl and rho < rl:  # from the dome, or over it in one step, into the liquid
            rho, t = rl, t_sat
        ok, rho, t = flash(BY_H, p, h, rho, t)
        if not ok:
            return False
        T[i] = t
    return True


@kernel
def co2_profile(n: int, hot: np.ndarray, cold: np.ndarray, T: np.ndarray) -> bool:
    """CO2 temperatures at n+1 nodes of equal duty, from the hot inlet row to the cold outlet row, condensing or not."""
    if cold[T_] < T_CRIT_K and min(hot[P_], cold[P_]) < P_CRIT_PA:
        return _through_dome(n, hot, cold, T)
    rho = np.empty(n + 1)
    return march(n, hot[H_], hot[P_], cold[H_], cold[P_], hot[RHO_], hot[T_], rho, T)


@kernel
def ua_needed(Q: float, T_co2: np.ndarray, T_air_in: float, C_air: float) -> float:
    """UA [W/K] that the duty needs at the air's capacity rate [W/K]; inf where the temperatures cross."""
    n = T_co2.size - 1
    rise, ua = Q / C_air, 0.0
    d = T_co2[0] - T_air_in - rise
    for i in range(1, n + 1):
        d_new = T_co2[i] - T_air_in - rise * (1.0 - i / n)
        if d <= 0.0 or d_new <= 0.0:
            return np.inf
        ua += Q / n / lmtd(d, d_new)
        d = d_new
    return ua


def _greatest_rise(T_co2: np.ndarray, air: AirSide, pinch: float) -> float:
    """Greatest air temperature rise [K] that leaves the pinch at every node."""
    share = np.linspace(1.0, 0.0, T_co2.size) + air.recirculation
    some = share > 0.0
    return float(np.min((T_co2[some] - pinch - air.T_K) / share[some]))


def design_cooler(
    hot: np.ndarray, cold: np.ndarray, m_dot_kg_s: float, T_ambient_K: float, p_ambient_Pa: float,
    air_rise_K: float | None,
) -> CoolerResult | None:  # fmt: skip
    """Size a dry cooler between two CO2 states (rows T, p, h, s, rho); None where the air cannot take the heat.

    air_rise_K None: the default rise, or less where the CO2 would come nearer to the air inside than
    `cooler_pinch_fraction` of the approach.
    """
    return size_cooler(hot, cold, m_dot_kg_s, dry_air(T_ambient_K, p_ambient_Pa), air_rise_K)


def size_cooler(
    hot: np.ndarray, cold: np.ndarray, m_dot_kg_s: float, air: AirSide, air_rise_K: float | None
) -> CoolerResult | None:
    """Size a cooler for any air side; otherwise as `design_cooler`."""
    T = np.empty(N_SEGMENTS + 1)
    Q = m_dot_kg_s * (hot[H_] - cold[H_])
    approach = cold[T_] - air.T_K
    if Q <= 0.0 or approach <= 0.0 or not co2_profile(N_SEGMENTS, hot, cold, T):
        return None
    if air_rise_K is None:
        pinch = default("cooler_pinch_fraction") * approach
        air_rise_K = min(default("cooler_air_rise_max_K"), _greatest_rise(T, air, pinch))
        if air_rise_K <= 0.0:
            return None
    C_air = Q / air_rise_K
    T_in = air.T_K + air.recirculation * air_rise_K
    ua = ua_needed(Q, T, T_in, C_air)
    if not np.isfinite(ua):
        return None
    m_air = C_air / air.cp_J_kgK
    along = T_in + air_rise_K * np.linspace(1.0, 0.0, T.size)
    W_fan = m_air / air.rho_kg_m3 * air.dp_Pa / default("eta_fan")
    return CoolerResult(
        float(Q), float(ua), float(m_air), air.T_K, float(along[0]), float(np.min(T - along)), float(W_fan), 1.0,
        air.rho_kg_m3, air.recirculation,
    )  # fmt: skip


@kernel
def ua_available(UA_design: float, air_ratio: float, co2_ratio: float, air_share: float, air_exp: float,
                 co2_exp: float) -> float:  # fmt: skip
    """UA [W/K] at other flows: resistances in series, the air's ~ flow^-air_exp, the CO2's ~ flow^-co2_exp."""
    return UA_design / (air_share * air_ratio**-air_exp + (1.0 - air_share) * co2_ratio**-co2_exp)


@kernel
def fan_speed_needed(
    Q: float, T_co2: np.ndarray, T_air_in: float, C_air_full: float, air_ratio_full: float, co2_ratio: float,
    UA_design: float, air_share: float, air_exp: float, co2_exp: float, recirculation: float = 0.0,
) -> float:  # fmt: skip
    """Fan speed, as a share of full speed, at which the cooler just does its duty; inf above 100 times.

    C_air_full [W/K] and air_ratio_full: the air's capacity rate and its flow over that at design, at full speed.
    recirculation: r/(1-r) for a share r of own exhaust in the intake.
    """
    lo, hi = 0.0, 1.0
    for _ in range(8):
        have = ua_available(UA_design, hi * air_ratio_full, co2_ratio, air_share, air_exp, co2_exp)
        T_in = T_air_in + recirculation * Q / (hi * C_air_full)
        if ua_needed(Q, T_co2, T_in, hi * C_air_full) <= have:
            break
        lo, hi = hi, hi * 2.0
    else:
        return np.inf
    for _ in range(60):
        x = 0.5 * (lo + hi)
        have = ua_available(UA_design, x * air_ratio_full, co2_ratio, air_share, air_exp, co2_exp)
        T_in = T_air_in + recirculation * Q / (x * C_air_full)
        if ua_needed(Q, T_co2, T_in, x * C_air_full) <= have:
            hi = x
        else:
            lo = x
        if hi - lo < 1e-14 * hi:
            break
    return 0.5 * (lo + hi)
