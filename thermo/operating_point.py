"""Part load and other weather: `off_design` of a designed block, default control.

Default control: turbine inlet temperature held; the high pressure slides with the flow that the load needs; the
low pressure is chosen (inventory) for least heat; shaft speed free; the fans run at full speed until the
compressor inlet would fall below `min_compressor_in_K`, then slower (winter control).

At design ambient and load the set point is the design's own low pressure: with the high pressure at its limit that
is where least heat lies too (a fixed p_low_Pa of the spec is kept there, and nowhere else).

A load out of reach is answered with the greatest reachable power, outcome LIMITED and the reason.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .block import assemble, failed, isentropic_head
from .cooler import N_SEGMENTS, CoolerResult, air_density, co2_profile
from .defaults import default
from .design_point import heat_per_kg, work_per_kg
from .electrical import Chain, chain_of, electrical
from .fluid import p_pseudocritical_Pa
from .heat_source import FiredHeaterResult, fired_heater
from .layouts.parts import HTR_HP, LTR_HP, LTR_LP, MC_IN, SOLVED, STATE_NAMES, T_IN, Inputs
from .operation import Air, Hardware, mean_densities, operate
from .outcome import Outcome
from .result import CycleResult
from .search import minimise
from .turbomachinery import H_, RHO_, T_

_COARSE = 8  # segments while the low pressure is sought; the answer is solved with the design's
VALLEY_REACH_K = 8.0  # air this much colder than the least compressor inlet can hold it
VALLEY_APART_PA = 3e5  # starts nearer than this fall into the same valley
P_HIGH_MIN_FRAC = (
    0.4  # lowest high pressure, as a share of the design's: the turbine still runs well above p_low
)


@dataclass
class Point:
    """A solved operating point with its surroundings."""

    p_low: float
    p_high: float
    inputs: Inputs
    m: float
    T8: float
    T9: float
    st: np.ndarray
    hx: np.ndarray
    fan: float
    speed: float
    phi_c: float
    phi_r: float
    Q: float
    W_shaft: float
    W_net: float
    heater: FiredHeaterResult | None


def state_table(r: CycleResult) -> np.ndarray:
    """The result's states as the kernel's table."""
    st = np.zeros((10, 5))
    for name, s in r.states.items():
        st[STATE_NAMES.index(name)] = (s.T_K, s.p_Pa, s.h_J_kg, s.s_J_kgK, s.rho_kg_m3)
    return st


def hardware(r: CycleResult) -> Hardware:
    """What the design fixed, in the kernel's form."""
    st, c = state_table(r), r.inputs
    assert c is not None
    assert r.m_dot_kg_s is not None
    assert r.cooler is not None
    simple = int(r.layout_used == "simple_recuperated")
    C_s = float(np.sqrt(2.0 * isentropic_head(st[T_IN], c.p_turbine_out)))
    dp = np.array([
        c.p_mc_out - c.p_ltr_hp, c.p_ltr_hp - c.p_htr_hp, c.p_htr_hp - c.p_turbine_in,
        c.p_turbine_out - c.p_htr_lp, c.p_htr_lp - c.p_ltr_lp, c.p_ltr_lp - c.p_mc_in,
    ])  # fmt: skip
    return Hardware(
        r.m_dot_kg_s, c.f, simple, float(r.m_dot_kg_s / (st[T_IN, RHO_] * C_s)), C_s,
        isentropic_head(st[MC_IN], c.p_mc_out), float(st[MC_IN, RHO_]), float(st[LTR_LP, RHO_]), c.eta_t, c.eta_c,
        c.eta_r, float(r.UA_ltr_W_K or 0.0), float(r.UA_htr_W_K or 0.0), r.cooler.UA_W_K, dp,
        mean_densities(st, simple), c.T_turbine_in, c.n, c.model, default("turbine_nu_design"),
        default("compressor_phi_design"), default("compressor_phi_surge"), default("compressor_phi_max"),
        default("recuperator_exponent"), default("cooler_air_side_resistance"), default("cooler_air_exponent"),
    )  # fmt: skip


class Plant:
    """A designed block ready to be operated at one ambient temperature: holds hardware and warm starts."""

    def __init__(self, r: CycleResult, T_ambient_K: float) -> None:
        assert r.cooler is not None
        assert r.W_shaft_W is not None
        assert r.W_net_W is not None
        assert r.inputs is not None
        self.r, self.T_amb, self.hw = r, T_ambient_K, hardware(r)
        self.chain: Chain = chain_of(r.spec, geared=any(m.name == "gearbox" for m in r.machines))
        self.W_rated, self.W_shaft_rated = r.W_net_W, r.W_shaft_W
        self.rho_air = air_density(r.spec.p_ambient_Pa, T_ambient_K)
        ratio = self.rho_air / r.cooler.rho_air_kg_m3
        C_full = r.cooler.m_dot_air_kg_s * default("air_cp_J_kgK") * ratio
        T_min = min(r.spec.min_compressor_in_K, r.inputs.T_mc_in)
        self.air = Air(T_ambient_K, C_full, ratio, T_min)
        self.p_high_max = r.inputs.p_mc_out * (r.spec.p_high_max_frac or default("p_high_max_frac"))
        self.jac = np.zeros(4)
        self.slope = 0.0  # of net power over high pressure [W/Pa], from the last search
        self.last_ok: Point | None = None
        self.floor: Point | None = None
        self.floor_words = ""
        self.m_scale = self.hw.m / r.inputs.p_mc_out
        st = state_table(r)
        self.start = (max(T_min, r.inputs.T_mc_in + T_ambient_K - r.cooler.T_air_in_K), float(st[7, T_]),
                      float(st[LTR_LP, T_]), self.hw.rho)  # fmt: skip

    def at(self, p_low: float, p_high: float, n: int, tol: float) -> Point | None:
        """The point at two pressures, None where the hardware has no answer there."""
        hw = self.hw
        s, c, m, T8, T9, st, hx, fan, speed, phi_c, phi_r = operate(
            hw, self.air, p_low, p_high, n, tol, self.m_scale * p_high, *self.start, self.jac
        )
        if s != SOLVED:
            return None
        self.start, self.m_scale = (c.T_mc_in, T8, T9, mean_densities(st, hw.simple)), m / p_high
        Q, W = m * heat_per_kg(st, bool(hw.simple)), m * work_per_kg(st, hw.f, bool(hw.simple))
        heater = self._heater(Q, float(st[LTR_HP if hw.simple else HTR_HP, T_]))
        blower = heater.W_blower_W if heater else 0.0
        e = electrical(self.chain, W, self.W_shaft_rated, self.fan_power(fan), blower)
        return Point(p_low, p_high, c, m, T8, T9, st, hx, fan, speed, phi_c, phi_r, Q, W, e.W_net_W, heater)

    def fan_power(self, speed: float) -> float:
        """Fan power [W]: pressure ~ speed^2 density, so power ~ speed^3 density."""
        assert self.r.cooler is not None
        return self.r.cooler.W_fan_W * speed**3 * self.rho_air / self.r.cooler.rho_air_kg_m3

    def _heater(self, Q: float, T_return: float) -> FiredHeaterResult | None:
        """The heater with its coils' UA ~ flue^0.6: the flue approach that fits, by secant."""
        d, spec = self.r.heater, self.r.spec
        if d is None or spec.fired_heater is None:
            return None
        approach, old, e_old, h = d.T_flue_exit_K - d.T_return_K, 0.0, 0.0, None
        for k in range(30):
            flow = (h.m_dot_flue_kg_s if h else d.m_dot_flue_kg_s * Q / d.Q_heater_W) / d.m_dot_flue_kg_s
            h = fired_heater(spec.fired_heater, Q, T_return, spec.T_turbine_in_K, self.T_amb, spec.p_ambient_Pa,
                             approach, flow**2)  # fmt: skip
            if h is None:
                return None
            e = np.log(h.UA_coils_W_K / d.UA_coils_W_K) - default("heater_exponent") * np.log(
                h.m_dot_flue_kg_s / d.m_dot_flue_kg_s
            )
            if abs(e) < 1e-10 or e == e_old:
                return h
            new = approach * (1.0 + 1.5 * e) if k == 0 else approach - e * (approach - old) / (e - e_old)
            old, e_old, approach = approach, e, float(min(max(new, 1.0), 3.0 * approach))
        return h

    def at_load(self, p_low: float, W: float, p_guess: float, n: int, tol: float) -> Point | None:
        """The point of this low pressure that gives W [W] net; at the pressure limits where they come first."""
        lo, hi = P_HIGH_MIN_FRAC * self.hw_p_high, self.p_high_max
        p, old, e_old, best = min(max(p_guess, lo), hi), 0.0, 0.0, None
        for k in range(14):
            pt = self.at(p_low, p, n, min(tol, 1e-6))
            if pt is None:
                return best
            best, e = pt, pt.W_net / W - 1.0
            if abs(e) < tol or (p >= hi and e < 0.0) or (p <= lo and e > 0.0):
                break
            if k > 0 and p != old:
                self.slope = (e - e_old) / (p - old) * W
            slope = self.slope / W if self.slope > 0.0 else 1.6 * (1.0 + e) / p
            old, e_old = p, e
            p = min(max(p - e / slope if slope > 0.0 else p * 1.02, lo, 0.8 * p), hi, 1.25 * p)
        return best

    @property
    def hw_p_high(self) -> float:
        """Design high pressure [Pa]."""
        assert self.r.inputs is not None
        return self.r.inputs.p_mc_out

    def p_low_guess(self) -> float:
        """The design's low pressure moved along the pseudo-critical line to the expected inlet temperature [Pa]."""
        assert self.r.inputs is not None
        c = self.r.inputs
        return c.p_mc_in * p_pseudocritical_Pa(self.start[0]) / p_pseudocritical_Pa(c.T_mc_in)

    def p_low_bounds(self) -> tuple[float, float]:
        """Range in which the low pressure is sought [Pa]."""
        return 0.85 * p_pseudocritical_Pa(self.air.T_min), min(15e6, 0.6 * self.hw_p_high)


def greatest(plant: Plant) -> Point | None:
    """The point of greatest net power at this ambient: high pressure at its limit, or as near to it as the
    compressors' maps allow; low pressure sought."""
    for share in (1.0, 0.95, 0.9, 0.8, 0.7, 0.6):
        pt = _greatest_at(plant, share * plant.p_high_max)
        if pt is not None:
            return pt
    return None


def _greatest_at(plant: Plant, p_high: float) -> Point | None:
    found: dict[float, Point] = {}

    def loss(p_low: float) -> float:
        pt = plant.at(p_low, p_high, _COARSE, 1e-5)
        if pt is None or _map_limit(plant, pt):
            return 1.0 if pt is None else 0.5 - pt.W_net / plant.W_rated * 0.1
        found[p_low] = pt
        return -pt.W_net / plant.W_rated

    lo, hi = plant.p_low_bounds()
    p_low = minimise(loss, plant.p_low_guess(), 2.5e5, lo, hi)
    return plant.at(p_low, p_high, plant.hw.n, 1e-9) if p_low in found else None


def least_heat(plant: Plant, W: float, p_low: float, p_high: float) -> Point | None:
    """The point that gives W [W] net for least heat, sought from a near low and high pressure.

    Heat over low pressure has two valleys where the air is cold enough to hold the least inlet temperature: a narrow
    one at the pseudo-critical pressure of that temperature, and one above; both are sought and the lower one taken.
    """
    last = [p_high]

    def cost(x: float) -> float:
        pt = plant.at_load(x, W, last[0], _COARSE, 1e-4)
        if pt is None:
            return 1e3
        last[0] = pt.p_high
        short = max(0.0, 1.0 - pt.W_net / W - 1e-4)
        return pt.Q / pt.W_net + 50.0 * short + (10.0 if _map_limit(plant, pt) else 0.0)

    lo, hi = plant.p_low_bounds()
    starts = [p_low]
    valley = p_pseudocritical_Pa(plant.air.T_min)
    if plant.T_amb < plant.air.T_min - VALLEY_REACH_K and p_low > valley + VALLEY_APART_PA:
        starts.append(valley)
    found = []
    for start in starts:
        last[0] = p_high
        best = minimise(cost, start, 1.5e5, lo, hi)
        found.append((cost(best), best, last[0]))
    _, best, guess = min(found)
    return plant.at_load(best, W, guess, plant.hw.n, 1e-9)


def _map_limit(plant: Plant, pt: Point) -> str:
    """The compressor limit that a point breaks, in words, or nothing."""
    hw = plant.hw
    names = [("main compressor", pt.phi_c), *([] if hw.simple else [("recompressor", pt.phi_r)])]
    for name, phi in names:
        if phi < hw.phi_surge:
            return f"{name} in surge: flow coefficient {phi:.4f} under {hw.phi_surge}"
        if phi > hw.phi_max:
            return f"{name} choked: flow coefficient {phi:.4f} over {hw.phi_max}"
    return ""


def _result(plant: Plant, pt: Point, outcome: Outcome, explain: str) -> CycleResult:
    r, hw = plant.r, plant.hw
    assert r.cooler is not None
    assert r.inputs is not None
    Q = pt.m * (1.0 - hw.f) * (pt.st[LTR_LP, H_] - pt.st[MC_IN, H_])
    m_air = r.cooler.m_dot_air_kg_s * plant.air.ratio_full * pt.fan
    rise = Q / (m_air * default("air_cp_J_kgK"))
    share = default("cooler_air_side_resistance")
    ua = r.cooler.UA_W_K / (
        share * (pt.fan * plant.air.ratio_full) ** -default("cooler_air_exponent")
        + (1.0 - share) * (pt.m / hw.m) ** -hw.ua_exp
    )
    cooler = CoolerResult(
        float(Q), float(ua), float(m_air), plant.T_amb, float(plant.T_amb + rise), float(pt.st[MC_IN, T_] - plant.T_amb),
        plant.fan_power(pt.fan), float(pt.fan), plant.rho_air,
    )  # fmt: skip
    return assemble(
        r.spec, plant.chain, pt.inputs, pt.m, pt.st, pt.hx, cooler, pt.heater, bool(hw.simple), outcome=outcome,
        explain=explain, T_ambient_K=plant.T_amb, load=pt.W_net / plant.W_rated, W_shaft_rated=plant.W_shaft_rated,
        machines=r.machines, speed_frac=float(pt.speed), active_bounds=_active(plant, pt),
    )  # fmt: skip


def _cooler_pinch(pt: Point, T_amb: float, rise: float) -> float:
    T = np.empty(N_SEGMENTS + 1)
    co2_profile(N_SEGMENTS, pt.st[LTR_LP], pt.st[MC_IN], T)
    return float(np.min(T - T_amb - rise * np.linspace(1.0, 0.0, T.size)))


def _active(plant: Plant, pt: Point) -> tuple[str, ...]:
    words = []
    if pt.p_high >= plant.p_high_max * (1 - 1e-9):
        words.append(f"p_high_Pa at its limit {plant.p_high_max / 1e6:.2f} MPa")
    if pt.inputs.T_mc_in <= plant.air.T_min + 1e-9:
        words.append(f"compressor inlet held at {plant.air.T_min:.2f} K by slower fans")
    return tuple(words)


def operate_at(plant: Plant, load: float, top: Point | None, near: Point | None = None) -> CycleResult:
    """The result of one load on a plant; `top` is its greatest point, `near` a solved point to start from."""
    r = plant.r
    if top is None:
        return failed(r.spec, Outcome.NO_OPERATION, "", plant.T_amb, load)
    wanted = min(load, r.spec.W_net_max_frac) * plant.W_rated
    if wanted > top.W_net * (1.0 + 1e-9):
        words = (f"the greatest net power at {plant.T_amb:.1f} K is {top.W_net / 1e6:.3f} MW "
                 f"({top.W_net / plant.W_rated:.1%} of rated), with p_high_Pa at {top.p_high / 1e6:.2f} MPa and "
                 f"the compressor inlet at {top.inputs.T_mc_in:.1f} K")  # fmt: skip
        return _result(plant, top, Outcome.LIMITED, words)
    start = near or top
    if plant.floor is not None and wanted < plant.floor.W_net:
        return _at_floor(plant)
    guess = start.p_high * (wanted / start.W_net) ** 0.6
    pt = least_heat(plant, wanted, start.p_low, guess)
    if pt is None or _map_limit(plant, pt):
        past = (pt.p_low, pt.p_high) if pt else (start.p_low, P_HIGH_MIN_FRAC * plant.p_high_max)
        plant.floor = _floor(plant, past, start)
        plant.floor_words = _map_limit(plant, pt) if pt else "the turbine no longer carries the compressors"
        return _at_floor(plant)
    if abs(pt.W_net / wanted - 1.0) > 1e-6 and pt.p_high > P_HIGH_MIN_FRAC * plant.hw_p_high * (1.0 + 1e-9):
        # missed at its own low pressure; the greatest point's low pressure reaches at least as far
        pt = plant.at_load(top.p_low, wanted, top.p_high * (wanted / top.W_net) ** 0.6, plant.hw.n, 1e-9)
    if pt is None or abs(pt.W_net / wanted - 1.0) > 1e-6:
        if pt is None or pt.W_net < wanted or _map_limit(plant, pt):
            return failed(r.spec, Outcome.NOT_CONVERGED, "", plant.T_amb, load)
        plant.floor, plant.floor_words = pt, "the high pressure is at its lower limit"
        return _at_floor(plant)
    if load > r.spec.W_net_max_frac * (1.0 + 1e-12):
        words = f"generator and rectifier are rated for {r.spec.W_net_max_frac:.0%} of rated net power"
        return _result(plant, pt, Outcome.LIMITED, words)
    plant.last_ok = pt
    return _result(plant, pt, Outcome.OK, "")


def _at_floor(plant: Plant) -> CycleResult:
    assert plant.floor is not None
    share = plant.floor.W_net / plant.W_rated
    words = f"lowest load at this ambient, {share:.1%} of rated: below it {plant.floor_words}"
    return _result(plant, plant.floor, Outcome.LIMITED, words)


def _floor(plant: Plant, past: tuple[float, float], good: Point) -> Point:
    """The last point between a good one and pressures (low, high) [Pa] past a limit, by bisection."""
    for _ in range(12):
        p_low, p_high = 0.5 * (past[0] + good.p_low), 0.5 * (past[1] + good.p_high)
        pt = plant.at(p_low, p_high, plant.hw.n, 1e-9)
        if pt is None or _map_limit(plant, pt) or pt.W_net <= 0.0:
            past = (p_low, p_high)
        else:
            good = pt
        if abs(good.p_high - past[1]) < 2e-3 * plant.p_high_max:
            break
    return good


def off_design(r: CycleResult, *, T_ambient_K: float, load: float = 1.0) -> CycleResult:
    """Operate a designed block at an ambient temperature [K] and a load (W_net wanted over rated W_net).

    Returns a CycleResult; a load out of reach has outcome LIMITED and the greatest (or least) reachable power.
    """
    r.require_ok()
    problems = []
    if not 223.15 <= T_ambient_K <= 333.15:
        problems.append(f"T_ambient_K: {T_ambient_K:g} is out of range; allowed 223.15 to 333.15 K")
    if not 0.0 < load <= 2.0:
        problems.append(f"load: {load:g} is out of range; allowed above 0 to 2")
    if problems:
        raise ValueError("\n".join(problems))
    plant = Plant(r, float(T_ambient_K))
    return at_ambient(plant, [float(load)])[0]


def at_ambient(plant: Plant, loads: list[float]) -> list[CycleResult]:
    """Results of several loads at one ambient, from the greatest down, each started from the one before."""
    r = plant.r
    assert r.cooler is not None
    assert r.inputs is not None
    home = abs(plant.T_amb - r.cooler.T_air_in_K) < 1e-9
    design = plant.at(r.inputs.p_mc_in, r.inputs.p_mc_out, plant.hw.n, 1e-11) if home else None
    top = greatest(plant)
    if design is not None and (top is None or top.W_net < design.W_net):
        top = design
    done: dict[float, CycleResult] = {}
    near = None
    for load in sorted(set(loads), reverse=True):
        if design is not None and abs(min(load, r.spec.W_net_max_frac) - 1.0) < 1e-9:
            over = load > 1.0 + 1e-9
            words = f"generator and rectifier are rated for {r.spec.W_net_max_frac:.0%} of rated net power"
            done[load] = _result(
                plant, design, Outcome.LIMITED if over else Outcome.OK, words if over else ""
            )
            near = design
            continue
        done[load] = operate_at(plant, load, top, near)
        near = plant.last_ok or near
    return [done[x] for x in loads]
