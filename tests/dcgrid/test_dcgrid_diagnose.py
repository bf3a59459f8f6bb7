"""Validation before solving: each mistake is found, with its element, value, bound and hint; a sound network has none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dcgrid
from dcgrid.plausible import behind_lines, demand


def pod() -> dcgrid.Network:
    spec = dcgrid.PodSpec(
        n_blocks=3, block_p_w=1e6, n_racks=12, rack_p_w=132e3, racks_per_row=4, cooling_p_w=5e4
    )
    return dcgrid.build_pod(spec)


def edit(table: str, column: str, value: object, k: int = 0):
    def change(net: dcgrid.Network) -> None:
        getattr(net, table).loc[k, column] = value

    return change


def second_ideal_source(net: dcgrid.Network) -> None:
    net.source["r_droop_ohm"] = 0.0
    dcgrid.create_source(net, int(net.source.bus[0]), 801.0, name="another")


def loop_of_switches(net: dcgrid.Network) -> None:
    a, b = dcgrid.create_bus(net, 800.0), dcgrid.create_bus(net, 800.0)
    for x, y in ((0, a), (a, b), (b, 0)):
        dcgrid.create_switch(net, x, y)


def wire_between_levels(net: dcgrid.Network) -> None:
    rack = net.labels("bus").index("pod 1 / row 1 / rack 1")
    dcgrid.create_line_from_parameters(net, 0, rack, 0.01, name="wrong wire")


def tie_between_levels(net: dcgrid.Network) -> None:
    dcgrid.create_switch(net, 0, dcgrid.create_bus(net, 1000.0), name="tie")


def lost_row(net: dcgrid.Network) -> None:
    net.line.loc[net.labels("line").index("pod 1 / row 2 feeder"), "in_service"] = False


def small_sources(net: dcgrid.Network) -> None:
    net.source["p_max_w"] = 5e5


ERRORS = {
    "resistance": (edit("line", "r_ohm", -1.0), "collection cable 1", "r_ohm"),
    "not a number": (edit("source", "v_v", float("inf")), "block 1", "v_v"),
    "conductors": (edit("line", "parallel", 0), "collection cable 1", "parallel"),
    "modules": (edit("converter", "n_modules", 0), "rack 1 sidecar", "n_modules"),
    "limit": (edit("source", "p_max_w", -5.0), "block 1", "p_max_w"),
    "no such bus": (edit("load", "bus", 999), "cooling", "does not exist"),
    "no such type": (edit("converter", "std_type", "800/50 V"), "rack 1 sidecar", "std_type"),
    "no set-point": (edit("converter", "v_out_v", None), "rack 1 sidecar", "needs v_out_v"),
    "ideal sources": (second_ideal_source, "another", "without droop"),
    "loop": (loop_of_switches, "switch", "loop"),
    "levels": (wire_between_levels, "wrong wire", "joins nominal"),
}
WARNINGS = {
    "levels": (tie_between_levels, "tie", "joins nominal"),
    "island": (lost_row, "row 2", "4 loads, 528 kW"),
    "set-point": (edit("source", "v_v", 80.0), "block 1", "far from"),
    "output": (edit("converter", "v_out_v", 12.0), "rack 1 sidecar", "gives 12 V"),
    "window": (edit("converter", "v_in_min_v", 850.0), "rack 1 sidecar", "input window"),
    "converter rating": (edit("converter", "n_modules", 3), "rack 1 sidecar", "rated 99 kW"),
    "source rating": (small_sources, "block 1, pod 1 / block 2", "the load behind is"),
    "ampacity": (edit("line", "max_i_a", 100.0, 3), "row 1 feeder", "draws at least"),
    "rack in kW": (edit("load", "p_w", 132.0, 1), "rack 1", "a rack of 132 W"),
    "source in kW": (edit("source", "p_max_w", 900.0), "block 1", "p_max_w"),
    "milliohm": (edit("line", "r_ohm", 1.2), "collection cable 1", "milliohm"),
    "droop": (edit("source", "r_droop_ohm", 13.0), "block 1", "milliohm"),
    "kilovolt": (edit("bus", "vn_v", 0.8), "block bus", "0.8 V"),
    "unknown conductor": (edit("line", "std_type", "Cu 501"), "collection cable 1", "std_type"),
}  # fmt: skip


def test_a_sound_network_has_no_finding() -> None:
    assert dcgrid.diagnose(pod()) == ()


@pytest.mark.parametrize("name", ERRORS)
def test_errors(name: str) -> None:
    change, element, text = ERRORS[name]
    net = pod()
    change(net)
    found = [
        f for f in dcgrid.diagnose(net) if f.level == "error" and element in f.element and text in f.text
    ]
    assert found
    assert found[0].allowed
    result = dcgrid.run(net)
    assert result.outcome is dcgrid.Outcome.INVALID
    assert net.res_bus.empty


@pytest.mark.parametrize("name", WARNINGS)
def test_warnings(name: str) -> None:
    change, element, text = WARNINGS[name]
    net = pod()
    change(net)
    found = [f for f in dcgrid.diagnose(net) if element in f.element and text in f"{f.text}; {f.suggestion}"]
    assert [f.level for f in found] == ["warning"]
    assert found[0].value is not None
    assert found[0].allowed


def test_all_mistakes_are_listed_at_once() -> None:
    net = pod()
    changes = [ERRORS[k] for k in ("modules", "ideal sources", "loop", "levels")]
    changes += [WARNINGS[k] for k in ("island", "unknown conductor")]
    for change, _, _ in changes:
        change(net)
    found = dcgrid.diagnose(net)
    for _, element, text in changes:
        assert any(element in f.element and text in f.text for f in found), text
    levels = [f.level for f in found]
    assert levels == sorted(levels)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(2, 20), st.integers(0, 3), st.integers(1, 3), st.integers(0, 10**9))
def test_the_demand_behind_a_line_is_what_its_loss_darkens(
    n: int, chords: int, sources: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    net = dcgrid.create_empty_network()
    for _ in range(n):
        dcgrid.create_bus(net, 800.0)
    pairs = [(int(rng.integers(0, k)), k) for k in range(1, n)]
    pairs += [tuple(int(x) for x in rng.choice(n, 2, replace=False)) for _ in range(chords)]
    for a, b in pairs:
        dcgrid.create_line_from_parameters(net, a, b, 0.01)
    for _ in range(sources):
        dcgrid.create_source(net, int(rng.integers(0, n)), 800.0, 0.01)
    for k in range(n):
        dcgrid.create_load(net, k, float(rng.uniform(0, 1e5)))
    d = demand(net)
    behind = behind_lines(d)
    for k in range(len(net.line)):
        net.line.loc[k, "in_service"] = False
        dark = dcgrid.diagnose(net)
        lost = sum(float(str(f.value).split()[0]) for f in dark if "not supplied" in f.text)
        assert behind[k] == pytest.approx(lost, rel=1e-5)
        net.line.loc[k, "in_service"] = True


def test_demand_goes_through_converters_to_the_source() -> None:
    net = pod()
    d = demand(net)
    total = np.zeros(len(d.v))
    np.add.at(total, d.part, d.p_w)
    assert total.max() == pytest.approx(sum(net.column("load", "p_w")))
