"""Exchanger between a hot stream and CO2, in segments: UA, least difference inside, temperatures; design and part load.

The CO2 side is cut into n segments of equal duty (its states follow from enthalpy and pressure, both linear); the hot
side's temperature at each node follows from the heat given off so far, by its `HeatCurve`: a straight line for constant cp,
a table for flue or any other stream. UA = sum q_i / LMTD_i, so a pinch inside is seen (CO2 entering near its critical
temperature has a cp that varies twofold). At other flows the resistances act in series, each ~ flow^-exponent:

    UA = UA_design / (x r_hot^-a + (1 - x) r_CO2^-b)

Source: Incropera et al., Fundamentals of Heat and Mass Transfer, ch. 11. Serves reactors, salt, batteries, waste heat.
"""

from dataclasses import dataclass
from math import inf

import numpy as np

from thermo.co2.flash import march
from thermo.co2.fluid import state_pT
from thermo.defaults import default
from thermo.exchangers.recuperator import lmtd
from thermo.heat_stream import ZERO_C, HeatStream
from thermo.state import State

N_SEGMENTS = 40


@dataclass(frozen=True)
class HeatCurve:
    """Hot stream: heat given off [W], rising from 0, and the temperature [K] reached by it, falling from the inlet's."""

    Q_W: tuple[float, ...]
    T_K: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.Q_W) < 2 or len(self.Q_W) != len(self.T_K) or self.Q_W[0] != 0.0:
            raise ValueError("HeatCurve: give as many temperatures as heats, two or more, from 0 W")
        if np.any(np.diff(self.Q_W) <= 0.0) or np.any(np.diff(self.T_K) >= 0.0):
            raise ValueError("HeatCurve: heat must rise and temperature fall from point to point")

    def at(self, Q_W: np.ndarray) -> np.ndarray:
        """Temperature [K] after giving off Q_W [W]."""
        return np.interp(Q_W, self.Q_W, self.T_K)


def curve_of(stream: HeatStream) -> HeatCurve:
    """A stream's heat curve, from its inlet to its least outlet temperature."""
    return HeatCurve((0.0, stream.Q_available_W), (stream.T_in_K, stream.T_out_min_K))


@dataclass(frozen=True)
class PrimaryHeater:
    """The exchanger at one point: duty [W], UA [W/K], least difference inside [K], both temperatures at the nodes [K] from
    the hot end, flow of CO2 [kg/s]. Where the streams cannot exchange the heat, ok is False and UA_W_K is None."""

    ok: bool
    explain: str
    Q_W: float
    UA_W_K: float | None
    dT_min_K: float
    T_hot_K: tuple[float, ...]
    T_co2_K: tuple[float, ...]
    m_dot_kg_s: float

    @property
    def T_hot_out_K(self) -> float:
        """Hot stream's outlet temperature [K]."""
        return self.T_hot_K[-1]


def _nodes(inlet: State, h_out: float, p_out: float, n: int) -> np.ndarray | None:
    """CO2 temperatures [K] from inlet to outlet."""
    rho, T = np.empty(n + 1), np.empty(n + 1)
    if not march(n, inlet.h_J_kg, inlet.p_Pa, h_out, p_out, inlet.rho_kg_m3, inlet.T_K, rho, T):
        return None
    return T


def _profile(inlet: State, h_out: float, p_out: float, m: float, hot: HeatCurve,
             n: int) -> tuple[float, float, np.ndarray, np.ndarray]:  # fmt: skip
    """(UA, least difference, hot and CO2 temperatures from the hot end); UA is inf where they meet."""
    Q = m * (h_out - inlet.h_J_kg)
    T = _nodes(inlet, h_out, p_out, n)
    T_hot = hot.at(Q * np.linspace(0.0, 1.0, n + 1))
    if T is None or hot.Q_W[-1] * (1.0 + 1e-12) < Q:
        return inf, -inf, T_hot, T_hot
    T_co2 = T[::-1]
    d = T_hot - T_co2
    if d.min() <= 0.0:
        return inf, float(d.min()), T_hot, T_co2
    ua = sum(Q / n / lmtd(d[i], d[i + 1]) for i in range(n))
    return float(ua), float(d.min()), T_hot, T_co2


def _answer(ua: float, dT: float, T_hot: np.ndarray, T_co2: np.ndarray, Q: float, m: float) -> PrimaryHeater:
    ok = ua < inf
    if ok:
        k = int(np.argmin(T_hot - T_co2))
        inside = f"inside, where the CO2 is at {T_co2[k] - ZERO_C:.0f} degC"
        where = {0: "at the hot end", T_hot.size - 1: "at the cold end"}.get(k, inside)
        words = f"least difference {dT:.1f} K {where}"
    elif dT == -inf:
        words = "the hot stream has not that much heat"
    else:
        words = f"the streams cross inside by {-dT:.1f} K"
    return PrimaryHeater(
        ok, words, Q, ua if ok else None, dT, tuple(map(float, T_hot)), tuple(map(float, T_co2)), m
    )


def primary_heater(co2_in: State, co2_out: State, m_dot_kg_s: float, hot: HeatCurve,
                   n_segments: int = N_SEGMENTS) -> PrimaryHeater:  # fmt: skip
    """Size the exchanger that heats m_dot [kg/s] of CO2 between two states with a hot stream in counterflow.

    >>> from thermo.co2.fluid import state_pT
    >>> salt = HeatCurve((0.0, 30e6), (838.15, 600.0))
    >>> x = primary_heater(state_pT(25e6, 673.15), state_pT(24.9e6, 813.15), 100.0, salt)
    >>> x.ok, round(x.Q_W / 1e6, 1), round(x.dT_min_K, 1)
    (True, 17.5, 25.0)
    """
    Q = m_dot_kg_s * (co2_out.h_J_kg - co2_in.h_J_kg)
    ua, dT, T_hot, T_co2 = _profile(co2_in, co2_out.h_J_kg, co2_out.p_Pa, m_dot_kg_s, hot, n_segments)
    return _answer(ua, dT, T_hot, T_co2, Q, m_dot_kg_s)


def ua_at(UA_design_W_K: float, hot_ratio: float, co2_ratio: float) -> float:
    """UA [W/K] at flows over their design values."""
    x, n = default("primary_heater_hot_resistance"), default("primary_heater_exponent")
    return UA_design_W_K / (x * hot_ratio**-n + (1.0 - x) * co2_ratio**-n)


def heater_at(
    design: PrimaryHeater, co2_in: State, p_out_Pa: float, m_dot_kg_s: float, hot: HeatCurve, hot_ratio: float,
    n_segments: int = N_SEGMENTS,
) -> PrimaryHeater:  # fmt: skip
    """The same exchanger at other flows: the duty at which it needs just the UA that it has, by bisection.

    hot_ratio: flow of the hot stream over its design value; `hot` is its curve at this flow.
    """
    assert design.UA_W_K is not None
    have = ua_at(design.UA_W_K, hot_ratio, m_dot_kg_s / design.m_dot_kg_s)
    top = state_pT(p_out_Pa, hot.T_K[0]).h_J_kg if hot.T_K[0] <= 1200.0 else co2_in.h_J_kg + 1.5e6
    lo, hi = co2_in.h_J_kg, min(top, co2_in.h_J_kg + hot.Q_W[-1] / m_dot_kg_s)
    best = _profile(co2_in, hi, p_out_Pa, m_dot_kg_s, hot, n_segments)
    if best[0] <= have:  # more than enough area: all heat of the stream is taken
        return _answer(*best, m_dot_kg_s * (hi - co2_in.h_J_kg), m_dot_kg_s)
    for _ in range(60):
        mid = 0.5 * (lo + hi)
        if _profile(co2_in, mid, p_out_Pa, m_dot_kg_s, hot, n_segments)[0] > have:
            hi = mid
        else:
            lo = mid
        if hi - lo < 1e-10 * abs(top):
            break
    found = _profile(co2_in, lo, p_out_Pa, m_dot_kg_s, hot, n_segments)
    return _answer(*found, m_dot_kg_s * (lo - co2_in.h_J_kg), m_dot_kg_s)
