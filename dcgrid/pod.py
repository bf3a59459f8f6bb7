"""The network of a pod: blocks -> block bus -> row feeders -> row busways -> sidecars -> 50 V rack buses.

    block k --(collection cable)-- block bus --(row feeder)-- rack tap 1 -- rack tap 2 -- ...   (row busway)
                                       |                          |
                               cooling, storage               sidecar -> 50 V rack bus -> rack

The block source stands for the rectifier's DC terminals; its droop makes the blocks share the load by rating.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from dcgrid import cables, feeds, std_types
from dcgrid.network import (
    create_bus,
    create_converter,
    create_earthing,
    create_empty_network,
    create_line,
    create_load,
    create_source,
    create_storage,
)
from dcgrid.outcome import Checker
from dcgrid.tables import Network

REDUNDANCY = {"N": 0, "N+1": 1, "2N": -1}
#: Fall of the rack voltage from no load to full load by which two sidecars share: 0.5 V of 50 V (ORv3 high-power rack).
DROOP_SHARE = 0.01
FEEDS = ("N", "N+1", "2N", "block_redundant")


@dataclass(frozen=True)
class PodSpec:
    """A pod in numbers. Lengths [m], powers [W], voltages [V]; fractions of nominal.

    n_blocks x block_p_w : power blocks and the rated DC power of each.
    n_racks x rack_p_w : racks and the design power of each, which sizes cables and sidecars.
    rack_load_w : present power of each rack, default rack_p_w.
    block_droop_frac : fall of a block's voltage from no load to rated load; its no-load voltage is v_bus_v times
        (1 + block_droop_frac), so that it gives v_bus_v at rated load.
    *_std_type, *_parallel : None chooses by ampacity and voltage drop (`cables.select`).
    busway_length_per_rack_m : distance between two racks' taps.
    sidecar_module_w, sidecar_redundancy : modules for the rack's design power, plus "N", "N+1" or "2N".
    sidecar_v_in_min_v, sidecar_v_in_max_v : input window of the sidecars, where known.
    bipolar : v_bus_v is pole to pole, every 800 V bus has a neutral, earthed at the block bus; rack_between says where the
        racks hang: "pos-neg", or "alternate" (from pole to neutral, rack by rack).
    feed : how a row is fed ("N", "N+1", "2N", "block_redundant": see `feeds`). feeders_per_row : for "N+1", those that
        carry the row; one more is laid. reserve_blocks : for "block_redundant", on the catcher bus, beside n_blocks.
    cooling_p_w : cooling and auxiliaries fed from the block bus; standby_p_w : standby of buffers there.
    storage_p_w : + delivers; None means no storage.
    """

    n_blocks: int
    block_p_w: float
    n_racks: int
    rack_p_w: float
    rack_load_w: float | None = None
    racks_per_row: int = 8
    v_bus_v: float = 800.0
    v_rack_v: float = 50.0
    block_droop_frac: float = 0.02
    collection_length_m: float = 80.0
    collection_std_type: str | None = None
    collection_parallel: int | None = None
    collection_drop_max_frac: float = 0.01
    conductor_material: str = "Cu"
    row_feeder_length_m: float = 40.0
    row_feeder_std_type: str | None = None
    row_feeder_parallel: int | None = None
    row_feeder_drop_max_frac: float = 0.01
    row_busway_std_type: str | None = None
    row_busway_parallel: int | None = None
    row_busway_drop_max_frac: float = 0.01
    busway_length_per_rack_m: float = 1.2
    t_conductor_degC: float = std_types.T_CONDUCTOR_degC
    cable_derating: float = cables.GROUPING_FACTOR
    sidecar_std_type: str = "800/50 V sidecar"
    sidecar_module_w: float = 33e3
    sidecar_redundancy: str = "N+1"
    sidecar_staging: str = "all_on"
    sidecar_droop_ohm: float = 0.0
    cooling_p_w: float = 0.0
    standby_p_w: float = 0.0
    storage_p_w: float | None = None
    sidecar_v_in_min_v: float | None = None
    sidecar_v_in_max_v: float | None = None
    feed: str = "N"
    feeders_per_row: int = 2
    reserve_blocks: int = 1
    bipolar: bool = False
    rack_between: str = "pos-neg"

    def __post_init__(self) -> None:
        check = Checker("PodSpec")
        for field in ("n_blocks", "n_racks", "racks_per_row", "feeders_per_row", "reserve_blocks"):
            check.whole(field, getattr(self, field), 1)
        for field in ("block_p_w", "rack_p_w", "sidecar_module_w"):
            check.number(field, getattr(self, field), 0.0, None, "W", strict=True)
        check.number("rack_load_w", self.rack_load_w, 0.0, None, "W", optional=True)
        check.number("cooling_p_w", self.cooling_p_w, 0.0, None, "W")
        check.number("standby_p_w", self.standby_p_w, 0.0, None, "W")
        check.number("storage_p_w", self.storage_p_w, None, None, "W", optional=True)
        for field in ("v_bus_v", "v_rack_v"):
            check.number(field, getattr(self, field), 0.0, None, "V", strict=True)
        check.number("block_droop_frac", self.block_droop_frac, 0.0, 0.2)
        for field in ("collection_length_m", "row_feeder_length_m", "busway_length_per_rack_m"):
            check.number(field, getattr(self, field), 0.0, None, "m", strict=True)
        for field in ("collection", "row_feeder", "row_busway"):
            check.number(f"{field}_drop_max_frac", getattr(self, f"{field}_drop_max_frac"), 1e-4, 0.2)
            if getattr(self, f"{field}_std_type") is not None:
                check.choice(
                    f"{field}_std_type", getattr(self, f"{field}_std_type"), tuple(std_types.conductors())
                )
            if getattr(self, f"{field}_parallel") is not None:
                check.whole(f"{field}_parallel", getattr(self, f"{field}_parallel"), 1)
        check.choice("conductor_material", self.conductor_material, ("Cu", "Al"))
        check.choice("feed", self.feed, FEEDS)
        check.choice("rack_between", self.rack_between, ("pos-neg", "alternate"))
        if self.feed == "2N" and self.n_blocks == 1:
            check.add("n_blocks", 1, "at least 2 for a 2N feed", "one block bus for each side")
        for field in ("sidecar_v_in_min_v", "sidecar_v_in_max_v"):
            check.number(field, getattr(self, field), 0.0, None, "V", strict=True, optional=True)
        check.choice("sidecar_std_type", self.sidecar_std_type, tuple(std_types.converters()))
        check.choice("sidecar_redundancy", self.sidecar_redundancy, tuple(REDUNDANCY))
        check.choice("sidecar_staging", self.sidecar_staging, ("all_on", "optimal"))
        if self.n_blocks > 1 and self.block_droop_frac == 0.0:
            check.add("block_droop_frac", 0.0, "above 0 for several blocks", "0.02 shares the load by rating")
        check.done()

    @property
    def poles(self) -> str | None:
        """Terminals of a load between the poles; None on a monopolar bus."""
        return "pos-neg" if self.bipolar else None

    @property
    def n_rows(self) -> int:
        return math.ceil(self.n_racks / self.racks_per_row)

    @property
    def sidecar_modules(self) -> int:
        """Modules of one rack's sidecar after redundancy."""
        return modules(self.rack_p_w, self.sidecar_module_w, self.sidecar_redundancy)


def add_bus(net: Network, spec: PodSpec, name: str) -> int:
    """A bus of the pod's collection level: monopolar, or bipolar with `v_bus_v` between its poles."""
    if spec.bipolar:
        return create_bus(net, 0.5 * spec.v_bus_v, name, kind="bipolar")
    return create_bus(net, spec.v_bus_v, name)


def modules(p_w: float, module_w: float, redundancy: str) -> int:
    """Equal modules for `p_w` [W] after redundancy: N, N+1 or 2N.

    Examples
    --------
    >>> modules(132e3, 33e3, "N+1"), modules(132e3, 33e3, "2N")
    (5, 8)
    """
    needed = max(1, math.ceil(p_w / module_w - 1e-9))
    extra = REDUNDANCY[redundancy]
    return needed * 2 if extra < 0 else needed + extra


def _choose(
    spec: PodSpec, part: str, i_a: float, length_m: float, kind: tuple[str, ...], spread: bool
) -> tuple[str, int, float]:
    """Conductor, parallel count and derating of one part of the pod."""
    std_type, parallel = getattr(spec, f"{part}_std_type"), getattr(spec, f"{part}_parallel")
    bars = std_type is not None and std_types.conductor(std_type).kind not in std_types.CABLES
    derating = 1.0 if bars or kind != ("cable",) else spec.cable_derating
    if std_type is not None and parallel is not None:
        return std_type, parallel, derating
    chosen = cables.select(
        i_a,
        spec.v_bus_v,
        length_m,
        getattr(spec, f"{part}_drop_max_frac"),
        kind=kind,
        material=spec.conductor_material if kind == ("cable",) else None,
        derating=derating,
        t_conductor_degC=spec.t_conductor_degC,
        drop_length_m=0.5 * length_m if spread else None,
        std_type=std_type,
    )
    return chosen.std_type, parallel or chosen.parallel, derating


def _add_blocks(net: Network, spec: PodSpec, name: str, hub: int, numbers: range) -> None:
    i_block = spec.block_p_w / spec.v_bus_v
    std_type, n, derating = _choose(spec, "collection", i_block, spec.collection_length_m, ("cable",), False)
    droop = spec.block_droop_frac * spec.v_bus_v / i_block
    v_open = spec.v_bus_v * (1.0 + spec.block_droop_frac)
    for k in numbers:
        bus = add_bus(net, spec, f"{name} / block {k}")
        for half in ("pos-neutral", "neutral-neg") if spec.bipolar else (None,):
            part = 0.5 if half else 1.0
            create_source(
                net, bus, part * v_open, part * droop, f"{name} / block {k}" + (f" {half}" if half else ""),
                p_max_w=part * spec.block_p_w, role="block", between=half,
            )  # fmt: skip
        create_line(
            net, bus, hub, spec.collection_length_m, std_type, n, f"{name} / collection cable {k}",
            t_conductor_degC=spec.t_conductor_degC, derating=derating, role="collection cable",
        )  # fmt: skip


def _add_rack(net: Network, spec: PodSpec, name: str, taps: tuple[int, ...], number: int) -> None:
    """Rack bus, its sidecar (one for each tap: two carry N modules each and share by droop) and its load."""
    bus = create_bus(net, spec.v_rack_v, name)
    two = len(taps) > 1
    hang = "pos-neg" if spec.rack_between == "pos-neg" else ("pos-neutral", "neutral-neg")[number % 2]
    between = hang if spec.bipolar else None
    n = modules(spec.rack_p_w, spec.sidecar_module_w, "N") if two else spec.sidecar_modules
    droop = spec.sidecar_droop_ohm or (DROOP_SHARE * spec.v_rack_v**2 / spec.rack_p_w if two else 0.0)
    for side, tap in zip("AB" if two else " ", taps, strict=True):
        create_converter(
            net, tap, bus, spec.v_rack_v, spec.sidecar_module_w, n, spec.sidecar_std_type, droop,
            f"{name} sidecar {side}".strip(), staging=spec.sidecar_staging, role="sidecar",
            v_in_min_v=spec.sidecar_v_in_min_v, v_in_max_v=spec.sidecar_v_in_max_v, from_between=between,
        )  # fmt: skip
    load = spec.rack_p_w if spec.rack_load_w is None else spec.rack_load_w
    create_load(net, bus, load, name=name, role="rack")


def _row_wires(spec: PodSpec) -> tuple[tuple[str, int, float], tuple[str, int, float]]:
    """Conductor, parallel count and derating of a row's feeder and of its busway."""
    full = min(spec.racks_per_row, spec.n_racks)
    # sidecar and line losses raise the current by about 3 %
    i_row = full * spec.rack_p_w / (spec.v_bus_v * 0.97)
    each = i_row / (spec.feeders_per_row if spec.feed == "N+1" else 1)
    feeder = _choose(spec, "row_feeder", each, spec.row_feeder_length_m, ("cable",), False)
    length = full * spec.busway_length_per_rack_m
    return feeder, _choose(spec, "row_busway", i_row, length, ("busway", "busbar"), True)


def _add_rows(net: Network, spec: PodSpec, name: str, hubs: tuple[int, ...]) -> None:
    """Rows on one block bus, on two (2N), or on one with a catcher bus behind it (block_redundant)."""
    feeder, busway = _row_wires(spec)
    sides = ("A", "B") if spec.feed == "2N" else ("",)
    for row in range(spec.n_rows):
        here = f"{name} / row {row + 1}"
        at = [
            feeds.add_feeders(net, spec, f"{here} {side}".strip(), hubs, k, feeder)
            for k, side in enumerate(sides)
        ]
        for rack in range(row * spec.racks_per_row, min((row + 1) * spec.racks_per_row, spec.n_racks)):
            label = f"{here} / rack {rack - row * spec.racks_per_row + 1}"
            for k, side in enumerate(sides):
                tap = add_bus(net, spec, f"{label} tap {side}".strip())
                create_line(
                    net, at[k], tap, spec.busway_length_per_rack_m, busway[0], busway[1],
                    f"{label} busway {side}".strip(), t_conductor_degC=spec.t_conductor_degC, derating=busway[2],
                    role="row busway",
                )  # fmt: skip
                at[k] = tap
            _add_rack(net, spec, label, tuple(at), rack)


def _add_sides(net: Network, spec: PodSpec, name: str) -> tuple[int, ...]:
    """Block buses with their blocks, cooling and buffer; the catcher bus comes last."""
    n = spec.n_blocks
    if spec.feed == "2N":
        parts = {"block bus A": range(1, n // 2 + 1), "block bus B": range(n // 2 + 1, n + 1)}
    else:
        parts = {"block bus": range(1, n + 1)}
    if spec.feed == "block_redundant":
        parts["catcher bus"] = range(n + 1, n + spec.reserve_blocks + 1)
    hubs = []
    loaded = [bus for bus in parts if bus != "catcher bus"]
    for bus, numbers in parts.items():
        hub = add_bus(net, spec, f"{name} / {bus}")
        if spec.bipolar:
            create_earthing(net, hub, 0.0, f"{name} / {bus} earthing")
        hubs.append(hub)
        _add_blocks(net, spec, name, hub, numbers)
        if bus not in loaded:
            continue
        share, end = 1.0 / len(loaded), bus.removeprefix("block bus")
        for role, p_w in (("cooling", spec.cooling_p_w), ("buffer standby", spec.standby_p_w)):
            if p_w:
                create_load(
                    net, hub, share * p_w, name=f"{name} / {role}{end}", role=role, between=spec.poles
                )
        if spec.storage_p_w is not None:
            create_storage(
                net,
                hub,
                share * spec.storage_p_w,
                name=f"{name} / buffer{end}",
                role="buffer",
                between=spec.poles,
            )
    return tuple(hubs)


def build_pod(spec: PodSpec, net: Network | None = None, name: str = "pod 1") -> Network:
    """Add a pod to `net` (or to a new network) and return it; names are "pod 1 / row 3 / rack 7".

    Examples
    --------
    >>> import dcgrid
    >>> net = build_pod(PodSpec(n_blocks=2, block_p_w=1e6, n_racks=12, rack_p_w=132e3))
    >>> dcgrid.run(net).outcome.name
    'OK'
    """
    net = create_empty_network(name) if net is None else net
    _add_rows(net, spec, name, _add_sides(net, spec, name))
    return net
