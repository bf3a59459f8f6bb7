"""Table of CO2 over (p, h): temperature, density and entropy in some 20 ns, for the compiled cycle kernels.

The grid is rectilinear in p and h, finest around the critical point and the pseudo-critical ridge, with a bicubic Hermite
patch in every cell and derivatives from the Helmholtz equation. Kept are T, z = p/rho and s: smooth from gas to liquid.
Below the critical pressure each side of the dome is a table of its own: nodes just inside the dome carry the metastable
liquid or vapour, so a cell that the dome cuts is as smooth as any other. Points inside the dome, outside the grid, or in
a cell with a node that has no such state are refused (0.0), and the caller takes the exact flash.

`property_table()` reads it from disk or builds it: one float64 array that kernels take as an argument (a global array
would be copied into every compiled kernel). An empty array means "no table": everything is refused.

Equation of state: `helmholtz`. Patches: bicubic Hermite interpolation, e.g. W. H. Press et al., Numerical Recipes, 3.6.
"""

import math
import threading
from collections.abc import Callable

import numpy as np

from thermo.co2.flash import BY_H, flash
from thermo.co2.helmholtz import P_CRIT_PA
from thermo.compiled import kernel, part

FORMAT = 1  # of the array; a change makes stored tables stale
# Segments of the grid: edges and equal steps between them. The critical pressure is an edge, so is its enthalpy (nearly:
# the equation is singular at the point itself), which lies inside the dome at every lower pressure and parts its sides.
H_MID = 332.25e3
P_EDGES = (0.45e6, 1.5e6, 6.2e6, P_CRIT_PA, 9.6e6, 16e6, 42e6)  # [Pa]
P_STEPS = (21, 47, 40, 70, 64, 65)
H_EDGES = (70e3, 200e3, H_MID, 470e3, 700e3, 1540e3)  # [J/kg]
H_STEPS = (26, 66, 69, 46, 56)
N_P, N_H = sum(P_STEPS) + 1, sum(H_STEPS) + 1
PLANE = N_P * N_H * 4  # node: value, d/dp, d/dh, d2/dpdh
N_SAT = 1600  # equal steps of y = sqrt(1 - p/p_c) from 0 to Y_MAX
SAT = 3 * PLANE  # saturation rows: (value, d/dy) of T, h_l, h_v, v_l, v_v, s_l, s_v
Y_MAX = math.sqrt(1.0 - P_EDGES[0] / P_CRIT_PA)
SIZE = SAT + 14 * (N_SAT + 1)
_PE, _HE = np.array(P_EDGES), np.array(H_EDGES)
_PS, _HS = np.diff(_PE) / P_STEPS, np.diff(_HE) / H_STEPS
_PR, _HR = 1.0 / _PS, 1.0 / _HS
_PN, _HN = np.cumsum((0, *P_STEPS)), np.cumsum((0, *H_STEPS))
_IZ, _IS = PLANE, 2 * PLANE
_1, _2, _3, _4, _5, _6, _7 = (np.uint64(k) for k in range(1, 8))  # unsigned: no look for negative indices
_ROW = np.uint64(4 * N_H)
_T, _HL, _HV, _SL, _SV = 0, 2, 4, 10, 12


def grid() -> tuple[np.ndarray, np.ndarray]:
    """Pressures [Pa] and enthalpies [J/kg] of the nodes."""
    axes = []
    for edges, steps in ((P_EDGES, P_STEPS), (H_EDGES, H_STEPS)):
        parts = [
            np.linspace(a, b, n, endpoint=False) for a, b, n in zip(edges, edges[1:], steps, strict=False)
        ]
        axes.append(np.append(np.concatenate(parts), edges[-1]))
    return axes[0], axes[1]


@part
def _segments(p: float, h: float) -> tuple:
    """Segment of the grid in p and in h (chains of comparisons: the quickest here)."""
    if p < P_EDGES[3]:
        k = 0 if p < P_EDGES[1] else 1 if p < P_EDGES[2] else 2
    else:
        k = 3 if p < P_EDGES[4] else 4 if p < P_EDGES[5] else 5
    if h < H_EDGES[2]:
        m = 0 if h < H_EDGES[1] else 1
    else:
        m = 2 if h < H_EDGES[3] else 3 if h < H_EDGES[4] else 4
    return k, m


@part
def _patch(table: np.ndarray, at: int, u: float, v: float, dp: float, dh: float) -> float:
    """Hermite patch of the cell whose lowest node begins at `at`, at (u, v) of its width."""
    u1, v1 = u - 1.0, v - 1.0
    b1 = u * u * (3.0 - 2.0 * u)
    c0, c1 = u * u1 * u1 * dp, u * u * u1 * dp
    d1 = v * v * (3.0 - 2.0 * v)
    e0, e1 = v * v1 * v1 * dh, v * v * v1 * dh
    b0, d0 = 1.0 - b1, 1.0 - d1
    a = np.uint64(at)
    z = a + _ROW
    low = (
        d0 * (b0 * table[a] + c0 * table[a + _1]) + e0 * (b0 * table[a + _2] + c0 * table[a + _3])
        + d1 * (b0 * table[a + _4] + c0 * table[a + _5]) + e1 * (b0 * table[a + _6] + c0 * table[a + _7])
    )  # fmt: skip
    high = (
        d0 * (b1 * table[z] + c1 * table[z + _1]) + e0 * (b1 * table[z + _2] + c1 * table[z + _3])
        + d1 * (b1 * table[z + _4] + c1 * table[z + _5]) + e1 * (b1 * table[z + _6] + c1 * table[z + _7])
    )  # fmt: skip
    return low + high


@kernel
def saturation(table: np.ndarray, what: int, p_Pa: float) -> float:
    """A saturation property (`what`: 0 T, 2 h_l, 4 h_v, 6 v_l, 8 v_v, 10 s_l, 12 s_v) below the critical pressure."""
    y = math.sqrt(1.0 - p_Pa / P_CRIT_PA) * (N_SAT / Y_MAX)
    i = min(int(y), N_SAT - 1)
    u = y - i
    u1, k, dy = u - 1.0, SAT + 14 * i + what, Y_MAX / N_SAT
    b1 = u * u * (3.0 - 2.0 * u)
    return (
        table[k] * (1.0 - b1) + table[k + 14] * b1 + u * u1 * dy * (u1 * table[k + 1] + u * table[k + 15])
    )  # fmt: skip


@part
def _in_dome(table: np.ndarray, p: float, h: float) -> bool:
    if h < H_MID:
        return h > saturation(table, _HL, p)
    return h < saturation(table, _HV, p)


@part
def _place(table: np.ndarray, p: float, h: float) -> tuple:
    """(node, u, v, dp, dh) of the cell of a point; node -1 where refused."""
    if table.size == 0 or not (P_EDGES[0] <= p < P_EDGES[-1] and H_EDGES[0] <= h < H_EDGES[-1]):
        return -1, 0.0, 0.0, 0.0, 0.0
    if p < P_CRIT_PA and _in_dome(table, p, h):
        return -1, 0.0, 0.0, 0.0, 0.0
    k, m = _segments(p, h)
    u, v = (p - _PE[k]) * _PR[k], (h - _HE[m]) * _HR[m]
    i, j = int(u), int(v)
    return 4 * ((_PN[k] + i) * N_H + _HN[m] + j), u - i, v - j, _PS[k], _HS[m]


@part
def table_T(table: np.ndarray, p_Pa: float, h_J_kg: float) -> float:
    """Temperature [K] at pressure [Pa] and enthalpy [J/kg]; 0.0 where refused."""
    at, u, v, dp, dh = _place(table, p_Pa, h_J_kg)
    if at < 0:
        return 0.0
    T = _patch(table, at, u, v, dp, dh)
    return T if T > 0.0 else 0.0


@part
def table_rho_T(table: np.ndarray, p_Pa: float, h_J_kg: float) -> tuple:
    """(ok, rho [kg/m3], T [K]) at pressure [Pa] and enthalpy [J/kg]."""
    at, u, v, dp, dh = _place(table, p_Pa, h_J_kg)
    if at < 0:
        return False, 0.0, 0.0
    T = _patch(table, at, u, v, dp, dh)
    if not (T > 0.0):
        return False, 0.0, 0.0
    return True, p_Pa / _patch(table, at + _IZ, u, v, dp, dh), T


@part
def table_s(table: np.ndarray, p_Pa: float, h_J_kg: float) -> tuple:
    """(ok, s [J/kg/K], T [K]) at pressure [Pa] and enthalpy [J/kg]."""
    at, u, v, dp, dh = _place(table, p_Pa, h_J_kg)
    if at < 0:
        return False, 0.0, 0.0
    T = _patch(table, at, u, v, dp, dh)
    if not (T > 0.0):
        return False, 0.0, 0.0
    return True, _patch(table, at + _IS, u, v, dp, dh), T


@part
def _bounds(table: np.ndarray, liquid: int, vapour: int, p: float, y: float) -> tuple:
    """(lowest, highest) enthalpy [J/kg] of the side of the dome where `y` is found; lowest above highest: in the dome."""
    if p >= P_CRIT_PA:
        return H_EDGES[0], H_EDGES[-1]
    if y <= saturation(table, liquid, p):
        return H_EDGES[0], saturation(table, _HL, p)
    if y >= saturation(table, vapour, p):
        return saturation(table, _HV, p), H_EDGES[-1]
    return 1.0, 0.0


@part
def _column(h: float) -> int:
    m = _segments(P_CRIT_PA, h)[1]
    return _HN[m] + int((h - _HE[m]) * _HR[m])


@part
def _across(table: np.ndarray, at: int, b1: float, c0: float, c1: float) -> float:
    """Value (or, from at + 2, its d/dh) at a column, between two rows of nodes, with the weights of Hermite's cubic."""
    low = np.uint64(at)
    up = low + _ROW
    return (1.0 - b1) * table[low] + b1 * table[up] + c0 * table[low + _1] + c1 * table[up + _1]


@part
def _root(a: float, b: float, s0: float, s1: float, y: float, lo: float, hi: float) -> float:
    """Place v in [lo, hi] of a cell where the cubic from a, slope s0, to b, slope s1, is y: Newton within the bracket."""
    rise = b - a
    c2, c3 = 3.0 * rise - 2.0 * s0 - s1, s0 + s1 - 2.0 * rise
    v = min(max((y - a) / rise, lo), hi)
    for _ in range(30):
        miss = a - y + v * (s0 + v * (c2 + v * c3))
        if miss > 0.0:
            hi = v
        else:
            lo = v
        slope = s0 + v * (2.0 * c2 + 3.0 * v * c3)
        new = v - miss / slope if slope > 0.0 else 2.0
        if not (lo <= new <= hi):
            new = 0.5 * (lo + hi)
        if abs(new - v) < 1e-9:
            return new
        v = new
    return v


@part
def _invert(table: np.ndarray, plane: int, liquid: int, vapour: int, p: float, y: float) -> float:
    """Enthalpy [J/kg] at which a plane of the table (T or s) is y at pressure p; 0.0 where refused.

    A binary search along the row for the cell, then the root of the cubic in it. `liquid` and `vapour` are the saturation
    rows of the same property.
    """
    if table.size == 0 or not (P_EDGES[0] <= p < P_EDGES[-1]):
        return 0.0
    h_lo, h_hi = _bounds(table, liquid, vapour, p, y)
    if h_lo > h_hi:
        return 0.0
    k = _segments(p, h_lo)[0]
    u = (p - _PE[k]) * _PR[k]
    i = int(u)
    row, u, dp = 4 * (_PN[k] + i) * N_H + plane, u - i, _PS[k]
    w, w0, w1 = u * u * (3.0 - 2.0 * u), u * (u - 1.0) ** 2 * dp, u * u * (u - 1.0) * dp
    lo, hi = _column(h_lo), min(_column(h_hi) + 1, N_H - 1)
    first, last = lo, hi
    while hi - lo > 1:
        mid = (lo + hi) // 2
        if _across(table, row + 4 * mid, w, w0, w1) > y:
            hi = mid
        else:
            lo = mid
    m = 0
    while m < len(H_EDGES) - 2 and lo >= _HN[m + 1]:
        m += 1
    h_at, dh = _HE[m] + (lo - _HN[m]) * _HS[m], _HS[m]
    a, b = _across(table, row + 4 * lo, w, w0, w1), _across(table, row + 4 * hi, w, w0, w1)
    if (lo == first and y < a and h_lo == H_EDGES[0]) or (hi == last and y > b and h_hi == H_EDGES[-1]):
        return 0.0
    s0, s1 = _across(table, row + 4 * lo + 2, w, w0, w1), _across(table, row + 4 * hi + 2, w, w0, w1)
    v = _root(a, b, s0 * dh, s1 * dh, y, max(0.0, (h_lo - h_at) / dh), min(1.0, (h_hi - h_at) / dh))
    h = h_at + v * dh
    return h if h > 0.0 else 0.0


@part
def table_ps(table: np.ndarray, p_Pa: float, s_J_kgK: float) -> float:
    """Enthalpy [J/kg] at pressure and entropy from the table; 0.0 where refused (outside, or inside the dome)."""
    return _invert(table, _IS, _SL, _SV, p_Pa, s_J_kgK)


@part
def table_pT(table: np.ndarray, p_Pa: float, T_K: float) -> float:
    """Enthalpy [J/kg] at pressure and temperature from the table; 0.0 where refused."""
    return _invert(table, 0, _T, _T, p_Pa, T_K)


@part
def march_table(
    table: np.ndarray, n: int, h_from: float, p_from: float, h_to: float, p_to: float, T: np.ndarray
) -> bool:
    """Fill T [K] at n+1 nodes linear in h and p; nodes that the table refuses come from the exact flash."""
    dh, dp = (h_to - h_from) / n, (p_to - p_from) / n
    for i in range(n + 1):
        h, p = h_from + i * dh, p_from + i * dp
        T[i] = table_T(table, p, h)
        if T[i] == 0.0:
            rho0 = T0 = 0.0
            if i > 0:
                _ok, rho0, T0 = table_rho_T(table, p - dp, h - dh)
            ok, _rho, T[i] = flash(BY_H, p, h, rho0, T0)
            if not ok:
                return False
    return True


_lock = threading.Lock()
_kept: list[np.ndarray] = []


def property_table(progress: Callable[[float], None] | None = None) -> np.ndarray:
    """The table of this process: from the user's cache folder, or built (once, under a second after compiling).

    `progress` is called with the share that is done, if it has to be built. Not to be written to.
    """
    with _lock:
        if not _kept:
            from thermo.co2.property_store import load_or_build

            _kept.append(load_or_build(progress))
    return _kept[0]
