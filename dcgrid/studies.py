"""Published comparisons of AC and DC supply, each with its own baseline and boundary: to show beside a result."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources
from typing import Any


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        (resources.files("dcgrid") / "data" / "ac_dc_studies.json").read_text(encoding="utf-8")
    )
    return found


def published_studies() -> list[dict[str, object]]:
    """Rows {id, study, year, quantity, value, unit, baseline, boundary, load, paid_by, source, grade, note}.

    `value` is a number, a range [low, high] or words. The rows must not be averaged or ranked: some count energy, some
    losses, some points, and "not stated" is what the reader was told of the baseline.

    Examples
    --------
    >>> best = [r for r in published_studies() if r["id"] == "lbnl2008" and "best" in str(r["quantity"])]
    >>> best[0]["value"], best[0]["baseline"]
    ([0.05, 0.07], 'best AC of the time')
    """
    return [dict(row) for row in _data()["studies"]]


def reading_rule() -> str:
    """How to read the rows."""
    return str(_data()["rule"])
