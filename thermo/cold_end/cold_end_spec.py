"""What the cold end is: `ColdEndSpec`, frozen and checked as a whole."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

from thermo.checks import SpecError, check_ranges
from thermo.defaults import default

_CHOICES = {
    "kind": ("dry", "wet", "adiabatic", "condensing"),
    "winter": ("louvre", "bypass"),
    "freeze_protection": ("basin_heater", "run_dry", "none"),
}
_RANGES: dict[str, tuple[float, float, str]] = {
    "relative_humidity": (0.0, 1.0, "-"),
    "recirculation_frac": (0.0, 0.5, "-"),
    "least_compressor_in_K": (293.15, 320.0, "K"),
    "least_fan_speed_frac": (0.0, 0.9, "-"),
    "louvre_leak_frac": (0.0, 0.5, "-"),
    "least_tube_wall_K": (200.0, 300.0, "K"),
    "water_least_tube_wall_K": (273.15, 290.0, "K"),
    "tower_approach_K": (1.0, 20.0, "K"),
    "tower_range_K": (2.0, 40.0, "K"),
    "tower_water_to_air": (0.3, 3.0, "kg/kg"),
    "tower_dp_air_Pa": (10.0, 1000.0, "Pa"),
    "tower_pump_dp_Pa": (1e4, 2e6, "Pa"),
    "eta_tower_pump": (0.2, 1.0, "-"),
    "cycles_of_concentration": (1.5, 20.0, "-"),
    "drift_frac": (0.0, 0.01, "of the water flow"),
    "basin_heater_frac": (0.0, 0.05, "of the design heat"),
    "freeze_below_K": (263.15, 288.15, "K"),
    "pad_efficiency": (0.0, 0.98, "-"),
    "pad_switch_on_K": (275.15, 320.0, "K"),
    "pad_dp_Pa": (0.0, 300.0, "Pa"),
    "condensing_approach_K": (4.0, 40.0, "K"),
    "condensing_subcooling_K": (0.0, 15.0, "K"),
    "condensing_margin_K": (1.0, 20.0, "K"),
    "condensing_least_K": (279.0, 300.0, "K"),
    "suction_head_m": (0.0, 50.0, "m"),
    "suction_loss_Pa": (0.0, 5e5, "Pa"),
    "suction_specific_speed": (1.0, 12.0, "-"),
    "npsh_margin": (1.0, 5.0, "-"),
}


@dataclass(frozen=True)
class ColdEndSpec:
    """The cold end. None: the default of `data/block_defaults.json` by the same name.

    kind: dry (CO2 to air), wet (cooling tower and water loop), adiabatic (dry with wetted pads on hot days), condensing
    (dry, but the compressor is a pump rated for liquid: opt-in).
    winter: what holds the compressor inlet below the fans' least speed: louvres, then the CO2 bypass; or the bypass at once.
    freeze_protection of a tower below freeze_below_K: basin heater, or run without water (closed-circuit towers only).
    recirculation_frac: share of the intake that is the cooler's own exhaust. relative_humidity: where the caller gives none.

    >>> ColdEndSpec(kind="wet").tower_approach_K
    5.0
    """

    kind: Literal["dry", "wet", "adiabatic", "condensing"] = "dry"
    winter: Literal["louvre", "bypass"] = "louvre"
    freeze_protection: Literal["basin_heater", "run_dry", "none"] = "basin_heater"
    least_compressor_in_K: float = 305.15
    relative_humidity: float | None = None
    recirculation_frac: float | None = None
    least_fan_speed_frac: float | None = None
    louvre_leak_frac: float | None = None
    least_tube_wall_K: float | None = None
    water_least_tube_wall_K: float | None = None
    tower_approach_K: float | None = None
    tower_range_K: float | None = None
    tower_water_to_air: float | None = None
    tower_dp_air_Pa: float | None = None
    tower_pump_dp_Pa: float | None = None
    eta_tower_pump: float | None = None
    cycles_of_concentration: float | None = None
    drift_frac: float | None = None
    basin_heater_frac: float | None = None
    freeze_below_K: float | None = None
    pad_efficiency: float | None = None
    pad_switch_on_K: float | None = None
    pad_dp_Pa: float | None = None
    condensing_approach_K: float | None = None
    condensing_subcooling_K: float | None = None
    condensing_margin_K: float | None = None
    condensing_least_K: float | None = None
    suction_head_m: float | None = None
    suction_loss_Pa: float | None = None
    suction_specific_speed: float | None = None
    npsh_margin: float | None = None

    def __post_init__(self) -> None:
        for f in fields(self):
            if getattr(self, f.name) is None:
                object.__setattr__(self, f.name, default(f.name))
        problems = [f"{n}: {getattr(self, n)!r} is not one of {', '.join(allowed)}"
                    for n, allowed in _CHOICES.items() if getattr(self, n) not in allowed]  # fmt: skip
        problems += check_ranges(self, _RANGES, set())
        if problems:
            raise SpecError([f"cold_end.{p}" for p in problems])

    def __getitem__(self, name: str) -> float:
        """A number, default filled in."""
        return float(getattr(self, name))
