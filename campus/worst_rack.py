"""How often the worst-placed rack has power: the units' availability times that of its own way from the pod's bus.

The worst-placed rack is the last of a full row, and the first to be shed: it counts as dark in every hour in which blocks,
heat modules or gas feeds cannot power all racks. Its way: pod bus, breaker, row feeder, a busway joint at every rack before
it, sidecar modules (k of n); with the second feeder, side or catcher bus that the row's feed has. A collection cable takes
its block with it and is not counted apart; nor are rack cooling and controls. As in the outage table, any block is taken to
serve any rack.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from dcgrid.path_availability import PathStep, components, path_availability, worst_path

if TYPE_CHECKING:
    from campus.pipeline import Solved

HOURS = 8760.0
WORDS = {"cable": "row feeder, km of cable runs", "sidecar module": "sidecar, modules with their spare"}


def worst_steps(s: Solved) -> tuple[PathStep, ...]:
    """The least available way of all pods."""
    lines = s.grid.net.line
    ways = []
    for number, pod in enumerate(s.grid.pods, 1):
        feeders = lines[(lines["role"] == "row feeder") & lines["name"].str.startswith(f"pod {number} / ")]
        ways.append(worst_path(pod, int(feeders["parallel"].max())))
    return min(ways, key=path_availability)


def rack_path_table(s: Solved) -> pd.DataFrame:
    """The way step by step: columns step, count, availability, hours_out (expected a year), source, grade."""
    return pd.DataFrame(
        {
            "step": WORDS.get(step.name, step.name),
            "count": step.count,
            "availability": step.availability,
            "hours_out": HOURS * (1.0 - step.availability),
            **_evidence(step),
        }
        for step in worst_steps(s)
    )


def _evidence(step: PathStep) -> dict[str, str]:
    """Where a step's failure data come from, and the weakest grade among them."""
    rows = [components()[name] for name in step.parts or (step.name,)]
    weak = any(row["grade"] == "assumption" for row in rows)
    return {
        "source": "; ".join(dict.fromkeys(row["source"] for row in rows)),
        "grade": "assumption" if weak else "cited",
    }


def worst_rack_availability(units_availability: float, path: pd.DataFrame) -> float:
    """Availability of the worst-placed rack, in the unit of that of the units."""
    return units_availability * float(path["availability"].to_numpy(float).prod())
