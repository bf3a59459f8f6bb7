"""The cold end of a designed block at an ambient: the air that the operating kernel sees, and each cooler at a solved point.

`cold_end_at` takes the sized coolers to other conditions: air at its effective temperature, heat capacity and density,
conductance and air-side share from the effective heat capacity, fans with their least speed, a tower's pumps (water follows
the heat) and basin heater. `running` answers for a solved point what the cold end does: fans, louvres or CO2 bypass, water,
frost.

The bypass changes nothing outside the cooler: heat and inlet temperature are those of the point; it shares out the flow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from thermo.cold_end.cold_end_spec import ColdEndSpec
from thermo.cold_end.conditions import (
    ColdEndConditions,
    ColdEndResult,
    cold_end_conditions,
    conductance_at,
    frost_flags,
    water_use,
)
from thermo.cold_end.cooler import N_SEGMENTS, CoolerResult, co2_profile, dry_air, ua_available
from thermo.cold_end.operation import ColdEndPoint, total_water
from thermo.cold_end.winter import Bypass, WinterMode, co2_bypass, winter_mode
from thermo.defaults import default
from thermo.machines.turbomachinery import T_, set_pT
from thermo.result import CycleResult
from thermo.state import State

NO_BYPASS = ("the CO2 bypass cannot hold the compressor inlet here: what is left in the cooler would meet the dome or the "
             "air before enough passes by")  # fmt: skip


@dataclass(frozen=True)
class ColdEndAt:
    """A designed cold end at one ambient. spec: winter control and limits (the defaults for a plain dry cooler). UA [W/K]
    and air-side shares at the design's flows; ratio_full: air flow at full fan speed over design; T_least_K: compressor
    inlet that is held in the cold; pump_frac: a tower's pump power over the heat (None: no tower); heater_W: its basin
    heaters [W]; home: whether these are the design's conditions."""

    spec: ColdEndSpec
    now: ColdEndConditions
    coolers: tuple[CoolerResult, ...]
    sized: tuple[ColdEndResult, ...]
    UA_W_K: tuple[float, ...]
    air_share: tuple[float, ...]
    ratio_full: float
    T_least_K: float
    pump_frac: float | None
    heater_W: float
    home: bool

    @property
    def C_full_W_K(self) -> tuple[float, ...]:
        """Capacity rate of the air at full fan speed [W/K]."""
        return tuple(c.m_dot_air_kg_s * self.ratio_full * self.now.air.cp_J_kgK for c in self.coolers)

    def tower_W(self, Q_W: float) -> tuple[float, float] | None:
        """Pumps and basin heaters [W] at a heat rejected [W]; None without a tower."""
        return None if self.pump_frac is None else (self.pump_frac * Q_W, self.heater_W)

    def fan_W(self, cooler: int, speed: float) -> float:
        """Fan power [W] of a cooler at the fan speed that it needs: ~ speed^3 density, at least that of the least speed."""
        d = self.coolers[cooler]
        return (
            d.W_fan_W
            * winter_mode(speed, self.spec).fan_power_frac
            * self.now.air.rho_kg_m3
            / d.rho_air_kg_m3
        )


def cold_end_at(r: CycleResult, T_ambient_K: float, relative_humidity: float | None = None) -> ColdEndAt:
    """The cold end of a design at an ambient temperature [K] and humidity [-] (None: the cold end's)."""
    assert r.inputs is not None
    p, spec, sized = r.spec.p_ambient_Pa, r.spec.cold_end, r.cold_ends
    home = r.T_ambient_K is not None and abs(T_ambient_K - r.T_ambient_K) < 1e-9
    if spec is None:
        winter = ColdEndSpec()
        now = ColdEndConditions("dry", dry_air(T_ambient_K, p), T_ambient_K, T_ambient_K, 0.0, p,
                                winter["least_fan_speed_frac"], 1.0)  # fmt: skip
        UA, share = (
            tuple(c.UA_W_K for c in r.coolers),
            tuple(default("cooler_air_side_resistance") for _ in r.coolers),
        )
        return ColdEndAt(winter, now, r.coolers, (), UA, share, now.air.rho_kg_m3 / r.coolers[0].rho_air_kg_m3,
                         min(r.spec.min_compressor_in_K, r.inputs.T_mc_in), None, 0.0, home)  # fmt: skip
    now = cold_end_conditions(spec, T_ambient_K, relative_humidity, p)
    pairs = [conductance_at(s.cooler.UA_W_K, s.air_share, s.conditions, now) for s in sized]
    Q, tower = sum(s.cooler.Q_W for s in sized), spec.kind == "wet"
    return ColdEndAt(
        spec, now, r.coolers, sized, tuple(u for u, _ in pairs), tuple(x for _, x in pairs),
        now.air.rho_kg_m3 / r.coolers[0].rho_air_kg_m3, min(spec["least_compressor_in_K"], r.inputs.T_mc_in),
        sum(s.W_pump_W for s in sized) / Q if tower else None, now.heater_frac * Q,
        home and abs(now.humidity_ratio - sized[0].conditions.humidity_ratio) < 1e-12,
    )  # fmt: skip


class Duty(NamedTuple):
    """What one cooler does at a point: CO2 in and out, flow [kg/s] and the design's, heat [W], fan speed that it needs."""

    hot: State
    cold: State
    m_dot_kg_s: float
    m_dot_design_kg_s: float
    Q_W: float
    fan: float


def running(at: ColdEndAt, duties: Sequence[Duty]) -> tuple[tuple[CoolerResult, ...], ColdEndPoint] | str:
    """The coolers at a solved point and what the cold end does there; words where the CO2 bypass cannot hold it."""
    coolers, words, flags, uses = [], [], list(at.now.flags), []
    for k, d in enumerate(duties):
        found = _cooler(at, k, d)
        if found is None:
            return NO_BYPASS
        c, winter, bypass, T_out, share = found
        coolers.append(c)
        words.append(_words(at, d, winter, bypass))
        flags += frost_flags(at.spec, at.now, T_out, share)
        uses.append(water_use(at.spec, at.now, d.Q_W, c.m_dot_air_kg_s))
    text = f"{at.now.mode}: {words[0]}"
    if any(w != words[0] for w in words):
        text += f"; second cooler: {words[1]}"
    tower_W = at.tower_W(sum(d.Q_W for d in duties))
    return tuple(coolers), ColdEndPoint(
        text, tuple(dict.fromkeys(flags)), total_water(uses), tower_W, at.sized
    )


def _words(at: ColdEndAt, d: Duty, winter: WinterMode, bypass: Bypass) -> str:
    if winter.mode == "fan" and at.T_least_K + 1e-6 < d.cold.T_K:
        return f"fans at {winter.fan_speed_frac:.0%} of full speed"
    if bypass.bypass_frac > 0.0:
        return f"{winter.explain}; {bypass.bypass_frac:.1%} of the CO2 passes by, the rest is at {bypass.T_cooled_K:.1f} K"
    return winter.explain


def _row(s: State) -> np.ndarray:
    return np.array((s.T_K, s.p_Pa, s.h_J_kg, s.s_J_kgK, s.rho_kg_m3))


def _cooler(at: ColdEndAt, k: int, d: Duty) -> tuple[CoolerResult, WinterMode, Bypass, float, float] | None:
    """(cooler, winter control, bypass, CO2 leaving it [K], air-side share of its resistance); None: no bypass holds it."""
    air, hot, cold = at.now.air, _row(d.hot), _row(d.cold)
    exps = default("cooler_air_exponent"), default("recuperator_exponent")
    winter, bypass = winter_mode(d.fan, at.spec), Bypass(0.0, d.cold.T_K)
    x, flow = winter.air_flow_frac * at.ratio_full, d.m_dot_kg_s / d.m_dot_design_kg_s
    C = at.C_full_W_K[k] * winter.air_flow_frac
    rise = d.Q_W / C
    T_in = air.T_K + air.recirculation * rise
    if winter.mode == "bypass":
        found = co2_bypass(hot, cold, d.m_dot_kg_s, T_in, C, at.UA_W_K[k], x, flow, at.air_share[k], *exps)
        if found is None:
            return None
        bypass, flow = found, flow * (1.0 - found.bypass_frac)
        set_pT(cold, d.cold.p_Pa, found.T_cooled_K)
    UA = float(ua_available(at.UA_W_K[k], x, flow, at.air_share[k], *exps))
    T = np.empty(N_SEGMENTS + 1)
    if not co2_profile(N_SEGMENTS, hot, cold, T):
        return None
    pinch = float(np.min(T - T_in - rise * np.linspace(1.0, 0.0, T.size)))
    share = at.air_share[k] * x ** -exps[0] * UA / at.UA_W_K[k]
    c = CoolerResult(d.Q_W, UA, C / air.cp_J_kgK, air.T_K, T_in + rise, pinch, at.fan_W(k, d.fan), winter.fan_speed_frac,
                     air.rho_kg_m3, air.recirculation)  # fmt: skip
    return c, winter, bypass, float(cold[T_]), float(share)
