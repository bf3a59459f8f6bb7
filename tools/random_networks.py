"""Solve many random DC networks and judge the answers: one where there must be one, in balance; is a collapse real?

    python tools/random_networks.py -n 10000 --seed 1 [--json out.json]

Three kinds in turn. `radial`: one ideal source, a tree, constant power. `meshed`: a tree with chords, one to four droop
sources with equal set-points that may not take power back, constant power. `converters`: meshed, any load mix, storage,
switches, sidecars, ratio and p converters with limits that report, fold or trip, unequal set-points.

Judged, never with the solver's own word for it:

* every answer is an outcome, never an exception;
* where 4 max_k (R P)_k < Vs^2 (R the reduced inverse conductance, droop as a resistance, sidecars as constant power with
  their loss) it must be found: V -> Vs - R (P / V) then takes [Vs/2, Vs] into itself and rises with V, so it has a fixed
  point there;
* solved: currents balance at every bus, source and storage power = load + loss, no loss is negative, no source that may
  not take power takes any; radial: voltage falls along every feeder, and the monotone iteration V <- Vs - R (P / V) from
  no load, which falls on the highest solution if there is one, ends on the same voltages;
* collapse: the monotone iteration falls through on `radial` and `meshed`; elsewhere the load is scaled to 0.999 and to
  1.001 of the reported share, which must be solved and not be solved (with the converters off that had tripped);
* no operating point even without load: something pushes power (a storage, a p converter), or a regulated output feeds
  its own input. Then the droop of these outputs is raised until there is a solution, and followed back down to where
  it ends: at a turning point, where currents move with the square root of the distance to it.
"""

from __future__ import annotations

import argparse
import json
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import dcgrid
from dcgrid.loss_curves import loss_w

KINDS = ("radial", "meshed", "converters")
CURVE = [[0.0, 0.004], [0.5, 0.0097], [1.0, 0.0267], [1.2, 0.037]]
V = 800.0
MODULE_W = 33e3


@dataclass
class Drawn:
    """A random network and what is known of it apart from the solver.

    g, p_w : conductance between the 800 V buses [S] with droop to ground, and constant power at each [W]; None where the
    sufficient test does not apply. parent : the bus before each bus of a radial network.
    """

    kind: str
    net: dcgrid.Network
    g: np.ndarray | None = None
    p_w: np.ndarray | None = None
    held: list[int] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)
    surplus: bool = False


def _tree(rng: np.random.Generator, net: dcgrid.Network, n: int, chords: int) -> tuple[np.ndarray, list[int]]:
    """Lines between `n` buses of 800 V; their conductance matrix and each bus's parent."""
    for _ in range(n):
        dcgrid.create_bus(net, V)
    parent = [int(rng.integers(max(0, k - int(rng.choice([1, 3, 30]))), k)) for k in range(1, n)]
    pairs = list(zip(parent, range(1, n), strict=True))
    for _ in range(chords if n > 2 else 0):
        a, b = rng.choice(n, 2, replace=False)
        pairs.append((int(a), int(b)))
    g = np.zeros((n, n))
    for a, b in pairs:
        r, parallel = float(10 ** rng.uniform(-4, -2)), int(rng.integers(1, 4))
        dcgrid.create_line_from_parameters(net, a, b, r, 1000.0, parallel)
        for i, j, s in ((a, a, 1), (b, b, 1), (a, b, -1), (b, a, -1)):
            g[i, j] += s * parallel / r
    return g, parent


def strain(d: Drawn) -> float:
    """4 max (R P) / Vs^2: below 1 there must be a solution."""
    assert d.g is not None
    assert d.p_w is not None
    free = np.setdiff1d(np.arange(len(d.p_w)), d.held)
    if not len(free):
        return 0.0
    return float(4.0 * np.max(np.linalg.solve(d.g[np.ix_(free, free)], d.p_w[free])) / V**2)


def _scaled(rng: np.random.Generator, d: Drawn) -> Drawn:
    """The loads scaled so that the sufficient test lands anywhere from idle to well beyond the nose."""
    target = float(rng.choice([rng.uniform(0.02, 0.9), rng.uniform(0.9, 1.0), rng.uniform(1.0, 8.0)]))
    now = strain(d)
    if now > 0.0:
        factor = target / now
        d.net.load["p_w"] = d.net.load["p_w"] * factor
        assert d.p_w is not None
        d.p_w = d.p_w * factor
    return d


def draw_radial(rng: np.random.Generator) -> Drawn:
    net, n = dcgrid.create_empty_network("radial"), int(rng.integers(2, 40))
    g, parent = _tree(rng, net, n, 0)
    dcgrid.create_source(net, 0, V)
    p = np.where(rng.random(n) < 0.7, rng.uniform(0, 2e5, n), 0.0)
    p[0] = 0.0
    for bus in np.flatnonzero(p):
        dcgrid.create_load(net, int(bus), float(p[bus]))
    return _scaled(rng, Drawn("radial", net, g, p, [0], parent)) if p.any() else draw_radial(rng)


def draw_meshed(rng: np.random.Generator) -> Drawn:
    net, n = dcgrid.create_empty_network("meshed"), int(rng.integers(2, 40))
    g, _ = _tree(rng, net, n, int(rng.integers(1, 8)))
    for bus in rng.choice(n, min(n, int(rng.integers(1, 5))), replace=False):
        droop = float(10 ** rng.uniform(-4, -2))
        dcgrid.create_source(net, int(bus), V, droop)
        g[bus, bus] += 1.0 / droop
    p = rng.uniform(0, 2e5, n)
    for bus in range(n):
        dcgrid.create_load(net, bus, float(p[bus]))
    return _scaled(rng, Drawn("meshed", net, g, p))


def _add_rack(rng: np.random.Generator, net: dcgrid.Network, bus: int, p: float) -> float:
    """A sidecar and its rack; power taken at its input [W], where that does not hang on the network."""
    rack = dcgrid.create_bus(net, 50.0)
    n = int(rng.integers(1, 7))
    staging = "optimal" if rng.random() < 0.5 else "all_on"
    dcgrid.create_converter(
        net, bus, rack, 50.0, MODULE_W, n, None, 0.0, loss_curve=CURVE, staging=staging,
    )  # fmt: skip
    dcgrid.create_load(net, rack, p, role="rack")
    counts = range(1, n + 1) if staging == "optimal" else [n]
    able = [k for k in counts if p <= k * MODULE_W] or [n]
    return p + min(loss_w(CURVE, p, MODULE_W, k) for k in able)


def _draw_sidecars(rng: np.random.Generator) -> Drawn:
    """A mesh whose every load is behind a sidecar: still constant power at 800 V, so the sufficient test applies."""
    net, n = dcgrid.create_empty_network("converters"), int(rng.integers(2, 25))
    g, _ = _tree(rng, net, n, int(rng.integers(0, 5)))
    for bus in rng.choice(n, min(n, int(rng.integers(1, 4))), replace=False):
        droop = float(10 ** rng.uniform(-4, -2))
        dcgrid.create_source(net, int(bus), V, droop)
        g[bus, bus] += 1.0 / droop
    size = float(10 ** rng.uniform(3, 6))
    p = np.array([_add_rack(rng, net, b, float(rng.uniform(0, size))) for b in range(n)])
    return Drawn("converters", net, g, p)


def _add_converter(rng: np.random.Generator, net: dcgrid.Network, n: int) -> bool:
    """A converter between two 800 V buses with limits; True where it pushes power whatever happens."""
    a, b = rng.choice(n, 2, replace=False)
    mode = str(rng.choice(["ratio", "p", "v_out"]))
    given = {
        "ratio": {"ratio": float(rng.uniform(0.98, 1.02))},
        "p": {"p_set_w": float(rng.uniform(-5e4, 5e4))},
    }
    dcgrid.create_converter(
        net, int(a), int(b), V if mode == "v_out" else None, 1e5, 1, None, float(10 ** rng.uniform(-3, -2)),
        mode=mode, loss_curve=CURVE, bidirectional=bool(rng.random() < 0.5),
        on_limit=str(rng.choice(["report", "fold", "trip"])),
        i_out_max_a=float(rng.uniform(20, 400)) if rng.random() < 0.5 else None, **given.get(mode, {}),
    )  # fmt: skip
    return mode == "p"


def draw_converters(rng: np.random.Generator) -> Drawn:
    if rng.random() < 0.4:
        return _draw_sidecars(rng)
    net, n = dcgrid.create_empty_network("converters"), int(rng.integers(3, 25))
    _tree(rng, net, n, int(rng.integers(0, 5)))
    for k in range(int(rng.integers(1, 4))):
        v, droop = float(rng.uniform(780, 820)), float(10 ** rng.uniform(-4, -2))
        reverse = bool(rng.random() < 0.3) or k == 0
        dcgrid.create_source(
            net, int(rng.integers(0, n)), v, droop, allow_reverse=reverse and rng.random() < 0.9
        )
    stress = float(rng.choice([0.01, 0.1, 1.0, 3.0]))
    for bus in range(n):
        p = float(rng.uniform(0, 2e5)) * stress
        if rng.random() < 0.4:
            _add_rack(rng, net, bus, p)
        elif rng.random() < 0.5:
            dcgrid.create_load(
                net, bus, p, str(rng.choice(["constant_power", "constant_current", "constant_resistance"]))
            )
        else:
            a, b = sorted(rng.random(2))
            shares = {"constant_power": a, "constant_current": b - a, "constant_resistance": 1.0 - b}
            dcgrid.create_load(net, bus, p, shares=shares)
    surplus = False
    for _ in range(int(rng.integers(0, 3))):
        surplus = _add_converter(rng, net, n) or surplus
    if rng.random() < 0.4:
        p = float(rng.uniform(-3e4, 3e4))
        dcgrid.create_storage(net, int(rng.integers(0, n)), p)
        surplus = surplus or p > 0.0
    if rng.random() < 0.4:
        dcgrid.create_switch(
            net, int(rng.integers(0, n)), dcgrid.create_bus(net, V), closed=bool(rng.random() < 0.7)
        )
    if rng.random() < 0.4:
        line = int(rng.integers(0, n - 1))
        bus = net.column("line", "from_bus")[line]
        dcgrid.create_switch(net, bus, line, "line", closed=bool(rng.random() < 0.3))
    return Drawn("converters", net, surplus=surplus)


DRAW = {"radial": draw_radial, "meshed": draw_meshed, "converters": draw_converters}


def monotone(d: Drawn, most: int = 20_000) -> np.ndarray | None:
    """Voltages by V <- Vs - R (P / V) from no load; None where it falls through, so that there is no solution."""
    assert d.g is not None
    assert d.p_w is not None
    n = len(d.p_w)
    v = np.full(n, V)
    free = np.setdiff1d(np.arange(n), d.held)
    r = np.linalg.inv(d.g[np.ix_(free, free)])
    for _ in range(most):
        new = V - r @ (d.p_w[free] / v[free])
        if (new <= 0.0).any():
            return None
        step = float(np.max(np.abs(new - v[free])))
        v[free] = new
        if step < 1e-11:
            break
    return v


def _imbalance(net: dcgrid.Network) -> float:
    """Largest sum of currents into a bus over what is allowed: max(1e-6 A, 1e-10 sum |I|)."""
    n = len(net.tables["bus"])
    total, size = np.zeros(n), np.zeros(n)
    ends = [
        ("source", "bus", "source", "i_a", 1), ("load", "bus", "load", "i_a", -1), ("storage", "bus", "storage", "i_a", 1),
        ("line", "from_bus", "line", "i_a", -1), ("line", "to_bus", "line", "i_a", 1),
        ("converter", "from_bus", "converter", "i_in_a", -1), ("converter", "to_bus", "converter", "i_out_a", 1),
    ]  # fmt: skip
    for table, end, result, column, sign in ends:
        if len(net.tables[table]):
            i = sign * np.nan_to_num(net.result(result)[column])
            np.add.at(total, np.array(net.column(table, end)), i)
            np.add.at(size, np.array(net.column(table, end)), np.abs(i))
    for k, (a, b, et) in enumerate(
        zip(*(net.column("switch", c) for c in ("bus", "element", "et")), strict=True)
    ):
        i = float(np.nan_to_num(net.result("switch")["i_a"][k])) if et == "bus" else 0.0
        for bus, s in ((a, -i), (b, i)) if et == "bus" else ():
            total[bus] += s
            size[bus] += abs(s)
    return float(np.max(np.abs(total) / np.maximum(1e-6, 1e-10 * size)))


def _rounding_w(net: dcgrid.Network) -> float:
    """Power that the rounding of voltages alone leaves open in nearly idle networks [W]: 4 eps V^2 / R of the lines."""
    g = np.array(net.column("line", "parallel")) / net.floats("line", "r_ohm")
    return float(4.0 * np.finfo(float).eps * V**2 * g.sum())


def _solved_faults(d: Drawn, r: dcgrid.PowerFlowResult) -> list[str]:
    """What a solved network breaks."""
    net, out = d.net, []
    if _imbalance(net) > 1.0:
        out.append(f"currents do not balance: {_imbalance(net):.2g} times what is allowed")
    p_src, p_ld = net.result("source")["p_w"], net.result("load").get("p_w", np.zeros(0))
    turnover = float(np.nansum(np.abs(p_src)) + np.nansum(p_ld)) + 1.0
    gap = (r.source_p_w or 0.0) + (r.storage_p_w or 0.0) - (r.load_p_w or 0.0) - (r.loss_w or 0.0)
    if abs(gap) > max(1e-9 * turnover, _rounding_w(net)):
        out.append(f"energy does not close: {gap / turnover:.2g}")
    for table in ("line", "converter"):
        if (np.nan_to_num(net.result(table).get("loss_w", np.zeros(0))) < 0.0).any():
            out.append(f"a {table} has a negative loss")
    back = ~np.array(net.column("source", "allow_reverse"), dtype=bool)
    if (np.nan_to_num(net.result("source")["i_a"])[back] < -1e-6).any():
        out.append("a source takes power that may not")
    v = net.result("bus")["v_v"]
    if d.parent and any(v[k] > v[a] + 1e-9 for k, a in enumerate(d.parent, 1)):
        out.append("voltage rises along a feeder")
    if d.g is not None and d.p_w is not None:
        ours, other = v[: len(d.p_w)], monotone(d)
        slow = 1e-3 if strain(d) > 0.99 else 1e-7
        if other is None or np.max(np.abs(ours - other)) > slow * V:
            out.append("not the highest solution")
    return out


def _collapse_faults(d: Drawn, r: dcgrid.PowerFlowResult) -> list[str]:
    """Why a reported collapse is not believed."""
    out = []
    if d.g is not None:
        if strain(d) < 1.0:
            out.append(f"collapse although 4 R P / V2 = {strain(d):.4f}")
        if monotone(d) is not None:
            out.append("collapse although the monotone iteration finds a solution")
    if r.lambda_max is None or r.limiting_bus is None:
        return [*out, "collapse without its share of load or bus"]
    asked = d.net.load["p_w"].copy()
    for k, name in enumerate(d.net.labels("converter")):
        if name in r.limited:  # tripped on the way
            d.net.converter.loc[k, "in_service"] = False
    for factor, wanted in ((0.999, True), (1.001, False)):
        d.net.load["p_w"] = asked * r.lambda_max * factor
        if dcgrid.run(d.net, tables=False).outcome.solved is not wanted and r.lambda_max > 0.0:
            out.append(f"at {factor} of lambda_max it is {'not ' if wanted else ''}solved")
    d.net.load["p_w"] = asked
    return out


def _turning_point_faults(d: Drawn) -> list[str]:
    """Why it is not believed that regulated outputs which feed their own input leave no operating point."""
    net = d.net
    loops = [
        k
        for k, (mode, v) in enumerate(
            zip(net.column("converter", "mode"), net.column("converter", "v_out_v"), strict=True)
        )
        if mode == "v_out" and v == V
    ]
    own = net.floats("converter", "r_droop_ohm")[loops]

    def current(more_ohm: float) -> float | None:
        """Largest current of these outputs with so much more droop [A]; None where it is not solved."""
        net.converter.loc[loops, "r_droop_ohm"] = own + more_ohm
        if not dcgrid.run(net).outcome.solved:
            return None
        return float(np.nanmax(np.abs(net.result("converter")["i_out_a"][loops])))

    low, high = 1e-7, 10.0
    if not loops or current(high) is None:
        return ["no operating point although nothing pushes power"]
    while high - low > 1e-8 * high:
        middle = float(np.sqrt(low * high)) if high > 1.01 * low else 0.5 * (low + high)
        low, high = (low, middle) if current(middle) is not None else (middle, high)
    near = [current(high * (1.0 + x)) for x in (1e-4, 1e-3, 1e-2)]
    if None in near:
        return ["more droop does not keep the solution"]
    ratio = (near[2] - near[1]) / (near[1] - near[0])  # type: ignore[operator]
    return [] if 2.0 < ratio < 5.0 else [f"no turning point in the droop: {ratio:.2f} instead of 10^0.5"]


def judge(d: Drawn) -> tuple[str, list[str]]:
    """Outcome of one network and what is wrong with it."""
    try:
        r = dcgrid.run(d.net)
        if r.outcome.solved:
            return r.outcome.name, _solved_faults(d, r)
        faults = [] if d.net.res_bus.empty and r.loss_w is None and r.explain else ["numbers after a failure"]
        if r.outcome is dcgrid.Outcome.COLLAPSE:
            return r.outcome.name, faults + _collapse_faults(d, r)
        if r.outcome is dcgrid.Outcome.NOT_CONVERGED and not d.surplus:
            faults += _turning_point_faults(d)
        if r.outcome is dcgrid.Outcome.INVALID:
            faults.append(f"refused: {r.explain}")
        return r.outcome.name, faults
    except Exception:
        return "EXCEPTION", [traceback.format_exc(limit=-3)]


def study(n: int, seed: int) -> dict[str, Any]:
    """Draw and judge `n` networks; network k depends on (seed, k) alone."""
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    must, found, faults = 0, 0, []
    began = time.perf_counter()
    for k in range(n):
        kind = KINDS[k % len(KINDS)]
        d = DRAW[kind](np.random.default_rng([seed, k]))
        certain = d.g is not None and strain(d) < 1.0
        outcome, wrong = judge(d)
        counts[kind][outcome] += 1
        must += certain
        found += certain and outcome in ("OK", "LIMITED")
        if certain and outcome not in ("OK", "LIMITED"):
            wrong = [*wrong, f"{outcome} although 4 R P / V2 = {strain(d):.4f}"]
        faults += [{"number": k, "kind": kind, "outcome": outcome, "fault": w} for w in wrong]
    return {
        "networks": n, "seed": seed, "outcomes": {k: dict(c) for k, c in counts.items()},
        "must_converge": must, "converged": found, "faults": faults, "seconds": round(time.perf_counter() - began, 1),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("-n", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json")
    asked = parser.parse_args()
    result = study(asked.n, asked.seed)
    print(f"{result['networks']} networks, seed {result['seed']}, {result['seconds']} s")
    for kind, counts in result["outcomes"].items():
        print(f"  {kind:11s}", ", ".join(f"{name} {count}" for name, count in sorted(counts.items())))
    print(
        f"  must converge {result['must_converge']}, converged {result['converged']}; {len(result['faults'])} faults"
    )
    for fault in result["faults"][:20]:
        print("   ", fault)
    if asked.json:
        with open(asked.json, "w") as file:
            json.dump(result, file, indent=1)


if __name__ == "__main__":
    main()
