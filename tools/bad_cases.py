"""Bad case files kept as data, ``tests/campus/bad_cases/<topic>.yaml``: how to read, fill and extend them.

Each topic holds ``cases``; each case has a ``name``, a way to make the file, and ``expect``, the exact problems.
A file is given by ``text`` (with ``repeat``: text and times, put after it), by ``hex`` (raw bytes), by ``open``
(a name to open) or by changes of a base case (``base``: small or full): ``edit`` replaces text that occurs once,
``set`` writes the value of a key anew, ``rename`` the key. ``files`` are data files beside the case: text, or a
``header`` with a ``row`` repeated ``rows`` times. Lists of what is shipped stand as ``<weather files>`` and so on.

    python tools/bad_cases.py            tell which cases differ from what the code says
    python tools/bad_cases.py --fill     write what the code says into cases without ``expect``: read each one then
    python tools/bad_cases.py --refill   write it into all cases that differ, and read the git diff
    python tools/bad_cases.py --mutate   write the mutated topics anew from base_full.yaml (then --fill and review)
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from campus.case_file import fields, load_case
from campus.paths import shipped_cases, shipped_data_files
from campus.pipeline import read_profiles
from campus.problems import CaseError
from campus.quantities import unit_of
from thermo.heat_sources.reactor import reactors

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "campus" / "bad_cases"
PARTS = ("path", "what", "value", "allowed", "suggestion", "line")
MUTATED = ("mutated_ranges", "mutated_units", "mutated_counts_and_choices", "mutated_keys")


def topics() -> list[str]:
    """Names of the topics."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml") if not path.stem.startswith("base_"))


def read(topic: str) -> list[dict[str, Any]]:
    """The cases of one topic as plain data."""
    return list(YAML(typ="safe").load((FOLDER / f"{topic}.yaml").read_text(encoding="utf-8"))["cases"])


def found(entry: Mapping[str, Any], folder: Path) -> CaseError | None:
    """What ``heat2rack validate`` would say of a case, written into `folder`; None if it is accepted."""
    for name, content in entry.get("files", {}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Mapping):
            content = content["header"] + "\n" + (content["row"] + "\n") * content["rows"]
        path.write_text(content, encoding="utf-8")
    path = folder / "case.yaml"
    path.write_bytes(content_of(entry))
    try:
        case = load_case(entry.get("open", path))
        read_profiles(case, folder)
    except CaseError as error:
        return error
    return None


def content_of(entry: Mapping[str, Any]) -> bytes:
    """The bytes of the bad case file."""
    if "hex" in entry:
        return bytes.fromhex(entry["hex"])
    if "text" in entry:
        again, times = entry.get("repeat", ("", 0))
        return (str(entry["text"]) + again * times).encode()
    text = _base(entry.get("base", "small"))
    for old, new in entry.get("edit", {}).items():
        if text.count(old) != 1:
            raise ValueError(f"{entry['name']}: {old!r} occurs {text.count(old)} times")
        text = text.replace(old, new)
    lines = text.splitlines()
    for path, value in entry.get("set", {}).items():
        number = _line_of(lines, path)
        lines[number] = f"{lines[number].split(':')[0]}: {value}".rstrip()
    for path, new in entry.get("rename", {}).items():
        number = _line_of(lines, path)
        lines[number] = lines[number].replace(path.rpartition(".")[2] + ":", new + ":")
    return ("\n".join(lines) + "\n").encode()


@cache
def _base(name: str) -> str:
    return (FOLDER / f"base_{name}.yaml").read_text(encoding="utf-8")


def _line_of(lines: list[str], path: str) -> int:
    """Index of the line of a dotted path in a file indented by two."""
    start = 0
    for depth, key in enumerate(path.split(".")):
        start = next(n for n in range(start, len(lines)) if lines[n].startswith("  " * depth + key + ":"))
    return start


def as_data(error: CaseError | None) -> list[dict[str, Any]]:
    """Problems as they are kept: only what is told."""
    if error is None:
        return []
    return [
        {part: _stable(getattr(problem, part)) for part in PARTS if getattr(problem, part) is not None}
        for problem in error.problems
    ]


def _stable(told: str | int) -> str | int:
    """Lists of what is shipped by their name, so that one more weather file changes no expectation."""
    lists = {
        "<weather files>": shipped_data_files("weather"),
        "<load files>": shipped_data_files("load"),
        "<cases>": shipped_cases(),
        "<reactors>": tuple(reactors()),
    }
    for name, words in lists.items():
        told = told.replace(", ".join(words), name) if isinstance(told, str) else told
    return told


def fill(everything: bool) -> int:
    """Write what the code says into cases without ``expect`` (or into all that differ); how many were written."""
    yaml, written = YAML(typ="rt"), 0
    yaml.width, yaml.allow_unicode = 4096, True
    yaml.indent(mapping=2, sequence=4, offset=2)
    for topic in topics():
        path = FOLDER / f"{topic}.yaml"
        document, changed = yaml.load(path.read_text(encoding="utf-8")), 0
        for entry, plain in zip(document["cases"], read(topic), strict=True):
            if "expect" in entry and not everything:
                continue
            with tempfile.TemporaryDirectory() as folder:
                problems = as_data(found(plain, Path(folder)))
            if problems != plain.get("expect"):
                entry["expect"] = _flow(problems)
                entry.fa.set_block_style()
                changed += 1
        if changed:
            with path.open("w", encoding="utf-8") as out:
                yaml.dump(document, out)
        written += changed
    return written


def _flow(problems: list[dict[str, Any]]) -> Any:
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    rows = CommentedSeq()
    for problem in problems:
        row = CommentedMap(problem)
        row.fa.set_flow_style()
        rows.append(row)
    return rows


def mutations(topic: str) -> Iterator[dict[str, Any]]:
    """The mutated cases of a topic, without what is expected of them."""
    for path, name, field in fields():
        unit = unit_of(field, name)
        try:
            _line_of(_base("full").splitlines(), path)
        except StopIteration:
            continue
        if topic == "mutated_ranges" and unit is not None:
            step = max(abs(unit.low), 1.0) if unit.shown else 0.5
            for side, value in (("low", unit.low - step), ("high", unit.high * 1.5)):
                yield _mutation(f"{path} too {side}", "set", path, f"{value:g} {unit.shown}".strip())
        if topic == "mutated_units" and unit is not None:
            middle = f"{0.5 * (unit.low + unit.high):.4g}"
            if unit.shown:
                yield _mutation(f"{path} without its unit", "set", path, middle)
                yield _mutation(f"{path} in kg", "set", path, f"{middle} kg")
            else:
                yield _mutation(f"{path} with a unit", "set", path, f"{middle} MW")
                yield _mutation(f"{path} in words", "set", path, "some")
        if topic == "mutated_counts_and_choices" and unit is None:
            yield from _count_or_choice(path, field)
        if topic == "mutated_keys":
            key = path.rpartition(".")[2]
            yield _mutation(
                f"{path} misspelt", "rename", path, key[: len(key) // 2] + key[len(key) // 2 + 1 :]
            )


def _count_or_choice(path: str, field: Any) -> Iterator[dict[str, Any]]:
    ends = [getattr(rule, end) for end in ("ge", "le") for rule in field.metadata if hasattr(rule, end)]
    if len(ends) == 2:
        for what, value in (("too low", ends[0] - 1), ("too high", ends[1] + 1), ("with a fraction", ends[0] + 0.5),
                            ("true", "true"), ("in words", "a few")):  # fmt: skip
            yield _mutation(f"{path} {what}", "set", path, str(value))
    elif "Literal" in str(field.annotation) and path != "schema_version":
        word = str(field.default)
        yield _mutation(f"{path} misspelt", "set", path, f"{word[:-1]}x")
        yield _mutation(f"{path} a list", "set", path, f"[{word}]")
        yield _mutation(f"{path} a number", "set", path, "7")


def _mutation(name: str, how: str, path: str, value: str) -> dict[str, Any]:
    return {"name": name, "base": "full", how: {path: value}}


def write_mutations() -> None:
    """Write the mutated topics anew, without ``expect``."""
    yaml = YAML()
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    for topic in MUTATED:
        with (FOLDER / f"{topic}.yaml").open("w", encoding="utf-8") as out:
            out.write("# One line of base_full.yaml changed; written by tools/bad_cases.py --mutate.\n")
            yaml.dump({"cases": list(mutations(topic))}, out)


def differing() -> Iterator[str]:
    """Name of every case of which the code says something else than expected."""
    for topic in topics():
        for entry in read(topic):
            with tempfile.TemporaryDirectory() as folder:
                if as_data(found(entry, Path(folder))) != entry.get("expect"):
                    yield f"{topic}: {entry['name']}"


if __name__ == "__main__":
    if "--mutate" in sys.argv:
        write_mutations()
    elif "--fill" in sys.argv or "--refill" in sys.argv:
        print(fill("--refill" in sys.argv), "written")
    else:
        print("\n".join(differing()) or "all as expected")
