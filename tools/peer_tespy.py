"""The recompression cycle of a penkuhn-like case in TESPy, run in a process of its own: JSON in, JSON out.

Given are absolute pressures, efficiencies, cold-end differences and equal temperatures where the streams join, so the
problem is square. It is solved twice: from fixed temperatures for a start, then as asked. `ask` as in `peer_ssc`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from typing import Any


def ask(case: dict[str, Any], seconds: float) -> dict[str, float] | None:
    """TESPy's answer, from the Python of $HEAT2RACK_TESPY_PYTHON or this one; None where there is none."""
    python = os.environ.get("HEAT2RACK_TESPY_PYTHON", sys.executable)
    done = subprocess.run(
        [python, __file__], input=json.dumps(case), capture_output=True, text=True, timeout=seconds
    )
    lines = [x for x in done.stdout.splitlines() if x.startswith("{")]
    return json.loads(lines[-1]) if done.returncode == 0 and lines else None


def run(case: dict[str, Any]) -> dict[str, float]:
    """States [degC], recompression fraction and shaft efficiency."""
    from tespy import components as part
    from tespy.connections import Connection, Ref
    from tespy.networks import Network

    g = case["given"]
    net = Network()
    net.units.set_defaults(temperature="degC", pressure="bar", enthalpy="kJ/kg")
    main, re = part.Compressor("main compressor"), part.Compressor("recompressor")
    turbine, heater, cooler = (
        part.Turbine("turbine"),
        part.SimpleHeatExchanger("heater"),
        part.SimpleHeatExchanger("cooler"),
    )
    ltr, htr = part.HeatExchanger("ltr"), part.HeatExchanger("htr")
    split, mixer, close = part.Splitter("split"), part.Merge("mixer"), part.CycleCloser("close")
    way = {
        "turbine_inlet": (close, "out1", turbine, "in1"), "turbine_outlet": (turbine, "out1", htr, "in1"),
        "htr_lp_outlet": (htr, "out1", ltr, "in1"), "ltr_lp_outlet": (ltr, "out1", split, "in1"),
        "cooler_inlet": (split, "out1", cooler, "in1"), "compressor_inlet": (cooler, "out1", main, "in1"),
        "main_compressor_outlet": (main, "out1", ltr, "in2"), "ltr_hp_outlet": (ltr, "out2", mixer, "in1"),
        "recompressor_inlet": (split, "out2", re, "in1"), "recompressor_outlet": (re, "out1", mixer, "in2"),
        "mixer_outlet": (mixer, "out1", htr, "in2"), "htr_hp_outlet": (htr, "out2", heater, "in1"),
        "heater_outlet": (heater, "out1", close, "in1"),
    }  # fmt: skip
    at = {name: Connection(*ends, label=name) for name, ends in way.items()}
    net.add_conns(*at.values())
    hot, cold = g["turbine_inlet"], g["compressor_inlet"]
    at["heater_outlet"].set_attr(p=hot["p_bar"], T=hot["T_degC"], fluid={"CO2": 1}, m=1000)
    at["compressor_inlet"].set_attr(p=cold["p_bar"], T=cold["T_degC"])
    for name in (
        "turbine_outlet",
        "htr_lp_outlet",
        "ltr_lp_outlet",
        "main_compressor_outlet",
        "ltr_hp_outlet",
        "htr_hp_outlet",
    ):
        at[name].set_attr(p=g[f"{name}_p_bar"])
    for machine, eta in (
        (main, g["eta_compressors"]),
        (re, g["eta_compressors"]),
        (turbine, g["eta_turbine"]),
    ):
        machine.set_attr(eta_s=eta)
    start = {"ltr_lp_outlet": 128.0, "htr_lp_outlet": 270.0, "ltr_hp_outlet": 264.0}
    for name, T in start.items():
        at[name].set_attr(T=T)
    net.solve("design")
    for name in start:
        at[name].set_attr(T=None)
    d = g["cold_end_temperature_difference_K"]
    ltr.set_attr(ttd_l=d["ltr"])
    htr.set_attr(ttd_l=d["htr"])
    at["recompressor_outlet"].set_attr(T=Ref(at["ltr_hp_outlet"], 1, 0))
    net.solve("design")
    work = abs(turbine.P.val) - main.P.val - re.P.val
    found = {f"T_{name}_degC": c.T.val for name, c in at.items()}
    share = at["recompressor_inlet"].m.val / at["heater_outlet"].m.val
    return found | {"recompression_fraction": share, "eta_shaft": work / heater.Q.val}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    print(json.dumps(run(json.load(sys.stdin))))
