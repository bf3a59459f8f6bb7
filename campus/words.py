"""The sentences of a result: what it is, what binds, how far it can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

import dcgrid
import thermo
from campus.block_year import FUEL
from campus.blocks import reactor_match
from campus.build_grid import n_racks, sidecar_type
from campus.chains import chosen_feed
from campus.kpis import shown
from campus.machine_tables import plant_lines
from campus.sizing_inputs import BLOCK, HEATER

if TYPE_CHECKING:
    import pandas as pd

    from campus.case import Case
    from campus.pipeline import Solved
    from campus.result import Kpi

GAP_TO_TELL = 0.01
# Voltages of the converters whose loss curves are shipped.
CURVE_VOLTAGES = {"380/50 V converter": (380.0, 50.0), "800/50 V sidecar with fans": (800.0, 50.0)}


def summary(s: Solved, kpis: Mapping[str, Kpi]) -> str:
    """One sentence that says what the campus is."""
    c, k = s.case, kpis
    assert s.sized.battery_MW is not None
    battery = f", a {shown(s.sized.battery_MW)} MW battery" if s.sized.battery_MW > 0.005 else ", no battery"
    return (
        f"{c.load.P_it_MW:g} MW in {n_racks(c)} racks, powered by {k['blocks_installed'].value} {_fired(c)} blocks of "
        f"{k['block_net_power_MW'].value:.3g} MW ({k['spares'].value} spare), "
        f"{k['heat_modules_installed'].value} {_modules(c)}{battery}; {c.dc_network.v_bus_V:g} V DC to the racks."
    )


def _fired(case: Case) -> str:
    return "reactor-heated" if case.heat.source == "reactor" else "gas-fired"


def _modules(case: Case) -> str:
    return "reactors" if case.heat.source == "reactor" else "heaters"


def block_text(s: Solved) -> str:
    """The block's design point in a paragraph."""
    r = s.block
    assert r.eta_thermal is not None
    assert r.eta_net is not None
    assert r.p_high_Pa is not None
    assert r.p_low_Pa is not None
    assert r.T_ambient_K is not None
    return (
        f"{layout_name(r)}, turbine inlet {r.spec.T_turbine_in_K - 273.15:.0f} °C, {r.p_high_Pa / 1e6:.1f} MPa over "
        f"{r.p_low_Pa / 1e6:.2f} MPa, {flow_text(r)}rated in {r.T_ambient_K - 273.15:.1f} °C "
        f"air. Efficiency over heat to the CO2: {100 * r.eta_thermal:.1f} % at the shaft, "
        f"{100 * r.eta_net:.1f} % net at the DC terminals. {_heat_text(s)}"
        + (f" At its limit: {'; '.join(r.active_bounds)}." if r.active_bounds else "")
    )


def layout_name(r: thermo.CycleResult) -> str:
    """The layout as a reader calls it."""
    name = (r.layout_used or "cycle").replace("_", " ").replace("htr", "hot-recuperator")
    return name[0].upper() + name[1:]


def flow_text(r: thermo.CycleResult) -> str:
    """How the layout shares its flow and steps its pressures, ending in a comma; empty where it does neither."""
    found = []
    if r.recompression_fraction:
        found.append(f"{100 * r.recompression_fraction:.0f} % of the flow recompressed")
    if r.split_fraction:
        way = "past the hot recuperator" if r.layout_used == "htr_bypass" else "through the second turbine"
        found.append(f"{100 * r.split_fraction:.0f} % of the flow {way}")
    if r.p_precompressor_in_Pa:
        found.append(f"precompressed from {r.p_precompressor_in_Pa / 1e6:.2f} MPa")
    if r.p_reheat_Pa:
        found.append(f"reheated at {r.p_reheat_Pa / 1e6:.1f} MPa")
    return "".join(f"{text}, " for text in found)


def _heat_text(s: Solved) -> str:
    r = s.block
    assert r.T_heat_return_K is not None
    T_return = r.T_heat_return_K - 273.15
    if s.case.heat.reactor is not None:
        fit = reactor_match(s.case, r)
        assert fit is not None
        reactor = thermo.reactors()[s.case.heat.reactor]
        return (
            f"{reactor.name} ({reactor.coolant}, {reactor.Q_module_W / 1e6:.0f} MW, {reactor.T_hot_K - 273.15:.0f}/"
            f"{reactor.T_cold_K - 273.15:.0f} °C, {reactor.grade}: {reactor.note}): {fit.explain}."
        )
    assert r.heater is not None
    assert r.eta_fuel is not None
    return (
        f"Over fuel (LHV): {100 * r.eta_fuel:.1f} %. CO2 returns to the heater at {T_return:.0f} °C, so the heater reaches "
        f"{100 * r.heater.eta_LHV:.1f} % (LHV) only with its air preheater ({r.heater.T_air_preheat_K - 273.15:.0f} °C air, "
        f"{r.heater.T_stack_K - 273.15:.0f} °C stack)."
    )


def drive_text(r: thermo.CycleResult) -> str:
    """Which machines share a shaft, the arrangement that comes next, and the generator's limit."""
    train = r.train
    if train is None:
        return f"{r.machine_words[0].upper()}{r.machine_words[1:]}."
    g = train.generator
    return (
        f"{train.explain[0].upper()}{train.explain[1:]}. Generator: {g.kind}, {g.speed_rpm:,.0f} rpm; "
        f"{g.note}."
    )


def plant_verdicts(r: thermo.CycleResult) -> list[str]:
    """The block beside all that ran: one sentence for what is inside their range, one for each number outside."""
    found = plant_lines(r)
    inside = [line.split(": inside what ran")[0] for line in found if ": inside what ran" in line]
    outside = [f"{line[0].upper()}{line[1:]}." for line in found if ": inside what ran" not in line]
    return [*outside, *([f"Inside the range of what ran: {', '.join(inside)}."] if inside else [])]


def campus_text(s: Solved, kpis: Mapping[str, Kpi]) -> str:
    """What was sized, what binds, what it costs to be sure."""
    units, spares, d = s.sized.units, s.sized.spares, s.sized.dispatch
    assert units is not None
    assert spares is not None
    assert d is not None
    hour = int((d["load_MW"].to_numpy() / s.year.output_factor).argmax())
    shed_MWh = float(d["lost_load_MW"].sum())
    shed = f"{shown(shed_MWh)} MWh a year are shed because that is cheaper. " if shed_MWh > 1e-6 else ""
    return (
        f"The hour that asks most of the blocks is hour {hour}: {d['load_MW'].iloc[hour]:.1f} MW at the block bus "
        f"in {s.weather.T_dry_bulb_K[hour] - 273.15:.1f} °C, when a block gives "
        f"{s.year.output_factor[hour] * s.year.W_rated_W / 1e6:.2f} MW. {units[BLOCK] - spares[BLOCK]} blocks and "
        f"{units[HEATER] - spares[HEATER]} {_modules(s.case)} run at most; "
        f"{spares[BLOCK]} blocks and {spares[HEATER]} {_modules(s.case)}, spare, "
        f"stand by. {_battery(s)}{shed}With {100 * s.case.reliability.block_FOR:.3g} % of block time "
        f"and {100 * s.case.reliability.heater_FOR:.3g} % of {_modules(s.case)[:-1]} time lost, power is short in "
        f"{shown(kpis['lolh_h_per_year'].value)} hours a year. {s.sized.explain} "
        f"{_modules(s.case).capitalize()} feed a common header: any of them can serve any block."
    )


def blocks_without_battery(s: Solved) -> int:
    """Blocks that the load needs in its hardest hour where no battery helps."""
    d = s.sized.dispatch
    assert d is not None
    return int(
        np.ceil((d["load_MW"].to_numpy() / (s.year.output_factor * s.year.W_rated_W / 1e6)).max() - 1e-9)
    )


def _battery(s: Solved) -> str:
    units, spares = s.sized.units, s.sized.spares
    assert units is not None
    assert spares is not None
    if not s.sized.battery_MW or s.sized.battery_MW < 0.005:
        return ""
    without = blocks_without_battery(s)
    return (
        f"The battery ({shown(s.sized.battery_MW)} MW, {shown(s.sized.battery_MWh)} MWh) carries the peaks: without it "
        f"{without} blocks would be needed, so the {spares[BLOCK]} spares are N+{units[BLOCK] - without} against an outage "
        "that outlasts it. "
    )


def network_text(s: Solved, kpis: Mapping[str, Kpi]) -> str:
    """The network in a paragraph."""
    pods = s.grid.pods
    copper_t = dcgrid.copper_kg(s.grid.net) / 1e3
    return (
        f"{len(pods)} pods of {min(p.n_blocks for p in pods)} to {max(p.n_blocks for p in pods)} blocks and "
        f"{min(p.n_racks for p in pods)} to {max(p.n_racks for p in pods)} racks, each solved to every rack at full load. "
        f"Lowest input voltage of a rack's sidecar {kpis['min_rack_voltage_pu'].value:.4f} pu, most loaded conductor at "
        f"{kpis['max_line_loading'].value:.0f} % of its ampacity, {copper_t:.0f} t of copper. "
        f"All installed blocks are connected and share the load{_reserve(s.case)}; {_ties(s.case)}."
    )


FEED_WORDS = {
    "N": "one feeder a row",
    "N+1": "one feeder more than carry a row",
    "2N": "rows fed from two block buses, busways and sidecars",
    "block_redundant": "a reserve feeder a row from the catcher bus",
}
TIE_WORDS = {
    "open": "open ties that close after an outage",
    "solid_state_breaker": "ties closed by solid-state breakers",
    "converter": "ties by DC/DC converters",
}


def _reserve(case: Case) -> str:
    return (
        " but those on the catcher buses, which stand by" if case.dc_network.feed == "block_redundant" else ""
    )


def _ties(case: Case) -> str:
    """Feeds and ties in words."""
    net = case.dc_network
    how = {"chain": "a chain", "ring": "a ring", "full": "each pair of pods"}
    ties = "pods are not tied" if net.ties == "none" else f"{TIE_WORDS[net.tie_mode]} in {how[net.ties]}"
    return f"{FEED_WORDS[net.feed]}; {ties}"


def chains_text(s: Solved, verdicts: pd.DataFrame) -> str:
    """How the verdict table is to be read."""
    near = "AC2" if chosen_feed(s.case, s.block) == "generator" else "AC1"
    return (
        f"DC loses {verdicts['loss_percent'].iloc[0]:.1f} % of its energy at the turbine shaft. {near} is the nearer "
        "competitor of this block. The band is P10 to P90 of 4000 samples of every stage's loss, the same draw for the same "
        "equipment in both chains; where it holds zero, the verdict is undecided. Switchgear and all capital are left out. "
        "Efficiencies from shaft to terminals are those of the design point here, of each hour above."
    )


def warnings(s: Solved, kpis: Mapping[str, Kpi], from_chains: list[str]) -> list[str]:
    """What the reader must know before using the numbers."""
    found = [*s.grid.warnings, *from_chains]
    if s.sized.gap is not None and s.sized.gap > max(GAP_TO_TELL, s.case.solve.gap):
        found.append(
            f"The annualised cost is {100 * s.sized.gap:.1f} % above the proved lower bound: a better design may exist."
        )
    heater = s.block.heater
    if s.case.heat.source == "gas_heater" and heater is not None and s.case.heat.nox_mg_per_MJ is None:
        found.append(
            f"NOx ({shown(kpis['nox_t_per_year'].value)} t/yr) is an estimate: a low-NOx burner with cold air, times "
            f"{heater.nox_preheat_factor:.1f} for air at {heater.T_air_preheat_K - 273.15:.0f} °C "
            f"({heater.nox_ppm_3O2:.0f} ppmvd at 3 % O2). Set heat.nox from the burner's maker."
        )
    if not s.converged:
        found.append(
            f"The loss loop stopped after {s.passes} passes before the loss curve stayed within 1e-4; raise solve.loop_max."
        )
    far = [name for name, (_, outside) in {**s.costs.block_USD, **s.costs.heater_USD}.items() if outside]
    if far:
        found.append(f"Cost correlations are used outside their range for: {', '.join(far)}.")
    hottest = float(s.weather.T_dry_bulb_K.max())
    limited = s.year.output_factor.min()
    if limited < 0.999:
        found.append(
            f"At the hottest hour ({hottest - 273.15:.1f} °C) a block gives {100 * limited:.0f} % of its rating; "
            "the sizing counts it."
        )
    net = s.case.dc_network
    v_in, v_out = CURVE_VOLTAGES[sidecar_type(s.case)]
    if (net.v_bus_V, net.v_rack_V) != (v_in, v_out):
        found.append(
            f"The sidecar's loss curve is that of {v_in:g}/{v_out:g} V converters; at {net.v_bus_V:g}/{net.v_rack_V:g} V "
            "only the cables' losses follow the voltage."
        )
    if s.case.site.T_extreme_K is not None and s.year.reserve_margin is not None:
        found.append(
            f"In the 20-year extreme of {s.case.site.T_extreme_K - 273.15:.1f} °C with "
            f"{s.case.site.dT_recirculation_K:g} K of recirculation a block gives {100 / s.year.reserve_margin:.0f} % of "
            "its rating; the needed blocks carry the peak then too."
        )
    found.append(
        "No sCO2 fleet exists: the block outage rate is borrowed, and the availability with it. "
        f"It covers blocks, {_modules(s.case)}{' and the gas supply' if s.year.source == FUEL else ''}; the cooling and the "
        "network are taken as perfect."
    )
    return found
