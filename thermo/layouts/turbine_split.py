"""Turbine split flow: behind the one compressor the flow parts. The share 1 - s is heated in the low-temperature
recuperator by turbine 2's exhaust, then by the heat source, and drives turbine 1; the share s is heated in the
high-temperature recuperator by turbine 1's exhaust and drives turbine 2. Both exhausts join before the cooler. The heat
source is cooled far down."""

from thermo.layouts.flowsheet import Layout, Part, compressor
from thermo.layouts.parts import TURBINE_SPLIT

LAYOUT = Layout(
    name="turbine_split",
    title="turbine split flow",
    kind=TURBINE_SPLIT,
    parts=(
        compressor("main_compressor", "main_compressor_inlet", "main_compressor_outlet", "1"),
        Part("low_temperature_recuperator", "recuperator",
             (("turbine_2_outlet", "ltr_lp_outlet", "s"), ("main_compressor_outlet", "ltr_hp_outlet", "1-s"))),
        Part("high_temperature_recuperator", "recuperator",
             (("turbine_outlet", "htr_lp_outlet", "1-s"), ("main_compressor_outlet", "turbine_2_inlet", "s"))),
        Part("heater", "heater", (("ltr_hp_outlet", "turbine_inlet", "1-s"),)),
        Part("turbine", "turbine", (("turbine_inlet", "turbine_outlet", "1-s"),)),
        Part("turbine_2", "turbine", (("turbine_2_inlet", "turbine_2_outlet", "s"),)),
        Part("mixer", "mixer", (("htr_lp_outlet", "cooler_inlet", "1-s"), ("ltr_lp_outlet", "cooler_inlet", "s"))),
        Part("cooler", "cooler", (("cooler_inlet", "main_compressor_inlet", "1"),)),
    ),
    high=(("ltr_hp_outlet", "dp_ltr_hp"), ("turbine_inlet", "dp_heater")),
    low=(("htr_lp_outlet", "dp_cooler"), ("turbine_outlet", "dp_htr_lp")),
    free=("split", "share"),
    heat_return="ltr_hp_outlet",
)  # fmt: skip
