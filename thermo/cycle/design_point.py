"""Design of a block: the best candidate (`optimum`), then cooler, heater and the chain to the DC terminals around it."""

from dataclasses import dataclass, replace
from typing import Any

from thermo.co2.helmholtz import T_CRIT_K
from thermo.co2.saturation import saturation
from thermo.cold_end.cold_end_spec import ColdEndSpec
from thermo.cold_end.condensing import condensing_checks
from thermo.cold_end.conditions import design_cold_end
from thermo.cold_end.cooler import CoolerResult, design_cooler
from thermo.cold_end.operation import ColdEndPoint, at_design
from thermo.cycle.block import assemble, failed
from thermo.cycle.candidate import Point, evaluate
from thermo.cycle.optimum import active_bounds, best_point
from thermo.cycle.shared_speed import at_shaft_speeds
from thermo.defaults import default
from thermo.exchangers.inner_pinch import crossed
from thermo.heat_sources.fired_heater import FiredHeaterResult, fired_heater
from thermo.layouts.flowsheet import heat_return, share_of
from thermo.layouts.parts import STATE_NAMES
from thermo.machines.electrical import Chain, chain_of, electrical
from thermo.machines.machine_train import direct_drive_possible, duty
from thermo.machines.turbomachinery import T_
from thermo.machines.wheels import own_best
from thermo.outcome import Outcome
from thermo.result import CycleResult
from thermo.spec import CycleSpec

_STATUS = {
    1: Outcome.NO_STATE,
    2: Outcome.NO_WORK,
    3: Outcome.NO_EXCHANGE,
    4: Outcome.NO_PATH,
    5: Outcome.NO_SOURCE,
}
MOST_SEGMENTS = 160  # of a recuperator; above it a crossing counts as none: below 0.1 K so far


@dataclass
class Surroundings:
    """Coolers (the main one first) with the cold end that they are, heater of a point, and power at the DC terminals."""

    coolers: tuple[CoolerResult, ...]
    cold: ColdEndPoint
    heater: FiredHeaterResult | None
    W_net: float


def coolers_of(spec: CycleSpec, pt: Point) -> tuple[tuple[CoolerResult, ...], ColdEndPoint] | None:
    """Size every cooler of a point and its cold end; None where the air or water cannot take the heat."""
    found, sized, T_out = [], [], []
    T_ambient, rise = ambient(spec), spec.cooler_air_rise_K
    for part in pt.layout.parts:
        if part.kind == "cooler":
            inlet, outlet, share = part.streams[0]
            hot, cold = (pt.st[STATE_NAMES.index(n)] for n in (inlet, outlet))
            m = pt.m_dot * share_of(share, pt.inputs.f, pt.inputs.split)
            T_out.append(float(cold[T_]))
            if spec.cold_end is None:
                found.append(design_cooler(hot, cold, m, T_ambient, spec.p_ambient_Pa, rise))
                continue
            end = design_cold_end(spec.cold_end, hot, cold, m, T_ambient, spec.p_ambient_Pa, rise)
            found.append(None if end is None else end.cooler)
            sized += [] if end is None else [end]
    known = tuple(c for c in found if c is not None)
    return (known, at_design(sized, T_out)) if len(known) == len(found) else None


def surroundings(spec: CycleSpec, chain: Chain, pt: Point) -> Surroundings | Outcome:
    """Size coolers and heater around a point and follow the power to the DC terminals."""
    found = coolers_of(spec, pt)
    if found is None:
        return Outcome.NO_COOLING
    coolers, cold = found
    heater = None
    if spec.fired_heater is not None:
        T_return = float(pt.st[STATE_NAMES.index(heat_return(pt.layout, pt.inputs.split)), T_])
        hottest = max(spec.T_turbine_in_K, (spec.T_reheat_K or 0.0) if pt.layout.reheat else 0.0)
        heater = fired_heater(spec.fired_heater, pt.m_dot * pt.heat, T_return, hottest, ambient(spec),
                              spec.p_ambient_Pa)  # fmt: skip
        if heater is None:
            return Outcome.NO_HEATER
    W = pt.m_dot * pt.work
    fans = sum(c.W_fan_W for c in coolers)
    e = electrical(chain, W, W, fans, heater.W_blower_W if heater else 0.0, cold.tower_W)
    return Surroundings(coolers, cold, heater, e.W_net_W)


def ambient(spec: CycleSpec) -> float:
    """Design ambient temperature [K]: given, or the compressor inlet less the default approach."""
    if spec.T_ambient_design_K is not None:
        return float(spec.T_ambient_design_K)
    return spec.T_compressor_in_K - default("cooler_approach_K")


def _for_net_power(spec: CycleSpec, chain: Chain) -> tuple[Point, Surroundings | Outcome]:
    """The point whose power at the DC terminals is the wanted one: secant in shaft power, re-optimised once."""
    W = spec.W_net_W * 1.12
    pt = best_point(spec, W)
    for again in range(2):
        W_old, net_old = 0.0, 0.0
        for _ in range(30):
            if pt.status != 0:
                return pt, _STATUS[pt.status]
            around = surroundings(spec, chain, pt)
            if isinstance(around, Outcome):
                return pt, around
            miss = around.W_net / spec.W_net_W - 1.0
            if abs(miss) < (1e-6 if again == 0 else 1e-13):
                break
            slope = (around.W_net - net_old) / (W - W_old)
            W_old, net_old = W, around.W_net
            W = W - (around.W_net - spec.W_net_W) / slope if slope > 0.1 else W * 1.5
            if not 0.0 < W < 20.0 * spec.W_net_W:
                return pt, Outcome.NO_WORK
            pt = evaluate(spec, pt.x, W, pt.starts)
        else:
            return pt, (around if abs(miss) < 1e-10 else Outcome.NOT_CONVERGED)
        if again == 0:
            pt = best_point(spec, W, pt.x)
    return pt, around


def design(spec: CycleSpec) -> CycleResult:
    """Design a block for a spec.

    Parameters
    ----------
    spec : CycleSpec
        What is given; None fields are optimised or follow from size.

    Returns
    -------
    CycleResult
        With outcome and explain; numbers are None where there is no answer.
    """
    return at_shaft_speeds(spec, _without_crossing)


def _without_crossing(spec: CycleSpec) -> CycleResult:
    """A block in whose recuperators temperatures do not cross between two nodes: with more segments where they would.

    With `segment_mean`, the peer's own definition, the segments stay as given and the crossing is told.
    """
    r, n = _designed(spec), spec.n_segments
    names = crossed(r, n) if r.outcome.ok else ()
    if not names:
        return r
    said = f"temperatures cross inside a segment of the {' and the '.join(names)}".replace("_", " ")
    if spec.exchanger_model != "secant":
        return replace(r, explain=f"{said}: more duty than any exchanger can give")
    while names and n < MOST_SEGMENTS:
        n = min(2 * n, MOST_SEGMENTS)
        r = _designed(replace(spec, n_segments=n))
        names = crossed(r, n) if r.outcome.ok else ()
    explain = (
        f"solved with {n} segments instead of {spec.n_segments}, at which {said}"
        if r.outcome.ok
        else r.explain
    )
    return replace(r, spec=spec, explain=explain)


def _designed(spec: CycleSpec) -> CycleResult:
    """A block with the efficiencies as given, or by size."""
    chain = chain_of(spec, geared=spec.drive != "direct")
    around: Any
    if spec.power_basis == "shaft":
        pt = best_point(spec, spec.W_net_W)
        around = surroundings(spec, chain, pt) if pt.status == 0 else _STATUS[pt.status]
    else:
        pt, around = _for_net_power(spec, chain)
    if isinstance(around, Outcome):
        return failed(spec, around)
    r = assemble(spec, chain, pt, around.coolers, around.heater, active_bounds=active_bounds(spec, pt),
                 T_ambient_K=ambient(spec), cold=around.cold)  # fmt: skip
    if spec.condensing and spec.T_compressor_in_K < T_CRIT_K:
        r = _as_condensing(r)
    assert r.W_shaft_W is not None
    if spec.drive == "auto" and direct_drive_possible(
        r.components, r.states, r.W_shaft_W * chain.eta_mechanical
    ):
        return replace(_designed(replace(spec, drive="direct")), spec=spec)
    return r


def _as_condensing(r: CycleResult) -> CycleResult:
    """A condensing block with its checks, at the speed that its main compressor's wheel wants, and its mode."""
    s = r.states["main_compressor_inlet"]
    pump = next(c for c in r.components if c.name == "main_compressor").streams[0]
    flow = pump.m_dot_kg_s
    speed = own_best(duty("main_compressor", "compressor", flow, s, r.states[pump.outlet])).speed_rpm
    checks = condensing_checks(r.spec.cold_end or ColdEndSpec(kind="condensing"), s.T_K, s.p_Pa, flow, speed)
    condenses, T = saturation(s.p_Pa)[:2]
    mode = (
        f"condensing at {T:.1f} K" if condenses else "cooled to a dense fluid below the critical temperature"
    )
    return replace(r, checks=checks, cold_end_mode=f"{mode}: fans at full speed")
