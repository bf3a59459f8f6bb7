"""Fill the property table: every node from the Helmholtz equation, followed along isobars from gas and from liquid.

Derivatives at a node follow from those of p(rho,T) and h(rho,T); the mixed ones are central differences of the exact
first derivatives along the isobar, a thousandth of a grid step to each side.
"""

import math
from collections.abc import Callable

import numpy as np

from thermo.co2.flash import density
from thermo.co2.helmholtz import P_CRIT_PA, RHO_CRIT_KG_M3, T_CRIT_K, properties, saturation_ancillary
from thermo.co2.property_table import H_MID, N_H, N_P, N_SAT, PLANE, SAT, SIZE, Y_MAX, grid
from thermo.compiled import kernel, part

_START_GAS_K, _START_LIQUID_K = 1250.0, 215.0
_BITE = 1e-3  # step of the central difference, relative to rho


@part
def _follow(p: float, h: float, rho: float, T: float) -> tuple:
    """(ok, rho, T) near a known state, on into the metastable region as long as the isobar's h still falls with rho."""
    for _ in range(30):
        q = properties(rho, T)
        det = q[4] * q[7] - q[5] * q[6]
        if not (det > 0.0 and q[3] > 0.0):
            return False, rho, T
        fp, fh = q[0] - p, q[1] - h
        dr, dT = (q[5] * fh - q[7] * fp) / det, (q[6] * fp - q[4] * fh) / det
        if abs(dr) > 0.3 * rho or abs(dT) > 0.15 * T:
            return False, rho, T
        rho += dr
        T += dT
        if abs(dr) < 1e-7 * rho and abs(dT) < 1e-7 * T:
            return True, rho, T
    return False, rho, T


@part
def _slopes(rho: float, T: float) -> tuple:
    """(dT/dp, dT/dh, drho/dp, drho/dh) at constant h or p."""
    q = properties(rho, T)
    det = q[4] * q[7] - q[5] * q[6]
    return -q[6] / det, q[4] / det, q[7] / det, -q[5] / det


@part
def _write(table: np.ndarray, at: int, p: float, rho: float, T: float) -> None:
    """The node's T, z = p/rho and s with their derivatives."""
    T_p, T_h, r_p, r_h = _slopes(rho, T)
    e = _BITE * min(rho / abs(r_h), T / max(abs(T_h), 1e-12))
    up, down = _slopes(rho + e * r_h, T + e * T_h), _slopes(rho - e * r_h, T - e * T_h)
    T_ph, r_ph = (up[0] - down[0]) / (2.0 * e), (up[2] - down[2]) / (2.0 * e)
    v = 1.0 / rho
    table[at], table[at + 1], table[at + 2], table[at + 3] = T, T_p, T_h, T_ph
    z = at + PLANE
    table[z], table[z + 1], table[z + 2] = p * v, v - p * r_p * v * v, -p * r_h * v * v
    table[z + 3] = v * v * (-r_h - p * r_ph + 2.0 * p * r_p * r_h * v)
    s = at + 2 * PLANE
    table[s], table[s + 1], table[s + 2], table[s + 3] = (
        properties(rho, T)[2],
        -v / T,
        1.0 / T,
        -T_p / (T * T),
    )


@kernel
def _row(
    table: np.ndarray, i: int, p: float, h: np.ndarray, by: int, first: int, last: int, T: float
) -> None:
    """Fill the nodes of a row from column `first` on (by = 1 or -1) to `last`, until the isobar cannot be followed."""
    rho = density(p, T)
    now = properties(rho, T)[1]
    j, tries = first, 0
    while j != last + by:
        T_h, r_h = _slopes(rho, T)[1], _slopes(rho, T)[3]
        step = (h[j] - now) / 2**tries
        k = min(1.0, 0.2 * rho / abs(r_h * step), 0.1 * T / abs(T_h * step))
        ok, rho_new, T_new = _follow(p, now + k * step, rho + k * step * r_h, T + k * step * T_h)
        if not ok:
            tries += 1
            if tries > 3:
                return
            continue
        now, rho, T = now + k * step, rho_new, T_new
        if k == 1.0 and tries == 0:
            _write(table, 4 * (i * h.size + j), p, rho, T)
            j += by
        tries = 0


@part
def _saturated(p: float, T: float, rl: float, rv: float) -> tuple:
    """(ok, T, rho_l, rho_v) of equal pressure and Gibbs energy, by Newton from a start."""
    for _ in range(60):
        a, b = properties(rl, T), properties(rv, T)
        if a[4] <= 0.0 or b[4] <= 0.0 or a[2] >= b[2]:
            return False, T, rl, rv
        g = a[1] - T * a[2] + (p - a[0]) / rl - b[1] + T * b[2] - (p - b[0]) / rv
        dT = g / (a[2] - b[2])
        dl, dv = (p - a[0] - a[5] * dT) / a[4], (p - b[0] - b[5] * dT) / b[4]
        k = min(1.0, 0.1 * (rl - rv) / max(abs(dl), abs(dv), 1e-300))
        T, rl, rv = T + k * dT, rl + k * dl, rv + k * dv
        if abs(dl) < 1e-10 * rl and abs(dv) < 1e-10 * rv and abs(dT) < 1e-10 * T:
            return True, T, rl, rv
    return False, T, rl, rv


@kernel
def _dome(p_low: float, rows: np.ndarray) -> int:
    """Saturation at N_SAT equal steps of y, from the lowest pressure up; returns the first row that was not found."""
    lo, hi = 200.0, T_CRIT_K
    for _ in range(60):
        T = 0.5 * (lo + hi)
        if saturation_ancillary(T)[0] < p_low:
            lo = T
        else:
            hi = T
    _p, rl, rv = saturation_ancillary(T)
    for i in range(N_SAT, 0, -1):
        p = P_CRIT_PA * (1.0 - (Y_MAX * i / N_SAT) ** 2)
        ok, T, rl, rv = _saturated(p, T, rl, rv)
        if not ok:
            return i
        a, b = properties(rl, T), properties(rv, T)
        rows[i, 0], rows[i, 1], rows[i, 2] = T, a[1], b[1]
        rows[i, 3], rows[i, 4], rows[i, 5], rows[i, 6] = 1.0 / rl, 1.0 / rv, a[2], b[2]
    return 0


def _saturation_rows() -> np.ndarray:
    """Saturation properties and their slopes in y; the last steps to the critical point by a cubic in y."""
    rows = np.zeros((N_SAT + 1, 7))
    missing = _dome(P_CRIT_PA * (1.0 - Y_MAX**2), rows)
    q = properties(RHO_CRIT_KG_M3, T_CRIT_K * (1.0 + 1e-12))
    rows[0] = T_CRIT_K, q[1], q[1], 1.0 / RHO_CRIT_KG_M3, 1.0 / RHO_CRIT_KG_M3, q[2], q[2]
    known = np.array([0, missing + 1, missing + 2, missing + 3])
    for i in range(1, missing + 1):
        weight = [np.prod([(i - b) / (a - b) for b in known if b != a]) for a in known]
        rows[i] = weight @ rows[known]
    slope = np.empty_like(rows)
    for i in range(N_SAT + 1):  # fourth order: five nodes, central where there is room
        at = np.arange(5) + min(max(i - 2, 0), N_SAT - 4)
        powers = np.vander((at - i).astype(float), increasing=True).T
        slope[i] = np.linalg.solve(powers, np.array([0.0, 1.0, 0.0, 0.0, 0.0])) @ rows[at]
    return np.stack([rows, slope * (N_SAT / Y_MAX)], axis=2)


def build(progress: Callable[[float], None] | None = None) -> np.ndarray:
    """The whole table; `progress` is called with the share that is done."""
    p, h = grid()
    table = np.full(SIZE, math.nan)
    table[SAT:] = _saturation_rows().ravel()
    middle = int(np.searchsorted(h, H_MID))
    for i in range(N_P):
        gas_end = 0
        if p[i] < P_CRIT_PA:
            gas_end = middle
            _row(table, i, p[i], h, 1, 0, middle - 1, _START_LIQUID_K)
        _row(table, i, p[i], h, -1, N_H - 1, gas_end, _START_GAS_K)
        if progress is not None:
            progress((i + 1) / N_P)
    return table
