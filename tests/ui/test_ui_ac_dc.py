"""The AC-against-DC page without a browser: its numbers against the three lines of Python, its settings, its words."""

import json
import math
import re
import warnings
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import campus.ac_dc as halls
from campus.ac_dc import Hall
from campus.figures.twin_sankey import twin_sankey_figure
from dcgrid.chains import chain_ledgers
from dcgrid.comparison import compare
from dcgrid.outcome import RunError
from ui.ac_dc import _flows, largest, ledger_csv, stage_rows, verdict_words
from ui.stage_card import equations
from ui.style import GRADES, digits, for_page, points, table

SOME = (
    Hall(),
    Hall(rack=600, load=100, ac="generator-eco_mode", redundancy="2N"),
    Hall(boundary="B", dc="rectifier", ac="grid-rack_batteries", rack=40, load=30, distance=300),
    Hall(boundary="B", dc="sst", ac="grid-eco_mode", ups_redundancy="2N"),
)


def _page(query=None):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # streamlit's own dependencies warn on import
        from streamlit.testing.v1 import AppTest

        def script():
            from ui.ac_dc import ac_dc

            ac_dc()

        page = AppTest.from_function(script, default_timeout=120)
        for key, value in (query or {}).items():
            page.query_params[key] = value
        return page.run()


def _html(page):
    return " ".join(re.sub(r"<[^>]+>", " ", x.proto.body) for x in page.get("html"))


@pytest.mark.parametrize("hall", SOME)
def test_numbers_on_the_page_are_those_of_the_three_lines(hall):
    names: dict = {}
    exec(halls.three_lines(hall), names)
    full, seen = names["found"], halls.view(hall)
    assert (full.a, full.b, full.verdict) == (seen.dc.name, seen.ac.name, seen.comparison.verdict)
    shown = verdict_words(seen)
    assert verdict_words(replace(seen, comparison=full)) == shown
    assert points(abs(full.points))[-3:] in shown[0]


@pytest.mark.parametrize("hall", SOME)
def test_stage_table_is_that_of_the_full_power_flow(hall):
    seen = halls.view(hall)
    for name, ours in zip(hall.chains, (seen.dc, seen.ac), strict=True):
        full = chain_ledgers(hall.spec(), hall.boundary, name, [hall.rack_load_w])[0]
        assert stage_rows(full) == stage_rows(ours)


def test_page_shows_what_the_view_holds():
    page = _page(Hall(rack=240, load=60).query())
    assert not page.exception
    seen = halls.view(Hall(rack=240, load=60))
    text = _html(page)
    assert verdict_words(seen)[0] in text
    for _, cells in (*stage_rows(seen.dc), *stage_rows(seen.ac)):
        assert all(cell in text for cell in cells)
    assert page.query_params["rack"] in ("240", ["240"])


@pytest.mark.parametrize("hall", SOME[::2])
def test_swapping_the_chains_swaps_the_sign(hall):
    seen = halls.view(hall)
    swapped = compare(seen.ac, seen.dc)
    assert swapped.points == pytest.approx(-seen.comparison.points, abs=1e-12)
    assert swapped.p10_points == pytest.approx(-seen.comparison.p90_points, abs=1e-9)
    assert swapped.answer == seen.comparison.answer


def test_bad_address_gives_words_and_the_usual_hall():
    page = _page(
        {"rack": "1e9", "load": "many", "boundary": "Z", "ac": "<b>", "dc": "sst", "ups_redundancy": "3N"}
    )
    assert not page.exception
    assert len(page.warning) == 6
    assert any("allowed 10 to 600 kW" in w.value for w in page.warning)
    assert page.slider(key="acdc_rack").value == 132


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from([*Hall().query(), "x"]), st.text(max_size=30), max_size=8))
def test_any_address_is_answered(query):
    hall, problems = halls.from_query(query)
    assert hall.chains
    assert all("allowed" in p for p in problems)


@settings(max_examples=30, deadline=None)
@given(st.integers(5, 300), st.integers(2, 20), st.sampled_from(sorted(halls.ac_choices("A"))))
def test_address_of_a_hall_gives_the_hall_back(half_rack, fifths, ac):
    hall = Hall(rack=2 * half_rack, load=5 * fifths, ac=ac)
    assert halls.from_query(hall.query()) == (hall, [])


def test_every_choice_has_an_answer_at_the_ends_of_the_slider():
    for boundary in halls.BOUNDARIES:
        for dc in halls.dc_choices(boundary):
            for ac in halls.ac_choices(boundary):
                for rack, load in ((10, 10), (600, 100)):
                    seen = halls.view(Hall(boundary=boundary, dc=dc, ac=ac, rack=rack, load=load))
                    assert not isinstance(seen, str), (boundary, dc, ac, rack, seen)


def test_boundary_brings_chains_that_exist_and_keeps_the_ups():
    moved = halls.settled(replace(Hall(ac="inverter-eco_mode"), boundary="B"))
    assert moved.chains == ("DC, transformer and rectifier", "AC from the grid, eco-mode UPS")


def test_steps_to_ac_shrink_the_gap_and_turn_the_verdict():
    steps = halls.what_would_make_ac_win(Hall())
    found = [s.comparison.points for s in steps]
    assert found == sorted(found, reverse=True)
    assert steps[0].comparison.answer == "DC better"
    assert steps[-1].comparison.answer == "AC better"


def test_no_operating_point_is_told_in_words(monkeypatch):
    def none(*_):
        raise RunError("no operating point here")

    monkeypatch.setattr(halls, "ledger", none)
    assert halls.view(Hall()) == "no operating point here"


def test_flows_have_one_scale_and_close():
    seen = halls.view(Hall())
    figure = twin_sankey_figure(_flows(seen.dc), _flows(seen.ac))
    bands = [t for t in figure.data if t.hoverinfo == "skip"]
    for band, ledger in zip(bands, (seen.dc, seen.ac), strict=True):
        y = list(band.y)
        assert y[-1] - y[0] == pytest.approx(ledger.p_in_w / 1e6, rel=1e-12)
        assert y[-2] - y[-3] == pytest.approx(ledger.p_out_w / 1e6, rel=1e-12)


def test_stage_equations_close_with_their_numbers():
    seen = halls.view(Hall())
    for stage in (*seen.dc.stages, *seen.ac.stages, *seen.ac.tails):
        balance, law, *_ = equations(stage)
        left, right = balance.split("=")[2:]
        numbers = [float(x.replace(r"\,", "")) for x in left.split("+")]
        total = float(right.split(r"\ ")[0].replace(r"\,", ""))
        assert sum(numbers) == pytest.approx(total, rel=1.5e-3)
        assert digits(stage.loss_w / 1e3, 4).replace("\u202f", r"\,") in law
        assert stage.grade in GRADES


def test_predict_covers_then_reveals():
    page = _page()
    page.toggle(key="acdc_predict").set_value(True).run()
    assert "verdict" not in " ".join(x.proto.body for x in page.get("html") if "<style" not in x.proto.body)
    assert any("Choose a stage" in x.value for x in page.info)
    page.pills(key="acdc_guess").set_value(largest(halls.view(Hall()).ac).name).run()
    assert not page.exception
    assert any("✔ Yes" in x.value for x in page.markdown)
    assert verdict_words(halls.view(Hall()))[0] in _html(page)


def test_csv_holds_both_ledgers_in_full():
    import io

    import pandas as pd

    seen = halls.view(Hall())
    found = pd.read_csv(io.StringIO(ledger_csv(seen)))
    total = found[found["stage"] == "total"].set_index("chain")["loss_w"]
    assert total[seen.ac.name] == seen.ac.loss_w
    assert set(found["grade"].dropna()) <= set(GRADES)


def test_dark_figures_keep_no_dark_ink():
    seen = halls.view(Hall())
    text = for_page(twin_sankey_figure(_flows(seen.dc), _flows(seen.ac)), True).to_json()
    assert json.loads(text)["layout"]["font"]["color"] == "#e8eef4"
    assert "#1c2733" not in text


def test_numbers_are_rounded_and_text_is_escaped():
    assert [digits(x) for x in (0.999949, 999.6, 1e-3, 54321.0)] == [
        "1.00",
        "1\u202f000",
        "0.00100",
        "54\u202f300",
    ]
    assert points(-math.pi) == "−3.1"
    assert "<b>" not in table("<b>", ["<b>"], [("", ["<b>"])])
