"""A block's machines beside built and designed ones: `nearest_plants`, with a verdict in words.

Three numbers compare machines of unlike power: rpm sqrt(kW) and diameter/sqrt(kW), constant for similar wheels in the
same gas, and the tip speed of the turbine. Inlet temperatures are compared with indirectly heated machines only (a
direct-fired turbine is cooled). Where a value lies outside those of the machines that ran, the verdict
says by how much. Data: `data/sco2_plants.json`; a value from memory is marked `assumption` and so is a verdict that
leans on it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import log, pi
from typing import Any

from thermo.defaults import table
from thermo.machines.generator import pm_machines

_KEYS: dict[str, tuple[tuple[str, ...], Callable[[float], float]]] = {
    "power_W": (("unit_power", "achieved_shaft", "power"), lambda x: 1e6 * x),
    "T_turbine_in_K": (("TIT_achieved", "TIT"), lambda x: x + 273.15),
    "p_high_Pa": (("p_high",), lambda x: 1e6 * x),
    "speed_rpm": (("rpm", "turbine_rpm"), lambda x: x),
    "turbine_diameter_m": (("wheel_turbine",), lambda x: 1e-3 * x),
    "compressor_diameter_m": (("wheel_compressor",), lambda x: 1e-3 * x),
}
_WORDS = {"power_W": "power", "T_turbine_in_K": "turbine inlet temperature", "p_high_Pa": "high pressure",
          "rpm_sqrt_kW": "rpm times root of kW", "tip_speed_m_s": "turbine tip speed",
          "diameter_per_sqrt_kW": "turbine diameter over root of kW", "eta_turbine": "turbine efficiency"}  # fmt: skip
_SHOW: dict[str, tuple[float, float, str]] = {
    "power_W": (1e-6, 0.0, "MW"), "T_turbine_in_K": (1.0, -273.15, "degC"), "p_high_Pa": (1e-6, 0.0, "MPa"),
    "rpm_sqrt_kW": (1e-6, 0.0, "million"), "tip_speed_m_s": (1.0, 0.0, "m/s"),
    "diameter_per_sqrt_kW": (1e3, 0.0, "mm"), "eta_turbine": (1.0, 0.0, ""),
}  # fmt: skip
_MADE_OF = {"rpm_sqrt_kW": ("speed_rpm", "power_W"), "tip_speed_m_s": ("speed_rpm", "turbine_diameter_m"),
            "diameter_per_sqrt_kW": ("turbine_diameter_m", "power_W")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlantRow:
    """One machine; None where a value is not known. `grades`: of each value; `efficiency` says what it is of."""

    name: str
    status: str
    built: bool
    direct_fired: bool = False
    power_W: float | None = None
    T_turbine_in_K: float | None = None
    p_high_Pa: float | None = None
    speed_rpm: float | None = None
    turbine_diameter_m: float | None = None
    compressor_diameter_m: float | None = None
    eta_turbine: float | None = None
    efficiency: str = ""
    kind: str = ""
    grades: tuple[tuple[str, str], ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def rpm_sqrt_kW(self) -> float | None:
        """Speed times root of power, constant for similar wheels."""
        return (
            None
            if self.speed_rpm is None or self.power_W is None
            else self.speed_rpm * (self.power_W / 1e3) ** 0.5
        )

    @property
    def diameter_per_sqrt_kW(self) -> float | None:
        """Turbine diameter over root of power [m/kW^0.5], constant for similar wheels."""
        D, P = self.turbine_diameter_m, self.power_W
        return None if D is None or P is None else D / (P / 1e3) ** 0.5

    @property
    def tip_speed_m_s(self) -> float | None:
        """Tip speed of the turbine wheel."""
        if self.speed_rpm is None or self.turbine_diameter_m is None:
            return None
        return pi * self.turbine_diameter_m * self.speed_rpm / 60.0


@dataclass(frozen=True, slots=True)
class RealityCheck:
    """Our machine, the machines nearest to it, and the verdict line by line."""

    ours: PlantRow
    rows: tuple[PlantRow, ...]
    verdicts: tuple[str, ...]


def _number(value: Any) -> float | None:
    if isinstance(value, list):
        return max(float(v) for v in value)
    return float(value) if isinstance(value, (int, float)) else None


def _row(m: dict[str, Any]) -> PlantRow:
    q = m["quantities"]
    values: dict[str, float] = {}
    grades = []
    for field, (names, convert) in _KEYS.items():
        entry = next((q[n] for n in names if n in q and q[n]["value"] is not None), None)
        number = _number(entry["value"]) if entry else None
        if entry is not None and number is not None and "MWth" not in entry["unit"]:
            values[field] = convert(number)
            grades.append((field, entry["grade"]))
    e = q.get("efficiency") or {"value": None, "unit": ""}
    eta = e["value"]
    text = "" if eta is None else "-".join(f"{v:g}" for v in (eta if isinstance(eta, list) else [eta]))
    if _number(eta) is not None and e["unit"].startswith("turbine"):
        values["eta_turbine"] = float(_number(eta) or 0.0)
        grades.append(("eta_turbine", e["grade"]))
    sources = {x["source"]["title"] for x in q.values() if x["source"]}
    what = f"{text} {e['unit']}".strip() if text else ""
    return PlantRow(m["name"], m["status"], m["built"], m["direct_fired"], **values, efficiency=what,
                    kind=str(q.get("type", {"value": ""})["value"]), grades=tuple(grades),
                    sources=tuple(sorted(sources)))  # fmt: skip


def plants() -> tuple[PlantRow, ...]:
    """Every machine of the catalogue."""
    return tuple(_row(m) for m in table("sco2_plants")["machines"])


def _value(row: PlantRow, field: str) -> float | None:
    return getattr(row, field)


def _verdict(ours: PlantRow, built: list[PlantRow], field: str) -> str | None:
    v = _value(ours, field)
    known = [(x, r) for r in built if (x := _value(r, field)) is not None
             and not (r.direct_fired and field == "T_turbine_in_K")]  # fmt: skip
    if v is None or len(known) < 2:
        return None
    k, shift, unit = _SHOW[field]
    (lo, a), (hi, b) = min(known, key=lambda p: p[0]), max(known, key=lambda p: p[0])
    text = f"{_WORDS[field]} {k * v + shift:.4g} {unit}".rstrip() + ": "
    rng = f"{k * lo + shift:.4g} ({a.name}) to {k * hi + shift:.4g} {unit}".rstrip() + f" ({b.name})"
    if lo <= v <= hi:
        text += f"inside what ran, {rng}"
    else:
        edge = hi if v > hi else lo
        by = (
            f"by {abs(v - edge):.0f} K"
            if field == "T_turbine_in_K"
            else f"by a factor of {max(v / edge, edge / v):.2f}"
        )
        text += f"{'above' if v > hi else 'below'} what ran {by}; {rng}"
    made_of = _MADE_OF.get(field, (field,))
    leans = {g for r in (a, b) for f, g in r.grades if f in made_of}
    return text + (" (a bound of the range is an assumption)" if "assumption" in leans else "")


def _distance(ours: PlantRow, row: PlantRow) -> float:
    """Likeness: a decade of power counts as 200 K of inlet temperature or a missing one."""
    d = abs(log(row.power_W / ours.power_W)) / log(10.0) if row.power_W and ours.power_W else 1.5
    if row.T_turbine_in_K and ours.T_turbine_in_K:
        return d + abs(row.T_turbine_in_K - ours.T_turbine_in_K) / 200.0
    return d + 1.0


def compare(ours: PlantRow, count: int = 6) -> RealityCheck:
    """A machine beside the nearest of the catalogue; verdicts against all that were built."""
    every = plants()
    near = sorted(every, key=lambda r: _distance(ours, r))[:count]
    built = [r for r in every if r.built]
    found = [_verdict(ours, built, f) for f in _WORDS]
    return RealityCheck(ours, tuple(near), tuple(v for v in found if v))


def nearest_plants(result: Any, machines: tuple[Any, ...] | None = None, count: int = 6) -> RealityCheck:
    """A `CycleResult` beside built and designed machines.

    Parameters
    ----------
    result : CycleResult
        With states and machines; W_shaft_W is compared.
    machines : tuple of MachineSize, optional
        Taken instead of `result.machines` (a `MachineTrain.machines`).
    """
    rows = result.machines if machines is None else machines
    turbines = [m for m in rows if m.name.endswith("turbine") or m.name.startswith("turbine")]
    turbine = max(turbines, key=lambda m: m.power_W, default=None)
    compressor = next((m for m in rows if m.name == "main compressor"), None)
    ours = PlantRow(
        "this block", result.layout_used or "", False, False, result.W_shaft_W,
        result.states["turbine_inlet"].T_K, result.p_high_Pa,
        turbine.speed_rpm if turbine else None, turbine.diameter_m if turbine else None,
        compressor.diameter_m if compressor else None,
        turbine.eta if turbine else None,
        f"{result.eta_thermal:.3f} thermal; turbine {turbine.eta:.3f}" if turbine else f"{result.eta_thermal:.3f} thermal",
        turbine.kind if turbine else "",
    )  # fmt: skip
    found = compare(ours, count)
    generator = next((m for m in rows if m.name == "generator"), None)
    return replace(found, verdicts=(*found.verdicts, *_generator_verdict(generator)))


def _generator_verdict(m: Any) -> tuple[str, ...]:
    """A high-speed generator beside the built PM machines that were read of."""
    if m is None or "permanent magnet" not in m.kind:
        return ()
    built = max((r for r in pm_machines() if r["grade"] == "cited"), key=lambda r: r["rpm_sqrt_kW"])
    ours, most = m.speed_rpm * (m.power_W / 1e3) ** 0.5, built["rpm_sqrt_kW"]
    side = "inside what ran" if ours <= most else f"above what ran by a factor of {ours / most:.2f}"
    big = "" if m.power_W <= built["power_W"] else f"; {m.power_W / built['power_W']:.1f} times its power"
    return (f"generator rpm times root of kW {ours / 1e6:.3g} million: {side}; {most / 1e6:.3g} million ({built['name']}, "
            f"{built['power_W'] / 1e6:.1f} MW at {built['speed_rpm']:,.0f} rpm){big}",)  # fmt: skip
