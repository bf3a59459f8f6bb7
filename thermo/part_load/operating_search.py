"""The best point of a plant: least heat for a load, or greatest power.

Two things can be chosen: the compressor inlet temperature, held by the fans' speed (as far as they reach), and the low
pressure. The best low pressure lies near the pseudo-critical pressure of the inlet temperature, in a narrow valley, so it is
sought as a multiple of that; the inlet temperature along the valley, where colder costs fan power and warmer costs work.
Where the air is cold enough to hold the least inlet temperature there is a second valley at higher pressure: both count.

Every search starts from the design point, so an answer does not depend on what was asked before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from thermo.co2.fluid import T_CRIT_K, p_pseudocritical_Pa
from thermo.part_load.limits import DENSE_PA, SLACK, firing_least, limit, turndown, violation
from thermo.part_load.plant import Plant, Point
from thermo.part_load.search import minimise

STEP_K, STEP_P = 2.0, 0.006  # first steps of the inlet temperature [K] and of the low pressure [relative]
COLD_K = 8.0  # air this much colder than the least compressor inlet can hold it at any pressure
FAR, SHORT = 5.0, 50.0  # cost of breaking a limit, of missing the load, per relative distance
NO_POINT = 1e4
STARTS = (1.0, 1.05, 0.96, 1.12, 1.25, 1.4)


@dataclass
class Best:
    """The best point so far: what it breaks, its cost, the held inlet temperature [K], the point."""

    broken: float
    cost: float
    T_hold: float
    point: Point

    @property
    def ok(self) -> bool:
        """Within all limits."""
        return self.broken == 0.0

    @property
    def total(self) -> float:
        """Cost with what is broken."""
        return self.broken + self.cost


Evaluated = tuple[float, float, Point | None]  # cost, cost of what is broken or missed, point
Evaluate = Callable[[float, float], Evaluated]


class _Search:
    """Costs over (low pressure, held temperature), each evaluated once, and the best of them."""

    def __init__(self, plant: Plant, evaluate: Evaluate) -> None:
        self.plant, self.evaluate = plant, evaluate
        self.best: Best | None = None
        self.known: dict[tuple[float, float], float] = {}

    def cost(self, p_low: float, T_hold: float) -> float:
        if (p_low, T_hold) in self.known:
            return self.known[p_low, T_hold]
        value, broken, pt = self.evaluate(p_low, T_hold)
        broken = broken if broken > FAR * SLACK else 0.0
        if pt is not None and (self.best is None or (broken, value) < (self.best.broken, self.best.cost)):
            self.best = Best(broken, value, T_hold, pt)
        self.known[p_low, T_hold] = value + broken
        return value + broken

    def along_pressure(self, T_hold: float, p_low: float, step: float, most: int = 9) -> float:
        """Low pressure [Pa] of least cost at a held temperature."""
        lo, hi = self.plant.p_low_bounds()
        return minimise(lambda x: self.cost(x, T_hold), p_low, step * p_low, lo, hi, most=most)


def best_of(
    plant: Plant, evaluate: Evaluate, T_start: float, p_start: float, *, pressure: bool = True
) -> Best | None:
    """Search: first the low pressure at the coldest inlet that the fans reach, then along the valley. `pressure` False: the
    low pressure is not free; `evaluate` finds it, from the one that it is given."""
    s, T_min = _Search(plant, evaluate), plant.air.T_min
    for share in STARTS:
        if s.cost(share * p_start, T_start) < NO_POINT:
            break
    if s.best is None:
        return None
    if pressure:
        s.along_pressure(T_start, s.best.point.p_low, 2.0 * STEP_P)
        valley = valley_Pa(T_min)
        if T_min - COLD_K > plant.air.T and abs(s.best.point.p_low / valley - 1.0) > 0.04:
            s.along_pressure(T_min, valley, STEP_P)
    if plant.control.fan == "optimise":
        _along_valley(s, pressure)
    return s.best


def _along_valley(s: _Search, pressure: bool) -> None:
    """Least cost over the held inlet temperature, with the low pressure following."""
    assert s.best is not None
    T0 = max(s.best.point.inputs.T_mc_in, s.plant.air.T_min)
    ratio = s.best.point.p_low / valley_Pa(T0)

    def at(T: float) -> float:
        nonlocal ratio
        assert s.best is not None
        best, p = s.best.total, ratio * valley_Pa(T)
        first = s.cost(p, T)
        if (
            not pressure or first > best + 0.004 * abs(best) + 0.01
        ):  # more than the low pressure can make good
            return first
        p = s.along_pressure(T, p, 0.5 * STEP_P, most=4)
        ratio = p / valley_Pa(T)
        return s.cost(p, T)

    minimise(at, T0, STEP_K, s.plant.air.T_min, T0 + 40.0, gain=1e-5, most=3)


def valley_Pa(T_K: float) -> float:
    """Low pressure [Pa] beside which the best one lies: pseudo-critical; below the critical temperature the least in one
    phase."""
    return p_pseudocritical_Pa(T_K) if T_K > T_CRIT_K else DENSE_PA


def start_of(plant: Plant, W: float) -> tuple[float, float]:
    """(held inlet temperature [K], low pressure [Pa]) from which to seek."""
    c, air = plant.hw.c, plant.air
    approach = (c.T_mc_in - plant.r.coolers[0].T_air_in_K) * min(1.0, W / plant.W_rated) ** 0.6
    expected = max(air.T_min, air.T + approach)
    ratio = c.p_mc_in / valley_Pa(c.T_mc_in)
    # where the inlet may be colder than the critical point the best is seldom there: start above it
    T_start = max(air.T_min, T_CRIT_K + 1.0) if plant.control.fan == "optimise" else air.T_min
    return T_start, ratio * valley_Pa(expected)


def least_heat(plant: Plant, W: float) -> Point | None:
    """The point that gives W [W] net for least heat; None where that is not reached within the limits."""
    plant.warm = plant.home.copy()

    def evaluate(p_low: float, T_hold: float) -> Evaluated:
        pt = plant.at(p_low, W=W, T_min=T_hold)
        if pt is None:
            return NO_POINT, 0.0, None
        miss = max(0.0, abs(pt.W_net / W - 1.0) - 1e-5)
        return pt.Q / W, FAR * violation(plant, pt) + SHORT * miss, pt

    best = best_of(plant, evaluate, *start_of(plant, W))
    if best is None or not best.ok:
        return None
    pt = plant.final(best.point.p_low, W=W, T_min=best.T_hold)
    if pt is None or abs(pt.W_net / W - 1.0) > 1e-8 or violation(plant, pt) > SLACK:
        return None
    return pt


def greatest(plant: Plant) -> Point | None:
    """The point of greatest net power at this ambient: high pressure or shaft speed at its limit."""
    plant.warm = plant.home.copy()
    fastest = plant.control.speed_max_frac

    def at(p_low: float, T_hold: float, **how: bool) -> Point | None:
        solve = plant.final if how else plant.at
        pt = solve(p_low, p_high=plant.p_high_max, T_min=T_hold)
        if pt is not None and pt.run.speed > fastest:
            pt = solve(p_low, speed=fastest, T_min=T_hold)
        return pt

    def evaluate(p_low: float, T_hold: float) -> Evaluated:
        pt = at(p_low, T_hold)
        if pt is None:
            return NO_POINT, 0.0, None
        return -pt.W_net / plant.W_rated, FAR * violation(plant, pt), pt

    best = best_of(plant, evaluate, *start_of(plant, plant.W_rated))
    if best is None or not best.ok:
        return None
    return at(best.point.p_low, best.T_hold, final=True)


def lowest(plant: Plant, top: Point, solve: Callable[[float], Point | None]) -> tuple[Point, str]:
    """The point of least net power, and what limits it: the burner's turndown, or what the machines can follow. `solve`
    answers the point of a net power [W], or None."""
    good, lo, words = top, 0.0, "the turbine no longer carries the compressors"
    least = firing_least(plant)
    W = 0.15 * plant.W_rated if least > 0.0 else 0.02 * plant.W_rated
    for _ in range(12):
        pt = solve(W)
        if pt is None:
            lo = W
        elif turndown(plant, pt):
            words = turndown(plant, pt)
            found = _at_firing(plant, pt, good.W_net)
            if found is not None:
                return found, words
            lo = W
        elif lo == 0.0 and least == 0.0:
            return pt, "no load below this is asked of it"
        else:
            good = pt
        W = 0.5 * (lo + good.W_net) if lo > 0.0 else 0.5 * W
        if good.W_net - lo < 2e-3 * plant.W_rated:
            break
    return good, words


def _at_firing(plant: Plant, low: Point, W_most: float) -> Point | None:
    """The point of least firing, from one below it: net power by secant at its low pressure and inlet temperature."""
    rated, least = plant.r.heater, firing_least(plant)
    assert rated is not None
    assert low.heater is not None
    W, x, pt = low.W_net, low.heater.Q_fuel_LHV_W / rated.Q_fuel_LHV_W, None
    W_old, x_old = 0.0, 0.0
    for k in range(12):
        slope = 1.0 / plant.W_rated if k == 0 else (x - x_old) / (W - W_old)
        W_old, x_old = W, x
        W = min(W + (least * (1.0 + 1e-8) - x) / max(slope, 0.3 / plant.W_rated), W_most)
        pt = plant.final(low.p_low, W=W, T_min=low.inputs.T_mc_in)
        if pt is None or pt.heater is None:
            return None
        x = pt.heater.Q_fuel_LHV_W / rated.Q_fuel_LHV_W
        if 0.0 <= x - least < 1e-7:
            return pt
    return pt if pt is not None and not limit(plant, pt) else None


def between(plant: Plant, low: Point, high: Point, W: float) -> Point | None:
    """The point of net power W [W] with low pressure and inlet temperature between those of two points; None where a limit
    lies between."""
    for share in ((W - low.W_net) / (high.W_net - low.W_net), 0.0, 0.2, 0.5, 1.0):
        p_low = low.p_low + share * (high.p_low - low.p_low)
        T = low.inputs.T_mc_in + share * (high.inputs.T_mc_in - low.inputs.T_mc_in)
        pt = plant.final(p_low, W=W, T_min=T)
        if pt is not None and abs(pt.W_net / W - 1.0) < 1e-8 and not limit(plant, pt):
            return pt
    return None
