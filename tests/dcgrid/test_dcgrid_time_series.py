"""Time series: the same as single runs, storage within its energy, energies that close, limits counted, failures named."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dcgrid
from dcgrid import time_series
from dcgrid.storage_energy import move_storage


def pod(**options: object) -> dcgrid.Network:
    given = {"n_blocks": 2, "block_p_w": 5e5, "n_racks": 5, "rack_p_w": 132e3, "storage_p_w": 0.0} | options
    return dcgrid.build_pod(dcgrid.PodSpec(**given))


def profiles(net: dcgrid.Network, steps: int, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.uniform(0.3, 1.0, (steps, 1)) * np.array(net.column("load", "p_w"))


def test_steps_are_single_runs_and_the_sums_their_integrals() -> None:
    net = pod()
    p = profiles(net, 6)
    asked = np.array([[0.0], [1e5], [-1e5], [5e4], [2e5], [-5e4]])
    r = dcgrid.run_time_series(net, p, 0.5, p_storage_w=asked, v_min_pu=0.999)
    loss, i2, below, dark = 0.0, np.zeros(len(net.line)), np.zeros(len(net.bus)), 0.0
    for k in range(6):
        net.load["p_w"] = p[k]
        net.storage["p_w"] = asked[k]
        one = dcgrid.run(net).require_ok()
        row = r.steps.iloc[k]
        assert row["outcome"] == one.outcome.name
        for ours, theirs in (
            ("loss_w", one.loss_w),
            ("source_p_w", one.source_p_w),
            ("load_p_w", one.load_p_w),
        ):
            assert row[ours] == pytest.approx(theirs, rel=1e-9)
        assert row["v_min_pu"] == pytest.approx(one.v_min_pu, rel=1e-12)
        assert row["max_line_loading"] == pytest.approx(one.max_line_loading, rel=1e-9)
        loss += 0.5 * one.loss_w
        i2 += 0.5 * net.res_line["loss_w"].to_numpy()
        below += 0.5 * (net.res_bus["v_pu"] < 0.999).to_numpy()
        dark += 0.5 * net.res_bus["v_v"].isna().sum()
    assert r.energy_wh["loss"] == pytest.approx(loss, rel=1e-9)
    assert r.lines["loss_wh"].to_numpy() == pytest.approx(i2, rel=1e-7)
    assert r.buses["hours_below"].to_list() == below.tolist()
    assert r.buses["hours_dark"].sum() == dark == 0.0


@settings(max_examples=50, deadline=None, derandomize=True)
@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40), st.floats(0.1, 0.9), st.floats(0.7, 1.0),
    st.floats(0.7, 1.0), st.floats(0.05, 2.0), st.one_of(st.none(), st.floats(1e3, 1e6)),
)  # fmt: skip
def test_storage_keeps_its_energy(asked, soc, eta_in, eta_out, h, p_max) -> None:
    e = 3e5
    spec = dcgrid.StorageSpec(
        soc_start=soc, soc_min=0.1, soc_max=0.9, eta_charge=eta_in, eta_discharge=eta_out,
        p_charge_max_w=p_max, p_discharge_max_w=p_max,
    )  # fmt: skip
    t = move_storage(spec, e, np.array(asked), h)
    assert ((t.soc >= 0.1 - 1e-9) & (t.soc <= 0.9 + 1e-9)).all()
    assert (np.abs(t.p_w) <= np.abs(asked) + 1e-9).all()
    assert (t.p_w * np.array(asked) >= 0.0).all()
    if p_max is not None:
        assert (np.abs(t.p_w) <= p_max).all()
    turned = h * np.abs(t.p_w).sum()
    assert e * (soc - t.soc[-1]) == pytest.approx(h * t.p_w.sum() + t.loss_wh, abs=1e-9 * (turned + e))
    assert t.loss_wh >= 0.0


def test_energy_closes_over_the_series() -> None:
    net = pod(storage_p_w=0.0)
    spec = dcgrid.StorageSpec(
        e_wh=4e5, soc_start=0.5, eta_charge=0.97, eta_discharge=0.97, shave_above_w=4.5e5
    )
    r = dcgrid.run_time_series(net, profiles(net, 30), storage={0: spec})
    e = r.energy_wh
    assert e["source"] + e["storage"] == pytest.approx(e["load"] + e["loss"], rel=1e-9)
    assert e["loss"] == pytest.approx(e["line_loss"] + e["converter_loss"], rel=1e-12)
    assert e["line_loss"] == pytest.approx(r.lines["loss_wh"].sum(), rel=1e-9)
    assert e["source"] == pytest.approx(r.sources["energy_wh"].sum(), rel=1e-12)
    soc = r.storage[0].soc
    assert soc.min() >= 0.0
    assert soc.max() <= 1.0
    assert len(set(soc.round(6))) > 5
    assert e["storage"] + e["storage_inner_loss"] == pytest.approx(4e5 * (0.5 - soc[-1]), rel=1e-9)


def test_shaving_lowers_the_peak_of_the_sources() -> None:
    net = pod()
    p = profiles(net, 40)
    spec = dcgrid.StorageSpec(e_wh=3e6, soc_start=0.5, shave_above_w=4.5e5)
    plain, shaved = dcgrid.run_time_series(net, p), dcgrid.run_time_series(net, p, storage={0: spec})
    assert shaved.steps["source_p_w"].max() < 0.9 * plain.steps["source_p_w"].max()


def test_hours_over_limits_are_counted() -> None:
    net = pod()
    k = net.labels("line").index("pod 1 / row 1 feeder")
    p = profiles(net, 20)
    current = [abs(x) for x in dcgrid.run_batch(net, p).i_line_a[:, k]]
    limit = sorted(current)[12]
    net.line.loc[k, "max_i_a"] = limit / net.line.parallel[k]
    net.source["p_max_w"] = 2.5e5
    r = dcgrid.run_time_series(net, p, 2.0)
    assert r.lines["hours_over"][k] == 2.0 * sum(i > limit * (1 + 1e-9) for i in current)
    assert r.lines["peak_loading"][k] == pytest.approx(max(current) / limit)
    over = (dcgrid.run_batch(net, p).p_source_w > 2.5e5).sum(axis=0)
    assert r.sources["hours_over"].to_list() == (2.0 * over).tolist()
    assert "row 1 feeder" in r.explain


def test_chunks_change_nothing(monkeypatch) -> None:
    net = pod()
    p = profiles(net, 11)
    whole = dcgrid.run_time_series(net, p)
    monkeypatch.setattr(time_series, "NUMBERS_AT_ONCE", 100)
    parts = dcgrid.run_time_series(net, p)
    for name in ("steps", "lines", "sources", "buses"):
        ours, theirs = getattr(parts, name), getattr(whole, name)
        for column in ours:
            if ours[column].dtype == float:
                assert ours[column].to_numpy() == pytest.approx(
                    theirs[column].to_numpy(), rel=1e-10, nan_ok=True
                )
            else:
                assert ours[column].equals(theirs[column])


def test_a_step_without_an_answer_is_named_and_gives_no_energy() -> None:
    net = pod()
    p = np.tile(np.array(net.column("load", "p_w")), (3, 1))
    p[1] *= 300.0
    r = dcgrid.run_time_series(net, p, p_storage_w={0: [-1e5, -1e5, -1e5]})
    assert r.outcome is dcgrid.Outcome.COLLAPSE
    assert r.energy_wh is None
    assert r.steps["outcome"].tolist() == ["OK", "COLLAPSE", "OK"]
    assert r.steps.loc[1, ["loss_w", "v_min_pu", "storage_p_w"]].isna().all()
    assert "first step 1" in r.explain


def test_bad_profiles_are_refused() -> None:
    net = pod()
    with pytest.raises(dcgrid.NetworkError, match="shape"):
        dcgrid.run_time_series(net, np.zeros((3, 2)))
    with pytest.raises(dcgrid.NetworkError, match="one length"):
        dcgrid.run_time_series(net, {0: [1.0, 2.0], 1: [1.0]})
    with pytest.raises(dcgrid.NetworkError, match="capacity"):
        dcgrid.run_time_series(net, np.zeros((3, 5)), storage={0: dcgrid.StorageSpec()})
    with pytest.raises(dcgrid.NetworkError) as caught:
        dcgrid.StorageSpec(soc_start=2.0, eta_charge=0.0)
    assert len(caught.value.problems) == 2
