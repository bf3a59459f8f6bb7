"""What a campus may be built of, and what it must do: frozen inputs in MW, MWh, h and USD.

``SizingInputs`` checks everything at once and raises one :class:`InputsError` that lists every problem.
The words are those of the case file; the equations they enter are in ``docs/models/sizing_model.md``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


class Problem(NamedTuple):
    """One thing wrong with an input."""

    path: str
    value: Any
    allowed: str
    unit: str = ""
    suggestion: str = ""

    def __str__(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        hint = f" {self.suggestion}" if self.suggestion else ""
        return f"{self.path} = {self.value!r}: allowed {self.allowed}{unit}.{hint}"


class InputsError(ValueError):
    """All problems of one input, as ``.problems``."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


def frozen_array(values: ArrayLike | None) -> Any:
    """Read-only float copy of a series; None stays None, and what is no series stays for the checks."""
    if values is None:
        return None
    try:
        array = np.array(values, dtype=float)
    except (TypeError, ValueError):
        return values
    array.setflags(write=False)
    return array


def _freeze(obj: Any, **values: Any) -> None:
    for name, value in values.items():
        object.__setattr__(obj, name, value)


@dataclass(frozen=True, eq=False)
class HeatSource:
    """A type of heat module (gas heater, reactor) that feeds a pool; an integer number is installed.

    ``min_load`` is a share of what is installed and in service. ``FOR`` is the forced outage rate.
    ``annual_cost_USD_per_MWth`` = annuity + fixed O&M; ``variable_cost_USD_per_MWh_th`` = fuel and wear.
    """

    name: str
    module_MWth: float
    annual_cost_USD_per_MWth: float
    variable_cost_USD_per_MWh_th: float
    min_load: float = 0.0
    units_min: int = 0
    units_max: int | None = None
    FOR: float = 0.0
    MTTR_h: float | None = None
    planned: tuple[Any, ...] = ()


@dataclass(frozen=True, eq=False)
class HeatPool:
    """Heat sources and block types that share one heat network. Surplus heat may be dumped free."""

    name: str
    sources: tuple[HeatSource, ...]
    dump_allowed: bool = True
    storage: None = None

    def __post_init__(self) -> None:
        _freeze(self, sources=tuple(self.sources))


@dataclass(frozen=True, eq=False)
class BlockType:
    """A type of power block; an integer number of identical units is installed.

    Rated heat input is ``module_MWth``. Either ``efficiency`` (a straight line through zero, any load) or
    ``heat_curve`` = [(output / rated output, heat / rated heat), ...] with ``rated_output_MW``. The first
    point of a curve is the lowest load of a unit, or ``min_load`` if that is higher; a unit that must run
    below it makes heat for it and the surplus goes to a load bank.

    By hour, each of shape (T,): ``capacity_factor`` greatest heat taken / rated heat (1 when not given, or no
    limit of its own when ``output_factor`` is given); ``output_factor`` greatest output / rated output;
    ``heat_factor`` heat needed for the same output, relative to the curve (1 when not given).

    ``min_load`` with ``efficiency``, and ``start_cost_USD``, act only with commitment.
    """

    name: str
    pool: str
    module_MWth: float
    heat_curve: tuple[tuple[float, float], ...] | None = None
    efficiency: float | None = None
    rated_output_MW: float | None = None
    annual_cost_USD_per_MWth: float = 0.0
    vom_USD_per_MWh_th: float = 0.0
    capacity_factor: Array | None = None
    output_factor: Array | None = None
    heat_factor: Array | None = None
    min_load: float = 0.0
    start_cost_USD: float = 0.0
    ramp_per_h: float | None = None
    min_up_h: float | None = None
    min_down_h: float | None = None
    units_min: int = 0
    units_max: int | None = None
    FOR: float = 0.0
    MTTR_h: float | None = None

    def __post_init__(self) -> None:
        _freeze(
            self,
            capacity_factor=frozen_array(self.capacity_factor),
            output_factor=frozen_array(self.output_factor),
            heat_factor=frozen_array(self.heat_factor),
        )
        if self.heat_curve is not None:
            _freeze(self, heat_curve=tuple((float(y), float(h)) for y, h in self.heat_curve))

    @property
    def output_MW(self) -> float:
        """Rated electric output [MW]: ``rated_output_MW``, else module_MWth × efficiency."""
        if self.rated_output_MW is not None:
            return self.rated_output_MW
        return self.module_MWth * float(self.efficiency or 0.0)


@dataclass(frozen=True, eq=False)
class Battery:
    """A battery at the DC block bus. With ``hours`` energy = hours × power, else energy is free.

    ``efficiency_one_way`` applies to charging and again to discharging. ``life`` (ageing) is not modelled yet.
    """

    hours: float | None = 4.0
    annual_cost_USD_per_MW: float = 0.0
    annual_cost_USD_per_MWh: float = 0.0
    efficiency_one_way: float = 0.96
    power_max_MW: float | None = None
    life: None = None


@dataclass(frozen=True, eq=False)
class AvailabilityTarget:
    """What the campus promises. At least one of the three; the stricter rules.

    Parameters
    ----------
    lolh_h_per_year : float, optional
        Greatest expected hours a year with load above capacity [h], from the exact outage table.
    availability : float, optional
        Same as a share of the year: 1 − LOLH / year.
    spare_units : int or mapping, optional
        N+k: the load of every hour is met with k units out of service. A number holds for each block type
        and each heat source that is installed; a mapping gives k by unit name, or by ``"blocks"`` and
        ``"heat_modules"``. Spares cost money, carry no firm capacity and stay out of the dispatch.
    """

    lolh_h_per_year: float | None = None
    availability: float | None = None
    spare_units: int | Mapping[str, int] | None = None
    topology: None = None
    common_cause: None = None


@dataclass(frozen=True, eq=False)
class SolveOptions:
    """How to search. The answer depends on nodes, not on time, unless ``time_limit_s`` is given and hit."""

    mode: Literal["staged", "exact"] = "staged"
    gap: float = 1e-3
    typical_days: int = 26
    node_limit: int = 20000
    time_limit_s: float | None = None
    seed: int = 0


@dataclass(frozen=True, eq=False)
class SizingInputs:
    """One sizing question. See the class docstrings of the parts for their fields.

    ``load_MW`` (T,) is at the DC block bus, or at the rack input when ``loss_curve`` =
    [(rack MW, block-bus MW), ...] is given. ``weights`` (T,) are the hours that each step stands for.
    """

    load_MW: Array
    pools: tuple[HeatPool, ...]
    blocks: tuple[BlockType, ...]
    weights: Array | None = None
    battery: Battery | None = None
    lost_load: Literal["forbidden", "priced"] = "forbidden"
    voll_USD_per_MWh: float | None = None
    reserve_margin: float | None = None
    availability: AvailabilityTarget | None = None
    loss_curve: tuple[tuple[float, float], ...] | None = None
    commitment: bool = False
    grid: None = None
    carbon: None = None
    solve: SolveOptions = field(default_factory=SolveOptions)

    def __post_init__(self) -> None:
        from sizing.validation import problems_of

        _freeze(
            self,
            load_MW=frozen_array(self.load_MW),
            weights=frozen_array(self.weights),
            pools=tuple(self.pools),
            blocks=tuple(self.blocks),
        )
        if self.loss_curve is not None:
            _freeze(self, loss_curve=tuple((float(a), float(b)) for a, b in self.loss_curve))
        found = problems_of(self)
        if found:
            raise InputsError(found)

    @property
    def hour_weights(self) -> Array:
        """Hours that each step stands for [h], shape (T,)."""
        return np.ones(len(self.load_MW)) if self.weights is None else self.weights

    @property
    def bus_load_MW(self) -> Array:
        """Load at the DC block bus [MW], shape (T,): the loss curve applied hour by hour."""
        if self.loss_curve is None:
            return self.load_MW
        rack, bus = np.array(self.loss_curve).T
        return np.interp(self.load_MW, rack, bus)

    @property
    def all_units(self) -> tuple[BlockType | HeatSource, ...]:
        """Block types and heat sources, in order: all that is counted in whole units."""
        return (*self.blocks, *self.sources)

    @property
    def sources(self) -> tuple[HeatSource, ...]:
        """Heat sources of all pools, in order."""
        return tuple(s for pool in self.pools for s in pool.sources)


def spares_asked(inputs: SizingInputs) -> dict[str, int]:
    """Spare units k asked of each block type and heat source (N+k); 0 where nothing is asked."""
    names = [b.name for b in inputs.blocks] + [s.name for s in inputs.sources]
    asked = inputs.availability.spare_units if inputs.availability else None
    if asked is None:
        return dict.fromkeys(names, 0)
    if isinstance(asked, Mapping):
        groups = {b.name: "blocks" for b in inputs.blocks} | {s.name: "heat_modules" for s in inputs.sources}
        return {n: int(asked.get(n, asked.get(groups[n], 0))) for n in names}
    return dict.fromkeys(names, int(asked))


def lolh_target_h(inputs: SizingInputs) -> float | None:
    """Greatest LOLH allowed [h/year] from the availability target; None if there is none."""
    target = inputs.availability
    if target is None:
        return None
    limits = []
    if target.lolh_h_per_year is not None:
        limits.append(target.lolh_h_per_year)
    if target.availability is not None:
        limits.append((1.0 - target.availability) * float(inputs.hour_weights.sum()))
    return min(limits) if limits else None
