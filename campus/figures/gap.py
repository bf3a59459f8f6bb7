"""How the gap between DC and AC closes step by step: points with their band, zero marked."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from campus.figures.theme import BLUE, INK, MUTED, ORANGE, styled

#: Answer -> colour, shape and words: told twice.
LOOK = {
    "DC better": (BLUE, "circle", "DC better"),
    "AC better": (ORANGE, "square", "AC better"),
    "undecided": (MUTED, "diamond-open", "undecided: the band holds zero"),
}


def gap_figure(table: pd.DataFrame) -> go.Figure:
    """One row a step, the first on top.

    Parameters
    ----------
    table : DataFrame
        Columns step, points (positive: DC loses less), P10, P90, answer.
    """
    rows = table.iloc[::-1]
    figure = go.Figure()
    for answer, (colour, symbol, words) in LOOK.items():
        part = rows[rows["answer"] == answer]
        if part.empty:
            continue
        x = part["points"]
        figure.add_scatter(
            x=x, y=part["step"], mode="markers+text", name=words,
            marker={"color": colour, "symbol": symbol, "size": 13, "line": {"color": INK, "width": 1}},
            error_x={
                "type": "data", "symmetric": False, "array": part["P90"] - x, "arrayminus": x - part["P10"],
                "color": colour, "thickness": 3, "width": 7,
            },
            text=[f"{v:+.1f}" for v in x], textposition="top center", textfont={"color": INK},
            customdata=part[["P10", "P90"]],
            hovertemplate="%{y}<br>%{x:+.2f} points, P10 %{customdata[0]:+.2f} to P90 %{customdata[1]:+.2f}<extra></extra>",
        )  # fmt: skip
    figure.add_vline(x=0.0, line={"color": INK, "width": 1.5})
    styled(
        figure,
        x="AC loses less  ←  points of the power at the start  →  DC loses less",
        height=130 + 58 * len(rows),
    )
    figure.update_yaxes(categoryorder="array", categoryarray=list(rows["step"]), automargin=True)
    return figure
