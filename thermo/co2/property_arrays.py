"""CO2 properties of whole arrays from any usual pair: (p,T), (p,h), (p,s) or (rho,T).

Every point starts at the property table and takes a Newton step on the Helmholtz equation, so the answers are those of the
equation itself (CoolProp's HEOS), some half a microsecond each.

Range: T from max(220 K, melting temperature + 1 K) to 1200 K (above 1100 K, where the equation's stated range ends, marked
extrapolated), p from 1 kPa to 50 MPa. Source: Span & Wagner, J. Phys. Chem. Ref. Data 25 (1996) 1509.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np

from thermo.co2 import property_flash as kernel
from thermo.co2.flash import BY_H, BY_S
from thermo.co2.fluid import P_MAX_PA, P_MIN_PA, T_MAX_K, T_melt_K
from thermo.co2.property_table import property_table
from thermo.spec import SpecError

T_STATED_MAX_K = 1100.0  # Span & Wagner 1996, abstract
_PAIRS = {
    ("p_Pa", "T_K"): kernel.BY_T,
    ("p_Pa", "h_J_kg"): BY_H,
    ("p_Pa", "s_J_kgK"): BY_S,
    ("rho_kg_m3", "T_K"): kernel.BY_RHO_T,
}
_LIMITS = {
    "p_Pa": (P_MIN_PA, P_MAX_PA, "Pa"),
    "T_K": (215.0, T_MAX_K, "K"),
    "rho_kg_m3": (1e-3, 1500.0, "kg/m3"),
}


class Region(IntEnum):
    """Where a state lies; supercritical is above the critical temperature and pressure."""

    LIQUID = kernel.LIQUID
    GAS = kernel.GAS
    SUPERCRITICAL = kernel.SUPERCRITICAL
    TWO_PHASE = kernel.TWO_PHASE


@dataclass(frozen=True, eq=False)
class Properties:
    """Arrays of one shape. In the dome heat capacity and speed of sound have no value, outside it quality has none.

    `quality` is None if no state is in the dome; otherwise it, `cp_J_kgK` and `sound_speed_m_s` are masked arrays.
    `region` holds the numbers of `Region`; `extrapolated` marks states above 1100 K.
    """

    T_K: np.ndarray
    p_Pa: np.ndarray
    h_J_kg: np.ndarray
    s_J_kgK: np.ndarray
    rho_kg_m3: np.ndarray
    cp_J_kgK: np.ndarray
    sound_speed_m_s: np.ndarray
    quality: np.ndarray | None
    region: np.ndarray
    extrapolated: np.ndarray


def properties(
    *,
    p_Pa: Any = None,
    T_K: Any = None,
    h_J_kg: Any = None,
    s_J_kgK: Any = None,
    rho_kg_m3: Any = None,
    progress: Callable[[float], None] | None = None,
) -> Properties:
    """All properties at (p,T), (p,h), (p,s) or (rho,T); the two arrays are broadcast together.

    Raises `SpecError`, with every kind of problem, where a value is out of range or (p,T) lies on saturation.
    `progress` is called with the share that is done if the table has to be built first.

    >>> r = properties(p_Pa=[7.7e6, 25e6], T_K=305.15)
    >>> [round(float(rho), 1) for rho in r.rho_kg_m3]
    [601.7, 914.0]
    """
    given = {
        name: value
        for name, value in (("p_Pa", p_Pa), ("rho_kg_m3", rho_kg_m3), ("T_K", T_K), ("h_J_kg", h_J_kg),
                            ("s_J_kgK", s_J_kgK))
        if value is not None
    }  # fmt: skip
    names = tuple(given)
    if names not in _PAIRS:
        pairs = ", ".join(" with ".join(pair) for pair in _PAIRS)
        raise SpecError([f"{', '.join(names) or 'nothing'}: not a pair; give one of {pairs}"])
    a, b = _arrays(given)
    by, n = _PAIRS[names], a.size
    out, code = np.empty((n, 8)), np.empty(n, dtype=np.int8)
    kernel.states(property_table(progress), by, a.ravel(), b.ravel(), out, code)
    _check(names, out, code, a.shape)
    return _result(out, code, a.shape)


def _arrays(given: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """The two inputs as arrays of one shape, each value in its range."""
    arrays, problems = [], []
    for name, value in given.items():
        try:
            array = np.asarray(value, dtype=np.float64)
        except (TypeError, ValueError):
            problems.append(f"{name}: {value!r} is not a number or an array of numbers")
            continue
        lo, hi, unit = _LIMITS.get(name, (-np.inf, np.inf, ""))
        bad = ~((array >= lo) & (array <= hi) & np.isfinite(array))
        if bad.any():
            allowed = f"{lo:g} to {hi:g} {unit}" if unit else "finite numbers"
            problems.append(f"{name}: {_first(bad, array)}; allowed {allowed}")
        arrays.append(array)
    if problems:
        raise SpecError(problems)
    try:
        a, b = np.broadcast_arrays(*arrays)
    except ValueError:
        shapes = " and ".join(f"{name} {array.shape}" for name, array in zip(given, arrays, strict=True))
        raise SpecError([f"{', '.join(given)}: the shapes {shapes} do not go together"]) from None
    return a, b


def _first(bad: np.ndarray, values: np.ndarray) -> str:
    """How many values are bad, and the first of them with its place."""
    if bad.ndim == 0:
        return f"{float(values):g} is out of range"
    at = np.unravel_index(int(np.argmax(bad)), bad.shape)
    return f"{int(bad.sum())} of {bad.size} out of range, the first {values[at]:g} at {[int(i) for i in at]}"


def _check(names: tuple[str, ...], out: np.ndarray, code: np.ndarray, shape: tuple[int, ...]) -> None:
    """Raise with every way in which states are missing or out of range."""
    problems, pair = [], ", ".join(names)
    none = code == kernel.NONE
    if none.any():
        why = "lie on saturation; give p_Pa with h_J_kg" if names == ("p_Pa", "T_K") else "have no state"
        where = np.flatnonzero(none)[0]
        problems.append(f"{pair}: {int(none.sum())} of {none.size} points {why}; the first is number {where}")
    T, p = np.where(none, 300.0, out[:, 0]), np.where(none, 1e6, out[:, 1])
    outside = (p < P_MIN_PA) | (p > P_MAX_PA)
    if outside.any():
        found = _first(outside.reshape(shape), p.reshape(shape))
        problems.append(f"{pair}: pressure {found}; allowed {P_MIN_PA:g} to {P_MAX_PA:g} Pa")
    low = np.maximum(220.0, T_melt_K(np.clip(p, P_MIN_PA, P_MAX_PA)) + 1.0)
    outside = (low * (1.0 - 1e-12) > T) | (T > T_MAX_K * (1.0 + 1e-12))
    if outside.any():
        at = int(np.argmax(outside))
        found = _first(outside.reshape(shape), T.reshape(shape))
        problems.append(f"{pair}: temperature {found}; allowed {low[at]:.1f} to {T_MAX_K:g} K there")
    if problems:
        raise SpecError(problems)


def _result(out: np.ndarray, code: np.ndarray, shape: tuple[int, ...]) -> Properties:
    T, p, h, s, rho, cp, w, x = (np.ascontiguousarray(column).reshape(shape) for column in out.T)
    region = code.reshape(shape)
    dome = region == Region.TWO_PHASE
    quality = None
    if dome.any():
        cp, w = np.ma.masked_where(dome, cp), np.ma.masked_where(dome, w)
        quality = np.ma.masked_where(~dome, x)
    return Properties(T, p, h, s, rho, cp, w, quality, region, T > T_STATED_MAX_K)
