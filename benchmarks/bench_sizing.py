"""Wall time and peak memory of sizing: run as a script, or by pytest-benchmark.

python benchmarks/bench_sizing.py            # the table, each line in a fresh process
python benchmarks/bench_sizing.py --exact    # and the full-year MILP of the reference campus (minutes)
pytest benchmarks/bench_sizing.py
"""

from __future__ import annotations

import importlib.util
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


def _campuses() -> Any:
    """The campuses of the tests."""
    spec = importlib.util.spec_from_file_location("campuses", ROOT / "tests" / "sizing" / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _cases() -> dict[str, Callable[[], Any]]:
    import sizing

    make = _campuses()
    battery = sizing.Battery(4.0, 1e5)
    units = {"A5": 2, "B10": 1, "C20": 3, "heater": 2, "smr": 2}
    exact = sizing.SolveOptions(mode="exact")
    return {
        "reference": lambda: sizing.size(make.reference_campus()),
        "reference, units fixed": lambda: sizing.size(make.reference_campus(), fixed_units=units),
        "simple campus": lambda: sizing.size(make.gas_campus(8760)),
        "simple campus, battery": lambda: sizing.size(make.gas_campus(8760, battery=battery)),
        "availability 20 + 20": lambda: sizing.campus_availability(
            make.gas_campus(8760), {"block": 20, "heater": 20}
        ),
        "reference, exact": lambda: sizing.size(make.reference_campus(solve=exact)),
    }


def _one(name: str) -> None:
    began = time.perf_counter()
    r = _cases()[name]()
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cost = getattr(r, "objective_USD_per_year", None)
    gap = getattr(r, "gap", None)
    print(
        f"{name:26s} {seconds:7.2f} s {peak:6.0f} MiB  "
        + ("" if cost is None else f"{cost:15.2f} gap {gap:.1e}")
    )
    for stage in getattr(r, "solve_log", ()):
        print(f"    {stage.stage:40s} {stage.seconds:7.2f} s {stage.rows:7d} rows {stage.columns:7d} columns")


def test_reference(benchmark: Any) -> None:
    """Staged answer of the reference campus."""
    r = benchmark.pedantic(_cases()["reference"], rounds=3)
    assert r.gap < 2e-4


def test_campus_availability(benchmark: Any) -> None:
    """One availability evaluation, energy included."""
    assert benchmark(_cases()["availability 20 + 20"]).lolh_h_per_year > 0


if __name__ == "__main__":
    if len(sys.argv) > 2 and sys.argv[1] == "--one":
        _one(sys.argv[2])
    else:
        for case in _cases():
            if "exact" not in case or "--exact" in sys.argv:
                subprocess.run([sys.executable, __file__, "--one", case], check=True)
