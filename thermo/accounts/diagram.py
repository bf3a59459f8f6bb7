"""Arrays for T-s, p-h and T-Q diagrams of any layout. No plotting here.

A component's path runs linearly in enthalpy; pressure falls linearly along an exchanger, and in a machine its
logarithm is linear, so that the lines bend as the process does. T-Q: both sides of each exchanger over the heat
transferred; heaters against their source, coolers against the air, counterflow.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from thermo.co2.flash import BY_H, flash
from thermo.co2.helmholtz import P_CRIT_PA, T_CRIT_K, properties, saturation_ancillary
from thermo.cold_end.cooler import CoolerResult
from thermo.cycle.components import Component, Stream
from thermo.result import CycleResult
from thermo.state import State

Line = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class TsDiagram:
    """T [K] and s [J/kg/K] along each component by name, at the state points, and around the dome."""

    paths: Mapping[str, Line]
    points: Mapping[str, tuple[float, float]]
    dome_T_K: np.ndarray
    dome_s_J_kgK: np.ndarray


@dataclass(frozen=True)
class PhDiagram:
    """p [Pa] and h [J/kg] along each component by name, at the state points, and around the dome."""

    paths: Mapping[str, Line]
    points: Mapping[str, tuple[float, float]]
    dome_p_Pa: np.ndarray
    dome_h_J_kg: np.ndarray


@dataclass(frozen=True)
class TqDiagram:
    """One exchanger: heat [W] counted from its cold end, temperatures [K] of both sides there; `hot_is` and `cold_is`
    say what flows ("CO2", "heat source", "air"). A side that is not known is None."""

    name: str
    Q_W: np.ndarray
    T_hot_K: np.ndarray | None
    T_cold_K: np.ndarray | None
    hot_is: str = "CO2"
    cold_is: str = "CO2"


def words(name: str) -> str:
    """A component's name in words.

    >>> words("low_temperature_recuperator")
    'low-temperature recuperator'
    """
    return name.replace("_temperature_", "-temperature ").replace("_", " ")


def profile(r: CycleResult, stream: Stream, n: int, *, machine: bool = False) -> dict[str, np.ndarray]:
    """h, p, T, s, rho [SI] at n+1 nodes along a stream, from its inlet, each flash started from the node before."""
    a, b = r.states[stream.inlet], r.states[stream.outlet]
    x = np.linspace(0.0, 1.0, n + 1)
    p = a.p_Pa + x * (b.p_Pa - a.p_Pa)
    if machine:
        p = np.exp(np.log(a.p_Pa) + x * np.log(b.p_Pa / a.p_Pa))
    h = a.h_J_kg + x * (b.h_J_kg - a.h_J_kg)
    T, rho, s = _along(p, h, a)
    return {"h": h, "p": p, "T": T, "s": s, "rho": rho}


def _along(p: np.ndarray, h: np.ndarray, start: State) -> np.ndarray:
    """Rows T, density, s at pressures and enthalpies, each point started from the one before."""
    rho, T = start.rho_kg_m3, start.T_K
    found = np.empty((3, p.size))
    for i in range(p.size):
        _ok, rho, T = flash(BY_H, float(p[i]), float(h[i]), rho, T)
        found[:, i] = T, rho, properties(rho, T)[2]
    return found


def _paths(r: CycleResult, n: int, y: str, x: str) -> Mapping[str, Line]:
    """(y, x) along every component; the sides of a recuperator are named apart."""
    found = {}
    for c in r.components:
        machine = c.kind in ("compressor", "turbine")
        for i, stream in enumerate(c.streams):
            side = ""
            if c.kind == "recuperator":
                side = (", hot side", ", cold side")[i]
            elif len(c.streams) > 1:
                side = f", from {words(stream.inlet)}"
            line = profile(r, stream, n, machine=machine)
            found[words(c.name) + side] = (line[y], line[x])
    return MappingProxyType(found)


def ts_diagram(r: CycleResult, n: int = 40) -> TsDiagram:
    """T-s arrays of a result. Paths are named by component, points by state."""
    r.require_ok()
    points = {k: (s.T_K, s.s_J_kgK) for k, s in r.states.items()}
    T, s = saturation_dome()
    return TsDiagram(_paths(r, n, "T", "s"), MappingProxyType(points), T, s)


def ph_diagram(r: CycleResult, n: int = 40) -> PhDiagram:
    """p-h arrays of a result. Paths are named by component, points by state."""
    r.require_ok()
    points = {k: (s.p_Pa, s.h_J_kg) for k, s in r.states.items()}
    p, h = _dome_ph()
    return PhDiagram(_paths(r, n, "p", "h"), MappingProxyType(points), p, h)


def tq_diagram(
    r: CycleResult, n: int = 40, *, source_K: Mapping[str, tuple[float, float]] | None = None,
    air_K: Mapping[str, tuple[float, float]] | None = None,
) -> tuple[TqDiagram, ...]:  # fmt: skip
    """T-Q arrays of every exchanger.

    source_K, air_K: inlet and outlet temperature [K] of the other side by component name, of constant heat capacity.
    Not given: the fired heater's flame and flue or the heat stream, the sized coolers' air, where the result has them;
    else that side is None.
    """
    r.require_ok()
    found = []
    for c in r.components:
        if c.kind == "recuperator":
            hot, cold = (profile(r, s, n)["T"] for s in c.streams)
            found.append(TqDiagram(words(c.name), np.linspace(0.0, c.Q_W, n + 1), hot[::-1], cold))
        elif c.kind in ("heater", "cooler"):
            given = (source_K or {}) if c.kind == "heater" else (air_K or {})
            found.append(_against(r, c, n, given.get(c.name) or other_side(r, c)))
    return tuple(found)


def _against(r: CycleResult, c: Component, n: int, other: tuple[float, float] | None) -> TqDiagram:
    """CO2 against a stream of constant heat capacity that enters and leaves at `other` [K]."""
    Q, T = np.linspace(0.0, c.Q_W, n + 1), profile(r, c.streams[0], n)["T"]
    line = None if other is None else np.linspace(min(other), max(other), n + 1)
    if c.kind == "heater":
        return TqDiagram(words(c.name), Q, line, T, hot_is="heat source")
    return TqDiagram(words(c.name), Q, T[::-1], line, cold_is="air")


def cooler_of(r: CycleResult, c: Component) -> CoolerResult | None:
    """The sized cooler of a cooler component; the result lists them in the order of its components."""
    names = [x.name for x in r.components if x.kind == "cooler"]
    return r.coolers[names.index(c.name)] if len(r.coolers) == len(names) else None


def other_side(r: CycleResult, c: Component) -> tuple[float, float] | None:
    """(inlet, outlet) temperature [K] of what heats or cools the CO2 in a heater or cooler, where the result has it.

    Several heaters share their source: each is given all of its range.
    """
    if c.kind == "cooler":
        cooler = cooler_of(r, c)
        return None if cooler is None else (cooler.T_air_in_K, cooler.T_air_out_K)
    if r.heater is not None:
        return r.heater.T_flame_K, r.heater.T_flue_exit_K
    stream = r.spec.heat_stream
    if stream is not None and r.Q_heater_W is not None:
        return stream.T_in_K, stream.T_in_K - r.Q_heater_W / stream.C_W_K
    return None


def _dome(n: int) -> tuple[np.ndarray, list, list]:
    T = T_CRIT_K - (T_CRIT_K - 220.0) * np.linspace(1.0, 0.0, n) ** 2
    lines = [[properties(saturation_ancillary(t)[k], t) for t in T] for k in (1, 2)]
    return T, lines[0], lines[1]


def saturation_dome(n: int = 60) -> Line:
    """(T [K], s [J/kg/K]) around the dome: up the liquid line, down the vapour line.

    From the ancillary lines: densities within 5e-4, good for a picture.
    """
    T, liquid, vapour = _dome(n)
    return np.concatenate([T, T[::-1]]), np.array([q[2] for q in liquid] + [q[2] for q in vapour[::-1]])


def _dome_ph(n: int = 60) -> Line:
    T, liquid, vapour = _dome(n)
    p = np.array([min(saturation_ancillary(t)[0], P_CRIT_PA) for t in T])
    return np.concatenate([p, p[::-1]]), np.array([q[1] for q in liquid] + [q[1] for q in vapour[::-1]])
