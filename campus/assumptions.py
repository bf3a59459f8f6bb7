"""Everything that a result rests on, graded: set in the case, cited, or assumed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

import dcgrid
import thermo
from campus.case import Case, Section
from campus.quantities import stored_text, unit_of

GRADES = {"cited": "cited", "solved": "cited", "case": "case"}


def assumptions_table(case: Case) -> pd.DataFrame:
    """Columns name, value, grade (case, cited, assumption), source."""
    rows = [
        *_case_rows(case),
        *_room_rows("block", thermo.assumptions()),
        *_room_rows("network", dcgrid.assumptions()),
    ]
    return pd.DataFrame(rows, columns=["name", "value", "grade", "source"])


def _case_rows(section: Section, prefix: str = "") -> Iterator[tuple[str, str, str, str | None]]:
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        path = prefix + (field.alias or name)
        if isinstance(value, Section):
            yield from _case_rows(value, path + ".")
        elif path not in ("schema_version", "name", "description"):
            yield _case_row(section, name, path, value)


def _case_row(section: Section, name: str, path: str, value: Any) -> tuple[str, str, str, str | None]:
    field = type(section).model_fields[name]
    unit = unit_of(field, name)
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    source = extra.get("x-source")
    if value is None:
        shown = "found by the calculation"
    else:
        shown = stored_text(value, unit) if unit is not None else str(value)
    if name in section.model_fields_set:
        return path, shown, "case", field.description
    return path, shown, "cited" if source else "assumption", str(source) if source else field.description


def _room_rows(room: str, rows: list[dict[str, Any]]) -> Iterator[tuple[str, str, str, str | None]]:
    for row in rows:
        value = row["value"]
        number = f"{value:.4g}" if isinstance(value, float) else str(value)
        text = "; ".join(str(part) for part in (row.get("source"), row.get("note")) if part)
        yield (
            f"{room}: {row['name']}",
            f"{number} {unit if (unit := row.get('unit')) not in (None, '-', '1') else ''}".strip(),
            GRADES.get(row["grade"], "assumption"),
            text,
        )
