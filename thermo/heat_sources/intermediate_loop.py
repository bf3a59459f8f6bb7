"""Loop of liquid between a source and the CO2: its temperatures, flow, pump power, freezing margin.

    T_hot = T_source_hot - dT,   T_cold = T_source_cold - dT,   m = Q / (heat of the liquid between them)
    hydraulic power = m dp / rho(T_cold);  it ends as heat in the loop, so Q_out = Q + m dp / rho
    pump power (electric) = hydraulic power / eta_pump                                      (pump in the cold leg)

Needed where the coolant must not meet CO2: sodium (they react), FLiBe (tritium, freezing at 459 degC), lead (25 MPa beside
a vessel at ambient pressure). Constant approach at both ends: equal capacity rates on both sides.
"""

from dataclasses import dataclass, replace

from thermo.checks import SpecError, check_ranges
from thermo.defaults import default
from thermo.heat_sources.coolants import coolants
from thermo.heat_sources.reactor import Reactor
from thermo.heat_stream import FREEZE_MARGIN_K, ZERO_C, HeatStream

_RANGES = {
    "loop_approach_K": (1.0, 100.0, "K"),
    "loop_dp_Pa": (0.0, 2e6, "Pa"),
    "eta_loop_pump": (0.1, 1.0, "-"),
}
_WHY = {
    "sodium": "sodium reacts with CO2",
    "flibe": "tritium, and freezing at 459 degC",
    "lead": "a vessel at ambient pressure beside 25 MPa of CO2",
    "fuel salt": "fission products in the salt",
}


@dataclass(frozen=True)
class LoopSpec:
    """Intermediate loop: coolant (id of `coolants`), approach to the source [K], pressure drop of the whole loop [Pa],
    efficiency of pump with motor. None: default."""

    coolant: str = "solar_salt"
    loop_approach_K: float | None = None
    loop_dp_Pa: float | None = None
    eta_loop_pump: float | None = None

    def __post_init__(self) -> None:
        problems = check_ranges(self, _RANGES, set(_RANGES))
        if self.coolant not in coolants():
            problems.append(f"coolant: {self.coolant!r} is not known; allowed {', '.join(coolants())}")
        if problems:
            raise SpecError([f"loop.{p}" for p in problems])


@dataclass(frozen=True)
class Loop:
    """The loop: temperatures [K], flow [kg/s], heat in and out [W], pump power [W], and whether it stays liquid."""

    ok: bool
    explain: str
    coolant: str
    T_hot_K: float
    T_cold_K: float
    m_dot_kg_s: float
    Q_in_W: float
    Q_out_W: float
    W_pump_W: float
    T_freeze_K: float
    freeze_margin_K: float

    def stream(self, approach_K: float) -> HeatStream:
        """What the loop offers the cycle."""
        C = self.Q_out_W / (self.T_hot_K - self.T_cold_K)
        return HeatStream(
            self.T_hot_K, self.T_cold_K, C, approach_K, self.T_freeze_K, f"the {self.coolant} loop"
        )


def why_needed(coolant: str) -> str | None:
    """Why this coolant must not meet CO2 in one exchanger; None where it may.

    >>> why_needed("sodium")
    'sodium reacts with CO2'
    """
    c = coolant.lower()
    if "salt" in c and ("fuel" in c or "chloride" in c):
        return _WHY["fuel salt"]
    return next((why for name, why in _WHY.items() if name in c), None)


def intermediate_loop(spec: LoopSpec, Q_W: float, T_source_hot_K: float, T_source_cold_K: float) -> Loop:
    """The loop that takes Q_W [W] from a source between its hot and cold temperatures [K].

    >>> loop = intermediate_loop(LoopSpec("sodium"), 30e6, 783.15, 623.15)
    >>> round(loop.m_dot_kg_s), round(loop.W_pump_W / 1e3)
    (146, 74)
    """
    approach = default("loop_approach_K") if spec.loop_approach_K is None else spec.loop_approach_K
    dp = default("loop_dp_Pa") if spec.loop_dp_Pa is None else spec.loop_dp_Pa
    eta = default("eta_loop_pump") if spec.eta_loop_pump is None else spec.eta_loop_pump
    c = coolants()[spec.coolant]
    hot, cold = T_source_hot_K - approach, T_source_cold_K - approach
    m = Q_W / c.heat_J_kg(cold, hot)
    hydraulic = m * dp / c.rho_kg_m3(cold)
    margin = cold - c.T_freeze_K
    ok, words = True, f"{c.name}, {hot - ZERO_C:.0f}/{cold - ZERO_C:.0f} degC, {margin:.0f} K above freezing"
    if margin < FREEZE_MARGIN_K:
        least = c.T_freeze_K + FREEZE_MARGIN_K - ZERO_C
        ok, words = (
            False,
            f"{c.name} would come back at {cold - ZERO_C:.0f} degC; it needs at least {least:.0f} degC",
        )
    elif hot > c.T_max_K:
        ok, words = False, f"{c.name} at {hot - ZERO_C:.0f} degC is above its {c.T_max_K - ZERO_C:.0f} degC"
    return Loop(ok, words, c.name, hot, cold, m, Q_W, Q_W + hydraulic, hydraulic / eta, c.T_freeze_K, margin)


def loop_of(reactor: Reactor, spec: LoopSpec | None = None) -> Loop | None:
    """The loop of one reactor module at its catalogued loop temperatures; None where gas or water meets the CO2 exchanger.

    >>> from .reactor import reactors
    >>> round(loop_of(reactors()["aalo_1"]).W_pump_W / 1e3)
    74
    """
    words = {"salt": "solar_salt", "sodium": "sodium", "lead": "lead"}
    fluid = next((liquid for word, liquid in words.items() if word in reactor.coolant.lower()), None)
    if fluid is None:
        return None
    s = replace(spec or LoopSpec(), coolant=fluid)
    approach = default("loop_approach_K") if s.loop_approach_K is None else s.loop_approach_K
    return intermediate_loop(s, reactor.Q_module_W, reactor.T_hot_K + approach, reactor.T_cold_K + approach)
