"""A year's energy from fuel to racks: every flow of the Sankey, closed node by node."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from campus.block_year import FUEL, HEAT, NET
from campus.chains import COOLING_OF_LOSSES

if TYPE_CHECKING:
    from campus.pipeline import Solved

CO2, SHAFT, TERMINALS, BUS, RACKS = (
    "heat to the CO2",
    "turbine shaft",
    "rectifier output",
    "block DC bus",
    "racks, 50 V",
)
REJECTED = "heat rejected in the cooler"
# Losses in thermo's account -> the node that they leave.
LEAVES = {
    "stack loss": FUEL,
    "heater casing loss": FUEL,
    REJECTED: CO2,
    "bearings, seals and windage": SHAFT,
    "gearbox loss": SHAFT,
    "generator loss": SHAFT,
    "rectifier loss": SHAFT,
    "cooler fans": TERMINALS,
    "cooling water pumps": TERMINALS,
    "basin heater": TERMINALS,
    "auxiliaries": TERMINALS,
    "heater blower": TERMINALS,
    "load bank": TERMINALS,
}


def hourly_blocks_MW(s: Solved) -> pd.DataFrame:
    """All running blocks together: every power of their account, by hour [MW]."""
    assert s.sized.dispatch is not None
    W_unit_W, on = s.year.per_block_W(s.sized.dispatch)
    return pd.DataFrame({name: flow * on / 1e6 for name, flow in s.year.flows_W(W_unit_W).items()})


def energy_table(s: Solved, blocks_MW: pd.DataFrame) -> pd.DataFrame:
    """Flows of the year: columns source, target, kind (fuel, heat, power, loss), GWh.

    Where load is shed, racks, their cooling and the network's losses of that hour are cut by the same share.
    """
    rows = [*_block_rows(s, blocks_MW), *_network_rows(s)]
    return pd.DataFrame(rows, columns=["source", "target", "kind", "GWh"])


def _block_rows(s: Solved, blocks_MW: pd.DataFrame) -> list[tuple[str, str, str, float]]:
    total = {name: float(blocks_MW[name].sum()) / 1e3 for name in blocks_MW}
    lost = {name: total[name] for name in LEAVES if name in total}
    into_shaft = total[HEAT] - total[REJECTED]
    shaft_losses = sum(power for name, power in lost.items() if LEAVES[name] == SHAFT)
    rows = [
        (s.year.source, CO2, "fuel", total[HEAT]),
        (CO2, SHAFT, "heat", into_shaft),
        (SHAFT, TERMINALS, "power", into_shaft - shaft_losses),
        (TERMINALS, BUS, "power", total[NET]),
    ]
    if s.year.source != FUEL:
        assert s.sized.dispatch is not None
        rows.append((s.year.source, "heat dumped", "loss", float(s.sized.dispatch["dump_MWth"].sum()) / 1e3))
    return rows + [(LEAVES[name], name, "loss", power) for name, power in lost.items()]


def _network_rows(s: Solved) -> list[tuple[str, str, str, float]]:
    d = s.sized.dispatch
    assert d is not None
    served = 1.0 - d["lost_load_MW"].to_numpy() / d["load_MW"].to_numpy()
    curves = s.grid.curves
    rows = [(BUS, RACKS, "power", float((served * s.rack_MW).sum()) / 1e3)]
    rows.append(
        (BUS, "cooling of the racks", "power", float((served * curves.cooling_MW(s.rack_MW)).sum()) / 1e3)
    )
    for stage, loss in curves.losses_MW(s.rack_MW).items():
        name = stage if stage == COOLING_OF_LOSSES else f"{stage} loss"
        rows.append(
            (BUS, name, "power" if stage == COOLING_OF_LOSSES else "loss", float((served * loss).sum()) / 1e3)
        )
    rows.append((BUS, "battery loss", "loss", float((d["charge_MW"] - d["discharge_MW"]).sum()) / 1e3))
    return rows


def residual(energy: pd.DataFrame) -> float:
    """Largest imbalance of a node that has both inflow and outflow, over the fuel."""
    entering = energy.groupby("target")["GWh"].sum()
    leaving = energy.groupby("source")["GWh"].sum()
    inner = entering.index.intersection(leaving.index)
    fuel = float(leaving[energy["source"].iloc[0]])
    return float(np.max(np.abs(entering[inner] - leaving[inner]))) / fuel
