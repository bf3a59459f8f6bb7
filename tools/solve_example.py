"""Solve the reference campus again and keep it as the example that the page opens on."""

from __future__ import annotations

import shutil
from pathlib import Path

import campus
from campus.paths import cases_dir
from campus.progress import shown_progress
from campus.store import write_data
from ui.example import CASE, FOLDER

if __name__ == "__main__":
    with shown_progress() as progress:
        result = campus.run_case(
            campus.load_case(CASE), folder=cases_dir(), name=CASE, progress=progress
        ).require_ok()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    write_data(result, FOLDER)
    print(f"{Path('ui') / FOLDER.name}: {result.manifest['hash']}")
