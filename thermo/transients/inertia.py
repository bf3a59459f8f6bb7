"""Kinetic energy of a block's rotors and the inertia constant H that the electrical side needs.

    H = (1/2 sum J omega^2) / W_generator      [s]

    wheel      a disc of mean thickness k D with its part of the shaft:  J = pi/32 rho (k + k_shaft) D^5
    generator  rotor of surface speed u and shear stress sigma in the gap:  W = 2 sigma V omega, so
               J = rho V r^2/2 with r = u/omega, and H = rho u^2 / (8 sigma omega)
    gearbox    its wheels are left out (some 5 % of a geared train)

Rotors on the generator's shaft or gear turn with it, so their energies add whatever the speeds; a free turbo-compressor and
motor-driven compressors do not count. A rectifier decouples the rotor: H slows the
shaft's speed, it is no inertia of the DC bus.

Source: shear-stress sizing: Pyrhonen, Jokinen & Hrabovcova, Design of Rotating Electrical Machines, ch. 6; discs:
Timoshenko. Grade of the inputs: assumption. For comparison: the typical value of IEC 61970's RotatingMachineDynamics is
H = 3 s.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi

from thermo.defaults import default
from thermo.machines.machine_sizing import MachineSize
from thermo.outcome import CycleError
from thermo.result import CycleResult

_OMEGA = pi / 30.0
RHO_STEEL_KG_M3 = 7800.0


@dataclass(frozen=True)
class Inertia:
    """Kinetic energy at rated speed by machine [J], in all [J], and H [s] on the generator's rated power."""

    energy_J: dict[str, float]
    total_J: float
    H_s: float


def wheel_inertia_kg_m2(diameter_m: float) -> float:
    """Moment of inertia of one wheel with its part of the shaft [kg m2].

    >>> round(wheel_inertia_kg_m2(0.2), 4)
    0.049
    """
    return pi / 32.0 * RHO_STEEL_KG_M3 * default("wheel_thickness_ratio") * diameter_m**5


def generator_energy_J(power_W: float, speed_rpm: float) -> float:
    """Kinetic energy of a generator's rotor at rated speed [J], from its surface speed and gap stress."""
    fast = speed_rpm > default("generator_fast_from_rpm")
    u = default("generator_surface_speed_fast_m_s" if fast else "generator_surface_speed_slow_m_s")
    sigma = default("generator_gap_stress_Pa")
    omega = speed_rpm * _OMEGA
    volume = power_W / (2.0 * sigma * omega)
    return RHO_STEEL_KG_M3 * volume * u * u / 4.0


def _energy(m: MachineSize) -> float:
    if m.name.startswith("generator"):
        return generator_energy_J(m.power_W, m.speed_rpm)
    if not m.diameter_m:
        return 0.0
    J = wheel_inertia_kg_m2(m.diameter_m) * m.stages
    return 0.5 * J * (m.speed_rpm * _OMEGA) ** 2


def inertia(r: CycleResult) -> Inertia:
    """Kinetic energy and inertia constant of a designed block.

    Speeds and diameters are those of `r.machines`; only those that turn with the generator count.
    """
    r.require_ok()
    if r.train is None:
        raise CycleError(r.machine_words)
    assert r.W_generator_W is not None
    turning = {*r.train.arrangement.with_generator, "generator"}
    energy = {m.name: _energy(m) for m in r.machines if m.name in turning and _energy(m) > 0.0}
    total = sum(energy.values())
    return Inertia(energy, total, total / r.W_generator_W)
