"""Recompression cycle: the flow is split after the low-temperature recuperator; a share f is compressed hot by the
recompressor and joins the rest, which was cooled, compressed and heated in that recuperator."""

from thermo.layouts.flowsheet import (
    COOLER,
    HEATER,
    HIGH,
    HTR,
    LOW,
    LTR,
    MAIN,
    MIXER,
    RECOMPRESSOR,
    TURBINE,
    Layout,
)
from thermo.layouts.parts import TWO_RECUPERATORS

LAYOUT = Layout(
    name="recompression",
    title="recompression",
    kind=TWO_RECUPERATORS,
    parts=(MAIN, RECOMPRESSOR, LTR, MIXER, HTR, HEATER, TURBINE, COOLER),
    high=HIGH,
    low=LOW,
    free=("f", "share"),
    heat_return="htr_hp_outlet",
    recompressor=True,
    without_recompression="simple_recuperated",
)
