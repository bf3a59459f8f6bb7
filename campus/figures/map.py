"""What a block gives against the weather: greatest net power and efficiency at full and part load."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from campus.figures.theme import BLUE, GREEN, ORANGE, PURPLE, RED, SKY, styled


def map_figure(table: pd.DataFrame) -> go.Figure:
    """Greatest net power (left) and fuel-to-DC efficiency by load (right) against ambient temperature.

    Parameters
    ----------
    table : DataFrame
        Columns T_ambient_degC, load, W_net_MW, eta_fuel, outcome, one row a point.
    """
    figure = make_subplots(
        cols=2, subplot_titles=("greatest net power", "heat source to block DC terminals (gas: LHV)")
    )
    most = table.groupby("T_ambient_degC")["W_net_MW"].max()
    figure.add_scatter(
        x=most.index, y=most, mode="lines+markers", line={"color": BLUE}, name="net power", showlegend=False
    )
    met = table[table["outcome"] == "OK"]
    loads = [load for load in (0.4, 0.6, 0.85, 1.0) if (met["load"] == load).any()]
    for load, (colour, symbol) in zip(
        loads,
        ((SKY, "circle"), (GREEN, "square"), (ORANGE, "diamond"), (RED, "cross"), (PURPLE, "x")),
        strict=False,
    ):
        line = met[met["load"] == load]
        figure.add_scatter(
            x=line["T_ambient_degC"],
            y=100 * line["eta_fuel"],
            mode="lines+markers",
            line={"color": colour},
            marker={"symbol": symbol},
            name=f"load {100 * load:.0f} %",
            col=2,
            row=1,
        )
    styled(figure, x="ambient dry bulb, °C")
    figure.update_yaxes(title="MW", rangemode="tozero", col=1)
    figure.update_yaxes(title="efficiency, %", col=2)
    figure.update_layout(legend={"x": 0.56, "y": 1.13}, margin={"t": 84})
    return figure
