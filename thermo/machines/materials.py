"""Which alloy holds a part at its temperature and pressure, and what a spinning wheel asks of it.

Allowable stress of an alloy: S = min(cap, 0.67 average, 0.8 least rupture stress in 100,000 h), the creep rule of
ASME II-D; rupture by Larson and Miller, T (C + log10 t) = sum a_i (log10 sigma)^i. Alloys without a rupture fit have a
table of S. Stress that a part needs at pressure p, with a wall of up to k inner radii and a joint factor E:

    thick tube       S = p (1/k + 0.6)/E        ASME t = p r/(S E - 0.6 p)
    thick cylinder   S = p/(E ln(1 + k))
    channel plate    S = p/(k E)                fin between channels up to k channels wide

Disc: a flat one of constant thickness carries (3 + nu)/8 rho U^2 at its centre; a tapered wheel `disc_shape_factor`.

Not covered: thermal stress, fatigue, oxidation and carburisation beyond the temperature limits given, weld factors.
Data with sources and grades: `data/alloys.json`; of alloys by rising price the first that holds is named.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import log, log10
from typing import Any

from thermo.defaults import table
from thermo.machines.wheels import Duty, Wheel, parameter
from thermo.state import State


@dataclass(frozen=True, slots=True)
class AlloyCheck:
    """One alloy for a part: allowable stress [Pa] (None above its temperature limit), whether it holds, grade."""

    alloy: str
    T_max_K: float
    S_allowable_Pa: float | None
    holds: bool
    grade: str


@dataclass(frozen=True, slots=True)
class MaterialChoice:
    """A part, what it needs and the least alloy that does it; `alloy` None: beyond all of them."""

    part: str
    T_metal_K: float
    p_Pa: float
    S_required_Pa: float
    alloy: str | None
    S_allowable_Pa: float | None
    words: str
    checks: tuple[AlloyCheck, ...]


@cache
def _alloys() -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in table("alloys")["alloys"]}


def alloys() -> list[dict[str, Any]]:
    """Every alloy as a row of the data table, by rising price."""
    return [dict(row) for row in table("alloys")["alloys"]]


def rupture_stress_Pa(alloy: str, T_K: float, hours: float = 1e5, lower: bool = False) -> float:
    """Stress [Pa] that breaks an alloy after so many hours at a temperature, average or lower bound.

    >>> round(rupture_stress_Pa("740H", 1033.15) / 1e6)
    114
    """
    fit = _alloys()[alloy]["rupture"]
    a = fit["lower" if lower else "average"]
    want = T_K * (fit["C"] + log10(hours))
    # the fits fall with stress from 1000 MPa down to their top, which lies below 20 MPa
    lo, hi = 0.3, 3.2
    top = max((lo + i * (hi - lo) / 290 for i in range(291)), key=lambda x: _polynomial(a, x))
    if _polynomial(a, top) < want:
        return 0.0
    lo = top
    for _ in range(60):
        mid = 0.5 * (lo + hi)
        lo, hi = (mid, hi) if _polynomial(a, mid) > want else (lo, mid)
    return float(1e6 * 10.0**lo)


def _polynomial(a: list[float], x: float) -> float:
    y = 0.0
    for c in a:
        y = y * x + c
    return y


def _tabulated(xs: list[float], ys: list[float], x: float) -> float:
    if x <= xs[0]:
        return ys[0]
    for i in range(1, len(xs)):
        if x <= xs[i]:
            return ys[i - 1] + (ys[i] - ys[i - 1]) * (x - xs[i - 1]) / (xs[i] - xs[i - 1])
    return 0.0


def allowable_stress_Pa(alloy: str, T_K: float) -> float | None:
    """Allowable stress [Pa] at a metal temperature; None above the alloy's limit.

    >>> S = allowable_stress_Pa("316H", 873.15); allowable_stress_Pa("316H", 923.15) is None, round(S / 1e6)
    (True, 71)
    """
    row, rule = _alloys()[alloy], table("alloys")
    if row["T_max"]["value"] + 1e-9 < T_K:
        return None
    if "stress" in row:
        return _tabulated(row["stress"]["T_K"], row["stress"]["S_Pa"], T_K)
    creep = min(rule["factor_average"] * rupture_stress_Pa(alloy, T_K, rule["life_h"]),
                rule["factor_lower"] * rupture_stress_Pa(alloy, T_K, rule["life_h"], True))  # fmt: skip
    return float(min(row["cap"]["value"], creep))


def _grade(row: dict[str, Any], S: float | None) -> str:
    """`cited` only where the number that decides was read in its source."""
    if S is None:
        return str(row["T_max"]["grade"])
    return "cited" if "rupture" in row and row["cap"]["value"] > S else "assumption"


def required_stress_Pa(wall: str, p_Pa: float, k: float, joint: float) -> float:
    """Stress [Pa] that a wall of k inner radii (or fin of k channels) needs at a pressure.

    >>> round(required_stress_Pa("thick tube", 25e6, 0.6, 1.0) / 1e6, 1)
    56.7
    """
    if wall == "thick tube":
        return p_Pa * (1.0 / k + 0.6) / joint
    if wall == "thick cylinder":
        return p_Pa / (joint * log(1.0 + k))
    if wall == "channel plate":
        return p_Pa / (k * joint)
    raise ValueError(f"wall: {wall!r} is not one of thick tube, thick cylinder, channel plate")


def choose(part: str, T_metal_K: float, p_Pa: float, S_required_Pa: float) -> MaterialChoice:
    """The least alloy, by price, whose allowable stress at the metal temperature is enough."""
    checks = []
    for row in table("alloys")["alloys"]:
        S = allowable_stress_Pa(row["name"], T_metal_K)
        holds = S is not None and S_required_Pa <= S
        checks.append(AlloyCheck(row["name"], row["T_max"]["value"], S, holds, _grade(row, S)))
    best = next((c for c in checks if c.holds), None)
    where = f"{part}: {S_required_Pa / 1e6:.0f} MPa at {T_metal_K - 273.15:.0f} degC and {p_Pa / 1e6:.1f} MPa"
    if best is not None and best.S_allowable_Pa is not None:
        words = f"{where}: {best.alloy} holds {best.S_allowable_Pa / 1e6:.0f} MPa ({best.grade})"
        return MaterialChoice(
            part, T_metal_K, p_Pa, S_required_Pa, best.alloy, best.S_allowable_Pa, words, tuple(checks)
        )
    strongest = max(checks, key=lambda c: c.S_allowable_Pa or 0.0)
    if strongest.S_allowable_Pa:
        words = f"{where}: beyond every alloy known here; {strongest.alloy} holds {strongest.S_allowable_Pa / 1e6:.0f} MPa"
    else:
        hottest = max(c.T_max_K for c in checks) - 273.15
        words = f"{where}: beyond every alloy known here; the hottest may go to {hottest:.0f} degC"
    return MaterialChoice(part, T_metal_K, p_Pa, S_required_Pa, None, None, words, tuple(checks))


def part_material(kind: str, T_K: float, p_Pa: float, name: str = "") -> MaterialChoice:
    """Material of a part of `data/alloys.json` ("heater tubes", "hot pipe", "turbine casing", "recuperator")."""
    row = next(r for r in table("alloys")["parts"] if r["name"] == kind)
    S = required_stress_Pa(row["wall"], p_Pa, row["wall_over_radius"], row["joint"])
    return choose(name or kind, T_K + row["T_over_K"], p_Pa, S)


def disc_stress_Pa(
    density_kg_m3: float, tip_speed_m_s: float, poisson: float = 0.3, bore: bool = False
) -> float:
    """Greatest stress [Pa] of a flat spinning disc: solid, at the centre; with a small bore, twice that.

    >>> round(disc_stress_Pa(8220.0, 370.0) / 1e6)
    464
    """
    return (3.0 + poisson) / (4.0 if bore else 8.0) * density_kg_m3 * tip_speed_m_s**2


def disc_strength_Pa(alloy: str, T_K: float) -> float | None:
    """Stress [Pa] that a disc of an alloy may carry: 0.67 of rupture in 100,000 h, yield over its safety.

    None where the alloy has no yield data or is above its limit.
    """
    row, rule = _alloys()[alloy], table("alloys")
    if "yield_stress" not in row or row["T_max"]["value"] < T_K:
        return None
    y = row["yield_stress"]
    return min(_tabulated(y["T_K"], y["yield_Pa"], T_K) / rule["disc"]["safety_on_yield"],
               rule["factor_average"] * rupture_stress_Pa(alloy, T_K, rule["life_h"]))  # fmt: skip


def disc_check(d: Duty, w: Wheel) -> MaterialChoice:
    """The turbine wheel: rim speed against strength, at the temperature that the wheel feels.

    A wheel that turns with the swirl feels T_in - U^2/(2 c_p) (relative stagnation temperature); with several
    stages U is the same on each and the first is the hottest.
    """
    from thermo.co2.flash import cp_of

    cp = float(cp_of(d.inlet.rho_kg_m3, d.inlet.T_K))
    T = d.inlet.T_K - w.tip_speed_m_s**2 / (2.0 * cp)
    S = parameter("disc_shape_factor") * table("alloys")["disc"]["density_kg_m3"] * w.tip_speed_m_s**2
    checks = []
    for name, row in _alloys().items():
        if "yield_stress" in row:
            s = disc_strength_Pa(name, T)
            checks.append(AlloyCheck(name, row["T_max"]["value"], s, s is not None and s >= S, "assumption"))
    best = next((c for c in checks if c.holds), None)
    where = f"{d.name} wheel: {S / 1e6:.0f} MPa at a rim speed of {w.tip_speed_m_s:.0f} m/s and {T - 273.15:.0f} degC"
    if best is not None and best.S_allowable_Pa is not None:
        words = f"{where}: {best.alloy} carries {best.S_allowable_Pa / 1e6:.0f} MPa"
        return MaterialChoice(
            f"{d.name} wheel", T, d.inlet.p_Pa, S, best.alloy, best.S_allowable_Pa, words, tuple(checks)
        )
    words = f"{where}: beyond every disc alloy known here; slower wheels with more stages"
    return MaterialChoice(f"{d.name} wheel", T, d.inlet.p_Pa, S, None, None, words, tuple(checks))


def materials_of(components: Iterable[Any], states: Mapping[str, State], duties: Iterable[Duty] = (),
                 wheels: Iterable[Wheel] = ()) -> tuple[MaterialChoice, ...]:  # fmt: skip
    """Materials of a cycle's hot parts, from its components and states; of turbine wheels too where they are given.

    Heaters: tubes at outlet temperature and inlet pressure; turbines: casing and hot pipe at the inlet; recuperators:
    the hot end, at the greater pressure.
    """
    found: list[MaterialChoice] = []
    for c in components:
        name = c.name.replace("_", " ")
        inlet, outlet = states[c.streams[0].inlet], states[c.streams[0].outlet]
        if c.kind == "heater":
            found.append(part_material("heater tubes", outlet.T_K, inlet.p_Pa, f"{name} tubes"))
        elif c.kind == "turbine":
            found.append(part_material("hot pipe", inlet.T_K, inlet.p_Pa, f"pipe to the {name}"))
            found.append(part_material("turbine casing", inlet.T_K, inlet.p_Pa, f"{name} casing"))
        elif c.kind == "recuperator":
            p = max(states[s.inlet].p_Pa for s in c.streams)
            found.append(part_material("recuperator", inlet.T_K, p, name))
    by_name = {d.name: d for d in duties}
    found += [disc_check(by_name[w.name], w) for w in wheels if w.name in by_name and w.form != "centrifugal"]
    return tuple(found)
