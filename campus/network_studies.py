"""How much the DC network can bear: margins of load, single outages, faults through ties, bus voltage, conductors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

import dcgrid
from dcgrid.block_sources import input_window
from dcgrid.cables import mass_kg
from dcgrid.collection import costs
from dcgrid.effect import Effect
from dcgrid.fault_screening import FAULT_FACTORS
from dcgrid.feeds import transfer_switches
from dcgrid.outage import Outage, without

if TYPE_CHECKING:
    from campus.build_grid import GridLosses
    from campus.case import Case

#: Price of aluminium [USD/kg]: an assumption.
ALUMINIUM_USD_KG = 2.7
KINDS = ("source", "line", "converter")
#: Roles of the elements that go out in pairs, and how many of the worst pairs are shown.
PAIRED = ("block", "collection cable", "row feeder", "tie", "tie breaker", "tie converter")
SHOWN_PAIRS = 12
#: Kinds of outage told: (kind, role) -> words; other roles under their own name.
WORDS = {
    "block": "a block",
    "collection cable": "a block's collection cable",
    "row feeder": "a row feeder",
    "row busway": "a section of row busway",
    "sidecar": "a rack's whole sidecar",
    "sidecar module": "one module of a sidecar",
    "tie": "a tie's cable",
    "tie breaker": "a tie's breaker",
    "tie converter": "a tie's converter",
}


def margins_table(net: dcgrid.Network) -> tuple[pd.DataFrame, str]:
    """The first limit of each kind as the loads rise together, then the nose; and the same in words.

    Columns limit, element, factor (times the load of full racks), margin_percent (load to spare before it).
    """
    found = dcgrid.margins(net, 1e-6)
    rows = [(x.kind, x.element, x.factor) for x in found.limits]
    if found.nose is not None:
        rows.append(("voltage collapse (nose)", found.nose_bus or "", found.nose))
    table = pd.DataFrame(rows, columns=["limit", "element", "factor"])
    table["margin_percent"] = 100.0 * (table["factor"] - 1.0)
    return table, found.explain


def outages_table(net: dcgrid.Network) -> tuple[pd.DataFrame, dcgrid.ContingencyResult]:
    """Every single outage of the full network by kind, the worst of each kind in numbers.

    Columns what, outages, without_answer (no operating point), dark (outages that leave racks without power), racks_dark
    and MW_dark (in the worst), overloads (outages that put an element above its rating that was not before),
    max_loading_percent and of, v_min_pu and at, worst (outage).
    """
    found = dcgrid.contingencies(net, tuple(KINDS), transfer=transfer_switches(net))
    t = found.table
    roles = {table: net.column(table, "role") for table in KINDS}
    t = t.assign(role=[roles[k][i] or k for k, i in zip(t["kind"], t["index"], strict=True)])
    order = {role: n for n, role in enumerate(WORDS)}
    rows = [_kind_row(str(role), part) for role, part in t.groupby("role", sort=False)]
    if len(net.converter):
        rows.append(_module_row(net, found.base))
    rows.sort(key=lambda row: order.get(str(row["role"]), len(order)))
    return pd.DataFrame(rows).drop(columns="role"), found


def block_out_warning(case: Case, outages: pd.DataFrame) -> str | None:
    """What the loss of one block does to the others of its pod, where the availability counts on any block for any rack."""
    row = outages.set_index("what").loc[WORDS["block"]]
    if not row["overloads"] and not row["dark"] and not row["without_answer"]:
        return None
    load = f"to {row['max_loading_percent']:.0f} % of its rating"
    way = (
        "ties between the pods (dc_network.ties) would share it"
        if case.dc_network.ties == "none" or case.dc_network.tie_mode != "solid_state_breaker"
        else "more blocks or wider ties would carry it"
    )
    return (
        f"At full load the loss of one block loads {row['of']} {load}: the availability lets any block serve any rack, "
        f"the network does not; {way}."
    )


def pairs_table(net: dcgrid.Network) -> tuple[pd.DataFrame, str]:
    """The worst pairs of outages of blocks, collection cables, feeders and ties (N-2), and all of them in words.

    Columns outage, racks_dark, MW_dark, max_loading_percent and of, v_min_pu and at, outcome. Pairs in parts that no
    current joins add up and are not listed.
    """
    found = dcgrid.contingencies(
        net, ("source", "line", "converter"), 2, roles=PAIRED, transfer=transfer_switches(net)
    )
    t = found.table.head(SHOWN_PAIRS)
    table = pd.DataFrame(
        {
            "outage": t["outage"],
            "outcome": t["outcome"],
            "racks_dark": t["unserved_racks"],
            "MW_dark": t["unserved_w"].astype(float) / 1e6,
            "max_loading_percent": 100.0 * t["max_loading"].astype(float),
            "of": t["max_loading_element"],
            "v_min_pu": t["v_min_pu"].astype(float),
            "at": t["v_min_bus"],
        }
    )
    return table, f"{found.words} {found.screening[0].upper()}{found.screening[1:]}."


def _module_row(net: dcgrid.Network, base: Effect) -> dict[str, object]:
    """One module of the most loaded sidecar: each sidecar stands alone, so no other is worse."""
    roles = net.column("converter", "role")
    all_of = [x if r == "sidecar" else -1.0 for x, r in zip(net.res_converter["loading"], roles, strict=True)]
    k = int(np.nanargmax(all_of))
    name = net.label("converter", k)
    copy = without(net, [Outage("module", k, name)])
    solved = dcgrid.run(copy)
    dark, before = len(solved.unsupplied) > 0, {*base.limits}
    over = [x for x in (*solved.limited, *solved.overloaded) if x not in before]
    loading = copy.result("converter")["loading"][k] if solved.outcome.solved else None
    low = int(copy.res_bus["v_pu"].argmin()) if solved.outcome.solved else None
    return {
        "role": "sidecar module",
        "what": WORDS["sidecar module"],
        "outages": roles.count("sidecar"),
        "without_answer": int(not solved.outcome.solved),
        "dark": int(dark),
        "racks_dark": int(dark),
        "MW_dark": float(np.max(net.floats("load", "p_w"))) / 1e6 if dark else 0.0,
        "overloads": int(bool(over)),
        "max_loading_percent": None if loading is None else 100.0 * float(loading),
        "of": name,
        "v_min_pu": solved.v_min_pu,
        "at": "" if low is None else net.label("bus", low),
        "worst": f"one module of {name}",
    }


def _kind_row(role: str, part: pd.DataFrame) -> dict[str, object]:
    """All outages of one role; they come worst first."""
    worst, solved = part.iloc[0], part[part["v_min_pu"].notna()]
    full = solved.sort_values("max_loading").iloc[-1] if solved["max_loading"].notna().any() else None
    low = solved.sort_values("v_min_pu").iloc[0] if len(solved) else None
    return {
        "role": role,
        "what": WORDS.get(role, role),
        "outages": len(part),
        "without_answer": int(part["unserved_w"].isna().sum()),
        "dark": int((part["unserved_racks"] > 0).sum()),
        "racks_dark": int(part["unserved_racks"].max()) if part["unserved_racks"].notna().any() else 0,
        "MW_dark": float(part["unserved_w"].max()) / 1e6 if part["unserved_w"].notna().any() else 0.0,
        "overloads": int((part["new_limits"] > 0).sum()),
        "max_loading_percent": None if full is None else 100.0 * float(full["max_loading"]),
        "of": "" if full is None else full["max_loading_element"],
        "v_min_pu": None if low is None else float(low["v_min_pu"]),
        "at": "" if low is None else low["v_min_bus"],
        "worst": worst["outage"],
    }


def ties_table(case: Case, grid: GridLosses) -> tuple[pd.DataFrame, str]:
    """Prospective fault current at each pod's bus [kA], of its own blocks and with what closed ties bring; in words, how
    many pods the breakers let tie."""
    net = case.dc_network
    fault = dcgrid.tie_fault(grid.spec, net.block_source, net.breaker_A)
    table = pd.DataFrame(
        {
            "bus": p.bus,
            "own_kA": p.i_own_a / 1e3,
            "prospective_kA": p.i_prospective_a / 1e3,
            "through_ties_kA": p.i_through_ties_a / 1e3,
            "breaker_kA": None if fault.breaker_a is None else fault.breaker_a / 1e3,
            "within": p.within_breaker,
        }
        for p in fault.pods
    )
    return (
        table,
        f"{_cluster_words(case, grid, table)} Short circuit of a block taken as {_factor_words(case)}.",
    )


def _factor_words(case: Case) -> str:
    source = case.dc_network.block_source
    return f"{FAULT_FACTORS[source]:g} times its rated current ({source.replace('_', ' ')}, assumption)"


def _cluster_words(case: Case, grid: GridLosses, table: pd.DataFrame) -> str:
    net = case.dc_network
    own_A = 1e3 * float(table["own_kA"].max())
    if net.breaker_A is None:
        return "No breaker rating is given (dc_network.breaker_rating), so no largest cluster of tied pods."
    mesh = "full" if net.ties == "none" else net.ties
    rated_W = net.P_tie_W or case.block.W_net_W
    wire = dcgrid.select(rated_W / net.v_bus_V, net.v_bus_V, net.tie_m, 0.02)
    r_tie = dcgrid.std_types.conductor(wire.std_type).r_loop_ohm(net.tie_m) / wire.parallel
    most = dcgrid.largest_cluster(net.breaker_A, net.v_bus_V, own_A, r_tie, mesh)
    if most == 0:
        return f"One pod alone already brings {own_A / 1e3:.0f} kA, more than the breakers' {net.breaker_A / 1e3:.0f} kA."
    how = {"full": "each with each", "chain": "in a chain", "ring": "in a ring"}[mesh]
    count = "any number of" if most is None else f"at most {most}"
    return (
        f"By breakers of {net.breaker_A / 1e3:.0f} kA {count} pods may be tied {how} by closed ties of {net.tie_m:.0f} m "
        "that do not limit the current."
    )


def source_findings(case: Case, net: dcgrid.Network) -> tuple[pd.DataFrame, str, list[str]]:
    """The block bus over the machine's speed and after load rejection, against the sidecars' input window: table, words,
    and what breaks it."""
    d = case.dc_network
    link = {
        "dcdc_v_in_min_v": 0.75 * d.v_bus_V,
        "dcdc_v_in_max_v": 1.5 * d.v_bus_V,
        "v_link_v": 1.25 * d.v_bus_V,
    }
    spec = dcgrid.BlockSourceSpec(
        d.block_source, d.v_bus_V, d.speed_min, max(1.0, min(1.05, d.overspeed)), d.overspeed,
        **(link if d.block_source == "diode_dcdc" else {}),
    )  # fmt: skip
    low, high = input_window(net)
    found = dcgrid.block_voltage(spec, low, high)
    rows = [
        ("lowest in operation", found.v_min_v),
        ("highest in operation", found.v_max_v),
        ("after load rejection", found.v_rejection_v),
        ("input window of the sidecars, from", low),
        ("input window of the sidecars, to", high),
    ]
    text = "; ".join(f.text for f in found.findings) or "the bus stays within the sidecars' window"
    if low is None and high is None:
        text += " (dc_network.sidecar_input_min and sidecar_input_max say it)"
    broken = [f.text for f in found.findings if f.level == "error"]
    return pd.DataFrame(rows, columns=["what", "V"]).astype({"V": float}), text, broken


def conductors_table(net: dcgrid.Network) -> pd.DataFrame:
    """What was laid: columns role, std_type, parallel, runs, length_m (all runs), mass_t (go and return), laid_USD,
    max_loading_percent. Laid cost is metal times the shipped price and laid-over-metal factor."""
    columns = ("role", "std_type", "parallel", "length_m", "from_bus")
    kinds, loading = net.column("bus", "kind"), net.result("line")["loading"]
    known, price = dcgrid.std_types.conductors(), {k: float(str(v["value"])) for k, v in costs().items()}
    laid: dict[tuple[str, str, int], list[tuple[float, float, float]]] = {}
    for k, (role, kind, n, length, bus) in enumerate(
        zip(*(net.column("line", c) for c in columns), strict=True)
    ):
        if kind in known and length:
            kg = mass_kg(kind, length, n) * (1.5 if kinds[bus] == "bipolar" else 1.0)
            laid.setdefault((role or "line", kind, n), []).append((length, kg, float(loading[k])))
    rows = []
    for (role, kind, n), runs in laid.items():
        length, kg = sum(x[0] for x in runs), sum(x[1] for x in runs)
        metal = price["copper"] if known[kind].material == "Cu" else ALUMINIUM_USD_KG
        full = 100.0 * float(np.nanmax([x[2] for x in runs]))
        rows.append((role, kind, n, len(runs), length, kg / 1e3, kg * metal * price["laid_over_metal"], full))
    names = ["role", "std_type", "parallel", "runs", "length_m", "mass_t", "laid_USD", "max_loading_percent"]
    return pd.DataFrame(rows, columns=names)
