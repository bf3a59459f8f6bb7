"""The best point of a plant: least heat for a load, greatest power, greatest power from given heat.

Heat over low pressure has two valleys where the air is cold enough to hold the least inlet temperature: a narrow one at the
pseudo-critical pressure of that temperature, and one above; both are sought and the lower one taken. The fan speed is sought
around it: fewer fans are worth their power when the block is far below its rating.
"""

from __future__ import annotations

from collections.abc import Callable

from .fluid import p_pseudocritical_Pa
from .limits import charge_limit, map_limit
from .plant import Plant, Point
from .search import minimise

VALLEY_REACH_K = 8.0  # air this much colder than the least compressor inlet can hold it
VALLEY_APART_PA = 3e5  # starts nearer than this fall into the same valley
FAN_STEPS = (0.85, 0.7, 0.55, 0.4)


def greatest(plant: Plant) -> Point | None:
    """The point of greatest net power at this ambient: high pressure at its limit, or as near to it as the machines
    allow; low pressure sought."""
    for share in (1.0, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5):
        pt = _greatest_at(plant, share * plant.p_high_max)
        if pt is not None:
            return pt
    return None


def _greatest_at(plant: Plant, p_high: float) -> Point | None:
    found: dict[float, Point] = {}

    def loss(p_low: float) -> float:
        pt = plant.at(p_low, p_high, tol=1e-5)
        if pt is None or map_limit(plant, pt) or charge_limit(plant, pt):
            return 1.0 if pt is None else 0.5 - pt.W_net / plant.W_rated * 0.1
        found[p_low] = pt
        return -pt.W_net / plant.W_rated

    lo, hi = plant.p_low_bounds()
    p_low = minimise(loss, plant.p_low_guess(), 2.5e5, lo, hi)
    return plant.at(p_low, p_high, exact=True, tol=1e-9) if p_low in found else None


def least_heat(plant: Plant, W: float, near: Point, p_high: float) -> Point | None:
    """The point that gives W [W] net for least heat, sought from a near point's low pressure and a high pressure [Pa]."""
    near = _walk(plant, near, W)
    p_high = min(p_high, near.p_high) if near.W_net < 1.4 * W else p_high
    best = _over_fans(plant, lambda fan, start, p: _valley(plant, W, fan, start, p), near, p_high)
    if best is None:
        return None
    _cost, p_low, p_guess, fan = best
    return plant.at_load(p_low, W, p_guess, fan=fan, exact=True, tol=1e-9)


def _walk(plant: Plant, near: Point, W: float) -> Point:
    """A point not far above a net power [W], reached in steps at the low pressure of a near one."""
    for _ in range(12):
        if 0.7 * near.W_net < W:
            break
        pt = plant.at_load(near.p_low, max(W, 0.75 * near.W_net), 0.86 * near.p_high, fan=near.fan, tol=1e-2)
        if pt is None or map_limit(plant, pt) or pt.W_net > 0.97 * near.W_net:
            break
        near = pt
    return near


Found = tuple[float, float, float]  # cost, low pressure, high pressure


def _over_fans(plant: Plant, at_fan: Callable[[float, float, float], Found], near: Point, p_high: float
               ) -> tuple[float, float, float, float] | None:  # fmt: skip
    """(cost, low pressure, high pressure, fan) of the best fan speed: from full speed down while it pays, then between."""
    tried: dict[float, Found] = {1.0: min(at_fan(1.0, s, p_high) for s in _starts(plant, near))}
    if tried[1.0][0] >= 1e3:
        return None
    if plant.control.fan == "optimise":
        _cost, p_low, p = tried[1.0]
        for fan in FAN_STEPS:
            tried[fan] = at_fan(fan, p_low, p)
            if tried[fan][0] >= min(v[0] for k, v in tried.items() if k != fan):
                break
            p_low, p = tried[fan][1:]
        x = _vertex(tried)
        if x is not None:
            tried[x] = at_fan(x, *min(tried.values())[1:])
    fan = min(tried, key=lambda k: tried[k][0])
    return (*tried[fan], fan)


def _vertex(tried: dict[float, Found]) -> float | None:
    """Fan speed at the vertex of the parabola through the best speed and its neighbours; None at an end."""
    xs = sorted(tried)
    i = min(range(len(xs)), key=lambda k: tried[xs[k]][0])
    if i in (0, len(xs) - 1):
        return None
    (a, b, c), (fa, fb, fc) = xs[i - 1 : i + 2], (tried[x][0] for x in xs[i - 1 : i + 2])
    u, v = (b - a) * (fb - fc), (b - c) * (fb - fa)
    return None if u == v else min(max(b - 0.5 * ((b - a) * u - (b - c) * v) / (u - v), a), c)


def _starts(plant: Plant, near: Point) -> list[float]:
    starts, valley = [near.p_low], p_pseudocritical_Pa(plant.air.T_min)
    cold = plant.T_amb < plant.air.T_min - VALLEY_REACH_K
    if cold and near.p_low > valley + VALLEY_APART_PA:
        starts.append(valley)
    return starts


def _valley(plant: Plant, W: float, fan: float, start: float, p_high: float) -> Found:
    """Least heat per net power over low pressure [Pa] from a start, at a fan speed."""
    last = [p_high]

    def cost(p_low: float) -> float:
        pt = plant.at_load(p_low, W, last[0], fan=fan)
        if pt is None:
            return 1e3
        last[0] = pt.p_high
        short = max(0.0, 1.0 - pt.W_net / W - 1e-4)
        broken = map_limit(plant, pt) or charge_limit(plant, pt)
        return pt.Q / pt.W_net + 50.0 * short + (10.0 if broken else 0.0)

    lo, hi = plant.p_low_bounds()
    best = minimise(cost, start, 1.5e5, lo, hi)
    return cost(best), best, last[0]


def floor(plant: Plant, past: tuple[float, float], good: Point) -> Point:
    """The last point between a good one and pressures (low, high) [Pa] past a limit, by bisection."""
    for _ in range(14):
        p_low, p_high = 0.5 * (past[0] + good.p_low), 0.5 * (past[1] + good.p_high)
        pt = plant.at(p_low, p_high, fan=good.fan, exact=True, tol=1e-9)
        if pt is None or map_limit(plant, pt) or charge_limit(plant, pt) or pt.W_net <= 0.0:
            past = (p_low, p_high)
        else:
            good = pt
        if abs(good.p_high - past[1]) < 2e-3 * plant.p_high_max:
            break
    return good


def between(plant: Plant, low: Point, high: Point, W: float) -> Point | None:
    """The point of net power W [W] on the line in pressures and fan speed from a lower point to a higher one; None where
    a limit lies between."""

    def at(t: float, exact: bool) -> Point | None:
        return plant.at(low.p_low + t * (high.p_low - low.p_low), low.p_high + t * (high.p_high - low.p_high),
                        fan=low.fan + t * (high.fan - low.fan), exact=exact, tol=1e-10 if exact else 1e-7)  # fmt: skip

    a, b, fa, fb = 0.0, 1.0, low.W_net - W, high.W_net - W
    pt = None
    for k in range(40):
        t = a - fa * (b - a) / (fb - fa) if k % 3 < 2 and fb != fa else 0.5 * (a + b)
        pt = at(t, exact=b - a < 1e-3 or k > 3)
        if pt is None or map_limit(plant, pt) or charge_limit(plant, pt):
            return None
        e = pt.W_net - W
        if abs(e) < 1e-9 * W:
            return pt
        a, b, fa, fb = (t, b, e, fb) if e < 0.0 else (a, t, fa, e)
    return pt if pt is not None and abs(pt.W_net / W - 1.0) < 1e-7 else None
