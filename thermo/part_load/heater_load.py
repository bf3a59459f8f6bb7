"""The fired heater of a designed block at part load: its coils' UA follows the flue's flow, UA ~ flue^0.6.

The flue's approach to the returning CO2 is the one at which the coils have just that UA. `blower_fit` is a quick stand-in
for the blower's power, for searches: log quadratic in log heat and return temperature through nine solved points.
"""

from __future__ import annotations

from math import log

import numpy as np

from thermo.defaults import default
from thermo.heat_sources.fired_heater import FiredHeaterResult, fired_heater
from thermo.result import CycleResult

_LOADS, _RETURNS_K = (
    (0.2, 0.5, 1.1),
    (-50.0, 20.0, 90.0),
)  # nodes: heat over design, return temperature less design's


def heater_at_load(
    r: CycleResult, Q_W: float, T_return_K: float, T_ambient_K: float
) -> FiredHeaterResult | None:
    """The heater at a duty [W] and return temperature [K]: the flue approach that fits, by secant in its logarithm."""
    d, spec = r.heater, r.spec
    if d is None or spec.fired_heater is None:
        return None
    x = log((d.T_flue_exit_K - d.T_return_K) * max(0.05, (Q_W / d.Q_heater_W)) ** 0.7)
    T_out = max(spec.T_turbine_in_K, spec.T_reheat_K or 0.0)
    flow, x_old, e_old, h = d.m_dot_flue_kg_s * Q_W / d.Q_heater_W, 0.0, 0.0, None
    for k in range(40):
        h = fired_heater(spec.fired_heater, Q_W, T_return_K, T_out, T_ambient_K, spec.p_ambient_Pa,
                         float(np.exp(x)), (flow / d.m_dot_flue_kg_s) ** 2)  # fmt: skip
        if h is None:
            return None
        ratio = h.m_dot_flue_kg_s / d.m_dot_flue_kg_s
        e = log(h.UA_coils_W_K / d.UA_coils_W_K) - default("heater_exponent") * log(ratio)
        settled = abs(h.m_dot_flue_kg_s / flow - 1.0) < 1e-12
        flow = h.m_dot_flue_kg_s
        if abs(e) < 1e-12 and settled:
            break
        if e == e_old:
            break
        new = x + 1.2 * e if k == 0 else x - e * (x - x_old) / (e - e_old)
        x_old, e_old, x = x, e, min(max(new, x - 1.0, -2.0), x + 1.0)
    return h


def blower_fit(r: CycleResult, T_ambient_K: float) -> np.ndarray:
    """Nine coefficients, reference heat [W] and return temperature [K], and a power to add [W]; empty without a heater."""
    d = r.heater
    if d is None or r.spec.fired_heater is None:
        return np.empty(0)
    rows, values = [], []
    for load in _LOADS:
        for dT in _RETURNS_K:
            h = heater_at_load(r, load * d.Q_heater_W, d.T_return_K + dT, T_ambient_K)
            if h is not None:
                a, b = log(load), 0.01 * dT
                rows.append([a**i * b**j for i in range(3) for j in range(3)])
                values.append(log(h.W_blower_W))
    fit = np.linalg.lstsq(np.array(rows), np.array(values), rcond=None)[0]
    return np.array([*fit, d.Q_heater_W, d.T_return_K, 0.0])
