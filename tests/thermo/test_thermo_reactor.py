"""Reactors and cycles: what fits, what is derated, what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import thermo

C = 273.15


def test_catalogue_keeps_grades_and_units():
    for reactor in thermo.reactors().values():
        assert reactor.T_hot_K > reactor.T_cold_K > 300.0
        assert 1e6 <= reactor.Q_module_W <= 2e9
        assert reactor.grade in ("cited", "assumption")
        assert reactor.grade != "cited" or reactor.source


def test_sodium_with_a_cold_enough_cycle_is_used_in_full():
    found = thermo.match(thermo.reactors()["aalo_1"], 480 + C, 310 + C, 15.0)
    assert (found.ok, found.used_share) == (True, 1.0)
    assert found.T_back_K == pytest.approx(335 + C)


def test_helium_over_recompression_is_used_to_two_thirds():
    found = thermo.match(thermo.reactors()["xe_100"], 600 + C, 400 + C, 15.0)
    assert found.used_share == pytest.approx((750 - 415) / (750 - 260), rel=1e-12)
    assert "derated" in found.explain


@pytest.mark.parametrize(
    ("reactor", "T_in", "T_return", "words"),
    [
        ("nuscale", 350, 200, "at most 287 degC"),
        ("natrium", 470, 250, "would freeze"),
        ("sealer_55", 490, 340, "would freeze"),
        ("arc_100", 460, 475, "hotter than ARC-100 can heat"),
    ],
)
def test_what_cannot_be_connected_is_refused_in_words(reactor, T_in, T_return, words):
    found = thermo.match(thermo.reactors()[reactor], T_in + C, T_return + C, 15.0)
    assert not found.ok
    assert found.used_share is None
    assert words in found.explain


@given(st.sampled_from(sorted(thermo.reactors())), st.floats(200, 700), st.floats(5, 60))
def test_share_is_a_share_and_falls_with_a_hotter_return(name, T_return, approach):
    reactor = thermo.reactors()[name]
    here = thermo.match(reactor, reactor.T_hot_K - approach, T_return + C, approach)
    if not here.ok:
        return
    assert 0.0 < here.used_share <= 1.0
    assert here.T_back_K >= max(reactor.T_cold_K, T_return + C + approach) - 1e-9
    hotter = thermo.match(reactor, reactor.T_hot_K - approach, T_return + 5.0 + C, approach)
    if hotter.ok:
        assert hotter.used_share <= here.used_share
