"""Exergy account and entropy production of any layout: where the work that the heat could have done is lost.

    e = h - h_0 - T_0 (s - s_0)                      flow exergy of the CO2; dead state: surroundings T_0, p_0
    E_Q = Q (1 - T_0/T_m),   T_m = (T_in - T_out)/ln(T_in/T_out)     heat from a source of constant heat capacity
    destroyed = fuel - product = T_0 S_gen           for every component

Fuel and product: a turbine's fuel is the CO2's exergy, its product work; a compressor the other way round; a recuperator
gives exergy of the hot side to the cold; a heater that of the source to the CO2; a mixer that of the hotter stream to
the colder. A cooler has no product: what its CO2 loses is destroyed in it and, last, where its warm air mixes with
the surroundings. Losses of the electrical chain are work, so exergy in full. With a fired heater, combustion, flue and
casing are one row: from the fuel's exergy to that of the heat that flue and coils exchange.

Sources: Bejan, Tsatsaronis & Moran, Thermal Design and Optimization (1996), ch. 3; mean temperature of a stream:
Kotas, The Exergy Method of Thermal Plant Analysis (1995), ch. 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log

import numpy as np

from thermo.accounts.diagram import other_side, profile, words
from thermo.co2.fluid import state_pT
from thermo.cycle.components import Component
from thermo.defaults import default
from thermo.result import CycleResult
from thermo.state import State

SourceTemperature = float | tuple[float, float]


@dataclass(frozen=True)
class ExergyRow:
    """A component: fuel, product and destruction [W], exergetic efficiency product/fuel (None: no product)."""

    name: str
    kind: str
    fuel_W: float
    product_W: float
    destroyed_W: float
    efficiency: float | None


@dataclass(frozen=True)
class ExergyAccount:
    """Rows of a block. fuel_W = product_W + sum of the rows' destroyed_W, to 1e-9.

    fuel_W is the exergy of the heat (of the fuel with a fired heater), product_W the power at the DC terminals.
    """

    rows: tuple[ExergyRow, ...]
    fuel_W: float
    product_W: float
    efficiency: float
    T_0_K: float
    p_0_Pa: float
    T_source_K: Mapping[str, float]


@dataclass(frozen=True)
class EntropyProduction:
    """Entropy [W/K] that a component produces, in all and by segment of equal duty from the cold end of an exchanger
    (one segment for the others); Q_over_T_W_K: heat over its mean temperature in a segment, to judge rounding by."""

    name: str
    kind: str
    total_W_K: float
    segments_W_K: np.ndarray
    Q_over_T_W_K: np.ndarray


def mean_temperature_K(T_source_K: SourceTemperature) -> float:
    """Thermodynamic mean temperature [K] at which a source gives off heat: constant, or (inlet, outlet).

    >>> round(mean_temperature_K((900.0, 600.0)), 1)
    739.9
    """
    if isinstance(T_source_K, (int, float)):
        return float(T_source_K)
    a, b = T_source_K
    return (a - b) / log(a / b) if abs(a - b) > 1e-9 * a else a


def flow_exergy_J_kg(state: State, T_0_K: float, p_0_Pa: float) -> float:
    """Physical flow exergy [J/kg] of CO2 over the dead state."""
    dead = state_pT(p_0_Pa, T_0_K)
    return state.h_J_kg - dead.h_J_kg - T_0_K * (state.s_J_kgK - dead.s_J_kgK)


def exergy_account(
    r: CycleResult, *, T_source_K: SourceTemperature | Mapping[str, SourceTemperature] | None = None,
    T_0_K: float | None = None, p_0_Pa: float | None = None,
) -> ExergyAccount:  # fmt: skip
    """Exergy account of a result.

    Parameters
    ----------
    T_source_K : temperature at which the heat is given [K]: one, (inlet, outlet) of the source, or a mapping of these
        by heater. None: flame and flue of the fired heater, the heat stream, or the CO2's hottest temperature +
        `flue_approach_K`.
    T_0_K, p_0_Pa : dead state; None: the result's ambient temperature, the spec's ambient pressure.
    """
    r.require_ok()
    T_0 = T_0_K or r.T_ambient_K
    assert T_0 is not None
    p_0 = p_0_Pa or r.spec.p_ambient_Pa
    e = {k: flow_exergy_J_kg(s, T_0, p_0) for k, s in r.states.items()}
    T_m = _sources(r, T_source_K)
    rows = [
        _row(c, e, c.Q_W * (1.0 - T_0 / T_m[c.name]) if c.kind == "heater" else 0.0) for c in r.components
    ]
    heat = sum(x.fuel_W for x in rows if x.kind == "heater")
    if r.heater is not None:
        fuel = r.heater.Q_fuel_LHV_W * default("fuel_exergy_over_LHV")
        rows.insert(
            0, ExergyRow("combustion, flue and casing", "source", fuel, heat, fuel - heat, heat / fuel)
        )
        heat = fuel
    rows += [ExergyRow(words(k), "electrical", w, 0.0, w, None) for k, w in r.losses_W.items()]
    assert r.W_net_W is not None
    return ExergyAccount(tuple(rows), heat, r.W_net_W, r.W_net_W / heat, T_0, p_0, T_m)


def _sources(
    r: CycleResult, given: SourceTemperature | Mapping[str, SourceTemperature] | None
) -> dict[str, float]:
    """Mean temperature [K] of the source by heater; a source colder than the CO2 needs is refused."""
    heaters = [c for c in r.components if c.kind == "heater"]
    hottest = max(r.states[c.streams[0].outlet].T_K for c in heaters)
    found, problems = {}, []
    for c in heaters:
        own = given.get(c.name) if isinstance(given, Mapping) else given
        T = own or other_side(r, c) or hottest + default("flue_approach_K")
        found[c.name] = mean_temperature_K(T)
        a, b = r.states[c.streams[0].inlet], r.states[c.streams[0].outlet]
        if found[c.name] <= (least := c.Q_W / (c.streams[0].m_dot_kg_s * (b.s_J_kgK - a.s_J_kgK))):
            problems.append(f"T_source_K: {found[c.name]:g} K in the mean for {words(c.name)} is not above the "
                            f"CO2's mean of {least:.1f} K")  # fmt: skip
    if problems:
        raise ValueError("\n".join(problems))
    return found


def _row(c: Component, e: Mapping[str, float], source_W: float) -> ExergyRow:
    gains = [s.m_dot_kg_s * (e[s.outlet] - e[s.inlet]) for s in c.streams]
    rise, fall = sum(max(0.0, g) for g in gains), sum(max(0.0, -g) for g in gains)
    fuel, product = {
        "compressor": (c.W_W, rise - fall),
        "turbine": (fall - rise, c.W_W),
        "heater": (source_W, rise - fall),
        "cooler": (fall - rise, 0.0),
    }.get(c.kind, (fall, rise))
    efficiency = product / fuel if product > 0.0 and fuel > 0.0 else None
    return ExergyRow(words(c.name), c.kind, fuel, product, fuel - product, efficiency)


def entropy_production(
    r: CycleResult, n: int = 20, *, T_source_K: SourceTemperature | Mapping[str, SourceTemperature] | None = None,
    T_0_K: float | None = None,
) -> tuple[EntropyProduction, ...]:  # fmt: skip
    """Entropy production by component; recuperators in n segments, which finds a hidden temperature cross.

    Heaters against the source's mean temperature and coolers against the surroundings, as one segment.
    """
    r.require_ok()
    T_0 = T_0_K or r.T_ambient_K
    assert T_0 is not None
    T_m = _sources(r, T_source_K)
    found = []
    for c in r.components:
        total = sum(
            s.m_dot_kg_s * (r.states[s.outlet].s_J_kgK - r.states[s.inlet].s_J_kgK) for s in c.streams
        )
        scale = c.Q_W / r.states[c.streams[0].inlet].T_K
        if c.kind == "recuperator":
            segments, scales = _segments(r, c, n)
            found.append(EntropyProduction(words(c.name), c.kind, float(total), segments, scales))
            continue
        if c.kind == "heater":
            total -= c.Q_W / T_m[c.name]
        elif c.kind == "cooler":
            total += c.Q_W / T_0
        found.append(
            EntropyProduction(words(c.name), c.kind, float(total), np.array([total]), np.array([scale]))
        )
    return tuple(found)


def _segments(r: CycleResult, c: Component, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Entropy production and q/T [W/K] in n segments of equal duty of a recuperator, from its cold end."""
    hot, cold = (profile(r, s, n) for s in c.streams)
    m_h, m_c = (s.m_dot_kg_s for s in c.streams)
    made = m_h * np.diff(hot["s"])[::-1] + m_c * np.diff(cold["s"])
    T = 0.5 * (cold["T"][1:] + cold["T"][:-1])
    return made, c.Q_W / n / T
