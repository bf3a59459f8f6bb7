"""Design many random specs and judge the answers: does each one come in time, close, and obey the second law?

    python tools/random_specs.py -n 10000 -j 2 --seed 1 --space physical [--json out.json]

Spaces: `physical` is what an engineer would ask for (see `physical`), of which at least 90 % shall converge; `allowed` is
anything that `CycleSpec` admits, where a refusal with a reason is an answer too. For each answer: energy closure of the
account, entropy production in every recuperator segment with CoolProp's HEOS as judge, no NaN, seconds of processor time (so
that a busy machine judges the same). A design over `--limit` seconds is late, over five times that it is given up as TIME.
"""

from __future__ import annotations

import argparse
import json
import math
import signal
import time
import warnings
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np

LAYOUTS = ("simple_recuperated", "recompression", "partial_cooling", "recompression_intercooled", "recompression_reheat",
           "htr_bypass", "turbine_split", "cascade")  # fmt: skip
WITH_F = LAYOUTS[1:6]
N_SEGMENTS = 20


def physical(rng: np.random.Generator) -> dict[str, Any]:
    """A spec that makes sense: 0.5-100 MW, 500-750 degC, 32.5-50 degC, 18-30 MPa, 0.06-0.5 (W/K)/W or a least difference of
    3-25 K, usual efficiencies and pressure drops; every variable now given, now free; some with a fired heater."""
    T_c = rng.uniform(305.7, 323.0)
    W = 10 ** rng.uniform(5.7, 8.0)
    given: dict[str, Any] = {
        "layout": str(rng.choice(LAYOUTS)), "W_net_W": W, "T_turbine_in_K": rng.uniform(773.0, 1023.0),
        "T_compressor_in_K": T_c,
    }  # fmt: skip
    given |= (
        {"dT_min_K": rng.uniform(3.0, 25.0)}
        if rng.random() < 0.15
        else ({"UA_total_W_K": W * 10 ** rng.uniform(-1.22, -0.3)})
    )
    given["p_high_Pa"] = None if rng.random() < 0.1 else rng.uniform(18e6, 30e6)
    if rng.random() < 0.7:
        given |= {"eta_turbine": rng.uniform(0.8, 0.93), "eta_compressor": rng.uniform(0.72, 0.9)}
    if rng.random() < 0.5:
        k = rng.uniform(0.0, 2.0)
        given |= {"dp_ltr_lp_frac": 0.0311 * k, "dp_ltr_hp_frac": 0.0056 * k, "dp_htr_lp_frac": 0.0311 * k,
                  "dp_htr_hp_frac": 0.0056 * k, "dp_heater_frac": 0.0056 * k, "dp_cooler_frac": 0.005 * k}  # fmt: skip
    if rng.random() < 0.4:
        given["p_low_Pa"] = rng.uniform(0.98, 1.25) * _p_pseudocritical(T_c)
    if rng.random() < 0.3 and given["layout"] in WITH_F:
        given["recompression_fraction"] = rng.uniform(0.05, 0.4)
    if rng.random() < 0.4:
        given["power_basis"] = "dc_terminals"
    if rng.random() < 0.3:
        given["T_ambient_design_K"] = T_c - rng.uniform(6.0, 15.0)
    if rng.random() < 0.2 and given["T_turbine_in_K"] < 950.0:
        given["fired_heater"] = _fired()
    return given | _of_layout(rng, given["layout"])


def _fired() -> Any:
    from thermo import FiredHeaterSpec

    return FiredHeaterSpec()


def _p_pseudocritical(T_K: float) -> float:
    from thermo.co2.fluid import p_pseudocritical_Pa

    return p_pseudocritical_Pa(T_K)


def _of_layout(rng: np.random.Generator, layout: str) -> dict[str, Any]:
    if layout == "htr_bypass":
        kind = rng.random()
        if kind < 0.4:
            return {"htr_bypass_fraction": rng.uniform(0.02, 0.3)}
        return {"T_heat_source_return_K": rng.uniform(560.0, 660.0)} if kind < 0.6 else {}
    if layout in ("turbine_split", "cascade") and rng.random() < 0.3:
        return {"turbine_split_fraction": rng.uniform(0.25, 0.6)}
    return {}


def allowed(rng: np.random.Generator) -> dict[str, Any]:
    """Anything within the ranges of CycleSpec, sensible or not; the compressor inlet mostly above the critical point."""
    from thermo.spec import _CYCLE_RANGES

    names = ("W_net_W", "T_turbine_in_K", "T_compressor_in_K", "p_high_Pa", "eta_turbine", "eta_compressor",
             "dp_ltr_lp_frac", "dp_htr_lp_frac", "dp_heater_frac", "dp_cooler_frac")  # fmt: skip
    given: dict[str, Any] = {"layout": str(rng.choice(LAYOUTS))}
    for name in names:
        lo, hi, _ = _CYCLE_RANGES[name]
        by_decades = lo > 0.0 and hi / lo > 1e3
        given[name] = 10 ** rng.uniform(math.log10(lo), math.log10(hi)) if by_decades else rng.uniform(lo, hi)
    if rng.random() < 0.9:
        given["T_compressor_in_K"] = rng.uniform(304.5, _CYCLE_RANGES["T_compressor_in_K"][1])
    if rng.random() < 0.4:
        given["p_low_Pa"] = rng.uniform(*_CYCLE_RANGES["p_low_Pa"][:2])
    if rng.random() < 0.5 and given["layout"] in WITH_F:
        given["recompression_fraction"] = rng.uniform(0.0, 0.6)
    if rng.random() < 0.8:
        UA = given["W_net_W"] * 10 ** rng.uniform(-3.0, 1.0)
        given["UA_total_W_K"] = min(max(UA, 1e2), 1e9)
    else:
        given["dT_min_K"] = 10 ** rng.uniform(-1.0, 2.3)
    return given | _of_layout(rng, given["layout"])


SPACES = {"physical": physical, "allowed": allowed}


class _Late(Exception):
    """The time limit."""


RANG = [False]  # an alarm inside a compiled kernel comes back as SystemError; this tells why


def _alarm(*_: Any) -> None:
    RANG[0] = True
    raise _Late


def judge(case: tuple[str, int, int, float]) -> dict[str, Any]:
    """Design spec number i of a space and look at the answer."""
    space, seed, i, limit = case
    given = SPACES[space](np.random.default_rng((seed, i)))
    signal.signal(signal.SIGPROF, _alarm)
    signal.setitimer(signal.ITIMER_PROF, 5.0 * limit)
    start, RANG[0] = time.process_time(), False
    row: dict[str, Any] = {"i": i, "layout": given["layout"]}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            row |= _answer(given, start)
    except Exception as error:
        if RANG[0]:
            row |= {"outcome": "TIME", "reason": f"over {5.0 * limit:.0f} s", "given": given}
        else:
            row |= {
                "outcome": "EXCEPTION",
                "reason": f"{type(error).__name__}: {error}"[:300],
                "given": given,
            }
    signal.setitimer(signal.ITIMER_PROF, 0.0)
    row.setdefault("seconds", time.process_time() - start)
    if row["outcome"] == "OK" and row["seconds"] > limit:
        row["late"] = True
    return row


def _answer(given: dict[str, Any], start: float) -> dict[str, Any]:
    import thermo

    try:
        spec = thermo.CycleSpec(**given)
    except thermo.SpecError as error:
        return {"outcome": "REFUSED", "reason": error.problems[0].split(":")[0]}
    r = thermo.design(spec)
    row: dict[str, Any] = {"outcome": r.outcome.name, "seconds": time.process_time() - start}
    if not r.outcome.ok:
        return row | {"reason": r.explain, "given": given}
    account = list(thermo.energy_account(r).values())
    row["energy"] = abs(account[0] - sum(account[1:])) / account[0]
    row["shaft"] = abs(_shaft(r) / r.W_shaft_W - 1.0)
    row["entropy"] = _entropy(r)
    row["finite"] = bool(
        np.all(np.isfinite([r.eta_thermal, r.W_net_W, r.m_dot_kg_s, r.Q_heater_W, r.UA_ltr_W_K]))
    )
    return row


def _shaft(r: Any) -> float:
    """Shaft power from the heat balance of the components [W]."""
    sign = {"heater": 1.0, "cooler": -1.0}
    return sum(sign.get(c.kind, 0.0) * c.Q_W for c in r.components)


def _entropy(r: Any) -> float:
    """Least entropy production of any recuperator segment over its Q/T, with HEOS at the density and temperature of the
    nodes; their enthalpy must be HEOS's."""
    import CoolProp.CoolProp as CP

    from thermo.accounts.diagram import profile
    from thermo.co2.fluid import heos

    eos, least = heos(), math.inf
    for c in r.components:
        if c.kind != "recuperator" or c.Q_W <= 0.0:
            continue
        sides = []
        for stream in c.streams:
            x = profile(r, stream, N_SEGMENTS)
            s = np.empty(N_SEGMENTS + 1)
            for k in range(N_SEGMENTS + 1):
                eos.update(CP.DmassT_INPUTS, x["rho"][k], x["T"][k])
                s[k] = eos.smass()
                if abs(eos.hmass() - x["h"][k]) > 1e-6 * abs(x["h"][k]):
                    raise AssertionError(
                        f"node of {c.name}: enthalpy {x['h'][k]:.3f}, HEOS {eos.hmass():.3f}"
                    )
            sides.append((stream.m_dot_kg_s, s, x["T"]))
        (m_h, s_h, _), (m_c, s_c, T_c) = sides
        made = m_h * np.diff(s_h)[::-1] + m_c * np.diff(s_c)
        least = min(least, float(np.min(made / (c.Q_W / N_SEGMENTS / T_c[:-1]))))
    return least


def study(space: str, n: int, *, seed: int = 1, jobs: int = 1, limit: float = 2.0) -> dict[str, Any]:
    """Judge n specs and sum up."""
    cases = [(space, seed, i, limit) for i in range(n)]
    if jobs == 1:
        rows = [judge(c) for c in cases]
    else:
        with ProcessPoolExecutor(jobs) as pool:
            rows = list(pool.map(judge, cases, chunksize=8))
    return summary(rows)


def summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Shares, reasons and worst cases of judged specs."""
    ok = [r for r in rows if r["outcome"] == "OK"]
    seconds = np.array([r["seconds"] for r in rows])
    seconds_of = {
        x: [r["seconds"] for r in rows if r["layout"] == x] for x in sorted({r["layout"] for r in rows})
    }
    solved_of = {x: [r["outcome"] == "OK" for r in rows if r["layout"] == x] for x in seconds_of}
    reasons = Counter(f"{r['outcome']}: {r.get('reason', '')}" for r in rows if r["outcome"] != "OK")

    def worst(key: str, pick: Any) -> Any:
        return pick(((r[key], r["i"]) for r in ok), default=None)

    return {
        "specs": len(rows), "outcomes": dict(Counter(r["outcome"] for r in rows)),
        "converged_share": len(ok) / len(rows),
        "converged_share_by_layout": {x: float(np.mean(v)) for x, v in solved_of.items()},
        "reasons": dict(reasons.most_common(20)),
        "worst_energy_closure": worst("energy", max), "worst_shaft_closure": worst("shaft", max),
        "worst_entropy_over_Q_T": worst("entropy", min), "not_finite": [r["i"] for r in ok if not r["finite"]],
        "exceptions": [r for r in rows if r["outcome"] == "EXCEPTION"],
        "seconds_p50_p95_max": [float(np.percentile(seconds, q)) for q in (50, 95, 100)],
        "seconds_median_by_layout": {x: float(np.median(v)) for x, v in seconds_of.items()},
        "late": sum(r.get("late", False) for r in rows), "slowest": max((r["seconds"], r["i"], r["layout"]) for r in rows),
    }  # fmt: skip


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Design many random specs and judge the answers.")
    parser.add_argument("-n", type=int, default=400)
    parser.add_argument("-j", type=int, default=1, help="worker processes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--space", choices=SPACES, default="physical")
    parser.add_argument("--limit", type=float, default=2.0, help="seconds for a design")
    parser.add_argument("--json", help="write the summary here")
    args = parser.parse_args()
    import thermo

    thermo.design(thermo.CycleSpec(UA_total_W_K=1e6))  # compiles before the clock runs
    found = study(args.space, args.n, seed=args.seed, jobs=args.j, limit=args.limit)
    text = json.dumps(found, indent=1)
    print(text)
    if args.json:
        with open(args.json, "w", encoding="utf-8") as file:
            file.write(text + "\n")


if __name__ == "__main__":
    main()
