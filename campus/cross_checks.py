"""Sections of a case that contradict each other, found before anything is solved. One function, one check."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from campus.case import Case, Section
from campus.problems import Problem
from campus.quantities import parse, stored_text, unit_of
from thermo.heat_sources.reactor import reactors

APPROACH_LEAST_K = 3.0
INLET_MOST_K = 333.15  # as block.compressor_inlet
BUSWAY_MOST_A = 6000.0
MODULES_MOST = 60
GAS_KEYS = (
    "excess_air",
    "flue_approach",
    "air_preheat_limit",
    "min_stack",
    "casing_loss",
    "gas_price",
    "nox",
    "module",
)
GAS_FEED_KEYS = ("gas_feeds", "gas_feed_outage_rate")
NO_RECOMPRESSOR = ("simple_recuperated", "turbine_split", "cascade")
REACTOR_KEYS = ("loop_approach", "min_load", "reactor_capex", "reactor_fixed_om", "reactor_heat_cost")


def cross_checks(case: Case) -> list[Problem]:
    """Every contradiction between sections, in words with a suggestion; empty if there is none."""
    checks = (
        _inlet_below_turbine,
        _pressures,
        _rack_against_campus,
        _site_holds_the_blocks,
        _profile_has_its_file,
        _pod_current,
        _pod_feeds_a_rack,
        _sidecar_modules,
        _cooler_reach,
        _stack_and_preheat,
        _reactor_named,
        _layout_suits_the_heat,
        _extreme_above_design,
        _air_not_too_hot,
        _ignored_keys,
    )
    return [problem for check in checks for problem in check(case)]


def _inlet_below_turbine(case: Case) -> Iterator[Problem]:
    b = case.block
    if b.T_compressor_in_K is not None and b.T_compressor_in_K < b.T_min_compressor_in_K:
        yield Problem(
            "block.compressor_inlet",
            "is below min_compressor_inlet, at which winter control holds it",
            _degC(b.T_compressor_in_K),
            f"at least {_degC(b.T_min_compressor_in_K)}",
            "raise compressor_inlet or lower min_compressor_inlet",
        )
    if b.T_compressor_in_K is not None and case.site.T_design_K is not None:
        air_K = case.site.T_design_K + case.site.dT_recirculation_K
        if b.T_compressor_in_K - air_K < APPROACH_LEAST_K - 1e-9:
            yield Problem(
                "block.compressor_inlet",
                "leaves the dry cooler too little above site.design_dry_bulb with its recirculation_rise",
                _degC(b.T_compressor_in_K),
                f"at least {_degC(air_K + APPROACH_LEAST_K)}",
                "a dry cooler needs 3 K or more; 6 to 15 K is usual",
            )


def _pressures(case: Case) -> Iterator[Problem]:
    b = case.block
    if b.p_low_Pa is not None and b.p_high_Pa < 1.5 * b.p_low_Pa:
        yield Problem(
            "block.p_high",
            "is too close to p_low for a power cycle",
            f"{b.p_high_Pa / 1e6:g} MPa",
            f"at least {1.5 * b.p_low_Pa / 1e6:g} MPa (1.5 times p_low)",
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
    if row_A > BUSWAY_MOST_A:
        racks = int(BUSWAY_MOST_A * net.v_bus_V / load.P_rack_W)
        yield Problem(
            "dc_network.racks_per_row",
            f"puts {row_A:.0f} A on one row busway",
            str(net.racks_per_row),
            f"at most {racks} racks at {net.v_bus_V:g} V ({BUSWAY_MOST_A:.0f} A, the largest listed busway class)",
            f"use {racks} racks a row, or a higher bus_voltage",
        )


def _pod_feeds_a_rack(case: Case) -> Iterator[Problem]:
    blocks, rack_W, block_W = case.dc_network.blocks_per_pod, case.load.P_rack_W, case.block.W_net_W
    if blocks * block_W < rack_W:
        least = ceil(rack_W / block_W)
        yield Problem(
            "dc_network.blocks_per_pod",
            f"gives a pod {blocks * block_W / 1e3:g} kW, less than one rack of {rack_W / 1e3:g} kW",
            str(blocks),
            f"at least {least}",
            f"use {least} blocks a pod, larger blocks or smaller racks",
        )


def _sidecar_modules(case: Case) -> Iterator[Problem]:
    rack_W, module_W = case.load.P_rack_W, case.dc_network.P_sidecar_module_W
    count = ceil(rack_W / module_W - 1e-9)
    if count > MODULES_MOST:
        yield Problem(
            "dc_network.sidecar_module",
            f"needs {count} modules a rack, more than {MODULES_MOST}",
            f"{module_W / 1e3:g} kW",
            f"at least {rack_W / MODULES_MOST / 1e3:.4g} kW",
            "use a larger sidecar module",
        )
    if module_W > 2.0 * rack_W:
        yield Problem(
            "dc_network.sidecar_module",
            "is more than twice the power of a rack",
            f"{module_W / 1e3:g} kW",
            f"at most {2.0 * rack_W / 1e3:g} kW",
            "use a smaller sidecar module, or check load.rack_power",
        )


def _cooler_reach(case: Case) -> Iterator[Problem]:
    """The compressor inlet that follows from site and approach, where it is not given."""
    b, site = case.block, case.site
    if b.T_compressor_in_K is not None or site.T_design_K is None:
        return
    air_K = site.T_design_K + site.dT_recirculation_K
    if air_K + b.dT_approach_K > INLET_MOST_K + 1e-9:
        yield Problem(
            "block.cooler_approach",
            f"puts the compressor inlet at {_degC(air_K + b.dT_approach_K)}",
            f"{b.dT_approach_K:g} K",
            f"at most {_degC(INLET_MOST_K)} at the inlet",
            "lower cooler_approach, site.design_dry_bulb or site.recirculation_rise",
        )


def _stack_and_preheat(case: Case) -> Iterator[Problem]:
    heat = case.heat
    if heat.source == "gas_heater" and heat.T_preheat_max_K > case.block.T_turbine_in_K:
        yield Problem(
            "heat.air_preheat_limit",
            "is above the turbine inlet temperature",
            _degC(heat.T_preheat_max_K),
            f"at most {_degC(case.block.T_turbine_in_K)}",
            "lower air_preheat_limit: flue gas that heats the air leaves the coil cooler than that",
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


def _layout_suits_the_heat(case: Case) -> Iterator[Problem]:
    layout, reactor = case.block.layout, case.heat.source == "reactor"
    if layout == "cascade" and reactor:
        yield Problem(
            "block.layout", "cools its heat source all the way down, below where a reactor's coolant may go", layout, None,
            "use partial_cooling, recompression_intercooled or htr_bypass, or set heat.source: gas_heater",
        )  # fmt: skip
    if layout == "htr_bypass" and not reactor:
        yield Problem(
            "block.layout", "brings a coolant back cold; a gas heater's air preheater takes that heat already", layout, None,
            "use recompression or partial_cooling, or set heat.source: reactor",
        )  # fmt: skip


# A turbine inlet above what the reactor gives is a campus that cannot work (exit code 2), told by
# `campus.blocks.reactor_too_cold`, not a file that contradicts itself (exit code 1).


def _extreme_above_design(case: Case) -> Iterator[Problem]:
    site = case.site
    if site.T_extreme_K is not None and site.T_design_K is not None and site.T_extreme_K < site.T_design_K:
        yield Problem(
            "site.extreme_dry_bulb",
            "is below design_dry_bulb",
            _degC(site.T_extreme_K),
            f"at least {_degC(site.T_design_K)}",
            "the 20-year extreme is hotter than the design hour",
        )


def _ignored_keys(case: Case) -> Iterator[Problem]:
    """Keys that were set and change nothing. A key at its default is not told, so that a resolved case reads back."""
    for section, path, keys, because, way_out in _without_effect(case):
        for name, field in type(section).model_fields.items():
            if field.alias not in keys and name not in keys:
                continue
            value, unit = getattr(section, name), unit_of(field, name)
            default = field.default if unit is None or field.default is None else parse(field.default, unit)
            if value != default:
                shown = str(value) if unit is None else stored_text(value, unit)
                key = f"{path}.{field.alias or name}"
                yield Problem(
                    key, f"is given though {because} ignores it", shown, None, f"leave it out, or {way_out}"
                )


def _without_effect(case: Case) -> Iterator[tuple[Section, str, tuple[str, ...], str, str]]:
    """(section, its path, keys without effect, what ignores them, what would make them count)."""
    profile, heat, block, rel = case.load.profile, case.heat, case.block, case.reliability
    kinds = ("training_share", "training_level", "inference_night", "seed")
    used = {"training": kinds[1::2], "inference": kinds[2:], "mixed": kinds}.get(profile.kind, ())
    for key in kinds:
        if key not in used:
            kind = {"training_level": "training", "inference_night": "inference"}.get(key, "mixed")
            yield profile, "load.profile", (key,), f"kind {profile.kind!r}", f"set kind: {kind}"
    if heat.source == "reactor":
        yield heat, "heat", GAS_KEYS, "a reactor", "set heat.source: gas_heater"
        yield rel, "reliability", GAS_FEED_KEYS, "a reactor", "set heat.source: gas_heater"
    else:
        yield heat, "heat", REACTOR_KEYS, "a gas heater", "set heat.source: reactor"
    if block.T_compressor_in_K is not None:
        way_out = "leave compressor_inlet out"
        yield block, "block", ("cooler_approach",), "a given compressor_inlet", way_out
    if block.layout in NO_RECOMPRESSOR and block.recompression_fraction != 0.0:
        way_out = "set layout: recompression"
        yield block, "block", ("recompression_fraction",), f"layout {block.layout!r}", way_out
    if rel.lost_load == "forbidden":
        yield rel, "reliability", ("value_of_lost_load",), "lost_load 'forbidden'", "set lost_load: priced"
    if not case.battery.allowed:
        keys = tuple(field.alias or name for name, field in type(case.battery).model_fields.items())
        yield case.battery, "battery", keys, "battery.allowed false", "set allowed: true"


def _degC(T_K: float) -> str:
    return f"{T_K - 273.15:.4g} degC"


AIR_MAX_K = 333.15  # hottest air for which thermo operates a block


def _air_not_too_hot(case: Case) -> Iterator[Problem]:
    site = case.site
    for key, T_K in (("extreme_dry_bulb", site.T_extreme_K), ("design_dry_bulb", site.T_design_K)):
        if T_K is not None and T_K + site.dT_recirculation_K > AIR_MAX_K:
            yield Problem(
                f"site.{key}",
                f"with {site.dT_recirculation_K:g} K of recirculation_rise is too hot for the coolers' air",
                f"{T_K - 273.15:.4g} degC",
                f"at most {AIR_MAX_K - site.dT_recirculation_K - 273.15:.4g} degC",
                "lower one of the two",
            )
