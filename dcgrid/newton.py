"""Newton's method on the compiled network.

Unknowns: node voltages V [V], source currents I_s [A], converter output currents I_c [A].

    node k:       sum_lines g (V_k - V_j) + sum of the currents that elements take = 0
    load:         I_load(U) from + to -;  storage P/U, source I_s, converter output I_c from - to +
    source:       U + r I - v_set = 0          or I = 0 where it blocks
    converter:    U_t + r I - v_set = 0        (v_out)
                  U_t + r I - ratio U_f = 0    (ratio)
                  U_t I - p_set = 0            (p)
                  I = 0 blocked, I = +-i_max folded
                  takes P_in/U_f at its input, P_in = U_t I + loss(|U_t I|)

U is the voltage between an element's two nodes; the second one of a monopolar element is ground (the return), 0 V.

Blocking, folding and the number of modules that are on are decided anew in every iteration (semismooth
Newton). Started from the no-load voltages Newton comes down on the high-voltage solution: for constant-power
loads behind resistances the residual is convex above it, so the iterates fall monotonically (Kantorovich).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dcgrid.compile import FOLD, P_SET, RATIO, V_OUT, Array, Ints, Model

FREE, BLOCKED, FOLDED_UP, FOLDED_DOWN = 0, 1, 2, 3
EPS = float(np.finfo(float).eps)


@dataclass
class State:
    """The unknowns and the discrete states that belong to them."""

    x: Array
    src: Ints
    conv: Ints
    modules: Ints

    def copy(self) -> State:
        return State(self.x.copy(), self.src.copy(), self.conv.copy(), self.modules.copy())


@dataclass(frozen=True)
class Pattern:
    """Fixed sparsity of the Jacobian: where each entry of the value vector goes in the CSC data array."""

    n: int
    indptr: NDArray[np.int32]
    indices: NDArray[np.int32]
    slot: Ints
    nnz: int


def start(m: Model) -> State:
    """No-load start: every part at the highest voltage set in it, no current."""
    x = np.zeros(m.n_node + len(m.src_node) + len(m.conv_f))
    x[: m.n_node] = m.node_v0
    return State(
        x, np.zeros(len(m.src_node), dtype=np.int64), np.zeros(len(m.conv_f), dtype=np.int64), m.conv_n.copy()
    )


def pattern(m: Model) -> Pattern:
    """Sparsity pattern of the Jacobian, built once for a topology."""
    if isinstance(m.pattern, Pattern):
        return m.pattern
    n, ns, nc = m.n_node, len(m.src_node), len(m.conv_f)
    size = n + ns + nc
    s, c = n + 1 + np.arange(ns), n + 1 + ns + np.arange(nc)
    f, fr, t, tr = m.conv_f, m.conv_f_ret, m.conv_t, m.conv_t_ret
    a, b = np.concatenate([m.load_node, m.sto_node]), np.concatenate([m.load_ret, m.sto_ret])
    rows = [m.line_f, m.line_t, m.line_f, m.line_t, a, a, b, b, m.src_node, m.src_ret, s, s, s]
    cols = [m.line_f, m.line_t, m.line_t, m.line_f, a, b, a, b, s, s, m.src_node, m.src_ret, s]
    rows += [t, tr, f, f, f, f, f, fr, fr, fr, fr, fr, c, c, c, c, c]
    cols += [c, c, f, fr, t, tr, c, f, fr, t, tr, c, t, tr, f, fr, c]
    row, col = np.concatenate(rows), np.concatenate(cols)
    ground = (row == n) | (col == n)
    row, col = row - (row > n), col - (col > n)  # the row of ground is left out
    key = np.where(ground, size * size, col * size + row)
    unique, slot = np.unique(key, return_inverse=True)
    unique = unique[unique < size * size]
    indptr = np.searchsorted(unique // size, np.arange(size + 1)).astype(np.int32)
    built = Pattern(size, indptr, (unique % size).astype(np.int32), slot, len(unique))
    m.pattern = built
    return built


def across(m: Model, v: Array, node: Ints, ret: Ints) -> Array:
    """Voltage between two nodes of each element; ground is number n_node."""
    v = np.append(v, 0.0)
    return np.asarray(v[node] - v[ret])


def _pick_modules(m: Model, p_out: Array, modules: Ints) -> Ints:
    """Modules that are on (rule 6): all, or the number of least loss that can carry the power."""
    if not m.conv_optimal.any():
        return modules
    k = np.flatnonzero(m.conv_optimal)
    n = np.arange(1, int(m.conv_n[k].max()) + 1)
    total = m.conv_p_rated[k][:, None] * n
    p = np.abs(p_out[k])[:, None]
    loss, _ = m.curves.evaluate(np.repeat(m.conv_curve[k], len(n)), (p / total).ravel())
    loss = loss.reshape(total.shape) * total
    exists = n <= m.conv_n[k][:, None]
    able = exists & (p <= total * (1.0 + 1e-12))
    some = np.asarray(able.any(axis=1))[:, None]
    able = np.where(some, able, exists & (n == m.conv_n[k][:, None]))
    loss = np.where(able, loss, np.inf)
    least = loss.min(axis=1, keepdims=True)
    out = modules.copy()
    out[k] = 1 + np.argmax(loss <= least * (1.0 + 1e-13), axis=1)
    return out


def _keep_one_free(m: Model, src: Ints, conv: Ints, src_short: Array, conv_short: Array) -> bool:
    """Free the source or converter that wants most where all that hold a part's voltage would block.

    A part where everything blocks has no voltage, so this is never a solution, only a wrong turn of the iteration.
    Changes `src` and `conv`; True if it had to.
    """
    elsewhere = m.node_part[m.conv_f] != m.node_part[m.conv_t]
    forms = np.flatnonzero((m.conv_mode <= RATIO) & elsewhere)
    ns = len(m.src_idx)  # earthings hold no voltage
    part = np.concatenate([m.node_part[m.src_node[:ns]], m.node_part[m.conv_t[forms]]])
    blocked = np.concatenate([src[:ns], conv[forms]]) == BLOCKED
    if not blocked.any():
        return False
    stuck = np.setdiff1d(part[blocked], part[~blocked])
    short = np.concatenate([src_short[:ns], conv_short[forms]])
    for k in stuck:
        members = np.flatnonzero(part == k)
        best = int(members[np.argmax(short[members])])
        if best < ns:
            src[best] = FREE
        else:
            conv[forms[best - ns]] = FREE
    return len(stuck) > 0


def update_states(m: Model, s: State) -> bool:
    """Decide blocking, folding and staging at the present point; True if anything changed."""
    n, ns = m.n_node, len(m.src_node)
    v, i_src, i_c = s.x[:n], s.x[n : n + ns], s.x[n + ns :]
    u_src = across(m, v, m.src_node, m.src_ret)
    gap = u_src + m.src_r * i_src - m.src_v
    src = np.where(s.src == BLOCKED, np.where(gap < -1e-12 * m.src_v, FREE, BLOCKED), FREE)
    src = np.where((s.src == FREE) & (i_src < -1e-9) & ~m.src_reverse, BLOCKED, src)

    v_t, v_f = across(m, v, m.conv_t, m.conv_t_ret), across(m, v, m.conv_f, m.conv_f_ret)
    wanted = np.where(m.conv_mode == RATIO, m.conv_set * v_f, m.conv_set)
    above = v_t + m.conv_r * i_c - wanted
    by_power = m.conv_mode == P_SET
    tol = 1e-12 * np.abs(wanted)
    conv = s.conv.copy()
    limit = np.where(m.conv_on_limit == FOLD, m.conv_i_max, np.inf)
    free = s.conv == FREE
    conv[free & (i_c < -1e-9) & ~m.conv_bidirectional] = BLOCKED
    conv[free & (i_c > limit * (1 + 1e-12))] = FOLDED_UP
    conv[free & (i_c < -limit * (1 + 1e-12)) & m.conv_bidirectional] = FOLDED_DOWN
    conv[(s.conv == BLOCKED) & ~by_power & (above < -tol)] = FREE
    with np.errstate(invalid="ignore"):
        able = np.abs(m.conv_set) < limit * v_t * (1 - 1e-12)
    conv[(s.conv == FOLDED_UP) & np.where(by_power, able, above > tol)] = FREE
    conv[(s.conv == FOLDED_DOWN) & np.where(by_power, able, above < -tol)] = FREE

    kept = _keep_one_free(m, src, conv, m.src_v - u_src, wanted - v_t)
    modules = _pick_modules(m, v_t * i_c, s.modules)
    changed = kept or bool((src != s.src).any() or (conv != s.conv).any() or (modules != s.modules).any())
    s.src, s.conv, s.modules = src, conv, modules
    return changed


def _node_sum(m: Model, node: Ints, values: Array) -> Array:
    return np.bincount(node, weights=values, minlength=m.n_node + 1)[: m.n_node].astype(float)


def load_currents(m: Model, v: Array, p_load: Array) -> tuple[Array, Array]:
    """Current of each load at its node's voltage and its slope dI/dV."""
    u = across(m, v, m.load_node, m.load_ret)
    p, i, r = m.load_shares[:, 0] * p_load, m.load_shares[:, 1] * p_load, m.load_shares[:, 2] * p_load
    return p / u + i / m.load_vn + r * u / m.load_vn**2, -p / u**2 + r / m.load_vn**2


def converter_powers(m: Model, s: State) -> tuple[Array, Array, Array, Array]:
    """p_out, loss, d loss / d |p_out| and module load of each converter."""
    n, ns = m.n_node, len(m.src_node)
    p_out = across(m, s.x[:n], m.conv_t, m.conv_t_ret) * s.x[n + ns :]
    total = s.modules * m.conv_p_rated
    load = np.abs(p_out) / total
    loss, slope = m.curves.evaluate(m.conv_curve, load)
    return p_out, loss * total, slope, load


@dataclass(frozen=True)
class _Currents:
    """Currents that elements take at a point, and what their derivatives need."""

    kcl: Array
    scale: Array
    di_load: Array
    u_sto: Array
    u_src: Array
    v_f: Array
    v_t: Array
    p_in: Array
    slope: Array


def _currents(m: Model, s: State, p_load: Array) -> _Currents:
    n, ns = m.n_node, len(m.src_node)
    v, i_src, i_c = s.x[:n], s.x[n : n + ns], s.x[n + ns :]
    i_line = m.line_g * (v[m.line_f] - v[m.line_t])
    i_load, di_load = load_currents(m, v, p_load)
    u_sto, u_src = across(m, v, m.sto_node, m.sto_ret), across(m, v, m.src_node, m.src_ret)
    i_sto = -m.sto_p / u_sto
    p_out, loss, slope, _ = converter_powers(m, s)
    v_f, v_t = across(m, v, m.conv_f, m.conv_f_ret), across(m, v, m.conv_t, m.conv_t_ret)
    p_in = p_out + loss
    i_in = p_in / v_f
    ends = [
        (m.line_f, i_line), (m.line_t, -i_line), (m.load_node, i_load), (m.sto_node, i_sto),
        (m.src_node, -i_src), (m.conv_t, -i_c), (m.conv_f, i_in),
        (m.load_ret, -i_load), (m.sto_ret, -i_sto), (m.src_ret, i_src), (m.conv_t_ret, i_c), (m.conv_f_ret, -i_in),
    ]  # fmt: skip
    nodes, currents = np.concatenate([a for a, _ in ends]), np.concatenate([b for _, b in ends])
    kcl, scale = _node_sum(m, nodes, currents), _node_sum(m, nodes, np.abs(currents))
    return _Currents(kcl, scale, di_load, u_sto, u_src, v_f, v_t, p_in, slope)


def mismatch(m: Model, s: State, p_load: Array) -> Array:
    """Sum of the currents that leave each node [A]: zero at a solution."""
    return _currents(m, s, p_load).kcl


def evaluate(m: Model, s: State, p_load: Array) -> tuple[Array, Array, Array]:
    """Residual, its tolerance, and the Jacobian's values in the order of `pattern`."""
    n, ns = m.n_node, len(m.src_node)
    v, i_src, i_c = s.x[:n], s.x[n : n + ns], s.x[n + ns :]
    c = _currents(m, s, p_load)
    kcl, u_sto, u_src, v_f, v_t, p_in = c.kcl, c.u_sto, c.u_src, c.v_f, c.v_t, c.p_in
    gain = 1.0 + c.slope * np.where(v_t * i_c < 0.0, -1.0, 1.0)
    stiffness = _node_sum(m, np.concatenate([m.line_f, m.line_t]), np.concatenate([m.line_g, m.line_g]))
    tol_kcl = 1e-10 + 1e-12 * c.scale + 4.0 * EPS * stiffness * np.maximum(np.abs(v), 1.0)

    src_on = s.src == FREE
    f_src = np.where(src_on, u_src + m.src_r * i_src - m.src_v, i_src)
    mode, free = m.conv_mode, s.conv == FREE
    ratio = np.where(mode == RATIO, m.conv_set, 0.0)
    by_power = mode == P_SET
    target = np.where(mode == V_OUT, m.conv_set, 0.0)
    held = np.select([s.conv == FOLDED_UP, s.conv == FOLDED_DOWN], [m.conv_i_max, -m.conv_i_max], 0.0)
    regulated = v_t + m.conv_r * i_c - ratio * v_f - target
    f_conv = np.where(
        free, np.where(by_power, i_c - m.conv_set / v_t, regulated), i_c - np.where(free, 0.0, held)
    )
    di = np.concatenate([c.di_load, m.sto_p / u_sto**2])
    one, on = np.ones(ns), src_on.astype(float)
    by_v = np.where(free, np.where(by_power, m.conv_set / v_t**2, 1.0), 0.0)
    by_v_in = np.where(free & ~by_power, ratio, 0.0)
    d_f, d_t, d_i = -p_in / v_f**2, gain * i_c / v_f, gain * v_t / v_f
    ones = np.ones(len(i_c))
    jac = np.concatenate([
        m.line_g, m.line_g, -m.line_g, -m.line_g, di, -di, -di, di,
        -one, one, on, -on, np.where(src_on, m.src_r, 1.0),
        -ones, ones, d_f, -d_f, d_t, -d_t, d_i, -d_f, d_f, -d_t, d_t, -d_i,
        by_v, -by_v, -by_v_in, by_v_in, np.where(free & ~by_power, m.conv_r, 1.0),
    ])  # fmt: skip
    v_scale = np.maximum(m.src_v, 1.0)
    tol_src = np.where(src_on, 1e-13 * v_scale, 1e-10) + 4 * EPS * m.src_r * np.abs(i_src)
    tol_conv = np.where(
        free & ~by_power, 2e-13 * np.abs(v_t), 1e-10 + 1e-12 * np.abs(i_c)
    ) + 4 * EPS * m.conv_r * np.abs(i_c)
    return np.concatenate([kcl, f_src, f_conv]), np.concatenate([tol_kcl, tol_src, tol_conv]), jac


def factor(m: Model, values: Array) -> object:
    """Sparse LU of the Jacobian; RuntimeError if it is singular."""
    from scipy.sparse import csc_array
    from scipy.sparse.linalg import splu

    p = pattern(m)
    data = np.bincount(p.slot, weights=values, minlength=p.nnz)[: p.nnz]
    a = csc_array((data, p.indices, p.indptr), shape=(p.n, p.n))
    return splu(a, permc_spec="MMD_AT_PLUS_A")


def _damp(m: Model, x: Array, dx: Array) -> float:
    """Step length that keeps every port above a quarter of its present voltage."""
    n = m.n_node
    v, dv = across(m, x[:n], m.port_a, m.port_b), across(m, dx[:n], m.port_a, m.port_b)
    down = dv < 0.0
    room = np.min(-0.75 * v[down] / dv[down]) if down.any() else 1.0
    return float(min(1.0, room))


def port_pu(m: Model, s: State) -> Array:
    """Voltage of every port against its no-load voltage."""
    return across(m, s.x[: m.n_node], m.port_a, m.port_b) / m.port_v0


def _out_of_range(v_pu: Array) -> bool:
    """True where a voltage vanishes, or runs away as it does beyond the nose when every source blocks."""
    return bool(np.min(v_pu) < 1e-3 or np.max(v_pu) > 3.0)


@dataclass(frozen=True)
class Step:
    """What one Newton solve came to."""

    converged: bool
    iterations: int
    state: State


def solve(m: Model, begin: State, p_load: Array, max_iterations: int = 50) -> Step:
    """Newton from `begin`; never raises. Not converged: singular, voltage vanishing, or states that cycle."""
    s = begin.copy()
    best = np.inf
    with np.errstate(all="ignore"):
        for k in range(max_iterations):
            changed = update_states(m, s) if k else False
            residual, tol, values = evaluate(m, s, p_load)
            error = float(np.max(np.abs(residual) / tol, initial=0.0))
            if not np.isfinite(error):
                break
            accepted = error <= 1.0 or (error < 50.0 and error >= 0.5 * best and k > 3)
            if accepted and not changed and k > 0:
                return Step(True, k, s)
            best = error if changed else min(best, error)
            try:
                dx = factor(m, values).solve(-residual)  # type: ignore[attr-defined]
            except RuntimeError:
                break
            if not np.all(np.isfinite(dx)):
                break
            s.x += _damp(m, s.x, dx) * dx
            if m.n_node and _out_of_range(port_pu(m, s)):
                break
    return Step(False, k + 1 if max_iterations else 0, s)


def tangent(m: Model, s: State, p_load: Array) -> NDArray[np.float64] | None:
    """dV/d lambda of uniform load scaling at a solution; None where the Jacobian is singular."""
    _, _, values = evaluate(m, s, p_load)
    i_load, _ = load_currents(m, s.x[: m.n_node], p_load)
    rhs = np.zeros_like(s.x)
    rhs[: m.n_node] = -_node_sum(m, m.load_node, i_load) + _node_sum(m, m.load_ret, i_load)
    try:
        out = factor(m, values).solve(rhs)  # type: ignore[attr-defined]
    except RuntimeError:
        return None
    return np.asarray(out[: m.n_node])
