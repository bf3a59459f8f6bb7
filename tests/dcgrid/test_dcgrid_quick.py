"""The quick kernels against the reference Newton, and bipolar networks against what they are made of."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dcgrid
from dcgrid import newton, quick
from dcgrid.compile import compile_network

QUICK = settings(max_examples=60, deadline=None, derandomize=True)
CURVE = [[0, 0.004], [0.5, 0.0097], [1.0, 0.0267], [1.2, 0.037]]


def mesh(seed: int, n: int, stress: float) -> dcgrid.Network:
    """A random 800 V mesh with droop and ideal sources that may block, racks behind regulated converters with and
    without droop and staging, two converters that share a rack, a converter of given power, mixed loads, a storage."""
    rng = np.random.default_rng(seed)
    net = dcgrid.create_empty_network("random")
    for _ in range(n):
        dcgrid.create_bus(net, 800.0)
    for b in range(1, n):
        dcgrid.create_line_from_parameters(
            net, int(rng.integers(0, b)), b, float(10 ** rng.uniform(-4, -2)), 900.0
        )
    for _ in range(int(rng.integers(0, 5))):
        a, b = rng.choice(n, 2, replace=False)
        dcgrid.create_line_from_parameters(net, int(a), int(b), float(10 ** rng.uniform(-4, -2)))
    for k in range(int(rng.integers(1, 5))):
        v, droop = float(rng.uniform(790, 810)), float(rng.choice([0.0, 1e-3, 4e-3])) if k == 0 else 2e-3
        dcgrid.create_source(net, int(rng.integers(0, n)), v, droop, allow_reverse=bool(rng.integers(0, 2)))
    for b in range(n):
        p = float(rng.uniform(0, 2e5)) * stress
        options = {"loss_curve": CURVE, "staging": str(rng.choice(["optimal", "all_on"]))}
        if rng.random() < 0.5:
            rack = dcgrid.create_bus(net, 50.0)
            twin = rng.random() < 0.2
            r = 2e-4 if twin else float(rng.choice([0.0, 2e-4]))
            for at in [b, int(rng.integers(0, n))] if twin else [b]:
                dcgrid.create_converter(
                    net, at, rack, 50.0, 33e3, int(rng.integers(1, 7)), None, r, **options
                )
            dcgrid.create_load(net, rack, p / (4.0 if r else 1.0))
        else:
            mix = {"constant_power": 0.5, "constant_current": 0.2, "constant_resistance": 0.3}
            dcgrid.create_load(net, b, p, shares=mix if rng.random() < 0.4 else None)
    if n > 3:
        a, b = rng.choice(n, 2, replace=False)
        dcgrid.create_converter(
            net, int(a), int(b), None, 5e4, 2, mode="p", p_set_w=float(rng.uniform(-4e4, 8e4)), loss_curve=CURVE,
            bidirectional=bool(rng.integers(0, 2)),
        )  # fmt: skip
    dcgrid.create_storage(net, int(rng.integers(0, n)), float(rng.uniform(-2e4, 1e4)))
    return net


@QUICK
@given(st.integers(0, 2**32 - 1), st.integers(2, 40), st.sampled_from([0.0, 0.05, 0.5, 1.0, 2.0]))
def test_agrees_with_the_reference(seed: int, n: int, stress: float) -> None:
    m = compile_network(mesh(seed, n, stress))
    fast = quick.solve_state(m, m.load_p)
    step = newton.solve(m, newton.start(m), m.load_p)
    if fast is None or not step.converged:
        return
    ours, theirs = fast[0], step.state
    assert (ours.src == theirs.src).all()
    assert (ours.conv == theirs.conv).all()
    v, w = ours.x[: m.n_node], theirs.x[: m.n_node]
    assert np.max(np.abs(v / w - 1.0)) < 1e-9
    i, j = ours.x[m.n_node :], theirs.x[m.n_node :]
    assert np.max(np.abs(i - j)) < 1e-9 * max(1.0, np.abs(j).max())


def test_the_quick_way_solves_nearly_all() -> None:
    """Of 200 random networks the kernels may leave few to the reference; where both fail there is no solution."""
    left, failed = 0, 0
    for seed in range(200):
        m = compile_network(mesh(seed, 3 + seed % 30, (0.0, 0.3, 1.0)[seed % 3]))
        if quick.solve_state(m, m.load_p) is None:
            solved = newton.solve(m, newton.start(m), m.load_p).converged
            left, failed = left + solved, failed + (not solved)
    assert left <= 6
    assert failed <= 20


def test_near_the_nose_the_quick_way_finds_the_high_voltage() -> None:
    """One load behind R: V = (Vs + sqrt(Vs^2 - 4 R P)) / 2 up to 99.99 % of the transferable power, nothing beyond."""
    net = dcgrid.create_empty_network()
    a, b = dcgrid.create_bus(net, 800.0), dcgrid.create_bus(net, 800.0)
    dcgrid.create_source(net, a, 800.0)
    dcgrid.create_line_from_parameters(net, a, b, 1.0)
    dcgrid.create_load(net, b, 160e3)
    m = compile_network(net)
    for share in (0.9, 0.99, 0.999, 0.9999):
        found = quick.solve_state(m, share * m.load_p)
        assert found is not None
        v = 400.0 * (1.0 + np.sqrt(1.0 - share))
        assert found[0].x[m.bus_node[b]] == pytest.approx(v, rel=1e-9)
    assert quick.solve_state(m, 1.0001 * m.load_p) is None


def bipolar(p_pos: float, p_neg: float, r_earth: float = 0.0, earth_far: bool = False) -> dcgrid.Network:
    """Two pole sources, one line with neutral, a load on each pole."""
    net = dcgrid.create_empty_network()
    a, b = (dcgrid.create_bus(net, 400.0, name, "bipolar") for name in ("a", "b"))
    for pair in ("pos-neutral", "neutral-neg"):
        dcgrid.create_source(net, a, 400.0, 0.001, pair, between=pair)
    dcgrid.create_line_from_parameters(net, a, b, r_pole_ohm=0.01, r_neutral_ohm=0.02, max_i_a=500.0)
    dcgrid.create_load(net, b, p_pos, between="pos-neutral")
    dcgrid.create_load(net, b, p_neg, between="neutral-neg")
    dcgrid.create_earthing(net, a, r_earth)
    if earth_far:
        dcgrid.create_earthing(net, b, r_earth)
    return net


def test_balanced_bipolar_is_two_monopolar_networks() -> None:
    """With equal loads the neutral carries nothing: each pole is 400 V behind its own conductor."""
    net = bipolar(60e3, 60e3)
    result = dcgrid.run(net).require_ok()
    r = 0.011  # droop and pole conductor
    u = 0.5 * (400.0 + np.sqrt(400.0**2 - 4 * r * 60e3))
    row = net.res_bus.loc[1]
    assert row.v_pos_v == pytest.approx(u, rel=1e-12)
    assert row.v_neg_v == pytest.approx(-u, rel=1e-12)
    assert row.v_neutral_v == pytest.approx(0.0, abs=1e-9)
    i = 60e3 / u
    assert result.line_loss_w == pytest.approx(2 * 0.01 * i**2, rel=1e-9)
    assert net.res_line.loading[0] == pytest.approx(i / 500.0, rel=1e-9)


def test_two_earthings_carry_part_of_the_neutral_current() -> None:
    """The earth is a conductor beside the neutral: i_earth = i_neutral r_neutral / (sum of earthing resistances)."""
    net = bipolar(80e3, 20e3, r_earth=0.5, earth_far=True)
    result = dcgrid.run(net).require_ok()
    i_n, i_e = net.res_line.i_neutral_a[0], net.res_earthing.i_a
    assert i_e[0] == pytest.approx(-i_e[1], rel=1e-9)
    assert i_e[1] == pytest.approx(-i_n * 0.02 / 1.0, rel=1e-9)
    assert result.earthing_loss_w == pytest.approx(2 * 0.5 * i_e[0] ** 2, rel=1e-9)
    assert result.source_p_w == pytest.approx(result.load_p_w + result.loss_w, rel=1e-12)


def test_a_converter_from_the_poles_feeds_a_monopolar_rack() -> None:
    net = bipolar(30e3, 30e3)
    rack = dcgrid.create_bus(net, 50.0, "rack")
    dcgrid.create_converter(
        net, 1, rack, 50.0, 33e3, 4, from_between="pos-neg", loss_curve=CURVE, v_in_min_v=600.0
    )
    dcgrid.create_load(net, rack, 100e3)
    result = dcgrid.run(net).require_ok()
    row = net.res_converter.loc[0]
    assert row.i_in_a * (net.res_bus.v_pos_v[1] - net.res_bus.v_neg_v[1]) == pytest.approx(
        row.p_in_w, rel=1e-12
    )
    assert result.source_p_w == pytest.approx(result.load_p_w + result.loss_w, rel=1e-12)
    assert net.res_line.i_neutral_a[0] == pytest.approx(0.0, abs=1e-9)


def test_what_a_bipolar_network_lacks_is_said() -> None:
    net = dcgrid.create_empty_network()
    a = dcgrid.create_bus(net, 400.0, "a", "bipolar")
    with pytest.raises(dcgrid.NetworkError, match="pos-neutral"):
        dcgrid.create_source(net, a, 400.0)
    with pytest.raises(dcgrid.NetworkError, match="r_pole_ohm"):
        dcgrid.create_line_from_parameters(net, a, dcgrid.create_bus(net, 400.0, "b", "bipolar"), 0.01)
    dcgrid.create_source(net, a, 400.0, between="pos-neutral")
    dcgrid.create_load(net, a, 1e3, between="pos-neutral")
    result = dcgrid.run(net)
    assert result.outcome is dcgrid.Outcome.INVALID
    assert "only pos-neutral is fed" in result.explain
    dcgrid.create_source(net, a, 400.0, between="neutral-neg")
    assert any("no neutral is earthed" in f.text for f in dcgrid.run(net).findings)
    assert net.res_bus.v_pos_v[0] == pytest.approx(400.0)


def test_kept_topology_sees_every_edit() -> None:
    """The compiled network is kept; an edit of any table makes a new one, also inside a loss curve."""
    net = bipolar(60e3, 60e3)
    dcgrid.run(net)
    net.line.loc[0, "r_pole_ohm"] = 0.02
    dcgrid.run(net)
    assert net.res_line.loss_w[0] == pytest.approx(2 * 0.02 * net.res_line.i_pos_a[0] ** 2, rel=1e-9)
    net.load.loc[0, "p_w"] = 10e3
    dcgrid.run(net)
    assert net.res_load.p_w[0] == pytest.approx(10e3)
    rack = dcgrid.create_bus(net, 50.0)
    dcgrid.create_converter(
        net, 0, rack, 50.0, 1e4, 1, from_between="pos-neg", loss_curve=[[0, 0.01], [1, 0.01]]
    )
    assert dcgrid.run(net).converter_loss_w == pytest.approx(100.0)
    net.converter.loss_curve[0][1][1] = 0.01
    net.converter.loss_curve[0][0][1] = 0.02
    assert dcgrid.run(net).converter_loss_w == pytest.approx(200.0)
