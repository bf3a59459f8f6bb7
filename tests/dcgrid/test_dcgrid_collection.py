"""Collection over distance and cables as they lie: closed forms, published factors, both rules, monotony."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dcgrid
from dcgrid import cable_rating as cr
from dcgrid import chains, std_types, variants
from dcgrid import collection as co

SPEC = co.CollectionSpec(p_w=5e6)
OTHERS = [o.name for o in co.OPTIONS[1:]]


@pytest.mark.parametrize("name", [o.name for o in co.OPTIONS])
def test_the_economic_section_is_the_cheapest(name: str) -> None:
    o = co.option(name)
    best = co.economic_section_m2(SPEC, o)
    least = co.slope_USD_m(SPEC, o)
    assert all(co.slope_USD_m(SPEC, o, best * f) > least for f in (0.5, 0.9, 1.1, 2.0))
    kelvin = SPEC.annuity * SPEC.money("route") + 2 * o.conductors * co.current_a(SPEC, o) * math.sqrt(
        SPEC.annuity
        * co._per_kg(SPEC, o)
        * co.DENSITY_CU
        * SPEC.price_USD_MWh
        / 1e6
        * co.RHO_CU_70C
        * SPEC.square_hours_h
    )
    assert least == pytest.approx(kelvin, rel=1e-12)


@pytest.mark.parametrize("other", OTHERS)
def test_costs_meet_at_the_break_even(other: str) -> None:
    closed = co.break_even_closed_form_m(SPEC, other)
    assert closed is not None
    total = [
        sum(co.fixed_USD(SPEC, o)[:2]) + closed * co.slope_USD_m(SPEC, o)
        for o in (co.OPTIONS[0], co.option(other))
    ]
    assert total[0] == pytest.approx(total[1], rel=1e-12)
    found = co.break_even(SPEC, other)
    assert found.closed_form_m == closed
    assert found.catalogue_m is not None
    near = [co.cost_at(SPEC, n, found.catalogue_m).total_USD for n in ("800 V DC", other)]
    assert near[0] == pytest.approx(near[1], rel=0.01)
    assert str(round(found.catalogue_m)) in found.explain
    assert len(found.depends_on) == 5


def test_catalogue_and_closed_form_agree_where_neither_rule_binds() -> None:
    """A generous drop and cheap heat: real sections bracket the economic one."""
    free = replace(SPEC, drop_max_frac=0.2, laying=cr.Laying(30.0, 1))
    for other in ("1.5 kV DC", "MV, generator and rectifier"):
        found = co.break_even(free, other)
        assert found.catalogue_m == pytest.approx(found.closed_form_m, rel=0.2)


def test_option_cost_adds_up_and_rises_with_distance() -> None:
    for name in [o.name for o in co.OPTIONS]:
        rows = [co.cost_at(SPEC, name, d) for d in (50.0, 200.0, 800.0)]
        for r in rows:
            parts = r.converters_USD + r.converter_losses_USD + r.wires_USD + r.wire_losses_USD
            assert r.total_USD == pytest.approx(parts, rel=1e-12)
            assert r.converter_losses_USD + r.wire_losses_USD == pytest.approx(80.0 * r.loss_MWh, rel=1e-12)
        assert rows[0].total_USD < rows[1].total_USD < rows[2].total_USD
        assert rows[0].copper_kg < rows[2].copper_kg
    assert len(co.collection_table(SPEC, (50.0, 500.0))) == 2 * len(co.OPTIONS)
    assert co.cost_at(SPEC, "800 V DC", 3000.0).limited_by == "voltage drop"


def test_break_even_moves_the_right_way() -> None:
    """Dearer copper shortens the reach of 800 V; dearer or lossier converters on the way lengthen it."""
    for other in OTHERS:
        base = co.break_even_closed_form_m(SPEC, other)
        copper = co.break_even_closed_form_m(replace(SPEC, cost=(("copper", 30.0),)), other)
        assert copper < base
        assert co.break_even_closed_form_m(replace(SPEC, cost_factor=1.5), other) > base
        assert co.break_even_closed_form_m(replace(SPEC, loss_factor=1.5), other) > base


def test_free_converters_make_the_other_way_cheaper_from_the_start_and_dear_ones_never() -> None:
    free = replace(SPEC, cost=(("rectifier", 1000.0), ("transformer", 0.0), ("sst", 0.0)))
    assert co.break_even(free, "MV, generator and SST").explain.endswith("from the generator on")
    tiny = replace(SPEC, p_w=1e5, cost=(("sst", 1e9),))
    assert co.break_even(tiny, "MV, generator and SST").catalogue_m is None
    with pytest.raises(dcgrid.NetworkError, match="one of 800 V DC"):
        co.break_even(SPEC, "MVDC")
    with pytest.raises(dcgrid.NetworkError) as error:
        co.CollectionSpec(p_w=-1.0, life_a=0.0, cost=(("copperr", 1.0),))
    assert len(error.value.problems) == 3


@settings(max_examples=25, deadline=None)
@given(p=st.floats(0.5e6, 20e6), price=st.floats(10.0, 200.0), rate=st.floats(0.0, 0.2))
def test_slopes_fall_with_voltage(p: float, price: float, rate: float) -> None:
    s = replace(SPEC, p_w=p, price_USD_MWh=price, discount_rate=rate)
    slopes = [co.slope_USD_m(s, co.option(n)) for n in ("800 V DC", "1.5 kV DC")]
    route = s.annuity * s.money("route")
    assert slopes[0] - route == pytest.approx((slopes[1] - route) * 1500.0 / 800.0, rel=1e-9)


def test_ambient_factor_meets_the_published_table() -> None:
    f = cr.factors()["ambient_90C"]
    for upper, published in f["factors"]:
        assert cr.ambient_factor(float(upper)) == pytest.approx(published, abs=0.01)
    assert cr.ambient_factor(30.0) == 1.0
    assert cr.ambient_factor(95.0) == 0.0


def test_conductors_reach_the_temperature_of_their_loading() -> None:
    for n, i in ((1, 300.0), (3, 1200.0)):
        x = cr.rate("Cu 240 mm2", n, i, 800.0, 50.0, cr.Laying(40.0, 3))
        wire = std_types.conductor("Cu 240 mm2")
        assert x.ampacity_a == pytest.approx(n * 679.0 * math.sqrt(50 / 60) * cr.bundling_factor(2 * n))
        assert x.t_conductor_degC == pytest.approx(40.0 + 50.0 * (i / x.ampacity_a) ** 2)
        assert x.r_ohm == pytest.approx(wire.r_loop_ohm(50.0, x.t_conductor_degC) / n)
    full = cr.rate("Cu 240 mm2", 1, 679.0, 800.0, 50.0, cr.Laying(30.0, 1))
    assert full.t_conductor_degC == pytest.approx(90.0)


@settings(max_examples=40, deadline=None)
@given(
    i=st.floats(50.0, 7000.0), length=st.floats(5.0, 400.0), t=st.floats(20.0, 50.0), pairs=st.integers(1, 6)
)
def test_selection_as_laid_meets_both_rules(i: float, length: float, t: float, pairs: int) -> None:
    try:
        s = cr.select_installed(i, 800.0, length, 0.02, cr.Laying(t, pairs))
    except dcgrid.RunError:
        assert i * length > 1e5
        return
    assert s.loading <= 1.0
    assert s.drop_frac <= 0.02
    assert s.t_conductor_degC <= 90.0 + 1e-9
    if s.parallel > 1:
        fewer = cr.rate(s.std_type, s.parallel - 1, i, 800.0, length, cr.Laying(t, pairs))
        assert fewer.loading > 1.0 or fewer.drop_frac > 0.02


def test_hotter_and_closer_cables_need_more_copper() -> None:
    mass = [
        cr.select_installed(2500.0, 800.0, 40.0, laying=x).mass_kg
        for x in (cr.Laying(25.0, 1), cr.Laying(45.0, 1), cr.Laying(45.0, 5))
    ]
    assert mass[0] < mass[1] < mass[2]
    busway = cr.select_installed(1200.0, 800.0, 12.0, laying=cr.Laying(40.0), kind=("busway", "busbar"))
    assert std_types.conductor(busway.std_type).kind in ("busway", "busbar")
    hot = cr.rate("busway 800 V DC 1250 A", 1, 1200.0, 800.0, 12.0, cr.Laying(50.0))
    assert hot.loading > 1.0, "1250 A is for 40 degC"
    with pytest.raises(dcgrid.RunError, match="raise the voltage"):
        cr.select_installed(20000.0, 50.0, 200.0)


def test_cost_of_conductors_by_hand() -> None:
    net = dcgrid.build_pod(dcgrid.PodSpec(n_blocks=1, block_p_w=1e6, n_racks=4, rack_p_w=132e3))
    assert cr.conductor_cost_USD(net, 11.0, laid_over_metal=3.0) == pytest.approx(
        33.0 * dcgrid.copper_kg(net)
    )


def test_variants_on_the_same_racks() -> None:
    spec = chains.ChainsSpec(n_racks=8, rack_p_w=132e3, n_blocks=1, block_p_w=1.3e6)
    found = {name: variants.variant(spec, name, [132e3, 60e3]) for name in variants.VARIANTS}
    for v in found.values():
        for ledger, rack in zip(v.ledgers, (132e3, 60e3), strict=True):
            assert ledger.start == "turbine shaft"
            assert ledger.p_out_w == pytest.approx(8 * rack)
            assert ledger.p_in_w == pytest.approx(ledger.p_out_w + ledger.loss_w + ledger.p_side_w, rel=1e-9)
    bipolar, mono = found["+-400 V"], found["800 V"]
    assert bipolar.ledgers[0].loss_w == pytest.approx(mono.ledgers[0].loss_w, rel=1e-9), (
        "balanced: no neutral current"
    )
    assert bipolar.copper_kg == pytest.approx(1.5 * mono.copper_kg)
    assert bipolar.v_to_earth_v == 400.0
    assert found["380 V"].copper_kg > 2 * mono.copper_kg
    share = np.array([found[n].ledgers[0].loss_fraction for n in ("800 V", "380 V")])
    assert share[0] < share[1]
    assert [s.name for s in found["MV and SST"].ledgers[0].stages][:4] == [
        "gearbox",
        "generator",
        "MV cable",
        "solid-state transformer",
    ]
