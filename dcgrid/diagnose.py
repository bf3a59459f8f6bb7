"""Look at a network before solving it.

Everything that contradicts itself or will surprise, listed at once.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from dcgrid import std_types
from dcgrid.compile import components, fuse, open_ends, supplied_parts
from dcgrid.tables import Network


@dataclass(frozen=True)
class Finding:
    """One finding: `error` stops a run (outcome INVALID), `warning` is only reported."""

    level: str
    element: str
    text: str

    def __str__(self) -> str:
        return f"{self.level}: {self.element}: {self.text}"


def _voltage_setters(net: Network, fused: np.ndarray) -> list[Finding]:
    """Ideal voltages (no droop) that meet on one fused bus."""
    setters: dict[int, list[str]] = {}
    columns = zip(
        net.labels("source"),
        net.column("source", "bus"),
        net.column("source", "r_droop_ohm"),
        net.column("source", "in_service"),
        strict=True,
    )
    for name, bus, r, on in columns:
        if on and r == 0.0:
            setters.setdefault(int(fused[bus]), []).append(name)
    more = zip(
        net.labels("converter"),
        net.column("converter", "to_bus"),
        net.column("converter", "r_droop_ohm"),
        net.column("converter", "mode"),
        net.column("converter", "in_service"),
        strict=True,
    )
    for name, bus, r, mode, on in more:
        if on and r == 0.0 and mode in ("v_out", "ratio"):
            setters.setdefault(int(fused[bus]), []).append(name)
    text = "set the voltage of one bus without droop: give all but one a droop, or open a switch"
    return [Finding("error", " and ".join(names), text) for names in setters.values() if len(names) > 1]


def _switch_loops(net: Network) -> list[Finding]:
    parent: dict[int, int] = {}

    def root(k: int) -> int:
        while parent.setdefault(k, k) != k:
            k = parent[k]
        return k

    out = []
    names = net.labels("switch")
    rows = zip(
        net.column("switch", "bus"), net.column("switch", "element"), net.column("switch", "et"), strict=True
    )
    for k, (a, b, et) in enumerate(rows):
        if et != "bus" or not net.column("switch", "closed")[k]:
            continue
        ra, rb = root(int(a)), root(int(b))
        if ra == rb:
            out.append(Finding("error", names[k], "closes a loop of zero-ohm switches: open one of them"))
        parent[ra] = rb
    return out


def _ratings(net: Network) -> list[Finding]:
    """Values that a table edit may have broken, and set-points far from the nominal voltage."""
    out = []
    vn = net.column("bus", "vn_v")
    for kind in net.column("bus", "kind"):
        if kind != "monopolar":
            out.append(Finding("error", "bus", f"kind {kind!r} is not solved yet"))
            break
    for table, column, strict in (
        ("line", "r_ohm", True),
        ("converter", "p_rated_w", True),
        ("load", "p_w", False),
    ):
        for name, value in zip(net.labels(table), net.column(table, column), strict=True):
            good = value is not None and np.isfinite(value) and (value > 0 if strict else value >= 0)
            if not good:
                out.append(
                    Finding("error", name, f"{column} = {value!r} must be {'> 0' if strict else '>= 0'}")
                )
    for name, bus, v in zip(
        net.labels("source"), net.column("source", "bus"), net.column("source", "v_v"), strict=True
    ):
        if not 0.5 * vn[bus] <= v <= 1.5 * vn[bus]:
            out.append(Finding("warning", name, f"v_v {v:g} V is far from the bus's nominal {vn[bus]:g} V"))
    types, lines = std_types.converters(), std_types.conductors()
    rows = zip(
        net.labels("converter"),
        net.column("converter", "std_type"),
        net.column("converter", "loss_curve"),
        strict=True,
    )
    for name, std, curve in rows:
        if curve is None and std not in types:
            out.append(Finding("error", name, f"std_type {std!r} is unknown and no loss_curve is given"))
    for name, std in zip(net.labels("line"), net.column("line", "std_type"), strict=True):
        if std is not None and std not in lines:
            out.append(Finding("warning", name, f"std_type {std!r} is unknown: its mass is not counted"))
    return out


def _levels(net: Network) -> list[Finding]:
    """Lines and closed switches between buses of different nominal voltage."""
    out = []
    vn = net.column("bus", "vn_v")
    ends = [
        ("line", "from_bus", "to_bus", [True] * len(net.tables["line"])),
        ("switch", "bus", "element", [e == "bus" for e in net.column("switch", "et")]),
    ]
    for table, a, b, use in ends:
        rows = zip(net.labels(table), net.column(table, a), net.column(table, b), use, strict=True)
        for name, i, j, ok in rows:
            if ok and abs(vn[i] - vn[j]) > 0.2 * max(vn[i], vn[j]):
                out.append(Finding("warning", name, f"joins nominal {vn[i]:g} V and {vn[j]:g} V"))
    return out


def unsupplied_buses(net: Network) -> list[int]:
    """Buses in parts that hold no source and no fed converter output (rule 2)."""
    fused = fuse(net)
    if not len(fused):
        return []
    half_open = open_ends(net)
    on = net.column("line", "in_service")
    use = [k for k in range(len(on)) if on[k] and k not in half_open]
    f, t = (
        np.array(net.column("line", "from_bus"), dtype=int),
        np.array(net.column("line", "to_bus"), dtype=int),
    )
    part = components(int(fused.max()) + 1, fused[f[use]], fused[t[use]])
    src = [
        b for b, s in zip(net.column("source", "bus"), net.column("source", "in_service"), strict=True) if s
    ]
    mode, service = net.column("converter", "mode"), net.column("converter", "in_service")
    forms = np.array([m in ("v_out", "ratio") and s for m, s in zip(mode, service, strict=True)], dtype=bool)
    cf = fused[np.array(net.column("converter", "from_bus"), dtype=int)]
    ct = fused[np.array(net.column("converter", "to_bus"), dtype=int)]
    alive = supplied_parts(part, fused[np.array(src, dtype=int)], cf, ct, forms)
    return [b for b in range(len(fused)) if int(part[fused[b]]) not in alive]


def _unsupplied(net: Network) -> list[Finding]:
    dark = unsupplied_buses(net)
    if not dark:
        return []
    on = Counter(
        int(b) for b, s in zip(net.column("load", "bus"), net.column("load", "in_service"), strict=True) if s
    )
    names = net.labels("bus")
    shown = ", ".join(names[b] for b in dark[:8]) + (f" and {len(dark) - 8} more" if len(dark) > 8 else "")
    lost = sum(on[b] for b in dark)
    return [Finding("warning", f"{len(dark)} buses", f"not supplied ({lost} loads on them): {shown}")]


def diagnose(net: Network) -> tuple[Finding, ...]:
    """All findings, errors first. A network with an error is not solved.

    Examples
    --------
    >>> import dcgrid
    >>> net = dcgrid.create_empty_network()
    >>> bus = dcgrid.create_bus(net, 800.0)
    >>> _ = dcgrid.create_source(net, bus, 800.0, name="A"), dcgrid.create_source(net, bus, 801.0, name="B")
    >>> print(dcgrid.diagnose(net)[0].element)
    A and B
    """
    if not len(net.tables["bus"]):
        return (Finding("error", net.name or "network", "has no bus"),)
    found = (
        _voltage_setters(net, fuse(net))
        + _switch_loops(net)
        + _ratings(net)
        + _levels(net)
        + _unsupplied(net)
    )
    if not any(net.column("source", "in_service")):
        found.append(Finding("error", net.name or "network", "has no source in service"))
    return tuple(sorted(found, key=lambda f: f.level != "error"))
