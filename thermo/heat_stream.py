"""A stream of heat that a CO2 cycle may take: `HeatStream`, what every heat source hands to the cycle search.

The stream (coolant, salt, air, flue) of constant capacity rate C cools from T_in to T_out in counterflow to CO2 that
enters at T_return and leaves at T_turbine_in. With an approach dT kept at both ends

    T_turbine_in <= T_in - dT,    T_out = max(T_out_min, T_return + dT),    Q = C (T_in - T_out)

and the CO2 may not enter colder than the stream's freezing point + 20 K. This is the end balance: whether the two also
keep apart inside is for `primary_heater` to say.
"""

from dataclasses import dataclass

from thermo.checks import SpecError, check_ranges

ZERO_C = 273.15
FREEZE_MARGIN_K = 20.0
_RANGES = {
    "T_in_K": (300.0, 2300.0, "K"),
    "T_out_min_K": (220.0, 2300.0, "K"),
    "C_W_K": (1.0, 1e10, "W/K"),
    "approach_K": (0.1, 300.0, "K"),
    "T_freeze_K": (220.0, 1500.0, "K"),
}


@dataclass(frozen=True)
class HeatStream:
    """Heat on offer: inlet temperature [K], least outlet temperature that the source accepts [K], capacity rate [W/K],
    approach to the CO2 at both ends [K], freezing point [K] (None: does not freeze), name for messages."""

    T_in_K: float
    T_out_min_K: float
    C_W_K: float
    approach_K: float
    T_freeze_K: float | None = None
    name: str = "heat stream"

    def __post_init__(self) -> None:
        problems = check_ranges(self, _RANGES, {"T_freeze_K"})
        if not problems and self.T_out_min_K >= self.T_in_K:
            problems = [
                f"T_out_min_K: {self.T_out_min_K:g} is not below T_in_K; allowed 220 to less than {self.T_in_K:g} K"
            ]
        if problems:
            raise SpecError([f"heat_stream.{p}" for p in problems])

    @property
    def Q_available_W(self) -> float:
        """Heat [W] of the stream cooled to its least outlet temperature."""
        return self.C_W_K * (self.T_in_K - self.T_out_min_K)

    @property
    def T_turbine_in_max_K(self) -> float:
        """Hottest turbine inlet [K] that the stream serves."""
        return self.T_in_K - self.approach_K

    @property
    def T_co2_return_min_K(self) -> float | None:
        """Coldest CO2 [K] that may enter the exchanger; None: no limit."""
        return None if self.T_freeze_K is None else self.T_freeze_K + FREEZE_MARGIN_K


@dataclass(frozen=True)
class HeatTaken:
    """What a cycle takes of a stream: heat [W], outlet temperature [K], share of the heat on offer, in words.

    ok is False and the numbers are None where the two cannot be connected.
    """

    ok: bool
    explain: str
    Q_W: float | None = None
    T_out_K: float | None = None
    share: float | None = None


def _celsius(T_K: float) -> str:
    return f"{T_K - ZERO_C:.0f} degC"


def heat_taken(stream: HeatStream, T_co2_return_K: float, T_turbine_in_K: float) -> HeatTaken:
    """Heat that CO2 entering at T_co2_return_K [K] and leaving at T_turbine_in_K [K] takes from a stream.

    >>> helium = HeatStream(1023.15, 533.15, 200e6 / 490.0, 15.0, name="helium")
    >>> taken = heat_taken(helium, 673.15, 873.15)
    >>> round(taken.Q_W / 1e6), round(taken.T_out_K - 273.15), round(taken.share, 2)
    (137, 415, 0.68)
    """
    s = stream
    if T_turbine_in_K > s.T_turbine_in_max_K:
        return HeatTaken(False, f"{s.name} gives the turbine at most {_celsius(s.T_turbine_in_max_K)}; "
                                f"{_celsius(T_turbine_in_K)} is asked")  # fmt: skip
    least = s.T_co2_return_min_K
    if least is not None and T_co2_return_K < least:
        return HeatTaken(False, f"CO2 returns at {_celsius(T_co2_return_K)}; the fluid of {s.name} would freeze: "
                                f"at least {_celsius(least)}")  # fmt: skip
    T_out = max(s.T_out_min_K, T_co2_return_K + s.approach_K)
    if T_out >= s.T_in_K:
        return HeatTaken(False, f"CO2 returns at {_celsius(T_co2_return_K)}, hotter than {s.name} can heat")
    Q = s.C_W_K * (s.T_in_K - T_out)
    share = Q / s.Q_available_W
    if T_out <= s.T_out_min_K:
        return HeatTaken(True, f"all heat of {s.name} down to {_celsius(T_out)} is taken", Q, T_out, share)
    words = (
        f"CO2 returns at {_celsius(T_co2_return_K)}, so {s.name} leaves at {_celsius(T_out)} instead of "
        f"{_celsius(s.T_out_min_K)}: {share:.0%} of its heat is taken"
    )
    return HeatTaken(True, words, Q, T_out, share)
