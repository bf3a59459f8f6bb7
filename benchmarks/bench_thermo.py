"""Speed of thermo, warm, on one core: `pytest benchmarks/bench_thermo.py`."""

import numpy as np
import pytest

import thermo

FIXED = thermo.CycleSpec(
    W_net_W=5e6,
    T_compressor_in_K=308.15,
    p_low_Pa=8.2e6,
    recompression_fraction=0.25,
    UA_ltr_W_K=4e5,
    UA_htr_W_K=4e5,
)
BLOCK = thermo.CycleSpec(
    W_net_W=5e6, power_basis="dc_terminals", T_compressor_in_K=311.15, UA_total_W_K=1.5e6, T_ambient_design_K=300.0,
    fired_heater=thermo.FiredHeaterSpec(),
)  # fmt: skip


def test_fixed_point(benchmark):
    thermo.design(FIXED)
    assert benchmark(thermo.design, FIXED).outcome.ok


def test_optimised_block_with_fired_heater(benchmark):
    thermo.design(BLOCK)
    assert benchmark(thermo.design, BLOCK).outcome.ok


def test_off_design_point(benchmark):
    r = thermo.design(BLOCK)
    thermo.off_design(r, T_ambient_K=290.0, load=0.7)
    assert benchmark(thermo.off_design, r, T_ambient_K=290.0, load=0.7).outcome.ok


def test_map_of_60_points(benchmark):
    r = thermo.design(BLOCK)
    args = {"T_ambient_K": np.linspace(258.0, 313.0, 10), "load": np.linspace(0.4, 1.0, 6)}
    m = benchmark.pedantic(thermo.performance_map, args=(r,), kwargs=args, rounds=3, warmup_rounds=1)
    assert set(m.outcome.ravel()) <= {"OK", "LIMITED"}


@pytest.mark.parametrize("pair", ["ph", "pT"])
def test_property_call(benchmark, pair):
    from numba import njit

    from thermo.flash import BY_H, density, flash

    @njit
    def many(n):
        total = 0.0
        for i in range(n):
            if pair == "ph":
                total += flash(BY_H, 9e6, 4.0e5 + 1e-3 * i, 230.0, 335.0)[1]
            else:
                total += density(9e6, 335.0 + 1e-6 * i)
        return total

    many(1)
    benchmark(many, 10_000)
