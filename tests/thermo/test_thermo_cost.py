"""Cost correlations: published values, flags, escalation."""

import pytest

import thermo
from thermo.accounts.cost import cost_per_kW, escalation, turbine_type, weiland


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
    assert {"main compressor", "cooler"} <= set(c.extrapolated)
    assert {i.name for i in c.items} >= {"turbine", "heater", "gearbox", "generator", "rectifier"}
    later = thermo.block_cost(r, price_year=2023)
    assert later.total_USD / c.total_USD == pytest.approx(797.9 / 567.5, rel=1e-12)
    small = thermo.block_cost(thermo.design(thermo.CycleSpec(W_net_W=1e6, UA_total_W_K=2e5)))
    assert "turbine" in small.extrapolated


def test_price_year_is_checked():
    assert escalation(2017) == 1.0
    with pytest.raises(ValueError, match="price_year"):
        escalation(1990)


def test_index_is_the_published_one():
    assert escalation(2022) == pytest.approx(816.0 / 567.5)
    assert thermo.defaults.table("weiland2019")["index"]["assumed_from"] == 2024


TWO = {"recompression_fraction": 0.25, "UA_ltr_W_K": 8e5, "UA_htr_W_K": 6e5, "p_low_Pa": 8.6e6}
LAYOUTS = {
    "partial_cooling": TWO | {"p_low_Pa": 9e6, "p_precompressor_in_Pa": 6.4e6},
    "recompression_reheat": TWO | {"p_reheat_Pa": 14.5e6},
    "htr_bypass": TWO | {"htr_bypass_fraction": 0.1},
    "turbine_split": {"turbine_split_fraction": 0.4, "UA_ltr_W_K": 8e5, "UA_htr_W_K": 6e5, "p_low_Pa": 8.6e6},
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_costs_all_of_its_components(layout):
    r = thermo.design(
        thermo.CycleSpec(layout=layout, T_compressor_in_K=311.15, **LAYOUTS[layout])
    ).require_ok()
    c = thermo.block_cost(r, price_year=2017)
    names = {i.name for i in c.items}
    for x in r.components:
        if x.kind in ("turbine", "compressor", "recuperator", "cooler"):
            assert x.name.replace("_temperature_", "-temperature ").replace("_", " ") in names
    heater = next(i for i in c.items if i.name == "heater")
    assert heater.parameter == pytest.approx(
        sum(x.Q_W for x in r.components if x.kind == "heater") / 1e6, rel=1e-12
    )
    cooling = sum(i.parameter for i in c.items if i.name.startswith("cooler"))
    assert cooling == pytest.approx(r.UA_cooler_W_K, rel=1e-9)
    assert all(i.installed_USD > 0.0 for i in c.items)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_plain_numbers_give_the_same_cost(layout):
    r = thermo.design(
        thermo.CycleSpec(layout=layout, T_compressor_in_K=311.15, **LAYOUTS[layout])
    ).require_ok()

    def of(kind):
        return [x for x in r.components if x.kind == kind]

    def T_in(x):
        return r.states[x.streams[0].inlet].T_K

    heat = of("heater")
    USD = cost_per_kW(
        r.W_net_W, r.W_generator_W, r.W_shaft_W, [(x.W_W, T_in(x)) for x in of("turbine")],
        [x.W_W for x in of("compressor")], [(x.UA_W_K, T_in(x)) for x in of("recuperator")],
        [x.UA_W_K for x in r.coolers], (sum(x.Q_W for x in heat), max(r.states[x.streams[0].outlet].T_K for x in heat)),
        geared=any(m.name == "gearbox" for m in r.machines),
    )  # fmt: skip
    assert pytest.approx(thermo.block_cost(r, price_year=2017).USD_per_kW, rel=1e-12) == USD


def test_turbine_type_by_size():
    assert turbine_type(5e6) == "radial turbine"
    assert turbine_type(50e6) == "axial turbine"
