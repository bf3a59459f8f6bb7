"""How far the loads can be raised together: to the first limit of an element, and to the collapse of the voltage.

Every load's p_w is scaled by one factor; set-points, storages and p_set_w stay (contract, fine print 12). Margins are
given as that factor: 1 is the present load.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dcgrid import continuation, newton, quick
from dcgrid.compile import Array, Flags, Ints, Model
from dcgrid.newton import State
from dcgrid.power_flow import compiled, findings_of, solve_point
from dcgrid.tables import Network

#: Kinds of engineering limit, in the words of the report.
KINDS = ("under-voltage lock-out", "converter current", "converter power", "source rating", "ampacity")


@dataclass(frozen=True)
class Limit:
    """The element that reaches its limit of one kind first, at `factor` times the present loads."""

    kind: str
    element: str
    factor: float


@dataclass(frozen=True)
class Margins:
    """Both margins of uniform load scaling; None where there is none, or no answer.

    engineering : first limit of any kind; `limits`: the first of each kind that is reached before the nose.
    nose : largest factor that still has a solution, with the bus whose voltage gives way there.
    """

    engineering: Limit | None
    limits: tuple[Limit, ...]
    nose: float | None
    nose_bus: str | None
    explain: str


def _over(m: Model, s: State, p_load: Array, ratings: dict[str, Array]) -> dict[str, tuple[str, Array]]:
    """For each kind the table and, for each row of it, how far the element is beyond its limit (> 1 is beyond)."""
    n, ns = m.n_node, len(m.src_idx)
    v, i_src, i_c = s.x[:n], s.x[n : n + ns], s.x[n + len(m.src_node) :]
    p_out = newton.converter_powers(m, s)[0]
    v_in = newton.across(m, v, m.conv_f, m.conv_f_ret)
    u = newton.across(m, v, m.src_node[:ns], m.src_ret[:ns])
    full = np.fmax(
        np.abs(u * i_src) / ratings["p_max_w"][m.src_idx], np.abs(i_src) / ratings["i_max_a"][m.src_idx]
    )
    i_line = np.abs(m.line_g * (v[m.line_f] - v[m.line_t]))
    return {
        "under-voltage lock-out": ("converter", np.where(m.conv_v_min > 0.0, m.conv_v_min / v_in, 0.0)),
        "converter current": ("converter", np.abs(i_c) / m.conv_i_max),
        "converter power": ("converter", np.abs(p_out) / m.conv_p_max),
        "source rating": ("source", full),
        "ampacity": ("line", i_line / m.line_rating),
    }


def _table_index(m: Model, table: str) -> Ints:
    return {"converter": m.conv_idx, "source": m.src_idx, "line": m.line_idx}[table]


class _Study:
    """Solutions of one network at load factors, eight at a time where the kernels can."""

    def __init__(self, net: Network, m: Model) -> None:
        self.net, self.m = net, m
        self.ratings = {c: net.floats("source", c, np.inf) for c in ("p_max_w", "i_max_a")}

    def states(self, factors: Array) -> list[State | None]:
        from dcgrid.kernels import RETRY

        found = quick.solve(self.m, self.m.load_p, factors)
        out: list[State | None] = []
        for k, f in enumerate(factors):
            by_kernel = found is not None and found[1][k] != RETRY
            out.append(quick.state(self.m, found[0], k) if found is not None and by_kernel else None)
            if out[k] is None:
                out[k] = solve_point(self.m, f * self.m.load_p).state
        return out

    def beyond(self, s: State | None, factor: float, kind: str) -> Flags:
        """Which elements are beyond their limit of this kind."""
        if s is None:
            return np.ones(1, dtype=bool)
        _, ratio = _over(self.m, s, factor * self.m.load_p, self.ratings)[kind]
        return np.asarray(ratio > 1.0 + 1e-12)

    def first(self, kind: str, top: float, at_top: State, tolerance: float) -> Limit | None:
        """Smallest factor up to `top`, solved as `at_top`, at which an element goes beyond its limit of this kind."""
        if not self.beyond(at_top, top, kind).any():
            return None
        low, high, who = 0.0, top, at_top
        while high - low > tolerance * high:
            factors = low + (high - low) * np.arange(1, 9) / 9
            states = self.states(factors)
            hit = [k for k in range(8) if self.beyond(states[k], factors[k], kind).any()]
            k = hit[0] if hit else 8
            low = float(factors[k - 1]) if k else low
            if hit:
                high, who = float(factors[k]), states[k] or who
        table, ratio = _over(self.m, who, high * self.m.load_p, self.ratings)[kind]
        row = int(_table_index(self.m, table)[np.argmax(ratio)])
        return Limit(kind, self.net.label(table, row), high)


def margins(net: Network, tolerance: float = 1e-9) -> Margins:
    """Engineering margin and nose of uniform load scaling.

    Examples
    --------
    A load of 100 kW behind 1 ohm from 800 V, rated 200 A: ampacity at P = 200 (800 - 200) W, the nose at Vs^2/4R.

    >>> import dcgrid
    >>> net = dcgrid.create_empty_network()
    >>> a, b = dcgrid.create_bus(net, 800.0), dcgrid.create_bus(net, 800.0, "rack")
    >>> _ = dcgrid.create_source(net, a, 800.0)
    >>> _ = dcgrid.create_line_from_parameters(net, a, b, 1.0, max_i_a=200.0, name="cable")
    >>> _ = dcgrid.create_load(net, b, 100e3)
    >>> found = margins(net)
    >>> found.engineering.element, round(found.engineering.factor, 6), round(found.nose, 6)
    ('cable', 1.2, 1.6)
    """
    if any(f.level == "error" for f in findings_of(net)):
        return Margins(None, (), None, None, "the network contradicts itself: see diagnose")
    m = compiled(net)
    if not len(m.load_p) or not m.load_p.any():
        return Margins(None, (), None, None, "there is no load to raise")
    path = continuation.nose(m, m.load_p, tolerance)
    if path.state is None:
        return Margins(None, (), None, None, "no operating point even without load")
    nose = path.reached if path.failed is not None else None
    study = _Study(net, m)
    found = (study.first(kind, path.reached, path.state, tolerance) for kind in KINDS)
    limits = [x for x in found if x is not None]
    limits.sort(key=lambda x: x.factor)
    first = limits[0] if limits else None
    bus = None
    text = (
        "no limit is reached before the nose"
        if first is None
        else f"{first.element}: {first.kind}, at {first.factor:.4g} times the load"
    )
    if nose is not None:
        node = continuation.weakest_node(m, path.state, path.reached * m.load_p)
        bus = net.label("bus", m.bus_of(node))
        text += f"; the voltage collapses at {nose:.4g} times the load, first at {bus}"
    return Margins(first, tuple(limits), nose, bus, text)
