"""CO2 in a hall: what one block's charge does there, how fast it leaks, how much air holds it down.

    mixed release        c = 1 - exp(-V_CO2/V_hall)            air is pushed out as CO2 comes in, well mixed
    hall that stays safe V = -V_CO2 / ln(1 - c) layer                V_CO2 / floor area                    cold CO2 is
    half as heavy again as air: it lies on the floor first
    leak                 m = C_d A G, G = greatest rho V along the isentrope (`expansion.choked_flow`)
    ventilation          Q_air = q (1 - c)/c, q = m/rho_amb    steady, clean air in
    rise                 c(t) = q/(q + Q) (1 - exp(-(q + Q) t/V))

V_CO2 at ambient pressure and temperature. Limits: NIOSH, immediately dangerous 4 % (40,000 ppm), short-term 3 %,
working day 0.5 %. One block is taken to release its whole charge at once, and its vessel's if it stands in the same
hall.

Source: NIOSH IDLH documentation for carbon dioxide (May 1994); dilution: Baker, Ventilation (ASHRAE Fundamentals ch.
16). Limits: no jets, no doors, no dry ice; not a safety case.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, exp, log, pi

from thermo.checks import SpecError, check_ranges
from thermo.co2.expansion import choked_flow
from thermo.co2.fluid import state_pT
from thermo.defaults import default
from thermo.inventory.balance import Inventory
from thermo.result import CycleResult
from thermo.state import State

IDLH, SHORT_TERM, WORKING_DAY = 0.04, 0.03, 0.005  # volume shares: NIOSH
P_AMBIENT_PA = 101325.0

_RANGES: dict[str, tuple[float, float, str]] = {
    "volume_m3": (10.0, 1e7, "m3"),
    "floor_m2": (5.0, 1e6, "m2"),
    "blocks": (1, 1000, "-"),
    "T_K": (253.15, 323.15, "K"),
    "air_changes_1_h": (0.0, 100.0, "1/h"),
    "hole_m": (1e-4, 0.5, "m"),
}


@dataclass(frozen=True)
class HallSpec:
    """A hall with blocks: volume [m3], floor [m2], blocks in it, air temperature [K], air changes [1/h], bore of the
    hole that a leak is taken through [m] (None: default), whether the vessels stand in it."""

    volume_m3: float
    floor_m2: float
    blocks: int = 1
    T_K: float = 298.15
    air_changes_1_h: float = 0.0
    hole_m: float | None = None
    tank_inside: bool = False

    def __post_init__(self) -> None:
        problems = check_ranges(self, _RANGES, {"hole_m"})
        if problems:
            raise SpecError([f"hall.{p}" for p in problems])


@dataclass(frozen=True)
class HallHazard:
    """A hall's CO2 hazard.

    charge_kg: released by one block; concentration: mixed, as a volume share; safe: below 4 %; layer_m: depth as a
    layer of pure CO2; volume_safe_m3: hall in which one release stays at 4 %; blocks_safe: blocks that must share this
    hall's volume per block for that; leak_kg_s through the hole at the state of greatest flux (`leak_state`); air_m3_s
    holds that leak at 4 % and air_day_m3_s at 0.5 %; time_to_idlh_s with the hall's ventilation (None: never reached).
    """

    charge_kg: float
    co2_m3: float
    concentration: float
    safe: bool
    layer_m: float
    volume_safe_m3: float
    blocks_safe: int
    leak_state: str
    leak_kg_s: float
    air_m3_s: float
    air_day_m3_s: float
    time_to_idlh_s: float | None
    explain: str


def mixed_concentration(co2_m3: float, hall_m3: float) -> float:
    """Volume share of CO2 after a release into a hall that stays at ambient pressure.

    >>> round(mixed_concentration(40.0, 1000.0), 4)
    0.0392
    """
    return 1.0 - exp(-co2_m3 / hall_m3)


def concentration_at(t_s: float, q_m3_s: float, air_m3_s: float, hall_m3: float) -> float:
    """Volume share after a time [s] of a steady leak [m3/s] into a ventilated hall."""
    total = q_m3_s + air_m3_s
    return q_m3_s / total * (1.0 - exp(-total * t_s / hall_m3)) if total > 0.0 else 0.0


def time_to(limit: float, q_m3_s: float, air_m3_s: float, hall_m3: float) -> float | None:
    """Time [s] until a steady leak brings the hall to a volume share; None where the ventilation holds it below."""
    total = q_m3_s + air_m3_s
    if q_m3_s <= limit * total:
        return None
    return -hall_m3 / total * log(1.0 - limit * total / q_m3_s)


def leak_rate_kg_s(state: State, hole_m: float) -> float:
    """Choked leak [kg/s] through a round hole from a state of the loop."""
    return default("leak_discharge") * pi / 4.0 * hole_m**2 * choked_flow(state).flux_kg_sm2


def greatest_leak(r: CycleResult, hole_m: float) -> tuple[str, float]:
    """State from which a hole [m] leaks most, and the rate [kg/s]."""
    rates = {name: leak_rate_kg_s(s, hole_m) for name, s in r.states.items()}
    name = max(rates, key=lambda k: rates[k])
    return name, rates[name]


def hall_hazard(r: CycleResult, inv: Inventory, hall: HallSpec) -> HallHazard:
    """What a release of one block's CO2 does in a hall, and what a leak needs of its ventilation."""
    r.require_ok()
    rho = state_pT(P_AMBIENT_PA, hall.T_K).rho_kg_m3
    kg = inv.limits.total_kg if hall.tank_inside else inv.loop_charge_kg
    co2 = kg / rho
    c, need = mixed_concentration(co2, hall.volume_m3), -co2 / log(1.0 - IDLH)
    name, leak = greatest_leak(r, default("leak_hole_m") if hall.hole_m is None else hall.hole_m)
    q, air = leak / rho, hall.volume_m3 * hall.air_changes_1_h / 3600.0
    t = time_to(IDLH, q, air, hall.volume_m3)
    blocks = ceil(need / (hall.volume_m3 / hall.blocks) - 1e-9)
    words = f"one block's {kg:.0f} kg make {c:.1%} of the hall's air: "
    if c < IDLH:
        words += f"below the {IDLH:.0%} that is immediately dangerous"
    else:
        words += (f"above the {IDLH:.0%} that is immediately dangerous, which takes {need:,.0f} m3: keep blocks outdoors or "
                  "in vented enclosures, detect and evacuate")  # fmt: skip
    return HallHazard(kg, co2, c, c < IDLH, co2 / hall.floor_m2, need, blocks, name, leak, q * (1.0 - IDLH) / IDLH,
                      q * (1.0 - WORKING_DAY) / WORKING_DAY, t, words)  # fmt: skip
