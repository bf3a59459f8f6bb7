"""Waste heat: a flue of known composition that may cool to its acid or water dew point.

    Q = m (h(T_in) - h(T_least)),   exergy = m [h(T_in) - h(T_least) - T_0 (s(T_in) - s(T_least))]   (constant pressure)
    T_least = max(given, water dew point + margin, acid dew point + margin)

Composition: methane's flue at an excess air (a gas turbine burns with some 250 %), or given mole fractions. The cycle search
takes the mean capacity rate; `heat_curve` keeps cp(T) for the exchanger. Gas turbines: `data/gas_turbine_exhausts.json`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from thermo.checks import SpecError, check_ranges
from thermo.defaults import default, table
from thermo.heat_sources.combustion import acid_dew_point_K, burner, dew_points_K, water_saturation_K
from thermo.heat_sources.gases import Mixture, sensible_enthalpy, sensible_entropy
from thermo.heat_sources.primary_heater import HeatCurve
from thermo.heat_stream import HeatStream

_RANGES = {
    "m_dot_kg_s": (1e-3, 1e5, "kg/s"),
    "T_in_K": (350.0, 1800.0, "K"),
    "T_least_K": (300.0, 1000.0, "K"),
    "excess_air": (0.0, 10.0, "-"),
    "fuel_sulphur_mg_Nm3": (0.0, 5000.0, "mg/Nm3"),
    "approach_K": (0.1, 300.0, "K"),
    "p_ambient_Pa": (5e4, 1.1e5, "Pa"),
}


@dataclass(frozen=True)
class WasteHeatSpec:
    """A flue: flow [kg/s], temperature [K], least temperature wished [K] (the dew points may raise it), excess air of the
    methane burnt or `mixture` of (species, mole fraction), sulphur of the fuel, approach to the CO2 [K]."""

    m_dot_kg_s: float
    T_in_K: float
    T_least_K: float = 353.15
    excess_air: float = 2.5
    mixture: Mixture | None = None
    fuel_sulphur_mg_Nm3: float = 5.0
    approach_K: float = 20.0
    p_ambient_Pa: float = 101325.0
    name: str = "flue"

    def __post_init__(self) -> None:
        problems = check_ranges(self, _RANGES, set())
        if self.mixture is not None:
            known = table("ideal_gas")["species"]
            wrong = [g for g, _ in self.mixture if g not in known]
            total = sum(x for _, x in self.mixture)
            if wrong:
                problems.append(f"mixture: {', '.join(wrong)} is not known; allowed {', '.join(known)}")
            if abs(total - 1.0) > 1e-6 or any(x < 0.0 for _, x in self.mixture):
                problems.append(f"mixture: fractions sum to {total:g}; allowed 1, none negative")
        if not problems and self.T_least_K >= self.T_in_K:
            problems.append(
                f"T_least_K: {self.T_least_K:g} is out of range; allowed 300 to below T_in {self.T_in_K:g} K"
            )
        if problems:
            raise SpecError([f"waste_heat.{p}" for p in problems])


@dataclass(frozen=True)
class WasteHeat:
    """What a flue offers: least temperature [K] and why, dew points [K], heat and exergy to there [W], stream and curve.

    stream and curve are None where the flue is already at its least temperature."""

    T_least_K: float
    why: str
    T_water_dew_K: float | None
    T_acid_dew_K: float | None
    Q_available_W: float
    exergy_W: float
    stream: HeatStream | None
    curve: HeatCurve | None


def gas_of(spec: WasteHeatSpec) -> Mixture:
    """The flue's composition."""
    return burner(spec.excess_air).flue if spec.mixture is None else spec.mixture


def _dew(spec: WasteHeatSpec) -> tuple[float | None, float | None]:
    if spec.mixture is None:
        return dew_points_K(spec.excess_air, spec.fuel_sulphur_mg_Nm3, spec.p_ambient_Pa)
    p_water = dict(spec.mixture).get("H2O", 0.0) * spec.p_ambient_Pa
    if p_water < 650.0:
        return None, None
    acid = None
    if spec.fuel_sulphur_mg_Nm3 > 0.0:  # as if diluted like methane burnt to this share of water
        sulphur = spec.fuel_sulphur_mg_Nm3 * 1e-6 / 32.06e-3 * 0.022413970
        acid = acid_dew_point_K(p_water, default("so3_share_of_sulphur") * sulphur * p_water / 2.0)
    return water_saturation_K(p_water), acid


def heat_curve(spec: WasteHeatSpec, T_least_K: float, n: int = 40) -> HeatCurve:
    """Heat given off [W] against temperature [K], with cp(T)."""
    gas = gas_of(spec)
    T = np.linspace(spec.T_in_K, T_least_K, n + 1)
    h = np.array([sensible_enthalpy(gas, float(t)) for t in T])
    Q = spec.m_dot_kg_s * (h[0] - h)
    return HeatCurve(tuple(map(float, Q)), tuple(map(float, T)))


def waste_heat(spec: WasteHeatSpec, T_ambient_K: float = 298.15) -> WasteHeat:
    """What a flue offers a cycle.

    >>> w = waste_heat(WasteHeatSpec(128.0, 725.65))  # LM6000
    >>> round(w.Q_available_W / 1e6), round(w.exergy_W / 1e6, 1), w.why
    (52, 22.0, 'least temperature wished')
    """
    margin = default("dew_point_margin_K")
    water, acid = _dew(spec)
    limits = [(spec.T_least_K, "least temperature wished")]
    limits += [(water + margin, "water dew point")] if water else []
    limits += [(acid + margin, "acid dew point")] if acid else []
    least, why = max(limits)
    if least >= spec.T_in_K:
        return WasteHeat(least, why, water, acid, 0.0, 0.0, None, None)
    gas = gas_of(spec)
    q = sensible_enthalpy(gas, spec.T_in_K) - sensible_enthalpy(gas, least)
    ds = sensible_entropy(gas, spec.T_in_K) - sensible_entropy(gas, least)
    Q = spec.m_dot_kg_s * q
    stream = HeatStream(spec.T_in_K, least, Q / (spec.T_in_K - least), spec.approach_K, None, spec.name)
    return WasteHeat(
        least, why, water, acid, Q, spec.m_dot_kg_s * (q - T_ambient_K * ds), stream, heat_curve(spec, least)
    )


def gas_turbine_exhausts() -> dict[str, dict[str, Any]]:
    """Exhausts of gas turbines by name: {W_W, eta, T_exhaust_K, m_dot_kg_s, grade, source}."""
    return {row["name"]: row for row in table("gas_turbine_exhausts")["rows"]}
