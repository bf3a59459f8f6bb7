"""The property table on disk: one file of some 8 MB in the user's cache folder, checked whenever it is read.

The folder is the platform's cache folder for heat2rack (on Linux `~/.cache/heat2rack`), or the one that the environment
variable HEAT2RACK_CACHE_DIR names. The file's name carries a hash of everything that the table rests on, and the file a
checksum: a damaged one, or one of another version, is built again, and the log says so. Where the folder cannot be
written to the table stays in memory.
"""

import hashlib
import logging
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from thermo.co2.property_table import FORMAT, SIZE
from thermo.compiled import user_folder

HERE = Path(__file__).resolve().parents[1]
SOURCES = (
    "co2/helmholtz.py",
    "co2/flash.py",
    "co2/property_table.py",
    "co2/property_build.py",
    "data/co2_span_wagner.json",
)
PREFIX, SUFFIX = "co2-table-", ".bin"
_CHECKSUM = 32  # bytes of it, at the start of the file
_OLD_S = 3600.0  # another version's table goes when it is an hour old: a second installation may be in use
_log = logging.getLogger(__name__)


def version() -> str:
    """12 hex digits of the format and of the sources that the table rests on."""
    digest = hashlib.sha256(str(FORMAT).encode())
    for name in SOURCES:
        digest.update((HERE / name).read_bytes())
    return digest.hexdigest()[:12]


def path() -> Path:
    """Where this version's table is kept."""
    return user_folder() / f"{PREFIX}{version()}{SUFFIX}"


def read(file: Path) -> np.ndarray | None:
    """The table in a file; None if there is none or it is damaged."""
    try:
        raw = file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as problem:
        _log.warning("property table %s cannot be read (%s); it is built again", file, problem)
        return None
    if len(raw) != _CHECKSUM + 8 * SIZE or hashlib.sha256(raw[_CHECKSUM:]).digest() != raw[:_CHECKSUM]:
        _log.warning("property table %s is damaged; it is built again", file)
        return None
    return np.frombuffer(raw, dtype="<f8", offset=_CHECKSUM).astype(np.float64)


def write(file: Path, table: np.ndarray) -> bool:
    """Write the table by way of a temporary file, and remove other versions' old ones; False where that is not possible."""
    data = table.astype("<f8").tobytes()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=PREFIX, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(hashlib.sha256(data).digest() + data)
            os.chmod(temporary, 0o644)  # a folder may be shared
            os.replace(temporary, file)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as problem:
        _log.info("property table is kept in memory only: %s", problem)
        return False
    for other in file.parent.glob(f"{PREFIX}*"):
        try:
            if other != file and time.time() - other.stat().st_mtime > _OLD_S:
                other.unlink()
        except OSError:  # another process was quicker, or it is not ours
            pass
    return True


def load_or_build(progress: Callable[[float], None] | None = None) -> np.ndarray:
    """The table of this version, from disk where it is whole; else built and written."""
    file = path()
    table = read(file)
    if table is None:
        from thermo.co2.property_build import build

        _log.info("building the CO2 property table (once; kept in %s)", file.parent)
        table = build(progress)
        write(file, table)
    return table
