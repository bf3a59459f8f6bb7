"""What a block costs, installed, from the correlations of Weiland et al. (2019).

    C [2017 USD] = a SP^b f_T,   f_T = 1 below 550 degC, else 1 + c (T - 550) + d (T - 550)^2
    installed = C (1 + material + labour);   piping and inventory = 20 % of the sum;   then an index to a price year

Every turbine, compressor, recuperator and cooler of the layout is an item of its own; all heat that the CO2 takes up
is one heater at the hottest outlet. Each correlation has a range; outside it the item is flagged `extrapolated`
(every radial turbine below 8 MW is). Uncertainty of the source: -30 % to +50 %.

Source: N. Weiland, B. Lance, S. Pidaparti, ASME GT2019-90493.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from thermo.accounts.diagram import cooler_of, words
from thermo.cycle.components import Component
from thermo.defaults import default, table
from thermo.result import CycleResult


@dataclass(frozen=True)
class CostItem:
    """One item: cost [USD of the price year], scaling parameter with unit, outside the correlation's range or not."""

    name: str
    installed_USD: float
    installed_2017_USD: float
    parameter: float
    unit: str
    extrapolated: bool
    source: str
    grade: str


@dataclass(frozen=True)
class CostBreakdown:
    """Items and total of a block [USD of `price_year`], and per kW at the DC terminals."""

    items: tuple[CostItem, ...]
    total_USD: float
    USD_per_kW: float
    price_year: int
    base_year: int
    escalation: float
    extrapolated: tuple[str, ...]


def escalation(price_year: int) -> float:
    """Chemical Engineering Plant Cost Index of a year over that of 2017 (from 2024 on an assumption).

    >>> round(escalation(2023), 3)
    1.406
    """
    values = table("weiland2019")["index"]["values"]
    if str(price_year) not in values:
        raise ValueError(f"price_year: {price_year} is out of range; allowed {min(values)} to {max(values)}")
    return float(values[str(price_year)] / values["2017"])


@cache
def _rows() -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in table("weiland2019")["rows"]}


def weiland(name: str, parameter: float, T_K: float = 0.0) -> tuple[float, bool, dict[str, Any]]:
    """(installed 2017 USD, extrapolated, row) of a correlation at its scaling parameter and temperature [K].

    >>> round(weiland("recuperator", 1e6)[0] / 1e6, 2)
    1.74
    """
    row = _rows()[name]
    over = max(0.0, T_K - 273.15 - 550.0)
    f_T = 1.0 + row["c"] * over + row["d"] * over**2
    bare = row["a"] * parameter ** row["b"] * f_T
    out = not row["valid_from"] <= parameter <= row["valid_to"]
    return bare * (1.0 + row["material"] + row["labor"]), out, row


def turbine_type(W_W: float) -> str:
    """Correlation of a turbine of this shaft power [W]: radial below the size from which axial ones are built."""
    return "axial turbine" if default("axial_turbine_from_W") <= W_W else "radial turbine"


def cost_per_kW(
    W_net_W: float, W_generator_W: float, W_shaft_W: float, turbines: Sequence[tuple[float, float]],
    W_compressors_W: Sequence[float], recuperators: Sequence[tuple[float, float]],
    UA_coolers_W_K: Sequence[float], heater: tuple[float, float], *, geared: bool = True,
) -> float:  # fmt: skip
    """Installed cost of a block per kW at its DC terminals [2017 USD/kW], from plain numbers: an objective for the search.

    turbines: (shaft power [W], inlet temperature [K]) of each; recuperators: (UA [W/K], hot inlet temperature [K]);
    heater: (all heat [W], hottest outlet [K]). The same sum as `block_cost` of the price year 2017.

    >>> round(cost_per_kW(5e6, 5.2e6, 5.4e6, [(8e6, 873.0)], [1.6e6, 1e6], [(8e5, 450.0), (7e5, 720.0)], [1e6],
    ...                   (12e6, 873.0)))
    3537
    """
    items = [(turbine_type(W), W / 1e6, T) for W, T in turbines]
    items += [("IG centrifugal compressor", W / 1e6, 0.0) for W in W_compressors_W]
    items += [("recuperator", UA, T) for UA, T in recuperators]
    items += [("direct air cooler", UA, 0.0) for UA in UA_coolers_W_K]
    items += [
        ("natural gas-fired heater", heater[0] / 1e6, heater[1]),
        ("generator", W_generator_W / 1e6, 0.0),
    ]
    if geared:
        items.append(("gearbox", W_shaft_W / 1e6, 0.0))
    data = table("weiland2019")
    USD = sum(weiland(*item)[0] for item in items) + data["rectifier"]["USD_per_kW"] * W_generator_W / 1e3
    return float(USD * (1.0 + data["piping_fraction"]["value"]) / (W_net_W / 1e3))


def block_cost(r: CycleResult, *, price_year: int = 2024) -> CostBreakdown:
    """Installed cost of a designed block in USD of a price year."""
    r.require_ok()
    k = escalation(price_year)
    items = [_item(label, name, parameter, T, k) for label, name, parameter, T in _equipment(r)]
    if r.spec.cold_end is not None and r.spec.cold_end.kind in ("wet", "adiabatic"):
        # priced by the correlation of a dry cooler, which it is not
        items = [replace(i, extrapolated=i.extrapolated or i.name.startswith("cooler")) for i in items]
    items.append(_rectifier(r, k))
    piping = table("weiland2019")["piping_fraction"]
    base = sum(i.installed_2017_USD for i in items) * piping["value"]
    items.append(CostItem("piping and inventory", base * k, base, piping["value"], "of the sum", False,
                          piping["source"], piping["grade"]))  # fmt: skip
    total = sum(i.installed_USD for i in items)
    assert r.W_net_W is not None
    return CostBreakdown(
        tuple(items), total, total / (r.W_net_W / 1e3), price_year, 2017, k,
        tuple(i.name for i in items if i.extrapolated),
    )  # fmt: skip


def _equipment(r: CycleResult) -> list[tuple[str, str, float, float]]:
    """(label, correlation, scaling parameter, temperature [K]) of everything with a Weiland correlation."""
    assert r.W_generator_W
    assert r.W_shaft_W
    found = [row for c in r.components if (row := _of_component(r, c)) is not None]
    heaters = [c for c in r.components if c.kind == "heater"]
    hottest = max(r.states[c.streams[0].outlet].T_K for c in heaters)
    found.append(("heater", "natural gas-fired heater", sum(c.Q_W for c in heaters) / 1e6, hottest))
    found.append(("generator", "generator", r.W_generator_W / 1e6, 0.0))
    if r.drive == "geared":
        found.append(("gearbox", "gearbox", r.W_shaft_W / 1e6, 0.0))
    return found


def _of_component(r: CycleResult, c: Component) -> tuple[str, str, float, float] | None:
    """The row of one machine, recuperator or cooler; None for what has no correlation of its own."""
    T_in = r.states[c.streams[0].inlet].T_K
    if c.kind == "turbine":
        sized = next((m.kind for m in r.machines if words(m.name) == words(c.name)), None)
        kind = (
            turbine_type(c.W_W) if sized is None else ("axial" if sized == "axial" else "radial") + " turbine"
        )
        return words(c.name), kind, c.W_W / 1e6, T_in
    if c.kind == "compressor" and c.W_W > 0.0:
        return words(c.name), "IG centrifugal compressor", c.W_W / 1e6, 0.0
    if c.kind == "recuperator" and c.UA_W_K:
        return words(c.name), "recuperator", c.UA_W_K, T_in
    if c.kind == "cooler":
        return words(c.name), "direct air cooler", _cooler_UA(r, c), 0.0
    return None


def _cooler_UA(r: CycleResult, c: Component) -> float:
    """UA [W/K] of a cooler, or its share by duty where only the coolers' sum is known."""
    cooler = cooler_of(r, c)
    if cooler is not None:
        return cooler.UA_W_K
    assert r.UA_cooler_W_K
    return r.UA_cooler_W_K * c.Q_W / sum(x.Q_W for x in r.components if x.kind == "cooler")


def _item(label: str, name: str, parameter: float, T_K: float, k: float) -> CostItem:
    cost, out, row = weiland(name, parameter, T_K)
    return CostItem(label, cost * k, cost, parameter, row["unit"], out, row["source"], row["grade"])


def _rectifier(r: CycleResult, k: float) -> CostItem:
    row = table("weiland2019")["rectifier"]
    assert r.W_generator_W is not None
    kW = r.W_generator_W / 1e3
    cost = row["USD_per_kW"] * kW
    return CostItem("rectifier", cost * k, cost, kW / 1e3, "MW", False, row["source"], row["grade"])
