"""The year: block output by month, and the hours of the week with the highest load."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from campus.figures.theme import BLUE, GREEN, GREY, INK, ORANGE, RED, styled

WEEK = 168


def dispatch_figure(table: pd.DataFrame) -> go.Figure:
    """Daily range over the year (top) and the week that holds the highest load hour (bottom).

    Parameters
    ----------
    table : DataFrame
        One row an hour: bus_MW (load on the block bus), output_MW, capacity_MW (all installed blocks in this
        weather), units_on, discharge_MW, charge_MW, lost_load_MW.
    """
    figure = make_subplots(
        rows=2,
        vertical_spacing=0.2,
        subplot_titles=("each day of the year", "the week with the highest load"),
    )
    _year(figure, table)
    _week(figure, table)
    styled(figure, height=640)
    figure.update_layout(legend={"y": 1.07}, margin={"t": 110})
    figure.update_xaxes(title="day of the year", row=1)
    figure.update_xaxes(title="hour of the year", row=2)
    figure.update_yaxes(title="MW at the block DC bus", rangemode="tozero")
    return figure


def _year(figure: go.Figure, table: pd.DataFrame) -> None:
    days = table[["bus_MW", "capacity_MW"]].to_numpy()[: 365 * 24].reshape(365, 24, 2)
    day = np.arange(1, 366)
    low, high = days[..., 0].min(axis=1), days[..., 0].max(axis=1)
    figure.add_scatter(
        x=np.concatenate([day, day[::-1]]),
        y=np.concatenate([high, low[::-1]]),
        fill="toself",
        fillcolor="rgba(0,114,178,0.25)",
        line={"width": 0},
        name="load, lowest to highest hour",
        hoverinfo="skip",
        row=1,
        col=1,
    )
    figure.add_scatter(
        x=day,
        y=days[..., 0].mean(axis=1),
        line={"color": BLUE, "width": 1.5},
        name="load, daily mean",
        row=1,
        col=1,
    )
    figure.add_scatter(
        x=day,
        y=days[..., 1].min(axis=1),
        line={"color": INK, "width": 1.5, "dash": "dot"},
        name="all installed blocks, hottest hour",
        row=1,
        col=1,
    )


def _week(figure: go.Figure, table: pd.DataFrame) -> None:
    start = int(np.clip(table["bus_MW"].to_numpy().argmax() - WEEK // 2, 0, len(table) - WEEK))
    week = table.iloc[start : start + WEEK]
    hours = week["hour"]
    figure.add_scatter(
        x=hours,
        y=week["output_MW"],
        line={"color": GREEN, "width": 2, "shape": "hv"},
        name="blocks",
        row=2,
        col=1,
    )
    figure.add_scatter(
        x=hours,
        y=week["bus_MW"],
        line={"color": BLUE, "width": 1.5, "dash": "dash", "shape": "hv"},
        name="load",
        row=2,
        col=1,
    )
    figure.add_scatter(
        x=hours,
        y=week["online_MW"],
        line={"color": GREY, "width": 1.5, "dash": "dot", "shape": "hv"},
        name="blocks switched on, greatest",
        row=2,
        col=1,
    )
    for column, colour, name in (
        ("discharge_MW", ORANGE, "battery discharge"),
        ("lost_load_MW", RED, "lost load"),
    ):
        if (week[column] > 1e-6).any():
            figure.add_bar(x=hours, y=week[column], marker={"color": colour}, name=name, row=2, col=1)
