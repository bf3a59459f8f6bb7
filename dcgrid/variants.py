"""Voltage variants of the DC side, all from the turbine shaft to the 50 V rack bus on the same racks.

800 V              blocks at 800 V, the reference
+-400 V            two poles and an earthed neutral, racks between the poles
380 V              the older telecom level: 2.1 times the current
MV and SST         medium-voltage generators, MV cable, solid-state transformers at the hall, 800 V inside
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dcgrid import cables
from dcgrid.chains import SHAFT, ChainsSpec, _dc_sst, chain_ledgers, default_upstream
from dcgrid.ledger import Ledger
from dcgrid.outcome import NetworkError, Problem
from dcgrid.pod import build_pod
from dcgrid.upstream import upstream_stages

VARIANTS = ("800 V", "+-400 V", "380 V", "MV and SST")


@dataclass(frozen=True)
class Variant:
    """A variant: ledgers at the loads asked for, copper of the DC wires [kg], highest voltage to earth [V], notes."""

    name: str
    ledgers: tuple[Ledger, ...]
    copper_kg: float
    v_to_earth_v: float
    notes: tuple[str, ...]


def _spec(spec: ChainsSpec, name: str) -> ChainsSpec:
    if name == "380 V":
        return replace(spec, v_bus_v=380.0, sidecar_std_type="380/50 V converter")
    return replace(spec, v_bus_v=800.0, bipolar=name == "+-400 V")


def variant(spec: ChainsSpec, name: str, rack_loads_w: Sequence[float]) -> Variant:
    """Solve a variant at several loads of every rack [W].

    Examples
    --------
    >>> s = ChainsSpec(n_racks=8, rack_p_w=132e3, n_blocks=1, block_p_w=1.3e6)
    >>> low, high = (variant(s, v, [132e3]).ledgers[0].loss_fraction for v in ("800 V", "380 V"))
    >>> high > low
    True
    """
    if name not in VARIANTS:
        raise NetworkError([Problem("variant", name, "one of " + ", ".join(VARIANTS))])
    here = _spec(spec, name)
    at_hall = name == "MV and SST"
    copper = cables.copper_kg(build_pod(here.pod("B" if at_hall else "A")))
    if at_hall:
        ledgers = tuple(_mv_sst(here, float(w)) for w in rack_loads_w)
        notes = ("solid-state transformer: claims, one measured prototype", "no MV cable in the copper mass")
        return Variant(name, ledgers, copper, here.v_bus_v, notes)
    found = chain_ledgers(here, "A", "DC from the blocks", rack_loads_w)
    ledgers = tuple(replace(x, name=f"DC {name}") for x in found)
    if here.bipolar:
        notes = (
            "racks between the poles: the neutral carries only what is uneven",
            "neutral of the poles' section",
        )
        return Variant(name, ledgers, copper, 0.5 * here.v_bus_v, notes)
    return Variant(name, ledgers, copper, here.v_bus_v, ())


def _mv_sst(spec: ChainsSpec, rack_load_w: float) -> Ledger:
    ledger = _dc_sst(spec, rack_load_w, "DC, MV and solid-state transformer")
    shared = upstream_stages(default_upstream(spec, ac2=True), ledger.p_in_w)
    return replace(ledger.with_upstream(*shared), start=SHAFT, boundary="turbine shaft to the 50 V rack bus")
