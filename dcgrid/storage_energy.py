"""State of charge of a storage through time: asked power, cut to what its limits of power and energy allow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dcgrid.compile import Array
from dcgrid.outcome import Checker


@dataclass(frozen=True)
class StorageSpec:
    """A storage in time. Energy [Wh] is that inside; powers [W] and efficiencies are at its terminals on the bus.

    e_wh : capacity, default the table's e_wh. soc_* : state of charge, 0 to 1. p_*_max_w : None is no limit.
    shave_above_w : where given and no profile asks for power, the storage delivers what the loads together take above
    this, and charges with what they leave below it.
    """

    e_wh: float | None = None
    soc_start: float = 1.0
    soc_min: float = 0.0
    soc_max: float = 1.0
    p_charge_max_w: float | None = None
    p_discharge_max_w: float | None = None
    eta_charge: float = 1.0
    eta_discharge: float = 1.0
    shave_above_w: float | None = None

    def __post_init__(self) -> None:
        check = Checker("StorageSpec")
        check.number("e_wh", self.e_wh, 0.0, None, "Wh", strict=True, optional=True)
        check.number("soc_min", self.soc_min, 0.0, 1.0)
        check.number("soc_max", self.soc_max, self.soc_min, 1.0)
        check.number("soc_start", self.soc_start, self.soc_min, self.soc_max)
        for field in ("p_charge_max_w", "p_discharge_max_w", "shave_above_w"):
            check.number(field, getattr(self, field), 0.0, None, "W", optional=True)
        for field in ("eta_charge", "eta_discharge"):
            check.number(field, getattr(self, field), 0.0, 1.0, "", strict=True)
        check.done()


@dataclass(frozen=True)
class StorageTrack:
    """What one storage did: terminal power of each step (+ delivers) [W], state of charge at its end, inner loss [Wh]."""

    p_w: Array
    soc: Array
    short_w: Array
    loss_wh: float


def move_storage(spec: StorageSpec, e_wh: float, asked_w: Array, step_h: float) -> StorageTrack:
    """State of charge through time: asked power, cut to the limits of power and energy.

    e' = e + (eta_c p_charge - p_discharge / eta_d) h, with soc_min E <= e <= soc_max E.

    Examples
    --------
    >>> track = move_storage(StorageSpec(soc_start=0.5), 100.0, np.array([30.0, 40.0, -500.0]), 1.0)
    >>> track.p_w.tolist(), track.soc.tolist()
    ([30.0, 20.0, -100.0], [0.2, 0.0, 1.0])
    """
    low, high = spec.soc_min * e_wh, spec.soc_max * e_wh
    most_out = np.inf if spec.p_discharge_max_w is None else spec.p_discharge_max_w
    most_in = np.inf if spec.p_charge_max_w is None else spec.p_charge_max_w
    e, loss = spec.soc_start * e_wh, 0.0
    p, soc = np.zeros(len(asked_w)), np.zeros(len(asked_w))
    for k, wish in enumerate(asked_w.tolist()):
        if wish >= 0.0:
            out = min(wish, most_out, max(0.0, e - low) * spec.eta_discharge / step_h)
            e = max(low, e - out / spec.eta_discharge * step_h)
            loss += out * (1.0 / spec.eta_discharge - 1.0) * step_h
            p[k] = out
        else:
            into = min(-wish, most_in, max(0.0, high - e) / spec.eta_charge / step_h)
            e = min(high, e + into * spec.eta_charge * step_h)
            loss += into * (1.0 - spec.eta_charge) * step_h
            p[k] = -into
        soc[k] = e / e_wh
    return StorageTrack(p, soc, asked_w - p, loss)
