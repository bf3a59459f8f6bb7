"""The cold end at an ambient: what the compiled solve of operating points needs to know of it, and its water.

Whatever the kind, the CO2 cooler is an exchanger whose other side enters at an effective temperature, with an effective heat
capacity per kg of dry air, and whose fans run within a range:

    dry, condensing   ambient temperature, cp of air
    adiabatic         temperature behind the wetted pads (above their switch-on temperature), cp of air
    wet               wet bulb, slope of the saturation line; run dry: ambient temperature, cp of air

Heat and mass go through the same film (Lewis number 1), so the air-side conductance follows the effective heat capacity:
`conductance_at` gives UA and air-side share for other conditions. `cold_end_conditions` answers the first,
`design_cold_end` sizes the cold end for a design point, `water_use` counts water.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from thermo.cold_end.adiabatic import pre_cooled
from thermo.cold_end.cold_end_spec import ColdEndSpec
from thermo.cold_end.condensing import condensing_point
from thermo.cold_end.cooler import AirSide, CoolerResult, co2_profile, size_cooler, ua_needed
from thermo.cold_end.psychrometrics import density_kg_m3, enthalpy_J_kg, humidity_ratio, wet_bulb_K
from thermo.cold_end.wet_tower import (
    C_WATER_J_KGK,
    RHO_WATER_KG_M3,
    evaporation_kg_kg,
    merkel_number,
    saturation_slope,
)
from thermo.defaults import default

__all__ = [
    "ColdEndConditions", "ColdEndResult", "ColdEndSpec", "WaterUse", "cold_end_conditions", "conductance_at",
    "design_cold_end", "frost_flags", "tube_wall_K", "water_use",
]  # fmt: skip


@dataclass(frozen=True)
class ColdEndConditions:
    """The cold end at one ambient.

    air: the cooler's other side (temperature, heat capacity, density, pressure drop, recirculation). Ambient: temperature
    [K], wet bulb [K], humidity ratio, pressure [Pa]. Fan speeds are shares of full speed. evaporation_kg_kg: of the pads,
    per kg of dry air. heater_frac: basin heater, of the design heat. mode and flags in words.
    """

    mode: str
    air: AirSide
    T_ambient_K: float
    T_wet_bulb_K: float
    humidity_ratio: float
    p_ambient_Pa: float
    fan_speed_least: float
    fan_speed_most: float
    tower_runs_wet: bool = False
    evaporation_kg_kg: float = 0.0
    heater_frac: float = 0.0
    flags: tuple[str, ...] = ()

    @property
    def T_eff_K(self) -> float:
        """Temperature at which the cooler's other side enters, before own exhaust mixes in."""
        return self.air.T_K


@dataclass(frozen=True)
class WaterUse:
    """Water of a wet or adiabatic cooler [kg/s]; make-up is their sum."""

    evaporation_kg_s: float = 0.0
    blowdown_kg_s: float = 0.0
    drift_kg_s: float = 0.0

    @property
    def makeup_kg_s(self) -> float:
        """What has to be supplied."""
        return self.evaporation_kg_s + self.blowdown_kg_s + self.drift_kg_s


@dataclass(frozen=True)
class ColdEndResult:
    """A sized cold end: the cooler (for a tower: CO2 against its air, UA overall), electric powers [W], water, and for a
    tower the CO2/water exchanger's UA [W/K], water flow [kg/s], cold water [K] and Merkel number."""

    spec: ColdEndSpec
    conditions: ColdEndConditions
    cooler: CoolerResult
    W_fan_W: float
    W_pump_W: float
    W_heater_W: float
    water: WaterUse
    UA_co2_water_W_K: float | None = None
    m_dot_water_kg_s: float | None = None
    T_water_cold_K: float | None = None
    merkel: float | None = None

    @property
    def W_electric_W(self) -> float:
        """Fans, pump and basin heater."""
        return self.W_fan_W + self.W_pump_W + self.W_heater_W

    @property
    def air_share(self) -> float:
        """Share of the resistance between CO2 and air that lies on the air side; of a tower, what the CO2/water exchanger
        leaves over."""
        if self.UA_co2_water_W_K is None:
            return default("cooler_air_side_resistance")
        return 1.0 - self.cooler.UA_W_K / self.UA_co2_water_W_K


def cold_end_conditions(
    spec: ColdEndSpec,
    T_ambient_K: float,
    relative_humidity: float | None = None,
    p_ambient_Pa: float = 101325.0,
) -> ColdEndConditions:
    """The cold end at an ambient temperature [K], humidity [-] (None: the spec's) and pressure [Pa].

    >>> c = cold_end_conditions(ColdEndSpec(kind="adiabatic"), 313.15, 0.2)
    >>> c.mode, round(c.T_eff_K - 273.15, 1)
    ('pads wetted', 24.7)
    """
    rh = spec["relative_humidity"] if relative_humidity is None else relative_humidity
    T_wb, W = wet_bulb_K(T_ambient_K, rh, p_ambient_Pa), humidity_ratio(T_ambient_K, rh, p_ambient_Pa)
    air = _air(spec, T_ambient_K, W, p_ambient_Pa, default("cooler_dp_air_Pa"))
    dry = ColdEndConditions(
        spec.kind, air, T_ambient_K, T_wb, W, p_ambient_Pa, spec["least_fan_speed_frac"], 1.0
    )
    if spec.kind == "wet":
        return _tower(spec, dry)
    if spec.kind == "condensing":
        at = condensing_point(spec, T_ambient_K)
        return replace(
            dry,
            mode=f"condensing at {at.T_condensing_K:.1f} K"
            if at.possible
            else "too warm to condense, as dry",
        )
    return _pads(spec, dry, rh) if spec.kind == "adiabatic" else dry


def _air(spec: ColdEndSpec, T_K: float, W: float, p_Pa: float, dp_Pa: float) -> AirSide:
    """Air of cp at a temperature; density counts dry air per volume, as flows do."""
    r = spec["recirculation_frac"]
    return AirSide(
        T_K, default("air_cp_J_kgK"), density_kg_m3(T_K, W, p_Pa) / (1.0 + W), dp_Pa, r / (1.0 - r)
    )


def _pads(spec: ColdEndSpec, dry: ColdEndConditions, rh: float) -> ColdEndConditions:
    T, evaporation = pre_cooled(spec, dry.T_ambient_K, rh, dry.p_ambient_Pa)
    dp = dry.air.dp_Pa + spec["pad_dp_Pa"]
    air = _air(spec, T, dry.humidity_ratio + evaporation, dry.p_ambient_Pa, dp)
    flags: tuple[str, ...] = ()
    if evaporation > 0.0 and spec["water_least_tube_wall_K"] > T:
        flags = (f"pads at {T:.1f} K: below water_least_tube_wall_K, {spec['water_least_tube_wall_K']:g} K",)
    mode = "pads wetted" if evaporation > 0.0 else "pads dry"
    return replace(dry, mode=mode, air=air, evaporation_kg_kg=evaporation, flags=flags)


def _tower(spec: ColdEndSpec, dry: ColdEndConditions) -> ColdEndConditions:
    T, T_wb, p = dry.T_ambient_K, dry.T_wet_bulb_K, dry.p_ambient_Pa
    air = dry.air._replace(dp_Pa=spec["tower_dp_air_Pa"])
    freezing = spec["freeze_below_K"] > T
    if freezing and spec.freeze_protection == "run_dry":
        return replace(dry, mode="tower run dry", air=air)
    air = air._replace(T_K=T_wb, cp_J_kgK=saturation_slope(T_wb, spec["tower_range_K"], p))
    wet = replace(dry, mode="tower", air=air, tower_runs_wet=True)
    if not freezing:
        return wet
    if spec.freeze_protection == "basin_heater":
        return replace(wet, mode="tower, basin heated", heater_frac=spec["basin_heater_frac"])
    return replace(wet, flags=(f"tower without freeze protection at {T:.1f} K",))


def conductance_at(
    UA_design_W_K: float, air_share: float, design: ColdEndConditions, now: ColdEndConditions
) -> tuple[float, float]:
    """(UA [W/K], air-side share) at the design's flows under other conditions: the air side ~ effective heat capacity."""
    factor = now.air.cp_J_kgK / design.air.cp_J_kgK
    air = air_share / factor
    whole = air + 1.0 - air_share
    return UA_design_W_K / whole, air / whole


def water_use(spec: ColdEndSpec, at: ColdEndConditions, Q_W: float, m_dot_air_kg_s: float) -> WaterUse:
    """Water [kg/s] for a heat [W] at an air flow [kg of dry air per s].

    A tower's air leaves saturated; pads evaporate in proportion to the air flow. Blowdown keeps the cycles of
    concentration, with the drift's salt counted: evaporation/(cycles - 1) - drift, never below 0.
    """
    drift = 0.0
    if at.tower_runs_wet:
        h_in = enthalpy_J_kg(at.T_ambient_K, at.humidity_ratio, at.p_ambient_Pa)
        evaporation = m_dot_air_kg_s * evaporation_kg_kg(
            Q_W / m_dot_air_kg_s, at.T_wet_bulb_K, at.humidity_ratio, h_in, at.p_ambient_Pa
        )
        drift = spec["drift_frac"] * Q_W / (C_WATER_J_KGK * spec["tower_range_K"])
    else:
        evaporation = at.evaporation_kg_kg * m_dot_air_kg_s
    return WaterUse(
        evaporation, max(0.0, evaporation / (spec["cycles_of_concentration"] - 1.0) - drift), drift
    )


def tube_wall_K(T_air_K: float, T_co2_K: float, air_share: float | None = None) -> float:
    """Tube wall [K] between air and CO2: the air side holds a share of the resistance.

    >>> round(tube_wall_K(253.15, 305.15), 2)
    294.75
    """
    share = default("cooler_air_side_resistance") if air_share is None else air_share
    return T_air_K + share * (T_co2_K - T_air_K)


def frost_flags(
    spec: ColdEndSpec, at: ColdEndConditions, T_co2_out_K: float, air_share: float
) -> tuple[str, ...]:
    """Words where the coldest tube wall, at the CO2's outlet, lies under its limit; those of the conditions first."""
    wet = at.tower_runs_wet or at.evaporation_kg_kg > 0.0
    name = "water_least_tube_wall_K" if wet else "least_tube_wall_K"
    wall = tube_wall_K(at.T_eff_K, T_co2_out_K, air_share)
    if wall >= spec[name]:
        return at.flags
    return (*at.flags, f"tube wall at {wall:.1f} K under {name}, {spec[name]:g} K: hold the CO2 outlet warmer or run the "
            "water off")  # fmt: skip


def design_cold_end(
    spec: ColdEndSpec, hot: np.ndarray, cold: np.ndarray, m_dot_kg_s: float, T_ambient_K: float, p_ambient_Pa: float,
    air_rise_K: float | None = None, relative_humidity: float | None = None,
) -> ColdEndResult | None:  # fmt: skip
    """Size the cold end between two CO2 states (rows T, p, h, s, rho).

    None where the air or water cannot take the heat. air_rise_K is free for air; a tower's water sets its air's rise.
    """
    at = cold_end_conditions(spec, T_ambient_K, relative_humidity, p_ambient_Pa)
    if at.tower_runs_wet:
        air_rise_K = spec["tower_water_to_air"] * C_WATER_J_KGK * spec["tower_range_K"] / at.air.cp_J_kgK
    cooler = size_cooler(hot, cold, m_dot_kg_s, at.air, air_rise_K)
    if cooler is None:
        return None
    water = water_use(spec, at, cooler.Q_W, cooler.m_dot_air_kg_s)
    if at.tower_runs_wet:
        return _with_water_loop(spec, at, hot, cold, cooler, water)
    return ColdEndResult(spec, at, cooler, cooler.W_fan_W, 0.0, 0.0, water)


def _with_water_loop(
    spec: ColdEndSpec,
    at: ColdEndConditions,
    hot: np.ndarray,
    cold: np.ndarray,
    cooler: CoolerResult,
    water: WaterUse,
) -> ColdEndResult | None:
    T, Q, T_cold = np.empty(21), cooler.Q_W, at.T_wet_bulb_K + spec["tower_approach_K"]
    co2_profile(20, hot, cold, T)
    ua = float(ua_needed(Q, T, T_cold, Q / spec["tower_range_K"]))
    h_in = enthalpy_J_kg(at.T_ambient_K, at.humidity_ratio, at.p_ambient_Pa)
    merkel = merkel_number(T_cold, spec["tower_range_K"], spec["tower_water_to_air"], h_in, at.p_ambient_Pa)
    if not np.isfinite(ua) or merkel is None:
        return None
    m_w = Q / (C_WATER_J_KGK * spec["tower_range_K"])
    pump = m_w / RHO_WATER_KG_M3 * spec["tower_pump_dp_Pa"] / spec["eta_tower_pump"]
    return ColdEndResult(
        spec, at, cooler, cooler.W_fan_W, pump, at.heater_frac * Q, water, ua, m_w, T_cold, merkel
    )
