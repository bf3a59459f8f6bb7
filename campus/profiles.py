"""Hours of a year: the site's weather from a file, and the power of the racks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from campus.problems import CaseError, Problem

if TYPE_CHECKING:
    from campus.case import LoadProfile

HOURS = 8760


@dataclass(frozen=True)
class Weather:
    """One typical year.

    Attributes
    ----------
    T_dry_bulb_K, p_Pa : (8760,) arrays
    source : str
        First comment line of the file.
    """

    T_dry_bulb_K: np.ndarray
    p_Pa: np.ndarray
    source: str

    def T_exceeded_K(self, share: float = 0.004) -> float:
        """Dry bulb exceeded in `share` of the hours [K]; 0.4 % is ASHRAE's usual cooling design condition."""
        return float(np.quantile(self.T_dry_bulb_K, 1.0 - share))


def read_weather(path: Path) -> Weather:
    """Read an hourly weather file with the columns time, dry_bulb_C, rel_humidity_pct, pressure_Pa.

    Raises
    ------
    CaseError
        If columns or hours are missing, or values are no weather on this planet.
    """
    columns, source = _read_columns(path, "site.weather", ("dry_bulb_C", "pressure_Pa"))
    T_C, p_Pa = columns["dry_bulb_C"], columns["pressure_Pa"]
    problems = []
    if np.any((T_C < -60) | (T_C > 60)):
        worst = T_C[np.argmax(np.abs(T_C))]
        problems.append(
            Problem("site.weather", "has a dry bulb out of range", f"{worst:g} degC", "-60 to 60 degC")
        )
    if np.any((p_Pa < 50e3) | (p_Pa > 110e3)):
        problems.append(
            Problem("site.weather", "has a pressure out of range", f"{p_Pa.min():g} Pa", "50000 to 110000 Pa")
        )
    if problems:
        raise CaseError(problems, path.name)
    return Weather(T_C + 273.15, p_Pa, source)


def load_share(profile: LoadProfile, file: Path | None = None) -> np.ndarray:
    """Hourly rack power as share of its greatest hour, (8760,), greatest value 1.

    - *flat*: 1 in every hour.
    - *training*: level with a mean of `training_level`; checkpoint pauses last minutes and lower the hour by a few
      per cent; a restart of the whole job takes one to three hours at 40 % and comes about every 12 days.
    - *inference*: a day between `inference_night` and 1, quietest at 4 h, weekends 10 % lower, 2 % noise.
    - *mixed*: the two, added by `training_share` of the peak.
    - *file*: a column of the file, divided by its maximum.

    The shapes are assumptions: no public hourly year of an AI campus exists. Random numbers come from PCG64 with
    the seed of the case, so the same case has the same year everywhere.
    """
    if profile.kind == "flat":
        return np.ones(HOURS)
    if profile.kind == "file":
        assert file is not None
        return _share_from_file(file)
    rng = np.random.Generator(np.random.PCG64(profile.seed))
    training = _training(profile.training_level, rng)
    inference = _inference(profile.inference_night, rng)
    weight = {"training": 1.0, "inference": 0.0, "mixed": profile.training_share}[profile.kind]
    share = weight * training + (1.0 - weight) * inference
    return share / share.max()


def _training(level: float, rng: np.random.Generator) -> np.ndarray:
    share = np.clip(rng.normal(level, 0.02, HOURS), 0.3, 1.0)
    start = 0.0
    while (start := start + rng.exponential(12 * 24.0)) < HOURS:
        hour = int(start)
        share[hour : hour + int(rng.integers(1, 4))] = 0.4
    return share


def _inference(night: float, rng: np.random.Generator) -> np.ndarray:
    hour = np.arange(HOURS)
    day = 0.5 * (1.0 - np.cos(2.0 * np.pi * (hour % 24 - 4) / 24.0))
    weekend = np.where((hour // 24) % 7 >= 5, 0.9, 1.0)
    noise = rng.normal(1.0, 0.02, HOURS)
    return np.clip((night + (1.0 - night) * day) * weekend * noise, 0.0, 1.0)


def _share_from_file(path: Path) -> np.ndarray:
    columns, _ = _read_columns(path, "load.profile.file", ())
    names = [key for key in columns if key not in ("hour", "time")]
    if not names:
        what, hint = (
            "has no column of load beside the hour",
            "add a column with 8760 values, in any unit of load",
        )
        raise CaseError([Problem("load.profile.file", what, path.name, None, hint)], path.name)
    name = names[-1]
    values = columns[name]
    if np.any(values < 0) or values.max() <= 0:
        raise CaseError(
            [Problem("load.profile.file", f"column {name} is negative or zero throughout", path.name)],
            path.name,
        )
    return values / values.max()


def _read_columns(path: Path, where: str, needed: tuple[str, ...]) -> tuple[dict[str, np.ndarray], str]:
    import pandas as pd

    try:
        table = pd.read_csv(path, comment="#")
        with path.open(encoding="utf-8", errors="replace") as lines:
            first = lines.readline()
    except (ValueError, OSError, UnicodeDecodeError) as error:
        what = f"cannot be read as CSV: {' '.join(str(error).split())}"
        raise CaseError([Problem(where, what, path.name)], path.name) from None
    problems = [
        Problem(
            where,
            f"has no column {name}",
            path.name,
            None,
            f"columns here: {', '.join(map(str, table.columns))}",
        )
        for name in needed
        if name not in table
    ]
    if len(table) != HOURS:
        problems.append(Problem(where, "has the wrong number of hours", str(len(table)), f"{HOURS} rows"))
    columns = {
        str(name): pd.to_numeric(table[name], errors="coerce").to_numpy(float)
        for name in table
        if name != "time"
    }
    for name in needed or tuple(columns):
        if name in columns and np.any(~np.isfinite(columns[name])):
            row = int(np.argmax(~np.isfinite(columns[name]))) + 1
            problems.append(
                Problem(where, f"column {name} has a missing or unreadable value", f"data row {row}")
            )
    if not columns:
        problems.append(Problem(where, "has no column of numbers", path.name))
    if problems:
        raise CaseError(problems, path.name)
    return columns, first.removeprefix("#").strip() if first.startswith("#") else path.name
