"""The shipped coefficients of CO2 are CoolProp's, to the last digit."""

import json
import runpy
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_coefficients_are_those_of_coolprop():
    tool = runpy.run_path(str(ROOT / "tools" / "co2_coefficients.py"))
    shipped = json.loads((ROOT / "thermo" / "data" / "co2_span_wagner.json").read_text(encoding="utf-8"))
    assert shipped == tool["from_coolprop"]()


def test_a_design_needs_no_coolprop():
    code = (
        "import sys, thermo; r = thermo.design(thermo.CycleSpec(W_net_W=5e6, UA_total_W_K=2e6, p_low_Pa=9e6,"
        " recompression_fraction=0.3)); thermo.ts_diagram(r); print(r.outcome.name, 'CoolProp' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.split() == ["OK", "False"]
