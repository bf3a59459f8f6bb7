"""Figures of a result: one file, one figure. Each takes the stored tables and gives a plotly figure; none computes."""

from __future__ import annotations

from campus.figures.bands import bands_figure
from campus.figures.capacity import capacity_figure
from campus.figures.chains import chains_figure
from campus.figures.dispatch import dispatch_figure
from campus.figures.map import map_figure
from campus.figures.one_line import one_line_figure
from campus.figures.ph import ph_figure
from campus.figures.sankey import network_sankey_figure, sankey_figure
from campus.figures.tornado import tornado_figure
from campus.figures.tq import tq_figure
from campus.figures.ts import ts_figure
from campus.figures.voltage_profile import voltage_profile_figure

__all__ = [
    "bands_figure",
    "capacity_figure",
    "chains_figure",
    "dispatch_figure",
    "map_figure",
    "network_sankey_figure",
    "one_line_figure",
    "ph_figure",
    "sankey_figure",
    "tornado_figure",
    "tq_figure",
    "ts_figure",
    "voltage_profile_figure",
]
