"""Loss and copper against the voltage of the row: what the same wires lose, and what wires the same loss asks for.

A rack's power P over a distance L, two conductors of section A each:

    I = P / V,   loss = 2 rho L I^2 / A  ~ 1 / V^2 at the same copper
    A = 2 rho L P / (x V^2)              ~ 1 / V^2 at the same loss share x, but no less than ampacity asks: I / j ~ 1 / V

The converter between the row and the 50 V rack bus does not follow 1 / V^2: above some voltage it is all that is left.
"""

from __future__ import annotations

from dataclasses import dataclass

from dcgrid import std_types
from dcgrid.collection import DENSITY_CU, RHO_CU_70C
from dcgrid.loss_curves import loss_w
from dcgrid.outcome import Checker

#: Level -> (voltage between the conductors that carry the load [V], conductors of copper, converter to 50 V or None).
LEVELS: dict[str, tuple[float, int, str | None]] = {
    "48 V": (48.0, 2, None),
    "380 V": (380.0, 2, "380/50 V converter"),
    "±400 V": (800.0, 3, "800/50 V sidecar with fans"),
    "800 V": (800.0, 2, "800/50 V sidecar with fans"),
}


@dataclass(frozen=True)
class Wires:
    """Wires of one rack at a voltage; `wire_loss` and `converter_loss` are shares of the rack's power.

    wire_loss : with the section that loses `share_at_800` at 800 V. copper_kg : for `share_at_800` at this voltage, or
    for the ampacity where that asks for more.
    """

    level: str
    v_v: float
    i_a: float
    wire_loss: float
    converter_loss: float | None
    copper_kg: float
    limited_by: str


def wire_share(v_v: float, share_at_800: float) -> float:
    """Loss share of the wires that lose `share_at_800` at 800 V.

    Examples
    --------
    >>> round(wire_share(400.0, 0.01), 12)
    0.04
    """
    return share_at_800 * (800.0 / v_v) ** 2


def section_m2(p_w: float, length_m: float, v_v: float, share: float, j_A_mm2: float) -> tuple[float, str]:
    """Section of a conductor [m2] for a loss share, or for a current density [A/mm2] where that asks for more."""
    by_loss = 2.0 * RHO_CU_70C * length_m * p_w / (share * v_v**2)
    by_heat = p_w / v_v / (j_A_mm2 * 1e6)
    return max(by_loss, by_heat), "loss" if by_loss >= by_heat else "ampacity"


def wires_by_voltage(
    p_w: float, length_m: float, share_at_800: float = 0.01, j_A_mm2: float = 2.0, load: float = 1.0
) -> tuple[Wires, ...]:
    """The four levels for a rack of `p_w` [W] over `length_m` [m]; the converter at `load` of its rating.

    Examples
    --------
    >>> low, *_, high = wires_by_voltage(132e3, 40.0)
    >>> round(low.wire_loss / high.wire_loss, 3) == round((800 / 48) ** 2, 3)
    True
    """
    check = Checker("wires_by_voltage")
    check.number("p_w", p_w, 0.0, None, "W", strict=True)
    check.number("length_m", length_m, 0.0, None, "m", strict=True)
    check.number("share_at_800", share_at_800, 1e-5, 0.2)
    check.number("j_A_mm2", j_A_mm2, 0.1, 10.0, "A/mm2")
    check.number("load", load, 0.0, 1.5, strict=True)
    check.done()
    found = []
    for level, (v, conductors, kind) in LEVELS.items():
        area, why = section_m2(p_w, length_m, v, share_at_800, j_A_mm2)
        lost = None if kind is None else loss_w(std_types.converter(kind).loss_curve, load, 1.0) / load
        kg = conductors * DENSITY_CU * length_m * area
        found.append(Wires(level, v, p_w / v, wire_share(v, share_at_800), lost, kg, why))
    return tuple(found)
