"""Cascade for waste heat: the share 1 - s goes from the compressor straight through the heat source, so that the gas is
cooled all the way down, and drives turbine 1; its exhaust heats the share s in the high-temperature recuperator,
which drives turbine 2. Both exhausts join and warm the share s first in the low-temperature recuperator.

Source: the cascaded expansions compared by G. Kimzey, Development of a Brayton bottoming cycle using supercritical
carbon dioxide as the working fluid, EPRI University Turbine Systems Research (2012)."""

from thermo.layouts.flowsheet import Layout, Part, compressor
from thermo.layouts.parts import CASCADE

LAYOUT = Layout(
    name="cascade",
    title="cascade for waste heat",
    kind=CASCADE,
    parts=(
        compressor("main_compressor", "main_compressor_inlet", "main_compressor_outlet", "1"),
        Part("heater", "heater", (("main_compressor_outlet", "turbine_inlet", "1-s"),)),
        Part("turbine", "turbine", (("turbine_inlet", "turbine_outlet", "1-s"),)),
        Part("low_temperature_recuperator", "recuperator",
             (("ltr_lp_inlet", "ltr_lp_outlet", "1"), ("main_compressor_outlet", "ltr_hp_outlet", "s"))),
        Part("high_temperature_recuperator", "recuperator",
             (("turbine_outlet", "htr_lp_outlet", "1-s"), ("ltr_hp_outlet", "turbine_2_inlet", "s"))),
        Part("turbine_2", "turbine", (("turbine_2_inlet", "turbine_2_outlet", "s"),)),
        Part("mixer", "mixer", (("htr_lp_outlet", "ltr_lp_inlet", "1-s"), ("turbine_2_outlet", "ltr_lp_inlet", "s"))),
        Part("cooler", "cooler", (("ltr_lp_outlet", "main_compressor_inlet", "1"),)),
    ),
    high=(("turbine_inlet", "dp_heater"),),
    low=(("ltr_lp_outlet", "dp_cooler"), ("htr_lp_outlet", "dp_ltr_lp"), ("turbine_outlet", "dp_htr_lp")),
    free=("split", "share"),
    heat_return="main_compressor_outlet",
)  # fmt: skip
