"""One verb from heat to rack: `run_case`. Case -> block -> sizes -> network -> losses -> sizes again -> accounts."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from campus.cross_checks import AIR_MAX_K
from campus.paths import find_data_file
from campus.problems import CaseError, Problem
from campus.profiles import load_share, read_weather
from campus.progress import Progress, silent
from campus.result import CampusResult, Outcome

if TYPE_CHECKING:
    import sizing
    import thermo
    from campus.block_year import BlockYear
    from campus.build_grid import GridLosses
    from campus.case import Case
    from campus.money import UnitCosts
    from campus.profiles import Weather

CURVE_MOVES = 1e-4
WHERE_LIMITS_ARE = (
    "In the case file: reliability.max_blocks and max_heaters, spare_blocks and spare_heaters, lost_load, "
    "availability_target; load.it_power."
)


@dataclass(frozen=True)
class Solved:
    """Everything that the accounts are drawn from."""

    case: Case
    weather: Weather
    rack_MW: np.ndarray
    block: thermo.CycleResult
    map: thermo.PerformanceMap
    year: BlockYear
    costs: UnitCosts
    sized: sizing.SizingResult
    grid: GridLosses
    fuel_per_heat: float
    passes: int
    converged: bool
    seconds: dict[str, float] = field(default_factory=dict)


class NoCampus(RuntimeError):
    """Internal: a part found no answer. Carries the campus' outcome and the explanation in words."""

    def __init__(self, outcome: Outcome, explain: str) -> None:
        self.outcome, self.explain = outcome, explain
        super().__init__(explain)


def run_case(
    case: Case, *, folder: Path | None = None, name: str | None = None, progress: Progress = silent
) -> CampusResult:
    """Design a campus from heat to rack.

    Parameters
    ----------
    case : Case
        From `campus.load_case`.
    folder : Path, optional
        Folder beside which the case's files are looked up; the shipped cases otherwise.
    name : str, optional
        Short name for the results folder; made from the case's title if not given.
    progress : callable (text, fraction), optional

    Returns
    -------
    CampusResult
        With KPIs and tables if the outcome is OK, else with an explanation and no numbers.

    Raises
    ------
    CaseError
        If a file that the case names holds no usable data, or a part refuses an input.
    """
    from campus.account import account

    started = time.perf_counter()
    try:
        solved = _solve(case, folder or Path.cwd(), progress)
    except NoCampus as error:
        return CampusResult(case, error.outcome, error.explain)
    progress("accounts, AC chain and key figures", 0.9)
    return account(solved, folder or Path.cwd(), name or slug(case.name), time.perf_counter() - started)


def slug(title: str) -> str:
    """A title as the name of a folder.

    >>> slug("Reference, 60 MW at Leesburg VA")
    'reference_60_mw_at_leesburg_va'
    """
    return "_".join("".join(c if c.isalnum() else " " for c in title.lower()).split())[:60] or "case"


def read_profiles(case: Case, folder: Path) -> tuple[Weather, np.ndarray]:
    """Weather at the coolers (recirculation rise included) and hourly power of the racks [MW], from the case's files."""
    weather_file = find_data_file(case.site.weather, folder)
    assert weather_file is not None, "checked when the case was read"
    profile = case.load.profile
    load_file = find_data_file(profile.file, folder) if profile.file else None
    weather = read_weather(weather_file)
    weather = replace(weather, T_dry_bulb_K=weather.T_dry_bulb_K + case.site.dT_recirculation_K)
    hottest_K = float(weather.T_dry_bulb_K.max())
    if hottest_K > AIR_MAX_K:
        what = f"with the recirculation rise reaches {hottest_K - 273.15:.1f} degC"
        raise CaseError(
            [Problem("site.weather", what, case.site.weather, f"at most {AIR_MAX_K - 273.15:.0f} degC")]
        )
    return weather, load_share(profile, load_file) * case.load.P_it_MW


def _solve(case: Case, folder: Path, progress: Progress) -> Solved:
    clock = _Clock(progress)
    clock.start("reading weather and load", 0.0, "read")
    weather, rack_MW = read_profiles(case, folder)
    _compile(clock)
    clock.start("designing the sCO2 block", 0.02, "block")
    block = _block(case, weather)
    clock.start("the block over the site's temperatures", 0.1, "map")
    performance, year = _map(case, block, weather)
    clock.start("costs", 0.3, "costs")
    costs = _costs(case, block, year.Q_module_MWth)
    sized, grid, fuel_per_heat, passes, converged = _loss_loop(case, year, costs, rack_MW, clock)
    clock.stop()
    return Solved(case, weather, rack_MW, block, performance, year, costs, sized, grid, fuel_per_heat, passes, converged,
                  clock.seconds)  # fmt: skip


def _compile(clock: _Clock) -> None:
    """Compile thermo's kernels where this installation has not yet, and say so: it takes longer than a run."""
    import thermo

    if not thermo.kernels_compiled():
        thermo.compile_kernels(lambda text, share: clock.start(text, 0.02 * share, "compile"))


def _block(case: Case, weather: Weather) -> thermo.CycleResult:
    from campus.blocks import cycle_result, drive_conflict, reactor_match, reactor_too_cold
    from campus.reliability import supply_conflict

    if (conflict := supply_conflict(case)) is not None:
        raise NoCampus(Outcome.INFEASIBLE, conflict)
    if (conflict := reactor_too_cold(case)) is not None:
        raise NoCampus(Outcome.INFEASIBLE, conflict)
    block = cycle_result(case, weather)
    if block.outcome.name != "OK":
        raise NoCampus(Outcome.NOT_CONVERGED, f"the sCO2 block: {block.explain}")
    if (conflict := drive_conflict(case, block)) is not None:
        raise NoCampus(Outcome.INFEASIBLE, conflict)
    fit = reactor_match(case, block)
    if fit is not None and not fit.ok:
        raise NoCampus(Outcome.INFEASIBLE, f"block and reactor do not fit: {fit.explain}")
    return block


def _map(case: Case, block: thermo.CycleResult, weather: Weather) -> tuple[thermo.PerformanceMap, BlockYear]:
    import thermo
    from campus.block_year import block_year
    from campus.blocks import block_map, extreme_ambient_K, reactor_match

    T_extreme_K = extreme_ambient_K(case)
    found = block_map(block, weather, T_extreme_K)
    bad = [
        (T, load, found.explain[i, j])
        for i, T in enumerate(found.T_ambient_K)
        for j, load in enumerate(found.load)
        if found.outcome[i, j] not in ("OK", "LIMITED")
    ]
    if bad:
        coldest, hottest = min(T for T, _, _ in bad) - 273.15, max(T for T, _, _ in bad) - 273.15
        rated = (block.T_ambient_K or 0.0) - 273.15
        raise NoCampus(
            Outcome.NOT_CONVERGED,
            f"the block has no operating point in {len(bad)} of {found.outcome.size} points of its map, between "
            f"{coldest:.0f} and {hottest:.0f} degC: {bad[0][2]}. It is rated for {rated:.0f} degC: raise design_dry_bulb "
            "or block.cooler_approach.",
        )
    Q_module_MWth = case.heat.Q_module_MWth
    fit = reactor_match(case, block)
    if fit is not None and case.heat.reactor is not None and fit.used_share is not None:
        Q_module_MWth = thermo.reactors()[case.heat.reactor].Q_module_W * fit.used_share / 1e6
    return found, block_year(found, weather.T_dry_bulb_K, Q_module_MWth, T_extreme_K)


def _costs(case: Case, block: thermo.CycleResult, Q_module_MWth: float) -> UnitCosts:
    import thermo
    from campus import money

    breakdown = thermo.block_cost(block, price_year=case.economics.price_year)
    more = 1.0 + case.economics.indirect_fraction
    items = {i.name: (i.installed_USD * more, i.extrapolated) for i in breakdown.items}
    piping = next(i.parameter for i in breakdown.items if i.name == "piping and inventory")
    of_heater = items.pop("heater")[0] * piping  # its share of the piping goes with the heater
    items["piping and inventory"] = (items["piping and inventory"][0] - of_heater, False)
    share = money.annual_share(case)
    if case.heat.reactor is not None:
        usd, per_year = money.reactor_USD_per_yr(case, thermo.reactors()[case.heat.reactor].Q_module_W)
        heater = {"reactor side": (usd, False)}
        assert block.Q_heater_W is not None
        exchanger, far, _ = thermo.weiland(
            "recuperator", block.Q_heater_W / case.heat.dT_loop_K, case.block.T_turbine_in_K
        )
        items["reactor heat exchanger"] = (exchanger * breakdown.escalation * more, far)
    else:
        usd, far, _ = thermo.weiland("natural gas-fired heater", Q_module_MWth, case.block.T_turbine_in_K)
        usd *= breakdown.escalation * more
        heater = {"heater": (usd, far), "piping": (usd * piping, False)}
        per_year = usd * (1.0 + piping) * share
    return money.UnitCosts(items, heater, share, per_year, money.battery_USD_per_MW_yr(case))


def _loss_loop(
    case: Case, year: BlockYear, costs: UnitCosts, rack_MW: np.ndarray, clock: _Clock
) -> tuple[sizing.SizingResult, GridLosses, float, int, bool]:
    """Size, build the network, and size again with its losses until the loss curve and the fuel per heat stay.

    After two passes the integers are frozen at the larger of the designs seen, so the loop cannot swing.
    """
    import dcgrid
    from campus.build_grid import GridFailed, grid_losses

    fuel_per_heat, net_per_heat = year.fuel_per_heat(), year.net_per_heat()
    frozen: _Units | None = None
    seen: _Units | None = None
    blocks = _first_guess(case, year, rack_MW)
    try:
        grid = grid_losses(case, blocks)
        for number in range(1, case.solve.loop_max + 1):
            clock.start(f"sizing, pass {number}", 0.3 + 0.55 * (1 - 0.6 ** (number - 1)), "sizing")
            sized = _size(
                case, year, costs, grid.curves.input_MW(rack_MW), (fuel_per_heat, net_per_heat), frozen
            )
            assert sized.units is not None
            assert sized.units_needed is not None
            seen = _larger(seen, _Units(sized.units, sized.units_needed))
            clock.start(f"DC network, pass {number}", 0.3 + 0.55 * (1 - 0.6**number), "network")
            before_MW = grid.curves.input_MW(rack_MW)
            if sized.units["block"] != blocks:
                blocks = sized.units["block"]
                grid = grid_losses(case, blocks)
            fuel_before, fuel_per_heat = fuel_per_heat, year.fuel_per_heat(sized.dispatch)
            net_before, net_per_heat = net_per_heat, year.net_per_heat(sized.dispatch)
            moved = max(
                float(np.max(np.abs(grid.curves.input_MW(rack_MW) / before_MW - 1.0))),
                abs(fuel_per_heat / fuel_before - 1.0),
                abs(net_per_heat / net_before - 1.0),
            )
            if moved < CURVE_MOVES:
                return sized, grid, fuel_per_heat, number, True
            frozen = seen if number >= 2 else None
    except (GridFailed, dcgrid.NetworkError) as error:
        raise NoCampus(Outcome.NOT_CONVERGED, f"the DC network: {error}") from None
    return sized, grid, fuel_per_heat, number, False


def _first_guess(case: Case, year: BlockYear, rack_MW: np.ndarray) -> int:
    """Blocks for the peak with 4 % losses, and the spares."""
    need_MW = rack_MW * (1.04 + case.load.it_cooling_fraction)
    return (
        int(np.ceil((need_MW / (year.output_factor * year.W_rated_W / 1e6)).max()))
        + case.reliability.spare_blocks
    )


def _size(
    case: Case,
    year: BlockYear,
    costs: UnitCosts,
    bus_MW: np.ndarray,
    per_heat: tuple[float, float],
    frozen: _Units | None,
) -> sizing.SizingResult:
    import sizing
    from campus.sizing_inputs import sizing_inputs

    try:
        inputs = sizing_inputs(case, year, costs, bus_MW, *per_heat)
    except sizing.InputsError as error:
        raise CaseError(
            [
                Problem(f"sizing.{p.path}", f"allowed: {p.allowed}", str(p.value), None, p.suggestion)
                for p in error.problems
            ]
        ) from None
    result = sizing.size(
        inputs,
        fixed_units=None if frozen is None else frozen.installed,
        needed_units=None if frozen is None else frozen.needed,
    )
    if not result.outcome.ok:
        outcome = Outcome.INFEASIBLE if result.outcome.name == "INFEASIBLE" else Outcome.NOT_CONVERGED
        raise NoCampus(outcome, f"{result.explain} {WHERE_LIMITS_ARE}")
    return result


@dataclass(frozen=True)
class _Units:
    """Units by type: installed, and needed without the spares."""

    installed: dict[str, int]
    needed: dict[str, int]


def _larger(a: _Units | None, b: _Units) -> _Units:
    """The larger count of each type."""
    if a is None:
        return b
    return _Units(
        {name: max(a.installed[name], count) for name, count in b.installed.items()},
        {name: max(a.needed[name], count) for name, count in b.needed.items()},
    )


class _Clock:
    """Tells the progress and keeps the seconds of each stage."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.seconds: dict[str, float] = {}
        self._stage: str | None = None
        self._since = 0.0

    def start(self, text: str, fraction: float, stage: str) -> None:
        self.stop()
        self.progress(text, fraction)
        self._stage, self._since = stage, time.perf_counter()

    def stop(self) -> None:
        if self._stage is not None:
            self.seconds[self._stage] = self.seconds.get(self._stage, 0.0) + time.perf_counter() - self._since
            self._stage = None
