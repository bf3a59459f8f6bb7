"""Tables behind the figures of a solved network: one-line diagram, voltage along the feeders, where the power goes.

No drawing here. Each takes a network that `run` has solved and gives DataFrames; missing numbers are unsupplied elements.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any

import numpy as np

from dcgrid.compile import open_ends
from dcgrid.layout import layout
from dcgrid.outcome import NetworkError, Problem
from dcgrid.tables import Network

if TYPE_CHECKING:
    import pandas as pd


def _solved(net: Network) -> None:
    if not net.result("bus"):
        raise NetworkError([Problem("figure_data", "no results", "a network that `run` has solved")])


def voltages(net: Network) -> dict[str, Any]:
    """Nominal and solved voltage of each bus [V], and per unit; between the poles where a bus has two."""
    r, vn = net.result("bus"), net.floats("bus", "vn_v")
    two = np.array(net.column("bus", "kind")) == "bipolar"
    if not two.any():
        return {"vn_v": vn, "v_v": r["v_v"], "v_pu": r["v_pu"]}
    return {
        "vn_v": np.where(two, 2.0 * vn, vn),
        "v_v": np.where(two, r["v_pos_v"] - r["v_neg_v"], r["v_v"]),
        "v_pu": r["v_pu"],
    }


def line_currents(net: Network) -> Any:
    """Current of each line [A]; of the more loaded pole where there are two."""
    r = net.result("line")
    if "i_pos_a" not in r:
        return r["i_a"]
    pos, neg = r["i_pos_a"], r["i_neg_a"]
    return np.where(np.isnan(r["i_a"]), np.where(np.abs(pos) >= np.abs(neg), pos, -neg), r["i_a"])


def one_line(net: Network) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Buses and branches of the one-line diagram, with their places, voltages and loadings.

    buses : bus, name, kind (source, load, junction), x, y, vn_v, v_v, v_pu, supplied.
    branches : name, kind (line, converter, switch), role, from_bus, to_bus, closed (False where it carries nothing by
        being out of service or open), i_a, loading, loss_w.

    Examples
    --------
    >>> import dcgrid
    >>> net = dcgrid.build_pod(dcgrid.PodSpec(n_blocks=1, block_p_w=1e6, n_racks=2, rack_p_w=132e3))
    >>> _ = dcgrid.run(net)
    >>> buses, branches = one_line(net)
    >>> buses.kind.value_counts().to_dict(), branches.kind.value_counts().to_dict()
    ({'junction': 4, 'load': 2, 'source': 1}, {'line': 4, 'converter': 2})
    """
    import pandas as pd

    _solved(net)
    place, n = layout(net), len(net.tables["bus"])
    loads, sources = set(net.column("load", "bus")), set(net.column("source", "bus"))
    behind = set(net.column("converter", "to_bus"))
    buses = pd.DataFrame({
        "bus": range(n),
        "name": net.labels("bus"),
        "kind": ["source" if b in sources else "load" if b in loads & behind else "junction" for b in range(n)],
        "x": [place[b][0] for b in range(n)],
        "y": [place[b][1] for b in range(n)],
        **voltages(net),
        "supplied": net.result("bus")["supplied"],
    })  # fmt: skip
    parts = (_lines(net), _converters(net), _switches(net))
    branches = {c: [x for part in parts for x in part[c]] for c in parts[0]}
    return buses, pd.DataFrame(branches).astype({"loading": float})


def _lines(net: Network) -> dict[str, list[Any]]:
    gone = open_ends(net)
    r, n = net.result("line"), len(net.tables["line"])
    return {
        "name": net.labels("line"),
        "kind": ["line"] * n,
        **{c: net.column("line", c) for c in ("role", "from_bus", "to_bus")},
        "closed": [bool(s) and k not in gone for k, s in enumerate(net.column("line", "in_service"))],
        "i_a": line_currents(net).tolist(),
        **{c: r[c].tolist() for c in ("loading", "loss_w")},
    }


def _converters(net: Network) -> dict[str, list[Any]]:
    r, n = net.result("converter"), len(net.tables["converter"])
    state = zip(*(net.column("converter", c) for c in ("in_service", "mode")), strict=True)
    return {
        "name": net.labels("converter"),
        "kind": ["converter"] * n,
        **{c: net.column("converter", c) for c in ("role", "from_bus", "to_bus")},
        "closed": [bool(on) and mode != "off" for on, mode in state],
        "i_a": r["i_out_a"].tolist(),
        **{c: r[c].tolist() for c in ("loading", "loss_w")},
    }


def _switches(net: Network) -> dict[str, list[Any]]:
    """The switches between buses; those at a line's end are part of the line."""
    k = [i for i, et in enumerate(net.column("switch", "et")) if et == "bus"]
    i_a = net.result("switch").get("i_a", ())
    names, column = net.labels("switch"), net.column
    return {
        "name": [names[i] for i in k],
        "kind": ["switch"] * len(k),
        "role": [None] * len(k),
        "from_bus": [column("switch", "bus")[i] for i in k],
        "to_bus": [column("switch", "element")[i] for i in k],
        "closed": [bool(column("switch", "closed")[i]) for i in k],
        "i_a": [float(i_a[i]) for i in k],
        "loading": [np.nan] * len(k),
        "loss_w": [0.0] * len(k),
    }


#: An edge of the walk from the sources: other bus, resistance [ohm], length [m], name and role of the line.
_Edge = tuple[int, float, float, str, str]


def _edges(net: Network) -> list[list[_Edge]]:
    links: list[list[_Edge]] = [[] for _ in range(len(net.tables["bus"]))]
    gone = open_ends(net)
    columns = ("from_bus", "to_bus", "r_ohm", "r_pole_ohm", "parallel", "length_m", "role", "in_service")
    names = net.labels("line")
    for k, (a, b, loop, pole, n, length, role, on) in enumerate(
        zip(*(net.column("line", c) for c in columns), strict=True)
    ):
        if on and k not in gone:
            r = 2.0 * pole if loop is None else loop
            for here, there in ((a, b), (b, a)):
                links[here].append((there, r / n, length or 0.0, names[k], role or ""))
    switches = zip(*(net.column("switch", c) for c in ("bus", "element", "et", "closed")), strict=True)
    for a, b, et, closed in switches:
        if et == "bus" and closed:
            links[a].append((b, 0.0, 0.0, "", ""))
            links[b].append((a, 0.0, 0.0, "", ""))
    converters = zip(
        *(net.column("converter", c) for c in ("from_bus", "to_bus", "mode", "in_service")), strict=True
    )
    for a, b, mode, on in converters:
        if on and mode != "off":
            links[a].append((b, 0.0, 0.0, "", ""))
    return links


def voltage_profile(net: Network) -> pd.DataFrame:
    """Voltage of each bus against its electrical distance from the nearest source.

    Columns bus, name, upstream (bus before it, -1 at a source), feeder (the line with "feeder" in its role, else the first
    line of its way), length_m and r_ohm of the way of least resistance, vn_v, v_v, v_pu. A converter passes the way on
    with nothing added, so a rack stands at its tap. Buses out of reach are left out.

    Examples
    --------
    >>> import dcgrid
    >>> net = dcgrid.build_pod(dcgrid.PodSpec(n_blocks=1, block_p_w=1e6, n_racks=2, rack_p_w=132e3))
    >>> _ = dcgrid.run(net)
    >>> p = voltage_profile(net).set_index("name")
    >>> float(p.length_m["pod 1 / row 1 / rack 2 tap"])
    122.4
    """
    import pandas as pd

    _solved(net)
    links, on = _edges(net), net.column("source", "in_service")
    starts = {int(b) for b, s in zip(net.column("source", "bus"), on, strict=True) if s}
    way: dict[int, tuple[int, float, float, str]] = {}
    heap: list[tuple[float, int, int, float, str, bool]] = [
        (0.0, b, -1, 0.0, "", False) for b in sorted(starts)
    ]
    while heap:
        r, bus, before, length, feeder, named = heapq.heappop(heap)
        if bus in way:
            continue
        way[bus] = (before, r, length, feeder)
        for other, more, metres, name, role in links[bus]:
            if other not in way:
                is_feeder = "feeder" in role
                take = name if (is_feeder and not named) or not feeder else feeder
                heapq.heappush(heap, (r + more, other, bus, length + metres, take, named or is_feeder))
    found = sorted(way)
    at, names = voltages(net), net.labels("bus")
    return pd.DataFrame({
        "bus": found,
        "name": [names[b] for b in found],
        "upstream": [way[b][0] for b in found],
        "feeder": [way[b][3] for b in found],
        "length_m": [round(way[b][2], 9) for b in found],
        "r_ohm": [way[b][1] for b in found],
        **{c: at[c][found] for c in ("vn_v", "v_v", "v_pu")},
    })  # fmt: skip


def power_flows(net: Network) -> pd.DataFrame:
    """Where the power goes, as links of a Sankey: columns source, target, kind (power, loss), p_w [W].

    Nodes are the sources by role, the networks by nominal voltage, the converters and loads by role, and each kind of
    loss. Into each node goes what comes out of it (1e-9), with charging storage as a load.

    Examples
    --------
    >>> import dcgrid
    >>> net = dcgrid.build_pod(dcgrid.PodSpec(n_blocks=1, block_p_w=1e6, n_racks=2, rack_p_w=132e3))
    >>> _ = dcgrid.run(net)
    >>> for f in power_flows(net).itertuples():
    ...     print(f"{f.source} -> {f.target}")
    block -> 800 V network
    800 V network -> sidecar
    800 V network -> collection cable loss
    800 V network -> row feeder loss
    800 V network -> row busway loss
    sidecar -> 50 V network
    sidecar -> sidecar loss
    50 V network -> rack
    """
    import pandas as pd

    _solved(net)
    flows: dict[tuple[str, str, str], float] = {}

    def add(source: str, target: str, kind: str, p: float) -> None:
        if p == p and p != 0.0:
            if p < 0.0:
                source, target, p = target, source, -p
            flows[source, target, kind] = flows.get((source, target, kind), 0.0) + p

    level = [f"{v:g} V network" for v in voltages(net)["vn_v"]]
    for table, word in (("source", "source"), ("storage", "storage")):
        p = net.result(table).get("p_w", ())
        for bus, role, w in zip(net.column(table, "bus"), net.column(table, "role"), p, strict=True):
            add(role or word, level[bus], "power", float(w))
    lines = net.result("line")
    columns = ("from_bus", "to_bus", "role")
    for k, (a, b, role) in enumerate(zip(*(net.column("line", c) for c in columns), strict=True)):
        add(level[a], f"{role or 'line'} loss", "loss", float(lines["loss_w"][k]))
        if (
            level[a] != level[b]
        ):  # a line between two nominal voltages carries power from one network to the other
            add(level[a], level[b], "power", -float(lines["p_to_w"][k]))
    found = net.result("converter")
    for k, (a, b, role) in enumerate(zip(*(net.column("converter", c) for c in columns), strict=True)):
        name = role or "converter"
        add(level[a], name, "power", float(found["p_in_w"][k]))
        add(name, level[b], "power", float(found["p_out_w"][k]))
        add(name, f"{name} loss", "loss", float(found["loss_w"][k]))
    p = net.result("load").get("p_w", ())
    for bus, role, w in zip(net.column("load", "bus"), net.column("load", "role"), p, strict=True):
        add(level[bus], role or "load", "power", float(w))
    order = {name: k for k, name in enumerate(dict.fromkeys(s for s, _, _ in flows))}
    rows = sorted(flows.items(), key=lambda item: (order[item[0][0]], item[0][2] == "loss"))
    return pd.DataFrame(
        [(s, t, kind, p) for (s, t, kind), p in rows], columns=["source", "target", "kind", "p_w"]
    )
