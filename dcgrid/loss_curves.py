"""Loss curves of converters, evaluated all at once.

Loss / p_rated against output / p_rated of one module, interpolated as loss (not efficiency) by scipy's PCHIP,
which keeps a monotone table monotone. Below the first point the loss is held, above the last it goes on with
the end slope; both count as extrapolated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Curves are laid one after the other on one axis, this far apart (loads are checked to stay below it).
SPACING = 4096.0


@dataclass(frozen=True)
class CurveSet:
    """Piecewise cubics of several curves on one axis: curve k occupies [k, k+1) * SPACING."""

    start: Array
    x0: Array
    coefficients: Array
    x_first: Array
    x_last: Array

    def evaluate(self, curve: Ints, x: Array) -> tuple[Array, Array]:
        """Loss and its slope d loss / d x at module load `x` >= 0 of each curve number, both per p_rated."""
        inside = np.clip(x, self.x_first[curve], self.x_last[curve])
        piece = np.searchsorted(self.start, curve * SPACING + inside, side="right") - 1
        c3, c2, c1, c0 = self.coefficients[:, piece]
        d = inside - self.x0[piece]
        loss = ((c3 * d + c2) * d + c1) * d + c0
        slope = (3.0 * c3 * d + 2.0 * c2) * d + c1
        slope = np.where(x < self.x_first[curve], 0.0, slope)
        return loss + slope * (x - inside), slope

    def extrapolated(self, curve: Ints, x: Array) -> NDArray[np.bool_]:
        """True where the module load lies outside the curve's table."""
        margin = 1e-12 * np.maximum(1.0, x)
        return (x < self.x_first[curve] - margin) | (x > self.x_last[curve] + margin)


def _pieces(points: Sequence[Sequence[float]]) -> tuple[Array, Array]:
    from scipy.interpolate import PchipInterpolator

    table = np.asarray(points, dtype=float)
    x, y = table[:, 0], table[:, 1]
    if len(x) == 1:
        return np.array([x[0], x[0]]), np.array([[0.0], [0.0], [0.0], [y[0]]])
    return x, np.asarray(PchipInterpolator(x, y).c, dtype=float)


def build(curves: Sequence[Sequence[Sequence[float]]]) -> CurveSet:
    """Join the tables [[load, loss], ...] into one set; curve numbers follow the order given.

    Examples
    --------
    >>> s = build([[[0.0, 0.004], [0.5, 0.010], [1.0, 0.027]]])
    >>> loss, slope = s.evaluate(np.array([0]), np.array([0.5]))
    >>> float(loss[0])
    0.01
    """
    start, x0, coefficients, first, last = [], [], [], [], []
    for k, points in enumerate(curves):
        x, c = _pieces(points)
        start += [k * SPACING + v for v in x[:-1]]
        x0 += list(x[:-1])
        coefficients.append(c)
        first.append(x[0])
        last.append(x[-1])
    joined = np.concatenate(coefficients, axis=1) if coefficients else np.zeros((4, 0))
    return CurveSet(np.array(start), np.array(x0), joined, np.array(first), np.array(last))


def from_efficiency(
    points: Sequence[tuple[float, float]], zero_load_loss: float | None = None
) -> list[list[float]]:
    """Loss curve from (load, efficiency) points: loss = load (1/eta - 1), per p_rated.

    Examples
    --------
    >>> from_efficiency([(0.5, 0.98), (1.0, 0.97)], zero_load_loss=0.004)
    [[0.0, 0.004], [0.5, 0.010204], [1.0, 0.030928]]
    """
    head = [] if zero_load_loss is None else [[0.0, zero_load_loss]]
    return head + [[x, round(x * (1.0 / eta - 1.0), 6)] for x, eta in points]


def loss_w(points: Sequence[Sequence[float]], p_out_w: float, p_rated_w: float, n_modules: int = 1) -> float:
    """Loss [W] of `n_modules` modules of `p_rated_w` [W] that share `p_out_w` [W] equally.

    Examples
    --------
    >>> round(loss_w([[0, 0.004], [1, 0.024]], 50e3, 25e3, 4), 3)
    1400.0
    """
    total = p_rated_w * n_modules
    loss, _ = build([points]).evaluate(np.array([0]), np.array([abs(p_out_w) / total]))
    return float(loss[0]) * total
