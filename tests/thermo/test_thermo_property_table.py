"""The property table: as good as the equation of state, refused where it should be, and safe on disk."""

import os
import threading
import time

import numpy as np
import pytest

from thermo.co2 import property_store, property_table
from thermo.co2.flash import density
from thermo.co2.fluid import T_melt_K
from thermo.co2.helmholtz import P_CRIT_PA, T_CRIT_K, properties
from thermo.co2.property_build import build
from thermo.co2.property_table import march_table, table_rho_T, table_s, table_T

TABLE = property_table.property_table()
EMPTY = np.empty(0)


def errors(p, T):
    """Worst (rho [-], T [K], s [J/kg/K]) differences from the equation at points (p, T); all must be in the table."""
    worst = np.zeros(3)
    for p_k, T_k in zip(p, T, strict=True):
        rho = density(p_k, T_k)
        if rho == 0.0:
            continue
        q = properties(rho, T_k)
        ok, rho_got, T_got = table_rho_T(TABLE, p_k, q[1])
        ok_s, s, _T = table_s(TABLE, p_k, q[1])
        assert ok, (p_k, T_k)
        assert ok_s, (p_k, T_k)
        assert table_T(TABLE, p_k, q[1]) == T_got
        worst = np.maximum(worst, [abs(rho_got / rho - 1.0), abs(T_got - T_k), abs(s - q[2])])
    return worst


def test_table_equals_the_equation_over_the_whole_range():
    rng = np.random.default_rng(1)
    p = rng.uniform(0.5e6, 40e6, 3000)
    low = np.array([max(220.0, T_melt_K(x) + 1.0) for x in p])
    for high in (1200.0, 340.0):
        rho, T, s = errors(p, low + rng.uniform(0.0, 1.0, p.size) * (high - low))
        assert rho < 2e-7
        assert T < 2e-5
        assert s < 1e-3


def test_table_equals_the_equation_on_both_sides_of_the_dome():
    rng = np.random.default_rng(2)
    p = np.exp(rng.uniform(np.log(0.6e6), np.log(P_CRIT_PA), 2000))
    T_sat = np.array([property_table.saturation(TABLE, 0, x) for x in p])
    for side in (-1.0, 1.0):
        rho, T, s = errors(p, T_sat + side * 10.0 ** rng.uniform(-2.0, 0.5, p.size))
        assert rho < 5e-6
        assert T < 2e-5
        assert s < 1e-3


def test_table_near_the_critical_point():
    rng = np.random.default_rng(3)
    p, T = rng.uniform(7e6, 9.5e6, 4000), rng.uniform(300.0, 330.0, 4000)
    core = (abs(T - T_CRIT_K) < 0.1) & (abs(p / P_CRIT_PA - 1.0) < 2e-3)
    rho, dT, s = errors(p[~core], T[~core])
    assert rho < 1e-5
    assert dT < 2e-5
    assert s < 1e-5


def test_saturation_rows_equal_coolprop():
    import CoolProp.CoolProp as CP

    heos = CP.AbstractState("HEOS", "CO2")
    for p in np.linspace(0.53e6, 7.36e6, 25):
        for quality, h_at, v_at, s_at in ((0.0, 2, 6, 10), (1.0, 4, 8, 12)):
            heos.update(CP.PQ_INPUTS, p, quality)
            assert property_table.saturation(TABLE, 0, p) == pytest.approx(heos.T(), abs=1e-6)
            assert property_table.saturation(TABLE, h_at, p) == pytest.approx(heos.hmass(), abs=1e-2)
            assert 1.0 / property_table.saturation(TABLE, v_at, p) == pytest.approx(heos.rhomass(), rel=1e-7)
            assert property_table.saturation(TABLE, s_at, p) == pytest.approx(heos.smass(), abs=1e-4)


@pytest.mark.parametrize(
    ("p", "h"),
    [(6e6, 330e3), (7.3e6, 332e3), (6e6, 332.5e3), (1e6, 300e3), (0.4e6, 5e5), (43e6, 5e5), (9e6, 5e4), (9e6, 1.6e6),
     (np.nan, 5e5), (9e6, np.nan), (np.inf, 5e5)],
)  # fmt: skip
def test_dome_and_outside_are_refused(p, h):
    assert table_T(TABLE, p, h) == 0.0
    assert not table_rho_T(TABLE, p, h)[0]


def test_an_empty_table_refuses_everything():
    assert table_T(EMPTY, 9e6, 4e5) == 0.0
    assert not table_rho_T(EMPTY, 9e6, 4e5)[0]
    assert not table_s(EMPTY, 9e6, 4e5)[0]


def test_patches_join_smoothly():
    p, h = property_table.grid()
    rng = np.random.default_rng(4)
    for _ in range(300):
        i, j = rng.integers(110, p.size - 1), rng.integers(1, h.size - 1)
        x = p[i] + rng.uniform(0, 1) * (p[i + 1] - p[i])
        e = 1e-4 * (h[j] - h[j - 1])
        left, at, right = (table_T(TABLE, x, h[j] + k * e) for k in (-1.0, 0.0, 1.0))
        slope = (right - left) / (2.0 * e)
        assert abs((right - at) - (at - left)) < 1e-3 * slope * e + 1e-10


def test_march_with_and_without_a_table():
    for h0, p0, h1, p1 in ((9e5, 8.2e6, 4.1e5, 8.0e6), (3.2e5, 25e6, 8e5, 24.8e6), (16e5, 9e6, 4e5, 9e6)):
        a, b = np.empty(21), np.empty(21)
        assert march_table(TABLE, 20, h0, p0, h1, p1, a)
        assert march_table(EMPTY, 20, h0, p0, h1, p1, b)
        assert a == pytest.approx(b, abs=2e-5)
    assert not march_table(TABLE, 4, 300e3, 3e6, 400e3, 3e6, np.empty(5))  # through the dome


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HEAT2RACK_CACHE_DIR", str(tmp_path))
    return tmp_path


def test_the_table_is_written_once_and_read_again(folder):
    seen = []
    first = property_store.load_or_build(seen.append)
    assert seen[-1] == 1.0
    assert seen == sorted(seen)
    assert [f.name for f in folder.iterdir()] == [property_store.path().name]
    seen.clear()
    again = property_store.load_or_build(seen.append)
    assert not seen
    assert again.tobytes() == first.tobytes() == build().tobytes()


@pytest.mark.parametrize("damage", ["flip", "cut", "empty"])
def test_a_damaged_table_is_built_again_and_told(folder, caplog, damage):
    whole = property_store.load_or_build()
    raw = bytearray(property_store.path().read_bytes())
    raw[len(raw) // 2] ^= 1
    property_store.path().write_bytes({"flip": raw, "cut": raw[:-8], "empty": b""}[damage])
    assert property_store.load_or_build().tobytes() == whole.tobytes()
    assert "damaged" in caplog.text
    assert property_store.read(property_store.path()) is not None


def test_other_versions_are_removed_when_old(folder):
    old, new = folder / "co2-table-000000000000.bin", folder / "co2-table-111111111111.bin"
    for file in (old, new):
        file.write_bytes(b"x")
    os.utime(old, (time.time() - 2e5,) * 2)
    property_store.load_or_build()
    assert not old.exists()
    assert new.exists()


def test_where_nothing_can_be_written_the_table_stays_in_memory(tmp_path, monkeypatch):
    blocked = tmp_path / "a file, not a folder"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("HEAT2RACK_CACHE_DIR", str(blocked))
    table = property_store.load_or_build()
    assert table_T(table, 9e6, 4e5) == table_T(TABLE, 9e6, 4e5)


def test_a_change_in_what_it_rests_on_makes_another_version(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    for name in property_store.SOURCES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((property_store.HERE / name).read_bytes())
    before = property_store.version()
    monkeypatch.setattr(property_store, "HERE", tmp_path)
    assert property_store.version() == before
    (tmp_path / "co2" / "flash.py").write_text("x = 1\n", encoding="utf-8")
    assert property_store.version() != before


def test_threads_share_one_table():
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(property_table.property_table())) for _ in range(8)
    ]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert {id(x) for x in found} == {id(TABLE)}
