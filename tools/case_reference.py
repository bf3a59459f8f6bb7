"""Write docs/case_reference.md: every key of a case file with unit, range, default and source, from the schema itself."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from campus.case_file import fields
from campus.quantities import unit_of

PATH = Path(__file__).resolve().parent.parent / "docs" / "case_reference.md"
HEAD = """# Case reference

Made by `tools/case_reference.py` from the case schema; do not edit. A case is YAML; quantities are text with a unit.
Keys without a default must be given.

| key | meaning | allowed | default | source of the default |
|---|---|---|---|---|
"""


def page() -> str:
    """The whole page."""
    return HEAD + "".join(_row(path, name, field) for path, name, field in fields())


def _row(path: str, name: str, field: FieldInfo) -> str:
    unit = unit_of(field, name)
    allowed = unit.allowed(10) if unit is not None else _allowed(field)
    default = "**must be given**" if field.is_required() else _default(field.default)
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    assumed = unit is not None and not field.is_required() and field.default is not None
    source = extra.get("x-source") or ("assumption" if assumed else "")
    return f"| `{path}` | {field.description} | {allowed} | {default} | {source} |\n"


def _allowed(field: FieldInfo) -> str:
    kind = field.annotation
    if get_origin(kind) is Literal:
        return ", ".join(str(value) for value in get_args(kind))
    bounds = [str(getattr(m, key)) for m in field.metadata for key in ("ge", "le") if hasattr(m, key)]
    words = {str: "text", int: "whole number", bool: "true, false"}
    names = [words[part] for part in (get_args(kind) or (kind,)) if part in words]
    return f"{names[0]}, {' to '.join(bounds)}" if bounds else names[0]


def _default(value: object) -> str:
    return "left out" if value in (None, "") else str(value)


if __name__ == "__main__":
    PATH.write_text(page(), encoding="utf-8")
    print(PATH.name)
