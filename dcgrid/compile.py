"""From element tables to arrays.

Fuse buses joined by closed switches, find what is supplied, number the nodes.
"""

from __future__ import annotations

from collections.abc import Mapping
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
#: Conductors: the only one of a monopolar bus (the return is ground), and the three of a bipolar one.
POS, NEUTRAL, NEG = 0, 1, 2
#: (+ terminal, - terminal, nominal voltage between them / vn_v) of `between`; monopolar: against the return.
_TERMINALS = {None: (POS, -1, 1.0), "pos-neutral": (POS, NEUTRAL, 1.0), "neutral-neg": (NEUTRAL, NEG, 1.0),
              "pos-neg": (POS, NEG, 2.0)}  # fmt: skip


@dataclass
class Model:
    """The supplied part of a network as arrays; `*_idx` point back into the element tables.

    A monopolar node is a set of buses joined by closed switches, against its return; a bipolar set has three nodes
    against earth. Return and earth are one more node, number n_node, held at 0 V. An element sits between its node
    and its `*_ret` node. Elements on unsupplied nodes are left out. Earthings are the last of the sources (0 V, their
    resistance as droop, reverse allowed): src_* has len(src_idx) sources and then len(earth_idx) earthings.
    """

    n_node: int
    bipolar: bool
    bus_node: Ints  # node of the bus, or of its positive pole; -1 where not supplied
    bus_neutral: Ints  # -1 on monopolar buses
    bus_neg: Ints
    bus_vn: Array
    node_v0: Array  # no-load start, signed
    node_part: Ints
    port_a: Ints  # pairs of nodes whose voltage must stay positive, and their no-load voltage
    port_b: Ints
    port_v0: Array
    line_idx: Ints  # a bipolar line is three branches of one index
    line_pole: Ints
    line_f: Ints
    line_t: Ints
    line_g: Array
    line_rating: Array
    open_line_idx: Ints
    src_idx: Ints
    earth_idx: Ints
    src_node: Ints
    src_ret: Ints
    src_v: Array
    src_r: Array
    src_reverse: Flags
    conv_idx: Ints
    conv_f: Ints
    conv_f_ret: Ints
    conv_t: Ints
    conv_t_ret: Ints
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
    conv_p_max: Array
    conv_v_min: Array
    conv_v_max: Array
    curves: loss_curves.CurveSet
    load_idx: Ints
    load_node: Ints
    load_ret: Ints
    load_p: Array
    load_vn: Array
    load_shares: Array
    sto_idx: Ints
    sto_node: Ints
    sto_ret: Ints
    sto_p: Array
    pattern: Any = field(default=None, repr=False)
    plan: Any = field(default=None, repr=False)

    def bus_of(self, node: int) -> int:
        """A bus at this node, or one of whose conductors it is."""
        here = (self.bus_node == node) & (self.bus_node >= 0)
        for other in (self.bus_neutral, self.bus_neg):
            here |= (other == node) & (other >= 0)
        return int(np.flatnonzero(here)[0])


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
    pairs = list(zip(part_of[conv_f[forms]].tolist(), part_of[conv_t[forms]].tolist(), strict=True))
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


def _start_voltage(n_part: int, src: tuple[Ints, Array], conv: dict[str, Any]) -> Array:
    """Highest voltage that a source or converter sets in each part, pole to neutral: the no-load start of Newton."""
    v = np.zeros(n_part)
    np.maximum.at(v, *src)
    fixed, ratio = conv["mode"] == V_OUT, conv["mode"] == RATIO
    for _ in range(n_part + 1):
        new = v.copy()
        np.maximum.at(new, conv["part_t"][fixed], conv["set"][fixed] / conv["span_t"][fixed])
        gain = conv["set"] * conv["span_f"] / conv["span_t"]
        np.maximum.at(new, conv["part_t"][ratio], v[conv["part_f"][ratio]] * gain[ratio])
        if np.array_equal(new, v):
            break
        v = new
    return v


def _terminals(net: Network, table: str, column: str = "between") -> tuple[Ints, Ints, Array]:
    """Conductor of the + and - terminal of each element, and the voltage between them / vn_v."""
    rows = [_TERMINALS[b] for b in net.column(table, column)]
    plus, minus, span = zip(*rows, strict=True) if rows else ((), (), ())
    return _ints(list(plus)), _ints(list(minus)), np.array(span, dtype=float)


@dataclass
class _Places:
    """Where buses and their conductors are: fused buses, their parts, and the number of each live node."""

    fused: Ints
    part: Ints  # of each fused bus
    live: Flags
    first: Ints  # number of a fused bus's first node, -1 where not supplied
    n_node: int

    def pair(self, bus: Ints, terminals: tuple[Ints, Ints, Array]) -> tuple[Ints, Ints]:
        """Nodes of the + and - terminals of elements at these buses (ground is number n_node)."""
        plus, minus, _ = terminals
        first = self.first[self.fused[bus]]
        return first + plus, np.where(minus < 0, self.n_node, first + minus)


def _converter_columns(net: Network, gone: frozenset[int]) -> dict[str, Any]:
    mode = _ints([_MODE[m] for m in net.column("converter", "mode")])
    mode[~_flags(net.column("converter", "in_service"))] = OFF
    mode[list(gone)] = OFF
    set_point = [net.floats("converter", c) for c in ("v_out_v", "ratio", "p_set_w")]
    setting = np.where(mode == V_OUT, set_point[0], np.where(mode == RATIO, set_point[1], set_point[2]))
    two_way = _flags(net.column("converter", "bidirectional"))
    setting[(mode == P_SET) & ~two_way & (setting < 0.0)] = 0.0  # rule 3: blocks, keeps its zero-load loss
    bus_f, bus_t = _ints(net.column("converter", "from_bus")), _ints(net.column("converter", "to_bus"))
    f, t = _terminals(net, "converter", "from_between"), _terminals(net, "converter", "to_between")
    return {
        "bus_f": bus_f, "bus_t": bus_t, "at_f": f, "at_t": t, "span_f": f[2], "span_t": t[2], "mode": mode,
        "set": setting, "bidirectional": two_way,
    }  # fmt: skip


def _lines(net: Network, whole: Ints, at: _Places, bipolar: Flags) -> dict[str, Any]:
    """Branches of the live lines: one each, three (pos, neutral, neg) where the buses are bipolar."""
    f, t = at.fused[_ints(net.column("line", "from_bus"))], at.fused[_ints(net.column("line", "to_bus"))]
    line = whole[at.live[f[whole]]] if len(whole) else whole
    parallel = np.maximum(1.0, net.floats("line", "parallel", 1.0))
    rating = net.floats("line", "max_i_a", np.inf) * parallel
    three = bipolar[f[line]] if len(line) else np.zeros(0, dtype=bool)
    idx = np.concatenate([line, line[three], line[three]])
    pole = np.repeat([POS, NEUTRAL, NEG], [len(line), int(three.sum()), int(three.sum())])
    r = np.where(bipolar[f[idx]], net.floats("line", "r_pole_ohm")[idx], net.floats("line", "r_ohm")[idx])
    r = np.where(pole == NEUTRAL, net.floats("line", "r_neutral_ohm")[idx], r) / parallel[idx]
    return {
        "line_idx": idx, "line_pole": pole, "line_f": at.first[f[idx]] + pole, "line_t": at.first[t[idx]] + pole,
        "line_g": 1.0 / r, "line_rating": rating[idx],
    }  # fmt: skip


def _sources(net: Network, src: Ints, at: _Places, bipolar: Flags) -> dict[str, Any]:
    """Sources, then earthings; a bipolar part without earthing has its first neutral as the zero of voltage."""
    terminals = _terminals(net, "source")
    bus = _ints(net.column("source", "bus"))
    node, ret = at.pair(bus[src], tuple(x[src] for x in terminals))  # type: ignore[arg-type]
    e_bus = at.fused[_ints(net.column("earthing", "bus"))] if len(net.tables["earthing"]) else _ints([])
    earth = np.flatnonzero(_flags(net.column("earthing", "in_service")) & at.live[e_bus])
    held = e_bus[earth]
    r = net.floats("earthing", "r_ohm")[earth]
    loose = np.flatnonzero(bipolar & at.live & ~np.isin(at.part, at.part[held]))
    _, first = np.unique(at.part[loose], return_index=True)
    neutral = at.first[np.concatenate([held, loose[first]])] + NEUTRAL
    n, n_loose = len(neutral), len(first)
    return {
        "src_idx": src, "earth_idx": earth,
        "src_node": np.concatenate([node, neutral]), "src_ret": np.concatenate([ret, np.full(n, at.n_node)]),
        "src_v": np.concatenate([net.floats("source", "v_v")[src], np.zeros(n)]),
        "src_r": np.concatenate([net.floats("source", "r_droop_ohm")[src], r, np.zeros(n_loose)]),
        "src_reverse": np.concatenate([_flags(net.column("source", "allow_reverse"))[src], np.ones(n, dtype=bool)]),
    }  # fmt: skip


def _converters(net: Network, live: Ints, conv: dict[str, Any], at: _Places) -> dict[str, Any]:
    def pick(name: str, missing: float = np.nan) -> Array:
        return net.floats("converter", name, missing)[live]

    f, f_ret = at.pair(conv["bus_f"][live], tuple(x[live] for x in conv["at_f"]))
    t, t_ret = at.pair(conv["bus_t"][live], tuple(x[live] for x in conv["at_t"]))
    curve, curves = _curve_numbers(net)
    return {
        "conv_idx": live, "conv_f": f, "conv_f_ret": f_ret, "conv_t": t, "conv_t_ret": t_ret,
        "conv_mode": conv["mode"][live], "conv_set": conv["set"][live], "conv_r": pick("r_droop_ohm"),
        "conv_p_rated": pick("p_rated_w"), "conv_n": _ints(net.column("converter", "n_modules"))[live],
        "conv_optimal": _flags([s == "optimal" for s in net.column("converter", "staging")])[live],
        "conv_bidirectional": conv["bidirectional"][live], "conv_curve": curve[live],
        "conv_i_max": pick("i_out_max_a", np.inf), "conv_p_max": pick("p_max_w", np.inf),
        "conv_on_limit": _ints([_ON_LIMIT[m] for m in net.column("converter", "on_limit")])[live],
        "conv_v_min": pick("v_in_min_v", -np.inf), "conv_v_max": pick("v_in_max_v", np.inf), "curves": curves,
    }  # fmt: skip


def _loads(net: Network, at: _Places, bus_node: Ints, bus_vn: Array) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for short, table in (("load", "load"), ("sto", "storage")):
        bus, terminals = _ints(net.column(table, "bus")), _terminals(net, table)
        live = np.flatnonzero(_flags(net.column(table, "in_service")) & (bus_node[bus] >= 0))
        node, ret = at.pair(bus[live], tuple(x[live] for x in terminals))  # type: ignore[arg-type]
        out |= {f"{short}_idx": live, f"{short}_node": node, f"{short}_ret": ret}
        out[f"{short}_p"] = net.floats(table, "p_w")[live]
        if table == "load":
            out |= {"load_vn": bus_vn[bus[live]] * terminals[2][live], "load_shares": _shares(net)[live]}
    return out


def _ports(at: _Places, bipolar: Flags, v: Array) -> dict[str, Any]:
    """No-load voltage of every node, and the pairs of nodes that a voltage is measured between."""
    mono, three = np.flatnonzero(at.live & ~bipolar), np.flatnonzero(at.live & bipolar)
    v0 = np.zeros(at.n_node)
    v0[at.first[mono]] = v[mono]
    pos = at.first[three]
    v0[pos], v0[pos + NEG] = v[three], -v[three]
    return {
        "node_v0": v0,
        "port_a": np.concatenate([at.first[mono], pos, pos + NEUTRAL]),
        "port_b": np.concatenate([np.full(len(mono), at.n_node), pos + NEUTRAL, pos + NEG]),
        "port_v0": np.concatenate([v[mono], v[three], v[three]]),
    }


def compile_network(net: Network, gone: Mapping[str, frozenset[int]] | None = None) -> Model:
    """Arrays of the supplied part of `net`; `gone` names lines, converters and sources that count as out of service."""
    gone = gone or {}
    fused = fuse(net)
    n_fused = int(fused.max()) + 1 if len(fused) else 0
    half_open = open_ends(net)
    line_on = _flags(net.column("line", "in_service"))
    line_on[list(gone.get("line", ()))] = False
    whole = _ints([i for i in np.flatnonzero(line_on).tolist() if i not in half_open])
    lf, lt = fused[_ints(net.column("line", "from_bus"))], fused[_ints(net.column("line", "to_bus"))]
    part = components(n_fused, lf[whole], lt[whole]) if n_fused else _ints([])

    src_on = _flags(net.column("source", "in_service"))
    src_on[list(gone.get("source", ()))] = False
    src = np.flatnonzero(src_on)
    src_fused = fused[_ints(net.column("source", "bus"))][src]
    conv = _converter_columns(net, gone.get("converter", frozenset()))
    f, t = fused[conv["bus_f"]], fused[conv["bus_t"]]
    alive = supplied_parts(part, src_fused, f, t, conv["mode"] <= RATIO)
    live = np.isin(part, list(alive))
    conv_live = np.flatnonzero((conv["mode"] != OFF) & live[f] & live[t])
    here = {k: conv[k][conv_live] for k in ("mode", "set", "span_f", "span_t")}
    here |= {"part_f": part[f[conv_live]], "part_t": part[t[conv_live]]}
    src_v = net.floats("source", "v_v")[src] / _terminals(net, "source")[2][src]
    v_part = _start_voltage(int(part.max()) + 1 if n_fused else 0, (part[src_fused], src_v), here)

    bipolar = np.zeros(n_fused, dtype=bool)
    bipolar[fused[_flags([k == "bipolar" for k in net.column("bus", "kind")])]] = True
    width = np.where(live, np.where(bipolar, 3, 1), 0)
    first = np.where(live, np.cumsum(width) - width, -1)
    at = _Places(fused, part, live, first, int(width.sum()))
    bus_node, two = first[fused], live[fused] & bipolar[fused]
    bus_vn = net.floats("bus", "vn_v")
    return Model(
        n_node=at.n_node,
        bipolar=bool(two.any()),
        bus_node=bus_node,
        bus_neutral=np.where(two, bus_node + NEUTRAL, -1),
        bus_neg=np.where(two, bus_node + NEG, -1),
        bus_vn=bus_vn,
        node_part=np.repeat(part, width),
        open_line_idx=_ints([i for i in sorted(half_open) if line_on[i] and (live[lf[i]] or live[lt[i]])]),
        **_ports(at, bipolar, v_part[part]),
        **_lines(net, whole, at, bipolar),
        **_sources(net, src, at, bipolar),
        **_converters(net, conv_live, conv, at),
        **_loads(net, at, bus_node, bus_vn),
    )
