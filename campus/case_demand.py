"""Sections of a case that say where the campus stands and what its racks draw."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from campus.quantities import q
from campus.section import Section, existing_file


class Site(Section):
    """Where the campus stands."""

    weather: str = Field(
        description="Hourly weather file (time, dry_bulb_C, rel_humidity_pct, pressure_Pa), beside the case or shipped"
    )
    T_design_K: float | None = q(
        "design_dry_bulb",
        "K",
        -40,
        55,
        "Dry bulb for which blocks are rated; if left out, the temperature "
        "exceeded 0.4 % of the hours of the file",
        shown="degC",
        default=None,
    )

    T_extreme_K: float | None = q(
        "extreme_dry_bulb",
        "K",
        -20,
        60,
        "Hottest dry bulb in some 20 years, at which the peak load must still be met; not checked if left out",
        shown="degC",
        default=None,
    )
    dT_recirculation_K: float = q(
        "recirculation_rise",
        "K",
        0,
        10,
        "Warm air that the coolers draw back in: added to every dry bulb",
        default="0 K",
    )

    @field_validator("weather")
    @classmethod
    def _exists(cls, value: str, info: ValidationInfo) -> str:
        return existing_file(value, info, "weather")


class LoadProfile(Section):
    """How the racks draw power over the year."""

    kind: Literal["flat", "training", "inference", "mixed", "file"] = Field(
        "mixed", description="Shape of the hourly load; 'file' reads an hourly share of the peak"
    )
    file: str | None = Field(None, description="CSV with a column of 8760 hourly values, for kind 'file'")
    training_share: float = q("training_share", "", 0, 1, "Share of training in a mixed campus", default=0.5)
    training_level: float = q(
        "training_level", "", 0.3, 1, "Mean training load as share of its peak", default=0.9
    )
    inference_night: float = q(
        "inference_night",
        "",
        0.1,
        1,
        "Inference load in the quiet hours as share of its daily peak",
        default=0.4,
    )
    seed: int = Field(0, ge=0, le=2**31 - 1, description="Seed of the random restarts and noise")

    @field_validator("file")
    @classmethod
    def _exists(cls, value: str | None, info: ValidationInfo) -> str | None:
        return None if value is None else existing_file(value, info, "load")


class Load(Section):
    """What the racks need."""

    P_it_MW: float = q("it_power", "MW", 1, 200, "Greatest power of all racks together, at their 50 V buses")
    P_rack_W: float = q(
        "rack_power",
        "W",
        5,
        700,
        "Greatest power of one rack, at its 50 V bus",
        shown="kW",
        default="132 kW",
        source="GB200/GB300 NVL72: 120 to 140 kW (public rack data)",
    )
    it_cooling_fraction: float = q(
        "it_cooling_fraction",
        "",
        0,
        0.6,
        "Power of pumps, dry coolers and chillers that cool the racks, per rack power",
        default=0.06,
    )
    profile: LoadProfile = Field(
        default_factory=lambda: LoadProfile.model_validate({}), description="Hourly shape"
    )
