"""The results folder ``<case>-<hash12>/``: written to a temporary folder, then renamed, so never half made."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from campus.result import CampusResult, Kpi

# Tables that people open in an editor or a spreadsheet; the others are Parquet.
AS_CSV = (
    "states", "losses", "energy", "costs", "assumptions", "sensitivity", "limits", "verdicts", "grid_verdicts", "margins",
    "outages", "variants", "break_even", "conductors",
)  # fmt: skip
DIGITS = 10
UNFINISHED = ".unfinished-"


@dataclass(frozen=True)
class Stored:
    """A results folder as it was read back: what the report and the page show."""

    folder: Path
    kpis: Mapping[str, Kpi]
    tables: Mapping[str, pd.DataFrame]
    manifest: Mapping[str, Any]
    case_yaml: str


def save_results(result: CampusResult, root: Path = Path("results")) -> Path:
    """Write everything of a solved result; an older folder of the same name is replaced at the end.

    Parameters
    ----------
    result : CampusResult
        Outcome OK.
    root : Path
        The folder in which ``<case>-<hash12>/`` is made.

    Returns
    -------
    Path
        The folder of this result.
    """
    from campus.report import write_report

    result.require_ok()
    root.mkdir(parents=True, exist_ok=True)
    folder = root / f"{result.manifest['case']}-{result.manifest['hash']}"
    _remove_unfinished(root)
    work = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=root))
    try:
        write_data(result, work)
        write_report(load_results(work), work / "report.html")
        write_workbook(result, work / "results.xlsx")
        if folder.exists():
            shutil.rmtree(folder)
        work.chmod(0o755)
        work.rename(folder)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    return folder


def _remove_unfinished(root: Path) -> None:
    """Remove what killed runs left behind, if it is older than an hour."""
    for left in root.glob(f"{UNFINISHED}*"):
        if time.time() - left.stat().st_mtime > 3600.0:
            shutil.rmtree(left, ignore_errors=True)


def write_data(result: CampusResult, folder: Path) -> None:
    """The files that numbers are read back from: case, manifest, KPIs, tables."""
    from campus.case_file import resolved_yaml

    (folder / "case.yaml").write_text(resolved_yaml(result.case), encoding="utf-8")
    (folder / "manifest.json").write_text(_json(result.manifest), encoding="utf-8")
    kpis = {
        name: {"value": rounded(k.value), "unit": k.unit, "label": k.label} for name, k in result.kpis.items()
    }
    (folder / "kpis.json").write_text(_json(kpis), encoding="utf-8")
    for name, table in result.tables.items():
        if name in AS_CSV:
            table.to_csv(folder / f"{name}.csv", index=False, float_format=f"%.{DIGITS}g")
        else:
            table.to_parquet(folder / f"{name}.parquet", index=False)


def load_results(folder: Path) -> Stored:
    """Read a results folder back.

    Raises
    ------
    FileNotFoundError
        If it is no results folder.
    """
    folder = Path(folder)
    kpis = json.loads((folder / "kpis.json").read_text(encoding="utf-8"))
    tables = {path.stem: pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}
    tables |= {path.stem: pd.read_csv(path, keep_default_na=True) for path in sorted(folder.glob("*.csv"))}
    return Stored(
        folder=folder,
        kpis={name: Kpi(k["value"], k["unit"], k["label"]) for name, k in kpis.items()},
        tables=tables,
        manifest=json.loads((folder / "manifest.json").read_text(encoding="utf-8")),
        case_yaml=(folder / "case.yaml").read_text(encoding="utf-8"),
    )


def write_workbook(result: CampusResult, path: Path) -> None:
    """KPIs and tables as one Excel workbook, columns with their units in the name."""
    frames = {
        "kpis": pd.DataFrame(
            [(n, *k) for n, k in result.kpis.items()], columns=["name", "value", "unit", "label"]
        )
    }
    frames |= result.tables
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"nan_inf_to_errors": True}) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        for name, table in frames.items():
            sheet = book.add_worksheet(name[:31])
            sheet.write_row(0, 0, table.columns, head)
            for column, key in enumerate(table):
                sheet.write_column(1, column, table[key].astype(object).where(table[key].notna(), None))
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(table.columns), 18)


def rounded(value: float | int | bool | None) -> float | int | bool | None:
    """A number to 10 significant digits, so that the same case writes the same bytes."""
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


def _json(data: Mapping[str, Any]) -> str:
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"
