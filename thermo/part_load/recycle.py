"""What recycle valves add to a solved point: flow through compressors and coolers, and the mixers before the coolers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from thermo.co2.flash import BY_H, flash
from thermo.co2.helmholtz import properties
from thermo.cycle.components import Component, Stream
from thermo.state import State

_PAIRS = (("main_compressor", "cooler", "main_compressor_outlet", "recycled_cooler_inlet"),
          ("precompressor", "cooler_2", "precompressor_outlet", "recycled_cooler_2_inlet"))  # fmt: skip


def with_recycle(
    components: tuple[Component, ...], states: Mapping[str, State], shares: tuple[float, float]
) -> tuple[tuple[Component, ...], dict[str, State]]:
    """Components and states with a share of the main compressor's and the precompressor's useful flow recycled.

    The recycled flow is throttled to its cooler's inlet, mixes there, is cooled and compressed again.
    """
    found = {c.name: c for c in components}
    known = dict(states)
    for (machine, cooler, outlet, mixed), k in zip(_PAIRS, shares, strict=True):
        if k <= 1e-9 or machine not in found:
            continue
        w, q = found[machine], found[cooler]
        inlet, end, useful = q.streams[0].inlet, q.streams[0].outlet, q.streams[0].m_dot_kg_s
        h = (known[inlet].h_J_kg + k * known[outlet].h_J_kg) / (1.0 + k)
        p, near = known[inlet].p_Pa, known[inlet]
        _ok, rho, T = flash(BY_H, p, h, near.rho_kg_m3, near.T_K)
        known[mixed] = State(T, p, h, float(properties(rho, T)[2]), rho)
        run = tuple(replace(s, m_dot_kg_s=s.m_dot_kg_s * (1.0 + k)) for s in w.streams)
        found[machine] = replace(w, streams=run, W_W=w.W_W * (1.0 + k))
        flow = useful * (1.0 + k)
        found[cooler] = replace(q, streams=(Stream(mixed, end, flow),), Q_W=flow * (h - known[end].h_J_kg))
        mixer = (Stream(inlet, mixed, useful), Stream(outlet, mixed, useful * k))
        found[f"{machine}_recycle"] = Component(f"{machine}_recycle", "mixer", mixer)
    return tuple(found.values()), known
