"""Gas-fired heater, solved with the cycle: burner, CO2 coils, air preheater, stack.

Natural gas is burnt as methane, complete, with excess dry air (`combustion`). Per kg of fuel:

    LHV + a h_air(T_preheat) = q_heater + q_casing + (1 + a) h_flue(T_flue_exit)        burner and coils
    a (h_air(T_preheat) - h_air(T_amb)) = (1 + a) (h_flue(T_flue_exit) - h_flue(T_stack))     air preheater
    T_flue_exit = T_CO2_return + approach, or the coldest stack allowed where that is hotter

Enthalpies are sensible, ideal gas, from 25 degC (the reference of the LHV); the fuel arrives at ambient without
sensible heat. The preheater stops at the greatest air temperature, at its own approach, or where the stack
would get colder than its limit: `stack_min_K`, or a dew point (water, sulphuric acid) with a margin. The result names which.
The blower's work is an electric auxiliary; its heat is left out of the balance (some 4 K of air temperature). So
Q_fuel_LHV = Q_heater + Q_stack + Q_casing, exactly.

Source: method of Borman & Ragland, Combustion Engineering, ch. 3. Check: DOE AMO Steam Tip Sheet 4 (see
docs/models/thermo_heat_sources.md). Limits: no dissociation (the flame is 50-100 K too hot above 2,000 K); the coils are one
exchanger here, their radiant part and its tubes are in `heater_tubes`.
"""

from dataclasses import dataclass, fields, replace
from functools import cache
from math import log
from typing import Any, NamedTuple

from thermo.defaults import default
from thermo.heat_sources.combustion import Burner, burner, dew_points_K, flame_temperature, nox
from thermo.heat_sources.gases import T_REF_K, Mixture, sensible_enthalpy, temperature
from thermo.spec import FiredHeaterSpec

R_AIR_J_KGK = 287.05
FIRING_MAX = 1.1


NO_PREHEATER = "no air preheater"
AIR_MAX = "greatest air temperature"
APPROACH = "preheater approach"
STACK_MIN = "least stack temperature"
WATER_DEW = "water dew point"
ACID_DEW = "acid dew point"
NO_HEAT = "flue too cold to preheat"


@dataclass(frozen=True)
class FiredHeaterResult:
    """The heater at one point. Powers [W], temperatures [K], flows [kg/s]; eta_LHV = Q_heater / Q_fuel_LHV.

    preheat_limit: what holds the air preheater. T_stack_least_K: coldest stack allowed (`stack_min_K`, dew points).
    flue: mole fractions, wet. NOx as NO2, at 3 % O2 dry where said; nox_preheat_factor: over the same burner with cold air.
    """

    Q_fuel_LHV_W: float
    Q_fuel_HHV_W: float
    Q_heater_W: float
    Q_stack_W: float
    Q_casing_W: float
    W_blower_W: float
    T_return_K: float
    T_stack_K: float
    T_flue_exit_K: float
    T_air_preheat_K: float
    T_flame_K: float
    m_dot_fuel_kg_s: float
    m_dot_air_kg_s: float
    m_dot_flue_kg_s: float
    co2_kg_s: float
    eta_LHV: float
    UA_coils_W_K: float
    eta_HHV: float
    co2_kg_MWh_LHV: float
    flue: Mixture
    T_water_dew_K: float
    T_acid_dew_K: float | None
    T_stack_least_K: float
    stack_dry: bool
    preheat_limit: str
    nox_kg_s: float
    nox_g_GJ_LHV: float
    nox_ppm_3O2: float
    nox_mg_Nm3_3O2: float
    nox_preheat_factor: float


def resolve(spec: FiredHeaterSpec) -> FiredHeaterSpec:
    """The spec with defaults in place of None."""
    missing: dict[str, Any] = {f.name: default(f.name) for f in fields(spec) if getattr(spec, f.name) is None}
    return replace(spec, **missing)


class _Stack(NamedTuple):
    """Coldest stack allowed [K], why, and the two dew points [K]."""

    least: float
    why: str
    water: float
    acid: float | None


@cache
def _stack(s: FiredHeaterSpec, p_ambient_Pa: float) -> _Stack:
    assert s.excess_air is not None
    assert s.fuel_sulphur_mg_Nm3 is not None
    assert s.dew_point_margin_K is not None
    assert s.stack_min_K is not None
    water, acid = dew_points_K(s.excess_air, s.fuel_sulphur_mg_Nm3, p_ambient_Pa)
    limits = [(s.stack_min_K, STACK_MIN), (water + s.dew_point_margin_K, WATER_DEW)]
    if acid is not None:
        limits.append((acid + s.dew_point_margin_K, ACID_DEW))
    return _Stack(*max(limits), water, acid)


def _preheat(s: FiredHeaterSpec, b: Burner, T_exit: float, T_ambient: float,
             stack: _Stack) -> tuple[float, float, str]:  # fmt: skip
    """(air temperature into the burner [K], stack temperature [K], what limits it)."""
    if not s.air_preheat:
        return T_ambient, T_exit, NO_PREHEATER
    a = b.air_per_fuel

    def h_air(T: float) -> float:
        return sensible_enthalpy(b.air, T)

    def h_flue(T: float) -> float:
        return sensible_enthalpy(b.flue, T)

    assert s.air_preheat_max_K is not None
    assert s.air_preheat_approach_K is not None
    least = h_air(T_ambient)
    h_pre, why = min(
        (h_air(s.air_preheat_max_K), AIR_MAX),
        (h_air(T_exit - s.air_preheat_approach_K), APPROACH),
        (least + (1.0 + a) / a * (h_flue(T_exit) - h_flue(stack.least)), stack.why),
    )
    if h_pre <= least:
        return T_ambient, T_exit, NO_HEAT
    T_stack = temperature(h_flue, h_flue(T_exit) - a / (1.0 + a) * (h_pre - least))
    return temperature(h_air, h_pre), T_stack, why


def fired_heater(
    spec: FiredHeaterSpec, Q_heater_W: float, T_return_K: float, T_out_K: float, T_ambient_K: float,
    p_ambient_Pa: float, flue_approach_K: float | None = None, blower_dp_ratio: float = 1.0,
) -> FiredHeaterResult | None:  # fmt: skip
    """Heater that gives Q_heater_W [W] to CO2 between T_return_K and T_out_K; None where no flame is hot enough.

    flue_approach_K and blower_dp_ratio replace the design's approach and pressure drop at other loads.
    """
    s = resolve(spec)
    assert s.excess_air is not None
    assert s.LHV_fuel_J_kg is not None
    assert s.casing_loss_fraction is not None
    assert s.flue_approach_K is not None
    assert s.blower_dp_Pa is not None
    assert s.eta_blower is not None
    assert s.nox_g_GJ_cold is not None
    b = burner(s.excess_air)
    a = b.air_per_fuel
    stack = _stack(s, p_ambient_Pa)
    T_exit = max(
        T_return_K + (s.flue_approach_K if flue_approach_K is None else flue_approach_K), stack.least
    )
    T_pre, T_stack, why = _preheat(s, b, T_exit, T_ambient_K, stack)
    h_pre = sensible_enthalpy(b.air, T_pre)
    fired = s.LHV_fuel_J_kg * (1.0 - s.casing_loss_fraction) + a * h_pre
    q_heater = fired - (1.0 + a) * sensible_enthalpy(b.flue, T_exit)
    T_flame = temperature(lambda T: sensible_enthalpy(b.flue, T), fired / (1.0 + a))
    if q_heater <= 0.0 or T_flame <= T_out_K:
        return None
    m_fuel = Q_heater_W / q_heater
    stack_loss = (1.0 + a) * sensible_enthalpy(b.flue, T_stack) - a * sensible_enthalpy(b.air, T_ambient_K)
    d1, d2 = T_flame - T_out_K, T_exit - T_return_K
    mean = d1 if abs(d1 - d2) < 1e-9 * d1 else (d1 - d2) / log(d1 / d2)
    Q_fuel = m_fuel * s.LHV_fuel_J_kg
    Q_HHV = Q_fuel * default("HHV_over_LHV")
    T_cold = flame_temperature(s.excess_air, s.LHV_fuel_J_kg, s.casing_loss_fraction, T_REF_K)
    emitted = nox(s.nox_g_GJ_cold, T_flame, T_cold, s.LHV_fuel_J_kg)
    return FiredHeaterResult(
        Q_fuel_LHV_W=Q_fuel,
        Q_fuel_HHV_W=Q_HHV,
        Q_heater_W=Q_heater_W,
        Q_stack_W=m_fuel * stack_loss,
        Q_casing_W=Q_fuel * s.casing_loss_fraction,
        W_blower_W=m_fuel
        * a
        * R_AIR_J_KGK
        * T_ambient_K
        / p_ambient_Pa
        * s.blower_dp_Pa
        * blower_dp_ratio
        / s.eta_blower,
        T_return_K=T_return_K,
        T_stack_K=T_stack,
        T_flue_exit_K=T_exit,
        T_air_preheat_K=T_pre,
        T_flame_K=T_flame,
        m_dot_fuel_kg_s=m_fuel,
        m_dot_air_kg_s=m_fuel * a,
        m_dot_flue_kg_s=m_fuel * (1.0 + a),
        co2_kg_s=m_fuel * b.co2_per_fuel,
        eta_LHV=Q_heater_W / Q_fuel,
        UA_coils_W_K=Q_heater_W / mean,
        eta_HHV=Q_heater_W / Q_HHV,
        co2_kg_MWh_LHV=b.co2_per_fuel / s.LHV_fuel_J_kg * 3.6e9,
        flue=b.flue,
        T_water_dew_K=stack.water,
        T_acid_dew_K=stack.acid,
        T_stack_least_K=stack.least,
        stack_dry=T_stack >= stack.least - 1e-6,
        preheat_limit=why,
        nox_kg_s=emitted.g_GJ_LHV * 1e-12 * Q_fuel,
        nox_g_GJ_LHV=emitted.g_GJ_LHV,
        nox_ppm_3O2=emitted.ppm_3O2,
        nox_mg_Nm3_3O2=emitted.mg_Nm3_3O2,
        nox_preheat_factor=emitted.preheat_factor,
    )


@dataclass(frozen=True)
class Firing:
    """A burner's load: share of its rated fuel heat, whether it can burn there, in words."""

    ok: bool
    firing_frac: float
    explain: str


def firing(spec: FiredHeaterSpec, now: FiredHeaterResult, rated: FiredHeaterResult) -> Firing:
    """Whether the burner can fire at this point: between its least firing and its rated fuel heat (with 10 % margin)."""
    least = resolve(spec).min_firing_frac
    assert least is not None
    x = now.Q_fuel_LHV_W / rated.Q_fuel_LHV_W
    if x < least:
        return Firing(
            False, x,
            f"the burner would fire at {x:.0%} of its rated fuel heat; it burns stably down to {least:.0%} "
            f"(turndown {1.0 / least:.0f}:1): run fewer blocks, or dump or bypass heat",
        )  # fmt: skip
    if x > FIRING_MAX:
        return Firing(
            False,
            x,
            f"the burner would fire at {x:.0%} of its rated fuel heat; it is built for {FIRING_MAX:.0%}",
        )
    return Firing(True, x, f"the burner fires at {x:.0%} of its rated fuel heat")
