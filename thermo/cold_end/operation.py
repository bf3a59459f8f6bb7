"""What the cold end does at a solved point: its mode in words, its water, its pumps and basin heater."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from thermo.cold_end.conditions import ColdEndResult, WaterUse, frost_flags


@dataclass(frozen=True)
class ColdEndPoint:
    """The cold end at one point: mode and flags in words, water [kg/s], electric power of a tower's water pumps and basin
    heaters [W] (None: no tower), and the cold ends as sized at design (one a cooler; none with a plain dry cooler)."""

    mode: str = "dry"
    flags: tuple[str, ...] = ()
    water: WaterUse = field(default_factory=WaterUse)
    tower_W: tuple[float, float] | None = None
    sized: tuple[ColdEndResult, ...] = ()


def at_design(sized: Sequence[ColdEndResult], T_co2_out_K: Sequence[float]) -> ColdEndPoint:
    """Cold ends as sized, with fans at full speed; T_co2_out_K: where the CO2 leaves each [K]."""
    if not sized:
        return ColdEndPoint("dry: fans at full speed")
    first = sized[0]
    flags = [f for s, T in zip(sized, T_co2_out_K, strict=True)
             for f in frost_flags(s.spec, s.conditions, T, s.air_share)]  # fmt: skip
    tower_W = None
    if first.spec.kind == "wet":
        tower_W = sum(s.W_pump_W for s in sized), sum(s.W_heater_W for s in sized)
    return ColdEndPoint(
        f"{first.conditions.mode}: fans at full speed", tuple(dict.fromkeys(flags)),
        total_water([s.water for s in sized]), tower_W, tuple(sized),
    )  # fmt: skip


def total_water(uses: Sequence[WaterUse]) -> WaterUse:
    """Water of several coolers together."""
    return WaterUse(
        sum(w.evaporation_kg_s for w in uses), sum(w.blowdown_kg_s for w in uses), sum(w.drift_kg_s for w in uses)
    )  # fmt: skip
