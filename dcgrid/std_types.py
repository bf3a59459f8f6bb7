"""Standard types: conductors (cables, busbars, busways) and converter loss curves, each with its source.

Resistance of one conductor at temperature T [degC]: R(T) = R20 (1 + alpha (T - 20)). A loop is go and return.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from dcgrid.outcome import NetworkError, Problem

#: Conductor temperature for load flow unless told otherwise: XLPE rated 90 degC, loaded to about 80 %.
T_CONDUCTOR_degC = 70.0
#: Kinds of conductor that are cables: IEC 60228 sections (chosen unless told otherwise), and AWG and kcmil sizes of the NEC.
CABLES = ("cable", "NEC cable")


@dataclass(frozen=True)
class Conductor:
    """One conductor (a line needs two.

    Go and return). Resistance at 20 degC, ampacity as its source rates it.
    """

    std_type: str
    kind: str
    material: str
    area_mm2: float
    r_20C_ohm_km: float
    alpha_per_K: float
    max_i_a: float
    mass_kg_m: float
    r_source: str
    r_grade: str
    i_source: str
    i_grade: str
    note: str

    def r_loop_ohm(self, length_m: float, t_conductor_degC: float = T_CONDUCTOR_degC) -> float:
        """Resistance of go and return together [ohm].

        Examples
        --------
        >>> round(conductor("Cu 500 mm2").r_loop_ohm(100.0, 20.0), 6)
        0.00732
        """
        r_km = self.r_20C_ohm_km * (1.0 + self.alpha_per_K * (t_conductor_degC - 20.0))
        return 2.0 * length_m / 1000.0 * r_km


@dataclass(frozen=True)
class ConverterType:
    """Loss curve of a converter: [output / p_rated, loss / p_rated] of one module, and what it covers."""

    std_type: str
    p_rated_w: float
    covers: str
    equipment: str
    loss_curve: tuple[tuple[float, float], ...]
    source: str
    grade: str
    kind: str
    note: str


def _read(name: str) -> str:
    return resources.files("dcgrid").joinpath("data", name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def conductors() -> dict[str, Conductor]:
    """All conductors that ship, by std_type."""
    numbers = ("area_mm2", "r_20C_ohm_km", "alpha_per_K", "max_i_a", "mass_kg_m")
    rows = csv.DictReader(_read("conductors.csv").splitlines())
    out = {}
    for r in rows:
        values: dict[str, Any] = {k: float(v) if k in numbers else v for k, v in r.items()}
        out[r["std_type"]] = Conductor(**values)
    return out


@lru_cache(maxsize=1)
def converters() -> dict[str, ConverterType]:
    """All converter loss curves that ship, by std_type."""
    rows = json.loads(_read("converters.json"))["converters"]
    return {
        r["std_type"]: ConverterType(**{**r, "loss_curve": tuple((x, y) for x, y in r["loss_curve"])})
        for r in rows
    }


def _unknown(field: str, name: str, known: dict[str, object]) -> NetworkError:
    import difflib

    near = difflib.get_close_matches(str(name), list(known), n=1, cutoff=0.3)
    hint = f"did you mean {near[0]!r}?" if near else ""
    return NetworkError([Problem(field, name, "one of " + ", ".join(known), hint)])


def conductor(std_type: str) -> Conductor:
    """Conductor of that name; NetworkError with a did-you-mean if unknown."""
    known = conductors()
    if std_type not in known:
        raise _unknown("line.std_type", std_type, dict(known))
    return known[std_type]


def converter(std_type: str) -> ConverterType:
    """Converter type of that name; NetworkError with a did-you-mean if unknown."""
    known = converters()
    if std_type not in known:
        raise _unknown("converter.std_type", std_type, dict(known))
    return known[std_type]
