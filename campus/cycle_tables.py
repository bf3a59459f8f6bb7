"""A designed block's cycle as tables for figures and report: p-h paths, temperatures along exchangers, exergy."""

from __future__ import annotations

import numpy as np
import pandas as pd

import thermo

ZERO_C = 273.15


def ph_table(block: thermo.CycleResult) -> pd.DataFrame:
    """Lines of the p-h diagram: each component's path, and the saturation dome."""
    diagram = thermo.ph_diagram(block)
    lines = {"saturation": (diagram.dome_p_Pa, diagram.dome_h_J_kg), **diagram.paths}
    parts = [
        pd.DataFrame({"component": name, "p_MPa": p_Pa / 1e6, "h_kJ_kg": h_J_kg / 1e3})
        for name, (p_Pa, h_J_kg) in lines.items()
        if not name.startswith("mixer")
    ]
    return pd.concat(parts, ignore_index=True)


def tq_table(block: thermo.CycleResult) -> pd.DataFrame:
    """Temperatures of both sides of every exchanger over the heat from its cold end; a side not known is missing."""

    def degC(T_K: np.ndarray | None) -> np.ndarray | float:
        return np.nan if T_K is None else T_K - ZERO_C

    parts = [
        pd.DataFrame({"exchanger": d.name, "Q_MW": d.Q_W / 1e6, "hot_degC": degC(d.T_hot_K),
                      "cold_degC": degC(d.T_cold_K), "hot_is": d.hot_is, "cold_is": d.cold_is})
        for d in thermo.tq_diagram(block)
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def exergy_table(block: thermo.CycleResult) -> pd.DataFrame:
    """Exergy account: fuel, product and destruction of each component, and in all; empty where no dead state is known."""
    columns = ["component", "fuel_MW", "product_MW", "destroyed_MW", "share_percent", "efficiency_percent"]
    try:
        a = thermo.exergy_account(block)
    except ValueError:
        return pd.DataFrame(columns=columns)

    def row(
        name: str, fuel_W: float, product_W: float, destroyed_W: float, efficiency: float | None
    ) -> tuple:
        share = 100 * destroyed_W / a.fuel_W
        return (
            name,
            fuel_W / 1e6,
            product_W / 1e6,
            destroyed_W / 1e6,
            share,
            None if efficiency is None else 100 * efficiency,
        )

    rows = [row(x.name, x.fuel_W, x.product_W, x.destroyed_W, x.efficiency) for x in a.rows]
    rows.append(row("all", a.fuel_W, a.product_W, a.fuel_W - a.product_W, a.efficiency))
    return pd.DataFrame(rows, columns=columns).astype({"efficiency_percent": float})


def exergy_words(block: thermo.CycleResult) -> str:
    """Boundary of the exergy account in words, or why there is none."""
    try:
        a = thermo.exergy_account(block)
    except ValueError as error:
        return str(error)
    return (
        f"Exergy over the dead state at {a.T_0_K - ZERO_C:.1f} °C and {a.p_0_Pa / 1e3:.1f} kPa, from the fuel (or the heat "
        "that the CO2 is given) to the DC terminals."
    )
