"""The cycle with the efficiencies that its own machines reach at the speeds of their shafts.

An efficiency that the spec leaves open follows from size and holds at a machine's own best speed. Machines on one shaft
share a speed, so each turns off its own best (`machines.wheels`, `machines.shafts`):

    eta = eta_size k,   k: the wheel's factor in the arrangement taken; of a turbine in two parts, their mean by power

The first cycle, with eta_size, decides the arrangement. Then the train follows from the cycle and the cycle from the
train: solved in turn until no k moves by more than `CLOSE`, at most `MOST` times; half a per cent left over would be told
with the train (`MachineTrain.conflicts`).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from thermo.checks import SpecError
from thermo.cycle.block import failed
from thermo.cycle.candidate import efficiencies
from thermo.machines.machine_train import MachineTrain
from thermo.outcome import Outcome
from thermo.result import CycleResult
from thermo.spec import CycleSpec

CLOSE, MOST = 2e-4, 4
ROLES = {
    "turbine": "eta_turbine", "turbine 2": "eta_turbine_2", "main compressor": "eta_compressor",
    "recompressor": "eta_recompressor", "precompressor": "eta_precompressor",
}  # fmt: skip


def open_roles(spec: CycleSpec) -> tuple[str, ...]:
    """Machines whose efficiency the spec leaves open; a second turbine follows a first one that is given."""
    found = [name for name, field in ROLES.items() if getattr(spec, field) is None]
    return tuple(n for n in found if not (n == "turbine 2" and spec.eta_turbine is not None))


def factors_of(train: MachineTrain) -> dict[str, float]:
    """Factor of each machine's efficiency in its arrangement; a turbine cut in two counts by power."""
    own: dict[str, float] = {}
    ideal: dict[str, float] = {}
    cut = next((d.name for d in train.arrangement.duties if d.kind == "turbine"), "")
    for d, w in zip(train.arrangement.duties, train.wheels, strict=True):
        name = cut if d.name == "power turbine" else d.name
        ideal[name] = ideal.get(name, 0.0) + d.power_W
        own[name] = own.get(name, 0.0) + d.power_W * w.eta_factor
    return {name: own[name] / ideal[name] for name in own}


def with_factors(spec: CycleSpec, factors: Mapping[str, float]) -> CycleSpec | str:
    """The spec with every open efficiency given: from size, times its factor (a machine not built: the main one's). In
    words where a machine so far off its best speed has an efficiency that no spec admits."""
    by_size = dict(zip(("turbine", "turbine 2", "main compressor", "recompressor", "precompressor"),
                       efficiencies(spec), strict=True))  # fmt: skip
    main = {name: "turbine" if name.startswith("turbine") else "main compressor" for name in ROLES}
    k = {name: factors.get(name, factors.get(main[name], 1.0)) for name in ROLES}
    found: dict[str, Any] = {ROLES[name]: by_size[name] * k[name] for name in open_roles(spec)}
    try:
        return replace(spec, **found)
    except SpecError as e:
        return f"at the speed of its shaft a machine is too far off its own best: {'; '.join(e.problems)}"


def at_shaft_speeds(spec: CycleSpec, designed: Callable[[CycleSpec], CycleResult]) -> CycleResult:
    """A designed block whose open efficiencies are those of its own train; `designed` solves one spec."""
    r = designed(spec)
    built = {c.name.replace("_", " ") for c in r.components}
    roles = [n for n in open_roles(spec) if n in built]
    if not roles:
        return r
    for _ in range(MOST):
        train = r.train
        if train is None:
            return r
        found = {n: k for n, k in factors_of(train).items() if n in roles}
        if all(abs(k - r.speed_factors.get(n, 1.0)) <= CLOSE for n, k in found.items()):
            return r
        given = with_factors(spec, found)
        if isinstance(given, str):
            return failed(spec, Outcome.NOT_MODELLED, given)
        r = replace(designed(given), spec=spec, speed_factors=found,
                    arrangement=train.arrangement.name)  # fmt: skip
    return r
