"""Everything that is wrong with a case, at once: path, line, value, allowed range, suggestion."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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


def did_you_mean(word: str, words: Iterable[str]) -> str | None:
    """The nearest allowed word as a suggestion, or None if nothing is near."""
    near = difflib.get_close_matches(str(word), list(words), n=1, cutoff=0.55)
    return f"did you mean {near[0]!r}?" if near else None


def from_pydantic(error: Mapping[str, Any], keys_at: Mapping[str, tuple[str, ...]]) -> Problem:
    """One pydantic error as a :class:`Problem`.

    Parameters
    ----------
    error : mapping
        One item of ``ValidationError.errors()``.
    keys_at : mapping
        Section path -> the keys that the section knows, for did-you-mean.
    """
    path = ".".join(str(part) for part in error["loc"])
    kind = error["type"]
    context = error.get("ctx") or {}
    if kind == "quantity":
        return Problem(
            path, error["msg"], _short(context["given"]), context["allowed"], context["suggestion"]
        )
    if kind == "checked":
        return Problem(
            path, error["msg"], _short(context["given"]), context.get("allowed"), context.get("suggestion")
        )
    if kind == "extra_forbidden":
        section, _, key = path.rpartition(".")
        known = keys_at.get(section, ())
        hint = did_you_mean(key, known) or (f"known here: {', '.join(known)}" if known else None)
        return Problem(path, "is not a known key", _short(error["input"]), None, hint)
    if kind == "missing":
        return Problem(path, "is missing", None, None, "add it")
    if kind in ("literal_error", "enum"):
        expected = str(context.get("expected", ""))
        words = [word.strip().strip("'") for word in expected.replace(" or ", ", ").split(",")]
        hint = did_you_mean(str(error["input"]), words)
        return Problem(path, "is not one of the choices", _short(error["input"]), ", ".join(words), hint)
    if kind in ("model_type", "dict_type", "model_attributes_type"):
        known = keys_at.get(path, ())
        hint = f"keys here: {', '.join(known)}" if known else None
        return Problem(path, "is not a section with keys", _short(error["input"]), None, hint)
    return Problem(path, _plain(error["msg"]), _short(error["input"]), _bounds(context), None)


def _bounds(context: Mapping[str, Any]) -> str | None:
    words = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
    found = [f"{words[key]} {context[key]}" for key in words if key in context]
    return " and ".join(found) or None


def _plain(message: str) -> str:
    return message.replace("Input should be", "should be").replace("Value error, ", "")


def _short(value: Any, width: int = 60) -> str:
    shown = value if isinstance(value, str) else repr(value)
    return shown if len(shown) <= width else shown[: width - 1] + "…"
