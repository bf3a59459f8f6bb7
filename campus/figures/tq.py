"""Temperatures of both sides along every exchanger of a block, over the heat that passes, with the least difference."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from campus.figures.theme import BLUE, RED, styled

COLUMNS = 2
PANEL_HEIGHT = 270


def tq_figure(table: pd.DataFrame) -> go.Figure:
    """T-Q diagrams, one panel an exchanger.

    Parameters
    ----------
    table : DataFrame
        Columns exchanger, Q_MW from the cold end, hot_degC, cold_degC (missing where a side is not known), hot_is,
        cold_is.
    """
    names = list(dict.fromkeys(table["exchanger"]))
    rows = -(-len(names) // COLUMNS)
    figure = make_subplots(rows=rows, cols=COLUMNS, subplot_titles=[_title(table, n) for n in names],
                           vertical_spacing=0.34 / rows, horizontal_spacing=0.1)  # fmt: skip
    for i, name in enumerate(names):
        part, place = table[table["exchanger"] == name], {"row": i // COLUMNS + 1, "col": i % COLUMNS + 1}
        for side, colour, dash, words in (
            ("hot", RED, "solid", "gives heat"),
            ("cold", BLUE, "dash", "takes heat"),
        ):
            if part[f"{side}_degC"].isna().all():
                continue
            figure.add_scatter(
                x=part["Q_MW"], y=part[f"{side}_degC"], mode="lines", name=words, legendgroup=words, showlegend=i == 0,
                line={"color": colour, "width": 2.5, "dash": dash},
                hovertemplate=f"{part[f'{side}_is'].iloc[0]}: %{{y:.1f}} °C after %{{x:.2f}} MW<extra></extra>", **place,
            )  # fmt: skip
    styled(figure, height=PANEL_HEIGHT * rows + 60)
    figure.update_layout(legend={"y": 1.0 + 0.2 / rows})
    figure.update_annotations(font_size=13)
    figure.update_xaxes(title="heat, MW", title_standoff=4)
    figure.update_yaxes(title="temperature, °C", title_standoff=6)
    return figure


def _title(table: pd.DataFrame, name: str) -> str:
    part = table[table["exchanger"] == name]
    sides = f"{part['hot_is'].iloc[0]} to {part['cold_is'].iloc[0]}"
    least = (part["hot_degC"] - part["cold_degC"]).min()
    return f"{name} ({sides})" + ("" if pd.isna(least) else f", least difference {least:.1f} K")
