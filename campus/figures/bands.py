"""How sure the difference between DC and each AC chain is: points of loss with their band, zero in the middle."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from campus.figures.theme import BLUE, INK, MUTED, ORANGE, styled

#: Verdict -> colour and shape: told twice.
LOOK = {
    "DC loses less": (BLUE, "circle", "DC loses less"),
    "AC loses less": (ORANGE, "square", "AC loses less"),
    "undecided": (MUTED, "diamond-open", "undecided: the band holds zero"),
}


def bands_figure(a: pd.DataFrame, b: pd.DataFrame) -> go.Figure:
    """One row a pair of chains: comparison A (same blocks) above, B (same MV grid) below.

    Parameters
    ----------
    a, b : DataFrame
        Columns chain, against, points_over_dc, P10, P90, verdict; rows without a band are left out.
    """
    rows = pd.concat([a.assign(of="A"), b.assign(of="B")]).dropna(subset=["P10"])
    rows = rows.assign(y=[f"{r.of}: {r.chain}<br>against {r.against}" for r in rows.itertuples()]).iloc[::-1]
    figure = go.Figure()
    for verdict, (colour, symbol, words) in LOOK.items():
        part = rows[rows["verdict"] == verdict]
        if part.empty:
            continue
        x = part["points_over_dc"]
        figure.add_scatter(
            x=x,
            y=part["y"],
            mode="markers",
            name=words,
            marker={"color": colour, "symbol": symbol, "size": 11, "line": {"color": INK, "width": 1}},
            error_x={
                "type": "data", "symmetric": False, "array": part["P90"] - x, "arrayminus": x - part["P10"],
                "color": colour, "thickness": 2, "width": 6,
            },
            customdata=part[["P10", "P90"]],
            hovertemplate="%{y}<br>%{x:+.2f} points, P10 %{customdata[0]:+.2f} to P90 %{customdata[1]:+.2f}<extra></extra>",
        )  # fmt: skip
    figure.add_vline(x=0.0, line={"color": INK, "width": 1})
    styled(
        figure,
        x="AC loses less  ←  points of the energy at the boundary  →  DC loses less",
        height=150 + 44 * len(rows),
    )
    figure.update_yaxes(categoryorder="array", categoryarray=list(rows["y"]), tickfont={"size": 11})
    figure.update_layout(margin={"l": 330})
    return figure
