"""Tables behind the network's figures: complete, in balance, and as the solution says."""

from __future__ import annotations

import numpy as np
import pytest

import dcgrid
from dcgrid.figure_data import one_line, power_flows, voltage_profile


@pytest.fixture
def tied() -> dcgrid.Network:
    """Two pods with an open tie, a buffer that charges, and a row out of service."""
    spec = dcgrid.PodSpec(
        n_blocks=3,
        block_p_w=1e6,
        n_racks=12,
        rack_p_w=132e3,
        racks_per_row=4,
        cooling_p_w=5e4,
        storage_p_w=-1e5,
    )
    net = dcgrid.build_pod(spec, dcgrid.build_pod(spec), "pod 2")
    names = net.labels("bus")
    a, b = names.index("pod 1 / row 1"), names.index("pod 2 / row 1")
    dcgrid.create_switch(net, a, b, closed=False, name="tie")
    net.line.loc[net.labels("line").index("pod 1 / row 2 feeder"), "in_service"] = False
    dcgrid.run(net).require_ok()
    return net


def test_every_bus_and_branch_is_drawn_once(tied: dcgrid.Network) -> None:
    buses, branches = one_line(tied)
    assert len(buses) == len(tied.bus)
    assert len(branches) == len(tied.line) + len(tied.converter) + 1
    assert not buses.duplicated(["x", "y"]).any()
    tie = branches[branches["name"] == "tie"].iloc[0]
    assert (tie["kind"], tie["closed"], tie["i_a"]) == ("switch", False, 0.0)
    dark = buses[~buses["supplied"]]
    assert len(dark) == 9
    assert dark["v_v"].isna().all()
    lit = buses[buses["supplied"]].set_index("bus")
    assert lit["v_v"].to_numpy() == pytest.approx(tied.res_bus["v_v"][lit.index].to_numpy())


def test_a_tie_does_not_bend_the_diagram(tied: dcgrid.Network) -> None:
    """The second pod stands beside the first, as it does without the tie."""
    buses, _ = one_line(tied)
    pod = buses["name"].str.startswith("pod 2")
    assert buses["x"][pod].min() > buses["x"][~pod].max()
    assert buses["y"][pod].tolist() == buses["y"][~pod].tolist()


def test_the_profile_falls_along_each_way(tied: dcgrid.Network) -> None:
    p = voltage_profile(tied)
    assert set(p["bus"]) == set(np.flatnonzero(tied.res_bus["supplied"]))
    level = p[p["vn_v"] == 800.0].set_index("bus")
    down = level[level["upstream"] >= 0]
    before = level.loc[down["upstream"]]
    assert (down["v_v"].to_numpy() <= before["v_v"].to_numpy() + 1e-9).all()
    assert (down["length_m"].to_numpy() > before["length_m"].to_numpy()).all()
    assert (down["r_ohm"].to_numpy() > before["r_ohm"].to_numpy()).all()
    rack = p.set_index("name").loc["pod 1 / row 1 / rack 3"]
    assert rack["length_m"] == pytest.approx(80.0 + 40.0 + 3 * 1.2)
    assert rack["feeder"] == "pod 1 / row 1 feeder"


def test_what_flows_into_a_node_flows_out(tied: dcgrid.Network) -> None:
    r = dcgrid.run(tied)
    flows = power_flows(tied)
    assert (flows["p_w"] > 0).all()
    entering, leaving = flows.groupby("target")["p_w"].sum(), flows.groupby("source")["p_w"].sum()
    for node in set(entering.index) & set(leaving.index):
        assert entering[node] == pytest.approx(leaving[node], rel=1e-9), node
    losses = flows[flows["kind"] == "loss"]["p_w"].sum()
    assert losses == pytest.approx(r.loss_w, rel=1e-9)
    assert leaving["block"] == pytest.approx(r.source_p_w, rel=1e-12)
    assert entering["buffer"] == pytest.approx(2e5)
    assert entering["rack"] + entering["cooling"] == pytest.approx(r.load_p_w, rel=1e-12)


def test_an_unsolved_network_has_no_tables() -> None:
    net = dcgrid.build_pod(dcgrid.PodSpec(n_blocks=1, block_p_w=1e6, n_racks=2, rack_p_w=132e3))
    for table in (one_line, voltage_profile, power_flows):
        with pytest.raises(dcgrid.NetworkError, match="solved"):
            table(net)
