"""Campuses that the sizing tests share."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sizing

VALIDATION = Path(__file__).parents[1] / "validation"


def reference_campus(**changes: Any) -> sizing.SizingInputs:
    """campus_reference.json as inputs; outage rates are those of its worked availability table."""
    folder = VALIDATION / "campus_reference"
    data = json.loads((folder / "campus_reference.json").read_text())
    hourly = np.loadtxt(folder / "campus_reference_hourly.csv", delimiter=",", skiprows=1)
    h, s, battery = data["heater"], data["smr"], data["battery"]
    heater = sizing.HeatSource(
        "heater", h["module_MWth"], h["annual_cost_USD_per_MWth"], h["variable_USD_per_MWh_th"], FOR=0.01
    )
    smr = sizing.HeatSource(
        "smr",
        s["module_MWth"],
        s["annual_cost_USD_per_MWth"],
        s["variable_USD_per_MWh_th"],
        min_load=s["min_load"],
        FOR=0.05,
    )
    blocks = [
        sizing.BlockType(
            b["name"],
            "heat",
            b["Q_module_MWth"],
            efficiency=b["efficiency"],
            annual_cost_USD_per_MWth=b["annual_cost_USD_per_MWth"],
            vom_USD_per_MWh_th=b["vom_USD_per_MWh_th_in"],
            capacity_factor=hourly[:, 2],
            min_load=b["min_load"],
            start_cost_USD=b["start_cost_USD"],
            FOR=0.03,
        )
        for b in data["blocks"]
    ]
    fields: dict[str, Any] = {
        "load_MW": hourly[:, 1],
        "pools": (sizing.HeatPool("heat", (heater, smr)),),
        "blocks": blocks,
        "battery": sizing.Battery(
            battery["hours"], battery["annual_cost_USD_per_MW"], 0.0, battery["efficiency_one_way"]
        ),
        "lost_load": "priced",
        "voll_USD_per_MWh": data["voll_USD_per_MWh"],
        "reserve_margin": data["reserve_margin"],
    }
    return sizing.SizingInputs(**(fields | changes))


def gas_campus(
    hours: int = 24,
    load_MW: Any = None,
    block: dict[str, Any] | None = None,
    heater: dict[str, Any] | None = None,
    dump_allowed: bool = True,
    **changes: Any,
) -> sizing.SizingInputs:
    """One type of 5 MW gas-fired block with a part-load curve, in a climate with a hot afternoon."""
    t = np.arange(hours)
    load = 30 + 8 * np.sin(2 * np.pi * (t - 9) / 24) if load_MW is None else np.asarray(load_MW, float)
    T_C = 15 + 10 * np.sin(2 * np.pi * (t / 8760 - 0.3)) + 6 * np.sin(2 * np.pi * (t - 9) / 24)
    b: dict[str, Any] = {
        "heat_curve": [(0.3, 0.40), (0.5, 0.56), (0.75, 0.775), (1.0, 1.0)],
        "rated_output_MW": 5.0,
        "annual_cost_USD_per_MWth": 8e4,
        "vom_USD_per_MWh_th": 1.0,
        "output_factor": np.clip(1.05 - 0.006 * (T_C - 10), 0.8, 1.08),
        "heat_factor": 1 + 0.004 * (T_C - 15),
        "FOR": 0.03,
    }
    h: dict[str, Any] = {
        "module_MWth": 12.5,
        "annual_cost_USD_per_MWth": 28600.0,
        "variable_cost_USD_per_MWh_th": 30.0,
        "FOR": 0.01,
    }
    source = sizing.HeatSource("heater", **(h | (heater or {})))
    fields: dict[str, Any] = {
        "load_MW": load,
        "weights": None if hours == 8760 else np.full(hours, 8760 / hours),
        "pools": (sizing.HeatPool("gas", (source,), dump_allowed),),
        "blocks": (sizing.BlockType("block", "gas", 12.5, **(b | (block or {}))),),
    }
    return sizing.SizingInputs(**(fields | changes))


@pytest.fixture(scope="session")
def reference() -> sizing.SizingInputs:
    return reference_campus()


@pytest.fixture(scope="session")
def make_gas() -> Callable[..., sizing.SizingInputs]:
    return gas_campus


@pytest.fixture(scope="session")
def make_reference() -> Callable[..., sizing.SizingInputs]:
    return reference_campus


@pytest.fixture(scope="session")
def reliability() -> dict[str, Any]:
    return json.loads((VALIDATION / "reliability" / "reliability.json").read_text())


@pytest.fixture(scope="session")
def check_closed() -> Callable[[sizing.SizingInputs, sizing.SizingResult], None]:
    """Energy closes each hour and costs sum to the objective."""

    def check(inputs: sizing.SizingInputs, r: sizing.SizingResult) -> None:
        assert r.outcome.ok, r.explain
        assert r.dispatch is not None
        assert r.costs is not None
        assert r.objective_USD_per_year is not None
        d, load = r.dispatch, inputs.bus_load_MW
        made = sum(d[f"{b.name}_output_MW"] for b in inputs.blocks)
        error = made + d.discharge_MW - d.charge_MW + d.lost_load_MW - load
        assert np.abs(error).max() <= 1e-9 * load.max()
        heat = sum(d[f"{s.name}_heat_MWth"] for s in inputs.sources)
        used = sum(d[f"{b.name}_heat_MWth"] for b in inputs.blocks) + d.dump_MWth
        assert np.abs(heat - used).max() <= 1e-9 * heat.max() + 1e-9
        assert sum(r.costs.values()) == pytest.approx(r.objective_USD_per_year, rel=1e-9)
        assert r.lower_bound_USD_per_year is not None
        assert r.lower_bound_USD_per_year <= r.objective_USD_per_year * (1 + 1e-9)

    return check
