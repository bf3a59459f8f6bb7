"""A block beside built and designed machines."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thermo
from thermo.defaults import table
from thermo.machines.reality_check import PlantRow, compare, nearest_plants, plants

OURS = PlantRow("ours", "", False, power_W=10e6, T_turbine_in_K=873.15, p_high_Pa=25e6, speed_rpm=27000.0,
                turbine_diameter_m=0.2, eta_turbine=0.88)  # fmt: skip


def test_catalogue_is_converted_and_graded():
    rows = {r.name.split(" ")[0]: r for r in plants()}
    sandia, step = rows["Sandia"], rows["STEP"]
    assert sandia.power_W == pytest.approx(0.25e6)
    assert sandia.T_turbine_in_K == pytest.approx(811.15)
    assert sandia.turbine_diameter_m == pytest.approx(0.0681)
    assert sandia.tip_speed_m_s == pytest.approx(267.4, abs=0.1)
    assert step.power_W == pytest.approx(8e6)  # what it reached, not its target
    assert step.rpm_sqrt_kW == pytest.approx(2.415e6, rel=1e-3)
    assert dict(sandia.grades)["speed_rpm"] == "assumption"
    assert dict(sandia.grades)["turbine_diameter_m"] == "cited"
    for m in table("sco2_plants")["machines"]:
        for q in m["quantities"].values():
            assert q["grade"] in ("cited", "assumption")
            assert q["grade"] == "assumption" or q["source"]["title"]


def test_verdict_inside_and_outside():
    v = {x.split(" ")[0]: x for x in compare(OURS).verdicts}
    assert "inside what ran" in v["power"]
    assert "inside what ran, 180" in next(x for x in compare(OURS).verdicts if x.startswith("turbine inlet"))
    hot = compare(replace(OURS, T_turbine_in_K=1073.15)).verdicts
    line = next(x for x in hot if x.startswith("turbine inlet"))
    assert "above what ran by 95 K" in line  # Sunshot's 705 degC; the direct-fired 1150 degC does not count
    fast = compare(replace(OURS, speed_rpm=100000.0)).verdicts
    assert any(
        x.startswith("rpm times root of kW 10 million: above what ran by a factor of 3.8") for x in fast
    )


@given(st.floats(1e4, 1e9), st.floats(500.0, 1200.0), st.integers(1, 22))
@settings(deadline=None, max_examples=50)
def test_nearest_come_first(power, T, count):
    c = compare(replace(OURS, power_W=power, T_turbine_in_K=T), count)
    assert len(c.rows) == count
    assert len(c.verdicts) == 7
    assert all(": " in x for x in c.verdicts)


def test_a_machine_of_the_catalogue_is_its_own_neighbour():
    for r in plants():
        if r.built and r.power_W and r.T_turbine_in_K:
            assert r.name in [x.name for x in compare(r, 2).rows]


def test_unknown_values_give_no_verdict():
    c = compare(replace(OURS, speed_rpm=None, turbine_diameter_m=None, eta_turbine=None))
    assert len(c.verdicts) == 3


def test_a_result_is_compared():
    r = thermo.design(thermo.CycleSpec(W_net_W=10e6, UA_total_W_K=3e6, T_turbine_in_K=823.15))
    c = nearest_plants(r)
    assert c.ours.power_W == pytest.approx(10e6)
    turbines = [m for m in r.machines if m.name in ("turbine", "power turbine")]
    assert c.ours.speed_rpm == max(turbines, key=lambda m: m.power_W).speed_rpm
    assert any("STEP" in x.name for x in c.rows)
    assert any("Sunshot" in x for x in c.verdicts)


def test_a_direct_generator_is_compared_with_built_ones():
    r = thermo.design(thermo.CycleSpec(W_net_W=5e6, UA_total_W_K=1.5e6, drive="direct"))
    line = next(x for x in nearest_plants(r).verdicts if x.startswith("generator"))
    assert "inside what ran" in line
    assert "1.6 MW at 25,000 rpm" in line
    assert "3." in line.split(";")[-1]  # three times the power of the largest that was read of
    geared = thermo.design(thermo.CycleSpec(W_net_W=5e6, UA_total_W_K=1.5e6, drive="geared"))
    assert not any(x.startswith("generator") for x in nearest_plants(geared).verdicts)
