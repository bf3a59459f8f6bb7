"""What a design is searched for: efficiency, power from a given heat stream, or cost per kW. Greater is better."""

from __future__ import annotations

import numpy as np

from thermo.co2.flash import march
from thermo.cycle.candidate import Point, heat_source_return_K
from thermo.heat_stream import HeatStream
from thermo.layouts.flowsheet import share_of
from thermo.layouts.parts import SOLVED, STATE_NAMES, UA_HTR, UA_LTR
from thermo.machines.turbomachinery import H_, P_, RHO_, T_
from thermo.spec import CycleSpec

N_HEATER = 10  # intervals of each heater at whose nodes a heat stream is kept apart from the CO2
NOTHING = -10.0  # objective where there is no answer: below that of any answer
RETURN_MET_K = 0.5  # the source's return temperature counts as met within this


def heating_curve(pt: Point) -> tuple[np.ndarray, np.ndarray] | None:
    """(temperatures [K], heat [J/kg of total flow] that the CO2 of all heaters together takes above each), hottest first.

    The composite curve of the heaters (main, reheater, bypass): at each node of each heater the heats that all of them
    take above that temperature, added.
    """
    paths = []
    for part in pt.layout.parts:
        if part.kind == "heater":
            inlet, outlet, share = part.streams[0]
            a, b = (pt.st[STATE_NAMES.index(n)] for n in (outlet, inlet))
            m = share_of(share, pt.inputs.f, pt.inputs.split)
            rho, T = np.empty(N_HEATER + 1), np.empty(N_HEATER + 1)
            if m <= 0.0 or a[H_] <= b[H_]:
                continue
            if not march(N_HEATER, a[H_], a[P_], b[H_], b[P_], a[RHO_], a[T_], rho, T):
                return None
            paths.append((T, m * (a[H_] - b[H_]) * np.arange(N_HEATER + 1) / N_HEATER))
    nodes = np.unique(np.concatenate([T for T, _ in paths]))[::-1]
    taken = np.zeros(nodes.size)
    for T, q in paths:
        taken += np.interp(nodes, T[::-1], q[::-1])
    return nodes, taken


def heat_from_stream(stream: HeatStream, pt: Point) -> float:
    """Heat [W] that a point's CO2 takes from a stream: ends and all nodes between keep the approach.

    Where the CO2 is at T, it has taken the share x of its heat from hotter places, so the stream is at T_in - x Q / C; it
    must stay above T by the approach: Q <= C (T_in - approach - T) / x.
    """
    if too_cold(stream, pt) or (curve := heating_curve(pt)) is None:
        return 0.0
    T, taken = curve
    x = taken / taken[-1]
    if T[0] > stream.T_turbine_in_max_K + 1e-9:
        return 0.0
    most = np.min((stream.T_in_K - stream.approach_K - T[x > 0.0]) / x[x > 0.0])
    return float(stream.C_W_K * max(0.0, min(most, stream.T_in_K - stream.T_out_min_K)))


def too_cold(stream: HeatStream | None, pt: Point) -> bool:
    """Whether CO2 enters a heater colder than the heat stream's freezing point with its margin."""
    if stream is None or stream.T_co2_return_min_K is None:
        return False
    inlets = [p.streams[0][0] for p in pt.layout.parts if p.kind == "heater"]
    return min(float(pt.st[STATE_NAMES.index(n), T_]) for n in inlets) < stream.T_co2_return_min_K


def return_miss_K(spec: CycleSpec, pt: Point) -> float:
    """Distance [K] from the heat source's wanted return temperature; 0 where none is wanted."""
    if spec.T_heat_source_return_K is None:
        return 0.0
    return abs(heat_source_return_K(pt, spec.heat_approach_K) - spec.T_heat_source_return_K)


def return_penalty(spec: CycleSpec, pt: Point) -> float:
    """Efficiency taken off for missing the heat source's return temperature: as a share of the source's range. Steep
    enough (1 K costs some 0.5 %, ten times what 1 K gains) to act as an equality."""
    hot = spec.T_turbine_in_K + spec.heat_approach_K
    return return_miss_K(spec, pt) / max(hot - (spec.T_heat_source_return_K or 0.0), 50.0)


def cost_per_kW(spec: CycleSpec, pt: Point) -> float | None:
    """Installed cost [2017 USD/kW at the DC terminals] of a solved point (Weiland et al. 2019, `cost.cost_per_kW`); None
    where the air cannot take the heat or nothing is left at the terminals."""
    from thermo.accounts import cost
    from thermo.cycle.design_point import surroundings
    from thermo.machines.electrical import chain_of, electrical
    from thermo.outcome import Outcome

    chain = chain_of(spec, geared=spec.drive != "direct")
    around = surroundings(spec, chain, pt)
    if isinstance(around, Outcome) or around.W_net <= 0.0:
        return None
    st, m, W = pt.st, pt.m_dot, pt.m_dot * pt.work
    W_generator = electrical(chain, W, W, 0.0, 0.0).W_generator_W

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
    hottest = max(float(st[STATE_NAMES.index(b), T_]) for k, _, b, _ in streams if k == "heater")
    recuperators = [(float(pt.hx[UA_LTR]), hot_in("low_temperature_recuperator"))]
    if any(p.name == "high_temperature_recuperator" for p in pt.layout.parts):
        recuperators.append((float(pt.hx[UA_HTR]), hot_in("high_temperature_recuperator")))
    return cost.cost_per_kW(around.W_net, W_generator, W, turbines, compressors, recuperators,
                            [c.UA_W_K for c in around.coolers], (m * pt.heat, hottest),
                            geared=spec.drive != "direct")  # fmt: skip


def value(spec: CycleSpec, pt: Point) -> float:
    """The objective of a candidate, scaled so that greater is better; NOTHING where there is no answer."""
    if pt.status != SOLVED or too_cold(spec.heat_stream, pt):
        return NOTHING
    if spec.objective == "heat_stream_power":
        return pt.m_dot * pt.work / spec.W_net_W
    if spec.objective == "cost_per_kW":
        USD = cost_per_kW(spec, pt)
        return 1e3 / USD if USD else NOTHING
    return pt.eta - return_penalty(spec, pt)
