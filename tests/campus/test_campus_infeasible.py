"""Campuses that cannot work are refused in words with numbers and a way out: exit code 2, nothing written."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from campus.cli import NO_ANSWER, app
from campus.paths import cases_dir

REFERENCE, REACTOR = "02_reference_60mw", "04_smr_60mw"
FOUR_BLOCKS = {
    "  spare_blocks: 3": "  max_blocks: 4\n  spare_blocks: 0",
    "  spare_heaters: 2": "  spare_heaters: 0",
}
ONE_FEED = {"  lost_load: forbidden": "  lost_load: forbidden\n  availability_target: 99.999 %"}


def refused(tmp_path: Path, base: str, changes: dict[str, str]) -> str:
    """What the command line says of a shipped case with lines changed."""
    text = (cases_dir() / f"{base}.yaml").read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    found = CliRunner().invoke(app, ["run", str(tmp_path / "case.yaml"), "--results", str(tmp_path / "out")])
    assert found.exit_code == NO_ANSWER, found.output
    assert "Traceback" not in found.output
    assert [path.name for path in tmp_path.iterdir()] == ["case.yaml"]
    return " ".join(found.output.split())


def test_sixty_megawatts_on_four_blocks_of_five(tmp_path: Path):
    said = refused(tmp_path, REFERENCE, FOUR_BLOCKS)
    for words in (
        "load is 66.15 MW",
        "46.15 MW of it cannot be served",
        "at most 4",
        "allow block 14 units",
        "max_blocks",
    ):
        assert words in said


def test_a_target_that_one_gas_feed_cannot_meet(tmp_path: Path):
    said = refused(tmp_path, REFERENCE, ONE_FEED)
    for words in ("99.999 %", "1 gas feed", "at most 99.99 %", "gas_feeds: 2 would do"):
        assert words in said


def test_a_turbine_inlet_above_what_the_reactor_gives(tmp_path: Path):
    said = refused(tmp_path, REACTOR, {"turbine_inlet: 480 degC": "turbine_inlet: 500 degC"})
    for words in ("Aalo-1", "at most 480 degC", "500 degC", "turbine_inlet"):
        assert words in said


def test_a_light_water_reactor_is_too_cold_for_any_turbine(tmp_path: Path):
    said = refused(tmp_path, REACTOR, {"reactor: aalo_1": "reactor: nuscale"})
    assert "NuScale" in said
    assert "287 degC" in said


@pytest.mark.slow
def test_heat_modules_that_are_too_few(tmp_path: Path):
    said = refused(tmp_path, REFERENCE, {"  spare_heaters: 2": "  max_heaters: 5\n  spare_heaters: 0"})
    for words in ("MWth of heat modules", "heater at most 5", "allow heater"):
        assert words in said
