"""Many scenarios on one topology: loads of a year of hours, Monte Carlo, outages.

The compiled kernels solve eight scenarios side by side (`quick`); a scenario that they give up, and every scenario of a
network that they do not cover, goes to the reference solver. What is kept of each scenario is chosen by `keep`, so that
memory stays bounded; a Parquet file takes the rest (`sink`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dcgrid import newton, quick, results
from dcgrid.compile import TRIP, Array, Flags, Model, compile_network
from dcgrid.outcome import Checker, NetworkError, Outcome, Problem
from dcgrid.power_flow import compiled, findings_of, solve_point
from dcgrid.tables import Network

#: Arrays of a scenario that `keep` may name, and the table whose elements are their columns.
ARRAYS = {
    "v_bus_v": "bus", "i_line_a": "line", "p_source_w": "source", "p_in_converter_w": "converter",
    "p_out_converter_w": "converter",
}  # fmt: skip
#: Numbers of every scenario.
TOTALS = ("line_loss_w", "converter_loss_w", "source_p_w", "v_min_pu", "max_line_loading")
#: Lowest and highest voltage of each bus, highest current of each line, over the solved scenarios.
Envelope = tuple[Array, Array, Array]
#: Scenarios solved before anything is written away.
CHUNK = 512


@dataclass(frozen=True)
class Outages:
    """What is out in each scenario: True where an element is out, rows as the loads', columns as the element's table.

    None: nothing of this table is out. An element that is out of service in its table stays out.
    """

    line: Flags | None = None
    converter: Flags | None = None
    source: Flags | None = None


@dataclass(frozen=True)
class BatchResult:
    """Arrays over scenarios; rows of failed scenarios are missing (NaN) and their outcome says why.

    v_bus_v (scenarios, buses) [V] of monopolar buses, i_line_a (scenarios, lines) [A] (of a bipolar line the positive
    pole's), p_source_w (scenarios, sources) [W],
    p_in_converter_w, p_out_converter_w (scenarios, converters) [W]: without rows where `keep` leaves them out.
    loss_w, line_loss_w, converter_loss_w, source_p_w [W], v_min_pu, max_line_loading (scenarios); v_min_bus,
    max_line (scenarios): which bus and line, -1 for none; n_limited: converters at a limit, tripped ones included.
    envelope : over the solved scenarios, v_min_v and v_max_v of each bus [V], i_max_a of each line [A].
    """

    outcome: tuple[Outcome, ...]
    v_bus_v: Array
    i_line_a: Array
    p_source_w: Array
    loss_w: Array
    line_loss_w: Array
    converter_loss_w: Array
    source_p_w: Array
    iterations: NDArray[np.int64]
    p_in_converter_w: Array = field(default_factory=lambda: np.zeros((0, 0)))
    p_out_converter_w: Array = field(default_factory=lambda: np.zeros((0, 0)))
    v_min_pu: Array = field(default_factory=lambda: np.zeros(0))
    max_line_loading: Array = field(default_factory=lambda: np.zeros(0))
    v_min_bus: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    max_line: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    n_limited: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    envelope: dict[str, Array] = field(default_factory=dict)


@dataclass
class _Chunk:
    """Results of some scenarios while they are worked on."""

    arrays: dict[str, Array]
    totals: Array
    where: NDArray[np.int64]
    status: NDArray[np.int64]
    iterations: NDArray[np.int64]
    outcome: list[Outcome]
    envelope: Envelope


def _checked(net: Network, p_load_w: ArrayLike) -> Array:
    p = np.ascontiguousarray(p_load_w, dtype=float)
    n = len(net.tables["load"])
    good = p.ndim == 2 and p.shape[1] == n
    if not good:
        raise NetworkError(
            [Problem("run_batch.p_load_w", p.shape, f"an array of shape (scenarios, {n}) [W]")]
        )
    if p.size and not (np.min(p) >= 0.0 and np.max(p) < np.inf):
        raise NetworkError([Problem("run_batch.p_load_w", "array", "finite numbers >= 0 W")])
    return p


def _masks(net: Network, outages: Outages | None, rows: int) -> dict[str, Flags]:
    out = {}
    for table in ("line", "converter", "source"):
        given = getattr(outages, table, None)
        mask = np.zeros((0, 0), dtype=bool) if given is None else np.ascontiguousarray(given, dtype=bool)
        wanted = (rows, len(net.tables[table]))
        if given is not None and mask.shape != wanted:
            raise NetworkError(
                [Problem(f"run_batch.outages.{table}", mask.shape, f"an array of shape {wanted}")]
            )
        out[table] = mask
    return out


def _blank(name: str, rows: int, columns: int) -> Array:
    """Voltages and line currents are written in full by the kernels; the rest is missing where it is not written."""
    if name in ("v_bus_v", "i_line_a"):
        return np.empty((rows, columns))
    return np.full((rows, columns), np.nan)


def _empty(
    net: Network, rows: int, wanted: Iterable[str], kept: dict[str, Array], first: int, envelope: Envelope
) -> _Chunk:
    """A chunk whose kept arrays are views of the result's, from row `first` on."""
    arrays = {
        name: kept[name][first : first + rows]
        if name in kept
        else _blank(name, rows if name in wanted else 0, len(net.tables[table]))
        for name, table in ARRAYS.items()
    }
    count = np.zeros(rows, dtype=np.int64)
    where = np.full((rows, 3), -1, dtype=np.int64)
    totals = np.full((rows, 5), np.nan)
    return _Chunk(arrays, totals, where, count, count.copy(), [Outcome.OK] * rows, envelope)


def _put(out: _Chunk, k: int, name: str, idx: Any, values: Array) -> None:
    if len(out.arrays[name]):
        out.arrays[name][k, idx] = values


def _by_reference(
    net: Network, m: Model, p: Array, gone: dict[str, frozenset[int]], k: int, out: _Chunk
) -> None:
    """Solve scenario `k` by the reference solver, with what is out in it and what trips."""
    tripped: frozenset[int] = frozenset()
    if any(gone.values()):
        m = compile_network(net, gone)
    while True:
        if not m.n_node or not len(m.src_idx):
            out.totals[k, :3], out.where[k, 2] = 0.0, 0
            return
        solution = solve_point(m, p[m.load_idx])
        out.iterations[k] += solution.iterations
        path = solution.path
        state = solution.state or (path.state if path is not None else None)
        if state is None:
            out.outcome[k] = Outcome.NOT_CONVERGED
            return
        limits = results.converter_limits(m, state)
        over = limits & (m.conv_on_limit == TRIP)
        if not over.any():
            break
        tripped |= {int(c) for c in m.conv_idx[over]}
        m = compile_network(net, {**gone, "converter": gone["converter"] | tripped})
    if solution.state is None:
        out.outcome[k] = Outcome.COLLAPSE
        return
    _write(m, solution.state, k, out, int(limits.sum()) + len(tripped))


def _write(m: Model, s: newton.State, k: int, out: _Chunk, n_limited: int) -> None:
    v, ns = s.x[: m.n_node], len(m.src_idx)
    lit = np.flatnonzero(m.bus_node >= 0)
    drop = v[m.line_f] - v[m.line_t]
    i = m.line_g * drop
    mono = lit[m.bus_neg[lit] < 0]
    p_out, loss, _, _ = newton.converter_powers(m, s)
    u = newton.across(m, v, m.src_node[:ns], m.src_ret[:ns])
    p_src = u * s.x[m.n_node : m.n_node + ns]
    _put(out, k, "v_bus_v", mono, v[m.bus_node[mono]])
    low_v, high_v, high_i = out.envelope
    low_v[mono] = np.fmin(low_v[mono], v[m.bus_node[mono]])
    high_v[mono] = np.fmax(high_v[mono], v[m.bus_node[mono]])
    pos = m.line_pole == 0
    _put(out, k, "i_line_a", m.line_idx[pos], i[pos])
    high_i[m.line_idx[pos]] = np.fmax(high_i[m.line_idx[pos]], np.abs(i[pos]))
    _put(out, k, "p_source_w", m.src_idx, p_src)
    _put(out, k, "p_in_converter_w", m.conv_idx, p_out + loss)
    _put(out, k, "p_out_converter_w", m.conv_idx, p_out)
    low = newton.across(m, v, m.bus_node, np.where(m.bus_neutral >= 0, m.bus_neutral, m.n_node))[lit]
    low = np.where(
        m.bus_neg[lit] >= 0, np.minimum(low, newton.across(m, v, m.bus_neutral, m.bus_neg)[lit]), low
    )
    pu, loading = low / m.bus_vn[lit], np.abs(i) / m.line_rating
    worst, full = int(np.argmin(pu)), int(np.argmax(loading)) if len(loading) else -1
    line_loss = float(np.sum(i * drop)) + float(
        np.sum(m.src_r[ns:] * s.x[m.n_node + ns : m.n_node + len(m.src_r)] ** 2)
    )
    most = float(loading[full]) if full >= 0 else 0.0
    out.totals[k] = line_loss, float(loss.sum()), float(p_src.sum()), pu[worst], most
    out.where[k] = lit[worst], m.line_idx[full] if most > 0.0 else -1, n_limited


def _solve(net: Network, m: Model, p: Array, masks: dict[str, Flags], out: _Chunk) -> None:
    from dcgrid import kernels

    q = quick.plan_of(m)
    if q is None:
        out.status[:] = kernels.RETRY
    else:
        arrays = tuple(out.arrays[name] for name in ARRAYS)
        gone_from = tuple(masks.values())
        kernels.solve_rows(
            q.plan,
            q.work,
            p,
            gone_from,
            arrays,
            out.envelope,
            out.totals,
            out.where,
            out.status,
            out.iterations,
        )
    unsolved = out.status != kernels.SOLVED
    for name in ("v_bus_v", "i_line_a"):
        if len(out.arrays[name]):
            out.arrays[name][unsolved] = np.nan
    for k in np.flatnonzero(unsolved):
        gone = {
            t: frozenset(np.flatnonzero(x[k]).tolist()) if len(x) else frozenset() for t, x in masks.items()
        }
        _by_reference(net, m, p[k], gone, int(k), out)
    if len(m.open_line_idx) and len(out.arrays["i_line_a"]):
        out.arrays["i_line_a"][
            np.ix_(np.array([o.solved for o in out.outcome], dtype=bool), m.open_line_idx)
        ] = 0.0
    for k in np.flatnonzero(out.where[:, 2] > 0):
        out.outcome[k] = Outcome.LIMITED


def _pieces(net: Network, p_load_w: Any, size: int) -> Iterator[Array]:
    """Checked pieces of at most `size` scenarios of an array, or of an iterable of arrays."""
    whole = p_load_w if hasattr(p_load_w, "__next__") else (p_load_w,)
    for given in whole:
        p = _checked(net, given)
        for first in range(0, len(p), size):
            yield p[first : first + size]


class _Sink:
    """A Parquet file of one row for each scenario: outcome, totals, and a column for each kept element."""

    def __init__(self, net: Network, path: str | Path, keep: tuple[str, ...]) -> None:
        self.path, self.writer = Path(path), None
        self.names = {a: [f"{a} {name}" for name in net.labels(ARRAYS[a])] for a in keep}
        self.count = 0

    def add(self, chunk: _Chunk) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        n = len(chunk.outcome)
        columns: dict[str, Any] = {"scenario": np.arange(self.count, self.count + n)}
        columns["outcome"] = [o.name for o in chunk.outcome]
        columns |= dict(zip(TOTALS, chunk.totals.T, strict=True))
        for array, names in self.names.items():
            columns |= {name: chunk.arrays[array][:, j] for j, name in enumerate(names)}
        table = pa.table(columns)
        if self.writer is None:
            self.writer = pq.ParquetWriter(self.path, table.schema)
        self.writer.write_table(table)  # type: ignore[attr-defined]
        self.count += n

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()


def run_batch(
    net: Network,
    p_load_w: ArrayLike | Iterator[ArrayLike],
    *,
    outages: Outages | None = None,
    keep: Iterable[str] = ("v_bus_v", "i_line_a", "p_source_w"),
    sink: str | Path | None = None,
    sink_keep: Iterable[str] = (),
) -> BatchResult:
    """Solve one power flow for each row of `p_load_w` [W]; columns follow the load table's index.

    Each scenario starts from the no-load voltages, so its answer does not depend on its neighbours. Converters with
    on_limit="trip" go off in the scenarios where they exceed a limit, which are then LIMITED.

    Parameters
    ----------
    p_load_w : array (scenarios, loads), or an iterator of such arrays, which are then never all in memory.
    outages : what is out in each scenario; not with an iterator.
    keep : arrays of the result that hold every scenario (`ARRAYS`); () keeps totals, outcomes and the envelope only.
    sink, sink_keep : a Parquet file that gets a row for each scenario, with a column for each element of these arrays.

    Examples
    --------
    >>> import dcgrid, numpy as np
    >>> net = dcgrid.build_pod(dcgrid.PodSpec(n_blocks=2, block_p_w=1e6, n_racks=4, rack_p_w=132e3))
    >>> batch = run_batch(net, np.outer([0.5, 1.0], net.column("load", "p_w")), keep=())
    >>> [o.name for o in batch.outcome], bool(batch.loss_w[1] > batch.loss_w[0])
    (['OK', 'OK'], True)
    """
    keep, to_sink = tuple(keep), tuple(sink_keep)
    check = Checker("run_batch")
    for name in (*keep, *to_sink):
        check.choice("keep", name, tuple(ARRAYS))
    if outages is not None and hasattr(p_load_w, "__next__"):
        check.add("outages", "given", "None with an iterator of loads", "call run_batch for each piece")
    check.done()
    rows = len(p_load_w) if not hasattr(p_load_w, "__next__") else 0  # type: ignore[arg-type]
    masks = _masks(net, outages, rows)
    invalid = any(f.level == "error" for f in findings_of(net))
    needed = tuple(a for a in ARRAYS if a in {*keep, *to_sink})
    chunks: list[_Chunk] = []
    n_bus, n_line = len(net.tables["bus"]), len(net.tables["line"])
    envelope = (np.full(n_bus, np.nan), np.full(n_bus, np.nan), np.full(n_line, np.nan))
    kept = {a: _blank(a, rows, len(net.tables[ARRAYS[a]])) for a in keep if rows}
    file = None if sink is None else _Sink(net, sink, to_sink)
    done = 0
    for p in _pieces(net, p_load_w, CHUNK):
        mine = {t: x[done : done + len(p)] if len(x) else x for t, x in masks.items()}
        chunk = _empty(net, len(p), needed, kept, done, envelope)
        if invalid:
            for array in chunk.arrays.values():
                array[:] = np.nan
            chunk.outcome = [Outcome.INVALID] * len(p)
        else:
            _solve(net, compiled(net), p, mine, chunk)
        if file is not None:
            file.add(chunk)
        chunk.arrays = {} if rows else {name: chunk.arrays[name] for name in keep}
        chunks.append(chunk)
        done += len(p)
    if file is not None:
        file.close()
    for name in keep:
        if not rows and chunks:
            kept[name] = np.concatenate([c.arrays[name] for c in chunks])
    return _joined(net, chunks or [_empty(net, 0, (), {}, 0, envelope)], kept, envelope)


def _joined(net: Network, chunks: list[_Chunk], kept: dict[str, Array], envelope: Envelope) -> BatchResult:
    totals = np.concatenate([c.totals for c in chunks])
    where = np.concatenate([c.where for c in chunks])
    arrays: dict[str, Any] = {
        a: kept[a] if a in kept else np.zeros((0, len(net.tables[table]))) for a, table in ARRAYS.items()
    }
    return BatchResult(
        outcome=tuple(o for c in chunks for o in c.outcome),
        loss_w=totals[:, 0] + totals[:, 1],
        **dict(zip(TOTALS, totals.T, strict=True)),
        iterations=np.concatenate([c.iterations for c in chunks]),
        v_min_bus=where[:, 0],
        max_line=where[:, 1],
        n_limited=where[:, 2],
        envelope=dict(zip(("v_min_v", "v_max_v", "i_max_a"), envelope, strict=True)),
        **arrays,
    )
