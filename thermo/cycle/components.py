"""The components of a solved cycle with their streams, powers and duties: what accounts, diagrams, costs and machine
sizing loop over, so that they hold for every layout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from thermo.layouts.flowsheet import Layout, Part, share_of
from thermo.layouts.parts import DT_HTR, DT_LTR, STATE_NAMES, UA_HTR, UA_LTR
from thermo.state import State


@dataclass(frozen=True, slots=True)
class Stream:
    """CO2 through one side of a component: inlet and outlet state by name, flow [kg/s]."""

    inlet: str
    outlet: str
    m_dot_kg_s: float


@dataclass(frozen=True, slots=True)
class Component:
    """A component: streams (a recuperator's are hot, cold; a mixer's share their outlet), shaft power [W] made by a
    turbine or taken by a compressor, heat [W] taken in by a heater, given off by a cooler or transferred by a
    recuperator (all >= 0), conductance [W/K] and least temperature difference [K] of a recuperator."""

    name: str
    kind: str
    streams: tuple[Stream, ...]
    W_W: float = 0.0
    Q_W: float = 0.0
    UA_W_K: float | None = None
    dT_min_K: float | None = None


def states_of(layout: Layout, st: np.ndarray) -> dict[str, State]:
    """The states that a layout's components join, by name, from the kernel's table."""
    used = {name for part in layout.parts for a, b, _ in part.streams for name in (a, b)}
    return {
        name: State(*(float(v) for v in row))
        for name, row in zip(STATE_NAMES, st, strict=True)
        if name in used
    }


def components_of(
    layout: Layout, states: Mapping[str, State], m_dot: float, f: float, split: float, hx: np.ndarray
) -> tuple[Component, ...]:
    """The components of a layout at total flow [kg/s], recompression fraction and split; hx: the kernel's exchanger table.
    Components and streams without flow are left out."""
    found = []
    for part in layout.parts:
        run = tuple(s for s in part.streams if share_of(s[2], f, split) > 1e-9)
        if run:
            found.append(_component(Part(part.name, part.kind, run), states, m_dot, f, split, hx))
    return tuple(found)


def _component(
    part: Part, states: Mapping[str, State], m_dot: float, f: float, split: float, hx: np.ndarray
) -> Component:
    streams = tuple(Stream(a, b, m_dot * share_of(share, f, split)) for a, b, share in part.streams)
    first = streams[0]
    gain = first.m_dot_kg_s * (states[first.outlet].h_J_kg - states[first.inlet].h_J_kg)
    if part.kind in ("compressor", "turbine"):
        return Component(part.name, part.kind, streams, W_W=abs(gain))
    if part.kind == "mixer":
        return Component(part.name, part.kind, streams)
    ends = {"low_temperature_recuperator": (UA_LTR, DT_LTR), "high_temperature_recuperator": (UA_HTR, DT_HTR)}
    if part.name in ends:
        ua, dT = (float(hx[i]) for i in ends[part.name])
        return Component(part.name, part.kind, streams, Q_W=abs(gain), UA_W_K=ua, dT_min_K=dT)
    return Component(part.name, part.kind, streams, Q_W=abs(gain))
