"""The cycle in the pressure-enthalpy plane, with its state points numbered as in the state table."""

from __future__ import annotations

from math import log10

import pandas as pd
import plotly.graph_objects as go

from campus.figures.theme import GREY, INK, styled
from campus.figures.ts import LOOK, PLACES


def ph_figure(states: pd.DataFrame, path: pd.DataFrame) -> go.Figure:
    """Pressure-enthalpy diagram, pressure on a logarithmic axis.

    Parameters
    ----------
    states : DataFrame
        Columns number, name, T_degC, p_MPa, h_kJ_kg.
    path : DataFrame
        Columns component, p_MPa, h_kJ_kg along each component; the component ``saturation`` is the dome.
    """
    figure = go.Figure()
    for component, line in path.groupby("component", sort=False):
        dome = component == "saturation"
        colour, dash = LOOK.get(str(component), (GREY if dome else INK, "dot"))
        figure.add_scatter(
            x=line["h_kJ_kg"],
            y=line["p_MPa"],
            mode="lines",
            name=str(component),
            line={"color": colour, "width": 1.5 if dome else 2.5, "dash": dash},
            fill="toself" if dome else None,
            fillcolor="rgba(154,167,180,0.18)",
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=states["h_kJ_kg"],
        y=states["p_MPa"],
        mode="markers+text",
        text=states["number"].astype(str),
        textposition=[PLACES[number % 4] for number in states["number"]],
        marker={"color": INK, "size": 7},
        customdata=states[["name", "T_degC"]],
        hovertemplate="%{text}: %{customdata[0]}<br>%{y:.2f} MPa, %{customdata[1]:.1f} °C<br>h = %{x:.1f} kJ/kg"
        "<extra></extra>",
        showlegend=False,
    )
    styled(figure, x="specific enthalpy, kJ/kg", y="pressure, MPa", height=460)
    least = min(0.7 * float(states["p_MPa"].min()), 5.0)
    figure.update_yaxes(type="log", range=[log10(least), log10(1.4 * float(states["p_MPa"].max()))],
                        tickvals=[3, 5, 7.4, 10, 15, 20, 25, 30, 35])  # fmt: skip
    return figure
