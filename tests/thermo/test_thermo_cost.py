"""Cost correlations: published values, flags, escalation."""

import pytest

import thermo
from thermo.cost import escalation, weiland


def test_weiland_table_by_hand():
    bare = 49.45 * 4e6**0.7544
    assert weiland("recuperator", 4e6)[0] == pytest.approx(bare * 1.05, rel=1e-12)
    hot = weiland("axial turbine", 20.0, 700.0 + 273.15)[0] / weiland("axial turbine", 20.0)[0]
    assert hot == pytest.approx(3.4885, rel=1e-3)  # NREL ssc v8 at 700 degC
    recuperators = [49.45 * UA**0.7544 for UA in (2.25e6, 1.75e6)]  # UA 4 MW/K over two: some 3.0 + 2.5 M$
    assert sum(recuperators) / 1e6 == pytest.approx(5.6, rel=0.05)


def test_block_cost_adds_up_and_flags_extrapolation():
    spec = thermo.CycleSpec(W_net_W=5e6, power_basis="dc_terminals", UA_total_W_K=1.5e6, T_compressor_in_K=311.15,
                            fired_heater=thermo.FiredHeaterSpec())  # fmt: skip
    r = thermo.design(spec)
    c = thermo.block_cost(r, price_year=2017)
    assert sum(i.installed_USD for i in c.items) == pytest.approx(c.total_USD, rel=1e-12)
    assert c.USD_per_kW == pytest.approx(c.total_USD / 5e3, rel=1e-8)
    equipment = [i for i in c.items if i.name != "piping and inventory"]
    assert c.items[-1].installed_USD == pytest.approx(
        0.2 * sum(i.installed_USD for i in equipment), rel=1e-12
    )
    assert {"main compressor", "recompressor", "cooler"} <= set(c.extrapolated)
    assert {i.name for i in c.items} >= {"turbine", "heater", "gearbox", "generator", "rectifier"}
    later = thermo.block_cost(r, price_year=2023)
    assert later.total_USD / c.total_USD == pytest.approx(797.9 / 567.5, rel=1e-12)
    small = thermo.block_cost(thermo.design(thermo.CycleSpec(W_net_W=1e6, UA_total_W_K=2e5)))
    assert "turbine" in small.extrapolated


def test_price_year_is_checked():
    assert escalation(2017) == 1.0
    with pytest.raises(ValueError, match="price_year"):
        escalation(1990)
