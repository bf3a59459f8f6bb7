"""Campus networks: feeds by redundancy, ties and their fault current, block sources against the converters' window."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dcgrid
from dcgrid import fault_screening as tf
from dcgrid.block_sources import BlockSourceSpec, block_voltage, diode_voltage_v, input_window, speed_window
from dcgrid.campus_network import CampusGridSpec, TieSpec, campus_network, pod_hubs
from dcgrid.feeds import transfer_switches

POD = dcgrid.PodSpec(n_blocks=2, block_p_w=1.2e6, n_racks=12, rack_p_w=132e3, cooling_p_w=1e5)


def loss_of(net: dcgrid.Network) -> float:
    ledger = dcgrid.ledger_from_network(net)
    assert ledger.p_in_w == pytest.approx(ledger.p_out_w + ledger.loss_w + ledger.p_side_w, rel=1e-9)
    assert ledger.p_in_w == pytest.approx(net.res_source.p_w.sum(), rel=1e-9)
    return ledger.loss_w


@pytest.mark.parametrize("feed", ["N", "N+1", "2N", "block_redundant"])
def test_feeds_solve_within_their_ratings_and_close(feed: str) -> None:
    net = dcgrid.build_pod(replace(POD, feed=feed))
    assert dcgrid.run(net).outcome is dcgrid.Outcome.OK
    assert net.res_line.loading.max() <= 1.0
    assert loss_of(net) > 0.0
    assert net.res_load.p_w[net.load.role == "rack"].sum() == pytest.approx(12 * 132e3)


def test_two_sides_share_each_rack_and_either_carries_it_alone() -> None:
    net = dcgrid.build_pod(replace(POD, feed="2N"))
    dcgrid.run(net).require_ok()
    p = net.res_converter.p_out_w.to_numpy()
    assert p[0::2] == pytest.approx(p[1::2], rel=1e-6)
    assert (net.converter.n_modules == 4).all(), "N modules on each side"
    for label in ("pod 1 / row 1 A feeder", "pod 1 / row 2 B feeder"):
        net.line.loc[net.line.name == label, "in_service"] = False
    assert dcgrid.run(net).outcome.solved
    assert net.res_load.p_w.sum() == pytest.approx(12 * 132e3 + 1e5)
    assert net.res_line.loading.max(skipna=True) <= 1.0, "each side is sized for the whole row"


def test_losing_a_feeder_is_borne_by_every_feed_but_n() -> None:
    unserved = {}
    for feed in ("N", "N+1", "2N", "block_redundant"):
        net = dcgrid.build_pod(replace(POD, feed=feed))
        r = dcgrid.contingencies(net, ["line"], transfer=transfer_switches(net)).table
        unserved[feed] = int(r.unserved_racks[r.outage.str.endswith(("feeder", "feeder 1"))].max())
    assert unserved == {"N": 8, "N+1": 0, "2N": 0, "block_redundant": 0}


def test_more_redundancy_takes_more_copper() -> None:
    mass = {f: dcgrid.copper_kg(dcgrid.build_pod(replace(POD, feed=f))) for f in ("N", "N+1", "2N")}
    assert mass["N"] < mass["N+1"] < mass["2N"]


@pytest.mark.parametrize("mode", ["open", "solid_state_breaker", "converter"])
@pytest.mark.parametrize(("mesh", "count"), [("none", 0), ("chain", 2), ("ring", 3), ("full", 3)])
def test_tied_pods_solve_and_close(mode: str, mesh: str, count: int) -> None:
    net = campus_network(CampusGridSpec((POD,) * 3, mesh=mesh, tie_mode=mode))
    assert (net.line.role == "tie").sum() == count
    assert dcgrid.run(net).outcome is dcgrid.Outcome.OK
    loss_of(net)
    hubs = [pod_hubs(net, f"pod {k}")[0] for k in (1, 2, 3)]
    v = net.res_bus.v_v.to_numpy()[hubs]
    standby = (
        1e-4 if mode == "converter" else 1e-6
    )  # a tie converter's zero-load loss comes from its input side
    assert v == pytest.approx(v[0], rel=standby), "equal pods: ties carry nothing"


def test_a_closed_tie_shares_an_open_one_and_a_converter_do_not() -> None:
    heavy, light = replace(POD, rack_load_w=132e3), replace(POD, rack_load_w=40e3)
    power = {}
    for mode in ("open", "solid_state_breaker"):
        net = campus_network(CampusGridSpec((heavy, light), mesh="chain", tie_mode=mode))
        dcgrid.run(net).require_ok()
        power[mode] = net.res_source.p_w.to_numpy()
    assert np.ptp(power["solid_state_breaker"]) < 0.5 * np.ptp(power["open"])
    tie = TieSpec(2, 1, "converter", p_set_w=3e5)
    net = campus_network(CampusGridSpec((heavy, light), ties=(tie,)))
    dcgrid.run(net).require_ok()
    moved = net.res_converter.p_out_w[net.converter.role == "tie converter"]
    assert moved.to_numpy() == pytest.approx([3e5])
    helped = net.res_source.p_w.to_numpy()
    assert helped[0] < power["open"][0]
    assert helped[2] > power["open"][2]


def test_an_open_tie_takes_over_when_a_pod_loses_its_blocks() -> None:
    small = replace(POD, rack_load_w=50e3, n_blocks=1)
    net = campus_network(CampusGridSpec((small, small), mesh="chain"))
    dark = dcgrid.contingencies(net, ["source"]).table.unserved_racks.max()
    lit = dcgrid.contingencies(net, ["source"], transfer=transfer_switches(net)).table.unserved_racks.max()
    assert (dark, lit) == (12, 0)


def test_bad_campus_lists_all_problems() -> None:
    with pytest.raises(dcgrid.NetworkError) as error:
        CampusGridSpec((POD, POD), ties=(TieSpec(1, 3), TieSpec(1, 1, "closed"), TieSpec(1, 2, p_set_w=1e5)))
    assert len(error.value.problems) == 4


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_fault_through_ties_meets_the_closed_form(n: int) -> None:
    """Every pod is a source of its own V and R: I(n) = V / R + (n - 1) V / (R + R_tie), wires at 20 degC."""
    spec = CampusGridSpec((POD,) * n, mesh="full", tie_mode="solid_state_breaker")
    found = tf.tie_fault(spec).pods[0]
    v = 800.0 * 1.02
    r_pod = v / found.i_own_a
    net = campus_network(replace(spec, pods=(POD, POD)))
    cable, breaker = (
        net.line[net.line.role == "tie"].iloc[0],
        net.line[net.line.role == "tie breaker"].iloc[0],
    )
    cold = dcgrid.std_types.conductor(cable.std_type).r_loop_ohm(cable.length_m, 20.0) / cable.parallel
    r_tie = cold + breaker.r_ohm
    assert found.i_prospective_a == pytest.approx(v / r_pod + (n - 1) * v / (r_pod + r_tie), rel=1e-9)
    assert tf.cluster_current_a(n, v, found.i_own_a, r_tie) == pytest.approx(found.i_prospective_a, rel=1e-9)
    rated = 2 * 1.2e6 / v
    assert found.i_own_a < 5.0 * rated, "collection cables weaken the fault"
    assert found.i_own_a > 3.0 * rated


def test_open_ties_add_nothing_and_converters_their_limit() -> None:
    two = {
        m: tf.tie_fault(CampusGridSpec((POD,) * 2, mesh="chain", tie_mode=m)).pods[0]
        for m in ("open", "converter")
    }
    assert two["open"].i_through_ties_a == pytest.approx(0.0, abs=1e-6)
    assert two["converter"].i_through_ties_a == pytest.approx(1.5 * 1.2e6 / 800.0)


def test_breakers_beyond_their_rating_are_found_in_words() -> None:
    spec = CampusGridSpec((POD,) * 3, mesh="full", tie_mode="solid_state_breaker")
    own = tf.tie_fault(spec).pods[0].i_own_a
    found = tf.tie_fault(spec, breaker_a=1.1 * own)
    assert [p.within_breaker for p in found.pods] == [False] * 3
    assert all("prospective" in f.text for f in found.findings)
    assert all("smaller cluster" in f.suggestion for f in found.findings)
    assert not tf.tie_fault(spec, breaker_a=10 * own).findings
    limited = tf.tie_fault(spec, "diode_dcdc").pods[0]
    assert limited.i_prospective_a < tf.tie_fault(spec).pods[0].i_prospective_a


@settings(max_examples=40, deadline=None)
@given(
    i_pod=st.floats(5e3, 1e5),
    r=st.floats(1e-4, 0.1),
    rating=st.floats(1e4, 3e5),
    mesh=st.sampled_from(["full", "chain", "ring"]),
)
def test_largest_cluster_is_the_largest(i_pod: float, r: float, rating: float, mesh: str) -> None:
    n = tf.largest_cluster(rating, 800.0, i_pod, r, mesh)
    if n is None:
        assert mesh != "full"
        assert tf.cluster_current_a(60, 800.0, i_pod, r, mesh) <= rating * (1 + 1e-6)
        return
    if n == 0:
        assert i_pod > rating
        return
    if n <= 60:
        assert tf.cluster_current_a(n, 800.0, i_pod, r, mesh) <= rating * (1 + 1e-6)
        assert tf.cluster_current_a(n + 1, 800.0, i_pod, r, mesh) >= rating * (1 - 1e-6)


def test_diode_bridge_follows_the_speed() -> None:
    s = BlockSourceSpec("diode_bridge", speed_min=0.9, speed_max=1.05, overspeed=1.17, commutation_drop=0.06)
    r = block_voltage(s, 700.0, 1000.0)
    assert r.v_min_v == pytest.approx(0.9 * 800)
    assert r.v_max_v == pytest.approx(1.05 * 800 / 0.94)
    assert r.v_rejection_v == pytest.approx(1.17 * 800 / 0.94)
    assert r.findings == ()
    assert [f.level for f in block_voltage(replace(s, speed_min=0.5), 700.0, 900.0).findings] == [
        "error",
        "error",
    ]
    low, high = speed_window(s, 700.0, 900.0)
    assert diode_voltage_v(800.0, low, 1.0, 0.06) == pytest.approx(700.0)
    assert diode_voltage_v(800.0, high, 0.0, 0.06) == pytest.approx(900.0)


def test_active_front_end_holds_until_its_diodes_conduct() -> None:
    calm = block_voltage(BlockSourceSpec("active_front_end", emf_ratio=0.8), 700.0, 900.0)
    assert (calm.v_min_v, calm.v_max_v, calm.v_rejection_v) == pytest.approx((784.0, 816.0, 816.0))
    assert calm.findings == ()
    high = block_voltage(BlockSourceSpec("active_front_end", emf_ratio=1.0, overspeed=1.17), 700.0, 900.0)
    assert high.v_rejection_v == pytest.approx(936.0)
    assert any(f.level == "error" and "after load rejection" in f.text for f in high.findings)
    assert any("diodes conduct" in f.text for f in high.findings)


def test_a_dcdc_holds_the_bus_while_its_link_is_in_the_window() -> None:
    s = BlockSourceSpec("diode_dcdc", v_link_v=1000.0, dcdc_v_in_min_v=450.0, dcdc_v_in_max_v=1300.0)
    held = block_voltage(s, 700.0, 900.0)
    assert held.findings == ()
    assert held.v_rejection_v == pytest.approx(816.0)
    assert held.v_link_min_v == pytest.approx(500.0)
    lost = block_voltage(replace(s, dcdc_v_in_min_v=600.0, dcdc_v_in_max_v=1200.0), 700.0, 900.0)
    assert lost.v_min_v is None
    assert lost.v_rejection_v is None
    assert len(lost.findings) == 2


def test_the_window_comes_from_the_network_and_its_absence_is_said() -> None:
    net = dcgrid.build_pod(replace(POD, sidecar_v_in_min_v=650.0, sidecar_v_in_max_v=900.0))
    assert input_window(net) == (650.0, 900.0)
    assert input_window(dcgrid.build_pod(POD)) == (None, None)
    (finding,) = block_voltage(BlockSourceSpec("diode_bridge")).findings
    assert "nothing was checked" in finding.text
    with pytest.raises(dcgrid.NetworkError) as error:
        BlockSourceSpec("diode_dcdc", speed_min=0.0)
    assert len(error.value.problems) == 3


@settings(max_examples=50, deadline=None)
@given(n=st.floats(0.1, 1.5), i=st.floats(0.0, 1.0), d=st.floats(0.0, 0.3), dn=st.floats(0.01, 0.3))
def test_diode_voltage_rises_with_speed_and_falls_with_current(
    n: float, i: float, d: float, dn: float
) -> None:
    v = diode_voltage_v(800.0, n, i, d)
    assert diode_voltage_v(800.0, n + dn, i, d) > v
    assert diode_voltage_v(800.0, n, min(1.0, i + 0.1), d) <= v


@pytest.mark.parametrize("feed", ["N", "N+1", "2N", "block_redundant"])
def test_a_balanced_bipolar_pod_is_the_monopolar_one_with_a_neutral(feed: str) -> None:
    mono, two = (
        dcgrid.build_pod(replace(POD, feed=feed)),
        dcgrid.build_pod(replace(POD, feed=feed, bipolar=True)),
    )
    for net in (mono, two):
        assert dcgrid.run(net).outcome is dcgrid.Outcome.OK
    assert loss_of(two) == pytest.approx(loss_of(mono), rel=1e-9)
    assert dcgrid.copper_kg(two) == pytest.approx(1.5 * dcgrid.copper_kg(mono))
    assert two.res_bus.v_pu.min() == pytest.approx(mono.res_bus.v_pu.min(), abs=2e-3)


def test_racks_from_pole_to_neutral_lose_more_where_a_pole_has_more_of_them() -> None:
    even, odd = replace(POD, bipolar=True, n_racks=8), replace(POD, bipolar=True, n_racks=7)
    share = {}
    for n, spec in ((8, even), (7, odd)):
        for between in ("pos-neg", "alternate"):
            net = dcgrid.build_pod(replace(spec, rack_between=between))
            assert dcgrid.run(net).outcome is dcgrid.Outcome.OK
            share[n, between] = loss_of(net) / (n * 132e3)
            hub = net.labels("bus").index("pod 1 / block bus")
            assert abs(net.res_bus.v_neutral_v[hub]) < 1e-9, "earthed"
    for n in (7, 8):
        assert share[n, "alternate"] > share[n, "pos-neg"]
    assert share[7, "alternate"] - share[7, "pos-neg"] > share[8, "alternate"] - share[8, "pos-neg"]


@pytest.mark.parametrize("mode", ["open", "solid_state_breaker", "converter"])
def test_bipolar_pods_are_tied_too(mode: str) -> None:
    pods = (replace(POD, bipolar=True, rack_load_w=132e3), replace(POD, bipolar=True, rack_load_w=40e3))
    spec = CampusGridSpec(pods, mesh="chain", tie_mode=mode)
    net = campus_network(spec)
    assert dcgrid.run(net).outcome is dcgrid.Outcome.OK
    flat = campus_network(replace(spec, pods=tuple(replace(p, bipolar=False) for p in pods)))
    dcgrid.run(flat).require_ok()
    assert loss_of(net) == pytest.approx(loss_of(flat), rel=1e-9)
    mono = tf.tie_fault(replace(spec, pods=tuple(replace(p, bipolar=False) for p in pods)))
    assert tf.tie_fault(spec).pods[0].i_prospective_a == mono.pods[0].i_prospective_a
    with pytest.raises(dcgrid.NetworkError, match="one kind for tied pods"):
        CampusGridSpec((POD, pods[0]), mesh="chain")
