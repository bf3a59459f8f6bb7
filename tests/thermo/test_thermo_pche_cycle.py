"""Cycle and recuperators designed together: pressure drops as results."""

import pytest

import thermo
from thermo.exchangers.pche import PcheGeometry, rate_pche
from thermo.exchangers.pche_cycle import design_with_pche

GIVEN = {"W_net_W": 10e6, "T_turbine_in_K": 823.15, "T_compressor_in_K": 314.15, "UA_total_W_K": 3e6, "eta_turbine": 0.9,
         "eta_compressor": 0.85, "eta_recompressor": 0.85, "eta_precompressor": 0.85}  # fmt: skip


@pytest.mark.parametrize(
    "layout", ["simple_recuperated", "recompression", "partial_cooling", "turbine_split"]
)
@pytest.mark.parametrize("way", [{"mass_flux_hot_kg_m2s": 700.0}, {"dp_hot_frac": 0.02}])
def test_pressure_drops_of_cycle_and_exchangers_agree(layout, way):
    both = design_with_pche(thermo.CycleSpec(layout=layout, **GIVEN), PcheGeometry(), **way)
    assert both.ok, both.explain
    assert both.passes <= 6
    found = {c.name: c for c in both.cycle.components if c.kind == "recuperator"}
    assert set(both.recuperators) == set(found)
    for name, p in both.recuperators.items():
        hot, cold = found[name].streams
        states = both.cycle.states
        for stream, dp in ((hot, p.dp_hot_Pa), (cold, p.dp_cold_Pa)):
            p_in = states[stream.inlet].p_Pa
            assert (p_in - states[stream.outlet].p_Pa) / p_in == pytest.approx(dp / p_in, abs=1e-4)
        assert pytest.approx(found[name].UA_W_K, rel=2e-4) == p.UA_W_K
        if "dp_hot_frac" in way:
            assert p.dp_hot_Pa / p.duty.hot.p_in_Pa == pytest.approx(0.02, rel=1e-3)


def test_sized_exchanger_gives_the_cycles_duty_with_its_own_pressures():
    both = design_with_pche(thermo.CycleSpec(**GIVEN), PcheGeometry(), dp_hot_frac=0.015)
    for name, p in both.recuperators.items():
        free = [type(s)(s.m_dot_kg_s, s.p_in_Pa, s.h_in_J_kg) for s in (p.duty.hot, p.duty.cold)]
        assert pytest.approx(p.duty.Q_W, rel=2e-3) == rate_pche(p, *free).Q_W, name


def test_more_mass_flux_costs_efficiency_and_saves_metal():
    spec = thermo.CycleSpec(**GIVEN)
    slow, fast = (design_with_pche(spec, PcheGeometry(), mass_flux_hot_kg_m2s=G) for G in (400.0, 900.0))
    assert fast.cycle.eta_thermal < slow.cycle.eta_thermal
    mass = [sum(p.mass_kg for p in x.recuperators.values()) for x in (slow, fast)]
    assert mass[1] < 0.7 * mass[0]


def test_geometry_by_name_and_words_where_it_cannot_be():
    g = {
        "low_temperature_recuperator": PcheGeometry(channel="zigzag_32"),
        "high_temperature_recuperator": PcheGeometry(),
    }
    both = design_with_pche(thermo.CycleSpec(**GIVEN), g, mass_flux_hot_kg_m2s=400.0)
    assert both.ok
    assert both.recuperators["low_temperature_recuperator"].geometry.channel == "zigzag_32"
    much = design_with_pche(
        thermo.CycleSpec(**GIVEN), PcheGeometry(channel="zigzag_52"), mass_flux_hot_kg_m2s=1500.0
    )
    assert not much.ok
    assert much.explain
    with pytest.raises(thermo.SpecError, match="give one of"):
        design_with_pche(thermo.CycleSpec(**GIVEN), PcheGeometry())
