"""A heat stream and what a cycle takes of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thermo
from thermo.heat_stream import FREEZE_MARGIN_K, HeatStream, heat_taken

C = 273.15


def test_every_problem_of_a_stream_is_told_at_once():
    with pytest.raises(thermo.SpecError) as told:
        HeatStream(100.0, 500.0, -1.0, 15.0)
    assert [p.split(":")[0] for p in told.value.problems] == ["heat_stream.T_in_K", "heat_stream.C_W_K"]
    with pytest.raises(thermo.SpecError, match="not below T_in_K"):
        HeatStream(800.0, 800.0, 1e5, 15.0)


@pytest.mark.parametrize(
    ("T_return", "T_in", "words"),
    [
        (250.0, 540.0, "freeze: at least 260 degC"),
        (300.0, 560.0, "at most 551 degC"),
        (560.0, 540.0, "hotter than"),
    ],
)
def test_what_cannot_be_connected_has_no_number(T_return, T_in, words):
    salt = HeatStream(566 + C, 290 + C, 4e5, 15.0, 240 + C, "solar salt")
    taken = heat_taken(salt, T_return + C, T_in + C)
    assert (taken.ok, taken.Q_W, taken.T_out_K, taken.share) == (False, None, None, None)
    assert words in taken.explain


def test_a_cold_return_takes_all_and_no_more():
    flue = HeatStream(800.0, 360.0, 1e5, 20.0)
    taken = heat_taken(flue, 310.0, 700.0)
    assert pytest.approx(flue.Q_available_W, rel=1e-12) == taken.Q_W
    assert (taken.share, taken.T_out_K) == (1.0, 360.0)


@given(
    st.floats(400, 1400), st.floats(0.1, 0.95), st.floats(1, 60), st.floats(300, 1300), st.floats(-50, 200)
)
@settings(deadline=None, max_examples=200)
def test_laws_of_heat_taken(T_in, out, approach, T_return, glide):
    stream = HeatStream(T_in, max(221.0, out * T_in), 2e5, approach, 300.0)
    taken = heat_taken(stream, T_return, T_return + glide)
    if not taken.ok:
        assert taken.Q_W is None
        return
    assert 0.0 < taken.Q_W <= stream.Q_available_W * (1 + 1e-12)
    assert pytest.approx(2e5 * (T_in - taken.T_out_K), rel=1e-12) == taken.Q_W
    assert taken.T_out_K >= max(stream.T_out_min_K, T_return + approach) - 1e-9
    assert T_return >= 300.0 + FREEZE_MARGIN_K
    assert stream.T_in_K - (T_return + glide) >= approach - 1e-9
    hotter = heat_taken(stream, T_return + 1.0, T_return + max(glide, 1.0))
    if hotter.ok:
        assert hotter.Q_W <= taken.Q_W
