"""Loss and copper against the voltage of the row."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from campus.figures.theme import BLUE, GREEN, INK, MUTED, ORANGE, RED, styled

LOOK = {
    "48 V": ("diamond", RED),
    "380 V": ("square", ORANGE),
    "±400 V": ("circle-open", GREEN),
    "800 V": ("circle", BLUE),
}


def voltage_figure(table: pd.DataFrame) -> go.Figure:
    """Losses of the same wires (left) and copper for the same loss (right), both against 1 / V^2.

    Parameters
    ----------
    table : DataFrame
        Columns level, v_v, wire_loss, converter_loss (shares of the rack's power; empty without converter), copper_kg.
    """
    figure = make_subplots(
        cols=2,
        subplot_titles=("loss of the same wires, and of the converter", "copper for the same loss"),
        horizontal_spacing=0.12,
    )
    base = table[table["level"] == "800 V"].iloc[0]
    v = np.geomspace(40.0, 1500.0, 60)
    dotted = {"color": MUTED, "width": 1.5, "dash": "dot"}
    for column, at_800 in ((1, 100 * base["wire_loss"]), (2, base["copper_kg"])):
        figure.add_scatter(
            x=v, y=at_800 * (800.0 / v) ** 2, mode="lines", line=dotted, name="1/V²", showlegend=column == 1,
            hoverinfo="skip", row=1, col=column,
        )  # fmt: skip
    for r in table.to_dict("records"):
        level = str(r["level"])
        symbol, colour = LOOK[level]
        ring = symbol.endswith("open")  # drawn around the 800 V mark, whose current it shares
        line = {"color": colour if ring else INK, "width": 3 if ring else 1}
        marker = {"symbol": symbol, "color": colour, "size": 20 if ring else 13, "line": line}
        for column, y, form in ((1, 100 * r["wire_loss"], ".3g"), (2, r["copper_kg"], ".3g")):
            unit = "% in the wires" if column == 1 else "kg of copper"
            figure.add_scatter(
                x=[float(r["v_v"])], y=[y], mode="markers", marker=marker, name=level, showlegend=column == 1,
                hovertemplate=f"{level}: %{{y:{form}}} {unit}<extra></extra>", row=1, col=column,
            )  # fmt: skip
    met = table.dropna(subset=["converter_loss"])
    figure.add_scatter(
        x=met["v_v"], y=100 * met["converter_loss"].astype(float), mode="lines+markers", name="converter to 50 V",
        line={"color": INK, "width": 2}, marker={"symbol": "line-ew-open", "size": 14, "color": INK},
        hovertemplate="converter at %{x:.0f} V: %{y:.2f} %<extra></extra>", row=1, col=1,
    )  # fmt: skip
    styled(figure, x="voltage, V (logarithmic)", height=430)
    ticks = {"tickvals": [48, 100, 200, 380, 800], "ticktext": ["48", "100", "200", "380", "800"]}
    figure.update_xaxes(type="log", **ticks)
    figure.update_yaxes(type="log", dtick=1)
    figure.update_yaxes(title="% of the rack's power", col=1)
    figure.update_yaxes(title="kg a rack", col=2)
    figure.update_layout(margin={"t": 90}, legend={"y": 1.1})
    return figure
