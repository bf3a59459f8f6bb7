"""How a block is operated away from its design: `ControlSpec`.

mode            load: net power asked for, least heat; heat_given: hot stream of given inlet temperature and flow, greatest
                power; max_power: as much as the machines give at this ambient
low_pressure    inventory: CO2 is let in or out, within the vessel's limits if one is given; fixed_charge: the loop keeps its
                design charge, and the low pressure follows
speed           free: within the rectifier's range; fixed: the shaft turns at its design speed
turbine_inlet   hold: at the design temperature; slide: as hot as the primary heater makes it
hot_return      (heat_given) free: low pressure for the greatest power; hold: the hot stream returns as hot as at design
fan             fixed: full speed; optimise: the speed of least heat; hold_T: the compressor inlet is held

Below the least compressor inlet temperature the fans slow down in every mode.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from thermo.checks import SpecError, check_ranges
from thermo.inventory.inventory_spec import InventorySpec

_CHOICES = {
    "mode": ("load", "heat_given", "max_power"),
    "low_pressure": ("inventory", "fixed_charge"),
    "speed": ("free", "fixed"),
    "turbine_inlet": ("hold", "slide"),
    "hot_return": ("free", "hold"),
    "fan": ("optimise", "fixed", "hold_T"),
}
_RANGES = {
    "T_compressor_in_K": (268.15, 345.0, "K"),
    "speed_min_frac": (0.2, 1.0, "of design speed"),
    "speed_max_frac": (1.0, 1.3, "of design speed"),
    "surge_margin_frac": (0.0, 0.5, "of the flow coefficient at surge"),
    "time_limit_s": (0.01, 600.0, "s"),
}


@dataclass(frozen=True)
class ControlSpec:
    """Control of an operating point; meanings in this file's head.

    T_compressor_in_K: what fan="hold_T" holds [K] (None: the design's). speed_*_frac: the rectifier's range.
    surge_margin_frac: distance from surge that is kept (None: the default, 10 %); recycle valves open there.
    inventory: volumes and vessel of the loop (None: any charge is at hand, and none is counted).
    time_limit_s: a point that takes longer is given up with outcome TIME_LIMIT.

    >>> ControlSpec.preset("peer").speed
    'fixed'
    """

    mode: Literal["load", "heat_given", "max_power"] = "load"
    low_pressure: Literal["inventory", "fixed_charge"] = "inventory"
    speed: Literal["free", "fixed"] = "free"
    turbine_inlet: Literal["hold", "slide"] = "hold"
    hot_return: Literal["free", "hold"] = "free"
    fan: Literal["optimise", "fixed", "hold_T"] = "optimise"
    T_compressor_in_K: float | None = None
    speed_min_frac: float = 0.5
    speed_max_frac: float = 1.05
    surge_margin_frac: float | None = None
    inventory: InventorySpec | None = None
    time_limit_s: float = 2.0

    def __post_init__(self) -> None:
        problems = [
            f"{name}: {getattr(self, name)!r} is not one of {', '.join(allowed)}"
            for name, allowed in _CHOICES.items()
            if getattr(self, name) not in allowed
        ] + check_ranges(self, _RANGES, {"T_compressor_in_K", "surge_margin_frac"})
        if self.low_pressure == "fixed_charge" and self.inventory is None:
            problems.append(
                "inventory: fixed_charge needs a thermo.InventorySpec for the volumes of the loop"
            )
        if self.hot_return == "hold" and self.speed != "fixed":
            problems.append(
                "hot_return: hold needs speed fixed; at free speed the high pressure would still be open"
            )
        if self.mode == "heat_given" and self.low_pressure == "fixed_charge":
            problems.append("low_pressure: fixed_charge is not worked out for mode heat_given; use inventory")
        if self.turbine_inlet == "hold" and self.mode == "heat_given" and self.speed == "fixed":
            problems.append("turbine_inlet: with heat given at fixed speed it cannot be held; use slide")
        if self.turbine_inlet == "slide" and self.mode != "heat_given":
            problems.append("turbine_inlet: slide needs mode heat_given; with a load the temperature is held")
        if problems:
            raise SpecError([f"control.{p}" for p in problems])

    @staticmethod
    def preset(name: str) -> ControlSpec:
        """A named control: "default", or "peer" (NREL's ssc: fixed speed, heat given, low pressure and compressor inlet
        chosen for the greatest power, compressors run down to surge itself)."""
        if name == "peer":
            return ControlSpec(mode="heat_given", speed="fixed", turbine_inlet="slide", hot_return="hold",
                               speed_max_frac=1.0, surge_margin_frac=0.0)  # fmt: skip
        if name != "default":
            raise SpecError([f"control: no preset {name!r}; one of default, peer"])
        return ControlSpec()
