"""Part load where one freedom is gone: the shaft turns at its design speed, or the loop keeps its design charge.

fixed speed     the high pressure follows from the speed; the low pressure sets the power
fixed charge    the low pressure follows from the charge; the high pressure sets the power
both            neither is free: the power is a result

The compressor inlet temperature is chosen for least heat (or greatest power), as in the default control.
"""

from __future__ import annotations

from thermo.inventory.balance import p_low_for_charge
from thermo.part_load.limits import violation
from thermo.part_load.operating_search import FAR, NO_POINT, SHORT, Best, Evaluated, best_of, start_of
from thermo.part_load.plant import Plant, Point


def greatest(plant: Plant) -> Point | None:
    """The point of greatest net power that the control allows; None where there is none."""
    return _search(plant, None)


def for_load(plant: Plant, W: float) -> Point | None:
    """The point that gives W [W] net for least heat; None where that is not reached within the limits."""
    return _search(plant, W)


def is_set(plant: Plant) -> bool:
    """Whether speed and charge are both fixed, so that no load can be chosen."""
    return plant.control.speed == "fixed" and plant.control.low_pressure == "fixed_charge"


def _search(plant: Plant, W: float | None) -> Point | None:
    plant.warm = plant.home.copy()
    fixed_charge = plant.control.low_pressure == "fixed_charge"

    def evaluate(p_low: float, T_hold: float) -> Evaluated:
        pt = _point(plant, p_low, T_hold, W)
        if pt is None:
            return NO_POINT, 0.0, None
        far = FAR * violation(plant, pt) + FAR * max(0.0, pt.p_high / plant.p_high_max - 1.0 - 1e-9)
        if W is None:
            return -pt.W_net / plant.W_rated, far, pt
        return pt.Q / W, far + SHORT * max(0.0, abs(pt.W_net / W - 1.0) - 1e-5), pt

    free = not fixed_charge and W is None
    best = best_of(plant, evaluate, *start_of(plant, W or plant.W_rated), pressure=free)
    if best is None or not best.ok:
        return None
    return _final(plant, best, W)


def _final(plant: Plant, best: Best, W: float | None) -> Point | None:
    """The best point, tightly solved."""
    pt = best.point
    fixed_charge = plant.control.low_pressure == "fixed_charge"
    if plant.control.speed == "fixed":
        p = pt.p_low
        if W is not None and not fixed_charge:
            p = _p_low_for_power(plant, pt.p_low, best.T_hold, W, 1e-11) or p
        return plant.final(p, speed=1.0, T_min=best.T_hold)
    if W is None:
        return plant.final(pt.p_low, p_high=pt.p_high, T_min=best.T_hold)
    return plant.final(pt.p_low, W=W, T_min=best.T_hold)


def _point(plant: Plant, p_low: float, T_hold: float, W: float | None) -> Point | None:
    """The point of a control near a low pressure [Pa]; W: net power wanted, None: the greatest."""
    fixed_speed = plant.control.speed == "fixed"

    def at(p: float) -> Point | None:
        if fixed_speed:
            return plant.at(p, speed=1.0, T_min=T_hold)
        if W is not None:
            return plant.at(p, W=W, T_min=T_hold)
        pt = plant.at(p, p_high=plant.p_high_max, T_min=T_hold)
        fastest = plant.control.speed_max_frac
        return plant.at(p, speed=fastest, T_min=T_hold) if pt is not None and pt.run.speed > fastest else pt

    if plant.control.low_pressure == "fixed_charge":
        lo, hi = plant.p_low_bounds()

        def charge(p: float) -> float | None:
            pt = at(p)
            return None if pt is None else plant.charge(pt)

        p = p_low_for_charge(charge, plant.charge_design, p_low, 0.6 * lo, hi)
        return None if p is None else at(p)
    if fixed_speed and W is not None:
        p = _p_low_for_power(plant, p_low, T_hold, W, 1e-6)
        return None if p is None else at(p)
    return at(p_low)


def _p_low_for_power(plant: Plant, p: float, T_hold: float, W: float, tol: float) -> float | None:
    """Low pressure [Pa] at which the block gives W [W] at its design speed; power rises with it up to the greatest."""
    old, e_old = 0.0, 0.0
    for k in range(30):
        pt = plant.at(p, speed=1.0, T_min=T_hold, tol=min(1e-6, tol * 10.0))
        if pt is None:
            return None
        e = pt.W_net / W - 1.0
        if abs(e) < tol:
            return p
        slope = (e - e_old) / (p - old) if k > 0 and p != old else 3.0 / p
        if slope <= 0.5 / p:  # past the greatest power: come back down
            slope = 3.0 / p if e > 0.0 else -3.0 / p
        old, e_old = p, e
        p = min(max(p - e / slope, 0.93 * p), 1.05 * p)
        if not 0.3 * plant.hw.c.p_mc_in < p < 2.0 * plant.hw.c.p_mc_in:
            return None
    return None
