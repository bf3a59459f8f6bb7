"""The ten inputs that move the cost of energy most, one at a time."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from campus.figures.theme import BLUE, INK, ORANGE, hatched, styled

SHOWN = 10


def tornado_figure(table: pd.DataFrame) -> go.Figure:
    """Bars from the base cost to the cost at each input's low and high; the input's value stands at each end.

    Parameters
    ----------
    table : DataFrame
        Columns input, low, high (text with unit), lcoe_low, lcoe_high, swing, lcoe_base [USD/MWh], widest swing first.
    """
    top = table[table["swing"] > 0].head(SHOWN).iloc[::-1]
    base = float(table["lcoe_base"].iloc[0])
    figure = go.Figure()
    for end, colour, pattern in (("low", BLUE, ""), ("high", ORANGE, "/")):
        change = top[f"lcoe_{end}"] - base
        figure.add_bar(
            y=top["input"],
            x=change,
            base=base,
            orientation="h",
            name=f"at its {end}",
            marker=hatched(colour, pattern),
            text=[f"{text}: {base + dx:.1f}" for text, dx in zip(top[end], change, strict=True)],
            textposition="outside",
            textfont={"size": 11, "color": INK},
            cliponaxis=False,
            hovertemplate="%{y}<br>%{text} USD/MWh<extra></extra>",
        )  # fmt: skip
    figure.add_vline(x=base, line={"color": INK, "width": 1})
    ends = top[["lcoe_low", "lcoe_high"]].to_numpy(float)
    low, high = float(ends.min()), float(ends.max())
    room = 0.45 * (high - low)
    figure.update_layout(barmode="overlay", bargap=0.35)
    styled(
        figure,
        x=f"cost of energy (LCOE), USD/MWh at the 50 V rack buses; base {base:.1f}",
        height=120 + 40 * len(top),
    )
    figure.update_xaxes(range=[low - room, high + room])
    figure.update_layout(margin={"l": 300})
    return figure
