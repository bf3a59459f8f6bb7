"""Spares, availability targets, refusals in words, and why there is no design."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

import sizing
from sizing.campus_availability import capability_MW


@pytest.mark.parametrize("k", [1, 2])
def test_n_plus_k_serves_every_hour_with_k_out(make_gas, k):
    plain = sizing.size(make_gas())
    r = sizing.size(make_gas(availability=sizing.AvailabilityTarget(spare_units=k)))
    assert r.spares == {"block": k, "heater": k}
    assert r.units == {n: u + k for n, u in plain.units.items()}
    assert r.units_needed == plain.units
    inputs = make_gas()
    left = {n: u - k for n, u in r.units.items()}
    assert (capability_MW(inputs, left) >= inputs.load_MW - 1e-9).all()
    assert r.availability.lolh_h_per_year < plain.availability.lolh_h_per_year


def test_spares_by_name_and_by_kind(make_gas):
    by_name = sizing.size(make_gas(availability=sizing.AvailabilityTarget(spare_units={"heater": 2})))
    assert by_name.spares == {"block": 0, "heater": 2}
    by_kind = sizing.size(make_gas(availability=sizing.AvailabilityTarget(spare_units={"blocks": 3})))
    assert by_kind.spares == {"block": 3, "heater": 0}


@pytest.mark.parametrize("target_h", [20.0, 0.0876])
def test_availability_target_is_met_at_least_cost(make_gas, target_h):
    inputs = make_gas(availability=sizing.AvailabilityTarget(lolh_h_per_year=target_h))
    r = sizing.size(inputs)
    assert r.outcome.ok
    assert r.availability.lolh_h_per_year <= target_h
    b, s = inputs.blocks[0], inputs.sources[0]
    price = {"block": 12.5 * b.annual_cost_USD_per_MWth, "heater": 12.5 * s.annual_cost_USD_per_MWth}
    spent = sum(price[n] * k for n, k in r.units.items())
    for i, j in product(range(-2, 3), repeat=2):
        other = {"block": r.units["block"] + i, "heater": r.units["heater"] + j}
        if sum(price[n] * k for n, k in other.items()) < spent - 1.0:
            assert sizing.campus_availability(inputs, other, energy=False).lolh_h_per_year > target_h


def test_frozen_units_are_held_to_the_target(make_gas):
    inputs = make_gas(availability=sizing.AvailabilityTarget(lolh_h_per_year=0.1))
    r = sizing.size(inputs, fixed_units={"block": 8, "heater": 8})
    assert r.outcome is sizing.Outcome.INFEASIBLE
    assert "without full power" in r.explain
    good = sizing.size(inputs)
    again = sizing.size(inputs, fixed_units=good.units, needed_units=good.units_needed)
    assert again.objective_USD_per_year == pytest.approx(good.objective_USD_per_year, rel=1e-9)
    assert again.spares == good.spares


def test_reserve_margin_counts_rated_blocks(make_gas):
    inputs = make_gas(reserve_margin=1.5)
    r = sizing.size(inputs)
    assert r.units["block"] * 5.0 >= 1.5 * inputs.load_MW.max() > (r.units["block"] - 1) * 5.0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"block": {"units_max": 6}},
            ["blocks that may be in service", "block at most 6", "Smallest change"],
        ),
        ({"heater": {"units_max": 5}}, ["MWth of heat", "heater at most 5", "allow heater"]),
        (
            {"block": {"units_max": 8}, "reserve_margin": 1.5},
            ["reserve margin of 1.5", "MW short", "block 12"],
        ),
        (
            {"block": {"units_max": 9}, "availability": sizing.AvailabilityTarget(spare_units=3)},
            ["3 of them spare", "allow block"],
        ),
        ({"heater": {"min_load": 0.9}, "dump_allowed": False}, ["dumping heat is not allowed"]),
        (
            {"heater": {"units_max": 8}, "availability": sizing.AvailabilityTarget(availability=0.999999)},
            ["exact outage table", "heater at most 8"],
        ),
        ({"block": {"output_factor": np.zeros(24)}}, ["can give nothing"]),
    ],
)
def test_infeasible_in_words(make_gas, changes, words):
    r = sizing.size(make_gas(**changes))
    assert r.outcome is sizing.Outcome.INFEASIBLE
    for word in words:
        assert word in r.explain
    for name in ("objective_USD_per_year", "units", "dispatch", "battery_MW", "availability", "gap"):
        assert getattr(r, name) is None
    with pytest.raises(sizing.SizingError, match="No design"):
        r.require_ok()


def test_the_smallest_change_works_and_less_does_not(make_gas):
    r = sizing.size(make_gas(block={"units_max": 6}))
    count = int(r.explain.split("allow block ")[1].split()[0])
    assert sizing.size(make_gas(block={"units_max": count})).outcome.ok
    assert not sizing.size(make_gas(block={"units_max": count - 1})).outcome.ok


def test_all_problems_at_once():
    with pytest.raises(sizing.InputsError) as e:
        sizing.SizingInputs(
            load_MW=np.ones(24),
            pools=(sizing.HeatPool("gas", (sizing.HeatSource("h", -1, 0, 0, planned=(1,)),)),),
            blocks=(sizing.BlockType("b", "gass", 1, efficiency=1.2, ramp_per_h=0.5),),
            battery=sizing.Battery(4.0, 1.0),
            voll_USD_per_MWh=3.0,
            commitment=True,
            grid=object(),
            carbon=object(),
            availability=sizing.AvailabilityTarget(spare_units={"hh": 1}, topology="N+1", common_cause=1),
        )
    text = str(e.value)
    for path in (
        "weights",
        "module_MWth",
        "planned",
        "pool",
        "efficiency",
        "ramp_per_h",
        "voll",
        "commitment",
    ):
        assert path in text
    for path in ("grid", "carbon", "topology", "common_cause", "spare_units"):
        assert path in text
    assert "Did you mean 'gas'?" in text
    assert len(e.value.problems) >= 13


def test_inputs_are_frozen(make_gas):
    inputs = make_gas()
    with pytest.raises(ValueError, match="read-only"):
        inputs.load_MW[0] = 1.0
    with pytest.raises(AttributeError):
        inputs.commitment = True


def test_fixed_units_must_name_every_type(make_gas):
    with pytest.raises(sizing.InputsError, match="fixed_units"):
        sizing.size(make_gas(), fixed_units={"block": 8, "heatr": 8})


def test_time_limit_says_so(reference):
    r = sizing.size(replace(reference, solve=sizing.SolveOptions(time_limit_s=1e-3)))
    assert r.outcome is sizing.Outcome.TIME_LIMIT
    assert r.units is None
    assert not r.reproducible


def test_import_is_light():
    code = "import sys, sizing; print([m for m in ('pyomo', 'pandas', 'highspy', 'tsam', 'scipy') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
