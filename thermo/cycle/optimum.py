"""The best candidate: free design variables are searched for the spec's objective.

Free where not given: high pressure (None in the spec), low pressure, precompressor inlet and reheat pressure,
recompression fraction, split, share of the conductance in the low-temperature recuperator. Search: a coarse grid for the
starts, then Nelder-Mead from the best of them, restarted once on a small simplex (the optimum sits on the ridge of the
pseudo-critical line, where derivatives bend). The recompression cycle without recompression, which is the simple
recuperated cycle with all conductance in one recuperator, is always compared. The search reads temperatures along exchangers
from the property table; its result is solved again with the exact equation of state.

Objectives (`objective`): thermal efficiency at the wanted power; shaft power from a given heat stream; cost per kW at the DC
terminals, which then may also choose the conductance.
"""

from __future__ import annotations

import itertools

import numpy as np

from thermo.co2.fluid import p_pseudocritical_Pa
from thermo.co2.helmholtz import T_CRIT_K, saturation_ancillary
from thermo.co2.property_table import property_table
from thermo.co2.saturation import T_MOST_K, saturation_pressure_Pa
from thermo.cycle.candidate import F_MAX, F_MIN, NO_SOURCE, SPLIT_MAX, Point, Variables, evaluate, layout_of
from thermo.cycle.objective import (
    NOTHING,
    RETURN_MET_K,
    heat_from_stream,
    return_miss_K,
    too_cold,
    value,
)  # fmt: skip
from thermo.layouts import LAYOUTS
from thermo.layouts.parts import EXACT, SOLVED
from thermo.spec import CycleSpec

# search bounds; the least low pressure is a share of the pseudo-critical pressure at the compressor inlet
P_LOW_MIN_FRAC, P_LOW_MAX_PA = 0.88, 12e6
UA_START, UA_RANGE = 0.1, (0.01, 1.0)  # conductance over net power [1/K], where cost decides on it


def bounds(spec: CycleSpec) -> tuple[Variables, Variables]:
    """Least and greatest value of every design variable."""
    T = spec.T_compressor_in_K
    lo = P_LOW_MIN_FRAC * p_pseudocritical_Pa(T) if T > T_CRIT_K + 0.3 else liquid_p_low_Pa(spec)
    highs = (spec.p_high_Pa, spec.p_high_Pa) if spec.p_high_Pa else (spec.p_high_min_Pa, spec.p_high_max_Pa)
    hi = min(P_LOW_MAX_PA, 0.7 * highs[1])
    bypass, discrete = spec.layout == "htr_bypass", LAYOUTS[spec.layout].without_recompression
    return (
        Variables(highs[0], min(lo, 0.9 * hi), 0.35, 0.1, F_MIN if discrete else 0.0, 0.0 if bypass else 0.02, 0.02,
                  UA_RANGE[0] * spec.W_net_W),
        Variables(highs[1], hi, 0.98, 0.9, F_MAX, 0.7 if bypass else SPLIT_MAX, 0.98, UA_RANGE[1] * spec.W_net_W),
    )  # fmt: skip


def liquid_p_low_Pa(spec: CycleSpec) -> float:
    """Least low pressure [Pa] of a condensing block: just above saturation at the compressor inlet, or that of the condenser
    where a cold end names the subcooling."""
    T = spec.T_compressor_in_K
    least = 1.003 * float(saturation_ancillary(T)[0])
    if spec.cold_end is None:
        return least
    return max(least, saturation_pressure_Pa(min(T + spec.cold_end["condensing_subcooling_K"], T_MOST_K)))


def free_variables(spec: CycleSpec, simple: bool) -> list[str]:
    """Names of the design variables that a spec leaves open; `simple`: without recompression."""
    layout = LAYOUTS["simple_recuperated" if simple else spec.layout]
    given = {
        "p_high": spec.p_high_Pa, "p_low": spec.p_low_Pa, "p_precompressor": spec.p_precompressor_in_Pa,
        "p_reheat": spec.p_reheat_Pa, "f": 0.0 if spec.mix_at_equal_T else spec.recompression_fraction,
        "split": spec.turbine_split_fraction if layout.name != "htr_bypass" else spec.htr_bypass_fraction,
        "share": None if spec.UA_total_W_K is not None or spec.free_conductance else 0.5,
        "UA": None if spec.free_conductance else 0.0,
    }  # fmt: skip
    return [n for n in ("p_high", "p_low", *layout.free, "UA") if given[n] is None]


def base_variables(spec: CycleSpec, simple: bool) -> Variables:
    """Design variables as given, with a start for each that is open."""
    p_low = spec.p_low_Pa or float(np.clip(1.05 * p_pseudocritical_Pa(spec.T_compressor_in_K), 5e6, 12e6))
    f = 0.3 if spec.recompression_fraction is None else spec.recompression_fraction
    split = 0.1 if spec.layout == "htr_bypass" else 0.45
    for given in (spec.turbine_split_fraction, spec.htr_bypass_fraction):
        split = split if given is None else given
    ratio = spec.p_precompressor_in_Pa / p_low if spec.p_precompressor_in_Pa else 0.75
    lo, hi = bounds(spec)
    return Variables(spec.p_high_Pa or min(25e6, hi.p_high), float(np.clip(p_low, lo.p_low if spec.p_low_Pa is None else 0,
                     2e7)), ratio, 0.5, 0.0 if simple else f, split, 0.55,
                     spec.UA_total_W_K or UA_START * spec.W_net_W)  # fmt: skip


def with_stream(
    spec: CycleSpec, x: Variables, W: float, starts: tuple[float, float], table: np.ndarray
) -> tuple[Point, float]:
    """(point, shaft power [W]) whose heat is what the stream gives: secant in shaft power from a guess W. NO_SOURCE where
    the stream gives this cycle no heat."""
    assert spec.heat_stream is not None
    tol = 1e-11 if table.size == 0 else 1e-8
    W_old = miss_old = 0.0
    for _ in range(40):
        pt = evaluate(spec, x, W, starts, table)
        if pt.status != SOLVED:
            return pt, 0.0
        gives = pt.eta * heat_from_stream(spec.heat_stream, pt)
        if gives <= 0.0:
            break
        miss = gives - W
        if abs(miss) < tol * W:
            return pt, W
        slope = (miss - miss_old) / (W - W_old) if W_old > 0.0 else -1.0
        W_old, miss_old, starts = W, miss, pt.starts
        W = min(max(W - miss / slope, 0.2 * W), 5.0 * W) if slope < -0.2 else gives
    pt.status = NO_SOURCE
    return pt, 0.0


class Search:
    """Objective over the free variables, scaled to 0..1, with a warm start; keeps the best point."""

    def __init__(
        self, spec: CycleSpec, W_shaft: float, base: Variables, free: list[str], table: np.ndarray
    ) -> None:
        self.spec, self.W, self.base, self.free, self.table = spec, W_shaft, base, free, table
        self.lo, self.hi = bounds(spec)
        self.starts = (0.0, 0.0)
        self.best: Variables | None = None
        self.best_starts = (0.0, 0.0)
        self.best_score = -np.inf
        self.least_gain = (
            1e-9 if spec.objective == "efficiency" else 1e-7
        )  # of the objective, that a step is worth

    def vector(self, x: Variables) -> np.ndarray:
        return np.clip([(getattr(x, n) - getattr(self.lo, n)) / self._span(n) for n in self.free], 0.0, 1.0)

    def _span(self, n: str) -> float:
        return getattr(self.hi, n) - getattr(self.lo, n)

    def variables(self, z: np.ndarray) -> Variables:
        values = {n: getattr(self.lo, n) + float(min(1.0, max(0.0, v))) * self._span(n)
                  for n, v in zip(self.free, z, strict=True)}  # fmt: skip
        if self.spec.p_precompressor_in_Pa is not None and "p_low" in values:
            values["p_precompressor"] = self.spec.p_precompressor_in_Pa / values["p_low"]
        return self.base._replace(**values)

    def __call__(self, z: np.ndarray) -> float:
        x = self.variables(z)
        score, pt = self.score(x)
        if pt.status == 0:
            self.starts = pt.starts
        if score > max(self.best_score, NOTHING):
            self.best, self.best_score, self.best_starts = x, score, pt.starts
        return -score

    def score(self, x: Variables) -> tuple[float, Point]:
        """Greater is better; NOTHING where there is no answer."""
        if self.spec.objective == "heat_stream_power":
            pt, W = with_stream(self.spec, x, self.W, self.starts, self.table)
            self.W = W or self.W
        else:
            pt = evaluate(self.spec, x, self.W, self.starts, self.table)
        return value(self.spec, pt), pt


def _nelder_mead(f: Search, z: np.ndarray, size: float, tol: float) -> np.ndarray:
    from scipy.optimize import minimize

    simplex = np.vstack([z] + [z + size * (1.0 if v < 0.5 else -1.0) * e
                               for v, e in zip(z, np.eye(z.size), strict=True)])  # fmt: skip
    options = {
        "initial_simplex": np.clip(simplex, 0.0, 1.0),
        "xatol": tol,
        "fatol": f.least_gain,
        "maxfev": 500,
    }
    return np.asarray(minimize(f, z, method="Nelder-Mead", options=options).x)


_GRID = {
    "f": (0.15, 0.25, 0.35), "split": (0.25, 0.4, 0.55), "p_precompressor": (0.55, 0.7, 0.85),
}  # fmt: skip
_GRID_RETURN = {"f": (0.0, 0.1, 0.25), "split": (0.1, 0.35), "share": (0.5, 0.95)}
# small conductance: no recompression is best, and where the conductance sits then decides between two optima
_GRID_PLAIN = {"f": (0.0,), "split": (0.0,), "share": (0.1, 0.9), "p_precompressor": (0.7, 0.9)}
_NEAR = 0.03  # a start whose objective is worse by more than this share is not followed
_P_LOW_SUPERCRITICAL, _P_LOW_LIQUID = (0.97, 1.03, 1.1, 1.2), (1.0, 1.1, 1.5, 2.5)


def _grids(search: Search) -> list[dict[str, tuple[float, ...]]]:
    """Groups of starts, each with its own valley: {variable: values}; a variable not named starts from the base's value."""
    spec, layout = search.spec, LAYOUTS[search.spec.layout]
    T = spec.T_compressor_in_K
    p_low = [k * p_pseudocritical_Pa(T) for k in _P_LOW_SUPERCRITICAL] if T > T_CRIT_K + 0.3 else [
        k * search.lo.p_low for k in _P_LOW_LIQUID]  # fmt: skip
    p_high = [search.lo.p_high + k * (search.hi.p_high - search.lo.p_high) for k in (0.5, 0.9)]
    grid = _GRID | {"p_low": tuple(p_low), "p_high": tuple(p_high)}
    if spec.T_heat_source_return_K is not None:
        return [grid | _GRID_RETURN]
    if "f" in search.free and not layout.without_recompression:
        return [grid, grid | _GRID_PLAIN | {"p_low": tuple(p_low[::2])}]
    return [grid]


def _best_of(search: Search, grid: dict[str, tuple[float, ...]]) -> tuple[float, np.ndarray]:
    """(objective, scaled variables) of the best start of a group."""
    axes = [[(v - getattr(search.lo, n)) / search._span(n) for v in grid.get(n, (getattr(search.base, n),))]
            for n in search.free]  # fmt: skip
    found = [(-search(z), z) for z in (np.clip(np.array(z), 0.0, 1.0) for z in itertools.product(*axes))]
    return max(found, key=lambda s: s[0])


def _scattered(search: Search) -> tuple[float, np.ndarray]:
    """(objective, scaled variables) of the best of 80 points spread evenly over all the space (Kronecker sequence)."""
    n = len(search.free)
    root = 1.5
    for _ in range(40):  # root of x^(n+1) = x + 1
        root = (1.0 + root) ** (1.0 / (n + 1))
    steps = root ** -np.arange(1.0, n + 1.0)
    found = [(-search(z), z) for z in ((0.5 + k * steps) % 1.0 for k in range(80))]
    return max(found, key=lambda s: s[0])


def _search(search: Search, start: Variables | None) -> None:
    """Nelder-Mead from the best start of each group that is worth following, restarted on a small simplex."""
    if start is None:
        tops = [_best_of(search, g) for g in _grids(search)]
        if search.best is None:
            tops = [_scattered(search)]
        most = max(score for score, _ in tops)
        seeds = [z for score, z in tops if score > max(most - _NEAR * abs(most), NOTHING)]
    else:
        seeds = [search.vector(start)]
    for z in seeds:
        _nelder_mead(search, z, 0.08 if start is None else 0.02, 3e-4)
    if search.best is None:
        return
    z = search.vector(search.best)
    for _ in range(1 if search.spec.T_heat_source_return_K is None else 4):
        z = _nelder_mead(search, z, 0.01, 3e-6)


def _optimise(spec: CycleSpec, W: float, start: Variables | None, simple: bool) -> Point:
    """Best point over the free variables of a layout, with or without recompression."""
    base, free = start or base_variables(spec, simple), free_variables(spec, simple)
    if simple and spec.layout == "htr_bypass":
        base = base._replace(share=1.0)

    def best(table: np.ndarray) -> tuple[Point, bool]:
        search = Search(spec, W, base, free, table)
        if free:
            _search(search, start)
        pt = _exact(search, search.best or search.base, search.best_starts)
        return pt, pt.status in (SOLVED, NO_SOURCE) or search.best is None

    pt, done = best(property_table())
    return (
        pt if done else best(EXACT)[0]
    )  # again with the equation where the table's best has no exact answer


def _exact(search: Search, x: Variables, starts: tuple[float, float]) -> Point:
    """The point solved with the exact equation of state."""
    search.table, search.starts = EXACT, starts
    pt = search.score(x)[1]
    if pt.status == SOLVED and (
        too_cold(search.spec.heat_stream, pt) or return_miss_K(search.spec, pt) > RETURN_MET_K
    ):
        pt.status = NO_SOURCE
    return pt


def best_point(spec: CycleSpec, W_shaft: float, start: Variables | None = None) -> Point:
    """Best fixed point at a shaft power [W]; without recompression where that is better or asked for."""
    if (
        spec.layout == "simple_recuperated"
        or layout_of(spec, spec.recompression_fraction or 1.0).name != spec.layout
    ):
        return _optimise(spec, W_shaft, start, simple=True)
    layout = LAYOUTS[spec.layout]
    if spec.recompression_fraction == 0.0 and layout.without_recompression:
        return _optimise(spec, W_shaft, start, simple=True)
    with_f = _optimise(spec, W_shaft, start if start is None or start.f > 0.0 or not layout.recompressor else None,
                       simple=False)  # fmt: skip
    each_given = spec.dT_cold_ltr_K is not None or spec.effectiveness_ltr is not None
    fixed = spec.recompression_fraction is not None or spec.mix_at_equal_T or each_given
    if fixed or not (layout.without_recompression or _bypass_may_go(spec)):
        return with_f
    without = _optimise(spec, W_shaft, start if start and start.f == 0.0 else None, simple=True)
    return without if value(spec, without) > value(spec, with_f) else with_f


def _bypass_may_go(spec: CycleSpec) -> bool:
    """Whether the wanted return temperature may also be met without bypass and hot recuperator: by the low pressure."""
    open_pressure = spec.p_low_Pa is None and spec.htr_bypass_fraction is None
    return spec.T_heat_source_return_K is not None and open_pressure and spec.UA_ltr_W_K is None


def active_bounds(spec: CycleSpec, pt: Point) -> tuple[str, ...]:
    """Bounds of the search that hold the optimum, in words."""
    lo, hi = bounds(spec)
    simple = pt.layout.name != spec.layout
    words = []
    names = {"p_high": ("p_high_Pa", 1e-6, "MPa"), "p_low": ("p_low_Pa", 1e-6, "MPa"),
             "p_precompressor": ("p_precompressor_in_Pa over p_low_Pa", 1.0, ""),
             "f": ("recompression_fraction", 1.0, ""), "split": ("split fraction", 1.0, ""),
             "share": ("share of UA in the low-temperature recuperator", 1.0, "")}  # fmt: skip
    for n in free_variables(spec, simple):
        if n in names:
            text, scale, unit = names[n]
            for bound, side in ((getattr(lo, n), "lower"), (getattr(hi, n), "upper")):
                if abs(getattr(pt.x, n) - bound) < 1e-5 * max(bound, 1e-3):
                    words.append(f"{text} at its {side} search bound {bound * scale:.4g} {unit}".rstrip())
    if simple and spec.layout == "recompression" and spec.recompression_fraction is None:
        words.append("recompression_fraction at 0: the simple recuperated cycle is better")
    if simple and spec.layout == "htr_bypass":
        words.append(
            "without bypass and hot recuperator: the low pressure meets the return temperature, and better"
        )
    return tuple(words)
