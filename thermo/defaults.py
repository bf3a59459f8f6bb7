"""Default values of the block, each with its source and grade, from `data/block_defaults.json`."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> Any:
    """A shipped data table by file name without `.json`."""
    return json.loads(files("thermo").joinpath("data", f"{name}.json").read_text("utf-8"))


def default(name: str) -> float:
    """Default value by name.

    >>> default("LHV_fuel_J_kg")
    50000000.0
    """
    return float(_by_name()[name]["value"])


@cache
def _by_name() -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in table("block_defaults")["rows"]}


def assumptions() -> list[dict[str, Any]]:
    """Every default as a row {name, value, unit, source, grade, note}, for a report's table of assumptions."""
    return [dict(row) for name in ("block_defaults", "machines") for row in table(name)["rows"]]
