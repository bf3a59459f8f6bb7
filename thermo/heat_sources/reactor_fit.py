"""Which cycle meets a reactor's return temperature, which needs a bottoming stage, which derates the reactor.

A reactor's return temperature is an equality with a tolerance. CO2 that returns colder than T_cold - dT meets it: the
exchanger is then made smaller. CO2 that returns hotter leaves the coolant at T_back > T_cold: either a bottoming cycle
cools it on (`bottoming`), or the reactor gives only (T_hot - T_back)/(T_hot - T_cold) of its heat. The rest is capital
that stands idle:

    idle capital = unused heat [kW] x price [USD/kW of heat];  per year: x capital recovery factor;  per kWh: / energy made
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from thermo.heat_sources.bottoming import Bottoming, bottoming
from thermo.heat_sources.reactor import Reactor, stream_of
from thermo.heat_stream import ZERO_C, HeatStream, heat_taken

Verdict = Literal["meets", "bottoming", "derated", "refused"]
HOURS = 8760.0


@dataclass(frozen=True)
class CycleCandidate:
    """A designed cycle, as a reactor sees it: where its CO2 comes back [K], its turbine inlet [K], its efficiency (of the
    boundary that the caller wants the power at)."""

    layout: str
    T_co2_return_K: float
    T_turbine_in_K: float
    eta: float


@dataclass(frozen=True)
class IdleCapital:
    """What heat that is paid for but not used costs: price [USD/kW of heat], capital recovery per year, share of the year at
    full load."""

    USD_per_kW: float
    recovery_per_year: float
    load_factor: float = 0.9


@dataclass(frozen=True)
class ReactorFit:
    """A cycle on a reactor: verdict in a word and in words, share of the heat used, heats [W], coolant's return [K], power
    [W] (with the bottoming cycle's shaft power), idle capital. None where refused, or where no price is given."""

    layout: str
    verdict: Verdict
    explain: str
    used_share: float | None = None
    Q_used_W: float | None = None
    Q_unused_W: float | None = None
    T_back_K: float | None = None
    W_W: float | None = None
    bottoming: Bottoming | None = None
    idle_USD: float | None = None
    idle_USD_per_year: float | None = None
    idle_USD_per_kWh: float | None = None


def _idle(
    Q_unused_W: float, W_W: float, price: IdleCapital | None
) -> tuple[float | None, float | None, float | None]:
    if price is None:
        return None, None, None
    usd = Q_unused_W / 1e3 * price.USD_per_kW
    year = usd * price.recovery_per_year
    return usd, year, year / (W_W / 1e3 * HOURS * price.load_factor)


def _second_stage(
    reactor: Reactor, T_back_K: float, approach_K: float, T_compressor_in_K: float
) -> Bottoming:
    whole = stream_of(reactor, approach_K)
    return bottoming(
        HeatStream(T_back_K, reactor.T_cold_K, whole.C_W_K, approach_K, reactor.T_freeze_K, reactor.name),
        T_compressor_in_K,
    )


def fit_one(
    reactor: Reactor, cycle: CycleCandidate, approach_K: float, tolerance_K: float = 5.0,
    price: IdleCapital | None = None, T_compressor_in_K: float | None = None,
) -> ReactorFit:  # fmt: skip
    """How one cycle fits; T_compressor_in_K [K]: allows a bottoming cycle with that compressor inlet."""
    taken = heat_taken(stream_of(reactor, approach_K), cycle.T_co2_return_K, cycle.T_turbine_in_K)
    if taken.Q_W is None or taken.T_out_K is None or taken.share is None:
        return ReactorFit(cycle.layout, "refused", f"{cycle.layout}: {taken.explain}")
    W = cycle.eta * taken.Q_W
    off = taken.T_out_K - reactor.T_cold_K
    returned = f"{cycle.layout} returns CO2 at {cycle.T_co2_return_K - ZERO_C:.0f} degC"
    back = f"{taken.T_out_K - ZERO_C:.0f} degC for {reactor.T_cold_K - ZERO_C:.0f} degC"
    unused = reactor.Q_module_W - taken.Q_W
    if off <= tolerance_K:
        words = f"{returned} and meets {reactor.name}'s return temperature ({back}, within {tolerance_K:g} K)"
        return ReactorFit(cycle.layout, "meets", words, taken.share, taken.Q_W, unused, taken.T_out_K, W, None,
                          *_idle(unused, W, price))  # fmt: skip
    why = ""
    if T_compressor_in_K is not None:
        second = _second_stage(reactor, taken.T_out_K, approach_K, T_compressor_in_K)
        if second.ok and second.W_shaft_W is not None:
            words = (
                f"{returned}; the loop leaves it at {taken.T_out_K - ZERO_C:.0f} degC and {second.explain}"
            )
            return ReactorFit(cycle.layout, "bottoming", words, 1.0, reactor.Q_module_W, 0.0, reactor.T_cold_K,
                              W + second.W_shaft_W, second, *_idle(0.0, W, price))  # fmt: skip
        why = f"; no bottoming: {second.explain}"
    words = (
        f"{returned}, so the loop comes back {off:.0f} K too hot ({back}): {taken.share:.0%} of {reactor.name}'s heat is "
        f"used, {unused / 1e6:.0f} MW stand idle{why}"
    )
    return ReactorFit(cycle.layout, "derated", words, taken.share, taken.Q_W, unused, taken.T_out_K, W, None,
                      *_idle(unused, W, price))  # fmt: skip


def fit_reactor(
    reactor: Reactor, cycles: Sequence[CycleCandidate], approach_K: float, tolerance_K: float = 5.0,
    price: IdleCapital | None = None, T_compressor_in_K: float | None = None,
) -> tuple[ReactorFit, ...]:  # fmt: skip
    """How each of a set of designed cycles fits a reactor, most power first.

    >>> from .reactor import reactors
    >>> cold, hot = CycleCandidate("simple", 520.0, 823.15, 0.40), CycleCandidate("recompression", 673.15, 823.15, 0.45)
    >>> for f in fit_reactor(reactors()["xe_100"], [cold, hot], 15.0, price=IdleCapital(4000.0, 0.08)):
    ...     print(f.layout, f.verdict, round(f.used_share, 2), round(f.W_W / 1e6), round(f.idle_USD_per_year / 1e6, 1))
    simple meets 1.0 80 0.2
    recompression derated 0.68 62 20.2
    """
    fits = [fit_one(reactor, c, approach_K, tolerance_K, price, T_compressor_in_K) for c in cycles]
    return tuple(sorted(fits, key=lambda f: -(f.W_W or 0.0)))
