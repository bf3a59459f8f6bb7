"""Whether temperatures cross inside the segments of a solved cycle's recuperators.

A recuperator is solved by its nodes (`recuperator`). Where cp bends within one segment (near the pseudo-critical
temperature, with a pinch there) the temperatures may cross between two nodes although they do not at them: the exchanger
would be better than any can be. Here each one is marched again with finer segments at its duty, pressures and flows.
"""

from thermo.cycle.components import Component
from thermo.exchangers.recuperator import SECANT, counterflow
from thermo.result import CycleResult

FINER = 4


def least_inner_difference_K(r: CycleResult, recuperator: Component, n: int) -> float:
    """Least temperature difference [K] at the nodes of n segments of equal duty; negative where they cross."""
    hot, cold = (
        (s.m_dot_kg_s, a.h_J_kg, a.p_Pa, b.p_Pa, a.rho_kg_m3, a.T_K)
        for s in recuperator.streams
        for a, b in ((r.states[s.inlet], r.states[s.outlet]),)
    )
    ok, _UA, dT, _T_cold, _T_hot = counterflow(SECANT, n, recuperator.Q_W, hot, cold)
    return float(dT) if ok else -float("inf")


def crossed(r: CycleResult, n: int) -> tuple[str, ...]:
    """Recuperators of a result solved with n segments in which temperatures cross between the nodes, by name."""
    return tuple(
        c.name
        for c in r.components
        if c.kind == "recuperator" and c.Q_W > 0.0 and least_inner_difference_K(r, c, FINER * n) < 0.0
    )
