"""How a block wears: output and efficiency after years of operation, with overhauls.

    f(y) = 1 - d (y - n T) - (1 - r) d T n,   n = floor(y/T)

d: loss per year; T: years between overhauls; r: share of the loss since the last overhaul that one brings back. Grade
of the defaults: assumption; no sCO2 fleet exists.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

from thermo.checks import SpecError, check_ranges
from thermo.defaults import default

_RANGES: dict[str, tuple[float, float, str]] = {
    "output_1_year": (0.0, 0.2, "1/year"),
    "efficiency_1_year": (0.0, 0.2, "1/year"),
    "overhaul_years": (0.25, 40.0, "years"),
    "overhaul_recovery": (0.0, 1.0, "-"),
}
_DEFAULTS = {
    "output_1_year": "degradation_output_1_year",
    "efficiency_1_year": "degradation_efficiency_1_year",
}


@dataclass(frozen=True)
class DegradationSpec:
    """Losses per year of output and of efficiency (relative), overhaul interval [years] and its recovery. None:
    default."""

    output_1_year: float | None = None
    efficiency_1_year: float | None = None
    overhaul_years: float | None = None
    overhaul_recovery: float | None = None

    def __post_init__(self) -> None:
        problems = check_ranges(self, _RANGES, set(_RANGES))
        if problems:
            raise SpecError([f"degradation.{p}" for p in problems])


def _value(spec: DegradationSpec, name: str) -> float:
    given = getattr(spec, name)
    return default(_DEFAULTS.get(name, name)) if given is None else float(given)


def degradation_factors(years: float, spec: DegradationSpec | None = None) -> tuple[float, float]:
    """Factors on output and on efficiency after years of operation.

    >>> output, efficiency = degradation_factors(7.0)
    >>> round(output, 4), round(efficiency, 4)
    (0.98, 0.988)
    """
    spec = spec or DegradationSpec()
    if not 0.0 <= years <= 100.0:
        raise ValueError(f"years: {years:g} is out of range; allowed 0 to 100 years")
    T, r = _value(spec, "overhaul_years"), _value(spec, "overhaul_recovery")
    n = floor(years / T)
    lost = (years - n * T) + (1.0 - r) * T * n
    output, efficiency = (
        max(0.0, 1.0 - _value(spec, k) * lost) for k in ("output_1_year", "efficiency_1_year")
    )
    return output, efficiency
