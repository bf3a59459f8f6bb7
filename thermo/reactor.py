"""Heat from a reactor: what it offers, and how much of it a CO2 cycle can take.

The coolant (or its intermediate loop) of constant heat capacity cools from T_hot to its return temperature T_cold,
which the reactor needs back. With an approach dT at both ends of the exchanger

    T_turbine_in <= T_hot - dT
    T_back = max(T_cold, T_co2_return + dT),   share of the reactor's heat that is used = (T_hot - T_back) / (T_hot - T_cold)

A cycle that returns its CO2 too hot derates the reactor to that share. No CO2 colder than the coolant's freezing point
plus 20 K may enter the exchanger. Data: `data/reactors.json`, with grades.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from .defaults import table

FREEZE_MARGIN_K = 20.0
ZERO_C = 273.15


@dataclass(frozen=True)
class Reactor:
    """A reactor module as a heat source: power [W], loop temperatures [K], freezing point of the loop [K] or None."""

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


@dataclass(frozen=True)
class ReactorMatch:
    """How a cycle fits a reactor. `used_share` and `T_back_K` are None where it cannot be connected at all."""

    ok: bool
    explain: str
    used_share: float | None = None
    T_back_K: float | None = None


@cache
def reactors() -> dict[str, Reactor]:
    """The catalogue by id.

    >>> round(reactors()["arc_100"].T_hot_K - 273.15)
    485
    """
    return {
        row["id"]: Reactor(
            row["id"],
            row["name"],
            row["coolant"],
            row["Q_module_MWth"] * 1e6,
            row["T_hot_degC"] + ZERO_C,
            row["T_cold_degC"] + ZERO_C,
            None if row["T_freeze_degC"] is None else row["T_freeze_degC"] + ZERO_C,
            row["grade"],
            row["source"],
            row["note"],
        )
        for row in table("reactors")["rows"]
    }


def match(reactor: Reactor, T_turbine_in_K: float, T_co2_return_K: float, approach_K: float) -> ReactorMatch:
    """How much of a reactor's heat a cycle takes between these temperatures [K].

    A helium loop of 260/750 degC over a recompression cycle that returns CO2 at 400 degC is used to two thirds:

    >>> found = match(reactors()["xe_100"], 873.15, 673.15, 15.0)
    >>> round(found.used_share, 2), round(found.T_back_K - 273.15)
    (0.68, 415)
    """
    hot = reactor.T_hot_K - approach_K
    if T_turbine_in_K > hot:
        return ReactorMatch(
            False,
            f"{reactor.name} gives the turbine at most {hot - ZERO_C:.0f} degC; {T_turbine_in_K - ZERO_C:.0f} degC is asked",
        )
    if reactor.T_freeze_K is not None and T_co2_return_K < reactor.T_freeze_K + FREEZE_MARGIN_K:
        least = reactor.T_freeze_K + FREEZE_MARGIN_K - ZERO_C
        return ReactorMatch(
            False,
            f"CO2 returns at {T_co2_return_K - ZERO_C:.0f} degC; {reactor.coolant} would freeze: at least {least:.0f} degC",
        )
    back = max(reactor.T_cold_K, T_co2_return_K + approach_K)
    share = (reactor.T_hot_K - back) / (reactor.T_hot_K - reactor.T_cold_K)
    if share <= 0.0:
        return ReactorMatch(
            False, f"CO2 returns at {T_co2_return_K - ZERO_C:.0f} degC, hotter than {reactor.name} can heat"
        )
    if back <= reactor.T_cold_K:
        return ReactorMatch(True, "all of the reactor's heat is used", 1.0, back)
    words = (
        f"CO2 returns at {T_co2_return_K - ZERO_C:.0f} degC, so the loop comes back at {back - ZERO_C:.0f} degC instead of "
        f"{reactor.T_cold_K - ZERO_C:.0f} degC: {share:.0%} of the reactor's heat is used and it is derated to that"
    )
    return ReactorMatch(True, words, share, back)
