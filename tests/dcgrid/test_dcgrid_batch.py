"""Batches of scenarios: outages, trips and reducers, against single runs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import dcgrid


def ring(**converter: object) -> dcgrid.Network:
    """Two droop sources on a ring of five buses, a rack behind a converter at each of the others."""
    net = dcgrid.create_empty_network("ring")
    bus = [dcgrid.create_bus(net, 800.0, f"b{k}") for k in range(5)]
    for k in (0, 2):
        dcgrid.create_source(net, bus[k], 800.0, 0.004, f"s{k}", p_max_w=1e6)
    for k in range(5):
        dcgrid.create_line_from_parameters(
            net, bus[k], bus[(k + 1) % 5], 0.002 + 0.001 * k, 400.0, name=f"l{k}"
        )
    for k in (1, 3, 4):
        rack = dcgrid.create_bus(net, 50.0, f"rack {k}")
        options: dict = {
            "loss_curve": [[0, 0.004], [0.5, 0.01], [1.0, 0.027]],
            "staging": "optimal",
        } | converter
        dcgrid.create_converter(net, bus[k], rack, 50.0, 33e3, 5, name=f"c{k}", **options)
        dcgrid.create_load(net, rack, 100e3 + 1e4 * k)
    dcgrid.create_load(net, bus[2], 4e4, "constant_resistance")
    return net


def test_outages_of_a_batch_equal_networks_without_the_element() -> None:
    """Each line, converter and source out in turn, and two sources at once: voltages, currents, powers, outcome."""
    net = ring()
    tables = {"line": 5, "converter": 3, "source": 2}
    cases = [(t, (k,)) for t, n in tables.items() for k in range(n)] + [("source", (0, 1)), ("line", (0, 1))]
    masks = {t: np.zeros((len(cases), n), dtype=bool) for t, n in tables.items()}
    for row, (table, gone) in enumerate(cases):
        masks[table][row, list(gone)] = True
    p = np.tile(net.column("load", "p_w"), (len(cases), 1))
    batch = dcgrid.run_batch(net, p, outages=dcgrid.Outages(**masks), keep=tuple(dcgrid.batch.ARRAYS))
    for row, (table, gone) in enumerate(cases):
        frame = getattr(net, table)
        frame.loc[list(gone), "in_service"] = False
        if any(net.source.in_service):
            result = dcgrid.run(net)
            assert batch.outcome[row] is result.outcome
            np.testing.assert_allclose(batch.v_bus_v[row], net.res_bus.v_v, rtol=1e-9)
            np.testing.assert_allclose(batch.i_line_a[row], net.res_line.i_a, rtol=1e-9, atol=1e-7)
            np.testing.assert_allclose(batch.p_source_w[row], net.res_source.p_w, rtol=1e-9, atol=1e-4)
            np.testing.assert_allclose(batch.p_in_converter_w[row], net.res_converter.p_in_w, rtol=1e-9)
            assert batch.loss_w[row] == pytest.approx(result.loss_w, rel=1e-9)
            assert batch.v_min_pu[row] == pytest.approx(result.v_min_pu, rel=1e-9)
            assert batch.max_line_loading[row] == pytest.approx(result.max_line_loading, rel=1e-9)
        else:
            assert np.isnan(batch.v_bus_v[row]).all()
            assert batch.loss_w[row] == 0.0
        frame.loc[list(gone), "in_service"] = True


def test_converters_trip_in_their_own_scenario() -> None:
    net = ring(i_out_max_a=2250.0, on_limit="trip")
    base = np.array(net.column("load", "p_w"))
    batch = dcgrid.run_batch(net, np.array([0.5, 1.0, 0.8])[:, None] * base)
    assert [o.name for o in batch.outcome] == ["OK", "LIMITED", "OK"]
    net.load["p_w"] = base
    result = dcgrid.run(net)
    assert batch.n_limited[1] == len(result.limited) == 2
    np.testing.assert_allclose(batch.v_bus_v[1], net.res_bus.v_v, rtol=1e-9)


@pytest.mark.parametrize("reference_only", [False, True])
def test_collapse_and_ratio_converters_go_to_the_reference(reference_only: bool) -> None:
    net = ring()
    if reference_only:
        extra = dcgrid.create_bus(net, 400.0, "half")
        curve = [[0, 0.0], [1, 0.01]]
        dcgrid.create_converter(net, 0, extra, p_rated_w=1e5, mode="ratio", ratio=0.5, loss_curve=curve)
        dcgrid.create_load(net, extra, 2e4)
    base = np.array(net.column("load", "p_w"))
    batch = dcgrid.run_batch(net, np.array([0.0, 1.0, 300.0])[:, None] * base)
    assert [o.name for o in batch.outcome] == ["OK", "OK", "COLLAPSE"]
    assert np.isnan(batch.v_bus_v[2]).all()
    for k, share in enumerate((0.0, 1.0)):
        net.load["p_w"] = share * base
        result = dcgrid.run(net)
        assert batch.loss_w[k] == pytest.approx(result.loss_w, rel=1e-9)
        np.testing.assert_allclose(batch.v_bus_v[k], net.res_bus.v_v, rtol=1e-9)


def test_bipolar_batch_reports_totals() -> None:
    net = dcgrid.create_empty_network()
    a, b = (dcgrid.create_bus(net, 400.0, n, "bipolar") for n in "ab")
    for pair in ("pos-neutral", "neutral-neg"):
        dcgrid.create_source(net, a, 400.0, 0.001, between=pair)
        dcgrid.create_load(net, b, 5e4, between=pair)
    dcgrid.create_line_from_parameters(net, a, b, r_pole_ohm=0.01, r_neutral_ohm=0.02, max_i_a=200.0)
    dcgrid.create_earthing(net, a, 0.1)
    batch = dcgrid.run_batch(net, [[5e4, 3e4], [4e4, 4e4]])
    for k, p in enumerate(([5e4, 3e4], [4e4, 4e4])):
        net.load["p_w"] = p
        result = dcgrid.run(net)
        assert batch.loss_w[k] == pytest.approx(result.loss_w, rel=1e-9)
        assert batch.v_min_pu[k] == pytest.approx(result.v_min_pu, rel=1e-9)
        assert batch.max_line_loading[k] == pytest.approx(result.max_line_loading, rel=1e-9)


def test_sink_and_iterator_bound_the_memory(tmp_path) -> None:
    """Pieces of loads from an iterator give the same as one array; the Parquet file has a row for each scenario."""
    net = ring()
    base = np.array(net.column("load", "p_w"))
    loads = np.linspace(0.1, 1.0, 1200)[:, None] * base
    whole = dcgrid.run_batch(net, loads)
    path = tmp_path / "scenarios.parquet"
    pieces = dcgrid.run_batch(
        net, iter(np.array_split(loads, 7)), keep=(), sink=path, sink_keep=("i_line_a",)
    )
    assert pieces.v_bus_v.shape[0] == 0
    np.testing.assert_array_equal(pieces.loss_w, whole.loss_w)
    np.testing.assert_array_equal(pieces.envelope["v_min_v"], whole.v_bus_v.min(axis=0))
    np.testing.assert_array_equal(pieces.envelope["i_max_a"], np.abs(whole.i_line_a).max(axis=0))
    frame = pd.read_parquet(path)
    assert len(frame) == 1200
    assert set(frame.outcome) == {"OK"}
    np.testing.assert_array_equal(frame["i_line_a l2"], whole.i_line_a[:, 2])


def test_an_answer_does_not_depend_on_its_neighbours() -> None:
    net = ring()
    base = np.array(net.column("load", "p_w"))
    loads = np.random.default_rng(3).uniform(0.0, 1.5, (40, 1)) * base
    batch = dcgrid.run_batch(net, loads)
    for k in (0, 7, 39):
        alone = dcgrid.run_batch(net, loads[k : k + 1])
        np.testing.assert_array_equal(alone.v_bus_v[0], batch.v_bus_v[k])


def test_wrong_shapes_are_told() -> None:
    net = ring()
    with pytest.raises(dcgrid.NetworkError, match="line"):
        dcgrid.run_batch(net, np.zeros((2, 4)), outages=dcgrid.Outages(line=np.zeros((2, 3), dtype=bool)))
    with pytest.raises(dcgrid.NetworkError, match="keep"):
        dcgrid.run_batch(net, np.zeros((2, 4)), keep=("v_bus",))
