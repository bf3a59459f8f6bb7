"""Where cases and the files that they name are found: in a checkout, and in an installed copy."""

from __future__ import annotations

from pathlib import Path


def cases_dir() -> Path:
    """The shipped ``cases/`` folder."""
    here = Path(__file__).resolve().parent
    checkout = here.parent / "cases"
    return checkout if checkout.is_dir() else here / "cases"


def find_case(name: str) -> Path | None:
    """A case file by path, or a shipped one by name (with or without ``.yaml``); None if there is none."""
    path = Path(name)
    if path.is_file():
        return path
    for suffix in ("", ".yaml", ".yml"):
        shipped = cases_dir() / (path.name + suffix)
        if shipped.is_file() and path.parent in (Path("."), Path("cases")):
            return shipped
    return None


def shipped_cases() -> tuple[str, ...]:
    """Names of the shipped case files, in order."""
    return tuple(sorted(path.stem for path in cases_dir().glob("*.yaml")))


def find_data_file(name: str, folder: Path) -> Path | None:
    """A file that a case names: beside the case first, then among the shipped ones."""
    for base in (folder, cases_dir()):
        path = (base / name).expanduser()
        if path.is_file():
            return path.resolve()
    return None


def shipped_data_files(folder: str) -> tuple[str, ...]:
    """The shipped files of one data folder (``weather`` or ``load``) as a case names them."""
    return tuple(
        f"{folder}/{path.name}"
        for path in sorted((cases_dir() / folder).glob("*.csv"))
        if path.name != "INDEX.csv"
    )
