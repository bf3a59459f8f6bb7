"""Bad case files, kept as data in bad_cases/: each is refused with exactly the problems that it has."""

import importlib.util
from pathlib import Path

import pytest

from campus.case_file import load_case, parse_case, resolved_yaml
from campus.problems import CaseError

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(__file__).with_name("bad_cases")


def _tool():
    spec = importlib.util.spec_from_file_location("bad_cases", ROOT / "tools" / "bad_cases.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool


TOOL = _tool()
ENTRIES = [(topic, entry) for topic in TOOL.topics() for entry in TOOL.read(topic)]


@pytest.mark.parametrize(
    ("topic", "entry"), [pytest.param(*e, id=f"{e[0]}: {e[1]['name'][:60]}") for e in ENTRIES]
)
def test_bad_case_gives_exactly_its_problems(topic, entry, tmp_path):
    error = TOOL.found(entry, tmp_path)
    assert isinstance(error, CaseError)
    assert TOOL.as_data(error) == entry["expect"]
    lines = str(error).splitlines()
    assert lines[0].endswith(f"{len(error.problems)} problem" + "s" * (len(error.problems) != 1))
    assert [line.partition(". ")[2] for line in lines[1:]] == [str(problem) for problem in error.problems]


def test_there_are_three_hundred_and_no_two_alike():
    names = [(topic, entry["name"]) for topic, entry in ENTRIES]
    made_by_hand = [topic for topic, _ in ENTRIES if not topic.startswith("mutated")]
    assert len(set(names)) == len(names) >= 300
    assert len(
        {TOOL.content_of(e) + str((e.get("files"), e.get("open"))).encode() for _, e in ENTRIES}
    ) == len(names)
    assert len(made_by_hand) >= 80


def test_every_problem_says_where_and_what_and_most_say_what_to_do():
    problems = [problem for _, entry in ENTRIES for problem in entry["expect"]]
    assert all(problem["what"] for problem in problems)
    helped = [problem for problem in problems if "suggestion" in problem or "allowed" in problem]
    assert len(helped) > 0.95 * len(problems)


@pytest.mark.parametrize("name", ["base_small", "base_full"])
def test_the_bases_that_are_made_bad_are_good(name):
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    case = parse_case(text)
    assert parse_case(resolved_yaml(case)) == case


@pytest.mark.parametrize(
    "change",
    [
        ("10 MW", "10000 kW"),
        ("10 MW", "'10.0MW'"),
        ("2 MW/K", "2 MW/degC"),
        ("5 MW\n", "5 MW\n  p_high: 120 bar\n"),
        ("5 MW\n", "5 MW\n  turbine_inlet: 600 °C\n"),
        ("5 MW\n", "5 MW\n  cooler_approach: 8 delta_degC\n"),
        ("5 MW\n", "5 MW\n  layout: simple_recuperated\n  recompression_fraction: 0\n"),
        ("5 MW\n", "5 MW\n  layout: partial_cooling\n  recompression_fraction: 0.4\n"),
        ("5 MW\n", "5 MW\n  layout: cascade\n"),
        ("block:\n", "heat: {source: reactor, reactor: xe_100}\nblock:\n  layout: htr_bypass\n"),
        ("10 MW\n", "10 MW\n  it_cooling_fraction: 6 %\n"),
        ("10 MW\n", "&power 10 MW\ndescription: *power\n"),
        ("name: small", "\ufeffname: small"),
        ("\n", "\r\n"),
        ("block:\n", "economics: {block_area: 120 m²/MW, life: 25 years}\nblock:\n"),
        ("block:\n", "heat: {gas_price: 15 USD/MWh}\nreliability: {spare_blocks: 0x3}\nblock:\n"),
    ],
)
def test_unusual_but_right_cases_are_accepted(change):
    text = (FOLDER / "base_small.yaml").read_text(encoding="utf-8").partition("\n")[2]
    changed = text.partition("\n")[2] + "schema_version: 1\n" if "\ufeff" in change[1] else text
    assert change[0] in changed
    parse_case(changed.replace(*change))


def test_a_home_that_is_none_is_a_problem_of_the_case(tmp_path, monkeypatch):
    text = (FOLDER / "base_small.yaml").read_text(encoding="utf-8")
    (tmp_path / "case.yaml").write_text(
        text.replace("weather/USA_VA", "~nobody_here/USA_VA"), encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CaseError, match="names a file that cannot be looked up"):
        load_case("case.yaml")


def test_a_misplaced_key_does_not_hide_that_its_section_is_none():
    text = (FOLDER / "base_small.yaml").read_text(encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        parse_case(text.replace("load:\n  it_power: 10 MW", "load: 10 MW\nit_power: 10 MW"))
    assert [(p.path, p.what) for p in caught.value.problems] == [
        ("load", "is not a section with keys"),
        ("it_power", "is not a known key"),
    ]
