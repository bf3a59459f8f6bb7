"""Decorators of compiled functions, with a cache that knows all of thermo.

`kernel` is for what Python calls, `part` for what only kernels call.

numba looks only at the file of a function to tell whether its compiled copy is stale, not at the files of the functions
that it calls. So the cache lies in a folder named by a hash of the sources with kernels, of what these import and of the
data files that they name: after a change in any of them everything is compiled again, and older folders are removed.
Where the package's folder is read-only the user's cache folder is taken: the platform's, or the one that the environment
variable HEAT2RACK_CACHE_DIR names.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba

from thermo.compiled_part import declare

__all__ = ["cache_dir", "kernel", "part", "user_folder"]

HERE = Path(__file__).resolve().parent
PREFIX = "numba-"


_IMPORT = re.compile(r"^(?:from|import) thermo\b\.?([\w.]*)(?: import (\([^)]*\)|.*))?", re.MULTILINE)
_KERNELS = re.compile(r"^from thermo\.compiled import .*(?:kernel|part)", re.MULTILINE)
_DATA = re.compile(r"\w+\.json")


def source_files() -> list[Path]:
    """Files that kernels rest on: the sources with kernels, what these import when they are loaded, and data they name."""
    texts = {p: p.read_text(encoding="utf-8") for p in HERE.rglob("*.py")}
    todo = [p for p, text in texts.items() if _KERNELS.search(text)]
    found: set[Path] = set()
    while todo:
        path = todo.pop()
        if path in found or path not in texts:
            continue
        found.add(path)
        for module, names in _IMPORT.findall(texts[path]):
            folder = HERE.joinpath(*module.split("."))
            todo += [folder.with_suffix(".py")] * (folder != HERE)
            todo += [folder / f"{name}.py" for name in re.findall(r"\w+", names)]
    named = {name for path in found for name in _DATA.findall(texts[path])}
    return sorted(found | {p for p in HERE.rglob("*.json") if p.name in named})


def source_hash() -> str:
    """12 hex digits of `source_files` and of numba's version."""
    digest = hashlib.sha256(numba.__version__.encode())
    for path in source_files():
        digest.update(path.relative_to(HERE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def user_folder() -> Path:
    """The folder for what this package keeps between runs."""
    chosen = os.environ.get("HEAT2RACK_CACHE_DIR")
    if chosen:
        return Path(chosen)
    from platformdirs import user_cache_path

    return Path(user_cache_path("heat2rack"))


def cache_dir() -> Path:
    """The folder of this version's compiled kernels; folders of other versions are removed when it is made."""
    base = HERE / "__pycache__"
    if not os.access(HERE, os.W_OK):
        base = user_folder()
    folder = base / (PREFIX + source_hash())
    if not folder.is_dir():
        for old in base.glob(f"{PREFIX}*"):
            if old != folder:  # another process may just have made it
                shutil.rmtree(old, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
    return folder


if "NUMBA_CACHE_DIR" not in os.environ:
    numba.config.CACHE_DIR = str(cache_dir())


def part(f: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator of a function that kernels call; called from Python it is plain Python."""
    declare(f, f)
    return f


class kernel:
    """Decorator of a function that Python calls compiled. In a kernel that calls it, it is a part."""

    def __init__(self, f: Callable[..., Any]) -> None:
        functools.update_wrapper(self, f)
        self.run = numba.njit(cache=True, nogil=True, no_cfunc_wrapper=True)(f)
        declare(self, f)

    def __call__(self, *args: Any) -> Any:
        return self.run(*args)
