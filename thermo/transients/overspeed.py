"""Overspeed after the whole electrical load is lost: energy of the shaft, CO2 trapped before the turbine, valve times.

    E d(x^2)/dt = P_turbine - P_compressors - P_losses         x = speed over rated, E = kinetic energy at rated speed
    dM/dt       = m_valve - m_turbine - m_bypass               CO2 between stop valve and nozzle

    m_turbine  = A rho C_s, C_s = sqrt(2 dh_s)                 nozzle, from the design point
    P_turbine  = t m_turbine dh_s eta_d z (2 - z)              t: share of the turbines on the generator's shaft;
                                                               z = x C_s,d/C_s: torque falls linearly, to nothing at 2
    m_valve    = v(t) K sqrt(p_up - p)                         valve open until the trip acts, then closing linearly
    m_bypass   = b(t) k m_turbine                              bypass round the turbine, opening linearly
    P_compressors ~ x^3 while the shaft carries them; P_losses ~ x^3

The trapped CO2 follows the inlet's isentrope; further turbines of the block follow the first. The pressure upstream and at
the turbine outlet are held: worst for the first second that matters. Peak from a Runge-Kutta 5(4) integration (scipy) to
1e-8. The parabola in z lies within 0.015 of the map of Dyreby (2014) for z of 0.6 to 1.6; past 2 no braking is counted.
Closed forms for the tests: constant torque x = 1 + t P/(2E), constant power x^2 = 1 + t P/E.

Source: energy balance; Kundur, Power System Stability and Control, ch. 3 (swing equation). Times are inputs
(assumptions).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from itertools import pairwise
from math import pi, sqrt

import numpy as np

from thermo.checks import SpecError, check_ranges
from thermo.co2.flash import isentropic
from thermo.co2.helmholtz import properties
from thermo.defaults import default
from thermo.inventory.loop_volumes import pipe_bore_m
from thermo.result import CycleResult
from thermo.transients.inertia import inertia

_RANGES: dict[str, tuple[float, float, str]] = {
    "trip_delay_s": (0.0, 5.0, "s"),
    "valve_close_s": (1e-3, 10.0, "s"),
    "valve_dp_frac": (1e-3, 0.2, "-"),
    "trapped_length_m": (0.0, 200.0, "m"),
    "bypass_open_s": (1e-3, 10.0, "s"),
    "bypass_flow_frac": (0.0, 3.0, "-"),
}


@dataclass(frozen=True)
class TripSpec:
    """Trip of the turbine. None: the default of `data/block_defaults.json` by the same name.

    trip_delay_s: from loss of load until valves move; valve_close_s: stop valve from open to shut; valve_dp_frac: its
    drop when open; trapped_length_m: pipe between it and the turbine; bypass_open_s, bypass_flow_frac: bypass valve
    round the turbine, of the design flow; compressors_on_shaft: whether they brake the shaft that is losing its load (None:
    those that the block's train has on it).
    """

    trip_delay_s: float | None = None
    valve_close_s: float | None = None
    valve_dp_frac: float | None = None
    trapped_length_m: float | None = None
    bypass_open_s: float | None = None
    bypass_flow_frac: float | None = None
    compressors_on_shaft: bool | None = None

    def __post_init__(self) -> None:
        problems = check_ranges(self, _RANGES, set(_RANGES))
        if problems:
            raise SpecError([f"trip.{p}" for p in problems])


@dataclass(frozen=True)
class Overspeed:
    """Peak speed over rated, when it is reached [s], CO2 trapped at first [kg], and the work of it [J]; times and
    speeds."""

    peak: float
    t_peak_s: float
    trapped_kg: float
    trapped_work_J: float
    bypass: bool
    t_s: tuple[float, ...]
    speed: tuple[float, ...]


@dataclass(frozen=True)
class _Turbine:
    """What the integration needs: tables over the trapped density, and design values."""

    rho: np.ndarray
    p: np.ndarray
    head: np.ndarray
    m: float
    eta: float
    volume_m3: float
    p_up: float
    dp_valve: float

    @property
    def C_s(self) -> float:
        return sqrt(2.0 * float(self.head[-1]))


def speed_up(
    E_J: float, power: Callable[[float, np.ndarray], float], rest: Callable[[float, np.ndarray], list[float]],
    y0: list[float], t_end_s: float, breaks_s: tuple[float, ...] = (),
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Integrate 2 E x dx/dt = power(t, y) with further states; y[0] = x. Returns times [s] and states.

    `breaks_s` are times where the right side bends (valves): the integration stops and starts again there.

    >>> t, y = speed_up(1.0, lambda t, y: 0.5, lambda t, y: [], [1.0], 2.0)      # constant power
    >>> round(float(y[0, -1]), 6)                                                # sqrt(1 + 2 * 0.5)
    1.414214
    """
    from scipy.integrate import solve_ivp

    def slope(t: float, y: np.ndarray) -> list[float]:
        return [power(t, y) / (2.0 * E_J * y[0]), *rest(t, y)]

    times, states = [np.zeros(1)], [np.array(y0, dtype=float)[:, None]]
    stops = [0.0, *sorted(b for b in set(breaks_s) if 0.0 < b < t_end_s), t_end_s]
    for a, b in pairwise(stops):
        found = solve_ivp(slope, (a, b), states[-1][:, -1], rtol=1e-8, atol=1e-10, max_step=(b - a) / 20.0)
        times.append(found.t[1:])
        states.append(found.y[:, 1:])
    return np.concatenate(times), np.concatenate(states, axis=1)


def _turbine(r: CycleResult, length_m: float, dp_frac: float) -> _Turbine:
    inlet, outlet = r.states["turbine_inlet"], r.states["turbine_outlet"]
    assert r.m_dot_kg_s is not None
    assert r.W_turbine_W is not None
    bore = pipe_bore_m(r.m_dot_kg_s, inlet.rho_kg_m3, default("pipe_velocity_C"))
    wheel = next((m for m in r.machines if m.name == "turbine"), None)
    casing = default("casing_volume_factor") * wheel.stages * (wheel.diameter_m or 0.0) ** 3 if wheel else 0.0
    volume = pi / 4.0 * bore**2 * length_m + casing
    p = np.linspace(outlet.p_Pa, inlet.p_Pa, 120)
    rho, h = np.empty(p.size), np.empty(p.size)
    for i, x in enumerate(p):
        _ok, rho[i], T = isentropic(x, inlet.s_J_kgK, inlet.p_Pa, inlet.rho_kg_m3, inlet.T_K)
        h[i] = properties(rho[i], T)[1]
    head = np.maximum(h - h[0], 0.0)
    eta = r.W_turbine_W / (r.m_dot_kg_s * head[-1])
    return _Turbine(
        rho, p, head, r.m_dot_kg_s, float(eta), volume, inlet.p_Pa * (1.0 + dp_frac), inlet.p_Pa * dp_frac
    )


def _on_shaft(r: CycleResult, kind: str) -> float:
    """Share of the turbines' or compressors' power that is on the generator's shaft or gear."""
    assert r.train is not None
    a = r.train.arrangement
    power = {d.name: d.power_W for d in a.duties if d.kind == kind}
    return sum(W for name, W in power.items() if name in a.with_generator) / sum(power.values())


def _ramp(t: float, start: float, duration: float) -> float:
    return min(1.0, max(0.0, (t - start) / duration))


def overspeed(
    r: CycleResult, spec: TripSpec | None = None, *, bypass: bool = True, t_end_s: float = 3.0
) -> Overspeed:
    """Speed of the shaft after the whole load is lost at a point, with or without the bypass valve.

    Parameters
    ----------
    r : CycleResult
        The point at which the load is lost (one turbine).
    spec : TripSpec, optional
        Times and sizes of the valves.
    bypass : bool
        Whether the bypass valve round the turbine opens.
    t_end_s : float
        Time that is followed [s].
    """
    r.require_ok()
    spec = spec or TripSpec()
    c = {f.name: getattr(spec, f.name) if getattr(spec, f.name) is not None else default(f.name)
         for f in fields(spec) if f.name != "compressors_on_shaft"}  # fmt: skip
    tb, E = _turbine(r, c["trapped_length_m"], c["valve_dp_frac"]), inertia(r).total_J
    C_d, rho_d = tb.C_s, float(tb.rho[-1])
    assert r.W_shaft_W is not None
    assert r.W_turbine_W is not None
    turbines, compressors = (_on_shaft(r, kind) for kind in ("turbine", "compressor"))
    if spec.compressors_on_shaft is not None:
        compressors = float(spec.compressors_on_shaft)
    brake_W = (r.W_turbine_W - r.W_shaft_W) * compressors + r.losses_W.get("mechanical", 0.0)
    share = c["bypass_flow_frac"] if bypass else 0.0

    def flows(t: float, y: np.ndarray) -> tuple[float, float, float, float]:
        rho = y[1] / tb.volume_m3
        p, head = float(np.interp(rho, tb.rho, tb.p)), float(np.interp(rho, tb.rho, tb.head))
        C = sqrt(2.0 * head)
        out = tb.m * rho * C / (rho_d * C_d)
        open_ = 1.0 - _ramp(t, c["trip_delay_s"], c["valve_close_s"])
        into = open_ * tb.m * sqrt(max(0.0, tb.p_up - p) / tb.dp_valve)
        past = share * _ramp(t, c["trip_delay_s"], c["bypass_open_s"]) * out
        return head, out, into, past

    def power(t: float, y: np.ndarray) -> float:
        head, out, _into, _past = flows(t, y)
        z = y[0] * C_d / max(sqrt(2.0 * head), 1e-6 * C_d)
        return turbines * out * head * tb.eta * max(0.0, z * (2.0 - z)) - brake_W * y[0] ** 3

    def rest(t: float, y: np.ndarray) -> list[float]:
        _head, out, into, past = flows(t, y)
        return [into - out - past]

    M0 = rho_d * tb.volume_m3
    breaks = (
        c["trip_delay_s"],
        c["trip_delay_s"] + c["valve_close_s"],
        c["trip_delay_s"] + c["bypass_open_s"],
    )
    t, y = speed_up(E, power, rest, [1.0, M0], t_end_s, breaks)
    k = int(np.argmax(y[0]))
    work = float(np.trapezoid(tb.head, tb.rho)) * tb.volume_m3 * tb.eta
    return Overspeed(
        float(y[0, k]), float(t[k]), M0, work, bypass, tuple(map(float, t)), tuple(map(float, y[0]))
    )
