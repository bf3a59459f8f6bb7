"""Everything that is wrong with a case, at once: path, line, value, allowed range, suggestion."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a case file.

    Attributes
    ----------
    path : str
        Dotted path in the file, e.g. ``block.turbine_inlet``; empty for the file as a whole.
    what : str
        What is wrong, in words.
    value : str or None
        The value as given.
    allowed : str or None
        What is allowed, with its unit.
    suggestion : str or None
        What to write instead.
    line : int or None
        Line in the file, from 1.
    """

    path: str
    what: str
    value: str | None = None
    allowed: str | None = None
    suggestion: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        where = self.path or "file"
        if self.line is not None:
            where += f" (line {self.line})"
        given = f": {self.value}" if self.value is not None else ""
        parts = [f"{where}{given} {self.what}" if given else f"{where}: {self.what}"]
        if self.allowed:
            parts.append(f"allowed: {self.allowed}")
        if self.suggestion:
            parts.append(self.suggestion)
        return "; ".join(parts)


class CaseError(ValueError):
    """A case that cannot be used. ``problems`` lists everything found; its text is the whole list."""

    def __init__(self, problems: Iterable[Problem], source: str = "case") -> None:
        self.problems = tuple(problems)
        self.source = source
        count = f"{len(self.problems)} problem" + ("s" if len(self.problems) != 1 else "")
        super().__init__(
            "\n".join([f"{source}: {count}", *(f"  {n}. {p}" for n, p in enumerate(self.problems, 1))])
        )


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The nearest of some words, or None if nothing is near. Case, spaces and hyphens do not count."""
    plain = {_letters(candidate): candidate for candidate in words}
    near = difflib.get_close_matches(_letters(word), list(plain), n=1, cutoff=0.55)
    if near:
        return plain[near[0]]
    holding = [
        key for key in plain if len(_letters(word)) > 2 and (_letters(word) in key or key in _letters(word))
    ]
    return plain[holding[0]] if len(holding) == 1 else None


def did_you_mean(word: str, words: Iterable[str]) -> str | None:
    """The nearest allowed word as a suggestion, or None if nothing is near."""
    near = nearest(word, words)
    return f"did you mean {near!r}?" if near else None


def _letters(word: str) -> str:
    return str(word).strip().lower().replace("-", "_").replace(" ", "_")


@dataclass(frozen=True)
class About:
    """What a message may say of a key: its range in words, an example, and the default as a file would hold it."""

    allowed: str | None = None
    example: str | None = None
    default: str | None = None


def from_pydantic(
    error: Mapping[str, Any], keys_at: Mapping[str, tuple[str, ...]], about: Mapping[str, About]
) -> Problem:
    """One pydantic error as a :class:`Problem`.

    Parameters
    ----------
    error : mapping
        One item of ``ValidationError.errors()``.
    keys_at : mapping
        Section path -> the keys that the section knows, for did-you-mean.
    about : mapping
        Path of a key -> what is known of it.
    """
    path = ".".join(str(part) for part in error["loc"])
    kind, given, context = error["type"], error["input"], error.get("ctx") or {}
    known = about.get(path, About())
    if kind == "extra_forbidden":
        return Problem(path, "is not a known key", None, None, _unknown_key(path, keys_at))
    if kind == "missing":
        return Problem(path, "is missing", None, known.allowed, _how_to_add(path, keys_at, known))
    if kind in ("model_type", "dict_type", "model_attributes_type"):
        keys = f"keys here: {', '.join(keys_at.get(path, ()))}"
        keys = f"write 'key: value' lines under it; {keys}" if isinstance(given, str) else keys
        keys += "; or leave the section out" if given is None and known.default is not None else ""
        shown = None if given is None else short(given)
        return Problem(path, "is not a section with keys", shown, None, keys)
    if given is None or (isinstance(given, str) and not given.strip() and kind != "checked"):
        return Problem(path, "is empty", None, known.allowed, _how_to_fill(known))
    if kind in ("quantity", "checked"):
        return Problem(path, error["msg"], short(given), context.get("allowed"), context.get("suggestion"))
    if kind in ("literal_error", "enum"):
        words = (known.allowed or "").split(", ")
        hint = f"write {words[0]}" if len(words) == 1 else did_you_mean(str(given), words)
        return Problem(path, "is not one of the choices", short(given), known.allowed, hint)
    return _plain_kinds(path, kind, given, error["msg"], known)


def _plain_kinds(path: str, kind: str, given: Any, message: str, known: About) -> Problem:
    """Whole numbers, yes or no, and text."""
    if kind in ("less_than_equal", "greater_than_equal"):
        near = (known.allowed or "").split(" to ")[-1 if kind == "less_than_equal" else 0]
        return Problem(path, "out of range", short(given), known.allowed, f"the nearest allowed is {near}")
    if kind.startswith("int_") or kind == "finite_number":
        fraction = isinstance(given, float) and math.isfinite(given)
        hint = (
            f"write {math.floor(given)} or {math.ceil(given)}" if fraction else "write a count, without words"
        )
        return Problem(path, "is not a whole number", short(given), known.allowed, hint)
    if kind.startswith("bool_"):
        return Problem(path, "is neither true nor false", short(given), "true, false", "write true or false")
    if kind == "string_type":
        quotes = path in ("name", "description") and not isinstance(given, (Mapping, list))
        name = "write one line of text" if isinstance(given, (Mapping, list)) else "write a name"
        hint = f"put it in quotes: '{short(given)}'" if quotes else name
        return Problem(path, "is not text", short(given), known.allowed, hint)
    if kind == "string_too_long":
        return Problem(
            path, "is too long", short(given), known.allowed, "shorten it; description has room for more"
        )
    return Problem(path, message, short(given), known.allowed, None)


def meant(path: str, keys_at: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Paths that an unknown key may stand for: the same key in its own section, else the nearest key of this one."""
    section, _, key = path.rpartition(".")
    here = keys_at.get(section, ())
    homes = tuple(f"{home}.{key}".lstrip(".") for home, keys in keys_at.items() if key in keys)
    if homes:  # also a key written with its section before it, "load.it_power"
        return homes
    near = nearest(key, here)
    return (f"{section}.{near}".lstrip("."),) if near else ()


def _unknown_key(path: str, keys_at: Mapping[str, tuple[str, ...]]) -> str | None:
    section, _, key = path.rpartition(".")
    found = meant(path, keys_at)
    if path in found:
        return f"indent {key!r} in a section {section!r}"
    homes = [
        home.rpartition(".")[0] or "the top of the file"
        for home in found
        if home.endswith(f".{key}") or home == key
    ]
    if homes:
        return f"it belongs to {' or '.join(homes)}"
    if found:
        return f"did you mean {found[0].rpartition('.')[2]!r}?"
    here = keys_at.get(section, ())
    return f"known here: {', '.join(here)}" if here else None


def _how_to_add(path: str, keys_at: Mapping[str, tuple[str, ...]], known: About) -> str:
    key = path.rpartition(".")[2]
    if path in keys_at:
        return f"add the section {key!r}; keys: {', '.join(keys_at[path])}"
    return f"add it, as '{key}: {known.example}'" if known.example else "add it"


def _how_to_fill(known: About) -> str:
    write = f"write it as {known.example!r}" if known.example else "write a value"
    return f"{write}, or leave the key out for the default {known.default}" if known.default else write


def short(value: Any, width: int = 60) -> str:
    """A value as a case file shows it, cut to one line."""
    words = {"None": "null", "True": "true", "False": "false"}
    shown = value if isinstance(value, str) else words.get(repr(value), repr(value))
    shown = str(value) if isinstance(value, date) else shown
    shown = " ".join(shown.split())
    return shown if len(shown) <= width else shown[: width - 1] + "…"
