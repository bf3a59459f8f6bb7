"""Margins of uniform load scaling against closed forms, and the answer close to and beyond the nose."""

from __future__ import annotations

import numpy as np
import pytest

import dcgrid


def feeder(**converter: object) -> dcgrid.Network:
    """800 V source with droop, a 0.4 ohm cable, and a 50 V rack behind a converter without loss."""
    net = dcgrid.create_empty_network()
    a, b, c = (dcgrid.create_bus(net, v, n) for v, n in ((800.0, "hub"), (800.0, "tap"), (50.0, "rack")))
    dcgrid.create_source(net, a, 800.0, 0.1, "block", p_max_w=300e3)
    dcgrid.create_line_from_parameters(net, a, b, 0.4, 400.0, name="cable")
    dcgrid.create_converter(
        net, b, c, 50.0, 33e3, 4, name="sidecar", loss_curve=[[0, 0], [1, 0]], **converter
    )
    dcgrid.create_load(net, c, 100e3)
    return net


def test_each_limit_where_the_closed_form_puts_it() -> None:
    """P = (Vs - v) v / R at the lock-out voltage v, P = 50 V i_max, P = i (Vs - R i) at the ampacity, Vs^2/4R."""
    net = feeder(v_in_min_v=700.0, i_out_max_a=3500.0, p_max_w=190e3)
    found = dcgrid.margins(net)
    by_kind = {x.kind: (x.element, x.factor) for x in found.limits}
    want = {
        "under-voltage lock-out": ("sidecar", (800 - 700) * 700 / 0.5 / 100e3),
        "converter current": ("sidecar", 50 * 3500 / 100e3),
        "converter power": ("sidecar", 1.9),
        "ampacity": ("cable", 400 * (800 - 0.5 * 400) / 100e3),
    }
    i = (800 - np.sqrt(800**2 - 4 * 0.1 * 300e3)) / (2 * 0.1)  # (800 - 0.1 i) i = 300 kW
    want["source rating"] = ("block", i * (800 - 0.5 * i) / 100e3)
    assert set(by_kind) == set(want)
    for kind, (element, factor) in want.items():
        assert by_kind[kind][0] == element
        assert by_kind[kind][1] == pytest.approx(factor, rel=1e-8), kind
    assert found.engineering.kind == "under-voltage lock-out"
    assert found.nose == pytest.approx(800**2 / (4 * 0.5) / 100e3, rel=1e-6)
    assert found.nose_bus == "tap"
    assert "sidecar" in found.explain


def test_without_limits_only_the_nose() -> None:
    net = feeder()
    net.source["p_max_w"] = None
    net.line["max_i_a"] = None
    found = dcgrid.margins(net)
    assert found.engineering is None
    assert found.limits == ()
    assert found.nose == pytest.approx(3.2, rel=1e-6)


def test_a_network_without_load_or_with_errors_has_no_margin() -> None:
    net = feeder()
    net.load["p_w"] = 0.0
    assert dcgrid.margins(net).nose is None
    net.load["p_w"] = 1e5
    net.line.loc[0, "r_ohm"] = -1.0
    assert dcgrid.margins(net).explain.startswith("the network contradicts itself")


@pytest.mark.parametrize("seed", range(6))
def test_converges_to_99_9_percent_and_collapses_beyond(seed: int) -> None:
    """Random meshes with droop and racks: solved at 99.9 % of the nose; 0.1 % beyond it COLLAPSE with a bus of the net."""
    rng = np.random.default_rng(seed)
    net = dcgrid.create_empty_network()
    n = 12
    for k in range(n):
        dcgrid.create_bus(net, 800.0, f"b{k}")
    for b in range(1, n):
        dcgrid.create_line_from_parameters(net, int(rng.integers(0, b)), b, float(rng.uniform(0.01, 0.1)))
    dcgrid.create_line_from_parameters(net, 3, n - 1, 0.05)
    for b in (0, 5):
        dcgrid.create_source(net, b, 800.0, 0.01, allow_reverse=True)
    for b in range(n):
        rack = dcgrid.create_bus(net, 50.0, f"r{b}")
        dcgrid.create_converter(net, b, rack, 50.0, 33e3, 6, loss_curve=[[0, 0.004], [1, 0.027]])
        dcgrid.create_load(net, rack, float(rng.uniform(1e4, 1e5)))
    nose = dcgrid.margins(net).nose
    base = np.array(net.column("load", "p_w"))
    net.load["p_w"] = 0.999 * nose * base
    assert dcgrid.run(net).outcome is dcgrid.Outcome.OK
    net.load["p_w"] = 1.001 * nose * base
    result = dcgrid.run(net)
    assert result.outcome is dcgrid.Outcome.COLLAPSE
    assert result.limiting_bus in net.labels("bus")
    assert result.lambda_max == pytest.approx(1 / 1.001, rel=2e-4)
