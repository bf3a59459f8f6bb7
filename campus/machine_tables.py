"""The block's machines as tables: wheels and shafts, ways out of the speed conflict, materials, machines that exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

import thermo

if TYPE_CHECKING:
    from thermo.machines.materials import MaterialChoice
    from thermo.machines.reality_check import PlantRow

ZERO_C = 273.15
USUAL = "in the usual range"
PLANTS = 5


def machines_table(block: thermo.CycleResult) -> pd.DataFrame:
    """Turbomachines, gearbox and generator of a block; `verdict`: the wheel against Balje's usual range, in words."""
    columns = ("name", "kind", "shaft", "power_MW", "speed_rpm", "stages", "diameter_mm", "tip_speed_m_s", "tip_mach",
               "specific_speed", "specific_diameter", "efficiency_percent", "verdict")  # fmt: skip
    strained = {w.name for w in block.train.wheels if w.flags} if block.train else set()
    rows = [
        (m.name, m.kind, m.shaft, m.power_W / 1e6, m.speed_rpm, m.stages, _scaled(m.diameter_m, 1e3), m.tip_speed_m_s,
         m.tip_mach, m.specific_speed, m.specific_diameter, 100 * m.eta,
         _verdict(m, strained))
        for m in block.machines
    ]  # fmt: skip
    numbers = ["diameter_mm", "tip_speed_m_s", "tip_mach", "specific_speed", "specific_diameter"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(numbers, float))


def _verdict(m: thermo.MachineSize, strained: set[str]) -> str:
    if m.diameter_m:
        return m.note if m.name in strained else "; ".join(x for x in (USUAL, m.note) if x)
    return m.note if m.name == "gearbox" else ""


def ways_out_table(block: thermo.CycleResult) -> pd.DataFrame:
    """Ways out of a turbine that wants to turn faster than a direct generator may; empty where there is no conflict."""
    ways = () if block.train is None else block.train.generator.ways_out
    rows = [(w.name, w.speed_rpm, w.stages, 100 * (w.W_dc_frac - 1), w.works, w.words) for w in ways]
    columns = ["name", "speed_rpm", "stages", "power_percent", "works", "words"]
    return pd.DataFrame(rows, columns=columns)


def materials_table(block: thermo.CycleResult) -> pd.DataFrame:
    """Least alloy of each hot part; `alloy` is empty where the part is beyond all of them.

    The tubes of a fired heater are those of its own hottest row.
    """
    train = block.train
    found = thermo.materials_of(block.components, block.states, train.arrangement.duties if train else (),
                                train.wheels if train else ())  # fmt: skip
    rows = [
        (m.part, m.T_metal_K - ZERO_C, m.p_Pa / 1e6, m.S_required_Pa / 1e6, m.alloy or "",
         _scaled(m.S_allowable_Pa, 1e-6), next((c.grade for c in m.checks if c.alloy == m.alloy), ""), m.words)
        for m in (_tubes(block) if m.part == "heater tubes" and block.heater else m for m in found)
    ]  # fmt: skip
    columns = ["part", "T_metal_degC", "p_MPa", "required_MPa", "alloy", "allowable_MPa", "grade", "words"]
    return pd.DataFrame(rows, columns=columns).astype({"allowable_MPa": float})


def _tubes(block: thermo.CycleResult) -> MaterialChoice:
    """The hottest row of the fired heater's tubes."""
    from thermo.heat_sources.heater_tubes import tube_metal
    from thermo.machines.materials import choose

    assert block.heater is not None
    stream = next(c for c in block.components if c.name == "heater").streams[0]
    inlet, outlet = block.states[stream.inlet], block.states[stream.outlet]
    hottest = tube_metal(block.heater, inlet, outlet, stream.m_dot_kg_s)
    return choose("heater tubes, hottest row", hottest.T_metal_K, outlet.p_Pa, hottest.hoop_stress_Pa)


def plants_table(block: thermo.CycleResult) -> pd.DataFrame:
    """The block (first row) beside the nearest machines that were built or designed."""
    check = thermo.nearest_plants(block, count=PLANTS)

    def row(p: PlantRow) -> tuple[object, ...]:
        return (p.name, p.status, p.built, _scaled(p.power_W, 1e-6), _scaled(p.T_turbine_in_K, 1.0, -ZERO_C),
                _scaled(p.p_high_Pa, 1e-6), p.speed_rpm, _scaled(p.turbine_diameter_m, 1e3), p.efficiency)  # fmt: skip

    columns = ["name", "status", "built", "power_MW", "T_turbine_in_degC", "p_high_MPa", "speed_rpm", "turbine_mm",
               "efficiency"]  # fmt: skip
    table = pd.DataFrame([row(p) for p in (check.ours, *check.rows)], columns=columns)
    return table.astype(dict.fromkeys(columns[3:8], float))


def _scaled(value: float | None, factor: float, shift: float = 0.0) -> float | None:
    return None if value is None else factor * value + shift


def machine_conflicts(block: thermo.CycleResult) -> list[str]:
    """What stands against the machines and materials, in words."""
    train = block.train
    if train is None:
        return [block.machine_words]
    parts = materials_table(block)
    beyond = [str(text) for text in parts.loc[parts["alloy"] == "", "words"]]
    return [*train.conflicts, *(text for text in beyond if text not in train.conflicts)]


def plant_lines(block: thermo.CycleResult) -> list[str]:
    """The block's machine against all that ran, number by number, in words."""
    return list(thermo.nearest_plants(block, count=PLANTS).verdicts)
