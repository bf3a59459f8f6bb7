"""Print the shipped example's report: docs/sample_report.pdf, and the picture of its top that the README shows.

Needs Chromium, and Pillow (comes with streamlit) for the picture.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from campus.report import write_report
from ui.example import load_example

DOCS = Path(__file__).resolve().parent.parent / "docs"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDTH, HEIGHT = 1200, 1250  # pixels
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--hide-scrollbars",
)


def browse(browser: str, page: Path, *options: str) -> None:
    """Open the page without a window and wait until its figures are drawn."""
    with tempfile.TemporaryDirectory() as profile:
        size = f"--window-size={WIDTH},{HEIGHT}"
        command = [
            browser,
            *QUIET,
            size,
            f"--user-data-dir={profile}",
            "--virtual-time-budget=8000",
            *options,
        ]
        subprocess.run([*command, page.as_uri()], check=True, capture_output=True, timeout=120)


def main() -> None:
    """Write both files."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        sys.exit(
            f"sample_report: no Chromium found (looked for {', '.join(BROWSERS)}); install it and run again"
        )
    pdf, picture = DOCS / "sample_report.pdf", DOCS / "images" / "report.png"
    with tempfile.TemporaryDirectory() as folder:
        page = write_report(load_example(), Path(folder) / "report.html")
        browse(browser, page, "--no-pdf-header-footer", f"--print-to-pdf={pdf}")
        raw = Path(folder) / "top.png"
        browse(browser, page, f"--screenshot={raw}")
        picture.parent.mkdir(exist_ok=True)
        Image.open(raw).convert("RGB").quantize(96).save(picture, optimize=True)
    for path in (pdf, picture):
        print(f"docs/{path.relative_to(DOCS)}: {path.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
