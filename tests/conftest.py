"""`record_validation`: a check against a published or a peer's number that also becomes a row of docs/validation.md."""

import json
import os
from pathlib import Path

import pytest

ROWS: list[dict] = []


@pytest.fixture
def record_validation(request):
    """Function that records (case, source, quantity, expected, got, tolerance) and asserts that got is within it.

    relative: the tolerance is relative to expected. least: got may lie above expected at will. unit and note are
    shown in the page.
    """

    def record(
        case, source, quantity, expected, got, tolerance, *, unit="", relative=False, least=False, note=""
    ):
        allowed = tolerance * abs(expected) if relative else tolerance
        difference = got - expected
        ok = bool(difference >= -allowed if least else abs(difference) <= allowed)
        row = {"case": case, "source": source, "quantity": quantity, "expected": float(expected), "got": float(got),
               "difference": float(difference), "tolerance": float(tolerance), "relative": relative, "least": least,
               "unit": unit, "note": note, "ok": ok}  # fmt: skip
        request.node.user_properties.append(("validation", row))
        limit = f"{'at least ' if least else ''}{expected:.10g} within {allowed:.3g} {unit}"
        assert ok, f"{case}: {quantity} {got:.10g}, expected {limit}"
        return ok

    return record


def pytest_runtest_logreport(report):
    """Collect the rows; with xdist this runs in the process that has all reports."""
    if report.when == "call":
        ROWS.extend(row for name, row in report.user_properties if name == "validation")


def pytest_sessionfinish(session):
    """Write the rows where the page's tool asks for them."""
    target = os.environ.get("HEAT2RACK_VALIDATION_ROWS")
    if target and not hasattr(session.config, "workerinput"):
        Path(target).write_text(json.dumps(ROWS))
