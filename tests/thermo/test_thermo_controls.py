"""Part load under other controls: fixed speed, fixed charge, a vessel, and the heat given."""

from dataclasses import replace

import pytest

import thermo
from thermo.co2.flash import sound_speed_of
from thermo.cycle.block import isentropic_head
from thermo.defaults import default
from thermo.part_load.heat_given import design_stream, with_stream
from thermo.part_load.limits import limit
from thermo.part_load.plant import Plant

SPEC = thermo.CycleSpec(W_net_W=5e6, power_basis="dc_terminals", T_compressor_in_K=311.15, UA_total_W_K=1.5e6,
                        T_ambient_design_K=300.0, W_net_max_frac=1.1)  # fmt: skip
FIXED = thermo.ControlSpec(speed="fixed")
PEER = thermo.ControlSpec.preset("peer")
AT_REST = thermo.InventorySpec()


@pytest.fixture(scope="module")
def block():
    return thermo.design(SPEC).require_ok()


def check_energy(r):
    assert r.Q_heater_W - r.Q_cooler_W == pytest.approx(r.W_shaft_W, rel=1e-9)


def off(block, T, load, **control):
    r = thermo.off_design(block, T_ambient_K=T, load=load, control=thermo.ControlSpec(**control))
    check_energy(r)
    return r


@pytest.mark.parametrize("load", [0.95, 0.8, 0.6])
def test_fixed_speed_sets_the_high_pressure(block, load):
    r, free = off(block, 295.0, load, speed="fixed"), off(block, 295.0, load)
    assert r.outcome is thermo.Outcome.OK
    assert r.speed_frac == pytest.approx(1.0, abs=1e-6)
    assert r.W_net_W == pytest.approx(load * block.W_net_W, rel=1e-6)
    assert r.Q_heater_W > free.Q_heater_W * (1.0 - 5e-4)


def test_fixed_charge_sets_the_low_pressure(block):
    design = thermo.block_inventory(block, AT_REST).loop_charge_kg
    for T, load in ((290.0, 0.9), (305.0, 0.7)):
        r = off(block, T, load, low_pressure="fixed_charge", inventory=AT_REST)
        assert r.outcome is thermo.Outcome.OK
        assert r.charge_kg == pytest.approx(design, rel=1e-5)
        assert r.W_net_W == pytest.approx(load * block.W_net_W, rel=1e-6)
        assert r.Q_heater_W > off(block, T, load).Q_heater_W * (1.0 - 5e-4)


def test_with_speed_and_charge_fixed_the_power_results(block):
    r = off(block, 300.0, 0.7, speed="fixed", low_pressure="fixed_charge", inventory=AT_REST)
    assert r.outcome is thermo.Outcome.LIMITED
    assert "not free" in r.explain
    assert r.speed_frac == pytest.approx(1.0, abs=1e-6)


def test_a_vessel_keeps_the_charge_within_its_limits(block):
    """A small vessel costs heat, or the load; a large one costs nothing."""
    heat = {}
    for volume in (0.5, 2.0, 200.0):
        spec = thermo.InventorySpec(tank_volume_m3=volume)
        limits = thermo.block_inventory(block, spec).limits
        r = off(block, 280.0, 0.5, inventory=spec)
        slack = 2e-6 * limits.total_kg
        assert limits.least_charge_kg - slack <= r.charge_kg <= limits.greatest_charge_kg + slack
        heat[volume] = r.Q_heater_W / r.W_net_W
    assert heat[200.0] == pytest.approx(off(block, 280.0, 0.5).Q_heater_W / (0.5 * block.W_net_W), rel=1e-4)
    assert heat[0.5] > heat[2.0] * (1.0 - 1e-4) > heat[200.0] * (1.0 - 2e-4)


def test_the_designs_own_stream_gives_the_design(block):
    d = design_stream(block)
    plant = Plant(block, 300.0, PEER)
    with_stream(plant, d, d.T_in_K, 1.0)
    pt = plant.at(block.p_low_Pa, speed=1.0, exact=True, tol=1e-10)
    assert pt.inputs.T_turbine_in == pytest.approx(SPEC.T_turbine_in_K, abs=1e-4)
    assert pt.p_high == pytest.approx(block.p_high_Pa, rel=1e-6)
    assert pt.W_net == pytest.approx(block.W_net_W, rel=1e-5)


@pytest.mark.parametrize(
    "control", [PEER, replace(PEER, hot_return="free")], ids=["return held", "return free"]
)
def test_heat_given_follows_the_stream(block, control):
    d, power = design_stream(block), []
    for flow in (0.6, 0.8, 1.0):
        ask = {"T_heat_source_K": d.T_in_K, "m_dot_heat_source_frac": flow}
        r = thermo.off_design(block, T_ambient_K=300.0, **ask, control=control)
        assert r.outcome is thermo.Outcome.OK, r.explain
        check_energy(r)
        assert r.speed_frac == pytest.approx(1.0, abs=1e-6)
        T_return = d.T_in_K - r.Q_heater_W / (d.C_W_K * flow)
        assert r.T_heat_return_K < T_return < d.T_in_K
        if control.hot_return == "hold":
            assert T_return == pytest.approx(d.T_return_K, abs=0.05)
        power.append(r.W_net_W)
    assert power[0] < power[1] < power[2] < 1.05 * block.W_net_W


def test_heat_given_at_free_speed(block):
    d = design_stream(block)
    ask = {"T_ambient_K": 300.0, "T_heat_source_K": d.T_in_K, "m_dot_heat_source_frac": 0.7}
    slide = thermo.off_design(
        block, **ask, control=thermo.ControlSpec(mode="heat_given", turbine_inlet="slide")
    )
    fixed = thermo.off_design(block, **ask, control=replace(PEER, hot_return="free"))
    assert slide.W_net_W > fixed.W_net_W * (1.0 - 1e-4)
    check_energy(slide)


def test_a_wider_surge_margin_recycles_more(block):
    """At a low load the recycle valve is open: the flow coefficients keep the distance asked for, and it costs heat."""
    heat = []
    for margin in (0.0, 0.1, 0.25):
        r = off(block, 285.0, 0.25, surge_margin_frac=margin)
        assert r.outcome is thermo.Outcome.OK
        assert min(r.flow_over_surge.values()) == pytest.approx(1.0 + margin, rel=1e-5)
        heat.append(r.Q_heater_W)
    assert heat[0] < heat[1] < heat[2]
    assert heat[1] == pytest.approx(off(block, 285.0, 0.25).Q_heater_W, rel=1e-9)


def test_choke_and_surge_are_limits_of_a_point(block):
    plant = Plant(block, 300.0, thermo.ControlSpec())
    pt = plant.at(block.p_low_Pa, block.p_high_Pa)
    assert limit(plant, pt) == ""
    design = plant.hw
    plant.hw = design._replace(phi_max=0.9 * pt.run.phi_c)
    assert limit(plant, pt).startswith("the main compressor chokes")
    plant.hw = design._replace(phi_min=1.1 * pt.run.phi_r)
    assert "within its surge margin" in limit(plant, pt)


@pytest.mark.parametrize("layout", ["recompression", "recompression_reheat", "turbine_split"])
def test_exhaust_mach_follows_the_volume_flow(layout):
    """Ma = V/(A a), with the area from the design's leaving energy: recomputed from states; beyond its limit in words."""
    r = thermo.design(replace(SPEC, layout=layout)).require_ok()
    low = thermo.off_design(r, T_ambient_K=300.0, load=0.6)
    turbines = [c for c in low.components if c.kind == "turbine"]
    assert set(low.exhaust_mach) == {c.name for c in turbines}
    for c in turbines:
        d = next(x for x in r.components if x.name == c.name)
        first, then = (x.states[y.streams[0].outlet] for x, y in ((r, d), (low, c)))
        head = isentropic_head(r.states[d.streams[0].inlet], first.p_Pa)
        V = (2.0 * default("turbine_leaving_energy") * head) ** 0.5
        V_d, V_now = (x.streams[0].m_dot_kg_s / s.rho_kg_m3 for x, s in ((d, first), (c, then)))
        a = sound_speed_of(then.rho_kg_m3, then.T_K)
        assert low.exhaust_mach[c.name] == pytest.approx(V * V_now / V_d / a, rel=1e-9)
        assert 0.05 < low.exhaust_mach[c.name] < 0.5
    plant = Plant(r, 300.0, thermo.ControlSpec())
    pt = plant.at(r.p_low_Pa, r.p_high_Pa)
    assert limit(plant, pt) == ""
    plant.exhausts = tuple(e._replace(area_m2=e.area_m2 / 4.0) for e in plant.exhausts)
    assert "Mach" in limit(plant, pt)


def test_contradictions_are_told_together(block):
    with pytest.raises(thermo.SpecError, match="hot_return"):
        thermo.ControlSpec(mode="heat_given", hot_return="hold")
    with pytest.raises(thermo.SpecError, match="heat and load"):
        thermo.off_design(block, T_ambient_K=300.0, load=1.0, T_heat_source_K=850.0)
    with pytest.raises(thermo.SpecError, match="leave load out"):
        thermo.off_design(block, T_ambient_K=300.0, load=1.0, T_heat_source_K=850.0, control=PEER)
