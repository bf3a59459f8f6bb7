"""Ratings that the load must exceed, and numbers that look like a slip of unit. Estimates without a solution.

The demand behind an element is the rated power of the loads that can only be fed through it, without losses: a line
whose loss cuts them off, a converter that alone regulates their bus, the sources of their part. Current = demand / the
highest voltage set there. So a finding errs on the quiet side; the power flow then says exactly what is overloaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dcgrid.compile import Array, Ints, components, fuse, open_ends
from dcgrid.finding import Finding, warning
from dcgrid.tables import Network

KILO = 1e3
#: Beyond the rating by this much before it is said: the estimate leaves out the sharing between kinds of load.
SLACK = 1.0 + 1e-6


@dataclass(frozen=True)
class Demand:
    """Demand at each node, and who feeds each part (nodes joined by lines).

    p_w : demand at each node [W], that of converters included. part : part of each node. fed : feeders at each node.
    v : highest voltage set in each part [V]. feeders : sources and regulating converters of each part as (table, index).
    """

    part: Ints
    p_w: Array
    fed: Ints
    v: Array
    feeders: dict[int, list[tuple[str, int]]]
    lines: Ints
    line_f: Ints
    line_t: Ints


def _live_lines(net: Network) -> Ints:
    gone = open_ends(net)
    on = net.column("line", "in_service")
    return np.array([k for k in range(len(on)) if on[k] and k not in gone], dtype=np.int64)


def _feeders(net: Network, node: Ints, part: Ints, v: Array) -> dict[int, list[tuple[str, int]]]:
    """Who may hold the voltage of each part; writes the highest set voltage of each into `v`."""
    feeders: dict[int, list[tuple[str, int]]] = {}
    for k, (bus, volt, on) in enumerate(
        zip(*(net.column("source", c) for c in ("bus", "v_v", "in_service")), strict=True)
    ):
        if on:
            p = int(part[node[bus]])
            feeders.setdefault(p, []).append(("source", k))
            v[p] = max(v[p], volt)
    columns = ("to_bus", "mode", "v_out_v", "in_service")
    for k, (bus, mode, volt, on) in enumerate(
        zip(*(net.column("converter", c) for c in columns), strict=True)
    ):
        if on and mode in ("v_out", "ratio"):
            p = int(part[node[bus]])
            feeders.setdefault(p, []).append(("converter", k))
            v[p] = max(v[p], volt or 0.0)
    return feeders


def demand(net: Network) -> Demand:
    """Demand at each node: its loads, and through each converter that alone feeds a part, what that part needs."""
    node = fuse(net)
    n = int(node.max()) + 1
    lines = _live_lines(net)
    f = node[np.array(net.column("line", "from_bus"), dtype=np.int64)][lines]
    t = node[np.array(net.column("line", "to_bus"), dtype=np.int64)][lines]
    part = components(n, f, t)
    v = np.zeros(int(part.max()) + 1)
    feeders = _feeders(net, node, part, v)
    vn = np.zeros(len(v))
    np.maximum.at(vn, part[node], np.array(net.column("bus", "vn_v"), dtype=float))
    v = np.where(v > 0.0, v, vn)
    p = np.zeros(n)
    for bus, p_w, on in zip(*(net.column("load", c) for c in ("bus", "p_w", "in_service")), strict=True):
        p[node[bus]] += p_w if on else 0.0
    total = np.zeros(len(v))
    np.add.at(total, part, p)
    inputs = net.column("converter", "from_bus")
    waiting = [k for k, who in feeders.items() if len(who) == 1 and who[0][0] == "converter"]
    feeds = {k: int(part[node[inputs[feeders[k][0][1]]]]) for k in waiting}
    unsettled = {above: sum(1 for b in feeds.values() if b == above) for above in set(feeds.values())}
    ready = [k for k in waiting if not unsettled.get(k)]
    while ready:  # from the racks up; a ring of converters is never ready and counts for nothing
        k = ready.pop()
        at = int(node[inputs[feeders[k][0][1]]])
        p[at] += total[k]
        total[feeds[k]] += total[k]
        unsettled[feeds[k]] -= 1
        if feeds[k] in feeds and not unsettled[feeds[k]]:
            ready.append(feeds[k])
    fed = np.zeros(n, dtype=np.int64)
    ends = {"source": net.column("source", "bus"), "converter": net.column("converter", "to_bus")}
    for table, k in (one for who in feeders.values() for one in who):
        fed[node[ends[table][k]]] += 1
    return Demand(part, p, fed, v, feeders, lines, f, t)


def behind_lines(d: Demand) -> Array:
    """Demand [W] behind each live line whose loss cuts its far side off from every feeder; 0 where it does not.

    Depth-first walk from the feeders with low points (Tarjan): a line is such a bridge if nothing below it reaches back.
    """
    n = len(d.p_w)
    links: list[list[tuple[int, int]]] = [[] for _ in range(n)]
    for k, (a, b) in enumerate(zip(d.line_f.tolist(), d.line_t.tolist(), strict=True)):
        links[a].append((b, k))
        links[b].append((a, k))
    need, fed, behind = d.p_w.tolist(), d.fed.tolist(), np.zeros(len(d.lines))
    seen, low, clock = [-1] * n, [0] * n, 0
    for root in np.flatnonzero(d.fed).tolist():
        if seen[root] >= 0:
            continue
        seen[root] = low[root] = clock = clock + 1
        stack = [(root, -1, iter(links[root]))]
        while stack:
            at, came, rest = stack[-1]
            other, line = next(((b, k) for b, k in rest if k != came), (-1, -1))
            if other >= 0 and seen[other] >= 0:
                low[at] = min(low[at], seen[other])
            elif other >= 0:
                seen[other] = low[other] = clock = clock + 1
                stack.append((other, line, iter(links[other])))
            else:
                stack.pop()
                if stack:
                    above = stack[-1][0]
                    if low[at] > seen[above] and not fed[at]:
                        behind[came] = need[at]
                    low[above] = min(low[above], low[at])
                    need[above] += need[at]
                    fed[above] += fed[at]
    return behind


def _rating_w(net: Network, table: str, k: int, v: float) -> float:
    """Power that a feeder is rated for [W]; infinite where none is given."""
    if table == "converter":
        p_max = net.column(table, "p_max_w")[k]
        rated = net.column(table, "p_rated_w")[k] * net.column(table, "n_modules")[k]
        i_max = net.column(table, "i_out_max_a")[k]
        return float(min(rated, np.inf if p_max is None else p_max, np.inf if i_max is None else i_max * v))
    p_max, i_max = net.column(table, "p_max_w")[k], net.column(table, "i_max_a")[k]
    return float(min(np.inf if p_max is None else p_max, np.inf if i_max is None else i_max * v))


def ratings_below_load(net: Network) -> Iterator[Finding]:
    """Sources, converters and conductors whose rating is below the load that only they can carry."""
    d = demand(net)
    total = np.zeros(len(d.v))
    np.add.at(total, d.part, d.p_w)
    for part, who in d.feeders.items():
        rating = sum(_rating_w(net, table, k, d.v[part]) for table, k in who)
        if total[part] > rating * SLACK:
            names = [net.label(table, k) for table, k in who]
            shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
            text = f"rated {rating / KILO:.4g} kW together, the load behind is {total[part] / KILO:.4g} kW"
            hint = "raise the rating, add modules or sources, or lower the load"
            yield warning(shown, text, f"{rating:.6g} W", f">= {total[part]:.6g} W", hint)
    behind = behind_lines(d)
    max_i, parallel = net.column("line", "max_i_a"), net.column("line", "parallel")
    for n in np.flatnonzero(behind):
        k = int(d.lines[n])
        i = behind[n] / d.v[d.part[d.line_f[n]]]
        if max_i[k] is not None and i > max_i[k] * parallel[k] * SLACK:
            text = f"ampacity {max_i[k] * parallel[k]:.4g} A, the load behind draws at least {i:.4g} A"
            hint = "thicker or more parallel conductors"
            yield warning(
                net.label("line", k), text, f"{max_i[k] * parallel[k]:.6g} A", f">= {i:.6g} A", hint
            )


def _off_by_thousand(net: Network) -> Iterator[Finding]:
    """Loads of one role that differ from their fellows by a factor near a thousand."""
    groups: dict[object, list[int]] = {}
    p = [x or 0.0 for x in net.column("load", "p_w")]
    for k, role in enumerate(net.column("load", "role")):
        groups.setdefault(role, []).append(k)
    for role, members in groups.items():
        values = np.array([p[k] for k in members])
        if role is None or len(values) < 3 or not (values > 0).any():
            continue
        median = float(np.median(values[values > 0]))
        for k, value in zip(members, values, strict=True):
            said = role == "rack" and value < KILO
            if value > 0 and not said and not 1 / 300 < value / median < 300:
                text = f"p_w = {value:g} W among loads of role {role!r} of {median:g} W"
                yield warning(net.label("load", k), text, value, f"near {median:g} W", "is it in kW or MW?")


def slips_of_unit(net: Network) -> Iterator[Finding]:
    """Numbers a thousand times too small or too large for what they are: kW for W, milliohm for ohm, kV for V."""
    vn = net.column("bus", "vn_v")
    for k, v in enumerate(vn):
        if v < 5.0:
            yield warning(net.label("bus", k), f"nominal voltage {v:g} V", v, ">= 5 V here", "is it in kV?")
    for k, (p, role, bus) in enumerate(
        zip(*(net.column("load", c) for c in ("p_w", "role", "bus")), strict=True)
    ):
        if role == "rack" and 0.0 < p < KILO:
            text = f"a rack of {p:g} W at {vn[bus]:g} V"
            yield warning(net.label("load", k), text, p, ">= 1000 W for a rack", "is it in kW?")
    yield from _off_by_thousand(net)
    for k, p in enumerate(net.column("source", "p_max_w")):
        if p is not None and p < KILO:
            yield warning(
                net.label("source", k), f"p_max_w = {p:g} W", p, ">= 1000 W for a source", "is it in kW?"
            )
    for k, (r, i, a) in enumerate(
        zip(*(net.column("line", c) for c in ("r_ohm", "max_i_a", "from_bus")), strict=True)
    ):
        if i is not None and r is not None and r * i > 0.5 * vn[a]:
            text = f"r_ohm = {r:g} would drop {r * i:.4g} V of {vn[a]:g} V at rated current"
            yield warning(
                net.label("line", k), text, r, f"<= {0.5 * vn[a] / i:.3g} ohm", "is it in milliohm?"
            )
    for k, (r, p, bus) in enumerate(
        zip(*(net.column("source", c) for c in ("r_droop_ohm", "p_max_w", "bus")), strict=True)
    ):
        if p is not None and r * p / vn[bus] > 0.5 * vn[bus]:
            text = f"droop {r:g} ohm would drop {r * p / vn[bus]:.4g} V of {vn[bus]:g} V at rated power"
            yield warning(
                net.label("source", k), text, r, f"<= {0.5 * vn[bus] ** 2 / p:.3g} ohm", "is it in milliohm?"
            )
    for k, (e, p) in enumerate(zip(net.column("storage", "e_wh"), net.column("storage", "p_w"), strict=True)):
        if e is not None and p and 3600.0 * e / abs(p) < 0.1:
            text = f"e_wh = {e:g} Wh lasts {3600.0 * e / abs(p):.2g} s at its power"
            yield warning(
                net.label("storage", k), text, e, f">= {abs(p) / 36000.0:.3g} Wh", "is it in kWh or MWh?"
            )
