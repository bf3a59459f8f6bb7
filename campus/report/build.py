"""Put the tables and figures of a results folder into the report's template."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from campus import figures
from campus.kpis import ABOUT, HEADLINES, About, headline, shown

if TYPE_CHECKING:
    from campus.store import Stored

HERE = Path(__file__).resolve().parent


def write_report(stored: Stored, path: Path) -> Path:
    """Write ``report.html`` from a results folder; the file needs no network and no other file."""
    import jinja2
    from plotly.offline import get_plotlyjs

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = shown
    environment.filters["headline"] = headline
    environment.filters["hover"] = hover
    environment.filters["plain_state"] = plain_state
    environment.filters["capitalize_first"] = lambda text: text[:1].upper() + text[1:]
    page = environment.get_template("report.html.j2").render(
        css=(HERE / "report.css").read_text(encoding="utf-8"),
        plotlyjs=get_plotlyjs(),
        figures={name: _html(figure) for name, figure in all_figures(stored).items()},
        headlines=[
            (name, stored.kpis[name], ABOUT[name])
            for name in HEADLINES
            if stored.kpis[name].value is not None
        ],
        kpis=[(name, kpi, ABOUT[name]) for name, kpi in stored.kpis.items()],
        manifest=stored.manifest,
        tables={name: table_rows(table) for name, table in stored.tables.items() if len(table) < 300},
        case_yaml=stored.case_yaml,
        kpi_of=stored.kpis,
        way=(100 * float(stored.tables["rack_path"]["availability"].to_numpy(float).prod()), "%", ""),
        moved=moved_inputs(stored.tables["sensitivity"]),
        assumptions=by_grade(stored.tables["assumptions"]),
    )
    path.write_text(page, encoding="utf-8")
    return path


def hover(about: About) -> str:
    """What stands on hover over a key figure."""
    return f"Unit: {about.unit}. Boundary: {about.boundary}. Source: {about.source}."


def plain_state(name: str) -> str:
    """A state's name without the abbreviations of the code.

    >>> plain_state("ltr hp outlet")
    'low-temperature recuperator, high-pressure outlet'
    """
    short = {"ltr": "low-temperature recuperator,", "htr": "high-temperature recuperator,"}
    words = {**short, "hp": "high-pressure", "lp": "low-pressure"}
    return " ".join(words.get(word, word) for word in name.split())


def by_grade(assumptions: pd.DataFrame) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """The assumptions in three parts, sorted by name: (grade, title, rows)."""
    parts = (("case", "set in the case"), ("cited", "cited"), ("assumption", "assumed, yours to replace"))
    return [
        (grade, title, table_rows(assumptions[assumptions["grade"] == grade].sort_values("name")))
        for grade, title in parts
    ]


def moved_inputs(sensitivity: pd.DataFrame) -> set[str]:
    """Inputs that move availability or efficiency."""
    told = ("availability", "fuel_to_rack")
    wide = [(sensitivity[f"{key}_high"] - sensitivity[f"{key}_low"]).abs() > 1e-6 for key in told]
    return set(sensitivity["input"][wide[0] | wide[1]])


def all_figures(stored: Stored) -> dict[str, Any]:
    """Every figure of a result, by name; the report and the page show the same ones."""
    t = stored.tables
    network = {}
    if "grid_profile" in t:  # results from before these tables have them not
        network["voltage_profile"] = figures.voltage_profile_figure(t["grid_profile"])
        network["network_sankey"] = figures.network_sankey_figure(t["grid_flow"])
    if "tq" in t:
        network["ph"] = figures.ph_figure(t["states"], t["ph_path"])
        network["tq"] = figures.tq_figure(t["tq"])
    if "grid_verdicts" in t:
        network["bands"] = figures.bands_figure(t["verdicts"], t["grid_verdicts"])
    return {
        "sankey": figures.sankey_figure(t["energy"]),
        "ts": figures.ts_figure(t["states"], t["ts_path"]),
        "map": figures.map_figure(t["map"]),
        "capacity": figures.capacity_figure(t["capacity"]),
        "dispatch": figures.dispatch_figure(t["dispatch"]),
        "one_line": figures.one_line_figure(t["grid_bus"], t["grid_branch"]),
        "chains": figures.chains_figure(t["losses"]),
        "tornado": figures.tornado_figure(t["sensitivity"]),
        **network,
    }


def table_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """A table as a list of rows; missing cells are None."""
    return [
        {str(key): None if pd.isna(value) else value for key, value in row.items()}
        for row in table.to_dict(orient="records")
    ]


def _html(figure: Any) -> str:
    return str(
        figure.to_html(
            full_html=False, include_plotlyjs=False, config={"displayModeBar": False, "responsive": True}
        )
    )
