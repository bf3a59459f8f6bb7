"""AC or DC: each chain against the DC chain with its band, at the two boundaries that are never mixed.

A, same blocks: from the turbine shaft, each stage's loss over the year as in the table of losses. B, same MV grid: the
same racks supplied from MV terminals; solved at a few load levels, weighted by the hours of the year.

The band is P10 to P90 of paired samples of the stages' losses (`dcgrid.compare`); a verdict is given only where both
have one sign.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

import dcgrid
import dcgrid.chains
from campus.build_grid import n_racks, sidecar_type
from campus.chains import chosen_feed, redundancy, upstream
from campus.sizing_inputs import BLOCK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from campus.case import Case
    from campus.pipeline import Solved

LEVELS_B = (0.2, 0.5, 0.75, 1.0)
COLUMNS = ["chain", "against", "loss_percent", "points_over_dc", "P10", "P90", "saved_MWh", "saved_P10_MWh",
           "saved_P90_MWh", "saved_USD", "saved_P10_USD", "saved_P90_USD", "verdict"]  # fmt: skip
GRID = "MV grid terminals"
TORNADO_ROWS = 10


def year_ledger(chain: pd.DataFrame, hours: float) -> dcgrid.Ledger:
    """A chain's year in the table of losses as a ledger of mean powers."""
    watt = 1e6 / hours
    stages = tuple(
        dcgrid.Stage(
            row["stage"], watt * row["p_in_MWh"], watt * row["p_out_MWh"], watt * row["loss_MWh"], None,
            row["source"] or "", row["grade"], key=row["key"],
        )
        for row in chain.to_dict("records")
    )  # fmt: skip
    return dcgrid.Ledger(
        str(chain["chain"].iloc[0]), "turbine shaft to the 50 V rack bus", stages, "turbine shaft"
    )


def compared(losses: pd.DataFrame, hours: float, price_USD_MWh: float | None) -> list[dcgrid.Comparison]:
    """The DC chain (the first) against each AC chain over the year, in the order of the table."""
    parts = [part for _, part in losses.groupby("chain", sort=False)]
    dc, *ac = (year_ledger(part, hours) for part in parts)
    return [dcgrid.compare(dc, other, price_USD_MWh, hours_h=hours) for other in ac]


def _row(c: dcgrid.Comparison, loss_percent: float) -> tuple[object, ...]:
    words = {"DC better": "DC loses less", "AC better": "AC loses less"}.get(c.answer, c.answer)
    return (
        c.b, c.a, loss_percent, c.points, c.p10_points, c.p90_points, c.input_saved_MWh, c.input_saved_P10_MWh,
        c.input_saved_P90_MWh, c.saving_USD, c.saving_P10_USD, c.saving_P90_USD, words,
    )  # fmt: skip


def verdict_table(losses: pd.DataFrame, found: list[dcgrid.Comparison]) -> pd.DataFrame:
    """Comparison A: one row a chain, DC first.

    Columns chain, against, loss_percent (of its shaft energy, a year), points_over_dc with P10 and P90, energy at the
    shaft that DC saves and its worth with theirs, verdict. Numbers of the DC row are missing.
    """
    loss = 100 * losses.groupby("chain", sort=False)["share_of_shaft"].sum()
    dc = (loss.index[0], "–", float(loss.iloc[0]), 0.0, *[None] * 8, "–")
    rows = [dc, *(_row(c, float(loss[c.b])) for c in found)]
    return pd.DataFrame(rows, columns=COLUMNS).astype(dict.fromkeys(COLUMNS[2:-1], float))


def tornado_table(c: dcgrid.Comparison) -> pd.DataFrame:
    """What moves the points between two chains: one kind of equipment at its low and its high loss, widest first."""
    return pd.DataFrame(
        {
            "against": c.b,
            "equipment": row.key,
            "stages": row.stages,
            "in_both": row.shared,
            "low_factor": row.low_factor,
            "high_factor": row.high_factor,
            "low_points": row.low_points,
            "high_points": row.high_points,
            "source": row.source,
            "grade": row.grade,
        }
        for row in c.tornado[:TORNADO_ROWS]
        if row.swing_points > 5e-4
    )


def chains_spec(case: Case, blocks: int) -> dcgrid.ChainsSpec:
    """The case's racks, lengths and redundancy, for chains that begin at the MV grid."""
    net, beside = case.dc_network, redundancy(case)
    return dcgrid.ChainsSpec(
        n_racks=n_racks(case),
        rack_p_w=case.load.P_rack_W,
        n_blocks=blocks,
        block_p_w=case.block.W_net_W,
        racks_per_row=net.racks_per_row,
        distance_m=net.collection_m,
        feeder_m=net.feeder_m,
        rack_pitch_m=net.rack_pitch_m,
        drop_max_frac=net.voltage_drop_max,
        v_bus_v=net.v_bus_V,
        module_w=net.P_sidecar_module_W,
        redundancy=beside["psu_redundancy"],
        ups_redundancy=beside["ups_redundancy"],
        transformer_redundancy=beside["transformer_redundancy"],
        sidecar_std_type=sidecar_type(case),
        cooling_per_W=case.load.it_cooling_fraction,
        buffer_standby=net.buffer_standby,
        bipolar=net.bipolar,
    )


def hours_at(levels: tuple[float, ...], load: np.ndarray) -> np.ndarray:
    """Hours at each level, so that hours and energy of a load profile (per unit) stay: each hour parts between two levels.

    Loads below the lowest level count there.

    >>> hours_at((0.5, 1.0), np.array([0.75, 1.0, 0.2])).tolist()
    [1.5, 1.5]
    """
    at = np.clip(load, levels[0], levels[-1])
    low = np.clip(np.searchsorted(levels, at, side="right") - 1, 0, len(levels) - 2)
    grid = np.asarray(levels)
    part = (at - grid[low]) / (grid[low + 1] - grid[low])
    n = len(levels)
    return np.bincount(low, 1.0 - part, n) + np.bincount(low + 1, part, n)


def grid_verdict_table(s: Solved, price_USD_MWh: float | None) -> pd.DataFrame:
    """Comparison B: each DC chain against each AC chain from the MV grid's terminals; columns as `verdict_table`, and
    loss_against_percent, the DC chain's loss.

    Raises
    ------
    dcgrid.RunError
        If a chain has no operating point at some level.
    """
    assert s.sized.units is not None
    spec = chains_spec(s.case, s.sized.units[BLOCK])
    return _versus(s, spec, "B", dcgrid.chain_names("B"), price_USD_MWh)


def native_verdict_table(s: Solved, price_USD_MWh: float | None) -> pd.DataFrame:
    """Comparison A for racks that take 800 V themselves: one converter to 12 V on the DC side, power shelf and 12 V
    converter on the AC side, all compared at 12 V; columns as `grid_verdict_table`."""
    assert s.sized.units is not None
    spec = replace(
        chains_spec(s.case, s.sized.units[BLOCK]),
        v_bus_v=800.0,
        native_800=True,
        upstream=upstream(s.block),
        upstream_ac2=upstream(s.block, "generator"),
    )
    start = "AC2" if chosen_feed(s.case, s.block) == "generator" else "AC1"
    names = [name for name in dcgrid.chain_names("A") if name.startswith(("DC", start))]
    return _versus(s, spec, "A", names, price_USD_MWh)


def _versus(
    s: Solved, spec: dcgrid.ChainsSpec, comparison: str, names: Sequence[str], price_USD_MWh: float | None
) -> pd.DataFrame:
    """Each DC chain against each AC chain, solved at a few load levels and weighted by the hours of the year."""
    rack_W = s.case.load.P_it_MW * 1e6 / spec.n_racks
    hours = hours_at(LEVELS_B, s.rack_MW / s.case.load.P_it_MW)
    loads = [level * rack_W for level in LEVELS_B]
    solved = {name: dcgrid.chain_ledgers(spec, comparison, name, loads) for name in names}
    lost = {
        name: 100 * sum(h * x.loss_w for h, x in zip(hours, ledgers, strict=True))
        / sum(h * x.p_in_w for h, x in zip(hours, ledgers, strict=True))
        for name, ledgers in solved.items()
    }  # fmt: skip
    dc = [name for name in names if name.startswith("DC")]
    rows = [
        (*_row(dcgrid.compare_year(solved[d], solved[a], list(hours), price_USD_MWh), lost[a]), lost[d])
        for d in dc
        for a in names
        if a not in dc
    ]
    table = pd.DataFrame(rows, columns=[*COLUMNS, "loss_against_percent"])
    return table.astype(dict.fromkeys([*COLUMNS[2:-1], "loss_against_percent"], float))


def tails_table(s: Solved) -> pd.DataFrame:
    """What follows the 50 V bus in every chain at full load, shown and never counted: columns stage, efficiency_percent,
    source, grade."""
    assert s.sized.units is not None
    spec = chains_spec(s.case, s.sized.units[BLOCK])
    rack_W = s.case.load.P_it_MW * 1e6 / spec.n_racks
    return pd.DataFrame(
        {
            "stage": x.name,
            "efficiency_percent": 100 * (x.efficiency or 0.0),
            "source": x.source,
            "grade": x.grade,
        }
        for x in dcgrid.chains.tails(spec, rack_W)
    )


def studies_table() -> pd.DataFrame:
    """Published comparisons, each with its own baseline and boundary; to show beside the result, not to average."""

    def words(value: object) -> str:
        return " to ".join(f"{x:g}" for x in value) if isinstance(value, list) else str(value)

    rows = [{**row, "value": words(row["value"])} for row in dcgrid.published_studies()]
    return pd.DataFrame(rows)
