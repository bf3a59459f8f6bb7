"""From a solved state to the result columns of the contract (`net.res_*`), and the energy balance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dcgrid import newton
from dcgrid.compile import NEG, NEUTRAL, POS, Array, Flags, Model
from dcgrid.newton import State
from dcgrid.tables import Network


@dataclass(frozen=True)
class Balance:
    """Powers of a solved network [W]: source + storage = load + line loss + converter loss + earthing loss."""

    source_w: float
    storage_w: float
    load_w: float
    line_loss_w: float
    converter_loss_w: float
    earthing_loss_w: float = 0.0

    @property
    def loss_w(self) -> float:
        return self.line_loss_w + self.converter_loss_w + self.earthing_loss_w


def _spread(n: int, idx: Any, values: Array) -> Array:
    """Values of the elements that took part, at their place in the full table; the rest is missing (NaN)."""
    out = np.full(n, np.nan)
    out[idx] = values
    return out


def converter_limits(m: Model, s: State) -> Flags:
    """True for each compiled converter that is at or beyond a limit of its own."""
    if not len(m.conv_f):
        return np.zeros(0, dtype=bool)
    p_out = newton.converter_powers(m, s)[0]
    v_in = newton.across(m, s.x[: m.n_node], m.conv_f, m.conv_f_ret)
    return _beyond(m, s, p_out, v_in)


def _beyond(m: Model, s: State, p_out: Array, v_in: Array) -> Flags:
    i_out, slack = s.x[m.n_node + len(m.src_node) :], 1.0 + 1e-9
    return np.asarray(
        (s.conv >= newton.FOLDED_UP)
        | (np.abs(i_out) > m.conv_i_max * slack)
        | (np.abs(p_out) > m.conv_p_max * slack)
        | (v_in * slack < m.conv_v_min)
        | (v_in > m.conv_v_max * slack)
    )


def _bus_columns(net: Network, m: Model, v: Array, residual: Array) -> dict[str, Any]:
    supplied = m.bus_node >= 0
    node = m.bus_node[supplied]
    n = len(supplied)
    v_bus = _spread(n, supplied, v[node])
    mismatch = _spread(n, supplied, np.abs(residual[node] * v[node]))
    if not m.bipolar:
        return {"v_v": v_bus, "v_pu": v_bus / m.bus_vn, "p_mismatch_w": mismatch, "supplied": supplied}
    two = np.flatnonzero(m.bus_neg >= 0)
    pos, neutral, neg = v[m.bus_node[two]], v[m.bus_neutral[two]], v[m.bus_neg[two]]
    nodes = (m.bus_node, m.bus_neutral, m.bus_neg)
    mismatch[two] = np.sum([np.abs(residual[k[two]] * v[k[two]]) for k in nodes], axis=0)
    v_bus[two] = np.nan
    pu = v_bus / m.bus_vn
    pu[two] = np.minimum(pos - neutral, neutral - neg) / m.bus_vn[two]  # the weaker pole
    return {
        "v_v": v_bus, "v_pu": pu, "v_pos_v": _spread(n, two, pos), "v_neutral_v": _spread(n, two, neutral),
        "v_neg_v": _spread(n, two, neg), "p_mismatch_w": mismatch, "supplied": supplied,
    }  # fmt: skip


def _loading(m: Model, i: Array) -> Array:
    return np.where(np.isinf(m.line_rating), np.nan, np.abs(i) / m.line_rating)


def _line_columns(net: Network, m: Model, v: Array) -> tuple[dict[str, Any], float]:
    n = len(net.tables["line"])
    v_f, v_t = v[m.line_f], v[m.line_t]
    i = m.line_g * (v_f - v_t)
    loss = i * (v_f - v_t)
    powers = {"p_from_w": i * v_f, "p_to_w": -i * v_t, "loss_w": loss}
    if not m.bipolar:
        columns = {"i_a": _spread(n, m.line_idx, i)}
        columns |= {name: _spread(n, m.line_idx, x) for name, x in powers.items()}
        loading = _spread(n, m.line_idx, _loading(m, i))
    else:
        columns, loading = _bipolar_lines(n, m, i, powers)
    for values in columns.values():  # a line open at one end carries nothing
        values[m.open_line_idx] = 0.0
    loading[m.open_line_idx] = 0.0
    columns["loading"] = loading
    return columns, float(loss.sum())


def _bipolar_lines(n: int, m: Model, i: Array, powers: dict[str, Array]) -> tuple[dict[str, Any], Array]:
    """Currents by conductor; powers and losses of the three together; the loading is that of the fullest conductor."""
    pair = np.isin(m.line_idx, m.line_idx[m.line_pole != POS])
    columns = {"i_a": _spread(n, m.line_idx[~pair], i[~pair])}
    for name, pole in (("i_pos_a", POS), ("i_neutral_a", NEUTRAL), ("i_neg_a", NEG)):
        at = pair & (m.line_pole == pole)
        columns[name] = _spread(n, m.line_idx[at], i[at])
    used = np.bincount(m.line_idx, minlength=n) > 0
    for name, x in powers.items():
        columns[name] = np.where(used, np.bincount(m.line_idx, weights=x, minlength=n), np.nan)
    loading = np.full(n, np.nan)
    np.fmax.at(loading, m.line_idx, _loading(m, i))
    return columns, loading


def _converter_columns(net: Network, m: Model, s: State) -> tuple[dict[str, Any], float]:
    n, k = len(net.tables["converter"]), m.conv_idx
    v, i_out = s.x[: m.n_node], s.x[m.n_node + len(m.src_node) :]
    p_out, loss, _, load = newton.converter_powers(m, s)
    v_in, v_out = newton.across(m, v, m.conv_f, m.conv_f_ret), newton.across(m, v, m.conv_t, m.conv_t_ret)
    limited, beyond, on = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool), np.zeros(n, dtype=np.int64)
    limited[k] = _beyond(m, s, p_out, v_in)
    beyond[k] = m.curves.extrapolated(m.conv_curve, load)
    on[k] = s.modules
    p_in = p_out + loss
    numbers = np.full((7, n), np.nan)
    numbers[:, k] = (
        p_in,
        p_out,
        p_in / v_in,
        i_out,
        v_out,
        loss,
        np.abs(p_out) / (m.conv_n * m.conv_p_rated),
    )
    columns: dict[str, Any] = dict(
        zip(("p_in_w", "p_out_w", "i_in_a", "i_out_a", "v_out_v", "loss_w"), numbers, strict=False)
    )
    columns |= {"modules_on": on, "loading": numbers[6], "limited": limited, "extrapolated": beyond}
    return columns, float(loss.sum())


def _source_columns(net: Network, m: Model, v: Array, i: Array) -> tuple[dict[str, Any], float]:
    n, ns = len(net.tables["source"]), len(m.src_idx)
    u, i = newton.across(m, v, m.src_node[:ns], m.src_ret[:ns]), i[:ns]
    out = {
        "p_w": _spread(n, m.src_idx, u * i),
        "i_a": _spread(n, m.src_idx, i),
        "v_v": _spread(n, m.src_idx, u),
    }
    by_p = np.abs(out["p_w"]) / net.floats("source", "p_max_w")
    by_i = np.abs(out["i_a"]) / net.floats("source", "i_max_a")
    out["loading"] = np.fmax(by_p, by_i)
    return out, float(np.sum(u * i))


def _earthing_columns(net: Network, m: Model, i_src: Array) -> tuple[dict[str, Any], float]:
    """Currents from the neutrals to earth, and the heat in the earthing resistors."""
    n, ns = len(net.tables["earthing"]), len(m.src_idx)
    k = slice(ns, ns + len(m.earth_idx))
    i, r = -i_src[k], m.src_r[k]
    columns = {"i_a": _spread(n, m.earth_idx, i), "loss_w": _spread(n, m.earth_idx, r * i**2)}
    return columns, float(np.sum(r * i**2))


def _switch_currents(net: Network, m: Model, into_bus: Array) -> Array:
    """Current from `bus` to `element` of each bus-bus switch (of the positive pole between bipolar buses).

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


def _into_bus(net: Network, n_bus: int, tables: dict[str, dict[str, Any]]) -> Array:
    """Current that elements push into each bus (its positive pole) [A]; what is left over leaves through its switches."""
    into = np.zeros(n_bus)

    def add(table: str, at: str, between: str, i: Array, sign: float) -> None:
        pole = np.array([b != "neutral-neg" for b in net.column(table, between)], dtype=bool)
        bus = np.array(net.column(table, at), dtype=int)
        np.add.at(into, bus[pole], sign * np.nan_to_num(i)[pole])

    for table, sign in (("source", 1.0), ("storage", 1.0), ("load", -1.0)):
        add(table, "bus", "between", tables[table]["i_a"], sign)
    add("converter", "from_bus", "from_between", tables["converter"]["i_in_a"], -1.0)
    add("converter", "to_bus", "to_between", tables["converter"]["i_out_a"], 1.0)
    line = tables["line"]
    i = np.where(np.isnan(line["i_a"]), line.get("i_pos_a", np.nan), line["i_a"])
    for at, sign in (("from_bus", -1.0), ("to_bus", 1.0)):
        np.add.at(into, np.array(net.column("line", at), dtype=int), sign * np.nan_to_num(i))
    return into


def fill(net: Network, m: Model, s: State, p_load: Array) -> tuple[dict[str, dict[str, Any]], Balance]:
    """Result columns of every table and the balance; values of unsupplied elements are missing."""
    v, i_src = s.x[: m.n_node], s.x[m.n_node : m.n_node + len(m.src_node)]
    lines, line_loss = _line_columns(net, m, v)
    conv, conv_loss = _converter_columns(net, m, s)
    sources, source_w = _source_columns(net, m, v, i_src)
    i_load, _ = newton.load_currents(m, v, p_load)
    p_ld = newton.across(m, v, m.load_node, m.load_ret) * i_load
    i_sto = m.sto_p / newton.across(m, v, m.sto_node, m.sto_ret)
    n_load, n_sto = len(net.tables["load"]), len(net.tables["storage"])
    tables: dict[str, dict[str, Any]] = {
        "bus": _bus_columns(net, m, v, newton.mismatch(m, s, p_load)),
        "line": lines,
        "converter": conv,
        "source": sources,
        "load": {"p_w": _spread(n_load, m.load_idx, p_ld), "i_a": _spread(n_load, m.load_idx, i_load)},
        "storage": {"p_w": _spread(n_sto, m.sto_idx, m.sto_p), "i_a": _spread(n_sto, m.sto_idx, i_sto)},
    }
    earth_loss = 0.0
    if len(net.tables["earthing"]):
        tables["earthing"], earth_loss = _earthing_columns(net, m, i_src)
    if len(net.tables["switch"]):
        tables["switch"] = {"i_a": _switch_currents(net, m, _into_bus(net, len(m.bus_node), tables))}
    load_w, sto_w = float(p_ld.sum()), float(m.sto_p.sum())
    return tables, Balance(source_w, sto_w, load_w, line_loss, conv_loss, earth_loss)
