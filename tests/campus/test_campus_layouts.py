"""A case with any layout: choices as thermo has them, blocks that solve, a campus whose account closes."""

from typing import get_args

import pytest

import campus
import thermo
from campus.blocks import cycle_result, drive_conflict, reactor_match, with_layout
from campus.case_plant import Block
from campus.energy import residual
from campus.machine_tables import machines_table, materials_table, plants_table, ways_out_table
from campus.paths import cases_dir
from campus.pipeline import read_profiles

SMALL = """
schema_version: 1
name: Small campus, {layout}
site: {{weather: weather/USA_TX_Dallas-Fort.Worth_TMYx.csv}}
load: {{it_power: 10 MW, profile: {{kind: flat}}}}
block: {{layout: {layout}, net_power: 5 MW, recuperator_conductance: 2 MW/K}}
reliability: {{spare_blocks: 1, spare_heaters: 1}}
"""
GAS = [name for name in thermo.spec.LAYOUTS if name != "htr_bypass"]


def case_of(layout: str) -> campus.Case:
    return campus.parse_case(SMALL.format(layout=layout), folder=cases_dir())


def test_cases_name_the_layouts_that_thermo_has():
    assert get_args(Block.model_fields["layout"].annotation) == thermo.spec.LAYOUTS


@pytest.mark.parametrize("layout", GAS)
def test_tables_of_every_layout(layout):
    case = case_of(layout)
    r = cycle_result(case, read_profiles(case, cases_dir())[0]).require_ok()
    assert r.layout_used == layout
    machines = machines_table(r)
    rotating = [c for c in r.components if c.kind in ("turbine", "compressor") and c.W_W > 0.0]
    assert machines["diameter_mm"].notna().sum() >= len(rotating)
    assert machines.loc[machines["diameter_mm"].notna(), "verdict"].str.len().min() > 0
    assert set(machines.loc[machines["name"] == "gearbox", "shaft"]) <= {"generator"}
    parts = materials_table(r)
    assert {"heater tubes, hottest row"} <= set(parts["part"])
    assert (parts["alloy"].eq("") == parts["words"].str.contains("beyond every")).all()
    plants = plants_table(r)
    assert plants["name"].iloc[0] == "this block"
    assert len(plants) == 6
    ways = ways_out_table(r)
    assert len(ways) == 0 or ways["power_percent"].max() <= 1e-9


def test_the_coolant_of_a_bypassed_recuperator_comes_back_as_it_must():
    """260/750 degC helium over recompression returns near 415 degC; with the bypass it is back near 260 degC."""
    text = SMALL.format(layout="recompression").replace("spare_heaters: 1", "spare_heaters: 0")
    text += "heat: {source: reactor, reactor: xe_100}\n"
    plain = campus.parse_case(text, folder=cases_dir())
    weather, _ = read_profiles(plain, cases_dir())
    used = {}
    for layout in ("recompression", "htr_bypass"):
        case = with_layout(plain, layout)
        used[layout] = reactor_match(case, cycle_result(case, weather).require_ok()).used_share
    assert used["recompression"] < 0.75
    assert used["htr_bypass"] > used["recompression"] + 0.1


def test_direct_drive_costs_efficiency_and_says_how(monkeypatch):
    """The cycle is solved with what the slow wheels reach; where cycle and machines would not meet it is refused."""
    case = case_of("turbine_split")
    weather, _ = read_profiles(case, cases_dir())
    direct = case.model_copy(update={"block": case.block.model_copy(update={"drive": "direct"})})
    geared, block = (cycle_result(c, weather).require_ok() for c in (case, direct))
    assert block.eta_thermal < geared.eta_thermal
    assert block.train.arrangement.drive == "direct"
    assert drive_conflict(direct, block) is None
    monkeypatch.setattr("campus.blocks.SHAFT_POWER_LEAST", 1.1)
    said = drive_conflict(direct, block)
    assert f"{100 * block.train.arrangement.W_shaft_frac:.1f} %" in said
    assert "block.drive: geared" in said


@pytest.mark.slow
@pytest.mark.parametrize("layout", GAS)
def test_a_campus_of_every_layout_closes(layout):
    found = campus.run_case(case_of(layout), folder=cases_dir(), name=layout).require_ok()
    assert residual(found.tables["energy"]) < 1e-6
    assert found.manifest["block_text"].lower().startswith(layout.replace("_", " "))
