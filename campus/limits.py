"""What limits the answer, in words: bounds that the block touches, the hour that binds, the hardest-worked parts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from campus.kpis import shown
from campus.reliability import supply_outage
from campus.sizing_inputs import BLOCK, HEATER

if TYPE_CHECKING:
    from campus.pipeline import Solved
    from campus.result import Kpi


def limits_table(
    s: Solved, branches: pd.DataFrame, kpis: Mapping[str, Kpi], network: Mapping[str, str]
) -> pd.DataFrame:
    """Columns what, says: one row a limit. `network` holds the words of margins and outages."""
    rows = [
        ("Block, design point", _block(s)),
        ("Hour that binds", _hour(s)),
        *(("Extreme dry bulb", text) for text in _extreme(s)),
        ("Count of units", _units(s)),
        *(("Most loaded " + what, text) for what, text in _network(branches)),
        ("Load on the network", f"{network['margins_text']}."),
        ("Any single outage", network["outages_text"]),
        ("Availability", _availability(s, kpis)),
        ("Cost", _cost(s)),
    ]
    return pd.DataFrame(rows, columns=["what", "says"])


def _block(s: Solved) -> str:
    bounds = s.block.active_bounds
    return f"{'; '.join(bounds)}." if bounds else "no pressure, temperature or split is at a bound."


def _extreme(s: Solved) -> list[str]:
    """What the 20-year extreme asks beyond the hours of the weather file; nothing if the case names none."""
    if s.year.reserve_margin is None or s.case.site.T_extreme_K is None or s.sized.dispatch is None:
        return []
    peak_MW, each_MW = (
        float(s.sized.dispatch["load_MW"].max()),
        s.year.W_rated_W / 1e6 / s.year.reserve_margin,
    )
    share, T_extreme_C = 100 / s.year.reserve_margin, s.case.site.T_extreme_K - 273.15
    rise_K = s.case.site.dT_recirculation_K
    return [
        f"{T_extreme_C:.1f} °C and {rise_K:g} K of recirculation: a block gives {each_MW:.2f} MW "
        f"({share:.0f} % of its rated net power), so the peak of {peak_MW:.1f} MW asks for "
        f"{math.ceil(peak_MW / each_MW - 1e-9)} blocks."
    ]


def _hour(s: Solved) -> str:
    d = s.sized.dispatch
    assert d is not None
    load_MW = d["load_MW"].to_numpy()
    hour = int((load_MW / s.year.output_factor).argmax())
    each_MW = s.year.output_factor[hour] * s.year.W_rated_W / 1e6
    return (
        f"hour {hour}: {load_MW[hour]:.1f} MW at the block bus in {s.weather.T_dry_bulb_K[hour] - 273.15:.1f} °C, where a "
        f"block gives {each_MW:.2f} MW ({100 * s.year.output_factor[hour]:.0f} % of its rated net power)."
    )


def _units(s: Solved) -> str:
    units, spares, r = s.sized.units, s.sized.spares, s.case.reliability
    assert units is not None
    assert spares is not None
    words = {BLOCK: "blocks", HEATER: "reactors" if s.case.heat.source == "reactor" else "heaters"}
    most = {BLOCK: r.max_blocks, HEATER: r.max_heaters}
    return (
        "; ".join(
            f"{units[name] - spares[name]} {word} carry the year and {spares[name]} stand by"
            + (f" ({units[name]} of at most {most[name]} that fit)" if most[name] is not None else "")
            for name, word in words.items()
        )
        + "."
    )


def _network(branches: pd.DataFrame) -> Iterator[tuple[str, str]]:
    for kind, word in (("line", "conductor"), ("converter", "sidecar")):
        part = branches[branches["kind"] == kind].reset_index(drop=True)
        worst = part.iloc[int(np.argmax(part["loading"].to_numpy()))]
        size = f"{worst['parallel']} × {worst['std_type']}" if kind == "line" else worst["std_type"]
        of = "ampacity" if kind == "line" else "rating"
        yield (
            word,
            f"{worst['name']} ({size}): {100 * worst['loading']:.0f} % of its {of} at full rack load.",
        )


def _availability(s: Solved, kpis: Mapping[str, Kpi]) -> str:
    r, value = s.case.reliability, kpis["availability"].value
    assert value is not None
    dark_h = float(kpis["lolh_h_per_year"].value or 0.0)
    supply_h = len(s.rack_MW) * supply_outage(s.case)
    text = f"power is short in {shown(dark_h, 3)} hours a year"
    if supply_h > 0.5 * dark_h:
        text += f", {shown(supply_h, 3)} of them because the gas is out: another feed helps more than another block"
    elif supply_h > 0:
        text += f", {shown(supply_h, 3)} of them because the gas is out"
    if r.availability_target is not None:
        text += f"; {100 * r.availability_target:.7g} % of the hours was asked, {value:.6g} % is reached"
    return text + "."


def _cost(s: Solved) -> str:
    if s.sized.gap is None:
        return "no bound was proved: a better design may exist."
    if s.sized.gap < 5e-5:
        return "proved least within the case: annualised cost and proved lower bound agree to 0.01 %."
    return f"a better design may cost up to {100 * s.sized.gap:.2f} % less of the annualised cost."
