"""The DC power flow against power-grid-model (extra ``peers``), which solves the same network as AC without reactance."""

import numpy as np
import pytest

import dcgrid

pytestmark = pytest.mark.peers


def _row(n: int) -> tuple[dcgrid.Network, list[float]]:
    """A source and a row of racks behind it [ohm of each segment]."""
    net = dcgrid.create_empty_network("row")
    at = dcgrid.create_bus(net, 800.0)
    dcgrid.create_source(net, at, 800.0)
    segments = [0.0004 + 0.0001 * (k % 3) for k in range(n)]
    for r_ohm in segments:
        tap = dcgrid.create_bus(net, 800.0)
        dcgrid.create_line_from_parameters(net, at, tap, r_ohm)
        dcgrid.create_load(net, tap, 132e3)
        at = tap
    return net, segments


def test_a_row_of_racks_agrees_with_power_grid_model():
    pgm = pytest.importorskip("power_grid_model")
    net, segments = _row(12)
    dcgrid.run(net).require_ok()
    n = len(segments)
    node = pgm.initialize_array("input", "node", n + 1)
    node["id"], node["u_rated"] = np.arange(n + 1), 800.0
    line = pgm.initialize_array("input", "line", n)
    line["id"], line["from_node"], line["to_node"] = 100 + np.arange(n), np.arange(n), np.arange(1, n + 1)
    line["from_status"] = line["to_status"] = 1
    # Three-phase power P in line resistance R and line voltage U flows as DC power P in loop resistance R at U.
    line["r1"], line["x1"], line["c1"], line["tan1"], line["i_n"] = segments, 0.0, 0.0, 0.0, 1e4
    load = pgm.initialize_array("input", "sym_load", n)
    load["id"], load["node"], load["status"], load["type"] = 200 + np.arange(n), np.arange(1, n + 1), 1, 0
    load["p_specified"], load["q_specified"] = 132e3, 0.0
    source = pgm.initialize_array("input", "source", 1)
    source["id"], source["node"], source["status"], source["u_ref"], source["sk"] = 300, 0, 1, 1.0, 1e20
    model = pgm.PowerGridModel({"node": node, "line": line, "sym_load": load, "source": source})
    found = model.calculate_power_flow(error_tolerance=1e-12)["node"]["u"]
    np.testing.assert_allclose(net.res_bus["v_v"], found, rtol=1e-9)
