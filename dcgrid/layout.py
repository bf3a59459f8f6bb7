"""Places for a one-line diagram from the topology alone, drawn as engineers draw it.

Sources stand above their busbar, lines that leave a busbar are stacked below it, a line that simply goes on (a row
busway) runs to the right, and what hangs behind a converter (a rack) stands below its tap. Each subtree has its own
rectangle, so no two buses share a spot. Meshes follow the first spanning tree. A tie (a switch between two parts that
have sources of their own) shapes nothing: it is drawn across.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from dcgrid.compile import components
from dcgrid.tables import Network


@dataclass
class _Node:
    """A bus of the spanning tree: sources above it, what goes on by line, what hangs behind a converter."""

    above: list[int] = field(default_factory=list)
    onward: list[int] = field(default_factory=list)
    below: list[int] = field(default_factory=list)
    width: int = 1
    height: int = 1
    width_below: int = 0
    height_below: int = 0


def _links(net: Network) -> list[list[tuple[int, bool]]]:
    """Neighbours of each bus, and whether a converter lies between."""
    links: list[list[tuple[int, bool]]] = [[] for _ in range(len(net.tables["bus"]))]
    lines = zip(net.column("line", "from_bus"), net.column("line", "to_bus"), strict=True)
    converters = zip(net.column("converter", "from_bus"), net.column("converter", "to_bus"), strict=True)
    edges = [(a, b, False) for a, b in lines] + [(a, b, True) for a, b in converters]
    edges += [(a, b, False) for a, b in _couplers(net, [(a, b) for a, b, _ in edges])]
    for a, b, through in edges:
        links[a].append((b, through))
        links[b].append((a, through))
    return links


def _couplers(net: Network, edges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Switches between buses that are no ties: at least one side has no source of its own."""
    ends = np.array(edges, dtype=np.int64).reshape(-1, 2)
    part = components(len(net.tables["bus"]), ends[:, 0], ends[:, 1])
    fed = {int(part[b]) for b in net.column("source", "bus")}
    rows = zip(*(net.column("switch", c) for c in ("bus", "element", "et")), strict=True)
    return [(a, b) for a, b, et in rows if et == "bus" and not (fed >= {int(part[a]), int(part[b])})]


def _spanning_tree(
    links: list[list[tuple[int, bool]]], root: int, sources: set[int], nodes: dict[int, _Node]
) -> list[int]:
    """Breadth-first tree of the part that holds `root`, written into `nodes`; return its buses in order."""
    nodes[root] = _Node()
    order = [root]
    for bus in order:
        for other, through in links[bus]:
            if other in nodes:
                continue
            nodes[other] = _Node()
            order.append(other)
            end_of_line = all(b == bus for b, _ in links[other])
            if other in sources and end_of_line:
                nodes[bus].above.append(other)
            elif through:
                nodes[bus].below.append(other)
            else:
                nodes[bus].onward.append(other)
    return order


def _measure(order: list[int], nodes: dict[int, _Node]) -> None:
    """Width and height of every subtree's rectangle, leaves first."""
    for bus in reversed(order):
        n = nodes[bus]
        n.width_below = sum(nodes[c].width for c in n.below)
        n.height_below = max((nodes[c].height for c in n.below), default=0)
        own = max(1, n.width_below)
        n.width, n.height = own, 1 + n.height_below
        if len(n.onward) == 1:
            c = nodes[n.onward[0]]
            n.width, n.height = own + c.width, max(n.height, c.height)
        elif n.onward:
            n.width = max(own, 1 + max(nodes[c].width for c in n.onward))
            n.height += sum(nodes[c].height for c in n.onward)
        if n.above:
            n.width, n.height = max(n.width, len(n.above)), n.height + 1


def _place(root: int, left: int, nodes: dict[int, _Node], place: dict[int, tuple[float, float]]) -> None:
    """Give every bus its spot, from the root down."""
    todo = [(root, left, 0)]
    while todo:
        bus, x, y = todo.pop()
        n = nodes[bus]
        for k, source in enumerate(n.above):
            place[source] = (float(x + k), float(y))
        y -= 1 if n.above else 0
        place[bus] = (float(x), float(y))
        at = x
        for c in n.below:
            todo.append((c, at, y - 1))
            at += nodes[c].width
        if len(n.onward) == 1:
            todo.append((n.onward[0], x + max(1, n.width_below), y))
            continue
        down = y - 1 - n.height_below
        for c in n.onward:
            todo.append((c, x + 1, down))
            down -= nodes[c].height


def layout(net: Network) -> dict[int, tuple[float, float]]:
    """Bus index -> (x, y) on a grid of step 1, y downwards negative; separate parts stand side by side.

    Examples
    --------
    >>> import dcgrid
    >>> net = dcgrid.build_pod(dcgrid.PodSpec(n_blocks=1, block_p_w=1e6, n_racks=2, rack_p_w=132e3))
    >>> place = layout(net)
    >>> [place[net.labels("bus").index(n)] for n in ("pod 1 / block 1", "pod 1 / block bus", "pod 1 / row 1 / rack 2")]
    [(0.0, 0.0), (0.0, -1.0), (3.0, -2.0)]
    """
    links = _links(net)
    sources = {int(b) for b in net.column("source", "bus")}
    hubs = {j for b in sources for j, _ in links[b]} | sources
    ranked = sorted(range(len(links)), key=lambda b: (b not in hubs, -len(links[b]), b))
    nodes: dict[int, _Node] = {}
    place: dict[int, tuple[float, float]] = {}
    left = 0
    for root in ranked:
        if root in nodes:
            continue
        order = _spanning_tree(links, root, sources, nodes)
        _measure(order, nodes)
        _place(root, left, nodes, place)
        left += nodes[root].width + 1
    return {bus: place[bus] for bus in range(len(links))}
