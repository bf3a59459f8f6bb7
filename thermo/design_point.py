"""Design of a block: free variables are optimised for thermal efficiency, then the block is put together.

Free where not given: low pressure, recompression fraction, share of the conductance in the low-temperature
recuperator. Search: a coarse grid for the start, then Nelder-Mead, restarted once on a small simplex (the
optimum sits on the ridge of the pseudo-critical line, where derivatives bend). The recompression cycle
without recompression, which is the simple recuperated cycle with all conductance in one recuperator, is always
compared. All evaluations use the exact equation of state and the exchanger model of the spec.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from .block import assemble, failed
from .cooler import CoolerResult, design_cooler
from .defaults import default
from .electrical import Chain, chain_of, electrical
from .fluid import p_pseudocritical_Pa
from .heat_source import FiredHeaterResult, fired_heater
from .layouts import recompression, simple_recuperated
from .layouts.parts import HTR_HP, LTR_HP, LTR_LP, MC_IN, MC_OUT, RC_OUT, T_IN, T_OUT, Inputs
from .machine_sizing import efficiency_from_size
from .outcome import Outcome
from .recuperator import GIVEN_COLD_END, GIVEN_DT_MIN, GIVEN_UA, SECANT, SEGMENT_MEAN
from .result import CycleResult
from .spec import CycleSpec
from .turbomachinery import H_, T_

# search bounds; the least low pressure is a share of the pseudo-critical pressure at the compressor inlet
P_LOW_MIN_FRAC, P_LOW_MAX_PA, F_MIN, F_MAX, SHARE_MIN, SHARE_MAX = 0.88, 12e6, 0.02, 0.6, 0.02, 0.98
_STATUS = {1: Outcome.NO_STATE, 2: Outcome.NO_WORK, 3: Outcome.NO_EXCHANGE}


class Variables(NamedTuple):
    """Design variables: low pressure [Pa], recompression fraction, share of UA in the low-temperature one."""

    p_low: float
    f: float
    share: float


@dataclass
class Point:
    """A solved fixed point: inputs, status, flow [kg/s], starts for the next one, state and exchanger tables."""

    x: Variables
    inputs: Inputs
    status: int
    m_dot: float
    T8: float
    T9: float
    st: np.ndarray
    hx: np.ndarray
    eta: float


def is_simple(spec: CycleSpec, f: float) -> bool:
    """Whether a spec at this fraction is the simple recuperated cycle."""
    return spec.layout == "simple_recuperated" or (f == 0.0 and not spec.mix_at_equal_T)


def efficiencies(spec: CycleSpec) -> tuple[float, float, float]:
    """Turbine, compressor and recompressor efficiency: given, or from the block's size."""
    t = spec.eta_turbine or efficiency_from_size("turbine", spec.W_net_W)
    c = spec.eta_compressor or efficiency_from_size("compressor", spec.W_net_W)
    return t, c, spec.eta_recompressor or efficiency_from_size("compressor", spec.W_net_W)


def pressures(spec: CycleSpec, p_low: float, simple: bool) -> dict[str, float]:
    """Pressures [Pa] by state: fractions of each exchanger's inlet pressure, unless given as absolute."""
    given = dict(spec.pressures_Pa or {})
    p: dict[str, float] = {"main_compressor_inlet": given.get("main_compressor_inlet", p_low)}
    out = given.get("main_compressor_outlet", spec.p_high_Pa)
    p["main_compressor_outlet"] = out
    p["ltr_hp_outlet"] = given.get("ltr_hp_outlet", out * (1 - spec.dp_ltr_hp_frac))
    htr = p["ltr_hp_outlet"] if simple else p["ltr_hp_outlet"] * (1 - spec.dp_htr_hp_frac)
    p["htr_hp_outlet"] = given.get("htr_hp_outlet", htr)
    p["turbine_inlet"] = given.get("turbine_inlet", p["htr_hp_outlet"] * (1 - spec.dp_heater_frac))
    p["ltr_lp_outlet"] = given.get("ltr_lp_outlet", p["main_compressor_inlet"] / (1 - spec.dp_cooler_frac))
    p["htr_lp_outlet"] = given.get("htr_lp_outlet", p["ltr_lp_outlet"] / (1 - spec.dp_ltr_lp_frac))
    last = p["htr_lp_outlet"] if simple else p["htr_lp_outlet"] / (1 - spec.dp_htr_lp_frac)
    p["turbine_outlet"] = given.get("turbine_outlet", last)
    return p


def _exchangers(spec: CycleSpec, share: float, simple: bool) -> tuple[int, float, int, float]:
    if spec.dT_min_K is not None:
        return GIVEN_DT_MIN, spec.dT_min_K, GIVEN_DT_MIN, spec.dT_min_K
    if spec.dT_cold_ltr_K is not None:
        return GIVEN_COLD_END, spec.dT_cold_ltr_K, GIVEN_COLD_END, spec.dT_cold_htr_K or 1.0
    if spec.UA_total_W_K is not None:
        ltr, htr = spec.UA_total_W_K * share, spec.UA_total_W_K * (1 - share)
    else:
        ltr, htr = spec.UA_ltr_W_K or 0.0, spec.UA_htr_W_K or 0.0
    return (GIVEN_UA, ltr + htr, GIVEN_UA, 0.0) if simple else (GIVEN_UA, ltr, GIVEN_UA, htr)


def inputs_of(spec: CycleSpec, x: Variables, W_shaft: float) -> Inputs:
    """Kernel inputs of a spec at its design variables and shaft power [W]."""
    simple = is_simple(spec, x.f)
    p = pressures(spec, x.p_low, simple)
    eta_t, eta_c, eta_r = efficiencies(spec)
    model = SECANT if spec.exchanger_model == "secant" else SEGMENT_MEAN
    return Inputs(
        float(spec.T_compressor_in_K), float(spec.T_turbine_in_K), float(p["main_compressor_inlet"]),
        float(p["main_compressor_outlet"]), float(p["ltr_hp_outlet"]), float(p["htr_hp_outlet"]),
        float(p["turbine_inlet"]), float(p["turbine_outlet"]), float(p["htr_lp_outlet"]),
        float(p["ltr_lp_outlet"]), float(0.0 if simple else x.f), float(eta_t), float(eta_c), float(eta_r),
        model, int(spec.n_segments), *_floats(_exchangers(spec, x.share, simple)), float(W_shaft), 0.0,
    )  # fmt: skip


def _floats(e: tuple[int, float, int, float]) -> tuple[int, float, int, float]:
    return e[0], float(e[1]), e[2], float(e[3])


def heat_per_kg(st: np.ndarray, simple: bool) -> float:
    """Heat taken up in the heater [J/kg]."""
    return float(st[T_IN, H_] - (st[LTR_HP, H_] if simple else st[HTR_HP, H_]))


def work_per_kg(st: np.ndarray, f: float, simple: bool) -> float:
    """Shaft work [J/kg of turbine flow]."""
    w = st[T_IN, H_] - st[T_OUT, H_] - (1.0 - f) * (st[MC_OUT, H_] - st[MC_IN, H_])
    return float(w if simple else w - f * (st[RC_OUT, H_] - st[LTR_LP, H_]))


def evaluate(spec: CycleSpec, x: Variables, W_shaft: float, start: tuple[float, float]) -> Point:
    """Solve the cycle at its design variables, from a start (T_htr_lp, T_ltr_lp) or zeros."""
    if spec.mix_at_equal_T:
        return _equal_temperature(spec, x, W_shaft)
    simple = is_simple(spec, x.f)
    c = inputs_of(spec, x, W_shaft)
    if simple:
        status, m, T9, _, st, hx = simple_recuperated.solve(c, start[1], 0.0)
        T8 = 0.0
    else:
        status, m, T8, T9, st, hx = recompression.solve(c, start[0], start[1], np.zeros(4), 1e-10)
    eta = work_per_kg(st, c.f, simple) / heat_per_kg(st, simple) if status == 0 else 0.0
    return Point(x, c, status, m, T8, T9, st, hx, eta)


def _equal_temperature(spec: CycleSpec, x: Variables, W_shaft: float) -> Point:
    """The point whose recompressor outlet is as hot as the stream that it joins, by bisection in f."""
    from dataclasses import replace

    plain = replace(spec, mix_at_equal_T=False)
    lo, hi, start = F_MIN, F_MAX, (0.0, 0.0)
    point = evaluate(plain, x._replace(f=lo), W_shaft, start)
    for _ in range(60):
        f = 0.5 * (lo + hi)
        point = evaluate(plain, x._replace(f=f), W_shaft, start)
        if point.status == 0 and point.st[LTR_HP, T_] < point.st[RC_OUT, T_]:
            lo, start = f, (point.T8, point.T9)
        else:
            hi = f
        if hi - lo < 1e-12:
            break
    return point


class _Search:
    """Objective with a warm start: counts evaluations, keeps the best point."""

    def __init__(self, spec: CycleSpec, W_shaft: float, base: Variables, free: list[str]) -> None:
        self.spec, self.W, self.base, self.free = spec, W_shaft, base, free
        self.best: Point | None = None
        self.last = (0.0, 0.0)
        self.lo, self.hi = _bounds(spec)

    def vector(self, x: Variables) -> np.ndarray:
        return np.array([(getattr(x, n) - getattr(self.lo, n)) / self._span(n) for n in self.free])

    def _span(self, n: str) -> float:
        return getattr(self.hi, n) - getattr(self.lo, n)

    def __call__(self, z: np.ndarray) -> float:
        values = {n: getattr(self.lo, n) + float(min(1.0, max(0.0, v))) * self._span(n)
                  for n, v in zip(self.free, z, strict=True)}  # fmt: skip
        point = evaluate(self.spec, self.base._replace(**values), self.W, self.last)
        if point.status == 0:
            self.last = (point.T8, point.T9)
        if self.best is None or point.eta > self.best.eta:
            self.best = point
        return -point.eta


def _bounds(spec: CycleSpec) -> tuple[Variables, Variables]:
    lo = P_LOW_MIN_FRAC * p_pseudocritical_Pa(spec.T_compressor_in_K)
    hi = min(P_LOW_MAX_PA, 0.7 * spec.p_high_Pa)
    return Variables(min(lo, 0.9 * hi), F_MIN, SHARE_MIN), Variables(hi, F_MAX, SHARE_MAX)


def _nelder_mead(f: Callable[[np.ndarray], float], z: np.ndarray, size: float) -> np.ndarray:
    from scipy.optimize import minimize

    simplex = np.vstack([z] + [z + size * (1.0 if v < 0.5 else -1.0) * e
                               for v, e in zip(z, np.eye(z.size), strict=True)])  # fmt: skip
    options = {"initial_simplex": np.clip(simplex, 0.0, 1.0), "xatol": 3e-6, "fatol": 1e-10, "maxfev": 400}
    return np.asarray(minimize(f, z, method="Nelder-Mead", options=options).x)


def _optimise(spec: CycleSpec, W: float, start: Variables | None, simple: bool) -> Point:
    """Best point over the free variables of a layout (simple or with recompression)."""
    f = 0.0 if simple else (spec.recompression_fraction or 0.3)
    base = start or Variables(spec.p_low_Pa or 1.05 * p_pseudocritical_Pa(spec.T_compressor_in_K), f, 0.55)
    free = ["p_low"] if spec.p_low_Pa is None else []
    if not simple and spec.recompression_fraction is None and not spec.mix_at_equal_T:
        free.append("f")
    if not simple and spec.UA_total_W_K is not None:
        free.append("share")
    search = _Search(spec, W, base, free)
    if not free:
        search(np.empty(0))
    else:
        if start is None:
            _grid(search, spec, base)
        first = search.vector(search.best.x if search.best and search.best.eta > 0.0 else base)
        z = _nelder_mead(search, first, 0.08 if start is None else 0.02)
        _nelder_mead(search, z, 0.01)
    assert search.best is not None
    return search.best


def _grid(search: _Search, spec: CycleSpec, base: Variables) -> None:
    p_pc = p_pseudocritical_Pa(spec.T_compressor_in_K)
    lows = [k * p_pc for k in (0.97, 1.03, 1.1, 1.2)] if "p_low" in search.free else [base.p_low]
    for f in (0.15, 0.25, 0.35) if "f" in search.free else (base.f,):
        for p in lows:
            search(np.clip(search.vector(base._replace(p_low=p, f=f)), 0.0, 1.0))


def best_point(spec: CycleSpec, W_shaft: float, start: Variables | None = None) -> Point:
    """Best fixed point at a shaft power [W]; without recompression where that is better or asked for."""
    if spec.layout == "simple_recuperated" or spec.recompression_fraction == 0.0:
        return _optimise(spec, W_shaft, start, simple=True)
    with_f = _optimise(spec, W_shaft, start if start and start.f > 0.0 else None, simple=False)
    if spec.recompression_fraction is not None or spec.mix_at_equal_T or spec.dT_cold_ltr_K is not None:
        return with_f
    without = _optimise(spec, W_shaft, start if start and start.f == 0.0 else None, simple=True)
    return without if without.eta > with_f.eta else with_f


@dataclass
class Surroundings:
    """Cooler and heater of a point, and the chain's powers."""

    cooler: CoolerResult
    heater: FiredHeaterResult | None
    W_net: float


def surroundings(spec: CycleSpec, chain: Chain, pt: Point) -> Surroundings | Outcome:
    """Size cooler and heater around a point and follow the power to the DC terminals."""
    simple = is_simple(spec, pt.inputs.f)
    T_amb = ambient(spec)
    hot = pt.st[LTR_LP]
    cooler = design_cooler(hot, pt.st[MC_IN], pt.m_dot * (1.0 - pt.inputs.f), T_amb, spec.p_ambient_Pa,
                           spec.cooler_air_rise_K)  # fmt: skip
    if cooler is None:
        return Outcome.NO_COOLING
    heater = None
    if spec.fired_heater is not None:
        T_return = float(pt.st[LTR_HP if simple else HTR_HP, T_])
        heater = fired_heater(spec.fired_heater, pt.m_dot * heat_per_kg(pt.st, simple), T_return,
                              spec.T_turbine_in_K, T_amb, spec.p_ambient_Pa)  # fmt: skip
        if heater is None:
            return Outcome.NO_HEATER
    W = pt.m_dot * work_per_kg(pt.st, pt.inputs.f, simple)
    e = electrical(chain, W, W, cooler.W_fan_W, heater.W_blower_W if heater else 0.0)
    return Surroundings(cooler, heater, e.W_net_W)


def ambient(spec: CycleSpec) -> float:
    """Design ambient temperature [K]: given, or the compressor inlet less the default approach."""
    if spec.T_ambient_design_K is not None:
        return float(spec.T_ambient_design_K)
    return spec.T_compressor_in_K - default("cooler_approach_K")


def _for_net_power(spec: CycleSpec, chain: Chain) -> tuple[Point, Surroundings | Outcome]:
    """The point whose power at the DC terminals is the wanted one: secant in shaft power, re-optimised once."""
    W = spec.W_net_W * 1.12
    pt = best_point(spec, W)
    for again in range(2):
        W_old, net_old = 0.0, 0.0
        for _ in range(30):
            if pt.status != 0:
                return pt, _STATUS[pt.status]
            around = surroundings(spec, chain, pt)
            if isinstance(around, Outcome):
                return pt, around
            miss = around.W_net / spec.W_net_W - 1.0
            if abs(miss) < (1e-6 if again == 0 else 1e-13):
                break
            slope = (around.W_net - net_old) / (W - W_old)
            W_old, net_old = W, around.W_net
            W = W - (around.W_net - spec.W_net_W) / slope if slope > 0.1 else W * 1.5
            if not 0.0 < W < 20.0 * spec.W_net_W:
                return pt, Outcome.NO_WORK
            pt = evaluate(spec, pt.x, W, (pt.T8, pt.T9))
        else:
            return pt, (around if abs(miss) < 1e-10 else Outcome.NOT_CONVERGED)
        if again == 0:
            pt = best_point(spec, W, pt.x)
    return pt, around


def design(spec: CycleSpec) -> CycleResult:
    """Design a block for a spec.

    Parameters
    ----------
    spec : CycleSpec
        What is given; None fields are optimised or follow from size.

    Returns
    -------
    CycleResult
        With outcome and explain; numbers are None where there is no answer.
    """
    chain = chain_of(spec, geared=spec.drive != "direct")
    around: Any
    if spec.power_basis == "shaft":
        pt = best_point(spec, spec.W_net_W)
        around = surroundings(spec, chain, pt) if pt.status == 0 else _STATUS[pt.status]
    else:
        pt, around = _for_net_power(spec, chain)
    if isinstance(around, Outcome):
        return failed(spec, around)
    r = assemble(spec, chain, pt.inputs, pt.m_dot, pt.st, pt.hx, around.cooler, around.heater,
                 is_simple(spec, pt.inputs.f), active_bounds=_active(spec, pt))  # fmt: skip
    turbine, generator = r.machines[0], r.machines[-1]
    if spec.drive == "auto" and chain.geared and "direct drive is possible" in generator.note and turbine:
        from dataclasses import replace

        return replace(design(replace(spec, drive="direct")), spec=spec)
    return r


def _active(spec: CycleSpec, pt: Point) -> tuple[str, ...]:
    """Bounds of the search that hold the optimum, in words."""
    lo, hi = _bounds(spec)
    words = []
    if spec.p_low_Pa is None:
        for bound, side in ((lo.p_low, "lower"), (hi.p_low, "upper")):
            if abs(pt.x.p_low / bound - 1.0) < 1e-5:
                words.append(f"p_low_Pa at its {side} search bound {bound / 1e6:.2f} MPa")
    if spec.layout == "recompression" and spec.recompression_fraction is None:
        if pt.inputs.f == 0.0:
            words.append("recompression_fraction at 0: the simple recuperated cycle is better")
        elif pt.inputs.f > F_MAX - 1e-5:
            words.append(f"recompression_fraction at its upper search bound {F_MAX}")
    return tuple(words)
