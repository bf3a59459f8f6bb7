"""Gas-fired heater, solved with the cycle: burner, CO2 coils, air preheater, stack.

Natural gas is burnt as methane, CH4 + 2 O2 -> CO2 + 2 H2O, complete, with excess dry air. Per kg of fuel:

    LHV + a h_air(T_preheat) = q_heater + q_casing + (1 + a) h_flue(T_flue_exit)        burner and coils
    a (h_air(T_preheat) - h_air(T_amb)) = (1 + a) (h_flue(T_flue_exit) - h_flue(T_stack))     air preheater
    T_flue_exit = T_CO2_return + approach

Enthalpies are sensible, ideal gas, from 25 degC (the reference of the LHV); the fuel arrives at ambient without
sensible heat. The preheater stops at the greatest air temperature, at its own approach, or where the stack
would get colder than its limit. The blower's work is an electric auxiliary; its heat is left out of the
balance (some 4 K of air temperature). So Q_fuel_LHV = Q_heater + Q_stack + Q_casing, exactly.

Source: heat capacities GRI-Mech 3.0 (`data/ideal_gas.json`); method: Borman & Ragland, Combustion
Engineering, ch. 3. Check: DOE AMO Steam Tip Sheet 4 (see docs/models/thermo_fired_heater.md).
Limits: no dissociation (the flame is 50-100 K too hot above 2,000 K), no radiant section of its own, no NOx.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import cache
from math import log
from typing import Any

from .defaults import default, table
from .spec import FiredHeaterSpec

T_REF_K = 298.15
_R = 8.314462618
_AIR_N2_PER_O2 = 79.05 / 20.95  # argon counted as nitrogen


@dataclass(frozen=True)
class FiredHeaterResult:
    """The heater at one point. Powers [W], temperatures [K], flows [kg/s]; eta_LHV = Q_heater / Q_fuel_LHV."""

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


@cache
def _coefficients(mixture: tuple[tuple[str, float], ...], hot: bool) -> tuple[float, ...]:
    """Coefficients of a mixture's specific cp [J/kg/K], from mole fractions."""
    gases = table("ideal_gas")["species"]
    M = sum(x * gases[g]["M_kg_mol"] for g, x in mixture)
    key = "high" if hot else "low"
    return tuple(_R / M * sum(x * gases[g][key][k] for g, x in mixture) for k in range(5))


def _integral(a: tuple[float, ...], T: float) -> float:
    return T * (a[0] + T * (a[1] / 2 + T * (a[2] / 3 + T * (a[3] / 4 + T * a[4] / 5))))


def sensible_enthalpy(mixture: tuple[tuple[str, float], ...], T_K: float) -> float:
    """Sensible enthalpy [J/kg] of an ideal-gas mixture (species, mole fraction) above 25 degC.

    >>> round(sensible_enthalpy((("N2", 0.79), ("O2", 0.21)), 398.15) / 1e3, 1)
    101.6
    """
    low = _coefficients(mixture, False)
    if T_K <= 1000.0:
        return _integral(low, T_K) - _integral(low, T_REF_K)
    high = _coefficients(mixture, True)
    return _integral(low, 1000.0) - _integral(low, T_REF_K) + _integral(high, T_K) - _integral(high, 1000.0)


def _temperature(h: Callable[[float], float], wanted: float) -> float:
    """Temperature [K] at a sensible enthalpy, by secant (h is nearly linear in T)."""
    T_old, e_old = T_REF_K, -wanted
    T = T_REF_K + wanted / 1200.0
    for _ in range(60):
        e = h(T) - wanted
        if abs(e) < 1e-9 * max(1.0, abs(wanted)) or e == e_old:
            break
        T, T_old, e_old = T - e * (T - T_old) / (e - e_old), T, e
    return T


@dataclass(frozen=True)
class Burner:
    """Combustion of methane at one excess air: air per fuel [kg/kg], CO2 per fuel [kg/kg], the two gases."""

    air_per_fuel: float
    co2_per_fuel: float
    air: tuple[tuple[str, float], ...]
    flue: tuple[tuple[str, float], ...]


@cache
def burner(excess_air: float) -> Burner:
    """Stoichiometry of CH4 with excess air.

    >>> round(burner(0.0).air_per_fuel, 2)
    17.17
    """
    gases = table("ideal_gas")["species"]
    o2 = 2.0 * (1.0 + excess_air)
    n2 = o2 * _AIR_N2_PER_O2
    m_fuel = 16.043e-3
    m_air = o2 * gases["O2"]["M_kg_mol"] + n2 * gases["N2"]["M_kg_mol"]
    total = 1.0 + 2.0 + o2 - 2.0 + n2
    flue = (("CO2", 1.0 / total), ("H2O", 2.0 / total), ("O2", (o2 - 2.0) / total), ("N2", n2 / total))
    air = (("O2", o2 / (o2 + n2)), ("N2", n2 / (o2 + n2)))
    return Burner(m_air / m_fuel, gases["CO2"]["M_kg_mol"] / m_fuel, air, flue)


def resolve(spec: FiredHeaterSpec) -> FiredHeaterSpec:
    """The spec with defaults in place of None."""
    missing: dict[str, Any] = {f.name: default(f.name) for f in fields(spec) if getattr(spec, f.name) is None}
    return replace(spec, **missing)


def _preheat(s: FiredHeaterSpec, b: Burner, T_flue_exit: float, T_ambient: float) -> tuple[float, float]:
    """(air temperature into the burner, stack temperature) [K]."""
    if not s.air_preheat:
        return T_ambient, T_flue_exit
    a = b.air_per_fuel

    def h_air(T: float) -> float:
        return sensible_enthalpy(b.air, T)

    def h_flue(T: float) -> float:
        return sensible_enthalpy(b.flue, T)

    assert s.air_preheat_max_K is not None
    assert s.air_preheat_approach_K is not None
    assert s.stack_min_K is not None
    T_pre = min(s.air_preheat_max_K, T_flue_exit - s.air_preheat_approach_K)
    least = h_air(T_ambient)
    most = least + max(0.0, (1.0 + a) / a * (h_flue(T_flue_exit) - h_flue(s.stack_min_K)))
    h_pre = min(max(h_air(T_pre), least), most)
    T_pre = _temperature(h_air, h_pre)
    return T_pre, _temperature(h_flue, h_flue(T_flue_exit) - a / (1.0 + a) * (h_pre - least))


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
    b = burner(s.excess_air)
    a = b.air_per_fuel
    T_exit = T_return_K + (s.flue_approach_K if flue_approach_K is None else flue_approach_K)
    T_pre, T_stack = _preheat(s, b, T_exit, T_ambient_K)
    h_pre = sensible_enthalpy(b.air, T_pre)
    fired = s.LHV_fuel_J_kg * (1.0 - s.casing_loss_fraction) + a * h_pre
    q_heater = fired - (1.0 + a) * sensible_enthalpy(b.flue, T_exit)
    T_flame = _temperature(lambda T: sensible_enthalpy(b.flue, T), fired / (1.0 + a))
    if q_heater <= 0.0 or T_flame <= T_out_K:
        return None
    m_fuel = Q_heater_W / q_heater
    stack = (1.0 + a) * sensible_enthalpy(b.flue, T_stack) - a * sensible_enthalpy(b.air, T_ambient_K)
    rho_air = p_ambient_Pa / (287.05 * T_ambient_K)
    d1, d2 = T_flame - T_out_K, T_exit - T_return_K
    mean = d1 if abs(d1 - d2) < 1e-9 * d1 else (d1 - d2) / log(d1 / d2)
    Q_fuel = m_fuel * s.LHV_fuel_J_kg
    return FiredHeaterResult(
        Q_fuel_LHV_W=Q_fuel,
        Q_fuel_HHV_W=Q_fuel * default("HHV_over_LHV"),
        Q_heater_W=Q_heater_W,
        Q_stack_W=m_fuel * stack,
        Q_casing_W=Q_fuel * s.casing_loss_fraction,
        W_blower_W=m_fuel * a / rho_air * s.blower_dp_Pa * blower_dp_ratio / s.eta_blower,
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
    )
