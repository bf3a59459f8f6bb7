"""Which machines share a shaft, and what that costs.

On one shaft all wheels have one speed, so each pays for being off its own best (`wheels`). The arrangements compared:

    single shaft        all wheels on the generator's shaft: direct (speed within the generator's limit) or geared
    integral gear       each machine on its own pinion at its own best speed; the pinions carry all power
    power turbine       a free turbo-compressor (the first part of the expansion drives the compressors and nothing
                        else) and a power turbine on the generator's shaft, direct or geared
    motor-driven        the compressors on their own high-speed motors, the turbine on the generator's shaft

Each is ranked by the power left at the DC side of the rectifier:

    W = (sum k_t W_t - sum W_c/k_c - mechanical - gears) eta_generator eta_rectifier,   k: factors of `wheels`

Powers here are scaled by k at the states as they are; `cycle.shared_speed` solves the cycle again with them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import exp, log

from thermo.co2.flash import BY_H, flash, isentropic, sound_speed_of
from thermo.co2.helmholtz import properties
from thermo.machines.electrical import Chain
from thermo.machines.machine_sizing import direct_drive_limit_rpm
from thermo.machines.wheels import Duty, Wheel, best_speed_rpm, own_best, parameter, wheel_at
from thermo.state import State


@dataclass(frozen=True, slots=True)
class Shaft:
    """Machines that turn together [rpm] and the power [W] that the shaft hands to its generator (0: free)."""

    name: str
    speed_rpm: float
    machines: tuple[str, ...]
    power_W: float


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Shafts, duties and their wheels (in the same order); W_dc_W is left at the DC side of the rectifier.

    merit_W, for ranking: W_dc_W less 0.2 of every wheel's and electric machine's strain times its power.
    """

    name: str
    drive: str
    shafts: tuple[Shaft, ...]
    duties: tuple[Duty, ...]
    wheels: tuple[Wheel, ...]
    W_dc_W: float
    W_generator_in_W: float
    generator_rpm: float
    limit_rpm: float
    merit_W: float
    flags: tuple[str, ...]

    @property
    def W_shaft_frac(self) -> float:
        """Shaft power with every wheel's factor over that of the cycle as solved."""
        got = sum(_power(d, w) for d, w in zip(self.duties, self.wheels, strict=True))
        return got / sum(d.cycle_power_W for d in self.duties)

    @property
    def with_generator(self) -> frozenset[str]:
        """Machines that turn with the generator; the others are on a free shaft or have their own motors."""
        geared_all = self.name.startswith("integral gear")
        return frozenset(
            n for s in self.shafts if geared_all or "generator" in s.machines for n in s.machines
        )

    @property
    def eta_factors(self) -> dict[str, float]:
        """Factor on each machine's own best efficiency, by machine."""
        return {w.name: w.eta_factor for w in self.wheels}


def _power(d: Duty, w: Wheel) -> float:
    return d.power_W * w.eta_factor if d.kind == "turbine" else -d.power_W / w.eta_factor


def cut(d: Duty, share: float) -> tuple[Duty, Duty]:
    """A turbine's duty in two in series: the first takes `share` of the isentropic head."""
    a, p, lo, hi = d.inlet, 0.0, d.outlet.p_Pa, d.inlet.p_Pa
    for _ in range(40):
        p = (lo * hi) ** 0.5
        _ok, rho, T = isentropic(p, a.s_J_kgK, a.p_Pa, a.rho_kg_m3, a.T_K)
        lo, hi = (lo, p) if a.h_J_kg - properties(rho, T)[1] < share * d.dh_s_J_kg else (p, hi)
    h = a.h_J_kg - share * (a.h_J_kg - d.outlet.h_J_kg)
    _ok, rho, T = flash(BY_H, p, h, rho, T)
    mid = State(float(T), float(p), float(h), float(properties(rho, T)[2]), float(rho))
    a_mid = float(sound_speed_of(rho, T))
    first = replace(d, outlet=mid, dh_s_J_kg=share * d.dh_s_J_kg, power_W=share * d.power_W)
    rest = replace(d, name="power turbine", inlet=mid, dh_s_J_kg=(1 - share) * d.dh_s_J_kg,
                   power_W=(1 - share) * d.power_W, a_in_m_s=a_mid)  # fmt: skip
    return first, rest


def best_common_speed(duties: Sequence[Duty], highest_rpm: float | None = None) -> float:
    """Speed [rpm] at which machines on one shaft give the most together: a grid in ln N, then a finer one."""
    own = [best_speed_rpm(d) for d in duties]
    hi = 1.4 * max(own) if highest_rpm is None else min(highest_rpm, 1.4 * max(own))
    lo = min(0.35 * min(own), 0.5 * hi)

    def merit(rpm: float) -> float:
        total = 0.0
        for d in duties:
            w = wheel_at(d, rpm)
            total += _power(d, w) - 0.2 * d.power_W * w.strain
        return total

    points = [lo * (hi / lo) ** (i / 11) for i in range(12)]
    best = max(points, key=merit)
    step = log(hi / lo) / 11
    return max((min(hi, best * exp(step * k / 4)) for k in range(-3, 4)), key=merit)


def _losses(duties: Sequence[Duty], chain: Chain) -> float:
    return (1.0 - chain.eta_mechanical) * sum(d.cycle_power_W for d in duties)


def _flags(wheels: Sequence[Wheel]) -> tuple[str, ...]:
    return tuple(f"{w.name}: {f}" for w in wheels for f in w.flags)


def _arrangement(name: str, chain: Chain, shafts: list[Shaft], duties: Sequence[Duty], wheels: list[Wheel],
                 W_in: float, extra: float, rpm: float) -> Arrangement:  # fmt: skip
    """W_in: power that reaches the generator [W]; extra: power taken from the DC side (motors) [W]."""
    limit = direct_drive_limit_rpm(max(W_in, 1.0))
    W_dc = W_in * chain.eta_generator * chain.eta_rectifier - extra
    drive = "geared" if chain.geared else "direct"
    flags = _flags(wheels)
    merit = W_dc - sum(0.2 * d.power_W * w.strain for d, w in zip(duties, wheels, strict=True))
    if not chain.geared and rpm > limit * (1.0 + 1e-6):
        flags += (f"generator: {rpm:,.0f} rpm is above the {limit:,.0f} rpm of a PM machine of this power",)
        merit -= 0.2 * W_in * log(rpm / limit)
    return Arrangement(
        f"{name}, {drive}",
        drive,
        tuple(shafts),
        tuple(duties),
        tuple(wheels),
        W_dc,
        W_in,
        rpm,
        limit,
        merit,
        flags,
    )


def _on_generator(
    duties: Sequence[Duty], chain: Chain, W_mechanical: float
) -> tuple[float, list[Wheel], float]:
    """(speed, wheels, power into the generator) of machines on the generator's shaft."""
    W = sum(d.power_W if d.kind == "turbine" else -d.power_W for d in duties)
    highest = None if chain.geared else direct_drive_limit_rpm(max(W - W_mechanical, 1.0))
    rpm = best_common_speed(duties, highest)
    wheels = [wheel_at(d, rpm) for d in duties]
    W = sum(_power(d, w) for d, w in zip(duties, wheels, strict=True))
    return rpm, wheels, (W - W_mechanical) * chain.eta_gearbox


def single_shaft(duties: Sequence[Duty], chain: Chain) -> Arrangement:
    """All machines on the generator's shaft."""
    rpm, wheels, W = _on_generator(duties, chain, _losses(duties, chain))
    shaft = Shaft("main", rpm, (*(d.name for d in duties), "generator"), W)
    return _arrangement("single shaft", chain, [shaft], duties, wheels, W, 0.0, rpm)


def integral_gear(duties: Sequence[Duty], chain: Chain) -> Arrangement:
    """Each machine on its own pinion of one bull gear."""
    wheels = [own_best(d) for d in duties]
    powers = [_power(d, w) for d, w in zip(duties, wheels, strict=True)]
    gears = (1.0 - parameter("eta_pinion")) * sum(abs(p) for p in powers)
    W = sum(powers) - _losses(duties, chain) - gears
    shafts = [Shaft(f"pinion of the {w.name}", w.speed_rpm, (w.name,), p)
              for w, p in zip(wheels, powers, strict=True)]  # fmt: skip
    return _arrangement(
        "integral gear", chain, shafts, duties, wheels, W, 0.0, max(w.speed_rpm for w in wheels)
    )


def power_turbine(duties: Sequence[Duty], chain: Chain) -> Arrangement | None:
    """A free turbo-compressor and a power turbine; None where no turbine can drive the compressors by itself."""
    compressors = [d for d in duties if d.kind == "compressor"]
    turbines = [d for d in duties if d.kind == "turbine"]
    taken = sum(d.power_W for d in compressors)
    first = next((d for d in turbines if taken <= 0.9 * d.power_W), None)
    if not compressors or first is None:
        return None
    others = [d for d in turbines if d is not first]
    share = taken / first.power_W
    rpm = best_common_speed([cut(first, share)[0], *compressors])
    own = [wheel_at(d, rpm) for d in compressors]
    need = -sum(_power(d, w) for d, w in zip(compressors, own, strict=True))
    for _ in range(20):  # the turbine's own factor moves its share
        gas, rest = cut(first, share)
        wheels = [wheel_at(gas, rpm), *own]
        miss, share = share, need / (first.power_W * wheels[0].eta_factor)
        if share > 0.95:
            return None
        if abs(miss / share - 1.0) < 1e-9:
            break
    free = Shaft("turbo-compressor", rpm, tuple(w.name for w in wheels), 0.0)
    rpm_pt, on_pt, W = _on_generator([rest, *others], chain, _losses(duties, chain))
    pt = Shaft("power turbine", rpm_pt, (*(w.name for w in on_pt), "generator"), W)
    return _arrangement("turbo-compressor and power turbine", chain, [free, pt],
                        [gas, *compressors, rest, *others], wheels + on_pt, W, 0.0, rpm_pt)  # fmt: skip


def motor_driven(duties: Sequence[Duty], chain: Chain) -> Arrangement | None:
    """Compressors on their own motors, fed from the DC side; the turbines on the generator's shaft. None without any."""
    compressors = [d for d in duties if d.kind == "compressor"]
    if not compressors:
        return None
    turbines = [d for d in duties if d.kind == "turbine"]
    own = [own_best(d) for d in compressors]
    taken = -sum(_power(d, w) for d, w in zip(compressors, own, strict=True))
    rpm, wheels, W = _on_generator(turbines, chain, _losses(duties, chain))
    shafts = [Shaft("turbine", rpm, (*(w.name for w in wheels), "generator"), W)]
    shafts += [Shaft(f"motor of the {w.name}", w.speed_rpm, (w.name,), 0.0) for w in own]
    found = _arrangement("motor-driven compressors", chain, shafts, turbines + compressors, wheels + own, W,
                         taken / parameter("eta_motor_drive"), rpm)  # fmt: skip
    motors, merit = [], found.merit_W
    for d, w in zip(compressors, own, strict=True):
        limit = direct_drive_limit_rpm(d.power_W)
        if w.speed_rpm > limit:
            motors.append(f"motor of the {w.name}: {w.speed_rpm:,.0f} rpm is above the {limit:,.0f} rpm of a PM "
                          "machine of this power")  # fmt: skip
            merit -= 0.2 * d.power_W * log(w.speed_rpm / limit)
    return replace(found, flags=found.flags + tuple(motors), merit_W=merit)


def arrangements(duties: Sequence[Duty], direct: Chain, geared: Chain, drive: str) -> tuple[Arrangement, ...]:
    """Every arrangement that the drive allows ("auto", "direct", "geared"), best first by `merit_W`.

    Those that leave no power are left out: none at all where the compressors take all that the turbines give.
    """
    if not any(d.kind == "turbine" for d in duties):
        return ()
    makers: list[tuple[Callable[[Sequence[Duty], Chain], Arrangement | None], Chain]] = []
    if drive != "direct":
        makers += [(f, geared) for f in (single_shaft, integral_gear, power_turbine, motor_driven)]
    if drive != "geared":
        makers += [(f, direct) for f in (single_shaft, power_turbine, motor_driven)]
    found = [a for f, chain in makers if (a := f(duties, chain)) is not None and a.W_dc_W > 0.0]
    return tuple(sorted(found, key=lambda a: a.merit_W, reverse=True))
