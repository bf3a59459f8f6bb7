"""Stages before the boundary of a chain, from the turbine shaft on: generator, gearbox, rectifier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dcgrid import std_types
from dcgrid.ledger import Stage, stage_from_curve, stage_from_efficiency
from dcgrid.outcome import Checker


@dataclass(frozen=True)
class UpstreamStage:
    """A stage that both chains share, such as the generator: a fixed efficiency, or a shipped curve and its modules."""

    name: str
    efficiency: float | None = None
    std_type: str | None = None
    p_rated_w: float | None = None
    n_modules: int = 1
    source: str = ""
    grade: str = "assumption"
    note: str = ""

    def __post_init__(self) -> None:
        check = Checker(f"UpstreamStage[{self.name}]")
        if (self.efficiency is None) == (self.std_type is None):
            check.add("efficiency", self.efficiency, "either an efficiency or a std_type")
        check.number("efficiency", self.efficiency, 0.0, 1.0, strict=True, optional=True)
        if self.std_type is not None:
            check.choice("std_type", self.std_type, tuple(std_types.converters()))
            check.number("p_rated_w", self.p_rated_w, 0.0, None, "W", strict=True)
        check.whole("n_modules", self.n_modules, 1)
        check.done()


def upstream_stages(upstream: Sequence[UpstreamStage], p_out_w: float) -> tuple[Stage, ...]:
    """Stages (shaft side first) that deliver `p_out_w` [W] at their end; put them before either chain's ledger."""
    out: list[Stage] = []
    for u in reversed(upstream):
        if u.std_type is not None:
            stage = stage_from_curve(
                u.name, p_out_w, u.std_type, float(u.p_rated_w or 0.0), u.n_modules, u.note
            )
        else:
            stage = stage_from_efficiency(
                u.name, p_out_w, float(u.efficiency or 1.0), u.source, u.grade, u.note
            )
        out.append(stage)
        p_out_w = stage.p_in_w
    return tuple(reversed(out))
