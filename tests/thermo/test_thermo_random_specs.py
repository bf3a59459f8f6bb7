"""Random specs: every one is answered in time, closes, and obeys the second law (tools/random_specs.py)."""

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def study():
    path = Path(__file__).parents[2] / "tools/random_specs.py"
    spec = importlib.util.spec_from_file_location("random_specs", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.judge(("physical", 0, 0, 60.0))  # compiles before the clock runs
    return module.study


def check(found, share):
    assert found["exceptions"] == []
    assert found["not_finite"] == []
    assert found["converged_share"] >= share
    assert found["worst_energy_closure"][0] < 1e-9
    assert found["worst_shaft_closure"][0] < 1e-9
    assert found["worst_entropy_over_Q_T"][0] > -1e-6
    assert "TIME" not in found["outcomes"]


def test_forty_physical_specs(study):
    check(study("physical", 40, seed=11), 0.9)


def test_forty_specs_of_all_that_is_allowed(study):
    """Most of what the ranges admit is no cycle; each says why."""
    found = study("allowed", 40, seed=12)
    check(found, 0.0)
    assert found["outcomes"].get("OK", 0) > 0
    assert set(found["outcomes"]) <= {
        "OK",
        "REFUSED",
        "NO_EXCHANGE",
        "NO_WORK",
        "NO_STATE",
        "NO_COOLING",
        "NO_HEATER",
    }


@pytest.mark.slow
@pytest.mark.parametrize("space", ["physical", "allowed"])
def test_four_hundred_specs(study, space):
    found = study(space, 400, seed=21)
    check(found, 0.9 if space == "physical" else 0.0)
    assert found["late"] <= 4
