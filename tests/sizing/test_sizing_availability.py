"""Outage tables against published systems, PRAS, brute force and the worked table of the reference campus."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sizing


def _yearly_load(model, peak_MW):
    weekly, daily = model["weekly_peak_pct_of_annual"], model["daily_peak_pct_of_weekly_MonSun"]
    hourly, load = model["hourly_pct_of_daily"], []
    for week, share in enumerate(weekly, 1):
        season = "winter" if week <= 8 or week >= 44 else "summer" if 18 <= week <= 30 else "spring_fall"
        for day, of_week in enumerate(daily):
            shape = hourly[f"{season}_{'weekday' if day < 5 else 'weekend'}"]
            load += [peak_MW * share * of_week * h / 1e6 for h in shape]
    return np.array(load)


RTS79 = [  # IEEE Reliability Test System 1979 (IEEE Trans. PAS-98, 2047): count, MW, FOR; peak 2850 MW
    (5, 12, 0.02),
    (4, 20, 0.10),
    (6, 50, 0.01),
    (4, 76, 0.02),
    (3, 100, 0.04),
    (4, 155, 0.04),
    (3, 197, 0.05),
    (1, 350, 0.08),
    (2, 400, 0.12),
]


@pytest.mark.parametrize("system", ["RBTS", "RTS79"])
def test_published_systems(reliability, system, record_validation):
    tolerance = reliability["tolerance_for_tests"]
    units = [dict(zip(("count", "MW", "FOR"), u, strict=True)) for u in RTS79]
    peak_MW = 2850.0
    if system == "RBTS":
        units, peak_MW = reliability["systems"]["RBTS"]["units"], reliability["systems"]["RBTS"]["peak_MW"]
    load = _yearly_load(reliability["load_model"], peak_MW)
    r = sizing.availability(units, load)
    daily = sizing.availability(units, load.reshape(-1, 24).max(axis=1))
    found = {"LOLE_h": r.lolh_h_per_year, "EENS_MWh": r.eens_MWh_per_year, "LOLE_d": daily.lolh_h_per_year}
    for name, got in found.items():
        value, within = tolerance[f"{system} {name}"]
        record_validation(system, "IEEE reliability test systems", name, value, got, within)


def test_rbts_to_the_last_digits(reliability):
    data = reliability["systems"]["RBTS"]
    r = sizing.availability(data["units"], _yearly_load(reliability["load_model"], data["peak_MW"]))
    assert r.lolh_h_per_year == pytest.approx(data["computed_here"]["LOLE_h_per_yr"], rel=1e-6)
    assert r.eens_MWh_per_year == pytest.approx(data["computed_here"]["EENS_MWh_per_yr"], rel=1e-6)
    assert r.lolh_h_per_year == pytest.approx(data["published"]["LOLE_h_per_yr"], rel=1e-3)


@pytest.mark.parametrize("by_hour", [False, True])
def test_pras_single_node(reliability, by_hour):
    case = reliability["pras_singlenode_a"]
    units = []
    for u in case["units"]:
        constant = len(set(u["MW"])) == 1 and not by_hour
        FOR = u["lambda_per_h"] / (u["lambda_per_h"] + u["mu_per_h"])
        units.append({"count": 1, "MW": u["MW"][0] if constant else u["MW"], "FOR": FOR})
    r = sizing.availability(units, case["load_MW"])
    assert r.lolh_h_per_year == pytest.approx(case["LOLE_h"], rel=1e-12)
    assert r.eens_MWh_per_year == pytest.approx(case["EUE_MWh"], rel=1e-12)
    np.testing.assert_allclose(r.lolp, case["LOLP_by_hour"], rtol=1e-12)
    np.testing.assert_allclose(r.eens_MW, case["EUE_by_hour"], rtol=1e-12)


WORKED = [  # A5, B10, C20, heater, smr; hours lost; availability
    ((2, 1, 3, 2, 2), 1060, 0.8790),
    ((2, 1, 4, 3, 2), 372, 0.9575),
    ((2, 1, 4, 4, 3), 10.3, 0.99883),
    ((0, 0, 6, 4, 3), 2.83, 0.99968),
    ((0, 0, 6, 6, 3), 0.68, 0.999922),
    ((0, 0, 7, 7, 3), 0.034, 0.9999961),
    ((0, 0, 7, 7, 2), 0.054, 0.9999939),
]


@pytest.mark.parametrize(("counts", "lolh", "share"), WORKED)
def test_worked_table_of_the_reference_campus(reference, counts, lolh, share):
    units = dict(zip(["A5", "B10", "C20", "heater", "smr"], counts, strict=True))
    r = sizing.campus_availability(reference, units)
    digits = 0.5 if lolh > 100 else 0.05 if lolh > 5 else 0.005 if lolh > 0.1 else 0.0005
    assert r.lolh_h_per_year == pytest.approx(lolh, abs=digits)
    assert r.availability == pytest.approx(share, abs=6e-5)
    assert 0 < r.eens_MWh_per_year < r.lolh_h_per_year * 67


def test_derated_capacity_is_worse_than_nameplate(reference):
    units = {"A5": 0, "B10": 0, "C20": 7, "heater": 7, "smr": 2}
    nameplate = replace(reference, blocks=tuple(replace(b, capacity_factor=None) for b in reference.blocks))
    derated = sizing.campus_availability(reference, units, energy=False).lolh_h_per_year
    rated = sizing.campus_availability(nameplate, units, energy=False).lolh_h_per_year
    assert rated == pytest.approx(0.035, abs=0.001)
    assert derated == pytest.approx(0.054, abs=0.001)


def _enumerate(inputs, units):
    """Every subset of single units, capacity by a small independent calculation for straight-line blocks."""
    load, w = inputs.bus_load_MW, inputs.hour_weights
    singles = [(u, i) for u in inputs.all_units for i in range(units[u.name])]
    lolh = eens = 0.0
    for up in product([0, 1], repeat=len(singles)):
        p = np.prod([(1 - u.FOR) if a else u.FOR for a, (u, _) in zip(up, singles, strict=True)])
        capacity = np.zeros(len(load))
        for pool in inputs.pools:
            mine = {s.name for s in pool.sources}
            heat = sum(u.module_MWth for a, (u, _) in zip(up, singles, strict=True) if a and u.name in mine)
            heat = np.full(len(load), float(heat))
            blocks = [
                u for a, (u, _) in zip(up, singles, strict=True) if a and getattr(u, "pool", "") == pool.name
            ]
            for b in sorted(blocks, key=lambda b: -b.efficiency):
                take = np.minimum(heat, b.module_MWth * b.capacity_factor)
                heat = heat - take
                capacity += take * b.efficiency
        short = np.maximum(load - capacity, 0.0)
        lolh += p * (w @ (short > 1e-9))
        eens += p * (w @ short)
    return lolh, eens


@pytest.mark.parametrize("two_pools", [False, True])
def test_campus_against_every_subset_of_units(two_pools):
    rng = np.random.default_rng(1)
    cf = rng.uniform(0.8, 1.0, 12)
    a = sizing.BlockType("a", "p", 10.0, efficiency=0.4, capacity_factor=cf, FOR=0.07)
    b = sizing.BlockType("b", "q" if two_pools else "p", 18.0, efficiency=0.45, capacity_factor=cf, FOR=0.11)
    h = sizing.HeatSource("h", 9.0, 1.0, 1.0, FOR=0.05)
    s = sizing.HeatSource("s", 16.0, 1.0, 1.0, FOR=0.09)
    pools = (sizing.HeatPool("p", (h,)), sizing.HeatPool("q", (s,)))
    if not two_pools:
        pools = (sizing.HeatPool("p", (h, s)),)
    inputs = sizing.SizingInputs(rng.uniform(8, 22, 12), pools, (a, b), weights=np.full(12, 730.0))
    units = {"a": 2, "b": 2, "h": 2, "s": 2}
    r = sizing.campus_availability(inputs, units)
    lolh, eens = _enumerate(inputs, units)
    assert r.lolh_h_per_year == pytest.approx(lolh, rel=1e-10)
    assert r.eens_MWh_per_year == pytest.approx(eens, rel=1e-10)


@given(
    n=st.integers(1, 12),
    m=st.integers(1, 12),
    kind=st.sampled_from(["block", "heater"]),
    out=st.floats(0.0, 0.3),
)
@settings(max_examples=30, deadline=None)
def test_a_spare_never_makes_it_worse(make_gas, n, m, kind, out):
    inputs = make_gas(block={"FOR": out})
    base = {"block": n, "heater": m}
    a = sizing.campus_availability(inputs, base)
    b = sizing.campus_availability(inputs, base | {kind: base[kind] + 1})
    assert b.lolh_h_per_year <= a.lolh_h_per_year + 1e-9
    assert b.eens_MWh_per_year <= a.eens_MWh_per_year + 1e-6
    assert a.eens_MWh_per_year <= a.lolh_h_per_year * inputs.load_MW.max() + 1e-9


def test_twelve_blocks_need_five_spares():
    """12 × 5 MW at flat 60 MW, perfect heat: +5 blocks at 3 %, +6 at 4.6 %, +13 at 16 % for 99.999 %."""
    for FOR, spares in ((0.03, 5), (0.046, 6), (0.16, 13)):
        good = sizing.availability([{"count": 12 + spares, "MW": 5.0, "FOR": FOR}], [60.0])
        less = sizing.availability([{"count": 11 + spares, "MW": 5.0, "FOR": FOR}], [60.0])
        assert good.availability >= 0.99999 > less.availability


def test_bad_units_are_listed():
    with pytest.raises(sizing.InputsError) as e:
        sizing.availability(
            [{"count": -1, "MW": 5.0, "FOR": 0.1}, {"count": 1, "MW": 5.0, "FOR": 2.0}], [1.0]
        )
    assert len(e.value.problems) >= 2
