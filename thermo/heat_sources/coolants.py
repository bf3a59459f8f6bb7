"""Liquid coolants: heat capacity, density, freezing point. Data with grades in `data/coolants.json`."""

from dataclasses import dataclass
from functools import cache

from thermo.defaults import table


@dataclass(frozen=True)
class Coolant:
    """A liquid: coefficients of cp(T) and rho(T), freezing point and greatest temperature [K], grade, source, note."""

    id: str
    name: str
    cp_coefficients: tuple[float, float, float, float]
    rho_coefficients: tuple[float, float]
    T_freeze_K: float
    T_max_K: float
    grade: str
    source: str
    note: str

    def cp_J_kgK(self, T_K: float) -> float:
        """Heat capacity [J/kg/K]."""
        c = self.cp_coefficients
        return c[0] + c[1] * T_K + c[2] * T_K**2 + c[3] / T_K**2

    def rho_kg_m3(self, T_K: float) -> float:
        """Density [kg/m3]."""
        return self.rho_coefficients[0] + self.rho_coefficients[1] * T_K

    def heat_J_kg(self, T_cold_K: float, T_hot_K: float) -> float:
        """Heat [J/kg] between two temperatures: the integral of cp.

        >>> round(coolants()["solar_salt"].heat_J_kg(563.15, 838.15) / 275.0)
        1517
        """
        c = self.cp_coefficients

        def integral(T: float) -> float:
            return c[0] * T + c[1] * T**2 / 2 + c[2] * T**3 / 3 - c[3] / T

        return integral(T_hot_K) - integral(T_cold_K)


@cache
def coolants() -> dict[str, Coolant]:
    """The coolants by id: sodium, solar_salt, lead, flibe."""
    return {
        r["id"]: Coolant(r["id"], r["name"], tuple(r["cp"]), tuple(r["rho"]), r["T_freeze_K"], r["T_max_K"], r["grade"],
                         r["source"], r["note"])
        for r in table("coolants")["rows"]
    }  # fmt: skip
