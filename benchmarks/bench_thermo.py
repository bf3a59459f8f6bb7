"""Speed of thermo, warm, on one core: `pytest benchmarks/bench_thermo.py`. `thermo_table.py` writes docs/benchmarks.md."""

import itertools

import numpy as np
import pytest

import thermo

DROPS = {"dp_ltr_lp_frac": 0.0311, "dp_ltr_hp_frac": 0.0056, "dp_htr_lp_frac": 0.0311, "dp_htr_hp_frac": 0.0056,
         "dp_heater_frac": 0.0056, "dp_cooler_frac": 0.005}  # fmt: skip
PEER = DROPS | {"W_net_W": 10e6, "T_turbine_in_K": 823.15, "T_compressor_in_K": 314.15, "p_high_Pa": 25e6,
                "eta_turbine": 0.9, "eta_compressor": 0.85, "eta_recompressor": 0.85}  # fmt: skip
FIXED = PEER | {"p_low_Pa": 9.3e6, "recompression_fraction": 0.3, "UA_ltr_W_K": 2e6, "UA_htr_W_K": 1.8e6}
OPTIMISED = PEER | {"UA_total_W_K": 4e6}
LAYOUTS = ("simple_recuperated", "recompression", "partial_cooling", "recompression_intercooled", "recompression_reheat",
           "htr_bypass", "turbine_split", "cascade")  # fmt: skip
WEATHER = list(itertools.product((263.15, 283.15, 301.15, 308.15, 315.15), (0.3, 0.5, 0.7, 0.85, 1.0)))


def spec(given, **changes):
    return thermo.CycleSpec(**(given | changes))


def block():
    """The block of the off-design benchmarks: 5 MW net with a fired heater."""
    given = {
        "W_net_W": 5e6,
        "power_basis": "dc_terminals",
        "T_compressor_in_K": 311.15,
        "UA_total_W_K": 1.5e6,
    }
    s = thermo.CycleSpec(T_ambient_design_K=300.0, fired_heater=thermo.FiredHeaterSpec(), **given)
    return thermo.design(s).require_ok()


def kernel():
    """The compiled solution of the fixed point, without spec, cooler and result around it."""
    from thermo.cycle.candidate import Variables, inputs_of
    from thermo.layouts.solve import solve

    s = spec(FIXED)
    c = inputs_of(s, Variables(s.p_high_Pa, s.p_low_Pa, f=s.recompression_fraction), s.W_net_W)
    return lambda: solve(c, 0.0, 0.0, np.zeros(4), 1e-10)


def test_fixed_point_kernel(benchmark):
    solve = kernel()
    assert benchmark(solve)[0] == 0


def test_fixed_point(benchmark):
    s = spec(FIXED)
    assert benchmark(thermo.design, s).outcome.ok


@pytest.mark.parametrize("layout", LAYOUTS)
def test_optimised(benchmark, layout):
    s = spec(OPTIMISED, layout=layout)
    thermo.design(s)
    assert benchmark.pedantic(thermo.design, args=(s,), rounds=5).outcome.ok


def test_optimised_with_free_high_pressure(benchmark):
    s = spec(OPTIMISED, p_high_Pa=None)
    assert benchmark.pedantic(thermo.design, args=(s,), rounds=5, warmup_rounds=1).outcome.ok


def test_off_design_point(benchmark):
    r = block()
    thermo.off_design(r, T_ambient_K=290.0, load=0.7)
    assert benchmark(thermo.off_design, r, T_ambient_K=290.0, load=0.7).outcome.ok


def test_map_of_60_points(benchmark):
    r = block()
    args = {"T_ambient_K": np.linspace(258.0, 313.0, 10), "load": np.linspace(0.4, 1.0, 6)}
    m = benchmark.pedantic(thermo.performance_map, args=(r,), kwargs=args, rounds=3, warmup_rounds=1)
    assert set(m.outcome.ravel()) <= {"OK", "LIMITED"}


@pytest.mark.parametrize("pair", ["ph", "pT"])
def test_property_call(benchmark, pair):
    from numba import njit

    from thermo.co2.flash import BY_H, density, flash

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
