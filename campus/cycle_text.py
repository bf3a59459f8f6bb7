"""A block on the terminal: states, efficiencies, machines, exergy, materials, dynamics, inventory; layouts compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import thermo
from campus.blocks import cycle_result, drive_conflict, reactor_match, with_layout
from campus.cycle_tables import exergy_table, exergy_words
from campus.machine_tables import (
    machine_conflicts,
    machines_table,
    materials_table,
    plant_lines,
    plants_table,
)
from campus.problems import CaseError

if TYPE_CHECKING:
    from campus.case import Case
    from campus.profiles import Weather

ZERO_C = 273.15
Row = Sequence[object]


def cycle_text(r: thermo.CycleResult) -> str:
    """All that is known of a designed block, as lines of text."""
    r.require_ok()
    parts: tuple[tuple[str, Callable[[thermo.CycleResult], list[str]]], ...] = (
        ("", _head), ("States", _states), ("Efficiency chain", _chain), ("From heat to DC terminals", _account),
        ("Machines", _machines), ("Exergy", _exergy), ("Hot parts: the least alloy that holds", _materials),
        ("Beside machines that exist", _plants), ("Dynamics", _dynamics), ("CO2 inventory", _inventory),
    )  # fmt: skip
    lines: list[str] = []
    for title, part in parts:
        lines += (["", title] if title else []) + part(r)
    return "\n".join(line.rstrip() for line in lines)


def columns(head: Row, rows: Iterable[Row]) -> list[str]:
    """Rows as aligned columns: text to the left, numbers (given as text without letters first) to the right.

    >>> columns(("name", "MW"), [("turbine", "8.7"), ("fan", "10.1")])
    ['name       MW', 'turbine   8.7', 'fan      10.1']
    """
    table = [[str(cell) for cell in row] for row in (head, *rows)]
    wide = [max(len(row[i]) for row in table) for i in range(len(head))]
    right = [i > 0 and all(row[i][:1] in "0123456789+-–" for row in table[1:]) for i in range(len(head))]
    return [
        "  ".join(c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, wide, right, strict=True)).rstrip()
        for row in table
    ]


def _number(value: float | None, digits: int = 1) -> str:
    return "–" if value is None or value != value else f"{value:,.{digits}f}"


def _head(r: thermo.CycleResult) -> list[str]:
    numbers = [
        ("net power, DC terminals", r.W_net_W, 1e-6, "MW"), ("high pressure", r.p_high_Pa, 1e-6, "MPa"),
        ("low pressure", r.p_low_Pa, 1e-6, "MPa"), ("precompressor inlet", r.p_precompressor_in_Pa, 1e-6, "MPa"),
        ("reheat pressure", r.p_reheat_Pa, 1e-6, "MPa"), ("recompressed share", r.recompression_fraction or None, 1.0, ""),
        ("split share", r.split_fraction or None, 1.0, ""), ("CO2 flow", r.m_dot_kg_s, 1.0, "kg/s"),
        ("UA, low-temperature recuperator", r.UA_ltr_W_K, 1e-6, "MW/K"),
        ("UA, high-temperature recuperator", r.UA_htr_W_K or None, 1e-6, "MW/K"),
    ]  # fmt: skip
    rows = [
        (name, f"{scale * value:.3f} {unit}") for name, value, scale, unit in numbers if value is not None
    ]
    found = columns((f"{r.layout_used}, turbine inlet {r.spec.T_turbine_in_K - ZERO_C:.0f} degC", ""), rows)
    assert r.T_heat_return_K is not None
    found.append(f"CO2 first meets its heat source at {r.T_heat_return_K - ZERO_C:.0f} degC")
    return found + [f"at a bound: {bound}" for bound in r.active_bounds]


def _states(r: thermo.CycleResult) -> list[str]:
    head = ("state", "T, degC", "p, MPa", "h, kJ/kg", "s, kJ/kgK", "rho, kg/m3")
    return columns(head, [
        (name.replace("_", " "), f"{s.T_K - ZERO_C:.1f}", f"{s.p_Pa / 1e6:.2f}", f"{s.h_J_kg / 1e3:.1f}",
         f"{s.s_J_kgK / 1e3:.4f}", f"{s.rho_kg_m3:.1f}")
        for name, s in r.states.items()
    ])  # fmt: skip


def _chain(r: thermo.CycleResult) -> list[str]:
    assert r.W_generator_W is not None
    assert r.Q_heater_W is not None
    rows = [
        ("efficiency, shaft", r.eta_thermal, "shaft power over heat to the CO2"),
        ("efficiency, generator", r.W_generator_W / r.Q_heater_W, "generator terminals over heat to the CO2"),
        ("efficiency, net", r.eta_net, "net DC power, fans and auxiliaries off, over heat to the CO2"),
        ("heater", r.heater.eta_LHV if r.heater else None, "heat to the CO2 over fuel (LHV)"),
        ("efficiency, fuel (LHV)", r.eta_fuel, "net DC power over fuel (LHV)"),
    ]
    return columns(
        ("", "%", ""), [(name, f"{100 * eta:.2f}", what) for name, eta, what in rows if eta is not None]
    )


def _account(r: thermo.CycleResult) -> list[str]:
    return columns(("", "MW"), [(name, f"{W / 1e6:.3f}") for name, W in thermo.energy_account(r).items()])


def _machines(r: thermo.CycleResult) -> list[str]:
    head = (
        "machine",
        "kind",
        "shaft",
        "MW",
        "rpm",
        "stages",
        "mm",
        "tip m/s",
        "Mach",
        "n_s",
        "d_s",
        "eff. %",
        "range",
    )
    rows = [
        (m["name"], m["kind"], m["shaft"], _number(m["power_MW"], 2), _number(m["speed_rpm"], 0), m["stages"],
         _number(m["diameter_mm"], 0), _number(m["tip_speed_m_s"], 0), _number(m["tip_mach"], 2),
         _number(m["specific_speed"], 2), _number(m["specific_diameter"], 2), _number(m["efficiency_percent"]), m["verdict"])
        for m in machines_table(r).to_dict("records")
    ]  # fmt: skip
    words = [
        r.machine_words,
        *(f"against it: {text}" for text in machine_conflicts(r) if r.train is not None),
    ]
    if r.train is not None:
        words.append(f"generator: {r.train.generator.note}")
        words += [f"way out: {w.name}: {w.words}" for w in r.train.generator.ways_out if w.works]
    return (columns(head, rows) if rows else []) + words


def _exergy(r: thermo.CycleResult) -> list[str]:
    rows = [
        (x["component"], *(_number(x[n], 3) for n in ("fuel_MW", "product_MW", "destroyed_MW")),
         f"{x['share_percent']:.2f}", _number(x["efficiency_percent"]))
        for x in exergy_table(r).to_dict("records")
    ]  # fmt: skip
    head = ("component", "fuel MW", "product MW", "destroyed MW", "of all %", "efficiency %")
    return [*(columns(head, rows) if rows else []), exergy_words(r)]


def _materials(r: thermo.CycleResult) -> list[str]:
    rows = [
        (m["part"], _number(m["T_metal_degC"], 0), _number(m["required_MPa"], 0), _number(m["allowable_MPa"], 0),
         m["alloy"] or "beyond every alloy known here", m["grade"])
        for m in materials_table(r).to_dict("records")
    ]  # fmt: skip
    return columns(("part", "metal degC", "needs MPa", "holds MPa", "alloy", "grade"), rows)


def _plants(r: thermo.CycleResult) -> list[str]:
    rows = [
        (p["name"], _number(p["power_MW"], 2), _number(p["T_turbine_in_degC"], 0), _number(p["p_high_MPa"]),
         _number(p["speed_rpm"], 0), _number(p["turbine_mm"], 0), p["status"].replace("_", " "))
        for p in plants_table(r).to_dict("records")
    ]  # fmt: skip
    head = ("machine", "MW", "inlet degC", "p MPa", "rpm", "wheel mm", "status")
    return [*columns(head, rows), *(line for line in plant_lines(r) if ": inside what ran" not in line)]


def _dynamics(r: thermo.CycleResult) -> list[str]:
    try:
        d = thermo.block_dynamics(r)
    except (thermo.CycleError, ValueError) as error:
        return [f"none: {error}"]
    least = d.least_load
    lines = [
        f"inertia constant H               {d.inertia.H_s:.2f} s ({d.inertia.total_J / 1e6:.2f} MJ with the generator)",
        f"ramp rate                        {6000 * d.ramp.ramp_1_s:.1f} % of rated a minute, by {d.ramp.limit}",
        f"least load                       {100 * least.load:.0f} %: {least.explain}" if least else
        "least load                       no operating point at design ambient",
        f"overspeed after loss of load     {100 * (d.overspeed_bypass.peak - 1):.1f} % with the bypass valve, "
        f"{100 * (d.overspeed_no_bypass.peak - 1):.1f} % without",
        f"black start                      {d.black_start.power_W / 1e3:.0f} kW, "
        f"{d.black_start.energy_J / 3.6e6:.0f} kWh stored",
    ]  # fmt: skip
    rows = [
        (s.kind, _number(s.time_to_grid_s / 60), _number(s.time_to_full_s / 60), _number(s.heat_J / 3.6e9, 2),
         _number(s.electricity_J / 3.6e6, 0))
        for s in d.starts
    ]  # fmt: skip
    head = ("start", "to grid min", "to full load min", "heat MWh", "electricity kWh")
    return [*lines, *columns(head, rows), d.load_swing_note]


def _inventory(r: thermo.CycleResult) -> list[str]:
    inv = thermo.block_inventory(r)
    parts: dict[str, list[float]] = {}
    for v, kg in zip(inv.volumes, inv.charges_kg, strict=True):
        name = v.component.replace("_", " ")
        parts[name] = [a + b for a, b in zip(parts.get(name, [0.0, 0.0]), (v.volume_m3, kg), strict=True)]
    rows = [(name, f"{V:.3f}", f"{kg:.0f}") for name, (V, kg) in parts.items()]
    rows.append(("all", f"{inv.loop_volume_m3:.3f}", f"{inv.loop_charge_kg:.0f}"))
    rest = inv.settle_out
    return [*columns(("part", "m3", "kg of CO2"), rows),
            f"at rest at {rest.T_K - ZERO_C:.0f} degC: {rest.p_Pa / 1e6:.2f} MPa, {rest.rho_kg_m3:.0f} kg/m3"]  # fmt: skip


def compare_text(case: Case, weather: Weather) -> str:
    """Every layout for the same case, one line each, best net efficiency first; those without an answer say why."""
    solved: list[tuple[float, Row]] = []
    words: list[str] = []
    for layout in thermo.spec.LAYOUTS:
        found = _compared(with_layout(case, layout), weather)
        if isinstance(found, str):
            words.append(f"{layout}: {found}")
        else:
            solved.append(found)
    head = ("layout", "shaft %", "net %", "fuel %", "p_low MPa", "f", "split", "CO2 return degC", "UA cold %", "CO2 kg/s",
            "note")  # fmt: skip
    return "\n".join([*columns(head, [row for _, row in sorted(solved, key=lambda x: -x[0])]), *words])


def _compared(case: Case, weather: Weather) -> tuple[float, Row] | str:
    """(net efficiency, the row) of one layout, or why it has none."""
    try:
        r = cycle_result(case, weather)
    except CaseError as error:
        return "; ".join(problem.what for problem in error.problems)
    if not r.outcome.ok:
        return r.explain
    fit = reactor_match(case, r)
    if fit is not None and not fit.ok:
        return fit.explain
    assert r.eta_net is not None
    assert r.eta_thermal is not None
    assert r.p_low_Pa is not None
    assert r.UA_ltr_W_K is not None
    assert r.T_heat_return_K is not None
    used = (
        []
        if fit is None or fit.used_share is None or fit.used_share >= 1
        else [f"{fit.used_share:.0%} of the reactor used"]
    )
    same = [] if r.layout_used == case.block.layout else [f"best as {r.layout_used}"]
    off = ["machines give too little"] if drive_conflict(case, r) else []
    empty = ["best without a bypass"] if r.layout_used == "htr_bypass" and not r.split_fraction else []
    return r.eta_net, (
        case.block.layout, f"{100 * r.eta_thermal:.2f}", f"{100 * r.eta_net:.2f}",
        "–" if r.eta_fuel is None else f"{100 * r.eta_fuel:.2f}", f"{r.p_low_Pa / 1e6:.2f}",
        f"{r.recompression_fraction:.3f}" if r.recompression_fraction else "–",
        f"{r.split_fraction:.3f}" if r.split_fraction else "–", f"{r.T_heat_return_K - ZERO_C:.0f}",
        f"{100 * r.UA_ltr_W_K / (r.UA_ltr_W_K + (r.UA_htr_W_K or 0.0)):.0f}", f"{r.m_dot_kg_s:.1f}",
        "; ".join(same + used + off + empty),
    )  # fmt: skip
