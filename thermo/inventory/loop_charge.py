"""Mass of CO2 in a loop, from its state table; compiled, so that a solve can ask for it at every step.

    charge = sum over the volumes of V * mean density

A pipe is filled at its state's density, a machine at the mean of its ends. An exchanger is cut into segments of equal duty
(the march of `flash`); a segment's length, hence its volume, goes with 1/LMTD: in a recuperator against the other side,
in a cooler against air that rises linearly with duty, in a heater all lengths are equal (uniform flux).

    charge = sum_i V w_i (rho_i + rho_i+1)/2,  w_i = (1/LMTD_i) / sum_j (1/LMTD_j)

Converges with the square of the number of segments: `docs/models/thermo_inventory.md`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from thermo.co2.flash import march
from thermo.compiled import kernel, part
from thermo.exchangers.recuperator import lmtd
from thermo.machines.turbomachinery import H_, P_, RHO_, T_

if TYPE_CHECKING:
    from thermo.inventory.loop_volumes import LoopVolume

N_SEGMENTS = 20
_PIPE, _MACHINE, _EXCHANGER = 0, 1, 2
_DT_LEAST_K = 0.2  # a segment where the temperatures meet is given this difference


class VolumeTable(NamedTuple):
    """Volumes in the kernel's form, one row per component (both sides of a recuperator in one).

    rows: (inlet, outlet, inlet of the cold side, its outlet) as rows of the state table, -1: none;
    V: volumes [m3] of the two sides; kind: pipe, machine, exchanger;
    air: (difference at the CO2 outlet, rise along the CO2) [K] of a cooler's air, zeros: uniform flux.
    """

    rows: np.ndarray
    V: np.ndarray
    kind: np.ndarray
    air: np.ndarray


def volume_table(volumes: Sequence[LoopVolume], names: Sequence[str], air_approach_K: float = 10.0,
                 air_rise_K: float = 15.0) -> VolumeTable:  # fmt: skip
    """Volumes as arrays for a state table whose rows are `names`; the two air temperatures shape the coolers' segments."""
    row = {name: i for i, name in enumerate(names)}
    lines: list[tuple[list[int], list[float], int, tuple[float, float]]] = []
    place: dict[str, int] = {}
    for v in volumes:
        ends = [row[v.inlet], row[v.outlet]]
        if v.side == "cold":
            k = place[v.component]
            lines[k][0][2:] = ends
            lines[k][1][1] = v.volume_m3
            continue
        place[v.component] = len(lines)
        kind = {"pipe": _PIPE, "recuperator": _EXCHANGER, "heater": _EXCHANGER, "cooler": _EXCHANGER}
        air = (air_approach_K, air_rise_K) if v.kind == "cooler" else (0.0, 0.0)
        lines.append(([*ends, -1, -1], [v.volume_m3, 0.0], kind.get(v.kind, _MACHINE), air))
    columns = [np.array(c) for c in zip(*lines, strict=True)]
    return VolumeTable(columns[0], columns[1].astype(float), columns[2], columns[3].astype(float))


@part
def _mean(rho: np.ndarray, w: np.ndarray, backwards: bool) -> float:
    """Mean of a density [kg/m3] between nodes with the weights of the segments, taken backwards or not."""
    total = share = 0.0
    n = w.size
    for i in range(n):
        one = w[n - 1 - i] if backwards else w[i]
        share += one
        total += one * 0.5 * (rho[i] + rho[i + 1])
    return total / share


@part
def _exchanger(n: int, st: np.ndarray, rows: np.ndarray, V: np.ndarray, air: np.ndarray) -> tuple:
    """(ok, kg in the first side, kg in the second) of an exchanger."""
    a, b, c, d = rows[0], rows[1], rows[2], rows[3]
    rho, T, rho2, T2 = np.empty(n + 1), np.empty(n + 1), np.empty(n + 1), np.empty(n + 1)
    w = np.ones(n)
    if not march(n, st[a, H_], st[a, P_], st[b, H_], st[b, P_], st[a, RHO_], st[a, T_], rho, T):
        return False, 0.0, 0.0
    if c >= 0 and not march(n, st[c, H_], st[c, P_], st[d, H_], st[d, P_], st[c, RHO_], st[c, T_], rho2, T2):
        return False, 0.0, 0.0
    if c >= 0 or air[0] > 0.0:
        for i in range(n):
            if c >= 0:
                d1, d2 = T[i] - T2[n - i], T[i + 1] - T2[n - i - 1]
            else:
                cold = st[b, T_] - air[0]
                d1, d2 = T[i] - cold - air[1] * (1.0 - i / n), T[i + 1] - cold - air[1] * (1.0 - (i + 1) / n)
            w[i] = 1.0 / lmtd(max(d1, _DT_LEAST_K), max(d2, _DT_LEAST_K))
    first = V[0] * _mean(rho, w, False)
    return True, first, V[1] * _mean(rho2, w, True) if c >= 0 else 0.0


@kernel
def charges(st: np.ndarray, t: VolumeTable, n: int, kg: np.ndarray) -> bool:
    """Fill kg (rows of the table, 2) with the mass in each volume; False where an exchanger has no state inside.

    st: state table with columns T, p, h, s, rho (those of `turbomachinery`); n: segments of the exchangers.
    """
    for k in range(t.kind.size):
        a, b = t.rows[k, 0], t.rows[k, 1]
        kg[k, 1] = 0.0
        if t.kind[k] == _PIPE:
            kg[k, 0] = t.V[k, 0] * st[a, RHO_]
        elif t.kind[k] == _MACHINE:
            kg[k, 0] = t.V[k, 0] * 0.5 * (st[a, RHO_] + st[b, RHO_])
        else:
            ok, kg[k, 0], kg[k, 1] = _exchanger(n, st, t.rows[k], t.V[k], t.air[k])
            if not ok:
                return False
    return True


@kernel
def charge_kg(st: np.ndarray, t: VolumeTable, n: int) -> float:
    """Mass of CO2 in the loop [kg]; -1 where an exchanger has no state inside."""
    kg = np.empty((t.kind.size, 2))
    if not charges(st, t, n, kg):
        return -1.0
    total = 0.0
    for k in range(t.kind.size):
        total += kg[k, 0] + kg[k, 1]
    return total
