"""Voltage along the feeders: every bus at its cable distance from the nearest source, the lowest feeder picked out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from campus.figures.theme import BLUE, GREY, INK, ORANGE, styled

AXES = {
    "length_m": ("cable from the nearest source [m]", 1.0),
    "r_ohm": ("resistance from the source [mΩ]", 1e3),
}
#: Shape of the buses of each nominal voltage, from the highest down.
SHAPES = ("circle", "triangle-down", "square", "diamond")


def voltage_profile_figure(profile: pd.DataFrame, against: str = "length_m") -> go.Figure:
    """Voltage against distance, one line from each bus to the bus before it.

    Parameters
    ----------
    profile : DataFrame
        Columns bus, name, upstream, feeder, length_m, r_ohm, vn_v, v_v, v_pu.
    against : str
        Column of the axis, length_m or r_ohm.
    """
    title, scale = AXES[against]
    lit = profile[profile["v_pu"].notna()]
    levels = sorted(lit["vn_v"].unique(), reverse=True)
    main = lit[lit["vn_v"] == levels[0]]
    lowest = main.loc[main["v_pu"].idxmin()]
    at = lit.set_index("bus")
    worst = (lit["feeder"] == lowest["feeder"]) & (lit["vn_v"] == levels[0])
    figure = go.Figure()
    _way(figure, main, at, against, scale, {"color": GREY, "width": 1}, f"{levels[0]:g} V network")
    _way(figure, lit[worst], at, against, scale, {"color": ORANGE, "width": 3}, f"lowest: {lowest['feeder']}")
    for level, shape in zip(levels, SHAPES, strict=False):
        part = lit[lit["vn_v"] == level]
        fill = BLUE if level == levels[0] else "white"
        figure.add_scatter(
            x=scale * part[against],
            y=part["v_pu"],
            mode="markers",
            marker={"symbol": shape, "size": 7, "color": fill, "line": {"color": INK, "width": 0.8}},
            name=f"buses of {level:g} V",
            customdata=part[["name", "v_v", "feeder", "length_m"]].assign(mohm=1e3 * part["r_ohm"]),
            hovertemplate="%{customdata[0]}<br>%{customdata[1]:.2f} V (%{y:.4f} pu)<br>%{customdata[3]:.0f} m, "
            "%{customdata[4]:.2f} mΩ<br>by %{customdata[2]}<extra></extra>",
        )
    figure.add_annotation(
        x=scale * lowest[against],
        y=lowest["v_pu"],
        text=f"{lowest['name']}: {lowest['v_v']:.1f} V",
        showarrow=True,
        ax=-40,
        ay=34,
        font={"size": 12},
    )
    return styled(figure, x=title, y="voltage [pu of nominal]")


def _way(
    figure: go.Figure,
    part: pd.DataFrame,
    at: pd.DataFrame,
    against: str,
    scale: float,
    line: dict[str, object],
    name: str,
) -> None:
    """Lines from each bus to the bus before it, parted by NaN (plotly's gap)."""
    part = part[part["upstream"].isin(at.index)]
    before, gap = at.loc[part["upstream"]], np.full(len(part), np.nan)
    x = np.column_stack([scale * before[against].to_numpy(), scale * part[against].to_numpy(), gap])
    y = np.column_stack([before["v_pu"].to_numpy(), part["v_pu"].to_numpy(), gap])
    figure.add_scatter(x=x.ravel(), y=y.ravel(), mode="lines", line=line, name=name, hoverinfo="skip")
