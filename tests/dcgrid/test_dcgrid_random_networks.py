"""Random networks: solved where there must be a solution, balanced, every collapse confirmed (tools/random_networks.py)."""

import dataclasses
import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

import dcgrid


@pytest.fixture(scope="module")
def tool():
    path = Path(__file__).parents[2] / "tools/random_networks.py"
    spec = importlib.util.spec_from_file_location("random_networks", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["random_networks"] = module
    spec.loader.exec_module(module)
    return module


def check(found: dict) -> None:
    assert found["faults"] == []
    assert found["converged"] == found["must_converge"] > 0.4 * found["networks"]
    assert found["outcomes"]["radial"]["COLLAPSE"] > 0
    assert found["outcomes"]["meshed"]["COLLAPSE"] > 0


def test_sixty_networks(tool):
    check(tool.study(60, seed=3))


@pytest.mark.slow
def test_six_hundred_networks(tool):
    check(tool.study(600, seed=4))


def test_the_judge_sees_a_wrong_answer(tool, monkeypatch):
    """A solver that answers with the low-voltage solution, or gives up where it need not, is found out."""
    drawn = (tool.draw_radial(np.random.default_rng(k)) for k in range(100))
    d = next(d for d in drawn if 0.2 < tool.strain(d) < 0.9)
    good = dcgrid.run(d.net)
    assert tool._solved_faults(d, good) == []
    d.net.result("bus")["v_v"][1] *= 1.01
    assert "not the highest solution" in tool._solved_faults(d, good)
    lame = dataclasses.replace(good, outcome=dcgrid.Outcome.COLLAPSE, lambda_max=0.5, limiting_bus="b")
    assert any("monotone" in fault for fault in tool._collapse_faults(d, lame))
    monkeypatch.setattr(dcgrid, "run", lambda net: 1 / 0)
    assert tool.judge(d)[0] == "EXCEPTION"
