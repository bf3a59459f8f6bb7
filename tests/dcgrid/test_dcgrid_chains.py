"""Ledger, pod, AC chain, comparison, layout: conservation, hand calculations and cross-checks with pandapower."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import dcgrid
from dcgrid import loss_curves, std_types

POD = dcgrid.PodSpec(n_blocks=3, block_p_w=2e6, n_racks=36, rack_p_w=132e3, cooling_p_w=3e5)
AC = dcgrid.AcChainSpec(n_racks=36, rack_p_w=132e3, n_blocks=3, block_p_w=2e6, cooling_p_w=3e5)
SHARED = (
    dcgrid.UpstreamStage("generator", std_type="PM generator", p_rated_w=2.2e6, n_modules=3),
    dcgrid.UpstreamStage("rectifier", efficiency=0.985, source="test", grade="assumption"),
)


def solved_pod(spec: dcgrid.PodSpec = POD) -> dcgrid.Network:
    net = dcgrid.build_pod(spec)
    dcgrid.run(net).require_ok()
    return net


def check_ledger(ledger: dcgrid.Ledger) -> None:
    for stage in ledger.stages:
        gap = stage.p_in_w - stage.p_out_w - stage.loss_w - stage.p_side_w
        assert abs(gap) <= 1e-9 * stage.p_in_w
        assert stage.efficiency == pytest.approx(1 - stage.loss_w / stage.p_in_w)
        assert stage.source
    for a, b in pairwise(ledger.stages):
        assert a.p_out_w == pytest.approx(b.p_in_w, rel=1e-12)
    assert ledger.p_in_w == pytest.approx(ledger.p_out_w + ledger.loss_w + ledger.p_side_w, rel=1e-9)
    rows = ledger.to_rows()
    assert len(rows) == len(ledger.stages) + 1
    assert rows[-1]["loss_w"] == pytest.approx(sum(r["loss_w"] for r in rows[:-1]))


def test_stage_and_ledger_refuse_what_does_not_close() -> None:
    with pytest.raises(dcgrid.NetworkError, match="p_in - p_out"):
        dcgrid.Stage("x", 100.0, 90.0, 9.0)
    with pytest.raises(dcgrid.NetworkError, match=">= 0"):
        dcgrid.Stage("x", 90.0, 100.0, -10.0)
    a, b = dcgrid.Stage("a", 100.0, 90.0, 10.0), dcgrid.Stage("b", 80.0, 70.0, 10.0)
    with pytest.raises(dcgrid.NetworkError, match="output of a"):
        dcgrid.Ledger("l", "here", (a, b))


def test_pod_ledger_closes_and_names_every_stage() -> None:
    net = solved_pod()
    ledger = dcgrid.ledger_from_network(net)
    check_ledger(ledger)
    assert [s.name for s in ledger.stages] == ["collection cable", "row feeder", "row busway", "sidecar"]
    assert ledger.p_out_w == pytest.approx(36 * 132e3, rel=1e-12)
    assert ledger.p_side_w == pytest.approx(3e5, rel=1e-12)
    assert ledger.p_in_w == pytest.approx(net.res_source.p_w.sum(), rel=1e-9)
    assert ledger.stages[0].p_side_w == pytest.approx(3e5), "cooling leaves at the block bus"


def test_pod_respects_its_own_rules() -> None:
    net = solved_pod()
    assert net.res_line.loading.max() <= 1.0
    assert net.bus.name.str.contains("pod 1 / row 5 / rack 4$").any()
    assert (net.converter.n_modules == 5).all()
    share = net.res_source.p_w / POD.block_p_w
    assert share.max() - share.min() < 1e-9, "equal blocks share equally"
    v800 = net.res_bus.v_v[net.bus.vn_v == 800.0]
    assert v800.max() - v800.min() <= 800 * (0.01 + 0.01 + 0.01) * 1.02
    heavy = dcgrid.copper_kg(net)
    metal = std_types.conductors()
    by_hand = sum(2 * r.length_m * r.parallel * metal[r.std_type].mass_kg_m for r in net.line.itertuples())
    assert heavy == pytest.approx(by_hand)


def test_pods_share_one_network() -> None:
    net = dcgrid.build_pod(POD, name="pod 1")
    dcgrid.build_pod(POD, net, "pod 2")
    hubs = [net.labels("bus").index(f"pod {k} / block bus") for k in (1, 2)]
    dcgrid.create_line(net, *hubs, length_m=50.0, std_type="Cu 240 mm2", parallel=4, role="tie")
    assert dcgrid.run(net).outcome is dcgrid.Outcome.OK
    check_ledger(dcgrid.ledger_from_network(net))


def test_bad_pod_lists_all_problems() -> None:
    with pytest.raises(dcgrid.NetworkError) as error:
        dcgrid.PodSpec(
            n_blocks=0, block_p_w=-1.0, n_racks=3, rack_p_w=1e5, sidecar_std_type="800/50V sidecar"
        )
    assert len(error.value.problems) == 3
    assert "800/50 V sidecar" in str(error.value)


@pytest.mark.parametrize(
    "ups", ["double_conversion_legacy", "double_conversion_modern", "eco_mode", "rack_batteries"]
)
def test_ac_ledger_closes(ups: str) -> None:
    spec = dcgrid.AcChainSpec(n_racks=36, rack_p_w=132e3, n_blocks=3, block_p_w=2e6, ups=ups, upstream=SHARED)
    for rack in (40e3, 132e3):
        result = dcgrid.ac_chain(spec, rack).require_ok()
        check_ledger(result.ledger)
        assert result.closure_rel < 1e-9, "pandapower's slack power equals the sum of stages"
        assert result.ledger.p_out_w == pytest.approx(36 * rack)
        names = [s.name for s in result.stages]
        assert names[:3] == ["generator", "rectifier", "inverter"]
        assert names[-1] == "PSU"
        assert ("UPS" in names) == (ups != "rack_batteries")
        assert ("PDU transformer" in names) == (ups == "double_conversion_legacy")
        assert 0.93 < result.v_min_pu < 1.06


def test_ac_chain_by_hand() -> None:
    """The chain of one small hall against a hand calculation: P0 + Pk x^2 transformers, 3 I^2 R feeders, curves."""
    spec = dcgrid.AcChainSpec(n_racks=8, rack_p_w=100e3, n_blocks=1, block_p_w=1e6, power_factor=1.0)
    stage = {s.name: s for s in dcgrid.ac_chain(spec).require_ok().stages}
    psu = std_types.converter(spec.psu_std_type).loss_curve
    n_psu = 8 * 5
    assert stage["PSU"].loss_w == pytest.approx(loss_curves.loss_w(psu, 800e3, 33e3, n_psu), rel=1e-12)
    ups = std_types.converter("UPS double conversion, modern").loss_curve
    by_curve = loss_curves.loss_w(ups, stage["UPS"].p_out_w, 1250e3, 2)
    assert stage["UPS"].loss_w == pytest.approx(by_curve, rel=1e-12), "N+1: two modules share"
    p = stage["MV/LV transformer"].p_out_w
    by_hand = 2.95e3 + 11.8e3 * (p / 2.5e6) ** 2
    assert stage["MV/LV transformer"].loss_w == pytest.approx(by_hand, rel=0.05), (
        "voltage is not exactly nominal"
    )
    feeder = stage["LV feeders to racks"]
    circuits, parallel, rest = feeder.note.split(" x ", 2)
    wire = std_types.conductor(rest.split(" per phase")[0])
    r = (
        wire.r_20C_ohm_km
        * (1 + wire.alpha_per_K * 50.0)
        * spec.lv_length_m
        / 1e3
        / int(circuits)
        / int(parallel)
    )
    i = feeder.p_out_w / (math.sqrt(3.0) * spec.v_lv_v)
    assert feeder.loss_w == pytest.approx(3 * i**2 * r, rel=0.03)


def test_double_conversion_2n_runs_at_lower_load_and_loses_more_than_none() -> None:
    base = {"n_racks": 36, "rack_p_w": 132e3, "n_blocks": 3, "block_p_w": 2e6}
    legacy = {
        redundancy: dcgrid.ac_chain(
            dcgrid.AcChainSpec(**base, ups="double_conversion_legacy", ups_redundancy=redundancy)
        ).ledger
        for redundancy in ("N", "2N")
    }
    assert legacy["2N"].loss_w > legacy["N"].loss_w
    none = dcgrid.ac_chain(dcgrid.AcChainSpec(**base, ups="rack_batteries")).ledger
    assert none.loss_w < legacy["N"].loss_w


def test_swapping_the_chains_swaps_the_sign() -> None:
    dc = dcgrid.ledger_from_network(solved_pod(), "DC")
    dc = dc.with_upstream(*dcgrid.upstream_stages(SHARED, dc.p_in_w), boundary="shaft")
    check_ledger(dc)
    ac = dcgrid.ac_chain(dcgrid.AcChainSpec(**{**AC.__dict__, "upstream": SHARED, "name": "AC"})).ledger
    one, other = dcgrid.compare(dc, ac), dcgrid.compare(ac, dc)
    assert one.points == -other.points
    assert one.loss_w == -other.loss_w
    assert one.share_of_loss == -other.share_of_loss
    assert one.verdict == other.verdict == "DC loses less"
    assert dcgrid.compare(dc, dc).verdict == "undecided"
    with pytest.raises(dcgrid.NetworkError, match="delivered power"):
        dcgrid.compare(dc, dcgrid.ac_chain(AC, 50e3).ledger)


def test_overload_is_said_and_idle_has_standby_losses() -> None:
    over = dcgrid.ac_chain(AC, 170e3)
    assert over.outcome is dcgrid.Outcome.LIMITED
    assert "PSU at 103.0 %" in over.explain
    idle = dcgrid.ac_chain(AC, 0.0).require_ok().ledger
    assert idle.p_out_w == 0.0
    assert idle.loss_w > 0.0


def test_loss_curve_is_the_chain_at_each_level() -> None:
    curve = dcgrid.ac_loss_curve(AC, [33e3, 99e3, 132e3])
    assert curve.solved
    assert (np.diff(curve.loss_w) > 0).all()
    assert curve.loss_w[1] == pytest.approx(dcgrid.ac_chain(AC, 99e3).ledger.loss_w, rel=1e-9)


def test_loss_curve_takes_the_cooling_of_each_level() -> None:
    curve = dcgrid.ac_loss_curve(AC, [66e3, 132e3], [1e5, 3e5])
    assert [round(ledger.p_side_w) for ledger in curve.ledgers] == [100000, 300000]
    assert curve.loss_w[1] == pytest.approx(dcgrid.ac_chain(AC).ledger.loss_w, rel=1e-9)
    with pytest.raises(dcgrid.NetworkError, match="one for each level"):
        dcgrid.ac_loss_curve(AC, [66e3, 132e3], [1e5])


def test_layout_is_tidy() -> None:
    net = dcgrid.build_pod(POD)
    place = dcgrid.layout(net)
    assert sorted(place) == list(range(len(net.bus)))
    assert len(set(place.values())) == len(place), "no two buses on one spot"
    for bus, name in enumerate(net.labels("bus")):
        if " / block " in name and not name.endswith("block bus"):
            assert place[bus][1] == 0.0, "blocks on top"
    for c in net.converter.itertuples():
        assert place[c.to_bus][1] < place[c.from_bus][1], "racks below their taps"


def test_layout_of_meshes_islands_and_tied_pods() -> None:
    net = dcgrid.build_pod(POD, name="pod 1")
    dcgrid.build_pod(POD, net, "pod 2")
    hubs = [net.labels("bus").index(f"pod {k} / block bus") for k in (1, 2)]
    dcgrid.create_line(net, *hubs, length_m=50.0, std_type="Cu 240 mm2")
    dcgrid.create_switch(net, 3, 9)
    lonely = dcgrid.create_bus(net, 800.0)
    place = dcgrid.layout(net)
    assert lonely in place
    assert len(set(place.values())) == len(net.bus)


def test_assumptions_name_their_sources() -> None:
    rows = dcgrid.assumptions()
    assert len(rows) > 20
    assert all(r["source"] and r["grade"] in ("cited", "assumption") for r in rows)


def test_shipped_curves_are_physical() -> None:
    for kind in std_types.converters().values():
        load, loss = np.array(kind.loss_curve).T
        assert load[0] == 0.0, kind.std_type
        assert load[-1] >= 1.0
        assert (np.diff(loss) >= 0).all()
        eta = load[1:] / (load[1:] + loss[1:])
        assert 0.6 < eta.min() < eta.max() < 0.998, kind.std_type
        assert kind.source
        assert kind.grade in ("cited", "assumption")


def test_conductors_follow_their_section() -> None:
    """R A is the resistivity: IEC's maxima lie 0 to 8 % above it; mass follows the density."""
    for c in std_types.conductors().values():
        rho = c.r_20C_ohm_km * c.area_mm2 / 1000.0
        low, high = (0.0170, 0.0195) if c.material == "Cu" else (0.0275, 0.0325)
        assert low < rho < high, c.std_type
        assert c.mass_kg_m / c.area_mm2 * 1e6 == pytest.approx(8903 if c.material == "Cu" else 2703, rel=0.01)


def test_nec_sizes_are_what_the_tables_print() -> None:
    """500 kcmil copper: 0.0258 ohm/kft at 75 degC, 380 A; never chosen among IEC sections."""
    c = std_types.conductor("Cu 500 kcmil")
    assert c.r_loop_ohm(304.8, 75.0) == pytest.approx(2 * 0.0258, rel=2e-3)
    assert c.max_i_a == 380.0
    assert std_types.conductor(dcgrid.select(2000.0, 800.0, 60.0).std_type).kind == "cable"
    assert dcgrid.select(700.0, 800.0, 60.0, kind=("NEC cable",)).std_type.endswith(("AWG", "kcmil"))
    net = dcgrid.build_pod(replace(POD, collection_std_type="Al 500 kcmil", row_feeder_std_type="Cu 4/0 AWG"))
    assert dcgrid.run(net).outcome.name == "OK"


def test_selection_meets_both_rules() -> None:
    for i, length in ((100.0, 300.0), (1500.0, 40.0), (6250.0, 80.0)):
        s = dcgrid.select(i, 800.0, length, 0.01)
        wire = std_types.conductor(s.std_type)
        assert s.loading == pytest.approx(i / (s.parallel * wire.max_i_a * 0.8))
        assert s.loading <= 1.0
        assert s.drop_frac == pytest.approx(i * wire.r_loop_ohm(length) / s.parallel / 800.0)
        assert s.drop_frac <= 0.01


def test_pandapower_agrees_on_the_dc_network() -> None:
    """AC with x = 0: the same V and losses, droop as a series resistance (independent solver)."""
    import pandapower as pp

    path = Path(__file__).parents[1] / "validation" / "dc_networks" / "dc_networks_meshed.json"
    case = json.loads(path.read_text())["cases"]["mesh30_droop3"]
    ours, theirs = dcgrid.create_empty_network(), pp.create_empty_network()
    line = {"length_km": 1.0, "x_ohm_per_km": 0.0, "c_nf_per_km": 0.0, "max_i_ka": 1.0}
    bus = {}
    for b in case["buses"]:
        bus[b["id"]] = (dcgrid.create_bus(ours, 800.0), pp.create_bus(theirs, 0.8))
    for e in case["lines"]:
        (a, x), (b, y), n = bus[e["from"]], bus[e["to"]], e.get("parallel", 1)
        dcgrid.create_line_from_parameters(ours, a, b, e["r_ohm"], parallel=n)
        pp.create_line_from_parameters(theirs, x, y, r_ohm_per_km=e["r_ohm"], parallel=n, **line)
    for e in case["sources"]:
        dcgrid.create_source(ours, bus[e["bus"]][0], e["v_v"], e["r_droop_ohm"])
        inner = pp.create_bus(theirs, 0.8)
        pp.create_ext_grid(theirs, inner, vm_pu=e["v_v"] / 800.0)
        pp.create_line_from_parameters(theirs, inner, bus[e["bus"]][1], r_ohm_per_km=e["r_droop_ohm"], **line)
    for e in case["loads"]:
        dcgrid.create_load(ours, bus[e["bus"]][0], e["p_w"])
        pp.create_load(theirs, bus[e["bus"]][1], e["p_w"] / 1e6)
    result = dcgrid.run(ours).require_ok()
    pp.runpp(theirs, numba=False, tolerance_mva=1e-10, init="flat", calculate_voltage_angles=False)
    v = theirs.res_bus.vm_pu.to_numpy()[: len(case["buses"])] * 800.0
    assert ours.res_bus.v_v.to_numpy() == pytest.approx(v, rel=1e-9)
    loss = 1e6 * theirs.res_line.pl_mw.to_numpy()[: len(case["lines"])].sum()
    assert result.line_loss_w == pytest.approx(loss, rel=1e-6)


def test_generators_on_the_medium_voltage_save_the_inverter_and_the_step_up_transformer() -> None:
    from dataclasses import replace

    inverter, generator = dcgrid.ac_chain(AC), dcgrid.ac_chain(replace(AC, feed="generator"))
    assert inverter.ledger is not None
    assert generator.ledger is not None
    check_ledger(generator.ledger)
    names = [stage.name for stage in inverter.stages]
    assert names[:2] == ["inverter", "step-up transformer"]
    assert [stage.name for stage in generator.stages] == names[2:]
    saved = inverter.ledger.p_in_w - generator.ledger.p_in_w
    skipped = sum(stage.loss_w for stage in inverter.stages[:2])
    assert saved == pytest.approx(skipped, rel=0.02)


@pytest.mark.parametrize("racks", [38, 57, 76])
@pytest.mark.parametrize("blocks", [3, 5, 8])
def test_a_pod_without_load_still_closes(racks: int, blocks: int) -> None:
    net = dcgrid.build_pod(
        dcgrid.PodSpec(n_blocks=blocks, block_p_w=5e6, n_racks=racks, rack_p_w=132e3, rack_load_w=0.0)
    )
    dcgrid.run(net).require_ok()
    check_ledger(dcgrid.ledger_from_network(net))
