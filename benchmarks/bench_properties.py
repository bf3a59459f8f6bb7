"""Speed of the CO2 properties beside CoolProp's HEOS and BICUBIC, in the same run.

python benchmarks/bench_properties.py     # the table of docs/models/thermo_properties.md
pytest benchmarks/bench_properties.py
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import thermo
from thermo.co2.flash import BY_H, BY_S
from thermo.co2.property_flash import BY_T, exact
from thermo.co2.property_table import march_table, property_table, table_rho_T, table_T
from thermo.compiled import njit

N, N_PEER = 10_000, 300
NAMES = {
    "pT": ("p_Pa", "T_K"),
    "ph": ("p_Pa", "h_J_kg"),
    "ps": ("p_Pa", "s_J_kgK"),
    "rhoT": ("rho_kg_m3", "T_K"),
}


def points(n: int = N) -> dict[str, np.ndarray]:
    """States from 0.6 to 40 MPa and 230 to 1150 K, half of them at 7-9.5 MPa and 300-330 K."""
    rng = np.random.default_rng(1)
    p = np.where(np.arange(n) % 2, rng.uniform(7e6, 9.5e6, n), rng.uniform(0.6e6, 40e6, n))
    T = np.where(np.arange(n) % 2, rng.uniform(300.0, 330.0, n), rng.uniform(230.0, 1150.0, n))
    r = thermo.properties(p_Pa=p, T_K=T)
    return {"p_Pa": p, "T_K": T, "h_J_kg": r.h_J_kg, "s_J_kgK": r.s_J_kgK, "rho_kg_m3": r.rho_kg_m3}


@njit
def _loop(what: int, table: np.ndarray, p: np.ndarray, y: np.ndarray) -> float:
    total = 0.0
    for k in range(p.size):
        if what == -1:
            total += table_T(table, p[k], y[k])
        elif what == -2:
            total += table_rho_T(table, p[k], y[k])[1]
        else:
            total += exact(table, what, p[k], y[k])[1]
    return total


@njit
def _marches(table: np.ndarray, n: int, T: np.ndarray) -> None:
    for _ in range(n):
        march_table(table, 20, 9e5, 8.2e6, 4.2e5, 8.0e6, T)


@cache
def ours() -> dict[str, tuple[Callable[[], Any], int]]:
    """Name of a way to a state: (what runs it, points in it)."""
    x, table = points(), property_table()
    runs: dict[str, tuple[Callable[[], Any], int]] = {
        f"thermo.properties {pair}": (lambda a=a, b=b: thermo.properties(**{a: x[a], b: x[b]}), N)
        for pair, (a, b) in NAMES.items()
    }
    kernels = {"table_T": (-1, "h_J_kg"), "table_rho_T": (-2, "h_J_kg"), "exact ph": (BY_H, "h_J_kg"),
               "exact ps": (BY_S, "s_J_kgK"), "exact pT": (BY_T, "T_K")}  # fmt: skip
    for name, (what, y) in kernels.items():
        runs[name] = (lambda what=what, y=y: _loop(what, table, x["p_Pa"], x[y]), N)
    runs["march_table, a node"] = (lambda: _marches(table, 500, np.empty(21)), 21 * 500)
    return runs


@cache
def peers() -> dict[str, tuple[Callable[[], Any], int]]:
    """The same pairs by CoolProp's low-level interface; its tables go to a temporary folder."""
    import CoolProp.CoolProp as CP

    CP.set_config_string(CP.ALTERNATIVE_TABLES_DIRECTORY, tempfile.mkdtemp())
    x = points(N_PEER)
    pairs = {"pT": CP.PT_INPUTS, "ph": CP.HmassP_INPUTS, "ps": CP.PSmass_INPUTS, "rhoT": CP.DmassT_INPUTS}
    runs: dict[str, tuple[Callable[[], Any], int]] = {}
    for backend in ("HEOS", "BICUBIC&HEOS"):
        state = CP.AbstractState(backend, "CO2")
        for pair, code in pairs.items():
            a, b = (x[name] for name in NAMES[pair])
            if pair == "ph":
                a, b = b, a

            def run(state: Any = state, code: int = code, a: np.ndarray = a, b: np.ndarray = b) -> None:
                for u, v in zip(a.tolist(), b.tolist(), strict=True):
                    state.update(code, u, v)

            runs[f"CoolProp {backend.split('&')[0]} {pair}"] = (run, N_PEER)
    return runs


@pytest.mark.parametrize("name", list(ours()))
def test_ours(benchmark, name):
    run, n = ours()[name]
    run()
    benchmark.extra_info["points"] = n
    benchmark(run)


@pytest.mark.parametrize("name", [f"CoolProp {b} {pair}" for b in ("HEOS", "BICUBIC") for pair in NAMES])
def test_peer(benchmark, name):
    run, n = peers()[name]
    run()
    benchmark.extra_info["points"] = n
    benchmark(run)


def main() -> None:
    """Best of many runs of each, as nanoseconds of processor time for a point."""
    print("| way | ns a point |\n|---|---|")
    for name, (run, n) in (ours() | peers()).items():
        run()
        best = np.inf
        for _ in range(30):
            begun = time.process_time()
            run()
            best = min(best, time.process_time() - begun)
        print(f"| {name} | {best / n * 1e9:.0f} |")


if __name__ == "__main__":
    main()
