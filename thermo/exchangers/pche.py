"""Printed-circuit heat exchanger: plates of etched semicircular channels, hot and cold in turn, in counterflow.

Cut into segments of equal duty. At every node both sides' heat transfer follows from their own Reynolds and Prandtl number:

    1/U = 1/h_hot + R_f,hot + t_wall/k_wall + R_f,cold + 1/h_cold        on the wetted area of one side, A = N P L
    segment length   L_i = q_i / (LMTD_i U_i F N P),   P = d (1 + pi/2),   t_wall = t_plate - pi d/8 (mean)
    pressure         dp_i = 2 f (G^2/rho) L_i/D_h + G^2 (1/rho_out - 1/rho_in), and 0.5 and 1.0 velocity heads at the ends

F is the maldistribution factor: UA in service over UA of even flow. Pressures, densities and lengths are iterated until
the pressure profiles stand still, so the pressure drop is a result of the size.

Source: Hesselgreaves, Compact Heat Exchangers (method, no page read); correlations and their sources in `channel.py`.
Checked against Meshram et al. 2016 and the maker's data in Marchionni et al. 2019, see docs/models/thermo_exchangers.md.
Limits: counterflow core only (headers as end losses), steady, bulk properties (no Jackson correction beside the
pseudo-critical line), equal numbers of hot and cold channels of one size; no stress analysis of the plates.
"""

import math
from dataclasses import dataclass

import numpy as np

from thermo.co2.flash import BY_H, cp_of, density, flash
from thermo.co2.helmholtz import properties
from thermo.co2.transport import viscosity_conductivity
from thermo.exchangers.channel import channel, nusselt_friction, out_of_range
from thermo.exchangers.pche_geometry import ConstantFluid, PcheDuty, PcheGeometry, PcheSide, co2_side, duty_of
from thermo.exchangers.recuperator import lmtd
from thermo.outcome import Outcome
from thermo.spec import SpecError

__all__ = [
    "ConstantFluid", "PcheDuty", "PcheGeometry", "PcheRating", "PcheResult", "PcheSide", "SideProfile", "co2_side",
    "duty_of", "rate_pche", "size_pche",
]  # fmt: skip

MASS_FLUX_RANGE = (10.0, 6000.0)  # kg/m2/s, in which the size is sought
LEAST_DUTY, OVER_LIMIT = (
    1e-4,
    1.1,
)  # of the greatest duty at inlet pressures; pressure drop can move the limit up


@dataclass(frozen=True)
class SideProfile:
    """One side at the nodes, from the exchanger's hot end: T [K], p [Pa], velocity [m/s], h [W/m2/K], Re, Pr."""

    T_K: np.ndarray
    p_Pa: np.ndarray
    velocity_m_s: np.ndarray
    h_W_m2K: np.ndarray
    Re: np.ndarray
    Pr: np.ndarray


@dataclass(frozen=True)
class PcheResult:
    """A sized exchanger. Base SI.

    length_m: along the channel; core_length_m: of the plates (shorter where the channel is a zigzag). UA_W_K: in service;
    UA_clean_W_K: without fouling, with even flow, at the same temperatures. area_m2: wetted, one side. hot_volume_m3 and
    cold_volume_m3: CO2 in channels and headers. flags: where a correlation is used outside its range.
    """

    geometry: PcheGeometry
    duty: PcheDuty
    n_channels: int
    length_m: float
    core_length_m: float
    volume_m3: float
    mass_kg: float
    area_m2: float
    hot_volume_m3: float
    cold_volume_m3: float
    mass_flux_hot_kg_m2s: float
    mass_flux_cold_kg_m2s: float
    dp_hot_Pa: float
    dp_cold_Pa: float
    UA_W_K: float
    UA_clean_W_K: float
    U_W_m2K: np.ndarray
    x_m: np.ndarray
    hot: SideProfile
    cold: SideProfile
    dT_min_K: float
    flags: tuple[str, ...]

    @property
    def area_density_m2_m3(self) -> float:
        """Wetted area of both sides per volume of the core."""
        return 2.0 * self.area_m2 / self.volume_m3

    @property
    def U_mean_W_m2K(self) -> float:
        """UA of even flow over the area of one side."""
        return self.UA_W_K / self.geometry["maldistribution_factor"] / self.area_m2


@dataclass
class _Core:
    """One solved pass: pressures at the nodes and all that follows."""

    hot: SideProfile
    cold: SideProfile
    U: np.ndarray
    U_clean: np.ndarray
    UA: np.ndarray  # of each segment
    L: np.ndarray
    dp_hot: float
    dp_cold: float


def _properties(side: PcheSide, h: np.ndarray, p: np.ndarray) -> tuple[np.ndarray, ...] | None:
    """(T, rho, cp, mu, k) at the nodes; None where there is no one-phase state."""
    if side.fluid is not None:
        f, one = side.fluid, np.ones_like(h)
        return h / f.cp_J_kgK, f.rho_kg_m3 * one, f.cp_J_kgK * one, f.mu_Pa_s * one, f.k_W_mK * one
    T, rho, cp = np.empty_like(h), np.empty_like(h), np.empty_like(h)
    r = t = 0.0
    for i in range(h.size):
        ok, r, t = flash(BY_H, p[i], h[i], r, t)
        if not ok:
            return None
        T[i], rho[i], cp[i] = t, r, cp_of(r, t)
    return T, rho, cp, *viscosity_conductivity(rho, T)


def _side(
    g: PcheGeometry, G: float, p: np.ndarray, props: tuple[np.ndarray, ...]
) -> tuple[SideProfile, np.ndarray]:
    """(profile, friction gradient [Pa/m]) of one side at mass flux G [kg/m2/s]."""
    T, rho, cp, mu, k = props
    Re, Pr = G * g.hydraulic_diameter_m / mu, mu * cp / k
    Nu, f = nusselt_friction(g.channel, Re, Pr)
    return (SideProfile(T, p, G / rho, Nu * k / g.hydraulic_diameter_m, Re, Pr),
            2.0 * f * G * G / rho / g.hydraulic_diameter_m)  # fmt: skip


def _pressures(g: PcheGeometry, G: float, rho: np.ndarray, gradient: np.ndarray, L: np.ndarray, p_in: float,
               forward: bool) -> np.ndarray:  # fmt: skip
    """Pressures [Pa] at the nodes (index from the hot end) of a side that flows forward or backward."""
    if not forward:
        return _pressures(g, G, rho[::-1], gradient[::-1], L[::-1], p_in, True)[::-1]
    K = g["end_loss_velocity_heads"]
    drop = 0.5 * (gradient[1:] + gradient[:-1]) * L + G * G * (1.0 / rho[1:] - 1.0 / rho[:-1])
    p = p_in - K / 3.0 * G * G / (2.0 * rho[0]) - np.concatenate([[0.0], np.cumsum(drop)])
    p[-1] -= 2.0 * K / 3.0 * G * G / (2.0 * rho[-1])
    return p


def _assumed(side: PcheSide, x: np.ndarray) -> np.ndarray:
    """First pressures at the nodes; x: share of the duty done on this side."""
    return side.p_in_Pa + ((side.p_out_Pa or side.p_in_Pa) - side.p_in_Pa) * x


def _solve(duty: PcheDuty, g: PcheGeometry, N: float, n: int, Q: float) -> _Core | Outcome:
    """Lengths and pressures for N channels at a duty Q [W]: pass after pass until the pressures stand still."""
    G_h, G_c = (s.m_dot_kg_s / (N * g.flow_area_m2) for s in (duty.hot, duty.cold))
    x = np.linspace(0.0, 1.0, n + 1)
    h_h = duty.hot.h_in_J_kg - Q / duty.hot.m_dot_kg_s * x
    h_c = duty.cold.h_in_J_kg + Q / duty.cold.m_dot_kg_s * (1.0 - x)
    p_h, p_c = _assumed(duty.hot, x), _assumed(duty.cold, 1.0 - x)
    R_f = g["fouling_hot_m2K_W"] + g["fouling_cold_m2K_W"]
    for _ in range(40):
        a, b = _properties(duty.hot, h_h, p_h), _properties(duty.cold, h_c, p_c)
        if a is None or b is None:
            return Outcome.NO_STATE
        dT = a[0] - b[0]
        if dT.min() <= 0.0:
            return Outcome.NO_EXCHANGE
        hot, slope_h = _side(g, G_h, p_h, a)
        cold, slope_c = _side(g, G_c, p_c, b)
        R = 1.0 / hot.h_W_m2K + g.wall_m / g.wall_conductivity(0.5 * (a[0] + b[0])) + 1.0 / cold.h_W_m2K
        UA = np.array([Q / n / lmtd(dT[i], dT[i + 1]) for i in range(n)])
        U = 1.0 / (R + R_f)
        L = UA / (0.5 * (U[1:] + U[:-1]) * g["maldistribution_factor"] * N * g.perimeter_m)
        new_h = _pressures(g, G_h, a[1], slope_h, L, duty.hot.p_in_Pa, True)
        new_c = _pressures(g, G_c, b[1], slope_c, L, duty.cold.p_in_Pa, False)
        if new_h[-1] < 0.5 * duty.hot.p_in_Pa or new_c[0] < 0.5 * duty.cold.p_in_Pa:
            return Outcome.NO_STATE
        change = 0.0
        if duty.hot.p_out_Pa is None:
            change, p_h = float(np.abs(new_h - p_h).max()) / duty.hot.p_in_Pa, new_h
        if duty.cold.p_out_Pa is None:
            change, p_c = max(change, float(np.abs(new_c - p_c).max()) / duty.cold.p_in_Pa), new_c
        if change < 1e-11:
            dp_hot, dp_cold = duty.hot.p_in_Pa - new_h[-1], duty.cold.p_in_Pa - new_c[0]
            return _Core(hot, cold, U, 1.0 / R, UA, L, float(dp_hot), float(dp_cold))
    return Outcome.NOT_CONVERGED


def _result(duty: PcheDuty, g: PcheGeometry, N: int, core: _Core) -> PcheResult:
    length = float(core.L.sum())
    plate = length * math.cos(math.radians(channel(g.channel)["angle_deg"]))
    channels = N * g.flow_area_m2 * length
    volume = N * g["pitch_m"] * 2.0 * g["plate_thickness_m"] * length
    metal = (volume - 2.0 * channels) * g["wall_density_kg_m3"]
    U = 0.5 * (core.U[1:] + core.U[:-1])
    U_clean = 0.5 * (core.U_clean[1:] + core.U_clean[:-1])
    with_headers = channels * (1.0 + g["header_volume_frac"])
    flags: list[str] = []
    for side, prof in (("hot", core.hot), ("cold", core.cold)):
        flags += out_of_range(g.channel, prof.Re, prof.Pr, side)
    return PcheResult(
        geometry=g,
        duty=duty,
        n_channels=N,
        length_m=length,
        core_length_m=plate,
        volume_m3=volume,
        mass_kg=metal * (1.0 + g["casing_mass_frac"]),
        area_m2=N * g.perimeter_m * length,
        hot_volume_m3=with_headers,
        cold_volume_m3=with_headers,
        mass_flux_hot_kg_m2s=duty.hot.m_dot_kg_s / (N * g.flow_area_m2),
        mass_flux_cold_kg_m2s=duty.cold.m_dot_kg_s / (N * g.flow_area_m2),
        dp_hot_Pa=core.dp_hot,
        dp_cold_Pa=core.dp_cold,
        UA_W_K=float(core.UA.sum()),
        UA_clean_W_K=float((core.UA * U_clean / U).sum() / g["maldistribution_factor"]),
        U_W_m2K=core.U,
        x_m=np.concatenate([[0.0], np.cumsum(core.L)]),
        hot=core.hot,
        cold=core.cold,
        dT_min_K=float((core.hot.T_K - core.cold.T_K).min()),
        flags=tuple(flags),
    )


def _number_of_channels(duty: PcheDuty, g: PcheGeometry, n: int, what: str, wanted: float) -> float | Outcome:
    """Least number of channels at which length or a pressure drop is as wanted.

    Both rise with mass flux, but for length where the flow turns turbulent: so the search comes from the greatest flux.
    """
    from scipy.optimize import brentq

    per_flux = duty.hot.m_dot_kg_s / g.flow_area_m2

    def miss(ln_G: float) -> float:
        core = _solve(duty, g, per_flux / math.exp(ln_G), n, duty.Q_W)
        if isinstance(core, Outcome):
            return 50.0  # the pressure is used up, or the hot side gets too cold by losing it
        value = (
            float(core.L.sum())
            if what == "length_m"
            else core.dp_hot
            if what == "dp_hot_Pa"
            else core.dp_cold
        )
        return math.log(max(value, 1e-6) / wanted)

    lo, hi = (math.log(v) for v in MASS_FLUX_RANGE)
    least = _solve(duty, g, per_flux / MASS_FLUX_RANGE[0], n, duty.Q_W)
    if isinstance(least, Outcome):
        return least
    above = hi
    for ln_G in np.linspace(hi, lo, 14):
        if miss(ln_G) <= 0.0:
            if ln_G == hi:
                return Outcome.NO_EXCHANGE
            found = float(brentq(miss, ln_G, above, xtol=1e-11, rtol=1e-12))
            return (
                per_flux / math.exp(found) if abs(miss(found)) < 1e-6 else Outcome.NO_EXCHANGE
            )  # else: a jump
        above = float(ln_G)
    return Outcome.NO_EXCHANGE


def size_pche(
    duty: PcheDuty, geometry: PcheGeometry, *, mass_flux_hot_kg_m2s: float | None = None,
    dp_hot_Pa: float | None = None, dp_cold_Pa: float | None = None, length_m: float | None = None,
    n_segments: int = 20,
) -> PcheResult | Outcome:  # fmt: skip
    """Size an exchanger for a duty; pressure drop, volume and mass are results.

    Parameters
    ----------
    duty : PcheDuty
        Inlets and heat; of a designed cycle by `duty_of`.
    geometry : PcheGeometry
        Plates and channels.
    mass_flux_hot_kg_m2s, dp_hot_Pa, dp_cold_Pa, length_m : float
        Give exactly one: the hot side's mass flux [kg/m2/s], the allowed pressure drop of one side [Pa], or the length
        along the channel [m].
    n_segments : int
        Segments of equal duty.

    Returns
    -------
    PcheResult or Outcome
        Channels are whole: rounded up, so that a given drop is met from below. Of several sizes of a given length (laminar
        and turbulent) the smallest is taken. Without an exchanger: NO_EXCHANGE where temperatures cross or no mass flux
        from 10 to 6000 kg/m2/s does it, NO_STATE inside the dome or where the pressure is used up.
    """
    given = {"mass_flux_hot_kg_m2s": mass_flux_hot_kg_m2s, "dp_hot_Pa": dp_hot_Pa, "dp_cold_Pa": dp_cold_Pa,
             "length_m": length_m}  # fmt: skip
    ways = [(k, v) for k, v in given.items() if v is not None]
    if len(ways) != 1 or not (math.isfinite(ways[0][1]) and ways[0][1] > 0.0):
        raise SpecError([f"pche: give one of {', '.join(given)}, above 0; given: "
                         f"{', '.join(f'{k} {v:g}' for k, v in ways) or 'none'}"])  # fmt: skip
    (what, wanted), N = ways[0], 0.0
    if what == "mass_flux_hot_kg_m2s":
        N = duty.hot.m_dot_kg_s / (wanted * geometry.flow_area_m2)
    else:
        found = _number_of_channels(duty, geometry, n_segments, what, wanted)
        if isinstance(found, Outcome):
            return found
        N = found
    whole = max(1, math.ceil(N * (1.0 - 1e-9)))
    core = _solve(duty, geometry, whole, n_segments, duty.Q_W)
    return core if isinstance(core, Outcome) else _result(duty, geometry, whole, core)


@dataclass(frozen=True)
class PcheRating:
    """A sized exchanger at other inlets: duty [W], conductance [W/K], pressure drops [Pa], outlet temperatures [K]."""

    Q_W: float
    UA_W_K: float
    dp_hot_Pa: float
    dp_cold_Pa: float
    T_hot_out_K: float
    T_cold_out_K: float
    dT_min_K: float
    hot: SideProfile
    cold: SideProfile
    flags: tuple[str, ...]


def rate_pche(sized: PcheResult, hot: PcheSide, cold: PcheSide, n_segments: int = 20) -> PcheRating | Outcome:
    """What a sized exchanger does with other inlets: the duty at which its length is just the length needed."""
    from scipy.optimize import brentq

    g, N = sized.geometry, sized.n_channels
    duty = PcheDuty(hot, cold, 1.0)
    Q_top = _duty_limit(hot, cold)
    if not Q_top > 0.0:
        return Outcome.NO_EXCHANGE

    def miss(share: float) -> float:
        core = _solve(duty, g, N, n_segments, share * Q_top)
        if isinstance(core, Outcome):
            return 50.0
        return math.log(float(core.L.sum()) / sized.length_m)

    if miss(LEAST_DUTY) > 0.0 or miss(OVER_LIMIT) < 0.0:
        return Outcome.NO_EXCHANGE
    share = float(brentq(miss, LEAST_DUTY, OVER_LIMIT, xtol=1e-13, rtol=1e-12))
    core = _solve(duty, g, N, n_segments, share * Q_top)
    if isinstance(core, Outcome):
        return core
    flags = out_of_range(g.channel, core.hot.Re, core.hot.Pr, "hot") + out_of_range(
        g.channel, core.cold.Re, core.cold.Pr, "cold"
    )
    return PcheRating(share * Q_top, float(core.UA.sum()), core.dp_hot, core.dp_cold, float(core.hot.T_K[-1]),
                      float(core.cold.T_K[0]), float((core.hot.T_K - core.cold.T_K).min()), core.hot, core.cold,
                      flags)  # fmt: skip


def _duty_limit(hot: PcheSide, cold: PcheSide) -> float:
    """Duty [W] at which one side would leave as hot (cold) as the other enters, at inlet pressures."""
    T_h, T_c = _inlet_T(hot), _inlet_T(cold)
    return min(
        hot.m_dot_kg_s * (hot.h_in_J_kg - _enthalpy(hot, T_c)),
        cold.m_dot_kg_s * (_enthalpy(cold, T_h) - cold.h_in_J_kg),
    )


def _inlet_T(side: PcheSide) -> float:
    props = _properties(side, np.array([side.h_in_J_kg]), np.array([side.p_in_Pa]))
    return float(props[0][0]) if props is not None else math.nan


def _enthalpy(side: PcheSide, T_K: float) -> float:
    if side.fluid is not None:
        return side.fluid.cp_J_kgK * T_K
    rho = density(side.p_in_Pa, T_K)
    return float(properties(rho, T_K)[1]) if rho > 0.0 else math.nan
