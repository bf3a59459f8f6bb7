"""The verdict on DC against each AC chain, with the band within which none is given."""

from __future__ import annotations

import pandas as pd

UNDECIDED_POINTS = 0.5


def verdict(points: float) -> str:
    """In words, from the AC chain's loss less DC's [points of shaft energy].

    >>> verdict(2.4), verdict(-0.3)
    ('DC loses less', 'undecided')
    """
    if abs(round(points, 2)) <= UNDECIDED_POINTS:
        return "undecided"
    return "DC loses less" if points > 0 else "AC loses less"


def verdict_table(losses: pd.DataFrame) -> pd.DataFrame:
    """One row a chain, DC first: columns chain, loss_percent (of its shaft energy, a year), points_over_dc, verdict."""
    loss = 100 * losses.groupby("chain", sort=False)["share_of_shaft"].sum()
    over = loss - float(loss.iloc[0])
    words = ["–", *(verdict(float(points)) for points in over.iloc[1:])]
    return pd.DataFrame(
        {
            "chain": loss.index,
            "loss_percent": loss.to_numpy(),
            "points_over_dc": over.to_numpy(),
            "verdict": words,
        }
    )
