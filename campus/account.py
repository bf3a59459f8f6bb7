"""From what was solved to what is told: KPIs, tables, manifest, and the sentences of the report."""

from __future__ import annotations

import importlib.metadata
import platform
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

import dcgrid
from campus import cycle_tables, machine_tables, network_options, network_studies, tables, verdicts
from campus.assumptions import assumptions_table
from campus.block_year import FUEL
from campus.build_grid import LEVELS, n_racks, standby_W
from campus.chains import all_chains, chosen_feed, title
from campus.energy import CO2, REJECTED, SHAFT, energy_table, hourly_blocks_MW, residual
from campus.fingerprint import input_hash, result_hash
from campus.kpis import ABOUT
from campus.limits import limits_table
from campus.money import source_USD_per_MWh
from campus.reliability import supply_outage
from campus.result import CampusResult, Kpi, Outcome
from campus.sensitivity import sensitivity_table
from campus.sizing_inputs import BLOCK, HEATER
from campus.worst_rack import rack_path_table, worst_rack_availability

if TYPE_CHECKING:
    from campus.pipeline import Solved

# kg of CO2 per MWh of fuel (LHV): carbon of methane, 44.01 / 16.04 kg per kg over 50.0 MJ/kg.
CO2_KG_PER_MWH_LHV = 44.0095 / 16.0425 / 50.0 * 3600.0
CLOSES = 1e-6


def account(s: Solved, folder: Path, name: str, seconds: float) -> CampusResult:
    """The campus' result from everything that was solved."""
    blocks_MW = hourly_blocks_MW(s)
    energy = energy_table(s, blocks_MW)
    off = residual(energy)
    if off > CLOSES:
        return CampusResult(
            s.case, Outcome.NOT_CONVERGED, f"the year's energy does not close: {off:.1e} of the fuel"
        )
    assert s.sized.units is not None
    try:
        losses, chain_warnings = all_chains(
            s.case,
            s.block,
            s.grid.curves,
            s.sized.units[BLOCK],
            n_racks(s.case),
            LEVELS,
            s.rack_MW,
            standby_W(s.case),
        )
    except dcgrid.RunError as error:
        return CampusResult(s.case, Outcome.NOT_CONVERGED, f"an AC chain has no operating point: {error}")
    found = _tables(s, blocks_MW, energy, losses)
    try:
        network, told = _network_tables(s, energy)
    except (dcgrid.RunError, dcgrid.NetworkError) as error:
        return CampusResult(s.case, Outcome.NOT_CONVERGED, f"a network beside the campus' own fails: {error}")
    compared = verdicts.compared(losses, float(len(s.rack_MW)), shaft_USD_per_MWh(s, energy))
    found |= {
        **network,
        "verdicts": verdicts.verdict_table(losses, compared),
        "ac_dc_tornado": verdicts.tornado_table(compared[0]),
        "studies": verdicts.studies_table(),
    }
    values = {
        **_plant(s, found),
        **_reliability(s, found),
        **_year(s, found, blocks_MW),
        **_network(s, found),
        **_money(s, found),
    }
    kpis = {name: Kpi(values[name], about.unit, about.label) for name, about in ABOUT.items()}
    found["limits"] = limits_table(s, found["grid_branch"], kpis, told)
    if told["source_broken"]:
        chain_warnings = [*chain_warnings, f"Block bus: {told['source_broken']}."]
    if (lost := network_studies.block_out_warning(s.case, found["outages"])) is not None:
        chain_warnings = [*chain_warnings, lost]
    manifest = _manifest(s, folder, name, seconds, off, kpis, chain_warnings, found) | {
        **told,
        "comparison_notes": list(compared[0].notes),
    }
    return CampusResult(
        s.case,
        Outcome.OK,
        "solved",
        kpis,
        found,
        manifest,
        {"block": s.block, "map": s.map, "year": s.year, "sized": s.sized, "net": s.grid.net},
    )


def _tables(
    s: Solved, blocks_MW: pd.DataFrame, energy: pd.DataFrame, losses: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    return {
        "states": tables.states_table(s.block),
        "ts_path": tables.ts_table(s.block),
        "ph_path": cycle_tables.ph_table(s.block),
        "tq": cycle_tables.tq_table(s.block),
        "exergy": cycle_tables.exergy_table(s.block),
        "block_account": tables.block_account_table(s.block),
        "machines": machine_tables.machines_table(s.block),
        "ways_out": machine_tables.ways_out_table(s.block),
        "materials": machine_tables.materials_table(s.block),
        "plants": machine_tables.plants_table(s.block),
        "map": tables.map_table(s.map),
        "dispatch": tables.dispatch_table(s, blocks_MW),
        "capacity": tables.capacity_table(s),
        "energy": energy,
        "costs": tables.costs_table(s),
        "capex": tables.capex_table(s),
        "losses": losses,
        "assumptions": assumptions_table(s.case),
        "sensitivity": sensitivity_table(s),
        "rack_path": rack_path_table(s),
        **tables.grid_tables(s),
    }


def _network_tables(s: Solved, energy: pd.DataFrame) -> tuple[dict[str, pd.DataFrame], dict[str, str]]:
    """What the network can bear and what else it could be: tables, and the sentences beside them."""
    price = shaft_USD_per_MWh(s, energy)
    margins, margins_text = network_studies.margins_table(s.grid.net)
    outages, studied = network_studies.outages_table(s.grid.net)
    ties, ties_text = network_studies.ties_table(s.case, s.grid)
    bus_V, source_text, broken = network_studies.source_findings(s.case, s.grid.net)
    break_even, collection = network_options.collection_tables(s, price)
    found = {
        "margins": margins,
        "outages": outages,
        "tie_faults": ties,
        "bus_voltage": bus_V,
        "conductors": network_studies.conductors_table(s.grid.net),
        "variants": network_options.variants_table(s),
        "break_even": break_even,
        "collection": collection,
        "grid_verdicts": verdicts.grid_verdict_table(s, price),
        "native_verdicts": verdicts.native_verdict_table(s, price),
        "tails": verdicts.tails_table(s),
    }
    words = {
        "margins_text": margins_text,
        "outages_text": studied.words,
        "ties_text": ties_text,
        "source_text": source_text,
        "source_broken": "; ".join(broken),
    }
    if s.case.dc_network.outage_pairs:
        found["outage_pairs"], words["pairs_text"] = network_studies.pairs_table(s.grid.net)
    return found, words


Values = dict[str, float | int | bool | None]


def _plant(s: Solved, found: dict[str, pd.DataFrame]) -> Values:
    units, spares = s.sized.units, s.sized.spares
    assert units is not None
    assert spares is not None
    assert s.block.eta_net is not None
    return {
        "block_efficiency": 100 * s.block.eta_net,
        "block_net_power_MW": s.year.W_rated_W / 1e6,
        "blocks_installed": units[BLOCK],
        "blocks_needed": units[BLOCK] - spares[BLOCK],
        "spares": spares[BLOCK],
        "heat_modules_installed": units[HEATER],
        "battery_power_MW": s.sized.battery_MW,
        "battery_energy_MWh": s.sized.battery_MWh,
        "footprint_m2": s.case.economics.area_m2_per_MW * units[BLOCK] * s.year.W_rated_W / 1e6,
        "months_to_first_power": s.case.economics.first_power_months,
        "loop_iterations": s.passes,
        "reproducible": s.sized.reproducible and s.converged,
    }


def _reliability(s: Solved, found: dict[str, pd.DataFrame]) -> Values:
    """Outages of blocks and heaters, load shed on purpose, and the gas supply together.

    Hours short: expected hours of the outage table, the hours in which load is shed anyway, and the share of the rest in
    which every gas feed is out. Energies are added in the same way.
    """
    outages = s.sized.availability
    assert outages is not None
    d = found["dispatch"]
    shed_MW = d["lost_load_MW"].to_numpy()
    load_MWh, down = float(d["bus_MW"].sum()), supply_outage(s.case)
    units_h = outages.lolh_h_per_year + float((1.0 - outages.lolp)[shed_MW > 1e-6].sum())
    units_MWh = outages.eens_MWh_per_year + float(shed_MW.sum())
    lolh_h = units_h + down * (len(d) - units_h)
    eens_MWh = units_MWh + down * (load_MWh - units_MWh)
    availability = 100 * (1.0 - lolh_h / len(d))
    return {
        "availability": availability,
        "worst_rack_availability": worst_rack_availability(availability, found["rack_path"]),
        "served_fraction": 100 * (1.0 - eens_MWh / load_MWh),
        "lolh_h_per_year": lolh_h,
        "eens_MWh_per_year": eens_MWh,
    }


def nox_mg_per_MJ(s: Solved) -> float:
    """NOx per fuel heat (LHV) [mg/MJ]: the case's, or the burner's own with its preheated air; 0 without a burner."""
    if s.case.heat.nox_mg_per_MJ is not None:
        return s.case.heat.nox_mg_per_MJ
    return 0.0 if s.block.heater is None else s.block.heater.nox_g_GJ_LHV


def _year(s: Solved, found: dict[str, pd.DataFrame], blocks_MW: pd.DataFrame) -> Values:
    fuel_MWh = float(blocks_MW[FUEL].sum()) if FUEL in blocks_MW else 0.0
    served = 1.0 - found["dispatch"]["lost_load_MW"] / found["dispatch"]["bus_MW"]
    racks_MWh = float((served * s.rack_MW).sum())
    blocks_MWh = float(found["dispatch"]["output_MW"].sum())
    return {
        "fuel_to_rack_efficiency_LHV": 100 * racks_MWh / fuel_MWh if fuel_MWh > 0 else None,
        "pue": blocks_MWh / racks_MWh,
        "fuel_MWh_LHV_per_year": fuel_MWh,
        "co2_t_per_year": fuel_MWh * CO2_KG_PER_MWH_LHV / 1e3,
        "nox_t_per_year": fuel_MWh * 3600.0 * nox_mg_per_MJ(s) / 1e9,
        "water_m3_per_year": 0.0,
        "heat_rejected_MW": float(blocks_MW[REJECTED].max()),
        "lcoe_USD_per_MWh": _annual_cost_USD(s, found) / racks_MWh,
    }


def _annual_cost_USD(s: Solved, found: dict[str, pd.DataFrame]) -> float:
    costs = found["costs"].set_index("item")["USD_per_year"]
    return float(costs["total"] - costs.get("lost load", 0.0))


def _network(s: Solved, found: dict[str, pd.DataFrame]) -> Values:
    losses, branch, bus = found["losses"], found["grid_branch"], found["grid_bus"]
    share = losses.groupby("chain", sort=False)["share_of_shaft"].sum()
    saved = _saved_MWh(s, losses)
    return {
        "dc_loss_fraction": 100 * share.iloc[0],
        "ac_loss_fraction": 100 * share[_ac_title(s)],
        "dc_saving_MWh_per_year": saved,
        "min_rack_voltage_pu": float(bus.loc[bus["kind"] == "row", "v_pu"].min()),
        "max_line_loading": 100 * float(branch.loc[branch["kind"] == "line", "loading"].max()),
    }


def _saved_MWh(s: Solved, losses: pd.DataFrame) -> float:
    shaft = losses.groupby("chain", sort=False)["p_in_MWh"].max()
    return float(shaft[_ac_title(s)] - shaft.iloc[0])


def _ac_title(s: Solved) -> str:
    return title(chosen_feed(s.case, s.block), s.case.ac_chain.ups)


def _money(s: Solved, found: dict[str, pd.DataFrame]) -> Values:
    from sizing import capital_recovery_factor

    e = s.case.economics
    capex = float(found["capex"]["USD"].iloc[-1])
    saving = _saved_MWh(s, found["losses"]) * shaft_USD_per_MWh(s, found["energy"])
    return {
        "capex_USD": capex,
        "capex_USD_per_kW_IT": capex / (s.case.load.P_it_MW * 1e3),
        "dc_saving_USD_per_year": saving,
        "npv_USD": saving / capital_recovery_factor(e.discount_rate_real, e.life_yr),
        "objective_USD_per_year": s.sized.objective_USD_per_year,
        "lower_bound_USD_per_year": s.sized.lower_bound_USD_per_year,
        "gap": None if s.sized.gap is None else 100 * s.sized.gap,
    }


def shaft_USD_per_MWh(s: Solved, energy: pd.DataFrame) -> float:
    """What a MWh at the turbine shaft costs over the year: its fuel, and variable O&M [USD/MWh]."""
    flows = energy.set_index(["source", "target"])["GWh"]
    source_GWh = float(energy.loc[energy["source"] == s.year.source, "GWh"].sum())
    source_per_shaft = source_GWh / float(flows[CO2, SHAFT])
    return source_USD_per_MWh(s.case) * source_per_shaft + s.case.economics.vom_USD_per_MWh


def _manifest(
    s: Solved,
    folder: Path,
    name: str,
    seconds: float,
    off: float,
    kpis: dict[str, Kpi],
    chain_warnings: list[str],
    found: dict[str, pd.DataFrame],
) -> dict[str, Any]:
    from campus import words

    return {
        "case": name,
        "title": s.case.name,
        "hash": result_hash(s.case, folder),
        "input_hash": input_hash(s.case, folder),
        "outcome": Outcome.OK.name,
        "summary": words.summary(s, kpis),
        "block_text": words.block_text(s),
        "drive_text": words.drive_text(s.block),
        "exergy_text": cycle_tables.exergy_words(s.block),
        "machine_conflicts": machine_tables.machine_conflicts(s.block),
        "plant_verdicts": words.plant_verdicts(s.block),
        "campus_text": words.campus_text(s, kpis),
        "network_text": words.network_text(s, kpis),
        "chains_text": words.chains_text(s, found["verdicts"]),
        "heat_from": s.year.source,
        "warnings": words.warnings(s, kpis, chain_warnings),
        "energy_residual": off,
        "gap": s.sized.gap,
        "seed": s.case.load.profile.seed,
        "loop_converged": s.converged,
        "seconds": {stage: round(taken, 3) for stage, taken in s.seconds.items()},
        "seconds_total": round(seconds, 1),
        "versions": _versions(),
    }


def _versions() -> dict[str, str]:
    packages = ("heat2rack", "CoolProp", "highspy", "pyomo", "pandapower", "numpy")
    return {name: importlib.metadata.version(name) for name in packages} | {
        "python": platform.python_version()
    }
