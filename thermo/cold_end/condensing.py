"""Condensing: an opt-in machine whose main compressor is a pump rated for liquid, with its own checks.

    T_condensing = max(T_ambient + approach, least),  allowed up to T_critical - margin;  p = p_sat(T_condensing)
    pump inlet   T = T_condensing - subcooling,  p_in = p + rho g head - loss
    NPSH available = (p_in - p_sat(T)) / (rho g),   required = (omega sqrt(V) / S)^(4/3) / g

The cycle around it is `thermo.design` with a liquid inlet (`CycleSpec(condensing=True)`): the pump's work is that of the
same machine model with real liquid properties, the cooler's conductance follows the CO2 through the dome segment by
segment (`cooler.co2_profile`, `saturation.py`), fans and losses as ever.

Source: definition of NPSH and suction specific speed, Karassik et al., Pump Handbook (not read). The relief by the
liquid's own cooling when it flashes (thermodynamic suppression head, large for CO2) is not counted: NPSH required is on the
safe side.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from thermo.co2.flash import density
from thermo.co2.helmholtz import P_CRIT_PA, T_CRIT_K
from thermo.co2.saturation import T_MOST_K, saturation, saturation_pressure_Pa
from thermo.cold_end.cold_end_spec import ColdEndSpec
from thermo.outcome import Check

G_M_S2 = 9.80665


@dataclass(frozen=True)
class CondensingPoint:
    """Condensation at an ambient: temperature [K], pressure [Pa], liquid at the pump. `explain` where it is not possible;
    then the numbers are those of the limit."""

    possible: bool
    explain: str
    T_condensing_K: float
    p_condensing_Pa: float
    T_pump_in_K: float
    p_pump_in_Pa: float
    rho_pump_in_kg_m3: float
    npsh_available_m: float


def condensing_point(spec: ColdEndSpec, T_ambient_K: float) -> CondensingPoint:
    """Condensation and pump inlet at an ambient temperature [K].

    >>> at = condensing_point(ColdEndSpec(kind="condensing"), 283.15)
    >>> at.possible, round(at.p_condensing_Pa / 1e6, 2), round(at.rho_pump_in_kg_m3)
    (True, 5.47, 829)
    """
    T, limit = (
        max(T_ambient_K + spec["condensing_approach_K"], spec["condensing_least_K"]),
        T_CRIT_K - spec["condensing_margin_K"],
    )
    words = ""
    if limit < T:
        words = (f"no condensing at an ambient of {T_ambient_K:.1f} K: allowed up to "
                 f"{limit - spec['condensing_approach_K']:.1f} K; the compressor inlet is held at "
                 f"{spec['least_compressor_in_K']:.2f} K or above instead")  # fmt: skip
        T = limit
    return _liquid(spec, T, saturation_pressure_Pa(T), T - spec["condensing_subcooling_K"], words)


def _liquid(spec: ColdEndSpec, T: float, p: float, T_in: float, words: str = "") -> CondensingPoint:
    """Liquid at a pump [K] that condensed at a temperature [K] and pressure [Pa]."""
    rho = float(density(p * (1.0 + 1e-4), T_in))  # saturated liquid, too, where there is no subcooling
    p_in = p + rho * G_M_S2 * spec["suction_head_m"] - spec["suction_loss_Pa"]
    npsh = (p_in - saturation_pressure_Pa(T_in)) / (rho * G_M_S2)
    return CondensingPoint(not words, words, T, p, T_in, p_in, rho, npsh)


@dataclass(frozen=True)
class SuctionCheck:
    """NPSH available and required [m], their ratio, the greatest speed that keeps the margin [rpm]; problems in words."""

    npsh_available_m: float
    npsh_required_m: float
    ratio: float
    speed_max_rpm: float
    problems: tuple[str, ...]


def suction_check(
    spec: ColdEndSpec, at: CondensingPoint, m_dot_kg_s: float, speed_rpm: float
) -> SuctionCheck:
    """Cavitation check of a pump of known flow [kg/s] and speed [rpm].

    >>> spec = ColdEndSpec(kind="condensing")
    >>> check = suction_check(spec, condensing_point(spec, 283.15), 30.0, 20000.0)
    >>> round(check.npsh_available_m), round(check.npsh_required_m), len(check.problems)
    (47, 69, 1)
    """
    V = m_dot_kg_s / at.rho_pump_in_kg_m3
    required = (speed_rpm * math.pi / 30.0 * math.sqrt(V) / spec["suction_specific_speed"]) ** (
        4.0 / 3.0
    ) / G_M_S2
    ratio, margin = at.npsh_available_m / required, spec["npsh_margin"]
    speed = speed_rpm * max(0.0, ratio / margin) ** 0.75
    problems: tuple[str, ...] = ()
    if ratio < margin:
        problems = (
            f"pump cavitates: NPSH available {at.npsh_available_m:.0f} m is {ratio:.2f} of the {required:.0f} m required at "
            f"{speed_rpm:.0f} rpm, wanted {margin:g}; run it at {speed:.0f} rpm or slower, or add subcooling, static head, "
            "an inducer or a booster pump",
        )
    return SuctionCheck(at.npsh_available_m, required, ratio, speed, problems)


def condensing_checks(
    spec: ColdEndSpec, T_in_K: float, p_in_Pa: float, m_dot_kg_s: float, speed_rpm: float | None
) -> tuple[Check, ...]:
    """Checks of a cycle whose compressor takes liquid: margin to the critical point, subcooling, suction head, speed.

    p_in_Pa: pressure behind the condenser, before static head and suction loss; speed_rpm: of the pump, None: unknown.

    >>> spec = ColdEndSpec(kind="condensing")
    >>> [c.passed for c in condensing_checks(spec, 283.15, 4.86e6, 30.0, 11000.0)]
    [True, True, True, True]
    """
    if T_in_K > T_MOST_K:
        return (
            Check(
                "condensation",
                False,
                f"inlet at {T_in_K:.2f} K: too near the critical point to tell liquid from gas",
            ),
        )
    condenses, T = saturation(p_in_Pa)[:2]
    T = T if condenses else T_CRIT_K
    limit, wanted = T_CRIT_K - spec["condensing_margin_K"], spec["condensing_subcooling_K"]
    found = []
    if p_in_Pa >= P_CRIT_PA:
        found.append(Check("condensation", True, f"none: {p_in_Pa / 1e6:.2f} MPa is above the critical pressure; "
                           "the inlet is a dense fluid"))  # fmt: skip
    else:
        found.append(Check("condensation", limit >= T, f"condenses at {T:.2f} K; allowed up to {limit:.2f} K, "
                           f"{spec['condensing_margin_K']:g} K below the critical temperature"))  # fmt: skip
    found.append(Check("subcooling", T - T_in_K >= wanted - 1e-3, f"{T - T_in_K:.2f} K, wanted {wanted:g} K"))
    at = _liquid(spec, T, p_in_Pa, T_in_K)
    if speed_rpm is None:
        return (*found, Check("suction head", False, "no speed of the pump is known: not checked"))
    check = suction_check(spec, at, m_dot_kg_s, speed_rpm)
    words = (f"NPSH available {check.npsh_available_m:.0f} m, required {check.npsh_required_m:.0f} m at "
             f"{speed_rpm:.0f} rpm, wanted {spec['npsh_margin']:g} times")  # fmt: skip
    found.append(Check("suction head", not check.problems, check.problems[0] if check.problems else words))
    found.append(Check("speed", speed_rpm <= check.speed_max_rpm * (1.0 + 1e-9),
                       f"{speed_rpm:.0f} rpm; the suction allows up to {check.speed_max_rpm:.0f} rpm"))  # fmt: skip
    return tuple(found)
