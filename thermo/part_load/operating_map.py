"""Map of a block over ambient temperature and load: every point answers."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from thermo.cycle.block import failed
from thermo.outcome import Outcome
from thermo.part_load.control import ControlSpec
from thermo.part_load.operating_point import at_ambient, humidity_problems, not_modelled, ready
from thermo.part_load.plant import Plant
from thermo.result import CycleResult, energy_account

HEAT = "heat to the CO2"


@dataclass(frozen=True)
class PerformanceMap:
    """Arrays over (T_ambient_K, load). Where a load is out of reach the outcome is LIMITED and the numbers are those
    of the greatest (or least) reachable power; `explain` says why. Where the hardware has no operating point
    (NO_OPERATION) the block stands still: all its numbers are zero. Nothing is interpolated, nothing is NaN.

    Powers [W], pressures [Pa], temperatures [K], flow [kg/s], charge [kg] (0 where the loop's volumes are not given);
    surge_ratio: least flow coefficient of any compressor over that at surge; Q_fuel_W is LHV, zero without a fired heater;
    water_kg_s: make-up of the cold end, cold_end_mode what that does, in words.
    `account_W` holds every power of `energy_account` and the heat to the CO2, by name; `rated` is the design point.
    """

    rated: CycleResult

    T_ambient_K: np.ndarray
    load: np.ndarray
    W_net_W: np.ndarray
    eta_net: np.ndarray
    Q_heater_W: np.ndarray
    Q_fuel_W: np.ndarray
    W_fan_W: np.ndarray
    p_low_Pa: np.ndarray
    p_high_Pa: np.ndarray
    T_compressor_in_K: np.ndarray
    m_dot_kg_s: np.ndarray
    Q_cooler_W: np.ndarray
    T_heat_return_K: np.ndarray
    speed_frac: np.ndarray
    charge_kg: np.ndarray
    surge_ratio: np.ndarray
    water_kg_s: np.ndarray
    cold_end_mode: np.ndarray
    outcome: np.ndarray
    explain: np.ndarray
    account_W: Mapping[str, np.ndarray]


def _fuel(r: CycleResult) -> float | None:
    return r.heater.Q_fuel_LHV_W if r.heater else None


_COLUMNS: dict[str, Callable[[CycleResult], float | None]] = {
    "W_net_W": lambda r: r.W_net_W, "eta_net": lambda r: r.eta_net, "Q_heater_W": lambda r: r.Q_heater_W,
    "Q_fuel_W": _fuel, "W_fan_W": lambda r: r.W_fan_W, "p_low_Pa": lambda r: r.p_low_Pa,
    "p_high_Pa": lambda r: r.p_high_Pa, "T_compressor_in_K": lambda r: r.T_compressor_in_K,
    "m_dot_kg_s": lambda r: r.m_dot_kg_s, "Q_cooler_W": lambda r: r.Q_cooler_W,
    "T_heat_return_K": lambda r: r.T_heat_return_K, "speed_frac": lambda r: r.speed_frac, "charge_kg": lambda r: r.charge_kg,
    "water_kg_s": lambda r: r.water_kg_s,
    "surge_ratio": lambda r: min(r.flow_over_surge.values()) if r.flow_over_surge else None,
}  # fmt: skip


def performance_map(
    r: CycleResult,
    *,
    T_ambient_K: ArrayLike,
    load: ArrayLike,
    threads: int = 1,
    control: ControlSpec | None = None,
    relative_humidity: float | ArrayLike | None = None,
) -> PerformanceMap:
    """Operate a designed block at every pair of ambient temperature [K] and load.

    Each ambient's greatest power is found once; its loads are solved from the highest down, each started from the
    last. The answer at a point does not depend on which other ambients are asked for, nor on the number of
    `threads`, among which the ambients are shared out. relative_humidity [-]: one for all or one for each ambient, for a wet
    or adiabatic cold end; default: the cold end's.
    """
    r.require_ok()
    T = np.atleast_1d(np.asarray(T_ambient_K, dtype=float))
    loads = np.atleast_1d(np.asarray(load, dtype=float))
    problems = []
    if T.ndim != 1 or T.size == 0 or not np.all((T >= 223.15) & (T <= 333.15)):
        problems.append("T_ambient_K: give temperatures of 223.15 to 333.15 K")
    if loads.ndim != 1 or loads.size == 0 or not np.all((loads > 0.0) & (loads <= 2.0)):
        problems.append("load: give loads above 0 up to 2")
    humidity = (
        [None] * T.size
        if relative_humidity is None
        else list(np.broadcast_to(np.asarray(relative_humidity), T.shape))
    )
    problems += [p for x in humidity for p in humidity_problems(x)]
    if problems:
        raise ValueError("\n".join(problems))
    wanted = [float(x) for x in loads]

    def at(t: float, rh: float | None) -> list[CycleResult]:
        words = not_modelled(r)
        if words:
            return [failed(r.spec, Outcome.NOT_MODELLED, words, float(t), x) for x in wanted]
        return at_ambient(Plant(r, float(t), control or ControlSpec(), rh), wanted)

    if not not_modelled(r):
        ready(r)
    with ThreadPoolExecutor(threads) as pool:
        rows = list(pool.map(at, T, humidity))

    def column(pick: Callable[[CycleResult], float | None]) -> np.ndarray:
        return np.array([[pick(x) or 0.0 for x in row] for row in rows], dtype=float)

    columns = {name: column(pick) for name, pick in _COLUMNS.items()}
    points = [
        [{**energy_account(x), HEAT: x.Q_heater_W} if x.outcome.ok else {} for x in row] for row in rows
    ]
    account = {
        name: np.array([[p.get(name, 0.0) for p in row] for row in points], dtype=float)
        for name in {**energy_account(r), HEAT: 0.0}
    }
    outcome = np.array([[x.outcome.name for x in row] for row in rows])
    explain = np.array([[x.explain for x in row] for row in rows])
    mode = np.array([[x.cold_end_mode or "" for x in row] for row in rows])
    return PerformanceMap(
        r, T, loads, outcome=outcome, explain=explain, cold_end_mode=mode, account_W=account, **columns
    )  # fmt: skip
