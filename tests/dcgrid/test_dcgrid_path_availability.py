"""The way to one rack: closed forms, limits, and the direction of every change."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dcgrid import PodSpec, assumptions
from dcgrid.path_availability import at_least, components, path_availability, unavailability, worst_path

POD = PodSpec(n_blocks=4, block_p_w=5e6, n_racks=40, rack_p_w=132e3, sidecar_module_w=35e3, racks_per_row=10)


def test_unavailability_is_repair_time_over_the_cycle_of_failure_and_repair():
    row = components()["breaker"]
    mttf_h = 8760 / row["failures_per_year"]
    assert unavailability("breaker") == pytest.approx(row["MTTR_h"] / (mttf_h + row["MTTR_h"]), rel=1e-12)


@given(st.floats(0, 1), st.integers(1, 8))
def test_at_least_none_is_certain_and_at_least_all_is_the_series(a, n):
    assert at_least(0, n, a) == pytest.approx(1.0, abs=1e-12)
    assert at_least(n, n, a) == pytest.approx(a**n, abs=1e-12)
    assert at_least(1, n, a) == pytest.approx(1 - (1 - a) ** n, abs=1e-12)


def test_a_spare_module_takes_the_sidecar_from_a_tenth_of_a_permille_to_almost_nothing():
    down = unavailability("sidecar module")
    bare, spare = (
        worst_path(replace(POD, sidecar_redundancy=kind), 1)[-1].availability for kind in ("N", "N+1")
    )
    assert 1 - bare == pytest.approx(4 * down, rel=1e-3)
    assert 1 - spare == pytest.approx(10 * down**2, rel=1e-3)


@pytest.mark.parametrize(
    "poorer",
    [
        (replace(POD, racks_per_row=20), 3),
        (replace(POD, row_feeder_length_m=80.0), 3),
        (replace(POD, sidecar_redundancy="N"), 3),
        (POD, 4),
    ],
)
def test_longer_ways_and_fewer_spares_are_less_available(poorer):
    assert path_availability(worst_path(*poorer)) < path_availability(worst_path(POD, 3)) < 1.0


def test_redundant_feeds_by_hand_and_each_better_than_one_feeder():
    u = {name: unavailability(name) for name in components()}
    feeder = (1 - u["breaker"]) * (1 - u["cable"]) ** 0.12
    rest = (1 - u["busway joint"]) ** 10 * at_least(4, 5, 1 - u["sidecar module"])
    bus = 1 - u["pod bus"]
    found = {
        feed: path_availability(worst_path(replace(POD, feed=feed), 3))
        for feed in ("N", "N+1", "2N", "block_redundant")
    }
    side = bus * feeder * (1 - u["busway joint"]) ** 10 * (1 - u["sidecar module"]) ** 4
    by_hand = {
        "N": bus * feeder * rest,
        "N+1": bus * (feeder**3 + 3 * feeder**2 * (1 - feeder)) * rest,
        "2N": 1 - (1 - side) ** 2,
        "block_redundant": (1 - (1 - bus * feeder) * (1 - bus * feeder * (1 - u["breaker"]))) * rest,
    }
    assert found == pytest.approx(by_hand, rel=1e-12)
    assert found["N"] == min(found.values())
    assert found["2N"] == max(found.values())


def test_every_failure_figure_has_a_source_and_a_grade_and_is_told():
    told = {row["name"] for row in assumptions()}
    for name, row in components().items():
        assert row["source"]
        assert row["grade"] in ("cited", "assumption")
        assert f"failures of {name}" in told
