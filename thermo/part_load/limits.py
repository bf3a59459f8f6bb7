"""What limits an operating point: how far it is beyond, and in words."""

from __future__ import annotations

from thermo.co2.fluid import P_CRIT_PA, T_CRIT_K
from thermo.cold_end.winter import winter_mode
from thermo.defaults import default
from thermo.heat_sources.fired_heater import firing, resolve
from thermo.part_load.exhaust import exhaust_mach
from thermo.part_load.plant import Plant, Point

SLACK = 1e-6  # relative; what a solve may be off
DENSE_PA = (
    1.02 * P_CRIT_PA
)  # compressor inlets below the critical temperature: one phase, with a margin, from here on


def _coefficients(plant: Plant, pt: Point) -> list[tuple[str, float]]:
    flows = [("main compressor", pt.run.phi_c)]
    if plant.hw.c.f > 0.0:
        flows.append(("recompressor", pt.run.phi_r))
    if plant.layout.precompressor:
        flows.append(("precompressor", pt.run.phi_p))
    return flows


def violation(plant: Plant, pt: Point) -> float:
    """How far a point is beyond the limits of machines and vessel, relative; 0 within them.

    Surge is no limit where a recycle valve opens before it: main compressor and precompressor have one.
    """
    hw, control = plant.hw, plant.control
    far = max(0.0, pt.run.speed / control.speed_max_frac - 1.0)
    far += max(0.0, 1.0 - pt.run.speed / control.speed_min_frac)
    if pt.inputs.T_mc_in < T_CRIT_K:
        far += max(0.0, DENSE_PA / pt.p_low - 1.0)
    far += sum(max(0.0, phi / hw.phi_max - 1.0) for _name, phi in _coefficients(plant, pt))
    if hw.c.f > 0.0:
        far += max(0.0, 1.0 - pt.run.phi_r / hw.phi_min)
    most = default("exhaust_mach_max")
    far += sum(max(0.0, mach / most - 1.0) for mach in exhaust_mach(plant.exhausts, pt).values())
    if plant.tank is not None:
        kg, tank = plant.charge(pt), plant.tank
        far += max(0.0, kg - tank.greatest_charge_kg, tank.least_charge_kg - kg) / tank.total_kg
    return far


def limit(plant: Plant, pt: Point) -> str:
    """The limit that a point breaks, in words, or nothing."""
    if violation(plant, pt) > SLACK:
        return _words(plant, pt)
    return turndown(plant, pt)


def _words(plant: Plant, pt: Point) -> str:
    hw, control = plant.hw, plant.control
    for name, phi in _coefficients(plant, pt):
        if phi > hw.phi_max * (1.0 + SLACK):
            return f"the {name} chokes: flow coefficient {phi:.4f} over {hw.phi_max}"
        if phi < hw.phi_min * (1.0 - SLACK):
            return (
                f"the {name} comes within its surge margin: flow coefficient {phi:.4f} under {hw.phi_min:.4f}"
            )
    for beyond, least, name in (
        (control.speed_max_frac, False, "over"),
        (control.speed_min_frac, True, "under"),
    ):
        if (pt.run.speed < beyond * (1 - SLACK)) if least else (pt.run.speed > beyond * (1 + SLACK)):
            return f"the shaft turns at {pt.run.speed:.1%} of its design speed, {name} {beyond:.0%}, the rectifier's range"
    if pt.inputs.T_mc_in < T_CRIT_K and pt.p_low < DENSE_PA * (1.0 - SLACK):
        return (f"the compressor inlet at {pt.inputs.T_mc_in:.1f} K and {pt.p_low / 1e6:.2f} MPa is not safely in one "
                f"phase: below {T_CRIT_K:.2f} K it takes {DENSE_PA / 1e6:.2f} MPa")  # fmt: skip
    for name, mach in exhaust_mach(plant.exhausts, pt).items():
        if mach > default("exhaust_mach_max") * (1.0 + SLACK):
            return f"the exhaust of the {name} reaches Mach {mach:.2f}, over {default('exhaust_mach_max'):g}"
    assert plant.tank is not None
    from thermo.inventory.balance import unreachable

    return unreachable(plant.charge(pt), plant.tank)


def firing_least(plant: Plant) -> float:
    """Least firing of the burner over rated; 0 without one."""
    spec = plant.r.spec.fired_heater
    return resolve(spec).min_firing_frac or 0.0 if spec is not None else 0.0


def turndown(plant: Plant, pt: Point) -> str:
    """Why the burner cannot fire as low as a final point needs, in words, or nothing."""
    spec, rated = plant.r.spec.fired_heater, plant.r.heater
    if spec is None or rated is None or pt.heater is None:
        return ""
    burner = firing(spec, pt.heater, rated)
    return burner.explain if burner.firing_frac < firing_least(plant) * (1.0 - SLACK) else ""


def active(plant: Plant, pt: Point) -> tuple[str, ...]:
    """Limits that hold a point, and the mode of its cold end, in words."""
    words = []
    if pt.p_high >= plant.p_high_max * (1 - 1e-9):
        words.append(f"p_high_Pa at its limit {plant.p_high_max / 1e6:.2f} MPa")
    if pt.inputs.T_mc_in <= plant.air.T_min + 1e-9:
        mode = winter_mode(pt.run.fan, plant.cold.spec).mode
        by = {"fan": "slower fans", "louvre": "louvres", "bypass": "the CO2 bypass"}.get(mode, "the fans")
        words.append(f"compressor inlet held at {plant.air.T_min:.2f} K by {by}")
    if abs(pt.run.speed / plant.control.speed_max_frac - 1.0) < 1e-4:
        words.append(f"shaft at its greatest speed, {plant.control.speed_max_frac:.0%} of design")
    for name, share in (("main compressor", pt.run.recycle_c), ("precompressor", pt.run.recycle_p)):
        if share > 1e-6:
            words.append(f"{name} recycles {share:.1%} of its useful flow to stay clear of surge")
    return tuple(words)
