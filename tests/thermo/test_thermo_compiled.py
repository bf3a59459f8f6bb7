"""Compiled kernels are compiled again when anything that they rest on changes."""

import os
from pathlib import Path

import numba
import pytest

from thermo import compiled
from thermo.co2 import helmholtz
from thermo.layouts.parts import bracket_next, squash


@pytest.mark.skipif("NUMBA_CACHE_DIR" in os.environ, reason="the user has chosen a folder for all kernels")
def test_kernels_are_kept_in_the_folder_of_this_version():
    assert str(compiled.cache_dir()) == numba.config.CACHE_DIR
    assert Path(numba.config.CACHE_DIR).name == f"numba-{compiled.source_hash()}"


def test_a_change_in_any_file_makes_a_new_folder_and_removes_the_old(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(compiled, "HERE", tmp_path)
    (tmp_path / "data").mkdir()
    source, data = tmp_path / "a.py", tmp_path / "data" / "b.json"
    source.write_text("x = 1\n", encoding="utf-8")
    data.write_text("{}", encoding="utf-8")
    seen = []
    for path, text in ((source, "x = 1\n"), (source, "x = 2\n"), (data, '{"a": 1}')):
        path.write_text(text, encoding="utf-8")
        seen.append(compiled.cache_dir())
        assert [folder for folder in seen if folder.is_dir()] == [seen[-1]]
    assert len(set(seen)) == 3


def test_a_read_only_package_keeps_its_kernels_in_the_user_s_folder(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("HEAT2RACK_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(compiled.os, "access", lambda *_: False)
    assert compiled.cache_dir().parent == tmp_path == compiled.user_folder()
    monkeypatch.delenv("HEAT2RACK_CACHE_DIR")
    assert "heat2rack" in str(compiled.user_folder())


def test_parts_give_in_a_kernel_what_they_give_in_python():
    @numba.njit
    def both(a: float, step: int) -> tuple:
        return squash(a), bracket_next(0.0, -1.0, 1.0, a, step), helmholtz.properties(500.0, 320.0)

    for a, step in ((0.5, 0), (3.0, 2)):
        one, next_, q = both(a, step)
        assert one == squash(a)
        assert next_ == bracket_next(0.0, -1.0, 1.0, a, step)
        assert q == pytest.approx(helmholtz.properties(500.0, 320.0), rel=1e-13)
