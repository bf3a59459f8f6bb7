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
    v : highest voltage set in each part [V]. feeders : sources and regulating converters of each part as (table, index);
    feeding : the same by table, and feeding_at their nodes.
    """

    part: Ints
    p_w: Array
    fed: Ints
    v: Array
    feeders: dict[int, list[tuple[str, int]]]
    feeding: dict[str, Ints]
    feeding_at: dict[str, Ints]
    lines: Ints
    line_f: Ints
    line_t: Ints


def _live_lines(net: Network) -> Ints:
    on = np.array(net.column("line", "in_service"), dtype=bool)
    on[list(open_ends(net))] = False
    return np.flatnonzero(on)


def _feeders(net: Network) -> dict[str, Ints]:
    """Sources and regulating converters in service: who may hold a voltage."""
    on = [
        np.array(net.column("source", "in_service"), dtype=bool),
        np.array(
            [
                s and m in ("v_out", "ratio")
                for m, s in zip(
                    net.column("converter", "mode"), net.column("converter", "in_service"), strict=True
                )
            ],
            dtype=bool,
        ),
    ]
    return {"source": np.flatnonzero(on[0]), "converter": np.flatnonzero(on[1])}


_END = {"source": ("bus", "v_v"), "converter": ("to_bus", "v_out_v")}


def demand(net: Network) -> Demand:
    """Demand at each node: its loads, and through each converter that alone feeds a part, what that part needs."""
    node = fuse(net)
    n = int(node.max()) + 1
    lines = _live_lines(net)
    f = node[np.array(net.column("line", "from_bus"), dtype=np.int64)][lines]
    t = node[np.array(net.column("line", "to_bus"), dtype=np.int64)][lines]
    part = components(n, f, t)
    v, feeding = np.zeros(int(part.max()) + 1), _feeders(net)
    at: dict[str, Ints] = {}
    feeders: dict[int, list[tuple[str, int]]] = {}
    for table, idx in feeding.items():
        at[table] = node[np.array(net.column(table, _END[table][0]), dtype=np.int64)[idx]]
        np.maximum.at(v, part[at[table]], net.floats(table, _END[table][1], 0.0)[idx])
        for p_of, one in zip(part[at[table]].tolist(), idx.tolist(), strict=True):
            feeders.setdefault(p_of, []).append((table, one))
    vn = np.zeros(len(v))
    np.maximum.at(vn, part[node], np.array(net.column("bus", "vn_v"), dtype=float))
    v = np.where(v > 0.0, v, vn)
    p = np.zeros(n)
    on = np.array(net.column("load", "in_service"), dtype=bool)
    np.add.at(
        p,
        node[np.array(net.column("load", "bus"), dtype=np.int64)],
        np.where(on, net.floats("load", "p_w"), 0.0),
    )
    total = np.zeros(len(v))
    np.add.at(total, part, p)
    inputs = net.column("converter", "from_bus")
    waiting = [k for k, who in feeders.items() if len(who) == 1 and who[0][0] == "converter"]
    place, at_node = part[node].tolist(), node.tolist()
    feeds = {k: place[inputs[feeders[k][0][1]]] for k in waiting}
    unsettled = {above: sum(1 for b in feeds.values() if b == above) for above in set(feeds.values())}
    ready = [k for k in waiting if not unsettled.get(k)]
    while ready:  # from the racks up; a ring of converters is never ready and counts for nothing
        k = ready.pop()
        p[at_node[inputs[feeders[k][0][1]]]] += total[k]
        total[feeds[k]] += total[k]
        unsettled[feeds[k]] -= 1
        if feeds[k] in feeds and not unsettled[feeds[k]]:
            ready.append(feeds[k])
    fed = np.bincount(np.concatenate(list(at.values())), minlength=n)
    return Demand(part, p, fed, v, feeders, feeding, at, lines, f, t)


def behind_lines(d: Demand) -> Array:
    """Demand [W] behind each live line whose loss cuts its far side off from every feeder; 0 where it does not."""
    from dcgrid import kernels

    start, end = np.concatenate([d.line_f, d.line_t]), np.concatenate([d.line_t, d.line_f])
    order = np.argsort(start, kind="stable")
    ptr = np.searchsorted(start[order], np.arange(len(d.p_w) + 1))
    line = np.tile(np.arange(len(d.lines)), 2)[order]
    found: Array = kernels.bridges(ptr, end[order], line, d.p_w.copy(), d.fed.copy())
    return found


def _rating_w(net: Network, table: str, k: Ints, v: Array) -> Array:
    """Power that feeders `k` of a table are rated for [W], at the voltages they feed; infinite where none is given."""
    p_max = net.floats(table, "p_max_w", np.inf)[k]
    if table == "source":
        return np.asarray(np.fmin(p_max, net.floats(table, "i_max_a", np.inf)[k] * v))
    rated = (net.floats(table, "p_rated_w") * net.floats(table, "n_modules"))[k]
    return np.asarray(np.fmin(np.fmin(rated, p_max), net.floats(table, "i_out_max_a", np.inf)[k] * v))


def _weak_parts(net: Network, d: Demand) -> Iterator[tuple[int, float, float]]:
    """Parts whose feeders together are rated below the load behind them: part, rating and load [W]."""
    total, rating = np.bincount(d.part, d.p_w, len(d.v)), np.zeros(len(d.v))
    for table, k in d.feeding.items():
        part = d.part[d.feeding_at[table]]
        np.add.at(rating, part, _rating_w(net, table, k, d.v[part]))
    for weak in np.flatnonzero(total > rating * SLACK).tolist():
        if weak in d.feeders:
            yield weak, float(rating[weak]), float(total[weak])


def ratings_below_load(net: Network) -> Iterator[Finding]:
    """Sources, converters and conductors whose rating is below the load that only they can carry."""
    d = demand(net)
    for part, rating, total in _weak_parts(net, d):
        names = [net.label(table, k) for table, k in d.feeders[part]]
        shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
        text = f"rated {rating / KILO:.4g} kW together, the load behind is {total / KILO:.4g} kW"
        hint = "raise the rating, add modules or sources, or lower the load"
        yield warning(shown, text, f"{rating:.6g} W", f">= {total:.6g} W", hint)
    current = behind_lines(d) / d.v[d.part[d.line_f]]
    ampacity = (net.floats("line", "max_i_a", np.inf) * net.floats("line", "parallel"))[d.lines]
    for n in np.flatnonzero(current > ampacity * SLACK):
        text = f"ampacity {ampacity[n]:.4g} A, the load behind draws at least {current[n]:.4g} A"
        hint = "thicker or more parallel conductors"
        name = net.label("line", int(d.lines[n]))
        yield warning(name, text, f"{ampacity[n]:.6g} A", f">= {current[n]:.6g} A", hint)


def _off_by_thousand(net: Network) -> Iterator[Finding]:
    """Loads of one role that differ from their fellows by a factor near a thousand."""
    p, roles = np.nan_to_num(net.floats("load", "p_w")), np.array(net.column("load", "role"), dtype=object)
    for role in dict.fromkeys(roles.tolist()):
        members = np.flatnonzero(roles == role)
        values = p[members]
        if role is None or len(values) < 3 or not (values > 0).any():
            continue
        median = float(np.median(values[values > 0]))
        odd = (values > 0) & ~((values > median / 300) & (values < 300 * median))
        if role == "rack":
            odd &= values >= KILO  # the others are said by `slips_of_unit`
        for k, value in zip(members[odd].tolist(), values[odd].tolist(), strict=True):
            text = f"p_w = {value:g} W among loads of role {role!r} of {median:g} W"
            yield warning(net.label("load", k), text, value, f"near {median:g} W", "is it in kW or MW?")


def slips_of_unit(net: Network) -> Iterator[Finding]:
    """Numbers a thousand times too small or too large for what they are: kW for W, milliohm for ohm, kV for V."""
    vn = net.floats("bus", "vn_v")
    for k in np.flatnonzero(vn < 5.0).tolist():
        yield warning(
            net.label("bus", k), f"nominal voltage {vn[k]:g} V", vn[k], ">= 5 V here", "is it in kV?"
        )
    p = net.floats("load", "p_w")
    small = np.flatnonzero((p > 0.0) & (p < KILO)).tolist()
    for k in (k for k in small if net.column("load", "role")[k] == "rack"):
        text = f"a rack of {p[k]:g} W at {vn[net.column('load', 'bus')[k]]:g} V"
        yield warning(net.label("load", k), text, p[k], ">= 1000 W for a rack", "is it in kW?")
    yield from _off_by_thousand(net)
    p_max = net.floats("source", "p_max_w")
    for k in np.flatnonzero(p_max < KILO).tolist():
        text = f"p_max_w = {p_max[k]:g} W"
        yield warning(net.label("source", k), text, p_max[k], ">= 1000 W for a source", "is it in kW?")
    r, i = net.floats("line", "r_ohm"), net.floats("line", "max_i_a")
    at = vn[np.array(net.column("line", "from_bus"), dtype=np.int64)]
    for k in np.flatnonzero(r * i > 0.5 * at).tolist():
        text = f"r_ohm = {r[k]:g} would drop {r[k] * i[k]:.4g} V of {at[k]:g} V at rated current"
        limit = f"<= {0.5 * at[k] / i[k]:.3g} ohm"
        yield warning(net.label("line", k), text, r[k], limit, "is it in milliohm?")
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
