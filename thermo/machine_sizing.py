"""First cut of the machines: efficiency from size, wheel speed and diameter, direct drive or gearbox.

Efficiency: loss = loss_1MW (P/1 MW)^-n, capped; P is the block's rated power (grade: assumption, ranges in
`data/block_defaults.json`). Wheels by specific speed, similarity of turbomachines:

    omega = N_s dh_s^0.75 / sqrt(V),   U = sqrt(dh_s/psi) (compressor) or nu sqrt(2 dh_s) (turbine),   D = 2 U/omega

Source: Korpela, Principles of Turbomachinery, ch. 1 and 4 (specific speed); Balje charts for the best N_s.
A high-speed PM generator on the wheel's shaft must keep rpm sqrt(kW) below some 1e6; wheels of this power
density want about three times that, so most blocks need a gearbox. Limits: no stress, Mach or rotor-dynamic check.
"""

from dataclasses import dataclass
from math import ceil, log10, pi, sqrt

from .defaults import default, table

_RPM = 30.0 / pi


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


def direct_drive_limit_rpm(power_W: float) -> float:
    """Greatest speed [rpm] of a PM generator of this power [W]: rpm sqrt(kW) <= limit.

    >>> round(direct_drive_limit_rpm(1e6))
    31623
    """
    return default("direct_drive_limit_rpm_kW05") / sqrt(power_W / 1e3)


def size_compressor(
    name: str, power_W: float, dh_s: float, m_dot: float, rho_in: float, eta: float
) -> MachineSize:
    """First wheel of a centrifugal compressor with isentropic head dh_s [J/kg]."""
    psi, ns = default("head_coefficient_compressor"), default("specific_speed_compressor")
    stages = max(1, ceil(dh_s / (psi * default("compressor_tip_speed_max_m_s") ** 2)))
    head = dh_s / stages
    omega, U = ns * head**0.75 / sqrt(m_dot / rho_in), sqrt(head / psi)
    return MachineSize(name, "centrifugal", power_W, omega * _RPM, 2 * U / omega, stages, U, eta)


def size_turbine(power_W: float, dh_s: float, m_dot: float, rho_out: float, eta: float) -> MachineSize:
    """Radial turbine (one wheel); from `axial_turbine_from_W` on an axial one, then the wheel is only indicative."""
    ns, nu = default("specific_speed_turbine"), default("speed_ratio_turbine")
    omega, U = ns * dh_s**0.75 / sqrt(m_dot / rho_out), nu * sqrt(2 * dh_s)
    axial = power_W >= default("axial_turbine_from_W")
    note = "axial machines of this power take several stages at a lower speed" if axial else ""
    return MachineSize("turbine", "axial" if axial else "radial inflow", power_W, omega * _RPM, 2 * U / omega, 1, U,
                       eta, note)  # fmt: skip


def size_generator(power_W: float, turbine_rpm: float, drive: str, eta: float) -> MachineSize:
    """Generator for the drive; the note says whether the turbine's speed allows direct drive."""
    limit = direct_drive_limit_rpm(power_W)
    possible = turbine_rpm <= limit
    note = (f"the turbine wants {turbine_rpm:,.0f} rpm; a PM generator of {power_W / 1e6:.2f} MW may turn at most "
            f"{limit:,.0f} rpm: {'direct drive is possible' if possible else 'a gearbox is needed'}")  # fmt: skip
    if drive == "geared":
        return MachineSize("generator", "synchronous, geared", power_W, 1800.0, None, 1, None, eta, note)
    if not possible:
        note += "; direct drive was asked for: the wheels must run slower, at lower efficiency than stated"
    return MachineSize("generator", "high-speed permanent magnet", power_W, min(limit, turbine_rpm), None, 1, None,
                       eta, note)  # fmt: skip


def size_gearbox(power_W: float, turbine_rpm: float, eta: float) -> MachineSize:
    """Gearbox between turbine and a 1800 rpm generator; its speed is that of the fast shaft."""
    steps = max(1, ceil(log10(turbine_rpm / 1800.0) / log10(12.0)))
    return MachineSize("gearbox", "parallel shaft", power_W, turbine_rpm, None, steps, None, eta)
