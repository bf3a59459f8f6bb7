"""Speed of dcgrid: a campus of 2500 buses solved once and in a batch, and one level of the AC chain.

Run with `pytest benchmarks/bench_dcgrid.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import dcgrid


@pytest.fixture(scope="module")
def campus() -> dcgrid.Network:
    """Five pods of 250 racks: about 2700 buses, 1250 converters."""
    net = dcgrid.create_empty_network("campus")
    spec = dcgrid.PodSpec(n_blocks=8, block_p_w=5e6, n_racks=250, rack_p_w=132e3)
    for k in range(1, 6):
        dcgrid.build_pod(spec, net, f"pod {k}")
    return net


def test_build_campus(benchmark: Any) -> None:
    spec = dcgrid.PodSpec(n_blocks=8, block_p_w=5e6, n_racks=250, rack_p_w=132e3)
    net = benchmark(dcgrid.build_pod, spec)
    assert len(net.bus) > 500


def test_run_without_tables(benchmark: Any, campus: dcgrid.Network) -> None:
    result = benchmark(dcgrid.run, campus, tables=False)
    assert result.outcome is dcgrid.Outcome.OK


def test_run_with_tables(benchmark: Any, campus: dcgrid.Network) -> None:
    def solve() -> int:
        dcgrid.run(campus).require_ok()
        return len(campus.res_bus) + len(campus.res_line) + len(campus.res_converter) + len(campus.res_load)

    assert benchmark(solve) > 2500


def test_batch_of_twenty(benchmark: Any, campus: dcgrid.Network) -> None:
    loads = np.outer(np.linspace(0.3, 1.0, 20), np.array(campus.column("load", "p_w")))
    batch = benchmark(dcgrid.run_batch, campus, loads)
    assert set(batch.outcome) == {dcgrid.Outcome.OK}


def test_ac_chain_five_levels(benchmark: Any) -> None:
    spec = dcgrid.AcChainSpec(n_racks=455, rack_p_w=132e3, n_blocks=14, block_p_w=5e6)
    curve = benchmark(dcgrid.ac_loss_curve, spec, np.linspace(30e3, 132e3, 5))
    assert curve.solved
