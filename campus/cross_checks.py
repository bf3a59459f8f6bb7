"""Sections of a case that contradict each other, found before anything is solved. One function, one check."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from campus.case import Case
from campus.problems import Problem
from thermo.reactor import reactors


def cross_checks(case: Case) -> list[Problem]:
    """Every contradiction between sections, in words with a suggestion; empty if there is none."""
    checks = (
        _inlet_below_turbine,
        _pressures,
        _rack_against_campus,
        _site_holds_the_blocks,
        _profile_has_its_file,
        _pod_current,
        _stack_and_preheat,
        _reactor_named,
        _extreme_above_design,
    )
    return [problem for check in checks for problem in check(case)]


def _inlet_below_turbine(case: Case) -> Iterator[Problem]:
    b = case.block
    if b.T_compressor_in_K is not None and b.T_compressor_in_K < b.T_min_compressor_in_K:
        yield Problem(
            "block.compressor_inlet",
            "is below min_compressor_inlet, at which winter control holds it",
            f"{b.T_compressor_in_K - 273.15:.4g} degC",
            f"at least {b.T_min_compressor_in_K - 273.15:.4g} degC",
            "raise compressor_inlet or lower min_compressor_inlet",
        )
    if b.T_compressor_in_K is not None and case.site.T_design_K is not None:
        approach_K = b.T_compressor_in_K - case.site.T_design_K
        if approach_K < 3.0:
            yield Problem(
                "block.compressor_inlet",
                "leaves the dry cooler too little above site.design_dry_bulb",
                f"{b.T_compressor_in_K - 273.15:.4g} degC",
                f"at least {case.site.T_design_K - 273.15 + 3:.4g} degC",
                "a dry cooler needs 3 K or more; 6 to 15 K is usual",
            )


def _pressures(case: Case) -> Iterator[Problem]:
    b = case.block
    if b.p_low_Pa is not None and b.p_high_Pa < 1.5 * b.p_low_Pa:
        yield Problem(
            "block.p_high",
            "is too close to p_low for a power cycle",
            f"{b.p_high_Pa / 1e6:g} MPa",
            f"at least {1.5 * b.p_low_Pa / 1e6:g} MPa",
            "raise p_high or leave p_low out to have it optimised",
        )


def _rack_against_campus(case: Case) -> Iterator[Problem]:
    load = case.load
    if load.P_rack_W > load.P_it_MW * 1e6:
        yield Problem(
            "load.rack_power",
            "is more than load.it_power",
            f"{load.P_rack_W / 1e3:g} kW",
            f"at most {load.P_it_MW * 1e3:g} kW",
            "check the units of both",
        )


def _site_holds_the_blocks(case: Case) -> Iterator[Problem]:
    most = case.reliability.max_blocks
    if most is not None and most <= case.reliability.spare_blocks:
        yield Problem(
            "reliability.max_blocks",
            "leaves no block to run beside the spares",
            str(most),
            f"more than {case.reliability.spare_blocks}",
            "raise max_blocks or lower spare_blocks",
        )
    heaters = case.reliability.max_heaters
    if heaters is not None and heaters <= case.reliability.spare_heaters:
        yield Problem(
            "reliability.max_heaters",
            "leaves no heater to run beside the spares",
            str(heaters),
            f"more than {case.reliability.spare_heaters}",
            "raise max_heaters or lower spare_heaters",
        )


def _profile_has_its_file(case: Case) -> Iterator[Problem]:
    profile = case.load.profile
    if profile.kind == "file" and profile.file is None:
        yield Problem(
            "load.profile.file",
            "is missing though kind is 'file'",
            None,
            None,
            "name a CSV of 8760 hourly values",
        )
    if profile.kind != "file" and profile.file is not None:
        yield Problem(
            "load.profile.file",
            f"is given though kind is {profile.kind!r}",
            profile.file,
            None,
            "set kind: file, or leave the file out",
        )


def _pod_current(case: Case) -> Iterator[Problem]:
    net, load = case.dc_network, case.load
    row_A = net.racks_per_row * load.P_rack_W / net.v_bus_V
    if row_A > 6000.0:
        racks = max(int(6000.0 * net.v_bus_V / load.P_rack_W), 1)
        yield Problem(
            "dc_network.racks_per_row",
            f"puts {row_A:.0f} A on one row busway",
            str(net.racks_per_row),
            "at most 6000 A (largest listed busway class)",
            f"use {racks} racks a row, or a higher bus_voltage",
        )
    modules = ceil(load.P_rack_W / net.P_sidecar_module_W)
    if modules > 60:
        yield Problem(
            "dc_network.sidecar_module",
            f"needs {modules} modules a rack",
            f"{net.P_sidecar_module_W / 1e3:g} kW",
            f"at least {load.P_rack_W / 50e3:.3g} kW",
            "use a larger sidecar module",
        )


def _stack_and_preheat(case: Case) -> Iterator[Problem]:
    heat = case.heat
    if heat.T_preheat_max_K > case.block.T_turbine_in_K:
        yield Problem(
            "heat.air_preheat_limit",
            "is above the turbine inlet temperature",
            f"{heat.T_preheat_max_K - 273.15:.4g} degC",
            f"at most {case.block.T_turbine_in_K - 273.15:.4g} degC",
            "flue gas that heats the air leaves the coil cooler than that",
        )


def _reactor_named(case: Case) -> Iterator[Problem]:
    heat = case.heat
    if heat.source == "reactor" and heat.reactor is None:
        yield Problem(
            "heat.reactor",
            "is missing though heat.source is 'reactor'",
            suggestion=f"one of {', '.join(reactors())}",
        )
    if heat.source != "reactor" and heat.reactor is not None:
        yield Problem(
            "heat.reactor", f"is given though heat.source is {heat.source!r}", heat.reactor, None,
            "set heat.source: reactor, or leave the reactor out",
        )  # fmt: skip


# A turbine inlet above what the reactor gives is a campus that cannot work (exit code 2), told by
# `campus.blocks.reactor_too_cold`, not a file that contradicts itself (exit code 1).


def _extreme_above_design(case: Case) -> Iterator[Problem]:
    site = case.site
    if site.T_extreme_K is not None and site.T_design_K is not None and site.T_extreme_K < site.T_design_K:
        yield Problem(
            "site.extreme_dry_bulb",
            "is below design_dry_bulb",
            f"{site.T_extreme_K - 273.15:.4g} degC",
            f"at least {site.T_design_K - 273.15:.4g} degC",
            "the 20-year extreme is hotter than the design hour",
        )
