"""The generator, and the conflict between its speed and the wheels'.

A surface-magnet rotor holds rpm sqrt(kW) below some 1e6 (sleeve stress, critical speed, cooling). Wheels of this
power density want about three times that, at every power: both speeds fall as 1/sqrt(power), so smaller blocks do not
help. The ways out are computed, each with what it costs:

    slower, single stage      the same turbine wheel at the generator's speed, off its best specific speed
    slower, more stages       n radial stages: omega ~ head^0.75, so n = (N/N_limit)^(4/3) keeps the specific speed
    slower, axial             axial stages at the generator's speed
    power turbine             a free turbo-compressor, and a power turbine at the generator's speed
    gearbox                   with a wound synchronous generator
    several generators        k = (N/N_limit)^2 on the wheels' shaft, each of 1/k of the power
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10
from typing import Any

from thermo.defaults import table
from thermo.machines.electrical import Chain
from thermo.machines.machine_sizing import direct_drive_limit_rpm
from thermo.machines.shafts import Arrangement
from thermo.machines.wheels import (
    RPM,
    Duty,
    Wheel,
    axial_turbine,
    best_speed_rpm,
    parameter,
    radial_turbine,
    turbine_at,
)

SYNCHRONOUS_RPM = 1800.0


@dataclass(frozen=True, slots=True)
class WayOut:
    """One way out of the speed conflict and what it gives.

    eta_factor: on the turbine's efficiency; W_dc_frac: power at the DC side over that of the ideal (every machine at
    its own best speed, direct drive without a limit).
    """

    name: str
    speed_rpm: float
    stages: int
    diameter_m: float | None
    eta_factor: float
    W_dc_frac: float
    works: bool
    words: str


@dataclass(frozen=True, slots=True)
class Generator:
    """Generator of an arrangement. `wanted_rpm`: the main turbine's own best speed; `limit_rpm`: PM at this power."""

    kind: str
    power_W: float
    speed_rpm: float
    limit_rpm: float
    wanted_rpm: float
    rpm_sqrt_kW: float
    eta: float
    gear_ratio: float
    gear_steps: int
    pitch_speed_m_s: float | None
    conflict: str
    ways_out: tuple[WayOut, ...]
    note: str


def gear_steps(ratio: float) -> int:
    """Steps of a parallel-shaft gear: up to a ratio of 12 in each.

    >>> gear_steps(10.0), gear_steps(23.0)
    (1, 2)
    """
    return max(1, ceil(log10(max(ratio, 1.0)) / log10(12.0) - 1e-9))


def pitch_speed_m_s(power_W: float, speed_rpm: float) -> float:
    """Pitch-line speed [m/s] of the pinion that carries a power at a speed.

    Torque T = P/omega on a pinion of face f d at the tooth load K (tangential load over d times face):
    d^3 = 2 T/(K f). Like every wheel's tip speed it does not depend on the power: T ~ P^1.5, d ~ P^0.5.

    >>> round(pitch_speed_m_s(10e6, 30000.0))
    187
    """
    omega = speed_rpm / RPM
    d = (2.0 * power_W / omega / (parameter("pinion_load_Pa") * parameter("pinion_face_over_diameter"))) ** (
        1 / 3
    )
    return 0.5 * omega * d


def pm_machines() -> list[dict[str, Any]]:
    """Built high-speed PM machines: {name, power_W, speed_rpm, source, grade}, with their rpm sqrt(kW)."""
    return [row | {"rpm_sqrt_kW": row["speed_rpm"] * (row["power_W"] / 1e3) ** 0.5}
            for row in table("machines")["pm_machines"]]  # fmt: skip


def _ideal_W(duties: Sequence[Duty], chain: Chain) -> float:
    W = sum(d.power_W if d.kind == "turbine" else -d.power_W for d in duties)
    return W * chain.eta_mechanical * chain.eta_generator * chain.eta_rectifier


def _turbine_way(name: str, w: Wheel, d: Duty, ideal: float, chain: Chain) -> WayOut:
    lost = d.power_W * (1.0 - w.eta_factor) * chain.eta_generator * chain.eta_rectifier
    trouble = f"; {'; '.join(w.flags)}" if w.flags else ""
    words = (f"{w.stages} {w.form} stage{'s' if w.stages > 1 else ''} of {1e3 * w.diameter_m:.0f} mm at "
             f"{w.speed_rpm:,.0f} rpm: turbine efficiency {100 * (w.eta_factor - 1):+.1f} %{trouble}")  # fmt: skip
    return WayOut(
        name, w.speed_rpm, w.stages, w.diameter_m, w.eta_factor, 1.0 - lost / ideal, not w.flags, words
    )


def _arrangement_way(name: str, found: Sequence[Arrangement], start: str, ideal: float) -> list[WayOut]:
    a = next((x for x in found if x.name.startswith(start)), None)
    if a is None:
        return []
    w = next(x for x in a.wheels if x.name in ("power turbine", "turbine"))
    w = next((x for x in a.wheels if x.name == "power turbine"), w)
    trouble = f"; {'; '.join(a.flags)}" if a.flags else ""
    words = (f"{a.name}: {w.name} at {w.speed_rpm:,.0f} rpm, {w.stages} {w.form}, power at the DC side "
             f"{100 * (a.W_dc_W / ideal - 1):+.1f} %{trouble}")  # fmt: skip
    return [
        WayOut(name, w.speed_rpm, w.stages, w.diameter_m, w.eta_factor, a.W_dc_W / ideal, not a.flags, words)
    ]


def ways_out(
    duties: Sequence[Duty], found: Sequence[Arrangement], W_generator_W: float, chain: Chain
) -> tuple[WayOut, ...]:
    """Every way out of a turbine that wants to turn faster than a PM generator of this power may [W]."""
    d = next(x for x in duties if x.kind == "turbine")
    wanted, limit = best_speed_rpm(d), direct_drive_limit_rpm(W_generator_W)
    ideal = _ideal_W(duties, chain)
    ways = [
        _turbine_way("slower, single stage", radial_turbine(d, limit, 1), d, ideal, chain),
        _turbine_way("slower, more stages", turbine_at(d, limit, axial=False), d, ideal, chain),
        _turbine_way("slower, axial", min((axial_turbine(d, limit, n) for n in range(1, 9)),
                                          key=lambda w: -w.merit), d, ideal, chain),
        *_arrangement_way("power turbine", found, "turbo-compressor and power turbine, direct", ideal),
        *_arrangement_way("gearbox", found, "single shaft, geared", ideal),
        *_arrangement_way("integral gear", found, "integral gear", ideal),
    ]  # fmt: skip
    k = ceil((wanted / limit) ** 2 - 1e-9)
    ways.append(WayOut("several generators", wanted, 1, None, 1.0, 1.0, k <= 2,
                       f"{k} generators of {W_generator_W / k / 1e6:.2f} MW on the wheels' shaft at {wanted:,.0f} rpm; "
                       "more than one at each end of the shaft is not built"))  # fmt: skip
    return tuple(ways)


def choose_generator(
    duties: Sequence[Duty], found: Sequence[Arrangement], direct: Chain, geared: Chain
) -> Generator:
    """Generator of the best arrangement `found[0]`, with the speed conflict of direct drive and its ways out."""
    a = found[0]
    d = next(x for x in duties if x.kind == "turbine")
    chain = geared if a.drive == "geared" else direct
    wanted, limit = best_speed_rpm(d), a.limit_rpm
    ways = ways_out(duties, found, a.W_generator_in_W, direct) if wanted > limit else ()
    conflict = ""
    if a.drive == "direct" and a.generator_rpm > limit * (1 + 1e-6):
        conflict = (
            f"the shaft turns at {a.generator_rpm:,.0f} rpm, the generator may turn at {limit:,.0f} rpm"
        )
    speed, ratio, pitch = a.generator_rpm, 1.0, None
    if a.drive == "geared":
        speed, ratio = SYNCHRONOUS_RPM, a.generator_rpm / SYNCHRONOUS_RPM
        pitch = _greatest_pitch_speed(a)
        if pitch > parameter("pitch_speed_max_m_s"):
            conflict = (f"pinion at {pitch:.0f} m/s, above the {parameter('pitch_speed_max_m_s'):g} m/s of high-speed "
                        "gears: slower wheels with more stages")  # fmt: skip
    return Generator("synchronous, geared" if a.drive == "geared" else "high-speed permanent magnet",
                     a.W_generator_in_W, speed, limit, wanted, speed * (a.W_generator_in_W / 1e3) ** 0.5,
                     chain.eta_generator, ratio, gear_steps(ratio), pitch, conflict, ways, _note(a, wanted))  # fmt: skip


def _greatest_pitch_speed(a: Arrangement) -> float:
    """Of an integral gear every pinion counts, else the one shaft to the generator."""
    if a.name.startswith("integral"):
        return max(pitch_speed_m_s(d.power_W, w.speed_rpm) for d, w in zip(a.duties, a.wheels, strict=True))
    return pitch_speed_m_s(a.W_generator_in_W, a.generator_rpm)


def _note(a: Arrangement, wanted_rpm: float) -> str:
    start = (f"the turbine wants {wanted_rpm:,.0f} rpm; a PM generator of {a.W_generator_in_W / 1e6:.2f} MW may turn at "
             f"most {a.limit_rpm:,.0f} rpm: ")  # fmt: skip
    if wanted_rpm <= a.limit_rpm:
        return start + "direct drive is possible"
    if a.drive == "geared":
        return start + "a gearbox is needed"
    return start + f"the wheels run slower, at {a.generator_rpm:,.0f} rpm"
