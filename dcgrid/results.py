"""From a solved state to the result columns of the contract (`net.res_*`), and the energy balance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dcgrid import newton
from dcgrid.compile import Array, Flags, Model
from dcgrid.newton import State
from dcgrid.tables import Network


@dataclass(frozen=True)
class Balance:
    """Powers of a solved network [W]: source + storage = load + line loss + converter loss."""

    source_w: float
    storage_w: float
    load_w: float
    line_loss_w: float
    converter_loss_w: float

    @property
    def loss_w(self) -> float:
        return self.line_loss_w + self.converter_loss_w


def _spread(n: int, idx: Any, values: Array) -> Array:
    """Values of the elements that took part, at their place in the full table; the rest is missing (NaN)."""
    out = np.full(n, np.nan)
    out[idx] = values
    return out


def _optional(net: Network, table: str, column: str) -> Array:
    return np.array([np.nan if v is None else v for v in net.column(table, column)], dtype=float)


def converter_limits(net: Network, m: Model, s: State) -> Flags:
    """True for each compiled converter that is at or beyond a limit of its own."""
    p_out, _, _, _ = newton.converter_powers(m, s)
    i_out, v_in = s.x[m.n_node + len(m.src_node) :], s.x[: m.n_node][m.conv_f]
    k, slack = m.conv_idx, 1.0 + 1e-9
    p_max = _optional(net, "converter", "p_max_w")[k]
    low, high = _optional(net, "converter", "v_in_min_v")[k], _optional(net, "converter", "v_in_max_v")[k]
    folded = (s.conv == newton.FOLDED_UP) | (s.conv == newton.FOLDED_DOWN)
    return np.asarray(
        folded
        | (np.abs(i_out) > m.conv_i_max * slack)
        | (np.abs(p_out) > p_max * slack)
        | (v_in * slack < low)
        | (v_in > high * slack)
    )


def _line_columns(net: Network, m: Model, v: Array) -> tuple[dict[str, Any], float]:
    n = len(net.tables["line"])
    v_f, v_t = v[m.line_f], v[m.line_t]
    i = m.line_g * (v_f - v_t)
    loss = m.line_g * (v_f - v_t) ** 2
    rating = _optional(net, "line", "max_i_a") * np.array(net.column("line", "parallel"), dtype=float)
    columns = {
        "i_a": _spread(n, m.line_idx, i),
        "p_from_w": _spread(n, m.line_idx, i * v_f),
        "p_to_w": _spread(n, m.line_idx, -i * v_t),
        "loss_w": _spread(n, m.line_idx, loss),
    }
    for values in columns.values():  # a line open at one end carries nothing
        values[m.open_line_idx] = 0.0
    columns["loading"] = np.abs(columns["i_a"]) / rating if n else np.zeros(0)
    return columns, float(loss.sum())


def _converter_columns(net: Network, m: Model, s: State) -> tuple[dict[str, Any], float]:
    n, k = len(net.tables["converter"]), m.conv_idx
    v, i_out = s.x[: m.n_node], s.x[m.n_node + len(m.src_node) :]
    p_out, loss, _, load = newton.converter_powers(m, s)
    limited, beyond, on = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool), np.zeros(n, dtype=np.int64)
    limited[k] = converter_limits(net, m, s)
    beyond[k] = m.curves.extrapolated(m.conv_curve, load)
    on[k] = s.modules
    columns = {
        "p_in_w": _spread(n, k, p_out + loss),
        "p_out_w": _spread(n, k, p_out),
        "i_in_a": _spread(n, k, (p_out + loss) / v[m.conv_f]),
        "i_out_a": _spread(n, k, i_out),
        "v_out_v": _spread(n, k, v[m.conv_t]),
        "loss_w": _spread(n, k, loss),
        "modules_on": on,
        "loading": _spread(n, k, np.abs(p_out) / (m.conv_n * m.conv_p_rated)),
        "limited": limited,
        "extrapolated": beyond,
    }
    return columns, float(loss.sum())


def _switch_currents(net: Network, m: Model, into_bus: Array) -> Array:
    """Current from `bus` to `element` of each bus-bus switch.

    The closed ones form trees (loops are findings).
    """
    et, closed = net.column("switch", "et"), net.column("switch", "closed")
    a, b = net.column("switch", "bus"), net.column("switch", "element")
    out = np.full(len(et), np.nan)
    neighbours: dict[int, dict[int, int]] = {}
    for k, (kind, shut) in enumerate(zip(et, closed, strict=True)):
        if kind != "bus":
            continue
        if shut and m.bus_node[a[k]] >= 0:
            neighbours.setdefault(int(a[k]), {})[k] = int(b[k])
            neighbours.setdefault(int(b[k]), {})[k] = int(a[k])
        elif not shut:
            out[k] = 0.0
    surplus = {bus: float(into_bus[bus]) for bus in neighbours}
    leaves = [bus for bus, links in neighbours.items() if len(links) == 1]
    while leaves:
        leaf = leaves.pop()
        if not neighbours[leaf]:
            continue
        k, other = neighbours[leaf].popitem()
        out[k] = surplus[leaf] if int(a[k]) == leaf else -surplus[leaf]
        surplus[other] += surplus[leaf]
        del neighbours[other][k]
        if len(neighbours[other]) == 1:
            leaves.append(other)
    return out


def fill(net: Network, m: Model, s: State, p_load: Array) -> tuple[dict[str, dict[str, Any]], Balance]:
    """Result columns of every table and the balance; values of unsupplied elements are missing."""
    n_bus, ns = len(net.tables["bus"]), len(m.src_node)
    v, i_src = s.x[: m.n_node], s.x[m.n_node : m.n_node + ns]
    supplied = m.bus_node >= 0
    v_bus = np.full(n_bus, np.nan)
    v_bus[supplied] = v[m.bus_node[supplied]]
    lines, line_loss = _line_columns(net, m, v)
    conv, conv_loss = _converter_columns(net, m, s)
    i_load, _ = newton.load_currents(m, v, p_load)
    p_src, p_ld = v[m.src_node] * i_src, v[m.load_node] * i_load
    residual, _, _ = newton.evaluate(m, s, p_load)
    mismatch = np.full(n_bus, np.nan)
    mismatch[supplied] = np.abs(residual[: m.n_node] * v)[m.bus_node[supplied]]

    n_src = len(net.tables["source"])
    sources = {"p_w": _spread(n_src, m.src_idx, p_src), "i_a": _spread(n_src, m.src_idx, i_src)}
    sources["v_v"] = _spread(n_src, m.src_idx, v[m.src_node])
    by_p = np.abs(sources["p_w"]) / _optional(net, "source", "p_max_w")
    by_i = np.abs(sources["i_a"]) / _optional(net, "source", "i_max_a")
    sources["loading"] = np.fmax(by_p, by_i)
    n_load, n_sto = len(net.tables["load"]), len(net.tables["storage"])
    loads = {"p_w": _spread(n_load, m.load_idx, p_ld), "i_a": _spread(n_load, m.load_idx, i_load)}
    i_sto = m.sto_p / v[m.sto_node]
    storage = {"p_w": _spread(n_sto, m.sto_idx, m.sto_p), "i_a": _spread(n_sto, m.sto_idx, i_sto)}
    vn = np.array(net.column("bus", "vn_v"), dtype=float)
    tables: dict[str, dict[str, Any]] = {
        "bus": {"v_v": v_bus, "v_pu": v_bus / vn, "p_mismatch_w": mismatch, "supplied": supplied},
        "line": lines,
        "converter": conv,
        "source": sources,
        "load": loads,
        "storage": storage,
    }
    if len(net.tables["switch"]):
        tables["switch"] = {"i_a": _switch_currents(net, m, _into_bus(net, n_bus, tables))}
    balance = Balance(float(p_src.sum()), float(m.sto_p.sum()), float(p_ld.sum()), line_loss, conv_loss)
    return tables, balance


def _into_bus(net: Network, n_bus: int, tables: dict[str, dict[str, Any]]) -> Array:
    """Current that elements push into each bus [A]; what is left over leaves through its switches."""
    into = np.zeros(n_bus)
    for table, column, sign in (("source", "i_a", 1.0), ("storage", "i_a", 1.0), ("load", "i_a", -1.0)):
        np.add.at(
            into, np.array(net.column(table, "bus"), dtype=int), sign * np.nan_to_num(tables[table][column])
        )
    for table, at, column, sign in (
        ("line", "from_bus", "i_a", -1.0),
        ("line", "to_bus", "i_a", 1.0),
        ("converter", "from_bus", "i_in_a", -1.0),
        ("converter", "to_bus", "i_out_a", 1.0),
    ):
        np.add.at(
            into, np.array(net.column(table, at), dtype=int), sign * np.nan_to_num(tables[table][column])
        )
    return into
