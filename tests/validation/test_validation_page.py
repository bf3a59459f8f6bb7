"""docs/validation.md lists every case of the validation data."""

import json
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PAGE = HERE.parent.parent / "docs/validation.md"


def named_cases(path):
    """Names of the cases in a data file; the battery's short circuit waits for the fault model."""
    cases = json.loads(path.read_text()).get("cases", [])
    names = [c["name"] for c in cases] if isinstance(cases, list) else list(cases)
    return [name for name in names if name != "iec61660_battery"]


def shown():
    from thermo.spec import LAYOUTS

    ssc = json.loads((HERE / "ssc/cycles.json").read_text())["cases"]
    names = {c["name"] for c in ssc if c["given"]["layout"] in LAYOUTS}
    for file in ("dc_networks/dc_networks.json", "dc_networks/dc_networks_meshed.json"):
        names |= set(named_cases(HERE / file))
    return sorted(names | {"penkuhn_100mw", "RBTS", "RTS79", "campus_reference"})


@pytest.mark.parametrize("name", shown())
def test_case_is_on_the_page(name):
    assert f"### {name}\n" in PAGE.read_text("utf-8"), "run python tools/validation_page.py --all"


def test_rows_that_differ_say_why():
    differing = [x for x in PAGE.read_text("utf-8").splitlines() if "| differs" in x]
    assert all("differs: open: " in x for x in differing)
