"""First page: the solved 60 MW reference campus, its key figures and its figures."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from campus.kpis import ABOUT, HEADLINES, headline
from campus.report.build import all_figures
from campus.store import Stored
from ui.example import CASE, load_example
from ui.style import dark, for_page

CARDS_PER_ROW = 5
SHORT_UNITS = ("%", "MW")  # beside the number; longer ones stand in the label
UNSAID_UNITS = ("blocks", "modules", "–")  # the label says it


@st.cache_data(show_spinner="Reading the solved example")
def _example() -> tuple[Stored, dict[str, go.Figure]]:
    stored = load_example()
    return stored, dict(all_figures(stored))


def home() -> None:
    """Show the example from heat to rack."""
    stored, figures = _example()
    st.title("heat2rack")
    st.markdown("Modular supercritical-CO₂ power for AI campuses, **from heat to rack**.")
    st.subheader(stored.manifest["title"])
    st.write(stored.manifest["summary"])
    _cards(stored)
    _section(
        "From heat to rack",
        "Where a year's heat goes, in GWh (fuel at its lower heating value).",
        figures["sankey"],
    )
    _section("The block", stored.manifest["block_text"], figures["ts"])
    _states(stored.tables["states"])
    _section("The block against the weather", "Greatest net power, and efficiency by load.", figures["map"])
    _section("The campus", stored.manifest["campus_text"], figures["capacity"], figures["dispatch"])
    network = [figures[name] for name in ("one_line", "voltage_profile", "network_sankey") if name in figures]
    _section("The DC network", stored.manifest["network_text"], *network)
    _section("AC beside DC on the same racks", stored.manifest["chains_text"], figures["chains"])
    _verdicts(stored.tables["verdicts"])
    _section(
        "What moves the answer",
        "One input at a time, at its low and at its high; units installed, dispatch, block and network stay as they are.",
        figures["tornado"],
    )
    _rests_on(stored)


def _cards(stored: Stored) -> None:
    for start in range(0, len(HEADLINES), CARDS_PER_ROW):
        for column, name in zip(
            st.columns(CARDS_PER_ROW), HEADLINES[start : start + CARDS_PER_ROW], strict=False
        ):
            kpi, about = stored.kpis[name], ABOUT[name]
            unit = kpi.unit if kpi.unit in SHORT_UNITS else ""
            short = short_label(kpi.label)
            label = short if unit or kpi.unit in UNSAID_UNITS else f"{short}, {kpi.unit}"
            note = f"{kpi.label}. Boundary: {about.boundary}. Source: {about.source}."
            column.metric(label, f"{headline(kpi)} {unit}".strip(), help=note, border=True)


def short_label(label: str) -> str:
    """A label that fits a card; the whole boundary is in its help.

    >>> short_label("Cost of energy (LCOE)"), short_label("Capital cost per rack power")
    ('Cost of energy', 'Capital cost')
    """
    return label.split(" (")[0].split(" per ")[0].split(", heat")[0]


def _section(title: str, text: str, *figures: go.Figure) -> None:
    st.header(title)
    st.write(text)
    for figure in figures:
        st.plotly_chart(for_page(figure, dark()), theme=None, config={"displaylogo": False})


def _states(states: pd.DataFrame) -> None:
    columns = {
        "number": ("No.", "%d"),
        "name": ("State", None),
        "T_degC": ("Temperature, °C", "%.1f"),
        "p_MPa": ("Pressure, MPa", "%.2f"),
        "h_kJ_kg": ("Enthalpy, kJ/kg", "%.1f"),
        "s_kJ_kgK": ("Entropy, kJ/(kg K)", "%.4f"),
        "rho_kg_m3": ("Density, kg/m³", "%.1f"),
    }
    config = {
        key: st.column_config.NumberColumn(label, format=form) if form else st.column_config.TextColumn(label)
        for key, (label, form) in columns.items()
    }
    st.dataframe(states, hide_index=True, column_config=config)


def _verdicts(verdicts: pd.DataFrame) -> None:
    number = st.column_config.NumberColumn
    config = {
        "chain": "Chain",
        "loss_percent": number("Loss, % of its energy at the turbine shaft, a year", format="%.2f"),
        "points_over_dc": number("Above DC, points", format="%.2f"),
        "P10": number("P10", format="%.2f"),
        "P90": number("P90", format="%.2f"),
        "verdict": "Verdict",
    }
    shown = [column for column in config if column in verdicts]
    st.dataframe(verdicts[shown], hide_index=True, column_config=config)


def _rests_on(stored: Stored) -> None:
    st.header("What this rests on")
    for warning in stored.manifest["warnings"]:
        st.warning(warning)
    st.dataframe(stored.tables["assumptions"], hide_index=True)
    st.download_button("Download the case file", stored.case_yaml, f"{CASE}.yaml", "text/yaml")
    st.caption(
        f"Result {stored.manifest['hash']}, computed by heat2rack {stored.manifest['versions']['heat2rack']}."
    )
