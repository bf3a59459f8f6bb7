"""The network's figures say everything twice: colour and width, colour and size; and draw what the tables hold."""

from __future__ import annotations

import numpy as np
import pytest

import dcgrid
from campus import figures
from campus.figures import one_line as module
from dcgrid import figure_data


@pytest.fixture(scope="module")
def net() -> dcgrid.Network:
    spec = dcgrid.PodSpec(
        n_blocks=3, block_p_w=1e6, n_racks=12, rack_p_w=132e3, racks_per_row=4, cooling_p_w=5e4
    )
    net = dcgrid.build_pod(spec)
    net.line.loc[net.labels("line").index("pod 1 / row 2 feeder"), "in_service"] = False
    net.line.loc[net.labels("line").index("pod 1 / row 1 feeder"), "max_i_a"] = 100.0
    dcgrid.run(net).require_ok()
    return net


def drawn(figure, name):
    return next(trace for trace in figure.data if trace.name == name)


def test_one_line_shows_overload_darkness_and_every_bus(net: dcgrid.Network) -> None:
    buses, branches = figure_data.one_line(net)
    figure = figures.one_line_figure(buses, branches)
    over = drawn(figure, "over 100 %")
    assert np.isfinite(np.asarray(over.x, dtype=float)).sum() == 3 * (branches["loading"] > 1.0).sum()
    idle = drawn(figure, "open or unrated")
    assert idle.line.dash
    assert np.isfinite(np.asarray(idle.x, dtype=float)).sum() == 3 * branches["loading"].isna().sum()
    shown = [
        trace
        for trace in figure.data
        if trace.mode == "markers" and trace.legendgroup and trace.x[0] is not None
    ]
    assert sum(len(trace.x) for trace in shown) == len(buses)
    assert len(next(t for t in shown if t.legendgroup == "not supplied").x) == (~buses["supplied"]).sum()
    widths = [width for _, _, width in module.CLASSES]
    assert widths == sorted(set(widths))
    sizes = [size for *_, size in module.LEVELS]
    assert sizes == sorted(set(sizes))


def test_profile_names_the_lowest_bus(net: dcgrid.Network) -> None:
    profile = figure_data.voltage_profile(net)
    for against in ("length_m", "r_ohm"):
        figure = figures.voltage_profile_figure(profile, against)
        main = profile[profile["vn_v"] == 800.0]
        assert main.loc[main["v_pu"].idxmin(), "name"] in figure.layout.annotations[0].text
        assert len(drawn(figure, "buses of 800 V").x) == len(main)
    assert "mΩ" in figure.layout.xaxis.title.text


def test_sankey_draws_every_flow(net: dcgrid.Network) -> None:
    flows = figure_data.power_flows(net)
    link = figures.network_sankey_figure(flows).data[0].link
    assert sum(link.value) == pytest.approx(flows["p_w"].sum() / 1e6, rel=1e-4)
