"""What a design is searched for: efficiency, power from a given heat stream, or cost per kW. Greater is better."""

from __future__ import annotations

import numpy as np

from .candidate import Point, heat_source_return_K
from .flash import march
from .heat_stream import HeatStream
from .layouts.flowsheet import share_of
from .layouts.parts import STATE_NAMES, T_IN, UA_HTR, UA_LTR
from .spec import CycleSpec
from .turbomachinery import H_, P_, RHO_, T_

N_HEATER = 10  # nodes at which a heat stream is kept apart from the CO2


def heat_from_stream(stream: HeatStream, pt: Point) -> float:
    """Heat [W] that a point's CO2 takes from a stream: both ends and nodes between keep the approach.

    At node x (share of the duty from the hot end) the stream is at T_in - x Q / C; it must stay above the CO2 by the
    approach, so Q <= C (T_in - approach - T_co2(x)) / x. One heater only.
    """
    row = pt.st[STATE_NAMES.index(pt.layout.heat_return)]
    hot = pt.st[T_IN]
    rho, T = np.empty(N_HEATER + 1), np.empty(N_HEATER + 1)
    if not march(N_HEATER, hot[H_], hot[P_], row[H_], row[P_], hot[RHO_], hot[T_], rho, T):
        return 0.0
    if stream.T_co2_return_min_K is not None and row[T_] < stream.T_co2_return_min_K:
        return 0.0
    x = np.arange(1, N_HEATER + 1) / N_HEATER
    most = np.min((stream.T_in_K - stream.approach_K - T[1:]) / x)
    return float(stream.C_W_K * max(0.0, min(most, stream.T_in_K - stream.T_out_min_K)))


def return_penalty(spec: CycleSpec, pt: Point) -> float:
    """Efficiency taken off for missing the heat source's return temperature: as a share of the source's range. Steep
    enough (1 K costs some 0.5 %, ten times what 1 K gains) to act as an equality."""
    want = spec.T_heat_source_return_K or 0.0
    miss = abs(heat_source_return_K(pt, spec.heat_approach_K) - want)
    return miss / (spec.T_turbine_in_K + spec.heat_approach_K - want)


def cost_per_kW(spec: CycleSpec, pt: Point) -> float | None:
    """Installed cost [2017 USD/kW at the DC terminals] of a solved point (Weiland et al. 2019, `cost.cost_per_kW`); None
    where the air cannot take the heat or nothing is left at the terminals."""
    from . import cost
    from .design_point import coolers_of
    from .electrical import chain_of, electrical

    found = coolers_of(spec, pt)
    if found is None:
        return None
    coolers, cold = found
    st, m, W = pt.st, pt.m_dot, pt.m_dot * pt.work
    fans = sum(c.W_fan_W for c in coolers)
    e = electrical(chain_of(spec, geared=spec.drive != "direct"), W, W, fans, 0.0, cold.tower_W)
    if e.W_net_W <= 0.0:
        return None

    def power(inlet: str, outlet: str, share: str) -> float:
        a, b = STATE_NAMES.index(inlet), STATE_NAMES.index(outlet)
        return float(abs(st[a, H_] - st[b, H_]) * m * share_of(share, pt.inputs.f, pt.inputs.split))

    def hot_in(part_name: str) -> float:
        part = next(p for p in pt.layout.parts if p.name == part_name)
        return float(st[STATE_NAMES.index(part.streams[0][0]), T_])

    streams = [(p.kind, *p.streams[0]) for p in pt.layout.parts]
    turbines = [
        (power(a, b, s), float(st[STATE_NAMES.index(a), T_])) for k, a, b, s in streams if k == "turbine"
    ]
    compressors = [w for k, a, b, s in streams if k == "compressor" and (w := power(a, b, s)) > 1e3]
    recuperators = [(float(pt.hx[UA_LTR]), hot_in("low_temperature_recuperator"))]
    if any(p.name == "high_temperature_recuperator" for p in pt.layout.parts):
        recuperators.append((float(pt.hx[UA_HTR]), hot_in("high_temperature_recuperator")))
    return cost.cost_per_kW(e.W_net_W, e.W_generator_W, W, turbines, compressors, recuperators,
                            [c.UA_W_K for c in coolers], (m * pt.heat, float(st[T_IN, T_])),
                            geared=spec.drive != "direct")  # fmt: skip


def value(spec: CycleSpec, pt: Point) -> float:
    """The objective of a solved point, scaled so that greater is better; 0 where there is no answer."""
    if pt.status != 0:
        return 0.0
    if spec.objective == "heat_stream_power":
        return pt.m_dot * pt.work / spec.W_net_W
    if spec.objective == "cost_per_kW":
        USD = cost_per_kW(spec, pt)
        return 1e3 / USD if USD else 0.0
    return pt.eta - (return_penalty(spec, pt) if spec.T_heat_source_return_K is not None else 0.0)
