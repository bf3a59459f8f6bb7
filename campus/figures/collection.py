"""What it costs to bring a block's power to the hall, against distance: 800 V DC beside its rivals."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from campus.figures.theme import BLUE, GREEN, INK, ORANGE, PURPLE, RED, styled

LOOK = (
    (BLUE, "solid", "circle"),
    (ORANGE, "dash", "square"),
    (RED, "dashdot", "diamond"),
    (GREEN, "longdash", "cross"),
    (PURPLE, "dot", "x"),
)


def collection_figure(table: pd.DataFrame, quantity: str = "total_USD") -> go.Figure:
    """A line for each way.

    Parameters
    ----------
    table : DataFrame
        Columns option, distance_m, total_USD [USD/a], loss_points [% of the energy sent].
    quantity : str
        total_USD or loss_points.
    """
    figure = go.Figure()
    scale, unit, title = {
        "total_USD": (1e-3, "kUSD a year", "cost, kUSD a year"),
        "loss_points": (1.0, "%", "energy lost on the way, %"),
    }[quantity]
    for name, (colour, dash, symbol) in zip(dict.fromkeys(table["option"]), LOOK, strict=False):
        part = table[table["option"] == name]
        figure.add_scatter(
            x=part["distance_m"], y=scale * part[quantity], mode="lines+markers", name=name,
            line={"color": colour, "dash": dash, "width": 2},
            marker={"symbol": symbol, "size": 8, "line": {"color": INK, "width": 0.5}},
            hovertemplate=f"{name}<br>%{{x:.0f}} m: %{{y:.3g}} {unit}<extra></extra>",
        )  # fmt: skip
    styled(figure, x="distance, m", y=title, height=430)
    figure.update_layout(margin={"t": 80})
    figure.update_yaxes(rangemode="tozero")
    return figure
