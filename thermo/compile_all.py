"""Compile the kernels and build the property table ahead of the first question, once per installation.

In two processes at once: another one compiles the part-load kernel, which takes as long as all that designs need.
Whatever is missing afterwards (the second process could not run; a rare question's kernel) is compiled when it is used.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_type_hints

import numba
import numpy as np

from thermo import compiled

_DONE = "complete"  # a file in the folder of kernels


def kernels_compiled() -> bool:
    """Whether the kernels of this version have been compiled on this machine."""
    return (Path(numba.config.CACHE_DIR) / _DONE).exists()


def compile_kernels(progress: Callable[[str, float], None] | None = None) -> None:
    """Compile what designs and operating points need; `progress` is called with what is being done and the share done."""
    from thermo.cycle.design_point import design
    from thermo.part_load.operating_point import off_design
    from thermo.spec import CycleSpec

    tell = progress or (lambda text, share: None)
    code = f"from {__name__} import compile_part_load; compile_part_load()"
    other = subprocess.Popen([sys.executable, "-c", code], cwd=compiled.HERE.parent)
    try:
        tell("compiling kernels, once per installation: design and part load", 0.0)
        block = design(CycleSpec(W_net_W=10e6, UA_total_W_K=2e6, p_high_Pa=25e6, eta_turbine=0.9, eta_compressor=0.85,
                                 eta_recompressor=0.85))  # fmt: skip
        tell("compiling kernels, once per installation: part load", 0.6)
    finally:
        other.wait()
    tell("compiling kernels, once per installation: the last", 0.95)
    off_design(block, T_ambient_K=300.0, load=0.8)
    (Path(numba.config.CACHE_DIR) / _DONE).touch()
    tell("kernels compiled", 1.0)


def compile_part_load() -> None:
    """Compile the part-load kernel without a design, from the types of its arguments."""
    from thermo.part_load.kernel import operate

    operate.run.compile(part_load_types())


def part_load_types() -> tuple[Any, ...]:
    """numba's types of the part-load kernel's arguments."""
    from thermo.part_load.accelerate import memory
    from thermo.part_load.kernel import N_UNKNOWN, operate

    hints = get_type_hints(operate.run.py_func)
    values = {name: _example(t) for name, t in hints.items() if name != "return"}
    values["mem"] = memory(N_UNKNOWN)
    return tuple(numba.typeof(v) for v in values.values())


def _example(t: Any) -> Any:
    """A value of a type: of a NamedTuple one with zeros, of an array an empty vector."""
    if hasattr(t, "_fields"):
        return t(*(_example(field) for field in get_type_hints(t).values()))
    return np.empty(0) if t is np.ndarray else t()
