"""What must hold in a network with bipolar buses (pos, neutral, neg against earth), before it is solved."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dcgrid.compile import components, fuse
from dcgrid.finding import Finding, error, warning
from dcgrid.tables import Network

#: Terminals of each element table: (bus column, between column).
_ENDS = {
    "source": (("bus", "between"),),
    "load": (("bus", "between"),),
    "storage": (("bus", "between"),),
    "converter": (("from_bus", "from_between"), ("to_bus", "to_between")),
}
_PAIRS = ("pos-neutral", "neutral-neg", "pos-neg")


def _resistances(net: Network, bipolar: list[bool]) -> Iterator[Finding]:
    """Lines have the resistances of their kind, above zero."""
    a, b = net.column("line", "from_bus"), net.column("line", "to_bus")
    for columns, kind in ((("r_ohm",), False), (("r_pole_ohm", "r_neutral_ohm"), True)):
        mine = np.array([bipolar[k] is kind for k in a], dtype=bool)
        for column in columns:
            r = net.floats("line", column)
            with np.errstate(invalid="ignore"):
                bad = mine & ~(np.isfinite(r) & (r > 0.0))
            for bad_k in np.flatnonzero(bad).tolist():
                text = f"{column} = {r[bad_k]:g} must be > 0"
                yield error(net.label("line", bad_k), text, float(r[bad_k]), "> 0 ohm")
    for k, (i, j) in enumerate(zip(a, b, strict=True)):
        if bipolar[i] != bipolar[j]:
            text = "joins a bipolar and a monopolar bus"
            yield error(
                net.label("line", k), text, "line", "buses of one kind", "put a converter between them"
            )


def _terminals(net: Network, bipolar: list[bool]) -> Iterator[Finding]:
    """Elements on bipolar buses say between which conductors they are; the others have no choice."""
    for table, ends in _ENDS.items():
        for at, column in ends:
            for k, (bus, between) in enumerate(
                zip(net.column(table, at), net.column(table, column), strict=True)
            ):
                if (between in _PAIRS) != bipolar[bus] or (between is not None and between not in _PAIRS):
                    allowed = ", ".join(_PAIRS) if bipolar[bus] else "None: the bus is monopolar"
                    yield error(
                        net.label(table, k), f"{column} = {between!r} does not fit its bus", between, allowed
                    )


def _switches(net: Network, bipolar: list[bool]) -> Iterator[Finding]:
    rows = zip(*(net.column("switch", c) for c in ("bus", "element", "et")), strict=True)
    for k, (a, b, et) in enumerate(rows):
        if et == "bus" and bipolar[a] != bipolar[b]:
            yield error(
                net.label("switch", k), "joins a bipolar and a monopolar bus", "switch", "buses of one kind"
            )


def _poles(net: Network, bipolar: list[bool]) -> Iterator[Finding]:
    """In each galvanic part: a source on either pole, and one earthing at least."""
    fused = fuse(net)
    on = np.array(net.column("line", "in_service"), dtype=bool)
    f, t = (fused[np.array(net.column("line", c), dtype=np.int64)][on] for c in ("from_bus", "to_bus"))
    part = components(int(fused.max()) + 1, f, t)[fused]
    held: dict[int, set[str]] = {}
    rows = [*zip(*(net.column("source", c) for c in ("bus", "between", "in_service")), strict=True)]
    forms = [m in ("v_out", "ratio") for m in net.column("converter", "mode")]
    live = zip(
        *(net.column("converter", c) for c in ("to_bus", "to_between", "in_service")), forms, strict=True
    )
    rows += [(bus, between, alive and forming) for bus, between, alive, forming in live]
    for bus, between, alive in rows:
        if alive and bipolar[bus]:
            held.setdefault(int(part[bus]), set()).add(str(between))
    earthed: dict[tuple[int, int], list[str]] = {}
    where: set[int] = set()
    for k, (bus, r, alive) in enumerate(
        zip(*(net.column("earthing", c) for c in ("bus", "r_ohm", "in_service")), strict=True)
    ):
        if alive:
            where.add(int(part[bus]))
            if r == 0.0:
                earthed.setdefault((int(part[bus]), int(fused[bus])), []).append(net.label("earthing", k))
    for names in earthed.values():
        if len(names) > 1:
            text = "earth one neutral twice without resistance: the currents are undefined"
            yield error(" and ".join(names), text, "0 ohm", "one solid earthing at a bus")
    for k, pairs in held.items():
        bus = next(b for b in range(len(part)) if part[b] == k)
        if len(pairs) == 1:
            text = f"only {pairs.pop()} is fed here: the voltages of the other conductors are undefined"
            yield error(net.label("bus", bus), text, "one source", "sources on two of " + ", ".join(_PAIRS))
        if k not in where:
            text = "no neutral is earthed here: voltages are given against the neutral of its first bus"
            yield warning(net.label("bus", bus), text, "no earthing", "a create_earthing")


def findings(net: Network) -> Iterator[Finding]:
    """Findings of the conductors: resistances by kind of bus, terminals, poles without source, missing earthing."""
    bipolar = [kind == "bipolar" for kind in net.column("bus", "kind")]
    yield from _resistances(net, bipolar)
    if any(bipolar) or any(
        b is not None for b in net.column("load", "between") + net.column("source", "between")
    ):
        yield from _terminals(net, bipolar)
        yield from _switches(net, bipolar)
    if any(bipolar):
        yield from _poles(net, bipolar)
