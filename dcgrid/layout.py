"""Places for a one-line diagram from the topology alone: a tidy tree, sources at the top, one level for each step."""

from __future__ import annotations

from dcgrid.tables import Network


def _links(net: Network) -> list[list[int]]:
    links: list[list[int]] = [[] for _ in range(len(net.tables["bus"]))]
    rows = list(zip(net.column("line", "from_bus"), net.column("line", "to_bus"), strict=True))
    rows += list(zip(net.column("converter", "from_bus"), net.column("converter", "to_bus"), strict=True))
    switches = zip(
        net.column("switch", "bus"), net.column("switch", "element"), net.column("switch", "et"), strict=True
    )
    rows += [(a, b) for a, b, et in switches if et == "bus"]
    for a, b in rows:
        links[a].append(b)
        links[b].append(a)
    return links


def _spanning_tree(
    links: list[list[int]], root: int, seen: set[int]
) -> tuple[list[int], dict[int, list[int]]]:
    """Breadth-first order and children of the part that holds `root`."""
    order, children = [root], {root: []}  # type: tuple[list[int], dict[int, list[int]]]
    seen.add(root)
    for bus in order:
        for other in links[bus]:
            if other not in seen:
                seen.add(other)
                children[bus].append(other)
                children[other] = []
                order.append(other)
    return order, children


def layout(net: Network) -> dict[int, tuple[float, float]]:
    """Bus index -> (x, y): leaves side by side, every parent over the middle of its children, y = minus the level.

    Several sources share the top: the root of each part is its bus with the most connections one step from a source
    (the block bus of a pod), and source buses are placed one level above it. Ties (meshes) follow the first tree.

    Examples
    --------
    >>> import dcgrid
    >>> net = dcgrid.build_pod(dcgrid.PodSpec(n_blocks=1, block_p_w=1e6, n_racks=2, rack_p_w=132e3))
    >>> layout(net)[0][1]
    -1.0
    """
    links = _links(net)
    sources = {int(b) for b in net.column("source", "bus")}
    hubs = {j for b in sources for j in links[b]} | sources
    ranked = sorted(range(len(links)), key=lambda b: (b not in hubs, -len(links[b]), b))
    seen: set[int] = set()
    place: dict[int, tuple[float, float]] = {}
    left = 0.0
    for root in ranked:
        if root in seen:
            continue
        order, children = _spanning_tree(links, root, seen)
        above = [b for b in order if b in sources and b != root and b in children[root] and not children[b]]
        left = _place(root, order, children, above, left, place)
    return place


def _place(
    root: int,
    order: list[int],
    children: dict[int, list[int]],
    above: list[int],
    left: float,
    place: dict[int, tuple[float, float]],
) -> float:
    """Fill in one tree from x = `left` on; return where the next may start."""
    children[root] = [b for b in children[root] if b not in above]
    top = -1.0 if above else 0.0
    level = {root: top}
    for bus in order:
        for child in children[bus]:
            level[child] = level[bus] - 1.0
    x: dict[int, float] = {}
    stack, next_leaf = [(root, False)], left
    while stack:
        bus, done = stack.pop()
        if not children[bus]:
            x[bus], next_leaf = next_leaf, next_leaf + 1.0
        elif done:
            x[bus] = 0.5 * (x[children[bus][0]] + x[children[bus][-1]])
        else:
            stack.append((bus, True))
            stack += [(child, False) for child in reversed(children[bus])]
    width = max(next_leaf - left, float(len(above)))
    for k, bus in enumerate(above):
        place[bus] = (left + (k + 0.5) * width / len(above) - 0.5, 0.0)
    place.update({bus: (x[bus], level[bus]) for bus in x})
    return left + width + 1.0
