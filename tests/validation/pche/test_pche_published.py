"""Printed-circuit exchangers against published CFD and a maker's data (sources in pche.json)."""

import json
from pathlib import Path

import pytest

from thermo.fluid import state_pT
from thermo.pche import PcheDuty, PcheGeometry, co2_side, rate_pche, size_pche

DATA = json.loads(Path(__file__).with_name("pche.json").read_text("utf-8"))
EVEN = {"maldistribution_factor": 1.0, "end_loss_velocity_heads": 0.0}


def built(geometry, n_channels, length_m, hot, cold):
    """An exchanger of known channels and length: sized for a small duty, then given its true length."""
    from dataclasses import replace

    some = size_pche(PcheDuty(hot, cold, 1e-3 * hot.m_dot_kg_s * 1e6), geometry, mass_flux_hot_kg_m2s=500.0)
    return replace(some, n_channels=n_channels, length_m=length_m)


def meshram(case):
    d = DATA["meshram"]
    g = PcheGeometry(channel=case["channel"], **d["geometry"], **EVEN)
    h, c = state_pT(d["p_hot_Pa"], case["T_hot_in_K"]), state_pT(d["p_cold_Pa"], case["T_cold_in_K"])
    hot = co2_side(h.rho_kg_m3 * case["u_hot_m_s"] * g.flow_area_m2, h)
    cold = co2_side(c.rho_kg_m3 * case["u_cold_m_s"] * g.flow_area_m2, c)
    return rate_pche(built(g, 1, case["length_m"], hot, cold), hot, cold)


def marchionni(case):
    d = DATA["marchionni"]
    g = PcheGeometry(channel="zigzag_32", **d["geometry"], **EVEN)
    hot = co2_side(case["m_dot_kg_s"], state_pT(d["p_hot_Pa"], d["T_hot_in_K"]))
    cold = co2_side(case["m_dot_kg_s"], state_pT(d["p_cold_Pa"], case["T_cold_in_K"]))
    return rate_pche(built(g, d["n_channels"], d["length_m"], hot, cold), hot, cold)


@pytest.mark.parametrize("case", DATA["meshram"]["cases"][:2], ids=lambda c: c["name"])
def test_straight_channels_against_cfd(case):
    r = meshram(case)
    assert r.T_hot_out_K == pytest.approx(case["T_hot_out_K"], abs=5.0)
    assert r.T_cold_out_K == pytest.approx(case["T_cold_out_K"], abs=3.0)
    assert r.dp_hot_Pa == pytest.approx(case["dp_hot_Pa"], rel=0.26)
    assert r.dp_cold_Pa == pytest.approx(case["dp_cold_Pa"], rel=0.31)


def test_another_zigzag_is_out_by_a_third():
    """36 degrees, 12 mm pitch against the 32.5 degree correlation: heat 8 % low, pressure drop 38 % low."""
    case = DATA["meshram"]["cases"][2]
    r = meshram(case)
    assert r.T_hot_out_K == pytest.approx(case["T_hot_out_K"], abs=12.0)
    assert r.dp_hot_Pa / case["dp_hot_Pa"] == pytest.approx(0.62, abs=0.03)


@pytest.mark.parametrize("case", DATA["marchionni"]["cases"], ids=lambda c: c["name"])
def test_makers_recuperator(case):
    r, design = marchionni(case), marchionni(DATA["marchionni"]["cases"][0])
    told = DATA["marchionni"]["cases"][0]
    assert r.T_hot_out_K == pytest.approx(case["T_hot_out_K"], abs=2.6)
    assert r.T_cold_out_K == pytest.approx(case["T_cold_out_K"], abs=4.5)
    both = r.dp_hot_Pa + r.dp_cold_Pa
    assert both == pytest.approx(case["dp_hot_Pa"] + case["dp_cold_Pa"], rel=0.05)
    assert r.dp_hot_Pa / case["dp_hot_Pa"] == pytest.approx(1.31, abs=0.03)  # the sides share it otherwise
    # off-design follows the maker
    assert r.dp_hot_Pa / design.dp_hot_Pa == pytest.approx(case["dp_hot_Pa"] / told["dp_hot_Pa"], rel=0.02)
    assert r.dp_cold_Pa / design.dp_cold_Pa == pytest.approx(
        case["dp_cold_Pa"] / told["dp_cold_Pa"], rel=0.03
    )
