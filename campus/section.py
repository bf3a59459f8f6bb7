"""What every section of a case shares: frozen, knows its keys, reads quantities with their units."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from campus.quantities import parse, unit_of


class Section(BaseModel):
    """A part of a case: frozen, knows its keys, reads quantities with their units."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=False, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _read_quantity(cls, value: Any, info: ValidationInfo) -> Any:
        name = info.field_name or ""
        unit = unit_of(cls.model_fields[name], name)
        if unit is None or (value is None and cls.model_fields[name].default is None):
            return value
        return parse(value, unit)


def existing_file(value: str, info: ValidationInfo, folder: str) -> str:
    from campus.paths import find_data_file, shipped_data_files

    base = (info.context or {}).get("folder") or Path.cwd()
    found = find_data_file(value, Path(base))
    if found is None:
        from campus.problems import did_you_mean

        names = shipped_data_files(folder)
        hint = did_you_mean(value, names) or f"shipped: {', '.join(names)}"
        raise PydanticCustomError(
            "checked", "is not a file here", {"given": value, "allowed": None, "suggestion": hint}
        )
    return value
