"""Outages: the same as taking the element out by hand, never more load served, and the screening of pairs is exact."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dcgrid
from dcgrid.contingency import contingencies
from dcgrid.outage import KINDS, Outage, outages, split, without

FEW = settings(max_examples=10, deadline=None, derandomize=True)


def random_network(seed: int) -> dcgrid.Network:
    """A meshed 800 V net with racks behind sidecars, ties, a separate corner; light enough to be solved."""
    rng = np.random.default_rng(seed)
    net = dcgrid.create_empty_network("random")
    n = int(rng.integers(3, 9))
    for k in range(n):
        dcgrid.create_bus(net, 800.0, f"b{k}")
    for k in range(1, n):
        a = int(rng.integers(0, k))
        dcgrid.create_line_from_parameters(
            net, a, k, float(rng.uniform(1e-3, 1e-2)), 400.0, int(rng.integers(1, 4))
        )
    a, b = (int(k) for k in rng.choice(n, 2, replace=False))
    dcgrid.create_line_from_parameters(net, a, b, float(rng.uniform(1e-3, 1e-2)), 400.0)
    for k in range(int(rng.integers(1, 3))):
        dcgrid.create_source(
            net, int(rng.integers(0, n)), 800.0 + k, float(rng.uniform(1e-3, 5e-3)), p_max_w=4e5
        )
    for k in range(n):
        rack = dcgrid.create_bus(net, 50.0, f"r{k}")
        staging = "optimal" if rng.random() < 0.5 else "all_on"
        dcgrid.create_converter(
            net, k, rack, 50.0, 33e3, int(rng.integers(1, 4)), "800/50 V sidecar", staging=staging
        )
        dcgrid.create_load(net, rack, float(rng.uniform(1e4, 9e4)), role="rack")
    side = dcgrid.create_bus(net, 800.0, "side")
    dcgrid.create_switch(net, int(rng.integers(0, n)), side, closed=bool(rng.integers(0, 2)), name="tie")
    dcgrid.create_load(net, side, 5e4)
    if rng.random() < 0.5:
        dcgrid.create_source(net, side, 802.0, 2e-3)
    return net


def by_hand(net: dcgrid.Network, out: tuple[Outage, ...]) -> dcgrid.PowerFlowResult:
    """Edit the tables of the network itself and solve it."""
    for o in out:
        table = getattr(net, o.table)
        count = {"conductor": "parallel", "module": "n_modules"}.get(o.kind)
        if count and table.loc[o.index, count] > 1:
            table.loc[o.index, count] -= 1
        else:
            table.loc[o.index, "closed" if o.kind == "switch" else "in_service"] = False
    return dcgrid.run(net)


def highest_loading(net: dcgrid.Network) -> float:
    columns = [net.result(t).get("loading", []) for t in ("line", "converter", "source")]
    return float(np.fmax.reduce(np.concatenate([np.asarray(c, dtype=float) for c in columns])))


@FEW
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_as_by_hand_and_never_more_load_served(seed: int, pick: int) -> None:
    net = random_network(seed)
    r = contingencies(net, tuple(KINDS))
    assert (
        r.table["unserved_w"].dropna() >= sum(net.column("load", "p_w")[k] for k in r.base.unserved)
    ).all()
    rng = np.random.default_rng(pick)
    rows = {key: n for n, key in enumerate(zip(r.table["kind"], r.table["index"], strict=True))}
    every = outages(net, tuple(KINDS))
    for o in [every[int(k)] for k in rng.choice(len(every), 4, replace=False)]:
        row = r.table.iloc[rows[o.kind, o.index]]
        copy = random_network(seed)
        solved = by_hand(copy, (o,))
        if solved.outcome is dcgrid.Outcome.INVALID:  # the last source is out
            assert row["unserved_loads"] == len(net.load)
            continue
        assert row["outcome"] == solved.outcome.name
        if not solved.outcome.solved:
            assert row[["unserved_w", "v_min_pu", "max_loading"]].isna().all()
            continue
        lost = copy.res_load["p_w"].isna()
        assert row["unserved_w"] == pytest.approx(float(copy.load["p_w"][lost].sum()))
        assert row["unserved_loads"] == lost.sum()
        assert row["v_min_pu"] == pytest.approx(solved.v_min_pu, rel=1e-12)
        assert row["max_loading"] == pytest.approx(highest_loading(copy), rel=1e-9, nan_ok=True)
        assert row["loss_w"] == pytest.approx(solved.loss_w, rel=1e-9)


@settings(max_examples=6, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_pairs_and_their_screening_are_exact(seed: int, pick: int) -> None:
    net = random_network(seed)
    elements = ("line", "source", "switch")
    r = contingencies(net, elements, order=2)
    rng = np.random.default_rng(pick)
    every = {(o.kind, o.index): o for o in outages(net, elements)}
    for k in rng.choice(len(r.table), min(6, len(r.table)), replace=False) if len(r.table) else ():
        row = r.table.iloc[int(k)]
        pair = tuple(every[key] for key in zip(row["kind"].split(" and "), row["index"], strict=True))
        copy = random_network(seed)
        solved = by_hand(copy, pair)
        if solved.outcome is dcgrid.Outcome.INVALID:
            assert row["unserved_loads"] == len(net.load)
            continue
        assert row["outcome"] == solved.outcome.name
        if solved.outcome.solved:
            assert row["unserved_loads"] == copy.res_load["p_w"].isna().sum()
            assert row["v_min_pu"] == pytest.approx(solved.v_min_pu, rel=1e-9)
            assert row["loss_w"] == pytest.approx(solved.loss_w, rel=1e-9)


def two_pods() -> dcgrid.Network:
    spec = dcgrid.PodSpec(n_blocks=3, block_p_w=1e6, n_racks=12, rack_p_w=132e3, racks_per_row=4)
    return dcgrid.build_pod(spec, dcgrid.build_pod(spec), "pod 2")


def test_a_pod_does_not_feel_the_other() -> None:
    net = two_pods()
    parts = split(net)
    assert [len(part.net.bus) for part in parts] == [len(net.bus) // 2] * 2
    before = dcgrid.run(net)
    r = contingencies(net)
    assert r.base.v_min_pu == pytest.approx(before.v_min_pu, rel=1e-12)
    assert r.base.loss_w == pytest.approx(before.loss_w, rel=1e-12)
    blocks = r.table[r.table["kind"] == "source"]
    assert (blocks["unserved_racks"] == 0).all()
    assert (blocks["max_loading"] > r.base.max_loading).all()
    assert (blocks["v_min_pu"] < r.base.v_min_pu).all()
    assert "row 1 feeder" in r.words
    assert r.screening == "every outage was solved"


def test_the_network_is_left_as_it_was() -> None:
    net = two_pods()
    before = net.line.copy(), net.converter.copy()
    contingencies(net, ("conductor", "module"))
    assert net.line.equals(before[0])
    assert net.converter["n_modules"].equals(before[1]["n_modules"])
    assert net.res_bus.empty


def test_a_module_or_a_conductor_is_less_than_the_whole() -> None:
    net = two_pods()
    whole = contingencies(net, ("line", "converter"))
    part = contingencies(net, ("conductor", "module"))
    assert part.table["unserved_racks"].sum() < whole.table["unserved_racks"].sum()
    module = part.table[part.table["kind"] == "module"]
    assert (module["unserved_racks"] == 0).all()  # sidecars are N+1


def test_a_tie_that_closes_after_the_outage_serves_the_row() -> None:
    net = two_pods()
    names = net.labels("bus")
    a, b = names.index("pod 1 / row 1"), names.index("pod 2 / row 1")
    tie = dcgrid.create_switch(net, a, b, closed=False, name="tie")
    plain = contingencies(net, ("line",)).table.set_index("outage").loc["pod 1 / row 1 feeder"]
    helped = (
        contingencies(net, ("line",), transfer=(tie,)).table.set_index("outage").loc["pod 1 / row 1 feeder"]
    )
    assert (plain["unserved_racks"], plain["transferred"]) == (4, False)
    assert (helped["unserved_racks"], helped["transferred"]) == (0, True)
    assert helped["max_loading"] > 1.0  # one feeder now carries two rows


def test_an_outage_that_collapses_the_network_comes_first_and_without_numbers() -> None:
    net = dcgrid.create_empty_network()
    a, b = dcgrid.create_bus(net, 800.0, "a"), dcgrid.create_bus(net, 800.0, "b")
    dcgrid.create_source(net, a, 800.0)
    for k in (1, 2):
        dcgrid.create_line_from_parameters(net, a, b, 1.0, name=f"cable {k}")
    dcgrid.create_load(net, b, 2e5, role="rack")
    r = contingencies(net, ("line", "source"))
    assert r.table["outcome"].tolist() == ["COLLAPSE", "COLLAPSE", "OK"]
    assert r.table["v_min_pu"].isna().all()
    assert r.table["unserved_racks"].isna().tolist() == [True, True, False]
    assert "no operating point" in r.words


def test_what_is_asked_wrongly_is_refused_with_words() -> None:
    net = two_pods()
    with pytest.raises(dcgrid.NetworkError, match="did you mean 'converter'"):
        contingencies(net, ("convertor",))
    with pytest.raises(dcgrid.NetworkError, match="order"):
        contingencies(net, order=3)
    with pytest.raises(dcgrid.NetworkError, match="max_pairs"):
        contingencies(net, order=2, max_pairs=10)


def test_an_out_of_service_element_is_no_contingency() -> None:
    net = two_pods()
    net.line.loc[0, "in_service"] = False
    assert ("line", 0) not in {(o.kind, o.index) for o in outages(net, ("line",))}
    copy = without(net, outages(net, ("line",))[:1])
    assert copy.column("line", "in_service")[1] is False
    assert net.column("line", "in_service")[1] is True


def same_as_one_by_one(net: dcgrid.Network, monkeypatch: pytest.MonkeyPatch, **asked: object) -> None:
    """The batch's table beside the one with every outage solved by itself."""
    import dcgrid.contingency as module

    quick = contingencies(net, **asked)
    with monkeypatch.context() as patch:
        patch.setattr(module, "effects", lambda part, cases, *rest: [None] * len(cases))
        slow = contingencies(net, **asked)
    key = ["kind", "outage"]
    a, b = (x.table.sort_values(key).reset_index(drop=True) for x in (quick, slow))
    for column in (
        "outage",
        "outcome",
        "unserved_racks",
        "unserved_loads",
        "limits",
        "transferred",
        "explain",
    ):
        assert list(a[column]) == list(b[column]), column
    for column in ("unserved_w", "v_min_pu", "max_loading", "loss_w"):
        np.testing.assert_allclose(
            a[column].astype(float), b[column].astype(float), rtol=1e-8, atol=1e-6, err_msg=column
        )


@pytest.mark.parametrize("seed", [3, 17, 101])
def test_the_batch_says_what_single_solutions_say(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    net = random_network(seed)
    ties = tuple(k for k, closed in enumerate(net.column("switch", "closed")) if not closed)
    same_as_one_by_one(net, monkeypatch, elements=tuple(KINDS), v_min_pu=0.99, transfer=ties)
    same_as_one_by_one(net, monkeypatch, elements=("line", "source"), order=2, transfer=ties)


@pytest.mark.parametrize("feed", ["N", "block_redundant", "2N"])
def test_the_batch_knows_when_a_transfer_helps(feed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pod = dcgrid.PodSpec(
        n_blocks=2, block_p_w=1e6, n_racks=8, rack_p_w=132e3, racks_per_row=4, feed=feed,
        sidecar_v_in_min_v=790.0, sidecar_v_in_max_v=900.0,
    )  # fmt: skip
    net = dcgrid.campus_network(dcgrid.CampusGridSpec((pod, pod), mesh="chain", tie_mode="open"))
    same_as_one_by_one(net, monkeypatch, transfer=dcgrid.feeds.transfer_switches(net))
