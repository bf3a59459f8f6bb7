"""Speed of dcgrid's power flow, and of power-grid-model on the same networks in the same run (extra ``peers``).

Run with `pytest benchmarks/bench_dcgrid.py --benchmark-timer=time.process_time`; `-s` prints the ratios. Medians of 7 of
processor time (which other work on the machine disturbs least), one thread each, the same outputs (voltage of every node,
current of every line). A droop source of the peer is an ideal one behind the droop's resistance.
"""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dcgrid

TABLES = ("bus", "line", "converter", "source", "load")


def row_network(n_bus: int = 1000) -> dcgrid.Network:
    """One source at a hub of 800 V, rows of nine racks of about 132 kW behind it."""
    rng = np.random.default_rng(1)
    net = dcgrid.create_empty_network("rows")
    hub = dcgrid.create_bus(net, 800.0, "hub")
    dcgrid.create_source(net, hub, 800.0)
    at = hub
    for b in range(1, n_bus):
        at = hub if b % 9 == 1 else at
        tap = dcgrid.create_bus(net, 800.0)
        dcgrid.create_line_from_parameters(net, at, tap, float(rng.uniform(1e-4, 5e-4)), 2000.0)
        dcgrid.create_load(net, tap, 132e3 * float(rng.uniform(0.8, 1.0)))
        at = tap
    return net


def meshed_network() -> dcgrid.Network:
    """The same with every second pair of row ends tied, and five droop sources."""
    net = row_network()
    net.source.loc[0, "r_droop_ohm"] = 2e-4
    ends = range(9, 1000, 9)
    for a, b in zip(ends[:-1:2], ends[1::2], strict=False):
        dcgrid.create_line_from_parameters(net, a, b, 4e-4, 2000.0)
    for k in range(4):
        dcgrid.create_source(net, 9 * (10 + 20 * k) + 5, 800.0, 3e-4, allow_reverse=True)
    return net


def half_campus() -> dcgrid.Network:
    """Two pods of 225 racks behind sidecars whose modules are staged: about 980 buses, 450 converters."""
    net = dcgrid.create_empty_network("half a campus")
    spec = dcgrid.PodSpec(n_blocks=8, block_p_w=5e6, n_racks=225, rack_p_w=132e3, sidecar_staging="optimal")
    for k in (1, 2):
        dcgrid.build_pod(spec, net, f"pod {k}")
    return net


def campus() -> dcgrid.Network:
    """100 MW and more: five pods of 250 racks, about 2700 buses, 1250 converters."""
    net = dcgrid.create_empty_network("campus")
    spec = dcgrid.PodSpec(n_blocks=8, block_p_w=5e6, n_racks=250, rack_p_w=132e3)
    for k in range(1, 6):
        dcgrid.build_pod(spec, net, f"pod {k}")
    return net


def scenarios(net: dcgrid.Network, n: int) -> np.ndarray:
    rated = np.array(net.column("load", "p_w"))
    return rated * np.random.default_rng(2).uniform(0.3, 1.0, (n, len(rated)))


def median_s(work: Callable[[], Any], times: int = 7) -> float:
    work()
    seconds = []
    for _ in range(times):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return statistics.median(seconds)


def peer(net: dcgrid.Network, p: np.ndarray, method: str) -> Callable[[], Any]:
    """The same batch through power-grid-model: three-phase power and line voltage stand for DC power and voltage."""
    pgm = pytest.importorskip("power_grid_model")
    n, n_line, n_load, n_src = (len(net.tables[t]) for t in ("bus", "line", "load", "source"))
    droop = net.floats("source", "r_droop_ohm")
    ideal = not droop.any()
    node = pgm.initialize_array("input", "node", n if ideal else n + n_src)
    node["id"], node["u_rated"] = np.arange(len(node)), 800.0
    line = pgm.initialize_array("input", "line", n_line if ideal else n_line + n_src)
    line["id"], line["i_n"] = 10**6 + np.arange(len(line)), 1e4
    line["from_status"] = line["to_status"] = 1
    line["x1"] = line["c1"] = line["tan1"] = 0.0
    sources = np.array(net.column("source", "bus"))
    ends = ([], []) if ideal else (sources, n + np.arange(n_src))
    line["from_node"] = np.concatenate([net.column("line", "from_bus"), ends[0]])
    line["to_node"] = np.concatenate([net.column("line", "to_bus"), ends[1]])
    line["r1"] = np.concatenate([net.floats("line", "r_ohm"), [] if ideal else droop])
    load = pgm.initialize_array("input", "sym_load", n_load)
    load["id"], load["node"] = 2 * 10**6 + np.arange(n_load), net.column("load", "bus")
    load["status"], load["type"], load["p_specified"], load["q_specified"] = 1, 0, 0.0, 0.0
    source = pgm.initialize_array("input", "source", n_src)
    source["id"], source["node"] = 3 * 10**6 + np.arange(n_src), sources if ideal else n + np.arange(n_src)
    source["status"], source["u_ref"], source["sk"] = 1, net.floats("source", "v_v") / 800.0, 1e20
    model = pgm.PowerGridModel({"node": node, "line": line, "sym_load": load, "source": source})
    update = pgm.initialize_array("update", "sym_load", p.shape)
    update["id"], update["p_specified"] = load["id"], p

    def work() -> Any:
        return model.calculate_power_flow(
            update_data={"sym_load": update},
            calculation_method=method,
            error_tolerance=1e-9,
            max_iterations=50,
            threading=-1,
            output_component_types={"node": ["u"], "line": ["i_from"]},
        )

    return work


def test_single_run_of_1000_buses_with_tables(benchmark: Any) -> None:
    """Target: 2 ms, warm, unchanged topology."""
    net = row_network()

    def solve() -> int:
        dcgrid.run(net).require_ok()
        return sum(len(getattr(net, f"res_{t}")) for t in TABLES)

    assert benchmark(solve) > 2900


def test_single_run_with_450_converters(benchmark: Any) -> None:
    """Target: 5 ms with validation; the findings and the compiled network are kept while no table changes."""
    net = half_campus()

    def solve() -> int:
        dcgrid.run(net).require_ok()
        return sum(len(getattr(net, f"res_{t}")) for t in TABLES)

    assert benchmark(solve) > 2000


def test_single_run_with_450_converters_validated_anew(benchmark: Any) -> None:
    """The same with every check of the network made again, ratings below their load included; target 5 ms."""
    net = half_campus()

    def solve() -> None:
        assert not any(f.level == "error" for f in dcgrid.diagnose(net))
        dcgrid.run(net).require_ok()
        for t in TABLES:
            getattr(net, f"res_{t}")

    benchmark(solve)


@pytest.mark.parametrize(
    ("build", "newton", "fastest"),
    [(row_network, 20.0, 8.0), (meshed_network, 2.0, 2.0)],
    ids=["radial", "meshed"],
)
def test_batch_against_the_peer(build: Callable[[], dcgrid.Network], newton: float, fastest: float) -> None:
    """1000 scenarios of 1000 buses; targets: times as fast as the peer's Newton and its fastest method."""
    net = build()
    p = scenarios(net, 1000)
    theirs = {m: peer(net, p, m) for m in ("newton_raphson", "iterative_current")}
    ours = dcgrid.run_batch(net, p, keep=("v_bus_v", "i_line_a"))
    gap = max(
        float(np.abs(ours.v_bus_v - w()["node"]["u"][:, : len(net.bus)]).max()) for w in theirs.values()
    )
    assert gap < 1e-5
    took = {m: median_s(work) for m, work in theirs.items()}
    mine = median_s(lambda: dcgrid.run_batch(net, p, keep=("v_bus_v", "i_line_a")))
    ratio = {m: t / mine for m, t in took.items()}
    print(f"\n{build.__name__}: {1e3 * mine:.1f} ms; " + ", ".join(f"{m} x{r:.1f}" for m, r in ratio.items()))
    print(f"targets: Newton x{newton:g}, fastest x{fastest:g}; largest difference {gap:.1e} V")
    assert ratio["newton_raphson"] > 0.6 * newton
    assert min(ratio.values()) > 0.6 * fastest


def test_batch_with_450_converters(benchmark: Any) -> None:
    """Target: 1 ms a scenario."""
    net = half_campus()
    p = scenarios(net, 200)
    batch = benchmark(dcgrid.run_batch, net, p)
    assert set(batch.outcome) == {dcgrid.Outcome.OK}


def test_campus_year(benchmark: Any) -> None:
    """8760 hours of 2700 buses; targets: 10 s and 1 GB with voltages and currents kept."""
    net = campus()
    p = scenarios(net, 8760)
    batch = benchmark.pedantic(dcgrid.run_batch, args=(net, p), rounds=1)
    peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"\npeak memory {peak_gb:.2f} GB")
    assert batch.v_bus_v.shape == (8760, len(net.bus))
    assert benchmark.stats["median"] < 10.0


def test_single_outages(benchmark: Any) -> None:
    """N-1 of the campus: every line, converter and source; target 10 s."""
    net = campus()
    dcgrid.contingencies(net)
    found = benchmark.pedantic(dcgrid.contingencies, args=(net,), rounds=3)
    assert len(found.table) > 2500
    assert benchmark.stats["median"] < 10.0


def test_single_outages_of_tied_pods(benchmark: Any) -> None:
    """The same with the five pods tied in a ring: every outage is felt everywhere."""
    spec = dcgrid.PodSpec(n_blocks=8, block_p_w=5e6, n_racks=250, rack_p_w=132e3)
    net = dcgrid.campus_network(dcgrid.CampusGridSpec((spec,) * 5, "ring", "solid_state_breaker"))
    dcgrid.contingencies(net)
    found = benchmark.pedantic(dcgrid.contingencies, args=(net,), rounds=3)
    assert len(found.table) > 2500


def test_slider(benchmark: Any) -> None:
    """One load of the campus changes and everything is read again; target 0.1 s."""
    net = campus()
    factor = iter(np.linspace(0.5, 1.0, 1000))

    def move() -> int:
        net.load.loc[0, "p_w"] = 132e3 * next(factor)
        dcgrid.run(net).require_ok()
        return len(net.res_bus)

    assert benchmark.pedantic(move, rounds=20, warmup_rounds=1) > 2500


def test_compile_and_first_run(benchmark: Any) -> None:
    """A changed topology of the campus: compile, order, solve."""
    net = campus()

    def solve() -> None:
        net.line.loc[0, "r_ohm"] *= 1.0001
        dcgrid.run(net).require_ok()

    benchmark.pedantic(solve, rounds=7, warmup_rounds=1)


def test_ac_chain_five_levels(benchmark: Any) -> None:
    spec = dcgrid.AcChainSpec(n_racks=455, rack_p_w=132e3, n_blocks=14, block_p_w=5e6)
    curve = benchmark(dcgrid.ac_loss_curve, spec, np.linspace(30e3, 132e3, 5))
    assert curve.solved
