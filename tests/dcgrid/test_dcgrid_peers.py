"""The validation networks through peers (extra ``peers``; pandapower is a dependency): DC solved as AC without reactance.

Three-phase power P in line resistance R and line voltage U flows as DC power P in loop resistance R at U. Droop is a
series resistance behind an ideal source. A converter is what the reference says of it: its input power as a load, its
output as a held voltage (or, in mode p, a given power). So the peers check our whole network and the reference's.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

import dcgrid

pytestmark = pytest.mark.peers
FOLDER = Path(__file__).parents[1] / "validation" / "dc_networks"
PLAIN = json.loads((FOLDER / "dc_networks.json").read_text())["cases"]
MESHED = json.loads((FOLDER / "dc_networks_meshed.json").read_text())["cases"]
RADIAL = [name for name, case in PLAIN.items() if "branches" in case]
SOLVED = [
    name
    for name, case in MESHED.items()
    if all(b["kind"] == "monopolar" for b in case["buses"]) and case["expected"]["outcome"] != "COLLAPSE"
]
NEAR_NOSE = {"cpl2_near_nose", "nose_99"}


@dataclass
class Plain:
    """Nodes, resistances, held voltages and loads: what every power flow tool knows. `bus` gives the node of each bus."""

    vn: list[float]
    bus: list[int] = field(default_factory=list)
    lines: list[tuple[int, int, float]] = field(default_factory=list)
    held: dict[int, float] = field(default_factory=dict)
    loads: list[tuple[int, float, int]] = field(
        default_factory=list
    )  # node, W, 0 power 1 impedance 2 current

    def node(self, vn: float) -> int:
        self.vn.append(vn)
        return len(self.vn) - 1


def plain(net: dcgrid.Network) -> Plain:
    """The supplied part of a solved network in these terms."""
    from dcgrid.compile import fuse, open_ends

    node = fuse(net)
    vn = net.column("bus", "vn_v")
    p = Plain([vn[int(np.flatnonzero(node == k)[0])] for k in range(int(node.max()) + 1)])
    lit = net.res_bus["supplied"].to_numpy()
    p.bus = [int(node[b]) if lit[b] else -1 for b in range(len(vn))]
    gone = open_ends(net)
    for k, line in net.line.iterrows():
        if line.in_service and k not in gone and lit[line.from_bus]:
            p.lines.append((p.bus[line.from_bus], p.bus[line.to_bus], line.r_ohm / line.parallel))
    for k, s in net.source.iterrows():
        if not s.in_service or abs(net.res_source.i_a[k]) < 1e-6:  # blocked
            continue
        at = p.bus[s.bus]
        if s.r_droop_ohm > 0.0:
            inner = p.node(vn[s.bus])
            p.lines.append((inner, at, s.r_droop_ohm))
            at = inner
        p.held[at] = s.v_v
    for k, c in net.converter.iterrows():
        r = net.res_converter.loc[k]
        if not np.isfinite(r.p_in_w):
            continue
        p.loads.append((p.bus[c.from_bus], float(r.p_in_w), 0))
        folded = r.limited and c["on_limit"] == "fold"
        if c["mode"] in ("v_out", "ratio") and not folded:
            p.held[p.bus[c.to_bus]] = float(r.v_out_v)
        else:
            p.loads.append((p.bus[c.to_bus], -float(r.p_out_w), 0))
    kinds = {"constant_power": 0, "constant_resistance": 1, "constant_current": 2}
    for k, load in net.load.iterrows():
        if np.isfinite(net.res_load.p_w[k]):
            shares = load.shares if isinstance(load.shares, dict) else {load.kind: 1.0}
            p.loads += [(p.bus[load.bus], load.p_w * s, kinds[name]) for name, s in shares.items() if s]
    for k, x in net.storage.iterrows():
        if x.in_service and lit[x.bus]:
            p.loads.append((p.bus[x.bus], -float(net.res_storage.p_w[k]), 0))
    return p


def connected(p: Plain) -> set[int]:
    """Nodes that a held voltage reaches."""
    seen, todo = set(p.held), list(p.held)
    while todo:
        at = todo.pop()
        for a, b, _ in p.lines:
            for here, there in ((a, b), (b, a)):
                if here == at and there not in seen:
                    seen.add(there)
                    todo.append(there)
    return seen


def by_pandapower(p: Plain) -> np.ndarray:
    pp = pytest.importorskip("pandapower")
    net, used = pp.create_empty_network(), connected(p)
    for k, v in enumerate(p.vn):
        pp.create_bus(net, v / 1e3, in_service=k in used)
    for a, b, r in p.lines:
        pp.create_line_from_parameters(net, a, b, 1.0, r, 0.0, 0.0, 1e3)
    for node, v in p.held.items():
        pp.create_ext_grid(net, node, v / p.vn[node])
    for node in {
        node for node, _, _ in p.loads
    }:  # one load a bus: pandapower takes the mean of several loads' shares
        part = [sum(w for at, w, kind in p.loads if at == node and kind == k) for k in range(3)]
        share = {
            f"const_{c}_p_percent": 100.0 * part[k] / sum(part) for c, k in (("z", 1), ("i", 2)) if part[k]
        }
        pp.create_load(net, node, sum(part) / 1e6, 0.0, **share)
    pp.runpp(net, tolerance_mva=1e-10, max_iteration=100, init="flat", numba=False)
    return net.res_bus["vm_pu"].to_numpy() * np.array(p.vn)


def by_power_grid_model(p: Plain) -> np.ndarray:
    pgm = pytest.importorskip("power_grid_model")
    used = sorted(connected(p))
    number = {node: k for k, node in enumerate(used)}
    node = pgm.initialize_array("input", "node", len(used))
    node["id"], node["u_rated"] = np.arange(len(used)), [p.vn[k] for k in used]
    lines = [(number[a], number[b], r) for a, b, r in p.lines]
    line = pgm.initialize_array("input", "line", len(lines))
    line["id"] = 10_000 + np.arange(len(lines))
    line["from_node"], line["to_node"], line["r1"] = (list(c) for c in zip(*lines, strict=True))
    line["from_status"] = line["to_status"] = 1
    line["x1"], line["c1"], line["tan1"], line["i_n"] = 0.0, 0.0, 0.0, 1e6
    load = pgm.initialize_array("input", "sym_load", len(p.loads))
    load["id"], load["status"] = 20_000 + np.arange(len(p.loads)), 1
    load["node"], load["p_specified"], load["type"] = (
        list(c) for c in zip(*((number[a], w, k) for a, w, k in p.loads), strict=True)
    )
    load["q_specified"] = 0.0
    source = pgm.initialize_array("input", "source", len(p.held))
    source["id"], source["status"], source["sk"] = 30_000 + np.arange(len(p.held)), 1, 1e20
    source["node"], source["u_ref"] = [number[k] for k in p.held], [v / p.vn[k] for k, v in p.held.items()]
    model = pgm.PowerGridModel({"node": node, "line": line, "sym_load": load, "source": source})
    found = model.calculate_power_flow(error_tolerance=1e-12, max_iterations=200)["node"]["u"]
    out = np.full(len(p.vn), np.nan)
    out[used] = found
    return out


PEERS = {"pandapower": by_pandapower, "power-grid-model": by_power_grid_model}


def radial(case: dict) -> dcgrid.Network:
    net = dcgrid.create_empty_network()
    for _ in range(case["n_bus"]):
        dcgrid.create_bus(net, case["v_slack"])
    dcgrid.create_source(net, case["slack_bus"], case["v_slack"])
    for a, b, r in case["branches"]:
        dcgrid.create_line_from_parameters(net, a, b, r)
    for bus, p in enumerate(case["p_load"]):
        if p:
            dcgrid.create_load(net, bus, p)
    return net


def meshed(case: dict) -> dcgrid.Network:
    net = dcgrid.create_empty_network()
    bus = {b["id"]: dcgrid.create_bus(net, b["vn_v"], b["id"], b["kind"]) for b in case["buses"]}
    line = {}
    for e in case.get("lines", []):
        ends = (net, bus[e["from"]], bus[e["to"]], e["r_ohm"])
        line[e["id"]] = dcgrid.create_line_from_parameters(*ends, parallel=e.get("parallel", 1), name=e["id"])
    for e in case.get("sources", []):
        dcgrid.create_source(
            net, bus[e["bus"]], e["v_v"], e["r_droop_ohm"], e["id"], allow_reverse=e["allow_reverse"]
        )
    for e in case.get("converters", []):
        rest = {k: v for k, v in e.items() if k not in ("id", "from_bus", "to_bus")}
        dcgrid.create_converter(net, bus[e["from_bus"]], bus[e["to_bus"]], name=e["id"], **rest)
    for e in case.get("loads", []):
        dcgrid.create_load(net, bus[e["bus"]], e["p_w"], e["kind"], e["id"], shares=e.get("shares"))
    for e in case.get("switches", []):
        if "line" in e:
            dcgrid.create_switch(net, bus[e["bus"]], line[e["line"]], "line", e["closed"], e["id"])
        else:
            dcgrid.create_switch(net, bus[e["from"]], bus[e["to"]], "bus", e["closed"], e["id"])
    return net


@pytest.mark.parametrize("peer", PEERS)
@pytest.mark.parametrize("name", [*RADIAL, *SOLVED])
def test_voltages_as_the_peer(name: str, peer: str, record_validation) -> None:
    net = radial(PLAIN[name]) if name in RADIAL else meshed(MESHED[name])
    dcgrid.run(net).require_ok()
    p = plain(net)
    found = PEERS[peer](p)
    lit = [b for b, node in enumerate(p.bus) if node >= 0]
    ours, theirs = net.res_bus["v_v"].to_numpy()[lit], found[[p.bus[b] for b in lit]]
    tolerance = 1e-6 if name in NEAR_NOSE else 1e-8
    np.testing.assert_allclose(ours, theirs, rtol=tolerance)
    worst = int(np.argmin(ours / np.array(net.column("bus", "vn_v"))[lit]))
    record_validation(
        name, f"{peer}, AC with x = 0", "lowest voltage", float(theirs[worst]), float(ours[worst]), tolerance,
        unit="V", relative=True,
    )  # fmt: skip


@pytest.mark.parametrize("peer", PEERS)
def test_stagg5_dc_side_as_the_peer(peer: str, record_validation) -> None:
    """The converters' powers as given, half of r as the loop (P = 2 V I): the powers become loads of the peer."""
    case, z_base = PLAIN["stagg5_matacdc"], 345e3**2 / 100e6
    net = dcgrid.create_empty_network("stagg 5, DC side")
    bus = [dcgrid.create_bus(net, 345e3) for _ in range(3)]
    for a, b, r in case["inputs"]["dc_lines"]:
        dcgrid.create_line_from_parameters(net, bus[a - 1], bus[b - 1], 0.5 * r * z_base)
    p = case["expected"]["p_conv_dc_MW"]
    dcgrid.create_storage(net, bus[0], 1e6 * p[0])
    dcgrid.create_source(net, bus[1], 345e3, allow_reverse=True)
    dcgrid.create_storage(net, bus[2], 1e6 * p[2])
    dcgrid.run(net).require_ok()
    theirs, ours = PEERS[peer](plain(net)), net.res_bus["v_v"].to_numpy()
    for k in range(3):
        record_validation(
            "stagg5_matacdc", f"{peer}, AC with x = 0", f"voltage of DC bus {k + 1}", float(theirs[k]), float(ours[k]),
            1e-9, unit="V", relative=True,
        )  # fmt: skip


def test_a_row_of_racks_agrees_with_both_peers() -> None:
    net = dcgrid.create_empty_network("row")
    at = dcgrid.create_bus(net, 800.0)
    dcgrid.create_source(net, at, 800.0)
    for k in range(12):
        tap = dcgrid.create_bus(net, 800.0)
        dcgrid.create_line_from_parameters(net, at, tap, 0.0004 + 0.0001 * (k % 3))
        dcgrid.create_load(net, tap, 132e3)
        at = tap
    dcgrid.run(net).require_ok()
    for peer in PEERS.values():
        np.testing.assert_allclose(net.res_bus["v_v"], peer(plain(net)), rtol=1e-9)
