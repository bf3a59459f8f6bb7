"""The look that all figures share: type, a palette that colour-blind readers can tell apart (Okabe and Ito), margins."""

from __future__ import annotations

import plotly.graph_objects as go

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"
INK, MUTED, GRID = "#1c2733", "#5b6b7b", "#e3e8ee"
BLUE, ORANGE, GREEN, RED, SKY, PURPLE, GREY = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#d55e00",
    "#56b4e9",
    "#cc79a7",
    "#9aa7b4",
)
HEIGHT = 420


def styled(
    figure: go.Figure, *, x: str | None = None, y: str | None = None, height: int = HEIGHT
) -> go.Figure:
    """The figure with the shared look and its axis titles, which carry their unit."""
    figure.update_layout(
        template="none",
        font={"family": FONT, "size": 13, "color": INK},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        margin={"l": 70, "r": 20, "t": 40, "b": 60},
        height=height,
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0, "font": {"size": 12}},
        hoverlabel={"font": {"family": FONT}},
    )
    figure.update_xaxes(
        title=x, gridcolor=GRID, zeroline=False, linecolor=MUTED, ticks="outside", tickcolor=MUTED
    )
    figure.update_yaxes(
        title=y, gridcolor=GRID, zeroline=False, linecolor=MUTED, ticks="outside", tickcolor=MUTED
    )
    return figure


def hatched(colour: str, shape: str) -> dict[str, object]:
    """Fill of a bar that is told from its neighbours by pattern as well as by colour."""
    pattern = {"shape": shape, "fgcolor": "white", "size": 6, "solidity": 0.2, "fillmode": "overlay"}
    return {"color": colour, "pattern": pattern, "line": {"color": "white", "width": 1}}
