"""Arrays for a T-s diagram: the cycle's path and the saturation dome. No plotting here."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from .flash import BY_H, flash
from .helmholtz import T_CRIT_K, properties, saturation_ancillary
from .result import CycleResult
from .state import State

_PATHS = (  # (name, states it runs through in the order of flow)
    ("main compressor", ("main_compressor_inlet", "main_compressor_outlet")),
    ("low-temperature recuperator, cold side", ("main_compressor_outlet", "ltr_hp_outlet")),
    ("mixing", ("ltr_hp_outlet", "mixer_outlet")),
    ("high-temperature recuperator, cold side", ("mixer_outlet", "htr_hp_outlet")),
    ("heater", ("htr_hp_outlet", "turbine_inlet")),
    ("turbine", ("turbine_inlet", "turbine_outlet")),
    ("high-temperature recuperator, hot side", ("turbine_outlet", "htr_lp_outlet")),
    ("low-temperature recuperator, hot side", ("htr_lp_outlet", "ltr_lp_outlet")),
    ("cooler", ("ltr_lp_outlet", "main_compressor_inlet")),
    ("recompressor", ("ltr_lp_outlet", "recompressor_outlet")),
)
_SIMPLE = {"heater": ("ltr_hp_outlet", "turbine_inlet"),
           "low-temperature recuperator, hot side": ("turbine_outlet", "ltr_lp_outlet")}  # fmt: skip


@dataclass(frozen=True)
class TsDiagram:
    """T [K] and s [J/kg/K] along each component by name, at the state points, and around the dome."""

    paths: Mapping[str, tuple[np.ndarray, np.ndarray]]
    points: Mapping[str, tuple[float, float]]
    dome_T_K: np.ndarray
    dome_s_J_kgK: np.ndarray


def ts_diagram(r: CycleResult, n: int = 40) -> TsDiagram:
    """T-s arrays of a result: exchangers along their line of falling pressure, machines straight in enthalpy and
    logarithm of pressure. Paths are named by component, points by state."""
    r.require_ok()
    simple = r.layout_used == "simple_recuperated"
    paths = {}
    for name, ends in _PATHS:
        start, end = _SIMPLE.get(name, ends) if simple else ends
        if start not in r.states or end not in r.states:
            continue
        a, b = r.states[start], r.states[end]
        x = np.linspace(0.0, 1.0, n + 1)
        p = np.exp(np.log(a.p_Pa) + x * np.log(b.p_Pa / a.p_Pa))
        if name not in ("main compressor", "recompressor", "turbine"):
            p = a.p_Pa + x * (b.p_Pa - a.p_Pa)
        paths[name] = _along(p, a.h_J_kg + x * (b.h_J_kg - a.h_J_kg), a)
    points = {k: (s.T_K, s.s_J_kgK) for k, s in r.states.items()}
    T, s = saturation_dome()
    return TsDiagram(MappingProxyType(paths), MappingProxyType(points), T, s)


def _along(p: np.ndarray, h: np.ndarray, start: State) -> tuple[np.ndarray, np.ndarray]:
    """(T, s) at pressures and enthalpies, each point started from the one before."""
    T, s, rho, T_i = [], [], start.rho_kg_m3, start.T_K
    for p_i, h_i in zip(p, h, strict=True):
        _ok, rho, T_i = flash(BY_H, float(p_i), float(h_i), rho, T_i)
        T.append(T_i)
        s.append(properties(rho, T_i)[2])
    return np.array(T), np.array(s)


def saturation_dome(n: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """(T [K], s [J/kg/K]) around the dome: up the liquid line, down the vapour line.

    From the ancillary lines: densities within 5e-4, good for a picture.
    """
    T = T_CRIT_K - (T_CRIT_K - 220.0) * np.linspace(1.0, 0.0, n) ** 2
    liquid = [properties(saturation_ancillary(t)[1], t)[2] for t in T]
    vapour = [properties(saturation_ancillary(t)[2], t)[2] for t in T]
    return np.concatenate([T, T[::-1]]), np.concatenate([liquid, vapour[::-1]])
