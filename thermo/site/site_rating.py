"""What a block gives on the hot day: greatest power at the 0.4 % dry bulb and at the record temperature.

The 0.4 % dry bulb is exceeded in 0.4 % of the hours (35 h of a year), the cooling design condition of ASHRAE
Fundamentals ch. 14. Each point is solved (`off_design`), none is interpolated. Hot-air recirculation is added to the
site's temperature.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from thermo.outcome import Outcome
from thermo.part_load.operating_point import off_design
from thermo.result import CycleResult

EXCEEDED_SHARE = 0.004


@dataclass(frozen=True)
class RatingPoint:
    """Greatest power at an air temperature [K]: W_net [W], over rated, net efficiency; None where there is no
    answer."""

    name: str
    T_air_K: float
    W_net_W: float | None
    rated_frac: float | None
    eta_net: float | None
    T_compressor_in_K: float | None
    outcome: Outcome
    explain: str


@dataclass(frozen=True)
class SiteRating:
    """Ratings of a block at a site, hottest last; `rated_W` is that of the design."""

    rated_W: float
    points: tuple[RatingPoint, ...]


def dry_bulb_exceeded_K(hourly_T_K: ArrayLike, share: float = EXCEEDED_SHARE) -> float:
    """Temperature [K] exceeded in a share of the hours.

    >>> round(dry_bulb_exceeded_K(np.linspace(250.0, 310.0, 1001)), 2)
    309.76
    """
    T = np.asarray(hourly_T_K, dtype=float)
    if T.ndim != 1 or T.size < 24 or not np.all(np.isfinite(T)) or T.min() < 180.0 or T.max() > 340.0:
        raise ValueError("hourly_T_K: give at least 24 temperatures of 180 to 340 K")
    if not 0.0 < share < 1.0:
        raise ValueError(f"share: {share:g} is out of range; allowed above 0 to below 1")
    return float(np.quantile(T, 1.0 - share))


def rating_point(r: CycleResult, name: str, T_air_K: float) -> RatingPoint:
    """Greatest power of a designed block at an air temperature [K], within its generator's rating."""
    r.require_ok()
    assert r.W_net_W is not None
    o = off_design(r, T_ambient_K=T_air_K, load=r.spec.W_net_max_frac)
    if not o.outcome.ok or o.W_net_W is None:
        return RatingPoint(name, T_air_K, None, None, None, None, o.outcome, o.explain)
    return RatingPoint(name, T_air_K, o.W_net_W, o.W_net_W / r.W_net_W, o.eta_net, o.T_compressor_in_K, o.outcome,
                       o.explain)  # fmt: skip


def hot_day_rating(
    r: CycleResult, T_air_K: Mapping[str, float], dT_recirculation_K: float = 0.0
) -> SiteRating:
    """Greatest power of a designed block at named site temperatures [K].

    Parameters
    ----------
    r : CycleResult
        The design.
    T_air_K : mapping of str to float
        For example {"0.4 % dry bulb": 309.2, "record": 315.0}.
    dT_recirculation_K : float
        Hot air drawn in again raises the air at the coolers by this much [K].
    """
    r.require_ok()
    assert r.W_net_W is not None
    points = [rating_point(r, name, T + dT_recirculation_K) for name, T in T_air_K.items()]
    return SiteRating(r.W_net_W, tuple(sorted(points, key=lambda p: p.T_air_K)))


def rate_site(r: CycleResult, hourly_T_K: ArrayLike, T_record_K: float | None = None,
                dT_recirculation_K: float = 0.0) -> SiteRating:  # fmt: skip
    """Hot-day rating from a year of hourly dry bulbs [K]: at the 0.4 % dry bulb, the hottest hour, and the record if
    given."""
    T = np.asarray(hourly_T_K, dtype=float)
    points = {"0.4 % dry bulb": dry_bulb_exceeded_K(T), "hottest hour of the year": float(T.max())}
    if T_record_K is not None:
        points["record"] = T_record_K
    return hot_day_rating(r, points, dT_recirculation_K)
