"""First page: the solved 60 MW reference campus, its key figures and its figures."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from campus.kpis import ABOUT, HEADLINES, headline
from campus.report.build import all_figures
from campus.store import Stored
from ui.example import CASE, load_example

CARDS_PER_ROW = 5


@st.cache_data(show_spinner="Reading the solved example")
def _example() -> tuple[Stored, dict[str, object]]:
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
        "From heat to rack", "Where a year's fuel goes, GWh at the lower heating value.", figures["sankey"]
    )
    _section("The block", stored.manifest["block_text"], figures["ts"], figures["map"])
    st.dataframe(_states(stored.tables["states"]), hide_index=True)
    _section("The campus", stored.manifest["campus_text"], figures["capacity"], figures["dispatch"])
    _section("The DC network", stored.manifest["network_text"], figures["one_line"])
    _section("AC beside DC on the same racks", stored.manifest["chains_text"], figures["chains"])
    _rests_on(stored)


def _cards(stored: Stored) -> None:
    for start in range(0, len(HEADLINES), CARDS_PER_ROW):
        for column, name in zip(
            st.columns(CARDS_PER_ROW), HEADLINES[start : start + CARDS_PER_ROW], strict=False
        ):
            kpi, about = stored.kpis[name], ABOUT[name]
            column.metric(
                kpi.label, f"{headline(kpi)} {kpi.unit}", help=f"Boundary: {about.boundary}. Source: {about.source}.",
                border=True,
            )  # fmt: skip


def _section(title: str, text: str, *figures: object) -> None:
    st.header(title)
    st.write(text)
    for figure in figures:
        st.plotly_chart(figure, theme=None, config={"displaylogo": False})


def _states(states: pd.DataFrame) -> pd.DataFrame:
    names = {
        "number": "No.", "name": "State", "T_degC": "Temperature, °C", "p_MPa": "Pressure, MPa",
        "h_kJ_kg": "Enthalpy, kJ/kg",
        "s_kJ_kgK": "Entropy, kJ/(kg K)", "rho_kg_m3": "Density, kg/m³",
    }  # fmt: skip
    digits = {"T_degC": 1, "p_MPa": 2, "h_kJ_kg": 1, "s_kJ_kgK": 4, "rho_kg_m3": 1}
    return states.round(digits).rename(columns=names)


def _rests_on(stored: Stored) -> None:
    st.header("What this rests on")
    for warning in stored.manifest["warnings"]:
        st.warning(warning)
    st.dataframe(stored.tables["assumptions"], hide_index=True)
    st.download_button("Download the case file", stored.case_yaml, f"{CASE}.yaml", "text/yaml")
    st.caption(
        f"Result {stored.manifest['hash']}, computed by heat2rack {stored.manifest['versions']['heat2rack']}."
    )
