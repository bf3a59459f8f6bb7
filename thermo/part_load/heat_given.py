"""Part load with the heat given: a hot stream of some temperature and flow, and the greatest power from it.

The primary heater of the design keeps its conductance. At design its stream, of constant heat capacity, enters hotter than
the turbine inlet and leaves hotter than the returning CO2, both by `heat_approach_K`, unless the spec names a stream:

    Q = C (T_hot - T_return),    UA = UA_design / (x r_hot^-n + (1 - x) r_CO2^-n)

With turbine_inlet="slide" the turbine inlet is as hot as that makes it. With "hold" it stays at the design's: the high
pressure (at free speed) or the low pressure (at fixed speed) then sets how much of the stream's heat is taken.

hot_return="free": low pressure and compressor inlet for greatest net power. "hold": the stream returns as hot as at design,
so its heat is given and the low pressure follows, lower still where the high pressure would pass its limit; the compressor
inlet is chosen for greatest power. That is the strategy of NREL's ssc (`ControlSpec.preset("peer")`).
"""

from __future__ import annotations

from dataclasses import dataclass

from thermo.checks import SpecError
from thermo.defaults import default
from thermo.heat_sources.primary_heater import HeatCurve, primary_heater
from thermo.part_load.kernel import N_HEATER, HotStream
from thermo.part_load.limits import limit, violation
from thermo.part_load.operating_search import FAR, NO_POINT, Evaluated, best_of, start_of
from thermo.part_load.plant import Plant, Point
from thermo.part_load.search import minimise
from thermo.result import CycleResult


@dataclass(frozen=True)
class Stream:
    """The design's hot stream: inlet and return [K], capacity rate [W/K], conductance of the primary heater [W/K]."""

    T_in_K: float
    T_return_K: float
    C_W_K: float
    UA_W_K: float


def design_stream(r: CycleResult) -> Stream:
    """The hot stream that a design's heater was sized for."""
    heaters = [c for c in r.components if c.kind == "heater"]
    if len(heaters) != 1:
        raise SpecError([f"control.mode: heat_given needs one heater; {r.layout_used} has {len(heaters)}"])
    h, spec = heaters[0], r.spec
    inlet, outlet = (r.states[n] for n in (h.streams[0].inlet, h.streams[0].outlet))
    T_in, T_return = spec.T_turbine_in_K + spec.heat_approach_K, inlet.T_K + spec.heat_approach_K
    if spec.heat_stream is not None:
        T_in = spec.heat_stream.T_in_K
        T_return = T_in - h.Q_W / spec.heat_stream.C_W_K
    curve = HeatCurve((0.0, h.Q_W), (T_in, T_return))
    sized = primary_heater(inlet, outlet, h.streams[0].m_dot_kg_s, curve, N_HEATER)
    if sized.UA_W_K is None:
        raise SpecError([f"heat_stream: the design's heater cannot be fixed: {sized.explain}"])
    return Stream(T_in, T_return, h.Q_W / (T_in - T_return), sized.UA_W_K)


def with_stream(plant: Plant, d: Stream, T_hot_K: float, flow_frac: float) -> None:
    """Give a plant's heater a hot stream at an inlet temperature [K] and a flow over design."""
    x, n = default("primary_heater_hot_resistance"), default("primary_heater_exponent")
    plant.hot = HotStream(T_hot_K, d.C_W_K * flow_frac, d.UA_W_K, x * flow_frac**-n, 1.0 - x, n)


def greatest_from_heat(plant: Plant, T_hot_K: float, flow_frac: float) -> Point | None:
    """The point of greatest net power from a hot stream at T_hot_K [K] and a flow over design; None without one."""
    d = design_stream(plant.r)
    with_stream(plant, d, T_hot_K, flow_frac)
    plant.warm = plant.home.copy()
    Q = plant.hot.C * (T_hot_K - d.T_return_K)
    hold = plant.control.hot_return == "hold"

    def evaluate(p_low: float, T_hold: float) -> Evaluated:
        pt = _return_held(plant, Q, T_hold, p_low) if hold else _at(plant, p_low, T_hold)
        if pt is None:
            return NO_POINT, 0.0, None
        return -pt.W_net / plant.W_rated, FAR * _broken(plant, pt), pt

    best = best_of(plant, evaluate, *start_of(plant, plant.W_rated), pressure=not hold)
    if best is None or not best.ok:
        return None
    pt = best.point
    found = plant.final(pt.p_low, speed=pt.run.speed if plant.control.speed == "fixed" else None,
                        p_high=None if plant.control.speed == "fixed" else pt.p_high, T_min=best.T_hold)  # fmt: skip
    return None if found is None or limit(plant, found) else found


def _broken(plant: Plant, pt: Point) -> float:
    most = plant.r.spec.W_net_max_frac * plant.W_rated
    return (
        violation(plant, pt) + max(0.0, pt.p_high / plant.p_high_max - 1.0) + max(0.0, pt.W_net / most - 1.0)
    )


def _at(plant: Plant, p_low: float, T_hold: float) -> Point | None:
    """The point at a low pressure [Pa]: at fixed speed, or at the high pressure of greatest power; with the turbine inlet
    sliding, or held by the high pressure."""
    if plant.control.speed == "fixed":
        return plant.at(p_low, speed=1.0, T_min=T_hold)
    found: dict[float, Point] = {}

    def loss(p_high: float) -> float:
        pt = plant.at(p_low, p_high, T_min=T_hold)
        if pt is None:
            return NO_POINT
        found[p_high] = pt
        return -pt.W_net / plant.W_rated + FAR * _broken(plant, pt)

    top = plant.p_high_max
    p = minimise(loss, 0.9 * top, 0.05 * top, max(0.4 * top, 1.2 * p_low), top, gain=1e-5, most=4)
    return found.get(p)


def _return_held(plant: Plant, Q: float, T_hold: float, p_start: float) -> Point | None:
    """The point whose heat is Q [W], or with the high pressure at its limit: low pressure by bracketed secant."""
    lo, hi = plant.p_low_bounds()
    p, old, e_old = p_start, 0.0, 0.0
    pt = None
    for k in range(30):
        pt = plant.at(p, speed=1.0, T_min=T_hold)
        if pt is None:
            return None
        e = max(pt.Q / Q - 1.0, 2.0 * (pt.p_high / plant.p_high_max - 1.0))
        if abs(e) < 1e-6:
            return pt
        if e > 0.0:
            hi = p
        else:
            lo = p
        new = p - e * (p - old) / (e - e_old) if k > 0 and e != e_old else p * (1.0 - 0.3 * e)
        old, e_old = p, e
        p = min(max(new, 0.94 * p), 1.06 * p)
        if not lo < p < hi:
            p = 0.5 * (lo + hi)
        if hi - lo < 1.0:
            return pt
    return pt if abs(e) < 1e-3 else None
