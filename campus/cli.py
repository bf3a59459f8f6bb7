"""The command line ``heat2rack``. Exit codes: 0 done, 1 bad input, 2 no feasible or converged answer."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from campus.problems import CaseError
    from campus.result import CampusResult

BAD_INPUT, NO_ANSWER = 1, 2

app = typer.Typer(
    help="Design a modular supercritical-CO2 powered AI campus, from heat to rack.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

CaseArgument = Annotated[
    str, typer.Argument(metavar="CASE", help="A case file, or the name of a shipped case.")
]


@app.command()
def run(
    case: CaseArgument,
    results: Annotated[Path, typer.Option(help="Folder for the results folder of this run.")] = Path(
        "results"
    ),
) -> None:
    """Size a campus and write its results folder with the report."""
    from campus.case_file import load_case
    from campus.paths import find_case
    from campus.pipeline import run_case
    from campus.problems import CaseError
    from campus.progress import shown_progress
    from campus.store import save_results

    try:
        loaded = load_case(case)
        found = find_case(case)
        assert found is not None
        with shown_progress() as progress:
            result = run_case(loaded, folder=found.parent, name=found.stem, progress=progress)
    except CaseError as error:
        _stop(error)
    if not result.outcome:
        typer.echo(f"No answer: {result.outcome.value}\n{result.explain}", err=True)
        raise typer.Exit(NO_ANSWER)
    _print_kpis(result)
    _print_network(result)
    typer.echo("\nWriting the report ...", err=True)
    folder = save_results(result, results)
    typer.echo(f"Report:  {folder / 'report.html'}\nResults: {folder}")


@app.command()
def validate(case: CaseArgument) -> None:
    """Check a case file and list every problem."""
    from campus.case_file import load_case
    from campus.paths import find_case
    from campus.pipeline import read_profiles
    from campus.problems import CaseError

    try:
        loaded = load_case(case)
        found = find_case(case)
        read_profiles(loaded, found.parent if found else Path.cwd())
    except CaseError as error:
        _stop(error)
    typer.echo(f"{case}: no problems")


@app.command()
def new(
    path: Annotated[Path, typer.Argument(help="The file to write; an existing one is left as it is.")],
    base: Annotated[str, typer.Option("--from", help="The case to start from.")] = "01_quickstart_40mw",
) -> None:
    """Write a new case file to start from."""
    from campus.case_file import new_case
    from campus.problems import CaseError

    try:
        typer.echo(f"{new_case(path, base)} written; next: heat2rack run {path}")
    except CaseError as error:
        _stop(error)
    except OSError as error:
        typer.echo(f"{path}: cannot be written: {error.strerror}", err=True)
        raise typer.Exit(BAD_INPUT) from None


@app.command()
def schema() -> None:
    """Print the JSON schema of a case file, for editors."""
    from campus.case_file import json_schema

    typer.echo(json_schema(), nl=False)


@app.command()
def cycle(
    case: CaseArgument,
    layout: Annotated[
        str | None, typer.Option(help="Another layout than the case's; a wrong name lists all eight.")
    ] = None,
    compare: Annotated[bool, typer.Option("--compare", help="Every layout on one line each.")] = False,
) -> None:
    """Solve only the block of a case: states, efficiencies, machines, exergy, materials, dynamics, inventory."""
    from campus.blocks import cycle_result, reactor_too_cold, with_layout
    from campus.case_file import load_case
    from campus.cycle_text import compare_text, cycle_text
    from campus.paths import find_case
    from campus.pipeline import read_profiles
    from campus.problems import CaseError

    try:
        loaded = load_case(case)
        found = find_case(case)
        weather, _ = read_profiles(loaded, found.parent if found else Path.cwd())
        if layout is not None:
            loaded = with_layout(loaded, layout)
        cold = reactor_too_cold(loaded)
        if compare and cold is None:
            typer.echo(compare_text(loaded, weather))
            return
        result = None if cold else cycle_result(loaded, weather)
    except CaseError as error:
        _stop(error)
    if result is None or not result.outcome.ok:
        typer.echo(f"No answer: {cold if result is None else result.explain}", err=True)
        raise typer.Exit(NO_ANSWER)
    typer.echo(cycle_text(result))


@app.command()
def report(folder: Annotated[Path, typer.Argument(help="A results folder.")]) -> None:
    """Write the report of a results folder again."""
    from campus.report import write_report
    from campus.store import load_results

    try:
        typer.echo(write_report(load_results(folder), folder / "report.html"))
    except FileNotFoundError as error:
        typer.echo(f"{folder} is no results folder: {error.filename} is missing", err=True)
        raise typer.Exit(BAD_INPUT) from None


@app.command(name="app")
def open_app(port: Annotated[int, typer.Option(help="Port of the page.")] = 8501) -> None:
    """Open the page in a browser."""
    import subprocess
    from importlib import import_module

    page = import_module("ui.app_path").app_path()
    options = {
        "server.port": str(port),
        "server.showEmailPrompt": "false",
        "browser.gatherUsageStats": "false",
    }
    flags = [word for name, value in options.items() for word in (f"--{name}", value)]
    sys.exit(subprocess.call([sys.executable, "-m", "streamlit", "run", str(page), *flags]))


def main() -> None:
    """Entry point: one thread for linear algebra (same bytes everywhere); one clear line if another thermo shadows ours."""
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    from campus.rooms import ShadowedRoom, check_rooms

    try:
        check_rooms()
    except ShadowedRoom as error:
        sys.exit(str(error))
    app()


def _stop(error: CaseError) -> None:
    typer.echo(str(error), err=True)
    raise typer.Exit(BAD_INPUT)


def _print_kpis(result: CampusResult) -> None:
    from rich.console import Console
    from rich.table import Table

    from campus.kpis import headline

    table = Table(title=result.case.name, title_justify="left")
    table.add_column("KPI")
    table.add_column("Value", justify="right")
    table.add_column("Unit")
    for kpi in result.kpis.values():
        table.add_row(kpi.label, headline(kpi, 4), kpi.unit)
    Console().print(table)


def _print_network(result: CampusResult) -> None:
    """Margins and single outages of the DC network."""
    from rich.console import Console
    from rich.table import Table

    margins = Table(title="DC network: how far the loads can rise together", title_justify="left")
    for column in ("Limit", "First", "Times the load"):
        margins.add_column(column, justify="right" if column.startswith("Times") else "left")
    for row in result.tables["margins"].to_dict("records"):
        margins.add_row(row["limit"], row["element"], f"{row['factor']:.3f}")
    outages = Table(title="DC network: any single outage (N-1), the worst of each kind", title_justify="left")
    for column in (
        "Out",
        "Outages",
        "Racks dark",
        "MW dark",
        "Overloads",
        "Highest loading, %",
        "Lowest voltage, pu",
    ):
        outages.add_column(column, justify="left" if column == "Out" else "right")
    for row in result.tables["outages"].to_dict("records"):
        numbers = (row["outages"], row["racks_dark"], f"{row['MW_dark']:.2f}", row["overloads"],
                   f"{row['max_loading_percent']:.0f}", f"{row['v_min_pu']:.4f}")  # fmt: skip
        outages.add_row(row["what"], *(str(x).replace("nan", "–") for x in numbers))
    for table in (margins, outages):
        Console().print(table)


if __name__ == "__main__":
    main()
