"""The tables of a result: what the results folder holds, and all that figures, report and page are built from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

import thermo
from campus.block_year import FUEL
from campus.sizing_inputs import BLOCK, HEATER
from dcgrid import figure_data

if TYPE_CHECKING:
    from campus.pipeline import Solved

ZERO_C = 273.15
COST_WORDS = {
    f"{BLOCK} fixed": "blocks: annuity, fixed O&M",
    f"{BLOCK} variable": "blocks: variable O&M",
    f"{HEATER} fixed": "heaters: annuity, fixed O&M",
    f"{HEATER} variable": "fuel",
    "battery fixed": "battery: annuity, fixed O&M",
}

REACTOR_WORDS = {
    f"{HEATER} fixed": "reactors: annuity, fixed O&M",
    f"{HEATER} variable": "reactors: fuel, variable O&M",
}


def states_table(block: thermo.CycleResult) -> pd.DataFrame:
    """State points of the cycle, numbered in the order of the flow."""
    return pd.DataFrame(
        {
            "number": number,
            "name": name.replace("_", " "),
            "T_degC": s.T_K - ZERO_C,
            "p_MPa": s.p_Pa / 1e6,
            "h_kJ_kg": s.h_J_kg / 1e3,
            "s_kJ_kgK": s.s_J_kgK / 1e3,
            "rho_kg_m3": s.rho_kg_m3,
        }
        for number, (name, s) in enumerate(block.states.items(), 1)
    )


def block_account_table(block: thermo.CycleResult) -> pd.DataFrame:
    """Power of one block at the design point, from heat to DC terminals."""
    items = list(thermo.energy_account(block).items())
    last = len(items) - 1
    return pd.DataFrame(
        {"item": name, "MW": power / 1e6, "kind": "total" if row in (0, last) else "loss"}
        for row, (name, power) in enumerate(items)
    )


def map_table(m: thermo.PerformanceMap) -> pd.DataFrame:
    """The block's map, one row a point."""
    rows = []
    for i, T in enumerate(m.T_ambient_K):
        for j, load in enumerate(m.load):
            rows.append(
                {
                    "T_ambient_degC": T - ZERO_C,
                    "load": load,
                    "W_net_MW": m.W_net_W[i, j] / 1e6,
                    "eta_net": m.eta_net[i, j],
                    "eta_fuel": m.W_net_W[i, j] / m.account_W.get(FUEL, m.Q_heater_W)[i, j],
                    "Q_heater_MW": m.Q_heater_W[i, j] / 1e6,
                    "W_fan_MW": m.W_fan_W[i, j] / 1e6,
                    "T_compressor_in_degC": m.T_compressor_in_K[i, j] - ZERO_C,
                    "p_low_MPa": m.p_low_Pa[i, j] / 1e6,
                    "p_high_MPa": m.p_high_Pa[i, j] / 1e6,
                    "outcome": str(m.outcome[i, j]),
                    "explain": str(m.explain[i, j]),
                }
            )
    return pd.DataFrame(rows)


def dispatch_table(s: Solved, blocks_MW: pd.DataFrame) -> pd.DataFrame:
    """The year, one row an hour [MW, MWh]."""
    d, y = s.sized.dispatch, s.year
    assert d is not None
    assert s.sized.units is not None
    each_MW = y.output_factor * y.W_rated_W / 1e6
    return pd.DataFrame(
        {
            "hour": np.arange(len(d)),
            "T_ambient_degC": s.weather.T_dry_bulb_K - ZERO_C,
            "rack_MW": s.rack_MW,
            "bus_MW": d["load_MW"],
            "output_MW": d[f"{BLOCK}_output_MW"],
            "units_on": d[f"{BLOCK}_units_on"],
            "online_MW": d[f"{BLOCK}_units_on"] * each_MW,
            "capacity_MW": s.sized.units[BLOCK] * each_MW,
            "heat_MWth": blocks_MW["heat to the CO2"],
            "fuel_MW_LHV": blocks_MW.get(FUEL, 0.0 * blocks_MW["heat to the CO2"]),
            "rejected_MW": blocks_MW["heat rejected in the cooler"],
            "charge_MW": d["charge_MW"],
            "discharge_MW": d["discharge_MW"],
            "state_of_charge_MWh": d["state_of_charge_MWh"],
            "lost_load_MW": d["lost_load_MW"],
        }
    )


def capacity_table(s: Solved) -> pd.DataFrame:
    """Installed against needed in the hour that binds: the hour with the highest need for blocks, and for heat."""
    d, y, units, spares = s.sized.dispatch, s.year, s.sized.units, s.sized.spares
    assert d is not None
    assert units is not None
    assert spares is not None
    each_MW = y.output_factor * y.W_rated_W / 1e6
    hour = int(np.argmax(d["load_MW"].to_numpy() / each_MW))
    heat = d[f"{HEATER}_heat_MWth"].to_numpy()
    reactor = s.case.heat.source == "reactor"
    rows = [
        ("Blocks", f"{y.W_rated_W / 1e6:.3g} MW rated", BLOCK, each_MW[hour], d["load_MW"].iloc[hour]),
        (
            "Reactors" if reactor else "Heaters",
            f"{y.Q_module_MWth:.3g} MW {'used' if reactor else 'rated'}",
            HEATER,
            y.Q_module_MWth,
            heat.max(),
        ),
    ]
    return pd.DataFrame(
        {
            "item": item,
            "unit_name": unit_name,
            "needed": units[name] - spares[name],
            "spare": spares[name],
            "unit_MW": unit_MW,
            "battery_MW": d["discharge_MW"].iloc[hour] if name == BLOCK else 0.0,
            "required_MW": required,
        }
        for item, unit_name, name, unit_MW, required in rows
    )


def costs_table(s: Solved) -> pd.DataFrame:
    """A year's cost by item [USD], the DC network added to what the optimiser counts."""
    assert s.sized.costs is not None
    words = REACTOR_WORDS if s.case.heat.source == "reactor" else {}
    rows = [
        {"item": {**COST_WORDS, **words}.get(k, k), "USD_per_year": usd} for k, usd in s.sized.costs.items()
    ]
    rows.append(
        {
            "item": "DC network: annuity, fixed O&M",
            "USD_per_year": network_capital_USD(s) * s.costs.annual_share,
        }
    )
    table = pd.DataFrame(rows)
    total = pd.DataFrame([{"item": "total", "USD_per_year": table["USD_per_year"].sum()}])
    return pd.concat([table, total], ignore_index=True)


def capex_table(s: Solved) -> pd.DataFrame:
    """Capital by item [USD], indirect cost included; `extrapolated` where a correlation is used outside its range."""
    from campus.money import battery_capital_USD_per_MW

    units = s.sized.units
    assert units is not None
    assert s.sized.battery_MW is not None
    rows = [(f"blocks: {k}", units[BLOCK] * usd, far) for k, (usd, far) in s.costs.block_USD.items()]
    rows += [
        (f"{'reactors' if s.case.heat.reactor else 'heaters'}: {k}", units[HEATER] * usd, far)
        for k, (usd, far) in s.costs.heater_USD.items()
    ]
    rows.append(("battery", s.sized.battery_MW * battery_capital_USD_per_MW(s.case), False))
    rows.append(
        ("DC network with sidecars, per rack power whatever its layout", network_capital_USD(s), False)
    )
    rows.append(("total", float(sum(row[1] for row in rows)), False))
    return pd.DataFrame(rows, columns=["item", "USD", "extrapolated"])


def network_capital_USD(s: Solved) -> float:
    """Capital of the 800 V network with sidecars [USD]."""
    return s.case.economics.network_USD_per_kW * s.case.load.P_it_MW * 1e3


def grid_tables(s: Solved) -> dict[str, pd.DataFrame]:
    """Buses and branches of the solved network at full load with their places in the one-line diagram; the voltage along the
    feeders; where the power goes."""
    net = s.grid.net
    buses, branches = figure_data.one_line(net)
    buses["pod"] = [_pod(name) for name in buses["name"]]
    buses["kind"] = [_bus_kind(name) for name in buses["name"]]
    of = ["std_type", "parallel", "length_m"]
    made = pd.concat([net.line[of], net.converter[["std_type"]].assign(parallel=1)], ignore_index=True)
    branches[of] = made.reindex(range(len(branches)))[of].to_numpy()
    branches["pod"] = [_pod(name) for name in branches["name"]]
    profile, flows = figure_data.voltage_profile(net), figure_data.power_flows(net)
    return {"grid_bus": buses, "grid_branch": branches, "grid_profile": profile, "grid_flow": flows}


def _pod(name: str) -> str:
    """The pod of an element, or "ties"."""
    return "ties" if name.startswith("tie ") else name.split(" / ")[0]


def _bus_kind(name: str) -> str:
    last = name.split(" / ")[-1]
    if last.startswith(("block bus", "catcher bus")):
        return "bus"
    if last.startswith("block "):
        return "block"
    if last.startswith("tie "):
        return "junction"
    return "rack" if last.startswith("rack ") and " tap" not in last else "row"


def ts_table(block: thermo.CycleResult) -> pd.DataFrame:
    """Lines of the T-s diagram: each component's path, and the saturation dome."""
    diagram = thermo.ts_diagram(block)
    lines = {"saturation": (diagram.dome_T_K, diagram.dome_s_J_kgK), **diagram.paths}
    parts = [
        pd.DataFrame({"component": name, "T_degC": T_K - ZERO_C, "s_kJ_kgK": s_J_kgK / 1e3})
        for name, (T_K, s_J_kgK) in lines.items()
        if not name.startswith("mixer")
    ]
    return pd.concat(parts, ignore_index=True)
