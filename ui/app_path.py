"""Where the page's entry file is: in a checkout, and in an installed copy."""

from __future__ import annotations

from pathlib import Path


def app_path() -> Path:
    """The file that streamlit runs."""
    here = Path(__file__).resolve().parent
    checkout = here.parent / "app.py"
    return checkout if checkout.is_file() else here / "app.py"
