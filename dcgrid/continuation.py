"""Raise the loads from zero: the operating point's definition, the fallback of Newton, and the nose.

lambda scales every load's p_w, not set-points or p_set_w (fine print 12).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dcgrid import newton, quick
from dcgrid.compile import Array, Model
from dcgrid.newton import State


@dataclass(frozen=True)
class Path:
    """Where raising the loads ended: the last solved point, and the first factor found without a solution.

    `folded` numbers the converters that reach their current limit between the two.
    """

    reached: float
    failed: float | None
    state: State | None
    iterations: int
    folded: tuple[int, ...] = ()


def raise_loads(m: Model, p_load: Array, target: float = 1.0, tolerance: float = 1e-4) -> Path:
    """Follow the high-voltage solution from zero load to `target` times `p_load`.

    The quick way narrows the gap between the reached and the failing factor to `tolerance` (relative), and the reference
    Newton, started from the reached point, must fail at the failing one. Where they differ the reference goes the whole
    way: its step halves where it fails.
    """
    found = quick.reach(m, p_load, target, tolerance)
    if found is not None:
        low, high, at = found
        if high is None:
            return Path(low, None, at, 0)
        step = newton.solve(m, at, high * p_load)
        if not step.converged:
            return Path(low, high, at, step.iterations, _newly_folded(step.state, at))
    return _climb(m, p_load, target, tolerance)


def _newly_folded(beyond: State, reached: State) -> tuple[int, ...]:
    new = (beyond.conv >= newton.FOLDED_UP) & (reached.conv < newton.FOLDED_UP)
    return tuple(np.flatnonzero(new).tolist())


def _climb(m: Model, p_load: Array, target: float, tolerance: float) -> Path:
    """Raise the loads by the reference Newton, each step from the last."""
    step = newton.solve(m, newton.start(m), 0.0 * p_load)
    iterations = step.iterations
    if not step.converged:
        return Path(0.0, 0.0, None, iterations)
    here, state, failed, size = 0.0, step.state, None, 0.25 * target
    while here < target:
        there = min(target, here + size)
        if failed is not None and there >= failed:
            there = 0.5 * (here + failed)
        step = newton.solve(m, state, there * p_load)
        iterations += step.iterations
        if step.converged:
            here, state = there, step.state
            continue
        failed = there
        size = 0.5 * (failed - here)
        if failed - here <= tolerance * failed:
            return Path(here, failed, state, iterations, _newly_folded(step.state, state))
    return Path(here, None, state, iterations)


def weakest_node(m: Model, s: State, p_load: Array) -> int:
    """Node whose voltage answers most to a further rise of the loads, per its own voltage."""
    slope = newton.tangent(m, s, p_load)
    if slope is None or not np.all(np.isfinite(slope)):
        return int(m.port_a[np.argmin(newton.port_pu(m, s))])
    fall = newton.across(m, slope, m.port_a, m.port_b)
    return int(m.port_a[np.argmin(fall / m.port_v0)])


def nose(m: Model, p_load: Array, tolerance: float = 1e-9, ceiling: float = 1e6) -> Path:
    """Largest factor on every load that still has a solution, by doubling and then halving the gap."""
    target, path = 1.0, Path(0.0, None, None, 0)
    while target <= ceiling:
        path = raise_loads(m, p_load, target, tolerance)
        if path.failed is not None:
            return path
        target *= 2.0
    return path
