"""The block's cycle as tables and figures: they close, and say what the result says."""

import pytest

import thermo
from campus import figures
from campus.cycle_tables import exergy_table, exergy_words, ph_table, tq_table
from campus.tables import states_table


@pytest.fixture(scope="module", params=["recompression", "partial_cooling"])
def block(request):
    spec = thermo.CycleSpec(layout=request.param, W_net_W=5e6, UA_total_W_K=1.5e6, T_turbine_in_K=873.15,
                            eta_turbine=0.87, eta_compressor=0.81, eta_recompressor=0.81, eta_precompressor=0.81,
                            power_basis="dc_terminals", fired_heater=thermo.FiredHeaterSpec())  # fmt: skip
    return thermo.design(spec).require_ok()


def test_temperatures_along_the_exchangers(block):
    table = tq_table(block)
    names = [c.name for c in block.components if c.kind in ("recuperator", "heater", "cooler")]
    assert table["exchanger"].nunique() == len(names)
    assert table.groupby("exchanger")["Q_MW"].max().sum() == pytest.approx(
        (block.Q_heater_W + block.Q_cooler_W + block.Q_ltr_W + block.Q_htr_W) / 1e6
    )
    ltr = table[table["exchanger"] == "low-temperature recuperator"]
    assert (ltr["hot_degC"] - ltr["cold_degC"]).min() == pytest.approx(block.dT_min_ltr_K, abs=0.05)
    assert (table["hot_degC"] > table["cold_degC"]).all()
    figure = figures.tq_figure(table)
    assert len(figure.data) == 2 * len(names)
    assert any("least difference" in a.text for a in figure.layout.annotations)


def test_exergy_adds_up_to_the_fuels(block):
    table = exergy_table(block)
    parts, total = table[:-1], table.iloc[-1]
    assert parts["destroyed_MW"].sum() + total["product_MW"] == pytest.approx(total["fuel_MW"], rel=1e-9)
    assert (table["destroyed_MW"] >= -1e-12).all()
    assert total["product_MW"] == pytest.approx(5.0, rel=1e-9)
    assert "dead state at" in exergy_words(block)


def test_pressure_over_enthalpy_passes_every_state(block):
    path, states = ph_table(block), states_table(block)
    assert not path["component"].str.startswith("mixer").any()
    for state in states.itertuples():
        near = (path["p_MPa"] / state.p_MPa - 1).abs() + (path["h_kJ_kg"] / state.h_kJ_kg - 1).abs()
        assert near.min() < 1e-6, state.name
    figure = figures.ph_figure(states, path)
    assert figure.layout.yaxis.type == "log"
