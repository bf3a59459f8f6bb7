"""The campus model: the constraints composed, over any steps, with integers free or fixed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sizing import constraints as rule
from sizing.inputs import Array, SizingInputs, spares_asked
from sizing.program import Arrays, Program
from sizing.steps import Steps
from sizing.storage_windows import storage_windows


@dataclass(frozen=True, eq=False)
class Model:
    """A built model: the program, where its columns stand, and the steps it runs over."""

    program: Program
    columns: rule.Columns
    steps: Steps


def build(
    inputs: SizingInputs, steps: Steps, least: dict[str, int] | None = None, year: Steps | None = None
) -> Model:
    """Compose the model. ``least`` asks for at least so many installed units by name.

    ``year`` is given when ``steps`` are clusters of it, and adds what a battery can carry over long runs of hours.
    """
    p, c = Program(), rule.Columns()
    rule.installed(p, c, inputs, steps, least or {})
    rule.block_output(p, c, inputs, steps)
    rule.block_heat(p, c, inputs, steps)
    rule.whole_units_on(p, c, inputs, steps)
    rule.heat_sources(p, c, inputs, steps)
    rule.heat_balance(p, c, inputs, steps)
    rule.battery(p, c, inputs, steps)
    rule.power_balance(p, c, inputs, steps)
    rule.heat_cut(p, c, inputs, steps)
    rule.whole_unit_floor(p, c, inputs, steps)
    rule.reserve(p, c, inputs, float(inputs.bus_load_MW.max()))
    if year is not None:
        storage_windows(p, c, inputs, steps, year)
    return Model(p, c, steps)


def units_from(model: Model, inputs: SizingInputs, x: Array) -> tuple[dict[str, int], dict[str, int]]:
    """(installed, needed) by unit name, rounded to the integers they are."""
    needed = {n: round(float(x[i][0])) for n, i in model.columns.needed.items()}
    spares = spares_asked(inputs)
    used = {n: round(float(x[i][0])) for n, i in model.columns.used.items()}
    installed = {n: k + spares[n] * used.get(n, 0) for n, k in needed.items()}
    return installed, needed


def in_service(inputs: SizingInputs, installed: dict[str, int]) -> dict[str, int]:
    """Units left when the k spares of each type asked for (N+k) are out; never below 0."""
    spares = spares_asked(inputs)
    return {n: max(k - spares[n], 0) for n, k in installed.items()}


def fix_units(
    model: Model, inputs: SizingInputs, installed: dict[str, int], output_top_MW: dict[str, Array]
) -> Arrays:
    """The model as a linear program with the unit counts fixed, and outputs limited further by ``output_top_MW``."""
    data = model.program.arrays()
    lower, upper = data.lower.copy(), data.upper.copy()
    spares, left = spares_asked(inputs), in_service(inputs, installed)
    for name, i in model.columns.needed.items():
        lower[i] = upper[i] = left[name]
    for name, i in model.columns.used.items():
        lower[i] = upper[i] = float(installed[name] >= spares[name] and installed[name] > 0)
    for name, top in output_top_MW.items():
        upper[model.columns.output[name]] = top
    return replace(data, lower=lower, upper=upper, integer=np.zeros_like(data.integer))
