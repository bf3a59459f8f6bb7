"""Laws that hold across cases, whatever the numbers: heat, spares, voltage, load."""

from itertools import pairwise
from pathlib import Path

import pytest

import campus
import dcgrid
from campus.blocks import cycle_result
from campus.build_grid import build_grid
from campus.case_file import parse_case
from campus.paths import cases_dir, shipped_cases
from campus.pipeline import read_profiles

SMALL = """
schema_version: 1
name: small
site: {{weather: {weather}, {site}}}
load: {{it_power: {power} MW, profile: {{kind: flat}}}}
block: {{net_power: 5 MW, recuperator_conductance: 2 MW/K}}
reliability: {{spare_blocks: {spares}, spare_heaters: 1}}
dc_network: {{bus_voltage: {voltage} V}}
"""
LEESBURG = "weather/USA_VA_Leesburg.Exec_TMYx.csv"
PHOENIX = "weather/USA_AZ_Phoenix-Sky.Harbor_TMYx.csv"


def small(
    *, weather: str = LEESBURG, site: str = "", power: float = 10, spares: int = 1, voltage: int = 800
) -> campus.Case:
    text = SMALL.format(weather=weather, site=site, power=power, spares=spares, voltage=voltage)
    return parse_case(text, folder=cases_dir())


def test_hotter_is_never_more_efficient():
    found = []
    for degC in (24, 28, 32, 36, 40, 44):
        case = small(site=f"design_dry_bulb: {degC} degC")
        weather, _ = read_profiles(case, cases_dir())
        found.append(cycle_result(case, weather).require_ok().eta_net)
    assert all(hot <= cool + 1e-9 for cool, hot in pairwise(found))
    assert found[0] - found[-1] > 0.02


def test_warm_air_drawn_back_in_is_the_same_as_a_hotter_day():
    warm = small(site="design_dry_bulb: 35 degC")
    recirculated = small(site="design_dry_bulb: 33 degC, recirculation_rise: 2 K")
    eta = [cycle_result(case, read_profiles(case, cases_dir())[0]).eta_net for case in (warm, recirculated)]
    assert eta[0] == pytest.approx(eta[1], rel=1e-12)


def test_lower_voltage_never_takes_less_copper():
    copper = []
    for voltage in (1500, 1000, 800, 600, 400):
        net = build_grid(small(voltage=voltage), 3)
        assert dcgrid.run(net).outcome.name == "OK"
        copper.append(dcgrid.copper_kg(net))
    assert copper == sorted(copper)
    assert copper[-1] > 1.5 * copper[0]


@pytest.mark.slow
def test_more_spares_are_never_less_available_and_never_cheaper():
    runs = [campus.run_case(small(spares=k), folder=cases_dir()).require_ok().kpis for k in (0, 1, 2)]
    available = [run["availability"].value for run in runs]
    cost = [run["lcoe_USD_per_MWh"].value for run in runs]
    assert available == sorted(available)
    assert cost == sorted(cost)


@pytest.mark.slow
def test_more_load_never_takes_less_fuel_and_a_hot_site_more_than_a_mild_one():
    fuel = [
        campus.run_case(small(power=power), folder=cases_dir())
        .require_ok()
        .kpis["fuel_MWh_LHV_per_year"]
        .value
        for power in (8, 10, 12)
    ]
    assert fuel == sorted(fuel)
    hot = campus.run_case(small(weather=PHOENIX), folder=cases_dir()).require_ok().kpis
    assert hot["fuel_MWh_LHV_per_year"].value > fuel[1]


@pytest.mark.slow
@pytest.mark.parametrize("name", shipped_cases())
def test_every_shipped_case_is_answered_and_its_report_written(name: str, tmp_path: Path):
    case = campus.load_case(name)
    result = campus.run_case(case, folder=cases_dir(), name=name).require_ok()
    folder = campus.save_results(result, tmp_path)
    assert (folder / "report.html").stat().st_size > 1e6
    assert result.manifest["energy_residual"] < 1e-6
    assert result.kpis["availability"].value > 99.0
    assert result.manifest["loop_converged"]
