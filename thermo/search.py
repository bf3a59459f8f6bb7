"""Least of a function of one variable: a small deterministic search."""

from collections.abc import Callable


def minimise(f: Callable[[float], float], x: float, step: float, lo: float, hi: float) -> float:
    """Least of a function with one valley near x: walk downhill to a bracket, then parabolas, with a golden cut where
    a parabola does not shrink it (near the pseudo-critical line the valley is sharp and lopsided). Deterministic."""
    x = min(max(x, lo + 1e-3 * (hi - lo)), hi - 1e-3 * (hi - lo))
    pts = {x: f(x)}
    y = x + step if x + step < hi else x - step
    pts[y] = f(y)
    direction = 1.0 if (pts[y] < pts[x]) == (y > x) else -1.0
    for _ in range(12):
        best = min(pts, key=lambda k: pts[k])
        edge = max(pts) if direction > 0 else min(pts)
        if best != edge:
            break
        new = min(max(edge + direction * step, lo), hi)
        if new in pts:
            return best
        pts[new] = f(new)
    for k in range(7):
        xs = sorted(pts)
        i = xs.index(min(pts, key=lambda k: pts[k]))
        if i in (0, len(xs) - 1):
            break
        a, b, c = xs[i - 1 : i + 2]
        u, v = (b - a) * (pts[b] - pts[c]), (b - c) * (pts[b] - pts[a])
        parabola = b - 0.5 * ((b - a) * u - (b - c) * v) / (u - v) if u != v else b
        near = abs(parabola - b) < 0.03 * step
        if c - a < 0.12 * step or (near and max(pts[a], pts[c]) - pts[b] < 1e-4 * abs(pts[b])):
            break
        if k % 2 or near or not a < parabola < c:
            parabola = b + 0.38 * (c - b if c - b > b - a else a - b)
        pts[parabola] = f(parabola)
    return min(pts, key=lambda k: pts[k])
