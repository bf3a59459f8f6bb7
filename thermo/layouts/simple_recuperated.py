"""Simple recuperated cycle: compressor, recuperator, heater, turbine, cooler.

The one recuperator is called the low-temperature one and holds all conductance. It is also every recompression cycle
whose recompressor gets nothing.
"""

from thermo.layouts.flowsheet import MAIN, TURBINE, Layout, Part
from thermo.layouts.parts import ONE_RECUPERATOR

LAYOUT = Layout(
    name="simple_recuperated",
    title="simple recuperated",
    kind=ONE_RECUPERATOR,
    parts=(
        MAIN,
        Part("low_temperature_recuperator", "recuperator",
             (("turbine_outlet", "ltr_lp_outlet", "1"), ("main_compressor_outlet", "ltr_hp_outlet", "1"))),
        Part("heater", "heater", (("ltr_hp_outlet", "turbine_inlet", "1"),)),
        TURBINE,
        Part("cooler", "cooler", (("ltr_lp_outlet", "main_compressor_inlet", "1"),)),
    ),
    high=(("ltr_hp_outlet", "dp_ltr_hp"), ("turbine_inlet", "dp_heater")),
    low=(("ltr_lp_outlet", "dp_cooler"), ("turbine_outlet", "dp_ltr_lp")),
    free=(),
    heat_return="ltr_hp_outlet",
)  # fmt: skip
