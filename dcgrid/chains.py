"""All chains on the same racks, for the two comparisons that are never mixed.

    A, same blocks, from the turbine shaft:
        DC   PM generator -> rectifier -> 800 V collection -> row feeder -> busway -> sidecar -> 50 V
        AC1  PM generator -> rectifier -> inverter -> step-up -> MV -> MV/LV -> {UPS option} -> PSU -> 50 V
        AC2  gearbox -> synchronous generator -> MV -> the same
    B, same MV grid, from its terminals:
        DC   MV cable -> MV/LV transformer -> rectifier -> 800 V, or MV cable -> solid-state transformer -> 800 V
        AC   MV cable -> MV/LV transformer -> {UPS option} -> PSU -> 50 V

Held equal by construction: racks, loads, distance, conductor rule, redundancy of supplies and sidecars, autonomy (a
buffer's standby on both sides), fans, and the cooling that removes the losses in the hall.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from dcgrid import ac_network, std_types
from dcgrid.ac_chain import (
    STANDBY,
    UPS_CURVES,
    AcChainSpec,
    ac_loss_curve,
    network_stages,
)
from dcgrid.comparison import Comparison, compare_year
from dcgrid.ledger import Ledger, Stage, ledger_from_network, stage_from_curve
from dcgrid.loss_curves import loss_w
from dcgrid.outcome import Checker, NetworkError, Problem, RunError
from dcgrid.pod import REDUNDANCY, PodSpec, build_pod, modules
from dcgrid.power_flow import run
from dcgrid.tables import Network
from dcgrid.upstream import UpstreamStage, upstream_stages

SHAFT, GRID = "turbine shaft", "MV grid terminals"
COOLING, STANDBY_DC = "cooling of losses", "buffer standby"
SST = "MV/800 V solid-state transformer"
IBC, REGULATOR, NATIVE = "48/12 V bus converter", "12/0.8 V regulator", "800/12 V converter"

#: DC chains of each comparison.
DC_CHAINS = {
    "A": ("DC from the blocks",),
    "B": ("DC, transformer and rectifier", "DC, solid-state transformer"),
}
_UPS_WORDS = {
    "double_conversion_legacy": "legacy double conversion",
    "double_conversion_modern": "modern UPS 415 V",
    "eco_mode": "eco-mode UPS",
    "rack_batteries": "rack batteries, no UPS",
}


@dataclass(frozen=True)
class ChainsSpec:
    """What all chains share. Powers [W], lengths [m], voltages [V].

    distance_m : from the blocks (or the grid's terminals) to the hall: MV cable or 800 V collection.
    feeder_m, rack_pitch_m : from the main board to a row, and from rack to rack.
    redundancy : of the rack's supply modules and sidecar modules alike. ups_redundancy, transformer_redundancy : of the
        AC chain and, in B, of the transformer and the 800 V rectifiers in the same way.
    cooling_per_W : power that removes a watt of heat from the hall [W/W]; of the racks' heat it is the same for all.
    buffer_standby : count the zero-load loss of a battery converter of the racks' power where there is no UPS.
    bipolar : the DC side between two poles and an earthed neutral, v_bus_v from pole to pole.
    native_800 : racks take 800 V and end at 12 V: the DC side has one converter to 12 V, the AC side power shelf and 12 V
        converter, and both are compared at 12 V.
    rectifier_std_type : of comparison B; the default is the only one of a cited efficiency.
    upstream, upstream_ac2 : from the shaft to the terminals in A; None takes the shipped generator, rectifier, gearbox.
    """

    n_racks: int
    rack_p_w: float
    n_blocks: int
    block_p_w: float
    racks_per_row: int = 8
    distance_m: float = 80.0
    feeder_m: float = 40.0
    rack_pitch_m: float = 1.2
    drop_max_frac: float = 0.01
    conductor_material: str = "Cu"
    v_bus_v: float = 800.0
    v_mv_v: float = 13.8e3
    module_w: float = 33e3
    redundancy: str = "N+1"
    ups_redundancy: str = "N+1"
    transformer_redundancy: str = "N"
    sidecar_std_type: str = "800/50 V sidecar with fans"
    rectifier_std_type: str = "800 V rectifier, cited 97 %"
    cooling_per_W: float = 0.08
    buffer_standby: bool = True
    native_800: bool = False
    bipolar: bool = False
    upstream: tuple[UpstreamStage, ...] | None = None
    upstream_ac2: tuple[UpstreamStage, ...] | None = None

    def __post_init__(self) -> None:
        check = Checker("ChainsSpec")
        check.number("cooling_per_W", self.cooling_per_W, 0.0, 1.0, "W/W")
        check.choice("redundancy", self.redundancy, tuple(REDUNDANCY))
        check.choice("ups_redundancy", self.ups_redundancy, tuple(REDUNDANCY))
        check.choice("transformer_redundancy", self.transformer_redundancy, ("N", "2N"))
        check.choice("sidecar_std_type", self.sidecar_std_type, tuple(std_types.converters()))
        check.choice("rectifier_std_type", self.rectifier_std_type, tuple(std_types.converters()))
        check.done()
        self.pod("A")
        self.ac("inverter", "rack_batteries")

    @property
    def rack_converter(self) -> str:
        """Converter in the rack or sidecar on the DC side."""
        return NATIVE if self.native_800 else self.sidecar_std_type

    @property
    def end(self) -> str:
        """Where all chains of this spec end."""
        return "12 V rack bus" if self.native_800 else "50 V rack bus"

    def shelf_load_w(self, rack_load_w: float) -> float:
        """What the power shelf of an AC-fed rack delivers for `rack_load_w` [W] at the end of the chain."""
        if not self.native_800:
            return rack_load_w
        return rack_load_w + loss_w(std_types.converter(IBC).loss_curve, rack_load_w, self.rack_p_w)

    @property
    def standby_w(self) -> float:
        """Standby of the buffer that stands in for a UPS [W]."""
        zero = std_types.converter("battery DC/DC").loss_curve[0][1]
        return zero * self.n_racks * self.rack_p_w if self.buffer_standby else 0.0

    def pod(self, comparison: str) -> PodSpec:
        """The DC network: blocks in A, rectifier units at the hall in B."""
        at_hall = comparison == "B"
        units = math.ceil(1.1 * self.n_racks * self.rack_p_w / 2e6) if at_hall else self.n_blocks
        return PodSpec(
            n_blocks=units, block_p_w=2e6 if at_hall else self.block_p_w, n_racks=self.n_racks, rack_p_w=self.rack_p_w,
            racks_per_row=self.racks_per_row, v_bus_v=self.v_bus_v, conductor_material=self.conductor_material,
            collection_length_m=0.25 * self.feeder_m if at_hall else self.distance_m,
            row_feeder_length_m=(0.75 if at_hall else 1.0) * self.feeder_m,
            busway_length_per_rack_m=self.rack_pitch_m, collection_drop_max_frac=self.drop_max_frac,
            row_feeder_drop_max_frac=self.drop_max_frac, row_busway_drop_max_frac=self.drop_max_frac,
            sidecar_std_type=self.rack_converter, v_rack_v=12.0 if self.native_800 else 50.0,
            sidecar_module_w=self.module_w, sidecar_redundancy=self.redundancy, bipolar=self.bipolar,
        )  # fmt: skip

    def ac(self, feed: str, ups: str) -> AcChainSpec:
        """An AC chain on the same racks."""
        standby = self.standby_w / self.n_racks if ups == "rack_batteries" else 0.0
        shelf = self.shelf_load_w(self.rack_p_w)
        full = self.n_racks * shelf
        return AcChainSpec(
            n_racks=self.n_racks, rack_p_w=shelf, n_blocks=self.n_blocks, block_p_w=self.block_p_w,
            racks_per_row=self.racks_per_row, feed=feed, ups=ups, ups_redundancy=self.ups_redundancy,
            psu_module_w=self.module_w, psu_redundancy=self.redundancy, v_mv_v=self.v_mv_v,
            mv_length_m=self.distance_m, lv_length_to_ups_m=0.25 * self.feeder_m,
            lv_length_m=0.75 * self.feeder_m + 0.5 * self.racks_per_row * self.rack_pitch_m,
            lv_drop_max_frac=self.drop_max_frac, conductor_material=self.conductor_material,
            transformer_redundancy=self.transformer_redundancy, cooling_p_w=1.15 * self.cooling_per_W * full,
            rack_standby_w=standby,
        )  # fmt: skip


def default_upstream(spec: ChainsSpec, ac2: bool = False) -> tuple[UpstreamStage, ...]:
    """From the shaft: PM generator and rectifier, or gearbox and synchronous generator (AC2), one set for each block."""
    given = spec.upstream_ac2 if ac2 else spec.upstream
    if given is not None:
        return given
    rated, n = 1.1 * spec.block_p_w, spec.n_blocks
    first, second = (
        ("gearbox", "synchronous generator") if ac2 else ("PM generator", "800 V active rectifier")
    )
    names = ("gearbox", "generator") if ac2 else ("generator", "rectifier")
    return tuple(
        UpstreamStage(name, std_type=kind, p_rated_w=rated, n_modules=n)
        for name, kind in zip(names, (first, second), strict=True)
    )


def tails(spec: ChainsSpec, rack_load_w: float) -> tuple[Stage, ...]:
    """What follows the end of all chains: 12 V and the chip's regulator; shown, not counted.

    The regulator's output is what makes the rack take `rack_load_w` [W] at the end of the chain.
    """
    from scipy.optimize import brentq

    stages, p_w = [], spec.n_racks * rack_load_w
    rated = spec.n_racks * spec.rack_p_w
    rest = (("12 V bus converter", IBC), ("chip regulator", REGULATOR))
    for name, kind in rest[1:] if spec.native_800 else rest:
        c = std_types.converter(kind)

        def surplus(out: float, curve: Sequence[Sequence[float]] = c.loss_curve, given: float = p_w) -> float:
            return given - out - loss_w(curve, out, rated)

        out = float(brentq(surplus, 0.0, p_w)) if surplus(0.0) > 0.0 else 0.0
        stages.append(Stage(name, p_w, out, p_w - out, None, c.source, c.grade, c.kind, key=kind, tail=True))
        p_w = out
    return tuple(stages)


def _sidecar_loss(spec: ChainsSpec, rack_load_w: float) -> float:
    n = spec.n_racks * modules(spec.rack_p_w, spec.module_w, spec.redundancy)
    return stage_from_curve(
        "sidecar", spec.n_racks * rack_load_w, spec.sidecar_std_type, spec.module_w, n
    ).loss_w


@lru_cache(maxsize=8)
def _pod_network(pod: PodSpec) -> Network:
    """A pod's network, built once: only the powers of its loads change from level to level."""
    return build_pod(pod)


def _solved_pod(spec: ChainsSpec, comparison: str, rack_load_w: float, side_w: float, name: str) -> Ledger:
    net = _pod_network(replace(spec.pod(comparison), rack_load_w=spec.rack_p_w, cooling_p_w=1.0))
    net.load["p_w"] = [side_w if role == "cooling" else rack_load_w for role in net.column("load", "role")]
    run(net).require_ok()
    return ledger_from_network(net, name)


def _dc_from_blocks(spec: ChainsSpec, rack_load_w: float, name: str) -> Ledger:
    """A-DC: the solved 800 V network behind the blocks' generators and rectifiers."""
    lost = spec.cooling_per_W * (_sidecar_loss(spec, rack_load_w) + spec.standby_w)
    side = spec.cooling_per_W * spec.n_racks * rack_load_w + lost + spec.standby_w
    ledger = _solved_pod(spec, "A", rack_load_w, side, name).split_side(
        {COOLING: lost, STANDBY_DC: spec.standby_w}
    )
    shared = upstream_stages(default_upstream(spec), ledger.p_in_w)
    return replace(ledger.with_upstream(*shared), boundary=f"{SHAFT} to the {spec.end}", start=SHAFT)


def _rectifiers(spec: ChainsSpec) -> tuple[int, float]:
    """Modules of 1 MW for the racks' power, with the redundancy of the UPS, and their rating."""
    needed = math.ceil(1.06 * spec.n_racks * spec.rack_p_w / 1e6 - 1e-9)
    extra = math.ceil(needed / 4) if spec.ups_redundancy == "N+1" else 0
    return (2 * needed if spec.ups_redundancy == "2N" else needed + extra), 1e6


def _mv_side(spec: ChainsSpec, p_w: float, aux_w: float, transformer: bool) -> list[Stage]:
    """MV cable (and transformer) by pandapower, racks' side first, for a load and the cooling beside it [W]."""
    ac = spec.ac("grid", "rack_batteries")
    design = 1.06 * spec.n_racks * spec.rack_p_w + ac.cooling_p_w
    part = ac_network.grid_part(ac, design, transformer)
    solution = ac_network.solve_part(part, p_w, aux_w, ac.power_factor)
    if solution is None:
        raise RunError(
            "pandapower finds no operating point for the MV cable and transformers of comparison B"
        )
    return network_stages(part, solution, p_w, aux_w)


def _dc_transformer(spec: ChainsSpec, rack_load_w: float, name: str) -> Ledger:
    """B-DC with transformer and rectifier: the cooling is fed from the LV main board, as in the AC chains."""
    inner = _solved_pod(spec, "B", rack_load_w, spec.standby_w, name).split_side({STANDBY_DC: spec.standby_w})
    n, rated = _rectifiers(spec)
    rectifier = stage_from_curve("rectifier", inner.p_in_w, spec.rectifier_std_type, rated, n)
    hall = _sidecar_loss(spec, rack_load_w) + spec.standby_w + rectifier.loss_w
    lost = spec.cooling_per_W * hall
    aux = spec.cooling_per_W * spec.n_racks * rack_load_w + lost
    outer = _mv_side(spec, rectifier.p_in_w, aux, True)
    ledger = Ledger(name, f"{GRID} to the {spec.end}", (*reversed(outer), rectifier, *inner.stages), GRID)
    return ledger.split_side({COOLING: lost})


def _dc_sst(spec: ChainsSpec, rack_load_w: float, name: str) -> Ledger:
    """B-DC with solid-state transformers; the cooling is fed at 800 V, so its power and theirs are found together."""
    n = math.ceil(1.06 * spec.n_racks * spec.rack_p_w * (1.0 + spec.cooling_per_W) / (0.8 * 2.5e6) - 1e-9)
    n *= 2 if spec.transformer_redundancy == "2N" else 1
    base, sst_loss = _sidecar_loss(spec, rack_load_w) + spec.standby_w, 0.0
    for _ in range(12):
        lost = spec.cooling_per_W * (base + sst_loss)
        side = spec.cooling_per_W * spec.n_racks * rack_load_w + lost + spec.standby_w
        inner = _solved_pod(spec, "B", rack_load_w, side, name)
        stage = stage_from_curve("solid-state transformer", inner.p_in_w, SST, 2.5e6, n)
        done = abs(stage.loss_w - sst_loss) <= 1e-9 * inner.p_in_w
        sst_loss = stage.loss_w
        if done:
            break
    inner = inner.split_side({COOLING: lost, STANDBY_DC: spec.standby_w})
    outer = _mv_side(spec, stage.p_in_w, 0.0, False)
    return Ledger(name, f"{GRID} to the {spec.end}", (*reversed(outer), stage, *inner.stages), GRID)


def ac_chains(comparison: str) -> dict[str, tuple[str, str]]:
    """Name -> (feed, UPS option) of the AC chains of a comparison.

    Examples
    --------
    >>> list(ac_chains("B"))[-1]
    'AC from the grid, rack batteries, no UPS'
    """
    feeds = {
        "A": (("AC1 via inverter", "inverter"), ("AC2 from generator", "generator")),
        "B": (("AC from the grid", "grid"),),
    }
    if comparison not in feeds:
        raise NetworkError([Problem("comparison", comparison, "A (same blocks) or B (same MV grid)")])
    return {f"{name}, {_UPS_WORDS[u]}": (feed, u) for name, feed in feeds[comparison] for u in UPS_CURVES}


def _ac_ledgers(
    spec: ChainsSpec, name: str, feed: str, ups: str, loads: Sequence[float]
) -> tuple[Ledger, ...]:
    per_w = spec.cooling_per_W * spec.n_racks
    shelf = [spec.shelf_load_w(w) for w in loads]
    found = ac_loss_curve(
        replace(spec.ac(feed, ups), name=name), shelf, [per_w * w for w in shelf], spec.cooling_per_W
    )
    out = []
    for result, load in zip(found.results, loads, strict=True):
        ledger = result.require_ok().ledger
        assert ledger is not None
        if spec.native_800:
            rated = spec.n_racks * spec.rack_p_w
            last = stage_from_curve("12 V bus converter", spec.n_racks * load, IBC, rated, 1)
            ledger = replace(ledger, stages=(*ledger.stages, last))
        ledger = ledger.split_side({COOLING: ledger.p_side_w - per_w * load})
        if feed != "grid":
            ledger = ledger.with_upstream(
                *upstream_stages(default_upstream(spec, feed == "generator"), ledger.p_in_w)
            )
        start = GRID if feed == "grid" else SHAFT
        out.append(replace(ledger, start=start, boundary=f"{start} to the {spec.end}"))
    return tuple(out)


def chain_ledgers(
    spec: ChainsSpec, comparison: str, chain: str, rack_loads_w: Sequence[float]
) -> tuple[Ledger, ...]:
    """Ledgers of one chain at several loads of every rack [W]; `chain` as in `chain_names`.

    Raises
    ------
    RunError
        Where a load has no operating point.
    """
    names = chain_names(comparison)
    if chain not in names:
        raise NetworkError([Problem("chain", chain, "one of " + ", ".join(names))])
    dc = {
        "DC from the blocks": _dc_from_blocks,
        "DC, transformer and rectifier": _dc_transformer,
        "DC, solid-state transformer": _dc_sst,
    }
    if chain in dc:
        found = tuple(dc[chain](spec, float(w), chain) for w in rack_loads_w)
    else:
        found = _ac_ledgers(spec, chain, *ac_chains(comparison)[chain], [float(w) for w in rack_loads_w])
    mark = " (12 V)" if spec.native_800 else ""
    return tuple(
        replace(x, tails=tails(spec, float(w)), start=x.start + mark)
        for x, w in zip(found, rack_loads_w, strict=True)
    )


def chain_names(comparison: str) -> tuple[str, ...]:
    """All chains of comparison "A" or "B", DC first."""
    ac = tuple(ac_chains(comparison))
    return (*DC_CHAINS[comparison], *ac)


def compare_chains(
    spec: ChainsSpec,
    comparison: str,
    rack_loads_w: Sequence[float],
    hours_h: Sequence[float],
    price_USD_MWh: float | None = None,
    chains: Sequence[str] | None = None,
    seed: int = 0,
) -> tuple[Comparison, ...]:
    """Each DC chain against each AC chain of a comparison, over the load levels and their hours.

    `chains` picks from `chain_names`; all by default.
    """
    names = chain_names(comparison)
    for chain in chains or ():
        if chain not in names:
            raise NetworkError([Problem("chains", chain, "one of " + ", ".join(names))])
    solved = {
        c: chain_ledgers(spec, comparison, c, rack_loads_w) for c in names if chains is None or c in chains
    }
    dc = [c for c in solved if c in DC_CHAINS[comparison]]
    return tuple(
        compare_year(solved[d], solved[a], hours_h, price_USD_MWh, seed=seed)
        for d in dc
        for a in solved
        if a not in dc
    )


__all__ = [
    "STANDBY",
    "ChainsSpec",
    "ac_chains",
    "chain_ledgers",
    "chain_names",
    "compare_chains",
    "default_upstream",
    "tails",
]
