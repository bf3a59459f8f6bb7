"""A second, simple recuperated CO2 cycle on the heat that the first cycle leaves between its own return and the source's.

The first cycle sends the stream back at T_back; the source wants it at T_out. The bottoming cycle's turbine inlet is
T_back - dT, and its own CO2 must return no hotter than T_out - dT. Its recuperator decides that: the more it recuperates,
the better the cycle and the hotter its return. So the recuperator's least difference is the unknown,

    T_co2_return(dT_recuperator) = T_out - dT          (monotone: falls with dT_recuperator; bisection)

with the low pressure optimised each time (`thermo.design`). Second-law efficiency: shaft power over the exergy that the
stream gives off, C [(T_in - T_out) - T_0 ln(T_in/T_out)].
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from thermo.heat_stream import FREEZE_MARGIN_K, ZERO_C, HeatStream
from thermo.spec import CycleSpec

if TYPE_CHECKING:
    from thermo.result import CycleResult

DT_RECUPERATOR_MIN_K, DT_RECUPERATOR_MAX_K = 5.0, 200.0
T_TURBINE_MIN_K = 500.0  # least of CycleSpec


@dataclass(frozen=True)
class Bottoming:
    """The bottoming cycle: shaft power [W], efficiencies, heat [W], temperatures [K]. None where there is none to be had."""

    ok: bool
    explain: str
    W_shaft_W: float | None = None
    eta_thermal: float | None = None
    eta_second_law: float | None = None
    Q_W: float | None = None
    T_turbine_in_K: float | None = None
    T_co2_return_K: float | None = None
    dT_recuperator_K: float | None = None
    p_low_Pa: float | None = None


def heat_exergy(stream: HeatStream, T_0_K: float) -> float:
    """Exergy [W] that a stream gives off between its inlet and least outlet temperature; surroundings at T_0_K.

    >>> round(heat_exergy(HeatStream(688.15, 533.15, 400e3, 15.0), 298.15) / 1e6, 1)
    31.6
    """
    s = stream
    return s.C_W_K * (s.T_in_K - s.T_out_min_K - T_0_K * log(s.T_in_K / s.T_out_min_K))


def co2_return_K(r: CycleResult) -> float:
    """Temperature [K] at which a simple or recompression cycle's CO2 enters its heater."""
    return r.states["htr_hp_outlet" if "htr_hp_outlet" in r.states else "ltr_hp_outlet"].T_K


def bottoming(stream: HeatStream, T_compressor_in_K: float, p_high_Pa: float = 25e6) -> Bottoming:
    """Bottoming cycle on a stream that must leave at `stream.T_out_min_K` [K].

    The stream's inlet is where the first cycle leaves it. Machine efficiencies follow from size.
    """
    from thermo.cycle.design_point import design

    T_turbine, T_wanted = stream.T_turbine_in_max_K, stream.T_out_min_K - stream.approach_K
    if T_turbine < T_TURBINE_MIN_K:
        return Bottoming(False, f"the heat left is at {T_turbine - ZERO_C:.0f} degC, too cold for a CO2 turbine "
                                f"({T_TURBINE_MIN_K - ZERO_C:.0f} degC)")  # fmt: skip
    if stream.T_freeze_K is not None and T_wanted < stream.T_freeze_K + FREEZE_MARGIN_K:
        least = stream.T_freeze_K + FREEZE_MARGIN_K - ZERO_C
        return Bottoming(False, f"its CO2 would have to return at {T_wanted - ZERO_C:.0f} degC; {stream.name} would freeze: "
                                f"at least {least:.0f} degC")  # fmt: skip
    Q = stream.Q_available_W

    def cycle(dT: float, W: float) -> CycleResult:
        return design(CycleSpec(layout="simple_recuperated", W_net_W=W, T_turbine_in_K=T_turbine, p_high_Pa=p_high_Pa,
                                T_compressor_in_K=T_compressor_in_K, dT_min_K=dT))  # fmt: skip

    W = min(max(0.2 * Q, 1e4), 1e9)
    lo, hi = DT_RECUPERATOR_MIN_K, DT_RECUPERATOR_MAX_K
    r = cycle(lo, W)
    if r.outcome.ok and co2_return_K(r) > T_wanted:
        coldest = cycle(hi, W)
        while not coldest.outcome.ok and hi > 2.0 * lo:  # no recuperator has so great a difference
            hi *= 0.8
            coldest = cycle(hi, W)
        if not coldest.outcome.ok or co2_return_K(coldest) > T_wanted:
            return Bottoming(False, f"no simple cycle returns its CO2 at {T_wanted - ZERO_C:.0f} degC from "
                                    f"{T_turbine - ZERO_C:.0f} degC")  # fmt: skip
        for _ in range(12):
            mid = 0.5 * (lo + hi)
            r = cycle(mid, W)
            if r.outcome.ok and co2_return_K(r) > T_wanted:
                lo = mid
            else:
                hi = mid
            if hi - lo < 0.1:
                break
    if r.outcome.ok and r.eta_thermal is not None:
        r = cycle(
            hi if co2_return_K(r) > T_wanted else r.spec.dT_min_K or lo, min(max(r.eta_thermal * Q, 1e4), 1e9)
        )
    if not r.outcome.ok or r.eta_thermal is None:
        return Bottoming(False, f"bottoming cycle: {r.explain}")
    work = r.eta_thermal * Q
    back = co2_return_K(r)
    T_0 = r.T_ambient_K or T_compressor_in_K
    words = (
        f"a simple bottoming cycle from {T_turbine - ZERO_C:.0f} degC, CO2 back at {back - ZERO_C:.0f} degC, makes "
        f"{work / 1e6:.1f} MW of shaft power ({r.eta_thermal:.1%}) of the {Q / 1e6:.0f} MW left"
    )
    return Bottoming(True, words, work, r.eta_thermal, work / heat_exergy(stream, T_0), Q, T_turbine, back,
                     r.spec.dT_min_K, r.p_low_Pa)  # fmt: skip
