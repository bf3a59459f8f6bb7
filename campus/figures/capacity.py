"""What is installed against what the worst hour needs: blocks and heat modules, spares apart."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from campus.figures.theme import BLUE, INK, ORANGE, SKY, hatched, styled


def capacity_figure(table: pd.DataFrame) -> go.Figure:
    """Bars of needed and spare capacity, what the battery adds, and the requirement as a line.

    Parameters
    ----------
    table : DataFrame
        Columns item, unit_name, needed, spare (counts), unit_MW (each, at the hour that binds), battery_MW (discharge
        in that hour), required_MW.
    """
    figure = go.Figure()
    label = [f"{row.item}<br>{row.unit_name}" for row in table.itertuples()]
    _counted(figure, table, label, "needed", BLUE, "")
    if (table["battery_MW"] > 0.05).any():
        figure.add_bar(
            y=label,
            x=table["battery_MW"],
            orientation="h",
            name="battery discharge",
            marker={"color": ORANGE},
            hovertemplate="%{x:.1f} MW<extra>battery</extra>",
        )
    _counted(figure, table, label, "spare", SKY, "/")
    figure.add_scatter(
        y=label,
        x=table["required_MW"],
        mode="markers",
        marker={"symbol": "line-ns-open", "size": 46, "color": INK, "line": {"width": 3}},
        name="needed in the hour that binds",
        hovertemplate="%{x:.1f} MW<extra>needed</extra>",
    )
    figure.update_layout(barmode="stack")
    styled(
        figure, x="capacity in the hour that binds, MW (electric for blocks, thermal for heaters)", height=280
    )
    figure.update_layout(margin={"l": 150}, legend={"traceorder": "normal"})
    return figure


def _counted(
    figure: go.Figure, table: pd.DataFrame, label: list[str], part: str, colour: str, pattern: str
) -> None:
    """Bars of a count of units times their size."""
    figure.add_bar(
        y=label,
        x=table[part] * table["unit_MW"],
        orientation="h",
        name=part,
        marker=hatched(colour, pattern),
        text=[
            f"{n} × {size:.3g} MW" if n else "" for n, size in zip(table[part], table["unit_MW"], strict=True)
        ],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        textfont={"color": "white" if part == "needed" else INK},
        hovertemplate="%{text}<extra>" + part + "</extra>",
    )
