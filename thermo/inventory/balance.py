"""CO2 inventory: charge of the loop, what the storage vessel can add or take, settle-out, and which low pressures close.

The CO2 of a block is constant: M = loop charge + vessel. So with a vessel between its pressures the loop can hold

    M - V_tank rho(p_max, T_tank)  <=  charge  <=  M - V_tank rho(p_min, T_tank)

and a low pressure is reachable only if the charge that the loop then holds lies in this range. Without a vessel the charge
is fixed and the low pressure follows from it: `p_low_for_charge`. At standstill everything takes the ambient temperature
and the loop's pressure settles at p(charge/volume, T), inside the dome at saturation with a quality.

Source: mass balance; densities by Span & Wagner (1996). Leakage is made up elsewhere (`auxiliaries`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from thermo.co2.flash import density
from thermo.co2.helmholtz import T_CRIT_K, properties, saturation_ancillary
from thermo.defaults import default
from thermo.inventory.inventory_spec import InventorySpec
from thermo.inventory.loop_charge import N_SEGMENTS, charges, volume_table
from thermo.inventory.loop_volumes import LoopVolume, loop_volumes
from thermo.result import CycleResult

__all__ = [
    "Inventory", "InventorySpec", "LoopVolume", "SettleOut", "TankLimits", "block_inventory", "loop_charge",
    "loop_charge_kg", "loop_volumes", "p_low_for_charge", "settle_out", "tank_density", "tank_limits", "unreachable",
]  # fmt: skip


@dataclass(frozen=True)
class SettleOut:
    """The loop at rest: one temperature [K], one pressure [Pa], mean density [kg/m3], quality where two-phase."""

    T_K: float
    p_Pa: float
    rho_kg_m3: float
    quality: float | None


@dataclass(frozen=True)
class TankLimits:
    """Least and greatest charge of the loop [kg] that the vessel allows; all CO2 of the block [kg]."""

    least_charge_kg: float
    greatest_charge_kg: float
    total_kg: float


@dataclass(frozen=True)
class Inventory:
    """CO2 in a block at one point: by volume (same order as `volumes`), in all, at rest, and with its vessel.

    Where there is no vessel its fields are None and both limits equal the charge.
    """

    volumes: tuple[LoopVolume, ...]
    charges_kg: tuple[float, ...]
    loop_volume_m3: float
    loop_charge_kg: float
    settle_out: SettleOut
    limits: TankLimits
    tank_volume_m3: float | None
    tank_p_Pa: float | None
    tank_p_min_Pa: float | None
    tank_p_max_Pa: float | None
    transfer_kg_s: float | None


def _table(r: CycleResult) -> tuple[list[str], np.ndarray]:
    names = list(r.states)
    rows = [(s.T_K, s.p_Pa, s.h_J_kg, s.s_J_kgK, s.rho_kg_m3) for s in r.states.values()]
    return names, np.array(rows, dtype=float)


def _air(r: CycleResult) -> tuple[float, float]:
    """Difference at the CO2 outlet and rise of the cooler's air [K]."""
    c = r.cooler
    if c is None or r.T_compressor_in_K is None:
        return default("cooler_approach_K"), default("cooler_air_rise_max_K")
    return max(0.2, r.T_compressor_in_K - c.T_air_in_K), c.T_air_out_K - c.T_air_in_K


def loop_charge(r: CycleResult, volumes: tuple[LoopVolume, ...], n: int = N_SEGMENTS) -> tuple[float, ...]:
    """Mass of CO2 [kg] in each volume at a point (design or off-design), in their order."""
    r.require_ok()
    names, st = _table(r)
    t = volume_table(volumes, names, *_air(r))
    kg = np.empty((t.kind.size, 2))
    if not charges(st, t, n, kg):
        raise ValueError("no state inside an exchanger: its CO2 crosses the saturation dome")
    found, k = [], -1
    for v in volumes:
        side = int(v.side == "cold")
        k += 1 - side
        found.append(float(kg[k, side]))
    return tuple(found)


def loop_charge_kg(r: CycleResult, volumes: tuple[LoopVolume, ...], n: int = N_SEGMENTS) -> float:
    """Mass of CO2 in the whole loop at a point [kg]."""
    return sum(loop_charge(r, volumes, n))


def settle_out(charge_kg: float, volume_m3: float, T_K: float) -> SettleOut:
    """Pressure at which a charge comes to rest in a volume at one temperature.

    >>> s = settle_out(300.0, 1.0, 293.15)
    >>> round(s.p_Pa / 1e6, 2), round(s.quality, 2)
    (5.73, 0.53)
    """
    rho = charge_kg / volume_m3
    if T_K < T_CRIT_K:
        ps, rl, rv = saturation_ancillary(T_K)
        if rv < rho < rl:
            return SettleOut(T_K, float(ps), rho, float((1.0 / rho - 1.0 / rl) / (1.0 / rv - 1.0 / rl)))
    return SettleOut(T_K, float(properties(rho, T_K)[0]), rho, None)


def tank_density(p_Pa: float, T_K: float) -> float:
    """Density in the vessel [kg/m3]; on the saturation line that of the vapour, so that the vessel is not overrated."""
    rho = density(p_Pa, T_K)
    return float(rho) if rho > 0.0 else float(saturation_ancillary(T_K)[2])


def _tank_pressures(spec: InventorySpec, r: CycleResult) -> tuple[float, float]:
    assert r.p_low_Pa is not None
    assert r.p_high_Pa is not None
    lo = spec.tank_p_min_Pa or 1.1 * r.p_low_Pa
    hi = spec.tank_p_max_Pa or 0.9 * r.p_high_Pa
    return min(lo, hi), max(lo, hi)


def tank_limits(spec: InventorySpec, design: CycleResult, design_charge_kg: float) -> TankLimits:
    """What the loop can hold with the vessel of the spec, given its charge at the design.

    Parameters
    ----------
    spec : InventorySpec
        Vessel; without one both limits are the design's charge.
    design : CycleResult
        Gives the vessel's pressures where the spec does not.
    design_charge_kg : float
        Loop charge at the design [kg].
    """
    if spec.tank_volume_m3 is None:
        return TankLimits(design_charge_kg, design_charge_kg, design_charge_kg)
    T = spec.tank_T_K or default("tank_T_K")
    V = spec.tank_volume_m3
    least, most = (V * tank_density(p, T) for p in _tank_pressures(spec, design))
    now = V * tank_density(spec.tank_p_design_Pa, T) if spec.tank_p_design_Pa else 0.5 * (least + most)
    total = design_charge_kg + now
    return TankLimits(max(0.0, total - most), total - least, total)


def unreachable(charge_kg: float, limits: TankLimits) -> str:
    """Why a charge does not close, in words; empty where it does (to 1e-6 of all CO2)."""
    slack = 1e-6 * limits.total_kg
    if charge_kg > limits.greatest_charge_kg + slack:
        return (f"the loop would hold {charge_kg:.0f} kg of CO2; with the vessel at its least pressure it can hold "
                f"{limits.greatest_charge_kg:.0f} kg")  # fmt: skip
    if charge_kg < limits.least_charge_kg - slack:
        return (f"the loop would hold {charge_kg:.0f} kg of CO2; with the vessel at its greatest pressure "
                f"{limits.least_charge_kg:.0f} kg stay in it")  # fmt: skip
    return ""


def p_low_for_charge(
    charge_of: Callable[[float], float | None], wanted_kg: float, p_start_Pa: float, p_least_Pa: float, p_most_Pa: float,
    tol: float = 1e-6,
) -> float | None:  # fmt: skip
    """Low pressure [Pa] at which a loop holds the wanted charge; None where the range does not hold it.

    charge_of(p_low) gives the charge [kg], None where the block has no operating point; it must rise with p_low. From the
    start, where there is a point, steps grow towards the wanted charge and shrink before a gap; then false position,
    bisected every third step.
    """
    bracket = _bracket(charge_of, wanted_kg, p_start_Pa, p_least_Pa, p_most_Pa)
    if bracket is None:
        return None
    lo, a, hi, b = bracket
    for k in range(60):
        share = 0.5 if k % 3 == 2 or b <= a else min(0.98, max(0.02, (wanted_kg - a) / (b - a)))
        p = lo + share * (hi - lo)
        kg = charge_of(p)
        if kg is None:
            return None
        if abs(kg - wanted_kg) <= tol * wanted_kg or hi - lo < 1.0:
            return p
        if kg < wanted_kg:
            lo, a = p, kg
        else:
            hi, b = p, kg
    return None


def _bracket(charge_of: Callable[[float], float | None], wanted: float, p: float, least: float,
             most: float) -> tuple[float, float, float, float] | None:  # fmt: skip
    """(p, charge) on both sides of the wanted charge, by growing steps from a start."""
    kg = charge_of(p)
    if kg is None:
        return None
    up = kg < wanted
    step = 0.02 * p if up else -0.02 * p
    for _ in range(40):
        new = min(most, max(least, p + step))
        found = charge_of(new) if new != p else None
        if found is None:  # a gap or the end of the range: try nearer
            step *= 0.5
            if new == p or abs(step) < 1e-4 * p:
                return None
            continue
        if (found >= wanted) == up:
            return (p, kg, new, found) if up else (new, found, p, kg)
        p, kg, step = new, found, 1.6 * step
    return None


def block_inventory(
    design: CycleResult, spec: InventorySpec | None = None, T_ambient_K: float = 288.15
) -> Inventory:
    """Volumes, charge, settle-out and vessel of a designed block.

    Parameters
    ----------
    design : CycleResult
        The designed block.
    spec : InventorySpec, optional
        Vessel, known volumes, assumptions.
    T_ambient_K : float
        Temperature of everything at rest [K].
    """
    spec = spec or InventorySpec()
    volumes = loop_volumes(design, spec)
    kg = loop_charge(design, volumes)
    V, charge = sum(v.volume_m3 for v in volumes), sum(kg)
    limits = tank_limits(spec, design, charge)
    tank_p = p_min = p_max = transfer = None
    if spec.tank_volume_m3 is not None:
        T = spec.tank_T_K or default("tank_T_K")
        tank_p = settle_out(limits.total_kg - charge, spec.tank_volume_m3, T).p_Pa
        p_min, p_max = _tank_pressures(spec, design)
        transfer = spec.transfer_kg_s or default("transfer_share_1_s") * charge
    return Inventory(volumes, kg, V, charge, settle_out(charge, V, T_ambient_K), limits, spec.tank_volume_m3, tank_p,
                     p_min, p_max, transfer)  # fmt: skip
