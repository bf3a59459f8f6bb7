"""Make tests/validation/ssc/off_design.json: off-design rows of the peer (nrel-pysam), one process for each point.

    HEAT2RACK_PEER_PYTHON=... python tools/peer_off_design.py

`searched` rows: fixed shaft speeds; the peer holds the hot stream's return temperature at its design value and
chooses low pressure and compressor inlet temperature for the greatest power less fans. `fixed_control` rows: low
pressure and inlet temperatures given too, so that no search is in the way. Points without an answer are listed.
"""

from __future__ import annotations

import datetime
import itertools
import json
from pathlib import Path

from peer_ssc import ask, peer_python

TARGET = Path(__file__).parent.parent / "tests/validation/ssc/off_design.json"
SECONDS = 90.0
COMMON = {
    "W_net_W": 10e6, "p_high_Pa": 25e6, "eta_compressor": 0.85, "eta_recompressor": 0.85, "eta_precompressor": 0.85,
    "eta_turbine": 0.9, "dp_ltr_lp_frac": 0.0311, "dp_ltr_hp_frac": 0.0056, "dp_htr_lp_frac": 0.0311,
    "dp_htr_hp_frac": 0.0056, "dp_heater_frac": 0.0056, "dp_cooler_frac": 0.005, "n_segments": 10,
    "exchanger_model": "segment_mean",
}  # fmt: skip
# name: (layout, T_turbine_in, T_compressor_in [K], UA_total [W/K])
BLOCKS = {
    "recomp_10MW_T550_CIT41_UA4000": ("recompression", 823.15, 314.15, 4e6),
    "recomp_10MW_T600_CIT35_UA5000": ("recompression", 873.15, 308.15, 5e6),
    "partial_10MW_T550_CIT41_UA2000": ("partial_cooling", 823.15, 314.15, 2e6),
}
# hot stream's temperature over design [K], its flow over design, ambient over design [K]
SEARCHED = {
    "recomp_10MW_T550_CIT41_UA4000": [
        (0, 1, 0), (0, 1, 10), (0, 1, 5), (0, 1, -8), (0, 1, -15), (0, 1, -30), (0, 0.9, -4), (0, 0.8, 0), (0, 0.8, 10),
        (0, 0.8, -15), (0, 0.6, 0), (0, 0.6, -15), (0, 0.5, 8), (0, 0.3, 0), (0, 0.3, -12), (-20, 1, 0), (0, 1.05, 0),
    ],
    "recomp_10MW_T600_CIT35_UA5000": [(0, 1, 0), (0, 1, 12), (0, 0.8, 0), (0, 0.6, 6), (0, 0.3, 0), (-20, 0.8, 0)],
    "partial_10MW_T550_CIT41_UA2000": [
        (0, 1, 0), (0, 1, 10), (0, 1, -10), (0, 0.8, 0), (0, 0.6, 0), (0, 0.3, 0), (-20, 1, 0), (0, 0.8, 8),
    ],
}  # fmt: skip
# flow over design, low pressure over design, inlet temperature over design [K]
CONTROL = [(1, 1, 0), (1, 0.98, -1), (1, 0.93, 2), (0.9, 0.97, -0.5), (0.8, 0.94, -1), (0.8, 0.9, 3), (0.6, 0.88, -2.5),
           (0.6, 0.85, 2), (0.4, 0.8, -3), (0.3, 0.75, -4)]  # fmt: skip


def main() -> None:
    """Ask the peer for every point and write the file."""
    python, blocks, none = peer_python(), [], []
    for name, (layout, T_in, T_mc, UA) in BLOCKS.items():
        given = COMMON | {
            "layout": layout,
            "T_turbine_in_K": T_in,
            "T_compressor_in_K": T_mc,
            "UA_total_W_K": UA,
        }
        base = {"given": given, "rel_tol": 5}
        design = ask(base, SECONDS, python)
        assert design is not None, name
        d, T_hot, T_amb = design["design"], T_in + 20.0, T_mc - 6.0
        lowest = d["states"].get("precompressor_inlet", d["states"]["main_compressor_inlet"])
        jobs = [("searched", 3, [[T_hot + dT, m, T_amb + da]]) for dT, m, da in SEARCHED[name]]
        jobs += [("fixed_control", 5, [[T_hot, m, T_amb, lowest["p_Pa"] * k, T_mc + dT, T_mc + dT]])
                 for m, k, dT in CONTROL]  # fmt: skip
        rows = []
        for control, od_rel_tol, case in jobs:
            answer = ask(base | {"od_rel_tol": od_rel_tol, control: case}, SECONDS, python)
            found = (
                answer["off_design"]
                if answer
                else [{"asked": case[0], "code": f"no answer in {SECONDS:.0f} s"}]
            )
            for row in found:
                (none if "asked" in row else rows).append({"block": name, "control": control} | row)
            print(name, control, case[0], found[0].get("W_net_W"), found[0]["code"], flush=True)
        blocks.append({"name": name, "given": given, "T_ambient_design_K": T_amb, "T_heat_source_design_K": T_hot,
                       "heater_approach_K": 20.0, "design": d, "off_design": rows})  # fmt: skip
    content = {
        "source": "NREL SAM (ssc) through nrel-pysam 7.1.1, Sco2CspSystem",
        "settings": "rel_tol 5; od_rel_tol 3 (searched) and 5 (fixed_control); solar salt; recuperators and heater by "
        "the conductance-ratio model of 10 segments; fans 2 % of net power at design; code 0: no complaint",
        "solver_code": "tools/peer_ssc.py, tools/peer_off_design.py",
        "date": datetime.date.today().isoformat(),
        "units": "SI; efficiency is shaft net power over heat input",
        "blocks": blocks,
        "no_answer": none,
    }
    TARGET.write_text(json.dumps(content, indent=1) + "\n")
    print(
        len(list(itertools.chain(*(b["off_design"] for b in blocks)))),
        "rows,",
        len(none),
        "without an answer",
    )


if __name__ == "__main__":
    main()
