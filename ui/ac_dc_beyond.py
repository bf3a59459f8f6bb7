"""Beyond the hall at hand: loss and copper against voltage, 800 V against distance, and what others have published."""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd
import streamlit as st

from campus.ac_dc import Hall
from campus.figures.collection import collection_figure
from campus.figures.voltage import voltage_figure
from dcgrid.collection import OPTIONS, CollectionSpec, break_even, collection_table
from dcgrid.comparison import Comparison
from dcgrid.studies import published_studies, reading_rule
from dcgrid.voltage_levels import wires_by_voltage
from ui.style import digits, draw, points, table

LENGTH_m, SHARE = 100.0, 0.01
DISTANCES_m = (20.0, 50.0, 100.0, 150.0, 200.0, 300.0, 400.0, 600.0, 800.0, 1000.0)
#: Studies that everybody quotes come first.
FIRST = ("lbnl2008", "wp127", "intel_emerson_2010", "nvidia_2025")


def voltages(hall: Hall) -> None:
    """Loss and copper of one rack's wires at four voltages."""
    rows = wires_by_voltage(1e3 * hall.rack, LENGTH_m, SHARE, load=hall.load / 100.0)
    st.markdown(
        f"One rack of {hall.rack} kW over {LENGTH_m:.0f} m of copper. Left: the wires that lose {100 * SHARE:.0f} % at "
        "800 V, used at other voltages; the loss falls with **1/V²** until the converter is all that is left. Right: the "
        "copper for the same 1 %."
    )
    draw(voltage_figure(pd.DataFrame([asdict(w) for w in rows])), "acdc_voltage")
    cells = [
        (
            "",
            [
                w.level, digits(w.i_a), _loss(w.wire_loss), "–" if w.converter_loss is None else _loss(w.converter_loss),
                _loss(w.wire_loss + (w.converter_loss or 0.0)),
                digits(w.copper_kg), w.limited_by,
            ],
        )
        for w in rows
    ]  # fmt: skip
    heads = (
        "Level", "Current, A", "Same wires lose, %", "Converter loses, %", "Together, %", "Copper for 1 %, kg",
        "Section set by",
    )  # fmt: skip
    st.html(table("The same in numbers", heads, cells, (1, 2, 3, 4, 5)))
    st.caption(
        "±400 V: 800 V between the poles, so 800 V's current, and a third conductor for the neutral. 48 V has no converter "
        "here, since the rack bus is about that voltage. Over 100 % means that those wires could not feed the rack."
    )


def _loss(share: float) -> str:
    return digits(100.0 * share) if share <= 1.0 else "over 100"


@st.cache_data(show_spinner="Choosing cables for each distance")
def _reach() -> tuple[pd.DataFrame, list[str]]:
    spec = CollectionSpec(p_w=1e6)
    table_ = pd.DataFrame([asdict(x) for x in collection_table(spec, DISTANCES_m)])
    return table_, [break_even(spec, o.name).explain for o in OPTIONS[1:]]


def reach() -> None:
    """Cost and loss of bringing a 1 MW block to the hall, against distance."""
    found, words = _reach()
    st.markdown(
        "A block of 1 MW brought to the hall's 800 V bus: yearly cost (left) and energy lost (right), with real cables."
    )
    left, right = st.columns(2)
    with left:
        draw(collection_figure(found, "total_USD"), "acdc_reach_cost")
    with right:
        draw(collection_figure(found, "loss_points"), "acdc_reach_loss")
    st.markdown("\n".join(f"- {text}." for text in words))
    st.caption(
        "Costs are mostly assumptions; half or double the price of copper moves these distances by a third or more."
    )


def published(ours: Comparison | None) -> None:
    """Others' results, each with its baseline and boundary."""
    st.markdown(f"How to read them: {reading_rule()}.")
    rows: list[tuple[str, list[str]]] = []
    if ours is not None:
        text = f"{points(ours.points)} points of the power at the start"
        rows.append(
            ("total", ["This page", text, f"{ours.b}", f"{ours.start} to the 50 V rack bus", "computed"])
        )
    studies = published_studies()
    first = sorted(
        (r for r in studies if r["id"] in FIRST[:2] or _headline(r)), key=lambda r: FIRST.index(str(r["id"]))
    )
    heads = ("Study", "Says", "Against", "Boundary", "Source and grade")
    st.html(table("The ones most quoted", heads, rows + [_study(r) for r in first]))
    with st.expander(f"All {len(studies)} findings"):
        st.html(table("Published findings", heads, [_study(r) for r in studies]))


def _headline(row: dict[str, object]) -> bool:
    return row["id"] in FIRST and row["quantity"] == "improvement"


def _study(row: dict[str, object]) -> tuple[str, list[str]]:
    year = f" ({row['year']})" if row["year"] else ""
    source = f"{row['source']} [{row['grade']}]"
    return "", [f"{row['study']}{year}", _finding(row), str(row["baseline"]), str(row["boundary"]), source]


def _finding(row: dict[str, object]) -> str:
    """Value with its unit and what it counts.

    >>> _finding({"value": [0.05, 0.07], "unit": "fraction of energy", "quantity": "improvement_vs_best_ac"})
    'improvement against best AC: 5 to 7 % of energy'
    """
    value, unit, what = row["value"], str(row["unit"]), _quantity(str(row["quantity"]))
    if isinstance(value, str):
        return value
    numbers = [float(v) for v in value] if isinstance(value, (list, tuple)) else [float(str(value))]
    percent = unit.startswith(("fraction", "efficiency")) or unit == "1"
    text = " to ".join(f"{100 * v if percent else v:g}" for v in (round(x, 6) for x in numbers))
    if not percent:
        return f"{what}: {text} {unit}"
    rest = {"1": "", "fraction": ""}.get(unit, unit.removeprefix("fraction").strip())
    return f"{what}: {text} % {rest}".strip()


def _quantity(name: str) -> str:
    """What a study counted, in words.

    >>> _quantity("eta_dc"), _quantity("tco")
    ('efficiency DC', 'cost of ownership')
    """
    words = {
        "eta": "efficiency",
        "ac": "AC",
        "dc": "DC",
        "vs": "against",
        "tco": "cost of ownership",
        "sst": "SST",
    }
    return " ".join(words.get(word, word) for word in name.split("_"))
