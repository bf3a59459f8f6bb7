"""NREL SAM (ssc) part load under its own control: the hot stream given, shafts at design speed.

Rows "fixed_control": low pressure and compressor inlet are given too. Rows "searched": they are chosen, as the peer chooses
them (`ControlSpec.preset("peer")`).
"""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

import thermo
from thermo.part_load.heat_given import design_stream, with_stream
from thermo.part_load.plant import Plant

DATA = json.loads((Path(__file__).parent / "off_design.json").read_text())
BLOCKS = {b["name"]: b for b in DATA["blocks"]}
PEER = replace(thermo.ControlSpec.preset("peer"), time_limit_s=60.0)
COLDER_K = 15.0  # where the compressor inlet is given, air this much colder makes it certain
SOURCE = "ssc (nrel-pysam 7.1.1), part load under its control"


@cache
def designed(name):
    block = BLOCKS[name]
    given, found = block["given"], block["design"]
    own = {n: found[n] for n in ("UA_ltr_W_K", "UA_htr_W_K", "p_low_Pa", "recompression_fraction")}
    if given["layout"] == "partial_cooling":
        own["p_precompressor_in_Pa"] = found["states"]["precompressor_inlet"]["p_Pa"]
    given = {k: v for k, v in given.items() if v is not None and k != "UA_total_W_K"}
    spec = thermo.CycleSpec(
        **given, **own, T_ambient_design_K=block["T_ambient_design_K"], W_net_max_frac=1.2
    )
    return thermo.design(spec).require_ok()


def rows(control):
    for name, block in BLOCKS.items():
        for row in block["off_design"]:
            if row["control"] == control:
                words = f"m {row['m_dot_heat_source_frac']:g} air {row['T_ambient_K'] - 273.15:g} C"
                yield pytest.param(name, row, id=f"{name} {words} p {row['p_high_Pa'] / 1e6:.2f}")


def given_point(name, row):
    """The kernel's point at the row's low pressure, inlet temperature and hot stream, shaft at design speed."""
    r = designed(name)
    plant = Plant(r, row["T_ambient_K"] - COLDER_K, PEER)
    d = design_stream(r)
    first = r.inputs.p_mc_in, r.inputs.T_mc_in, d.T_in_K, 1.0
    last = row["p_low_Pa"], row["T_compressor_in_K"], row["T_heat_source_K"], row["m_dot_heat_source_frac"]
    pt = None
    for x in (0.0, 0.25, 0.5, 0.75, 1.0):
        p, T, T_hot, flow = (a + x * (b - a) for a, b in zip(first, last, strict=True))
        with_stream(plant, d, T_hot, flow)
        pt = plant.at(p, speed=1.0, T_min=T, tol=1e-9)
    return pt


@pytest.mark.slow
@pytest.mark.parametrize(("name", "row"), list(rows("fixed_control")))
def test_given_pressure_and_inlet(name, row, record_validation, request):
    pt = given_point(name, row)
    assert pt is not None, "no operating point"
    case = request.node.callspec.id, SOURCE
    record_validation(*case, "eta_thermal", row["eta_thermal"], pt.W_shaft / pt.Q, 0.005)
    record_validation(*case, "W_net_W", row["W_net_W"], pt.W_shaft, 0.015, unit="W", relative=True)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "row"), list(rows("searched")))
def test_chosen_pressure_and_inlet(name, row, record_validation, request):
    r = thermo.off_design(designed(name), T_ambient_K=row["T_ambient_K"], T_heat_source_K=row["T_heat_source_K"],
                          m_dot_heat_source_frac=row["m_dot_heat_source_frac"], control=PEER)  # fmt: skip
    assert r.outcome is thermo.Outcome.OK, r.explain
    case = request.node.callspec.id, SOURCE
    record_validation(*case, "eta_thermal", row["eta_thermal"], r.eta_thermal, 0.005)
    record_validation(*case, "W_net_W", row["W_net_W"], r.W_shaft_W, 0.015, unit="W", relative=True)
