"""Read, write and describe case files. YAML in, a frozen :class:`~campus.case.Case` out, or every problem at once."""

from __future__ import annotations

import io
import itertools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError

from campus.case import Case, Section
from campus.paths import find_case, shipped_cases
from campus.problems import About, CaseError, Problem, did_you_mean, from_pydantic, meant, short
from campus.quantities import stored_text, text, unit_of

SCHEMA_FILE = "case.schema.json"
LONGEST_NAME = 200


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
    try:
        found = find_case(str(path))
    except OSError:  # longer than any file name
        found = None
    if found is None:
        hint = (
            did_you_mean(Path(path).stem, shipped_cases()) or f"shipped cases: {', '.join(shipped_cases())}"
        )
        raise CaseError([Problem("", "no such case file", short(str(path)), None, hint)], short(str(path)))
    return parse_case(_text_of(found), folder=found.parent, source=found.name)


def parse_case(yaml_text: str, *, folder: Path | None = None, source: str = "case") -> Case:
    """Check the text of a case file; files that it names are looked up beside `folder`. Raises as `load_case`."""
    from campus.cross_checks import cross_checks

    document = _read_yaml(yaml_text, source)
    lines = dict(_lines(document))
    plain = _plain(document)
    problems = list(_booleans_for_counts(plain))
    try:
        case = Case.model_validate(plain, context={"folder": folder or Path.cwd()})
    except ValidationError as error:
        keys_at, about = dict(_keys(Case)), _about()
        told = [from_pydantic(dict(item), keys_at, about) for item in error.errors(include_url=False)]
        unknown = [problem.path for problem in told if problem.what == "is not a known key"]
        explained = {path for key in unknown for path in meant(key, keys_at)}
        explained |= {
            path.partition(".")[0] for path in explained
        }  # missing, for it is misspelt or misplaced
        counted = {problem.path for problem in problems}
        told = [p for p in told if not (p.what == "is missing" and p.path in explained)]
        problems += [p for p in told if p.path not in counted]
    except (OSError, RuntimeError) as error:
        what = f"names a file that cannot be looked up: {getattr(error, 'strerror', None) or error}"
        problems += [*_names_too_long(plain)] or [
            Problem("", what, None, None, "name a file beside the case")
        ]
    else:
        problems = problems or cross_checks(case)
    if problems:
        raise CaseError(_in_file_order(problems, lines), source)
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


# What a YAML reader says -> what to do about it.
_YAML_HINTS = {
    "'\\t'": "indent with spaces, not tabs",
    "duplicate key": "keep one of the two",
    "mapping values": "write 'key: value', keys of a section indented alike; put text that holds ': ' in quotes",
    "undefined alias": "put text that starts with '*' in quotes",
    "escape": "write paths with '/', without double quotes",
    "cannot start any token": "put the text in quotes",
    "end of stream": "close the quote",
    "expected ','": "close the bracket",
    "node content": "close the bracket",
    "another document": "one file holds one case: remove the line '---' between the two",
    "block end": "check the indentation, and that every line is 'key: value'",
    "expected ':'": "check that every line is 'key: value'",
    "special characters": "remove it, or save the file as plain text",
    "nested": "write the keys of one section in one mapping",
    "must be in": "put the text in quotes if it is no date",
    "digits": "write the number with an exponent, as 1e9",
}


def _read_yaml(yaml_text: str, source: str) -> Mapping[str, Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.reader import ReaderError

    try:
        document = YAML(typ="rt").load(yaml_text)
    except MarkedYAMLError as error:
        unclosed = any(words in (error.problem or "") for words in ("end of stream", "expected ','"))
        mark = error.context_mark if unclosed else error.problem_mark or error.context_mark
        raise _not_yaml(
            error.problem or error.context or "", source, mark.line + 1 if mark else None
        ) from None
    except ReaderError as error:
        line = yaml_text[: error.position].count("\n") + 1
        what = f"character {ord(yaml_text[error.position]):#04x}, special characters are not allowed"
        raise _not_yaml(what, source, line) from None
    except RecursionError:
        raise _not_yaml("nested too deeply", source, None) from None
    except (YAMLError, ValueError) as error:
        raise _not_yaml(str(error), source, None) from None
    if not isinstance(document, Mapping):
        what, hint = "is empty or not a mapping of sections", "start from `heat2rack new`"
        raise CaseError([Problem("", what, None, None, hint)], source)
    odd = list(_odd_nodes(document))
    if odd:
        raise CaseError(odd, source)
    return document


def _not_yaml(message: str, source: str, line: int | None) -> CaseError:
    words = " ".join(message.split()).removeprefix("but ")
    twice = re.match(r'found duplicate key "([^"]*)"', words)
    if twice:
        words = f"duplicate key {twice[1]!r}"
    words = re.sub(r"; use sys\..*", "", words)
    hint = next((hint for part, hint in _YAML_HINTS.items() if part in words), None)
    return CaseError([Problem("", f"is not valid YAML: {words}", None, None, hint, line)], source)


DEEPEST, MOST_NODES = 20, 20_000


def _odd_nodes(document: Mapping[Any, Any]) -> Iterator[Problem]:
    """What YAML allows and a case cannot mean: tags, keys that are no words, and anchors that repeat without end."""
    waiting: list[tuple[str, int | None, int, Any]] = [("", None, 0, document)]
    for count in itertools.count():
        if not waiting:
            return
        path, line, depth, node = waiting.pop()
        if depth > DEEPEST or count > MOST_NODES:
            yield Problem("", "is nested too deeply or repeats an anchor too often", None, None,
                          "write the values out, without & and *", line)  # fmt: skip
            return
        tag = str(getattr(getattr(node, "tag", None), "value", None) or "")
        if tag.startswith("!") or type(node).__name__ == "TaggedScalar":
            yield Problem(path, "has a YAML tag", tag or None, None, "leave the tag out", line)
        elif isinstance(node, Mapping):
            marks = getattr(getattr(node, "lc", None), "data", None) or {}
            for key, value in node.items():
                at = marks[key][0] + 1 if key in marks else line
                if isinstance(key, (Mapping, list, tuple)):
                    hint = "keys are plain words; put text that starts with a bracket in quotes"
                    yield Problem(path, "has a key that is a list or a mapping", None, None, hint, at)
                else:
                    waiting.append((f"{path}.{_key(key)}".lstrip("."), at, depth + 1, value))
        elif isinstance(node, list):
            waiting += [(path, line, depth + 1, value) for value in node]


def _lines(node: Any, prefix: str = "") -> Iterator[tuple[str, int]]:
    """Dotted path -> line in the file (from 1) of every key."""
    if isinstance(node, Mapping):
        marks = getattr(getattr(node, "lc", None), "data", None) or {}
        for key, value in node.items():
            if key in marks:
                yield f"{prefix}{_key(key)}", marks[key][0] + 1
            yield from _lines(value, f"{prefix}{_key(key)}.")


def _key(key: Any) -> str:
    return key if isinstance(key, str) else short(key)


def _plain(node: Any) -> Any:
    """ruamel's round-trip values as plain Python ones, keys as text."""
    if isinstance(node, Mapping):
        return {_key(key): _plain(value) for key, value in node.items()}
    if isinstance(node, (list, tuple)):
        return [_plain(value) for value in node]
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return node if kind is bool else kind(node)
    return node


def _text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        what, hint = "is not UTF-8 text", "save it as UTF-8 in the editor"
        raise CaseError([Problem("", what, None, None, hint, line)], path.name) from None
    except OSError as error:
        raise CaseError([Problem("", f"cannot be opened: {error.strerror}")], path.name) from None


def _in_file_order(problems: list[Problem], lines: Mapping[str, int]) -> list[Problem]:
    return sorted((_with_line(problem, lines) for problem in problems), key=lambda p: p.line or 0)


def _with_line(problem: Problem, lines: Mapping[str, int]) -> Problem:
    path = problem.path
    while path and path not in lines:
        path = path.rpartition(".")[0]
    return replace(problem, line=lines.get(path))


@cache
def _about() -> Mapping[str, About]:
    """Path of every key -> its range, an example and its default, in words."""
    found = {}
    for path, name, field in fields():
        unit = unit_of(field, name)
        default = None if field.is_required() or field.default is None else short(field.default)
        if unit is not None:
            found[path] = About(unit.allowed(10), text(unit.low, unit), default)
            continue
        bounds = [getattr(rule, end) for end in ("ge", "le") for rule in field.metadata if hasattr(rule, end)]
        length = [
            getattr(rule, end)
            for end in ("min_length", "max_length")
            for rule in field.metadata
            if hasattr(rule, end)
        ]
        choices = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
        if len(bounds) == 2:
            found[path] = About(f"{bounds[0]} to {bounds[1]}", f"{bounds[0]}", default)
        elif choices:
            found[path] = About(", ".join(map(str, choices)), str(choices[0]), default)
        else:
            most = f"{length[0]} to {length[1]} characters" if len(length) == 2 else None
            found[path] = About("true, false" if field.annotation is bool else most, None, default or None)
    required = {field.alias or name for name, field in Case.model_fields.items() if field.is_required()}
    optional = [section for section, _ in _keys(Case) if section and section not in required]
    return found | {section: About(default="all defaults") for section in optional}


def _names_too_long(plain: Mapping[str, Any]) -> Iterator[Problem]:
    """File names that the system refuses to look up."""
    for path in ("site.weather", "load.profile.file"):
        value = _at(plain, path)
        if isinstance(value, str) and len(value.encode()) > LONGEST_NAME:
            yield Problem(
                path, "is longer than any file name", short(value), None, "name a file beside the case"
            )


def _at(plain: Any, path: str) -> Any:
    for key in path.split("."):
        plain = plain.get(key) if isinstance(plain, Mapping) else None
    return plain


def _booleans_for_counts(plain: Mapping[str, Any]) -> Iterator[Problem]:
    """``true`` where a count is due, which pydantic would read as 1."""
    for path, _, field in fields():
        value = _at(plain, path)
        if isinstance(value, bool) and any(hasattr(rule, "le") for rule in field.metadata):
            yield Problem(
                path,
                "is not a whole number",
                short(value),
                _about()[path].allowed,
                "write a count, without words",
            )
