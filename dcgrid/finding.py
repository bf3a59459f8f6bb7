"""One finding about a network, as data: which element, its value, what is allowed, what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One finding: `error` stops a run (outcome INVALID), `warning` is only reported.

    `value` and `allowed` carry their unit where they have one; `suggestion` may be empty.
    """

    level: str
    element: str
    text: str
    value: object = None
    allowed: str = ""
    suggestion: str = ""

    def __str__(self) -> str:
        hint = f"; {self.suggestion}" if self.suggestion else ""
        return f"{self.level}: {self.element}: {self.text}{hint}"


def error(element: str, text: str, value: object, allowed: str, suggestion: str = "") -> Finding:
    return Finding("error", element, text, value, allowed, suggestion)


def warning(element: str, text: str, value: object, allowed: str, suggestion: str = "") -> Finding:
    return Finding("warning", element, text, value, allowed, suggestion)
