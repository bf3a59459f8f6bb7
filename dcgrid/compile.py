"""From element tables to arrays.

Fuse buses joined by closed switches, find what is supplied, number the nodes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dcgrid import loss_curves, std_types
from dcgrid.tables import Network

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

V_OUT, RATIO, P_SET, OFF = 0, 1, 2, 3
_MODE = {"v_out": V_OUT, "ratio": RATIO, "p": P_SET, "off": OFF}
REPORT, FOLD, TRIP = 0, 1, 2
_ON_LIMIT = {"report": REPORT, "fold": FOLD, "trip": TRIP}


@dataclass
class Model:
    """The supplied part of a network as arrays; `*_idx` point back into the element tables.

    A node is a set of buses joined by closed switches. Elements on unsupplied nodes are left out.
    """

    n_node: int
    bus_node: Ints
    node_vn: Array
    node_v0: Array
    node_part: Ints
    line_idx: Ints
    line_f: Ints
    line_t: Ints
    line_g: Array
    open_line_idx: Ints
    src_idx: Ints
    src_node: Ints
    src_v: Array
    src_r: Array
    src_reverse: Flags
    conv_idx: Ints
    conv_f: Ints
    conv_t: Ints
    conv_mode: Ints
    conv_set: Array
    conv_r: Array
    conv_p_rated: Array
    conv_n: Ints
    conv_optimal: Flags
    conv_bidirectional: Flags
    conv_curve: Ints
    conv_i_max: Array
    conv_on_limit: Ints
    curves: loss_curves.CurveSet
    load_idx: Ints
    load_node: Ints
    load_p: Array
    load_vn: Array
    load_shares: Array
    sto_idx: Ints
    sto_node: Ints
    sto_p: Array
    pattern: Any = field(default=None, repr=False)


def _floats(values: list[Any], missing: float = np.nan) -> Array:
    return np.array([missing if v is None else float(v) for v in values], dtype=float)


def _ints(values: list[Any]) -> Ints:
    return np.array(values, dtype=np.int64).reshape(-1)


def _flags(values: list[Any]) -> Flags:
    return np.array(values, dtype=bool).reshape(-1)


def components(n: int, a: Ints, b: Ints) -> Ints:
    """Number of the connected component of each of `n` vertices, edges (a, b)."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(n, n))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def fuse(net: Network) -> Ints:
    """Node number of each bus: buses joined by closed bus-bus switches share one."""
    n = len(net.tables["bus"])
    et, closed = net.column("switch", "et"), net.column("switch", "closed")
    pick = [k for k in range(len(et)) if et[k] == "bus" and closed[k]]
    a, b = net.column("switch", "bus"), net.column("switch", "element")
    return components(n, _ints([a[k] for k in pick]), _ints([b[k] for k in pick])) if pick else np.arange(n)


def open_ends(net: Network) -> set[int]:
    """Lines with an open switch at an end."""
    et, closed = net.column("switch", "et"), net.column("switch", "closed")
    element = net.column("switch", "element")
    return {int(element[k]) for k in range(len(et)) if et[k] == "line" and not closed[k]}


def supplied_parts(part_of: Ints, source_node: Ints, conv_f: Ints, conv_t: Ints, forms: Flags) -> set[int]:
    """Parts that hold a source.

    Or the output of a voltage-forming converter whose input is supplied (rule 2).
    """
    alive = set(part_of[source_node].tolist())
    pairs = [(int(part_of[f]), int(part_of[t])) for f, t, ok in zip(conv_f, conv_t, forms, strict=True) if ok]
    grown = True
    while grown:
        grown = False
        for a, b in pairs:
            if a in alive and b not in alive:
                alive.add(b)
                grown = True
    return alive


def _shares(net: Network) -> Array:
    """Rows (constant power, constant current, constant resistance) of each load."""
    kinds, mixes = net.column("load", "kind"), net.column("load", "shares")
    one = {
        "constant_power": (1.0, 0.0, 0.0),
        "constant_current": (0.0, 1.0, 0.0),
        "constant_resistance": (0.0, 0.0, 1.0),
    }
    rows = [
        tuple(m.get(k, 0.0) for k in one) if isinstance(m, dict) else one[kind]
        for kind, m in zip(kinds, mixes, strict=True)
    ]
    return np.array(rows, dtype=float).reshape(-1, 3)


def _curve_numbers(net: Network) -> tuple[Ints, loss_curves.CurveSet]:
    """Curve number of each converter and the set of distinct curves."""
    numbers: dict[Any, int] = {}
    tables: list[Any] = []
    out = []
    for std_type, given in zip(
        net.column("converter", "std_type"), net.column("converter", "loss_curve"), strict=True
    ):
        key: Any = tuple(map(tuple, given)) if given is not None else std_type
        if key not in numbers:
            numbers[key] = len(tables)
            tables.append(given if given is not None else std_types.converter(std_type).loss_curve)
        out.append(numbers[key])
    return _ints(out), loss_curves.build(tables)


def _start_voltage(n_part: int, part_of: Ints, src: tuple[Ints, Array], conv: dict[str, Array]) -> Array:
    """Highest voltage that a source or converter sets in each part: the no-load start of Newton."""
    v = np.zeros(n_part)
    np.maximum.at(v, part_of[src[0]], src[1])
    for _ in range(n_part + 1):
        forming_v, forming_r = conv["mode"] == V_OUT, conv["mode"] == RATIO
        new = v.copy()
        np.maximum.at(new, part_of[conv["t"][forming_v].astype(int)], conv["set"][forming_v])
        f, t = part_of[conv["f"][forming_r].astype(int)], part_of[conv["t"][forming_r].astype(int)]
        np.maximum.at(new, t, v[f] * conv["set"][forming_r])
        if np.array_equal(new, v):
            break
        v = new
    return v


def _converter_columns(net: Network, node: Ints, tripped: frozenset[int]) -> dict[str, Any]:
    mode = _ints([_MODE[m] for m in net.column("converter", "mode")])
    on = _flags(net.column("converter", "in_service"))
    mode[~on] = OFF
    mode[list(tripped)] = OFF
    setting = np.where(
        mode == V_OUT,
        _floats(net.column("converter", "v_out_v")),
        np.where(
            mode == RATIO,
            _floats(net.column("converter", "ratio")),
            _floats(net.column("converter", "p_set_w")),
        ),
    )
    two_way = _flags(net.column("converter", "bidirectional"))
    setting[(mode == P_SET) & ~two_way & (setting < 0.0)] = 0.0  # rule 3: blocks, keeps its zero-load loss
    return {
        "f": node[_ints(net.column("converter", "from_bus"))] if len(mode) else _ints([]),
        "t": node[_ints(net.column("converter", "to_bus"))] if len(mode) else _ints([]),
        "mode": mode,
        "set": setting,
        "bidirectional": two_way,
    }


def compile_network(net: Network, tripped: frozenset[int] = frozenset()) -> Model:
    """Arrays of the supplied part of `net`; converters in `tripped` count as off."""
    fused = fuse(net)
    n_fused = int(fused.max()) + 1 if len(fused) else 0
    half_open = open_ends(net)
    line_on = _flags(net.column("line", "in_service"))
    whole = np.array([i for i in range(len(line_on)) if line_on[i] and i not in half_open], dtype=np.int64)
    lf, lt = fused[_ints(net.column("line", "from_bus"))], fused[_ints(net.column("line", "to_bus"))]
    part_of = components(n_fused, lf[whole], lt[whole]) if n_fused else _ints([])
    n_part = int(part_of.max()) + 1 if n_fused else 0

    src = np.flatnonzero(_flags(net.column("source", "in_service")))
    src_node = fused[_ints(net.column("source", "bus"))][src]
    conv = _converter_columns(net, fused, tripped)
    alive = supplied_parts(part_of, src_node, conv["f"], conv["t"], conv["mode"] <= RATIO)
    live_node = np.isin(part_of, list(alive))
    conv_live = np.flatnonzero((conv["mode"] != OFF) & live_node[conv["f"]] & live_node[conv["t"]])
    here = {k: v[conv_live] for k, v in conv.items()}
    src_v = _floats(net.column("source", "v_v"))[src]
    v_part = _start_voltage(n_part, part_of, (src_node, src_v), here)

    number = np.full(n_fused, -1, dtype=np.int64)
    number[live_node] = np.arange(int(live_node.sum()))
    bus_node = number[fused] if n_fused else _ints([])
    vn = np.zeros(int(live_node.sum()))
    bus_vn = _floats(net.column("bus", "vn_v"))
    vn[bus_node[bus_node >= 0]] = bus_vn[bus_node >= 0]

    line = whole[live_node[lf[whole]]] if len(whole) else whole
    r_line = _floats(net.column("line", "r_ohm")) / np.maximum(
        1.0, _floats(net.column("line", "parallel"), 1.0)
    )
    load_bus, sto_bus = _ints(net.column("load", "bus")), _ints(net.column("storage", "bus"))
    load = np.flatnonzero(_flags(net.column("load", "in_service")) & (bus_node[load_bus] >= 0))
    sto = np.flatnonzero(_flags(net.column("storage", "in_service")) & (bus_node[sto_bus] >= 0))
    curve, curves = _curve_numbers(net)
    open_line = [i for i in sorted(half_open) if line_on[i] and (live_node[lf[i]] or live_node[lt[i]])]
    return Model(
        n_node=len(vn),
        bus_node=bus_node,
        node_vn=vn,
        node_v0=v_part[part_of][live_node] if n_fused else np.zeros(0),
        node_part=part_of[live_node] if n_fused else _ints([]),
        line_idx=line,
        line_f=number[lf[line]],
        line_t=number[lt[line]],
        line_g=1.0 / r_line[line],
        open_line_idx=_ints(open_line),
        src_idx=src,
        src_node=number[src_node],
        src_v=src_v,
        src_r=_floats(net.column("source", "r_droop_ohm"))[src],
        src_reverse=_flags(net.column("source", "allow_reverse"))[src],
        conv_idx=conv_live,
        conv_f=number[here["f"]],
        conv_t=number[here["t"]],
        conv_mode=here["mode"],
        conv_set=here["set"],
        conv_r=_floats(net.column("converter", "r_droop_ohm"))[conv_live],
        conv_p_rated=_floats(net.column("converter", "p_rated_w"))[conv_live],
        conv_n=_ints(net.column("converter", "n_modules"))[conv_live],
        conv_optimal=_flags([s == "optimal" for s in net.column("converter", "staging")])[conv_live],
        conv_bidirectional=here["bidirectional"],
        conv_curve=curve[conv_live],
        conv_i_max=_floats(net.column("converter", "i_out_max_a"), np.inf)[conv_live],
        conv_on_limit=_ints([_ON_LIMIT[m] for m in net.column("converter", "on_limit")])[conv_live],
        curves=curves,
        load_idx=load,
        load_node=bus_node[load_bus[load]],
        load_p=_floats(net.column("load", "p_w"))[load],
        load_vn=bus_vn[load_bus[load]],
        load_shares=_shares(net)[load],
        sto_idx=sto,
        sto_node=bus_node[sto_bus[sto]],
        sto_p=_floats(net.column("storage", "p_w"))[sto],
    )
