"""Which layout suits a reactor: every layout designed for it, and how each meets the reactor's return temperature."""

from __future__ import annotations

from dataclasses import replace

from thermo.cycle.design_point import design
from thermo.heat_sources.reactor import Reactor
from thermo.heat_sources.reactor_fit import CycleCandidate, IdleCapital, ReactorFit, fit_reactor
from thermo.spec import CycleSpec

LAYOUTS = (
    "recompression",
    "partial_cooling",
    "recompression_intercooled",
    "simple_recuperated",
    "turbine_split",
)


def reactor_options(
    reactor: Reactor, spec: CycleSpec, approach_K: float = 15.0, *, tolerance_K: float = 5.0,
    price: IdleCapital | None = None,
) -> tuple[ReactorFit, ...]:  # fmt: skip
    """Every layout on a reactor, most power first: it meets the return temperature, needs a bottoming cycle, or derates.

    Parameters
    ----------
    reactor : Reactor
        From `thermo.reactors()`.
    spec : CycleSpec
        The block (any layout; size, temperatures, conductance); its turbine inlet must be within the reactor's reach.
    approach_K : float
        Between coolant and CO2 at both ends [K].
    tolerance_K : float
        Within which a return temperature counts as met [K].
    price : IdleCapital, optional
        What heat costs that is paid for and not used.

    Returns
    -------
    tuple of ReactorFit
        Layouts without an answer are left out. htr_bypass is designed for the return temperature. Efficiencies, and so
        powers, are of the shaft.

    >>> import thermo
    >>> spec = thermo.CycleSpec(W_net_W=5e6, UA_total_W_K=1.2e6, T_turbine_in_K=823.15, T_compressor_in_K=311.15)
    >>> best = reactor_options(thermo.reactors()["xe_100"], spec)[0]
    >>> best.layout, best.verdict
    ('recompression_intercooled', 'bottoming')
    """
    specs = [_as(spec, layout) for layout in LAYOUTS]
    specs.append(
        replace(_as(spec, "htr_bypass"), T_heat_source_return_K=reactor.T_cold_K, heat_approach_K=approach_K)
    )
    cycles = []
    for s in specs:
        r = design(s)
        if not r.outcome.ok or r.eta_thermal is None or r.T_heat_return_K is None:
            continue
        back = r.T_heat_return_K
        if (
            s.layout == "htr_bypass"
        ):  # after both heaters the coolant is back as asked, if the search could meet it
            from thermo.cycle.candidate import source_return_of

            back = source_return_of(r) - approach_K
        cycles.append(CycleCandidate(s.layout, back, s.T_turbine_in_K, r.eta_thermal))
    return fit_reactor(reactor, cycles, approach_K, tolerance_K, price, spec.T_compressor_in_K)


def _as(spec: CycleSpec, layout: str) -> CycleSpec:
    """The spec with another layout, without what only its own layout has."""
    return replace(
        spec, layout=layout, recompression_fraction=None, p_precompressor_in_Pa=None, T_precompressor_in_K=None,
        p_reheat_Pa=None, T_reheat_K=None, dp_cooler_2_frac=None, dp_reheater_frac=None, dp_bypass_frac=None,
        turbine_split_fraction=None, htr_bypass_fraction=None, T_heat_source_return_K=None, mix_at_equal_T=False,
        fired_heater=None, power_basis="shaft",
    )  # fmt: skip
