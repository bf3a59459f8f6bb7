"""The sentences of a result: what it is, what binds, how far it can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import dcgrid
from campus.build_grid import n_racks
from campus.chains import title
from campus.kpis import shown
from campus.sizing_inputs import BLOCK, HEATER

if TYPE_CHECKING:
    import thermo
    from campus.pipeline import Solved
    from campus.result import Kpi

UNDECIDED_POINTS = 0.5


def summary(s: Solved, kpis: Mapping[str, Kpi]) -> str:
    """One sentence that says what the campus is."""
    c, k = s.case, kpis
    assert s.sized.battery_MW is not None
    battery = f", a {shown(s.sized.battery_MW)} MW battery" if s.sized.battery_MW > 0.005 else ", no battery"
    return (
        f"{c.load.P_it_MW:g} MW in {n_racks(c)} racks, powered by {k['blocks_installed'].value} gas-fired sCO2 blocks of "
        f"{k['block_net_power_MW'].value:.3g} MW ({k['spares'].value} spare), {k['heat_modules_installed'].value} heaters"
        f"{battery}; {c.dc_network.v_bus_V:g} V DC to the racks."
    )


def block_text(s: Solved) -> str:
    """The block's design point in a paragraph."""
    r = s.block
    assert r.eta_thermal
    assert r.eta_net
    assert r.eta_fuel
    assert r.p_high_Pa
    assert r.p_low_Pa
    assert r.heater
    assert r.T_ambient_K
    return (
        f"{r.layout_used.replace('_', ' ').capitalize() if r.layout_used else 'Cycle'}, turbine inlet "
        f"{r.spec.T_turbine_in_K - 273.15:.0f} °C, {r.p_high_Pa / 1e6:.1f} MPa over {r.p_low_Pa / 1e6:.2f} MPa, "
        f"{100 * (r.recompression_fraction or 0):.0f} % of the flow recompressed, rated at {r.T_ambient_K - 273.15:.1f} °C "
        f"dry bulb. Efficiency: {100 * r.eta_thermal:.1f} % at the shaft, {100 * r.eta_net:.1f} % net at the DC terminals, "
        f"{100 * r.eta_fuel:.1f} % of the fuel (LHV). CO2 returns to the heater at "
        f"{r.states[_return_state(r)].T_K - 273.15:.0f} °C, so the heater reaches "
        f"{100 * r.heater.eta_LHV:.1f} % (LHV) only with its air preheater "
        f"({r.heater.T_air_preheat_K - 273.15:.0f} °C air, {r.heater.T_stack_K - 273.15:.0f} °C stack)."
        + (f" At its limit: {'; '.join(r.active_bounds)}." if r.active_bounds else "")
    )


def _return_state(r: thermo.CycleResult) -> str:
    return "htr_hp_outlet" if "htr_hp_outlet" in r.states else "ltr_hp_outlet"


def drive_text(r: thermo.CycleResult) -> str:
    """How the turbine drives the generator, and the conflict between their speeds."""
    turbine = next(m for m in r.machines if m.name == "turbine")
    generator = next(m for m in r.machines if m.name == "generator")
    drive = (
        f"Generator: {generator.kind}, {generator.speed_rpm:,.0f} rpm; turbine {turbine.speed_rpm:,.0f} rpm."
    )
    return drive + (f" {generator.note[0].upper()}{generator.note[1:]}." if generator.note else "")


def campus_text(s: Solved, kpis: Mapping[str, Kpi]) -> str:
    """What was sized, what binds, what it costs to be sure."""
    units, spares, d = s.sized.units, s.sized.spares, s.sized.dispatch
    assert units is not None
    assert spares is not None
    assert d is not None
    hour = int((d["load_MW"].to_numpy() / s.year.output_factor).argmax())
    discharge_MW = float(d["discharge_MW"].iloc[hour])
    battery = f"The battery gives {discharge_MW:.1f} MW in that hour. " if discharge_MW > 0.05 else ""
    return (
        f"The hour that binds is hour {hour} of the year: {d['load_MW'].iloc[hour]:.1f} MW at the block bus in "
        f"{s.weather.T_dry_bulb_K[hour] - 273.15:.1f} °C, when a block gives "
        f"{s.year.output_factor[hour] * s.year.W_rated_W / 1e6:.2f} MW. It needs {units[BLOCK] - spares[BLOCK]} blocks and "
        f"{units[HEATER] - spares[HEATER]} heaters; {spares[BLOCK]} blocks and {spares[HEATER]} heaters are spare. "
        f"{battery}With {100 * s.case.reliability.block_FOR:.3g} % of block time and "
        f"{100 * s.case.reliability.heater_FOR:.3g} % of heater time lost to outages, full power is short in "
        f"{shown(kpis['lolh_h_per_year'].value)} hours a year. {s.sized.explain} "
        f"Heaters feed a common header: any heater can serve any block."
    )


def network_text(s: Solved, kpis: Mapping[str, Kpi]) -> str:
    """The network in a paragraph."""
    pods = s.grid.pods
    copper_t = dcgrid.copper_kg(s.grid.net) / 1e3
    return (
        f"{len(pods)} pods of {min(p.n_blocks for p in pods)} to {max(p.n_blocks for p in pods)} blocks and "
        f"{min(p.n_racks for p in pods)} to {max(p.n_racks for p in pods)} racks, each solved to every rack at full load. "
        f"Lowest rack voltage {kpis['min_rack_voltage_pu'].value:.4f} pu, highest conductor loading "
        f"{kpis['max_line_loading'].value:.0f} %, {copper_t:.0f} t of copper. "
        "All installed blocks are connected and share the load; pods are not tied."
    )


def chains_text(s: Solved, kpis: Mapping[str, Kpi]) -> str:
    """The verdict on DC against AC, with its band, and what would turn it."""
    chosen = title(s.case.ac_chain.ups)
    dc, ac = float(kpis["dc_loss_fraction"].value or 0), float(kpis["ac_loss_fraction"].value or 0)
    points = ac - dc
    verdict = (
        "undecided"
        if abs(points) <= UNDECIDED_POINTS
        else ("DC loses less" if points > 0 else "AC loses less")
    )
    return (
        f"DC loses {dc:.1f} % of the shaft energy, {chosen} {ac:.1f} %: {abs(points):.1f} points, {verdict} "
        f"(within {UNDECIDED_POINTS:g} points it is called undecided, since most part-load curves are assumptions). "
        "The variants below show what the answer hangs on."
    )


def warnings(s: Solved, from_chains: list[str]) -> list[str]:
    """What the reader must know before using the numbers."""
    found = [*s.grid.warnings, *from_chains]
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
    found.append(
        "No sCO2 fleet exists: the block outage rate is borrowed, and the availability with it. "
        "It covers blocks and heaters only; the gas supply, the cooling and the network are taken as perfect."
    )
    return found
