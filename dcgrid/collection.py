"""How far 800 V reaches: bringing a block's power to the hall at 800 V, at 1.5 kV DC, or at medium voltage.

From the generator's terminals to the 800 V bus of the hall, yearly cost of one block over the distance L:

    K(L) = F + k L,   F = annuity * converters + price * their losses
    k    = annuity (route + c m n A) + price * n rho S I^2 / A        [USD / m a]

c laid cost per kg, m density, n conductors, S the sum of load^2 * hours. The economic section (Kelvin) is
A = I sqrt(price rho S / (annuity c m)), independent of n, and with it

    k = annuity * route + 2 n I sqrt(annuity c m * price rho S),     L* = (F_other - F_800) / (k_800 - k_other)

The closed form holds while neither ampacity nor voltage drop asks for more metal; the catalogue form chooses real
cables under both rules, and its break-even is found by bisection.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import resources

from dcgrid import std_types
from dcgrid.cable_rating import Laying, rate
from dcgrid.cables import PARALLEL_MIN_MM2
from dcgrid.loss_curves import loss_w
from dcgrid.outcome import Checker, NetworkError, Problem

DENSITY_CU, RHO_CU_70C = 8903.0, 1.724e-8 * (1.0 + 0.00393 * 50.0)
REACH_M = 50e3
#: Cables in parallel that one would lay of a section below `LARGE_MM2`, and of the large ones.
MOST_PARALLEL, LARGE_MM2, ANY_PARALLEL = 8, 240.0, 600


@lru_cache(maxsize=1)
def costs() -> dict[str, dict[str, object]]:
    """Shipped costs by name, with unit, source and grade."""
    text = (resources.files("dcgrid") / "data" / "collection_costs.json").read_text(encoding="utf-8")
    return {row["name"]: row for row in json.loads(text)["costs"]}


def _cost(name: str) -> float:
    return float(str(costs()[name]["value"]))


@dataclass(frozen=True)
class Option:
    """A way to bring the power over: wires, and (cost, loss curve) of each converter on the way."""

    name: str
    v_v: float
    ac: bool
    stages: tuple[tuple[str, str], ...]

    @property
    def conductors(self) -> int:
        return 3 if self.ac else 2


_RECTIFIER, _INVERTER = ("rectifier", "800 V active rectifier"), ("inverter", "800 V inverter")
_UP, _DOWN = ("transformer", "step-up transformer"), ("transformer", "MV/LV transformer 2500 kVA")
_HALL = ("rectifier", "800 V rectifier, cited 97 %")
_SST = ("sst", "MV/800 V solid-state transformer")
OPTIONS = (
    Option("800 V DC", 800.0, False, (_RECTIFIER,)),
    Option("1.5 kV DC", 1500.0, False, (_RECTIFIER, ("dcdc", "1500/800 V converter"))),
    Option("MV, inverter and rectifier", 13.8e3, True, (_RECTIFIER, _INVERTER, _UP, _DOWN, _HALL)),
    Option("MV, generator and rectifier", 13.8e3, True, (_DOWN, _HALL)),
    Option("MV, generator and SST", 13.8e3, True, (_SST,)),
)


@dataclass(frozen=True)
class CollectionSpec:
    """One block's way to the hall. Power [W], load levels (share of p_w) with their hours, money [USD], yearly rates.

    cost : overrides of the shipped costs (USD/kW, USD/kg, USD/m). loss_factor : on all converters' losses.
    drop_max_frac, laying : rules of the catalogue form.
    """

    p_w: float
    levels: tuple[tuple[float, float], ...] = ((1.0, 2000.0), (0.7, 5000.0), (0.4, 1760.0))
    price_USD_MWh: float = 80.0
    discount_rate: float = 0.08
    life_a: float = 20.0
    power_factor: float = 0.99
    drop_max_frac: float = 0.03
    laying: Laying = field(default_factory=Laying)
    cost: tuple[tuple[str, float], ...] = ()
    loss_factor: float = 1.0
    cost_factor: float = 1.0

    def __post_init__(self) -> None:
        check = Checker("CollectionSpec")
        for name, unit in (
            ("p_w", "W"),
            ("price_USD_MWh", "USD/MWh"),
            ("life_a", "a"),
            ("loss_factor", ""),
            ("cost_factor", ""),
        ):
            check.number(name, getattr(self, name), 0.0, None, unit, strict=True)
        check.number("discount_rate", self.discount_rate, 0.0, 0.5)
        check.number("drop_max_frac", self.drop_max_frac, 1e-3, 0.2)
        check.number("power_factor", self.power_factor, 0.5, 1.0)
        for name, _ in self.cost:
            check.choice("cost", name, tuple(costs()))
        for load, hours in self.levels:
            check.number("levels", load, 0.0, 1.0)
            check.number("levels", hours, 0.0, 8784.0, "h")
        check.done()

    @property
    def annuity(self) -> float:
        """Yearly share of an investment [1/a]."""
        r, n = self.discount_rate, self.life_a
        return r / -math.expm1(-n * math.log1p(r)) if r > 1e-12 else 1.0 / n

    def money(self, name: str) -> float:
        """A cost, as overridden or as shipped."""
        return dict(self.cost).get(name, _cost(name))

    @property
    def square_hours_h(self) -> float:
        """Sum of load^2 * hours: what the wires' loss goes with [h]."""
        return sum(load**2 * h for load, h in self.levels)


@dataclass(frozen=True)
class OptionCost:
    """An option at a distance: yearly cost [USD/a], its parts, energy lost [MWh/a], and the wires.

    `loss_points` is the energy lost over the energy sent, in percent.
    """

    option: str
    distance_m: float
    total_USD: float
    converters_USD: float
    converter_losses_USD: float
    wires_USD: float
    wire_losses_USD: float
    loss_MWh: float
    loss_points: float
    copper_kg: float
    wires: str
    limited_by: str


@dataclass(frozen=True)
class BreakEven:
    """Distance beyond which another way is cheaper than 800 V [m], closed form and catalogue; None: see `explain`."""

    option: str
    closed_form_m: float | None
    catalogue_m: float | None
    explain: str
    depends_on: tuple[tuple[str, float | None, float | None], ...] = ()


def option(name: str) -> Option:
    """Option of that name."""
    for o in OPTIONS:
        if o.name == name:
            return o
    raise NetworkError([Problem("option", name, "one of " + ", ".join(o.name for o in OPTIONS))])


def current_a(spec: CollectionSpec, o: Option) -> float:
    """Current of a conductor at full power [A]."""
    return spec.p_w / (math.sqrt(3.0) * o.v_v * spec.power_factor if o.ac else o.v_v)


def fixed_USD(spec: CollectionSpec, o: Option) -> tuple[float, float, float]:
    """Converters, their losses [USD/a], and the energy they lose [MWh/a]; one set rated at the block's power."""
    capital = spec.annuity * spec.cost_factor * sum(spec.money(c) * spec.p_w / 1e3 for c, _ in o.stages)
    lost = 0.0
    for load, hours in spec.levels:
        out = load * spec.p_w
        for _, kind in o.stages:
            lost += (
                spec.loss_factor * loss_w(std_types.converter(kind).loss_curve, out, spec.p_w) * hours / 1e6
            )
    return capital, spec.price_USD_MWh * lost, lost


def _per_kg(spec: CollectionSpec, o: Option) -> float:
    return spec.money("copper") * spec.money("laid_over_metal_mv" if o.v_v > 1500.0 else "laid_over_metal")


def economic_section_m2(spec: CollectionSpec, o: Option) -> float:
    """Kelvin's section of one conductor [m2]."""
    energy = spec.price_USD_MWh / 1e6 * RHO_CU_70C * spec.square_hours_h
    return current_a(spec, o) * math.sqrt(energy / (spec.annuity * _per_kg(spec, o) * DENSITY_CU))


def slope_USD_m(spec: CollectionSpec, o: Option, section_m2: float | None = None) -> float:
    """Yearly cost of a metre of wires [USD / m a], at the economic section unless another is given [m2]."""
    a = economic_section_m2(spec, o) if section_m2 is None else section_m2
    n, i = o.conductors, current_a(spec, o)
    metal = spec.annuity * _per_kg(spec, o) * DENSITY_CU * n * a
    loss = spec.price_USD_MWh / 1e6 * n * RHO_CU_70C * spec.square_hours_h * i * i / a
    return spec.annuity * spec.money("route") + metal + loss


def break_even_closed_form_m(spec: CollectionSpec, other: str) -> float | None:
    """L* = (F_other - F_800) / (k_800 - k_other) [m]; 0 if the other is cheaper from the start, None if never."""
    base, o = OPTIONS[0], option(other)
    more = sum(fixed_USD(spec, o)[:2]) - sum(fixed_USD(spec, base)[:2])
    saved = slope_USD_m(spec, base) - slope_USD_m(spec, o)
    if more <= 0.0:
        return 0.0
    return more / saved if saved > 0.0 else None


def _wires(spec: CollectionSpec, o: Option, distance_m: float) -> tuple[float, float, float, str, str]:
    """Cheapest cables under both rules: yearly metal cost, MWh lost, kg, words, and the rule that binds."""
    i, n = current_a(spec, o), o.conductors
    v_equivalent = 2.0 * o.v_v / math.sqrt(3.0) if o.ac else o.v_v
    best: tuple[float, float, float, float, str, str] | None = None
    for c in std_types.conductors().values():
        if c.kind != "cable" or c.material != "Cu":
            continue
        before, most = math.inf, MOST_PARALLEL if c.area_mm2 < LARGE_MM2 else ANY_PARALLEL
        for k in range(1, most + 1 if c.area_mm2 >= PARALLEL_MIN_MM2 else 2):
            x = rate(c.std_type, k, i, v_equivalent, distance_m, spec.laying)
            if x.loading > 1.0 or x.drop_frac > spec.drop_max_frac:
                continue
            kg = n * distance_m * k * c.mass_kg_m
            metal = spec.annuity * kg * _per_kg(spec, o)
            lost = 0.5 * n * i * i * x.r_ohm * spec.square_hours_h / 1e6
            total = metal + spec.price_USD_MWh * lost
            if best is None or total < best[0]:
                near = x.loading > 0.9, x.drop_frac > 0.9 * spec.drop_max_frac
                why = "ampacity" if near[0] else "voltage drop" if near[1] else "economy"
                best = (total, metal, lost, kg, f"{k} x {c.std_type} per conductor", why)
            if total > before:
                break
            before = total
    if best is None:
        text = f"a distance that cables can bridge within {100 * spec.drop_max_frac:g} % drop"
        raise NetworkError([Problem("distance_m", distance_m, text, "a higher voltage")])
    return best[1:]


def cost_at(spec: CollectionSpec, name: str, distance_m: float) -> OptionCost:
    """An option at a distance [m], with real cables."""
    o = option(name)
    capital, loss_money, lost = fixed_USD(spec, o)
    metal, wire_lost, kg, words, why = _wires(spec, o, distance_m)
    route = spec.annuity * spec.money("route") * distance_m
    wire_money = spec.price_USD_MWh * wire_lost
    sent = sum(load * h for load, h in spec.levels) * spec.p_w / 1e6
    return OptionCost(
        name, distance_m, capital + loss_money + metal + route + wire_money, capital, loss_money, metal + route,
        wire_money, lost + wire_lost, 100.0 * (lost + wire_lost) / (sent + lost + wire_lost), kg, words, why,
    )  # fmt: skip


def collection_table(
    spec: CollectionSpec, distances_m: tuple[float, ...] = (50, 100, 200, 500, 1000, 2000)
) -> list[OptionCost]:
    """Every option at every distance."""
    return [cost_at(spec, o.name, float(d)) for d in distances_m for o in OPTIONS]


def _catalogue_m(spec: CollectionSpec, other: str) -> float | None:
    def more(d: float) -> float:
        return cost_at(spec, other, d).total_USD - cost_at(spec, OPTIONS[0].name, d).total_USD

    low, high = 1.0, 2.0
    if more(low) <= 0.0:
        return 0.0
    while more(high) > 0.0:
        low, high = high, 2.0 * high
        if high > REACH_M:
            return None
    while high - low > 1e-3 * high:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if more(middle) > 0.0 else (low, middle)
    return 0.5 * (low + high)


_SWINGS: tuple[tuple[str, dict[str, float], dict[str, float]], ...] = (
    ("electricity price, half and double", {"price_USD_MWh": 0.5}, {"price_USD_MWh": 2.0}),
    ("cost of converters, 0.7 and 1.5 times", {"cost_factor": 0.7}, {"cost_factor": 1.5}),
    ("losses of converters, 0.7 and 1.5 times", {"loss_factor": 0.7}, {"loss_factor": 1.5}),
    ("discount rate, half and double", {"discount_rate": 0.5}, {"discount_rate": 2.0}),
)


def break_even(spec: CollectionSpec, other: str) -> BreakEven:
    """Break-even distance against 800 V, both ways, with what it depends on (closed form at each swing)."""
    closed = break_even_closed_form_m(spec, other)
    found = _catalogue_m(spec, other)
    swings: list[tuple[str, float | None, float | None]] = []
    for words, low, high in _SWINGS:
        ends = [
            break_even_closed_form_m(
                replace(spec, **{k: getattr(spec, k) * f for k, f in side.items()}), other
            )
            for side in (low, high)
        ]
        swings.append((words, ends[0], ends[1]))
    copper = spec.money("copper")
    rest = tuple(x for x in spec.cost if x[0] != "copper")
    ends = [
        break_even_closed_form_m(replace(spec, cost=(*rest, ("copper", copper * f))), other)
        for f in (0.5, 2.0)
    ]
    swings.append(("copper price, half and double", ends[0], ends[1]))
    return BreakEven(other, closed, found, _words(other, found), tuple(swings))


def _words(other: str, found: float | None) -> str:
    if found is None:
        return f"800 V stays cheaper than {other} up to {REACH_M / 1e3:g} km"
    if found == 0.0:
        return f"{other} is cheaper from the generator on"
    return f"800 V is cheaper up to {found:.0f} m, {other} beyond"
