"""One-line diagram, laid out from its topology: loading by colour *and* width, voltage by colour *and* size, kind by shape.

Three legends say what each means; hovering gives the values.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from campus.figures.theme import INK, MUTED, ORANGE, RED, styled

# Loading classes: upper bound, colour (cividis-like, dark to bright), line width.
CLASSES = (
    (0.2, "#c7d0d9", 1.2),
    (0.4, "#56b4e9", 1.8),
    (0.6, "#0072b2", 2.4),
    (0.8, "#e69f00", 3.2),
    (1.0, "#d55e00", 4.2),
    (float("inf"), "#7a0019", 6.0),
)
# Voltage classes: lower bound [pu], words, colour (green to purple, which colour-blind readers tell apart), added size.
LEVELS = (
    (1.0, "nominal or above", "#d9f0d3", 0),
    (0.99, "down to 0.99", "#7fbf7b", 1),
    (0.98, "down to 0.98", "#1b7837", 2),
    (0.97, "down to 0.97", "#c2a5cf", 3),
    (0.95, "down to 0.95", "#9970ab", 4),
    (0.0, "below 0.95", "#40004b", 6),
)
# Shape and size of each kind of bus; the names on the left are a campus's, those on the right any network's.
SYMBOLS = {
    "block": ("square", 11),
    "source": ("square", 11),
    "bus": ("diamond", 10),
    "row": ("circle", 4),
    "junction": ("circle", 4),
    "rack": ("triangle-down", 6),
    "load": ("triangle-down", 6),
}
NAMES = {
    "block": "block terminals",
    "source": "source",
    "bus": "pod bus",
    "row": "row busway",
    "junction": "bus",
    "rack": "50 V rack bus",
    "load": "bus of a load",
}
IDLE = {"color": MUTED, "width": 1.2, "dash": "dot"}


def one_line_figure(buses: pd.DataFrame, branches: pd.DataFrame) -> go.Figure:
    """All parts of the network, side by side.

    Parameters
    ----------
    buses : DataFrame
        Columns bus, name, kind (block, bus, row, rack; or source, junction, load), x, y, v_v, v_pu. A bus without
        voltage is not supplied.
    branches : DataFrame
        Columns name, kind, from_bus, to_bus, i_a, loading, loss_w. One without loading (legend "open or unrated") is open,
        dark or not rated.
    """
    figure = go.Figure()
    at = buses.set_index("bus")
    low = 0.0
    for high, colour, width in CLASSES:
        part = branches[(branches["loading"] >= low) & (branches["loading"] < high)]
        label = f"{100 * low:.0f} to {100 * high:.0f} %" if high <= 1.0 else "over 100 %"
        low = high
        if not (part.empty and high > 1.0):
            _lines(figure, part, at, label, {"color": colour, "width": width})
    idle = branches[branches["loading"].isna()]
    if not idle.empty:
        _lines(figure, idle, at, "open or unrated", IDLE)
    _branch_hover(figure, branches, at)
    _bus_markers(figure, buses)
    _shape_legend(figure, buses)
    return _dressed(figure)


def _lines(
    figure: go.Figure, branches: pd.DataFrame, at: pd.DataFrame, label: str, line: dict[str, object]
) -> None:
    x, y = _segments(branches, at)
    figure.add_scatter(x=x, y=y, mode="lines", line=line, name=label, hoverinfo="skip", legend="legend")


def _bus_markers(figure: go.Figure, buses: pd.DataFrame) -> None:
    """One trace for each voltage class; the shape and base size come from the kind of bus."""
    above = float("inf")
    for low, words, colour, more in LEVELS:
        mine = buses[(buses["v_pu"] >= low) & (buses["v_pu"] < above)]
        above = low
        if not mine.empty:
            _markers(figure, mine, words, colour, more)
    dark = buses[buses["v_pu"].isna()]
    if not dark.empty:
        _markers(figure, dark, "not supplied", RED, 3)


def _markers(figure: go.Figure, buses: pd.DataFrame, words: str, colour: str, more: int) -> None:
    lit = buses["v_pu"].notna().all()
    edge = {"color": INK if lit else RED, "width": 0.7 if lit else 2}
    symbol = buses["kind"].map(lambda kind: SYMBOLS[kind][0]) if lit else "x-thin-open"
    size = buses["kind"].map(lambda kind: SYMBOLS[kind][1]) + more
    text = "%{customdata[1]:.2f} V (%{customdata[2]:.4f} pu)" if lit else "not supplied"
    figure.add_scatter(
        x=buses["x"],
        y=buses["y"],
        mode="markers",
        marker={"color": colour, "symbol": symbol, "size": size, "opacity": 1.0, "line": edge},
        legend="legend2",
        legendgroup=words,
        showlegend=False,
        customdata=buses[["name", "v_v", "v_pu"]],
        hovertemplate="%{customdata[0]}<br>" + text + "<extra></extra>",
    )
    entry = {"color": colour, "symbol": "circle" if lit else "x-thin-open", "size": 6 + more, "line": edge}
    figure.add_scatter(
        x=[None], y=[None], mode="markers", marker=entry, name=words, legend="legend2", legendgroup=words
    )


def _shape_legend(figure: go.Figure, buses: pd.DataFrame) -> None:
    """What each shape is; entries only, nothing drawn."""
    for kind in dict.fromkeys(buses["kind"]):
        symbol, size = SYMBOLS[kind]
        marker = {"symbol": symbol, "size": size + 2, "color": "white", "line": {"color": INK, "width": 1}}
        figure.add_scatter(
            x=[None], y=[None], mode="markers", marker=marker, name=NAMES[kind], legend="legend3"
        )


def _dressed(figure: go.Figure) -> go.Figure:
    styled(figure, height=680)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    titles = {"legend": "loading", "legend2": "voltage, pu", "legend3": "kind of bus"}
    for row, (legend, title) in enumerate(titles.items()):
        y = 1.0 + 0.055 * (3 - row)
        place = {
            "x": 0.11,
            "xanchor": "left",
            "y": y,
            "yanchor": "top",
            "entrywidth": 72 if row == 0 else 112,
        }
        figure.update_layout(
            {legend: {"orientation": "h", "font": {"size": 12}, "itemsizing": "trace", **place}}
        )
        figure.add_annotation(
            text=title, xref="paper", yref="paper", x=0, y=y - 0.004, xanchor="left", yanchor="top", showarrow=False,
            font={"size": 12, "color": MUTED},
        )  # fmt: skip
    figure.update_layout(margin={"l": 10, "r": 10, "b": 10, "t": 110})
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
    loaded = branches["loading"].map(lambda x: "not rated or open" if pd.isna(x) else f"loaded {x:.0%}")
    figure.add_scatter(
        x=end["x"].to_numpy(),
        y=(start["y"].to_numpy() + end["y"].to_numpy()) / 2,
        mode="markers",
        marker={"size": 8, "color": ORANGE, "opacity": 0},
        showlegend=False,
        customdata=branches[["name", "i_a", "loss_w"]].assign(loaded=loaded),
        hovertemplate="%{customdata[0]}<br>%{customdata[1]:.0f} A, %{customdata[3]}"
        "<br>loss %{customdata[2]:.0f} W<extra></extra>",
    )
