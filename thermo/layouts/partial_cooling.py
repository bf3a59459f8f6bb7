"""Partial cooling: all flow is cooled and compressed to a middle pressure by the precompressor, then split: a share f
goes to the recompressor, the rest is cooled again and goes through the main compressor. `p_low_Pa` is the middle
pressure, `p_precompressor_in_Pa` the lowest. The wide pressure ratio takes heat over a wider range of temperature."""

from thermo.layouts.flowsheet import (
    HEATER,
    HIGH,
    HTR,
    LOW,
    LTR,
    MAIN,
    MIXER,
    TURBINE,
    Layout,
    Part,
    compressor,
)
from thermo.layouts.parts import BEFORE_SPLIT, TWO_RECUPERATORS

LAYOUT = Layout(
    name="partial_cooling",
    title="partial cooling",
    kind=TWO_RECUPERATORS,
    parts=(
        MAIN,
        compressor("recompressor", "precompressor_outlet", "recompressor_outlet", "f"),
        compressor("precompressor", "precompressor_inlet", "precompressor_outlet", "1"),
        LTR, MIXER, HTR, HEATER, TURBINE,
        Part("cooler", "cooler", (("precompressor_outlet", "main_compressor_inlet", "1-f"),)),
        Part("cooler_2", "cooler", (("ltr_lp_outlet", "precompressor_inlet", "1"),)),
    ),
    high=HIGH,
    low=LOW,
    free=("p_precompressor", "f", "share"),
    heat_return="htr_hp_outlet",
    precompressor=BEFORE_SPLIT,
    recompressor=True,
)  # fmt: skip
