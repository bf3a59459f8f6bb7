"""What a block costs, installed, from the correlations of Weiland et al. (2019).

    C [2017 USD] = a SP^b f_T,   f_T = 1 below 550 degC, else 1 + c (T - 550) + d (T - 550)^2
    installed = C (1 + material + labour);   piping and inventory = 20 % of the sum;   then an index to a price year

Source: N. Weiland, B. Lance, S. Pidaparti, ASME GT2019-90493. Each correlation has a range; outside it the item
is flagged `extrapolated` (every radial turbine below 8 MW is). Uncertainty of the source: -30 % to +50 %.
"""

from dataclasses import dataclass
from typing import Any

from .defaults import table
from .result import CycleResult


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
    """Cost index of a year over that of 2017 (assumption-graded, CEPCI-like).

    >>> round(escalation(2023), 3)
    1.406
    """
    values = table("weiland2019")["index"]["values"]
    if str(price_year) not in values:
        raise ValueError(f"price_year: {price_year} is out of range; allowed {min(values)} to {max(values)}")
    return float(values[str(price_year)] / values["2017"])


def weiland(name: str, parameter: float, T_K: float = 0.0) -> tuple[float, bool, dict[str, Any]]:
    """(installed 2017 USD, extrapolated, row) of a correlation at its scaling parameter and temperature [K].

    >>> round(weiland("recuperator", 1e6)[0] / 1e6, 2)
    1.74
    """
    row = next(x for x in table("weiland2019")["rows"] if x["name"] == name)
    over = max(0.0, T_K - 273.15 - 550.0)
    f_T = 1.0 + row["c"] * over + row["d"] * over**2
    bare = row["a"] * parameter ** row["b"] * f_T
    out = not row["valid_from"] <= parameter <= row["valid_to"]
    return bare * (1.0 + row["material"] + row["labor"]), out, row


def block_cost(r: CycleResult, *, price_year: int = 2024) -> CostBreakdown:
    """Installed cost of a designed block in USD of a price year."""
    r.require_ok()
    k = escalation(price_year)
    items = [_item(label, name, parameter, T, k) for label, name, parameter, T in _equipment(r)]
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
    assert r.W_turbine_W
    assert r.W_compressor_W
    assert r.W_recompressor_W is not None
    assert r.UA_ltr_W_K
    assert r.UA_cooler_W_K
    assert r.Q_heater_W
    assert r.W_generator_W
    assert r.W_shaft_W
    kind = next(m.kind for m in r.machines if m.name == "turbine")
    turbine = "axial turbine" if kind == "axial" else "radial turbine"
    hot = r.states["turbine_outlet"].T_K
    ltr_hot = r.states["htr_lp_outlet"].T_K if "htr_lp_outlet" in r.states else hot
    T_in = r.states["turbine_inlet"].T_K
    found = [
        ("turbine", turbine, r.W_turbine_W / 1e6, T_in),
        ("main compressor", "IG centrifugal compressor", r.W_compressor_W / 1e6, 0.0),
        ("low-temperature recuperator", "recuperator", r.UA_ltr_W_K, ltr_hot),
        ("cooler", "direct air cooler", r.UA_cooler_W_K, 0.0),
        ("heater", "natural gas-fired heater", r.Q_heater_W / 1e6, T_in),
        ("generator", "generator", r.W_generator_W / 1e6, 0.0),
    ]
    if r.W_recompressor_W > 0.0:
        found.insert(2, ("recompressor", "IG centrifugal compressor", r.W_recompressor_W / 1e6, 0.0))
    if r.UA_htr_W_K:
        found.append(("high-temperature recuperator", "recuperator", r.UA_htr_W_K, hot))
    if any(m.name == "gearbox" for m in r.machines):
        found.append(("gearbox", "gearbox", r.W_shaft_W / 1e6, 0.0))
    return found


def _item(label: str, name: str, parameter: float, T_K: float, k: float) -> CostItem:
    cost, out, row = weiland(name, parameter, T_K)
    return CostItem(label, cost * k, cost, parameter, row["unit"], out, row["source"], row["grade"])


def _rectifier(r: CycleResult, k: float) -> CostItem:
    row = table("weiland2019")["rectifier"]
    assert r.W_generator_W is not None
    kW = r.W_generator_W / 1e3
    cost = row["USD_per_kW"] * kW
    return CostItem("rectifier", cost * k, cost, kW / 1e3, "MW", False, row["source"], row["grade"])
