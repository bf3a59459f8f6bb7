"""A cycle designed together with its printed-circuit recuperators: pressure drops become results.

Design the cycle, size every recuperator for its duty, put the sized pressure drops in the place of the assumed fractions,
and again, until no fraction moves by more than 1e-4. Heater and cooler keep the fractions of the spec.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from thermo.cycle.design_point import design
from thermo.exchangers.pche import PcheGeometry, PcheResult, duty_of, size_pche
from thermo.outcome import Outcome
from thermo.result import CycleResult
from thermo.spec import CycleSpec, SpecError

DP_TOLERANCE, MAX_PASSES = 1e-4, 12
_SHORT = {"low_temperature_recuperator": "ltr", "high_temperature_recuperator": "htr"}


@dataclass(frozen=True)
class CycleWithPches:
    """The cycle, its recuperators by component name, the last change of a pressure-drop fraction and the passes made.

    `explain` is empty where the iteration closed; else `recuperators` is empty or of the last pass, and the cycle's pressure
    drops do not belong to them.
    """

    cycle: CycleResult
    recuperators: Mapping[str, PcheResult]
    dp_change: float
    passes: int
    explain: str = ""

    @property
    def ok(self) -> bool:
        """True where cycle and recuperators belong together."""
        return not self.explain


def design_with_pche(
    spec: CycleSpec, geometry: PcheGeometry | Mapping[str, PcheGeometry], *, mass_flux_hot_kg_m2s: float | None = None,
    dp_hot_frac: float | None = None, dp_cold_frac: float | None = None, length_m: float | None = None,
) -> CycleWithPches:  # fmt: skip
    """Fixed point of cycle and recuperators.

    Parameters
    ----------
    spec : CycleSpec
        Its `dp_ltr_*_frac` and `dp_htr_*_frac` are only the start.
    geometry : PcheGeometry or mapping
        One for all, or one for each component name.
    mass_flux_hot_kg_m2s, dp_hot_frac, dp_cold_frac, length_m : float
        Give exactly one, as for `size_pche`; pressure drops here as fractions of the inlet pressure.
    """
    given = {"mass_flux_hot_kg_m2s": mass_flux_hot_kg_m2s, "dp_hot_frac": dp_hot_frac, "dp_cold_frac": dp_cold_frac,
             "length_m": length_m}  # fmt: skip
    ways = {k: v for k, v in given.items() if v is not None}
    if len(ways) != 1:
        raise SpecError([f"pche: give one of {', '.join(given)}; {len(ways)} are given"])
    ((what, wanted),) = ways.items()
    sized: dict[str, PcheResult] = {}
    change = 1.0
    for k in range(1, MAX_PASSES + 1):
        r = design(spec)
        if not r.outcome.ok:
            return CycleWithPches(r, {}, change, k, f"the cycle has no answer: {r.explain}")
        found = _size_all(r, geometry, what, wanted)
        if isinstance(found, str):
            return CycleWithPches(r, {}, change, k, found)
        sized = found
        new: dict[str, Any] = {key: v for name, p in sized.items() for key, v in _fractions(name, p).items()}
        change = max(abs(v - getattr(spec, key)) for key, v in new.items())
        if change < DP_TOLERANCE:
            return CycleWithPches(r, sized, change, k)
        if max(new.values()) > 0.2:
            worst = max(new, key=lambda key: new[key])
            return CycleWithPches(r, sized, change, k, f"{worst} would be {new[worst]:.3f}; allowed up to 0.2: lower the "
                                  "mass flux, or take a wider channel")  # fmt: skip
        spec = replace(spec, **new)
    return CycleWithPches(
        r, sized, change, MAX_PASSES, f"pressure drops still move by {change:.1e} after {MAX_PASSES} passes"
    )


def _fractions(name: str, p: PcheResult) -> dict[str, float]:
    """Fields of the spec and the fractions of inlet pressure that the sized recuperator loses."""
    short, hot, cold = _SHORT[name], p.duty.hot, p.duty.cold
    return {
        f"dp_{short}_lp_frac": p.dp_hot_Pa / hot.p_in_Pa,
        f"dp_{short}_hp_frac": p.dp_cold_Pa / cold.p_in_Pa,
    }


def _size_all(
    r: CycleResult, geometry: PcheGeometry | Mapping[str, PcheGeometry], what: str, wanted: float
) -> dict[str, PcheResult] | str:
    sized = {}
    for c in r.components:
        if c.kind != "recuperator":
            continue
        g = geometry if isinstance(geometry, PcheGeometry) else geometry[c.name]
        duty = duty_of(c, r.states)
        side = {"dp_hot_frac": duty.hot, "dp_cold_frac": duty.cold}.get(what)
        key, value = (what, wanted) if side is None else (what.replace("frac", "Pa"), wanted * side.p_in_Pa)
        way: dict[str, Any] = {key: value}
        p = size_pche(duty, g, **way)
        if isinstance(p, Outcome):
            return f"no exchanger for the {c.name.replace('_', ' ')}: {p.value}"
        sized[c.name] = p
    return sized
