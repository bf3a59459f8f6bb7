"""Choose conductors by ampacity and voltage drop, and count their metal.

loading = i / (n * derating * ampacity) <= loading_max,    drop = i * R_loop / n / v <= drop_max_frac
"""

from __future__ import annotations

from dataclasses import dataclass

from dcgrid import std_types
from dcgrid.tables import Network

#: Ampacity of grouped cables: NEC factor for 4 to 6 current-carrying conductors (wiresizes.com copy), cited.
GROUPING_FACTOR = 0.8

#: Smallest section laid in parallel: NEC asks for 1/0 AWG (53 mm2) or larger (recalled).
PARALLEL_MIN_MM2 = 50.0


@dataclass(frozen=True)
class Selection:
    """A conductor choice; `parallel` pairs, loop resistance, drop, loading and metal mass of go and return together."""

    std_type: str
    parallel: int
    r_ohm: float
    drop_frac: float
    loading: float
    mass_kg: float
    material: str


def mass_kg(std_type: str, length_m: float, parallel: int = 1) -> float:
    """Metal mass of a line, go and return [kg].

    Examples
    --------
    >>> round(mass_kg("Cu 240 mm2", 100.0), 1)
    427.3
    """
    return 2.0 * length_m * parallel * std_types.conductor(std_type).mass_kg_m


def _candidate(
    c: std_types.Conductor,
    i_a: float,
    v_v: float,
    length_m: float,
    drop_max_frac: float,
    loading_max: float,
    derating: float,
    t_conductor_degC: float,
    drop_length_m: float,
) -> Selection:
    by_ampacity = i_a / (c.max_i_a * derating * loading_max)
    r_one = c.r_loop_ohm(length_m, t_conductor_degC)
    r_drop = c.r_loop_ohm(drop_length_m, t_conductor_degC)
    by_drop = i_a * r_drop / (v_v * drop_max_frac)
    n = max(1, -int(-max(by_ampacity, by_drop) // 1))
    return Selection(
        c.std_type,
        n,
        r_one / n,
        i_a * r_drop / n / v_v,
        i_a / (n * c.max_i_a * derating),
        mass_kg(c.std_type, length_m, n),
        c.material,
    )


def select(
    i_a: float,
    v_v: float,
    length_m: float,
    drop_max_frac: float = 0.02,
    *,
    kind: tuple[str, ...] = ("cable",),
    material: str | None = "Cu",
    derating: float = GROUPING_FACTOR,
    loading_max: float = 1.0,
    t_conductor_degC: float = std_types.T_CONDUCTOR_degC,
    drop_length_m: float | None = None,
    max_parallel: int = 8,
    std_type: str | None = None,
) -> Selection:
    """Conductor that carries `i_a` [A] over `length_m` [m] within the drop; `std_type` fixes it.

    Of all choices with at most `max_parallel` conductors (the fewest possible if none is that low) and within a
    tenth of the least metal, the one with the fewest in parallel.
    `drop_length_m` is the length that the full current would have to travel for the same drop (half the length for
    evenly spread taps); default `length_m`.

    Examples
    --------
    >>> s = select(2000.0, 800.0, 60.0)
    >>> s.std_type, s.parallel
    ('Cu 120 mm2', 6)
    """
    pool = [std_types.conductor(std_type)] if std_type else list(std_types.conductors().values())
    if std_type is None:
        pool = [c for c in pool if c.kind in kind and (material is None or c.material == material)]
    along = length_m if drop_length_m is None else drop_length_m
    found = [
        _candidate(c, i_a, v_v, length_m, drop_max_frac, loading_max, derating, t_conductor_degC, along)
        for c in pool
    ]
    few = [s for s in found if s.parallel <= max_parallel]
    if std_type is None:
        few = [
            s for s in few if s.parallel == 1 or std_types.conductor(s.std_type).area_mm2 >= PARALLEL_MIN_MM2
        ]
    if not few:
        return min(found, key=lambda s: (s.parallel, s.mass_kg))
    least = min(s.mass_kg for s in few)
    return min((s for s in few if s.mass_kg <= 1.1 * least), key=lambda s: (s.parallel, s.mass_kg))


def conductor_mass_kg(net: Network) -> dict[str, float]:
    """Metal of all lines of a known std_type, by material [kg]."""
    out: dict[str, float] = {}
    kinds = net.column("bus", "kind")
    rows = zip(
        *(net.column("line", c) for c in ("std_type", "length_m", "parallel", "from_bus")), strict=True
    )
    for std_type, length, n, bus in rows:
        if std_type in std_types.conductors() and length:
            material = std_types.conductor(std_type).material
            of_pair = 1.5 if kinds[bus] == "bipolar" else 1.0  # two poles and a neutral
            out[material] = out.get(material, 0.0) + of_pair * mass_kg(std_type, length, n)
    return out


def copper_kg(net: Network) -> float:
    """Copper of all lines of a known std_type, go and return [kg]."""
    return conductor_mass_kg(net).get("Cu", 0.0)
