"""Where the power goes: stages in series, each with input, output, loss, source and grade of its curve.

    p_in = p_out + loss + p_side        (p_side: power tapped off in this stage for other loads, such as cooling)

The loss fraction of a ledger is all losses over the power at its boundary, the input of the first stage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from dcgrid import std_types
from dcgrid.outcome import NetworkError, Problem
from dcgrid.tables import Network

CLOSURE = 1e-9
GRADES = ("cited", "assumption", "derived", "solved")

#: Side powers that are losses -> key for sampling.
_SIDE_KEYS = {"cooling of losses": "cooling", "buffer standby": "battery DC/DC"}


@dataclass(frozen=True)
class Stage:
    """One stage [W]. `efficiency` = 1 - loss / input; it is filled in if not given, and checked if given.

    `key` names the equipment (the curve, or "conductors"): stages of the same key in two chains are sampled together.
    `tail` marks a stage behind the end of the comparison, shown but not counted.
    """

    name: str
    p_in_w: float
    p_out_w: float
    loss_w: float
    efficiency: float | None = None
    source: str = ""
    grade: str = "assumption"
    note: str = ""
    p_side_w: float = 0.0
    key: str = ""
    tail: bool = False

    def __post_init__(self) -> None:
        problems = []
        where = f"stage[{self.name}]"
        gap = self.p_in_w - self.p_out_w - self.loss_w - self.p_side_w
        if not abs(gap) <= CLOSURE * max(abs(self.p_in_w), 1.0):
            problems.append(
                Problem(f"{where}.loss_w", self.loss_w, f"p_in - p_out - p_side, off by {gap:.3g} W")
            )
        if not self.loss_w >= 0.0:
            problems.append(Problem(f"{where}.loss_w", self.loss_w, ">= 0 W"))
        if self.grade not in GRADES:
            problems.append(Problem(f"{where}.grade", self.grade, "one of " + ", ".join(GRADES)))
        value = 1.0 - self.loss_w / self.p_in_w if self.p_in_w > 0 else 1.0
        if self.efficiency is not None and abs(self.efficiency - value) > 1e-6:
            problems.append(
                Problem(f"{where}.efficiency", self.efficiency, f"1 - loss / input = {value:.6f}")
            )
        if problems:
            raise NetworkError(problems)
        object.__setattr__(self, "efficiency", value)
        object.__setattr__(self, "key", self.key or self.name)


@dataclass(frozen=True)
class Ledger:
    """Stages from the boundary to the load; each stage's input is the output of the one before.

    `start` names the boundary for comparisons ("turbine shaft", "MV grid terminals"): two ledgers that start at
    different places are not compared. `tails` go on behind the load (12 V, the chip's regulator): shown, not counted.
    """

    name: str
    boundary: str
    stages: tuple[Stage, ...]
    start: str = ""
    tails: tuple[Stage, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "stages", tuple(self.stages))
        object.__setattr__(self, "tails", tuple(replace(s, tail=True) for s in self.tails))
        problems = (
            [Problem(f"ledger[{self.name}].stages", (), "at least one stage")] if not self.stages else []
        )
        for a, b in pairwise(self.stages + self.tails):
            if abs(a.p_out_w - b.p_in_w) > CLOSURE * max(abs(a.p_out_w), 1.0):
                text = f"the output of {a.name}, {a.p_out_w:.9g} W"
                problems.append(Problem(f"stage[{b.name}].p_in_w", b.p_in_w, text))
        if problems:
            raise NetworkError(problems)

    @property
    def p_in_w(self) -> float:
        """Power at the boundary [W]."""
        return self.stages[0].p_in_w

    @property
    def p_out_w(self) -> float:
        """Power delivered at the end of the chain [W]."""
        return self.stages[-1].p_out_w

    @property
    def p_side_w(self) -> float:
        """Power tapped off on the way for other loads [W]."""
        return sum(s.p_side_w for s in self.stages)

    @property
    def loss_w(self) -> float:
        """All losses [W]."""
        return sum(s.loss_w for s in self.stages)

    @property
    def loss_fraction(self) -> float:
        """All losses over the power at the boundary."""
        return self.loss_w / self.p_in_w if self.p_in_w > 0 else 0.0

    @property
    def efficiency(self) -> float:
        """1 - loss fraction: what leaves the chain usefully (rack and side loads) over the boundary power."""
        return 1.0 - self.loss_fraction

    def with_upstream(self, *stages: Stage, boundary: str | None = None) -> Ledger:
        """The same ledger with stages put before it, such as the generator and rectifier that both chains share."""
        return replace(self, boundary=boundary or self.boundary, stages=tuple(stages) + self.stages)

    def split_side(self, losses_w: dict[str, float]) -> Ledger:
        """Power tapped off that is really loss (cooling of losses, standby) as loss stages where it was tapped [W].

        Each named power [W] leaves the last stage that taps enough and becomes a stage right after it, so that input
        and output of the chain stay as they are.
        """
        stages = list(self.stages)
        for name, p_w in losses_w.items():
            if p_w <= 0.0:
                continue
            at = max(k for k, s in enumerate(stages) if s.p_side_w >= p_w * (1.0 - 1e-9))
            s = stages[at]
            above = replace(s, p_out_w=s.p_out_w + p_w, p_side_w=max(s.p_side_w - p_w, 0.0), efficiency=None)
            text = "share of the tapped power that the chain's own losses ask for"
            key = _SIDE_KEYS.get(name, name)
            loss = Stage(name, above.p_out_w, s.p_out_w, p_w, None, text, "derived", "", 0.0, key)
            stages[at : at + 1] = [above, loss]
        return replace(self, stages=tuple(stages))

    def to_rows(self) -> list[dict[str, float | str | bool | None]]:
        """Rows for a table: each stage, the total, then the tails; `loss_share` is of the boundary power."""
        base = self.p_in_w or 1.0
        rows: list[dict[str, float | str | bool | None]] = [
            {
                "stage": s.name,
                "p_in_w": s.p_in_w,
                "p_out_w": s.p_out_w,
                "p_side_w": s.p_side_w,
                "loss_w": s.loss_w,
                "efficiency": s.efficiency,
                "loss_share": s.loss_w / base,
                "source": s.source,
                "grade": s.grade,
                "note": s.note,
                "tail": s.tail,
            }
            for s in self.stages + self.tails
        ]
        total: dict[str, float | str | None] = {
            "stage": "total",
            "p_in_w": self.p_in_w,
            "p_out_w": self.p_out_w,
            "p_side_w": self.p_side_w,
            "loss_w": self.loss_w,
            "efficiency": self.efficiency,
            "loss_share": self.loss_fraction,
            "source": "",
            "grade": "",
            "note": f"boundary: {self.boundary}",
            "tail": False,
        }
        n = len(self.stages)
        return [*rows[:n], total, *rows[n:]]


def stage_from_curve(
    name: str, p_out_w: float, std_type: str, p_rated_w: float, n_modules: int, note: str = ""
) -> Stage:
    """Stage of `n_modules` equal modules that share `p_out_w` [W], with the shipped curve `std_type`."""
    from dcgrid.loss_curves import loss_w

    kind = std_types.converter(std_type)
    loss = loss_w(kind.loss_curve, p_out_w, p_rated_w, n_modules)
    load = p_out_w / (p_rated_w * n_modules)
    text = f"{kind.kind}; module load {100 * load:.0f} %" + (f"; {note}" if note else "")
    return Stage(name, p_out_w + loss, p_out_w, loss, None, kind.source, kind.grade, text, key=std_type)


def stage_from_efficiency(
    name: str, p_out_w: float, efficiency: float, source: str, grade: str, note: str = ""
) -> Stage:
    """Stage of a fixed efficiency for a given output [W]."""
    if not 0.0 < efficiency <= 1.0:
        raise NetworkError([Problem(f"stage[{name}].efficiency", efficiency, "above 0, at most 1")])
    p_in = p_out_w / efficiency
    return Stage(name, p_in, p_out_w, p_in - p_out_w, None, source, grade, note)


def _depth(net: Network) -> np.ndarray:
    """Steps from the nearest source to each bus, along lines, switches and converters."""
    n = len(net.tables["bus"])
    links: list[list[int]] = [[] for _ in range(n)]
    for table, a, b in (("line", "from_bus", "to_bus"), ("converter", "from_bus", "to_bus")):
        for i, j in zip(net.column(table, a), net.column(table, b), strict=True):
            links[i].append(j)
            links[j].append(i)
    for i, j, et in zip(
        net.column("switch", "bus"), net.column("switch", "element"), net.column("switch", "et"), strict=True
    ):
        if et == "bus":
            links[i].append(j)
            links[j].append(i)
    depth = np.full(n, n, dtype=float)
    front = sorted({int(b) for b in net.column("source", "bus")})
    level = 0
    while front:
        depth[front] = level
        front = sorted({j for i in front for j in links[i] if depth[j] == n})
        level += 1
    return depth


def _roles(net: Network, depth: np.ndarray) -> list[tuple[float, str, float, str, str, str, str]]:
    """(depth, role, loss, source, grade, note, key) of each role of lines and converters, upstream first."""
    out = []
    for table in ("line", "converter"):
        res = net.result(table)
        roles = [r or table for r in net.column(table, "role")]
        at = depth[np.array(net.column(table, "from_bus"), dtype=int)] if roles else np.zeros(0)
        deep = np.maximum(at, depth[np.array(net.column(table, "to_bus"), dtype=int)]) if roles else at
        for role in dict.fromkeys(roles):
            pick = np.array([r == role for r in roles])
            loss = float(np.nansum(res["loss_w"][pick]))
            power = np.abs(np.nan_to_num(res["p_from_w" if table == "line" else "p_in_w"][pick]))
            where = (
                float(np.average(deep[pick], weights=power)) if power.sum() > 0 else float(deep[pick].mean())
            )
            out.append((where, role, loss, *_evidence(net, table, pick)))
    return sorted(out)


def _evidence(net: Network, table: str, pick: np.ndarray) -> tuple[str, str, str, str]:
    names = dict.fromkeys(s for s, p in zip(net.column(table, "std_type"), pick, strict=True) if p)
    known = [n for n in names if n]
    if table == "line":
        return "Joule loss of the solved network", "solved", ", ".join(known), "conductors"
    if len(known) == 1 and known[0] in std_types.converters():
        kind = std_types.converter(known[0])
        return kind.source, kind.grade, f"{kind.kind}; {known[0]}", known[0]
    return "loss curves given with the converters", "assumption", ", ".join(known), ""


def ledger_from_network(
    net: Network,
    name: str | None = None,
    boundary: str = "source terminals to the loads of the network",
    side_roles: tuple[str, ...] = ("cooling", "auxiliary", "buffer standby"),
) -> Ledger:
    """Ledger of a solved network: one stage for each `role` of lines and converters, in order of depth.

    Loads whose role is in `side_roles`, and storage that charges, are tapped off at the stage of their depth; all
    other loads are the delivered power. Storage that discharges adds to the input.
    """
    if not net.result("bus"):
        raise NetworkError(
            [Problem("ledger_from_network.net", net.name, "a solved network", "call run(net) first")]
        )
    depth = _depth(net)
    stages = _roles(net, depth)
    side: list[tuple[float, float]] = []
    roles = net.column("load", "role")
    p_load = np.nan_to_num(net.result("load")["p_w"])
    for role, bus, p in zip(roles, net.column("load", "bus"), p_load, strict=True):
        if role in side_roles:
            side.append((float(depth[bus]), float(p)))
    p_sto = np.nan_to_num(net.result("storage")["p_w"])
    side += [
        (float(depth[b]), -float(p))
        for b, p in zip(net.column("storage", "bus"), p_sto, strict=True)
        if p < 0
    ]
    delivered = float(sum(p for r, p in zip(roles, p_load, strict=True) if r not in side_roles))
    taps = [0.0] * len(stages)
    for d, p in side:
        if stages:
            taps[max((k for k in range(len(stages)) if stages[k][0] <= d + 1e-9), default=0)] += p
    built: list[Stage] = []
    p_out = delivered
    for (_, role, loss, source, grade, note, key), tap in zip(reversed(stages), reversed(taps), strict=True):
        p_in = p_out + loss + tap
        built.append(Stage(role, p_in, p_out, loss, None, source, grade, note, tap, key))
        p_out = p_in
    if not built:
        built = [Stage("network", delivered, delivered, 0.0, None, "solved network", "solved")]
    ledger = Ledger(name or net.name or "network", boundary, tuple(reversed(built)))
    given = float(np.nansum(net.result("source")["p_w"]) + p_sto[p_sto > 0].sum())
    installed = sum(
        p for p in net.column("source", "p_max_w") if p is not None
    )  # rounding scales with the rating
    if abs(ledger.p_in_w - given) > CLOSURE * max(given, installed, 1.0):
        raise NetworkError(
            [Problem("ledger_from_network.p_in_w", ledger.p_in_w, f"the source power {given:.9g} W")]
        )
    return ledger
