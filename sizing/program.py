"""A linear program as named blocks of columns and rows, written once and read twice.

`constraints.py` fills it. It becomes a pyomo model (every constraint with its words in `doc`), and, where pyomo
would be too heavy, goes to HiGHS as arrays. Both ways give the same matrix, which a test checks.
"""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sizing.inputs import Array, SolveOptions

INF = float("inf")
Ids = NDArray[np.int64]


@dataclass(frozen=True)
class ColumnBlock:
    """A family of columns: one for each step, or one for the whole campus."""

    name: str
    ids: Ids
    integer: bool


@dataclass(frozen=True)
class RowBlock:
    """A family of rows that say the same thing, in words."""

    name: str
    doc: str
    ids: Ids


@dataclass
class Program:
    """min cost·x, lower ≤ A x ≤ upper, bounds and integers; built block by block."""

    columns: list[ColumnBlock] = field(default_factory=list)
    rows: list[RowBlock] = field(default_factory=list)
    _col: list[tuple[Array, Array, Array]] = field(default_factory=list)
    _row: list[tuple[Array, Array]] = field(default_factory=list)
    _entries: list[tuple[Ids, Ids, Array]] = field(default_factory=list)
    n_columns: int = 0
    n_rows: int = 0

    def add_columns(
        self,
        name: str,
        n: int = 1,
        lower: Any = 0.0,
        upper: Any = INF,
        cost: Any = 0.0,
        integer: bool = False,
    ) -> Ids:
        """Add ``n`` columns; returns their numbers."""
        ids = np.arange(self.n_columns, self.n_columns + n)
        self.columns.append(ColumnBlock(name, ids, integer))
        spread = [np.broadcast_to(np.asarray(v, float), (n,)) for v in (lower, upper, cost)]
        self._col.append((spread[0], spread[1], spread[2]))
        self.n_columns += n
        return ids

    def add_rows(
        self,
        name: str,
        doc: str,
        terms: Sequence[tuple[Any, Any]],
        lower: Any = -INF,
        upper: Any = INF,
        n: int = 1,
    ) -> None:
        """Add ``n`` rows Σ coefficient·column; each term is (columns, coefficients), spread over the rows."""
        ids = np.arange(self.n_rows, self.n_rows + n)
        for cols, coefs in terms:
            c = np.broadcast_to(np.asarray(cols), (n,))
            self._entries.append((ids, c, np.broadcast_to(np.asarray(coefs, float), (n,))))
        self._close_rows(name, doc, ids, lower, upper)

    def add_sum_row(
        self, name: str, doc: str, cols: Ids, coefs: Any, lower: float = -INF, upper: float = INF
    ) -> None:
        """Add one row that sums over many columns."""
        ids = np.array([self.n_rows])
        spread = np.broadcast_to(np.asarray(coefs, float), cols.shape)
        self._entries.append((np.broadcast_to(ids, cols.shape), cols, spread))
        self._close_rows(name, doc, ids, lower, upper)

    def extend_rows(self, rows: RowBlock, cols: Ids, coefficient: Any) -> None:
        """Add one more term to rows already there (slack in an elastic model)."""
        self._entries.append(
            (rows.ids, cols, np.broadcast_to(np.asarray(coefficient, float), rows.ids.shape))
        )

    def _close_rows(self, name: str, doc: str, ids: Ids, lower: Any, upper: Any) -> None:
        lo, hi = (np.broadcast_to(np.asarray(v, float), ids.shape) for v in (lower, upper))
        self.rows.append(RowBlock(name, doc, ids))
        self._row.append((lo, hi))
        self.n_rows += len(ids)

    def arrays(self) -> Arrays:
        """The whole program as arrays."""
        from scipy.sparse import csr_array

        lower, upper, cost = (np.concatenate([c[i] for c in self._col]) for i in range(3))
        integer = np.concatenate([np.full(len(c.ids), c.integer) for c in self.columns])
        r, c, v = (np.concatenate([e[i] for e in self._entries]) for i in range(3))
        matrix = csr_array((v, (r, c)), shape=(self.n_rows, self.n_columns))
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        row_lower, row_upper = (np.concatenate([b[i] for b in self._row]) for i in range(2))
        return Arrays(cost, lower, upper, integer, matrix, row_lower, row_upper)

    def to_pyomo(self) -> Any:
        """The same program as a pyomo ConcreteModel: one Var and one Constraint component per block."""
        import pyomo.environ as pyo
        from pyomo.core.expr import LinearExpression

        data = self.arrays()
        collecting = gc.isenabled()
        gc.disable()
        try:
            model = pyo.ConcreteModel(name="campus")
            x: list[Any] = []
            for block in self.columns:
                var = _pyomo_var(pyo, block, data)
                model.add_component(_word(block.name, model), var)
                x.extend(var.values())
            ptr, col, val = (
                data.matrix.indptr.tolist(),
                data.matrix.indices.tolist(),
                data.matrix.data.tolist(),
            )
            low, high = data.row_lower.tolist(), data.row_upper.tolist()

            def body(i: int) -> tuple[Any, Any, Any]:
                at = slice(ptr[i], ptr[i + 1])
                expr = LinearExpression(linear_coefs=val[at], linear_vars=[x[j] for j in col[at]])
                lo, hi = low[i], high[i]
                return (None if lo == -INF else lo, expr, None if hi == INF else hi)

            for rows in self.rows:
                first = int(rows.ids[0])
                con = pyo.Constraint(
                    range(len(rows.ids)), rule=lambda _, i, first=first: body(first + i), doc=rows.doc
                )
                model.add_component(_word(rows.name, model), con)
            used = np.flatnonzero(data.cost).tolist()
            price = LinearExpression(linear_coefs=data.cost[used].tolist(), linear_vars=[x[j] for j in used])
            model.cost = pyo.Objective(expr=price, doc="annual cost [USD/year]")
        finally:
            if collecting:
                gc.enable()
        return model


def _word(name: str, model: Any) -> str:
    word = re.sub(r"\W+", "_", name)
    while model.component(word) is not None:
        word += "_"
    return word


def _pyomo_var(pyo: Any, block: ColumnBlock, data: Arrays) -> Any:
    low, high = data.lower[block.ids].tolist(), data.upper[block.ids].tolist()
    bounds = [(None if a == -INF else a, None if b == INF else b) for a, b in zip(low, high, strict=True)]
    domain = pyo.Integers if block.integer else pyo.Reals
    return pyo.Var(range(len(low)), domain=domain, bounds=lambda _, i: bounds[i])


@dataclass(frozen=True, eq=False)
class Arrays:
    """A program as arrays, ready for HiGHS."""

    cost: Array
    lower: Array
    upper: Array
    integer: NDArray[np.bool_]
    matrix: Any
    row_lower: Array
    row_upper: Array


@dataclass(frozen=True, eq=False)
class Solution:
    """What HiGHS says. ``status``: optimal, limit_nodes, limit_time, infeasible, unbounded, failed.

    ``x`` and ``objective`` are None when there is no feasible point; ``bound`` is the proved lower bound.
    """

    status: str
    x: Array | None
    objective: float | None
    bound: float | None
    n_rows: int
    n_columns: int
    seconds: float


def solve_arrays(
    data: Arrays, options: SolveOptions, gap: float = 0.0, start: Array | None = None
) -> Solution:
    """Solve with HiGHS: one thread, fixed seed, node limit rather than time limit."""
    import highspy

    began = time.perf_counter()
    h = _highs(highspy, options, gap)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(data.cost), len(data.row_lower)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = data.cost, data.lower, data.upper
    lp.row_lower_, lp.row_upper_ = data.row_lower, data.row_upper
    by_column = data.matrix.tocsc()
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = by_column.indptr, by_column.indices
    lp.a_matrix_.value_ = by_column.data
    if data.integer.any():
        kinds = [highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger]
        lp.integrality_ = [kinds[int(i)] for i in data.integer]
    h.passModel(lp)
    if start is not None:
        guess = highspy.HighsSolution()
        guess.col_value = start.tolist()
        h.setOptionValue("mip_heuristic_effort", 0.0)
        h.setSolution(guess)
    h.run()
    return _read(highspy, h, data, time.perf_counter() - began)


def _highs(highspy: Any, options: SolveOptions, gap: float) -> Any:
    h = highspy.Highs()
    settings: dict[str, Any] = {
        "output_flag": False,
        "threads": 1,
        "random_seed": options.seed,
        "mip_rel_gap": gap,
        "mip_max_nodes": options.node_limit,
        "mip_feasibility_tolerance": 1e-7,
    }
    if options.time_limit_s is not None:
        settings["time_limit"] = float(options.time_limit_s)
    for name, value in settings.items():
        h.setOptionValue(name, value)
    return h


def _read(highspy: Any, h: Any, data: Arrays, seconds: float) -> Solution:
    kinds = highspy.HighsModelStatus
    status = {
        kinds.kOptimal: "optimal",
        kinds.kSolutionLimit: "limit_nodes",
        kinds.kTimeLimit: "limit_time",
        kinds.kInfeasible: "infeasible",
        kinds.kUnbounded: "unbounded",
    }.get(h.getModelStatus(), "failed")
    info = h.getInfo()
    mip = bool(data.integer.any())
    known = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    usable = known and (status == "optimal" or (mip and status.startswith("limit")))
    x = np.array(h.getSolution().col_value) if usable else None
    bound = info.mip_dual_bound if mip else (info.objective_function_value if status == "optimal" else None)
    if bound is not None and not np.isfinite(bound):
        bound = None
    objective = float(info.objective_function_value) if usable else None
    return Solution(status, x, objective, bound, len(data.row_lower), len(data.cost), seconds)


def solve_pyomo(program: Program, options: SolveOptions, gap: float = 0.0) -> Solution:
    """Build the pyomo model, compile it in one shot to standard form, and solve it with HiGHS."""
    from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

    began = time.perf_counter()
    model = program.to_pyomo()
    form = LinearStandardFormCompiler().write(model, mixed_form=True)
    place = {id(v): j for j, v in enumerate(form.columns)}
    ours = program.arrays()
    variables = [v for var in model.component_objects(ctype=_var_type()) for v in var.values()]
    order = np.array([place.get(id(v), -1) for v in variables])
    lone = np.flatnonzero(order < 0)
    inside = np.argsort(order)[len(lone) :]
    kind = np.array([row.bound_type for row in form.rows])
    rhs = np.asarray(form.rhs, float)
    data = Arrays(
        np.asarray(form.c.todense()).ravel(),
        ours.lower[inside],
        ours.upper[inside],
        ours.integer[inside],
        form.A.tocsr(),
        np.where(kind <= 0, rhs, -INF),
        np.where(kind >= 0, rhs, INF),
    )
    answer = solve_arrays(data, options, gap)
    x = None
    if answer.x is not None:
        x = np.where(np.isfinite(ours.lower), ours.lower, 0.0)
        x[inside] = answer.x
    seconds = time.perf_counter() - began
    return Solution(
        answer.status, x, answer.objective, answer.bound, answer.n_rows, answer.n_columns, seconds
    )


def _var_type() -> Any:
    import pyomo.environ as pyo

    return pyo.Var
