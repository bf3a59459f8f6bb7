"""Methane burnt with excess dry air: stoichiometry, flue, dew points, nitrogen oxides.

    CH4 + 2 (1+e) (O2 + 3.773 N2)  ->  CO2 + 2 H2O + 2 e O2 + 2 (1+e) 3.773 N2

Water dew point: saturation temperature at the partial pressure of water (IAPWS-IF97, region 4). Acid dew point: sulphur of
the gas burns to SO2, a few per cent of it to SO3, which condenses as H2SO4 at

    1000/T = 2.276 - 0.0294 ln p_H2O - 0.0858 ln p_SO3 + 0.0062 ln p_H2O ln p_SO3      [K; mmHg]

(Verhoff & Banchero, Chem. Eng. Prog. 70 (1974) 71). Thermal NOx grows exponentially with the flame temperature: relative
to the burner's emission with cold air, exp((T_flame - T_flame,cold) / `nox_flame_scale_K`).
"""

from dataclasses import dataclass
from functools import cache
from math import exp, log, sqrt

from thermo.defaults import default, table
from thermo.heat_sources.gases import (
    T_REF_K,
    V_NORMAL_M3_MOL,
    Mixture,
    molar_mass,
    sensible_enthalpy,
    temperature,
)

AIR_N2_PER_O2 = 79.05 / 20.95  # argon counted as nitrogen
M_CH4_KG_MOL = 16.043e-3
M_NO2_KG_MOL = 46.006e-3
O2_REFERENCE = 0.03  # dry, for emissions
PA_PER_MMHG = 133.322387415
AIR: Mixture = (("O2", 1.0 / (1.0 + AIR_N2_PER_O2)), ("N2", AIR_N2_PER_O2 / (1.0 + AIR_N2_PER_O2)))


@dataclass(frozen=True)
class Burner:
    """Combustion at one excess air: air per fuel [kg/kg], CO2 per fuel [kg/kg], moles of flue per mole of fuel, the two
    gases by mole fraction."""

    air_per_fuel: float
    co2_per_fuel: float
    flue_moles: float
    air: Mixture
    flue: Mixture


@cache
def burner(excess_air: float) -> Burner:
    """Stoichiometry of CH4 with excess air.

    >>> round(burner(0.0).air_per_fuel, 2)
    17.17
    """
    gases = table("ideal_gas")["species"]
    o2 = 2.0 * (1.0 + excess_air)
    n2 = o2 * AIR_N2_PER_O2
    total = 1.0 + 2.0 + o2 - 2.0 + n2
    flue = (("CO2", 1.0 / total), ("H2O", 2.0 / total), ("O2", (o2 - 2.0) / total), ("N2", n2 / total))
    air_per_fuel = (o2 + n2) * molar_mass(AIR) / M_CH4_KG_MOL
    return Burner(air_per_fuel, gases["CO2"]["M_kg_mol"] / M_CH4_KG_MOL, total, AIR, flue)


@cache
def flame_temperature(excess_air: float, LHV_J_kg: float, casing_fraction: float, T_air_K: float) -> float:
    """Adiabatic flame temperature [K], without dissociation (50-100 K too hot above 2000 K).

    >>> round(flame_temperature(0.0, 50e6, 0.0, 298.15))  # some 100 K less with dissociation
    2321
    """
    b = burner(excess_air)
    fired = LHV_J_kg * (1.0 - casing_fraction) + b.air_per_fuel * sensible_enthalpy(b.air, T_air_K)
    return temperature(lambda T: sensible_enthalpy(b.flue, T), fired / (1.0 + b.air_per_fuel))


def water_saturation_K(p_Pa: float) -> float:
    """Saturation temperature of water [K] (IAPWS-IF97, region 4 backward equation; 611 Pa to 22 MPa).

    >>> round(water_saturation_K(101325.0), 2)
    373.12
    """
    b = (p_Pa / 1e6) ** 0.25
    e = b * b - 17.073846940092 * b + 14.915108613530
    f = 1167.0521452767 * b * b + 12020.824702470 * b - 4823.2657361591
    g = -724213.16703206 * b * b - 3232555.0322333 * b + 405113.40542057
    d = 2.0 * g / (-f - sqrt(f * f - 4.0 * e * g))
    n9, n10 = -0.23855557567849, 650.17534844798
    return (n10 + d - sqrt((n10 + d) ** 2 - 4.0 * (n9 + n10 * d))) / 2.0


def acid_dew_point_K(p_H2O_Pa: float, p_SO3_Pa: float) -> float:
    """Dew point of sulphuric acid [K] at the partial pressures of water and SO3 [Pa] (Verhoff & Banchero 1974).

    >>> round(acid_dew_point_K(93.4 * 133.32, 0.0025 * 133.32) - 273.15)
    129
    """
    w, a = log(p_H2O_Pa / PA_PER_MMHG), log(max(p_SO3_Pa, 1e-12) / PA_PER_MMHG)
    return 1000.0 / (2.276 - 0.0294 * w - 0.0858 * a + 0.0062 * w * a)


@cache
def dew_points_K(excess_air: float, sulphur_mg_Nm3: float, p_ambient_Pa: float) -> tuple[float, float | None]:
    """Dew points [K] of water and of sulphuric acid in the flue (None without sulphur); sulphur in mg per Nm3 of gas.

    >>> water, acid = dew_points_K(0.15, 5.0, 101325.0)
    >>> round(water - 273.15), round(acid - 273.15)
    (56, 84)
    """
    b = burner(excess_air)
    p_water = dict(b.flue)["H2O"] * p_ambient_Pa
    water = water_saturation_K(p_water)
    if sulphur_mg_Nm3 <= 0.0:
        return water, None
    sulphur = sulphur_mg_Nm3 * 1e-6 / 32.06e-3 * V_NORMAL_M3_MOL  # mol per mol of gas
    p_SO3 = default("so3_share_of_sulphur") * sulphur / b.flue_moles * p_ambient_Pa
    return water, acid_dew_point_K(p_water, p_SO3)


@dataclass(frozen=True)
class Nox:
    """Nitrogen oxides, counted as NO2: per fuel energy (LHV) [g/GJ], volume share of dry flue at 3 % O2 [ppm], mass per dry
    normal cubic metre at 3 % O2 [mg/Nm3], factor over cold air."""

    g_GJ_LHV: float
    ppm_3O2: float
    mg_Nm3_3O2: float
    preheat_factor: float


def dry_flue_Nm3_GJ(LHV_J_kg: float, o2_dry: float = O2_REFERENCE) -> float:
    """Dry flue of methane at an oxygen share [Nm3 per GJ LHV], from the mole balance.

    >>> round(dry_flue_Nm3_GJ(50e6), 1)
    278.7
    """
    e = o2_dry * (1.0 + 2.0 * AIR_N2_PER_O2) / (2.0 * (1.0 - o2_dry * (1.0 + AIR_N2_PER_O2)))
    moles = 1.0 + 2.0 * e + 2.0 * (1.0 + e) * AIR_N2_PER_O2
    return moles * V_NORMAL_M3_MOL / (M_CH4_KG_MOL * LHV_J_kg) * 1e9


def nox(g_GJ_cold: float, T_flame_K: float, T_flame_cold_K: float, LHV_J_kg: float) -> Nox:
    """NOx of a burner whose emission with cold air is g_GJ_cold [g/GJ LHV], at its flame temperature [K].

    A conventional burner, 47.6 g/GJ (0.1 lb/MMBtu HHV), emits 83 ppm at 3 % O2:

    >>> round(nox(47.6, 2200.0, 2200.0, 50e6).ppm_3O2)
    83
    """
    factor = exp((T_flame_K - T_flame_cold_K) / default("nox_flame_scale_K"))
    g = g_GJ_cold * factor
    mg = g * 1e3 / dry_flue_Nm3_GJ(LHV_J_kg)
    return Nox(g, mg * 1e-6 / M_NO2_KG_MOL * V_NORMAL_M3_MOL * 1e6, mg, factor)


def nox_g_GJ(ppm_3O2: float, LHV_J_kg: float) -> float:
    """NOx [g/GJ LHV] from ppm of dry flue at 3 % O2."""
    return ppm_3O2 * 1e-6 / V_NORMAL_M3_MOL * M_NO2_KG_MOL * 1e3 * dry_flue_Nm3_GJ(LHV_J_kg)


__all__ = [
    "AIR",
    "T_REF_K",
    "Burner",
    "Nox",
    "acid_dew_point_K",
    "burner",
    "dew_points_K",
    "dry_flue_Nm3_GJ",
    "flame_temperature",
    "nox",
    "nox_g_GJ",
    "water_saturation_K",
]  # fmt: skip
