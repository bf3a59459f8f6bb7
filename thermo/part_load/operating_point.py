"""Part load and other weather: `off_design` of a designed block under a `ControlSpec`.

Default control: turbine inlet temperature held; the high pressure slides with the flow that the load needs; the low
pressure (inventory) and the fan speed are chosen for least heat; shaft speed free within the rectifier's range; below
the least compressor inlet temperature the fans slow down (winter control).

At design ambient and load the set point is the design's own low pressure: with the high pressure at its limit that
is where least heat lies too (a fixed p_low_Pa of the spec is kept there, and nowhere else).

A load out of reach is answered with the greatest (or least) reachable power, outcome LIMITED and the reason.
"""

from __future__ import annotations

from thermo.checks import SpecError
from thermo.co2.fluid import T_CRIT_K
from thermo.cold_end.cooler import CoolerResult
from thermo.cold_end.operation import ColdEndPoint
from thermo.cold_end.running import Duty, running
from thermo.cycle.block import assemble, components_and_states, failed
from thermo.defaults import default
from thermo.outcome import Outcome
from thermo.part_load import heat_given, one_freedom
from thermo.part_load.control import ControlSpec
from thermo.part_load.exhaust import exhaust_mach
from thermo.part_load.limits import active, limit
from thermo.part_load.operating_search import between, greatest, least_heat, lowest
from thermo.part_load.plant import OutOfTimeError, Plant, Point
from thermo.result import CycleResult


def _result(plant: Plant, pt: Point, outcome: Outcome, explain: str) -> CycleResult:
    """The block at a solved point."""
    found = _cold_end(plant, pt)
    if isinstance(found, str):
        return failed(plant.r.spec, Outcome.NO_OPERATION, found, plant.T_amb, pt.W_net / plant.W_rated)
    coolers, cold = found
    return assemble(
        plant.r.spec, plant.chain, plant.solved(pt), coolers, pt.heater, outcome=outcome, explain=explain, cold=cold,
        T_ambient_K=plant.T_amb, load=pt.W_net / plant.W_rated, W_shaft_rated=plant.W_shaft_rated,
        rated=plant.r, speed_frac=float(pt.run.speed), active_bounds=active(plant, pt),
        recycle=(pt.run.recycle_c, pt.run.recycle_p), charge_kg=plant.charge(pt) if plant.tank else None,
        flow_over_surge=_coefficients(plant, pt), exhaust_mach=exhaust_mach(plant.exhausts, pt),
    )  # fmt: skip


def _coefficients(plant: Plant, pt: Point) -> dict[str, float]:
    """Flow coefficients of the compressors over the least that surge allows (without margin)."""
    surge = default("compressor_phi_surge")
    found = {"main_compressor": pt.run.phi_c / surge}
    if plant.layout.recompressor:
        found["recompressor"] = pt.run.phi_r / surge
    if plant.layout.precompressor:
        found["precompressor"] = pt.run.phi_p / surge
    return found


def _cold_end(plant: Plant, pt: Point) -> tuple[tuple[CoolerResult, ...], ColdEndPoint] | str:
    """The coolers and the cold end at a solved point: duties and states from the components."""
    components, states = components_and_states(plant.solved(pt), (pt.run.recycle_c, pt.run.recycle_p))
    rated = {c.name: c.streams[0].m_dot_kg_s for c in plant.r.components}
    parts = [c for name in ("cooler", "cooler_2") for c in components if c.name == name]
    return running(plant.cold, [
        Duty(states[s.inlet], states[s.outlet], s.m_dot_kg_s, rated[c.name], c.Q_W, float(fan))
        for c, s, fan in ((c, c.streams[0], f) for c, f in zip(parts, (pt.run.fan, pt.run.fan_2), strict=False))
    ])  # fmt: skip


def _rating_words(most: float) -> str:
    return f"generator and rectifier are rated for {most:.0%} of rated net power"


def _at_top(plant: Plant, top: Point) -> CycleResult:
    words = (f"the greatest net power at {plant.T_amb:.1f} K is {top.W_net / 1e6:.3f} MW "
             f"({top.W_net / plant.W_rated:.1%} of rated), with p_high_Pa at {top.p_high / 1e6:.2f} MPa and "
             f"the compressor inlet at {top.inputs.T_mc_in:.1f} K")  # fmt: skip
    wanted = plant.control.mode == "max_power"
    return _result(plant, top, Outcome.OK if wanted else Outcome.LIMITED, words)


def _least_heat(plant: Plant, W: float) -> Point | None:
    """The point of a load under the plant's control."""
    if not _bound(plant):
        return least_heat(plant, W)
    return None if one_freedom.is_set(plant) else one_freedom.for_load(plant, W)


def _bound(plant: Plant) -> bool:
    """Whether the control takes a freedom away: the speed, or the charge."""
    return plant.control.speed == "fixed" or plant.control.low_pressure == "fixed_charge"


def _top(plant: Plant) -> Point | None:
    """The greatest point of this ambient, sought once; at the design ambient at least the design's."""
    if not plant.top_known:
        plant.top, plant.top_known = one_freedom.greatest(plant) if _bound(plant) else greatest(plant), True
        design = _design_point(plant)
        if design is not None and (plant.top is None or plant.top.W_net < design.W_net):
            plant.top = design
    return plant.top


def _design_point(plant: Plant) -> Point | None:
    """The design as a point of the plant, where the ambient is the design's."""
    c = plant.hw.c
    if not plant.cold.home:
        return None
    plant.warm = plant.home.copy()
    return plant.final(c.p_mc_in, p_high=c.p_mc_out, exact=True)


def operate_at(plant: Plant, load: float) -> CycleResult:
    """The result of one load on a plant."""
    r, most = plant.r, plant.r.spec.W_net_max_frac
    wanted = min(load, most) * plant.W_rated
    words = _rating_words(most) if load > most * (1.0 + 1e-12) else ""
    outcome = Outcome.LIMITED if words else Outcome.OK
    pt = None
    if plant.control.mode == "load":
        pt = _design_point(plant) if abs(min(load, most) - 1.0) < 1e-9 else None
        pt = pt or _least_heat(plant, wanted)
        if pt is not None and not limit(plant, pt):
            return _result(plant, pt, outcome, words)
    top = _top(plant)
    if top is None:
        return failed(r.spec, Outcome.NO_OPERATION, "", plant.T_amb, load)
    if plant.control.mode == "max_power" or wanted > top.W_net * (1.0 - 1e-7):
        return _at_top(plant, top)
    if one_freedom.is_set(plant):
        return _result(plant, top, Outcome.LIMITED, "with speed and charge both fixed the load is not free: this is the "
                       f"power that results, {top.W_net / plant.W_rated:.1%} of rated")  # fmt: skip
    if plant.floor is None:
        plant.floor, plant.floor_words = lowest(plant, top, lambda W: _least_heat(plant, W))
    floor = plant.floor
    if wanted > floor.W_net * (1.0 + 1e-9):
        pt = between(plant, floor, top, wanted)
        if pt is None:
            return failed(r.spec, Outcome.NOT_CONVERGED, "", plant.T_amb, load)
        return _result(plant, pt, outcome, words)
    share = floor.W_net / plant.W_rated
    words = f"lowest load at this ambient, {share:.1%} of rated: below it {plant.floor_words}"
    return _result(plant, floor, Outcome.LIMITED, words)


def at_ambient(plant: Plant, loads: list[float]) -> list[CycleResult]:
    """Results of several loads at one ambient; none depends on which others are asked."""
    done: dict[float, CycleResult] = {}
    for load in loads:
        plant.restart_clock()
        if load not in done:
            try:
                done[load] = operate_at(plant, load)
            except OutOfTimeError:
                done[load] = failed(plant.r.spec, Outcome.TIME_LIMIT, "", plant.T_amb, load)
    return [done[x] for x in loads]


_compiled: list[bool] = []


def ready(r: CycleResult) -> None:
    """Compile, once a process, all that an operating point needs, so that no point's time is spent on it."""
    if not _compiled and r.T_ambient_K is not None:
        at_ambient(Plant(r, r.T_ambient_K, ControlSpec(time_limit_s=600.0)), [0.9])
        _compiled.append(True)


def off_design(
    r: CycleResult, *, T_ambient_K: float, load: float | None = None, T_heat_source_K: float | None = None,
    m_dot_heat_source_frac: float | None = None, control: ControlSpec | None = None,
    relative_humidity: float | None = None,
) -> CycleResult:  # fmt: skip
    """Operate a designed block at an ambient temperature [K].

    Parameters
    ----------
    r : CycleResult
        A design with an answer.
    T_ambient_K : float
        Air temperature [K].
    load : float, optional
        W_net wanted over rated W_net; default 1. Only with control modes load and max_power.
    T_heat_source_K, m_dot_heat_source_frac : float, optional
        Hot stream's inlet temperature [K] and flow over the design's. Only with control mode heat_given.
    control : ControlSpec, optional
        How it is run; default `ControlSpec()`.
    relative_humidity : float, optional
        Of the ambient air [-], for a wet or adiabatic cold end; default: the cold end's.

    Returns
    -------
    CycleResult
        A load out of reach has outcome LIMITED and the greatest (or least) reachable power. A condensing block has no
        model away from its design: NOT_MODELLED.

    Raises
    ------
    SpecError
        With every problem of the arguments.
    """
    r.require_ok()
    control = control or ControlSpec()
    given = control.mode == "heat_given"
    problems = _problems(T_ambient_K, load, T_heat_source_K, m_dot_heat_source_frac, given)
    problems += humidity_problems(relative_humidity)
    if problems:
        raise SpecError(problems)
    if not_modelled(r):
        return failed(r.spec, Outcome.NOT_MODELLED, not_modelled(r), float(T_ambient_K), load)
    ready(r)
    plant = Plant(r, float(T_ambient_K), control, relative_humidity)
    try:
        if given:
            pt = heat_given.greatest_from_heat(
                plant, float(T_heat_source_K or 0.0), float(m_dot_heat_source_frac or 1.0)
            )
            if pt is None:
                return failed(r.spec, Outcome.NO_OPERATION, "", float(T_ambient_K), load)
            return _result(plant, pt, Outcome.OK, "")
        return operate_at(plant, 1.0 if load is None else float(load))
    except OutOfTimeError:
        return failed(r.spec, Outcome.TIME_LIMIT, "", float(T_ambient_K), load)


def not_modelled(r: CycleResult) -> str:
    """Why a design cannot be operated away from its design point, in words, or nothing."""
    if not r.spec.condensing or r.spec.T_compressor_in_K >= T_CRIT_K:
        return ""
    return (
        "condensing operation away from design is not modelled: the map of a supercritical compressor does not hold for a "
        "liquid pump, nor the low pressure of the inventory for a condenser, whose pressure follows its air"
    )


def humidity_problems(relative_humidity: float | None) -> list[str]:
    """Problems of a relative humidity."""
    if relative_humidity is None or 0.0 <= relative_humidity <= 1.0:
        return []
    return [f"relative_humidity: {relative_humidity:g} is out of range; allowed 0 to 1"]


def _problems(
    T: float, load: float | None, T_heat: float | None, m_heat: float | None, given: bool
) -> list[str]:
    problems = []
    if not 223.15 <= T <= 333.15:
        problems.append(f"T_ambient_K: {T:g} is out of range; allowed 223.15 to 333.15 K")
    if load is not None and not 0.0 < load <= 2.0:
        problems.append(f"load: {load:g} is out of range; allowed above 0 to 2")
    if given and load is not None:
        problems.append("load: with control mode heat_given the heat is given; leave load out")
    if given and T_heat is None:
        problems.append(
            "T_heat_source_K: control mode heat_given needs the hot stream's inlet temperature [K]"
        )
    if not given and (T_heat is not None or m_heat is not None):
        problems.append(
            "T_heat_source_K: heat and load cannot both be given; use control mode heat_given without a load"
        )
    if T_heat is not None and not 500.0 <= T_heat <= 2300.0:
        problems.append(f"T_heat_source_K: {T_heat:g} is out of range; allowed 500 to 2300 K")
    if m_heat is not None and not 0.05 <= m_heat <= 1.5:
        problems.append(f"m_dot_heat_source_frac: {m_heat:g} is out of range; allowed 0.05 to 1.5")
    return problems
