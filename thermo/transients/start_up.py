"""Starts of a block: hot, warm and cold, their time, heat and electricity; black start.

    parts cool at rest   T = T_amb + (T_op - T_amb) exp(-idle / tau)
    heat                 sum over the hot volumes of rho c V_metal (T_op - T) + CO2's share cooled (U_op - U_rest)
    time to full load    fixed steps + max(rise / heating rate, heat / heat available) + 1 / ramp rate
    electricity          (motoring + fans + blower + auxiliaries) x time until the turbine carries the compressors

Motoring: the compressors at the cranking speed, their power ~ speed cubed; the turbine is given no credit until its
inlet is hot. U is the CO2's internal energy, in the loop's states and at rest (settle-out). The cooler stays cold and
is left out.

Idle times: hot up to 8 h, warm 8 to 48 h, cold beyond (gridcode.com, "Start-up and shutdown", for combined cycles).
"""

from __future__ import annotations

from dataclasses import dataclass

from thermo.co2.fluid import heos
from thermo.defaults import default
from thermo.inventory.balance import LoopVolume, loop_charge, settle_out
from thermo.result import CycleResult
from thermo.transients.ramping import RampRate
from thermo.transients.thermal_stress import metal_ratio

IDLE_S = {"hot": 8.0 * 3600.0, "warm": 48.0 * 3600.0, "cold": None}


@dataclass(frozen=True)
class StartUp:
    """One start: idle time before it [s] (None: long enough to be cold), hot-end temperature at its beginning [K], time
    until the generator is connected and until full load [s], heat into metal and CO2 [J], fuel for it [J LHV] (None
    without a fired heater), electricity until self-sustaining [J] at a steady power [W]."""

    kind: str
    idle_s: float | None
    T_hot_K: float
    time_to_grid_s: float
    time_to_full_s: float
    heat_J: float
    fuel_LHV_J: float | None
    electricity_J: float
    electric_W: float


@dataclass(frozen=True)
class BlackStart:
    """A start without any supply but its own: greatest power [W] and energy [J] that must be stored."""

    power_W: float
    energy_J: float


def cooled_share(idle_s: float | None) -> float:
    """Share of its temperature above ambient that a part has lost; 1 where it is cold.

    >>> round(cooled_share(8 * 3600.0), 3)
    0.181
    """
    from math import exp

    return 1.0 if idle_s is None else 1.0 - exp(-idle_s / default("cooling_time_constant_s"))


def _metal_heat(r: CycleResult, volumes: tuple[LoopVolume, ...], T_ambient_K: float) -> float:
    """Heat that brings the metal from ambient to its operating temperature [J]."""
    rho_c, heat = default("steel_heat_capacity_J_m3K"), 0.0
    for v in volumes:
        if v.kind == "cooler":
            continue
        a, b = r.states[v.inlet], r.states[v.outlet]
        ratio = (
            default("metal_ratio_recuperator")
            if v.kind == "recuperator"
            else metal_ratio(max(a.p_Pa, b.p_Pa))
        )
        heat += rho_c * ratio * v.volume_m3 * max(0.0, 0.5 * (a.T_K + b.T_K) - T_ambient_K)
    return heat


def _co2_heat(r: CycleResult, volumes: tuple[LoopVolume, ...], T_ambient_K: float) -> float:
    """Internal energy of the CO2 in operation less that at rest [J]."""
    import CoolProp.CoolProp as CP

    kg, U = loop_charge(r, volumes), 0.0
    for v, m in zip(volumes, kg, strict=True):
        ends = (r.states[v.inlet], r.states[v.outlet])
        U += m * sum(s.h_J_kg - s.p_Pa / s.rho_kg_m3 for s in ends) / 2.0
    rest, eos = settle_out(sum(kg), sum(v.volume_m3 for v in volumes), T_ambient_K), heos()
    eos.update(CP.DmassT_INPUTS, rest.rho_kg_m3, T_ambient_K)
    return U - sum(kg) * eos.umass()


def start_power_W(r: CycleResult) -> float:
    """Electric power of a start until the turbine carries the compressors [W]."""
    r.require_ok()
    assert r.W_turbine_W is not None
    assert r.W_shaft_W is not None
    crank = (r.W_turbine_W - r.W_shaft_W) * default("crank_speed_frac") ** 3 / default("eta_motoring")
    blower = r.heater.W_blower_W if r.heater else 0.0
    return (
        crank
        + default("start_aux_share") * (blower + (r.W_fan_W or 0.0))
        + r.losses_W.get("auxiliaries", 0.0)
    )


def start_up(r: CycleResult, kind: str, volumes: tuple[LoopVolume, ...], ramp: RampRate,
             T_ambient_K: float = 288.15) -> StartUp:  # fmt: skip
    """A hot, warm or cold start of a designed block, from rest at an ambient temperature [K] to full load."""
    if kind not in IDLE_S:
        raise ValueError(f"kind: {kind!r} is not one of {', '.join(IDLE_S)}")
    r.require_ok()
    assert r.Q_heater_W is not None
    share = cooled_share(IDLE_S[kind])
    T_op = r.states["turbine_inlet"].T_K
    heat = share * (_metal_heat(r, volumes, T_ambient_K) + max(0.0, _co2_heat(r, volumes, T_ambient_K)))
    T_hot = T_op - share * (T_op - T_ambient_K)
    warm_up = max((T_op - T_hot) / ramp.heating_rate_K_s, heat / (default("start_heat_share") * r.Q_heater_W))
    to_grid = default("start_fixed_s") + warm_up
    fuel = heat / r.heater.eta_LHV if r.heater else None
    W = start_power_W(r)
    return StartUp(
        kind, IDLE_S[kind], T_hot, to_grid, to_grid + 1.0 / ramp.ramp_1_s, heat, fuel, W * to_grid, W
    )


def black_start(cold: StartUp) -> BlackStart:
    """What must be stored for a start without a grid: that of the cold start, with a margin."""
    k = 1.0 + default("black_start_margin")
    return BlackStart(k * cold.electric_W, k * cold.electricity_J)
