"""The model: pyomo and arrays agree, brute force agrees, bounds are bounds, physics closes."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sizing
from sizing.heat_rate import greatest_output_MW, heat_MWth, relaxed_pieces
from sizing.model import build
from sizing.program import solve_arrays, solve_pyomo
from sizing.steps import year_steps
from sizing.typical_days import typical_steps


def test_pyomo_and_arrays_are_the_same_model(make_gas):
    inputs = make_gas(battery=sizing.Battery(4.0, 1e5), hours=8760, reserve_margin=1.1)
    year = year_steps(inputs)
    model = build(inputs, typical_steps(inputs, year, 8, np.array([4000])), year=year)
    a = solve_arrays(model.program.arrays(), inputs.solve)
    b = solve_pyomo(model.program, inputs.solve)
    assert a.status == b.status == "optimal"
    assert b.objective == pytest.approx(a.objective, rel=1e-8)


def test_every_constraint_says_what_it_means(make_gas):
    import pyomo.environ as pyo

    inputs = make_gas(availability=sizing.AvailabilityTarget(spare_units=1), reserve_margin=1.1)
    model = build(inputs, year_steps(inputs)).program.to_pyomo()
    docs = [c.doc for c in model.component_objects(pyo.Constraint)]
    assert len(docs) >= 8
    assert all(doc and len(doc) > 15 for doc in docs)


def _brute_force(inputs: sizing.SizingInputs) -> tuple[float, int, int]:
    """Least cost over all counts of blocks and heaters, each hour with its best whole number on."""
    b, s = inputs.blocks[0], inputs.sources[0]
    load, w = inputs.bus_load_MW, inputs.hour_weights
    top = greatest_output_MW(b, len(load))
    best = (np.inf, 0, 0)
    for n_block, n_heater in product(range(1, 12), range(1, 12)):
        heat = np.full(len(load), np.inf)
        for n in range(1, n_block + 1):
            q = b.heat_factor * heat_MWth(b, load, np.full(len(load), n))
            heat = np.minimum(heat, np.where(n * top >= load, q, np.inf))
        if np.any(heat > n_heater * s.module_MWth):
            continue
        cost = n_block * b.module_MWth * b.annual_cost_USD_per_MWth
        cost += n_heater * s.module_MWth * s.annual_cost_USD_per_MWth
        cost += w @ heat * (b.vom_USD_per_MWh_th + s.variable_cost_USD_per_MWh_th)
        best = min(best, (cost, n_block, n_heater))
    return best


@given(
    swing=st.floats(2, 10), fuel=st.floats(5, 60), block_cost=st.floats(2e4, 2e5), idle=st.floats(0.32, 0.48)
)
@settings(max_examples=15, deadline=None)
def test_staged_equals_brute_force(make_gas, swing, fuel, block_cost, idle):
    load = 28 + swing * np.sin(np.arange(24) / 3.8)
    curve = [(0.3, idle), (0.6, 0.66 if idle < 0.4 else 0.70), (1.0, 1.0)]
    inputs = make_gas(
        load_MW=load,
        block={"heat_curve": curve, "annual_cost_USD_per_MWth": block_cost},
        heater={"variable_cost_USD_per_MWh_th": fuel},
    )
    r = sizing.size(inputs)
    cost, n_block, n_heater = _brute_force(inputs)
    assert r.outcome.ok
    assert r.objective_USD_per_year == pytest.approx(cost, rel=1e-3)
    assert r.objective_USD_per_year >= cost * (1 - 1e-9)
    assert r.lower_bound_USD_per_year <= cost * (1 + 1e-9)
    if r.units != {"block": n_block, "heater": n_heater}:
        assert r.objective_USD_per_year - cost <= r.gap * r.objective_USD_per_year + 1.0


@given(
    seed=st.integers(0, 10**6),
    priced=st.booleans(),
    two_types=st.booleans(),
    margin=st.sampled_from([None, 1.2]),
)
@settings(max_examples=12, deadline=None)
def test_energy_closes_and_costs_add_up(make_gas, check_closed, seed, priced, two_types, margin):
    rng = np.random.default_rng(seed)
    load = rng.uniform(10, 40, 24)
    changes = {"lost_load": "priced", "voll_USD_per_MWh": 2000.0} if priced else {}
    inputs = make_gas(load_MW=load, reserve_margin=margin, **changes)
    if two_types:
        second = sizing.BlockType("line", "gas", 20.0, efficiency=0.41, annual_cost_USD_per_MWth=9e4)
        smr = sizing.HeatSource("smr", 30.0, 2e5, 3.0, min_load=0.5)
        pool = sizing.HeatPool("gas", (*inputs.sources, smr))
        inputs = replace(inputs, blocks=(*inputs.blocks, second), pools=(pool,))
    r = sizing.size(inputs)
    check_closed(inputs, r)
    d = r.dispatch
    for b in inputs.blocks:
        on, out = d[f"{b.name}_units_on"], d[f"{b.name}_output_MW"]
        assert (on <= r.units[b.name]).all()
        assert (out <= on * greatest_output_MW(b, 24) + 1e-5).all()
    for s in inputs.sources:
        heat, rated = d[f"{s.name}_heat_MWth"], r.units[s.name] * s.module_MWth
        assert heat.between(s.min_load * rated - 1e-9, rated + 1e-9).all()


@given(more=st.floats(0.0, 0.3))
@settings(max_examples=8, deadline=None)
def test_more_load_never_costs_less(make_gas, more):
    base, units = make_gas(), {"block": 11, "heater": 12}
    low = sizing.size(base, fixed_units=units)
    high = sizing.size(replace(base, load_MW=base.load_MW * (1 + more)), fixed_units=units)
    assert high.outcome.ok
    assert high.dispatch.block_heat_MWth.sum() >= low.dispatch.block_heat_MWth.sum() - 1e-9
    assert high.objective_USD_per_year >= low.objective_USD_per_year - 1e-6


def test_loss_curve_raises_the_load_hour_by_hour(make_gas):
    inputs = make_gas(loss_curve=[(0.0, 1.0), (50.0, 54.0)])
    np.testing.assert_allclose(inputs.bus_load_MW, 1.0 + inputs.load_MW * 53 / 50)
    r = sizing.size(inputs)
    np.testing.assert_allclose(r.dispatch.block_output_MW, inputs.bus_load_MW)


def test_heat_follows_the_curve_and_the_relaxation_stays_below(make_gas):
    b = make_gas().blocks[0]
    assert heat_MWth(b, np.array([5.0]), np.array([1]))[0] == pytest.approx(12.5)
    assert heat_MWth(b, np.array([2.5]), np.array([1]))[0] == pytest.approx(0.56 * 12.5)
    assert heat_MWth(b, np.array([0.5]), np.array([1]))[0] == pytest.approx(0.40 * 12.5)
    P = np.linspace(0.1, 20, 50)
    for n in range(1, 5):
        able = n * 5.0 >= P
        real = heat_MWth(b, P, np.full(50, n))
        for slope, intercept, _ in relaxed_pieces(b):
            assert (12.5 * (slope * P / 5.0 + intercept * 4) <= real + 1e-9)[able].all()


def test_heat_limit_cuts_the_output(make_gas):
    cf = np.full(24, 0.56)
    b = make_gas(block={"capacity_factor": cf, "output_factor": None, "heat_factor": None}).blocks[0]
    np.testing.assert_allclose(greatest_output_MW(b, 24), 2.5)


def test_averaged_steps_never_cost_more_than_the_year(make_gas):
    inputs = make_gas(hours=8760, battery=sizing.Battery(4.0, 1e5), lost_load="priced", voll_USD_per_MWh=5e3)
    r = sizing.size(inputs, fixed_units={"block": 8, "heater": 9})
    year = year_steps(inputs)
    for days in (6, 12):
        steps = typical_steps(inputs, year, days, np.array([], dtype=np.int64))
        assert steps.weight_h.sum() == pytest.approx(8760)
        assert steps.weight_h @ steps.load_MW == pytest.approx(inputs.load_MW.sum())
        bound = solve_pyomo(build(inputs, steps, year=year).program, inputs.solve).bound
        assert bound <= r.objective_USD_per_year


def test_battery_campus_within_its_stated_gap(make_gas, check_closed):
    inputs = make_gas(hours=8760, battery=sizing.Battery(None, 1e5, 1e4, 0.95))
    r = sizing.size(inputs)
    check_closed(inputs, r)
    assert r.gap < 0.03
    assert r.battery_MWh > 0
    assert r.dispatch.state_of_charge_MWh.max() <= r.battery_MWh + 1e-3
    assert r.dispatch.state_of_charge_MWh.min() >= -1e-9


def test_exact_mode_is_at_least_as_tight(make_gas):
    inputs = make_gas()
    exact = sizing.size(replace(inputs, solve=sizing.SolveOptions(mode="exact", gap=1e-4)))
    assert exact.objective_USD_per_year == pytest.approx(_brute_force(inputs)[0], rel=1e-4)


def test_same_answer_twice(make_gas):
    a, b = sizing.size(make_gas()), sizing.size(make_gas())
    assert a.objective_USD_per_year == b.objective_USD_per_year
    assert a.dispatch.equals(b.dispatch)
