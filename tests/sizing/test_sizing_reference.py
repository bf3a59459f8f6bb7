"""The reference campus: same optimum as PyPSA and a direct HiGHS model (source in the JSON file)."""

from __future__ import annotations

import numpy as np
import pytest

import sizing

OPTIMUM = 53306458.03
UNITS = {"A5": 2, "B10": 1, "C20": 3, "heater": 2, "smr": 2}


def test_units_fixed_give_the_optimum(reference, check_closed, record_validation):
    r = sizing.size(reference, fixed_units=UNITS)
    check_closed(reference, r)
    row = ("campus_reference", "reference campus (PyPSA, HiGHS)")
    record_validation(*row, "objective at the optimum's units", OPTIMUM, r.objective_USD_per_year, 1e-8, unit="USD",
                      relative=True)  # fmt: skip
    record_validation(*row, "battery power", 0.461, r.battery_MW, 5e-4, unit="MW")
    assert r.gap == pytest.approx(0.0, abs=1e-9)
    assert r.battery_MWh == pytest.approx(4 * r.battery_MW)
    assert r.units == UNITS
    eta, d = reference.battery.efficiency_one_way, r.dispatch
    level = d.state_of_charge_MWh.to_numpy()
    step = eta * d.charge_MW.to_numpy() - d.discharge_MW.to_numpy() / eta
    np.testing.assert_allclose(level - np.roll(level, 1), step, atol=2e-4)


@pytest.mark.slow
def test_staged_finds_optimum_and_proves_it(reference, check_closed):
    told: list[float] = []
    r = sizing.size(reference, progress=lambda text, done: told.append(done))
    check_closed(reference, r)
    assert r.units == UNITS
    assert r.objective_USD_per_year == pytest.approx(OPTIMUM, rel=2e-4)
    assert r.objective_USD_per_year == pytest.approx(OPTIMUM, rel=1e-7)
    assert r.lower_bound_USD_per_year <= OPTIMUM
    assert r.gap < 2e-4
    assert r.reproducible
    assert told[0] == 0.0
    assert told[-1] == 1.0
    assert told == sorted(told)


def test_relaxed_full_year_is_the_known_linear_program(reference):
    from dataclasses import replace

    from sizing.model import build
    from sizing.program import solve_arrays
    from sizing.steps import year_steps

    day = np.r_[0:24, 4344:4368]
    small = replace(
        reference,
        load_MW=reference.load_MW[day],
        blocks=tuple(replace(b, capacity_factor=b.capacity_factor[day]) for b in reference.blocks),
        weights=np.full(48, 182.5),
        battery=None,
    )
    data = build(small, year_steps(small)).program.arrays()
    relaxed = solve_arrays(replace(data, integer=np.zeros_like(data.integer)), small.solve)
    whole = solve_arrays(data, small.solve)
    assert relaxed.objective < whole.objective
    assert whole.bound == pytest.approx(whole.objective, rel=1e-9)
