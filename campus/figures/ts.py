"""The cycle in the temperature-entropy plane, with its state points numbered as in the state table."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from campus.figures.theme import BLUE, GREY, INK, ORANGE, PURPLE, RED, SKY, styled

LOOK = {
    "turbine": (RED, "solid"),
    "main compressor": (BLUE, "solid"),
    "recompressor": (PURPLE, "solid"),
    "heater": (ORANGE, "solid"),
    "cooler": (SKY, "solid"),
}
# Where the number stands beside its point, by number modulo 4, so that neighbours do not cover each other.
PLACES = ("bottom right", "top left", "middle right", "top left")


def ts_figure(states: pd.DataFrame, path: pd.DataFrame) -> go.Figure:
    """T-s diagram.

    Parameters
    ----------
    states : DataFrame
        Columns number, name, T_degC, s_kJ_kgK, p_MPa.
    path : DataFrame
        Columns component, T_degC, s_kJ_kgK along each component; the component ``saturation`` is the dome.
    """
    figure = go.Figure()
    for component, line in path.groupby("component", sort=False):
        colour, dash = LOOK.get(str(component), (GREY if component == "saturation" else INK, "dot"))
        figure.add_scatter(
            x=line["s_kJ_kgK"],
            y=line["T_degC"],
            mode="lines",
            name=str(component),
            line={"color": colour, "width": 1.5 if component == "saturation" else 2.5, "dash": dash},
            fill="toself" if component == "saturation" else None,
            fillcolor="rgba(154,167,180,0.18)",
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=states["s_kJ_kgK"],
        y=states["T_degC"],
        mode="markers+text",
        text=states["number"].astype(str),
        textposition=[PLACES[number % 4] for number in states["number"]],
        marker={"color": INK, "size": 7},
        customdata=states[["name", "p_MPa"]],
        hovertemplate="%{text}: %{customdata[0]}<br>%{y:.1f} °C, %{customdata[1]:.2f} MPa<br>s = %{x:.4f} kJ/(kg K)"
        "<extra></extra>",
        showlegend=False,
    )
    return styled(figure, x="specific entropy, kJ/(kg K)", y="temperature, °C", height=460)
