"""Mechanical losses of a machine train, computed, beside the block's default total.

The default total (`mechanical_efficiency_from_size`: 4.5 % of shaft power at 1 MW, 1.5 % at 10 MW) stays what the
block's power is reckoned with. The computed lines say what it is made of and whether it is plausible:

    disc friction     back face of each wheel (both faces of a compressor's closed wheel), density at the rim; it is
                      part of the isentropic efficiency and not added to the total
    rotor windage     PM rotor in CO2 at the pumped-down cavity pressure (direct drive); a geared generator turns in air
    bearings          gas foil below `foil_bearing_up_to_W`, oil tilting pads above; film friction, `windage`
    shaft seals       labyrinth behind each wheel (Martin): to the pumped-down cavity of a hermetic machine, else to the
                      machine's own low pressure with a dry gas seal beyond it; the usual ranges beside it
"""

from dataclasses import dataclass
from math import pi

from thermo.co2.flash import density
from thermo.machines.electrical import Chain
from thermo.machines.shafts import Arrangement, Shaft
from thermo.machines.wheels import RPM, Duty, Wheel, parameter
from thermo.machines.windage import (
    cylinder_friction_W,
    disc_friction_W,
    film_friction_W,
    labyrinth_leakage_kg_s,
    viscosity_Pa_s,
)


@dataclass(frozen=True, slots=True)
class MachineLoss:
    """One loss [W]: what it is, its boundary, its source; `in_total`: counted in the computed mechanical total."""

    name: str
    W: float
    boundary: str
    source: str
    grade: str
    in_total: bool


def _disc(d: Duty, w: Wheel) -> MachineLoss:
    """Friction of the wheels' faces, at the density of the dense end."""
    dense = max(d.inlet, d.outlet, key=lambda s: s.rho_kg_m3)
    faces = (2 if d.kind == "compressor" else 1) * w.stages
    W = disc_friction_W(dense.rho_kg_m3, d.mu_Pa_s, w.speed_rpm / RPM, 0.5 * w.diameter_m,
                        parameter("disc_gap_over_radius"), faces)  # fmt: skip
    return MachineLoss(f"disc friction, {d.name}", W, "inside the isentropic efficiency", "Daily & Nece 1960", "cited",
                       False)  # fmt: skip


def rotor_radius_m(speed_rpm: float) -> float:
    """Radius [m] of a PM rotor at its usual surface speed."""
    return parameter("rotor_tip_speed_m_s") * RPM / speed_rpm


def _rotor(speed_rpm: float, p_Pa: float, pumped: bool) -> MachineLoss:
    """Windage of a PM rotor in CO2 at the cavity's pressure: cylinder and both ends."""
    T = parameter("cavity_temperature_K")
    rho = float(density(p_Pa, T))
    r, omega = rotor_radius_m(speed_rpm), speed_rpm / RPM
    length = 2.0 * r * parameter("rotor_length_over_diameter")
    mu = viscosity_Pa_s(rho, T)
    gap = parameter("rotor_gap_over_radius")
    W = cylinder_friction_W(rho, mu, omega, r, length, gap * r) + disc_friction_W(rho, mu, omega, r, 0.1, 2)
    where = "generator cavity, pumped down" if pumped else "comparison: cavity at the cycle's low pressure"
    name = "rotor windage, generator" if pumped else "rotor windage, cavity not pumped"
    return MachineLoss(name, W, where, "Vrancik, NASA TN D-4849 (1968); rotor and cavity are assumptions",
                       "assumption", pumped)  # fmt: skip


def _journal_radius_m(torque_Nm: float, speed_rpm: float, oil: bool) -> float:
    r = (2.0 * torque_Nm / (pi * parameter("shaft_shear_Pa"))) ** (1.0 / 3.0)
    return min(r, parameter("journal_speed_max_m_s") * RPM / speed_rpm) if oil else r


def _bearings(shaft: Shaft, carried_W: float, oil: bool) -> MachineLoss:
    omega = shaft.speed_rpm / RPM
    r = _journal_radius_m(carried_W / omega, shaft.speed_rpm, oil)
    c, length = (
        parameter("bearing_clearance_over_radius") * r,
        2.0 * r * parameter("bearing_length_over_diameter"),
    )
    if oil:
        rho, mu = 850.0, parameter("oil_viscosity_Pa_s")
    else:
        rho = float(density(parameter("cavity_pressure_Pa"), parameter("cavity_temperature_K")))
        mu = viscosity_Pa_s(rho, parameter("cavity_temperature_K"))
    W = parameter("bearings_per_shaft") * film_friction_W(mu, rho, omega, r, length, c)
    kind = "oil tilting pads" if oil else "gas foil bearings"
    return MachineLoss(f"bearings, {shaft.name}", W, f"{kind} of the shaft", "Petroff; sizes are assumptions",
                       "assumption", True)  # fmt: skip


def _seal(d: Duty, w: Wheel, hermetic: bool) -> MachineLoss:
    """Power worth of the leakage from behind a wheel, at a diameter of 0.4 of the wheel's.

    Behind a compressor wheel stands its outlet pressure, behind a turbine wheel the geometric mean of its pressures.
    """
    if d.kind == "compressor":
        p, rho = d.outlet.p_Pa, d.outlet.rho_kg_m3
    else:
        p, rho = (d.inlet.p_Pa * d.outlet.p_Pa) ** 0.5, d.rho_after(0.5)
    p_to = parameter("cavity_pressure_Pa") if hermetic else min(d.inlet.p_Pa, d.outlet.p_Pa)
    D = 0.4 * w.diameter_m
    c = max(parameter("labyrinth_clearance_m"), 1e-3 * D)
    m = labyrinth_leakage_kg_s(
        D, c, p, rho, p_to, int(parameter("labyrinth_teeth")), parameter("labyrinth_discharge")
    )
    W = m / d.m_dot_kg_s * d.power_W
    end = (
        "to the pumped-down cavity" if hermetic else "to the machine's low pressure, a dry gas seal beyond it"
    )
    return MachineLoss(f"shaft seal, {d.name}", W, f"labyrinth {end}; flow lost at its specific work",
                       "Martin's labyrinth formula; sizes are assumptions", "assumption", True)  # fmt: skip


def _usual_seals(turbines_W: float, hermetic: bool) -> list[MachineLoss]:
    """What is usually reckoned for seals, for comparison."""
    kind = "seal_leakage" if hermetic else "dry_gas_seal"
    words = "0.5-1 % of the flow" if hermetic else "dry gas seals, 0.1-0.5 % of the flow each"
    return [MachineLoss(f"shaft seals, usual range {end}", parameter(f"{kind}_{end}") * turbines_W, "comparison",
                        f"{words}; no source read", "assumption", False) for end in ("low", "high")]  # fmt: skip


def machine_losses(a: Arrangement, chain: Chain) -> tuple[MachineLoss, ...]:
    """Losses of an arrangement; the last lines are the computed total and the default total that the block uses."""
    pairs = list(zip(a.duties, a.wheels, strict=True))
    hermetic = a.drive == "direct"
    found = [_disc(d, w) for d, w in pairs]
    if hermetic:
        found.append(_rotor(a.generator_rpm, parameter("cavity_pressure_Pa"), True))
        found.append(_rotor(a.generator_rpm, min(d.inlet.p_Pa for d, _ in pairs), False))
    by_name = {d.name: d for d in a.duties}
    for s in a.shafts:
        carried = max(by_name[n].power_W for n in s.machines if n in by_name)
        found.append(_bearings(s, carried, carried > parameter("foil_bearing_up_to_W") or not hermetic))
    found += [_seal(d, w, hermetic) for d, w in pairs]
    W = sum(d.cycle_power_W for d in a.duties)
    turbines = sum(d.power_W for d in a.duties if d.kind == "turbine")
    total = sum(x.W for x in found if x.in_total)
    return (
        *found,
        *_usual_seals(turbines, hermetic),
        MachineLoss("computed total", total, "shaft power to generator coupling", "sum of the lines above",
                    "assumption", False),
        MachineLoss("default total", (1.0 - chain.eta_mechanical) * W, "shaft power to generator coupling",
                    "eta_mechanical as given, or from size", "assumption", False),
    )  # fmt: skip
