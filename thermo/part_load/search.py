"""Least of a function of one variable: a small deterministic search."""

from collections.abc import Callable

GROW = 1.7


def minimise(f: Callable[[float], float], x: float, step: float, lo: float, hi: float, *, gain: float = 1e-6,
             most: int = 9) -> float:  # fmt: skip
    """Least of a function with one valley near x: walk downhill with growing steps to a bracket, then parabolas, with a
    golden cut where a parabola does not shrink it (near the pseudo-critical line the valley is sharp and lopsided).

    Ends where the parabola promises less than `gain` [relative], or after `most` points in the bracket. Deterministic.

    >>> round(minimise(lambda x: (x - 2.0) ** 2 + 1.0, 0.0, 0.5, -10.0, 10.0), 3)
    2.0
    """
    x = min(max(x, lo), hi)
    pts = {x: f(x)}
    y = x + step if lo <= x + step <= hi else x - step
    y = min(max(y, lo), hi)
    pts[y] = f(y)
    step = abs(step) if (pts[y] < pts[x]) == (y > x) else -abs(step)
    for _ in range(14):
        best = min(pts, key=lambda k: pts[k])
        edge = max(pts) if step > 0 else min(pts)
        if best != edge:
            break
        new = min(max(edge + step, lo), hi)
        if new in pts:
            return best
        pts[new] = f(new)
        step *= GROW
    for k in range(most):
        xs = sorted(pts)
        i = xs.index(min(pts, key=lambda k: pts[k]))
        if i in (0, len(xs) - 1):
            break
        new, promise = _next(xs[i - 1 : i + 2], pts)
        if k > 0 and promise < gain * abs(pts[xs[i]]):
            break
        pts[new] = f(new)
    return min(pts, key=lambda k: pts[k])


def _next(xs: list[float], pts: dict[float, float]) -> tuple[float, float]:
    """(next point, decrease that the parabola promises) of a bracket."""
    a, b, c = xs
    u, v = (b - a) * (pts[b] - pts[c]), (b - c) * (pts[b] - pts[a])
    wide = c - b if c - b > b - a else a - b
    if u == v:
        return b + 0.38 * wide, abs(pts[a] - pts[b])
    x = b - 0.5 * ((b - a) * u - (b - c) * v) / (u - v)
    bend = ((pts[c] - pts[b]) / (c - b) - (pts[b] - pts[a]) / (b - a)) / (c - a)
    promise = bend * (x - b) ** 2
    near = abs(x - b) < 0.02 * (c - a)
    if near or not a < x < c:  # look on the longer side, to close the bracket
        return b + 0.3 * wide, max(promise, 0.02 * bend * wide**2)
    return x, promise
