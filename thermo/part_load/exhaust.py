"""Mach number behind the turbines: the exhaust's area is fixed by the design, so its velocity follows the volume flow.

V_design = sqrt(2 x dh_s),  x: leaving energy over the isentropic head;  A = m/(rho V);  Ma = m/(rho A a)
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

from thermo.co2.flash import sound_speed_of
from thermo.cycle.block import isentropic_head
from thermo.defaults import default
from thermo.layouts.parts import STATE_NAMES
from thermo.machines.turbomachinery import RHO_, T_

if TYPE_CHECKING:
    from thermo.part_load.plant import Point
    from thermo.result import CycleResult


class Exhaust(NamedTuple):
    """Exhaust of one turbine: its component's name, row in the state table, area [m2], whether it takes the second stream's
    flow."""

    name: str
    row: int
    area_m2: float
    second: bool


def exhausts(r: CycleResult) -> tuple[Exhaust, ...]:
    """The turbines' exhausts of a design."""
    found = []
    for c in (c for c in r.components if c.kind == "turbine"):
        flow, after = c.streams[0], r.states[c.streams[0].outlet]
        head = isentropic_head(r.states[flow.inlet], after.p_Pa)
        V = sqrt(2.0 * default("turbine_leaving_energy") * head)
        second = c.name == "turbine_2" and flow.m_dot_kg_s < 0.999 * (r.m_dot_kg_s or 0.0)
        found.append(
            Exhaust(c.name, STATE_NAMES.index(flow.outlet), flow.m_dot_kg_s / (after.rho_kg_m3 * V), second)
        )
    return tuple(found)


def exhaust_mach(parts: tuple[Exhaust, ...], pt: Point) -> dict[str, float]:
    """Mach number in each exhaust at a point."""
    two = any(e.second for e in parts)
    found = {}
    for e in parts:
        share = pt.inputs.split if e.second else (1.0 - pt.inputs.split if two else 1.0)
        rho, T = float(pt.st[e.row, RHO_]), float(pt.st[e.row, T_])
        found[e.name] = share * pt.m / (rho * e.area_m2) / float(sound_speed_of(rho, T))
    return found
