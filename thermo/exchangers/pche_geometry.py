"""What a printed-circuit heat exchanger is made of and asked to do: plates and channels, inlets, duty."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from numpy import full, ndarray

from thermo.checks import SpecError, check_ranges
from thermo.defaults import table
from thermo.exchangers.channel import channel_names
from thermo.state import State

if TYPE_CHECKING:
    from thermo.cycle.components import Component, Stream

_RANGES: dict[str, tuple[float, float, str]] = {
    "channel_diameter_m": (2e-4, 1e-2, "m"),
    "pitch_m": (2e-4, 2e-2, "m"),
    "plate_thickness_m": (2e-4, 2e-2, "m"),
    "wall_conductivity_W_mK": (1.0, 500.0, "W/m/K"),
    "wall_density_kg_m3": (500.0, 2e4, "kg/m3"),
    "fouling_hot_m2K_W": (0.0, 1e-2, "m2 K/W"),
    "fouling_cold_m2K_W": (0.0, 1e-2, "m2 K/W"),
    "maldistribution_factor": (0.3, 1.0, "-"),
    "end_loss_velocity_heads": (0.0, 20.0, "-"),
    "header_volume_frac": (0.0, 3.0, "-"),
    "casing_mass_frac": (0.0, 3.0, "-"),
}


def pche_default(name: str) -> float:
    """Default of `data/pche.json` by name."""
    return float(next(row["value"] for row in table("pche")["rows"] if row["name"] == name))


@dataclass(frozen=True)
class PcheGeometry:
    """Plates and channels. None: the default of `data/pche.json` by the same name (316L for the wall).

    channel: one of `channel.channel_names()`; lengths [m]; pitch_m square to the channel, so that pitch - diameter is the
    wall between neighbours whatever the angle; wall_conductivity_W_mK None: 316L at the wall's temperature.

    >>> round(PcheGeometry().hydraulic_diameter_m * 1e3, 3)
    1.222
    """

    channel: str = "straight"
    channel_diameter_m: float | None = None
    pitch_m: float | None = None
    plate_thickness_m: float | None = None
    wall_conductivity_W_mK: float | None = None
    wall_density_kg_m3: float | None = None
    fouling_hot_m2K_W: float | None = None
    fouling_cold_m2K_W: float | None = None
    maldistribution_factor: float | None = None
    end_loss_velocity_heads: float | None = None
    header_volume_frac: float | None = None
    casing_mass_frac: float | None = None

    def __post_init__(self) -> None:
        for f in fields(self):
            if getattr(self, f.name) is None and f.name != "wall_conductivity_W_mK":
                object.__setattr__(self, f.name, pche_default(f.name))
        problems = check_ranges(self, _RANGES, {"wall_conductivity_W_mK"})
        if self.channel not in channel_names():
            problems.append(f"channel: {self.channel!r} is not one of {', '.join(channel_names())}")
        if not problems and self["pitch_m"] <= self["channel_diameter_m"]:
            problems.append(f"pitch_m: {self.pitch_m:g} leaves no wall; allowed above channel_diameter_m, "
                            f"{self.channel_diameter_m:g} m")  # fmt: skip
        if not problems and self["plate_thickness_m"] <= 0.5 * self["channel_diameter_m"]:
            problems.append(f"plate_thickness_m: {self.plate_thickness_m:g} leaves no floor; allowed above half the "
                            f"channel's diameter, {0.5 * self['channel_diameter_m']:g} m")  # fmt: skip
        if problems:
            raise SpecError([f"pche.{p}" for p in problems])

    def __getitem__(self, name: str) -> float:
        """A dimension, default filled in."""
        return float(getattr(self, name))

    @property
    def flow_area_m2(self) -> float:
        """Cross-section of one channel."""
        return math.pi * self["channel_diameter_m"] ** 2 / 8.0

    @property
    def perimeter_m(self) -> float:
        """Wetted perimeter of one channel."""
        return self["channel_diameter_m"] * (1.0 + math.pi / 2.0)

    @property
    def hydraulic_diameter_m(self) -> float:
        """4 A / P."""
        return 4.0 * self.flow_area_m2 / self.perimeter_m

    @property
    def wall_m(self) -> float:
        """Mean thickness of metal between a hot and a cold channel."""
        return self["plate_thickness_m"] - math.pi * self["channel_diameter_m"] / 8.0

    def wall_conductivity(self, T_K: ndarray) -> ndarray:
        """Conductivity of the wall [W/m/K]: given, or 316L, linear in temperature."""
        if self.wall_conductivity_W_mK is not None:
            return full(T_K.shape, self.wall_conductivity_W_mK)
        k1, k2 = pche_default("wall_conductivity_373K_W_mK"), pche_default("wall_conductivity_773K_W_mK")
        return k1 + (k2 - k1) * (T_K - 373.15) / 400.0


@dataclass(frozen=True)
class ConstantFluid:
    """A fluid of constant properties on one side (water, salt, helium); its enthalpy is cp T."""

    cp_J_kgK: float
    rho_kg_m3: float
    mu_Pa_s: float
    k_W_mK: float


@dataclass(frozen=True)
class PcheSide:
    """What enters one side: flow [kg/s], pressure [Pa], enthalpy [J/kg]; CO2 unless a fluid is given.

    p_out_Pa: outlet pressure that a cycle assumes. Then temperatures are taken at pressures that fall linearly with duty, as
    in the cycle, and UA is the cycle's; None: they are taken at the pressures that follow from the size.
    """

    m_dot_kg_s: float
    p_in_Pa: float
    h_in_J_kg: float
    fluid: ConstantFluid | None = None
    p_out_Pa: float | None = None


@dataclass(frozen=True)
class PcheDuty:
    """Hot and cold inlet and the heat to transfer [W]."""

    hot: PcheSide
    cold: PcheSide
    Q_W: float

    def __post_init__(self) -> None:
        problems = []
        for name, v in (("Q_W", self.Q_W), ("hot.m_dot_kg_s", self.hot.m_dot_kg_s),
                        ("cold.m_dot_kg_s", self.cold.m_dot_kg_s), ("hot.p_in_Pa", self.hot.p_in_Pa),
                        ("cold.p_in_Pa", self.cold.p_in_Pa)):  # fmt: skip
            if not (math.isfinite(v) and v > 0.0):
                problems.append(f"{name}: {v!r} is out of range; allowed above 0")
        if problems:
            raise SpecError([f"pche.{p}" for p in problems])


def duty_of(component: Component, states: Mapping[str, State]) -> PcheDuty:
    """Duty of a recuperator among `CycleResult.components`: `duty_of(component, result.states)`."""
    hot, cold = (_in_cycle(stream, states) for stream in component.streams)
    return PcheDuty(hot, cold, component.Q_W)


def _in_cycle(stream: Stream, states: Mapping[str, State]) -> PcheSide:
    a = states[stream.inlet]
    return PcheSide(stream.m_dot_kg_s, a.p_Pa, a.h_J_kg, p_out_Pa=states[stream.outlet].p_Pa)


def co2_side(m_dot_kg_s: float, state: State) -> PcheSide:
    """A side that CO2 enters in a known state."""
    return PcheSide(m_dot_kg_s, state.p_Pa, state.h_J_kg)
