"""Reference networks: closed forms.

Radial and meshed nets solved by independent tools (tests/validation/dc_networks).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

import dcgrid

FOLDER = Path(__file__).parents[1] / "validation" / "dc_networks"
PLAIN = json.loads((FOLDER / "dc_networks.json").read_text())["cases"]
MESHED = json.loads((FOLDER / "dc_networks_meshed.json").read_text())["cases"]
RADIAL = [name for name, case in PLAIN.items() if "branches" in case]
SOURCE = "DC networks: closed forms and independent tools"
#: Not of this file: the battery's short circuit belongs to the fault currents.
ELSEWHERE = {"iec61660_battery"}


def radial(case: dict) -> dcgrid.Network:
    net = dcgrid.create_empty_network()
    for _ in range(case["n_bus"]):
        dcgrid.create_bus(net, case["v_slack"])
    dcgrid.create_source(net, case["slack_bus"], case["v_slack"])
    for a, b, r in case["branches"]:
        dcgrid.create_line_from_parameters(net, a, b, r)
    for bus, p in enumerate(case["p_load"]):
        if p:
            dcgrid.create_load(net, bus, p)
    return net


def meshed(case: dict) -> dcgrid.Network:
    net = dcgrid.create_empty_network()
    bus = {b["id"]: dcgrid.create_bus(net, b["vn_v"], b["id"], b["kind"]) for b in case["buses"]}
    line = {}
    for e in case.get("lines", []):
        ohm = {k: e[k] for k in ("r_ohm", "r_pole_ohm", "r_neutral_ohm") if k in e}
        ends = (net, bus[e["from"]], bus[e["to"]])
        line[e["id"]] = dcgrid.create_line_from_parameters(
            *ends, parallel=e.get("parallel", 1), name=e["id"], **ohm
        )
    for e in case.get("earthing", []):
        dcgrid.create_earthing(net, bus[e["bus"]], e["r_ohm"], e["id"])
    for e in case.get("sources", []):
        dcgrid.create_source(
            net, bus[e["bus"]], e["v_v"], e["r_droop_ohm"], e["id"], allow_reverse=e["allow_reverse"],
            between=e.get("between"),
        )  # fmt: skip
    for e in case.get("converters", []):
        rest = {k: v for k, v in e.items() if k not in ("id", "from_bus", "to_bus")}
        dcgrid.create_converter(net, bus[e["from_bus"]], bus[e["to_bus"]], name=e["id"], **rest)
    for e in case.get("loads", []):
        dcgrid.create_load(
            net, bus[e["bus"]], e["p_w"], e["kind"], e["id"], shares=e.get("shares"), between=e.get("between")
        )
    for e in case.get("switches", []):
        if "line" in e:
            dcgrid.create_switch(net, bus[e["bus"]], line[e["line"]], "line", e["closed"], e["id"])
        else:
            dcgrid.create_switch(net, bus[e["from"]], bus[e["to"]], "bus", e["closed"], e["id"])
    return net


@pytest.mark.parametrize("name", RADIAL)
def test_radial_reference(name: str, record_validation) -> None:
    case = PLAIN[name]
    net = radial(case)
    result = dcgrid.run(net)
    assert result.outcome is dcgrid.Outcome.OK
    v, want = net.res_bus["v_v"].to_numpy(), case["expected"]
    printed = np.array(want["v"])  # to six decimals
    worst = int(np.argmax(np.abs(v / printed - 1.0)))
    assert abs(v[worst] - printed[worst]) < 5e-7 + 1e-9 * printed[worst]
    row = (name, SOURCE)
    record_validation(
        *row, f"voltage of the bus that differs most ({worst})", printed[worst], v[worst], 1e-6, unit="V",
        relative=True, note="printed to six decimals",
    )  # fmt: skip
    record_validation(*row, "lowest voltage", want["v_min"], v.min(), 1e-9, unit="V", relative=True)
    loss = 1e-9 if case["source"] == "analytic" else 1e-6
    record_validation(*row, "loss", want["loss_W"], result.loss_w, loss, unit="W", relative=True)


@pytest.mark.parametrize(("r", "p"), [(0.1, 132e3), (1.2, 132e3), (1.2, 0.999 * 800**2 / 4.8), (0.001, 1e3)])
def test_one_load_closed_form(r: float, p: float) -> None:
    """V = (Vs + sqrt(Vs^2 - 4 R P)) / 2, up to 99.9 % of the transferable power."""
    net = radial({"n_bus": 2, "v_slack": 800.0, "slack_bus": 0, "branches": [[0, 1, r]], "p_load": [0, p]})
    assert dcgrid.run(net).outcome is dcgrid.Outcome.OK
    assert net.res_bus.v_v[1] == pytest.approx((800.0 + np.sqrt(800.0**2 - 4 * r * p)) / 2, rel=1e-9)


def test_two_droop_sources_closed_form(record_validation) -> None:
    case = PLAIN["droop2_closed_form"]
    given, expected = case["inputs"], case["expected"]
    net = dcgrid.create_empty_network()
    middle = dcgrid.create_bus(net, 800.0)
    for k, r in zip(given["k"], given["R"], strict=True):
        end = dcgrid.create_bus(net, 800.0)
        dcgrid.create_source(net, end, given["V0"], k)
        dcgrid.create_line_from_parameters(net, end, middle, r)
    dcgrid.create_load(net, middle, given["P"])
    result = dcgrid.run(net)
    i = net.res_source.i_a
    for what, want, got, unit in (
        ("voltage of the load", expected["v_bus"], net.res_bus.v_v[middle], "V"),
        ("current of source 1", expected["I1"], i[0], "A"),
        ("current of source 2", expected["I2"], i[1], "A"),
        ("line loss", expected["loss_lines_W"], result.line_loss_w, "W"),
    ):
        record_validation("droop2_closed_form", SOURCE, what, want, got, 1e-9, unit=unit, relative=True)


def test_every_reference_is_used() -> None:
    assert set(PLAIN) == {*RADIAL, "droop2_closed_form", "stagg5_matacdc", *ELSEWHERE}
    assert len(MESHED) == 14
    assert {n for n in MESHED if MESHED[n]["expected"]["outcome"] == "COLLAPSE"} == {"collapse"}


@dataclass
class Worst:
    """The quantity of a kind (V, A, W) that differs most from its reference, over max(|value|, scale)."""

    off: float = -1.0
    what: str = ""
    expected: float = 0.0
    got: float = 0.0

    def see(self, what: str, got: float, expected: float | None, scale: float) -> None:
        if expected is None:
            assert np.isnan(got), f"{what}: {got}, where nothing is supplied"
            return
        off = abs(got - expected) / max(abs(expected), scale)
        assert off <= 1e-6, f"{what}: {got!r}, expected {expected!r}"
        if off > self.off:
            self.off, self.what, self.expected, self.got = off, what, expected, got


def compare_table(net: dcgrid.Network, table: str, expected: dict, worst: dict[str, Worst]) -> None:
    """Every number of a result table; relative to the value, or to a thousandth of the column's largest."""
    frame = getattr(net, f"res_{table}")
    names = net.labels(table)
    for name, row in expected.items():
        k = names.index(name)
        if row is None:
            assert frame.filter(regex="_[awv]$").loc[k].isna().all(), f"{table} {name}"
            continue
        for column, value in row.items():
            scale = 1e-3 * max(np.nanmax(np.abs(frame[column].to_numpy(dtype=float))), 1e-3)
            unit = {"_a": "A", "_w": "W", "_v": "V"}.get(column[-2:], "")
            worst.setdefault(unit, Worst()).see(
                f"{column} of {table} {name}", float(frame[column][k]), value, scale
            )


@pytest.mark.parametrize("name", [n for n in MESHED if MESHED[n]["expected"]["outcome"] != "COLLAPSE"])
def test_meshed_reference(name: str, record_validation) -> None:
    case = MESHED[name]
    expected = case["expected"]
    net = meshed(case)
    result = dcgrid.run(net)
    assert result.outcome.name == expected["outcome"]
    names, worst = net.labels("bus"), {}
    for bus, v in expected["bus_v"].items():
        columns = {f"v_{p}_v": x for p, x in v.items()} if isinstance(v, dict) else {"v_v": v}
        for column, volt in columns.items():
            got = float(net.res_bus[column][names.index(bus)])
            worst.setdefault("V", Worst()).see(f"{column} of {bus}", got, volt, 0.4)
    for table in ("line", "source", "converter", "load", "switch", "earthing"):
        compare_table(net, table, expected.get(table, {}), worst)
    assert list(result.limited) == expected.get("limited", [])
    assert list(result.unsupplied) == sorted(expected.get("unsupplied", []), key=names.index)
    for ours, theirs in (
        ("line_loss_w", "line_loss_w"),
        ("converter_loss_w", "converter_loss_w"),
        ("loss_w", "total_loss_w"),
        ("source_p_w", "source_p_w"),
        ("load_p_w", "load_p_w"),
    ):
        assert getattr(result, ours) == pytest.approx(expected[theirs], rel=1e-6)
    row = (name, SOURCE)
    for unit, w in sorted(worst.items()):
        tolerance = 1e-6 * max(abs(w.expected), abs(w.got - w.expected) / w.off if w.off > 0.0 else 1e-9)
        of = {"V": "voltages", "A": "currents", "W": "powers"}.get(unit, "ratios")
        what = f"of all {of}, the one that differs most: {w.what}"
        record_validation(*row, what, w.expected, w.got, tolerance, unit=unit)
    record_validation(*row, "loss", expected["total_loss_w"], result.loss_w, 1e-6, unit="W", relative=True)
    record_validation(
        *row, "source power", expected["source_p_w"], result.source_p_w, 1e-6, unit="W", relative=True
    )


@pytest.mark.parametrize("name", [n for n in MESHED if "lambda_max" in MESHED[n]["expected"]])
def test_nose(name: str, record_validation) -> None:
    want, got = MESHED[name]["expected"]["lambda_max"], dcgrid.max_load_factor(meshed(MESHED[name]))
    record_validation(name, SOURCE, "largest load factor", want, got, 1e-6, relative=True)


def test_collapse_is_reported() -> None:
    net = meshed(MESHED["collapse"])
    result = dcgrid.run(net)
    assert result.outcome is dcgrid.Outcome.COLLAPSE
    assert result.limiting_bus in net.labels("bus")
    assert result.lambda_max == pytest.approx(0.8928571427793823, rel=2e-4)
    assert result.loss_w is None
    assert net.res_bus.empty
    assert net.res_line.empty
    with pytest.raises(dcgrid.RunError, match="COLLAPSE"):
        result.require_ok()


def test_stagg5_dc_side(record_validation) -> None:
    """MatACDC's three-terminal grid: converter powers given, slack at bus 2, P = 2 V I (so the loop is half of r)."""
    case = PLAIN["stagg5_matacdc"]
    v_base, s_base = 345e3, 100e6
    z_base = v_base**2 / s_base
    net = dcgrid.create_empty_network("stagg 5, DC side")
    bus = [dcgrid.create_bus(net, v_base, f"dc {k + 1}") for k in range(3)]
    for a, b, r in case["inputs"]["dc_lines"]:
        dcgrid.create_line_from_parameters(net, bus[a - 1], bus[b - 1], 0.5 * r * z_base)
    p = [1e6 * x for x in case["expected"]["p_conv_dc_MW"]]
    dcgrid.create_storage(net, bus[0], p[0])
    dcgrid.create_source(net, bus[1], v_base, allow_reverse=True)
    dcgrid.create_storage(net, bus[2], p[2])
    dcgrid.run(net).require_ok()
    source = SOURCE
    for k, want in enumerate(case["expected"]["v_dc"]):
        record_validation(
            "stagg5_matacdc", source, f"voltage of DC bus {k + 1}", want, net.res_bus.v_pu[k], 5e-7, unit="pu"
        )
    took = -net.res_source.p_w[0] / 1e6
    record_validation("stagg5_matacdc", source, "slack power", -p[1] / 1e6, took, 1e-3, unit="MW")
