"""The cold end as a part of the block: design of every kind, its electricity and water in the account, condensing."""

import pytest

import thermo
from thermo import ColdEndSpec, CycleSpec

BASE = {"W_net_W": 5e6, "UA_total_W_K": 1.5e6, "p_low_Pa": 8.3e6, "recompression_fraction": 0.3}


def designed(kind="dry", cold=None, **given):
    end = ColdEndSpec(kind=kind, **(cold or {}))
    return thermo.design(CycleSpec(**{**BASE, "cold_end": end, **given})).require_ok()


def check_energy(r):
    first, *rest = thermo.energy_account(r).values()
    assert sum(rest) == pytest.approx(first, rel=1e-9)


def test_a_dry_cold_end_is_the_plain_cooler_in_moist_air():
    plain, dry = thermo.design(CycleSpec(**BASE)), designed(cold={"relative_humidity": 0.0})
    assert dry.eta_thermal == plain.eta_thermal
    assert dry.UA_cooler_W_K == pytest.approx(plain.UA_cooler_W_K, rel=1e-12)
    assert dry.eta_net == pytest.approx(plain.eta_net, rel=1e-4)
    assert plain.cold_end_mode == dry.cold_end_mode == "dry: fans at full speed"
    assert (plain.water_kg_s, plain.cold_ends) == (0.0, ())
    assert "water_pumps" not in dry.losses_W
    check_energy(dry)


def test_a_tower_pumps_and_drinks():
    r = designed("wet", T_ambient_design_K=303.15)
    check_energy(r)
    (end,) = r.cold_ends
    assert r.losses_W["water_pumps"] == end.W_pump_W > 0.0
    assert r.losses_W["basin_heater"] == 0.0
    assert thermo.energy_account(r)["cooling water pumps"] == end.W_pump_W
    w = r.water
    assert r.water_kg_s == pytest.approx(w.evaporation_kg_s + w.blowdown_kg_s + w.drift_kg_s)
    assert (
        0.6 < w.evaporation_kg_s / (r.Q_cooler_W / 2.43e6) < 1.1
    )  # of all heat by evaporation: makers' rule and spread
    assert (r.T_ambient_K, r.cooler.T_air_in_K) == (303.15, end.conditions.T_wet_bulb_K)
    assert r.cold_end_mode == "tower: fans at full speed"


def test_net_power_is_met_with_pumps():
    r = designed("wet", power_basis="dc_terminals")
    assert r.W_net_W == pytest.approx(5e6, rel=1e-9)
    check_energy(r)


def test_each_cooler_of_a_layout_has_its_cold_end():
    r = thermo.design(CycleSpec(layout="partial_cooling", UA_total_W_K=1.5e6, cold_end=ColdEndSpec(kind="wet"),
                                p_low_Pa=9e6, p_precompressor_in_Pa=7e6, recompression_fraction=0.3))  # fmt: skip
    assert len(r.cold_ends) == len(r.coolers) == 2
    assert r.losses_W["water_pumps"] == pytest.approx(sum(e.W_pump_W for e in r.cold_ends))
    assert r.water.evaporation_kg_s == pytest.approx(sum(e.water.evaporation_kg_s for e in r.cold_ends))
    check_energy(r)


def test_evaporation_cools_where_dry_air_cannot():
    hot = {"T_ambient_design_K": 311.15, "T_compressor_in_K": 308.15}
    with pytest.raises(thermo.SpecError, match="T_ambient_design_K"):
        designed(**hot)
    for kind in ("wet", "adiabatic"):
        r = designed(kind, {"relative_humidity": 0.2}, **hot)
        assert r.water_kg_s > 0.5
        check_energy(r)
    humid = CycleSpec(**BASE, **hot, cold_end=ColdEndSpec(kind="wet", relative_humidity=0.95))
    assert thermo.design(humid).outcome is thermo.Outcome.NO_COOLING


def test_contradictions_are_refused_together():
    with pytest.raises(thermo.SpecError) as e:
        CycleSpec(**BASE, condensing=True, T_compressor_in_K=288.15, T_ambient_design_K=270.0,
                  cold_end=ColdEndSpec(kind="wet", freeze_protection="run_dry"))  # fmt: skip
    assert len(e.value.problems) == 2
    with pytest.raises(thermo.SpecError, match="cold_end: give"):
        CycleSpec(**BASE, cold_end="dry")
    with pytest.raises(thermo.SpecError, match="condensing=False"):
        CycleSpec(**BASE, cold_end=ColdEndSpec(kind="condensing"))


CONDENSING = {"T_compressor_in_K": 288.15, "condensing": True, "UA_total_W_K": 1.5e6}


@pytest.mark.parametrize("layout", ["simple_recuperated", "recompression"])
def test_a_condensing_block_takes_the_condensers_pressure(layout):
    """The search's low pressure ends at saturation (0.3 % above it), or where the condenser's subcooling puts it."""
    from thermo.co2.saturation import saturation_pressure_Pa

    r = thermo.design(CycleSpec(layout=layout, **CONDENSING)).require_ok()
    assert r.p_low_Pa == pytest.approx(1.003 * saturation_pressure_Pa(288.15), rel=1e-3)
    assert r.states["main_compressor_inlet"].rho_kg_m3 > 800.0
    end = ColdEndSpec(kind="condensing", condensing_subcooling_K=4.0)
    deep = thermo.design(CycleSpec(layout=layout, cold_end=end, **CONDENSING)).require_ok()
    assert deep.p_low_Pa == pytest.approx(saturation_pressure_Pa(292.15), rel=1e-6)
    assert any("p_low_Pa at its lower" in w for w in deep.active_bounds)
    assert deep.eta_thermal < r.eta_thermal
    assert deep.cold_end_mode.startswith("condensing at 292.")
    check_energy(deep)


def test_the_checks_of_a_condensing_block():
    end = ColdEndSpec(kind="condensing")
    r = thermo.design(CycleSpec(cold_end=end, **CONDENSING))
    found = {c.name: c for c in r.checks}
    assert list(found) == ["condensation", "subcooling", "suction head", "speed"]
    assert found["condensation"].passed
    assert found["subcooling"].passed
    assert "3.00 K" in found["subcooling"].explain
    assert not found["suction head"].passed
    assert "cavitates" in found["suction head"].explain
    assert not found["speed"].passed
    near = thermo.design(CycleSpec(**{**CONDENSING, "T_compressor_in_K": 302.15}))
    assert [c.passed for c in near.checks[:2]] == [False, False]
    assert thermo.design(CycleSpec(**BASE)).checks == ()


def test_a_tower_costed_as_a_dry_cooler_is_flagged():
    big = {"W_net_W": 25e6, "UA_total_W_K": 7.5e6}
    dry, wet = (thermo.block_cost(designed(kind, **big)).extrapolated for kind in ("dry", "wet"))
    assert "cooler" in wet
    assert "cooler" not in dry
