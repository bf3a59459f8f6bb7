"""Compiled kernels of the quick power flow: eight scenarios side by side, stage by stage from the racks up.

A stage is a set of nodes that no source or regulated output of a later stage touches. A v_out converter makes its output
side independent of its input side: the output side is solved first, and the converter's input power is then a constant
power one stage higher. Within a stage the node equations

    sum_lines g (V_k - V_j) + P_k/V_k + C_k + G_k V_k - sum_setters (v_set - V_k)/r = 0

are solved by Newton's method on V. The Jacobian is symmetric and is factorised as L D L' in a fixed minimum-degree order:
leaves of a tree come first and cause no fill, so on a radial network this is the backward/forward sweep, and trees that
hang on a mesh are reduced exactly to the mesh. All D > 0 at the solution says that it is the high-voltage one (the
Jacobian is a nonsingular M-matrix there, and only there).

A setter is a source or the output of a v_out converter. Arrays end in the lane (scenario) axis of length LANES. All
kernels live in this one file, so that numba's cache sees every change.
"""

# numba infers the types here: annotations would say less than the arrays of `quick.Plan` and `quick.Work` do.
# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import numpy as np
from numba import njit

LANES = 8
MAX_ITERATIONS = 60
#: States of a setter.
DEAD, BLOCKED, FREE = -1, 0, 1
#: How a lane ended. RETRY: leave it to the reference Newton. TRIPPED: a converter with on_limit="trip" went beyond a limit.
SOLVED, RETRY, TRIPPED = 0, 1, 2
REPORT, FOLD, TRIP = 0, 1, 2


@njit(cache=True)
def bridges(ptr, other, line, need, fed):
    """Demand behind each line whose loss cuts its far side off from every feeder; 0 where it does not.

    Depth-first walk from the feeders (`fed` > 0) with low points (Tarjan): a line is such a bridge if nothing below it
    reaches back. (ptr, other, line) are the neighbours of each node and the lines that lead there. `need` and `fed` are
    added up on the way.
    """
    n = len(ptr) - 1
    behind = np.zeros(len(line) // 2)
    seen, low, at = np.full(n, -1, np.int64), np.zeros(n, np.int64), ptr[:-1].copy()
    came, stack, clock = np.full(n, -1, np.int64), np.empty(n, np.int64), 0
    roots = fed.copy()
    for root in range(n):
        if roots[root] == 0 or seen[root] >= 0:
            continue
        clock += 1
        seen[root] = low[root] = clock
        stack[0], depth = root, 1
        while depth > 0:
            k = stack[depth - 1]
            if at[k] < ptr[k + 1]:
                j, via = other[at[k]], line[at[k]]
                at[k] += 1
                if via == came[k]:
                    continue
                if seen[j] >= 0:
                    low[k] = min(low[k], seen[j])
                else:
                    clock += 1
                    seen[j] = low[j] = clock
                    came[j] = via
                    stack[depth] = j
                    depth += 1
                continue
            depth -= 1
            if depth > 0:
                above = stack[depth - 1]
                if low[k] > seen[above] and fed[k] == 0:
                    behind[came[k]] = need[k]
                low[above] = min(low[above], low[k])
                need[above] += need[k]
                fed[above] += fed[k]
    return behind


@njit(cache=True)
def symbolic(n, ptr, adj):
    """Columns of L below the diagonal, and where each product of two entries of a column goes.

    (ptr, adj) are the sorted neighbours of each position. Returns colptr, row, upd_ptr, upd.
    """
    colptr = np.zeros(n + 1, np.int64)
    row = np.empty(max(16, 4 * len(adj)), np.int64)
    child = np.full(n, -1, np.int64)
    sibling = np.full(n, -1, np.int64)
    mark = np.full(n, -1, np.int64)
    count = 0
    for k in range(n):
        first = count
        mark[k] = k
        if count + n > len(row):
            longer = np.empty(2 * len(row) + n, np.int64)
            for p in range(count):
                longer[p] = row[p]
            row = longer
        for p in range(ptr[k], ptr[k + 1]):
            j = adj[p]
            if j > k and mark[j] != k:
                mark[j] = k
                row[count] = j
                count += 1
        c = child[k]
        while c >= 0:
            for p in range(colptr[c], colptr[c + 1]):
                j = row[p]
                if j > k and mark[j] != k:
                    mark[j] = k
                    row[count] = j
                    count += 1
            c = sibling[c]
        for p in range(first + 1, count):
            j, q = row[p], p
            while q > first and row[q - 1] > j:
                row[q] = row[q - 1]
                q -= 1
            row[q] = j
        colptr[k + 1] = count
        if count > first:
            parent = row[first]
            sibling[k] = child[parent]
            child[parent] = k
    upd_ptr = np.zeros(n + 1, np.int64)
    for k in range(n):
        m = colptr[k + 1] - colptr[k]
        upd_ptr[k + 1] = upd_ptr[k] + m * (m - 1) // 2
    upd = np.empty(upd_ptr[n], np.int64)
    for k in range(n):
        t = upd_ptr[k]
        for p in range(colptr[k], colptr[k + 1]):
            i = row[p]
            for q in range(colptr[i], colptr[i + 1]):
                mark[row[q]] = q
            for q in range(p + 1, colptr[k + 1]):
                upd[t] = mark[row[q]]
                t += 1
    return colptr, row[:count], upd_ptr, upd


@njit(cache=True)
def slots(a, b, colptr, row):
    """Place in L of the entry that joins positions a[k] and b[k]; -1 where they are the same."""
    out = np.full(len(a), -1, np.int64)
    for k in range(len(a)):
        low, high = min(a[k], b[k]), max(a[k], b[k])
        if low != high:
            p = colptr[low]
            while row[p] != high:
                p += 1
            out[k] = p
    return out


@njit(cache=True, error_model="numpy")
def _factor_solve(n0, n1, colptr, row, upd_ptr, upd, a, d, b):
    """Solve (L D L') x = b in place for positions n0..n1: b becomes x, a becomes L and d becomes 1/D."""
    for k in range(n0, n1):
        for w in range(LANES):
            d[k, w] = 1.0 / d[k, w]
        t = upd_ptr[k]
        last = colptr[k + 1]
        for p in range(colptr[k], last):
            i = row[p]
            for w in range(LANES):
                f = a[p, w] * d[k, w]
                d[i, w] -= f * a[p, w]
                b[i, w] -= f * b[k, w]
            for q in range(p + 1, last):
                u = upd[t]
                t += 1
                for w in range(LANES):
                    a[u, w] -= a[p, w] * d[k, w] * a[q, w]
            for w in range(LANES):
                a[p, w] *= d[k, w]
    for k in range(n1 - 1, n0 - 1, -1):
        for w in range(LANES):
            b[k, w] *= d[k, w]
        for p in range(colptr[k], colptr[k + 1]):
            i = row[p]
            for w in range(LANES):
                b[k, w] -= a[p, w] * b[i, w]


@njit(cache=True, error_model="numpy")
def _curve(ptr, x0, coefficient, first, last, c, x):
    """Loss of curve `c` at module load `x`, both per p_rated: PCHIP, held below the table, end slope above it."""
    inside = min(max(x, first[c]), last[c])
    k = ptr[c]
    while k + 1 < ptr[c + 1] and inside >= x0[k + 1]:
        k += 1
    h = inside - x0[k]
    c3, c2, c1, c0 = coefficient[k, 0], coefficient[k, 1], coefficient[k, 2], coefficient[k, 3]
    loss = ((c3 * h + c2) * h + c1) * h + c0
    if x > last[c]:
        loss += ((3.0 * c3 * h + 2.0 * c2) * h + c1) * (x - last[c])
    return loss


@njit(cache=True, error_model="numpy")
def _convert(pl, wk, first, last):
    """Losses, modules and input power of the converters number conv_order[first:last], from their output power.

    The input power joins the constant powers of the input node (fine print 5 and 6).
    """
    rated, most, curve, optimal = pl.conv_p_rated, pl.conv_n, pl.conv_curve, pl.conv_optimal
    ptr, x0, co, c_first, c_last = pl.curve_ptr, pl.curve_x0, pl.curve_c, pl.curve_first, pl.curve_last
    p_out, loss, modules, on, P = wk.p_out, wk.loss, wk.modules, wk.conv_on, wk.P
    order, f = pl.conv_order, pl.conv_f
    for j in range(first, last):
        c = order[j]
        for w in range(LANES):
            if on[c, w] == 0.0:
                continue
            p, n = abs(p_out[c, w]), most[c]
            total = n * rated[c]
            best = _curve(ptr, x0, co, c_first, c_last, curve[c], p / total) * total
            if optimal[c]:
                for fewer in range(most[c] - 1, 0, -1):
                    total = fewer * rated[c]
                    if p > total * (1.0 + 1e-12):
                        break
                    x = _curve(ptr, x0, co, c_first, c_last, curve[c], p / total) * total
                    if x <= best * (1.0 + 1e-13):
                        best, n = min(x, best), fewer
            loss[c, w], modules[c, w] = best, n
            P[f[c], w] += p_out[c, w] + best


@njit(cache=True)
def _supply(pl, wk):
    """Which nodes are supplied in each lane (fine print 2): reached from a source over lines and regulated converters."""
    n, set_node, set_conv, nb_ptr, nb_node = pl.n, pl.set_node, pl.set_conv, pl.nb_ptr, pl.nb_node
    nb_line, nb_conv, conv_f, conv_t = pl.nb_line, pl.nb_conv, pl.conv_f, pl.conv_t
    live, set_state, line_on, conv_on = wk.live, wk.set_state, wk.line_on, wk.conv_on
    queue = np.empty(n, np.int64)
    for w in range(LANES):
        for k in range(n):
            live[k, w] = 0.0
        head, tail = 0, 0
        for s in range(len(set_node)):
            k = set_node[s]
            if set_conv[s] < 0 and set_state[s, w] != DEAD and live[k, w] == 0.0:
                live[k, w] = 1.0
                queue[tail] = k
                tail += 1
        while head < tail:
            k = queue[head]
            head += 1
            for p in range(nb_ptr[k], nb_ptr[k + 1]):
                j, line, conv = nb_node[p], nb_line[p], nb_conv[p]
                on = line_on[line, w] > 0.0 if line >= 0 else conv_on[conv, w] > 0.0
                if on and live[j, w] == 0.0:
                    live[j, w] = 1.0
                    queue[tail] = j
                    tail += 1
        for c in range(len(conv_f)):
            if live[conv_f[c], w] == 0.0 or live[conv_t[c], w] == 0.0:
                conv_on[c, w] = 0.0
        for s in range(len(set_node)):
            c = set_conv[s]
            if c >= 0 and conv_on[c, w] == 0.0:
                set_state[s, w] = DEAD


@njit(cache=True)
def _node_loads(pl, wk, p_load):
    """Aggregate loads, storages and set-power converters at the nodes: I = P/V + C + G V."""
    load_node, load_p, load_c, load_g, sto_node = pl.load_node, pl.load_p, pl.load_c, pl.load_g, pl.sto_node
    sto_p, order_ptr, conv_order, conv_p_set, conv_t = (
        pl.sto_p,
        pl.order_ptr,
        pl.conv_order,
        pl.conv_p_set,
        pl.conv_t,
    )
    P, C, G, live, p_out = wk.P, wk.C, wk.G, wk.live, wk.p_out
    loss, modules, conv_on = wk.loss, wk.modules, wk.conv_on
    for k in range(len(P)):
        for w in range(LANES):
            P[k, w], C[k, w], G[k, w] = 0.0, 0.0, 0.0
    for j in range(len(load_node)):
        k = load_node[j]
        for w in range(LANES):
            p = p_load[j, w] * live[k, w]
            P[k, w] += load_p[j] * p
            C[k, w] += load_c[j] * p
            G[k, w] += load_g[j] * p
    for j in range(len(sto_node)):
        k = sto_node[j]
        for w in range(LANES):
            P[k, w] -= sto_p[j] * live[k, w]
    for c in range(len(conv_t)):
        for w in range(LANES):
            p_out[c, w], loss[c, w], modules[c, w] = 0.0, 0.0, 0
    by_power = order_ptr[0]
    for j in range(by_power):
        c = conv_order[j]
        for w in range(LANES):
            if conv_on[c, w] > 0.0:
                p_out[c, w] = conv_p_set[c]
                P[conv_t[c], w] -= conv_p_set[c]
    _convert(pl, wk, 0, by_power)


@njit(cache=True)
def _build(pl, wk, lev):
    """Constant part of a stage's matrix and right side, for the present lines and states of the setters."""
    level_ptr, colptr, set_ptr, set_r, set_node = pl.level_ptr, pl.colptr, pl.set_ptr, pl.set_r, pl.set_node
    set_v, line_ptr, line_a, line_b, line_slot = pl.set_v, pl.line_ptr, pl.line_a, pl.line_b, pl.line_slot
    line_g = pl.line_g
    d0, b0, free, live, a0 = wk.d0, wk.b0, wk.free, wk.live, wk.a0
    set_state, v, line_on = wk.set_state, wk.v, wk.line_on
    n0, n1 = level_ptr[lev], level_ptr[lev + 1]
    for k in range(n0, n1):
        for w in range(LANES):
            d0[k, w], b0[k, w], free[k, w] = 0.0, 0.0, live[k, w]
    for p in range(colptr[n0], colptr[n1]):
        for w in range(LANES):
            a0[p, w] = 0.0
    for s in range(set_ptr[lev], set_ptr[lev + 1]):
        if set_r[s] == 0.0:
            k = set_node[s]
            for w in range(LANES):
                if set_state[s, w] == FREE:
                    free[k, w] = 0.0
                    v[k, w] = set_v[s]
    for j in range(line_ptr[lev], line_ptr[lev + 1]):
        i, k, slot = line_a[j], line_b[j], line_slot[j]
        if slot < 0:
            continue
        for w in range(LANES):
            g = line_g[j] * line_on[j, w]
            fi, fk = free[i, w], free[k, w]
            a0[slot, w] -= g * fi * fk
            d0[i, w] += g
            d0[k, w] += g
            b0[i, w] += g * (1.0 - fk) * v[k, w]
            b0[k, w] += g * (1.0 - fi) * v[i, w]
    for s in range(set_ptr[lev], set_ptr[lev + 1]):
        if set_r[s] > 0.0:
            k = set_node[s]
            for w in range(LANES):
                if set_state[s, w] == FREE:
                    d0[k, w] += 1.0 / set_r[s]
                    b0[k, w] += set_v[s] / set_r[s]
    for k in range(n0, n1):
        for w in range(LANES):
            if free[k, w] == 0.0:
                d0[k, w], b0[k, w] = 1.0, v[k, w]


@njit(cache=True, error_model="numpy")
def _setter_currents(pl, wk, lev):
    """Currents of a stage's setters: by droop, or what is missing at a node of given voltage."""
    set_ptr, set_r, set_node, set_v, nb_ptr = pl.set_ptr, pl.set_r, pl.set_node, pl.set_v, pl.nb_ptr
    nb_line, line_g, nb_node, co_ptr, co_set = pl.nb_line, pl.line_g, pl.nb_node, pl.co_ptr, pl.co_set
    set_state, i_set, v_, P, C = wk.set_state, wk.i_set, wk.v, wk.P, wk.C
    G, line_on = wk.G, wk.line_on
    for ideal in range(2):
        for s in range(set_ptr[lev], set_ptr[lev + 1]):
            if (set_r[s] == 0.0) != (ideal == 1):
                continue
            k = set_node[s]
            for w in range(LANES):
                if set_state[s, w] != FREE:
                    i_set[s, w] = 0.0
                elif ideal == 0:
                    i_set[s, w] = (set_v[s] - v_[k, w]) / set_r[s]
                else:
                    v = v_[k, w]
                    total = P[k, w] / v + C[k, w] + G[k, w] * v
                    for p in range(nb_ptr[k], nb_ptr[k + 1]):
                        j = nb_line[p]
                        if j >= 0:
                            total += line_g[j] * line_on[j, w] * (v - v_[nb_node[p], w])
                    for p in range(co_ptr[s], co_ptr[s + 1]):
                        total -= i_set[co_set[p], w]
                    i_set[s, w] = total


@njit(cache=True)
def _switch_states(pl, wk, lev, done, changed):
    """Block setters that would have to take power, free those whose node fell below their voltage."""
    set_ptr, set_reverse, set_node, set_v = pl.set_ptr, pl.set_reverse, pl.set_node, pl.set_v
    set_state, i_set, v = wk.set_state, wk.i_set, wk.v
    for w in range(LANES):
        changed[w] = False
    for s in range(set_ptr[lev], set_ptr[lev + 1]):
        if set_reverse[s]:
            continue
        for w in range(LANES):
            if done[w]:
                continue
            state = set_state[s, w]
            if state == FREE and i_set[s, w] < -1e-9:
                set_state[s, w] = BLOCKED
                changed[w] = True
            elif state == BLOCKED and v[set_node[s], w] < set_v[s] * (1.0 - 1e-12):
                set_state[s, w] = FREE
                changed[w] = True
    some = False
    for w in range(LANES):
        some |= changed[w]
    return some


@njit(cache=True, error_model="numpy")
def _step(pl, wk, n0, n1, done, e, sound):
    """Move v towards the linear solution b: largest relative step e; `sound` is False where D <= 0 or v ran away."""
    inv_v0 = pl.inv_v0
    b, v, d = wk.b, wk.v, wk.d
    alpha = np.ones(LANES)
    low = False
    total = np.zeros(LANES)
    for w in range(LANES):
        e[w] = 0.0
        sound[w] = True
    for k in range(n0, n1):
        for w in range(LANES):
            new, old = b[k, w], v[k, w]
            total[w] += new
            x = abs(new - old) * inv_v0[k]
            if x > e[w]:
                e[w] = x
            low |= new < 0.25 * old
            if not d[k, w] > 0.0:
                sound[w] = False
    if low:
        for k in range(n0, n1):
            for w in range(LANES):
                if b[k, w] < 0.25 * v[k, w]:
                    alpha[w] = min(alpha[w], 0.75 * v[k, w] / (v[k, w] - b[k, w]))
    finite = np.ones(LANES, np.bool_)
    for w in range(LANES):
        finite[w] = np.isfinite(total[w])
        if done[w] or not finite[w]:
            alpha[w] = 0.0
        elif alpha[w] < 1.0:
            e[w] = max(e[w], 1.0)
    for k in range(n0, n1):
        for w in range(LANES):
            if alpha[w] > 0.0:
                v[k, w] += alpha[w] * (b[k, w] - v[k, w])
                x = v[k, w] * inv_v0[k]
                if x < 1e-3 or x > 3.0:
                    finite[w] = False
    for w in range(LANES):
        if not finite[w] and not done[w]:
            e[w] = np.inf


@njit(cache=True)
def _solve_stage(pl, wk, lev, status, iterations):
    """Newton on one stage; lanes that are done are left as they are, so that no lane depends on another."""
    level_ptr, colptr, row, upd_ptr, upd = pl.level_ptr, pl.colptr, pl.row, pl.upd_ptr, pl.upd
    v0 = pl.v0
    clean, plain, free, a, a0 = wk.clean, wk.plain, wk.free, wk.a, wk.a0
    v, P, d, d0, G = wk.v, wk.P, wk.d, wk.d0, wk.G
    b, b0, C = wk.b, wk.b0, wk.C
    n0, n1 = level_ptr[lev], level_ptr[lev + 1]
    done, changed, sound = np.zeros(LANES, np.bool_), np.zeros(LANES, np.bool_), np.zeros(LANES, np.bool_)
    e, before = np.zeros(LANES), np.ones(LANES)
    for w in range(LANES):
        done[w] = status[w] != SOLVED
    if not clean[lev]:
        _build(pl, wk, lev)
        clean[lev] = plain[0]
    all_fixed = True
    for k in range(n0, n1):
        for w in range(LANES):
            all_fixed = all_fixed and free[k, w] == 0.0
    for it in range(MAX_ITERATIONS):
        if not all_fixed:
            for p in range(colptr[n0], colptr[n1]):
                for w in range(LANES):
                    a[p, w] = a0[p, w]
            for k in range(n0, n1):
                for w in range(LANES):
                    f = free[k, w]
                    y = f / v[k, w]
                    i = P[k, w] * y
                    d[k, w] = d0[k, w] + f * G[k, w] - i * y
                    b[k, w] = b0[k, w] - 2.0 * i - f * C[k, w]
            _factor_solve(n0, n1, colptr, row, upd_ptr, upd, a, d, b)
            _step(pl, wk, n0, n1, done, e, sound)
        else:
            for w in range(LANES):
                e[w], sound[w] = 0.0, True
        _setter_currents(pl, wk, lev)
        if _switch_states(pl, wk, lev, done, changed):
            _build(pl, wk, lev)
            clean[lev] = False
            all_fixed = False
        for w in range(LANES):
            if done[w]:
                continue
            iterations[w] += 1
            if e[w] == np.inf:
                status[w] = RETRY
                done[w] = True
                for k in range(n0, n1):
                    v[k, w] = v0[k]
            elif not changed[w]:
                r = e[w] / before[w]  # converging quadratically, the next step would be e r^2
                if e[w] < 1e-9 or (it > 0 and e[w] < 1e-4 and e[w] * r * r < 1e-15):
                    done[w] = True
                    if not sound[w]:
                        status[w] = RETRY
            before[w] = e[w]
        left = False
        for w in range(LANES):
            left = left or not done[w]
        if not left:
            break
    for w in range(LANES):
        if not done[w]:
            status[w] = RETRY
    _setter_currents(pl, wk, lev)


@njit(cache=True)
def _feed_upstream(pl, wk, lev):
    """Input power of the converters that regulate a node of this stage, as constant power at their input nodes."""
    order_ptr, conv_order, conv_t, conv_set_at = pl.order_ptr, pl.conv_order, pl.conv_t, pl.conv_set_at
    conv_on, p_out, v, i_set = wk.conv_on, wk.p_out, wk.v, wk.i_set
    first, last = order_ptr[lev], order_ptr[lev + 1]
    for j in range(first, last):
        c = conv_order[j]
        k, s = conv_t[c], conv_set_at[c]
        for w in range(LANES):
            if conv_on[c, w] > 0.0:
                p_out[c, w] = v[k, w] * i_set[s, w]
    _convert(pl, wk, first, last)


@njit(cache=True)
def _limits(pl, wk, status):
    """Flag converters at or beyond a limit; a folding one is left to the reference Newton, a tripping one is reported."""
    conv_f, conv_t, conv_i_max, conv_p_max, conv_v_min = (
        pl.conv_f,
        pl.conv_t,
        pl.conv_i_max,
        pl.conv_p_max,
        pl.conv_v_min,
    )
    conv_v_max, conv_on_limit = pl.conv_v_max, pl.conv_on_limit
    conv_on, v, p_out, limited = wk.conv_on, wk.v, wk.p_out, wk.limited
    slack = 1.0 + 1e-9
    for c in range(len(conv_f)):
        for w in range(LANES):
            over = False
            if conv_on[c, w] > 0.0 and status[w] == SOLVED:
                v_in, p = v[conv_f[c], w], abs(p_out[c, w])
                i = p / v[conv_t[c], w]
                over = i > conv_i_max[c] * slack or p > conv_p_max[c] * slack
                over = over or v_in * slack < conv_v_min[c] or v_in > conv_v_max[c] * slack
                if conv_on_limit[c] == FOLD and i > conv_i_max[c] * (1.0 + 1e-12):
                    status[w] = RETRY
            limited[c, w] = over
    for c in range(len(conv_f)):
        for w in range(LANES):
            if limited[c, w] and conv_on_limit[c] == TRIP and status[w] == SOLVED:
                status[w] = TRIPPED


@njit(cache=True)
def solve_lanes(pl, wk, p_load, plain, status, iterations):
    """Solve LANES scenarios. `p_load` (loads, LANES) [W]; `plain` says that nothing is out of service in any lane.

    With plain False the caller has set wk.line_on, wk.conv_on and wk.set_state (DEAD where out of service).
    """
    n, v0, set_node, set_r, set_v = pl.n, pl.v0, pl.set_node, pl.set_r, pl.set_v
    level_ptr = pl.level_ptr
    plain_, line_on, conv_on, live, set_state = wk.plain, wk.line_on, wk.conv_on, wk.live, wk.set_state
    clean, v = wk.clean, wk.v
    if plain:
        set_state[:] = FREE
        if not plain_[0]:
            line_on[:] = 1.0
            conv_on[:] = 1.0
            live[:] = 1.0
    else:
        _supply(pl, wk)
        clean[:] = False
    plain_[0] = plain
    for w in range(LANES):
        status[w], iterations[w] = SOLVED, 0
    for k in range(n):
        for w in range(LANES):
            v[k, w] = v0[k]
    for s in range(len(set_node)):
        if set_r[s] == 0.0:
            for w in range(LANES):
                if set_state[s, w] == FREE:
                    v[set_node[s], w] = set_v[s]
    _node_loads(pl, wk, p_load)
    for lev in range(len(level_ptr) - 1):
        _solve_stage(pl, wk, lev, status, iterations)
        _feed_upstream(pl, wk, lev)
    _limits(pl, wk, status)


@njit(cache=True)
def _set_masks(pl, wk, line_out, conv_out, src_out, trip, rows):
    """Put each lane's outages (rows of the tables' masks) and trips into the work arrays; True if there are none."""
    line_at, conv_at, set_node, set_conv, set_at = pl.line_at, pl.conv_at, pl.set_node, pl.set_conv, pl.set_at
    line_on, conv_on, set_state = wk.line_on, wk.conv_on, wk.set_state
    plain = True
    for w in range(LANES):
        r = rows[w]
        for j in range(len(line_at)):
            out = line_out.shape[0] > 0 and line_out[r, line_at[j]]
            line_on[j, w] = 0.0 if out else 1.0
            plain = plain and not out
        for c in range(len(conv_at)):
            out = trip[c, w] or (conv_out.shape[0] > 0 and conv_out[r, conv_at[c]])
            conv_on[c, w] = 0.0 if out else 1.0
            plain = plain and not out
        for s in range(len(set_node)):
            out = set_conv[s] < 0 and src_out.shape[0] > 0 and src_out[r, set_at[s]]
            set_state[s, w] = DEAD if out else FREE
            plain = plain and not out
    return plain


@njit(cache=True, error_model="numpy")
def _write_buses(pl, wk, first, solved, v, totals, where, v_min, v_max):
    """Voltages of the solved lanes into rows first.. of `v` (if it has rows), the lowest of each lane, the envelope."""
    bus_at, bus_inv_vn, live, v_node = pl.bus_at, pl.bus_inv_vn, wk.live, wk.v
    wanted = v.shape[0] > 0
    for w in range(LANES):
        if solved[w]:
            totals[first + w, 3], where[first + w, 0] = np.inf, -1
    for b in range(len(bus_at)):
        k, low, high = bus_at[b], v_min[b], v_max[b]
        for w in range(LANES):
            if not solved[w]:
                continue
            x = v_node[k, w] if k >= 0 and live[k, w] > 0.0 else np.nan
            if wanted:
                v[first + w, b] = x
            if x * bus_inv_vn[b] < totals[first + w, 3]:
                totals[first + w, 3], where[first + w, 0] = x * bus_inv_vn[b], b
            if x < low or low != low:
                low = x
            if x > high or high != high:
                high = x
        v_min[b], v_max[b] = low, high
    for w in range(LANES):
        if solved[w] and where[first + w, 0] < 0:
            totals[first + w, 3] = np.nan


@njit(cache=True, error_model="numpy")
def _write_lines(pl, wk, first, solved, i_line, totals, where, i_max):
    """Currents of the solved lanes, losses, the highest loading of each lane, the envelope."""
    line_at, line_a, line_b, line_g, rating = pl.line_at, pl.line_a, pl.line_b, pl.line_g, pl.line_inv_rating
    line_on, live, v = wk.line_on, wk.live, wk.v
    wanted = i_line.shape[0] > 0
    for w in range(LANES):
        if solved[w]:
            totals[first + w, 0], totals[first + w, 4], where[first + w, 1] = 0.0, 0.0, -1
            if wanted and len(line_at) < i_line.shape[1]:
                for j in range(i_line.shape[1]):
                    i_line[first + w, j] = np.nan
    for j in range(len(line_at)):
        a, b, at, g = line_a[j], line_b[j], line_at[j], line_g[j]
        for w in range(LANES):
            if not solved[w]:
                continue
            i = np.nan
            if line_on[j, w] > 0.0 and live[a, w] > 0.0:
                drop = v[a, w] - v[b, w]
                i = g * drop
                totals[first + w, 0] += i * drop
                x = abs(i)
                if x * rating[j] > totals[first + w, 4]:
                    totals[first + w, 4], where[first + w, 1] = x * rating[j], at
                if x > i_max[at] or i_max[at] != i_max[at]:
                    i_max[at] = x
            if wanted:
                i_line[first + w, at] = i


@njit(cache=True, error_model="numpy")
def _write_powers(pl, wk, first, solved, p_src, p_in, p_to, totals, where):
    """Powers of sources, into and out of converters, converter losses, how many converters are at a limit."""
    set_node, set_conv, set_at, conv_at = pl.set_node, pl.set_conv, pl.set_at, pl.conv_at
    v, set_state, i_set, loss, limited = wk.v, wk.set_state, wk.i_set, wk.loss, wk.limited
    conv_on, p_out = wk.conv_on, wk.p_out
    for w in range(LANES):
        if not solved[w]:
            continue
        r, total, conv_loss, count = first + w, 0.0, 0.0, 0
        for s in range(len(set_node)):
            if set_conv[s] < 0 and set_state[s, w] != DEAD:
                p = v[set_node[s], w] * i_set[s, w]
                total += p
                if p_src.shape[0] > 0:
                    p_src[r, set_at[s]] = p
        for c in range(len(conv_at)):
            conv_loss += loss[c, w]
            count += limited[c, w]
            if p_in.shape[0] > 0 and conv_on[c, w] > 0.0:
                p_in[r, conv_at[c]] = p_out[c, w] + loss[c, w]
            if p_to.shape[0] > 0 and conv_on[c, w] > 0.0:
                p_to[r, conv_at[c]] = p_out[c, w]
        totals[r, 1], totals[r, 2], where[r, 2] = conv_loss, total, count


@njit(cache=True)
def solve_rows(pl, wk, p, outages, arrays, envelope, totals, where, status, iterations):
    """Solve every row of `p` (scenarios, loads of the table) [W], LANES at a time, and write what is wanted.

    outages: masks of lines, converters and sources by table row; without rows where nothing is out. arrays: voltages,
    line currents, source powers, converter input and output powers; without rows where not wanted. Rows of scenarios that
    are not solved are left as they are. A converter with on_limit="trip" beyond a limit goes off in its lane, which is
    solved anew until none does.
    """
    load_at, n_conv, conv_on_limit = pl.load_at, len(pl.conv_f), pl.conv_on_limit
    limited = wk.limited
    line_out, conv_out, src_out = outages
    v, i_line, p_src, p_in, p_to = arrays
    v_min, v_max, i_max = envelope
    n_rows = p.shape[0]
    masked = line_out.shape[0] > 0 or conv_out.shape[0] > 0 or src_out.shape[0] > 0
    lanes_p = np.zeros((len(load_at), LANES))
    rows = np.zeros(LANES, np.int64)
    st, its = np.zeros(LANES, np.int64), np.zeros(LANES, np.int64)
    solved = np.zeros(LANES, np.bool_)
    trip = np.zeros((n_conv, LANES), np.bool_)
    for first in range(0, n_rows, LANES):
        for w in range(LANES):
            rows[w] = min(first + w, n_rows - 1)
            for j in range(len(load_at)):
                lanes_p[j, w] = p[rows[w], load_at[j]]
            for c in range(n_conv):
                trip[c, w] = False
        tripped = False
        for _ in range(n_conv + 1):
            plain = True
            if masked or tripped:
                plain = _set_masks(pl, wk, line_out, conv_out, src_out, trip, rows)
            solve_lanes(pl, wk, lanes_p, plain, st, its)
            again = False
            for w in range(LANES):
                if st[w] == TRIPPED:
                    again = True
                    for c in range(n_conv):
                        if limited[c, w] and conv_on_limit[c] == TRIP:
                            trip[c, w] = True
            if not again:
                break
            tripped = True
        for w in range(LANES):
            real = first + w < n_rows
            solved[w] = real and st[w] == SOLVED
            if real:
                status[first + w], iterations[first + w] = st[w], its[w]
            for c in range(n_conv):
                limited[c, w] = limited[c, w] or trip[c, w]
        _write_buses(pl, wk, first, solved, v, totals, where, v_min, v_max)
        _write_lines(pl, wk, first, solved, i_line, totals, where, i_max)
        _write_powers(pl, wk, first, solved, p_src, p_in, p_to, totals, where)
