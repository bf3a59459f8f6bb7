"""AC chains by the ladder against pandapower on the same parts, and against a closed form."""

import math

import pytest

from dcgrid import ac_ladder
from dcgrid.chains import ChainsSpec, ac_chains, chain_ledgers
from dcgrid.outcome import RunError

SPECS = (
    (ChainsSpec(n_racks=64, rack_p_w=132e3, n_blocks=10, block_p_w=1e6), 0.7),
    (ChainsSpec(n_racks=8, rack_p_w=10e3, n_blocks=1, block_p_w=1e5, module_w=2.5e3), 0.1),
    (
        ChainsSpec(n_racks=64, rack_p_w=600e3, n_blocks=45, block_p_w=1e6, distance_m=900.0, redundancy="2N"),
        1.0,
    ),
)


@pytest.mark.parametrize("spec, load", SPECS)
@pytest.mark.parametrize("comparison", ["A", "B"])
def test_ladder_gives_the_same_ledgers_as_pandapower(spec, load, comparison):
    names = list(ac_chains(comparison))
    for name in (names[0], names[-1]):
        slow = chain_ledgers(spec, comparison, name, [load * spec.rack_p_w])[0]
        with ac_ladder.direct():
            fast = chain_ledgers(spec, comparison, name, [load * spec.rack_p_w])[0]
        assert [s.name for s in fast.stages] == [s.name for s in slow.stages]
        for a, b in zip(fast.stages, slow.stages, strict=True):
            assert a.loss_w == pytest.approx(b.loss_w, rel=1e-7, abs=1e-9 * slow.p_in_w), a.name
            assert (a.note, a.key, a.grade) == (b.note, b.key, b.grade)
        assert fast.p_in_w == pytest.approx(slow.p_in_w, rel=1e-9)


def test_one_resistance_meets_the_quadratic():
    """v_b (v_a - v_b) = r p at power factor one."""
    net = ac_ladder.create_empty_network()
    a, b = ac_ladder.create_bus(net, 1.0), ac_ladder.create_bus(net, 1.0)
    ac_ladder.create_ext_grid(net, a)
    ac_ladder.create_line_from_parameters(net, a, b, 1.0, 0.05, 0.0, 0.0, 1.0)
    load = ac_ladder.create_load(net, b, 0.0)
    found = ac_ladder.solve(net, {load: 1.0 + 0j})
    v = 0.5 * (1.0 + math.sqrt(1.0 - 4.0 * 0.05))
    assert found.v_min_pu == pytest.approx(v, abs=1e-12)
    assert found.loss_mw[("line", 0)] == pytest.approx(0.05 / v**2, rel=1e-11)


def test_more_than_the_line_can_carry_has_no_answer():
    net = ac_ladder.create_empty_network()
    a, b = ac_ladder.create_bus(net, 1.0), ac_ladder.create_bus(net, 1.0)
    ac_ladder.create_ext_grid(net, a)
    ac_ladder.create_line_from_parameters(net, a, b, 1.0, 0.05, 0.0, 0.0, 1.0)
    load = ac_ladder.create_load(net, b, 0.0)
    assert ac_ladder.solve(net, {load: 6.0 + 0j}) is None  # more than 1 / (4 r)


def test_direct_ends_with_its_block_even_after_an_error():
    def fails() -> None:
        with ac_ladder.direct():
            assert ac_ladder.engine() is ac_ladder
            raise RunError("stop")

    with pytest.raises(RunError, match="stop"):
        fails()
    assert ac_ladder.engine().__name__ == "pandapower"
