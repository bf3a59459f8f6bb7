"""The layouts: one file each describes what it is made of; `solve` computes them all (compiled)."""

from thermo.layouts.flowsheet import Layout, Part

from . import (
    cascade,
    htr_bypass,
    partial_cooling,
    recompression,
    recompression_intercooled,
    recompression_reheat,
    simple_recuperated,
    turbine_split,
)

LAYOUTS: dict[str, Layout] = {
    m.LAYOUT.name: m.LAYOUT
    for m in (simple_recuperated, recompression, partial_cooling, recompression_intercooled, recompression_reheat,
              htr_bypass, turbine_split, cascade)
}  # fmt: skip

__all__ = ["LAYOUTS", "Layout", "Part"]
