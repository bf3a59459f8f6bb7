"""Which of two chains loses less, and how sure that is: paired sampling of the stages' losses.

Each stage's loss is multiplied by a factor, triangular between the low and the high of its key's range with its mode
at 1 (``data/stage_ranges.json``). Stages of the same key get the same draw in both chains and at every load: the same
make of transformer, conductor or supply stands in both, so what is not known of it cancels. A loss upstream follows
the power that passes: loss' = factor * loss * p_out' / p_out.

    points = 100 * (energy lost by b / energy into b  -  energy lost by a / energy into a)

The verdict is given only where P10 and P90 of the points have one sign.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from dcgrid.ledger import Ledger
from dcgrid.outcome import Checker, NetworkError, Problem

Array = NDArray[np.float64]

#: Say this wherever a result of a comparison is shown.
CURVES_NOTE = (
    "Few converter curves are real machines: the sidecar (a 400 W stage), the active rectifier and inverter (no "
    "readable source) and the solid-state transformer (claims) are assumed shapes. The size of the difference at full "
    "load, its course at part load, and the order of DC and AC with rack batteries hang on them."
)


@dataclass(frozen=True)
class StageRange:
    """Factors on a stage's loss, low to high, with where they come from."""

    key: str
    low: float
    high: float
    source: str
    grade: str
    note: str = ""


@dataclass(frozen=True)
class TornadoRow:
    """Points between the chains with one key at its low and its high factor, all others at 1."""

    key: str
    stages: str
    shared: bool
    low_points: float
    high_points: float
    low_factor: float
    high_factor: float
    source: str
    grade: str

    @property
    def swing_points(self) -> float:
        """Width of the bar [points]."""
        return abs(self.high_points - self.low_points)


@dataclass(frozen=True)
class Comparison:
    """Ledger a beside ledger b at the same delivered power; positive numbers mean that a loses less.

    points : difference in loss fraction, in percentage points of the boundary energy, at the nominal curves.
    loss_w : mean power lost by b less that lost by a [W]. share_of_loss : the same as a share of the larger loss.
    p10_points, p50_points, p90_points : of the paired samples. band_points : half of P90 - P10.
    input_saved_MWh, saving_USD : energy (and its price) that b takes in more than a, over `hours_h`; each also P10, P90.
    """

    a: str
    b: str
    points: float
    loss_w: float
    share_of_loss: float
    p_out_w: float
    band_points: float
    verdict: str
    start: str
    p10_points: float
    p50_points: float
    p90_points: float
    hours_h: float
    input_saved_MWh: float
    input_saved_P10_MWh: float
    input_saved_P90_MWh: float
    saving_USD: float | None
    saving_P10_USD: float | None
    saving_P90_USD: float | None
    tornado: tuple[TornadoRow, ...]
    n_samples: int
    seed: int
    notes: tuple[str, ...]

    @property
    def answer(self) -> str:
        """ "DC better", "AC better" or "undecided"; the ledger's name where it is neither."""
        if self.verdict == "undecided":
            return self.verdict
        winner = self.verdict.removesuffix(" loses less")
        return f"{winner[:2] if winner[:2] in ('DC', 'AC') else winner} better"


@lru_cache(maxsize=1)
def _ranges() -> tuple[dict[str, StageRange], StageRange]:
    text = (resources.files("dcgrid") / "data" / "stage_ranges.json").read_text(encoding="utf-8")
    data = json.loads(text)
    known = {r["key"]: StageRange(**r) for r in data["ranges"]}
    return known, StageRange(key="", **data["default"])


def stage_range(key: str) -> StageRange:
    """Range of the loss of a kind of stage; the wide default where none is known.

    Examples
    --------
    >>> stage_range("ORv3 PSU 3 kW").high
    1.4
    """
    known, default = _ranges()
    return known.get(key, default)


def _uniform(key: str, n: int, seed: int) -> Array:
    """Draws that depend on the key and the seed alone, so that chains and orders cannot disturb each other."""
    return np.random.default_rng([seed, zlib.crc32(key.encode())]).random(n)


def triangular(u: Array, low: float, high: float) -> Array:
    """Inverse of the triangular distribution on [low, high] with its mode at 1.

    Examples
    --------
    >>> triangular(np.array([0.0, 0.5, 1.0]), 0.5, 1.5).tolist()
    [0.5, 1.0, 1.5]
    """
    if high <= low:
        return np.ones_like(u)
    at = (1.0 - low) / (high - low)
    left = low + np.sqrt(u * (high - low) * (1.0 - low))
    right = high - np.sqrt((1.0 - u) * (high - low) * (high - 1.0))
    return np.where(u < at, left, right)


def _in_and_loss(ledger: Ledger, factors: Mapping[str, Array | float]) -> tuple[Array, Array]:
    """Power into the chain and its losses [W] with every stage's loss scaled by the factor of its key."""
    p = np.asarray(ledger.p_out_w, dtype=float)
    lost = np.zeros(())
    for s in reversed(ledger.stages):
        passing = p / s.p_out_w if s.p_out_w > 0.0 else np.ones(())
        loss = s.loss_w * np.asarray(factors[s.key]) * passing
        p, lost = p + loss + s.p_side_w, lost + loss
    return p, lost


@dataclass(frozen=True)
class _Pair:
    """Both chains at several loads with the hours of each."""

    a: tuple[Ledger, ...]
    b: tuple[Ledger, ...]
    hours: tuple[float, ...]

    def keys(self, side: tuple[Ledger, ...]) -> dict[str, list[str]]:
        out: dict[str, list[str]] = {}
        for ledger in side:
            for s in ledger.stages:
                names = out.setdefault(s.key, [])
                if s.name not in names:
                    names.append(s.name)
        return out

    def energies(self, factors: Mapping[str, Array | float]) -> tuple[Array, Array, Array]:
        """Points, energy that b takes in more than a [Wh], energy that b loses more [Wh]."""
        total: list[tuple[Array, Array]] = []
        for side in (self.a, self.b):
            flows = [_in_and_loss(x, factors) for x in side]
            p_in = sum((h * f[0] for h, f in zip(self.hours, flows, strict=True)), np.zeros(()))
            loss = sum((h * f[1] for h, f in zip(self.hours, flows, strict=True)), np.zeros(()))
            total.append((np.asarray(p_in), np.asarray(loss)))
        (in_a, loss_a), (in_b, loss_b) = total
        return 100.0 * (loss_b / in_b - loss_a / in_a), in_b - in_a, loss_b - loss_a


def _check(pair: _Pair, price_USD_MWh: float | None, n_samples: int) -> None:
    check = Checker("compare")
    if not pair.a or not (len(pair.a) == len(pair.b) == len(pair.hours)):
        check.add(
            "b", len(pair.b), f"as many load levels as a and hours_h ({len(pair.a)}, {len(pair.hours)})"
        )
        check.done()
    check.whole("n_samples", n_samples, 10)
    check.number("price_USD_MWh", price_USD_MWh, 0.0, None, "USD/MWh", optional=True)
    for h in pair.hours:
        check.number("hours_h", h, 0.0, None, "h")
    for a, b in zip(pair.a, pair.b, strict=True):
        if abs(a.p_out_w - b.p_out_w) > 1e-6 * max(a.p_out_w, b.p_out_w, 1.0):
            text = f"the same delivered power as {a.name}, {a.p_out_w:.6g} W"
            check.problems.append(Problem(f"compare[{b.name}].p_out_w", b.p_out_w, text))
        if a.start and b.start and a.start != b.start:
            text = f"the same start as {a.name}, {a.start!r}: comparisons A and B are never mixed"
            check.problems.append(Problem(f"compare[{b.name}].start", b.start, text))
        if min(a.p_in_w, b.p_in_w) <= 0.0:
            check.add("p_in_w", min(a.p_in_w, b.p_in_w), "> 0 W: some power must flow")
    check.done()


def _tornado(
    pair: _Pair, keys_a: dict[str, list[str]], keys_b: dict[str, list[str]]
) -> tuple[TornadoRow, ...]:
    nominal: dict[str, Array | float] = dict.fromkeys([*keys_a, *keys_b], 1.0)
    rows = []
    for key in nominal:
        r = stage_range(key)
        low, high = (float(pair.energies({**nominal, key: f})[0]) for f in (r.low, r.high))
        names = list(dict.fromkeys(keys_a.get(key, []) + keys_b.get(key, [])))
        both = key in keys_a and key in keys_b
        rows.append(TornadoRow(key, ", ".join(names), both, low, high, r.low, r.high, r.source, r.grade))
    return tuple(sorted(rows, key=lambda row: (-row.swing_points, row.key)))


def _notes(pair: _Pair, tornado: tuple[TornadoRow, ...]) -> tuple[str, ...]:
    """What the reader must know: assumed curves, and evidence of unlike kind set against each other."""
    grades = {s.key: s.grade for side in (pair.a, pair.b) for x in side for s in x.stages}
    soft = [row.key for row in tornado if grades.get(row.key) == "assumption" and row.swing_points > 0.05]
    notes = [CURVES_NOTE]
    if soft:
        notes.append("Assumed curves that move the answer by more than 0.05 points: " + ", ".join(soft) + ".")
    own = {row.key: grades.get(row.key) for row in tornado if not row.shared and row.swing_points > 0.05}
    if {"cited", "assumption"} <= set(own.values()):
        cited = ", ".join(k for k, g in own.items() if g == "cited")
        notes.append(
            f"Unlike evidence: {cited} rest on printed points, what stands against them on assumptions."
        )
    return tuple(notes)


def compare_year(
    a: Sequence[Ledger],
    b: Sequence[Ledger],
    hours_h: Sequence[float],
    price_USD_MWh: float | None = None,
    *,
    n_samples: int = 4000,
    seed: int = 0,
) -> Comparison:
    """Compare two chains over load levels with the hours of each; swapping them swaps every sign.

    Parameters
    ----------
    a, b : sequence of Ledger
        The chains at the same delivered powers and from the same start.
    hours_h : sequence of float
        Hours at each level [h]; they sum to 8760 for a year.
    price_USD_MWh : float, optional
        Worth of the energy at the boundary.
    n_samples, seed : int
        Paired samples; the same seed gives the same band.
    """
    pair = _Pair(tuple(a), tuple(b), tuple(float(h) for h in hours_h))
    _check(pair, price_USD_MWh, n_samples)
    if sum(pair.hours) <= 0.0:
        raise NetworkError([Problem("compare.hours_h", hours_h, "some hours above 0 h")])
    keys_a, keys_b = pair.keys(pair.a), pair.keys(pair.b)
    keys = [*keys_a, *keys_b]
    points, more_in, more_lost = (float(x) for x in pair.energies(dict.fromkeys(keys, 1.0)))
    factors = {
        k: triangular(_uniform(k, n_samples, seed), r.low, r.high) for k in keys for r in [stage_range(k)]
    }
    sampled, sampled_in, _ = pair.energies(factors)
    p10, p50, p90 = (float(x) for x in np.quantile(np.broadcast_to(sampled, n_samples), (0.1, 0.5, 0.9)))
    e10, e90 = (float(x) / 1e6 for x in np.quantile(np.broadcast_to(sampled_in, n_samples), (0.1, 0.9)))
    hours = sum(pair.hours)
    losses = [sum(h * x.loss_w for h, x in zip(pair.hours, side, strict=True)) for side in (pair.a, pair.b)]
    a_name, b_name = pair.a[0].name, pair.b[0].name
    verdict = f"{a_name} loses less" if p10 > 1e-9 else f"{b_name} loses less" if p90 < -1e-9 else "undecided"
    tornado = _tornado(pair, keys_a, keys_b)
    worth = [None if price_USD_MWh is None else price_USD_MWh * e for e in (more_in / 1e6, e10, e90)]
    return Comparison(
        a=a_name,
        b=b_name,
        points=points,
        loss_w=more_lost / hours,
        share_of_loss=more_lost / max(losses) if max(losses) > 0.0 else 0.0,
        p_out_w=sum(h * x.p_out_w for h, x in zip(pair.hours, pair.a, strict=True)) / hours,
        band_points=0.5 * (p90 - p10),
        verdict=verdict,
        start=pair.a[0].start,
        p10_points=p10,
        p50_points=p50,
        p90_points=p90,
        hours_h=hours,
        input_saved_MWh=more_in / 1e6,
        input_saved_P10_MWh=e10,
        input_saved_P90_MWh=e90,
        saving_USD=worth[0],
        saving_P10_USD=worth[1],
        saving_P90_USD=worth[2],
        tornado=tornado,
        n_samples=n_samples,
        seed=seed,
        notes=_notes(pair, tornado),
    )


def compare(
    a: Ledger,
    b: Ledger,
    price_USD_MWh: float | None = None,
    *,
    hours_h: float = 8760.0,
    n_samples: int = 4000,
    seed: int = 0,
) -> Comparison:
    """Compare two ledgers at one load, held for `hours_h` [h]; see `compare_year`."""
    return compare_year([a], [b], [hours_h], price_USD_MWh, n_samples=n_samples, seed=seed)
