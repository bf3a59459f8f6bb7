"""The quick power flow: a plan of stages for the compiled kernels, built once for a topology.

It solves networks in which every converter regulates its output (v_out) or moves a given power (p), and no regulated
output feeds back to its own input side; everything else, and every scenario that a kernel gives up, is left to the
reference Newton (`newton`, `continuation`). Both agree to 1e-9.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dcgrid import newton
from dcgrid.compile import P_SET, V_OUT, Array, Flags, Ints, Model
from dcgrid.loss_curves import SPACING
from dcgrid.newton import State


class Plan(NamedTuple):
    """Positions are nodes in the order of elimination; stages are ranges of positions (`level_ptr`).

    `*_at` give an element's row in its table (`bus_at`: the position of each bus, -1 unsupplied).
    """

    n: int
    level_ptr: Ints
    v0: Array
    inv_v0: Array
    colptr: Ints
    row: Ints
    upd_ptr: Ints
    upd: Ints
    line_ptr: Ints
    line_a: Ints
    line_b: Ints
    line_slot: Ints
    line_g: Array
    line_at: Ints
    line_inv_rating: Array
    set_ptr: Ints
    set_node: Ints
    set_v: Array
    set_r: Array
    set_reverse: Flags
    set_conv: Ints
    set_at: Ints
    co_ptr: Ints
    co_set: Ints
    nb_ptr: Ints
    nb_node: Ints
    nb_line: Ints
    nb_conv: Ints
    conv_f: Ints
    conv_t: Ints
    conv_by_power: Flags
    conv_p_set: Array
    conv_p_rated: Array
    conv_n: Ints
    conv_optimal: Flags
    conv_curve: Ints
    conv_i_max: Array
    conv_p_max: Array
    conv_v_min: Array
    conv_v_max: Array
    conv_on_limit: Ints
    conv_at: Ints
    conv_set_at: Ints
    conv_order: Ints
    order_ptr: Ints
    curve_ptr: Ints
    curve_x0: Array
    curve_c: Array
    curve_first: Array
    curve_last: Array
    load_node: Ints
    load_p: Array
    load_c: Array
    load_g: Array
    load_at: Ints
    sto_node: Ints
    sto_p: Array
    bus_at: Ints
    bus_inv_vn: Array


class Work(NamedTuple):
    """Work arrays of the kernels, last axis the lane. Kept between calls: `clean` stages need no new base matrix."""

    v: Array
    a: Array
    a0: Array
    d: Array
    d0: Array
    b: Array
    b0: Array
    free: Array
    live: Array
    P: Array
    C: Array
    G: Array
    line_on: Array
    conv_on: Array
    set_state: Ints
    i_set: Array
    p_out: Array
    loss: Array
    modules: Ints
    limited: Flags
    clean: Flags
    plain: Flags


class Quick(NamedTuple):
    """A plan with its work arrays, and the model's elements in the plan's order."""

    plan: Plan
    work: Work
    position: Ints
    set_src: Ints


def _levels(m: Model) -> Ints | None:
    """Stage of each node, counted from the racks; None where a regulated output feeds back to its own input."""
    n_part = int(m.node_part.max()) + 1 if m.n_node else 0
    regulated = m.conv_mode == V_OUT
    above, below = m.node_part[m.conv_f[regulated]], m.node_part[m.conv_t[regulated]]
    level = np.zeros(n_part, dtype=np.int64)
    for _ in range(n_part + 1):
        new = level.copy()
        np.maximum.at(new, above, level[below] + 1)
        if np.array_equal(new, level):
            return level[m.node_part]
        level = new
    return None


def _elimination_order(m: Model) -> Ints:
    """Minimum-degree order of the nodes (SuperLU's, of the lines' pattern)."""
    from scipy.sparse import coo_array
    from scipy.sparse.linalg import splu

    n = m.n_node
    k = np.arange(n)
    a, b = m.line_f, m.line_t
    value = np.concatenate([np.full(n, 4.0 * (len(a) + 1)), -np.ones(2 * len(a))])
    matrix = coo_array((value, (np.concatenate([k, a, b]), np.concatenate([k, b, a]))), shape=(n, n)).tocsc()
    factors = splu(matrix, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    order = np.empty(n, dtype=np.int64)
    order[factors.perm_c] = k
    return order


def _grouped(key: Ints, n: int) -> tuple[Ints, Ints]:
    """Start of each group 0..n-1 and the members in order of their key."""
    order = np.argsort(key, kind="stable")
    return np.searchsorted(key[order], np.arange(n + 1)), order


def _setters(m: Model, pos: Ints, level: Ints, n_level: int) -> dict[str, Any]:
    """Sources and regulated converter outputs, by stage; and for each the others at its node."""
    c = np.flatnonzero(m.conv_mode == V_OUT)
    ns = len(m.src_node)
    node = np.concatenate([m.src_node, m.conv_t[c]])
    ptr, order = _grouped(level[node], n_level)
    number = np.concatenate([np.full(ns, -1, dtype=np.int64), c])
    at = np.concatenate([m.src_idx, m.conv_idx[c]])
    node = node[order]
    by_node: dict[int, list[int]] = {}
    for s, k in enumerate(node.tolist()):
        by_node.setdefault(k, []).append(s)
    others = [[x for x in by_node[k] if x != s] for s, k in enumerate(node.tolist())]
    return {
        "set_ptr": ptr,
        "set_node": pos[node],
        "set_v": np.concatenate([m.src_v, m.conv_set[c]])[order],
        "set_r": np.concatenate([m.src_r, m.conv_r[c]])[order],
        "set_reverse": np.concatenate([m.src_reverse, m.conv_bidirectional[c]])[order],
        "set_conv": number[order],
        "set_at": at[order],
        "co_ptr": np.cumsum([0] + [len(o) for o in others]),
        "co_set": np.array([x for o in others for x in o], dtype=np.int64),
    }


def _neighbours(n: int, a: Ints, b: Ints, conv_f: Ints, conv_t: Ints, forms: Flags) -> dict[str, Any]:
    """Edges that leave each position: lines both ways, regulating converters from input to output."""
    c = np.flatnonzero(forms)
    line, none = np.arange(len(a)), np.full(len(a), -1, dtype=np.int64)
    start = np.concatenate([a, b, conv_f[c]])
    ptr, order = _grouped(start, n)
    return {
        "nb_ptr": ptr,
        "nb_node": np.concatenate([b, a, conv_t[c]])[order],
        "nb_line": np.concatenate([line, line, np.full(len(c), -1, dtype=np.int64)])[order],
        "nb_conv": np.concatenate([none, none, c])[order],
    }


def _symbolic(n: int, a: Ints, b: Ints) -> dict[str, Any]:
    from dcgrid import kernels

    apart = a != b
    start, end = np.concatenate([a[apart], b[apart]]), np.concatenate([b[apart], a[apart]])
    key = np.unique(start * n + end)
    ptr = np.searchsorted(key, np.arange(n + 1) * n)
    colptr, row, upd_ptr, upd = kernels.symbolic(n, ptr, key % max(n, 1))
    slot = kernels.slots(a, b, colptr, row)
    return {"colptr": colptr, "row": row.copy(), "upd_ptr": upd_ptr, "upd": upd, "line_slot": slot}


def _curves(m: Model) -> dict[str, Any]:
    c = m.curves
    numbers = np.arange(len(c.x_first) + 1) * SPACING
    return {
        "curve_ptr": np.searchsorted(c.start, numbers),
        "curve_x0": c.x0,
        "curve_c": np.ascontiguousarray(c.coefficients.T),
        "curve_first": c.x_first,
        "curve_last": c.x_last,
    }


def build(m: Model) -> Quick | None:
    """Plan and work arrays of a compiled network; None where the quick way does not apply."""
    by_power = m.conv_mode == P_SET
    if not m.n_node or m.bipolar or not np.all(by_power | (m.conv_mode == V_OUT)):
        return None
    level = _levels(m)
    if level is None:
        return None
    n_level = int(level.max()) + 1
    order = _elimination_order(m)
    order = order[np.argsort(level[order], kind="stable")]
    pos = np.empty(m.n_node, dtype=np.int64)
    pos[order] = np.arange(m.n_node)
    line_ptr, line = _grouped(level[m.line_f], n_level)
    a, b = pos[m.line_f[line]], pos[m.line_t[line]]
    setters = _setters(m, pos, level, n_level)
    order_ptr, conv_order = _grouped(np.where(by_power, 0, level[m.conv_t] + 1), n_level + 1)
    conv_set_at = np.zeros(len(m.conv_f), dtype=np.int64)
    conv_set_at[setters["set_conv"][setters["set_conv"] >= 0]] = np.flatnonzero(setters["set_conv"] >= 0)
    src = np.zeros(len(m.src_node), dtype=np.int64)
    number = {int(x): k for k, x in enumerate(m.src_idx)}
    for s in np.flatnonzero(setters["set_conv"] < 0):
        src[number[int(setters["set_at"][s])]] = s
    plan = Plan(
        n=m.n_node,
        level_ptr=np.searchsorted(level[order], np.arange(n_level + 1)),
        v0=m.node_v0[order],
        inv_v0=1.0 / m.node_v0[order],
        line_ptr=line_ptr,
        line_a=a,
        line_b=b,
        line_g=m.line_g[line],
        line_at=m.line_idx[line],
        line_inv_rating=1.0 / m.line_rating[line],
        conv_f=pos[m.conv_f],
        conv_t=pos[m.conv_t],
        conv_by_power=by_power,
        conv_p_set=m.conv_set,
        conv_p_rated=m.conv_p_rated,
        conv_n=m.conv_n,
        conv_optimal=m.conv_optimal,
        conv_curve=m.conv_curve,
        conv_i_max=m.conv_i_max,
        conv_p_max=m.conv_p_max,
        conv_v_min=m.conv_v_min,
        conv_v_max=m.conv_v_max,
        conv_on_limit=m.conv_on_limit,
        conv_at=m.conv_idx,
        conv_set_at=conv_set_at,
        conv_order=conv_order,
        order_ptr=order_ptr[1:],
        load_node=pos[m.load_node],
        load_p=m.load_shares[:, 0].copy(),
        load_c=m.load_shares[:, 1] / m.load_vn,
        load_g=m.load_shares[:, 2] / m.load_vn**2,
        load_at=m.load_idx,
        sto_node=pos[m.sto_node],
        sto_p=m.sto_p,
        bus_at=np.where(m.bus_node >= 0, pos[m.bus_node], -1),
        bus_inv_vn=1.0 / m.bus_vn,
        **setters,
        **_neighbours(m.n_node, a, b, pos[m.conv_f], pos[m.conv_t], m.conv_mode == V_OUT),
        **_symbolic(m.n_node, a, b),
        **_curves(m),
    )
    return Quick(plan, _work(plan), pos, src)


def _work(p: Plan) -> Work:
    from dcgrid.kernels import LANES

    def zeros(n: int, kind: Any = float) -> NDArray[Any]:
        return np.zeros((n, LANES), dtype=kind)

    n, nl, nc, ns = p.n, len(p.line_a), len(p.conv_f), len(p.set_node)
    return Work(
        v=zeros(n), a=zeros(len(p.row)), a0=zeros(len(p.row)), d=zeros(n), d0=zeros(n), b=zeros(n), b0=zeros(n),
        free=zeros(n), live=zeros(n), P=zeros(n), C=zeros(n), G=zeros(n), line_on=zeros(nl), conv_on=zeros(nc),
        set_state=zeros(ns, np.int64), i_set=zeros(ns), p_out=zeros(nc), loss=zeros(nc), modules=zeros(nc, np.int64),
        limited=zeros(nc, np.bool_), clean=np.zeros(len(p.level_ptr), dtype=bool), plain=np.zeros(1, dtype=bool),
    )  # fmt: skip


def plan_of(m: Model) -> Quick | None:
    """The model's plan, built on first use and kept with it."""
    if m.plan is None:
        m.plan = (build(m),)
    return m.plan[0]


def solve(m: Model, p_load: Array, factors: Array | None = None) -> tuple[Quick, Ints, Ints] | None:
    """Solve up to LANES multiples `factors` of `p_load` [W]; (plan, status, iterations) of the lanes, None if it cannot."""
    from dcgrid import kernels

    quick = plan_of(m)
    if quick is None:
        return None
    scale = np.ones(kernels.LANES) if factors is None else factors
    status, iterations = np.zeros(kernels.LANES, dtype=np.int64), np.zeros(kernels.LANES, dtype=np.int64)
    kernels.solve_lanes(quick.plan, quick.work, p_load[:, None] * scale, True, status, iterations)
    return quick, status, iterations


def state(m: Model, q: Quick, lane: int = 0) -> State:
    """A solved lane as the reference Newton's unknowns and states."""
    from dcgrid.kernels import BLOCKED

    pl, wk = q.plan, q.work
    i_conv = wk.p_out[:, lane] / wk.v[pl.conv_t, lane]
    conv = np.zeros(len(i_conv), dtype=np.int64)
    regulated = np.flatnonzero(pl.set_conv >= 0)
    number = pl.set_conv[regulated]
    i_conv[number] = wk.i_set[regulated, lane]
    conv[number] = np.where(wk.set_state[regulated, lane] == BLOCKED, newton.BLOCKED, newton.FREE)
    x = np.concatenate([wk.v[q.position, lane], wk.i_set[q.set_src, lane], i_conv])
    src = np.where(wk.set_state[q.set_src, lane] == BLOCKED, newton.BLOCKED, newton.FREE)
    return State(x, src, conv, wk.modules[:, lane].copy())


def solve_state(m: Model, p_load: Array) -> tuple[State, int] | None:
    """Solution of one load case and its iterations; None where the quick way gives up."""
    from dcgrid.kernels import RETRY

    found = solve(m, p_load)
    if found is None or found[1][0] == RETRY:
        return None
    return state(m, found[0]), int(found[2][0])


def reach(
    m: Model, p_load: Array, target: float, tolerance: float
) -> tuple[float, float | None, State] | None:
    """Largest factor up to `target` on every load that the kernels solve, and the smallest found that they do not.

    Eight factors at a time; with the state at the largest. None where not even zero load is solved.
    """
    from dcgrid.kernels import LANES, RETRY

    found = solve(m, p_load, np.zeros(LANES))
    if found is None or found[1][0] == RETRY:
        return None
    low, high = 0.0, target
    first = True
    while first or high - low > tolerance * high:
        factors = low + (high - low) * np.arange(1, LANES + 1) / LANES
        found = solve(m, p_load, factors)
        assert found is not None
        lost = np.flatnonzero(found[1] == RETRY)
        if not len(lost):
            return (high, None, state(m, found[0], LANES - 1)) if first else None
        if lost[0] > 0:
            low = float(factors[lost[0] - 1])
        high, first = float(factors[lost[0]]), False
    found = solve(m, p_load, np.full(LANES, low))
    assert found is not None
    return low, high, state(m, found[0])
