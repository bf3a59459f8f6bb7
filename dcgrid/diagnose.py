"""Look at a network before solving it: everything that contradicts itself or will surprise, listed at once.

Errors stop a run: values out of range, references to nothing, ideal voltages that meet, zero-ohm loops, nominal voltages
joined by a wire. Warnings are reported: parts without supply here, ratings below the load and slips of unit in
`plausible`. A finding says the element, the value, what is allowed, and what to do.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np

from dcgrid import bipolar, std_types
from dcgrid.compile import Ints, components, fuse, open_ends, supplied_parts
from dcgrid.finding import Finding, error, warning
from dcgrid.plausible import ratings_below_load, slips_of_unit
from dcgrid.tables import COLUMNS, Network

#: Columns whose value must be given and lie above (strict) or at least at the bound: (table, column, strict, bound, unit).
RANGES = (
    ("bus", "vn_v", True, 0.0, "V"), ("source", "v_v", True, 0.0, "V"), ("source", "r_droop_ohm", False, 0.0, "ohm"),
    ("line", "parallel", False, 1.0, ""),
    ("converter", "p_rated_w", True, 0.0, "W"), ("converter", "n_modules", False, 1.0, ""),
    ("converter", "r_droop_ohm", False, 0.0, "ohm"), ("load", "p_w", False, 0.0, "W"),
)  # fmt: skip
#: Limits: None, or above zero.
LIMITS = (
    ("source", "p_max_w", "W"), ("source", "i_max_a", "A"), ("line", "max_i_a", "A"), ("converter", "i_out_max_a", "A"),
    ("converter", "p_max_w", "W"), ("converter", "v_in_max_v", "V"),
)  # fmt: skip
SETTING = {"v_out": "v_out_v", "ratio": "ratio", "p": "p_set_w"}
PLACE = {mode: place for place, mode in enumerate(SETTING)}
#: Nominal voltages this far apart are never one conductor; this far, it is worth a look.
NEVER_JOINED, SELDOM_JOINED = 1.5, 1.2


def _floats(net: Network, table: str, column: str) -> np.ndarray:
    return net.floats(table, column)


def _references(net: Network) -> Iterator[Finding]:
    """Buses and lines that a table names and that do not exist."""
    n_bus, n_line = len(net.tables["bus"]), len(net.tables["line"])
    for table, columns in COLUMNS.items():
        for column in ("bus", "from_bus", "to_bus"):
            if column not in columns:
                continue
            for k, bus in enumerate(net.column(table, column)):
                if not 0 <= bus < n_bus:
                    yield error(
                        net.label(table, k), f"{column} {bus!r} does not exist", bus, f"0 to {n_bus - 1}"
                    )
    for k, (element, et) in enumerate(
        zip(net.column("switch", "element"), net.column("switch", "et"), strict=True)
    ):
        n = n_bus if et == "bus" else n_line
        if not 0 <= element < n:
            yield error(
                net.label("switch", k), f"element {element!r} does not exist", element, f"0 to {n - 1}"
            )


def _values(net: Network) -> Iterator[Finding]:
    """Values that an edit of a table may have broken."""
    for table, column, strict, low, unit in RANGES:
        x = _floats(net, table, column)
        with np.errstate(invalid="ignore"):
            good = np.isfinite(x) & ((x > low) if strict else (x >= low))
        for k in np.flatnonzero(~good):
            sign = ">" if strict else ">="
            text = f"{column} = {x[k]:g} must be {sign} {low:g}"
            yield error(net.label(table, int(k)), text, float(x[k]), f"{sign} {low:g} {unit}".strip())
    for table, column, unit in LIMITS:
        x = _floats(net, table, column)
        with np.errstate(invalid="ignore"):
            bad = x <= 0.0
        for k in np.flatnonzero(bad):
            text = f"{column} = {x[k]:g} must be > 0, or left out"
            yield error(net.label(table, int(k)), text, float(x[k]), f"> 0 {unit}, or None for no limit")


def _settings(net: Network) -> Iterator[Finding]:
    """Modes without their set-point, types without a curve."""
    columns = ("mode", "std_type", "loss_curve", "v_out_v", "ratio", "p_set_w")
    types, wires = std_types.converters(), std_types.conductors()
    for k, (mode, std, curve, *points) in enumerate(
        zip(*(net.column("converter", c) for c in columns), strict=True)
    ):
        at = PLACE.get(mode)
        if at is not None and points[at] is None:
            yield error(
                net.label("converter", k), f"mode {mode} needs {SETTING[mode]}", None, f"a {SETTING[mode]}"
            )
        if curve is None and std not in types:
            text = f"std_type {std!r} is unknown and no loss_curve is given"
            yield error(net.label("converter", k), text, std, "a known std_type, or a loss_curve")
    for k, std in enumerate(net.column("line", "std_type")):
        if std is not None and std not in wires:
            text = f"std_type {std!r} is unknown: its mass is not counted"
            yield warning(net.label("line", k), text, std, "a name of std_types.conductors()")


def _voltage_setters(net: Network, fused: Ints) -> Iterator[Finding]:
    """Ideal voltages (no droop) that meet on one fused bus."""
    setters: dict[tuple[int, Any], list[tuple[str, int, Any]]] = {}
    node = fused.tolist()
    columns = ("bus", "r_droop_ohm", "in_service", "v_v", "between")
    for k, (bus, r, on, v, at) in enumerate(zip(*(net.column("source", c) for c in columns), strict=True)):
        if on and r == 0.0:
            setters.setdefault((node[bus], at), []).append(("source", k, v))
    more = ("to_bus", "r_droop_ohm", "in_service", "mode", "v_out_v", "to_between")
    for k, (bus, r, on, mode, v, at) in enumerate(
        zip(*(net.column("converter", c) for c in more), strict=True)
    ):
        if on and r == 0.0 and mode in ("v_out", "ratio"):
            setters.setdefault((node[bus], at), []).append(("converter", k, v))
    for found in setters.values():
        if len(found) > 1:
            yield error(
                " and ".join(net.label(table, k) for table, k, _ in found),
                "set the voltage of one bus without droop: their shares of the load are undefined",
                " and ".join("a ratio" if v is None else f"{v:g} V" for _, _, v in found),
                "one ideal voltage at a bus",
                "give all but one a droop, or open a switch between them",
            )


def _switch_loops(net: Network) -> Iterator[Finding]:
    parent: dict[int, int] = {}

    def root(k: int) -> int:
        while parent.setdefault(k, k) != k:
            k = parent[k]
        return k

    rows = zip(*(net.column("switch", c) for c in ("bus", "element", "et", "closed")), strict=True)
    for k, (a, b, et, closed) in enumerate(rows):
        if et != "bus" or not closed:
            continue
        ra, rb = root(int(a)), root(int(b))
        if ra == rb:
            text = "closes a loop of zero-ohm switches: the current in it is undefined"
            yield error(
                net.label("switch", k), text, "closed", "a tree of closed switches", "open one of them"
            )
        parent[ra] = rb


def _levels(net: Network) -> Iterator[Finding]:
    """Lines and closed switches between buses of different nominal voltage."""
    vn = _floats(net, "bus", "vn_v")
    closed = [
        e == "bus" and bool(c)
        for e, c in zip(net.column("switch", "et"), net.column("switch", "closed"), strict=True)
    ]
    ends = (
        ("line", "from_bus", "to_bus", net.column("line", "in_service")),
        ("switch", "bus", "element", closed),
    )
    for table, a, b, use in ends:
        k = np.flatnonzero(np.array(use, dtype=bool))
        if not len(k):
            continue
        i, j = np.array(net.column(table, a), dtype=int)[k], np.array(net.column(table, b), dtype=int)[k]
        apart = np.maximum(vn[i], vn[j]) / np.minimum(vn[i], vn[j])
        for m in np.flatnonzero(apart > SELDOM_JOINED):
            say = error if apart[m] > NEVER_JOINED else warning
            yield say(
                net.label(table, int(k[m])),
                f"joins nominal {vn[i[m]]:g} V and {vn[j[m]]:g} V",
                f"{vn[i[m]]:g} V to {vn[j[m]]:g} V",
                f"nominal voltages within a factor {SELDOM_JOINED:g}",
                "put a converter between them, or correct vn_v",
            )


def _set_points(net: Network) -> Iterator[Finding]:
    """Set-points and input windows that do not fit the nominal voltage of the bus."""
    vn = _floats(net, "bus", "vn_v").tolist()
    for k, (bus, v, at) in enumerate(
        zip(*(net.column("source", c) for c in ("bus", "v_v", "between")), strict=True)
    ):
        v = 0.5 * v if at == "pos-neg" else v
        if not 0.5 * vn[bus] <= v <= 1.5 * vn[bus]:
            text = f"v_v {v:g} V is far from the bus's nominal {vn[bus]:g} V"
            yield warning(net.label("source", k), text, v, f"{0.5 * vn[bus]:g} to {1.5 * vn[bus]:g} V")
    columns = ("from_bus", "to_bus", "mode", "v_out_v", "ratio", "v_in_min_v", "v_in_max_v", "in_service")
    double = [
        [2.0 if b == "pos-neg" else 1.0 for b in net.column("converter", c)]
        for c in ("from_between", "to_between")
    ]
    for k, (f, t, mode, v, ratio, low, high, on) in enumerate(
        zip(*(net.column("converter", c) for c in columns), strict=True)
    ):
        u_f, u_t = vn[f] * double[0][k], vn[t] * double[1][k]
        out = {"v_out": v, "ratio": None if ratio is None else ratio * u_f}.get(mode)
        if not on:
            continue
        if out is not None and not 0.8 * u_t <= out <= 1.2 * u_t:
            text = f"gives {out:g} V into a bus of nominal {u_t:g} V"
            yield warning(net.label("converter", k), text, out, f"{0.8 * u_t:g} to {1.2 * u_t:g} V")
        if (low is not None and low > u_f) or (high is not None and high < u_f):
            window = f"{low if low is not None else 0:g} to {high if high is not None else np.inf:g} V"
            text = f"its input window {window} leaves out the nominal {u_f:g} V of its bus"
            yield warning(net.label("converter", k), text, window, f"a window around {u_f:g} V")


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
    lit = np.zeros(int(part.max()) + 1, dtype=bool)
    lit[list(alive)] = True
    return np.flatnonzero(~lit[part[fused]]).tolist()


def _islands(net: Network) -> Iterator[Finding]:
    """Each island without supply, with the loads on it; what is joined by a line, a converter or a closed switch is one."""
    dark = unsupplied_buses(net)
    if not dark:
        return
    place = {bus: k for k, bus in enumerate(dark)}
    switches = zip(*(net.column("switch", c) for c in ("bus", "element", "et", "closed")), strict=True)
    edges = [(a, b) for a, b, et, closed in switches if et == "bus" and closed]
    for table in ("line", "converter"):
        rows = zip(*(net.column(table, c) for c in ("from_bus", "to_bus", "in_service")), strict=True)
        edges += [(a, b) for a, b, on in rows if on]
    pairs = np.array(
        [(place[a], place[b]) for a, b in edges if a in place and b in place], dtype=int
    ).reshape(-1, 2)
    island = components(len(dark), pairs[:, 0], pairs[:, 1])
    lost: dict[int, float] = defaultdict(float)
    count: Counter[int] = Counter()
    for bus, p, on in zip(*(net.column("load", c) for c in ("bus", "p_w", "in_service")), strict=True):
        if on and bus in place:
            lost[int(island[place[bus]])] += p or 0.0
            count[int(island[place[bus]])] += 1
    order = np.argsort(island, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(island[order])) + 1):
        k = int(island[members[0]])
        names = ", ".join(net.label("bus", dark[i]) for i in members[:4])
        names += f" and {len(members) - 4} more" if len(members) > 4 else ""
        yield warning(
            names,
            f"not supplied: {len(members)} buses with {count[k]} loads, {lost[k] / 1e3:g} kW",
            f"{lost[k]:g} W",
            "a source, or a converter that regulates its output, in each part",
            "close a switch or add a line, if these loads should run",
        )


def diagnose(net: Network, ratings: bool = True) -> tuple[Finding, ...]:
    """All findings, errors first. A network with an error is not solved.

    `ratings` adds the estimate of ratings below their load and slips of unit, which no solution hangs on.

    Examples
    --------
    >>> import dcgrid
    >>> net = dcgrid.create_empty_network()
    >>> bus = dcgrid.create_bus(net, 800.0)
    >>> _ = dcgrid.create_source(net, bus, 800.0, name="A"), dcgrid.create_source(net, bus, 801.0, name="B")
    >>> print(dcgrid.diagnose(net)[0].element)
    A and B
    """
    name = net.name or "network"
    if not len(net.tables["bus"]):
        return (error(name, "has no bus", 0, "at least one bus"),)
    found = list(_references(net))
    if found:  # nothing else can be looked at before these exist
        return tuple(found)
    found += [*_values(net), *_settings(net), *bipolar.findings(net)]
    if not any(net.column("source", "in_service")):
        found.append(error(name, "has no source in service", 0, "at least one source"))
    found += _switch_loops(net)
    broken = any(f.level == "error" for f in found)
    found += _voltage_setters(net, fuse(net))
    found += [*_levels(net), *_islands(net)]
    if not broken:
        found += _set_points(net)
    if ratings and not broken:
        two = "bipolar" in net.column("bus", "kind")  # the estimate of currents knows one conductor pair only
        found += [*(() if two else ratings_below_load(net)), *slips_of_unit(net)]
    return tuple(sorted(found, key=lambda f: f.level != "error"))
