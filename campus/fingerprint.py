"""Which inputs a result belongs to: hashes of the case, of the files that it names, and of data and code."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from campus.case import Case
from campus.case_file import as_document
from campus.paths import find_data_file

ROOMS = ("thermo", "sizing", "dcgrid", "campus")
COUNTED = {".py", ".json", ".csv", ".j2", ".css"}


def input_hash(case: Case, folder: Path) -> str:
    """12 hex digits of the validated case and the bytes of the files that it names."""
    digest = hashlib.sha256(json.dumps(as_document(case), sort_keys=True, ensure_ascii=False).encode())
    for name in (case.site.weather, case.load.profile.file):
        found = find_data_file(name, folder) if name else None
        if found is not None:
            digest.update(found.read_bytes())
    return digest.hexdigest()[:12]


def result_hash(case: Case, folder: Path) -> str:
    """12 hex digits of the case, its files, the package data and the code: the name of a results folder."""
    digest = hashlib.sha256(input_hash(case, folder).encode())
    digest.update(code_hash().encode())
    return digest.hexdigest()[:12]


@lru_cache(maxsize=1)
def code_hash() -> str:
    """12 hex digits of everything in the rooms that can change a number."""
    root = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for room in ROOMS:
        for path in sorted((root / room).rglob("*")):
            if path.suffix in COUNTED and "cases" not in path.relative_to(root / room).parts:
                digest.update(path.relative_to(root).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
