"""Time to compile thermo's kernels and to build its table, in fresh processes with empty folders.

    OMP_NUM_THREADS=1 python benchmarks/compile_time.py [-n 3]

Prints wall time (two processes compile at once) and processor time of `thermo.compile_kernels`, of the first design and
first operating point without it (one process), and of both once all is kept. Wall time counts on a quiet machine only.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
QUESTION = """
import resource, time
start = time.perf_counter()
import thermo
{compile}
block = thermo.design(thermo.CycleSpec(W_net_W=10e6, UA_total_W_K=2e6, p_high_Pa=25e6, eta_turbine=0.9,
                                       eta_compressor=0.85, eta_recompressor=0.85))
thermo.off_design(block, T_ambient_K=300.0, load=0.8)
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(time.perf_counter() - start, *(u.ru_utime + u.ru_stime for u in used))
"""


def ask(compile_first: bool, folder: str) -> list[float]:
    """Seconds (wall, processor here, processor of the second process) of a fresh process."""
    env = os.environ | {"NUMBA_CACHE_DIR": folder, "HEAT2RACK_CACHE_DIR": folder, "PYTHONPATH": str(ROOT)}
    code = QUESTION.format(compile="thermo.compile_kernels()" if compile_first else "")
    found = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True, cwd=ROOT
    )
    return [float(x) for x in found.stdout.split()]


def main() -> None:
    """Measure and print medians."""
    parser = argparse.ArgumentParser(description="Time to compile thermo's kernels.")
    parser.add_argument("-n", type=int, default=1, help="fresh folders to compile into")
    rows: dict[str, list[list[float]]] = {}
    for _ in range(parser.parse_args().n):
        for name, first in (("compile_kernels, then questions", True), ("questions alone", False)):
            with tempfile.TemporaryDirectory() as folder:
                rows.setdefault(name, []).append(ask(first, folder))
                rows.setdefault("kept", []).append(ask(False, folder))
    print(
        f"load of the machine {os.getloadavg()[0]:.1f}; medians, seconds: wall, processor, processor of the second process"
    )
    for name, found in rows.items():
        print(f"{name:32s}" + "".join(f"{statistics.median(x):8.2f}" for x in zip(*found, strict=True)))


if __name__ == "__main__":
    main()
