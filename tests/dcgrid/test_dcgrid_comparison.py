"""Comparisons A and B on the same racks: what is held equal, the sampled band, the verdict, published studies."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dcgrid
from dcgrid import chains, comparison, std_types
from dcgrid.comparison import compare, compare_year, stage_range, triangular

SPEC = chains.ChainsSpec(n_racks=16, rack_p_w=132e3, n_blocks=2, block_p_w=1.5e6)
LOADS, HOURS = (132e3, 80e3), (4000.0, 4760.0)


@cache
def ledgers(which: str, chain: str) -> tuple[dcgrid.Ledger, ...]:
    return chains.chain_ledgers(SPEC, which, chain, LOADS)


@cache
def beside(which: str, dc: str, ac: str) -> comparison.Comparison:
    return compare_year(ledgers(which, dc), ledgers(which, ac), HOURS, 80.0)


@pytest.mark.parametrize("which", ["A", "B"])
def test_every_chain_closes_from_one_start_to_the_same_racks(which: str) -> None:
    start = {"A": "turbine shaft", "B": "MV grid terminals"}[which]
    for chain in chains.chain_names(which):
        for ledger, rack in zip(ledgers(which, chain), LOADS, strict=True):
            assert ledger.start == start
            assert ledger.p_out_w == pytest.approx(16 * rack, rel=1e-12)
            assert ledger.p_in_w == pytest.approx(ledger.p_out_w + ledger.loss_w + ledger.p_side_w, rel=1e-9)
            assert ledger.p_side_w == pytest.approx(SPEC.cooling_per_W * 16 * rack, rel=1e-9), (
                "racks' cooling only"
            )
            assert all(s.source and s.key for s in ledger.stages)


def test_cooling_of_losses_is_what_the_hall_loses() -> None:
    hall = ("PSU", "UPS", "PDU transformer", "sidecar", "rack battery standby", "buffer standby", "rectifier")
    for which, chain in (
        ("B", "DC, transformer and rectifier"),
        ("B", "AC from the grid, legacy double conversion"),
        ("A", "AC1 via inverter, rack batteries, no UPS"),
    ):
        ledger = ledgers(which, chain)[0]
        loss = {s.name: s.loss_w for s in ledger.stages}
        in_hall = sum(loss.get(name, 0.0) for name in hall if not (which == "A" and name == "rectifier"))
        assert loss["cooling of losses"] == pytest.approx(SPEC.cooling_per_W * in_hall, rel=1e-9)


def test_solid_state_transformer_and_its_cooling_agree() -> None:
    ledger = ledgers("B", "DC, solid-state transformer")[0]
    loss = {s.name: s.loss_w for s in ledger.stages}
    hall = loss["solid-state transformer"] + loss["sidecar"] + loss["buffer standby"]
    assert loss["cooling of losses"] == pytest.approx(SPEC.cooling_per_W * hall, rel=1e-6)


def test_tails_are_shown_and_not_counted() -> None:
    a, b = ledgers("A", "DC from the blocks")[0], ledgers("B", "AC from the grid, eco-mode UPS")[0]
    assert [s.name for s in a.tails] == ["12 V bus converter", "chip regulator"]
    assert all(s.tail for s in a.tails)
    assert a.tails == b.tails, "the same for every chain"
    assert a.tails[0].p_in_w == pytest.approx(a.p_out_w)
    assert a.loss_w == pytest.approx(sum(s.loss_w for s in a.stages))
    rows = a.to_rows()
    assert [r["tail"] for r in rows[-2:]] == [True, True]
    assert rows[-3]["stage"] == "total"


def test_comparisons_are_never_mixed() -> None:
    with pytest.raises(dcgrid.NetworkError, match="never mixed"):
        compare(ledgers("A", "DC from the blocks")[0], ledgers("B", "AC from the grid, eco-mode UPS")[0])
    with pytest.raises(dcgrid.NetworkError, match="A \\(same blocks\\)"):
        chains.chain_names("C")
    with pytest.raises(dcgrid.NetworkError, match="one of DC from the blocks"):
        chains.chain_ledgers(SPEC, "A", "DC", [1e5])


@pytest.mark.parametrize("chain", [1, 3, 5])
def test_swapping_the_labels_swaps_the_sign(chain: int) -> None:
    a = ledgers("A", "DC from the blocks")
    b = ledgers("A", chains.chain_names("A")[chain])
    one, other = compare_year(a, b, HOURS, 80.0), compare_year(b, a, HOURS, 80.0)
    assert one.points == -other.points
    assert one.input_saved_MWh == -other.input_saved_MWh
    assert one.p10_points == pytest.approx(-other.p90_points, abs=1e-12)
    assert one.p90_points == pytest.approx(-other.p10_points, abs=1e-12)
    assert one.saving_P10_USD == pytest.approx(-other.saving_P90_USD)
    assert one.verdict == other.verdict
    assert one.answer == other.answer
    bars = {r.key: (r.low_points, r.high_points) for r in other.tornado}
    for row in one.tornado:
        assert (row.low_points, row.high_points) == pytest.approx(tuple(-x for x in bars[row.key]))


def test_with_the_cited_rectifier_dc_does_not_win_against_rack_batteries() -> None:
    assert "97 %" in SPEC.rectifier_std_type
    cited = beside("B", "DC, transformer and rectifier", "AC from the grid, rack batteries, no UPS")
    assert cited.answer in ("AC better", "undecided")
    assert cited.points < 0
    for redundancy in ("N", "2N"):
        spec = replace(SPEC, ups_redundancy=redundancy, redundancy=redundancy)
        names = ("DC, transformer and rectifier", "AC from the grid, rack batteries, no UPS")
        (found,) = chains.compare_chains(spec, "B", [132e3], [8760.0], chains=names)
        assert found.answer != "DC better"


def test_legacy_double_conversion_loses_in_both_comparisons() -> None:
    for which in ("A", "B"):
        legacy = next(n for n in chains.chain_names(which) if "legacy" in n)
        for dc in chains.DC_CHAINS[which]:
            assert beside(which, dc, legacy).answer == "DC better"


def test_better_curves_turn_the_verdict_and_the_assumed_rectifier_is_worth_what_it_says() -> None:
    loss = {}
    for kind in ("800 V rectifier, cited 97 %", "800 V active rectifier"):
        spec = replace(SPEC, rectifier_std_type=kind)
        loss[kind] = chains.chain_ledgers(spec, "B", "DC, transformer and rectifier", [132e3])[0]
    fractions = {k: v.loss_fraction for k, v in loss.items()}
    assert fractions["800 V active rectifier"] < fractions["800 V rectifier, cited 97 %"] - 0.01


def test_nominal_sample_reproduces_the_ledger() -> None:
    for chain in chains.chain_names("A")[:3]:
        ledger = ledgers("A", chain)[0]
        p_in, loss = comparison._in_and_loss(ledger, dict.fromkeys((s.key for s in ledger.stages), 1.0))
        assert float(p_in) == pytest.approx(ledger.p_in_w, rel=1e-12)
        assert float(loss) == pytest.approx(ledger.loss_w, rel=1e-9)


def test_shared_stages_are_sampled_together() -> None:
    """Two chains that differ by a lossless stage alone: paired, their difference has no spread at all."""
    stage = dcgrid.Stage("PSU", 105.0, 100.0, 5.0, key="ORv3 PSU 3 kW", source="test")
    twin = compare(dcgrid.Ledger("DC x", "here", (stage,)), dcgrid.Ledger("AC y", "here", (stage,)))
    assert (twin.points, twin.p10_points, twin.p90_points) == (0.0, 0.0, 0.0)
    assert twin.answer == "undecided"
    extra = dcgrid.Stage("inverter", 105.0 * 1.02, 105.0, 2.1, key="800 V inverter", source="test")
    more = compare(dcgrid.Ledger("DC x", "here", (stage,)), dcgrid.Ledger("AC y", "here", (extra, stage)))
    assert more.answer == "DC better"
    shared = {row.key: row.shared for row in more.tornado}
    assert shared == {"ORv3 PSU 3 kW": True, "800 V inverter": False}
    assert more.tornado[0].key == "800 V inverter"


def test_the_band_has_a_closed_form_for_one_stage() -> None:
    """One uncertain stage on a lossless rest: quantiles of the triangular factor carried through the loss fraction."""
    r = stage_range("800 V inverter")
    stage = dcgrid.Stage("inverter", 102.0, 100.0, 2.0, key=r.key, source="test")
    none = dcgrid.Stage("wire", 100.0, 100.0, 0.0, key="conductors", source="test")
    found = compare(
        dcgrid.Ledger("DC", "h", (none,)), dcgrid.Ledger("AC", "h", (stage,)), n_samples=40000, seed=3
    )
    for q, value in ((0.1, found.p10_points), (0.5, found.p50_points), (0.9, found.p90_points)):
        m = float(triangular(np.array(q), r.low, r.high))
        assert value == pytest.approx(100 * 2.0 * m / (100.0 + 2.0 * m), rel=0.02)


@settings(max_examples=40, deadline=None)
@given(low=st.floats(0.1, 1.0), high=st.floats(1.0, 4.0), u=st.floats(0.0, 1.0))
def test_triangular_inverts_its_distribution(low: float, high: float, u: float) -> None:
    x = float(triangular(np.array(u), low, high))
    assert low - 1e-12 <= x <= high + 1e-12
    if high - low < 1e-6:
        return
    left = (x - low) ** 2 / ((high - low) * max(1.0 - low, 1e-300)) if x < 1.0 else None
    right = 1.0 - (high - x) ** 2 / ((high - low) * (high - 1.0)) if x > 1.0 else None
    for value in (left, right):
        if value is not None:
            assert value == pytest.approx(u, abs=1e-6)


def test_the_same_seed_gives_the_same_band_and_a_year_is_the_mean_of_its_levels() -> None:
    names = ("DC from the blocks", "AC2 from generator, modern UPS 415 V")
    a, b = ledgers("A", names[0]), ledgers("A", names[1])
    assert compare_year(a, b, HOURS) == compare_year(a, b, HOURS)
    by_hand = sum(h * (y.p_in_w - x.p_in_w) for h, x, y in zip(HOURS, a, b, strict=True)) / 1e6
    year = compare_year(a, b, HOURS, 50.0)
    assert year.input_saved_MWh == pytest.approx(by_hand, rel=1e-12)
    assert year.saving_USD == pytest.approx(50.0 * by_hand)
    assert year.p10_points <= year.p50_points <= year.p90_points
    assert year.notes[0] == comparison.CURVES_NOTE
    with pytest.raises(dcgrid.NetworkError) as error:
        compare_year(a, b[::-1], [1.0, -1.0])
    assert len(error.value.problems) == 3


def test_module_loading_after_redundancy_and_standby_are_counted() -> None:
    n, two = (replace(SPEC, redundancy=r) for r in ("N", "2N"))
    loss = {}
    for spec in (n, two):
        ledger = chains.chain_ledgers(spec, "A", "DC from the blocks", [40e3])[0]
        loss[spec.redundancy] = {s.name: s.loss_w for s in ledger.stages}["sidecar"]
    curve = std_types.converter(SPEC.sidecar_std_type).loss_curve
    for redundancy, count in (("N", 4), ("2N", 8)):
        by_hand = 16 * dcgrid.loss_curves.loss_w(curve, 40e3, 33e3, count)
        assert loss[redundancy] == pytest.approx(by_hand, rel=1e-9)
    standby = {s.name: s.loss_w for s in ledgers("A", "DC from the blocks")[1].stages}["buffer standby"]
    assert standby == pytest.approx(0.0033 * 16 * 132e3)
    none = chains.chain_ledgers(replace(SPEC, buffer_standby=False), "A", "DC from the blocks", [80e3])[0]
    assert "buffer standby" not in [s.name for s in none.stages]


def test_every_key_of_the_shipped_chains_has_a_range_with_a_source() -> None:
    for which in ("A", "B"):
        for chain in chains.chain_names(which):
            for s in ledgers(which, chain)[0].stages:
                r = stage_range(s.key)
                assert r.key == s.key, s.key
                assert r.low <= 1.0 <= r.high
                assert r.source
                assert r.grade in ("cited", "assumption")


def test_studies_carry_baseline_boundary_and_source() -> None:
    rows = dcgrid.published_studies()
    assert len(rows) >= 20
    for r in rows:
        assert r["baseline"]
        assert r["boundary"]
        assert r["source"]
        assert r["grade"] in ("cited", "assumption")
        assert r["grade"] == "cited" or "recalled" in str(r["source"])
    lbnl = {r["quantity"]: r for r in rows if r["id"] == "lbnl2008"}
    assert lbnl["improvement_vs_typical"]["value"] == 0.28
    assert lbnl["improvement_vs_typical"]["baseline"] != lbnl["improvement_vs_best_ac"]["baseline"]
    assert any(r["baseline"] == "not stated" for r in rows)


def test_native_racks_end_at_12_v_on_both_sides() -> None:
    spec = replace(SPEC, native_800=True)
    dc = chains.chain_ledgers(spec, "B", "DC, solid-state transformer", [100e3])[0]
    ac = chains.chain_ledgers(spec, "B", "AC from the grid, rack batteries, no UPS", [100e3])[0]
    assert dc.stages[-1].key == "800/12 V converter"
    assert [s.name for s in ac.stages][-1] == "12 V bus converter"
    for ledger in (dc, ac):
        assert ledger.boundary.endswith("12 V rack bus")
        assert [s.name for s in ledger.tails] == ["chip regulator"]
        assert ledger.p_out_w == pytest.approx(16 * 100e3)
        assert ledger.p_side_w == pytest.approx(SPEC.cooling_per_W * 16 * 100e3, rel=1e-9)
        assert ledger.p_in_w == pytest.approx(ledger.p_out_w + ledger.loss_w + ledger.p_side_w, rel=1e-9)
    hall = ("PSU", "rack battery standby", "12 V bus converter")
    lost = {s.name: s.loss_w for s in ac.stages}
    assert lost["cooling of losses"] == pytest.approx(
        SPEC.cooling_per_W * sum(lost[n] for n in hall), rel=1e-9
    )
    assert compare(dc, ac).start == "MV grid terminals (12 V)"
    with pytest.raises(dcgrid.NetworkError, match="the same start"):
        compare(dc, replace(ac, start="MV grid terminals"))
