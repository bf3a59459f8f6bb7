"""Fixed points by Anderson's acceleration (compiled).

For v = g(v) with residual r = g(v) - v, the last few steps dv and changes dr of the residual tell how r answers to v:

    next v = v + r - (dV + dR) c,    c = least squares of dR c = r

which is a quasi-Newton step where the steps span the space, and the plain step where there are none. The pairs of one solve
serve the next one nearby. A step that would leave its bounds is shortened.

Source: H. F. Walker and P. Ni, Anderson acceleration for fixed-point iterations, SIAM J. Numer. Anal. 49 (2011) 1715.
"""

import math

import numpy as np

from thermo.compiled import part

DEPTH = 6
_RIDGE = 1e-11  # keeps nearly parallel changes apart


def memory(n: int) -> np.ndarray:
    """Empty memory for n unknowns: DEPTH steps, DEPTH changes of the residual, and a row with (pairs kept, next place)."""
    return np.zeros((2 * DEPTH + 1, n))


@part
def copy(to: np.ndarray, source: np.ndarray) -> None:
    """Write one vector over another (a loop: numba's slices take as long to compile as a kernel)."""
    for i in range(to.size):
        to[i] = source[i]


@part
def _dot(a: np.ndarray, b: np.ndarray) -> float:
    total = 0.0
    for i in range(a.size):
        total += a[i] * b[i]
    return total


@part
def forget(mem: np.ndarray) -> None:
    """Drop what a memory holds."""
    mem[2 * DEPTH, 0] = mem[2 * DEPTH, 1] = 0.0


@part
def remember(mem: np.ndarray, dv: np.ndarray, dr: np.ndarray) -> None:
    """Keep a step and the change of the residual, over the oldest pair."""
    at = int(mem[2 * DEPTH, 1])
    copy(mem[at], dv)
    copy(mem[DEPTH + at], dr)
    mem[2 * DEPTH, 0] = min(float(DEPTH), mem[2 * DEPTH, 0] + 1.0)
    mem[2 * DEPTH, 1] = (at + 1) % DEPTH


@part
def _least_squares(mem: np.ndarray, r: np.ndarray, k: int) -> np.ndarray:
    """Coefficients c with dR c = r, by Cholesky on columns of unit length."""
    a, b, size = np.zeros((k, k)), np.zeros(k), np.zeros(k)
    for i in range(k):
        size[i] = max(1e-300, math.sqrt(_dot(mem[DEPTH + i], mem[DEPTH + i])))
    for i in range(k):
        b[i] = _dot(mem[DEPTH + i], r) / size[i]
        for j in range(i + 1):
            a[i, j] = _dot(mem[DEPTH + i], mem[DEPTH + j]) / (size[i] * size[j])
        a[i, i] += _RIDGE
    for i in range(k):
        for j in range(i + 1):
            t = a[i, j]
            for n in range(j):
                t -= a[i, n] * a[j, n]
            a[i, j] = math.sqrt(max(t, _RIDGE)) if i == j else t / a[j, j]
    for i in range(k):
        for n in range(i):
            b[i] -= a[i, n] * b[n]
        b[i] /= a[i, i]
    for i in range(k - 1, -1, -1):
        for n in range(i + 1, k):
            b[i] -= a[n, i] * b[n]
        b[i] /= a[i, i]
    for i in range(k):
        b[i] /= size[i]
    return b


@part
def next_guess(v: np.ndarray, r: np.ndarray, mem: np.ndarray, most: np.ndarray, out: np.ndarray) -> None:
    """Write the next v to out; no entry moves by more than `most`."""
    copy(out, r)
    k = int(mem[2 * DEPTH, 0])
    if k > 0:
        c = _least_squares(mem, r, k)
        for i in range(k):
            for n in range(v.size):
                out[n] -= c[i] * (mem[i, n] + mem[DEPTH + i, n])
    share = 1.0
    for i in range(v.size):
        if abs(out[i]) * share > most[i]:
            share = most[i] / abs(out[i])
    for i in range(v.size):
        out[i] = v[i] + share * out[i]
