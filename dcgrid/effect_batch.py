"""Effects of many outages at once: masks of lines, converters and sources in one batch of the compiled kernels.

An outage that the batch cannot tell in full (another kind of element, no source left, no operating point, a tripping
converter, dark loads that a transfer may relight) is left to `effect.effect_of`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dcgrid import quick
from dcgrid.batch import ARRAYS, BatchResult, Outages, run_batch
from dcgrid.compile import Array, Flags, Model
from dcgrid.effect import Effect
from dcgrid.outage import Outage, Part
from dcgrid.power_flow import compiled
from dcgrid.tables import Network

MASKED = ("line", "converter", "source")
#: Numbers of one batch's results that are in memory at a time (32 MB).
MOST = 4_000_000


def effects(
    part: Part, cases: Sequence[Sequence[Outage]], v_min_pu: float, transfer: Sequence[int], dark: bool
) -> list[Effect | None]:
    """Effect of each case (indices of the part's own tables); None where it is left to a run of its own.

    `dark` asks for the elements without voltage too.
    """
    out: list[Effect | None] = [None] * len(cases)
    net = part.net
    mine = [k for k, case in enumerate(cases) if all(o.kind in MASKED for o in case)]
    if not mine or not any(net.column("source", "in_service")):
        return out
    m = compiled(net)
    if quick.plan_of(m) is None:
        return out
    study = _Part(part, m, v_min_pu, transfer, dark)
    rows = max(8, MOST // sum(len(net.tables[t]) for t in ARRAYS.values()))
    for first in range(0, len(mine), rows):
        chunk = mine[first : first + rows]
        masks = _masks(net, [cases[k] for k in chunk])
        p = np.broadcast_to(net.floats("load", "p_w"), (len(chunk), len(net.tables["load"])))
        batch = run_batch(net, p, outages=Outages(**masks), keep=tuple(ARRAYS))
        for k, effect in zip(chunk, study.read(batch, masks["source"]), strict=True):
            out[k] = effect
    return out


def _masks(net: Network, cases: Sequence[Sequence[Outage]]) -> dict[str, Flags]:
    masks = {t: np.zeros((len(cases), len(net.tables[t])), dtype=bool) for t in MASKED}
    for k, case in enumerate(cases):
        for o in case:
            masks[o.table][k, o.index] = True
    return masks


class _Part:
    """What the batches of one part are read with."""

    def __init__(self, part: Part, m: Model, v_min_pu: float, transfer: Sequence[int], dark: bool) -> None:
        net = part.net
        self.part, self.net, self.m, self.v_min_pu, self.dark = part, net, m, v_min_pu, dark
        self.rating = np.full(len(net.tables["line"]), np.inf)
        self.rating[m.line_idx] = m.line_rating
        self.p_rated = net.floats("converter", "p_rated_w") * net.floats("converter", "n_modules")
        self.load_bus = np.array(net.column("load", "bus"), dtype=np.int64)
        self.load_on = np.array(net.column("load", "in_service"), dtype=bool)
        self.source_on = np.array(net.column("source", "in_service"), dtype=bool)
        self.source_bus = np.array(net.column("source", "bus"), dtype=np.int64)
        self.vn = net.floats("bus", "vn_v")
        self.ties = self._ends(transfer)

    def _ends(self, transfer: Sequence[int]) -> list[tuple[int, int]] | None:
        """Buses at both ends of the transfer switches; None where one of them is at a line."""
        rows = [[self.net.column("switch", c)[k] for c in ("bus", "element", "et")] for k in transfer]
        if any(et != "bus" for _, _, et in rows):
            return None
        return [(int(a), int(b)) for a, b, _ in rows]

    def read(self, b: BatchResult, source_out: Flags) -> list[Effect | None]:
        """Effect of each row of a batch."""
        with np.errstate(invalid="ignore", divide="ignore"):
            line = np.abs(b.i_line_a) / self.rating
            conv = np.abs(b.p_out_converter_w) / self.p_rated
            i_src = b.p_source_w / b.v_bus_v[:, self.source_bus]
            source = np.fmax(
                np.abs(b.p_source_w) / self.net.floats("source", "p_max_w"),
                np.abs(i_src) / self.net.floats("source", "i_max_a"),
            )
            line[:, np.isinf(self.rating)] = np.nan
            limited = self._limited(b)
            low = np.asarray(b.v_bus_v < self.v_min_pu * self.vn)
        sourceless = np.asarray(~(self.source_on & ~source_out).any(axis=1))
        loads = ~np.isnan(b.v_bus_v[:, self.load_bus])
        return [
            None
            if sourceless[k] or not self._told(b, k, limited[k], loads[k])
            else self._effect(
                b,
                k,
                {"line": line[k], "converter": conv[k], "source": source[k]},
                limited[k],
                low[k],
                loads[k],
            )
            for k in range(len(b.outcome))
        ]

    def _limited(self, b: BatchResult) -> Flags:
        """Converters at or beyond a limit of their own."""
        m, slack = self.m, 1.0 + 1e-9
        at = m.conv_idx
        ends = [np.array(self.net.column("converter", c), dtype=np.int64)[at] for c in ("from_bus", "to_bus")]
        p = np.abs(b.p_out_converter_w[:, at])
        v_in, i_out = b.v_bus_v[:, ends[0]], p / b.v_bus_v[:, ends[1]]
        out = np.zeros(b.p_out_converter_w.shape, dtype=bool)
        out[:, at] = (
            (i_out > m.conv_i_max * slack)
            | (p > m.conv_p_max * slack)
            | ((v_in * slack < m.conv_v_min) | (v_in > m.conv_v_max * slack)) & ~np.isnan(p)
        )
        return out

    def _told(self, b: BatchResult, k: int, limited: Flags, loads: Flags) -> bool:
        """True where the batch says all there is to say: solved, nothing tripped or folded, no transfer that helps."""
        if not b.outcome[k].solved or b.n_limited[k] != limited.sum():
            return False
        if loads[self.load_on].all():
            return True
        lit = ~np.isnan(b.v_bus_v[k])
        return self.ties is not None and not any(lit[a] != lit[c] for a, c in self.ties)

    def _effect(
        self, b: BatchResult, k: int, loading: dict[str, Array], limited: Flags, low: Flags, loads: Flags
    ) -> Effect:
        net, part = self.net, self.part
        best: tuple[float | None, str | None] = (None, None)
        for table, x in loading.items():
            if len(x) and not np.isnan(x).all():
                j = int(np.nanargmax(x))
                if best[0] is None or x[j] > best[0]:
                    best = (float(x[j]), net.label(table, j))
        names = [net.label("converter", int(j)) for j in np.flatnonzero(limited)]
        over = [
            net.label(t, int(j))
            for t in ("line", "source", "converter")
            for j in np.flatnonzero(loading[t] > 1.0 + 1e-9)
        ]
        below = [f"{net.label('bus', int(j))} below {self.v_min_pu:g} pu" for j in np.flatnonzero(low)]
        dark = int(np.isnan(b.v_bus_v[k]).sum())
        explain = f"{len(names)} converters at their limit: {', '.join(names[:5])}" if names else "solved"
        explain += f"; {len(over)} elements above their rating" if over else ""
        explain += f"; {dark} buses not supplied" if dark else ""
        at = int(b.v_min_bus[k])
        return Effect(
            b.outcome[k],
            explain,
            frozenset(part.to_whole["load"][self.load_on & ~loads].tolist()),
            float(b.v_min_pu[k]) if at >= 0 else None,
            net.label("bus", at) if at >= 0 else None,
            *best,
            tuple(dict.fromkeys([*names, *over, *below])),
            float(b.loss_w[k]),
            self._without_voltage(b, k) if self.dark else frozenset(),
        )

    def _without_voltage(self, b: BatchResult, k: int) -> frozenset[tuple[str, int]]:
        arrays = {"line": b.i_line_a, "converter": b.p_out_converter_w, "source": b.p_source_w}
        return frozenset(
            (t, int(self.part.to_whole[t][j]))
            for t, x in arrays.items()
            for j in np.flatnonzero(np.isnan(x[k]))
        )
