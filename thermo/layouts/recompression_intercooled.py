"""Recompression with an intercooled main compressor: the cooled share 1 - f is compressed in two steps, by the
precompressor to a middle pressure, cooled again, then by the main compressor; the recompressor takes its share f
before the first cooler. `p_low_Pa` is the middle pressure, `p_precompressor_in_Pa` the lowest."""

from thermo.layouts.flowsheet import (
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
    Part,
    compressor,
)
from thermo.layouts.parts import AFTER_SPLIT, TWO_RECUPERATORS

LAYOUT = Layout(
    name="recompression_intercooled",
    title="recompression with intercooling",
    kind=TWO_RECUPERATORS,
    parts=(
        MAIN, RECOMPRESSOR,
        compressor("precompressor", "precompressor_inlet", "precompressor_outlet", "1-f"),
        LTR, MIXER, HTR, HEATER, TURBINE,
        Part("cooler", "cooler", (("precompressor_outlet", "main_compressor_inlet", "1-f"),)),
        Part("cooler_2", "cooler", (("ltr_lp_outlet", "precompressor_inlet", "1-f"),)),
    ),
    high=HIGH,
    low=LOW,
    free=("p_precompressor", "f", "share"),
    heat_return="htr_hp_outlet",
    precompressor=AFTER_SPLIT,
    recompressor=True,
)  # fmt: skip
