"""What a layout is: its components with the states that they join, its pressure path, and what may be chosen in it.

A layout is data: one file each beside this one names the parts and the order in which the CO2 runs through them. The
compiled kernels (`train`, `exchange`, `solve`) know four ways of flow; everything else follows from this description.
"""

from dataclasses import dataclass, field

from thermo.layouts.parts import NO_PRECOMPRESSOR


@dataclass(frozen=True)
class Part:
    """A component: name, kind (compressor, turbine, recuperator, heater, cooler, mixer) and its streams
    (inlet state, outlet state, share of the total flow as an expression of f and s)."""

    name: str
    kind: str
    streams: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Layout:
    """A layout.

    `high` and `low` name the states along the high and low pressure side, each with the drop on the way to it: `high`
    from the main compressor's outlet on, `low` back from the inlet of the first compressor. `free` names the design
    variables besides the pressures that every layout has. `heat_return` is the state in which CO2 meets the
    heat source first, `T_coldest_heater_state` for its freezing check.
    """

    name: str
    title: str
    kind: int
    parts: tuple[Part, ...]
    high: tuple[tuple[str, str], ...]
    low: tuple[tuple[str, str], ...]
    free: tuple[str, ...]
    heat_return: str
    precompressor: int = NO_PRECOMPRESSOR
    reheat: bool = False
    recompressor: bool = False
    without_recompression: str | None = None
    skip: tuple[str, ...] = field(default=())


def heat_return(layout: Layout, split: float) -> str:
    """State in which flowing CO2 first meets the heat source: with nothing through the bypass, after the recuperator."""
    return "htr_hp_outlet" if layout.name == "htr_bypass" and split <= 0.0 else layout.heat_return


def share_of(expression: str, f: float, s: float) -> float:
    """A stream's share of the total flow.

    >>> share_of("1-f", 0.3, 0.0)
    0.7
    """
    return {"1": 1.0, "f": f, "1-f": 1.0 - f, "s": s, "1-s": 1.0 - s}[expression]


def compressor(name: str, inlet: str, outlet: str, share: str) -> Part:
    """A compressor between two states."""
    return Part(name, "compressor", ((inlet, outlet, share),))


MAIN = compressor("main_compressor", "main_compressor_inlet", "main_compressor_outlet", "1-f")
TURBINE = Part("turbine", "turbine", (("turbine_inlet", "turbine_outlet", "1"),))
RECOMPRESSOR = compressor("recompressor", "ltr_lp_outlet", "recompressor_outlet", "f")
LTR = Part(
    "low_temperature_recuperator",
    "recuperator",
    (("htr_lp_outlet", "ltr_lp_outlet", "1"), ("main_compressor_outlet", "ltr_hp_outlet", "1-f")),
)
HTR = Part(
    "high_temperature_recuperator",
    "recuperator",
    (("turbine_outlet", "htr_lp_outlet", "1"), ("mixer_outlet", "htr_hp_outlet", "1")),
)
MIXER = Part(
    "mixer", "mixer", (("ltr_hp_outlet", "mixer_outlet", "1-f"), ("recompressor_outlet", "mixer_outlet", "f"))
)
COOLER = Part("cooler", "cooler", (("ltr_lp_outlet", "main_compressor_inlet", "1-f"),))
HEATER = Part("heater", "heater", (("htr_hp_outlet", "turbine_inlet", "1"),))
HIGH = (("ltr_hp_outlet", "dp_ltr_hp"), ("htr_hp_outlet", "dp_htr_hp"), ("turbine_inlet", "dp_heater"))
LOW = (("ltr_lp_outlet", "dp_cooler"), ("htr_lp_outlet", "dp_ltr_lp"), ("turbine_outlet", "dp_htr_lp"))
