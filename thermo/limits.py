"""What limits an operating point, in words."""

from __future__ import annotations

from .plant import Plant, Point


def map_limit(plant: Plant, pt: Point) -> str:
    """The machine limit that a point breaks, in words, or nothing. Surge is no limit: recycle valves open before it."""
    hw, run = plant.hw, pt.run
    flows = [("main compressor", run.phi_c)]
    if hw.c.f > 0.0:
        flows.append(("recompressor", run.phi_r))
    if plant.layout.precompressor:
        flows.append(("precompressor", run.phi_p))
    for name, phi in flows:
        if phi > hw.phi_max * (1.0 - 1e-9):
            return f"{name} choked: flow coefficient {phi:.4f} over {hw.phi_max}"
    if run.speed > plant.control.speed_max_frac * (1.0 + 1e-6):
        return f"shaft at {run.speed:.1%} of its design speed, over {plant.control.speed_max_frac:.0%}, the rectifier's range"
    if run.speed < plant.control.speed_min_frac * (1.0 - 1e-6):
        return f"shaft at {run.speed:.1%} of its design speed, under {plant.control.speed_min_frac:.0%}, the rectifier's range"
    return ""


def charge_limit(plant: Plant, pt: Point) -> str:
    """Why the charge of the loop does not close at a point, in words, or nothing."""
    if plant.tank is None:
        return ""
    from .inventory import unreachable

    return unreachable(plant.charge(pt), plant.tank)


def active(plant: Plant, pt: Point) -> tuple[str, ...]:
    """Limits that hold a point, and the mode of its cold end, in words."""
    words = []
    if pt.p_high >= plant.p_high_max * (1 - 1e-9):
        words.append(f"p_high_Pa at its limit {plant.p_high_max / 1e6:.2f} MPa")
    if pt.inputs.T_mc_in <= plant.air.T_min + 1e-9:
        words.append(f"compressor inlet held at {plant.air.T_min:.2f} K by slower fans")
    for name, share in (("main compressor", pt.run.recycle_c), ("precompressor", pt.run.recycle_p)):
        if share > 1e-6:
            words.append(f"{name} recycles {share:.1%} of its useful flow to stay clear of surge")
    return tuple(words)
