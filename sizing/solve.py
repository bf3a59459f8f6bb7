"""The verb: :func:`size`. Typical steps choose the integers and give the bound; the full year gives the cost.

Stages: (1) typical-step MILP through pyomo → unit counts and a valid lower bound; (2) spares for a promised
availability; (3) full-year linear program with the counts fixed, battery free; (4) whole units on, hour by hour, and the
re-check. Hours that stage 3 or 4 cannot serve go back to stage 1 as singletons. ``docs/models/sizing_solve.md``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from sizing.campus_availability import (
    Hours,
    campus_availability,
    capability_MW,
    distinct_hours,
    whole_unit_limits_MW,
)
from sizing.dispatch import Dispatch, as_table, cost_items, read_power, run_year, violations
from sizing.explain import no_dump_words, why_infeasible, why_no_availability
from sizing.inputs import Array, InputsError, Problem, SizingInputs, lolh_target_h
from sizing.model import Model, build, fix_units, in_service, units_from
from sizing.outcome import Outcome
from sizing.program import Solution, solve_arrays, solve_pyomo
from sizing.result import SizingResult, StageLog
from sizing.spares import cheapest_spares, least_units
from sizing.steps import Ids, Steps, year_steps
from sizing.typical_days import typical_steps

MAX_ROUNDS = 8
MAX_TYPICAL_DAYS = 80
BOUND_TOLERANCE = 1e-6
Progress = Callable[[str, float], None]


@dataclass(eq=False)
class Run:
    """What one sizing run carries from stage to stage."""

    inputs: SizingInputs
    tell: Progress
    year: Steps
    whole: Model
    hours: Hours
    log: list[StageLog] = field(default_factory=list)
    reproducible: bool = True

    def note(self, stage: str, answer: Solution) -> None:
        """Log a solve."""
        self.log.append(StageLog(stage, answer.seconds, answer.n_rows, answer.n_columns, answer.objective))
        self.reproducible = self.reproducible and answer.status != "limit_time"


@dataclass(frozen=True, eq=False)
class Plan:
    """A year run with fixed units. Without ``dispatch`` it does not work, and ``hard_hours`` say where."""

    installed: dict[str, int]
    dispatch: Dispatch | None
    objective: float
    relaxed: float
    x: Array | None
    hard_hours: Ids
    outcome: Outcome = Outcome.OK
    words: str = ""


def size(
    inputs: SizingInputs,
    progress: Progress | None = None,
    fixed_units: Mapping[str, int] | None = None,
    needed_units: Mapping[str, int] | None = None,
) -> SizingResult:
    """Size a campus at least annual cost, or run it with the units given.

    Parameters
    ----------
    inputs : the question.
    progress : called as ``progress(text, fraction done)``.
    fixed_units : units installed by name; only the battery and the dispatch are then free, and the lower bound is
        that of these units.
    needed_units : with ``fixed_units``, the units without spares, handed through to the result.

    Returns
    -------
    SizingResult
        With numbers only when ``outcome`` is OK.
    """
    tell = _never_back(progress)
    tell("reading the year", 0.0)
    year = year_steps(inputs)
    run = Run(inputs, tell, year, build(inputs, year), distinct_hours(inputs))
    if fixed_units is not None:
        return _fixed(run, fixed_units, needed_units)
    result = _staged(run)
    tell("done", 1.0)
    return result


def _never_back(progress: Progress | None) -> Progress:
    """The caller's progress, with a fraction that never falls when a stage is repeated."""
    reached = 0.0

    def tell(text: str, fraction: float) -> None:
        nonlocal reached
        reached = max(reached, fraction)
        if progress is not None:
            progress(text, reached)

    return tell


def _fixed(run: Run, fixed: Mapping[str, int], needed: Mapping[str, int] | None) -> SizingResult:
    names = [u.name for u in run.inputs.all_units]
    wrong = [n for n in fixed if n not in names] + [n for n in names if n not in fixed]
    wrong += [n for n in names if n in fixed and (fixed[n] < 0 or int(fixed[n]) != fixed[n])]
    if wrong:
        problems = [Problem("fixed_units", n, f"a whole number from 0 for each of {names}") for n in wrong]
        raise InputsError(problems)
    units = {n: int(fixed[n]) for n in names}
    run.tell("running the year with the units given", 0.3)
    plan = run_plan(run, units)
    if plan.dispatch is None:
        return _no_answer(run, plan.outcome, plan.words or _why_not(run, units))
    target = lolh_target_h(run.inputs)
    if target is not None:
        reached = campus_availability(run.inputs, units, energy=False).lolh_h_per_year
        if reached > target:
            words = (
                f"The units given leave {reached:.4g} h a year without full power; {target:.4g} h is allowed."
            )
            return _no_answer(run, Outcome.INFEASIBLE, words)
    base = in_service(run.inputs, units) if needed is None else {n: int(needed[n]) for n in names}
    return _answer(run, plan, plan.relaxed, base, "")


def _why_not(run: Run, units: dict[str, int]) -> str:
    """Words for units that cannot run the year: the limits are the units themselves."""
    kept = run.inputs
    blocks = tuple(replace(b, units_min=units[b.name], units_max=units[b.name]) for b in kept.blocks)
    pools = tuple(
        replace(
            p,
            sources=tuple(replace(s, units_min=units[s.name], units_max=units[s.name]) for s in p.sources),
        )
        for p in kept.pools
    )
    frozen = replace(kept, blocks=blocks, pools=pools)
    return why_infeasible(frozen, typical_steps(frozen, run.year, kept.solve.typical_days, _hard(run, units)))


def run_plan(run: Run, installed: dict[str, int]) -> Plan:
    """Full-year linear program with the units fixed, then whole units on and heat in merit order."""
    inputs, none = run.inputs, np.array([], dtype=np.int64)
    left = in_service(inputs, installed)
    limits = whole_unit_limits_MW(inputs, left, run.hours)
    answer = solve_arrays(fix_units(run.whole, inputs, installed, limits), inputs.solve)
    run.note("full year, units fixed", answer)
    if answer.status == "infeasible":
        return Plan(installed, None, 0.0, 0.0, None, _hard(run, installed), Outcome.INFEASIBLE)
    if answer.x is None or answer.objective is None or answer.status != "optimal":
        return Plan(installed, None, 0.0, 0.0, None, none, _outcome(answer.status))
    done = run_year(inputs, run.year, read_power(run.whole, inputs, answer.x), left)
    bad = done.short_MWth + done.surplus_MWth
    if bad.max() > 0:
        worst = np.argsort(-bad, kind="stable")[:3]
        worst, words = worst[bad[worst] > 0], no_dump_words(run.year, done.surplus_MWth)
        return Plan(installed, None, 0.0, answer.objective, None, worst, Outcome.INFEASIBLE, words)
    if violations(inputs, run.year, done, left):
        return Plan(installed, None, 0.0, 0.0, None, none, Outcome.SOLVER_FAILED)
    cost = sum(cost_items(inputs, run.year, done, installed).values())
    return Plan(installed, done, cost, answer.objective, answer.x, none)


def _hard(run: Run, installed: dict[str, int]) -> Ids:
    """Hours in which these units fall shortest of the load; the least load too, for heat that may not go."""
    short = run.year.load_MW - capability_MW(run.inputs, in_service(run.inputs, installed))
    return np.unique(np.append(np.argsort(-short, kind="stable")[:2], np.argmin(run.year.load_MW)))


def _outcome(status: str) -> Outcome:
    return {
        "infeasible": Outcome.INFEASIBLE,
        "unbounded": Outcome.UNBOUNDED,
        "limit_nodes": Outcome.NODE_LIMIT,
        "limit_time": Outcome.TIME_LIMIT,
    }.get(status, Outcome.SOLVER_FAILED)


@dataclass(eq=False)
class Search:
    """Best plan and bound so far."""

    best: Plan | None = None
    bound: float = 0.0
    needed: dict[str, int] = field(default_factory=dict)
    remark: str = ""
    spares_USD_per_year: float = 0.0

    @property
    def gap(self) -> float:
        """(objective − bound) / objective; infinite without a plan."""
        return np.inf if self.best is None else (self.best.objective - self.bound) / self.best.objective

    @property
    def rest_is_not_days(self) -> bool:
        """True when more typical days cannot help: most of the gap is whole units on, or spares, not averaging."""
        if self.best is None:
            return False
        rest = self.best.objective - self.bound
        return self.best.objective - self.best.relaxed + self.spares_USD_per_year > 0.5 * rest


def _staged(run: Run) -> SizingResult:
    inputs, options, found = run.inputs, run.inputs.solve, Search()
    days, hard = options.typical_days, np.array([], dtype=np.int64)
    for turn in range(MAX_ROUNDS):
        run.tell(f"choosing units on typical days (round {turn + 1})", 0.1 + 0.1 * turn)
        steps = typical_steps(inputs, run.year, days, hard)
        failed, plan = _round(run, steps, found)
        if failed is not None:
            return failed
        assert plan is not None
        if plan.dispatch is None:
            if plan.outcome is not Outcome.INFEASIBLE:
                return _no_answer(run, plan.outcome, "")
            grown = np.union1d(hard, plan.hard_hours)
            if len(grown) > len(hard):
                hard = grown
                continue
            plan = _with_more_heat(run, plan)
        if plan.dispatch is not None and (found.best is None or plan.objective < found.best.objective):
            found.best = plan
        if found.gap <= options.gap or days >= MAX_TYPICAL_DAYS or found.rest_is_not_days:
            break
        days = min(2 * days, MAX_TYPICAL_DAYS)
    if found.best is None:
        assert plan is not None
        return _no_answer(run, Outcome.INFEASIBLE, plan.words or why_infeasible(inputs, steps))
    if options.mode == "exact":
        _exact(run, found)
    return _answer(run, found.best, found.bound, found.needed, found.remark, found.spares_USD_per_year)


def _round(run: Run, steps: Steps, found: Search) -> tuple[SizingResult | None, Plan | None]:
    """One pass: integers and bound on typical steps, spares, full year."""
    inputs, target = run.inputs, lolh_target_h(run.inputs)
    gap = min(1e-4, inputs.solve.gap / 5)
    model = build(inputs, steps, year=run.year)
    answer = solve_pyomo(model.program, inputs.solve, gap)
    run.note(f"typical steps ({steps.n})", answer)
    if answer.x is None:
        words = why_infeasible(inputs, steps) if answer.status == "infeasible" else ""
        return _no_answer(run, _outcome(answer.status), words), None
    installed, found.needed = units_from(model, inputs, answer.x)
    if target is not None:
        run.tell("finding the cheapest spares", 0.4)
        began = time.perf_counter()
        least = least_units(inputs, installed, target)
        if any(least[n] > installed[n] for n in installed):
            model = build(inputs, steps, least, run.year)
            answer = solve_pyomo(model.program, inputs.solve, gap)
            run.note(f"typical steps ({steps.n}), least units for the target", answer)
            if answer.x is None:
                words = why_no_availability(inputs, target, cheapest_spares(inputs, installed, target).lolh_h)
                return _no_answer(run, _outcome(answer.status), words), None
            installed, _ = units_from(model, inputs, answer.x)
        search = cheapest_spares(inputs, installed, target)
        run.log.append(
            StageLog(f"spares ({search.evaluations} tables)", time.perf_counter() - began, 0, 0, None)
        )
        if search.units is None:
            words = why_no_availability(inputs, target, search.lolh_h)
            return _no_answer(run, Outcome.INFEASIBLE, words), None
        base, installed = installed, search.units
        price = {u.name: u.annual_cost_USD_per_MWth * u.module_MWth for u in inputs.all_units}
        found.spares_USD_per_year = sum(price[n] * (installed[n] - base[n]) for n in base)
        found.remark = "" if search.proved else "The spares meet the target but cheapest is not proved."
    if answer.bound is not None:
        found.bound = max(found.bound, answer.bound)
    run.tell("running the full year", 0.6)
    return None, run_plan(run, installed)


def _with_more_heat(run: Run, plan: Plan) -> Plan:
    """Last resort when whole units on ask for a little more heat than is there: one more of the cheapest module."""
    spent, units = 0, dict(plan.installed)
    while plan.dispatch is None and spent < 5:
        room = [s for s in run.inputs.sources if s.units_max is None or units[s.name] < s.units_max]
        room = [s for s in room if s.min_load == 0] or room
        if not room:
            break
        cheapest = min(room, key=lambda s: s.annual_cost_USD_per_MWth * s.module_MWth)
        units[cheapest.name] += 1
        plan, spent = run_plan(run, dict(units)), spent + 1
    return plan


def _exact(run: Run, found: Search) -> None:
    """Full-year MILP from the staged answer as a start; keeps whichever plan and bound is better."""
    assert found.best is not None
    run.tell("proving on the full year", 0.8)
    options = run.inputs.solve
    answer = solve_arrays(run.whole.program.arrays(), options, options.gap, start=found.best.x)
    run.note("full year, units free", answer)
    if answer.bound is not None:
        found.bound = max(found.bound, answer.bound)
    if answer.x is None:
        return
    installed, needed = units_from(run.whole, run.inputs, answer.x)
    if installed != found.best.installed:
        plan = run_plan(run, installed)
        if plan.dispatch is not None and plan.objective < found.best.objective:
            found.best, found.needed = plan, needed


def _no_answer(run: Run, outcome: Outcome, words: str) -> SizingResult:
    return SizingResult(
        outcome, words or outcome.value, reproducible=run.reproducible, solve_log=tuple(run.log)
    )


def _gap_words(inputs: SizingInputs, plan: Plan, bound: float, spares_USD_per_year: float) -> str:
    """The gap, and what it is made of where it is wider than asked."""
    rest = plan.objective - bound
    words = f"Cost is within {100 * rest / plan.objective:.2g} % of the lower bound."
    if rest <= inputs.solve.gap * plan.objective:
        return words
    whole = max(plan.objective - plan.relaxed, 0.0)
    parts = {
        "is the cost of running whole units, which the bound leaves out": whole,
        "is spares for the outage target, which the bound leaves out": spares_USD_per_year,
        "comes from averaging days": rest - whole - spares_USD_per_year,
    }
    said = [f"{100 * v / plan.objective:.2g} % {k}" for k, v in parts.items() if v > 1e-5 * plan.objective]
    return f"{words} The {100 * inputs.solve.gap:.2g} % asked for was not reached: {'; '.join(said)}."


def _battery_words(inputs: SizingInputs) -> str:
    return "" if inputs.battery is None else "The battery gets no credit in the outage table."


def _answer(
    run: Run, plan: Plan, bound: float, needed: dict[str, int], remark: str, spares: float = 0.0
) -> SizingResult:
    """Put the result together; refuse it if it is cheaper than is possible."""
    inputs, units, done = run.inputs, plan.installed, plan.dispatch
    assert done is not None
    if plan.objective < bound * (1.0 - BOUND_TOLERANCE) - 1e-6:
        words = f"Cost {plan.objective:.2f} USD/year is below the bound {bound:.2f} USD/year."
        return _no_answer(run, Outcome.BOUND_VIOLATED, words)
    run.tell("counting outages", 0.9)
    bound = min(bound, plan.objective)
    gap = (plan.objective - bound) / plan.objective if plan.objective > 0 else 0.0
    words = " ".join(
        w for w in (remark, _gap_words(inputs, plan, bound, spares), _battery_words(inputs)) if w
    )
    return SizingResult(
        outcome=Outcome.OK,
        explain=words,
        objective_USD_per_year=plan.objective,
        lower_bound_USD_per_year=bound,
        gap=gap,
        units=dict(units),
        units_needed={n: min(needed.get(n, k), k) for n, k in units.items()},
        spares={n: max(k - needed.get(n, k), 0) for n, k in units.items()},
        battery_MW=done.power.battery_MW,
        battery_MWh=done.power.battery_MWh,
        dispatch=as_table(inputs, run.year, done),
        costs=cost_items(inputs, run.year, done, units),
        availability=campus_availability(inputs, units),
        reproducible=run.reproducible,
        solve_log=tuple(run.log),
    )
