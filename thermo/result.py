"""The answer of `design` and `off_design`: `CycleResult`, and its energy account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from thermo.cold_end.conditions import ColdEndResult, WaterUse
from thermo.cold_end.cooler import CoolerResult
from thermo.cycle.components import Component
from thermo.heat_sources.fired_heater import FiredHeaterResult
from thermo.outcome import Check, CycleError, Outcome
from thermo.spec import CycleSpec
from thermo.state import State

if TYPE_CHECKING:
    from thermo.layouts.parts import Inputs
    from thermo.machines.machine_sizing import MachineSize
    from thermo.machines.machine_train import MachineTrain


@dataclass(frozen=True)
class CycleResult:
    """One point of a block. Base SI; None where there is no answer.

    eta_thermal = W_shaft/Q_heater; eta_net = W_net/Q_heater; eta_fuel = W_net/(fuel LHV). W_net_W is at the DC
    terminals. W_turbine_W is of all turbines. p_low_Pa is the main compressor's inlet. split_fraction: the share through
    turbine 2 or past the hot recuperator. T_heat_return_K: CO2 where it first meets the heat source. `load` is W_net over
    the rated W_net; `active_bounds` names bounds that hold the answer. charge_kg: CO2 in the loop, where its volumes are
    known. flow_over_surge: flow coefficient of each compressor over the one at surge; exhaust_mach: behind each turbine
    (both of operating points). cold_end_mode: what the cold end does, in words, cold_end_flags what speaks against it;
    water: evaporation, blowdown and drift, water_kg_s their sum; cold_ends: as sized at design, one a cooler, where the
    spec has a cold end. checks: those of a condensing block. drive: direct or geared. speed_factors: on the efficiency by
    size of each machine whose efficiency the spec leaves open, for the speed that its shaft has in the arrangement
    (`cycle.shared_speed`). rated: the design of which this is an operating point, None for one.
    """

    spec: CycleSpec
    outcome: Outcome
    explain: str
    layout_used: str | None = None
    eta_thermal: float | None = None
    eta_net: float | None = None
    eta_fuel: float | None = None
    W_shaft_W: float | None = None
    W_generator_W: float | None = None
    W_net_W: float | None = None
    W_turbine_W: float | None = None
    W_compressor_W: float | None = None
    W_recompressor_W: float | None = None
    W_precompressor_W: float | None = None
    m_dot_kg_s: float | None = None
    p_low_Pa: float | None = None
    p_high_Pa: float | None = None
    p_precompressor_in_Pa: float | None = None
    p_reheat_Pa: float | None = None
    recompression_fraction: float | None = None
    split_fraction: float | None = None
    Q_heater_W: float | None = None
    Q_cooler_W: float | None = None
    Q_ltr_W: float | None = None
    Q_htr_W: float | None = None
    UA_ltr_W_K: float | None = None
    UA_htr_W_K: float | None = None
    UA_cooler_W_K: float | None = None
    dT_min_ltr_K: float | None = None
    dT_min_htr_K: float | None = None
    W_fan_W: float | None = None
    water_kg_s: float | None = None
    water: WaterUse | None = None
    cold_end_mode: str | None = None
    cold_end_flags: tuple[str, ...] = ()
    cold_ends: tuple[ColdEndResult, ...] = ()
    checks: tuple[Check, ...] = ()
    losses_W: Mapping[str, float] = field(default_factory=dict)
    states: Mapping[str, State] = field(default_factory=dict)
    components: tuple[Component, ...] = field(default=(), repr=False)
    T_heat_return_K: float | None = None
    heater: FiredHeaterResult | None = None
    cooler: CoolerResult | None = None
    coolers: tuple[CoolerResult, ...] = ()
    drive: str | None = None
    active_bounds: tuple[str, ...] = ()
    T_ambient_K: float | None = None
    T_compressor_in_K: float | None = None
    load: float | None = None
    eta_turbine: float | None = None
    eta_compressor: float | None = None
    eta_recompressor: float | None = None
    speed_frac: float | None = None
    charge_kg: float | None = None
    flow_over_surge: Mapping[str, float] = field(default_factory=dict)
    exhaust_mach: Mapping[str, float] = field(default_factory=dict)
    speed_factors: Mapping[str, float] = field(default_factory=dict)
    arrangement: str | None = None
    inputs: Inputs | None = field(default=None, repr=False)
    rated: CycleResult | None = field(default=None, repr=False, compare=False)

    def require_ok(self) -> CycleResult:
        """This result, or `CycleError` where there is no answer (for scripts)."""
        if not self.outcome.ok:
            raise CycleError(f"{self.outcome.name}: {self.outcome.value}. {self.explain}")
        return self

    @cached_property
    def train(self) -> MachineTrain | None:
        """Machines, shafts, generator, losses and conflicts of the block as built: an operating point has its design's.

        Sized when first asked for (some 30 ms). None without an answer, or where no arrangement of shafts leaves power.
        """
        if self.rated is not None:
            return self.rated.train
        if not self.outcome.ok:
            return None
        from thermo.machines.machine_train import machines_of

        return machines_of(self)

    @property
    def machines(self) -> tuple[MachineSize, ...]:
        """Turbines, compressors, gearbox and generator of `train`; none where there is no train."""
        return () if self.train is None else self.train.machines

    @property
    def machine_words(self) -> str:
        """The arrangement of the machines and its runner-up, or why there is none."""
        if self.train is not None:
            return self.train.explain
        if not self.outcome.ok:
            return self.explain
        return ("no arrangement of shafts leaves power at the DC side: wheels off their best speeds, bearings and generator "
                "take what the cycle gives")  # fmt: skip


def energy_account(r: CycleResult) -> dict[str, float]:
    """Where the fuel's heat (or the heater's, without a fired heater) goes, by name [W].

    The first entry is what comes in; the others sum to it within 1e-9.
    """
    r.require_ok()
    assert r.Q_heater_W is not None
    assert r.Q_cooler_W is not None
    assert r.W_net_W is not None
    if r.heater is None:
        account = {"heat into the CO2": r.Q_heater_W}
    else:
        account = {
            "fuel (LHV)": r.heater.Q_fuel_LHV_W,
            "stack loss": r.heater.Q_stack_W,
            "heater casing loss": r.heater.Q_casing_W,
        }
    words = {
        "mechanical": "bearings, seals and windage", "gearbox": "gearbox loss", "generator": "generator loss",
        "rectifier": "rectifier loss", "fans": "cooler fans", "auxiliaries": "auxiliaries",
        "heater_blower": "heater blower", "water_pumps": "cooling water pumps", "basin_heater": "basin heater",
    }  # fmt: skip
    account["heat rejected in the cooler"] = r.Q_cooler_W
    account |= {words[k]: v for k, v in r.losses_W.items()}
    account["net power at the DC terminals"] = r.W_net_W
    return account
