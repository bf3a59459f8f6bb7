"""The first page, run without a browser."""

import warnings

import pytest

from campus.kpis import HEADLINES, headline
from campus.store import load_results
from ui.app_path import app_path
from ui.example import FOLDER, load_example
from ui.home import UNSAID_UNITS, short_label


@pytest.fixture(scope="module")
def page():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # streamlit's own dependencies warn on import
        from streamlit.testing.v1 import AppTest

        return AppTest.from_file(str(app_path()), default_timeout=120).run()


def test_page_opens_on_the_solved_example_without_an_exception(page):
    assert not page.exception
    assert page.title[0].value == "heat2rack"
    assert page.subheader[0].value == load_example().manifest["title"]


def test_page_shows_every_headline_with_its_unit_and_boundary(page):
    kpis = load_results(FOLDER).kpis
    for metric, name in zip(page.metric, HEADLINES, strict=True):
        _, unit, label = kpis[name]
        assert metric.label.startswith(short_label(label))
        assert headline(kpis[name]) in metric.value
        assert unit in f"{metric.label} {metric.value}" or unit in UNSAID_UNITS
        assert metric.help.startswith(f"{label}. Boundary: ")


def test_page_says_what_the_numbers_rest_on(page):
    assert any("No sCO2 fleet exists" in warning.value for warning in page.warning)
