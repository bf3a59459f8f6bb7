"""Which single outages (N-1), and on request pairs of them (N-2), leave racks dark or push something over its limit.

Only the part of the network that feels an outage is solved (parts between which no current can flow keep their values
exactly). Lines, converters and sources go out in a batch of the compiled kernels (`effect_batch`); what these do not
cover, and outages that a transfer may help, are taken out of a copy of the network that is solved anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

from dcgrid.effect import Effect, effect_of, joined
from dcgrid.effect_batch import effects
from dcgrid.outage import Outage, outages, split, without
from dcgrid.outcome import NetworkError, Outcome, Problem
from dcgrid.tables import Network

if TYPE_CHECKING:
    import pandas as pd

ELEMENTS = ("line", "converter", "source", "switch")
RACK = "rack"


@dataclass(frozen=True)
class ContingencyResult:
    """All outages, worst first.

    table : columns outage, kind (of each element), index, outcome, unserved_racks, unserved_loads, unserved_w [W],
        v_min_pu, v_min_bus, max_loading, max_loading_element, n_limits, new_limits (not hit before the outage), limits,
        loss_w [W], transferred, explain. Numbers are missing where an outage leaves no operating point.
    base : the network with nothing out. solved : power flows solved. screening : what was not solved, and why it may.
    """

    outcome: Outcome
    table: pd.DataFrame
    base: Effect
    order: int
    solved: int
    screening: str
    words: str


class _Study:
    """The parts of a network, their state with nothing out, and where each element is."""

    def __init__(self, net: Network, v_min_pu: float, transfer: Sequence[int]) -> None:
        self.parts = split(net, transfer)
        self.v_min_pu, self.solved = v_min_pu, 0
        self.place = {
            (table, int(whole)): (p, k)
            for p, part in enumerate(self.parts)
            for table in ("line", "converter", "source", "storage", "switch")
            for k, whole in enumerate(part.to_whole[table])
        }
        wanted = set(transfer)
        self.close = [
            [k for k, whole in enumerate(part.to_whole["switch"]) if int(whole) in wanted]
            for part in self.parts
        ]
        self.base = [self.state(p, ()) for p in range(len(self.parts))]
        self.rest = [joined(self.base[:p] + self.base[p + 1 :]) for p in range(len(self.parts))]
        self.whole = joined(self.base)

    def part_of(self, outage: Outage) -> int:
        return self.place[outage.table, outage.index][0]

    def local(self, out: Sequence[Outage]) -> list[Outage]:
        """The same outages by their index in their part."""
        return [Outage(o.kind, self.place[o.table, o.index][1], o.name) for o in out]

    def states(self, cases: Sequence[Sequence[Outage]], dark: bool, seen: Callable[[], None]) -> list[Effect]:
        """Effect of each case (outages in one part): by the batch where it can, else one by one."""
        found: list[Effect | None] = [None] * len(cases)
        groups: dict[int, list[int]] = {}
        for k, out in enumerate(cases):
            groups.setdefault(self.part_of(out[0]), []).append(k)
        for p, mine in groups.items():
            local = [self.local(cases[k]) for k in mine]
            for k, effect in zip(
                mine, effects(self.parts[p], local, self.v_min_pu, self.close[p], dark), strict=True
            ):
                self.solved += effect is not None
                found[k] = effect or self.state(p, cases[k])
                seen()
        return [e for e in found if e is not None]

    def state(self, p: int, out: Sequence[Outage]) -> Effect:
        """Part `p` with the outages out; where loads are dark and a transfer helps, with the transfer closed."""
        part, local = self.parts[p], self.local(out)
        self.solved += 1
        effect = effect_of(part, without(part.net, local) if out else part.net, self.v_min_pu)
        if not out or not self.close[p] or not effect.unserved:
            return effect
        self.solved += 1
        ties = [k for k in self.close[p] if ("switch", k) not in {(o.table, o.index) for o in local}]
        closed = effect_of(part, without(part.net, local, ties), self.v_min_pu)
        if not closed.outcome.solved or len(closed.unserved or ()) >= len(effect.unserved):
            return effect
        return replace(closed, transferred=True)


def _pairs(
    study: _Study, singles: Sequence[Outage], alone: Sequence[Effect], most: int, seen: Callable[[], None]
) -> tuple[list[tuple[tuple[Outage, ...], Effect]], str]:
    """Effects of the pairs in one part; pairs in different parts add exactly and are only counted."""
    groups: dict[int, list[int]] = {}
    for k, o in enumerate(singles):
        groups.setdefault(study.part_of(o), []).append(k)
    todo: list[tuple[int, int]] = []
    nested: list[tuple[int, int]] = []
    for group in groups.values():
        for i, j in combinations(group, 2):
            a, b = singles[i], singles[j]
            if (a.table, a.index) == (b.table, b.index):
                continue
            inside = _inside(a, alone[j]) or _inside(b, alone[i])
            (nested if inside else todo).append((i, j))
    if len(todo) > most:
        hint = "name fewer kinds in `elements`, or raise max_pairs"
        raise NetworkError([Problem("contingencies.max_pairs", len(todo), f"at most {most} pairs", hint)])
    out: list[tuple[tuple[Outage, ...], Effect]] = []
    for i, j in nested:
        larger = i if _inside(singles[j], alone[i]) else j
        out.append(((singles[i], singles[j]), alone[larger]))
    pairs = [(singles[i], singles[j]) for i, j in todo]
    out += zip(pairs, study.states(pairs, False, seen), strict=True)
    apart = len(singles) * (len(singles) - 1) // 2 - sum(len(g) * (len(g) - 1) // 2 for g in groups.values())
    text = (
        f"{len(todo)} pairs solved; {len(nested)} pairs, where one outage already darkens the other element, have the "
        f"effect of that one (exact); {apart} pairs in parts that no current joins add up exactly and are not listed"
    )
    return out, text


def _inside(o: Outage, alone: Effect) -> bool:
    """True where the other outage alone already leaves this element without voltage, with no limits in play."""
    calm = alone.outcome is Outcome.OK and not alone.transferred
    return calm and (o.table, o.index) in alone.dark


def _row(out: Sequence[Outage], e: Effect, base: Effect, racks: frozenset[int], p_w: Any) -> dict[str, Any]:
    lost = None if e.unserved is None else sorted(e.unserved)
    before = set(base.limits)
    return {
        "outage": " and ".join(map(str, out)),
        "kind": " and ".join(o.kind for o in out),
        "index": out[0].index if len(out) == 1 else tuple(o.index for o in out),
        "outcome": e.outcome.name,
        "unserved_racks": None if lost is None else len(racks.intersection(lost)),
        "unserved_loads": None if lost is None else len(lost),
        "unserved_w": None if lost is None else float(sum(p_w[k] for k in lost)),
        "v_min_pu": e.v_min_pu,
        "v_min_bus": e.v_min_bus,
        "max_loading": e.max_loading,
        "max_loading_element": e.max_loading_element,
        "n_limits": len(e.limits),
        "new_limits": len([name for name in e.limits if name not in before]),
        "limits": ", ".join(e.limits),
        "loss_w": e.loss_w,
        "transferred": e.transferred,
        "explain": e.explain,
    }


def _badness(row: dict[str, Any]) -> tuple[Any, ...]:
    failed = not Outcome[row["outcome"]].solved
    return (
        not failed, -(row["unserved_w"] or 0.0), -row["new_limits"], -(row["max_loading"] or 0.0),
        row["v_min_pu"] if row["v_min_pu"] is not None else 9.0,
    )  # fmt: skip


def _words(rows: list[dict[str, Any]], order: int) -> str:
    """The result in two or three sentences."""
    what = "single outages" if order == 1 else "pairs of outages"
    if not rows:
        return f"no {what} to look at"
    failed = [r for r in rows if not Outcome[r["outcome"]].solved]
    dark = [r for r in rows if r["unserved_loads"]]
    over = [r for r in rows if r["new_limits"]]
    text = [f"{len(rows)} {what}: {len(rows) - len(failed) - len(dark)} leave every load served."]
    if failed:
        text.append(f"{len(failed)} have no operating point, first the loss of {failed[0]['outage']}.")
    if dark:
        worst = max(dark, key=lambda r: r["unserved_w"])
        text.append(
            f"Worst for the load: the loss of {worst['outage']} leaves {worst['unserved_racks']} racks and "
            f"{worst['unserved_w'] / 1e6:.3g} MW without power."
        )
    if over:
        worst = max(over, key=lambda r: r["max_loading"] or 0.0)
        text.append(
            f"{len(over)} bring something to a limit that held before; the highest loading is "
            f"{worst['max_loading'] or 0.0:.0%} of {worst['max_loading_element']} on the loss of {worst['outage']}."
        )
    lit = [r for r in rows if r["v_min_pu"] is not None]
    if lit:
        low = min(lit, key=lambda r: r["v_min_pu"])
        text.append(f"Lowest voltage {low['v_min_pu']:.4f} pu at {low['v_min_bus']} ({low['outage']} out).")
    return " ".join(text)


def contingencies(
    net: Network,
    elements: Sequence[str] = ELEMENTS,
    order: int = 1,
    *,
    v_min_pu: float = 0.0,
    transfer: Sequence[int] = (),
    roles: Sequence[str] | None = None,
    max_pairs: int = 200_000,
    progress: Callable[[int], None] | None = None,
) -> ContingencyResult:
    """Solve every outage of these kinds, one at a time (order 1) or two (order 2), and rank them, worst first.

    Parameters
    ----------
    elements : kinds of `outage.KINDS`: "line" (the whole line), "conductor" (one of its parallel conductors),
        "converter", "module" (one of its modules), "source", "storage", "switch" (a closed one opens).
    v_min_pu : a supplied bus below this share of its nominal voltage counts as a limit.
    roles : only elements of these roles ("block", "row feeder"); all if None.
    transfer : switches that close after an outage that leaves loads dark, if that serves more of them.
    max_pairs : pairs that may be solved; more is refused with the number.
    progress : called with the count of outages solved so far.

    Examples
    --------
    >>> import dcgrid
    >>> net = dcgrid.build_pod(dcgrid.PodSpec(n_blocks=2, block_p_w=1e6, n_racks=4, rack_p_w=132e3))
    >>> r = contingencies(net)
    >>> r.table.outage[0], int(r.table.unserved_racks[0])
    ('pod 1 / row 1 feeder', 4)
    """
    if order not in (1, 2):
        raise NetworkError([Problem("contingencies.order", order, "1 (single outages) or 2 (pairs)")])
    import pandas as pd

    singles = outages(net, elements)
    if roles is not None:
        of = {t: net.column(t, "role") for t in ("line", "converter", "source", "storage")}
        singles = tuple(o for o in singles if o.table in of and of[o.table][o.index] in roles)
    study = _Study(net, v_min_pu, transfer)
    count = [0]

    def seen() -> None:
        count[0] += 1
        if progress is not None:
            progress(count[0])

    if not study.whole.outcome.solved:
        words = f"the network has no operating point with nothing out: {study.whole.explain}"
        none = pd.DataFrame(columns=list(_row((), study.whole, study.whole, frozenset(), ())))
        return ContingencyResult(study.whole.outcome, none, study.whole, order, study.solved, "", words)
    alone = study.states([(o,) for o in singles], order == 2, seen)
    screening = "every outage was solved"
    cases: list[tuple[tuple[Outage, ...], Effect]] = [((o,), e) for o, e in zip(singles, alone, strict=True)]
    if order == 2:
        cases, screening = _pairs(study, singles, alone, max_pairs, seen)
    role, p_w = net.column("load", "role"), net.column("load", "p_w")
    racks = frozenset(k for k, r in enumerate(role) if r == RACK)
    rows = []
    for out, effect in cases:
        whole = joined([effect, study.rest[study.part_of(out[0])]])
        rows.append(_row(out, whole, study.whole, racks, p_w))
    rows.sort(key=_badness)
    base = study.whole
    return ContingencyResult(
        base.outcome, pd.DataFrame(rows), base, order, study.solved, screening, _words(rows, order)
    )
