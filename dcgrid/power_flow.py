"""The verb `run`: check, compile, solve, report. The maths is in `newton` and `continuation`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dcgrid import continuation, newton, quick, results
from dcgrid.compile import TRIP, Array, Model, compile_network
from dcgrid.diagnose import Finding, diagnose
from dcgrid.newton import State
from dcgrid.outcome import Outcome, RunError
from dcgrid.tables import Network

#: A solution this far below the no-load voltage is confirmed by raising the loads from zero.
CONFIRM_BELOW_PU = 0.55


@dataclass(frozen=True)
class PowerFlowResult:
    """What a run came to. Numbers are None where there is no answer.

    loss_w = lines + converters + earthings = sources + storage - loads [W]; `lambda_max` is the reached share of the load
    where the network collapses; `limiting_bus` the bus whose voltage gives way first.
    """

    outcome: Outcome
    explain: str
    loss_w: float | None = None
    line_loss_w: float | None = None
    converter_loss_w: float | None = None
    earthing_loss_w: float | None = None
    source_p_w: float | None = None
    storage_p_w: float | None = None
    load_p_w: float | None = None
    v_min_pu: float | None = None
    max_line_loading: float | None = None
    iterations: int = 0
    limited: tuple[str, ...] = ()
    overloaded: tuple[str, ...] = ()
    unsupplied: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    lambda_max: float | None = None
    limiting_bus: str | None = None
    details: dict[str, Any] = field(default_factory=dict, repr=False)

    def require_ok(self) -> PowerFlowResult:
        """Return self if solved, else raise `RunError`; for scripts."""
        if not self.outcome.solved:
            raise RunError(f"{self.outcome.name}: {self.explain}")
        return self


@dataclass(frozen=True)
class Solution:
    """A solved or failed point of a compiled network."""

    state: State | None
    iterations: int
    path: continuation.Path | None = None


def solve_point(m: Model, p_load: Array, begin: State | None = None) -> Solution:
    """The quick way, else Newton from the no-load start (or `begin`), else raise the loads from zero.

    Newton's answer is confirmed by raising the loads where it lies low.
    """
    if begin is None:
        found = quick.solve_state(m, p_load)
        if found is not None:
            return Solution(*found)
    step = newton.solve(m, begin or newton.start(m), p_load)
    if step.converged and np.min(newton.port_pu(m, step.state), initial=1.0) > CONFIRM_BELOW_PU:
        return Solution(step.state, step.iterations)
    path = continuation.raise_loads(m, p_load)
    solved = path.failed is None
    return Solution(path.state if solved else None, step.iterations + path.iterations, path)


def compiled(net: Network, key: object = None) -> Model:
    """The compiled network, kept with it until a table changes; powers of loads and storages are read anew.

    `key` is `net.versions`, if it has just been asked for.
    """
    m: Model = net.kept("model", lambda: compile_network(net), key)
    m.load_p[:] = net.floats("load", "p_w")[m.load_idx]
    m.sto_p[:] = net.floats("storage", "p_w")[m.sto_idx]
    return m


def findings_of(net: Network, key: object = None) -> tuple[Finding, ...]:
    """What `diagnose` finds, kept until a table changes, powers of loads and storages included."""
    powers = tuple(net.floats(t, "p_w").tobytes() for t in ("load", "storage"))
    found: tuple[Finding, ...] = net.kept("findings", lambda: diagnose(net), (key or net.versions, powers))
    return found


def solve_with_trips(net: Network, key: object = None) -> tuple[Model, Solution, frozenset[int]]:
    """Solve; converters with on_limit="trip" beyond a limit go off and the rest is solved anew, until none does.

    Without an answer, those that are beyond a limit at the largest load that has one go off: they trip before it fails.
    """
    tripped: frozenset[int] = frozenset()
    m = compiled(net, key)
    while True:
        solution = solve_point(m, m.load_p)
        state = solution.state or (solution.path.state if solution.path is not None else None)
        if state is None or not (m.conv_on_limit == TRIP).any():
            return m, solution, tripped
        over = results.converter_limits(m, state) & (m.conv_on_limit == TRIP)
        if not over.any():
            return m, solution, tripped
        tripped = tripped | {int(k) for k in m.conv_idx[over]}
        m = compile_network(net, {"converter": tripped})


def _failure(
    net: Network, m: Model, s: Solution, findings: tuple[Finding, ...], tripped: frozenset[int]
) -> PowerFlowResult:
    path = s.path
    gone = tuple(net.label("converter", k) for k in sorted(tripped))
    after = f"after {', '.join(gone)} tripped: " if gone else ""
    if path is None or path.state is None:
        text = (
            f"{after}no operating point even without load: a storage or p converter may push power no source takes, or "
            "a regulated output may feed its own input"
        )
        return PowerFlowResult(
            Outcome.NOT_CONVERGED, text, iterations=s.iterations, limited=gone, findings=findings
        )
    node = continuation.weakest_node(m, path.state, path.reached * m.load_p)
    cause = ""
    if path.folded:  # a constant current into constant-power loads has no stable voltage
        node = int(m.conv_t[path.folded[0]])
        cause = f" because {net.label('converter', int(m.conv_idx[path.folded[0]]))} is at its current limit"
    bus = net.label("bus", m.bus_of(node))
    text = f"{after}the loads can be raised to {100 * path.reached:.2f} % of those asked for; then {bus} gives way{cause}"
    return PowerFlowResult(
        Outcome.COLLAPSE,
        text,
        iterations=s.iterations,
        limited=gone,
        findings=findings,
        lambda_max=path.reached,
        limiting_bus=bus,
    )


def _nan_to_none(value: float) -> float | None:
    return None if value != value else float(value)


def _report(
    net: Network, m: Model, s: Solution, findings: tuple[Finding, ...], tripped: frozenset[int], tables: bool
) -> PowerFlowResult:
    assert s.state is not None
    columns, balance = results.fill(net, m, s.state, m.load_p)
    columns["converter"]["limited"][list(tripped)] = True
    if tables:
        net.set_results(columns)
    conv, line = columns["converter"], columns["line"]
    limited = tuple(net.label("converter", int(k)) for k in np.flatnonzero(conv["limited"]))
    over = [
        net.label(table, int(k))
        for table in ("line", "source", "converter")
        for k in np.flatnonzero(columns[table]["loading"] > 1.0 + 1e-9)
    ]
    dark = tuple(net.label("bus", int(k)) for k in np.flatnonzero(m.bus_node < 0))
    pu, loading = columns["bus"]["v_pu"], line["loading"]
    lit = pu[m.bus_node >= 0]
    explain = f"{len(limited)} converters at their limit: {', '.join(limited[:5])}" if limited else "solved"
    explain += f"; {len(over)} elements above their rating" if over else ""
    explain += f"; {len(dark)} buses not supplied" if dark else ""
    return PowerFlowResult(
        Outcome.LIMITED if limited else Outcome.OK,
        explain,
        loss_w=balance.loss_w,
        line_loss_w=balance.line_loss_w,
        converter_loss_w=balance.converter_loss_w,
        earthing_loss_w=balance.earthing_loss_w,
        source_p_w=balance.source_w,
        storage_p_w=balance.storage_w,
        load_p_w=balance.load_w,
        v_min_pu=float(lit.min()) if len(lit) else None,
        max_line_loading=_nan_to_none(float(np.fmax.reduce(loading, initial=np.nan))),
        iterations=s.iterations,
        limited=limited,
        overloaded=tuple(over),
        unsupplied=dark,
        findings=findings,
        details={"p_mismatch_max_w": float(np.nanmax(columns["bus"]["p_mismatch_w"], initial=0.0))},
    )


def run(net: Network, tables: bool = True) -> PowerFlowResult:
    """Solve the network and fill `net.res_*`; on failure the result tables are empty and `outcome` says why.

    Examples
    --------
    One source, one constant-power load: V = (Vs + sqrt(Vs^2 - 4 R P)) / 2.

    >>> import dcgrid
    >>> net = dcgrid.create_empty_network()
    >>> a, b = dcgrid.create_bus(net, 800.0), dcgrid.create_bus(net, 800.0)
    >>> _ = dcgrid.create_source(net, a, 800.0)
    >>> _ = dcgrid.create_line_from_parameters(net, a, b, r_ohm=0.1)
    >>> _ = dcgrid.create_load(net, b, p_w=132e3)
    >>> dcgrid.run(net).outcome.name, round(float(net.res_bus.v_v[b]), 6)
    ('OK', 783.144881)
    """
    net.set_results({})
    key = net.versions
    findings = findings_of(net, key)
    errors = [f for f in findings if f.level == "error"]
    if errors:
        return PowerFlowResult(Outcome.INVALID, "; ".join(map(str, errors)), findings=findings)
    m, solution, tripped = solve_with_trips(net, key)
    if solution.state is None:
        return _failure(net, m, solution, findings, tripped)
    return _report(net, m, solution, findings, tripped, tables)


def max_load_factor(net: Network, tolerance: float = 1e-9) -> float | None:
    """Nose margin: the largest factor on every load's p_w that still has a solution.

    None if none is found.
    """
    if any(f.level == "error" for f in findings_of(net)):
        return None
    m = compiled(net)
    path = continuation.nose(m, m.load_p, tolerance)
    return path.reached if path.failed is not None and path.state is not None else None
