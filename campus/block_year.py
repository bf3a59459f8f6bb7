"""One block over the hours of a year, read off its performance map.

The map's rows are read at the *relative* load u = W / W_greatest(T), from the lowest load of the map to 1. Every
power of the block's account is interpolated linearly in u along a row and linearly in T between rows, with one
and the same weights, so the interpolated account closes as exactly as the map's own points do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    import thermo

    Array = NDArray[np.float64]

NODES_U = 15


@dataclass(frozen=True)
class BlockYear:
    """What the optimiser and the yearly account need of a block.

    Attributes
    ----------
    W_rated_W, Q_rated_W : float
        Rated net power at the DC terminals and heat to the CO2, design point [W].
    Q_module_MWth : float
        Rated heat of one heat module [MW].
    heat_curve : tuple of (output / rated output, heat / rated heat)
        At the design dry bulb.
    output_factor, heat_factor : (8760,) arrays
        Greatest output over rated; heat for the same output over that of the heat curve.
    T_K : (8760,) array
        Dry bulb [K].
    T_nodes_K : (m,) array
    u_nodes : (n,) array
    account : mapping of name to (m, n) array
        Powers [W] on the nodes: what enters, every named loss, and what leaves.
    source : str
        Name of what enters: fuel by its lower heating value, or reactor heat.
    reserve_margin : float or None
        Rated power of the needed blocks over the peak load, so that the peak is met at the site's extreme dry bulb too.
    """

    W_rated_W: float
    Q_rated_W: float
    Q_module_MWth: float
    heat_curve: tuple[tuple[float, float], ...]
    output_factor: Array
    heat_factor: Array
    T_K: Array
    T_nodes_K: Array
    u_nodes: Array
    account: Mapping[str, Array]
    source: str = "fuel (LHV)"
    reserve_margin: float | None = None

    def flows_W(self, W_unit_W: Array) -> dict[str, Array]:
        """Every power of one running block, hour by hour [W].

        Parameters
        ----------
        W_unit_W : (8760,) array
            Net power of one block; 0 where none runs (all flows are then 0).

        Returns
        -------
        dict of name to (8760,) array
            The account, with ``load bank`` for power made below the block's lowest load and burnt.
        """
        greatest = self.output_factor * self.W_rated_W
        u = np.clip(W_unit_W / greatest, self.u_nodes[0], 1.0)
        on = W_unit_W > 0
        found = {
            name: np.where(on, bilinear(self.T_nodes_K, self.u_nodes, table, self.T_K, u), 0.0)
            for name, table in self.account.items()
        }
        found["load bank"] = np.where(on, found[NET] - W_unit_W, 0.0)
        found[NET] = np.where(on, W_unit_W, 0.0)
        return found

    def per_block_W(self, dispatch: pd.DataFrame) -> tuple[Array, Array]:
        """Net power of one running block [W] and blocks running, hour by hour, from a sizing dispatch."""
        on = dispatch["block_units_on"].to_numpy(float)
        total = dispatch["block_output_MW"].to_numpy(float) * 1e6
        return np.where(on > 0, total / np.maximum(on, 1.0), 0.0), on

    def net_per_heat(self, dispatch: pd.DataFrame | None = None) -> float:
        """Net power per heat as the optimiser counts it, over the year; at rated power without a dispatch."""
        if dispatch is None:
            return self.W_rated_W / self.Q_rated_W
        return float(dispatch["block_output_MW"].sum() / dispatch["heater_heat_MWth"].sum())

    def fuel_per_heat(self, dispatch: pd.DataFrame | None = None) -> float:
        """Fuel (LHV) per heat as the optimiser counts it, over the year.

        Without a dispatch: at 90 % relative load in every hour. With one, the fuel is that of the map at each
        hour's own load and the heat that of the dispatch, so that price times heat is the true fuel bill.
        """
        if dispatch is None:
            u = np.full(len(self.T_K), 0.9)
            read = [
                bilinear(self.T_nodes_K, self.u_nodes, self.account[k], self.T_K, u)
                for k in (self.source, HEAT)
            ]
            return float(read[0].sum() / read[1].sum())
        W_unit_W, on = self.per_block_W(dispatch)
        fuel_W = (self.flows_W(W_unit_W)[self.source] * on).sum()
        return float(fuel_W / 1e6 / dispatch["heater_heat_MWth"].sum())


REACTOR = "reactor heat"
NET, HEAT, FUEL = "net power at the DC terminals", "heat to the CO2", "fuel (LHV)"


def block_year(
    m: thermo.PerformanceMap,
    T_dry_bulb_K: Array,
    Q_module_MWth: float | None,
    T_extreme_K: float | None = None,
) -> BlockYear:
    """Read a map over the hours of a year.

    Parameters
    ----------
    m : thermo.PerformanceMap
        Every point answered, ambient nodes that span the year.
    T_dry_bulb_K : (8760,) array
    Q_module_MWth : float or None
        Rated heat of a heat module [MW]; None: what one block takes at most in this climate.
    T_extreme_K : float or None
        Air temperature [K], within the map, at which the peak load must still be met.
    """
    W_most = m.W_net_W.max(axis=1)
    u = np.linspace(float(m.W_net_W[:, 0].max() / W_most.min()), 1.0, NODES_U)
    account = {name: _resampled(m.W_net_W, table, u) for name, table in m.account_W.items()}
    heat = account[HEAT]
    source = FUEL if FUEL in account else REACTOR
    account.setdefault(source, heat)
    W_rated, Q_rated = float(m.rated.W_net_W or 0.0), float(m.rated.Q_heater_W or 0.0)
    curve = _heat_curve(m, u, W_most, heat, W_rated, Q_rated)
    output_factor = np.interp(T_dry_bulb_K, m.T_ambient_K, W_most) / W_rated
    factor_nodes = _heat_factor(u, W_most, heat, curve, W_rated, Q_rated)
    return BlockYear(
        W_rated_W=W_rated,
        Q_rated_W=Q_rated,
        Q_module_MWth=float(heat.max()) / 1e6 if Q_module_MWth is None else Q_module_MWth,
        heat_curve=curve,
        output_factor=output_factor,
        heat_factor=np.interp(T_dry_bulb_K, m.T_ambient_K, factor_nodes),
        T_K=T_dry_bulb_K,
        T_nodes_K=m.T_ambient_K,
        u_nodes=u,
        account=account,
        source=source,
        reserve_margin=None
        if T_extreme_K is None
        else W_rated / float(np.interp(T_extreme_K, m.T_ambient_K, W_most)),
    )


def _resampled(W: Array, table: Array, u: Array) -> Array:
    """Each row of `table` against its row's relative load: (m, loads) to (m, len(u))."""
    rows = []
    for W_row, row in zip(W, table, strict=True):
        keep = np.concatenate([[True], np.diff(W_row) > 1e-9 * W_row[-1]])
        rows.append(np.interp(u * W_row.max(), W_row[keep], row[keep]))
    return np.array(rows)


def _heat_curve(
    m: thermo.PerformanceMap, u: Array, W_most: Array, heat: Array, W_rated: float, Q_rated: float
) -> tuple[tuple[float, float], ...]:
    """(output / rated, heat / rated) at the design dry bulb, which is a node of the map; ends in (1, 1)."""
    row = int(np.argmin(np.abs(m.T_ambient_K - m.rated.T_ambient_K)))
    W_share, Q_share = W_most[row] * u / W_rated, heat[row] / Q_rated
    inside = (W_share < 0.995) & (Q_share < 0.995)
    return (*zip(W_share[inside].tolist(), Q_share[inside].tolist(), strict=True), (1.0, 1.0))


def _heat_factor(
    u: Array,
    W_most: Array,
    heat: Array,
    curve: tuple[tuple[float, float], ...],
    W_rated: float,
    Q_rated: float,
) -> Array:
    """Mean over the upper half of the loads of heat over the curve's heat for the same output, by ambient node."""
    W_share, Q_share = np.array(curve).T
    upper = u >= 0.5
    expected = np.array([np.interp(most * u[upper] / W_rated, W_share, Q_share) for most in W_most])
    return np.asarray((heat[:, upper] / (Q_rated * expected)).mean(axis=1))


def bilinear(x_nodes: Array, y_nodes: Array, table: Array, x: Array, y: Array) -> Array:
    """Bilinear interpolation in a table (m, n), held at the edges; x and y of one shape.

    >>> t = np.array([[0.0, 1.0], [2.0, 3.0]])
    >>> float(bilinear(np.array([0.0, 1.0]), np.array([0.0, 1.0]), t, np.array([0.5]), np.array([0.25]))[0])
    1.25
    """
    i, s = _cell(x_nodes, x)
    j, t = _cell(y_nodes, y)
    low = (1 - t) * table[i, j] + t * table[i, j + 1]
    high = (1 - t) * table[i + 1, j] + t * table[i + 1, j + 1]
    return np.asarray((1 - s) * low + s * high)


def _cell(nodes: Array, value: Array) -> tuple[NDArray[np.intp], Array]:
    index = np.clip(np.searchsorted(nodes, value, side="right") - 1, 0, len(nodes) - 2)
    share = (value - nodes[index]) / (nodes[index + 1] - nodes[index])
    return index, np.clip(share, 0.0, 1.0)
