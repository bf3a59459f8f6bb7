"""What is known of a block's CO2 inventory: volumes of the loop, storage vessel, transfer rate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from thermo.checks import SpecError, check_ranges

_RANGES: dict[str, tuple[float, float, str]] = {
    "tank_volume_m3": (1e-3, 1e5, "m3"),
    "tank_p_min_Pa": (1e6, 40e6, "Pa"),
    "tank_p_max_Pa": (1e6, 40e6, "Pa"),
    "tank_p_design_Pa": (1e6, 40e6, "Pa"),
    "tank_T_K": (250.0, 400.0, "K"),
    "transfer_kg_s": (1e-4, 1e3, "kg/s"),
    "recuperator_U_W_m2K": (50.0, 5000.0, "W/m2/K"),
    "recuperator_channel_m": (2e-4, 2e-2, "m"),
    "header_share": (0.0, 3.0, "-"),
    "tube_flux_W_m2": (5e3, 2e5, "W/m2"),
    "tube_outside_m": (1e-3, 0.3, "m"),
    "tube_wall_m": (1e-4, 0.05, "m"),
    "cooler_U_W_m2K": (10.0, 5000.0, "W/m2/K"),
    "cooler_tube_m": (1e-3, 0.1, "m"),
    "casing_volume_factor": (0.0, 100.0, "-"),
    "pipe_velocity_C": (10.0, 400.0, "(kg/m)^0.5/s"),
    "pipe_length_m": (0.0, 1e3, "m"),
    "pipe_length_far_m": (0.0, 1e4, "m"),
}


@dataclass(frozen=True)
class InventorySpec:
    """CO2 inventory of a block. None: the default of `data/block_defaults.json` by the same name.

    Vessel: `tank_volume_m3` [m3] (None: there is no vessel, the charge of the loop is fixed), its least and greatest
    pressure [Pa] (None: 1.1 times the design's low and 0.9 times its high pressure, between which CO2 flows in and out
    by itself), its pressure while the loop holds its design charge (None: midway in mass), its temperature [K].
    `transfer_kg_s`: greatest rate between loop and vessel [kg/s] (None: a share of the design charge per second).

    Volumes: `volumes_m3` maps a component ("cooler"), a side of a recuperator ("low_temperature_recuperator.hot") or
    "piping" to a known volume [m3], which replaces the estimate. Estimates rest on heat-transfer coefficients, channel
    and tube bores, the heater tubes' flux, pipe lengths (skid, and to heater and cooler) and API RP 14E's velocity.
    """

    tank_volume_m3: float | None = None
    tank_p_min_Pa: float | None = None
    tank_p_max_Pa: float | None = None
    tank_p_design_Pa: float | None = None
    tank_T_K: float | None = None
    transfer_kg_s: float | None = None
    volumes_m3: Mapping[str, float] | None = None
    recuperator_U_W_m2K: float | None = None
    recuperator_channel_m: float | None = None
    header_share: float | None = None
    tube_flux_W_m2: float | None = None
    tube_outside_m: float | None = None
    tube_wall_m: float | None = None
    cooler_U_W_m2K: float | None = None
    cooler_tube_m: float | None = None
    casing_volume_factor: float | None = None
    pipe_velocity_C: float | None = None
    pipe_length_m: float | None = None
    pipe_length_far_m: float | None = None

    def __post_init__(self) -> None:
        problems = check_ranges(self, _RANGES, set(_RANGES))
        for name, value in (self.volumes_m3 or {}).items():
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0.0 <= value <= 1e5:
                problems.append(f"volumes_m3.{name}: {value!r} is out of range; allowed 0 to 100000 m3")
        if not problems and self.tank_p_min_Pa and self.tank_p_max_Pa:
            lo, hi = self.tank_p_min_Pa, self.tank_p_max_Pa
            if lo >= hi:
                problems.append(
                    f"tank_p_min_Pa: {lo:g} is not below tank_p_max_Pa {hi:g}; allowed 1e+06 to {hi:g} Pa"
                )
            elif self.tank_p_design_Pa and not lo <= self.tank_p_design_Pa <= hi:
                problems.append(f"tank_p_design_Pa: {self.tank_p_design_Pa:g} is out of range; "
                                f"allowed {lo:g} to {hi:g} Pa")  # fmt: skip
        if problems:
            raise SpecError([f"inventory.{p}" for p in problems])
