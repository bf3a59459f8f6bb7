"""CO2 that speeds up at constant entropy: static state, sound speed, where the dome begins, choked flow.

    h = h0 - V^2/2, s = s0;   a^2 = (dp/drho)_s;   G = rho V, greatest where V = a

Inside the dome both phases are in equilibrium at one velocity (homogeneous equilibrium), so a is that of the mixture, far
below either phase's. Real nozzles of a few millimetres run ahead of equilibrium and pass somewhat more.

Source: Zucker & Biblarz, Fundamentals of Gas Dynamics, ch. 5; homogeneous equilibrium: Wallis, One-dimensional
Two-phase Flow, ch. 2. Properties: HEOS inside the dome, its compiled kernel outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from thermo.co2.fluid import T_CRIT_K, heos, sound_speed_m_s, state_ps
from thermo.state import State

P_LEAST_PA = 0.6e6  # just above the triple point: below it an expansion makes dry ice
_T_LEAST_K = 220.0


@dataclass(frozen=True)
class Dome:
    """Where an isentrope enters the dome: pressure [Pa], temperature [K], enthalpy [J/kg]; as "liquid" or "vapour"."""

    p_Pa: float
    T_K: float
    h_J_kg: float
    side: str


@dataclass(frozen=True)
class ChokedFlow:
    """Greatest flow per area [kg/s/m2] from a state at rest, and the state and velocity [m/s] where it is reached.

    `choked` is False where the surroundings' pressure is reached first.
    """

    flux_kg_sm2: float
    throat: State
    velocity_m_s: float
    choked: bool


def dome_entry(s_J_kgK: float) -> Dome | None:
    """Where an isentrope from one-phase CO2 enters the dome on expansion; None where it does not above 220 K."""
    import CoolProp.CoolProp as CP

    eos = heos()

    def s_sat(T: float, x: float) -> float:
        eos.update(CP.QT_INPUTS, x, T)
        return float(eos.smass())

    top = T_CRIT_K - 1e-3
    x = 0.0 if s_J_kgK < 0.5 * (s_sat(top, 0.0) + s_sat(top, 1.0)) else 1.0
    sign = 1.0 if x == 0.0 else -1.0
    lo, hi = _T_LEAST_K, top
    if sign * (s_sat(lo, x) - s_J_kgK) > 0.0:
        return None
    for _ in range(60):
        mid = 0.5 * (lo + hi)
        lo, hi = (mid, hi) if sign * (s_sat(mid, x) - s_J_kgK) < 0.0 else (lo, mid)
    s_sat(0.5 * (lo + hi), x)
    return Dome(eos.p(), eos.T(), eos.hmass(), "vapour" if x else "liquid")


def _p_at_enthalpy(h: float, s: float, p_hi: float, p_lo: float) -> float | None:
    """Pressure [Pa] on an isentrope where the enthalpy has fallen to h, by false position; None below p_lo."""
    a, b = state_ps(p_lo, s).h_J_kg - h, state_ps(p_hi, s).h_J_kg - h
    if a > 0.0:
        return None
    lo, hi = p_lo, p_hi
    for k in range(100):
        p = 0.5 * (lo + hi) if k % 3 == 2 else lo - a * (hi - lo) / (b - a)
        e = state_ps(p, s).h_J_kg - h
        lo, a, hi, b = (lo, a, p, e) if e > 0.0 else (p, e, hi, b)
        if hi - lo < 0.1 or abs(e) < 1e-6:
            break
    return p


def static_state(total: State, velocity_m_s: float) -> State | None:
    """Static state of a flow [m/s] from a total state, at its entropy; None where so much speed is not to be had."""
    if velocity_m_s == 0.0:
        return total
    h = total.h_J_kg - 0.5 * velocity_m_s**2
    p = _p_at_enthalpy(h, total.s_J_kgK, total.p_Pa, min(P_LEAST_PA, 0.5 * total.p_Pa))
    return None if p is None else state_ps(p, total.s_J_kgK)


def sound_speed(state: State) -> float:
    """Speed of sound [m/s]; inside the dome that of the mixture in equilibrium."""
    if state.quality is None:
        return sound_speed_m_s(state)
    d = 1e-4 * state.p_Pa
    low = state_ps(state.p_Pa - d, state.s_J_kgK)
    return sqrt((state.p_Pa - low.p_Pa) / (state.rho_kg_m3 - low.rho_kg_m3))


def choked_flow(total: State, p_back_Pa: float = P_LEAST_PA) -> ChokedFlow:
    """Greatest flux of a nozzle fed from a state at rest, against a pressure behind it [Pa]."""
    from scipy.optimize import minimize_scalar

    low = max(p_back_Pa, P_LEAST_PA)
    if low >= total.p_Pa:
        return ChokedFlow(0.0, total, 0.0, False)

    def velocity(s: State) -> float:
        return sqrt(max(0.0, 2.0 * (total.h_J_kg - s.h_J_kg)))

    def loss(p: float) -> float:
        s = state_ps(p, total.s_J_kgK)
        return -s.rho_kg_m3 * velocity(s)

    best = minimize_scalar(
        loss, bounds=(low, total.p_Pa), method="bounded", options={"xatol": 1e-6 * total.p_Pa}
    )
    p = float(best.x)
    entry = dome_entry(total.s_J_kgK)
    if entry and low < entry.p_Pa < total.p_Pa and loss(entry.p_Pa * (1 + 1e-7)) < loss(p):
        p = entry.p_Pa * (1 + 1e-7)  # the flux has a corner where the mixture's sound speed drops
    s = state_ps(p, total.s_J_kgK)
    return ChokedFlow(-loss(p), s, velocity(s), p > low * (1.0 + 1e-4))
