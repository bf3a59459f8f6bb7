"""How many cubic metres of CO2 a block's loop holds, component by component.

    recuperator, each side  V = (UA/U) D_h/4 (1 + headers),  D_h = pi d / (2 + pi) of a semicircular channel
    heater                  V = (Q/flux) d_i^2/(4 d_o) (1 + headers), flux on the tubes' outside
    cooler                  V = (UA/U) d/4 (1 + headers)
    piping of each state    V = L m / (rho v),  v = C / sqrt(rho)
    casing of each machine  V = k stages D^3

D_h/4 is the volume of a channel over its wetted surface (its definition). Velocity: API RP 14E. Volumes that are known
(a sized exchanger) replace the estimates: `InventorySpec.volumes_m3`. Grade of the inputs: assumption.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import pi, sqrt
from typing import Any, NamedTuple

from thermo.defaults import default
from thermo.inventory.inventory_spec import InventorySpec
from thermo.result import CycleResult
from thermo.spec import SpecError

HEADED = ("recuperator", "heater", "cooler")


class Path(NamedTuple):
    """CO2 through one side of a component: state names and flow [kg/s]."""

    inlet: str
    outlet: str
    m_dot_kg_s: float


class Part(NamedTuple):
    """A component as the volumes need it; a recuperator's paths are (hot, cold)."""

    name: str
    kind: str
    streams: tuple[Any, ...]
    Q_W: float = 0.0
    UA_W_K: float | None = None


@dataclass(frozen=True, slots=True)
class LoopVolume:
    """CO2 volume [m3] between two states (the same one twice for a pipe).

    `component` is its name, `side` is "hot" or "cold" in a recuperator and "" elsewhere; `given` volumes are inputs,
    the others estimates from assumptions.
    """

    component: str
    kind: str
    side: str
    inlet: str
    outlet: str
    volume_m3: float
    given: bool = False


def parts(r: CycleResult) -> tuple[Any, ...]:
    """The components of a result with the streams through them."""
    found = getattr(r, "components", ())
    return tuple(found) if found else _two_layouts(r)


def _two_layouts(r: CycleResult) -> tuple[Part, ...]:
    """Components of simple_recuperated and recompression, from the states."""
    assert r.m_dot_kg_s is not None
    m, f = r.m_dot_kg_s, r.recompression_fraction or 0.0
    simple = r.layout_used == "simple_recuperated"
    a, b = m * (1.0 - f), m * f
    hot_end, back = ("turbine_outlet", "ltr_hp_outlet") if simple else ("htr_lp_outlet", "htr_hp_outlet")
    found = [
        Part("main_compressor", "compressor", (Path("main_compressor_inlet", "main_compressor_outlet", a),)),
        Part("low_temperature_recuperator", "recuperator", (
            Path(hot_end, "ltr_lp_outlet", m), Path("main_compressor_outlet", "ltr_hp_outlet", a),
        ), r.Q_ltr_W or 0.0, r.UA_ltr_W_K),
        Part("heater", "heater", (Path(back, "turbine_inlet", m),), r.Q_heater_W or 0.0),
        Part("turbine", "turbine", (Path("turbine_inlet", "turbine_outlet", m),)),
        Part("cooler", "cooler", (Path("ltr_lp_outlet", "main_compressor_inlet", a),), r.Q_cooler_W or 0.0,
             r.UA_cooler_W_K),
    ]  # fmt: skip
    if not simple:
        found += [
            Part("recompressor", "compressor", (Path("ltr_lp_outlet", "recompressor_outlet", b),)),
            Part("mixer", "mixer", (Path("ltr_hp_outlet", "mixer_outlet", a),
                                    Path("recompressor_outlet", "mixer_outlet", b))),
            Part("high_temperature_recuperator", "recuperator", (
                Path("turbine_outlet", "htr_lp_outlet", m), Path("mixer_outlet", "htr_hp_outlet", m),
            ), r.Q_htr_W or 0.0, r.UA_htr_W_K),
        ]  # fmt: skip
    return tuple(found)


def pche_volumes(sized: Mapping[str, Any]) -> dict[str, float]:
    """Volumes [m3] of sized exchangers (`size_pche`) by recuperator name, as `InventorySpec.volumes_m3` takes them."""
    return {f"{name}.{side}": float(getattr(e, f"{side}_volume_m3")) for name, e in sized.items()
            for side in ("hot", "cold")}  # fmt: skip


def _pick(spec: InventorySpec, name: str) -> float:
    value = getattr(spec, name)
    return default(name) if value is None else float(value)


def _exchanger_m3(c: Any, spec: InventorySpec, UA_cooler: float) -> float:
    """CO2 volume of one side of an exchanger [m3]."""
    headers = 1.0 + _pick(spec, "header_share")
    if c.kind == "recuperator":
        D_h = pi / (2.0 + pi) * _pick(spec, "recuperator_channel_m")
        return float((c.UA_W_K or 0.0) / _pick(spec, "recuperator_U_W_m2K") * D_h / 4.0 * headers)
    if c.kind == "heater":
        d_o = _pick(spec, "tube_outside_m")
        bore = d_o - 2.0 * _pick(spec, "tube_wall_m")
        return float(c.Q_W / _pick(spec, "tube_flux_W_m2") * bore**2 / (4.0 * d_o) * headers)
    UA = c.UA_W_K or UA_cooler
    return float(UA / _pick(spec, "cooler_U_W_m2K") * _pick(spec, "cooler_tube_m") / 4.0 * headers)


def pipe_bore_m(m_dot_kg_s: float, rho_kg_m3: float, C: float) -> float:
    """Bore [m] at which the velocity is C/sqrt(rho).

    >>> round(pipe_bore_m(50.0, 600.0, 122.0), 3)
    0.146
    """
    return sqrt(4.0 / pi * m_dot_kg_s / (C * sqrt(rho_kg_m3)))


def _pipes(r: CycleResult, found: tuple[Any, ...], spec: InventorySpec) -> list[LoopVolume]:
    flow: dict[str, float] = {}
    far: set[str] = set()
    for c in found:
        for s in c.streams:
            for state in (s.inlet, s.outlet):
                flow[state] = max(flow.get(state, 0.0), s.m_dot_kg_s)
                if c.kind in ("heater", "cooler"):
                    far.add(state)
    C, volumes = _pick(spec, "pipe_velocity_C"), []
    for state, m in flow.items():
        length = _pick(spec, "pipe_length_far_m" if state in far else "pipe_length_m")
        bore = pipe_bore_m(m, r.states[state].rho_kg_m3, C)
        volumes.append(LoopVolume("piping", "pipe", "", state, state, pi / 4.0 * bore**2 * length))
    return volumes


def loop_volumes(r: CycleResult, spec: InventorySpec | None = None) -> tuple[LoopVolume, ...]:
    """Volumes of a designed block's loop: known ones from the spec, the others estimated.

    Parameters
    ----------
    r : CycleResult
        The design. (Off-design results of the same block have the same volumes: take the design's.)
    spec : InventorySpec, optional
        Known volumes and the assumptions of the estimates.
    """
    r.require_ok()
    spec = spec or InventorySpec()
    given, found = dict(spec.volumes_m3 or {}), parts(r)
    coolers = sum(c.Q_W for c in found if c.kind == "cooler")
    size = {m.name.replace(" ", "_"): m for m in r.machines}
    # a turbine cut in two: the power turbine's casing goes with the one that drives the compressors
    cut = next((n for n in size if n.startswith("turbine")), "") if "power_turbine" in size else ""
    volumes = []
    for c in found:
        if c.kind in HEADED:
            UA_cooler = (r.UA_cooler_W_K or 0.0) * (c.Q_W / coolers if c.kind == "cooler" else 0.0)
            V = _exchanger_m3(c, spec, UA_cooler)
        elif c.name in size:
            built = [size[c.name], *([size["power_turbine"]] if c.name == cut else [])]
            V = _pick(spec, "casing_volume_factor") * sum(
                m.stages * (m.diameter_m or 0.0) ** 3 for m in built
            )
        else:
            continue
        for side, s in zip(("hot", "cold") if c.kind == "recuperator" else ("",), c.streams, strict=False):
            key = f"{c.name}.{side}" if side else c.name
            known = given.pop(key, None)
            volumes.append(LoopVolume(c.name, c.kind, side, s.inlet, s.outlet, V if known is None else known,
                                      known is not None))  # fmt: skip
    pipes = _pipes(r, found, spec)
    if "piping" in given:
        k = given.pop("piping") / sum(v.volume_m3 for v in pipes)
        pipes = [LoopVolume("piping", "pipe", "", v.inlet, v.outlet, k * v.volume_m3, True) for v in pipes]
    if given:
        names = sorted({f"{v.component}.{v.side}" if v.side else v.component for v in volumes + pipes})
        raise SpecError([f"inventory.volumes_m3.{k}: unknown; one of {', '.join(names)}" for k in given])
    return (*volumes, *pipes)
