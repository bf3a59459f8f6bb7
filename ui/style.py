"""How all pages look: figures in light and dark, plain tables, and numbers rounded to what they deserve."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go
import streamlit as st

from campus.figures.theme import GRID, INK, MUTED

#: Ink, muted text and grid of the figures on a dark page.
DARK = {INK: "#e8eef4", MUTED: "#a9b8c6", GRID: "#2b3947"}
#: Shape and words beside every colour that says something.
MARKS = {"DC better": "●", "AC better": "■", "undecided": "◇"}
GRADES = {"cited": "▲ cited", "solved": "▲ solved", "derived": "△ derived", "assumption": "▽ assumption"}

CSS = """<style>
.block-container {padding-top: 3.6rem; padding-bottom: 3rem; max-width: 1600px;}
h1 {font-size: 2rem !important; padding: 0 0 0.3rem 0 !important;}
.h2r {width: 100%; border-collapse: collapse; font-size: 0.88rem; font-variant-numeric: tabular-nums;}
.h2r caption {text-align: left; font-weight: 600; padding: 0.2rem 0;}
.h2r th {text-align: left; font-weight: 600; border-bottom: 1.5px solid currentColor; padding: 0.2rem 0.5rem 0.2rem 0;}
.h2r td {border-bottom: 1px solid rgba(128,140,152,0.3); padding: 0.17rem 0.5rem 0.17rem 0; vertical-align: top;}
.h2r .n {text-align: right; white-space: nowrap; padding-right: 1.2rem;}
.h2r tr.total td {font-weight: 700; border-top: 1.5px solid currentColor;}
.h2r tr.tail td {opacity: 0.65; font-style: italic;}
.verdict {border-left: 6px solid; border-radius: 0.4rem; padding: 0.7rem 1rem; background: rgba(128,140,152,0.10);}
.verdict .head {font-size: 1.5rem; font-weight: 700; line-height: 1.25;}
</style>"""


def dark() -> bool:
    """Whether the reader's page is dark."""
    return getattr(getattr(st.context, "theme", None), "type", None) == "dark"


def for_page(figure: go.Figure, is_dark: bool) -> go.Figure:
    """The figure in the colours of the page: ink, muted text and grid change, the data's colours stay.

    >>> from campus.figures.theme import styled
    >>> for_page(styled(go.Figure()), True).layout.font.color
    '#e8eef4'
    """
    if not is_dark:
        return figure
    text = figure.to_json()
    for light, darker in DARK.items():
        text = text.replace(light, darker)
    return go.Figure(json.loads(text))


def draw(figure: go.Figure, key: str) -> None:
    """Show a figure of `campus.figures` on the page."""
    st.plotly_chart(
        for_page(figure, dark()), theme=None, key=key, config={"displaylogo": False, "displayModeBar": False}
    )


def digits(value: float, n: int = 3) -> str:
    r"""A number with `n` digits that count, without exponent.

    >>> digits(210.84), digits(0.03144), digits(12345.6), digits(0.0)
    ('211', '0.0314', '12\u202f300', '0')
    """
    if value == 0.0:
        return "0"
    from math import floor, log10

    rounded = round(value, n - 1 - floor(log10(abs(value))))
    places = n - 1 - floor(log10(abs(rounded)))
    return f"{rounded:,.{max(places, 0)}f}".replace(",", "\u202f")


def points(value: float) -> str:
    """Percentage points with their sign; one decimal, since bands are about a point wide.

    >>> points(3.9221), points(-0.04)
    ('+3.9', '0.0')
    """
    rounded = round(value, 1)
    return "0.0" if rounded == 0.0 else f"{rounded:+.1f}".replace("-", "−")


def table(
    caption: str, heads: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]], numeric: Sequence[int] = ()
) -> str:
    """A plain table; each row is (class, cells), and all text is escaped."""

    def cell(tag: str, k: int, text: str) -> str:
        return f"<{tag}{' class=n' if k in numeric else ''}>{escape(text)}</{tag}>"

    head = "".join(cell("th", k, h) for k, h in enumerate(heads))
    body = "".join(
        f'<tr class="{kind}">' + "".join(cell("td", k, c) for k, c in enumerate(cells)) + "</tr>"
        for kind, cells in rows
    )
    title = f"<caption>{escape(caption)}</caption>"
    return f'<table class="h2r">{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
