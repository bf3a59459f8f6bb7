"""Reactors as heat sources: the catalogue, and how much of a reactor's heat a CO2 cycle can take.

The coolant (or its intermediate loop) of constant heat capacity cools from T_hot to its return temperature T_cold,
which the reactor needs back. With an approach dT at both ends of the exchanger (`heat_stream`)

    T_turbine_in <= T_hot - dT
    T_back = max(T_cold, T_co2_return + dT),   share of the reactor's heat that is used = (T_hot - T_back) / (T_hot - T_cold)

A cycle that returns its CO2 too hot derates the reactor to that share (ways out: `reactor_fit`). No CO2 colder than the
coolant's freezing point plus 20 K may enter the exchanger. Data: `data/reactors.json`; every fact has its grade and source.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from thermo.defaults import table
from thermo.heat_stream import FREEZE_MARGIN_K, ZERO_C, HeatStream, heat_taken


@dataclass(frozen=True)
class Fact:
    """One published or remembered value of a design: name, value, unit, grade (`cited`, `assumption`), source, note."""

    name: str
    value: Any
    unit: str
    grade: str
    source: str | None
    note: str = ""


@dataclass(frozen=True)
class Reactor:
    """A reactor module as a heat source: power [W], loop temperatures [K], freezing point of the loop [K] or None.

    `coolant` is the fluid that meets the CO2, `primary_coolant` the reactor's own; loop_assumed_K: what an intermediate loop
    was assumed to take at both ends [K] (0: listed loop or none); decay_heat: the path that does not need the block.
    """

    id: str
    name: str
    coolant: str
    Q_module_W: float
    T_hot_K: float
    T_cold_K: float
    T_freeze_K: float | None
    grade: str
    source: str | None
    note: str
    vendor: str = ""
    kind: str = ""
    primary_coolant: str = ""
    loop_assumed_K: float = 0.0
    fit: str = ""
    decay_heat: str = ""
    facts: tuple[Fact, ...] = ()

    def fact(self, name: str) -> Fact | None:
        """A fact by name (electric_rating, T_primary_out, p_primary, refuelling_interval ...); None where unknown."""
        return next((f for f in self.facts if f.name == name), None)


@dataclass(frozen=True)
class Incomplete:
    """A design of the catalogue that cannot be matched, and what is missing."""

    id: str
    name: str
    missing: tuple[str, ...]
    fit: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class ReactorMatch:
    """How a cycle fits a reactor. `used_share` and `T_back_K` are None where it cannot be connected at all."""

    ok: bool
    explain: str
    used_share: float | None = None
    T_back_K: float | None = None


def _facts(row: dict[str, Any]) -> tuple[Fact, ...]:
    sources = table("reactors")["sources"]

    def source(key: str | None) -> str | None:
        if key is None:
            return None
        s = sources[key]
        year = f", {s['year']}" if s["year"] else ""
        return f"{s['title']} ({s['org']}{year}; {s['quality']})"

    return tuple(
        Fact(f["name"], f["value"], f["unit"], f["grade"], source(f["source"]), f.get("note", ""))
        for f in row["facts"]
    )


@cache
def reactors() -> dict[str, Reactor]:
    """The catalogue by id.

    >>> arc = reactors()["arc_100"]
    >>> round(arc.T_hot_K - 273.15), arc.fact("electric_rating").value
    (485, 100)
    """
    return {
        row["id"]: Reactor(
            id=row["id"],
            name=row["name"],
            coolant=row["coolant"],
            Q_module_W=row["Q_module_MWth"] * 1e6,
            T_hot_K=row["T_hot_degC"] + ZERO_C,
            T_cold_K=row["T_cold_degC"] + ZERO_C,
            T_freeze_K=None if row["T_freeze_degC"] is None else row["T_freeze_degC"] + ZERO_C,
            grade=row["grade"],
            source=row["source"],
            note=row["note"],
            vendor=row["vendor"],
            kind=row["kind"],
            primary_coolant=row["primary_coolant"],
            loop_assumed_K=row["loop_assumed_K"],
            fit=row["sCO2_fit"],
            decay_heat=row["decay_heat"],
            facts=_facts(row),
        )
        for row in table("reactors")["rows"]
    }


@cache
def incomplete() -> tuple[Incomplete, ...]:
    """Designs that are known but cannot be matched."""
    return tuple(
        Incomplete(r["id"], r["name"], tuple(r["missing"]), r["sCO2_fit"], _facts(r))
        for r in table("reactors")["incomplete"]
    )


def stream_of(reactor: Reactor, approach_K: float) -> HeatStream:
    """A reactor module's heat as a stream for the cycle search."""
    C = reactor.Q_module_W / (reactor.T_hot_K - reactor.T_cold_K)
    return HeatStream(reactor.T_hot_K, reactor.T_cold_K, C, approach_K, reactor.T_freeze_K, reactor.name)


def match(reactor: Reactor, T_turbine_in_K: float, T_co2_return_K: float, approach_K: float) -> ReactorMatch:
    """How much of a reactor's heat a cycle takes between these temperatures [K].

    A helium loop of 260/750 degC over a recompression cycle that returns CO2 at 400 degC is used to two thirds:

    >>> found = match(reactors()["xe_100"], 873.15, 673.15, 15.0)
    >>> round(found.used_share, 2), round(found.T_back_K - 273.15)
    (0.68, 415)
    """
    taken = heat_taken(stream_of(reactor, approach_K), T_co2_return_K, T_turbine_in_K)
    if not taken.ok or taken.share is None or taken.T_out_K is None:
        return ReactorMatch(False, taken.explain)
    if taken.share >= 1.0:
        return ReactorMatch(True, "all of the reactor's heat is used", 1.0, taken.T_out_K)
    words = (
        f"CO2 returns at {T_co2_return_K - ZERO_C:.0f} degC, so the loop comes back at {taken.T_out_K - ZERO_C:.0f} degC "
        f"instead of {reactor.T_cold_K - ZERO_C:.0f} degC: {taken.share:.0%} of the reactor's heat is used and it is "
        "derated to that"
    )
    return ReactorMatch(True, words, taken.share, taken.T_out_K)


__all__ = [
    "FREEZE_MARGIN_K",
    "Fact",
    "Incomplete",
    "Reactor",
    "ReactorMatch",
    "incomplete",
    "match",
    "reactors",
    "stream_of",
]
