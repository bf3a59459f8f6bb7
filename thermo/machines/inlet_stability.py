"""Is a compressor's inlet steady? Phase and Mach number at the inducer's throat, and the swing of the work.

CO2 speeds up into the wheel: at its throat the static state lies at h0 - V^2/2 on the same entropy, perhaps inside the
dome, where bubbles or droplets form and the sound speed of the mixture falls to a fraction. And near the critical point a
kelvin or a tenth of a megapascal at the inlet moves density and work by ten percent and more.

    V_wet = sqrt(2 (h0 - h(dome entry at s0)))      the velocity at which the throat turns two-phase
    margin = (p, T)_static - (p, T)_dome entry      along the isentrope; negative inside

Source: `expansion` for the physics; V = k m / (rho pi/4 (r D)^2) with the eye's ratio r and a speed-up k (assumptions).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sqrt

from thermo.co2.expansion import choked_flow, dome_entry, sound_speed, static_state
from thermo.co2.fluid import state_ps, state_pT
from thermo.defaults import default
from thermo.result import CycleResult
from thermo.state import State

DT_K, DP_PA = 1.0, 0.1e6


@dataclass(frozen=True)
class InletStability:
    """A compressor's inlet. `static` is None where the velocity exceeds what the flow can reach (choked).

    margin_Pa, margin_K: static state above the dome along its isentrope, negative inside, None where the isentrope meets no
    dome; velocity_wet_m_s: where it turns two-phase; mach: velocity over the sound speed of the static state.
    """

    velocity_m_s: float
    static: State | None
    margin_Pa: float | None
    margin_K: float | None
    velocity_wet_m_s: float | None
    sound_speed_m_s: float | None
    mach: float | None
    choked: bool
    two_phase: bool
    explain: str


@dataclass(frozen=True)
class WorkSwing:
    """Isentropic work [J/kg] from an inlet to a pressure, and its relative change with the inlet.

    Changes for one kelvin and a tenth of a megapascal up and down; None where that inlet lies inside the dome.
    """

    work_J_kg: float
    hotter_frac: float | None
    colder_frac: float | None
    higher_p_frac: float | None
    lower_p_frac: float | None

    @property
    def worst_frac(self) -> float:
        """Greatest magnitude of the known changes."""
        known = (self.hotter_frac, self.colder_frac, self.higher_p_frac, self.lower_p_frac)
        return max(abs(x) for x in known if x is not None)


def throat_velocity(m_dot_kg_s: float, rho_kg_m3: float, wheel_diameter_m: float) -> float:
    """Velocity [m/s] at the inducer's throat of a wheel, from its flow.

    >>> round(throat_velocity(47.0, 600.0, 0.09))
    59
    """
    eye = pi / 4.0 * (default("inducer_diameter_ratio") * wheel_diameter_m) ** 2
    return default("inducer_speed_up") * m_dot_kg_s / (rho_kg_m3 * eye)


def _words(two_phase: bool, choked: bool, mach: float | None, V_wet: float | None, V: float) -> str:
    if choked:
        return "the throat chokes: the flow cannot reach this velocity at its entropy"
    if two_phase:
        return f"the throat is two-phase from {V_wet:.0f} m/s on and has {V:.0f} m/s: raise the inlet temperature"
    return f"one phase at the throat, Mach {mach:.2f}" + (
        f"; two-phase from {V_wet:.0f} m/s on" if V_wet else ""
    )


def inlet_stability(total: State, velocity_m_s: float) -> InletStability:
    """Phase margin and Mach number of CO2 that reaches a velocity [m/s] from its inlet's total state.

    >>> t = inlet_stability(state_pT(7.7e6, 305.15), 40.0)
    >>> t.two_phase, round(t.velocity_wet_m_s, 1)
    (True, 39.8)
    """
    if total.quality is not None:
        raise ValueError("total: the inlet itself is two-phase; this check is for one-phase inlets")
    static, dome = static_state(total, velocity_m_s), dome_entry(total.s_J_kgK)
    V_wet = None if dome is None else sqrt(max(0.0, 2.0 * (total.h_J_kg - dome.h_J_kg)))
    flow = choked_flow(total)
    a = None if static is None else sound_speed(static)
    mach = None if a is None else velocity_m_s / a
    choked = static is None or (flow.choked and velocity_m_s > flow.velocity_m_s)
    two_phase = V_wet is not None and velocity_m_s > V_wet
    dp = None if static is None or dome is None else static.p_Pa - dome.p_Pa
    dT = None if static is None or dome is None else static.T_K - dome.T_K
    return InletStability(velocity_m_s, static, dp, dT, V_wet, a, mach, choked, two_phase,
                          _words(two_phase, choked, mach, V_wet, velocity_m_s))  # fmt: skip


def isentropic_work(p_in_Pa: float, T_in_K: float, p_out_Pa: float) -> float:
    """Isentropic work [J/kg] from (p, T) to a pressure.

    >>> round(isentropic_work(9e6, 313.15, 25e6) / 1e3, 1)
    27.2
    """
    inlet = state_pT(p_in_Pa, T_in_K)
    return state_ps(p_out_Pa, inlet.s_J_kgK).h_J_kg - inlet.h_J_kg


def work_swing(p_in_Pa: float, T_in_K: float, p_out_Pa: float) -> WorkSwing:
    """Isentropic work and its change for one kelvin and a tenth of a megapascal at the inlet, at a fixed outlet pressure."""
    base = isentropic_work(p_in_Pa, T_in_K, p_out_Pa)

    def change(dp: float, dT: float) -> float | None:
        try:
            return isentropic_work(p_in_Pa + dp, T_in_K + dT, p_out_Pa) / base - 1.0
        except ValueError:
            return None

    return WorkSwing(base, change(0.0, DT_K), change(0.0, -DT_K), change(DP_PA, 0.0), change(-DP_PA, 0.0))


def compressor_inlets(r: CycleResult) -> dict[str, tuple[InletStability, WorkSwing]]:
    """Inlet stability and work swing of each compressor of a point whose wheel is sized, by name."""
    from thermo.inventory.loop_volumes import parts

    r.require_ok()
    size = {m.name.replace(" ", "_"): m for m in r.machines}
    found = {}
    for c in parts(r):
        D = size[c.name].diameter_m if c.name in size else None
        if c.kind != "compressor" or D is None:
            continue
        s = c.streams[0]
        inlet, outlet = r.states[s.inlet], r.states[s.outlet]
        V = throat_velocity(s.m_dot_kg_s, inlet.rho_kg_m3, D)
        found[c.name] = (inlet_stability(inlet, V), work_swing(inlet.p_Pa, inlet.T_K, outlet.p_Pa))
    return found
