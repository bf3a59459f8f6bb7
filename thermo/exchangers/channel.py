"""Semicircular channels of a printed-circuit heat exchanger: heat transfer and friction from Reynolds and Prandtl number.

    D_h = pi d / (2 + pi),  Re = G D_h / mu,  h = Nu k / D_h,  dp = 2 f (G^2/rho) L / D_h   (f: Fanning)

Straight channel: laminar Nu 4.089 and f Re 15.78 to Re 2300; Gnielinski with the friction factor of a smooth tube above
Re 5000; linear between. Zigzag channels: power laws of their experiments, with their ranges. Sources: `data/pche.json`.
"""

from functools import cache
from typing import Any

import numpy as np

from thermo.defaults import table

RE_LAMINAR, RE_TURBULENT = 2300.0, 5000.0


@cache
def channel(name: str) -> dict[str, Any]:
    """Row of a channel by name: coefficients, angle, ranges, source."""
    return {row["name"]: row for row in table("pche")["channels"]}[name]


def channel_names() -> tuple[str, ...]:
    """Names of the channels that there are correlations for."""
    return tuple(row["name"] for row in table("pche")["channels"])


def _turbulent(Re: float, Pr: float) -> tuple[float, float]:
    """(Nu, Fanning f) of a smooth straight channel."""
    from fluids.friction import friction_factor
    from ht.conv_internal import turbulent_Gnielinski

    fd = friction_factor(Re=Re, eD=0.0)
    return turbulent_Gnielinski(Re=Re, Pr=Pr, fd=fd), fd / 4.0


def _straight(Re: float, Pr: float) -> tuple[float, float]:
    laminar = table("pche")["laminar"]
    if Re >= RE_TURBULENT:
        return _turbulent(Re, Pr)
    f = laminar["f_Re"] / min(Re, RE_LAMINAR)
    if Re <= RE_LAMINAR:
        return laminar["Nu"], f
    x = (Re - RE_LAMINAR) / (RE_TURBULENT - RE_LAMINAR)
    Nu_t, f_t = _turbulent(RE_TURBULENT, Pr)
    return (1.0 - x) * laminar["Nu"] + x * Nu_t, (1.0 - x) * f + x * f_t


def nusselt_friction(name: str, Re: np.ndarray, Pr: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Nusselt number and Fanning friction factor at each node; never below the laminar ones.

    >>> Nu, f = nusselt_friction("straight", np.array([1e3, 2e4]), np.array([0.75, 0.75]))
    >>> Nu.round(2), (f * 4).round(4)
    (array([ 4.09, 52.75]), array([0.0631, 0.0259]))
    """
    row, laminar = channel(name), table("pche")["laminar"]
    if name == "straight":
        both = np.array([_straight(float(r), float(p)) for r, p in zip(Re, Pr, strict=True)])
        return both[:, 0], both[:, 1]
    a, b, c = row["Nu"]
    d, e = row["f"]
    return np.maximum(a * Re**b * Pr**c, laminar["Nu"]), np.maximum(d * Re**e, laminar["f_Re"] / Re)


def out_of_range(name: str, Re: np.ndarray, Pr: np.ndarray, side: str) -> tuple[str, ...]:
    """Words for nodes outside the correlation's range; empty where all are inside."""
    words = []
    for symbol, values in (("Re", Re), ("Pr", Pr)):
        lo, hi = channel(name)[symbol]
        if values.min() < lo or values.max() > hi:
            words.append(f"{side} side: {symbol} {values.min():.3g} to {values.max():.3g} leaves the range of "
                         f"{name}, {lo:g} to {hi:g}")  # fmt: skip
    return tuple(words)
