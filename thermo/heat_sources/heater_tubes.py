"""Tube metal of a fired heater: the hottest row of the radiant section, its alloy, its size.

The radiant section takes a share of the heat released (fuel and air preheat); its mean flux q on the tubes' outside is an
assumption, and sets its area. In the hottest row the local flux is `tube_flux_peak_ratio` times the mean and the CO2 is
taken at its outlet temperature (both the worst at one place). From the bulk outwards (API 530, annex B)

    T_inside  = T_bulk + q (D_o/D_i) (1/h + R_f),    T_outside = T_inside + q D_o ln(D_o/D_i) / (2 k)

h: Gnielinski's equation with Petukhov's friction, times (T_bulk/T_inside)^0.45 for a heated gas (Incropera et al., eq. 8.62;
Gnielinski 1976). The alloy must bear the hoop stress p (D_o - t) / (2 t) at the outside temperature for 100,000 h
(`materials`). Limits: one flux for all tubes, one conductivity for all alloys, no scale outside, no thermal stress.
"""

from dataclasses import dataclass, fields, replace
from math import log, log10, pi
from typing import Any

from thermo.checks import SpecError, check_ranges
from thermo.co2.fluid import cp_J_kgK, heos, state_ph
from thermo.defaults import default
from thermo.heat_sources.fired_heater import FiredHeaterResult
from thermo.heat_sources.gases import sensible_enthalpy, temperature
from thermo.heat_stream import ZERO_C
from thermo.machines.materials import allowable_stress_Pa, alloys, choose
from thermo.state import State

_RANGES = {
    "tube_flux_W_m2": (5e3, 2e5, "W/m2"),
    "tube_flux_peak_ratio": (1.0, 4.0, "-"),
    "radiant_share": (0.2, 0.8, "-"),
    "tube_outside_m": (0.01, 0.3, "m"),
    "tube_wall_m": (0.001, 0.05, "m"),
    "tube_mass_flux_kg_m2s": (100.0, 6000.0, "kg/m2/s"),
    "tube_fouling_m2K_W": (0.0, 1e-2, "m2K/W"),
    "tube_k_W_mK": (5.0, 60.0, "W/m/K"),
}


@dataclass(frozen=True)
class HeaterTubesSpec:
    """Radiant tubes. None: the default of `data/block_defaults.json`; alloy None: the cheapest that holds.

    tube_flux_W_m2: mean flux outside; tube_flux_peak_ratio: local over mean; radiant_share of the heat released;
    tube_outside_m, tube_wall_m [m]; tube_mass_flux_kg_m2s of CO2; tube_fouling_m2K_W inside; tube_k_W_mK of the
    metal; alloy: name of `materials.alloys`.
    """

    tube_flux_W_m2: float | None = None
    tube_flux_peak_ratio: float | None = None
    radiant_share: float | None = None
    tube_outside_m: float | None = None
    tube_wall_m: float | None = None
    tube_mass_flux_kg_m2s: float | None = None
    tube_fouling_m2K_W: float | None = None
    tube_k_W_mK: float | None = None
    alloy: str | None = None

    def __post_init__(self) -> None:
        problems = check_ranges(self, _RANGES, set(_RANGES))
        known = [row["name"] for row in alloys()]
        if self.alloy is not None and self.alloy not in known:
            problems.append(f"alloy: {self.alloy!r} is not known; allowed {', '.join(known)}")
        if (
            not problems
            and self.tube_outside_m
            and self.tube_wall_m
            and self.tube_wall_m > 0.4 * self.tube_outside_m
        ):
            problems.append(
                f"tube_wall_m: {self.tube_wall_m:g} is out of range; allowed 0.001 to {0.4 * self.tube_outside_m:g} m"
            )
        if problems:
            raise SpecError([f"heater_tubes.{p}" for p in problems])


def _value(spec: HeaterTubesSpec, name: str) -> float:
    given = getattr(spec, name)
    return default(name) if given is None else float(given)


def T_allowable_K(alloy: str, stress_Pa: float) -> float | None:
    """Hottest metal [K] at which an alloy bears a stress [Pa] for 100,000 h; None where it never does.

    >>> round(T_allowable_K("740H", 74e6) - 273.15)
    760
    """
    row = next(r for r in alloys() if r["name"] == alloy)

    def bears(T_K: float) -> bool:
        return (allowable_stress_Pa(alloy, T_K) or 0.0) >= stress_Pa

    lo, hi = 600.0, float(row["T_max"]["value"])
    if not bears(lo):
        return None
    if bears(hi):
        return hi
    for _ in range(40):
        mid = 0.5 * (lo + hi)
        lo, hi = (mid, hi) if bears(mid) else (lo, mid)
    return lo


@dataclass(frozen=True)
class TubeMetal:
    """The hottest row: temperatures [K], fluxes [W/m2], film coefficient [W/m2/K]; alloy and its limit, None where no alloy
    of the table bears it; size of the radiant section; hoop stress [Pa]; ok: the metal stays below its limit."""

    ok: bool
    explain: str
    T_bulk_K: float
    T_inside_K: float
    T_metal_K: float
    flux_mean_W_m2: float
    flux_peak_W_m2: float
    h_film_W_m2K: float
    alloy: str | None
    T_allowable_K: float | None
    hoop_stress_Pa: float
    Q_radiant_W: float
    T_bridgewall_K: float
    T_radiant_in_K: float
    A_radiant_m2: float
    n_tubes: float
    tube_length_m: float
    dp_radiant_Pa: float


def _resolve(spec: HeaterTubesSpec) -> HeaterTubesSpec:
    missing: dict[str, Any] = {
        f.name: default(f.name) for f in fields(spec) if f.name != "alloy" and getattr(spec, f.name) is None
    }
    return replace(spec, **missing)


def film_coefficient(state: State, G_kg_m2s: float, D_i_m: float, T_wall_K: float) -> float:
    """Heat transfer coefficient [W/m2/K] of CO2 in a heated tube (Gnielinski), at mass flux G and wall temperature."""
    import CoolProp.CoolProp as CP

    eos = heos()
    eos.update(CP.PT_INPUTS, state.p_Pa, state.T_K)
    mu, k = eos.viscosity(), eos.conductivity()
    Re, Pr = G_kg_m2s * D_i_m / mu, mu * cp_J_kgK(state) / k
    f = (0.790 * log(Re) - 1.64) ** -2
    Nu = f / 8 * (Re - 1000) * Pr / (1 + 12.7 * (f / 8) ** 0.5 * (Pr ** (2 / 3) - 1))
    return float(Nu * k / D_i_m * (state.T_K / T_wall_K) ** 0.45)


def friction_gradient(state: State, G_kg_m2s: float, D_i_m: float, roughness_m: float = 4.6e-5) -> float:
    """Pressure gradient [Pa/m] by Haaland's equation (White, Fluid Mechanics, eq. 6.49)."""
    import CoolProp.CoolProp as CP

    eos = heos()
    eos.update(CP.PT_INPUTS, state.p_Pa, state.T_K)
    Re = G_kg_m2s * D_i_m / eos.viscosity()
    f = (-1.8 * log10((roughness_m / D_i_m / 3.7) ** 1.11 + 6.9 / Re)) ** -2
    return float(f / D_i_m * G_kg_m2s**2 / (2 * state.rho_kg_m3))


def tube_metal(
    heater: FiredHeaterResult, co2_in: State, co2_out: State, m_dot_kg_s: float, spec: HeaterTubesSpec | None = None,
    design: TubeMetal | None = None,
) -> TubeMetal:  # fmt: skip
    """The hottest row of a fired heater that heats m_dot [kg/s] of CO2 between two states.

    design: the tubes as built, at part load (their area and number are kept, the flux follows from the heat).
    """
    s = _resolve(spec or HeaterTubesSpec())
    assert s.radiant_share is not None
    assert s.tube_flux_W_m2 is not None
    assert s.tube_flux_peak_ratio is not None
    assert s.tube_outside_m is not None
    assert s.tube_wall_m is not None
    assert s.tube_mass_flux_kg_m2s is not None
    assert s.tube_fouling_m2K_W is not None
    assert s.tube_k_W_mK is not None
    D_o, D_i = s.tube_outside_m, s.tube_outside_m - 2 * s.tube_wall_m
    h_flame = sensible_enthalpy(heater.flue, heater.T_flame_K)
    released = heater.m_dot_flue_kg_s * h_flame
    Q = min(s.radiant_share * released, heater.Q_heater_W)
    T_bridge = temperature(lambda T: sensible_enthalpy(heater.flue, T), h_flame - Q / heater.m_dot_flue_kg_s)
    area = design.A_radiant_m2 if design else Q / s.tube_flux_W_m2
    n = design.n_tubes if design else m_dot_kg_s / (s.tube_mass_flux_kg_m2s * pi / 4 * D_i**2)
    length = area / (n * pi * D_o)
    G = m_dot_kg_s / (n * pi / 4 * D_i**2)
    mean = Q / area
    q = mean * s.tube_flux_peak_ratio
    T_in, h = co2_out.T_K + 30.0, 0.0
    for _ in range(20):
        h = film_coefficient(co2_out, G, D_i, T_in)
        T_new = co2_out.T_K + q * D_o / D_i * (1.0 / h + s.tube_fouling_m2K_W)
        if abs(T_new - T_in) < 1e-9:
            break
        T_in = T_new
    T_metal = T_in + q * D_o * log(D_o / D_i) / (2 * s.tube_k_W_mK)
    stress = co2_out.p_Pa * (D_o - s.tube_wall_m) / (2 * s.tube_wall_m)
    alloy = s.alloy or choose("heater tube", T_metal, co2_out.p_Pa, stress).alloy
    limit = T_allowable_K(alloy, stress) if alloy else None
    ok = limit is not None and T_metal <= limit + 1e-6
    return TubeMetal(
        ok, _words(alloy, T_metal, limit, co2_out.T_K, stress), co2_out.T_K, T_in, T_metal, mean, q, h, alloy, limit,
        stress, Q, T_bridge,
        _radiant_inlet(co2_in, co2_out, Q, heater.Q_heater_W), area, n, length,
        friction_gradient(co2_out, G, D_i) * length,
    )  # fmt: skip


def _radiant_inlet(co2_in: State, co2_out: State, Q_radiant: float, Q: float) -> float:
    """CO2 temperature [K] where it enters the radiant section."""
    x = 1.0 - Q_radiant / Q
    p = co2_in.p_Pa + x * (co2_out.p_Pa - co2_in.p_Pa)
    return state_ph(p, co2_in.h_J_kg + x * (co2_out.h_J_kg - co2_in.h_J_kg)).T_K


def _words(alloy: str | None, T_metal: float, limit: float | None, T_bulk: float, stress_Pa: float) -> str:
    hot = (
        f"the hottest radiant tube is at {T_metal - ZERO_C:.0f} degC, {T_metal - T_bulk:.0f} K above its CO2"
    )
    under = f"under {stress_Pa / 1e6:.0f} MPa"
    way = "take a thicker tube, less flux, more mass flux or a better alloy"
    if alloy is None:
        return f"{hot}: no alloy known here bears that {under}; {way}"
    if limit is None:
        return f"{hot}: {alloy} does not bear {stress_Pa / 1e6:.0f} MPa at any temperature; {way}"
    if T_metal > limit:
        return f"{hot}: too hot for {alloy} ({limit - ZERO_C:.0f} degC {under}); {way}"
    return f"{hot}: {alloy} bears {limit - ZERO_C:.0f} degC {under}"


__all__ = [
    "HeaterTubesSpec",
    "T_allowable_K",
    "TubeMetal",
    "film_coefficient",
    "friction_gradient",
    "tube_metal",
]
