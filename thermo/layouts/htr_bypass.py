"""Recompression with a bypass around the high-temperature recuperator: a share s of the high-pressure flow is heated by
the heat source instead, which so comes back colder. For sources that must be cooled further than recompression
can. The bypass heater's outlet is as hot as the recuperator's; the main heater follows it."""

from thermo.layouts.flowsheet import COOLER, HIGH, LOW, LTR, MAIN, MIXER, RECOMPRESSOR, TURBINE, Layout, Part
from thermo.layouts.parts import TWO_RECUPERATORS

LAYOUT = Layout(
    name="htr_bypass",
    title="recompression with bypass of the hot recuperator",
    kind=TWO_RECUPERATORS,
    parts=(
        MAIN, RECOMPRESSOR, LTR, MIXER,
        Part("high_temperature_recuperator", "recuperator",
             (("turbine_outlet", "htr_lp_outlet", "1"), ("mixer_outlet", "htr_hp_outlet", "1-s"))),
        Part("bypass_heater", "heater", (("mixer_outlet", "bypass_heater_outlet", "s"),)),
        Part("mixer_2", "mixer",
             (("htr_hp_outlet", "heater_inlet", "1-s"), ("bypass_heater_outlet", "heater_inlet", "s"))),
        Part("heater", "heater", (("heater_inlet", "turbine_inlet", "1"),)),
        TURBINE, COOLER,
    ),
    high=HIGH,
    low=LOW,
    free=("f", "split", "share"),
    heat_return="mixer_outlet",
    recompressor=True,
)  # fmt: skip
