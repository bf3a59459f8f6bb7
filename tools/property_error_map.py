"""Measure the properties against CoolProp's HEOS and publish it: the table and figure of docs/models/thermo_properties.md.

    python tools/property_error_map.py

Two grids: the whole range (0.5-40 MPa, max(220 K, melting + 1 K) to 1200 K) and 7-9.5 MPa, 300-330 K; and one within 0.1 K
and 0.2 % of the critical point. The truth: HEOS's density at (p,T), and its other properties at that (rho,T).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import CoolProp.CoolProp as CP
import numpy as np

import thermo
from thermo.co2.fluid import T_melt_K
from thermo.co2.helmholtz import P_CRIT_PA, T_CRIT_K
from thermo.co2.property_table import property_table, table_rho_T, table_s

ROOT = Path(__file__).resolve().parent.parent
PAGE, FIGURE = ROOT / "docs/models/thermo_properties.md", ROOT / "docs/images/property_errors.svg"
BEGIN, END = "<!-- errors: written by tools/property_error_map.py -->\n", "<!-- end of errors -->\n"
COLOURS = ["#440154", "#46327e", "#365c8d", "#277f8e", "#1fa187", "#4ac16d", "#a0da39", "#fde725"]
FLOOR = -11  # decade of the first colour; the last one is open upwards
Grid = tuple[np.ndarray, np.ndarray]  # p [Pa] and T [K], two-dimensional


def grids(n: int) -> dict[str, Grid]:
    """The three grids, n by n points each."""
    p = np.linspace(0.5e6, 40e6, n)[:, None] + np.zeros(n)
    low = np.maximum(220.0, T_melt_K(p) + 1.0)
    whole = p, low + np.linspace(0.0, 1.0, n) ** 2 * (1200.0 - low)
    p, T = np.meshgrid(np.linspace(7e6, 9.5e6, n), np.linspace(300.0, 330.0, n), indexing="ij")
    k = np.linspace(-1.0, 1.0, 60)
    core = np.meshgrid(P_CRIT_PA * (1.0 + 2e-3 * k), T_CRIT_K + 0.1 * k, indexing="ij")
    return {"whole": whole, "fine": (p, T), "core": (core[0], core[1])}


def truth(p: np.ndarray, T: np.ndarray) -> dict[str, np.ndarray]:
    """HEOS's properties at flat arrays; a point on saturation, where HEOS refuses, is moved up 1 mK."""
    heos = CP.AbstractState("HEOS", "CO2")
    rows, T = np.empty((p.size, 6)), T.copy()
    for k in range(p.size):
        try:
            heos.update(CP.PT_INPUTS, p[k], T[k])
        except ValueError:
            T[k] += 1e-3
            heos.update(CP.PT_INPUTS, p[k], T[k])
        heos.update(CP.DmassT_INPUTS, heos.rhomass(), T[k])
        rows[k] = heos.rhomass(), heos.hmass(), heos.smass(), heos.cpmass(), heos.speed_sound(), heos.p()
    return dict(zip(("rho", "h", "s", "cp", "w", "p"), rows.T, strict=True)) | {"T": T}


def of_the_table(t: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Errors of the table alone at (p,h)."""
    table, errors = property_table(), np.empty((3, t["p"].size))
    for k, (p, h) in enumerate(zip(t["p"], t["h"], strict=True)):
        _ok, rho, T = table_rho_T(table, p, h)
        s = table_s(table, p, h)[1]
        errors[:, k] = rho / t["rho"][k] - 1.0, T - t["T"][k], s - t["s"][k]
    return dict(zip(("rho", "T", "s"), abs(errors), strict=True))


def of_the_module(t: dict[str, np.ndarray], pair: tuple[str, str]) -> dict[str, np.ndarray]:
    """Errors of thermo.properties from a pair; dp: pressure of HEOS at the answer's (rho,T)."""
    names = {"p": "p_Pa", "T": "T_K", "h": "h_J_kg", "s": "s_J_kgK", "rho": "rho_kg_m3"}
    r = thermo.properties(**{names[k]: t[k] for k in pair})
    heos, dp = CP.AbstractState("HEOS", "CO2"), np.empty(t["p"].size)
    for k in range(dp.size):
        heos.update(CP.DmassT_INPUTS, r.rho_kg_m3[k], r.T_K[k])
        dp[k] = heos.p() / t["p"][k] - 1.0
    return {
        "rho": abs(r.rho_kg_m3 / t["rho"] - 1.0), "T": abs(r.T_K - t["T"]), "s": abs(r.s_J_kgK - t["s"]),
        "cp": abs(r.cp_J_kgK / t["cp"] - 1.0), "w": abs(r.sound_speed_m_s / t["w"] - 1.0), "p": abs(dp),
    }  # fmt: skip


def regions() -> dict[str, Callable[[str, np.ndarray, np.ndarray], np.ndarray]]:
    """Regions of the page, as masks of (name of the grid, p, T)."""

    def near(p: np.ndarray, T: np.ndarray) -> np.ndarray:
        return (abs(T - T_CRIT_K) <= 5.0) & (abs(p / P_CRIT_PA - 1.0) <= 0.1)

    def core(p: np.ndarray, T: np.ndarray) -> np.ndarray:
        return (abs(T - T_CRIT_K) <= 0.1001) & (abs(p / P_CRIT_PA - 1.0) <= 2.001e-3)

    return {
        "whole range, beyond 5 K and 10 % of the critical point": lambda g, p, T: (
            ~near(p, T) & (g == "whole")
        ),
        "7–9.5 MPa, 300–330 K, beyond 5 K and 10 %": lambda g, p, T: ~near(p, T) & (g == "fine"),
        "within 5 K and 10 %": lambda g, p, T: near(p, T) & ~core(p, T),
        "within 0.1 K and 0.2 %": lambda g, p, T: core(p, T),
    }


def table(found: dict[str, Grid], errors: dict[str, dict[str, dict[str, np.ndarray]]]) -> str:
    """The page's table: worst and 99 % errors of each way by region."""
    lines = [
        "| region | from | Δρ/ρ | ΔT, K | Δs, J/kg/K | Δcp/cp | Δw/w | Δp/p at (ρ,T) |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, mask_of in regions().items():
        for way in ("table (p,h)", "(p,T)", "(p,h)", "(p,s)", "(ρ,T)"):
            cells = []
            for q in ("rho", "T", "s", "cp", "w", "p"):
                parts = [e[way][q][mask_of(g, found[g][0].ravel(), found[g][1].ravel())]
                         for g, e in errors.items() if q in e[way]]  # fmt: skip
                both = np.concatenate(parts) if parts else np.empty(0)
                worst = f"{both.max():.0e} / {np.quantile(both, 0.99):.0e}" if both.size else ""
                cells.append("as given" if worst.startswith("0e") else worst)
            lines.append(f"| {name if way.startswith('table') else ''} | {way} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def panel(
    x0: float, y0: float, title: str, values: np.ndarray, ticks: tuple[list[str], list[str]]
) -> list[str]:
    """One heat map, 330 by 220, p to the right, T up; a path for each decade, runs of equal colour joined."""
    width, height = 330.0 / values.shape[0], 220.0 / values.shape[1]
    decade = np.clip(np.floor(np.log10(np.maximum(values, 1e-30))) - FLOOR, 0, len(COLOURS) - 1).astype(int)
    paths: list[list[str]] = [[] for _ in COLOURS]
    for j in range(values.shape[1]):
        i = 0
        while i < values.shape[0]:
            end = i
            while end < values.shape[0] and decade[end, j] == decade[i, j]:
                end += 1
            y = y0 + 220.0 - (j + 1) * height
            paths[decade[i, j]].append(
                f"M{x0 + i * width:.1f} {y:.1f}h{(end - i) * width:.1f}v{height:.2f}h{(i - end) * width:.1f}z"
            )
            i = end
    out = [f'<path fill="{c}" d="{"".join(d)}"/>' for c, d in zip(COLOURS, paths, strict=True) if d]
    out.append(f'<text x="{x0}" y="{y0 - 8}" font-weight="bold">{title}</text>')
    for k, text in enumerate(ticks[0]):
        out.append(
            f'<text x="{x0 + 330 * k / (len(ticks[0]) - 1)}" y="{y0 + 236}" text-anchor="middle">{text}</text>'
        )
    for k, text in enumerate(ticks[1]):
        out.append(
            f'<text x="{x0 - 6}" y="{y0 + 224 - 220 * k / (len(ticks[1]) - 1)}" text-anchor="end">{text}</text>'
        )
    return out


def figure(found: dict[str, Grid], errors: dict[str, dict[str, dict[str, np.ndarray]]]) -> str:
    """Density and temperature errors of the table, over the whole range and near the critical point, as SVG."""
    ticks = {
        "whole": (["0.5", "10.4", "20.3", "30.1", "40 MPa"], ["220", "281", "465", "772", "1200 K"]),
        "fine": (["7", "8.25", "9.5 MPa"], ["300", "310", "320", "330 K"]),
    }
    shape = found["whole"][0].shape
    block = shape[0] // 60
    head = 'width="860" height="640" font-family="sans-serif" font-size="12" shape-rendering="crispEdges"'
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" {head}>',
           '<rect width="860" height="640" fill="white"/>']  # fmt: skip
    for row, (q, what) in enumerate((("rho", "relative error of density"), ("T", "error of temperature, K"))):
        for column, g in enumerate(("whole", "fine")):
            e = errors[g]["table (p,h)"][q].reshape(shape)[: block * 60, : block * 60]
            worst = np.nanmax(e.reshape(60, block, 60, block), axis=(1, 3))
            where = "whole range" if g == "whole" else "near the critical point"
            out += panel(70.0 + 420.0 * column, 40.0 + 275.0 * row, f"{what}, {where}", worst, ticks[g])
    for k, colour in enumerate(COLOURS):
        text = f"&lt; 1e{FLOOR + 1}" if k == 0 else f"1e{FLOOR + k}"
        out.append(f'<rect x="{70 + 90 * k}" y="590" width="90" height="14" fill="{colour}"/>')
        out.append(f'<text x="{72 + 90 * k}" y="620">{text}</text>')
    return "\n".join([*out, "</svg>"]) + "\n"


def main() -> None:
    """Measure and write."""
    found, errors = grids(301), {}
    for name, (p, T) in found.items():
        t = truth(p.ravel(), T.ravel())
        pairs = {"(p,T)": ("p", "T"), "(p,h)": ("p", "h"), "(p,s)": ("p", "s"), "(ρ,T)": ("rho", "T")}
        errors[name] = {"table (p,h)": of_the_table(t)} | {
            way: of_the_module(t, pair) for way, pair in pairs.items()
        }
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    PAGE.write_text(before + BEGIN + table(found, errors) + END + rest.split(END)[1], encoding="utf-8")
    FIGURE.write_text(figure(found, errors), encoding="utf-8")
    print(table(found, errors))


if __name__ == "__main__":
    main()
