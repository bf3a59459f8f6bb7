"""DC beside AC on the same racks: a year's losses stage by stage from the turbine shaft to the 50 V rack bus."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from campus.figures.theme import BLUE, GREEN, GREY, ORANGE, PURPLE, RED, SKY, styled

COLOURS = (GREY, "#6b7885", SKY, BLUE, GREEN, ORANGE, RED, PURPLE, "#b8a200", "#88557a", "#3f7f5f", "#a0522d")
PATTERNS = ("", "/", "", "\\", "", "x", "", "-", "|", "+", ".", "")


def chains_figure(losses: pd.DataFrame) -> go.Figure:
    """Stacked bars, one a chain, one piece a stage.

    Parameters
    ----------
    losses : DataFrame
        Columns chain, stage, loss_MWh, share_of_shaft (of the energy at the turbine shaft of that chain).
    """
    chains = list(dict.fromkeys(losses["chain"]))[::-1]
    stages = list(dict.fromkeys(losses["stage"]))
    table = losses.pivot_table(index="chain", columns="stage", values="share_of_shaft", aggfunc="sum")
    figure = go.Figure()
    for number, stage in enumerate(stages):
        share = 100 * table[stage].reindex(chains)
        figure.add_bar(
            y=chains,
            x=share,
            orientation="h",
            name=stage,
            marker={
                "color": COLOURS[number % len(COLOURS)],
                "pattern": {
                    "shape": PATTERNS[number % len(PATTERNS)],
                    "fgcolor": "white",
                    "size": 5,
                    "fillmode": "overlay",
                },
                "line": {"color": "white", "width": 1},
            },
            hovertemplate="%{y}<br>" + stage + ": %{x:.2f} % of shaft energy<extra></extra>",
        )
    totals = 100 * losses.groupby("chain")["share_of_shaft"].sum().reindex(chains)
    figure.add_scatter(
        y=chains,
        x=totals,
        mode="text",
        text=[f"  {value:.1f} %" for value in totals],
        textposition="middle right",
        showlegend=False,
        hoverinfo="skip",
    )
    figure.update_layout(barmode="stack")
    styled(figure, x="loss, % of the year's energy at the turbine shaft", height=170 + 62 * len(chains) + 40)
    figure.update_layout(
        margin={"l": 230, "b": 150},
        legend={"orientation": "h", "yanchor": "top", "y": -0.28, "traceorder": "normal"},
    )
    figure.update_xaxes(range=[0, 1.12 * float(totals.max())])
    return figure
