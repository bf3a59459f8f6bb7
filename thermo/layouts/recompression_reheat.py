"""Recompression with reheat: the turbine is in two parts; between them the CO2 goes back to the heat source, up to
`T_reheat_K` at `p_reheat_Pa`."""

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
    Layout,
    Part,
)
from thermo.layouts.parts import TWO_RECUPERATORS

LAYOUT = Layout(
    name="recompression_reheat",
    title="recompression with reheat",
    kind=TWO_RECUPERATORS,
    parts=(
        MAIN, RECOMPRESSOR, LTR, MIXER, HTR, HEATER,
        Part("turbine", "turbine", (("turbine_inlet", "high_pressure_turbine_outlet", "1"),)),
        Part("reheater", "heater", (("high_pressure_turbine_outlet", "reheater_outlet", "1"),)),
        Part("turbine_2", "turbine", (("reheater_outlet", "turbine_outlet", "1"),)),
        COOLER,
    ),
    high=HIGH,
    low=LOW,
    free=("p_reheat", "f", "share"),
    heat_return="htr_hp_outlet",
    reheat=True,
    recompressor=True,
)  # fmt: skip
