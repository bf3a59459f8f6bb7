"""Thermal battery: electricity stored as heat in bricks, graphite or salt, given to CO2 through a loop of air or salt.

Stored heat above T_min, relative to capacity: soc. Temperature that leaves the store as it empties, by how it is mixed:

    two_tank     T_max while any is left                                              (hot and cold salt)
    mixed        T_min + soc (T_max - T_min)                                          (one block at one temperature)
    thermocline  T_max; once the zone (share d of the height, temperature linear in it) reaches the outlet, soc < d/2:
                 T_min + (T_max - T_min) sqrt(2 soc / d)                              (bricks, gas flowing through)

The loop leaves T_exchange below that and is mixed with cooler gas down to the constant supply temperature. Its greatest
flow C_max limits the heat, falling with the store's temperature:

    Q_max = min(Q_rated, C_max (T_store - T_exchange - T_return)),   none once T_store - T_exchange < T_supply

Standing loss: dE/dt = -k E with exp(-k day) = 1 - loss per day. At constant Q the store empties to soc_end after
t = ln((E_0 + Q/k) / (E_1 + Q/k)) / k. So E_0 = delivered + lost + E_1.
"""

from dataclasses import dataclass
from math import exp, log, sqrt

from thermo.checks import SpecError, check_ranges
from thermo.defaults import table
from thermo.heat_stream import ZERO_C, HeatStream

DAY_S = 86400.0
MIXING = ("two_tank", "mixed", "thermocline")
_RANGES = {
    "E_capacity_J": (3.6e6, 1e16, "J"),
    "T_max_K": (400.0, 2300.0, "K"),
    "T_min_K": (300.0, 1500.0, "K"),
    "T_supply_K": (400.0, 2000.0, "K"),
    "Q_rated_W": (1e3, 1e10, "W"),
    "P_charge_W": (1e3, 1e10, "W"),
    "C_loop_max_W_K": (1.0, 1e9, "W/K"),
    "eta_charge": (0.3, 1.0, "-"),
    "loss_per_day": (0.0, 0.5, "-"),
    "thermocline_share": (0.01, 1.0, "-"),
    "T_exchange_K": (0.0, 300.0, "K"),
    "approach_K": (0.1, 300.0, "K"),
    "T_freeze_K": (220.0, 1500.0, "K"),
}


@dataclass(frozen=True)
class ThermalBatterySpec:
    """A store of heat.

    E_capacity_J: heat between T_min and T_max [J]; T_max_K, T_min_K of the store [K]; T_supply_K: temperature to the CO2
    exchanger [K]; Q_rated_W: discharge [W]; P_charge_W: electric [W]; C_loop_max_W_K: greatest capacity rate through the
    store [W/K], None: what rated heat needs at the supply temperature; eta_charge: heat stored over electricity;
    loss_per_day: share of the stored heat; mixing; T_exchange_K between store and loop [K]; approach_K to the CO2 [K];
    T_freeze_K of a salt [K].
    """

    E_capacity_J: float
    T_max_K: float
    T_min_K: float
    T_supply_K: float
    Q_rated_W: float
    P_charge_W: float
    C_loop_max_W_K: float | None = None
    eta_charge: float = 0.97
    loss_per_day: float = 0.01
    mixing: str = "thermocline"
    thermocline_share: float = 0.3
    T_exchange_K: float = 20.0
    approach_K: float = 15.0
    T_freeze_K: float | None = None
    name: str = "thermal battery"

    def __post_init__(self) -> None:
        problems = check_ranges(self, _RANGES, {"T_freeze_K", "C_loop_max_W_K"})
        if self.mixing not in MIXING:
            problems.append(f"mixing: {self.mixing!r} is not known; allowed {', '.join(MIXING)}")
        if not problems:
            top = self.T_max_K - self.T_exchange_K
            if not self.T_min_K < self.T_supply_K <= top:
                problems.append(
                    f"T_supply_K: {self.T_supply_K:g} is out of range; allowed above T_min {self.T_min_K:g} to {top:g} K"
                )
        if problems:
            raise SpecError([f"thermal_battery.{p}" for p in problems])


@dataclass(frozen=True)
class BatteryState:
    """The store at one state of charge: temperature that leaves it [K], greatest heat [W] and what limits it; the stream
    for the cycle, None where it can give none at the supply temperature."""

    soc: float
    T_store_K: float
    Q_max_W: float
    limit: str
    stream: HeatStream | None


@dataclass(frozen=True)
class Discharge:
    """A discharge at constant heat until it cannot be held: time [s], heat delivered and lost [J], state of charge left."""

    t_s: float
    E_delivered_J: float
    E_lost_J: float
    soc_end: float
    limit: str


def loop_max_W_K(spec: ThermalBatterySpec) -> float:
    """Greatest capacity rate through the store [W/K]."""
    if spec.C_loop_max_W_K is not None:
        return spec.C_loop_max_W_K
    return spec.Q_rated_W / (spec.T_supply_K - spec.T_min_K)


def preset(name: str, E_capacity_J: float, Q_rated_W: float, T_supply_K: float) -> ThermalBatterySpec:
    """A store of a known kind: bricks_air, graphite_air or salt_two_tank (`data/heat_stores.json`, with grades).

    >>> salt = preset("salt_two_tank", 3.6e11, 20e6, 838.15)
    >>> round(discharge(salt).t_s / 3600, 1)
    5.0
    """
    kinds = table("heat_stores")["presets"]
    if name not in kinds:
        raise SpecError([f"thermal_battery: {name!r} is not known; allowed {', '.join(kinds)}"])
    row = {k: v for k, v in kinds[name].items() if k not in ("grade", "source")}
    return ThermalBatterySpec(E_capacity_J=E_capacity_J, Q_rated_W=Q_rated_W, P_charge_W=2.0 * Q_rated_W,
                              T_supply_K=T_supply_K, name=name.replace("_", " "), **row)  # fmt: skip


def store_temperature(spec: ThermalBatterySpec, soc: float) -> float:
    """Temperature [K] that leaves the store at a state of charge."""
    rise = spec.T_max_K - spec.T_min_K
    if soc <= 0.0:
        return spec.T_min_K
    if spec.mixing == "two_tank":
        return spec.T_max_K
    if spec.mixing == "mixed":
        return spec.T_min_K + soc * rise
    return spec.T_min_K + rise * min(1.0, sqrt(2.0 * soc / spec.thermocline_share))


def _soc_at(spec: ThermalBatterySpec, T_K: float) -> float:
    """Least state of charge at which the store still leaves at T_K [K]."""
    x = (T_K - spec.T_min_K) / (spec.T_max_K - spec.T_min_K)
    if spec.mixing == "two_tank":
        return 0.0
    return max(0.0, x if spec.mixing == "mixed" else 0.5 * spec.thermocline_share * x * x)


def battery_at(spec: ThermalBatterySpec, soc: float) -> BatteryState:
    """What the store gives at a state of charge.

    >>> bricks = ThermalBatterySpec(3.6e11, 1273.15, 673.15, 873.15, 10e6, 20e6, 25e3)
    >>> [round(battery_at(bricks, x).Q_max_W / 1e6, 1) for x in (1.0, 0.05, 0.01)]
    [10.0, 8.2, 0.0]
    """
    T = store_temperature(spec, soc)
    out = T - spec.T_exchange_K
    if soc <= 0.0 or out < spec.T_supply_K - 1e-9:
        return BatteryState(
            soc, T, 0.0, f"the store leaves at {T - ZERO_C:.0f} degC, below the supply temperature", None
        )
    flow = loop_max_W_K(spec) * (out - spec.T_min_K)
    Q, why = min((spec.Q_rated_W, "rated heat"), (flow, f"loop flow at {T - ZERO_C:.0f} degC"))
    stream = HeatStream(spec.T_supply_K, spec.T_min_K, Q / (spec.T_supply_K - spec.T_min_K), spec.approach_K,
                        spec.T_freeze_K, spec.name)  # fmt: skip
    return BatteryState(soc, T, Q, why, stream)


def _rate(spec: ThermalBatterySpec) -> float:
    return -log(1.0 - spec.loss_per_day) / DAY_S


def discharge(spec: ThermalBatterySpec, soc: float = 1.0, Q_W: float | None = None) -> Discharge:
    """How long the store gives Q_W [W] (default: rated) from a state of charge.

    >>> bricks = ThermalBatterySpec(3.6e11, 1273.15, 673.15, 873.15, 10e6, 20e6, 25e3)
    >>> d = discharge(bricks)
    >>> round(d.t_s / 3600, 1), round(d.soc_end, 3), d.limit
    (9.2, 0.074, 'loop flow')
    """
    Q = spec.Q_rated_W if Q_W is None else Q_W
    need_flow = spec.T_min_K + Q / loop_max_W_K(spec) + spec.T_exchange_K
    need_supply = spec.T_supply_K + spec.T_exchange_K
    T_end, why = max((need_flow, "loop flow"), (need_supply, "supply temperature"))
    if T_end > spec.T_max_K * (1 + 1e-12):
        return Discharge(0.0, 0.0, 0.0, soc, why)
    if spec.Q_rated_W * (1 + 1e-12) < Q:
        return Discharge(0.0, 0.0, 0.0, soc, "rated heat")
    end = _soc_at(spec, T_end)
    if end >= soc:
        return Discharge(0.0, 0.0, 0.0, soc, why)
    why = "empty" if end <= 0.0 else why
    E0, E1, k = soc * spec.E_capacity_J, end * spec.E_capacity_J, _rate(spec)
    t = log((E0 + Q / k) / (E1 + Q / k)) / k if k * (E0 - E1) > 1e-9 * Q else (E0 - E1) / Q
    return Discharge(t, Q * t, E0 - E1 - Q * t, end, why)


def after_standing(spec: ThermalBatterySpec, soc: float, t_s: float) -> float:
    """State of charge after standing t_s [s]."""
    return soc * exp(-_rate(spec) * t_s)


def charged(spec: ThermalBatterySpec, soc: float, P_W: float, t_s: float) -> tuple[float, float]:
    """(state of charge, electricity taken [J]) after charging with P_W [W] for t_s [s]; stops when full."""
    k, heat = _rate(spec), spec.eta_charge * min(P_W, spec.P_charge_W)
    E0, full = soc * spec.E_capacity_J, spec.E_capacity_J
    if k == 0.0:
        t = min(t_s, (full - E0) / heat) if heat > 0.0 else t_s
        return (E0 + heat * t) / full, heat * t / spec.eta_charge
    rest = heat / k
    t = t_s
    if rest > full and E0 + (rest - E0) * (1.0 - exp(-k * t_s)) > full:
        t = log((rest - E0) / (rest - full)) / k
    return (rest - (rest - E0) * exp(-k * t)) / full, heat * t / spec.eta_charge
