"""Each key figure of a small flat campus against a calculation by hand from the rooms' raw results.

10 MW at all hours in Dallas-Fort Worth, blocks of 5 MW, one spare block, one spare heater, one gas feed out 0.02 % of
the time, 4 USD/MMBtu, 7 %. A block gives 4.89 to 5 MW, so three of four blocks and three of four heaters are needed.
"""

from math import ceil, comb
from pathlib import Path

import numpy as np
import pytest

import dcgrid
import thermo
from campus.kpis import ABOUT

HOURS = 8760
RACK_MW, N_RACKS = 10.0, 76
COOLING, VOM, NETWORK = 0.06, 3.0, 250.0
RATE, LIFE, FIXED_OM, INDIRECT = 0.07, 25, 0.025, 0.35
GAS_USD_PER_MWH_LHV = 4.0 / 0.293071 * 1.108
BLOCK_FOR, HEATER_FOR, GAS_FOR = 0.046, 0.01, 0.0002
ANNUITY = 1.0 / sum((1 + RATE) ** -year for year in range(1, LIFE + 1))


@pytest.fixture(scope="module")
def k(small):
    return {name: kpi.value for name, kpi in small.kpis.items()}


@pytest.fixture(scope="module")
def bus_MW(small):
    """Power that the block sources give at full load, from the solved network."""
    return float(small.parts["net"].res_source["p_w"].sum()) / 1e6


@pytest.fixture(scope="module")
def fuel_MWh(small, bus_MW):
    """Fuel of three blocks that share the load, read off the block's map by linear interpolation, hour by hour."""
    table, T = small.tables["map"], small.tables["dispatch"]["T_ambient_degC"].to_numpy()
    by_T = table.groupby("T_ambient_degC")
    fuel_MW = [np.interp(bus_MW / 3, g["W_net_MW"], g["W_net_MW"] / g["eta_fuel"]) for _, g in by_T]
    return float(3 * np.interp(T, list(by_T.groups), fuel_MW).sum())


@pytest.fixture(scope="module")
def capital_USD(small):
    """Four blocks, four heaters of the module's size, piping at 20 %, indirect cost; the network per rack power."""
    block = small.parts["block"]
    items = {i.name: i.installed_USD for i in thermo.block_cost(block, price_year=2024).items}
    machines = sum(usd for name, usd in items.items() if name not in ("heater", "piping and inventory"))
    module_MW = small.parts["year"].Q_module_MWth
    heater = thermo.weiland("natural gas-fired heater", module_MW, block.spec.T_turbine_in_K)[0]
    heater *= items["turbine"] / next(
        i.installed_2017_USD for i in thermo.block_cost(block).items if i.name == "turbine"
    )
    return 4 * (machines + heater) * 1.2 * (1 + INDIRECT) + NETWORK * RACK_MW * 1e3


def at_least(k, n, out):
    return sum(comb(n, up) * (1 - out) ** up * out ** (n - up) for up in range(k, n + 1))


def test_every_key_figure_is_tested_here(k):
    assert set(k) == set(ABOUT)
    text = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in k if f'k["{name}"]' not in text] == []


def test_block(small, k):
    account = small.tables["block_account"].set_index("item")["MW"]
    heat_MW = account["fuel (LHV)"] - account["stack loss"] - account["heater casing loss"]
    assert k["block_efficiency"] == pytest.approx(100 * account.iloc[-1] / heat_MW, rel=1e-9)
    assert k["block_net_power_MW"] == pytest.approx(5.0, rel=1e-9)


def test_units(small, k, bus_MW):
    d = small.tables["dispatch"]
    hottest = d["T_ambient_degC"].idxmax()
    each_MW = d["online_MW"][hottest] / d["units_on"][hottest]
    needed = ceil(bus_MW / each_MW)
    assert needed == 3
    assert (k["blocks_needed"], k["spares"], k["blocks_installed"]) == (needed, 1, needed + 1)
    assert k["heat_modules_installed"] == ceil(d["heat_MWth"].max() / small.parts["year"].Q_module_MWth) + 1
    assert k["battery_power_MW"] == 0.0
    assert k["battery_energy_MWh"] == 0.0
    assert k["footprint_m2"] == pytest.approx(120 * 4 * 5, rel=1e-9)
    assert k["months_to_first_power"] == 18.0


def test_run(small, k):
    assert k["loop_iterations"] == 2  # one pass with first guesses, one that changes nothing any more
    assert k["reproducible"] is True
    assert small.manifest["loop_converged"] is True


def test_availability_is_three_of_four_blocks_and_heaters_and_gas(k):
    units = at_least(3, 4, BLOCK_FOR) * at_least(3, 4, HEATER_FOR)
    all_up = units * (1 - GAS_FOR)
    assert k["availability"] == pytest.approx(100 * all_up, rel=1e-9)
    assert k["lolh_h_per_year"] == pytest.approx(HOURS * (1 - all_up), rel=1e-9)


def test_energy_not_served_by_states(small, k, bus_MW):
    """Two blocks left give 2 x 5 MW less what the heat takes, two heaters a share of the load; the rest is rare."""
    d = small.tables["dispatch"]
    each_MW = (d["online_MW"] / d["units_on"]).to_numpy()

    def exactly(up, n, out):
        return comb(n, up) * (1 - out) ** up * out ** (n - up)

    heaters = at_least(3, 4, HEATER_FOR)
    by_blocks = sum(exactly(b, 4, BLOCK_FOR) * heaters * (bus_MW - b * each_MW).sum() for b in (0, 1, 2))
    short_of_heat = np.maximum(1 - 2 * small.parts["year"].Q_module_MWth / d["heat_MWth"].to_numpy(), 0)
    by_heaters = at_least(3, 4, BLOCK_FOR) * exactly(2, 4, HEATER_FOR) * (bus_MW * short_of_heat).sum()
    units_MWh = by_blocks + by_heaters
    eens_MWh = units_MWh + GAS_FOR * (bus_MW * HOURS - units_MWh)
    assert k["eens_MWh_per_year"] == pytest.approx(eens_MWh, rel=5e-3)
    assert k["served_fraction"] == pytest.approx(
        100 * (1 - k["eens_MWh_per_year"] / (bus_MW * HOURS)), rel=1e-9
    )


def test_worst_rack(small, k):
    """Seven 70 mm2 runs of 30 m, ten joints, four of five 35 kW modules; rates and repair times of the data file."""
    feeder = small.parts["net"].line.query("role == 'row feeder'").iloc[0]
    km = 0.030 * feeder["parallel"]
    failures = [(0.001, 24, 1), (0.0027, 8, 1), (0.0141, 26.5, km), (0.0006, 24, 10)]
    way = np.prod([(1 / (1 + rate * mttr / HOURS)) ** count for rate, mttr, count in failures])
    module_out = 24 / (500_000 + 24)
    way *= at_least(4, 5, module_out)
    assert ceil(132 / 35) == 4
    assert k["worst_rack_availability"] == pytest.approx(k["availability"] * way, rel=1e-9)
    assert k["worst_rack_availability"] < k["availability"]


def test_energy_of_the_year(small, k, bus_MW, fuel_MWh):
    racks_MWh = RACK_MW * HOURS
    assert k["pue"] == pytest.approx(bus_MW / RACK_MW, rel=1e-6)
    assert k["fuel_MWh_LHV_per_year"] == pytest.approx(fuel_MWh, rel=1e-3)
    assert k["fuel_to_rack_efficiency_LHV"] == pytest.approx(100 * racks_MWh / fuel_MWh, rel=1e-3)


def test_emissions_water_and_rejected_heat(small, k):
    fuel_MWh = small.tables["dispatch"]["fuel_MW_LHV"].sum()
    assert k["co2_t_per_year"] == pytest.approx(
        fuel_MWh * 3.6 / 50.0 * (12.011 + 2 * 15.999) / 16.043, rel=1e-4
    )
    burner = small.parts["block"].heater  # the case leaves heat.nox to it
    assert burner.nox_preheat_factor > 1.5
    assert k["nox_t_per_year"] == pytest.approx(fuel_MWh * 3600 * 1e-9 * burner.nox_g_GJ_LHV, rel=1e-9)
    assert k["water_m3_per_year"] == 0.0
    d, block = small.tables["dispatch"], small.parts["block"]
    hottest = d.loc[d["T_ambient_degC"].idxmax()]
    assert hottest["units_on"] == 3
    # three blocks at that hour's own load: fans run slower than at the design point, bearings lose nearly as much
    one = thermo.off_design(
        block,
        T_ambient_K=hottest["T_ambient_degC"] + 273.15,
        load=hottest["output_MW"] * 1e6 / 3 / block.W_net_W,
    )
    assert k["heat_rejected_MW"] == pytest.approx(3 * one.Q_cooler_W / 1e6, rel=2e-3)
    assert k["heat_rejected_MW"] == pytest.approx(hottest["heat_MWth"] - 3 * one.W_shaft_W / 1e6, rel=2e-3)


def test_chain_losses(small, k, bus_MW):
    block = small.parts["block"]
    left_W = block.W_shaft_W
    for stage in ("mechanical", "gearbox", "generator", "rectifier"):
        left_W -= block.losses_W[stage]
    shaft_MWh = bus_MW * HOURS * block.W_shaft_W / left_W
    used_MWh = RACK_MW * (1 + COOLING) * HOURS
    assert k["dc_loss_fraction"] == pytest.approx(100 * (1 - used_MWh / shaft_MWh), rel=1e-6)
    ac = small.tables["losses"].query("chain == 'AC2 from generator, modern UPS'")
    through = np.prod((ac["p_out_MWh"] / ac["p_in_MWh"]).to_numpy())
    assert k["ac_loss_fraction"] == pytest.approx(100 * (1 - through), rel=1e-9)
    ac_shaft_MWh = used_MWh / through
    assert k["dc_saving_MWh_per_year"] == pytest.approx(ac_shaft_MWh - shaft_MWh, rel=1e-5)


def test_worth_of_the_saving(small, k):
    d = small.tables["dispatch"]
    shaft_MWh = d["heat_MWth"].sum() - d["rejected_MW"].sum()
    price = GAS_USD_PER_MWH_LHV * d["fuel_MW_LHV"].sum() / shaft_MWh + VOM
    assert k["dc_saving_USD_per_year"] == pytest.approx(price * k["dc_saving_MWh_per_year"], rel=1e-6)
    assert k["npv_USD"] == pytest.approx(k["dc_saving_USD_per_year"] / ANNUITY, rel=1e-9)


def test_network_extremes_by_ohms_law(small, k):
    net = small.parts["net"]
    buses = net.bus.join(net.res_bus)
    taps = buses[buses["name"].str.endswith("tap") | buses["name"].str.match(r".*/ row \d+$")]
    assert k["min_rack_voltage_pu"] == pytest.approx(taps["v_v"].min() / 800.0, rel=1e-9)
    lines = net.line.join(net.res_line)
    worst = lines.loc[lines["loading"].idxmax()]
    assert worst["role"] == "row feeder"
    loop_ohm = dcgrid.std_types.conductor(worst["std_type"]).r_loop_ohm(30.0) / worst["parallel"]
    v_from, v_to = buses.loc[worst["from_bus"], "v_v"], buses.loc[worst["to_bus"], "v_v"]
    current_A = (v_from - v_to) / loop_ohm
    ampacity_A = dcgrid.std_types.conductor(worst["std_type"]).max_i_a * dcgrid.cables.GROUPING_FACTOR
    assert k["max_line_loading"] == pytest.approx(
        100 * current_A / (ampacity_A * worst["parallel"]), rel=1e-6
    )
    ten_racks_A = 10 * RACK_MW * 1e6 / N_RACKS / v_to
    assert ten_racks_A < current_A < 1.03 * ten_racks_A  # the sidecars lose 2 %


def test_capital(k, capital_USD):
    assert k["capex_USD"] == pytest.approx(capital_USD, rel=1e-6)
    assert k["capex_USD_per_kW_IT"] == pytest.approx(capital_USD / 10_000, rel=1e-6)


def test_cost_of_energy(k, capital_USD, bus_MW, fuel_MWh):
    running = GAS_USD_PER_MWH_LHV * fuel_MWh + VOM * bus_MW * HOURS
    share = ANNUITY + FIXED_OM
    assert k["lcoe_USD_per_MWh"] == pytest.approx(
        (capital_USD * share + running) / (RACK_MW * HOURS), rel=5e-4
    )
    sized = (capital_USD - NETWORK * RACK_MW * 1e3) * share + running
    assert k["objective_USD_per_year"] == pytest.approx(sized, rel=5e-4)
    assert k["lower_bound_USD_per_year"] <= k["objective_USD_per_year"] * (1 + 1e-12)
    apart = 1 - k["lower_bound_USD_per_year"] / k["objective_USD_per_year"]
    assert k["gap"] == pytest.approx(100 * apart, abs=1e-9)


AT_400_V = """
schema_version: 1
name: 400 V
site: {weather: weather/USA_TX_Dallas-Fort.Worth_TMYx.csv}
load: {it_power: 10 MW, profile: {kind: flat}}
block: {net_power: 5 MW, recuperator_conductance: 2 MW/K}
dc_network: {bus_voltage: 400 V}
"""


def test_a_voltage_that_the_converter_curves_are_not_made_for_is_told():
    from campus.case_file import parse_case
    from campus.paths import cases_dir
    from campus.pipeline import run_case

    found = run_case(parse_case(AT_400_V, folder=cases_dir()), folder=cases_dir()).require_ok()
    assert any("at 400/50 V only the cables" in warning for warning in found.manifest["warnings"])
