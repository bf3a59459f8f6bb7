"""The quick-start case from heat to rack: outcome, accounts that close, files, report, refusals."""

import json
import math
import os
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import campus
from campus.cli import NO_ANSWER, app
from campus.energy import BUS, residual
from campus.kpis import ABOUT
from campus.paths import cases_dir
from campus.pipeline import read_profiles
from campus.store import save_results

CASE = "01_quickstart_40mw"


@pytest.fixture(scope="module")
def result() -> campus.CampusResult:
    told = []
    case = campus.load_case(CASE)
    found = campus.run_case(
        case, folder=cases_dir(), name=CASE, progress=lambda text, share: told.append(share)
    )
    found.require_ok()
    assert told == sorted(told)
    assert len(told) > 4
    return found


@pytest.fixture(scope="module")
def folder(result: campus.CampusResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_results(result, tmp_path_factory.mktemp("results"))


def test_every_key_figure_is_there_with_its_unit_and_label(result):
    assert list(result.kpis) == list(ABOUT)
    for value, unit, label in result.kpis.values():
        assert isinstance(value, bool) or math.isfinite(value)
        assert unit
        assert label


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("block_efficiency", 34, 45),
        ("fuel_to_rack_efficiency_LHV", 28, 40),
        ("pue", 1.05, 1.2),
        ("dc_loss_fraction", 5, 13),
        ("ac_loss_fraction", 8, 25),
        ("availability", 50, 100),
        ("served_fraction", 50, 100),
        ("gap", 0, 1),
        ("max_line_loading", 1, 100),
        ("min_rack_voltage_pu", 0.95, 1.05),
    ],
)
def test_key_figures_lie_where_physics_puts_them(result, name, low, high):
    assert low <= result.kpis[name].value <= high


def test_fuel_equals_electric_output_rejected_heat_and_named_losses(result):
    energy = result.tables["energy"]
    fuel = energy.loc[energy["source"] == "fuel (LHV)", "GWh"].sum()
    ends = energy[~energy["target"].isin(energy["source"])]
    assert ends["GWh"].sum() == pytest.approx(fuel, rel=1e-6)
    assert residual(energy) < 1e-6
    assert (energy["GWh"] > -1e-9).all()


def test_block_output_equals_rack_power_and_every_named_loss(result):
    energy, dispatch = result.tables["energy"], result.tables["dispatch"]
    output = dispatch["output_MW"].sum() / 1e3
    assert energy.loc[energy["source"] == BUS, "GWh"].sum() == pytest.approx(output, rel=1e-6)
    racks = energy.loc[energy["target"] == "racks, 50 V", "GWh"].sum()
    assert racks == pytest.approx(dispatch["rack_MW"].sum() / 1e3, rel=1e-9)


def test_every_hour_is_served(result):
    d = result.tables["dispatch"]
    made = d["output_MW"] + d["discharge_MW"] - d["charge_MW"] + d["lost_load_MW"]
    np.testing.assert_allclose(made, d["bus_MW"], rtol=1e-9)
    assert (d["output_MW"] <= d["online_MW"] * (1 + 1e-9)).all()
    assert d["lost_load_MW"].max() == 0.0


def test_network_loss_at_full_load_is_that_of_the_solved_network(result):
    net = result.parts["net"]
    delivered = float(net.res_source["p_w"].sum())
    lines, sidecars = float(net.res_line["loss_w"].sum()), float(net.res_converter["loss_w"].sum())
    assert delivered == pytest.approx(float(net.res_load["p_w"].sum()) + lines + sidecars, rel=1e-9)
    peak = result.tables["dispatch"]["bus_MW"].max()
    assert peak == pytest.approx(delivered / 1e6, rel=1e-6)


def test_losses_table_closes_from_shaft_to_racks_in_every_chain(result):
    losses = result.tables["losses"]
    for _, chain in losses.groupby("chain"):
        np.testing.assert_allclose(chain["p_in_MWh"] - chain["loss_MWh"], chain["p_out_MWh"], rtol=1e-12)
        np.testing.assert_allclose(
            chain["p_out_MWh"].to_numpy()[:-1], chain["p_in_MWh"].to_numpy()[1:], rtol=1e-12
        )
    ends = losses.groupby("chain")["p_out_MWh"].last()
    np.testing.assert_allclose(ends, ends.iloc[0], rtol=1e-9)


def test_lcoe_fuel_and_co2_by_hand(result):
    k, tables = result.kpis, result.tables
    racks_MWh = tables["dispatch"]["rack_MW"].sum()
    assert k["lcoe_USD_per_MWh"].value == pytest.approx(
        tables["costs"]["USD_per_year"].iloc[-1] / racks_MWh, rel=1e-9
    )
    fuel_MWh = tables["dispatch"]["fuel_MW_LHV"].sum()
    assert k["fuel_MWh_LHV_per_year"].value == pytest.approx(fuel_MWh, rel=1e-12)
    assert k["co2_t_per_year"].value == pytest.approx(fuel_MWh * 0.1975, rel=1e-3)
    bill = tables["costs"].set_index("item").loc["fuel", "USD_per_year"]
    assert bill == pytest.approx(fuel_MWh * 4.5 / 0.29307107 * 1.108, rel=1e-3)
    assert k["pue"].value == pytest.approx(tables["dispatch"]["bus_MW"].sum() / racks_MWh, rel=1e-12)


def test_results_folder_holds_what_the_design_says(folder):
    names = {path.name for path in folder.iterdir()}
    assert names >= {"case.yaml", "manifest.json", "kpis.json", "states.csv", "map.parquet", "dispatch.parquet",
                     "grid_bus.parquet", "grid_branch.parquet", "losses.csv", "report.html", "results.xlsx"}  # fmt: skip
    assert re.fullmatch(r"01_quickstart_40mw-[0-9a-f]{12}", folder.name)
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["outcome"] == "OK"
    assert campus.load_case(folder / "case.yaml") == campus.load_case(CASE)
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_results_read_back_as_they_were(result, folder):
    stored = campus.load_results(folder)
    for name, kpi in result.kpis.items():
        assert stored.kpis[name].value == pytest.approx(kpi.value, rel=1e-9)
    pd.testing.assert_frame_equal(stored.tables["dispatch"], result.tables["dispatch"])
    assert set(stored.tables) == set(result.tables)


def test_report_is_one_file_that_needs_no_other(result, folder):
    page = (folder / "report.html").read_text(encoding="utf-8")
    text = re.sub(r"<script.*?</script>", "", page, flags=re.S)
    assert not re.search(r'(?:src|href)="https?:', text)
    assert not re.search(r"<(?:script|link)[^>]*(?:src|href)=", page)
    for words in (
        result.case.name,
        "From heat to rack",
        "main compressor inlet",
        "AC beside DC",
        "assumption",
        "cited",
    ):
        assert words in text
    assert "nan" not in re.findall(r"\bnan\b", text.lower())
    for figure in ("sankey", "scatter", "bar"):
        assert f'"type":"{figure}"' in page


def test_a_killed_write_leaves_nothing_half_made(result, tmp_path, monkeypatch):
    monkeypatch.setattr("campus.store.write_workbook", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        save_results(result, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_removed_later(result, tmp_path):
    left = tmp_path / ".unfinished-abc"
    left.mkdir()
    fresh = tmp_path / ".unfinished-def"
    fresh.mkdir()
    os.utime(left, (0, 0))
    folder = save_results(result, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".unfinished-def", folder.name]


def test_too_few_blocks_is_infeasible_in_words_with_exit_code_2_and_nothing_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "few.yaml"
    text = (cases_dir() / f"{CASE}.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace("spare_blocks: 3", "spare_blocks: 0\n  max_blocks: 2"), encoding="utf-8")
    found = CliRunner().invoke(app, ["run", str(path)])
    assert found.exit_code == NO_ANSWER, found.output
    assert "block" in found.output
    assert re.search(r"\d", found.output)
    assert "Traceback" not in found.output
    assert [p.name for p in tmp_path.iterdir()] == ["few.yaml"]


def test_profiles_of_the_case_have_the_peak_that_it_states():
    _, rack_MW = read_profiles(campus.load_case(CASE), cases_dir())
    assert rack_MW.max() == 40.0


@pytest.mark.slow
def test_the_same_case_writes_the_same_bytes(result, folder, tmp_path):
    again = campus.run_case(campus.load_case(CASE), folder=cases_dir(), name=CASE)
    second = save_results(again, tmp_path)
    assert second.name == folder.name
    assert (second / "kpis.json").read_bytes() == (folder / "kpis.json").read_bytes()


@pytest.mark.slow
def test_the_shipped_example_is_what_the_reference_case_gives():
    from ui.example import CASE as EXAMPLE
    from ui.example import load_example

    shipped = load_example()
    fresh = campus.run_case(campus.load_case(EXAMPLE), folder=cases_dir(), name=EXAMPLE).require_ok()
    assert shipped.manifest["input_hash"] == fresh.manifest["input_hash"]
    for name, kpi in fresh.kpis.items():
        assert shipped.kpis[name].value == pytest.approx(kpi.value, rel=1e-6), name
