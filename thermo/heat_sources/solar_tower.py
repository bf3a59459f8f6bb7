"""Solar salt tower: heat collected from direct irradiance (DNI), salt temperatures for the cycle.

    incident on the receiver  = DNI A eta_optical           (field: cosine, blocking, attenuation, spillage, reflectivity)
    collected                 = incident - loss,   loss = (1 - eta_receiver) x incident at design    (receiver hot: constant)
    none below a least share of the design incident; what exceeds Q_max is defocused

The receiver's loss is by radiation and convection at its temperature, so it does not fall with the sun: at half the
irradiance the efficiency is lower. Measured at Solar Two: 88 % in calm air, 86 % in wind (SENER, J. Sol. Energy Eng. 2008).
eta_optical here is one number for the whole year unless an array by hour is given. Store: `thermal_battery`, two_tank.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from thermo.checks import SpecError, check_ranges
from thermo.heat_sources.coolants import coolants
from thermo.heat_stream import HeatStream

_RANGES = {
    "A_heliostat_m2": (10.0, 1e7, "m2"),
    "DNI_design_W_m2": (100.0, 1200.0, "W/m2"),
    "eta_optical": (0.1, 0.95, "-"),
    "eta_receiver": (0.3, 0.98, "-"),
    "least_share": (0.0, 0.9, "-"),
    "defocus_share": (0.5, 2.0, "-"),
    "T_salt_hot_K": (500.0, 900.0, "K"),
    "T_salt_cold_K": (450.0, 800.0, "K"),
    "approach_K": (0.1, 300.0, "K"),
}


@dataclass(frozen=True)
class SolarTowerSpec:
    """A salt tower: mirror area [m2], design irradiance [W/m2], efficiencies of field (assumption) and receiver (measured at
    Solar Two), least share of the design incident heat, greatest share collected, salt temperatures [K], approach [K]."""

    A_heliostat_m2: float
    DNI_design_W_m2: float = 900.0
    eta_optical: float = 0.55
    eta_receiver: float = 0.87
    least_share: float = 0.25
    defocus_share: float = 1.0
    T_salt_hot_K: float = 838.15
    T_salt_cold_K: float = 563.15
    approach_K: float = 15.0
    coolant: str = "solar_salt"
    name: str = "solar salt"

    def __post_init__(self) -> None:
        problems = check_ranges(self, _RANGES, set())
        if self.coolant not in coolants():
            problems.append(f"coolant: {self.coolant!r} is not known; allowed {', '.join(coolants())}")
        elif not problems:
            c = coolants()[self.coolant]
            if not c.T_freeze_K < self.T_salt_cold_K < self.T_salt_hot_K <= c.T_max_K:
                problems.append(
                    f"T_salt_cold_K, T_salt_hot_K: {self.T_salt_cold_K:g}, {self.T_salt_hot_K:g} are out of range; allowed "
                    f"{c.T_freeze_K:g} to {c.T_max_K:g} K, rising"
                )
        if problems:
            raise SpecError([f"solar_tower.{p}" for p in problems])


def Q_design_W(spec: SolarTowerSpec) -> float:
    """Heat collected at the design irradiance [W].

    >>> round(Q_design_W(SolarTowerSpec(100e3)) / 1e6, 1)
    43.1
    """
    return spec.DNI_design_W_m2 * spec.A_heliostat_m2 * spec.eta_optical * spec.eta_receiver


def collected_W(
    spec: SolarTowerSpec,
    DNI_W_m2: np.ndarray | Sequence[float] | float,
    eta_optical: np.ndarray | None = None,
) -> np.ndarray:
    """Heat collected [W] at each irradiance [W/m2]; eta_optical: the field's efficiency at the same times."""
    dni = np.asarray(DNI_W_m2, dtype=float)
    field = spec.eta_optical if eta_optical is None else np.asarray(eta_optical, dtype=float)
    design = spec.DNI_design_W_m2 * spec.A_heliostat_m2 * spec.eta_optical
    incident = dni * spec.A_heliostat_m2 * field
    Q = np.minimum(incident - (1.0 - spec.eta_receiver) * design, spec.defocus_share * Q_design_W(spec))
    return np.where(incident < spec.least_share * design, 0.0, np.maximum(Q, 0.0))


def salt_stream(spec: SolarTowerSpec, Q_W: float) -> HeatStream:
    """The hot salt that gives Q_W [W] to the cycle, as a stream. Salt colder than T_salt_cold_K must not come back hotter
    than that for the tower to work at its design temperatures."""
    c = coolants()[spec.coolant]
    m = Q_W / c.heat_J_kg(spec.T_salt_cold_K, spec.T_salt_hot_K)
    return HeatStream(spec.T_salt_hot_K, spec.T_salt_cold_K, m * c.heat_J_kg(spec.T_salt_cold_K, spec.T_salt_hot_K)
                      / (spec.T_salt_hot_K - spec.T_salt_cold_K), spec.approach_K, c.T_freeze_K, spec.name)  # fmt: skip
