"""What a cable or busway may carry where it lies: ambient temperature, neighbours, and the temperature it reaches.

    I_z = I_base * sqrt((T_max - T_amb) / (T_max - T_base)) * bundling(2 n)         (busway: no bundling)
    T   = T_amb + (T_max - T_amb) (I / (n I_z))^2,     R at T, drop = I R(T) / n / v

The square root is the heat balance behind the tables of ambient factors; it meets them within 0.01.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from dcgrid import std_types
from dcgrid.cables import PARALLEL_MIN_MM2, mass_kg
from dcgrid.outcome import Checker, RunError
from dcgrid.tables import Network

#: Ambient factors of each kind of cable; busways have their own.
AMBIENT = {"cable": "ambient_90C", "NEC cable": "ambient_75C"}


@lru_cache(maxsize=1)
def factors() -> dict[str, Any]:
    """Published factors, each with its source."""
    found: dict[str, Any] = json.loads(
        (resources.files("dcgrid") / "data" / "cable_factors.json").read_text(encoding="utf-8")
    )
    return found


@dataclass(frozen=True)
class Laying:
    """How cables lie: ambient [degC]; pairs of conductors that lie bundled together (further pairs lie apart)."""

    ambient_degC: float = 30.0
    pairs_together: int = 3

    def __post_init__(self) -> None:
        check = Checker("Laying")
        check.number("ambient_degC", self.ambient_degC, -40.0, 80.0, "degC")
        check.whole("pairs_together", self.pairs_together, 1)
        check.done()


@dataclass(frozen=True)
class Installed:
    """A choice as it lies; `t_conductor_degC` is reached at the design current; metal of go and return [kg]."""

    std_type: str
    parallel: int
    ampacity_a: float
    loading: float
    t_conductor_degC: float
    r_ohm: float
    drop_frac: float
    mass_kg: float
    material: str
    limited_by: str


def ambient_factor(ambient_degC: float, kind: str = "cable") -> float:
    """Factor on ampacity for the ambient temperature.

    Examples
    --------
    >>> round(ambient_factor(40.0), 3), ambient_factor(40.0, "busway")
    (0.913, 1.0)
    """
    f = factors()[AMBIENT.get(kind, "busway")]
    return math.sqrt(max(f["T_max_degC"] - ambient_degC, 0.0) / (f["T_max_degC"] - f["base_degC"]))


def bundling_factor(conductors: int) -> float:
    """Factor on ampacity for conductors that carry current side by side.

    Examples
    --------
    >>> bundling_factor(2), bundling_factor(6), bundling_factor(12)
    (1.0, 0.8, 0.5)
    """
    f = factors()["bundling"]
    return float(next((x for n, x in f["up_to"] if conductors <= n), f["beyond"]))


def rate(
    std_type: str,
    parallel: int,
    i_a: float,
    v_v: float,
    length_m: float,
    laying: Laying,
    drop_length_m: float | None = None,
) -> Installed:
    """Loading, temperature, resistance and drop of a given choice at `i_a` [A]."""
    c = std_types.conductor(std_type)
    bundle = bundling_factor(2 * min(parallel, laying.pairs_together)) if c.kind in std_types.CABLES else 1.0
    each = c.max_i_a * ambient_factor(laying.ambient_degC, c.kind) * bundle
    loading = i_a / (parallel * each) if each > 0.0 else math.inf
    t_max = factors()[AMBIENT.get(c.kind, "ambient_90C")]["T_max_degC"]
    t = laying.ambient_degC + (t_max - laying.ambient_degC) * min(loading, 2.0) ** 2
    r = c.r_loop_ohm(length_m, t) / parallel
    drop = i_a * c.r_loop_ohm(length_m if drop_length_m is None else drop_length_m, t) / parallel / v_v
    return Installed(
        std_type,
        parallel,
        parallel * each,
        loading,
        t,
        r,
        drop,
        mass_kg(std_type, length_m, parallel),
        c.material,
        "",
    )


def _least_parallel(std_type: str, i_a: float, v_v: float, length_m: float, drop_max: float, laying: Laying,
                    drop_length_m: float | None, most: int) -> Installed | None:  # fmt: skip
    for n in range(1, most + 1):
        x = rate(std_type, n, i_a, v_v, length_m, laying, drop_length_m)
        if x.loading <= 1.0 and x.drop_frac <= drop_max:
            before = rate(std_type, n - 1, i_a, v_v, length_m, laying, drop_length_m) if n > 1 else None
            why = "smallest" if before is None else "ampacity" if before.loading > 1.0 else "voltage drop"
            return Installed(**{**x.__dict__, "limited_by": why})
    return None


def select_installed(
    i_a: float,
    v_v: float,
    length_m: float,
    drop_max_frac: float = 0.02,
    laying: Laying | None = None,
    *,
    kind: tuple[str, ...] = ("cable",),
    material: str | None = "Cu",
    drop_length_m: float | None = None,
    max_parallel: int = 40,
) -> Installed:
    """Least metal that carries `i_a` [A] where it lies, within the drop; of equal tenths the fewest in parallel.

    Raises
    ------
    RunError
        Where no choice up to `max_parallel` meets both rules (too hot, too far).

    Examples
    --------
    >>> s = select_installed(1500.0, 800.0, 60.0, laying=Laying(40.0, 3))
    >>> s.loading <= 1.0 and s.drop_frac <= 0.02
    True
    """
    laying = Laying() if laying is None else laying
    check = Checker("select_installed")
    for field, value, unit in (("i_a", i_a, "A"), ("v_v", v_v, "V"), ("length_m", length_m, "m")):
        check.number(field, value, 0.0, None, unit, strict=True)
    check.number("drop_max_frac", drop_max_frac, 1e-5, 0.5)
    check.done()
    pool = [c for c in std_types.conductors().values() if c.kind in kind and (material in (None, c.material))]
    found = [
        x
        for c in pool
        for x in [
            _least_parallel(
                c.std_type, i_a, v_v, length_m, drop_max_frac, laying, drop_length_m, max_parallel
            )
        ]
        if x is not None
        and (x.parallel == 1 or c.kind not in std_types.CABLES or c.area_mm2 >= PARALLEL_MIN_MM2)
    ]
    if not found:
        raise RunError(
            f"no {' or '.join(kind)} carries {i_a:g} A over {length_m:g} m at {laying.ambient_degC:g} degC within "
            f"{100 * drop_max_frac:g} % drop and {max_parallel} in parallel: raise the voltage, shorten, or spread the load"
        )
    least = min(x.mass_kg for x in found)
    return min((x for x in found if x.mass_kg <= 1.1 * least), key=lambda x: (x.parallel, x.mass_kg))


def conductor_cost_USD(
    net: Network, copper_USD_kg: float, aluminium_USD_kg: float = 2.7, laid_over_metal: float = 3.0
) -> float:
    """Laid cost of all lines of a known type [USD]: metal price times mass times laid-over-metal (an assumption)."""
    from dcgrid.cables import conductor_mass_kg

    price = {"Cu": copper_USD_kg, "Al": aluminium_USD_kg}
    return sum(price[m] * kg for m, kg in conductor_mass_kg(net).items()) * laid_over_metal
