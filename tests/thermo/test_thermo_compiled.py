"""Compiled kernels are compiled again when anything that they rest on changes."""

import os
from pathlib import Path

import numba
import pytest

import thermo
from thermo import compiled
from thermo.co2 import helmholtz
from thermo.compile_all import part_load_types
from thermo.layouts.parts import bracket_next, squash
from thermo.part_load.kernel import operate


@pytest.mark.skipif("NUMBA_CACHE_DIR" in os.environ, reason="the user has chosen a folder for all kernels")
def test_kernels_are_kept_in_the_folder_of_this_version():
    assert str(compiled.cache_dir()) == numba.config.CACHE_DIR
    assert Path(numba.config.CACHE_DIR).name == f"numba-{compiled.source_hash()}"


@pytest.fixture
def copy_of_thermo(tmp_path: Path, monkeypatch) -> Path:
    """A package with a kernel that rests on a constant of another file and on a data file, and with a file beside it."""
    monkeypatch.setattr(compiled, "HERE", tmp_path)
    (tmp_path / "data").mkdir()
    for name, text in {
        "kernels.py": "from thermo.compiled import kernel\nfrom thermo.co2 import (\n    constants,\n)\n",
        "co2/constants.py": "from thermo.data_of import read\nR = 8.3\n",
        "data_of.py": "read = 'gas.json'\n",
        "data/gas.json": "{}",
        "data/prices.json": "{}",
        "report.py": "from thermo.kernels import f\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "matters"),
    [("kernels.py", True), ("co2/constants.py", True), ("data_of.py", True), ("data/gas.json", True),
     ("report.py", False), ("data/prices.json", False)],
)  # fmt: skip
def test_a_change_in_what_kernels_rest_on_makes_a_new_folder_and_removes_the_old(
    copy_of_thermo: Path, name: str, matters: bool
):
    before = compiled.cache_dir()
    with (copy_of_thermo / name).open("a", encoding="utf-8") as file:
        file.write("\n\n")
    after = compiled.cache_dir()
    assert (after != before) is matters
    assert after.is_dir()
    assert before.is_dir() is not matters


def test_kernels_of_this_package_rest_on_the_files_that_hold_their_constants():
    names = {p.relative_to(compiled.HERE).as_posix() for p in compiled.source_files()}
    assert names >= {
        "co2/helmholtz.py", "data/co2_span_wagner.json", "layouts/parts.py", "part_load/kernel.py", "compiled_part.py",
    }  # fmt: skip
    assert "result.py" not in names
    assert "accounts/cost.py" not in names


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


def test_the_part_load_kernel_is_compiled_ahead_for_the_types_that_it_is_called_with():
    block = thermo.design(
        thermo.CycleSpec(layout="simple_recuperated", UA_total_W_K=2e6, p_low_Pa=8.5e6, p_high_Pa=25e6)
    )
    assert thermo.off_design(block, T_ambient_K=300.0, load=0.8).outcome.ok
    assert operate.run.signatures == [part_load_types()]
