"""Every layout's machines, materials and neighbours, from its own components."""

from dataclasses import replace

import numpy as np
import pytest

import thermo
from thermo.machines.machine_sizing import efficiency_from_size
from thermo.spec import LAYOUTS


@pytest.fixture(scope="module", params=LAYOUTS)
def block(request):
    r = thermo.design(
        thermo.CycleSpec(layout=request.param, W_net_W=5e6, UA_total_W_K=1.5e6, T_turbine_in_K=873.15)
    )
    return r.require_ok()


def test_every_component_becomes_a_machine(block):
    train = thermo.machines_of(block)
    powers: dict[str, float] = {}
    for d in train.arrangement.duties:
        name = "turbine" if d.name == "power turbine" else d.name
        powers[name] = powers.get(name, 0.0) + abs(d.cycle_power_W)
    rotating = {
        c.name.replace("_", " "): c.W_W for c in block.components if c.kind in ("turbine", "compressor")
    }
    if train.arrangement.name.startswith("turbo-compressor"):  # the cut turbine's two parts
        assert sum(powers.values()) == pytest.approx(sum(rotating.values()), rel=1e-9)
    else:
        assert powers == pytest.approx(rotating, rel=1e-9)
    net = sum(p if "turbine" in n else -p for n, p in powers.items())
    assert net == pytest.approx(block.W_shaft_W, rel=1e-9)
    met = (
        train.arrangement.W_shaft_frac
    )  # solved with what its wheels reach, unless two wheel sets take turns
    assert abs(met - 1.0) < 1e-3 or (
        abs(met - 1.0) < 0.02 and any("reckons with" in c for c in train.conflicts)
    )
    assert 0.8 < train.arrangement.W_dc_W / block.W_shaft_W < 1.0
    assert train.runner_up is not None
    for m in train.machines:
        assert m.speed_rpm > 0.0
        assert m.note or m.eta_factor > 0.99


def test_every_hot_part_has_a_material_or_a_reason(block):
    train = thermo.machines_of(block)
    found = thermo.materials_of(block.components, block.states, train.arrangement.duties, train.wheels)
    hot = [c for c in block.components if c.kind in ("heater", "recuperator", "turbine")]
    assert len(found) >= len(hot)
    for m in found:
        assert m.words
        assert (m.alloy is None) == ("beyond every" in m.words)
        assert np.isfinite(m.S_required_Pa)
    tubes = next(m for m in found if m.part == "heater tubes")
    assert tubes.T_metal_K == pytest.approx(923.15)


def test_every_block_is_compared(block):
    check = thermo.nearest_plants(block, thermo.machines_of(block).machines)
    assert len(check.rows) == 6
    assert any(v.startswith("turbine inlet temperature 600 degC: inside what ran") for v in check.verdicts)


def test_open_efficiencies_are_those_of_the_shafts_speeds(block):
    """eta = eta by size times the wheel's factor; a machine on its own pinion keeps what its size gives."""
    assert all(0.8 < k <= 1.0 for k in block.speed_factors.values())
    eta = efficiency_from_size("compressor", 5e6) * block.speed_factors.get("main compressor", 1.0)
    assert block.eta_compressor == pytest.approx(eta, rel=1e-12)
    shown = next(m for m in block.machines if m.name == "main compressor")
    assert shown.eta == pytest.approx(eta, rel=1e-9)


def test_given_efficiencies_are_left_alone(block):
    given = {"eta_turbine": 0.87, "eta_compressor": 0.81, "eta_recompressor": 0.81, "eta_precompressor": 0.81}
    r = thermo.design(replace(block.spec, **given)).require_ok()
    assert (r.speed_factors, r.eta_turbine, r.eta_compressor) == ({}, 0.87, 0.81)
