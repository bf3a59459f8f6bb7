"""Random specs: every one is answered in time, closes, and obeys the second law (tools/random_specs.py)."""

import importlib.util
from pathlib import Path

import pytest

import thermo


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
    most = 0 if share > 0.0 else sum(found["outcomes"].values()) // 100  # known: docs/models/thermo_cycle.md
    assert found["outcomes"].get("TIME", 0) <= most


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
        "NOT_MODELLED",
    }


def test_a_wheel_too_far_off_its_best_speed_is_told_in_words(study):
    """12 kW with 3 % recompressed: on the common shaft the recompressor would be 24 % efficient, which no spec admits."""
    spec = thermo.CycleSpec(W_net_W=11860.1, T_turbine_in_K=1199.42, T_compressor_in_K=311.311, p_high_Pa=29755312.3,
                            eta_turbine=0.6602, eta_compressor=0.8957, dp_ltr_lp_frac=0.1648, dp_htr_lp_frac=0.068,
                            dp_heater_frac=0.1024, dp_cooler_frac=0.1114, p_low_Pa=10371780.2,
                            recompression_fraction=0.0271, UA_total_W_K=44116.9)  # fmt: skip
    r = thermo.design(spec)
    assert r.outcome is thermo.Outcome.NOT_MODELLED
    assert "eta_recompressor" in r.explain
    assert r.eta_thermal is None


@pytest.mark.slow
@pytest.mark.parametrize("space", ["physical", "allowed"])
def test_four_hundred_specs(study, space):
    found = study(space, 400, seed=21)
    check(found, 0.9 if space == "physical" else 0.0)
    assert found["late"] <= 4
