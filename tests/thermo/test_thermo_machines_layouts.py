"""Every layout's machines, materials and neighbours, from its own components."""

import numpy as np
import pytest

import thermo
from thermo.spec import LAYOUTS

pytest.importorskip(
    "thermo.cycle.components"
)  # every layout's components; here as soon as the eight layouts are


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
        powers[name] = powers.get(name, 0.0) + d.power_W
    rotating = {
        c.name.replace("_", " "): c.W_W for c in block.components if c.kind in ("turbine", "compressor")
    }
    if train.arrangement.name.startswith("turbo-compressor"):  # the cut turbine's two parts
        assert sum(powers.values()) == pytest.approx(sum(rotating.values()), rel=1e-9)
    else:
        assert powers == pytest.approx(rotating, rel=1e-9)
    net = sum(p if "turbine" in n else -p for n, p in powers.items())
    assert net == pytest.approx(block.W_shaft_W, rel=1e-9)
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
