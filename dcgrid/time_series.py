"""A network hour by hour: loads from profiles, storage that fills and empties, energies, losses, peaks, hours over limits.

Storage moves first: its power at each step is what was asked of it, cut to what its power and energy limits allow, so its
state of charge needs no power flow. The steps are then independent and go through `run_batch` in chunks, of which only
sums, peaks and one row a step are kept: memory does not grow with steps times buses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from dcgrid.batch import run_batch
from dcgrid.compile import Array
from dcgrid.outage import without
from dcgrid.outcome import Checker, NetworkError, Outcome, Problem
from dcgrid.power_flow import run
from dcgrid.storage_energy import StorageSpec, StorageTrack, move_storage
from dcgrid.tables import Network

if TYPE_CHECKING:
    import pandas as pd

#: Numbers held at once for voltages and currents: 4 million are 32 MB.
NUMBERS_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class TimeSeriesResult:
    """A series of power flows. Energies are None where a step has no operating point; tables then hold the solved steps.

    steps : one row a step: outcome, load_p_w, source_p_w, storage_p_w, loss_w, v_min_pu, v_min_bus, max_line_loading,
        max_line. lines, sources, buses : peaks, energies and hours over a limit of each element. storage : p_w and soc of
        each step for each storage. energy_wh : source, load, storage (delivered less taken), loss, line_loss,
        converter_loss [Wh], with source + storage = load + loss; storage_inner_loss is outside the network.
    """

    outcome: Outcome
    explain: str
    step_h: float
    steps: pd.DataFrame
    lines: pd.DataFrame
    sources: pd.DataFrame
    buses: pd.DataFrame
    storage: Mapping[int, StorageTrack]
    energy_wh: Mapping[str, float] | None


def _profile(
    net: Network, table: str, given: ArrayLike | Mapping[int, ArrayLike] | None, steps: int | None
) -> Array:
    """(steps, elements) [W] from an array, or from a mapping of some elements; the rest keep their table's p_w."""
    base = np.array(net.column(table, "p_w"), dtype=float)
    where = f"run_time_series.{table}"
    if given is None:
        return np.tile(base, (steps or 1, 1))
    if not isinstance(given, Mapping):
        p = np.atleast_2d(np.asarray(given, dtype=float))
        if p.ndim != 2 or p.shape[1] != len(base) or (steps is not None and len(p) != steps):
            raise NetworkError([Problem(where, p.shape, f"shape ({steps or 'steps'}, {len(base)}) [W]")])
        return p
    columns = {k: np.asarray(v, dtype=float) for k, v in given.items()}
    lengths = {len(v) for v in columns.values()} | ({steps} if steps is not None else set())
    unknown = [k for k in columns if not 0 <= k < len(base)]
    if len(lengths) != 1 or unknown:
        value = unknown or sorted(x for x in lengths if x is not None)
        raise NetworkError([Problem(where, value, f"indices 0 to {len(base) - 1}, profiles of one length")])
    p = np.tile(base, (lengths.pop() or 0, 1))
    for k, column in columns.items():
        p[:, k] = column
    return p


def _tracks(
    net: Network,
    p_load: Array,
    asked: ArrayLike | Mapping[int, ArrayLike] | None,
    specs: Mapping[int, StorageSpec],
    h: float,
) -> tuple[Array, dict[int, StorageTrack]]:
    """Terminal power of every storage at every step, and the tracks of those with a `StorageSpec`."""
    wish = _profile(net, "storage", asked, len(p_load))
    told = set(asked) if isinstance(asked, Mapping) else set() if asked is None else set(range(wish.shape[1]))
    capacity = net.column("storage", "e_wh")
    on = np.array(net.column("load", "in_service"), dtype=bool)
    tracks: dict[int, StorageTrack] = {}
    problems = []
    for k, spec in specs.items():
        e_wh = spec.e_wh if spec.e_wh is not None else (capacity[k] if 0 <= k < len(capacity) else None)
        if not e_wh:
            problems.append(
                Problem(f"run_time_series.storage[{k}].e_wh", e_wh, "a capacity > 0 Wh of a known storage")
            )
            continue
        if spec.shave_above_w is not None and k not in told:
            wish[:, k] = p_load[:, on].sum(axis=1) - spec.shave_above_w
        tracks[k] = move_storage(spec, float(e_wh), wish[:, k], h)
        wish[:, k] = tracks[k].p_w
    if problems:
        raise NetworkError(problems)
    return wish, tracks


def _with_storage_as_load(net: Network, p_storage: Array) -> tuple[Network, Array]:
    """A copy in which each storage delivers its largest power and a load at its bus takes back what a step does not ask."""
    copy = without(net, ())
    most = np.maximum(p_storage.max(axis=0, initial=0.0), 0.0)
    storage = copy.tables["storage"]
    on = net.column("storage", "in_service")
    lists = {c: storage.column(c) for c in ("bus", "p_w")}
    loads = copy.tables["load"]._lists
    copy.tables["load"]._lists = {c: list(v) for c, v in loads.items()}
    storage._lists = {**storage._lists, "p_w": most.tolist()}
    for k, bus in enumerate(lists["bus"]):
        copy.tables["load"].append({"name": f"storage {k}", "bus": bus, "p_w": 0.0, "kind": "constant_power",
                                    "in_service": on[k]})  # fmt: skip
    return copy, most - p_storage


@dataclass
class _Chunk:
    """Results of some steps, NaN where a step has no answer."""

    first: int
    outcome: list[Outcome]
    explain: list[str]
    v: Array
    i: Array
    p_source: Array
    line_loss: Array
    conv_loss: Array


def _solve_alone(net: Network, p_load: Array, p_storage: Array, chunk: _Chunk, k: int) -> None:
    """One step by `run`, with the storage itself: the reference where the batch found nothing."""
    copy = without(net, ())
    for table, p in (("load", p_load), ("storage", p_storage)):
        copy.tables[table]._lists = {**copy.tables[table]._lists, "p_w": p.tolist()}
    r = run(copy)
    chunk.outcome[k], chunk.explain[k] = r.outcome, r.explain
    if r.outcome.solved:
        chunk.v[k], chunk.i[k] = copy.result("bus")["v_v"], copy.result("line")["i_a"]
        chunk.p_source[k] = copy.result("source")["p_w"]
        chunk.line_loss[k], chunk.conv_loss[k] = r.line_loss_w, r.converter_loss_w


def _chunks(net: Network, p_load: Array, p_storage: Array) -> Iterator[_Chunk]:
    """The steps in chunks of bounded size."""
    size = max(1, NUMBERS_AT_ONCE // max(1, len(net.tables["bus"]) + len(net.tables["line"])))
    moving = bool(len(net.tables["storage"]))
    model, extra = _with_storage_as_load(net, p_storage) if moving else (net, np.zeros((len(p_load), 0)))
    for first in range(0, len(p_load), size):
        rows = slice(first, first + size)
        b = run_batch(model, np.concatenate([p_load[rows], extra[rows]], axis=1))
        chunk = _Chunk(
            first, list(b.outcome), [o.value for o in b.outcome], b.v_bus_v, b.i_line_a, b.p_source_w, b.line_loss_w,
            b.converter_loss_w,
        )  # fmt: skip
        for k, outcome in enumerate(b.outcome):
            if not outcome.solved and outcome is not Outcome.INVALID:
                _solve_alone(net, p_load[first + k], p_storage[first + k], chunk, k)
        yield chunk


class _Sums:
    """Running sums, peaks and hours over limits of every element, and one row a step."""

    def __init__(self, net: Network, steps: int, step_h: float, v_min_pu: float) -> None:
        self.net, self.h, self.v_limit = net, step_h, v_min_pu
        self.vn = np.array(net.column("bus", "vn_v"), dtype=float)
        parallel = np.array(net.column("line", "parallel"), dtype=float)
        self.r = np.array(net.column("line", "r_ohm"), dtype=float) / parallel
        limit = [np.nan if i is None else i for i in net.column("line", "max_i_a")]
        self.rating = np.array(limit, dtype=float) * parallel
        p_max = [np.nan if p is None else p for p in net.column("source", "p_max_w")]
        self.p_max = np.array(p_max, dtype=float)
        n_line, n_bus, n_src = len(self.r), len(self.vn), len(self.p_max)
        self.line = {c: np.zeros(n_line) for c in ("peak_i_a", "hours_over", "loss_wh")}
        self.bus = {
            "v_min_pu": np.full(n_bus, np.inf),
            "hours_below": np.zeros(n_bus),
            "hours_dark": np.zeros(n_bus),
        }
        self.source = {c: np.zeros(n_src) for c in ("energy_wh", "peak_p_w", "hours_over")}
        self.step: dict[str, Any] = {
            c: np.full(steps, np.nan)
            for c in ("source_p_w", "line_loss_w", "converter_loss_w", "v_min_pu", "max_line_loading")
        }
        self.step |= {"v_min_bus": [None] * steps, "max_line": [None] * steps}
        self.step |= {"outcome": [Outcome.INVALID] * steps, "explain": [""] * steps}

    def add(self, c: _Chunk) -> None:
        n = len(c.outcome)
        self.step["outcome"][c.first : c.first + n] = c.outcome
        self.step["explain"][c.first : c.first + n] = c.explain
        ok = np.flatnonzero([o.solved for o in c.outcome])
        if not len(ok):
            return
        at, h = c.first + ok, self.h
        i, pu, p = np.abs(np.nan_to_num(c.i[ok])), c.v[ok] / self.vn, np.nan_to_num(c.p_source[ok])
        self.line["peak_i_a"] = np.maximum(self.line["peak_i_a"], i.max(axis=0, initial=0.0))
        self.line["loss_wh"] += h * (i**2 * self.r).sum(axis=0)
        self.source["energy_wh"] += h * p.sum(axis=0)
        self.source["peak_p_w"] = np.maximum(self.source["peak_p_w"], p.max(axis=0, initial=0.0))
        with np.errstate(invalid="ignore"):
            self.line["hours_over"] += h * (i > self.rating * (1 + 1e-9)).sum(axis=0)
            self.source["hours_over"] += h * (p > self.p_max * (1 + 1e-9)).sum(axis=0)
            self.bus["hours_below"] += h * (pu < self.v_limit).sum(axis=0)
        self.bus["hours_dark"] += h * np.isnan(pu).sum(axis=0)
        lit = np.where(np.isnan(pu), np.inf, pu)
        self.bus["v_min_pu"] = np.minimum(self.bus["v_min_pu"], lit.min(axis=0))
        self.step["source_p_w"][at] = p.sum(axis=1)
        self.step["line_loss_w"][at], self.step["converter_loss_w"][at] = c.line_loss[ok], c.conv_loss[ok]
        self._extremes(at, lit, i)

    def _extremes(self, at: Any, lit: Array, i: Array) -> None:
        lowest, names = lit.argmin(axis=1), self.net.labels("bus")
        loading = np.nan_to_num(i / self.rating) if i.shape[1] else np.zeros((len(at), 0))
        highest, lines = loading.argmax(axis=1) if i.shape[1] else [], self.net.labels("line")
        for row, k in enumerate(at):
            if np.isfinite(lit[row, lowest[row]]):
                self.step["v_min_pu"][k] = lit[row, lowest[row]]
                self.step["v_min_bus"][k] = names[lowest[row]]
            if i.shape[1]:
                self.step["max_line_loading"][k] = loading[row, highest[row]]
                self.step["max_line"][k] = lines[highest[row]]


def _frames(s: _Sums, p_storage: Array) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    import pandas as pd

    on = np.array(s.net.column("storage", "in_service"), dtype=bool)
    step = dict(s.step)
    step["outcome"] = [o.name for o in s.step["outcome"]]
    step["loss_w"] = s.step["line_loss_w"] + s.step["converter_loss_w"]
    solved = np.array([o.solved for o in s.step["outcome"]])
    step["storage_p_w"] = np.where(solved, p_storage[:, on].sum(axis=1), np.nan)
    step["load_p_w"] = step["source_p_w"] + step["storage_p_w"] - step["loss_w"]
    lines = pd.DataFrame(
        {"name": s.net.labels("line"), **s.line, "peak_loading": s.line["peak_i_a"] / s.rating}
    )
    sources = pd.DataFrame(
        {"name": s.net.labels("source"), **s.source, "peak_loading": s.source["peak_p_w"] / s.p_max}
    )
    v_min = np.where(np.isfinite(s.bus["v_min_pu"]), s.bus["v_min_pu"], np.nan)
    buses = pd.DataFrame({"name": s.net.labels("bus"), **s.bus, "v_min_pu": v_min})
    return pd.DataFrame(step), lines, sources, buses


def _said(s: _Sums, lines: pd.DataFrame, buses: pd.DataFrame) -> tuple[Outcome, str]:
    """Worst outcome of the steps, and the series in words."""
    count = Counter(s.step["outcome"])
    bad = [o for o in count if not o.solved]
    worst = bad[0] if bad else Outcome.LIMITED if count[Outcome.LIMITED] else Outcome.OK
    hours = s.h * sum(n for o, n in count.items() if o.solved)
    text = [f"{hours:g} h solved"]
    for o in bad:
        k = s.step["outcome"].index(o)
        text.append(
            f"{s.h * count[o]:g} h without an answer ({o.name}), first step {k}: {s.step['explain'][k]}"
        )
    if count[Outcome.LIMITED]:
        text.append(f"{s.h * count[Outcome.LIMITED]:g} h with a converter at its limit")
    over, below = lines[lines["hours_over"] > 0], buses[buses["hours_below"] > 0]
    if len(over):
        text.append(
            f"{len(over)} lines above their rating, {lines['name'][int(lines['hours_over'].argmax())]} longest"
        )
    if len(below):
        text.append(f"{len(below)} buses below {s.v_limit:g} pu")
    return worst, "; ".join(text)


def run_time_series(
    net: Network,
    p_load_w: ArrayLike | Mapping[int, ArrayLike],
    step_h: float = 1.0,
    *,
    storage: Mapping[int, StorageSpec] | None = None,
    p_storage_w: ArrayLike | Mapping[int, ArrayLike] | None = None,
    v_min_pu: float = 0.95,
) -> TimeSeriesResult:
    """Solve every step of the profiles and integrate.

    Parameters
    ----------
    p_load_w : (steps, loads) [W], or a mapping load index -> profile; other loads keep their p_w.
    step_h : length of a step [h].
    storage : energy limits of storages by index; a storage without one follows its profile or p_w unlimited.
    p_storage_w : power asked of storages [W], + delivers, shaped as p_load_w.
    v_min_pu : hours below this share of nominal voltage are counted for each bus.

    Examples
    --------
    >>> import dcgrid
    >>> net = dcgrid.build_pod(dcgrid.PodSpec(n_blocks=1, block_p_w=1e6, n_racks=2, rack_p_w=132e3))
    >>> r = run_time_series(net, {0: [132e3, 66e3], 1: [66e3, 66e3]})
    >>> r.outcome.name, round(r.energy_wh["load"])
    ('OK', 330000)
    """
    check = Checker("run_time_series")
    check.number("step_h", step_h, 0.0, None, "h", strict=True)
    check.done()
    p_load = _profile(net, "load", p_load_w, None)
    p_storage, tracks = _tracks(net, p_load, p_storage_w, storage or {}, step_h)
    sums = _Sums(net, len(p_load), step_h, v_min_pu)
    for chunk in _chunks(net, p_load, p_storage):
        sums.add(chunk)
    steps, lines, sources, buses = _frames(sums, p_storage)
    outcome, explain = _said(sums, lines, buses)
    energy = None
    if outcome.solved:
        energy = {c: float(steps[f"{c}_w"].sum() * step_h) for c in ("loss", "line_loss", "converter_loss")}
        energy |= {c: float(steps[f"{c}_p_w"].sum() * step_h) for c in ("source", "load", "storage")}
        energy["storage_inner_loss"] = sum(t.loss_wh for t in tracks.values())
    return TimeSeriesResult(outcome, explain, step_h, steps, lines, sources, buses, tracks, energy)
