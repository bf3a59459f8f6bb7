"""What a closed tie adds to a fault: prospective current at the pods' buses, and the largest cluster a breaker allows.

Screening, not the fault model (capacitor discharge, time to peak and clearing are another matter). Each source is a
line from its voltage at no current to its short-circuit current k I_r at no voltage:

    R_s = v / (k I_r),   k = 1 / x'' for a machine behind diodes (a blocked active front end is one too)
                         k = the current limit where a DC/DC stands between

The wires are resistances at 20 degC. With the fault bus at 0 V the linear network gives the steady prospective
current. For n equal pods tied each with each, no current flows between the sound ones, so that in closed form

    I(n) = v / R_pod + (n - 1) v / (R_pod + R_tie),    n_max = 1 + floor((I_breaker - v / R_pod) (R_pod + R_tie) / v)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from dcgrid import std_types
from dcgrid.campus_network import CampusGridSpec, campus_network, pod_hubs
from dcgrid.finding import Finding, warning
from dcgrid.outcome import Checker
from dcgrid.tables import Network

#: Short-circuit current over rated current by source type: assumptions (x'' = 0.2; converter limit 1.5).
FAULT_FACTORS = {"diode_bridge": 5.0, "active_front_end": 5.0, "diode_dcdc": 1.5}
#: Current limit of a tie converter over its rating: an assumption.
CONVERTER_LIMIT = 1.5
LARGEST = 1000


def _fused(net: Network) -> np.ndarray:
    """Node of each bus: closed bus-to-bus switches make one of two."""
    node = np.arange(len(net.tables["bus"]))
    columns = (net.column("switch", c) for c in ("bus", "element", "et", "closed"))
    for a, b, et, closed in zip(*columns, strict=True):
        if et == "bus" and closed:
            node[node == node[b]] = node[a]
    return np.asarray(np.unique(node, return_inverse=True)[1])


def _conductances(net: Network, factor: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Laplacian of the wires, conductance and current of sources to the return, at fused buses; converters left out."""
    node = _fused(net)
    n = int(node.max()) + 1
    y, g, j = np.zeros((n, n)), np.zeros(n), np.zeros(n)
    line = net.tables["line"]
    types = std_types.conductors()
    for a, b, r, m, kind, t, on in zip(
        *(
            line.column(c)
            for c in ("from_bus", "to_bus", "r_ohm", "parallel", "std_type", "t_conductor_degC", "in_service")
        ),
        strict=True,
    ):
        if not on:
            continue
        hot = 1.0 + types[kind].alpha_per_K * (t - 20.0) if kind in types and t is not None else 1.0
        a, b, s = node[a], node[b], m * hot / r
        y[[a, b], [a, b]] += s
        y[[a, b], [b, a]] -= s
    source = net.tables["source"]
    for bus, v, p, i, on in zip(
        *(source.column(c) for c in ("bus", "v_v", "p_max_w", "i_max_a", "in_service")), strict=True
    ):
        rated = i if i is not None else (p / v if p is not None else None)
        if on and rated:
            g[node[bus]] += factor * rated / v
            j[node[bus]] += factor * rated
    return y, g, j, node


def prospective_current_a(net: Network, bus: int, factor: float) -> float:
    """Steady current into a bolted fault at a bus [A]; sources without a rating are left out.

    Limited currents of tie converters are not in it; `tie_fault` adds them.
    """
    y, g, j, node = _conductances(net, factor)
    f = node[bus]
    live = np.flatnonzero(_reached(y, f))
    others = live[live != f]
    v = np.zeros(len(g))
    if len(others):
        v[others] = np.linalg.solve(y[np.ix_(others, others)] + np.diag(g[others]), j[others])
    return float(j[f] - y[f] @ v)


def _reached(y: np.ndarray, start: int) -> np.ndarray:
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    _, label = connected_components(csr_matrix(y != 0.0), directed=False)
    return np.asarray(label == label[start])


@dataclass(frozen=True)
class PodFault:
    """Fault at a pod's bus [A]: of its own blocks, with everything that closed ties bring, and what the ties add."""

    pod: str
    bus: str
    i_own_a: float
    i_prospective_a: float
    i_through_ties_a: float
    within_breaker: bool | None


@dataclass(frozen=True)
class TieFault:
    """Screening of the ties of a campus; `findings` say in words which buses are beyond the breakers."""

    pods: tuple[PodFault, ...]
    breaker_a: float | None
    findings: tuple[Finding, ...]
    note: str = "screening: steady prospective current of linear sources; no capacitors, no time course"


def _limited_a(net: Network, hub: int, v: float) -> float:
    """Current limit of the tie converters that end at a hub, or begin at the far end of a tie cable from it [A]."""
    line, conv = net.tables["line"], net.tables["converter"]
    near = {hub} | {
        b for a, b, role in zip(line.column("from_bus"), line.column("to_bus"), line.column("role"), strict=True)
        if role == "tie" and a == hub
    }  # fmt: skip
    return sum(
        CONVERTER_LIMIT * p * n / v
        for a, b, p, n, role, on in zip(
            *(conv.column(c) for c in ("from_bus", "to_bus", "p_rated_w", "n_modules", "role", "in_service")),
            strict=True,
        )
        if role == "tie converter" and on and (a in near or b == hub)
    )


def _without_ties(net: Network) -> list[tuple[int, bool]]:
    """Take the tie cables out of service; return what to put back."""
    line = net.tables["line"]
    roles, states = line.column("role"), line.column("in_service")
    was = [(k, states[k]) for k, role in enumerate(roles) if role == "tie"]
    for k, _ in was:
        states[k] = False
    return was


def tie_fault(spec: CampusGridSpec, source_kind: str = "diode_bridge", breaker_a: float | None = None,
              factors: Mapping[str, float] = FAULT_FACTORS) -> TieFault:  # fmt: skip
    """Prospective current at every pod bus, without and with the ties, against the breakers' rating [A].

    A solid-state breaker that opens in microseconds leaves `i_own_a`; until then, and if it fails, the prospective
    current stands. An open tie adds nothing.
    """
    check = Checker("tie_fault")
    check.choice("source_kind", source_kind, tuple(factors))
    check.number("breaker_a", breaker_a, 0.0, None, "A", strict=True, optional=True)
    check.done()
    one_pole = replace(
        spec, pods=tuple(replace(pod, bipolar=False) for pod in spec.pods)
    )  # pole to pole is the same
    net, factor = campus_network(one_pole), factors[source_kind]
    hubs = [(f"pod {k}", hub) for k in range(1, len(spec.pods) + 1) for hub in pod_hubs(net, f"pod {k}")]
    whole = [prospective_current_a(net, hub, factor) for _, hub in hubs]
    _without_ties(net)
    own = [prospective_current_a(net, hub, factor) for _, hub in hubs]
    pods, findings = [], []
    for (name, hub), i_all, i_own in zip(hubs, whole, own, strict=True):
        total = i_all + _limited_a(net, hub, spec.pods[0].v_bus_v)
        fits = None if breaker_a is None else total <= breaker_a
        label = net.label("bus", hub)
        pods.append(PodFault(name, label, i_own, total, total - i_own, fits))
        if breaker_a is not None and not fits:
            hint = (
                "a smaller cluster, open ties, or ties by converter"
                if i_own <= breaker_a
                else "fewer blocks on this bus"
            )
            findings.append(
                warning(label, f"{total / 1e3:.1f} kA prospective against breakers of {breaker_a / 1e3:.1f} kA",
                        total, f"at most {breaker_a:g} A", hint)
            )  # fmt: skip
    return TieFault(tuple(pods), breaker_a, tuple(findings))


def cluster_current_a(n_pods: int, v_v: float, i_pod_a: float, r_tie_ohm: float, mesh: str = "full") -> float:
    """Largest fault current at a bus of `n_pods` equal pods of own current `i_pod_a` [A], tied through `r_tie_ohm`.

    Examples
    --------
    >>> round(cluster_current_a(4, 800.0, 50e3, 0.004) / 1e3, 1)  # 50 + 3 * 800 / (0.016 + 0.004)
    170.0
    """
    g, y = np.full(n_pods, i_pod_a / v_v), np.zeros((n_pods, n_pods))
    pairs = {
        "full": [(a, b) for a in range(n_pods) for b in range(a)],
        "chain": [(k, k + 1) for k in range(n_pods - 1)],
        "ring": [(k, (k + 1) % n_pods) for k in range(n_pods if n_pods > 2 else n_pods - 1)],
    }[mesh]
    for a, b in pairs:
        y[[a, b], [a, b]] += 1.0 / r_tie_ohm
        y[[a, b], [b, a]] -= 1.0 / r_tie_ohm
    worst = 0.0
    for f in {0, n_pods // 2}:
        others = [k for k in range(n_pods) if k != f]
        v = np.zeros(n_pods)
        if others:
            v[others] = np.linalg.solve(y[np.ix_(others, others)] + np.diag(g[others]), g[others] * v_v)
        worst = max(worst, float(i_pod_a - y[f] @ v))
    return worst


def largest_cluster(
    breaker_a: float, v_v: float, i_pod_a: float, r_tie_ohm: float, mesh: str = "full"
) -> int | None:
    """Most equal pods that may be tied so that no bus sees more than the breakers' rating; 0 if one pod is too much.

    None where any number may be tied: in a chain or ring the current grows towards a bound.

    Examples
    --------
    >>> largest_cluster(100e3, 800.0, 50e3, 0.004), largest_cluster(40e3, 800.0, 50e3, 0.004)
    (2, 0)
    """
    check = Checker("largest_cluster")
    for field, value, unit in (
        ("breaker_a", breaker_a, "A"), ("v_v", v_v, "V"), ("i_pod_a", i_pod_a, "A"), ("r_tie_ohm", r_tie_ohm, "ohm"),
    ):  # fmt: skip
        check.number(field, value, 0.0, None, unit, strict=True)
    check.choice("mesh", mesh, ("full", "chain", "ring"))
    check.done()
    if i_pod_a > breaker_a:
        return 0
    if mesh == "full":
        r_pod = v_v / i_pod_a
        return 1 + int((breaker_a - i_pod_a) * (r_pod + r_tie_ohm) / v_v * (1.0 + 1e-12))
    n, before = 1, i_pod_a
    while n < LARGEST:
        now = cluster_current_a(n + 1, v_v, i_pod_a, r_tie_ohm, mesh)
        if now > breaker_a * (1.0 + 1e-12):
            return n
        if n > 8 and now - before < 1e-9 * now:
            return None
        n, before = n + 1, now
    return None
