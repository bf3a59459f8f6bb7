"""The command line as its users call it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import thermo
from campus.cli import BAD_INPUT, app
from campus.rooms import ShadowedRoom, check_rooms

RUN = CliRunner()


def test_validate_says_when_a_case_is_fine():
    found = RUN.invoke(app, ["validate", "02_reference_60mw"])
    assert (found.exit_code, found.output.strip()) == (0, "02_reference_60mw: no problems")


def test_bad_case_gives_one_message_exit_code_1_and_writes_nothing(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    bad = tmp_path / "bad.yaml"
    bad.write_text("schema_version: 1\nname: x\nload: {it_power: 60}\n", encoding="utf-8")
    found = RUN.invoke(app, ["run", str(bad)])
    assert found.exit_code == BAD_INPUT
    assert "3 problems" in found.output
    assert "Traceback" not in found.output
    assert [path.name for path in tmp_path.iterdir()] == ["bad.yaml"]


def test_missing_case_names_the_shipped_ones():
    found = RUN.invoke(app, ["run", "nowhere.yaml"])
    assert found.exit_code == BAD_INPUT
    assert "01_quickstart_40mw" in found.output


def test_new_writes_a_case_that_validates(tmp_path: Path):
    path = tmp_path / "mine.yaml"
    assert RUN.invoke(app, ["new", str(path), "--from", "02_reference_60mw"]).exit_code == 0
    assert RUN.invoke(app, ["validate", str(path)]).exit_code == 0
    assert RUN.invoke(app, ["new", str(path)]).exit_code == BAD_INPUT


def test_schema_is_json():
    found = RUN.invoke(app, ["schema"])
    assert found.exit_code == 0
    assert json.loads(found.output)["title"] == "Case"


def test_report_of_no_results_folder_is_refused(tmp_path: Path):
    found = RUN.invoke(app, ["report", str(tmp_path)])
    assert found.exit_code == BAD_INPUT
    assert "no results folder" in found.output


def test_help_needs_no_heavy_import():
    heavy = ("numba", "pandas", "pyomo", "CoolProp", "pint")
    code = f"import sys; import campus.cli; print([m for m in {heavy} if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "[]"


def test_a_foreign_thermo_package_is_named_in_one_line(tmp_path: Path, monkeypatch):
    check_rooms()
    (tmp_path / "thermo").mkdir()
    (tmp_path / "thermo" / "__init__.py").write_text("", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "thermo", raising=False)
    with pytest.raises(ShadowedRoom, match=r"'thermo'.*shadows ours") as caught:
        check_rooms()
    assert "\n" not in str(caught.value)


SECTIONS = ("States", "Efficiency chain", "From heat to DC terminals", "Machines", "Exergy", "Hot parts", "Beside machines",
            "Dynamics", "CO2 inventory")  # fmt: skip


def test_cycle_tells_all_of_a_block():
    found = RUN.invoke(app, ["cycle", "05_cluster_mesh_40mw", "--layout", "partial_cooling"])
    assert found.exit_code == 0, found.output
    assert found.output.startswith("partial_cooling, turbine inlet 600 degC")
    titles = [line.partition(":")[0] for line in found.output.splitlines()]
    places = [next(i for i, t in enumerate(titles) if t.startswith(name)) for name in SECTIONS]
    assert places == sorted(places)
    for words in (
        "precompressor",
        "gearbox",
        "heater tubes",
        "this block",
        "inertia constant H",
        "never credited",
        "at rest",
    ):
        assert words in found.output
    assert "nan" not in found.output


def test_cycle_compares_layouts_and_says_why_some_have_no_answer():
    found = RUN.invoke(app, ["cycle", "04_smr_60mw", "--compare"])
    assert found.exit_code == 0, found.output
    rows = {line.split()[0].rstrip(":"): line for line in found.output.splitlines()[1:]}
    assert set(rows) == set(thermo.spec.LAYOUTS)
    assert "freeze" in rows["cascade"]
    net = [float(line.split()[2]) for name, line in rows.items() if name != "cascade"]
    assert net == sorted(net, reverse=True)


def test_a_layout_that_does_not_exist_lists_the_eight():
    found = RUN.invoke(app, ["cycle", "04_smr_60mw", "--layout", "partial"])
    assert found.exit_code == BAD_INPUT
    assert "partial_cooling" in found.output
    assert "cascade" in found.output
