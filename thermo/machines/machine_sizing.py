"""What a machine is described by, and what follows from the block's size alone: efficiencies and the generator's speed.

Efficiency: loss = loss_1MW (P/1 MW)^-n, capped; P is the block's rated power (grade: assumption, ranges in
`data/block_defaults.json`). Wheels: `wheels`; which of them share a shaft: `shafts`; the whole: `machine_train`.
"""

from dataclasses import dataclass
from math import sqrt

from thermo.defaults import default, table


@dataclass(frozen=True)
class MachineSize:
    """One machine: power [W], speed [rpm], wheel diameter [m], stages, tip speed [m/s], efficiency; note in words.

    For wheels also the similarity numbers (`wheels.Wheel`), the narrowest channel [m], the factor on the efficiency
    at its own best speed, and the name of its shaft.
    """

    name: str
    kind: str
    power_W: float
    speed_rpm: float
    diameter_m: float | None
    stages: int
    tip_speed_m_s: float | None
    eta: float
    note: str = ""
    specific_speed: float | None = None
    specific_diameter: float | None = None
    tip_mach: float | None = None
    flow_coefficient: float | None = None
    width_m: float | None = None
    eta_factor: float = 1.0
    shaft: str = ""


def efficiency_from_size(machine: str, power_W: float) -> float:
    """Isentropic efficiency of a `turbine` or `compressor` of a block of this rated power [W].

    >>> round(efficiency_from_size("turbine", 1e6), 3), round(efficiency_from_size("compressor", 5e6), 3)
    (0.815, 0.812)
    """
    loss = default(f"eta_{machine}_loss_1MW") * (power_W / 1e6) ** -default(f"eta_{machine}_loss_exponent")
    return max(0.3, min(default(f"eta_{machine}_max"), 1.0 - loss))


def loss_ratio_from_reynolds(Re: float, Re_reference: float) -> float:
    """Ratio of a machine's loss 1 - eta to that of a similar one at another Reynolds number.

    (1 - eta)/(1 - eta_0) = a + (1 - a) (Re_0/Re)^n, a = 0.5, n = 0.1: Wiesner's form (assumption). For similar wheels
    at the same states Re ~ sqrt(power); most of the fall of efficiency with size is clearance and surface, not this.

    >>> round(loss_ratio_from_reynolds(1e6, 1e7), 3), loss_ratio_from_reynolds(1e7, 1e7)
    (1.129, 1.0)
    """
    rows = {row["name"]: row["value"] for row in table("machines")["rows"]}
    fixed, n = rows["reynolds_fixed_share"], rows["reynolds_exponent"]
    return float(fixed + (1.0 - fixed) * (Re_reference / Re) ** n)


def mechanical_efficiency_from_size(power_W: float) -> float:
    """Bearings, seals and windage as an efficiency, from the block's rated power [W].

    >>> round(mechanical_efficiency_from_size(10e6), 3)
    0.985
    """
    loss = default("mechanical_loss_1MW") * (power_W / 1e6) ** -default("mechanical_loss_exponent")
    return 1.0 - min(0.2, max(default("mechanical_loss_min"), loss))


def aux_fraction_from_size(power_W: float) -> float:
    """Auxiliaries (seal gas, lube oil, cooling, controls) over generator power, from the block's rated power [W].

    >>> round(aux_fraction_from_size(1e6), 4), round(aux_fraction_from_size(10e6), 4)
    (0.023, 0.0103)
    """
    share = default("aux_fraction_1MW") * (power_W / 1e6) ** -default("aux_fraction_exponent")
    return min(0.1, max(default("aux_fraction_min"), share))


def direct_drive_limit_rpm(power_W: float) -> float:
    """Greatest speed [rpm] of a PM generator of this power [W]: rpm sqrt(kW) <= limit.

    >>> round(direct_drive_limit_rpm(1e6))
    31623
    """
    return default("direct_drive_limit_rpm_kW05") / sqrt(power_W / 1e3)
