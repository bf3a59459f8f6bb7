"""How fast a block can change its load, and how low it can go.

    thermal    heating rate of the thickest hot wall / greatest temperature change of any state per unit of load
    heater     rate of the heat source (input)
    inventory  transfer rate of the vessel / change of charge per unit of load; no limit where nothing is moved

The least of them is the ramp rate. The least stable load is the higher of the compressors' limit (surge, from
`off_design`) and the burner's least firing. A block is never credited with following load swings of 0.1 to 20 Hz: at
its ramp rate R it can follow an amplitude R/(2 pi f) only, a fraction of a percent; buffers on the DC side carry them
(`swing_amplitude`).

For comparison, from spinning (Wartsila, "Combustion engine vs gas turbine: ramp rate"): industrial gas turbines about
20 %/min, aeroderivatives 50 %/min, combined cycles 10 %/min.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi

from thermo.defaults import default
from thermo.inventory.balance import LoopVolume, loop_charge_kg
from thermo.inventory.loop_volumes import pipe_bore_m
from thermo.machines.materials import part_material
from thermo.part_load.operating_point import off_design
from thermo.result import CycleResult
from thermo.transients.thermal_stress import heating_rate_K_s, wall_ratio

LOAD_SWING_BAND_HZ = (0.1, 20.0)


@dataclass(frozen=True)
class RampRate:
    """Ramp rates as shares of rated net power per second; None where that limit does not act. `limit` names the
    least."""

    thermal_1_s: float | None
    heater_1_s: float
    inventory_1_s: float | None
    ramp_1_s: float
    limit: str
    heating_rate_K_s: float


@dataclass(frozen=True)
class LeastLoad:
    """Least stable load (of rated net power) at an ambient temperature, its heat over rated, and what sets it."""

    load: float
    heat_frac: float
    T_ambient_K: float
    explain: str


def hot_wall_m(r: CycleResult) -> float:
    """Thickness of the thickest hot wall [m]: the pipe to the turbine, of the least alloy that `materials` finds for it."""
    s = r.states["turbine_inlet"]
    assert r.m_dot_kg_s is not None
    stress = part_material("hot pipe", s.T_K, s.p_Pa).S_allowable_Pa
    return wall_ratio(s.p_Pa, stress) * pipe_bore_m(r.m_dot_kg_s, s.rho_kg_m3, default("pipe_velocity_C"))


def ramp_rate(
    full: CycleResult, part: CycleResult, volumes: tuple[LoopVolume, ...], transfer_kg_s: float | None,
    heater_ramp_1_s: float | None = None,
) -> RampRate:  # fmt: skip
    """Ramp rate between two points of a block.

    Parameters
    ----------
    full, part : CycleResult
        Two loads of the same block.
    volumes : tuple of LoopVolume
        Of its loop.
    transfer_kg_s : float or None
        Of its vessel [kg/s]; None: there is none and no CO2 is moved.
    heater_ramp_1_s : float, optional
        Rate of the heat source [1/s]; default of the data.
    """
    full.require_ok()
    part.require_ok()
    assert full.load is not None
    assert part.load is not None
    dx = abs(full.load - part.load)
    if dx < 1e-3:
        raise ValueError(f"part: its load {part.load:g} is that of the full point; give another load")
    rate = heating_rate_K_s(hot_wall_m(full))
    dT = max(abs(s.T_K - part.states[k].T_K) for k, s in full.states.items() if k in part.states)
    limits: dict[str, float | None] = {
        "thermal stress": rate * dx / dT if dT > 1e-6 else None,
        "heat source": default("heater_ramp_1_s") if heater_ramp_1_s is None else heater_ramp_1_s,
        "inventory transfer": None,
    }
    if transfer_kg_s is not None:
        moved = abs(loop_charge_kg(full, volumes) - loop_charge_kg(part, volumes))
        limits["inventory transfer"] = transfer_kg_s * dx / moved if moved > 1e-6 else None
    known = {k: v for k, v in limits.items() if v is not None}
    least = min(known, key=lambda k: known[k])
    return RampRate(limits["thermal stress"], known["heat source"], limits["inventory transfer"], known[least], least,
                    rate)  # fmt: skip


def _firing(r: CycleResult, rated: CycleResult) -> float:
    if r.heater is not None and rated.heater is not None:
        return r.heater.Q_fuel_LHV_W / rated.heater.Q_fuel_LHV_W
    assert r.Q_heater_W is not None
    assert rated.Q_heater_W is not None
    return r.Q_heater_W / rated.Q_heater_W


def least_load(r: CycleResult, T_ambient_K: float, least_heat_frac: float | None = None) -> LeastLoad | None:
    """Least stable load of a designed block at an ambient temperature [K]; None where it has no operating point there.

    `least_heat_frac`: least heat of the source over rated (fuel heat with a fired heater). None: the burner's default
    turndown with a fired heater, no limit without.
    """
    least = least_heat_frac
    if least is None:
        least = default("min_firing_frac") if r.heater is not None else 0.0
    floor = off_design(r, T_ambient_K=T_ambient_K, load=0.02)
    if not floor.outcome.ok or floor.load is None:
        return None
    x = _firing(floor, r)
    if x >= least:
        return LeastLoad(floor.load, x, T_ambient_K, floor.explain)
    lo, hi, at = floor.load, 1.0, floor
    a = x
    b = 1.0
    for _ in range(12):
        load = lo + (hi - lo) * min(0.95, max(0.05, (least - a) / (b - a)))
        at = off_design(r, T_ambient_K=T_ambient_K, load=load)
        if not at.outcome.ok:
            return None
        x = _firing(at, r)
        if abs(x - least) < 1e-4:
            break
        lo, a, hi, b = (load, x, hi, b) if x < least else (lo, a, load, x)
    assert at.load is not None
    return LeastLoad(
        at.load, x, T_ambient_K, f"the heat source gives no less than {least:.0%} of its rated heat"
    )


def swing_amplitude(ramp_1_s: float, frequency_Hz: float) -> float:
    """Amplitude (of rated power) of a sine that a ramp rate can follow: R / (2 pi f).

    >>> round(swing_amplitude(0.1 / 60, 0.1), 4)        # 10 %/min at 0.1 Hz
    0.0027
    """
    return ramp_1_s / (2.0 * pi * frequency_Hz)
