"""One candidate of a design: design variables in, a solved cycle out.

`inputs_of` turns a spec and its design variables into the kernel's inputs: pressures from the drops along the layout's
pressure path, conductances from their split; `evaluate` solves them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from thermo.exchangers.recuperator import (
    GIVEN_COLD_END,
    GIVEN_DT_MIN,
    GIVEN_EFFECTIVENESS,
    GIVEN_UA,
    SECANT,
    SEGMENT_MEAN,
)
from thermo.layouts import LAYOUTS, Layout
from thermo.layouts.parts import (
    EXACT,
    HEATER_IN,
    HTR_HP,
    LTR_HP,
    MIX,
    NO_EXCHANGE,
    ONE_RECUPERATOR,
    RC_OUT,
    SOLVED,
    STATE_NAMES,
    T_IN,
    Inputs,
)  # fmt: skip
from thermo.layouts.solve import solve
from thermo.machines.machine_sizing import efficiency_from_size
from thermo.machines.turbomachinery import H_, P_, T_
from thermo.spec import CycleSpec

if TYPE_CHECKING:
    from thermo.result import CycleResult

F_MIN, F_MAX, SPLIT_MAX = 0.02, 0.6, 0.9
# why a candidate that is solved is no answer; after the kernel's own SOLVED ... NO_EXCHANGE
NO_PATH, NO_SOURCE = 4, 5


class Variables(NamedTuple):
    """Design variables: high and low pressure [Pa], precompressor inlet over low pressure, reheat pressure as a share of
    the way from low to high (logarithms), recompression fraction, split, share of UA in the low-temperature one, and UA
    [W/K] where the spec leaves it open."""

    p_high: float
    p_low: float
    p_precompressor: float = 0.8
    p_reheat: float = 0.5
    f: float = 0.3
    split: float = 0.0
    share: float = 0.55
    UA: float = 0.0


@dataclass
class Point:
    """A solved candidate: inputs, status, flow [kg/s], starts for the next one, work and heat [J/kg], state and
    exchanger tables."""

    x: Variables
    layout: Layout
    inputs: Inputs
    status: int
    m_dot: float
    starts: tuple[float, float]
    work: float
    heat: float
    st: np.ndarray
    hx: np.ndarray

    @property
    def eta(self) -> float:
        """Thermal efficiency, 0 where there is no answer."""
        return self.work / self.heat if self.status == 0 else 0.0


def layout_of(spec: CycleSpec, f: float, share: float = 0.5) -> Layout:
    """The layout of a spec at a recompression fraction: without recompression it is the one that has no recompressor; a
    bypass around a hot recuperator with no share of the conductance is the simple recuperated cycle."""
    layout = LAYOUTS[spec.layout]
    if spec.layout == "htr_bypass" and f == 0.0 and share == 1.0:
        return LAYOUTS["simple_recuperated"]
    if f == 0.0 and layout.without_recompression and not spec.mix_at_equal_T:
        return LAYOUTS[layout.without_recompression]
    return layout


def efficiencies(spec: CycleSpec) -> tuple[float, float, float, float, float]:
    """Turbine, second turbine, compressor, recompressor and precompressor efficiency: given, or from the block's size."""
    turbine = spec.eta_turbine or efficiency_from_size("turbine", spec.W_net_W)
    of_size = efficiency_from_size("compressor", spec.W_net_W)
    return (turbine, spec.eta_turbine_2 or turbine, spec.eta_compressor or of_size,
            spec.eta_recompressor or of_size, spec.eta_precompressor or of_size)  # fmt: skip


def _drops(spec: CycleSpec) -> dict[str, float]:
    def other(value: float | None, default: float) -> float:
        return default if value is None else value

    return {
        "dp_ltr_hp": spec.dp_ltr_hp_frac, "dp_ltr_lp": spec.dp_ltr_lp_frac, "dp_htr_lp": spec.dp_htr_lp_frac,
        "dp_htr_hp": max(spec.dp_htr_hp_frac, spec.dp_bypass_frac or 0.0), "dp_heater": spec.dp_heater_frac,
        "dp_cooler": spec.dp_cooler_frac, "dp_cooler_2": other(spec.dp_cooler_2_frac, spec.dp_cooler_frac),
        "dp_reheater": other(spec.dp_reheater_frac, spec.dp_heater_frac),
    }  # fmt: skip


def pressures(spec: CycleSpec, layout: Layout, x: Variables) -> dict[str, float]:
    """Pressures [Pa] by state: fractions of each exchanger's inlet pressure, unless given as absolute."""
    given, dp = dict(spec.pressures_Pa or {}), _drops(spec)
    p = {"main_compressor_inlet": given.get("main_compressor_inlet", x.p_low),
         "main_compressor_outlet": given.get("main_compressor_outlet", x.p_high)}  # fmt: skip
    last = p["main_compressor_outlet"]
    for state, drop in layout.high:
        last = p[state] = given.get(state, last * (1.0 - dp[drop]))
    last = p["main_compressor_inlet"]
    if layout.precompressor:
        p["precompressor_outlet"] = last / (1.0 - dp["dp_cooler"])
        last = p["precompressor_inlet"] = x.p_precompressor * x.p_low
    cooler = "dp_cooler_2" if layout.precompressor else "dp_cooler"
    for state, drop in layout.low:
        last = p[state] = given.get(state, last / (1.0 - dp[cooler if drop == "dp_cooler" else drop]))
    if layout.reheat:
        ends = p["turbine_outlet"], p["turbine_inlet"]
        p["high_pressure_turbine_outlet"] = ends[0] * (ends[1] / ends[0]) ** x.p_reheat
        if spec.p_reheat_Pa is not None:
            p["high_pressure_turbine_outlet"] = spec.p_reheat_Pa
        p["reheater_outlet"] = p["high_pressure_turbine_outlet"] * (1.0 - dp["dp_reheater"])
    if layout.name == "turbine_split":
        p["ltr_lp_outlet"] = p["htr_lp_outlet"]
        p["htr_hp_outlet"] = p["main_compressor_outlet"] * (1.0 - dp["dp_htr_hp"])
        p["turbine_2_outlet"] = p["ltr_lp_outlet"] / (1.0 - dp["dp_ltr_lp"])
    if layout.name == "cascade":
        p["ltr_hp_outlet"] = p["main_compressor_outlet"] * (1.0 - dp["dp_ltr_hp"])
        p["htr_hp_outlet"] = p["ltr_hp_outlet"] * (1.0 - dp["dp_htr_hp"])
        p["turbine_2_outlet"] = p["htr_lp_outlet"]
    return p


def _exchangers(spec: CycleSpec, share: float, UA: float, two: bool) -> tuple[int, float, int, float]:
    if spec.dT_min_K is not None:
        return GIVEN_DT_MIN, float(spec.dT_min_K), GIVEN_DT_MIN, float(spec.dT_min_K)
    if spec.dT_cold_ltr_K is not None:
        return GIVEN_COLD_END, float(spec.dT_cold_ltr_K), GIVEN_COLD_END, float(spec.dT_cold_htr_K or 1.0)
    if spec.effectiveness_ltr is not None:
        htr_given = float(spec.effectiveness_htr or 1.0)
        return GIVEN_EFFECTIVENESS, float(spec.effectiveness_ltr), GIVEN_EFFECTIVENESS, htr_given
    total = UA if spec.free_conductance else spec.UA_total_W_K
    if total is not None:
        ltr, htr = total * share, total * (1 - share)
    else:
        ltr, htr = spec.UA_ltr_W_K or 0.0, spec.UA_htr_W_K or 0.0
    return (
        (GIVEN_UA, float(ltr), GIVEN_UA, float(htr)) if two else (GIVEN_UA, float(ltr + htr), GIVEN_UA, 0.0)
    )


def inputs_of(spec: CycleSpec, x: Variables, W_shaft: float, table: np.ndarray = EXACT) -> Inputs:
    """Kernel inputs of a spec at its design variables and shaft power [W]."""
    layout = layout_of(spec, x.f, x.share)
    p = pressures(spec, layout, x)
    two = layout.kind != LAYOUTS["simple_recuperated"].kind

    def at(name: str) -> float:
        return float(p.get(name, 0.0))

    T_mc, T_in = float(spec.T_compressor_in_K), float(spec.T_turbine_in_K)
    eta_t, eta_t2, eta_c, eta_r, eta_p = (float(e) for e in efficiencies(spec))
    given_ltr, x_ltr, given_htr, x_htr = _exchangers(spec, x.share, x.UA, two)
    f = float(x.f) if layout.recompressor else 0.0
    split = float(x.split) if "split" in layout.free else 0.0
    return Inputs(
        layout.kind, layout.precompressor, int(layout.reheat), T_mc,
        float(spec.T_precompressor_in_K or T_mc), T_in, float(spec.T_reheat_K or T_in), at("main_compressor_inlet"),
        at("main_compressor_outlet"), at("precompressor_inlet"), at("precompressor_outlet"), at("ltr_hp_outlet"),
        at("htr_hp_outlet"), at("turbine_inlet"), at("high_pressure_turbine_outlet"), at("reheater_outlet"),
        at("turbine_outlet"), at("htr_lp_outlet"), at("ltr_lp_outlet"), at("turbine_2_outlet"), f, split,
        eta_t, eta_t2, eta_c, eta_r, eta_p, SECANT if spec.exchanger_model == "secant" else SEGMENT_MEAN,
        int(spec.n_segments), given_ltr, x_ltr, given_htr, x_htr, float(W_shaft), 0.0, table,
    )  # fmt: skip


def evaluate(
    spec: CycleSpec, x: Variables, W_shaft: float, starts: tuple[float, float] = (0.0, 0.0),
    table: np.ndarray = EXACT,
) -> Point:  # fmt: skip
    """Solve the cycle at its design variables and a shaft power [W], from near temperatures [K] or zeros."""
    if spec.mix_at_equal_T:
        return _equal_temperature(spec, x, W_shaft, starts, table)
    c = inputs_of(spec, x, W_shaft, table)
    layout = layout_of(spec, x.f, x.share)
    status, m, a, b, work, heat, st, hx = solve(c, *starts, np.zeros(4), 1e-10 if table.size == 0 else 1e-8)
    if status == SOLVED and not runs_forward(layout, st):
        status = NO_PATH
    return Point(x, layout, c, status, m, (a, b), work, heat, st, hx)


@cache
def _steps(layout: Layout) -> tuple[tuple[bool, bool, bool, int, int], ...]:
    """(compressor, gains heat, loses heat, inlet row, outlet row) of every stream of a layout but those into a mixer."""
    row = {name: i for i, name in enumerate(STATE_NAMES)}
    return tuple(
        (p.kind == "compressor", p.kind == "heater" or (p.kind == "recuperator" and k == 1),
         p.kind == "cooler" or (p.kind == "recuperator" and k == 0), row[a], row[b])
        for p in layout.parts if p.kind != "mixer" for k, (a, b, _) in enumerate(p.streams)
    )  # fmt: skip


def runs_forward(layout: Layout, st: np.ndarray) -> bool:
    """Whether every compressor raises the pressure and every other component lowers it (or leaves it), heaters heat, coolers
    cool and recuperators heat their cold side. Given pressures, a reheat temperature or a least difference may ask for the
    contrary, which the equations would solve."""
    p, h = st[:, P_].tolist(), st[:, H_].tolist()
    for compresses, gains, loses, i, j in _steps(layout):
        if (p[j] <= p[i]) if compresses else (p[j] > p[i] * (1.0 + 1e-9)):
            return False
        if (gains and h[j] < h[i]) or (loses and h[j] > h[i]):
            return False
    return True


def _equal_temperature(
    spec: CycleSpec, x: Variables, W_shaft: float, starts: tuple[float, float], table: np.ndarray
) -> Point:
    """The point whose recompressor outlet is as hot as the stream that it joins: bracketed search in f (Illinois; bisection
    where there is no answer). NO_EXCHANGE where no fraction does that."""
    plain = replace(spec, mix_at_equal_T=False)
    tol = 1e-9 if table.size == 0 else 1e-5  # K

    def at(f: float, starts: tuple[float, float]) -> tuple[Point, float]:
        p = evaluate(plain, x._replace(f=f), W_shaft, starts, table)
        return p, float(p.st[LTR_HP, T_] - p.st[RC_OUT, T_]) if p.status == SOLVED else np.inf

    a, (point, fa) = F_MIN, at(F_MIN, starts)
    b, fb = F_MAX, at(F_MAX, point.starts)[1]
    if fa >= 0.0 or fb < 0.0:
        point.status = point.status or NO_EXCHANGE
        return point
    side = 0
    for _ in range(100):
        f = a + (b - a) * (-fa / (fb - fa) if np.isfinite(fb) else 0.5)
        point, d = at(f, point.starts)
        if abs(d) < tol:
            return point
        if d < 0.0:
            a, fa, fb, side = f, d, (0.5 * fb if side < 0 else fb), -1
        else:
            b, fb, fa, side = f, d, (0.5 * fa if side > 0 else fa), 1
        if b - a < 1e-14:
            break
    point.status = point.status or NO_EXCHANGE
    return point


def heat_source_return_K(pt: Point, approach_K: float) -> float:
    """Temperature [K] at which a source of constant capacity leaves the bypass heater, after the main heater.

    The source is hotter than the CO2 by the approach at both ends of the main heater, which sets its capacity.
    """
    T, h, s = pt.st[:, T_], pt.st[:, H_], pt.inputs.split
    if pt.layout.kind == ONE_RECUPERATOR:  # no bypass: the main heater's inlet decides
        return float(T[LTR_HP] + approach_K)
    T_between = T[HEATER_IN] + approach_K
    capacity = (h[T_IN] - h[HEATER_IN]) / (T[T_IN] + approach_K - T_between)
    return float(T_between - s * (h[HTR_HP] - h[MIX]) / capacity)


def source_return_of(r: CycleResult) -> float:
    """`heat_source_return_K` [K] of a designed htr_bypass cycle."""
    h, T = {k: s.h_J_kg for k, s in r.states.items()}, {k: s.T_K for k, s in r.states.items()}
    if r.layout_used == "simple_recuperated":
        return T["ltr_hp_outlet"] + r.spec.heat_approach_K
    between = T["heater_inlet"] + r.spec.heat_approach_K
    capacity = (h["turbine_inlet"] - h["heater_inlet"]) / (T["turbine_inlet"] - T["heater_inlet"])
    return between - (r.split_fraction or 0.0) * (h["htr_hp_outlet"] - h["mixer_outlet"]) / capacity
