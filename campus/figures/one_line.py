"""One-line diagram of the pods, laid out from its topology; loading by colour *and* width, voltage on hover."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from campus.figures.theme import BLUE, GREEN, INK, MUTED, ORANGE, styled

# Loading classes: upper bound, colour (cividis-like, dark to bright), line width.
CLASSES = (
    (0.2, "#c7d0d9", 1.2),
    (0.4, "#56b4e9", 1.8),
    (0.6, "#0072b2", 2.4),
    (0.8, "#e69f00", 3.2),
    (1.0, "#d55e00", 4.2),
    (float("inf"), "#7a0019", 6.0),
)
SYMBOLS = {
    "block": ("square", GREEN, 13),
    "bus": ("diamond", INK, 9),
    "row": ("circle", MUTED, 4),
    "rack": ("circle", BLUE, 6),
}
NAMES = {"block": "block terminals", "bus": "pod bus", "row": "row busway", "rack": "50 V rack bus"}


def one_line_figure(buses: pd.DataFrame, branches: pd.DataFrame) -> go.Figure:
    """All pods, side by side.

    Parameters
    ----------
    buses : DataFrame
        Columns bus, name, kind (block, bus, row, rack), x, y, v_v, v_pu.
    branches : DataFrame
        Columns name, kind, from_bus, to_bus, i_a, loading, loss_w.
    """
    figure = go.Figure()
    at = buses.set_index("bus")
    low = 0.0
    for high, colour, width in CLASSES:
        part = branches[(branches["loading"] >= low) & (branches["loading"] < high)]
        label = f"{100 * low:.0f} to {100 * high:.0f} %" if high <= 1.0 else "over 100 %"
        low = high
        if part.empty and high > 1.0:
            continue
        x, y = _segments(part, at)
        figure.add_scatter(
            x=x,
            y=y,
            mode="lines",
            line={"color": colour, "width": width},
            name=label,
            hoverinfo="skip",
        )
    _branch_hover(figure, branches, at)
    for kind, (symbol, colour, size) in SYMBOLS.items():
        part = buses[buses["kind"] == kind]
        if part.empty:
            continue
        figure.add_scatter(
            x=part["x"],
            y=part["y"],
            mode="markers",
            marker={"symbol": symbol, "color": colour, "size": size, "line": {"color": "white", "width": 1}},
            name=NAMES[kind],
            customdata=part[["name", "v_v", "v_pu"]],
            hovertemplate="%{customdata[0]}<br>%{customdata[1]:.2f} V (%{customdata[2]:.4f} pu)<extra></extra>",
        )
    styled(figure, height=620)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    figure.update_layout(
        legend={
            "title": {"text": "loading of each line and converter, of its rating", "side": "top"},
            "entrywidth": 105,
        },
        margin={"l": 10, "r": 10, "b": 10, "t": 90},
    )
    return figure


def _segments(branches: pd.DataFrame, at: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Each branch as a right-angled line from bus to bus, parted by NaN (plotly's gap): x and y."""
    start, end = at.loc[branches["from_bus"]], at.loc[branches["to_bus"]]
    gap = np.full(len(branches), np.nan)
    x = np.column_stack([start["x"], end["x"], end["x"], gap])
    y = np.column_stack([start["y"], start["y"], end["y"], gap])
    return x.ravel(), y.ravel()


def _branch_hover(figure: go.Figure, branches: pd.DataFrame, at: pd.DataFrame) -> None:
    start, end = at.loc[branches["from_bus"]], at.loc[branches["to_bus"]]
    figure.add_scatter(
        x=end["x"].to_numpy(),
        y=(start["y"].to_numpy() + end["y"].to_numpy()) / 2,
        mode="markers",
        marker={"size": 8, "color": ORANGE, "opacity": 0},
        showlegend=False,
        customdata=branches[["name", "i_a", "loading", "loss_w"]],
        hovertemplate="%{customdata[0]}<br>%{customdata[1]:.0f} A, loaded %{customdata[2]:.0%}"
        "<br>loss %{customdata[3]:.0f} W<extra></extra>",
    )
