"""Guard: the rooms that we import must be ours (somebody else's distribution is also called ``thermo``)."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOMS = ("thermo", "sizing", "dcgrid")


class ShadowedRoom(ImportError):
    """Another distribution's package stands where one of ours should; the text says what to do, in one line."""


def check_rooms() -> None:
    """Raise `ShadowedRoom` with one clear line if another package shadows one of ours."""
    home = Path(__file__).resolve().parent.parent
    for room in ROOMS:
        spec = importlib.util.find_spec(room)
        if spec is None or spec.origin is None:
            raise ShadowedRoom(f"heat2rack: its package {room!r} is missing; install heat2rack again")
        if Path(spec.origin).resolve().parent.parent != home:
            raise ShadowedRoom(
                f"heat2rack: another distribution's {room!r} ({Path(spec.origin).parent}) shadows ours; "
                f"use a virtual environment without it (pip uninstall {room})"
            )
