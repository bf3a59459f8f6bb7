"""The machines of a block as they would be built: `size_machines`.

Each compressor and turbine of a cycle becomes a duty; the arrangements of `shafts` are compared; the best by power at
the DC side is taken and the runner-up named. Every layout goes the same way, since a layout is its `components`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from thermo.co2.flash import isentropic, sound_speed_of
from thermo.co2.helmholtz import properties
from thermo.machines.electrical import chain_of
from thermo.machines.generator import Generator, choose_generator
from thermo.machines.machine_losses import MachineLoss, machine_losses
from thermo.machines.machine_sizing import MachineSize, direct_drive_limit_rpm
from thermo.machines.materials import disc_check
from thermo.machines.shafts import Arrangement, Shaft, arrangements
from thermo.machines.wheels import Duty, Wheel, best_speed_rpm
from thermo.machines.windage import viscosity_Pa_s
from thermo.spec import CycleSpec
from thermo.state import State


@dataclass(frozen=True)
class MachineTrain:
    """Machines, shafts, generator and losses of a block.

    machines: what a table shows (turbines, compressors, gearbox, generator); wheels: each with its similarity numbers;
    candidates: every arrangement, best first; losses: computed, beside the block's default total; conflicts: in words.
    """

    machines: tuple[MachineSize, ...]
    wheels: tuple[Wheel, ...]
    arrangement: Arrangement
    runner_up: Arrangement | None
    candidates: tuple[Arrangement, ...]
    generator: Generator
    losses: tuple[MachineLoss, ...]
    conflicts: tuple[str, ...]
    explain: str

    @property
    def shafts(self) -> tuple[Shaft, ...]:
        """Shafts of the arrangement taken."""
        return self.arrangement.shafts


def duty(
    name: str,
    kind: str,
    m_dot_kg_s: float,
    inlet: State,
    outlet: State,
    factors: Mapping[str, float] | None = None,
) -> Duty:
    """What a machine between two states has to do; factors: `Duty.factor` by machine, where it is not 1."""
    _ok, rho, T = isentropic(outlet.p_Pa, inlet.s_J_kgK, inlet.p_Pa, inlet.rho_kg_m3, inlet.T_K)
    dh_s = abs(float(properties(rho, T)[1]) - inlet.h_J_kg)
    dh = abs(outlet.h_J_kg - inlet.h_J_kg)
    dense = max(inlet, outlet, key=lambda s: s.rho_kg_m3)
    name = name.replace("_", " ")
    k = (factors or {}).get(name, 1.0)
    power, eta = (dh * k, dh_s / (dh * k)) if kind == "compressor" else (dh / k, dh / k / dh_s)
    sound, mu = float(sound_speed_of(inlet.rho_kg_m3, inlet.T_K)), viscosity_Pa_s(dense.rho_kg_m3, dense.T_K)
    return Duty(name, kind, m_dot_kg_s, dh_s, m_dot_kg_s * power, inlet, outlet, eta, sound, mu, k)


def duties_of(
    components: Iterable[Any], states: Mapping[str, State], factors: Mapping[str, float] | None = None
) -> tuple[Duty, ...]:
    """Duties of a cycle's compressors and turbines: turbines first, then compressors, in the layout's order."""
    found = []
    for c in components:
        if c.kind in ("turbine", "compressor") and c.streams[0].m_dot_kg_s > 0.0:
            s = c.streams[0]
            found.append(duty(c.name, c.kind, s.m_dot_kg_s, states[s.inlet], states[s.outlet], factors))
    return tuple(sorted(found, key=lambda d: d.kind != "turbine"))


def direct_drive_possible(
    components: Iterable[Any], states: Mapping[str, State], W_generator_in_W: float
) -> bool:
    """Whether the main turbine at its own best speed turns no faster than a PM generator of this power [W] may.

    The cheap half of `size_machines`: one turbine's duty, no wheels. It decides `drive="auto"`.
    """
    c = next(c for c in components if c.kind == "turbine" and c.streams[0].m_dot_kg_s > 0.0)
    s = c.streams[0]
    d = duty(c.name, c.kind, s.m_dot_kg_s, states[s.inlet], states[s.outlet])
    return best_speed_rpm(d) <= direct_drive_limit_rpm(W_generator_in_W)


def size_machines(
    components: Iterable[Any], states: Mapping[str, State], spec: CycleSpec, drive: str | None = None
) -> MachineTrain | None:
    """Machines of a cycle.

    Parameters
    ----------
    components, states
        As in `CycleResult`: components of kind turbine and compressor with their stream's inlet, outlet and flow.
    spec : CycleSpec
        `drive` limits the arrangements; given efficiencies of gearbox, generator and rectifier are taken.
    drive : {"direct", "geared"}, optional
        What the cycle was reckoned with: the best arrangement of that drive is taken, the others stay candidates.

    Returns
    -------
    MachineTrain or None
        None where the components hold no turbine, or no arrangement leaves power.
    """
    return train_of(duties_of(components, states), spec, drive)


def machines_of(result: Any) -> MachineTrain | None:
    """Machines of a designed block (`CycleResult`), from its components and states; `CycleResult.train` keeps them."""
    result.require_ok()
    duties = duties_of(result.components, result.states, result.speed_factors)
    return train_of(duties, result.spec, result.drive, result.arrangement)


def train_of(
    duties: tuple[Duty, ...], spec: CycleSpec, drive: str | None = None, arrangement: str | None = None
) -> MachineTrain | None:
    """Machines of plain duties; arrangement: the one to take, by name, where it leaves power."""
    direct, geared = chain_of(spec, False), chain_of(spec, True)
    found = arrangements(duties, direct, geared, spec.drive)
    named = (a for a in found if a.name == arrangement)
    best = next(named, None) or next((a for a in found if drive in (None, a.drive)), None)
    if best is None:
        return None
    found = (best, *(a for a in found if a is not best))
    chain = geared if best.drive == "geared" else direct
    gen = choose_generator(duties, found, direct, geared)
    losses = machine_losses(best, chain)
    runner_up = found[1] if len(found) > 1 else None
    return MachineTrain(_table(best, gen, chain.eta_gearbox), best.wheels, best, runner_up, found, gen, losses,
                        _conflicts(best, gen, losses), _explain(found))  # fmt: skip


def _conflicts(a: Arrangement, gen: Generator, losses: tuple[MachineLoss, ...]) -> tuple[str, ...]:
    """What stands against the arrangement taken: ranges, generator or gear, disc strength, power and losses."""
    found = [*a.flags, *((gen.conflict,) if gen.conflict else ())]
    discs = [disc_check(d, w) for d, w in zip(a.duties, a.wheels, strict=True) if d.kind == "turbine"]
    found += [m.words for m in discs if m.alloy is None]
    if abs(a.W_shaft_frac - 1.0) > 0.005:
        found.append(f"at the speeds of their shafts the wheels give {100 * a.W_shaft_frac:.1f} % of the shaft power that "
                     "the cycle reckons with")  # fmt: skip
    total = {x.name: x.W for x in losses}
    ratio = total["computed total"] / total["default total"] if total["default total"] > 0.0 else 1.0
    if ratio > 1.5:
        found.append(
            f"mechanical losses computed are {ratio:.1f} times those that the block is reckoned with"
        )
    return tuple(found)


def _table(a: Arrangement, gen: Generator, eta_gearbox: float) -> tuple[MachineSize, ...]:
    rows = []
    for d, w in sorted(zip(a.duties, a.wheels, strict=True), key=lambda x: x[0].kind != "turbine"):
        off = f"{100 * (1 - w.eta_factor):.1f} % below its own best efficiency"
        note = "; ".join((*w.flags, *((off,) if w.eta_factor < 0.995 else ())))
        rows.append(MachineSize(d.name, w.form, abs(d.cycle_power_W), w.speed_rpm, w.diameter_m, w.stages,
                                w.tip_speed_m_s, d.eta * d.factor, note, w.specific_speed, w.specific_diameter,
                                w.tip_mach, w.flow_coefficient, w.width_m, w.eta_factor, _shaft_of(a, d.name)))  # fmt: skip
    if a.drive == "geared":
        rows.append(MachineSize("gearbox", "integral gear" if a.name.startswith("integral") else "parallel shaft",
                                a.W_generator_in_W, a.generator_rpm, None, gen.gear_steps, None, eta_gearbox,
                                f"ratio {gen.gear_ratio:.1f} to {gen.speed_rpm:,.0f} rpm, pinion at "
                                f"{gen.pitch_speed_m_s or 0.0:.0f} m/s", shaft="generator"))  # fmt: skip
    own = "generator" if a.drive == "geared" else _shaft_of(a, "generator")
    rows.append(MachineSize("generator", gen.kind, gen.power_W, gen.speed_rpm, None, 1, None, gen.eta, gen.note,
                            shaft=own))  # fmt: skip
    return tuple(rows)


def _shaft_of(a: Arrangement, name: str) -> str:
    return next((s.name for s in a.shafts if name in s.machines), "")


def _explain(found: tuple[Arrangement, ...]) -> str:
    best = found[0]
    text = f"{best.name}: " + "; ".join(f"{s.name} {s.speed_rpm:,.0f} rpm" for s in best.shafts)
    if len(found) > 1:
        gap = 100.0 * (found[1].W_dc_W / best.W_dc_W - 1.0)
        n = len(found[1].flags)
        why = f"; it has {n} conflict{'s' if n > 1 else ''}" if n else ""
        text += f". Runner-up: {found[1].name} ({gap:+.2f} % power{why})"
    return text
