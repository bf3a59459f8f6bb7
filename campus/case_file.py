"""Read, write and describe case files. YAML in, a frozen :class:`~campus.case.Case` out, or every problem at once."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from campus.case import Case, Section
from campus.paths import find_case, shipped_cases
from campus.problems import CaseError, Problem, did_you_mean, from_pydantic
from campus.quantities import stored_text, unit_of

SCHEMA_FILE = "case.schema.json"


def load_case(path: str | Path) -> Case:
    """Read and check a case file.

    Parameters
    ----------
    path : str or Path
        A file, or the name of a shipped case such as ``02_reference_60mw``.

    Raises
    ------
    CaseError
        With every problem found: unreadable YAML, unknown keys, wrong units, values out of range, sections that
        contradict each other.
    """
    found = find_case(str(path))
    if found is None:
        hint = (
            did_you_mean(Path(path).stem, shipped_cases()) or f"shipped cases: {', '.join(shipped_cases())}"
        )
        raise CaseError([Problem("", "no such case file", str(path), None, hint)], str(path))
    return parse_case(
        found.read_text(encoding="utf-8", errors="replace"), folder=found.parent, source=found.name
    )


def parse_case(yaml_text: str, *, folder: Path | None = None, source: str = "case") -> Case:
    """Check the text of a case file; files that it names are looked up beside `folder`. Raises as `load_case`."""
    from campus.cross_checks import cross_checks

    document = _read_yaml(yaml_text, source)
    lines = dict(_lines(document))
    try:
        case = Case.model_validate(_plain(document), context={"folder": folder or Path.cwd()})
    except ValidationError as error:
        keys_at = dict(_keys(Case))
        problems = [from_pydantic(dict(item), keys_at) for item in error.errors(include_url=False)]
        raise CaseError([_with_line(problem, lines) for problem in problems], source) from None
    problems = cross_checks(case)
    if problems:
        raise CaseError([_with_line(problem, lines) for problem in problems], source)
    return case


def resolved_yaml(case: Case) -> str:
    """The case with every default written out, as a file that `load_case` reads back to the same case.

    Examples
    --------
    >>> from campus.case_file import load_case, parse_case
    >>> case = load_case("01_quickstart_40mw")
    >>> parse_case(resolved_yaml(case)) == case
    True
    """
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 110
    out = io.StringIO()
    yaml.dump(as_document(case), out)
    return out.getvalue()


def as_document(section: Section) -> dict[str, Any]:
    """A section as the mapping that a file would hold: aliases as keys, quantities as text with their unit."""
    document: dict[str, Any] = {}
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        unit = unit_of(field, name)
        if isinstance(value, Section):
            document[field.alias or name] = as_document(value)
        elif unit is not None and value is not None:
            document[field.alias or name] = stored_text(value, unit) if unit.shown else value
        else:
            document[field.alias or name] = value
    return document


def json_schema() -> str:
    """The JSON schema of a case file, for editors."""
    schema = Case.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def new_case(path: Path, base: str = "01_quickstart_40mw") -> Path:
    """Write a new case file, a copy of a shipped one with its comments. Never overwrites.

    Raises
    ------
    CaseError
        If the file exists or there is no such base case.
    """
    found = find_case(base)
    if found is None:
        hint = did_you_mean(base, shipped_cases())
        raise CaseError([Problem("", "no such base case", base, ", ".join(shipped_cases()), hint)], base)
    if path.exists():
        raise CaseError(
            [Problem("", "exists already and is left as it is", str(path), None, "choose another name")],
            str(path),
        )
    path.write_text(found.read_text(encoding="utf-8"), encoding="utf-8")
    return path


def fields(section: type[BaseModel] = Case, prefix: str = "") -> Iterator[tuple[str, str, Any]]:
    """Every field of a case: (dotted path in the file, Python name, pydantic field), sections left out."""
    for name, field in section.model_fields.items():
        path = prefix + (field.alias or name)
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            yield from fields(field.annotation, path + ".")
        else:
            yield path, name, field


def _keys(section: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    yield prefix.rstrip("."), tuple(field.alias or name for name, field in section.model_fields.items())
    for name, field in section.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            yield from _keys(field.annotation, f"{prefix}{field.alias or name}.")


def _read_yaml(yaml_text: str, source: str) -> Mapping[str, Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        document = YAML(typ="rt").load(yaml_text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(f"is not valid YAML: {error.problem or error.context}".split())
        raise CaseError(
            [Problem("", what, None, None, None, mark.line + 1 if mark else None)], source
        ) from None
    except (YAMLError, ValueError) as error:
        raise CaseError([Problem("", f"is not valid YAML: {' '.join(str(error).split())}")], source) from None
    if not isinstance(document, Mapping):
        raise CaseError(
            [Problem("", "is empty or not a mapping of sections", None, None, "start from `heat2rack new`")],
            source,
        )
    return document


def _lines(node: Any, prefix: str = "") -> Iterator[tuple[str, int]]:
    """Dotted path -> line in the file (from 1) of every key."""
    if isinstance(node, Mapping):
        marks = getattr(getattr(node, "lc", None), "data", None) or {}
        for key, value in node.items():
            if key in marks:
                yield f"{prefix}{key}", marks[key][0] + 1
            yield from _lines(value, f"{prefix}{key}.")


def _with_line(problem: Problem, lines: Mapping[str, int]) -> Problem:
    path = problem.path
    while path and path not in lines:
        path = path.rpartition(".")[0]
    return Problem(
        problem.path, problem.what, problem.value, problem.allowed, problem.suggestion, lines.get(path)
    )


def _plain(node: Any) -> Any:
    """ruamel's round-trip values as plain Python ones, keys as text."""
    if isinstance(node, Mapping):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, (list, tuple)):
        return [_plain(value) for value in node]
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return node if kind is bool else kind(node)
    return node
