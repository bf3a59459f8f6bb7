"""What an outage came to: the state of a network, or of one part of it, by one power flow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from dcgrid.outage import Part, has_source, served
from dcgrid.outcome import Outcome
from dcgrid.power_flow import run
from dcgrid.tables import Network


@dataclass(frozen=True)
class Effect:
    """State of a network, or of one part of it, in a contingency. Without an answer the numbers are None.

    unserved : indices (in the whole network) of the loads in service that get no power.
    v_min_pu, v_min_bus : lowest supplied voltage and where. max_loading, max_loading_element : highest loading.
    limits : converters at a limit, elements above their rating, buses below the asked voltage.
    """

    outcome: Outcome
    explain: str
    unserved: frozenset[int] | None = None
    v_min_pu: float | None = None
    v_min_bus: str | None = None
    max_loading: float | None = None
    max_loading_element: str | None = None
    limits: tuple[str, ...] = ()
    loss_w: float | None = None
    dark: frozenset[tuple[str, int]] = frozenset()
    transferred: bool = False


def _highest(net: Network) -> tuple[float | None, str | None]:
    """Highest loading of the solved network's lines, converters and sources, and whose it is."""
    best: tuple[float | None, str | None] = (None, None)
    for table in ("line", "converter", "source"):
        loading = net.result(table).get("loading", np.zeros(0))
        if len(loading) and np.isfinite(loading).any():
            k = int(np.nanargmax(loading))
            if best[0] is None or loading[k] > best[0]:
                best = (float(loading[k]), net.label(table, k))
    return best


def _dark(part: Part) -> frozenset[tuple[str, int]]:
    """Lines, converters and sources without voltage."""
    columns = (("line", "i_a"), ("converter", "p_out_w"), ("source", "p_w"))
    return frozenset(
        (table, int(part.to_whole[table][k]))
        for table, column in columns
        for k in np.flatnonzero(np.isnan(part.net.result(table).get(column, np.zeros(0))))
    )


def _all_dark(part: Part, net: Network) -> Effect:
    on = np.flatnonzero(np.array(net.column("load", "in_service"), dtype=bool))
    lost = frozenset(part.to_whole["load"][on].tolist())
    gone = frozenset((t, int(k)) for t in ("line", "converter", "source") for k in part.to_whole[t])
    return Effect(
        Outcome.OK,
        "no source is left: nothing is supplied" if lost else "solved",
        lost,
        loss_w=0.0,
        dark=gone,
    )


def effect_of(part: Part, net: Network, v_min_pu: float) -> Effect:
    """Solve one part as `net` (the part itself, or a copy with something out) and say what it came to."""
    if not has_source(net):
        return _all_dark(part, net)
    r = run(net)
    if not r.outcome.solved:
        return Effect(r.outcome, r.explain)
    on = np.array(net.column("load", "in_service"), dtype=bool)
    lost = part.to_whole["load"][on & ~served(net)]
    pu = net.result("bus")["v_pu"]
    lit = np.flatnonzero(np.isfinite(pu))
    low = int(lit[np.argmin(pu[lit])]) if len(lit) else None
    below = [f"{net.label('bus', int(k))} below {v_min_pu:g} pu" for k in lit if pu[k] < v_min_pu]
    loading, element = _highest(net)
    return Effect(
        r.outcome,
        r.explain,
        frozenset(lost.tolist()),
        None if low is None else float(pu[low]),
        None if low is None else net.label("bus", low),
        loading,
        element,
        tuple(dict.fromkeys([*r.limited, *r.overloaded, *below])),
        r.loss_w,
        _dark(Part(net, part.to_whole)),
    )


def joined(effects: Iterable[Effect]) -> Effect:
    """The whole network's state from that of its parts."""
    parts = list(effects)
    failed = [e for e in parts if not e.outcome.solved]
    if failed:
        return failed[0]
    lows = [e for e in parts if e.v_min_pu is not None]
    highs = [e for e in parts if e.max_loading is not None]
    low = min(lows, key=lambda e: e.v_min_pu or 0.0, default=None)
    high = max(highs, key=lambda e: e.max_loading or 0.0, default=None)
    limited = any(e.outcome is Outcome.LIMITED for e in parts)
    return Effect(
        Outcome.LIMITED if limited else Outcome.OK,
        "; ".join(dict.fromkeys(e.explain for e in parts if e.explain != "solved")) or "solved",
        frozenset().union(*(e.unserved or () for e in parts)),
        low.v_min_pu if low else None,
        low.v_min_bus if low else None,
        high.max_loading if high else None,
        high.max_loading_element if high else None,
        tuple(name for e in parts for name in e.limits),
        float(sum(e.loss_w or 0.0 for e in parts)),
        transferred=any(e.transferred for e in parts),
    )
