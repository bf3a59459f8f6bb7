"""NREL SAM (ssc) part load under its own control: the hot stream given, shafts at design speed.

Rows "fixed_control": low pressure and compressor inlet are given too. Rows "searched": the peer chooses them, as
`ControlSpec.preset("peer")` does. Fans are given the peer's design power, 2 % of net power: it is an input there, and
weighs in the choice of the inlet temperature.
"""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

import thermo
from thermo.defaults import default
from thermo.layouts.parts import MC_IN, MC_OUT
from thermo.machines.turbomachinery import H_
from thermo.part_load.heat_given import design_stream, greatest_from_heat, with_stream
from thermo.part_load.plant import Plant

HERE = Path(__file__).parent
DATA = json.loads((HERE / "off_design.json").read_text())
PEER = replace(thermo.ControlSpec.preset("peer"), time_limit_s=60.0)
COLDER_K = 15.0  # where the compressor inlet is given, air this much colder makes it certain
FAN_POWER_FRAC = 0.02  # of net power at design
SURGE = -12  # the peer's own complaint: its main compressor runs beyond surge
SOURCE = "ssc (nrel-pysam 7.1.1), part load under its control"


def of_cycles():
    """The designs of cycles.json that have part-load rows, as blocks."""
    cases = json.loads((HERE / "cycles.json").read_text())["cases"]
    return {
        c["name"]: c
        | {"design": c["expected"], "off_design": [r | {"control": "searched"} for r in c["off_design"]]}
        for c in cases
        if c.get("off_design")
    }


BLOCKS = {b["name"]: b for b in DATA["blocks"]} | of_cycles()
FIELDS = set(thermo.CycleSpec.__dataclass_fields__)


@cache
def designed(name):
    block = BLOCKS[name]
    given, found = block["given"], block["design"]
    names = ("UA_ltr_W_K", "UA_htr_W_K", "p_low_Pa", "recompression_fraction")
    own = {n: found[n] for n in names if found.get(n) is not None}
    if given["layout"] == "partial_cooling":
        own["p_precompressor_in_Pa"] = found["states"]["precompressor_inlet"]["p_Pa"]
    given = {k: v for k, v in given.items() if v is not None and k in FIELDS - {"UA_total_W_K", "dT_min_K"}}
    spec = thermo.CycleSpec(
        **given, **own, T_ambient_design_K=block["T_ambient_design_K"], W_net_max_frac=1.2
    )
    return thermo.design(spec).require_ok()


def rows(control):
    for name, block in BLOCKS.items():
        for row in block["off_design"]:
            if row["control"] == control:
                words = f"m {row['m_dot_heat_source_frac']:g} air {row['T_ambient_K'] - 273.15:g} C"
                yield pytest.param(name, row, id=f"{name} {control} {words} p {row['p_high_Pa'] / 1e6:.2f}")


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


def compare(record_validation, request, row, W, Q, power=0.015, note=""):
    case = request.node.callspec.id, SOURCE
    record_validation(*case, "eta_thermal", row["eta_thermal"], W / Q, 0.005, note=note)
    record_validation(*case, "W_net_W", row["W_net_W"], W, power, unit="W", relative=True, note=note)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "row"), list(rows("fixed_control")))
def test_given_pressure_and_inlet(name, row, record_validation, request):
    """Where the peer complains that its main compressor runs beyond surge, ours recycles: less the work of the recycled
    flow the two agree there too."""
    pt = given_point(name, row)
    assert pt is not None, "no operating point"
    if row["code"] != SURGE:
        compare(record_validation, request, row, pt.W_shaft, pt.Q)
        return
    assert pt.run.phi_c == pytest.approx(default("compressor_phi_surge"), rel=1e-9)
    assert pt.W_shaft / pt.Q < row["eta_thermal"] - 0.005
    recycled = pt.run.recycle_c * (1.0 - pt.inputs.f) * pt.m * (pt.st[MC_OUT, H_] - pt.st[MC_IN, H_])
    note = "beyond surge, as the peer itself says; ours without the work of its recycled flow"
    compare(record_validation, request, row, pt.W_shaft + recycled, pt.Q, 0.025, note)


def chosen_point(name, row):
    """The point of `preset("peer")` with fans of the peer's design power."""
    r = designed(name)
    plant = Plant(r, row["T_ambient_K"], PEER)
    fans = FAN_POWER_FRAC * r.spec.W_net_W / sum(c.W_fan_W for c in r.coolers)
    plant.net = plant.net._replace(fan_W=fans * plant.net.fan_W)
    return greatest_from_heat(plant, row["T_heat_source_K"], row["m_dot_heat_source_frac"])


@pytest.mark.slow
@pytest.mark.parametrize(("name", "row"), list(rows("searched")))
def test_chosen_pressure_and_inlet(name, row, record_validation, request):
    pt = chosen_point(name, row)
    assert pt is not None, "no operating point"
    compare(record_validation, request, row, pt.W_shaft, pt.Q)


@pytest.mark.slow
def test_off_design_at_the_public_name():
    """The same through `off_design`, with fans of the block's own power."""
    name, row = next(
        (n, r) for n, b in BLOCKS.items() for r in b["off_design"] if r["m_dot_heat_source_frac"] == 0.9
    )
    ask = {k: row[k] for k in ("T_ambient_K", "T_heat_source_K", "m_dot_heat_source_frac")}
    r = thermo.off_design(designed(name), **ask, control=PEER).require_ok()
    assert r.eta_thermal == pytest.approx(row["eta_thermal"], abs=0.005)
    assert r.W_shaft_W == pytest.approx(row["W_net_W"], rel=0.015)
