"""Text with a unit to a number and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from campus.case_file import fields
from campus.quantities import Unit, parse, stored_text, unit_of

TEMPERATURE = Unit("K", "degC", 350, 750)
POWER = Unit("MW", "MW", 1, 200)
SHARE = Unit("", "", 0, 1)


@pytest.mark.parametrize(
    ("given_text", "unit", "expected"),
    [
        ("600 degC", TEMPERATURE, 873.15),
        ("873.15 K", TEMPERATURE, 873.15),
        ("60 MW", POWER, 60.0),
        ("60000 kW", POWER, 60.0),
        ("25 MPa", Unit("Pa", "MPa", 12, 35), 25e6),
        ("250 bar", Unit("Pa", "MPa", 12, 35), 25e6),
        ("4.5 USD/MMBtu", Unit("USD/MMBtu", "USD/MMBtu", 0.5, 60), 4.5),
        ("5 %", SHARE, 0.05),
        (0.05, SHARE, 0.05),
        ("8 K", Unit("K", "K", 3, 30), 8.0),
    ],
)
def test_reads_what_a_person_writes(given_text, unit, expected):
    assert parse(given_text, unit) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("given_text", "unit", "what"),
    [
        (60, POWER, "has no unit"),
        ("60", POWER, "has no unit"),
        ("60 m", POWER, "another dimension"),
        ("0.5 MW", POWER, "out of range"),
        ("nan MW", POWER, "is not a number"),
        ("sixty MW", POWER, "cannot be read"),
        (True, POWER, "not a quantity"),
        ([60], POWER, "not a quantity"),
        ("abc", SHARE, "is not a number"),
        (float("nan"), SHARE, "is not a number"),
        (1.5, SHARE, "out of range"),
        ("10 degC", Unit("K", "K", 3, 30), "out of range"),
    ],
)
def test_refuses_with_a_reason_and_a_range(given_text, unit, what):
    with pytest.raises(PydanticCustomError, match=what) as caught:
        parse(given_text, unit)
    assert caught.value.context is not None
    assert caught.value.context["allowed"] == unit.allowed()
    assert caught.value.context["suggestion"]


@given(st.floats(350, 750))
def test_text_and_back_is_the_same_number(shown):
    stored = parse(f"{shown:.9g} degC", TEMPERATURE)
    assert parse(stored_text(stored, TEMPERATURE), TEMPERATURE) == pytest.approx(stored, rel=1e-9)


def test_every_field_name_ends_in_the_unit_it_stores():
    known = [path for path, name, field in fields() if unit_of(field, name) is not None]
    assert len(known) > 40
