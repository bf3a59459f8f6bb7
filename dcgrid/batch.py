"""Many load scenarios on one compiled topology."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dcgrid import newton, results
from dcgrid.compile import Array, Model, compile_network
from dcgrid.diagnose import diagnose
from dcgrid.outcome import NetworkError, Outcome, Problem
from dcgrid.power_flow import solve_point
from dcgrid.tables import Network


@dataclass(frozen=True)
class BatchResult:
    """Arrays over scenarios; rows of failed scenarios are missing (NaN) and their outcome says why.

    v_bus_v (scenarios, buses) [V], i_line_a (scenarios, lines) [A], loss_w, line_loss_w, converter_loss_w,
    source_p_w (scenarios) [W], p_source_w (scenarios, sources) [W].
    """

    outcome: tuple[Outcome, ...]
    v_bus_v: Array
    i_line_a: Array
    p_source_w: Array
    loss_w: Array
    line_loss_w: Array
    converter_loss_w: Array
    source_p_w: Array
    iterations: NDArray[np.int64]


def _check_shape(net: Network, p_load_w: ArrayLike) -> Array:
    p = np.asarray(p_load_w, dtype=float)
    n = len(net.tables["load"])
    good = p.ndim == 2 and p.shape[1] == n
    if not good:
        raise NetworkError(
            [Problem("run_batch.p_load_w", p.shape, f"an array of shape (scenarios, {n}) [W]")]
        )
    if not np.all(np.isfinite(p)) or (p < 0).any():
        raise NetworkError([Problem("run_batch.p_load_w", "array", "finite numbers >= 0 W")])
    return p


def _write(net: Network, m: Model, s: newton.State, p: Array, k: int, out: dict[str, Array]) -> Outcome:
    v, ns = s.x[: m.n_node], len(m.src_node)
    lit = m.bus_node >= 0
    drop = v[m.line_f] - v[m.line_t]
    out["v"][k, lit] = v[m.bus_node[lit]]
    out["i"][k, m.line_idx] = m.line_g * drop
    out["i"][k, m.open_line_idx] = 0.0
    p_src = v[m.src_node] * s.x[m.n_node : m.n_node + ns]
    out["p"][k, m.src_idx] = p_src
    out["line"][k] = float(np.sum(m.line_g * drop**2))
    out["conv"][k] = float(newton.converter_powers(m, s)[1].sum())
    out["src"][k] = float(p_src.sum())
    limited = len(m.conv_f) and results.converter_limits(m, s).any()
    return Outcome.LIMITED if limited else Outcome.OK


def run_batch(net: Network, p_load_w: ArrayLike) -> BatchResult:
    """Solve one power flow for each row of `p_load_w` [W]; columns follow the load table's index.

    Each scenario starts from the no-load voltages, so its answer does not depend on its neighbours.
    Converters with on_limit="trip" are reported as LIMITED here, not tripped.
    """
    p = _check_shape(net, p_load_w)
    rows, n_bus, n_line, n_src = len(p), *(len(net.tables[t]) for t in ("bus", "line", "source"))
    out: dict[str, Array] = {"v": np.full((rows, n_bus), np.nan), "i": np.full((rows, n_line), np.nan)}
    out["p"] = np.full((rows, n_src), np.nan)
    for key in ("line", "conv", "src"):
        out[key] = np.full(rows, np.nan)
    iterations = np.zeros(rows, dtype=np.int64)
    outcomes: list[Outcome] = []
    if any(f.level == "error" for f in diagnose(net)):
        outcomes = [Outcome.INVALID] * rows
    else:
        m = compile_network(net)
        for k in range(rows):
            row = p[k, m.load_idx]
            solution = solve_point(m, row)
            iterations[k] = solution.iterations
            if solution.state is None:
                found = solution.path is not None and solution.path.state is not None
                outcomes.append(Outcome.COLLAPSE if found else Outcome.NOT_CONVERGED)
            else:
                outcomes.append(_write(net, m, solution.state, row, k, out))
    return BatchResult(
        outcome=tuple(outcomes),
        v_bus_v=out["v"],
        i_line_a=out["i"],
        p_source_w=out["p"],
        loss_w=out["line"] + out["conv"],
        line_loss_w=out["line"],
        converter_loss_w=out["conv"],
        source_p_w=out["src"],
        iterations=iterations,
    )
