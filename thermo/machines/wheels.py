"""One machine at one speed: its wheels, from similarity.

    n_s = omega sqrt(V)/dh^0.75,   d_s = D dh^0.25/sqrt(V)        (dh: isentropic head of one stage [J/kg])

V is the volume flow at a compressor stage's inlet and at a turbine stage's exit. Wheels lie on the line of best
diameter: Cordier's table for compressors; nu = U/sqrt(2 dh) = 0.737 n_s^0.2 for radial turbines (d_s = 2 sqrt(2)
nu/n_s); axial stages have loading dh/U^2 = psi at the mean radius. What speed costs is a factor on the efficiency
that the machine has at its own best speed:

    centrifugal  1 - k1 (p0 - phi)^2 - k2 (p0 - phi)^4 below p0 = 0.08, 1 - k3 (p0 - phi)^2 above; phi = V/(U D^2);
                 over its value at the usual n_s, never above 1
    radial       (0.87 - 1.07 (n_s - 0.55)^2 - 0.5 (n_s - 0.55)^3)/0.87
    axial        (1 - k c/b) over its value at c/b = 1 %: tip clearance c against blade height b

and each further stage costs `*_stage_penalty`. Density between the stages is taken as geometric in the head, which is
within 2 % for an expansion and 6 % for a compression that starts on the pseudo-critical line.

Sources and grades: `data/machines.json`; limits: `docs/models/thermo_machines.md`.
"""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import exp, log, pi, sqrt

from thermo.defaults import default, table
from thermo.state import State

RPM = 30.0 / pi


@cache
def _rows() -> dict[str, float]:
    return {row["name"]: float(row["value"]) for row in table("machines")["rows"]}


def parameter(name: str) -> float:
    """A parameter of `data/machines.json` by name.

    >>> parameter("radial_turbine_ns_best")
    0.55
    """
    return _rows()[name]


@dataclass(frozen=True, slots=True)
class Duty:
    """What one machine does: flow [kg/s], isentropic head [J/kg], the states around it; power [W] and efficiency at its
    own best speed.

    `a_in_m_s`: speed of sound at the inlet; `mu_Pa_s`: viscosity at the denser end; `factor`: what the cycle was solved
    with, over the efficiency at the machine's own best speed.
    """

    name: str
    kind: str
    m_dot_kg_s: float
    dh_s_J_kg: float
    power_W: float
    inlet: State
    outlet: State
    eta: float
    a_in_m_s: float
    mu_Pa_s: float
    factor: float = 1.0

    @property
    def cycle_power_W(self) -> float:
        """Power [W] in the cycle as solved; negative for a compressor."""
        return self.power_W * self.factor if self.kind == "turbine" else -self.power_W / self.factor

    def rho_after(self, share: float) -> float:
        """Density [kg/m3] after a share of the head."""
        return self.inlet.rho_kg_m3 * (self.outlet.rho_kg_m3 / self.inlet.rho_kg_m3) ** share


@dataclass(frozen=True, slots=True)
class Wheel:
    """A machine at a speed. Sizes are of the first wheel (compressor) or the last (turbine).

    tip_mach: tip speed over the inlet's speed of sound; flow_coefficient: V/(U D^2), axial V/(area U);
    head_coefficient: dh/U^2; width_m: the narrowest channel; eta_factor: on the efficiency at its own best speed;
    strain: how far outside the usual ranges, the sum of ln(value/limit), named one by one in flags.
    """

    name: str
    form: str
    stages: int
    speed_rpm: float
    diameter_m: float
    tip_speed_m_s: float
    tip_mach: float
    specific_speed: float
    specific_diameter: float
    flow_coefficient: float
    head_coefficient: float
    width_m: float
    reynolds: float
    eta_factor: float
    strain: float = 0.0
    flags: tuple[str, ...] = ()

    @property
    def merit(self) -> float:
        """What arrangements are ranked by: efficiency less 0.2 of the strain."""
        return self.eta_factor - 0.2 * self.strain


@cache
def _cordier_logs() -> tuple[list[float], list[float]]:
    t = table("machines")["cordier"]
    return [log(x) for x in t["specific_speed"]], [log(y) for y in t["specific_diameter"]]


def cordier_diameter(specific_speed: float) -> float:
    """Specific diameter on the Cordier line: log-log interpolation of its table, continued straight beyond it.

    >>> round(cordier_diameter(0.7), 2), round(cordier_diameter(0.65), 3)
    (4.05, 4.35)
    """
    xs, ys = _cordier_logs()
    x = log(specific_speed)
    i = min(max(1, bisect_left(xs, x)), len(xs) - 1)
    return exp(ys[i - 1] + (ys[i] - ys[i - 1]) / (xs[i] - xs[i - 1]) * (x - xs[i - 1]))


def radial_turbine_factor(specific_speed: float) -> float:
    """Efficiency of a radial inflow stage over its best; 0.2 at least (the fit ends near n_s = 1.2).

    >>> round(radial_turbine_factor(0.55), 3), round(radial_turbine_factor(0.25), 3)
    (1.0, 0.905)
    """
    x = specific_speed - parameter("radial_turbine_ns_best")
    loss = parameter("radial_turbine_eta_2") * x * x + parameter("radial_turbine_eta_3") * x**3
    return max(0.2, 1.0 - loss / parameter("radial_turbine_eta_best"))


def _casey(phi: float) -> float:
    x = parameter("centrifugal_phi_best") - phi
    if x < 0.0:
        return 1.0 - parameter("centrifugal_eta_k3") * x * x
    return 1.0 - parameter("centrifugal_eta_k1") * x * x - parameter("centrifugal_eta_k2") * x**4


def flow_coefficient(specific_speed: float) -> float:
    """V/(U D^2) of a compressor wheel on the Cordier line: 2/(n_s d_s^3).

    >>> round(flow_coefficient(0.7), 4)
    0.043
    """
    return 2.0 / (specific_speed * cordier_diameter(specific_speed) ** 3)


@cache
def _casey_usual() -> float:
    return _casey(flow_coefficient(default("specific_speed_compressor")))


def compressor_factor(specific_speed: float) -> float:
    """Efficiency of a centrifugal stage over that at the usual specific speed, never above 1.

    >>> compressor_factor(0.7), round(compressor_factor(0.5), 3)
    (1.0, 0.895)
    """
    return min(1.0, max(0.2, _casey(flow_coefficient(specific_speed)) / _casey_usual()))


def _specific_speed(omega: float, m_dot: float, rho: float, head: float) -> float:
    return omega * sqrt(m_dot / rho) / head**0.75


class _Checks:
    """Collects what is outside its range, in words, and how far."""

    def __init__(self) -> None:
        self.flags: list[str] = []
        self.strain = 0.0

    def at_most(self, value: float, limit: float, words: str) -> None:
        if value > limit * (1.0 + 1e-9):
            self.strain += log(value / limit)
            self.flags.append(words.format(value, limit))

    def at_least(self, value: float, limit: float, words: str) -> None:
        if value < limit * (1.0 - 1e-9):
            self.strain += log(limit / value)
            self.flags.append(words.format(value, limit))

    def stages(self, form: str, ns: list[float], width_m: float) -> None:
        self.at_least(min(ns), parameter(f"{form}_ns_min"), "specific speed {:.2f} of a stage is below {:g}")
        self.at_most(max(ns), parameter(f"{form}_ns_max"), "specific speed {:.2f} of a stage is above {:g}")
        self.at_least(
            1e3 * width_m, 1e3 * parameter("width_min_m"), "channels only {:.2f} mm wide, under {:g} mm"
        )

    @property
    def result(self) -> tuple[float, tuple[str, ...]]:
        return self.strain, tuple(self.flags)


def centrifugal(d: Duty, speed_rpm: float, stages: int) -> Wheel:
    """Centrifugal compressor of so many stages at a speed [rpm]; sizes of its first wheel."""
    omega, head = speed_rpm / RPM, d.dh_s_J_kg / stages
    ns = [_specific_speed(omega, d.m_dot_kg_s, d.rho_after(i / stages), head) for i in range(stages)]
    ds = [cordier_diameter(n) for n in ns]
    Q = d.m_dot_kg_s / d.inlet.rho_kg_m3
    D = ds[0] * sqrt(Q) / head**0.25
    U = 0.5 * omega * D
    # the last wheel has the narrowest channel: same line, least volume
    D_last = ds[-1] * sqrt(d.m_dot_kg_s / d.rho_after(1.0 - 1.0 / stages)) / head**0.25
    U_last = 0.5 * omega * D_last
    width = d.m_dot_kg_s / (d.outlet.rho_kg_m3 * pi * D_last * parameter("centrifugal_exit_flow") * U_last)
    check = _Checks()
    check.stages("centrifugal", ns, width)
    check.at_most(
        U / d.a_in_m_s, parameter("wheel_mach_max"), "tip Mach {:.2f} is above {:g}: transonic inducer"
    )
    check.at_most(U, default("compressor_tip_speed_max_m_s"), "tip speed {:.0f} m/s is above {:g} m/s")
    factor = sum(compressor_factor(n) for n in ns) / stages - parameter("centrifugal_stage_penalty") * (
        stages - 1
    )
    return Wheel(d.name, "centrifugal", stages, speed_rpm, D, U, U / d.a_in_m_s, ns[0], ds[0], Q / (U * D * D),
                 head / U**2, width, d.inlet.rho_kg_m3 * U * D / d.mu_Pa_s, factor, *check.result)  # fmt: skip


def radial_turbine(d: Duty, speed_rpm: float, stages: int) -> Wheel:
    """Radial inflow turbine of so many stages at a speed [rpm]; sizes of its last wheel."""
    omega, head = speed_rpm / RPM, d.dh_s_J_kg / stages
    ns = [_specific_speed(omega, d.m_dot_kg_s, d.rho_after((i + 1) / stages), head) for i in range(stages)]
    U = [parameter("radial_turbine_nu_1") * n ** parameter("radial_turbine_nu_exponent") * sqrt(2 * head)
         for n in ns]  # fmt: skip
    D = 2.0 * U[-1] / omega
    Q = d.m_dot_kg_s / d.outlet.rho_kg_m3
    rho = d.rho_after(0.5 / stages)
    width = d.m_dot_kg_s / (rho * pi * (2 * U[0] / omega) * parameter("radial_turbine_inlet_flow") * U[0])
    factor = sum(radial_turbine_factor(n) for n in ns) / stages - parameter(
        "radial_turbine_stage_penalty"
    ) * (stages - 1)
    check = _Checks()
    check.stages("radial_turbine", ns, width)
    return Wheel(d.name, "radial inflow", stages, speed_rpm, D, max(U), max(U) / d.a_in_m_s, ns[-1],
                 D * head**0.25 / sqrt(Q), Q / (U[-1] * D * D), head / U[-1] ** 2, width,
                 d.inlet.rho_kg_m3 * U[0] * D / d.mu_Pa_s, max(0.2, factor),
                 *check.result)  # fmt: skip


def _axial_factor(height: float, D_mean: float) -> float:
    c = max(parameter("axial_clearance_m"), 1e-3 * D_mean)
    k = parameter("axial_clearance_loss")
    return min(1.0, (1.0 - k * c / height) / (1.0 - 0.01 * k))


def axial_turbine(d: Duty, speed_rpm: float, stages: int) -> Wheel:
    """Axial turbine of so many stages at a speed [rpm]: equal loading, constant mean radius; tip size of the last."""
    omega, head, psi = speed_rpm / RPM, d.dh_s_J_kg / stages, parameter("axial_psi")
    phi = 0.375 + 0.25 * psi
    U = sqrt(head / psi)
    D = 2.0 * U / omega
    Q = [d.m_dot_kg_s / d.rho_after((i + 0.5) / stages) for i in range(stages)]
    height = [q / (pi * D * phi * U) for q in Q]
    tip = D + height[-1]
    factor = sum(_axial_factor(b, D) for b in height) / stages - parameter("axial_stage_penalty") * (
        stages - 1
    )
    check = _Checks()
    check.at_most(height[-1] / D, parameter("axial_height_over_diameter"),
                  "last blade {:.3f} of the mean diameter high, above {:g}")  # fmt: skip
    check.at_least(height[0], max(0.02 * D, 4.0 * parameter("width_min_m")),
                   "first blade only {:.4f} m high, under {:.4f} m: partial admission or a radial wheel")  # fmt: skip
    return Wheel(d.name, "axial", stages, speed_rpm, tip, 0.5 * omega * tip, 0.5 * omega * tip / d.a_in_m_s,
                 _specific_speed(omega, d.m_dot_kg_s, d.outlet.rho_kg_m3, head),
                 tip * head**0.25 / sqrt(d.m_dot_kg_s / d.outlet.rho_kg_m3), phi, psi, height[0],
                 d.inlet.rho_kg_m3 * U * D / d.mu_Pa_s, max(0.2, factor), *check.result)  # fmt: skip


def best_speed_rpm(d: Duty, axial: bool = False, stages: int = 1) -> float:
    """Speed [rpm] at which the machine is at its own best.

    Radial wheels: the usual specific speed, of a compressor's middle stage or a turbine's last. Axial: the last blade
    is a given share of the mean diameter, D^2 = V/(pi (b/D) phi U).
    """
    head = d.dh_s_J_kg / stages
    if d.kind == "compressor":
        rho = d.rho_after(0.5 * (stages - 1) / stages)
        return default("specific_speed_compressor") * head**0.75 / sqrt(d.m_dot_kg_s / rho) * RPM
    Q = d.m_dot_kg_s / d.outlet.rho_kg_m3
    if not axial:
        return default("specific_speed_turbine") * head**0.75 / sqrt(Q) * RPM
    psi = parameter("axial_psi")
    U = sqrt(head / psi)
    D = sqrt(Q / (pi * parameter("axial_height_over_diameter") * (0.375 + 0.25 * psi) * U))
    return 2.0 * U / D * RPM


def _best(
    d: Duty, make: Callable[[Duty, float, int], Wheel], speed_rpm: float, wish: float, most: int
) -> Wheel:
    """Best number of stages around the wished one (a real number)."""
    n = min(most, max(1, int(wish)))
    return max((make(d, speed_rpm, k) for k in range(max(1, n - 1), min(most, n + 2) + 1)),
               key=lambda w: (w.merit, -w.stages))  # fmt: skip


def compressor_at(d: Duty, speed_rpm: float) -> Wheel:
    """The compressor with the best number of stages at a speed."""
    return _best(
        d, centrifugal, speed_rpm, (best_speed_rpm(d) / speed_rpm) ** (4 / 3), int(parameter("stages_max"))
    )


def turbine_at(d: Duty, speed_rpm: float, axial: bool | None = None) -> Wheel:
    """The turbine with the best form and number of stages at a speed; `axial` fixes the form.

    From `axial_turbine_from_W` on an axial turbine is taken wherever its blades are neither too short nor too long.
    """
    found = []
    if axial is not False:
        # height/diameter of the last blade goes with stages^1.5 omega^2
        wish = (best_speed_rpm(d, True) / speed_rpm) ** (4 / 3)
        found.append(_best(d, axial_turbine, speed_rpm, wish, int(parameter("axial_stages_max"))))
        if d.power_W >= default("axial_turbine_from_W") and not found[0].flags:
            return found[0]
    if axial is not True:
        wish = (best_speed_rpm(d) / speed_rpm) ** (4 / 3)
        found.append(_best(d, radial_turbine, speed_rpm, wish, int(parameter("stages_max"))))
    return max(found, key=lambda w: w.merit)


def wheel_at(d: Duty, speed_rpm: float) -> Wheel:
    """The best wheels of a machine at a speed [rpm]."""
    return compressor_at(d, speed_rpm) if d.kind == "compressor" else turbine_at(d, speed_rpm)


def own_best(d: Duty) -> Wheel:
    """A machine on its own shaft, at its own best speed: axial from `axial_turbine_from_W` on, else radial."""
    if d.kind == "compressor":
        counts = range(1, 5)
        wheels = [centrifugal(d, best_speed_rpm(d, stages=n), n) for n in counts]
        limit = default("compressor_tip_speed_max_m_s") * (1 + 1e-9)
        return next((w for w in wheels if w.tip_speed_m_s <= limit), wheels[-1])
    if d.power_W < default("axial_turbine_from_W"):
        return radial_turbine(d, best_speed_rpm(d), 1)
    return max((axial_turbine(d, best_speed_rpm(d, True, n), n) for n in range(2, 7)),
               key=lambda w: w.merit)  # fmt: skip
