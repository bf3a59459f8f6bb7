"""What the DC side must know of a block's dynamics, in one result.

Inertia (`inertia`), overspeed after loss of the load (`overspeed`), ramp rate and least load (`ramping`), starts and
black start (`start_up`). All inputs that are not results of the cycle are graded in `data/block_defaults.json`, nearly
all assumptions: no sCO2 block has been in commercial service long enough to publish them.
"""

from __future__ import annotations

from dataclasses import dataclass

from thermo.inventory.balance import InventorySpec, block_inventory
from thermo.part_load.operating_point import off_design
from thermo.result import CycleResult
from thermo.transients.inertia import Inertia, inertia
from thermo.transients.overspeed import Overspeed, TripSpec, overspeed
from thermo.transients.ramping import (
    LOAD_SWING_BAND_HZ,
    LeastLoad,
    RampRate,
    least_load,
    ramp_rate,
    swing_amplitude,
)
from thermo.transients.start_up import BlackStart, StartUp, black_start, start_up

PART_LOAD = 0.7


@dataclass(frozen=True)
class Dynamics:
    """Dynamic data of a block. `load_swing_credit` is the amplitude with which the block may be credited for load
    swings of 0.1 to 20 Hz: always 0; `load_swing_note` says why. least_load is None where the ambient has no operating
    point."""

    inertia: Inertia
    ramp: RampRate
    least_load: LeastLoad | None
    starts: tuple[StartUp, ...]
    black_start: BlackStart
    overspeed_bypass: Overspeed
    overspeed_no_bypass: Overspeed
    load_swing_credit: float
    load_swing_note: str


def block_dynamics(
    r: CycleResult, inventory_spec: InventorySpec | None = None, trip: TripSpec | None = None, *,
    heater_ramp_1_s: float | None = None, least_heat_frac: float | None = None, T_rest_K: float = 288.15,
) -> Dynamics:  # fmt: skip
    """Dynamic data of a designed block, from its design and two operating points at design ambient.

    Parameters
    ----------
    r : CycleResult
        The designed block.
    inventory_spec, trip : optional
        Vessel and volumes; valves of the trip.
    heater_ramp_1_s, least_heat_frac : float, optional
        Of the heat source: rate [1/s], least heat over rated.
    T_rest_K : float
        Temperature of the surroundings at standstill [K].
    """
    r.require_ok()
    assert r.T_ambient_K is not None
    inv = block_inventory(r, inventory_spec, T_rest_K)
    part = off_design(r, T_ambient_K=r.T_ambient_K, load=PART_LOAD)
    ramp = ramp_rate(r, part, inv.volumes, inv.transfer_kg_s, heater_ramp_1_s)
    starts = tuple(start_up(r, kind, inv.volumes, ramp, T_rest_K) for kind in ("hot", "warm", "cold"))
    f = LOAD_SWING_BAND_HZ[0]
    note = (f"A block is never credited with following load swings of {f:g} to {LOAD_SWING_BAND_HZ[1]:g} Hz: at its ramp "
            f"rate it could follow {swing_amplitude(ramp.ramp_1_s, f):.1%} of its rated power at {f:g} Hz and less above; "
            "its kinetic energy stands behind a rectifier. Buffers on the DC side carry them.")  # fmt: skip
    return Dynamics(
        inertia(r), ramp, least_load(r, r.T_ambient_K, least_heat_frac), starts, black_start(starts[-1]),
        overspeed(r, trip, bypass=True), overspeed(r, trip, bypass=False), 0.0, note,
    )  # fmt: skip
