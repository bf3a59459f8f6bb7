"""Printed-circuit exchangers against published CFD and a maker's data (sources in pche.json)."""

import json
from pathlib import Path

import pytest

from thermo.co2.fluid import state_pT
from thermo.exchangers.pche import PcheDuty, PcheGeometry, co2_side, rate_pche, size_pche

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
def test_straight_channels_against_cfd(case, record_validation):
    r, row = (
        meshram(case),
        (f"pche_cfd: {case['name']}", "Meshram et al. 2016, 3-D CFD, as quoted in UQSTEPS_modelica"),
    )
    record_validation(*row, "T_hot_out", case["T_hot_out_K"], r.T_hot_out_K, 5.0, unit="K")
    record_validation(*row, "T_cold_out", case["T_cold_out_K"], r.T_cold_out_K, 3.0, unit="K")
    record_validation(*row, "dp_hot", case["dp_hot_Pa"], r.dp_hot_Pa, 0.26, unit="Pa", relative=True)
    record_validation(*row, "dp_cold", case["dp_cold_Pa"], r.dp_cold_Pa, 0.31, unit="Pa", relative=True)


def test_another_zigzag_is_out_by_a_third():
    """36 degrees, 12 mm pitch against the 32.5 degree correlation: heat 7 % low, pressure drop 38 % low."""
    case = DATA["meshram"]["cases"][2]
    r = meshram(case)
    assert r.T_hot_out_K == pytest.approx(case["T_hot_out_K"], abs=12.0)
    assert r.dp_hot_Pa / case["dp_hot_Pa"] == pytest.approx(0.62, abs=0.03)


@pytest.mark.parametrize("case", DATA["marchionni"]["cases"], ids=lambda c: c["name"])
def test_makers_recuperator(case, record_validation):
    r, design = marchionni(case), marchionni(DATA["marchionni"]["cases"][0])
    told = DATA["marchionni"]["cases"][0]
    row = (
        f"pche_630kW: {case['name']}",
        "maker's data in Marchionni et al. 2019, as quoted in UQSTEPS_modelica",
    )
    record_validation(*row, "T_hot_out", case["T_hot_out_K"], r.T_hot_out_K, 2.6, unit="K")
    record_validation(*row, "T_cold_out", case["T_cold_out_K"], r.T_cold_out_K, 4.5, unit="K")
    both = case["dp_hot_Pa"] + case["dp_cold_Pa"]
    record_validation(
        *row, "dp of both sides", both, r.dp_hot_Pa + r.dp_cold_Pa, 0.05, unit="Pa", relative=True
    )
    split = "the sides share the drop otherwise: hot +31 %, cold -30 % at every point"
    record_validation(
        *row, "dp_hot", case["dp_hot_Pa"], r.dp_hot_Pa, 0.34, unit="Pa", relative=True, note=split
    )
    record_validation(
        *row, "dp_cold", case["dp_cold_Pa"], r.dp_cold_Pa, 0.32, unit="Pa", relative=True, note=split
    )
    for name, tolerance in (("dp_hot_Pa", 0.02), ("dp_cold_Pa", 0.03)):
        ratio = getattr(r, name) / getattr(design, name)
        record_validation(
            *row, f"{name} over design", case[name] / told[name], ratio, tolerance, relative=True
        )
