"""Case files: read, refuse with every problem at once, write back."""

import json
from pathlib import Path

import pytest

import campus
from campus.case_file import as_document, json_schema, new_case, parse_case, resolved_yaml
from campus.paths import cases_dir, shipped_cases

GOOD = """
schema_version: 1
name: small
site: {weather: weather/USA_VA_Leesburg.Exec_TMYx.csv}
load: {it_power: 10 MW}
block: {net_power: 5 MW, recuperator_conductance: 2 MW/K}
"""


@pytest.mark.parametrize("name", shipped_cases())
def test_shipped_cases_read_and_write_back_to_themselves(name):
    case = campus.load_case(name)
    assert parse_case(resolved_yaml(case)) == case


@pytest.mark.parametrize("name", shipped_cases())
def test_shipped_cases_point_editors_at_the_schema(name):
    first = (cases_dir() / f"{name}.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=case.schema.json"


def test_shipped_schema_is_the_generated_one():
    assert (cases_dir() / "case.schema.json").read_text(encoding="utf-8") == json_schema()
    assert json.loads(json_schema())["properties"]["load"]


def test_lists_every_problem_with_path_line_value_range_and_suggestion():
    bad = """schema_version: 1
name: x
site: {weather: weather/USA_VA_Leesbrg.csv}
load: {it_power: 60, rack_powr: 3 kW, profile: {kind: mixd}}
block: {net_power: 5 degC, recuperator_conductance: 2 MW/K, turbine_inlet: 900 degC}
"""
    with pytest.raises(campus.CaseError) as caught:
        parse_case(bad)
    problems = {problem.path: problem for problem in caught.value.problems}
    assert set(problems) == {
        "site.weather",
        "load.it_power",
        "load.rack_powr",
        "load.profile.kind",
        "block.net_power",
        "block.turbine_inlet",
    }
    assert "Leesburg" in str(problems["site.weather"].suggestion)
    assert problems["load.it_power"].suggestion == "write 60 MW"
    assert problems["load.rack_powr"].suggestion == "did you mean 'rack_power'?"
    assert problems["load.profile.kind"].suggestion == "did you mean 'mixed'?"
    assert problems["block.turbine_inlet"].allowed == "350 to 750 degC"
    assert problems["block.turbine_inlet"].line == 5


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("- 1\n- 2\n", "not a mapping"),
        ("a: [1\n", "not valid YAML"),
        ("a: 1\na: 2\n", "duplicate key"),
        ("schema_version: 2\nname: x\n", "schema_version"),
        (GOOD.replace("load: {it_power: 10 MW}", "load: 10 MW"), "is not a section"),
        (GOOD.replace("load: {it_power: 10 MW}", "load: null"), "is not a section"),
    ],
)
def test_refuses_what_is_no_case(text, words):
    with pytest.raises(campus.CaseError, match=words):
        parse_case(text)


@pytest.mark.parametrize(
    ("change", "path", "words"),
    [
        (("10 MW", "10 MW, rack_power: 600 kW"), "dc_network.racks_per_row", "puts 7500 A"),
        (("10 MW", "10 MW, profile: {kind: file}"), "load.profile.file", "is missing"),
        (
            ("10 MW", "10 MW, profile: {kind: flat, file: load/google_cpu_hourly_1.csv}"),
            "load.profile.file",
            "is given",
        ),
        (("5 MW,", "5 MW, p_low: 10 MPa, p_high: 13 MPa,"), "block.p_high", "too close"),
        (
            ("5 MW,", "5 MW, compressor_inlet: 33 degC, min_compressor_inlet: 35 degC,"),
            "block.compressor_inlet",
            "below",
        ),
        (("}\nload", ", design_dry_bulb: 40 degC}\nload"), None, None),
    ],
)
def test_sections_that_contradict_each_other_are_found_before_solving(change, path, words):
    text = GOOD.replace(*change)
    assert text != GOOD
    if path is None:
        assert parse_case(text).load.P_it_MW == 10.0
        return
    with pytest.raises(campus.CaseError) as caught:
        parse_case(text)
    assert [(p.path, words in p.what) for p in caught.value.problems] == [(path, True)]


def test_unknown_case_names_the_shipped_ones():
    with pytest.raises(campus.CaseError, match="02_reference_60mw"):
        campus.load_case("02_referense_60mw")


def test_new_copies_with_comments_and_never_overwrites(tmp_path: Path):
    path = new_case(tmp_path / "mine.yaml")
    assert path.read_text(encoding="utf-8").startswith("# yaml-language-server")
    with pytest.raises(campus.CaseError, match="exists already"):
        new_case(path)


def test_document_uses_the_keys_and_units_of_a_file():
    document = as_document(parse_case(GOOD))
    assert document["block"]["turbine_inlet"] == "600 degC"
    assert document["load"]["rack_power"] == "132 kW"


def test_a_case_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        parse_case(GOOD).load.P_it_MW = 3.0
