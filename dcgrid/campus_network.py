"""The network of a campus: several pods, and the ties that make them a mesh.

pod a block bus --(tie cable)-- m --[open switch]------------------- pod b block bus     open, with transfer
                                m --(breaker)--[closed switch]------ pod b block bus     closed, solid-state breaker
                                m --(DC/DC, moves p_set)------------ pod b block bus     closed, converter
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from dcgrid import cables, std_types
from dcgrid.network import (
    create_converter,
    create_empty_network,
    create_line,
    create_line_from_parameters,
    create_switch,
)
from dcgrid.outcome import Checker
from dcgrid.pod import PodSpec, add_bus, build_pod
from dcgrid.tables import Network

TIE_MODES = ("open", "solid_state_breaker", "converter")
MESHES = ("none", "chain", "ring", "full")

#: Voltage across a closed solid-state breaker at rated current over nominal: an assumption (1 to 2 V at 800 V).
BREAKER_DROP_FRAC = 0.002


@dataclass(frozen=True)
class TieSpec:
    """A tie between pods `a` and `b` (numbers from 1). Length [m], rating [W], transfer of a converter [W].

    p_rated_w : None takes one block of the larger pod. p_set_w : + from a to b, measured at b.
    """

    a: int
    b: int
    mode: str = "open"
    length_m: float = 100.0
    p_rated_w: float | None = None
    p_set_w: float = 0.0


@dataclass(frozen=True)
class CampusGridSpec:
    """Pods and their ties.

    mesh : "none", "chain" (each pod with the next), "ring", "full" (each with each), all by `tie_mode`, `tie_length_m`
        and `tie_p_w`; or `ties`, which says each one.
    """

    pods: tuple[PodSpec, ...]
    mesh: str = "none"
    tie_mode: str = "open"
    tie_length_m: float = 100.0
    tie_p_w: float | None = None
    ties: tuple[TieSpec, ...] | None = None
    converter_std_type: str = "battery DC/DC"
    name: str = "campus"

    def __post_init__(self) -> None:
        object.__setattr__(self, "pods", tuple(self.pods))
        check = Checker("CampusGridSpec")
        n = len(self.pods)
        check.whole("pods", n, 1)
        check.choice("mesh", self.mesh, MESHES)
        check.choice("converter_std_type", self.converter_std_type, tuple(std_types.converters()))
        if len({p.v_bus_v for p in self.pods}) > 1 and (self.mesh != "none" or self.ties):
            voltages = sorted({p.v_bus_v for p in self.pods})
            check.add("pods", voltages, "one bus voltage for tied pods")
        if len({p.bipolar for p in self.pods}) > 1 and (self.mesh != "none" or self.ties):
            check.add("pods", "bipolar and monopolar", "one kind for tied pods")
        if self.mesh in MESHES:
            for k, tie in enumerate(self.all_ties()):
                here = f"ties[{k}]"
                check.choice(f"{here}.mode", tie.mode, TIE_MODES)
                check.number(f"{here}.length_m", tie.length_m, 0.0, None, "m", strict=True)
                check.number(f"{here}.p_rated_w", tie.p_rated_w, 0.0, None, "W", strict=True, optional=True)
                if not (1 <= tie.a <= n and 1 <= tie.b <= n) or tie.a == tie.b:
                    check.add(f"{here}.b", (tie.a, tie.b), f"two different pods, 1 to {n}")
                if tie.mode != "converter" and tie.p_set_w:
                    check.add(f"{here}.p_set_w", tie.p_set_w, "0 W unless the tie is a converter")
        check.done()

    def all_ties(self) -> tuple[TieSpec, ...]:
        """The ties as given, or those of the mesh."""
        if self.ties is not None:
            return tuple(self.ties)
        n = len(self.pods)
        pairs = {
            "none": [],
            "chain": [(k, k + 1) for k in range(1, n)],
            "ring": [(k, k % n + 1) for k in range(1, n + 1)] if n > 2 else [(1, 2)][: n - 1],
            "full": list(combinations(range(1, n + 1), 2)),
        }[self.mesh]
        return tuple(TieSpec(a, b, self.tie_mode, self.tie_length_m, self.tie_p_w) for a, b in pairs)


def pod_hubs(net: Network, name: str) -> tuple[int, ...]:
    """Block buses of a pod: one, or A and B."""
    labels = net.labels("bus")
    return tuple(k for k, label in enumerate(labels) if label.startswith(f"{name} / block bus"))


def _add_tie(net: Network, spec: CampusGridSpec, tie: TieSpec, a: int, b: int, name: str) -> None:
    v = spec.pods[tie.a - 1].v_bus_v
    rated = tie.p_rated_w or max(spec.pods[k - 1].block_p_w for k in (tie.a, tie.b))
    wire = cables.select(rated / v, v, tie.length_m, 0.02)
    pod = spec.pods[tie.a - 1]
    end = add_bus(net, pod, f"{name} end")
    create_line(
        net,
        a,
        end,
        tie.length_m,
        wire.std_type,
        wire.parallel,
        f"{name} cable",
        derating=cables.GROUPING_FACTOR,
        role="tie",
    )
    if tie.mode == "open":
        create_switch(net, end, b, closed=False, name=f"{name} tie switch")
    elif tie.mode == "solid_state_breaker":
        far = add_bus(net, pod, f"{name} breaker")
        r = BREAKER_DROP_FRAC * v * v / rated
        each = 0.5 * r if pod.bipolar else None
        create_line_from_parameters(
            net, end, far, None if pod.bipolar else r, rated / v, name=f"{name} breaker", role="tie breaker",
            r_pole_ohm=each, r_neutral_ohm=each,
        )  # fmt: skip
        create_switch(net, far, b, closed=True, name=f"{name} breaker switch")
    else:
        between = "pos-neg" if pod.bipolar else None
        create_converter(
            net, end, b, mode="p", p_set_w=tie.p_set_w, p_rated_w=rated, std_type=spec.converter_std_type,
            bidirectional=True, name=f"{name} converter", role="tie converter",
            from_between=between, to_between=between,
        )  # fmt: skip


def campus_network(spec: CampusGridSpec) -> Network:
    """Build the campus; pods are "pod 1", "pod 2", ..., ties "tie 1-2" (2N pods: one on side A, one on side B).

    Examples
    --------
    >>> import dcgrid
    >>> pod = dcgrid.PodSpec(n_blocks=2, block_p_w=1e6, n_racks=8, rack_p_w=132e3)
    >>> net = campus_network(CampusGridSpec((pod,) * 3, mesh="ring", tie_mode="solid_state_breaker"))
    >>> dcgrid.run(net).outcome.name, sum(r == "tie" for r in net.column("line", "role"))
    ('OK', 3)
    """
    net = create_empty_network(spec.name)
    hubs = {}
    for k, pod in enumerate(spec.pods, 1):
        build_pod(pod, net, f"pod {k}")
        hubs[k] = pod_hubs(net, f"pod {k}")
    for tie in spec.all_ties():
        count = max(len(hubs[tie.a]), len(hubs[tie.b]))
        for side in range(count):
            a, b = (hubs[k][side % len(hubs[k])] for k in (tie.a, tie.b))
            _add_tie(net, spec, tie, a, b, f"tie {tie.a}-{tie.b}" + (f" {'AB'[side]}" if count > 1 else ""))
    return net
