"""Specs are checked as a whole; public names; defaults carry their source."""

import subprocess
import sys

import pytest

import thermo


def test_all_problems_come_at_once():
    with pytest.raises(thermo.SpecError) as e:
        thermo.CycleSpec(layout="recompresion", W_net_W=-1.0, T_turbine_in_K=float("nan"), eta_turbine=1.2)
    text = "\n".join(e.value.problems)
    assert len(e.value.problems) == 4
    for word in ("layout", "W_net_W", "T_turbine_in_K", "eta_turbine", "allowed"):
        assert word in text


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({}, "UA_total_W_K"),
        ({"UA_total_W_K": 1e6, "dT_min_K": 5.0}, "UA_total_W_K"),
        ({"UA_ltr_W_K": 1e6}, "UA_ltr_W_K"),
        ({"UA_total_W_K": 1e6, "p_low_Pa": 15e6, "p_high_Pa": 16e6}, "p_low_Pa"),
        ({"UA_total_W_K": 1e6, "T_ambient_design_K": 310.0}, "T_ambient_design_K"),
        ({"UA_total_W_K": 1e6, "recompression_fraction": 0.3, "mix_at_equal_T": True}, "mix_at_equal_T"),
        ({"UA_total_W_K": 1e6, "pressures_Pa": {"somewhere": 1e7}}, "pressures_Pa.somewhere"),
        ({"UA_total_W_K": True}, "UA_total_W_K"),
        ({"UA_total_W_K": 1e6, "p_reheat_Pa": 15e6}, "recompression_reheat"),
        ({"UA_total_W_K": 1e6, "fired_heater": {}}, "fired_heater"),
    ],
)
def test_wrong_combinations_are_named(given, word):
    with pytest.raises(thermo.SpecError, match=word):
        thermo.CycleSpec(**given)


def test_heater_spec_is_checked():
    with pytest.raises(thermo.SpecError, match=r"fired_heater\.excess_air"):
        thermo.FiredHeaterSpec(excess_air=-0.1)


def test_require_ok_raises_only_without_an_answer():
    spec = thermo.CycleSpec(
        UA_total_W_K=1e5, T_turbine_in_K=500.0, p_low_Pa=9e6, eta_turbine=0.5, eta_compressor=0.5
    )
    r = thermo.design(spec)
    assert not r.outcome.ok
    assert r.W_net_W is None
    assert r.explain
    with pytest.raises(thermo.CycleError):
        r.require_ok()


def test_every_default_has_source_and_grade():
    rows = thermo.assumptions()
    assert len(rows) > 30
    for x in rows:
        assert set(x) == {"name", "value", "unit", "source", "grade", "note"}
        assert x["grade"] in ("cited", "assumption")
        assert x["source"]


def test_public_names_exist_and_stay_functions():
    import thermo.cycle.design_point
    import thermo.part_load.operating_point

    for name in thermo.__all__:
        assert getattr(thermo, name) is not None
    assert callable(thermo.design)
    assert callable(thermo.off_design)


def test_import_is_light():
    code = "import sys, thermo; print('numba' in sys.modules or 'CoolProp' in sys.modules or 'scipy' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "False"
    )


def test_condensing_too_near_the_critical_point_is_refused_in_words():
    for T in (303.9, 304.1):
        with pytest.raises(thermo.SpecError, match="too near the critical point") as found:
            thermo.CycleSpec(UA_total_W_K=1e6, condensing=True, T_compressor_in_K=T)
        assert len(found.value.problems) == 1
