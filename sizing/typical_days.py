"""Which hours or days of the year may be averaged, and which must stay as they are.

With a battery, days are clustered (tsam, Ward linkage) and each cluster is replaced by its *mean*; without any
coupling in time, single hours are. The hardest periods (greatest load, least margin of capacity over load,
greatest heat need) stay as singletons, so that the design found on the clusters serves the year too.
"""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

from sizing.inputs import Array, SizingInputs
from sizing.steps import Ids, Steps, cluster_steps

HOURS_PER_TYPICAL_DAY = 16


def typical_steps(inputs: SizingInputs, year: Steps, n_days: int, hard_hours: Ids) -> Steps:
    """Aggregate the year to about ``n_days`` typical days, or the same effort in typical hours.

    ``hard_hours`` are hours that an earlier design could not serve: their period becomes a singleton and
    units on are integers in them.
    """
    if inputs.battery is not None and year.n % 24 == 0:
        singles = _hardest(inputs, year, 24, max(2, n_days // 5))
        singles = np.union1d(singles, hard_hours // 24)
        n_free = max(2, n_days - len(_hardest(inputs, year, 24, max(2, n_days // 5))))
        cluster = _with_singles(_day_clusters(_features(inputs, year), n_free, singles), singles)
        whole = (np.unique(hard_hours // 24)[:, None] * 24 + np.arange(24)).ravel()
        return cluster_steps(year, cluster, 24, whole)
    if inputs.battery is not None:
        return year
    singles = np.union1d(_hardest(inputs, year, 1, 8), hard_hours)
    n_hours = HOURS_PER_TYPICAL_DAY * n_days
    cluster = _with_singles(_hour_clusters(_features(inputs, year), year.weight_h, n_hours, singles), singles)
    return cluster_steps(year, cluster, 1, hard_hours)


def _features(inputs: SizingInputs, year: Steps) -> Array:
    """Series that vary over the year, each scaled to the spread it causes, shape (T, F)."""
    columns = [year.load_MW / year.load_MW.max()]
    for block in inputs.blocks:
        columns += [year.output_max_MW[block.name] / block.output_MW, year.heat_factor[block.name]]
    unique = np.unique(np.round(np.array(columns), 12), axis=0)
    return np.asarray(unique[np.ptp(unique, axis=1) > 0].T.reshape(year.n, -1))


def _hardest(inputs: SizingInputs, year: Steps, length: int, count: int) -> Ids:
    """Periods with the greatest load, load over capacity, and heat need: ``count`` of each."""
    capacity = np.min([year.output_max_MW[b.name] / b.output_MW for b in inputs.blocks], axis=0)
    heat = np.max([year.heat_factor[b.name] for b in inputs.blocks], axis=0)
    scores = (year.load_MW, year.load_MW / np.maximum(capacity, 1e-6), year.load_MW * heat)
    worst: list[Ids] = []
    for score in scores:
        by_period = score.reshape(-1, length).max(axis=1)
        worst.append(np.argsort(-by_period, kind="stable")[:count])
    return np.unique(np.concatenate(worst))


def _with_singles(cluster: Ids, singles: Ids) -> Ids:
    """Number the clusters anew, with each of ``singles`` alone."""
    cluster = cluster.copy()
    cluster[singles] = cluster.max() + 1 + np.arange(len(singles))
    return np.unique(cluster, return_inverse=True)[1].ravel()


def _day_clusters(features: Array, n_clusters: int, singles: Ids) -> Ids:
    """Cluster the days that are not singletons with tsam (hierarchical, Ward)."""
    n_days = len(features) // 24
    rest = np.setdiff1d(np.arange(n_days), singles)
    cluster = np.zeros(n_days, np.int64)
    if features.shape[1] == 0 or len(rest) <= n_clusters:
        cluster[rest] = np.arange(len(rest)) if len(rest) <= n_clusters else 0
        return cluster
    import pandas as pd
    import tsam

    days = features.reshape(n_days, 24, -1)[rest].reshape(-1, features.shape[1])
    index = pd.date_range("2001-01-01", periods=len(days), freq="h")
    table = pd.DataFrame(days, index=index, columns=[f"f{i}" for i in range(days.shape[1])])
    config = tsam.ClusterConfig(method="hierarchical", representation="mean")
    found = tsam.aggregate(table, n_clusters, period_duration=24, cluster=config, preserve_column_means=False)
    cluster[rest] = np.asarray(found.cluster_assignments, np.int64)
    return cluster


def _hour_clusters(features: Array, weight: Array, n_clusters: int, singles: Ids) -> Ids:
    """Cluster single hours: split the cluster with the greatest spread at its mean, again and again."""
    cluster = np.zeros(len(features), np.int64)
    rest = np.setdiff1d(np.arange(len(features)), singles)
    if features.shape[1] == 0 or not len(rest):
        return cluster
    heap = [_spread(features, weight, rest, 0)]
    for new in range(1, n_clusters):
        worth, _, members, axis = heapq.heappop(heap)
        if worth >= -1e-12:
            break
        values = features[members, axis]
        upper = values > np.average(values, weights=weight[members])
        cluster[members[upper]] = new
        heapq.heappush(heap, _spread(features, weight, members[~upper], 2 * new))
        heapq.heappush(heap, _spread(features, weight, members[upper], 2 * new + 1))
    return cluster


def _spread(
    features: Array, weight: Array, members: Ids, order: int
) -> tuple[float, int, NDArray[np.int64], int]:
    """(−weighted variance of the widest feature, tie-breaker, members, that feature)."""
    x, w = features[members], weight[members][:, None]
    centre = (w * x).sum(axis=0) / w.sum()
    variance = (w * (x - centre) ** 2).sum(axis=0)
    axis = int(np.argmax(variance))
    return -float(variance[axis]), order, members, axis
