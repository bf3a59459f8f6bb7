"""Show how far a run is: a bar on a terminal, plain lines in a log."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str, float], None]


def silent(text: str, fraction: float) -> None:
    """Progress for callers who do not want to see any."""


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """A progress callback ``(text, fraction)`` that shows itself on the console."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        start = time.perf_counter()

        def line(text: str, fraction: float) -> None:
            console.print(
                f"[{time.perf_counter() - start:5.1f} s] {fraction:4.0%}  {text}",
                markup=False,
                highlight=False,
            )

        yield line
        return
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    with Bar(
        TimeElapsedColumn(),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.description}"),
        console=console,
    ) as bar:
        task = bar.add_task("starting", total=1.0)
        yield lambda text, fraction: bar.update(task, completed=fraction, description=text)
