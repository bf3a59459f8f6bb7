"""Take elements out of a network, and split a network into parts that do not feel each other.

An outage is of a whole line, one of its parallel conductors, a whole converter, one of its modules, a source, a
storage, or a closed switch that opens. `without` gives a light copy of the network with them out; the network itself
is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dcgrid.compile import Flags, Ints, components, open_ends
from dcgrid.outcome import Checker
from dcgrid.tables import COLUMNS, Network, Table

#: What can go out, and the element table that holds it.
KINDS = {
    "line": "line", "conductor": "line", "converter": "converter", "module": "converter", "source": "source",
    "storage": "storage", "switch": "switch",
}  # fmt: skip
_COUNT = {"conductor": "parallel", "module": "n_modules"}


@dataclass(frozen=True)
class Outage:
    """One element that is out: `kind` of `KINDS`, `index` in its table, `name` for the reader."""

    kind: str
    index: int
    name: str

    @property
    def table(self) -> str:
        return KINDS[self.kind]

    def __str__(self) -> str:
        part = {"conductor": "one conductor of ", "module": "one module of "}
        return part.get(self.kind, "") + self.name


def _out_now(net: Network, table: str) -> list[bool]:
    """Elements that are out already: their loss changes nothing."""
    if table == "switch":
        broken = open_ends(net)
        rows = zip(*(net.column("switch", c) for c in ("closed", "et", "element")), strict=True)
        return [not closed or (et == "line" and element in broken) for closed, et, element in rows]
    out = [not on for on in net.column(table, "in_service")]
    if table == "converter":
        return [gone or mode == "off" for gone, mode in zip(out, net.column(table, "mode"), strict=True)]
    if table == "line":
        broken = open_ends(net)
        return [gone or k in broken for k, gone in enumerate(out)]
    return out


def outages(net: Network, elements: Sequence[str]) -> tuple[Outage, ...]:
    """Every single outage of these kinds that the network can suffer.

    Examples
    --------
    >>> import dcgrid
    >>> net = dcgrid.build_pod(dcgrid.PodSpec(n_blocks=2, block_p_w=1e6, n_racks=2, rack_p_w=132e3))
    >>> [str(o) for o in outages(net, ("source", "module"))][1:3]
    ['pod 1 / block 2', 'one module of pod 1 / row 1 / rack 1 sidecar']
    """
    check = Checker("contingencies")
    for kind in elements:
        check.choice("elements", kind, tuple(KINDS))
    check.done()
    return tuple(
        Outage(kind, k, name)
        for kind in dict.fromkeys(elements)
        for k, (name, gone) in enumerate(
            zip(net.labels(KINDS[kind]), _out_now(net, KINDS[kind]), strict=True)
        )
        if not gone
    )


def _network(name: str, columns: dict[str, dict[str, list[Any]]]) -> Network:
    """A network on ready-made columns."""
    out = Network(name)
    for kind, lists in columns.items():
        table = Table(tuple(lists))
        table._lists = lists
        out.tables[kind] = table
    return out


def _columns(net: Network) -> dict[str, dict[str, list[Any]]]:
    names = {kind: COLUMNS[kind] for kind in net.tables}
    return {kind: {c: net.column(kind, c) for c in names[kind]} for kind in net.tables}


def without(net: Network, out: Iterable[Outage], close: Sequence[int] = ()) -> Network:
    """A copy of `net` with these elements out and the switches `close` closed; unchanged columns are shared."""
    columns = _columns(net)
    for outage in out:
        table = columns[outage.table]
        count = _COUNT.get(outage.kind)
        if count is not None and table[count][outage.index] > 1:
            table[count] = list(table[count])
            table[count][outage.index] -= 1
            continue
        flag = "closed" if outage.kind == "switch" else "in_service"
        table[flag] = list(table[flag])
        table[flag][outage.index] = False
    if close:
        columns["switch"]["closed"] = [c or k in close for k, c in enumerate(columns["switch"]["closed"])]
    return _network(net.name, columns)


@dataclass(frozen=True)
class Part:
    """A part of a network as a network of its own; `to_whole[table][k]` is element k's index in the whole."""

    net: Network
    to_whole: dict[str, Ints]


#: The columns of each element table that name buses (switches apart: their `element` may be a line).
_ENDS = {
    table: ("from_bus", "to_bus") if "from_bus" in columns else ("bus",)
    for table, columns in COLUMNS.items()
    if table not in ("bus", "switch")
}


def _part_of_bus(net: Network, close: Sequence[int]) -> Ints:
    """Part of each bus: joined by lines and converters in service and by closed switches (or ones in `close`)."""
    pairs: list[tuple[int, int]] = []
    for table in ("line", "converter"):
        rows = zip(
            net.column(table, "from_bus"), net.column(table, "to_bus"), _out_now(net, table), strict=True
        )
        pairs += [(a, b) for a, b, gone in rows if not gone]
    ends = zip(*(net.column("switch", c) for c in ("bus", "element", "et", "closed")), strict=True)
    for k, (a, b, et, closed) in enumerate(ends):
        if et == "bus" and (closed or k in close):
            pairs.append((a, b))
        elif k in close:
            pairs.append((net.column("line", "from_bus")[b], net.column("line", "to_bus")[b]))
    edges = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return components(len(net.tables["bus"]), edges[:, 0], edges[:, 1])


def _owner(net: Network, part: Ints) -> dict[str, Ints]:
    """Part of each element; -1 where it lies between two parts (it is out, so neither feels it)."""
    owner = {"bus": part}
    for table, ends in _ENDS.items():
        at = [part[np.array(net.column(table, end), dtype=np.int64)] for end in ends]
        owner[table] = np.where(at[0] == at[-1], at[0], -1)
    bus = part[np.array(net.column("switch", "bus"), dtype=np.int64)]
    other = [
        int(owner["line"][e]) if et == "line" else int(part[e])
        for e, et in zip(net.column("switch", "element"), net.column("switch", "et"), strict=True)
    ]
    owner["switch"] = np.where(bus == np.array(other, dtype=np.int64), bus, -1)
    return owner


def _pick(values: list[Any], keep: Ints) -> list[Any]:
    return [values[k] for k in keep]


def split(net: Network, close: Sequence[int] = ()) -> list[Part]:
    """The parts of a network between which no current can flow, each as a network of its own.

    Closing any of the switches `close` keeps within one part. What happens in one part leaves the others as they are.

    Examples
    --------
    >>> import dcgrid
    >>> spec = dcgrid.PodSpec(n_blocks=2, block_p_w=1e6, n_racks=2, rack_p_w=132e3)
    >>> net = dcgrid.build_pod(spec, dcgrid.build_pod(spec), "pod 2")
    >>> [len(part.net.bus) for part in split(net)]
    [8, 8]
    """
    part = _part_of_bus(net, close)
    owner = _owner(net, part)
    columns = _columns(net)
    for table in columns:
        columns[table]["name"] = net.labels(table)
    order = {table: np.argsort(o, kind="stable") for table, o in owner.items()}
    sizes = {table: np.searchsorted(o[order[table]], np.arange(part.max() + 2)) for table, o in owner.items()}
    new = {table: np.full(len(o), -1, dtype=np.int64) for table, o in owner.items()}
    out = []
    for k in range(int(part.max()) + 1):
        keep = {table: order[table][sizes[table][k] : sizes[table][k + 1]] for table in owner}
        for table, rows in keep.items():
            new[table][rows] = np.arange(len(rows))
        mine = {t: {c: _pick(v, keep[t]) for c, v in lists.items()} for t, lists in columns.items()}
        for table, ends in _ENDS.items():
            for end in ends:
                mine[table][end] = new["bus"][mine[table][end]].tolist() if len(keep[table]) else []
        switch = mine["switch"]
        switch["bus"] = [int(new["bus"][b]) for b in switch["bus"]]
        switch["element"] = [
            int(new["line" if et == "line" else "bus"][e])
            for e, et in zip(switch["element"], switch["et"], strict=True)
        ]
        out.append(Part(_network(net.name, mine), keep))
    return out


def has_source(net: Network) -> bool:
    """True where a source is in service."""
    return any(net.column("source", "in_service"))


def served(net: Network) -> Flags:
    """True for each load that is in service and supplied, from the result tables of a solved network."""
    p = net.result("load").get("p_w", np.zeros(0))
    return np.asarray(np.isfinite(p)) & np.array(net.column("load", "in_service"), dtype=bool)
