"""How a calculation ended. The text of each outcome is the hint that a reader needs."""

from dataclasses import dataclass
from enum import Enum


class Outcome(Enum):
    """Outcome of a design or an operating point."""

    OK = "solved"
    LIMITED = "the load is out of reach; this is the greatest reachable power, see explain"
    NO_WORK = (
        "the compressors take more work than the turbine gives: raise the pressure ratio or the temperature"
    )
    NO_EXCHANGE = (
        "no heat balance in the recuperators: the turbine exhaust is too cold or a difference too large"
    )
    NO_STATE = (
        "a state is on or inside the saturation dome: raise the compressor inlet temperature or p_low_Pa"
    )
    NO_PATH = (
        "a machine would run backwards, a pressure rise along the flow, a heater cool or a recuperator heat its hot side: "
        "check given pressures, T_reheat_K and dT_min_K against each other"
    )
    NO_SOURCE = (
        "the heat source does not fit: its return temperature is out of this cycle's reach, it gives this cycle no heat, or "
        "CO2 colder than its freezing point and 20 K would enter its exchanger"
    )
    NO_COOLING = (
        "the air cannot take the heat: raise T_compressor_in_K or lower T_ambient_design_K or the air rise"
    )
    NO_HEATER = "the fired heater has no flame hot enough: lower T_turbine_in_K or the excess air"
    NO_OPERATION = (
        "the hardware has no operating point here: too hot for the cooler, or outside the compressors' maps"
    )
    NOT_MODELLED = "this operation is not modelled; explain says what is missing"
    TIME_LIMIT = (
        "the point took longer than control.time_limit_s: raise it, or give a start nearer to the design"
    )
    NOT_CONVERGED = "the search ended without an answer that meets its tolerance"

    @property
    def ok(self) -> bool:
        """True where there are numbers."""
        return self in (Outcome.OK, Outcome.LIMITED)


@dataclass(frozen=True)
class Check:
    """A check of a design: its name, whether it is passed, and the numbers in words."""

    name: str
    passed: bool
    explain: str


class CycleError(RuntimeError):
    """Raised by `require_ok` where there is no answer."""
