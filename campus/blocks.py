"""The case's block: what thermo is asked, its answer, and that answer in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

import thermo
from campus.problems import CaseError, Problem, did_you_mean

if TYPE_CHECKING:
    from campus.case import Case
    from campus.profiles import Weather

LOADS = (0.4, 0.5, 0.6, 0.7, 0.85, 1.0)
AMBIENT_NODES = 9
THREADS = 2
WITHOUT_RECOMPRESSOR = ("turbine_split", "cascade")
SHAFT_POWER_LEAST = (
    0.97  # of the cycle's; the spread of its assumed efficiencies is about as large as the rest
)


def design_ambient_K(case: Case, weather: Weather) -> float:
    """Air temperature for which blocks are rated [K]: dry bulb as given, else that exceeded in 0.4 % of the hours (in the
    weather, which holds the recirculation rise already)."""
    if case.site.T_design_K is not None:
        return case.site.T_design_K + case.site.dT_recirculation_K
    return weather.T_exceeded_K()


def extreme_ambient_K(case: Case) -> float | None:
    """Air temperature at the coolers in the site's extreme hour [K]; None if the case names none."""
    if case.site.T_extreme_K is None:
        return None
    return case.site.T_extreme_K + case.site.dT_recirculation_K


def cycle_spec(case: Case, weather: Weather) -> thermo.CycleSpec:
    """The block of a case as thermo's spec; problems that thermo finds come back with the case's own paths."""
    b, h = case.block, case.heat
    T_ambient_K = design_ambient_K(case, weather)
    T_in_K = b.T_compressor_in_K
    if T_in_K is None:
        T_in_K = max(T_ambient_K + b.dT_approach_K, b.T_min_compressor_in_K)
    back_K = None if h.reactor is None else thermo.reactors()[h.reactor].T_cold_K
    try:
        return thermo.CycleSpec(
            layout=b.layout,
            W_net_W=b.W_net_W,
            power_basis="dc_terminals",
            T_turbine_in_K=b.T_turbine_in_K,
            T_compressor_in_K=T_in_K,
            p_high_Pa=b.p_high_Pa,
            p_low_Pa=b.p_low_Pa,
            recompression_fraction=None if b.layout in WITHOUT_RECOMPRESSOR else b.recompression_fraction,
            T_heat_source_return_K=None if back_K is None or b.layout != "htr_bypass" else back_K,
            heat_approach_K=h.dT_loop_K,
            UA_total_W_K=b.UA_W_per_K,
            T_ambient_design_K=T_ambient_K,
            p_ambient_Pa=float(np.mean(weather.p_Pa)),
            min_compressor_in_K=b.T_min_compressor_in_K,
            drive=b.drive,
            fired_heater=None
            if h.source == "reactor"
            else thermo.FiredHeaterSpec(
                excess_air=h.excess_air,
                flue_approach_K=h.dT_approach_K,
                air_preheat_max_K=h.T_preheat_max_K,
                stack_min_K=h.T_stack_min_K,
                casing_loss_fraction=h.casing_loss_fraction,
            ),
        )
    except thermo.SpecError as error:
        raise CaseError([Problem("block", text) for text in error.problems]) from None


def with_layout(case: Case, layout: str) -> Case:
    """The case with another layout of its block; what was given for the old one alone is left to be optimised."""
    if layout not in thermo.spec.LAYOUTS:
        hint = did_you_mean(layout, thermo.spec.LAYOUTS)
        raise CaseError(
            [Problem("layout", "is not one of the layouts", layout, ", ".join(thermo.spec.LAYOUTS), hint)]
        )
    if layout == case.block.layout:
        return case
    free = {"layout": layout, "p_low_Pa": None, "recompression_fraction": None}
    return case.model_copy(update={"block": case.block.model_copy(update=free)})


def cycle_result(case: Case, weather: Weather) -> thermo.CycleResult:
    """The block's design point."""
    return thermo.design(cycle_spec(case, weather))


def reactor_too_cold(case: Case) -> str | None:
    """Why the reactor cannot give the turbine inlet temperature that is asked, with the changes that would do."""
    if case.heat.reactor is None:
        return None
    known = thermo.reactors()
    reactor, approach_K = known[case.heat.reactor], case.heat.dT_loop_K
    most_K = reactor.T_hot_K - approach_K
    if case.block.T_turbine_in_K <= most_K:
        return None
    hot = [r.id for r in known.values() if r.T_hot_K - approach_K >= case.block.T_turbine_in_K]
    return (
        f"block.turbine_inlet asks {case.block.T_turbine_in_K - 273.15:.0f} degC, but {reactor.name} delivers "
        f"{reactor.T_hot_K - 273.15:.0f} degC and the loop needs {approach_K:g} K: turbine_inlet at most "
        f"{most_K - 273.15:.0f} degC, or a hotter heat.reactor ({', '.join(hot) or 'none is listed'})."
    )


def reactor_match(case: Case, block: thermo.CycleResult) -> thermo.ReactorMatch | None:
    """How the block fits the case's reactor; None without a reactor."""
    if case.heat.reactor is None:
        return None
    T_return_K = block.T_heat_return_K
    if (
        block.layout_used == "htr_bypass"
    ):  # the coolant passes both heaters: what it comes back with, less the approach
        from thermo.cycle.candidate import source_return_of

        T_return_K = source_return_of(block) - case.heat.dT_loop_K
    assert T_return_K is not None
    reactor = thermo.reactors()[case.heat.reactor]
    return thermo.match(reactor, case.block.T_turbine_in_K, T_return_K, case.heat.dT_loop_K)


def drive_conflict(case: Case, block: thermo.CycleResult) -> str | None:
    """Why the block's machines cannot give what the cycle reckons with, with the ways out; None if they can."""
    train, drive = block.train, case.block.drive
    if train is None:
        return f"block.drive: {drive}: {block.machine_words}."
    share = train.arrangement.W_shaft_frac
    if share >= SHAFT_POWER_LEAST:
        return None
    geared = (
        "block.drive: geared, which lets every wheel turn near its own best speed; or "
        if drive == "direct"
        else ""
    )
    return (
        f"block.drive: {drive}: {train.generator.note} (the largest cited PM machine reaches 1.0e6 rpm·√kW). The best "
        f"machines ({train.arrangement.name}) give {100 * share:.1f} % of the shaft power that the cycle is reckoned with, "
        f"under {100 * SHAFT_POWER_LEAST:.0f} %: the block's figures would not hold. Ways out: {geared}another block.layout."
    )


def block_map(
    block: thermo.CycleResult, weather: Weather, T_extreme_K: float | None = None
) -> thermo.PerformanceMap:
    """The block over the site's temperatures and `LOADS`.

    Below 10 °C the cooler holds its inlet temperature, so one more node at the coldest hour is enough there.
    """
    low, high = float(weather.T_dry_bulb_K.min()), float(weather.T_dry_bulb_K.max())
    knee = min(max(283.15, low), high)
    warm = np.linspace(knee, high, AMBIENT_NODES - 2)
    nodes = np.unique(
        np.concatenate([[low], warm, [block.T_ambient_K], [] if T_extreme_K is None else [T_extreme_K]])
    )
    return thermo.performance_map(block, T_ambient_K=nodes, load=np.array(LOADS), threads=THREADS)
