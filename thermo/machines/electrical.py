"""From shaft to the block's DC terminals: every loss has a name.

    W_shaft - mechanical - gearbox = W into the generator;  - generator = W_generator (its terminals);
    - rectifier - fans - auxiliaries - heater_blower (- water_pumps - basin_heater) = W_net (the block's DC terminals)

Fans, auxiliaries, blower, and a cooling tower's pumps and basin heater are fed from the DC terminals; their own drives
are in their efficiencies.
Default efficiencies: `data/block_defaults.json`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from thermo.defaults import default
from thermo.machines.machine_sizing import aux_fraction_from_size, mechanical_efficiency_from_size
from thermo.spec import CycleSpec


class Chain(NamedTuple):
    """Efficiencies of the chain at rated power; eta_gearbox is 1 and `geared` False with direct drive."""

    eta_mechanical: float
    eta_gearbox: float
    eta_generator: float
    eta_rectifier: float
    aux_fraction: float
    geared: bool


@dataclass(frozen=True)
class Electrical:
    """Powers along the chain [W] and the named losses [W]."""

    W_generator_W: float
    W_net_W: float
    losses_W: Mapping[str, float]


def chain_of(spec: CycleSpec, geared: bool) -> Chain:
    """The chain of a spec: what is given, or the default."""

    def pick(value: float | None, other: float) -> float:
        return other if value is None else value

    return Chain(
        pick(spec.eta_mechanical, mechanical_efficiency_from_size(spec.W_net_W)),
        pick(spec.eta_gearbox, default("eta_gearbox")) if geared else 1.0,
        pick(spec.eta_generator, default("eta_generator_geared" if geared else "eta_generator_direct")),
        pick(spec.eta_rectifier, default("eta_rectifier")),
        pick(spec.aux_fraction, aux_fraction_from_size(spec.W_net_W)),
        geared,
    )


def electrical(
    c: Chain,
    W_shaft_W: float,
    W_shaft_rated_W: float,
    W_fan_W: float,
    W_blower_W: float,
    tower_W: tuple[float, float] | None = None,
) -> Electrical:
    """Powers and losses at a shaft power; tower_W: water pumps and basin heater [W] of a cooling tower, None without one.

    Mechanical losses and auxiliaries keep `fixed_loss_share` of their rated value at part load (the shaft keeps
    turning, the controls stay on) and follow the load with the rest; at rated load they are as given.
    """
    fixed_share = default("fixed_loss_share")
    x = fixed_share * W_shaft_rated_W + (1.0 - fixed_share) * W_shaft_W
    mechanical = (1.0 - c.eta_mechanical) * x
    after = W_shaft_W - mechanical
    gearbox = (1.0 - c.eta_gearbox) * after
    generator = (1.0 - c.eta_generator) * (after - gearbox)
    W_gen = after - gearbox - generator
    rectifier = (1.0 - c.eta_rectifier) * W_gen
    aux = c.aux_fraction * x * c.eta_mechanical * c.eta_gearbox * c.eta_generator
    losses = {
        "mechanical": mechanical, "gearbox": gearbox, "generator": generator, "rectifier": rectifier,
        "fans": W_fan_W, "auxiliaries": aux, "heater_blower": W_blower_W,
    }  # fmt: skip
    W_net = W_gen - rectifier - W_fan_W - aux - W_blower_W
    if tower_W is not None:
        losses |= {"water_pumps": tower_W[0], "basin_heater": tower_W[1]}
        W_net -= sum(tower_W)
    return Electrical(W_gen, W_net, MappingProxyType(losses))
