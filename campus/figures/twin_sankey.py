"""DC above, AC below: the power on one scale, every loss a branch of its true width."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from campus.figures.chains import KINDS
from campus.figures.theme import BLUE, FONT, GREEN, GREY, INK, MUTED, ORANGE, SKY

Item = dict[str, Any]

#: Stages of the ledgers beyond those in the year's table.
MORE = {"cooling of losses": SKY, "solid-state transformer": ORANGE, "rack battery standby": INK}
SIDE, POWER = "cooling of the racks", {"DC": BLUE, "AC": GREEN}
DROP, ROOM, GAP = (
    0.34,
    0.42,
    0.05,
)  # of the greatest power: fall of the branches, room for labels, between the two

TOO_SMALL = 1e-9  # what is left of a side power after its losses are split off, of the stage's power


def colour_of(stage: str) -> str:
    """Colour of a stage by its kind."""
    found = next((colour for stages, colour, _ in KINDS.values() if stage in stages), None)
    return found or MORE.get(stage, GREY)


def twin_sankey_figure(dc: pd.DataFrame, ac: pd.DataFrame) -> go.Figure:
    """Two flows from left to right, thickness in MW on one axis.

    Parameters
    ----------
    dc, ac : DataFrame
        Columns stage, p_in_w, p_out_w, p_side_w, loss_w; stages in the direction of the power.
    """
    most = max(float(t["p_in_w"].iloc[0]) for t in (dc, ac)) / 1e6
    data: list[Item] = []
    words: list[Item] = []
    step = most * (1.0 + DROP + ROOM + GAP)
    for row, (name, table) in enumerate((("DC", dc), ("AC", ac))):
        _flow(data, words, name, table, -row * step, most)
    axis = {"visible": False, "fixedrange": True}
    layout = {
        "template": "none", "font": {"family": FONT, "size": 13, "color": INK}, "height": 540,
        "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)", "margin": dict.fromkeys("lrtb", 0),
        "showlegend": False, "hovermode": "closest", "annotations": words,
        "xaxis": {**axis, "range": [-0.065, 1.075]},
        "yaxis": {**axis, "range": [-2 * step + 0.03 * most, 0.08 * most]},
    }  # fmt: skip
    return go.Figure({"data": data, "layout": layout})


def _branches(table: pd.DataFrame) -> list[tuple[str, float, str]]:
    """(name, MW, kind) of what leaves, in order: side power where it is tapped, then the loss of the stage."""
    out = []
    for r in table.to_dict("records"):
        if float(r["p_side_w"]) > TOO_SMALL * float(r["p_in_w"]):
            out.append((SIDE, float(r["p_side_w"]) / 1e6, "side"))
        out.append((str(r["stage"]), float(r["loss_w"]) / 1e6, "loss"))
    return out


def _flow(
    data: list[Item], notes: list[Item], name: str, table: pd.DataFrame, top: float, most: float
) -> None:
    leaving = _branches(table)
    n, p = len(leaving), float(table["p_in_w"].iloc[0]) / 1e6
    xs = np.linspace(0.0, 1.0, n + 2)[1:-1]
    pitch = float(xs[1] - xs[0]) if n > 1 else 0.5
    edge_x, edge_y, first = [0.0], [top - p], p
    floor = top - most * (1.0 + DROP)
    for k, ((stage, power, kind), x) in enumerate(zip(leaving, xs, strict=True)):
        start = float(x) - 0.5 * pitch
        colour = colour_of(stage) if kind == "loss" else SKY
        words = f"{stage}<br>{_power(power)}, {100 * power / first:.2f} % of the power at the start"
        data.append(_branch(start, float(x), top - p, floor, power, colour, words))
        notes.append(_label(stage, power, float(x), floor - power, k))
        edge_x += [start, start]
        edge_y += [top - p, top - p + power]
        p -= power
    edge_x.append(1.0)
    edge_y.append(top - p)
    data.append(
        {
            "type": "scatter", "x": [*edge_x, 1.0, 0.0], "y": [*edge_y, top, top], "fill": "toself", "mode": "lines",
            "line": {"width": 0}, "fillcolor": _soft(POWER[name], 0.55), "hoverinfo": "skip",
        }
    )  # fmt: skip
    ends = (
        (0.0, first, "right", f"<b>{name}</b><br>{_power(first)}<br>in"),
        (1.0, p, "left", f"{_power(p)}<br>racks"),
    )
    for x, value, anchor, words in ends:
        notes.append(
            {
                "x": x,
                "y": top - 0.5 * value,
                "xanchor": anchor,
                "align": anchor,
                "showarrow": False,
                "text": words,
            }
        )


def _branch(x0: float, x1: float, y0: float, y1: float, power: float, colour: str, words: str) -> Item:
    """A band of constant height `power` that swings from y0 (its lower edge) down to y1."""
    t = np.linspace(0.0, 1.0, 17)
    x, fall = x0 + (x1 - x0) * t, (y1 - y0 - power) * (3 * t**2 - 2 * t**3)
    low, high = y0 + fall, y0 + power + fall
    return {
        "type": "scatter", "x": np.concatenate([x, x[::-1]]), "y": np.concatenate([low, high[::-1]]), "fill": "toself",
        "mode": "lines", "line": {"width": 0.6, "color": colour}, "fillcolor": colour, "hoveron": "fills",
        "text": words, "hoverinfo": "text", "name": words,
    }  # fmt: skip


def _label(stage: str, power: float, x: float, y: float, number: int) -> Item:
    return {
        "x": x, "y": y, "yanchor": "top", "xanchor": "center", "showarrow": False, "yshift": -3,
        "text": f"{'<br>'.join(wrap(stage, 12, break_long_words=False))}<br><b>{_power(power)}</b>",
        "font": {"size": 11, "color": INK if number % 2 == 0 else MUTED},
    }  # fmt: skip


def _power(MW: float) -> str:
    """Three digits with the unit that fits.

    >>> _power(0.2108), _power(1.234), _power(48.0), _power(3.3e-7)
    ('211 kW', '1.23 MW', '48.0 MW', '0.330 W')
    """
    value, unit = next(
        ((MW * scale, unit) for scale, unit in ((1.0, "MW"), (1e3, "kW")) if MW * scale >= 0.9995),
        (1e6 * MW, "W"),
    )
    places = next((n for n, least in enumerate((99.95, 9.995, 0.9995)) if value >= least), 3)
    return f"{value:.{places}f} {unit}"


def _soft(colour: str, alpha: float) -> str:
    r, g, b = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgba({r},{g},{b},{alpha})"
