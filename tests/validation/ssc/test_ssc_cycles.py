"""NREL SAM (ssc) design points: fixed rows at its own exchanger model, optimised rows at the same limits."""

import json
from pathlib import Path

import pytest

import thermo
from thermo.spec import LAYOUTS

CASES = json.loads((Path(__file__).parent / "cycles.json").read_text())["cases"]
FIELDS = set(thermo.CycleSpec.__dataclass_fields__)


def cases(kind):
    return [
        pytest.param(c, id=c["name"]) for c in CASES if c["kind"] == kind and c["given"]["layout"] in LAYOUTS
    ]


def source(case):
    return f"ssc ({'nlr-pysam 8.0.0' if case['name'].endswith('_v8') else 'nrel-pysam 7.1.1'})"


def solve(case, **changes):
    given = {k: v for k, v in case["given"].items() if k in FIELDS} | changes
    given = {k: v for k, v in given.items() if v is not None}
    return thermo.design(thermo.CycleSpec(**given)).require_ok()


@pytest.mark.parametrize("case", cases("fixed"))
def test_fixed_points(case, record_validation):
    r, want = solve(case), case["expected"]
    row = (case["name"], source(case))
    record_validation(*row, "eta_thermal", want["eta_thermal"], r.eta_thermal, 1e-5)
    record_validation(*row, "m_dot_kg_s", want["m_dot_kg_s"], flow(r), 1e-4, unit="kg/s", relative=True)
    for name, got in powers(r).items():
        if name in want:
            record_validation(*row, name, want[name], got, 2e-4, unit="W", relative=True)
    for name, state in want.get("states", {}).items():
        if name in r.states:
            record_validation(*row, f"T {name}", state["T_K"], r.states[name].T_K, 0.05, unit="K")
            assert r.states[name].p_Pa == pytest.approx(state["p_Pa"], rel=1e-9), name


def flow(r):
    """The peer's flow is that of its first turbine."""
    return next(c for c in r.components if c.name == "turbine").streams[0].m_dot_kg_s


def powers(r):
    """Powers and duties under the peer's names; its turbine is the first, its heater the main one."""
    by_name = {c.name: c for c in r.components}
    work = {"W_turbine_W": "turbine", "W_compressor_W": "main_compressor", "W_recompressor_W": "recompressor"}
    heat = {
        "Q_heater_W": "heater",
        "Q_ltr_W": "low_temperature_recuperator",
        "Q_htr_W": "high_temperature_recuperator",
    }
    found = {k: by_name[v].W_W for k, v in work.items() if v in by_name}
    return found | {k: by_name[v].Q_W for k, v in heat.items() if v in by_name}


def at_the_peers_variables(case, **changes):
    """Our cycle at the design variables of the peer's optimum."""
    want, layout = case["expected"], case["given"]["layout"]
    names = ["p_low_Pa", "UA_ltr_W_K", "UA_htr_W_K"]
    if layout != "turbine_split":
        names.append("recompression_fraction")
    own = {n: want[n] for n in names if want.get(n) is not None}
    if layout == "turbine_split":
        own["turbine_split_fraction"] = want["turbine_split_fraction"]
    if layout == "partial_cooling":
        own["p_precompressor_in_Pa"] = want["states"]["precompressor_inlet"]["p_Pa"]
    return solve(case, UA_total_W_K=None, dT_min_K=None, **(own | changes))


LOOSE = {  # rows that the peer left unconverged: its efficiency is above that of its own variables by this much
    "dT_min": (1.3e-4, "the peer stops at a least difference of 9.90-9.99 K instead of 10"),
    "OD_partial_10MW_T550_CIT41_UA1500_odmode1": (4e-4, "row of an off-design run with the peer's loose tolerance"),
    "OD_partial_UA2000_T570_m1_amb35_fN1": (6e-5, "row of an off-design run with the peer's loose tolerance"),
    "OD_recomp_UA4000_T570_m0.8_amb35_fN1": (7e-5, "row of an off-design run with the peer's loose tolerance"),
    "OD_recomp_UA4000_T570_m1_amb42_fN1": (7e-5, "row of an off-design run with the peer's loose tolerance"),
    "OD_": (2e-5, "row of an off-design run with the peer's loose tolerance"),
    "htrbp_10MW_T550_CIT41_UA2000_bp0.1_v8": (4e-5, "the peer's inner search is cut at 50 evaluations"),
    "tsf_10MW_T550_CIT41_UA4000_v8": (2e-5, "the peer's exchangers are at effectiveness 1 to its tolerance"),
}  # fmt: skip
BETTER = {
    "htrbp_10MW_T550_CIT41_UA4000_Ttarget380_v8": "without bypass and hot recuperator, which the peer does not try: the low "
    "pressure meets the return temperature"
}


def loose(case):
    if "dT_min_K" in case["given"]:
        return LOOSE["dT_min"]
    return LOOSE.get(case["name"]) or (LOOSE["OD_"] if case["name"].startswith("OD_") else (1e-5, ""))


@pytest.mark.parametrize("case", cases("optimised"))
def test_optimised_points(case, record_validation):
    """Not below the peer by more than 1e-5 at the same UA, limits and exchanger model."""
    r, want = solve(case), case["expected"]
    slack, note = loose(case)
    note = BETTER.get(case["name"], note)
    record_validation(case["name"], source(case), "eta_thermal", want["eta_thermal"], r.eta_thermal, slack, least=True,
                      note=note)  # fmt: skip
    if case["name"] in BETTER:
        return
    assert r.eta_thermal < want["eta_thermal"] + 1e-4
    if want["recompression_fraction"] is not None:
        assert (r.recompression_fraction == 0.0) == (want["recompression_fraction"] == 0.0)


@pytest.mark.parametrize("case", [c for c in cases("optimised") if c.values[0]["name"] not in BETTER])
def test_at_the_peers_own_variables(case, record_validation):
    """The same point gives the same efficiency, and our optimum is not below it."""
    want, r = case["expected"], at_the_peers_variables(case)
    slack, note = loose(case)
    record_validation(case["name"], source(case), "eta_thermal at the peer's own variables", want["eta_thermal"],
                      r.eta_thermal, max(slack, 1.5e-5), note=note)  # fmt: skip
    if "dT_min_K" in case["given"]:
        assert r.dT_min_ltr_K < case["given"]["dT_min_K"] + 1e-2


@pytest.mark.slow
@pytest.mark.parametrize("case", [c for c in cases("optimised") if c.values[0]["name"] not in BETTER])
def test_gain_that_survives_the_converged_exchangers(case, record_validation):
    """Our optimum and the peer's own variables, both re-evaluated with converged exchangers: ours is not below.

    The peer's conductances are scaled to the same sum: it stops up to 1e-3 short of what it was given.
    """
    if "dT_min_K" in case["given"]:
        pytest.skip("given by a least difference: the conductance is a result")
    want, ours = case["expected"], solve(case)
    k = (ours.UA_ltr_W_K + (ours.UA_htr_W_K or 0.0)) / (want["UA_ltr_W_K"] + want.get("UA_htr_W_K", 0.0))
    fine = {"exchanger_model": "secant", "n_segments": 40}
    UA = {n: want[n] * k for n in ("UA_ltr_W_K", "UA_htr_W_K") if want.get(n)}
    theirs = at_the_peers_variables(case, **fine, **UA)
    mine = solve(case, UA_total_W_K=None, UA_ltr_W_K=ours.UA_ltr_W_K, UA_htr_W_K=ours.UA_htr_W_K or None,
                 p_low_Pa=ours.p_low_Pa, **fine, **_own_variables(case, ours))  # fmt: skip
    record_validation(case["name"], source(case), "eta_thermal, both optima with converged exchangers", theirs.eta_thermal,
                      mine.eta_thermal, 2e-5, least=True, note="the difference is the gain that survives")  # fmt: skip


def _own_variables(case, r):
    """The design variables of our optimum that belong to its layout, as fields of a spec."""
    layout = case["given"]["layout"]
    if layout == "turbine_split":
        return {"turbine_split_fraction": r.split_fraction}
    found = {"recompression_fraction": r.recompression_fraction}
    if layout == "partial_cooling":
        found["p_precompressor_in_Pa"] = r.p_precompressor_in_Pa
    return found
