"""What a power block is asked to be: `CycleSpec` and `FiredHeaterSpec`, frozen and checked as a whole.

A wrong spec raises one `SpecError` that lists every problem. "Not given" is None: then the value is optimised
(`p_low_Pa`, `recompression_fraction`), follows from machine size (`eta_*`) or is a default of
`data/block_defaults.json`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from thermo.checks import SpecError, check_ranges
from thermo.cold_end.cold_end_spec import ColdEndSpec
from thermo.heat_stream import HeatStream

LAYOUTS = ("simple_recuperated", "recompression", "partial_cooling", "recompression_intercooled",
           "recompression_reheat", "htr_bypass", "turbine_split", "cascade")  # fmt: skip
OBJECTIVES = ("efficiency", "heat_stream_power", "cost_per_kW")
_CHOICES = {
    "layout": LAYOUTS,
    "objective": OBJECTIVES,
    "power_basis": ("shaft", "dc_terminals"),
    "exchanger_model": ("secant", "segment_mean"),
    "drive": ("auto", "direct", "geared"),
}
_ETA = (0.3, 1.0, "-")
_DP = (0.0, 0.2, "-")
# name: (least, greatest, unit)
_CYCLE_RANGES: dict[str, tuple[float, float, str]] = {
    "W_net_W": (1e4, 1e9, "W"),
    "T_turbine_in_K": (500.0, 1200.0, "K"),
    "T_compressor_in_K": (268.15, 345.0, "K"),
    "T_precompressor_in_K": (304.5, 345.0, "K"),
    "T_reheat_K": (500.0, 1200.0, "K"),
    "p_high_Pa": (10e6, 40e6, "Pa"),
    "p_high_min_Pa": (10e6, 40e6, "Pa"),
    "p_high_max_Pa": (10e6, 40e6, "Pa"),
    "p_low_Pa": (4e6, 16e6, "Pa"),
    "p_precompressor_in_Pa": (2e6, 15e6, "Pa"),
    "p_reheat_Pa": (5e6, 35e6, "Pa"),
    "recompression_fraction": (0.0, 0.6, "-"),
    "turbine_split_fraction": (0.02, 0.9, "-"),
    "htr_bypass_fraction": (0.0, 0.9, "-"),
    "T_heat_source_return_K": (320.0, 1100.0, "K"),
    "heat_approach_K": (1.0, 300.0, "K"),
    "UA_total_W_K": (1e2, 1e9, "W/K"),
    "UA_ltr_W_K": (1e2, 1e9, "W/K"),
    "UA_htr_W_K": (0.0, 1e9, "W/K"),
    "dT_min_K": (0.1, 200.0, "K"),
    "dT_cold_ltr_K": (0.1, 200.0, "K"),
    "dT_cold_htr_K": (0.1, 200.0, "K"),
    "effectiveness_ltr": (0.3, 0.99, "-"),
    "effectiveness_htr": (0.3, 0.99, "-"),
    "T_ambient_design_K": (223.15, 340.0, "K"),
    "p_ambient_Pa": (5e4, 1.1e5, "Pa"),
    "cooler_air_rise_K": (2.0, 60.0, "K"),
    "min_compressor_in_K": (304.5, 320.0, "K"),
    "W_net_max_frac": (1.0, 1.5, "-"),
    "p_high_max_frac": (1.0, 1.2, "-"),
    "aux_fraction": (0.0, 0.2, "-"),
    "n_segments": (1, 200, "-"),
} | {
    f"eta_{m}": _ETA
    for m in ("turbine", "turbine_2", "compressor", "recompressor", "precompressor", "mechanical", "gearbox", "generator",
              "rectifier")
} | {
    f"dp_{x}_frac": _DP for x in ("ltr_lp", "ltr_hp", "htr_lp", "htr_hp", "heater", "cooler", "cooler_2", "reheater",
                                        "bypass")
}  # fmt: skip
_HEATER_RANGES: dict[str, tuple[float, float, str]] = {
    "LHV_fuel_J_kg": (2e7, 6e7, "J/kg"),
    "excess_air": (0.0, 2.0, "-"),
    "flue_approach_K": (5.0, 300.0, "K"),
    "air_preheat_max_K": (250.0, 1000.0, "K"),
    "air_preheat_approach_K": (5.0, 300.0, "K"),
    "stack_min_K": (330.0, 700.0, "K"),
    "casing_loss_fraction": (0.0, 0.1, "-"),
    "blower_dp_Pa": (0.0, 3e4, "Pa"),
    "eta_blower": (0.1, 1.0, "-"),
    "fuel_sulphur_mg_Nm3": (0.0, 5000.0, "mg/Nm3"),
    "dew_point_margin_K": (0.0, 100.0, "K"),
    "nox_g_GJ_cold": (0.0, 500.0, "g/GJ"),
    "min_firing_frac": (0.01, 1.0, "-"),
}


@dataclass(frozen=True)
class FiredHeaterSpec:
    """Gas-fired heater. None: the default of `data/block_defaults.json` by the same name.

    LHV_fuel_J_kg [J/kg]; excess_air [-]; flue_approach_K: flue leaving the CO2 coils above the CO2 return [K];
    air_preheat: with an air preheater or not; air_preheat_max_K [K]; air_preheat_approach_K at its hot end [K];
    stack_min_K [K]; casing_loss_fraction of the fuel's LHV; blower_dp_Pa [Pa]; eta_blower with its drive;
    fuel_sulphur_mg_Nm3: sulphur in the gas [mg/Nm3]; dew_point_margin_K: stack above the dew points [K]; nox_g_GJ_cold: NOx
    of the burner with cold air [g/GJ LHV]; min_firing_frac: least firing over rated.
    """

    LHV_fuel_J_kg: float | None = None
    excess_air: float | None = None
    flue_approach_K: float | None = None
    air_preheat: bool = True
    air_preheat_max_K: float | None = None
    air_preheat_approach_K: float | None = None
    stack_min_K: float | None = None
    casing_loss_fraction: float | None = None
    blower_dp_Pa: float | None = None
    eta_blower: float | None = None
    fuel_sulphur_mg_Nm3: float | None = None
    dew_point_margin_K: float | None = None
    nox_g_GJ_cold: float | None = None
    min_firing_frac: float | None = None

    def __post_init__(self) -> None:
        problems = check_ranges(self, _HEATER_RANGES, set(_HEATER_RANGES))
        if problems:
            raise SpecError([f"fired_heater.{p}" for p in problems])


@dataclass(frozen=True)
class CycleSpec:
    """A power block to design. Base SI; meanings in `docs/models/thermo_cycle.md`.

    Exchangers: give one of `UA_total_W_K` (split optimally), `UA_ltr_W_K` with `UA_htr_W_K`, `dT_min_K`
    (least difference anywhere inside), `dT_cold_ltr_K` with `dT_cold_htr_K`, or `effectiveness_ltr` with `effectiveness_htr`
    (duty over the greatest duty by enthalpies, `recuperator.q_max`).
    `pressures_Pa` maps state names to absolute pressures that replace those from the fractions.
    `mix_at_equal_T`: the recompression fraction is the one at which the recompressor's outlet is as hot as
    the stream that it joins.

    `p_high_Pa` None: optimised between `p_high_min_Pa` and `p_high_max_Pa`. Layouts with a precompressor: `p_low_Pa` is the
    main compressor's inlet, `p_precompressor_in_Pa` the lowest pressure. `turbine_split_fraction`: the share through
    turbine 2; `htr_bypass_fraction`: past the hot recuperator. `T_heat_source_return_K`: the best cycle
    with which a heat source of constant capacity, `heat_approach_K` hotter than the CO2 at both ends of the main heater,
    comes back with that.
    `objective` heat_stream_power: greatest shaft power from `heat_stream`; `W_net_W` is then only the size that
    efficiencies are taken at; cost_per_kW: least installed cost per kW at the DC terminals, with the conductance open if
    none is given.

    `cold_end` None: dry cooler. Off design the compressor inlet is held at or above `cold_end.least_compressor_in_K`, or,
    without a cold_end, `min_compressor_in_K`.

    >>> CycleSpec(W_net_W=5e6, UA_total_W_K=1e6).layout
    'recompression'
    """

    layout: str = "recompression"
    W_net_W: float = 5e6
    power_basis: Literal["shaft", "dc_terminals"] = "shaft"
    T_turbine_in_K: float = 873.15
    T_compressor_in_K: float = 308.15
    condensing: bool = False
    T_precompressor_in_K: float | None = None
    T_reheat_K: float | None = None
    p_high_Pa: float | None = 25e6
    p_high_min_Pa: float = 15e6
    p_high_max_Pa: float = 30e6
    p_low_Pa: float | None = None
    p_precompressor_in_Pa: float | None = None
    p_reheat_Pa: float | None = None
    recompression_fraction: float | None = None
    turbine_split_fraction: float | None = None
    htr_bypass_fraction: float | None = None
    T_heat_source_return_K: float | None = None
    heat_approach_K: float = 20.0
    objective: Literal["efficiency", "heat_stream_power", "cost_per_kW"] = "efficiency"
    heat_stream: HeatStream | None = None
    mix_at_equal_T: bool = False
    UA_total_W_K: float | None = None
    UA_ltr_W_K: float | None = None
    UA_htr_W_K: float | None = None
    dT_min_K: float | None = None
    dT_cold_ltr_K: float | None = None
    dT_cold_htr_K: float | None = None
    effectiveness_ltr: float | None = None
    effectiveness_htr: float | None = None
    eta_turbine: float | None = None
    eta_turbine_2: float | None = None
    eta_compressor: float | None = None
    eta_recompressor: float | None = None
    eta_precompressor: float | None = None
    dp_ltr_lp_frac: float = 0.0311
    dp_ltr_hp_frac: float = 0.0056
    dp_htr_lp_frac: float = 0.0311
    dp_htr_hp_frac: float = 0.0056
    dp_heater_frac: float = 0.0056
    dp_cooler_frac: float = 0.005
    dp_cooler_2_frac: float | None = None
    dp_reheater_frac: float | None = None
    dp_bypass_frac: float | None = None
    pressures_Pa: Mapping[str, float] | None = None
    n_segments: int = 20
    exchanger_model: Literal["secant", "segment_mean"] = "secant"
    T_ambient_design_K: float | None = None
    p_ambient_Pa: float = 101325.0
    cooler_air_rise_K: float | None = None
    min_compressor_in_K: float = 305.15
    cold_end: ColdEndSpec | None = None
    eta_mechanical: float | None = None
    eta_gearbox: float | None = None
    eta_generator: float | None = None
    eta_rectifier: float | None = None
    aux_fraction: float | None = None
    drive: Literal["auto", "direct", "geared"] = "auto"
    fired_heater: FiredHeaterSpec | None = None
    W_net_max_frac: float = 1.0
    p_high_max_frac: float | None = None

    def __post_init__(self) -> None:
        problems = self._choices() + check_ranges(self, _CYCLE_RANGES, _OPTIONAL)
        if not problems:
            problems = self._together()
        if problems:
            raise SpecError(problems)

    def _choices(self) -> list[str]:
        problems = []
        for name, allowed in _CHOICES.items():
            value = getattr(self, name)
            if value not in allowed:
                problems.append(f"{name}: {value!r} is not one of {', '.join(allowed)}")
        if self.fired_heater is not None and not isinstance(self.fired_heater, FiredHeaterSpec):
            problems.append("fired_heater: give a thermo.FiredHeaterSpec or None")
        if self.cold_end is not None and not isinstance(self.cold_end, ColdEndSpec):
            problems.append("cold_end: give a thermo.ColdEndSpec or None")
        return problems

    @property
    def two_recuperators(self) -> bool:
        """Whether this spec has a low- and a high-temperature recuperator."""
        return self.layout != "simple_recuperated" and not (
            self.layout == "recompression" and self.recompression_fraction == 0.0
        )

    @property
    def free_conductance(self) -> bool:
        """Whether the search decides on the recuperators' conductance: cost is the objective and nothing is given."""
        given = (
            self.UA_total_W_K,
            self.UA_ltr_W_K,
            self.UA_htr_W_K,
            self.dT_min_K,
            self.dT_cold_ltr_K,
            self.dT_cold_htr_K,
            self.effectiveness_ltr,
            self.effectiveness_htr,
        )
        return self.objective == "cost_per_kW" and all(x is None for x in given)

    def _together(self) -> list[str]:
        """Problems between fields that are each in range."""
        p = self._exchangers() + self._belongs() + self._heat() + self._cold_end()
        if self.p_low_Pa is not None and self.p_high_Pa is not None and self.p_low_Pa > 0.8 * self.p_high_Pa:
            p.append(
                f"p_low_Pa: {self.p_low_Pa:g} is too near p_high_Pa; allowed up to {0.8 * self.p_high_Pa:g} Pa"
            )
        if self.p_high_Pa is None and self.p_high_min_Pa >= self.p_high_max_Pa:
            p.append(f"p_high_min_Pa: {self.p_high_min_Pa:g} is not below p_high_max_Pa; "
                     f"allowed under {self.p_high_max_Pa:g} Pa")  # fmt: skip
        if self.p_precompressor_in_Pa is not None and self.p_low_Pa is not None and (
            self.p_precompressor_in_Pa > 0.98 * self.p_low_Pa
        ):  # fmt: skip
            p.append(f"p_precompressor_in_Pa: {self.p_precompressor_in_Pa:g} is not below p_low_Pa; "
                     f"allowed up to {0.98 * self.p_low_Pa:g} Pa")  # fmt: skip
        if not self.condensing and self.T_compressor_in_K < 304.5:
            p.append(f"T_compressor_in_K: {self.T_compressor_in_K:g} is liquid or near it; allowed from 304.5 K, "
                     "or from 268.15 K with condensing=True")  # fmt: skip
        if self.condensing and _CONDENSES_TO_K < self.T_compressor_in_K < 304.14:
            p.append(f"T_compressor_in_K: {self.T_compressor_in_K:g} is too near the critical point (304.13 K) to condense "
                     f"at; allowed to {_CONDENSES_TO_K:g} K, or from 304.5 K")  # fmt: skip
        evaporates = self.cold_end is not None and self.cold_end.kind in ("wet", "adiabatic")
        warm = self.T_ambient_design_K is not None and self.T_ambient_design_K > self.T_compressor_in_K - 2.0
        if warm and not evaporates:
            p.append(f"T_ambient_design_K: {self.T_ambient_design_K:g} leaves under 2 K to T_compressor_in_K; "
                     f"allowed up to {self.T_compressor_in_K - 2.0:g} K")  # fmt: skip
        if self.mix_at_equal_T and (
            self.recompression_fraction is not None or self.layout not in _WITH_RECOMPRESSOR
        ):
            p.append(
                "mix_at_equal_T: sets the fraction of a recompression cycle; leave recompression_fraction None"
            )
        if self.pressures_Pa is not None:
            p += self._pressures()
        return p

    def _exchangers(self) -> list[str]:
        """Problems in how the recuperators are given."""
        p = []
        two = self.two_recuperators
        ways = [self.UA_total_W_K is not None, self.UA_ltr_W_K is not None or self.UA_htr_W_K is not None,
                self.dT_min_K is not None, self.dT_cold_ltr_K is not None or self.dT_cold_htr_K is not None,
                self.effectiveness_ltr is not None or self.effectiveness_htr is not None]  # fmt: skip
        if sum(ways) != 1 and not self.free_conductance:
            p.append("UA_total_W_K: give one of UA_total_W_K, UA_ltr_W_K with UA_htr_W_K, dT_min_K, dT_cold_ltr_K with "
                     f"dT_cold_htr_K, or effectiveness_ltr with effectiveness_htr; {sum(ways)} are given")  # fmt: skip
        if ways[1] and two and (self.UA_ltr_W_K is None or not self.UA_htr_W_K):
            p.append(f"UA_ltr_W_K: {self.layout} needs UA_ltr_W_K and UA_htr_W_K, or UA_total_W_K")
        if ways[1] and not two and self.UA_ltr_W_K is None:
            p.append("UA_ltr_W_K: not given; simple_recuperated has one recuperator, the low-temperature one")
        if ways[3] and (self.dT_cold_ltr_K is None or (two and self.dT_cold_htr_K is None)):
            p.append("dT_cold_ltr_K: give the cold-end difference of each recuperator")
        if ways[4] and (self.effectiveness_ltr is None or (two and self.effectiveness_htr is None)):
            p.append("effectiveness_ltr: give the effectiveness of each recuperator")
        return p

    def _belongs(self) -> list[str]:
        """Fields that are given for a layout that does not have them."""
        return [
            f"{name}: {self.layout} has no such thing; leave it out, or choose {' or '.join(layouts)}"
            for name, layouts in _ONLY_IN.items()
            if getattr(self, name) is not None and self.layout not in layouts
        ]

    def _heat(self) -> list[str]:
        """Problems between the cycle and its heat."""
        p = []
        s = self.heat_stream
        if s is not None and not isinstance(s, HeatStream):
            return ["heat_stream: give a thermo.HeatStream or None"]
        hottest = self.T_turbine_in_K + self.heat_approach_K
        if self.T_heat_source_return_K is not None and self.T_heat_source_return_K >= hottest:
            p.append(f"T_heat_source_return_K: {self.T_heat_source_return_K:g} is not below the source's {hottest:g} K; "
                     "allowed under T_turbine_in_K and heat_approach_K")  # fmt: skip
        if self.p_reheat_Pa is not None and self.p_high_Pa is not None and self.p_reheat_Pa >= self.p_high_Pa:
            p.append(
                f"p_reheat_Pa: {self.p_reheat_Pa:g} is not below p_high_Pa; allowed under {self.p_high_Pa:g} Pa"
            )
        if self.objective == "heat_stream_power" and s is None:
            p.append("heat_stream: objective heat_stream_power needs one")
        if s is not None and self.T_turbine_in_K > s.T_turbine_in_max_K:
            p.append(f"T_turbine_in_K: {self.T_turbine_in_K:g} is hotter than {s.name} gives; "
                     f"allowed up to {s.T_turbine_in_max_K:g} K")  # fmt: skip
        if self.objective == "heat_stream_power" and self.power_basis != "shaft":
            p.append("power_basis: with objective heat_stream_power the power is a result; use shaft")
        return p

    def _cold_end(self) -> list[str]:
        """Problems between the cycle and its cold end."""
        c = self.cold_end
        if c is None:
            return []
        p = []
        if (c.kind == "condensing") != self.condensing:
            p.append(f"cold_end.kind: {c.kind!r} with condensing={self.condensing}; give kind 'condensing' and "
                     "condensing=True, or neither")  # fmt: skip
        T = self.T_ambient_design_K
        if c.kind == "wet" and T is not None and c["freeze_below_K"] > T:
            p.append(f"T_ambient_design_K: {T:g} is frost, in which no tower can be sized; allowed from "
                     f"{c['freeze_below_K']:g} K")  # fmt: skip
        return p

    def _pressures(self) -> list[str]:
        allowed = ("main_compressor_outlet", "ltr_hp_outlet", "htr_hp_outlet", "turbine_inlet", "turbine_outlet",
                   "htr_lp_outlet", "ltr_lp_outlet", "main_compressor_inlet")  # fmt: skip
        p = [f"pressures_Pa.{k}: unknown state; one of {', '.join(allowed)}"
             for k in self.pressures_Pa or {} if k not in allowed]  # fmt: skip
        for k, v in (self.pressures_Pa or {}).items():
            if isinstance(v, bool) or not isinstance(v, (int, float)) or not 1e6 <= v <= 45e6:
                p.append(f"pressures_Pa.{k}: {v!r} is out of range; allowed 1e6 to 4.5e7 Pa")
        return p


_CONDENSES_TO_K = 303.8  # up to which liquid and vapour are told apart (`co2.saturation`)
_WITH_RECOMPRESSOR = ("recompression", "partial_cooling", "recompression_intercooled", "recompression_reheat",
                      "htr_bypass")  # fmt: skip
_TWO_STEPS = ("partial_cooling", "recompression_intercooled")
_ONLY_IN = {
    "p_precompressor_in_Pa": _TWO_STEPS, "T_precompressor_in_K": _TWO_STEPS, "dp_cooler_2_frac": _TWO_STEPS,
    "p_reheat_Pa": ("recompression_reheat",), "T_reheat_K": ("recompression_reheat",),
    "dp_reheater_frac": ("recompression_reheat",), "turbine_split_fraction": ("turbine_split", "cascade"),
    "htr_bypass_fraction": ("htr_bypass",), "dp_bypass_frac": ("htr_bypass",),
    "T_heat_source_return_K": ("htr_bypass",),
}  # fmt: skip
_OPTIONAL = {n for n, f in CycleSpec.__dataclass_fields__.items() if f.default is None} | {"p_high_Pa"}
