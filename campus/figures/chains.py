"""DC beside AC on the same racks: a year's losses by kind from the turbine shaft to the 50 V rack bus."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from campus.figures.theme import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, RED, SKY, hatched, styled

# Kind of loss: (its stages, colour, pattern); the table beside the figure has every stage.
KINDS = {
    "bearings, gearbox, generator, rectifier": (
        ("bearings, seals, windage", "gearbox", "generator", "rectifier"),
        GREY,
        "",
    ),
    "cables and busways": (
        (
            "collection cable",
            "row feeder",
            "row busway",
            "tie",
            "tie breaker",
            "MV cable",
            "LV feeders to UPS",
            "LV feeders to racks",
        ),
        GREEN,
        "/",
    ),
    "inverter": (("inverter",), PURPLE, ""),
    "transformers": (("step-up transformer", "MV/LV transformer", "PDU transformer"), ORANGE, "\\"),
    "UPS": (("UPS",), RED, ""),
    "converter at the rack (sidecar, PSU)": (("sidecar", "PSU"), BLUE, "x"),
    "standby of buffer or rack batteries": (("buffer standby", "rack battery standby"), INK, "."),
    "cooling of hall losses": (("cooling of hall losses",), SKY, ""),
}


def chains_figure(losses: pd.DataFrame) -> go.Figure:
    """Stacked bars, one a chain, one piece a kind of loss.

    Parameters
    ----------
    losses : DataFrame
        Columns chain, stage, share_of_shaft (of the energy at the turbine shaft of that chain).
    """
    chains = list(dict.fromkeys(losses["chain"]))[::-1]
    kind_of = {stage: kind for kind, (stages, _, _) in KINDS.items() for stage in stages}
    kinds = losses["stage"].map(lambda stage: kind_of.get(stage, stage))
    table = losses.groupby(["chain", kinds])["share_of_shaft"].sum().unstack(fill_value=0).loc[chains]
    figure = go.Figure()
    for kind in [*(k for k in KINDS if k in table), *(k for k in table if k not in KINDS)]:
        _, colour, pattern = KINDS.get(str(kind), ((), "#5b6b7b", "+"))
        figure.add_bar(
            y=chains,
            x=100 * table[kind],
            orientation="h",
            name=str(kind),
            marker=hatched(colour, pattern),
            hovertemplate="%{y}<br>" + str(kind) + ": %{x:.2f} % of shaft energy<extra></extra>",
        )
    totals = 100 * table.sum(axis=1)
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
    styled(figure, x="loss, % of the year's energy at the turbine shaft", height=200 + 56 * len(chains))
    figure.update_layout(margin={"l": 250, "t": 90}, legend={"traceorder": "normal"})
    figure.update_xaxes(range=[0, 1.12 * float(totals.max())])
    return figure
