"""Where it all goes, every named loss a branch: a year's fuel from heat to rack, and the power in the DC network."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from campus.figures.theme import styled

# Colour of a flow by what it is.
COLOURS = {
    "fuel": "rgba(230,159,0,0.55)",
    "heat": "rgba(213,94,0,0.40)",
    "power": "rgba(0,114,178,0.50)",
    "loss": "rgba(154,167,180,0.55)",
}
TOO_SMALL = 1e-5  # flows below this share of the largest are not drawn


def sankey_figure(energy: pd.DataFrame) -> go.Figure:
    """Sankey of a year.

    Parameters
    ----------
    energy : DataFrame
        Columns source, target, kind (fuel, heat, power, loss), GWh.
    """
    return _drawn(energy.rename(columns={"GWh": "amount"}), "GWh", ",.1f")


def network_sankey_figure(flows: pd.DataFrame) -> go.Figure:
    """Sankey of the solved DC network, from its sources to its loads.

    Parameters
    ----------
    flows : DataFrame
        Columns source, target, kind (power, loss), p_w [W].
    """
    return _drawn(flows.assign(amount=flows["p_w"] / 1e6), "MW", ",.4g")


def _drawn(flows: pd.DataFrame, unit: str, form: str) -> go.Figure:
    flows = flows[flows["amount"] > TOO_SMALL * flows["amount"].max()]
    names = list(dict.fromkeys([*flows["source"], *flows["target"]]))
    index = {name: number for number, name in enumerate(names)}
    entering = flows.groupby("target")["amount"].sum()
    leaving = flows.groupby("source")["amount"].sum()
    size = {name: max(entering.get(name, 0.0), leaving.get(name, 0.0)) for name in names}
    figure = go.Figure(
        go.Sankey(
            arrangement="snap",
            valueformat=".4s",
            node={
                "label": [f"{name}  {size[name]:{form}}" for name in names],
                "pad": 16,
                "thickness": 14,
                "color": "#5b6b7b",
                "hovertemplate": f"%{{label}} {unit}<extra></extra>",
            },
            link={
                "source": [index[name] for name in flows["source"]],
                "target": [index[name] for name in flows["target"]],
                "value": flows["amount"],
                "color": [COLOURS[kind] for kind in flows["kind"]],
                "hovertemplate": f"%{{source.label}} → %{{target.label}}<br>%{{value:.4g}} {unit}<extra></extra>",
            },
        )
    )
    styled(figure, height=560)
    figure.update_layout(margin={"l": 10, "r": 10, "t": 10, "b": 10})
    return figure
