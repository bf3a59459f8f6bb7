"""Figures of a result: one file, one figure. Each takes the stored tables and gives a plotly figure; none computes."""

from __future__ import annotations

from campus.figures.bands import bands_figure
from campus.figures.capacity import capacity_figure
from campus.figures.chains import chains_figure
from campus.figures.collection import collection_figure
from campus.figures.dispatch import dispatch_figure
from campus.figures.gap import gap_figure
from campus.figures.map import map_figure
from campus.figures.one_line import one_line_figure
from campus.figures.ph import ph_figure
from campus.figures.sankey import network_sankey_figure, sankey_figure
from campus.figures.tornado import tornado_figure
from campus.figures.tq import tq_figure
from campus.figures.ts import ts_figure
from campus.figures.twin_sankey import twin_sankey_figure
from campus.figures.voltage import voltage_figure
from campus.figures.voltage_profile import voltage_profile_figure

__all__ = [
    "bands_figure",
    "capacity_figure",
    "chains_figure",
    "collection_figure",
    "dispatch_figure",
    "gap_figure",
    "map_figure",
    "network_sankey_figure",
    "one_line_figure",
    "ph_figure",
    "sankey_figure",
    "tornado_figure",
    "tq_figure",
    "ts_figure",
    "twin_sankey_figure",
    "voltage_figure",
    "voltage_profile_figure",
]
