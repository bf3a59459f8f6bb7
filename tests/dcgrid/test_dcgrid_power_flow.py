"""Laws that every solved network keeps, and what happens where there is no answer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dcgrid

QUICK = settings(max_examples=60, deadline=None, derandomize=True)


@st.composite
def networks(draw: st.DrawFn) -> dcgrid.Network:
    """A random 800 V network: tree plus chords, droop sources, rack converters, mixed loads, a storage, a switch."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(2, 25))
    stress = draw(st.sampled_from([0.01, 0.1, 1.0, 3.0]))
    net = dcgrid.create_empty_network("random")
    for _ in range(n):
        dcgrid.create_bus(net, 800.0)
    for b in range(1, n):
        r = float(10 ** rng.uniform(-4, -2))
        dcgrid.create_line_from_parameters(
            net, int(rng.integers(0, b)), b, r, 1000.0, int(rng.integers(1, 4))
        )
    for _ in range(draw(st.integers(0, 4))):
        a, b = rng.choice(n, 2, replace=False)
        dcgrid.create_line_from_parameters(net, int(a), int(b), float(10 ** rng.uniform(-4, -2)))
    for k in range(draw(st.integers(1, 3))):
        reverse = bool(rng.integers(0, 2)) or k == 0
        v, droop = float(rng.uniform(780, 820)), float(rng.uniform(1e-4, 5e-3))
        dcgrid.create_source(net, int(rng.integers(0, n)), v, droop, allow_reverse=reverse)
    curve = [[0, 0.004], [0.5, 0.0097], [1.0, 0.0267], [1.2, 0.037]]
    for b in range(n):
        p = float(rng.uniform(0, 2e5)) * stress
        if rng.random() < 0.4:
            rack = dcgrid.create_bus(net, 50.0)
            droop = float(rng.choice([0.0, 2e-4]))
            staging = "optimal" if rng.random() < 0.5 else "all_on"
            dcgrid.create_converter(
                net,
                b,
                rack,
                50.0,
                33e3,
                int(rng.integers(1, 7)),
                None,
                droop,
                loss_curve=curve,
                staging=staging,
            )
            dcgrid.create_load(net, rack, p / (4.0 if droop else 1.0))
        elif rng.random() < 0.5:
            dcgrid.create_load(net, b, p, "constant_power")
        else:
            shares = {"constant_power": 0.5, "constant_current": 0.2, "constant_resistance": 0.3}
            dcgrid.create_load(net, b, p, shares=shares)
    if draw(st.booleans()):
        dcgrid.create_storage(net, int(rng.integers(0, n)), float(rng.uniform(-1e4, 1e4)))
    if draw(st.booleans()):
        dcgrid.create_switch(net, int(rng.integers(0, n)), dcgrid.create_bus(net, 800.0))
    return net


def bus_imbalance(net: dcgrid.Network) -> tuple[np.ndarray, np.ndarray]:
    """Sum and absolute sum of the currents into each bus, from the result tables."""
    n = len(net.bus)
    total, size = np.zeros(n), np.zeros(n)
    parts = [
        (net.source.bus, net.res_source.i_a),
        (net.load.bus, -net.res_load.i_a),
        (net.line.from_bus, -net.res_line.i_a),
        (net.line.to_bus, net.res_line.i_a),
    ]
    if len(net.converter):
        parts += [
            (net.converter.from_bus, -net.res_converter.i_in_a),
            (net.converter.to_bus, net.res_converter.i_out_a),
        ]
    if len(net.storage):
        parts.append((net.storage.bus, net.res_storage.i_a))
    if len(net.switch):
        parts += [(net.switch.bus, -net.res_switch.i_a), (net.switch.element, net.res_switch.i_a)]
    for bus, i in parts:
        np.add.at(total, bus.to_numpy(), i.fillna(0.0).to_numpy())
        np.add.at(size, bus.to_numpy(), i.fillna(0.0).abs().to_numpy())
    return total, size


@QUICK
@given(networks())
def test_laws_of_a_solved_network(net: dcgrid.Network) -> None:
    result = dcgrid.run(net)
    assert result.outcome in (dcgrid.Outcome.OK, dcgrid.Outcome.COLLAPSE, dcgrid.Outcome.NOT_CONVERGED)
    if not result.outcome.solved:
        assert net.res_bus.empty
        assert result.loss_w is None
        assert result.explain
        return
    total, size = bus_imbalance(net)
    assert (np.abs(total) <= np.maximum(1e-6, 1e-10 * size)).all()
    given_w = result.source_p_w + result.storage_p_w
    turnover = net.res_source.p_w.abs().sum() + net.res_load.p_w.sum() + 1.0
    assert given_w - result.load_p_w - result.loss_w == pytest.approx(0.0, abs=1e-9 * turnover)
    assert (net.res_line.loss_w >= 0).all()
    if len(net.converter):
        assert (net.res_converter.loss_w >= 0).all()
    assert (net.res_bus.v_v > 0).all()
    blocked = ~net.source.allow_reverse
    assert (net.res_source.i_a[blocked] >= -1e-6).all()


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(2, 30), st.integers(0, 10**9), st.floats(0.1, 0.95))
def test_converges_where_a_solution_must_exist(n: int, seed: int, strain: float) -> None:
    """4 max_k sum_j R_kj P_j < Vs^2 is sufficient for a high-voltage solution (radial, one ideal source)."""
    rng = np.random.default_rng(seed)
    parent = [int(rng.integers(0, k)) for k in range(1, n)]
    r = 10 ** rng.uniform(-4, -2, n - 1)
    p = rng.uniform(0, 1e5, n - 1)
    g = np.zeros((n, n))
    for k, (a, rk) in enumerate(zip(parent, r, strict=True), start=1):
        g[[a, k], [a, k]] += 1 / rk
        g[a, k] -= 1 / rk
        g[k, a] -= 1 / rk
    spread = 4 * np.max(np.linalg.inv(g[1:, 1:]) @ p) / 800.0**2
    p *= strain / spread
    net = dcgrid.create_empty_network()
    for _ in range(n):
        dcgrid.create_bus(net, 800.0)
    dcgrid.create_source(net, 0, 800.0)
    for k, (a, rk) in enumerate(zip(parent, r, strict=True), start=1):
        dcgrid.create_line_from_parameters(net, a, k, float(rk))
        dcgrid.create_load(net, k, float(p[k - 1]))
    assert dcgrid.run(net).outcome is dcgrid.Outcome.OK
    v = net.res_bus.v_v.to_numpy()
    assert all(v[k] <= v[a] + 1e-9 for k, a in enumerate(parent, start=1)), "voltage falls along a feeder"
    assert v.min() > 400.0


def test_droop_shares_by_rating() -> None:
    """Equal set-points, droop inverse to rating: more droop, better sharing behind unequal cables."""
    errors = []
    for droop in (0.0005, 0.005):
        net = dcgrid.create_empty_network()
        hub = dcgrid.create_bus(net, 800.0)
        for rating, r in ((1.0, 0.004), (2.0, 0.001)):
            bus = dcgrid.create_bus(net, 800.0)
            dcgrid.create_source(net, bus, 800.0, droop / rating)
            dcgrid.create_line_from_parameters(net, bus, hub, r)
        dcgrid.create_load(net, hub, 4e5)
        dcgrid.run(net).require_ok()
        i = net.res_source.i_a.to_numpy()
        errors.append(abs(i[0] / i[1] - 0.5))
    assert errors[1] < errors[0]


def two_buses(**converter: object) -> tuple[dcgrid.Network, int, int]:
    net = dcgrid.create_empty_network()
    a, b = dcgrid.create_bus(net, 800.0, "a"), dcgrid.create_bus(net, 50.0, "b")
    dcgrid.create_source(net, a, 800.0, 0.001)
    options: dict = {
        "p_rated_w": 33e3,
        "n_modules": 4,
        "loss_curve": [[0, 0.004], [1, 0.024]],
        "name": "c",
    } | converter
    dcgrid.create_converter(net, a, b, **options)
    dcgrid.create_load(net, b, 100e3, name="rack")
    return net, a, b


def test_converter_loss_is_the_curve() -> None:
    net, _, _ = two_buses(v_out_v=50.0)
    result = dcgrid.run(net)
    assert result.converter_loss_w == pytest.approx(0.004 * 132e3 + 0.02 * 100e3, rel=1e-12)


def test_optimal_staging_switches_modules_off() -> None:
    net, _, _ = two_buses(
        v_out_v=50.0, staging="optimal", loss_curve=[[0, 0.004], [0.5, 0.0097], [1.0, 0.0267]]
    )
    net.load.loc[0, "p_w"] = 20e3
    dcgrid.run(net).require_ok()
    assert net.res_converter.modules_on[0] == 1


def test_ratio_converter_follows_its_input() -> None:
    net, a, b = two_buses(mode="ratio", ratio=1 / 16, v_out_v=None, r_droop_ohm=1e-4)
    dcgrid.run(net).require_ok()
    v, i = net.res_bus.v_v, net.res_converter.i_out_a[0]
    assert v[b] == pytest.approx(v[a] / 16 - 1e-4 * i, rel=1e-12)


def test_tripped_converter_goes_off_and_its_rack_is_unsupplied() -> None:
    net, _, _ = two_buses(v_out_v=50.0, i_out_max_a=1500.0, on_limit="trip")
    result = dcgrid.run(net)
    assert result.outcome is dcgrid.Outcome.LIMITED
    assert result.limited == ("c",)
    assert result.unsupplied == ("b",)
    assert np.isnan(net.res_load.p_w[0])


def test_folded_converter_alone_on_a_constant_power_rack_collapses() -> None:
    """A constant current into a constant power has no stable voltage: said so, with the converter's name."""
    net, _, _ = two_buses(v_out_v=50.0, i_out_max_a=1500.0, on_limit="fold")
    result = dcgrid.run(net)
    assert result.outcome is dcgrid.Outcome.COLLAPSE
    assert result.limiting_bus == "b"
    assert "c is at its current limit" in result.explain
    assert result.lambda_max == pytest.approx(0.75, rel=1e-3)


def test_input_window_is_a_limit() -> None:
    net, _, _ = two_buses(v_out_v=50.0, v_in_min_v=850.0)
    assert dcgrid.run(net).limited == ("c",)


def test_storage_that_no_source_may_absorb_is_no_answer() -> None:
    net = dcgrid.create_empty_network()
    bus = dcgrid.create_bus(net, 800.0)
    dcgrid.create_source(net, bus, 800.0, 0.001)
    dcgrid.create_storage(net, bus, 1e5)
    result = dcgrid.run(net)
    assert result.outcome is dcgrid.Outcome.NOT_CONVERGED
    assert result.loss_w is None


def test_idle_network_is_held_by_its_highest_source() -> None:
    """Only standby losses, three sources that may not reverse, a ratio converter beside a line: no runaway."""
    net = dcgrid.create_empty_network()
    a, b, c = (dcgrid.create_bus(net, 800.0) for _ in range(3))
    dcgrid.create_line_from_parameters(net, a, b, 0.002)
    dcgrid.create_line_from_parameters(net, b, c, 0.0018)
    for bus, v, r in ((c, 795.2, 0.0022), (a, 812.1, 0.0038), (c, 797.1, 0.0032)):
        dcgrid.create_source(net, bus, v, r)
    curve = [[0, 0.004], [1, 0.0267]]
    options = {"mode": "ratio", "ratio": 1.0, "p_rated_w": 1e5, "loss_curve": curve, "bidirectional": True}
    dcgrid.create_converter(net, b, c, r_droop_ohm=0.0032, **options)
    dcgrid.run(net).require_ok()
    assert net.res_source.i_a[0] == net.res_source.i_a[2] == 0.0
    assert net.res_source.p_w[1] == pytest.approx(400.0, abs=1.0)


def test_contradictions_are_all_found_before_solving() -> None:
    net = dcgrid.create_empty_network()
    a, b, c = (dcgrid.create_bus(net, 800.0) for _ in range(3))
    dcgrid.create_source(net, a, 800.0, name="A")
    dcgrid.create_source(net, b, 801.0, name="B")
    for x, y in ((a, b), (b, c), (c, a)):
        dcgrid.create_switch(net, x, y)
    dark = dcgrid.create_bus(net, 50.0, "dark")
    dcgrid.create_load(net, dark, 1e3)
    findings = dcgrid.diagnose(net)
    text = " | ".join(map(str, findings))
    assert "A and B" in text
    assert "loop of zero-ohm" in text
    assert "dark" in text
    assert findings[0].level == "error"
    assert dcgrid.run(net).outcome is dcgrid.Outcome.INVALID
    assert net.res_bus.empty


def test_bad_input_lists_every_problem() -> None:
    net = dcgrid.create_empty_network()
    with pytest.raises(dcgrid.NetworkError) as error:
        dcgrid.create_line(net, 0, 0, length_m=-5.0, std_type="Cu 501 mm2")
    text = str(error.value)
    assert len(error.value.problems) >= 2
    assert "Cu 500 mm2" in text
    with pytest.raises(dcgrid.NetworkError, match="monopolar, bipolar"):
        dcgrid.create_bus(net, 400.0, kind="tripolar")
    a, b = dcgrid.create_bus(net, 800.0), dcgrid.create_bus(net, 50.0)
    with pytest.raises(dcgrid.NetworkError, match="loss curve or a std_type"):
        dcgrid.create_converter(net, a, b, p_rated_w=1e4)


def test_table_edits_are_seen() -> None:
    net, _, _ = two_buses(v_out_v=50.0)
    dcgrid.run(net)
    before = net.res_source.p_w[0]
    net.load.loc[0, "p_w"] = 50e3
    dcgrid.run(net)
    assert net.res_source.p_w[0] < 0.6 * before
    assert dcgrid.create_bus(net, 50.0) == 2


def test_batch_equals_single_runs() -> None:
    spec = dcgrid.PodSpec(n_blocks=2, block_p_w=1e6, n_racks=10, rack_p_w=132e3, cooling_p_w=5e4)
    net = dcgrid.build_pod(spec)
    base = np.array(net.column("load", "p_w"))
    factors = np.array([0.0, 0.3, 1.0, 400.0])
    batch = dcgrid.run_batch(net, factors[:, None] * base)
    assert [o.name for o in batch.outcome][-1] == "COLLAPSE"
    assert np.isnan(batch.loss_w[-1])
    for k, f in enumerate(factors[:3]):
        net.load["p_w"] = f * base
        result = dcgrid.run(net)
        assert batch.loss_w[k] == pytest.approx(result.loss_w, rel=1e-12)
        assert batch.v_bus_v[k] == pytest.approx(net.res_bus.v_v.to_numpy(), rel=1e-12)
        assert batch.i_line_a[k] == pytest.approx(net.res_line.i_a.to_numpy(), rel=1e-9, abs=1e-6)
    with pytest.raises(dcgrid.NetworkError):
        dcgrid.run_batch(net, np.zeros((3, 2)))


@given(
    st.lists(st.floats(1e5, 5e6), min_size=2, max_size=5),
    st.lists(st.floats(5e-4, 5e-3), min_size=5, max_size=5),
    st.floats(0.2, 0.9),
)
@settings(max_examples=20, deadline=None, derandomize=True)
def test_sharing_improves_with_droop(ratings: list[float], wires: list[float], load: float) -> None:
    """Equal set-points, droop by rating: the spread of the sources' loading falls as the droop grows."""
    spread = []
    for drop in (0.005, 0.02, 0.05):
        net = dcgrid.create_empty_network()
        hub = dcgrid.create_bus(net, 800.0)
        for p, scale in zip(ratings, wires, strict=False):
            bus = dcgrid.create_bus(net, 800.0)
            dcgrid.create_source(net, bus, 800.0, drop * 800.0**2 / p, p_max_w=p)
            dcgrid.create_line_from_parameters(net, bus, hub, scale * 1e6 / p * 0.5)
        dcgrid.create_load(net, hub, load * sum(ratings))
        dcgrid.run(net).require_ok()
        spread.append(float(net.res_source["loading"].max() - net.res_source["loading"].min()))
    assert spread[0] >= spread[1] - 1e-9 >= spread[2] - 2e-9
    if max(wires[: len(ratings)]) > 1.05 * min(wires[: len(ratings)]):
        assert spread[0] > spread[2]
