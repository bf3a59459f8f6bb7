"""What a power block takes and gives: heat curve, greatest output by hour, and its convex relaxation.

Everything is per unit of rated output and rated heat: y = output / rated output, h = heat / rated heat.
With ``efficiency`` the curve is h = y. With ``heat_curve`` it is piecewise linear between the given points
and continues its last segment beyond them. In hour t the heat for an output is the curve times heat_factor[t].
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sizing.inputs import Array, BlockType


def is_line(block: BlockType) -> bool:
    """True when heat is proportional to output at any load, so the number of units on does not matter."""
    return block.heat_curve is None


def curve(block: BlockType, y_top: float = 1.0) -> tuple[Array, Array]:
    """Points (y, h) of one unit from its lowest load up to at least ``y_top``."""
    if block.heat_curve is None:
        return np.array([0.0, max(1.0, y_top)]), np.array([0.0, max(1.0, y_top)])
    y, h = np.array(block.heat_curve).T
    if y_top > y[-1]:
        slope = (h[-1] - h[-2]) / (y[-1] - y[-2])
        y, h = np.append(y, y_top), np.append(h, h[-1] + slope * (y_top - y[-1]))
    low = max(float(y[0]), block.min_load)
    above = y > low
    return np.append(low, y[above]), np.append(np.interp(low, y, h), h[above])


def greatest_output_MW(block: BlockType, n_steps: int) -> Array:
    """Greatest output of one unit in each step [MW]: the least of its output limit and its heat limit.

    P_max = P_rated · min(output_factor, h⁻¹(capacity_factor / heat_factor)); 0 where the heat allowed
    does not reach the lowest load.
    """
    of = np.full(n_steps, np.inf) if block.output_factor is None else block.output_factor
    if block.capacity_factor is None and block.output_factor is not None:
        return np.asarray(block.output_MW * of)
    cf = np.ones(n_steps) if block.capacity_factor is None else block.capacity_factor
    allowed = cf / (1.0 if block.heat_factor is None else block.heat_factor)
    y, h = curve(block, 3.0 if block.heat_curve is None else 4.0)
    reach = np.where(allowed >= h[0] - 1e-12, np.interp(allowed, h, y), 0.0)
    return np.asarray(block.output_MW * np.minimum(of, reach))


def heat_MWth(block: BlockType, output_MW: Array, units_on: NDArray[Any]) -> Array:
    """Heat that ``units_on`` identical units sharing an output equally take, at heat_factor 1 [MWth].

    Q = n · Q_rated · h(max(P / (n · P_rated), lowest load)); 0 with no unit on.
    """
    n = np.maximum(units_on, 1)
    share = np.asarray(output_MW) / (n * block.output_MW)
    y, h = curve(block, max(1.0, float(np.max(share, initial=1.0))))
    return np.where(units_on > 0, n * block.module_MWth * np.interp(share, y, h), 0.0)


def _lower_hull(y: Array, h: Array) -> tuple[Array, Array]:
    """Lower convex hull of points sorted by y (monotone chain)."""
    keep: list[int] = []
    for i in range(len(y)):
        while len(keep) >= 2:
            a, b = keep[-2], keep[-1]
            if (h[b] - h[a]) * (y[i] - y[a]) < (h[i] - h[a]) * (y[b] - y[a]) - 1e-15:
                break
            keep.pop()
        keep.append(i)
    return y[keep], h[keep]


def _pieces(y: Array, h: Array) -> tuple[tuple[float, float, float], ...]:
    y, h = _lower_hull(y, h)
    slopes = np.diff(h) / np.diff(y)
    starts = h[:-1] - slopes * y[:-1]
    return tuple((float(s), float(c), float(w)) for s, c, w in zip(slopes, starts, np.diff(y), strict=True))


def relaxed_pieces(block: BlockType, y_top: float = 1.0) -> tuple[tuple[float, float, float], ...]:
    """Heat of a *fleet* when any share of a unit may be on: (slope, intercept, width) with rising slopes.

    The convex hull of the curve and the origin: with n units installed, n_on ∈ [0, n] drops out, and
    Q ≥ Q_rated · (slope · P / P_rated + intercept · n) for every piece. The first piece runs through
    zero at the best heat rate.
    """
    y, h = curve(block, y_top)
    if y[0] > 0:
        y, h = np.append(0.0, y), np.append(0.0, h)
    elif h[0] > 0:
        h = np.append(0.0, h[1:])
    return _pieces(y, h)


def committed_pieces(block: BlockType, y_top: float = 1.0) -> tuple[tuple[float, float, float], ...]:
    """Heat of n_on units on: Q ≥ Q_rated · (slope · P / P_rated + intercept · n_on), flat below lowest load."""
    y, h = curve(block, y_top)
    if y[0] > 0:
        y, h = np.append(0.0, y), np.append(h[0], h)
    return _pieces(y, h)


def best_heat_rate(block: BlockType, y_top: float = 1.0) -> float:
    """Least heat per output over all loads, at heat_factor 1 [MWth/MW]."""
    return relaxed_pieces(block, y_top)[0][0] * block.module_MWth / block.output_MW
