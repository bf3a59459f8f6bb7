"""The radial three-phase parts of an AC chain without pandapower's tables: the same elements, a hundredth of the time.

Same functions and arguments as pandapower's, for what `ac_network` builds: buses, one external grid, lines, two-winding
transformers in the pi model, loads. Per unit on 1 MVA; branch ab between its two shunt halves y/2:

    i_ab = (v_a - v_b) / z,    i_b,down = conj(s_load / v_b) + y/2 v_b + sum of what goes on,    v_b = v_a - z i_ab

Currents are summed from the ends to the source and voltages set from the source to the ends until they stand still.
It answers as pandapower does (a test holds the two side by side); `direct` switches it on for a block of code.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType
from typing import Any

_ON: ContextVar[bool] = ContextVar("ac_ladder_on", default=False)
F_HZ = 50.0
STILL, MOST = 1e-13, 200


@dataclass
class Branch:
    """Series impedance and whole shunt [pu]; rating of one end's current [pu] at each side."""

    a: int
    b: int
    z: complex
    y: complex
    rating_a: float
    rating_b: float


@dataclass
class Ladder:
    """A radial network: nominal voltages [kV], branches by kind, loads [MVA] and the source."""

    v_kv: list[float] = field(default_factory=list)
    branches: dict[str, list[Branch]] = field(default_factory=lambda: {"line": [], "trafo": []})
    loads: list[tuple[int, complex]] = field(default_factory=list)
    source: tuple[int, float] = (0, 1.0)

    @property
    def std_types(self) -> dict[str, Any]:
        """pandapower's standard types."""
        return _std_types()


@dataclass(frozen=True)
class LadderResult:
    """Power from the source [MW], loss of each branch [MW], loading of each branch, lowest voltage [pu]."""

    p_in_mw: float
    loss_mw: dict[tuple[str, int], float]
    loading: dict[tuple[str, int], float]
    v_min_pu: float


@cache
def _std_types() -> dict[str, Any]:
    import pandapower

    found: dict[str, Any] = pandapower.create_empty_network().std_types
    return found


@contextmanager
def direct() -> Iterator[None]:
    """Solve AC chains by this file inside the block; outside of it by pandapower."""
    token = _ON.set(True)
    try:
        yield
    finally:
        _ON.reset(token)


def engine() -> Any:
    """This module inside `direct`, else pandapower: what `ac_network` builds with."""
    import sys

    if _ON.get():
        here: ModuleType = sys.modules[__name__]
        return here
    import pandapower

    return pandapower


def create_empty_network() -> Ladder:
    """A network without elements."""
    return Ladder()


def create_bus(net: Ladder, vn_kv: float, name: str | None = None) -> int:
    """Bus of a nominal voltage [kV]."""
    net.v_kv.append(vn_kv)
    return len(net.v_kv) - 1


def create_ext_grid(net: Ladder, bus: int, vm_pu: float = 1.0) -> None:
    """The source and its voltage [pu]."""
    net.source = (bus, vm_pu)


def create_load(net: Ladder, bus: int, p_mw: float) -> int:
    """A load, set at each solution."""
    net.loads.append((bus, complex(p_mw)))
    return len(net.loads) - 1


def create_line_from_parameters(
    net: Ladder, from_bus: int, to_bus: int, length_km: float, r_ohm_per_km: float, x_ohm_per_km: float,
    c_nf_per_km: float, max_i_ka: float, parallel: int = 1,
) -> int:  # fmt: skip
    """Line from its resistance, reactance and capacitance by length."""
    v = net.v_kv[from_bus]
    z = complex(r_ohm_per_km, x_ohm_per_km) * length_km / v**2 / parallel
    y = 1j * 2.0 * math.pi * F_HZ * c_nf_per_km * 1e-9 * length_km * v**2 * parallel
    rating = math.sqrt(3.0) * v * max_i_ka * parallel
    net.branches["line"].append(Branch(from_bus, to_bus, z, y, rating, rating))
    return len(net.branches["line"]) - 1


def create_line(
    net: Ladder, from_bus: int, to_bus: int, length_km: float, std_type: str, parallel: int = 1
) -> int:
    """Line of one of pandapower's standard types."""
    kind = net.std_types["line"][std_type]
    values = {k: kind[k] for k in ("r_ohm_per_km", "x_ohm_per_km", "c_nf_per_km", "max_i_ka")}
    return create_line_from_parameters(net, from_bus, to_bus, length_km, **values, parallel=parallel)


def create_transformer_from_parameters(
    net: Ladder, hv_bus: int, lv_bus: int, sn_mva: float, vn_hv_kv: float, vn_lv_kv: float, vkr_percent: float,
    vk_percent: float, pfe_kw: float, i0_percent: float, parallel: int = 1,
) -> int:  # fmt: skip
    """Transformer at its nominal ratio: short-circuit impedance, iron loss and magnetising current."""
    r, z = vkr_percent / 100.0 / sn_mva, vk_percent / 100.0 / sn_mva
    g, whole = pfe_kw / 1e3, i0_percent / 100.0 * sn_mva
    y = complex(g, -math.sqrt(max(whole**2 - g**2, 0.0))) * parallel
    series = complex(r, math.sqrt(z**2 - r**2)) / parallel
    rating = sn_mva * parallel
    net.branches["trafo"].append(Branch(hv_bus, lv_bus, series, y, rating, rating))
    return len(net.branches["trafo"]) - 1


def _order(net: Ladder) -> list[tuple[tuple[str, int], int, int, Branch]]:
    """Branches from the source outwards with their near and far bus."""
    left = [((kind, k), x) for kind, group in net.branches.items() for k, x in enumerate(group)]
    seen, out = {net.source[0]}, []
    while left:
        for item in left:
            key, x = item
            if (x.a in seen) != (x.b in seen):
                near, far = (x.a, x.b) if x.a in seen else (x.b, x.a)
                seen.add(far)
                out.append((key, near, far, x))
                left.remove(item)
                break
        else:
            raise ValueError("a radial network that hangs together")
    return out


def solve(net: Ladder, loads_mva: dict[int, complex]) -> LadderResult | None:
    """Voltages and losses at the loads [MVA] by load number; None where the voltages do not settle."""
    order, (root, v_root) = _order(net), net.source
    demand = [complex(0.0)] * len(net.v_kv)
    for k, (bus, s) in enumerate(net.loads):
        demand[bus] += loads_mva.get(k, s)
    v = [complex(v_root)] * len(net.v_kv)
    through: list[complex] = []
    for _ in range(MOST):
        drawn = [(s / u).conjugate() if s else 0j for s, u in zip(demand, v, strict=True)]
        through = [0j] * len(order)
        for k in range(len(order) - 1, -1, -1):
            _, near, far, x = order[k]
            through[k] = drawn[far] + 0.5 * x.y * v[far]
            drawn[near] += through[k] + 0.5 * x.y * v[near]
        moved = 0.0
        for k, (_, near, far, x) in enumerate(order):
            new = v[near] - x.z * through[k]
            moved, v[far] = max(moved, abs(new - v[far])), new
        if not math.isfinite(moved) or min(map(abs, v)) < 0.3:
            return None
        if moved < STILL:
            break
    else:
        return None
    loss, loading = {}, {}
    for k, (key, near, far, x) in enumerate(order):
        i_near = through[k] + 0.5 * x.y * v[near]
        i_far = through[k] - 0.5 * x.y * v[far]
        loss[key] = (v[near] * i_near.conjugate() - v[far] * i_far.conjugate()).real
        loading[key] = max(abs(i_near) / x.rating_a, abs(i_far) / x.rating_b)
    p_in = (v[root] * drawn[root].conjugate()).real
    return LadderResult(p_in, loss, loading, min(abs(cmath.polar(u)[0]) for u in v))
