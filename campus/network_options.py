"""What else the campus' network could be: other voltages on the same racks, and how far 800 V collection reaches."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

import dcgrid
from campus.chains import upstream
from campus.sizing_inputs import BLOCK
from campus.verdicts import LEVELS_B, chains_spec, hours_at

if TYPE_CHECKING:
    from campus.pipeline import Solved

LEVELS = ((0.0, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1.01))


def variants_table(s: Solved) -> pd.DataFrame:
    """800 V, +-400 V, 380 V and medium voltage with solid-state transformers, from the turbine shaft on the same racks.

    Columns variant, loss_percent (of the energy at the shaft, a year), copper_t, V_to_earth, note; None where a variant
    has no operating point or no cable that meets its rules.
    """
    assert s.sized.units is not None
    spec = replace(
        chains_spec(s.case, s.sized.units[BLOCK]),
        upstream=upstream(s.block),
        upstream_ac2=upstream(s.block, "generator"),
    )
    rack_W = s.case.load.P_it_MW * 1e6 / spec.n_racks
    hours = hours_at(LEVELS_B, s.rack_MW / s.case.load.P_it_MW)
    rows: list[tuple[object, ...]] = []
    for name in dcgrid.VARIANTS:
        given = replace(spec, v_bus_v=800.0, bipolar=False, sidecar_std_type="800/50 V sidecar with fans")
        try:
            v = dcgrid.variant(given, name, [level * rack_W for level in LEVELS_B])
        except (dcgrid.NetworkError, dcgrid.RunError) as error:
            rows.append((name, None, None, None, f"no network: {error}"))
            continue
        lost = sum(h * x.loss_w for h, x in zip(hours, v.ledgers, strict=True))
        sent = sum(h * x.p_in_w for h, x in zip(hours, v.ledgers, strict=True))
        rows.append((name, 100.0 * lost / sent, v.copper_kg / 1e3, v.v_to_earth_v, "; ".join(v.notes)))
    columns = ["variant", "loss_percent", "copper_t", "V_to_earth", "note"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[1:4], float))


def collection_spec(s: Solved, price_USD_MWh: float) -> dcgrid.CollectionSpec:
    """One block's way to the hall, with the hours of the year at four levels of its load."""
    d = s.sized.dispatch
    assert d is not None
    on = d[f"{BLOCK}_units_on"].to_numpy()
    each_MW = np.divide(d[f"{BLOCK}_output_MW"].to_numpy(), on, out=np.zeros(len(d)), where=on > 0)
    load = np.minimum(each_MW * 1e6 / s.case.block.W_net_W, 1.0)
    levels = []
    for low, high in LEVELS:
        mine = load[(load >= low) & (load < high)]
        if len(mine):
            levels.append((float(np.sqrt(np.mean(mine**2))), float(len(mine))))
    e = s.case.economics
    return dcgrid.CollectionSpec(
        p_w=s.case.block.W_net_W,
        levels=tuple(levels),
        price_USD_MWh=price_USD_MWh,
        discount_rate=e.discount_rate_real,
        life_a=e.life_yr,
    )


def collection_tables(s: Solved, price_USD_MWh: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Break-even of every other way against 800 V; and every way's yearly cost at this campus' collection length.

    Break-even: columns instead, closed_form_m, catalogue_m, says, and what moves the closed form most (moves, from_m,
    to_m). At this distance: columns way, distance_m, USD_per_year, loss_points, copper_t, wires, limited_by.
    """
    from dcgrid.collection import OPTIONS, cost_at

    spec, length = collection_spec(s, price_USD_MWh), s.case.dc_network.collection_m
    rows: list[tuple[object, ...]] = []
    for o in OPTIONS[1:]:
        b = dcgrid.break_even(spec, o.name)
        known = [x for x in b.depends_on if x[1] is not None and x[2] is not None]
        widest = max(
            known, key=lambda x: abs(float(x[2] or 0.0) - float(x[1] or 0.0)), default=("", None, None)
        )
        rows.append((o.name, b.closed_form_m, b.catalogue_m, b.explain, *widest))
    columns = ["instead", "closed_form_m", "catalogue_m", "says", "moves", "from_m", "to_m"]
    numbers = ("closed_form_m", "catalogue_m", "from_m", "to_m")
    here: list[tuple[object, ...]] = []
    for o in OPTIONS:
        try:
            c = cost_at(spec, o.name, length)
        except dcgrid.NetworkError:
            here.append((o.name, length, None, None, None, "no cable meets the voltage drop", ""))
            continue
        here.append((o.name, length, c.total_USD, c.loss_points, c.copper_kg / 1e3, c.wires, c.limited_by))
    at = ["way", "distance_m", "USD_per_year", "loss_points", "copper_t", "wires", "limited_by"]
    return (
        pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(numbers, float)),
        pd.DataFrame(here, columns=at).astype(dict.fromkeys(at[1:5], float)),
    )
