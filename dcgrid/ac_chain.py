"""The AC chain on the same racks: comparison A, from the turbine shaft to the regulated 50 V rack bus.

    generator -> rectifier -> | inverter -> step-up -> MV cable -> MV/LV -> UPS -> PDU -> LV feeders -> PSU -> 50 V

Left of the bar is `upstream`, the same in both chains; right of it is this file.

The network parts are solved by pandapower (three-phase, r and x, transformers with iron and copper loss), the
converters between them by their loss curves at the real load of each module after redundancy.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dcgrid import ac_network, std_types
from dcgrid.ac_network import Part, PartSolution
from dcgrid.ledger import Ledger, Stage, stage_from_curve
from dcgrid.outcome import Checker, Outcome, RunError
from dcgrid.pod import REDUNDANCY, modules
from dcgrid.upstream import UpstreamStage, upstream_stages

#: UPS option -> curve; None is no UPS at all (batteries in the racks).
UPS_CURVES: dict[str, str | None] = {
    "double_conversion_legacy": "UPS double conversion, legacy",
    "double_conversion_modern": "UPS double conversion, modern",
    "eco_mode": "UPS eco-mode",
    "rack_batteries": None,
}

#: Where the chain begins, by its feed.
TERMINALS = {
    "inverter": "800 V DC terminals of the blocks",
    "generator": "MV terminals of the generators",
    "grid": "MV terminals of the grid",
}


@dataclass(frozen=True)
class AcChainSpec:
    """The AC chain in numbers. Lengths [m], powers [W], voltages [V].

    n_racks x rack_p_w : racks and their design power (sizes everything); rack_load_w the present power of each.
    n_blocks x block_p_w : power blocks; one inverter set and one step-up transformer each.
    feed : "inverter" (chain A-AC1: the blocks' DC through inverters and step-up transformers), "generator" (chain
        A-AC2: synchronous generators wound for the medium voltage; the ledger then begins at their terminals) or
        "grid" (comparison B: the ledger begins at the MV terminals of the grid; n_blocks counts the MV feeders).
    ups : double_conversion_legacy, double_conversion_modern, eco_mode or rack_batteries (no UPS).
    ups_redundancy : N, N+1 (one more in every group of `ups_group`) or 2N; module load follows from it.
    pdu_transformer : None means yes for the legacy chain only.
    psu_module_w, psu_redundancy : power shelves of one rack, as the sidecar modules on the DC side.
    rack_standby_w : standby of one rack's battery, from its power shelves (for the rack_batteries option).
    cooling_p_w : fed from the LV main board, before the UPS, as the DC side feeds it from the block bus.
    upstream : generator and rectifier, shared with the DC chain.
    """

    n_racks: int
    rack_p_w: float
    n_blocks: int
    block_p_w: float
    rack_load_w: float | None = None
    racks_per_row: int = 8
    feed: str = "inverter"
    ups: str = "double_conversion_modern"
    ups_redundancy: str = "N+1"
    ups_module_w: float = 1250e3
    ups_group: int = 4
    pdu_transformer: bool | None = None
    psu_std_type: str = "ORv3 PSU 3 kW"
    psu_module_w: float = 33e3
    psu_redundancy: str = "N+1"
    inverter_std_type: str = "800 V inverter"
    inverter_module_w: float = 1e6
    v_inverter_v: float = 480.0
    v_inverter_pu: float = 1.02
    v_mv_v: float = 13.8e3
    v_lv_v: float = 415.0
    mv_length_m: float = 80.0
    mv_std_type: str = "NA2XS2Y 1x240 RM/25 12/20 kV"
    lv_length_to_ups_m: float = 15.0
    lv_length_m: float = 45.0
    lv_drop_max_frac: float = 0.01
    conductor_material: str = "Cu"
    transformer_loading_max: float = 0.8
    transformer_redundancy: str = "N"
    power_factor: float = 0.99
    cooling_p_w: float = 0.0
    rack_standby_w: float = 0.0
    upstream: tuple[UpstreamStage, ...] = ()
    name: str | None = None

    def __post_init__(self) -> None:
        check = Checker("AcChainSpec")
        for field in ("n_racks", "n_blocks", "racks_per_row", "ups_group"):
            check.whole(field, getattr(self, field), 1)
        for field in ("rack_p_w", "block_p_w", "ups_module_w", "psu_module_w", "inverter_module_w"):
            check.number(field, getattr(self, field), 0.0, None, "W", strict=True)
        check.number("rack_load_w", self.rack_load_w, 0.0, None, "W", optional=True)
        check.number("cooling_p_w", self.cooling_p_w, 0.0, None, "W")
        check.number("rack_standby_w", self.rack_standby_w, 0.0, None, "W")
        for field in ("v_inverter_v", "v_mv_v", "v_lv_v"):
            check.number(field, getattr(self, field), 0.0, None, "V", strict=True)
        for field in ("mv_length_m", "lv_length_to_ups_m", "lv_length_m"):
            check.number(field, getattr(self, field), 0.0, None, "m", strict=True)
        check.number("v_inverter_pu", self.v_inverter_pu, 0.9, 1.1)
        check.number("lv_drop_max_frac", self.lv_drop_max_frac, 1e-4, 0.2)
        check.number("transformer_loading_max", self.transformer_loading_max, 0.1, 1.0)
        check.number("power_factor", self.power_factor, 0.8, 1.0)
        check.choice("feed", self.feed, tuple(TERMINALS))
        check.choice("ups", self.ups, tuple(UPS_CURVES))
        check.choice("ups_redundancy", self.ups_redundancy, tuple(REDUNDANCY))
        check.choice("psu_redundancy", self.psu_redundancy, tuple(REDUNDANCY))
        check.choice("transformer_redundancy", self.transformer_redundancy, ("N", "2N"))
        check.choice("psu_std_type", self.psu_std_type, tuple(std_types.converters()))
        check.choice("inverter_std_type", self.inverter_std_type, tuple(std_types.converters()))
        check.choice("conductor_material", self.conductor_material, ("Cu", "Al"))
        check.done()

    @property
    def n_rows(self) -> int:
        return math.ceil(self.n_racks / self.racks_per_row)

    @property
    def has_pdu_transformer(self) -> bool:
        """The legacy chain has one unless told otherwise."""
        return (
            self.ups == "double_conversion_legacy" if self.pdu_transformer is None else self.pdu_transformer
        )

    @property
    def title(self) -> str:
        return self.name or f"AC, {self.ups.replace('_', ' ')}"


@dataclass(frozen=True)
class AcChainResult:
    """One load level of an AC chain. `ledger`, `v_min_pu`, `loading_max` are None where there is no answer."""

    outcome: Outcome
    explain: str
    rack_load_w: float
    ledger: Ledger | None = None
    v_min_pu: float | None = None
    loading_max: float | None = None
    closure_rel: float | None = None

    @property
    def stages(self) -> tuple[Stage, ...]:
        return self.ledger.stages if self.ledger else ()

    def require_ok(self) -> AcChainResult:
        """Return self if solved, else raise `RunError`; for scripts."""
        if not self.outcome.solved:
            raise RunError(f"{self.outcome.name}: {self.explain}")
        return self


@dataclass(frozen=True)
class AcLossCurve:
    """The AC chain over load levels; arrays in the order of `rack_load_w` [W per rack]; NaN where unsolved."""

    rack_load_w: np.ndarray
    p_in_w: np.ndarray
    loss_w: np.ndarray
    results: tuple[AcChainResult, ...]

    @property
    def solved(self) -> bool:
        return all(r.outcome.solved for r in self.results)

    @property
    def ledgers(self) -> tuple[Ledger | None, ...]:
        return tuple(r.ledger for r in self.results)


@dataclass(frozen=True)
class _Chain:
    """The built chain: pandapower parts and module counts, ready for many load levels."""

    spec: AcChainSpec
    supply: Part
    rack: Part | None
    n_psu: int
    n_ups: int
    n_inverter: int


def _ups_modules(spec: AcChainSpec, p_w: float) -> int:
    needed = modules(p_w, spec.ups_module_w, "N")
    if spec.ups_redundancy == "2N":
        return 2 * needed
    return needed + (math.ceil(needed / spec.ups_group) if spec.ups_redundancy == "N+1" else 0)


def _build(spec: AcChainSpec) -> _Chain:
    """Size every part for the racks' design power and the losses downstream of it."""
    n_psu = spec.n_racks * modules(spec.rack_p_w, spec.psu_module_w, spec.psu_redundancy)
    psu = stage_from_curve(
        "PSU",
        spec.n_racks * (spec.rack_p_w + spec.rack_standby_w),
        spec.psu_std_type,
        spec.psu_module_w,
        n_psu,
    )
    p_feed = psu.p_in_w * (1.0 + spec.lv_drop_max_frac + (0.02 if spec.has_pdu_transformer else 0.0))
    n_ups, curve = _ups_modules(spec, p_feed), UPS_CURVES[spec.ups]
    p_main = p_feed
    if curve is not None:
        p_main = stage_from_curve("UPS", p_feed, curve, spec.ups_module_w, n_ups).p_in_w
    return _Chain(
        spec,
        ac_network.supply_part(spec, p_main, curve is None),
        None if curve is None else ac_network.rack_part(spec, p_feed),
        n_psu,
        n_ups,
        spec.n_blocks * modules(spec.block_p_w, spec.inverter_module_w, "N"),
    )


def network_stages(part: Part, solution: PartSolution, p_out_w: float, cooling_w: float) -> list[Stage]:
    """Stages of one part, racks' side first; cooling leaves at the MV/LV transformer."""
    out: list[Stage] = []
    for name in reversed(_ORDER):
        if name not in solution.loss_w:
            continue
        kind = part.elements[name][0]
        side = cooling_w if name == "MV/LV transformer" else 0.0
        if kind == "trafo":
            std = {"step-up transformer": "step-up transformer", "PDU transformer": "PDU transformer 300 kVA"}
            curve = std_types.converter(std.get(name, "MV/LV transformer 2500 kVA"))
            source, grade, key = curve.source, curve.grade, curve.std_type
        else:
            source, grade, key = "Joule loss, pandapower power flow", "solved", "conductors"
        loss = solution.loss_w[name]
        p_in = p_out_w + loss + side
        out.append(Stage(name, p_in, p_out_w, loss, None, source, grade, part.notes[name], side, key))
        p_out_w = p_in
    return out


#: Network stages in the direction of the power.
_ORDER = (
    "step-up transformer",
    "MV cable",
    "MV/LV transformer",
    "LV feeders to UPS",
    "LV feeders to racks",
    "PDU transformer",
)


_NO_ANSWER = "pandapower finds no operating point: shorten or thicken feeders, or add transformers"


#: Stages inside the hall, whose losses the hall's cooling removes; conductors are left out, as on the DC side.
STANDBY = "rack battery standby"
IN_HALL = (STANDBY, "PSU", "PDU transformer", "UPS")


def _rack_stages(chain: _Chain, rack_load_w: float) -> list[Stage]:
    """Power shelves, and the standby of the racks' batteries behind them; racks' side first."""
    spec = chain.spec
    p_w, stages = spec.n_racks * rack_load_w, []
    if spec.rack_standby_w:
        loss = spec.n_racks * spec.rack_standby_w
        kind = std_types.converter("battery DC/DC")
        text = "zero-load loss of the battery converter"
        stages.append(
            Stage(STANDBY, p_w + loss, p_w, loss, None, kind.source, kind.grade, text, key=kind.std_type)
        )
        p_w += loss
    stages.append(stage_from_curve("PSU", p_w, spec.psu_std_type, spec.psu_module_w, chain.n_psu))
    return stages


def _solve(chain: _Chain, rack_load_w: float, cooling_w: float, per_hall_loss: float = 0.0) -> AcChainResult:
    spec = chain.spec
    stages = _rack_stages(chain, rack_load_w)
    solutions: list[PartSolution] = []
    gaps: list[float] = []
    for part in (chain.rack, chain.supply):
        if part is None:
            continue
        hall_loss = sum(s.loss_w for s in stages if s.name in IN_HALL)
        cooling = cooling_w + per_hall_loss * hall_loss if part is chain.supply else 0.0
        p_load = stages[-1].p_in_w
        solution = ac_network.solve_part(part, p_load, cooling, spec.power_factor)
        if solution is None:
            return AcChainResult(Outcome.COLLAPSE, _NO_ANSWER, rack_load_w)
        solutions.append(solution)
        stages += network_stages(part, solution, p_load, cooling)
        gaps.append(abs(stages[-1].p_in_w - solution.p_in_w) / max(solution.p_in_w, 1.0))
        if part is chain.rack:
            curve = UPS_CURVES[spec.ups]
            assert curve is not None
            stages.append(stage_from_curve("UPS", stages[-1].p_in_w, curve, spec.ups_module_w, chain.n_ups))
    rated, n = spec.inverter_module_w, chain.n_inverter
    if spec.feed == "inverter":
        stages.append(stage_from_curve("inverter", stages[-1].p_in_w, spec.inverter_std_type, rated, n))
    shared = upstream_stages(spec.upstream, stages[-1].p_in_w)
    boundary = f"{shared[0].name} input" if shared else TERMINALS[spec.feed]
    ledger = Ledger(spec.title, f"{boundary} to the 50 V rack bus", (*shared, *reversed(stages)))
    loading = max(s.loading_max for s in solutions)
    over = _overloads(chain, ledger, loading)
    return AcChainResult(
        Outcome.LIMITED if over else Outcome.OK,
        over or "solved",
        rack_load_w,
        ledger,
        min(s.v_min_pu for s in solutions),
        loading,
        max(gaps),
    )


def _overloads(chain: _Chain, ledger: Ledger, loading: float) -> str:
    """What works beyond its rating, in words; empty if nothing does."""
    spec = chain.spec
    ratings = {
        "PSU": spec.psu_module_w * chain.n_psu,
        "UPS": spec.ups_module_w * chain.n_ups,
        "inverter": spec.inverter_module_w * chain.n_inverter,
    }
    shares = {s.name: s.p_out_w / ratings[s.name] for s in ledger.stages if s.name in ratings}
    over = [
        f"{name} at {100 * share:.1f} % of its rating" for name, share in shares.items() if share > 1.0 + 1e-9
    ]
    if loading > 1.0 + 1e-9:
        over.append(f"a transformer or cable at {100 * loading:.0f} % of its rating")
    return "; ".join(over)


def ac_chain(spec: AcChainSpec, rack_load_w: float | None = None) -> AcChainResult:
    """Solve the AC chain at one load of every rack [W] (default: the spec's present or design power)."""
    if rack_load_w is None:
        rack_load_w = spec.rack_p_w if spec.rack_load_w is None else spec.rack_load_w
    return _solve(_build(spec), float(rack_load_w), spec.cooling_p_w)


def ac_loss_curve(
    spec: AcChainSpec,
    rack_w_levels: Sequence[float] | np.ndarray,
    cooling_w_levels: Sequence[float] | np.ndarray | None = None,
    cooling_per_hall_loss: float = 0.0,
) -> AcLossCurve:
    """Solve the AC chain at several loads of every rack [W]; the networks are built once, for the spec's powers.

    `cooling_w_levels` [W] is the cooling drawn at each level; the spec's `cooling_p_w` at every level if not given.
    `cooling_per_hall_loss` is the cooling that each watt lost in the hall (`IN_HALL`) takes besides [W/W].
    """
    levels = np.asarray(rack_w_levels, dtype=float)
    cooling = (
        np.full(levels.shape, spec.cooling_p_w)
        if cooling_w_levels is None
        else np.asarray(cooling_w_levels, dtype=float)
    )
    check = Checker("ac_loss_curve")
    for level in levels:
        check.number("rack_w_levels", level, 0.0, None, "W")
    for power in cooling:
        check.number("cooling_w_levels", power, 0.0, None, "W")
    if cooling.shape != levels.shape:
        check.add("cooling_w_levels", len(cooling), f"{len(levels)} powers, one for each level")
    check.done()
    chain = _build(spec)
    share = cooling_per_hall_loss
    results = tuple(_solve(chain, float(w), float(c), share) for w, c in zip(levels, cooling, strict=True))
    p_in = np.array([r.ledger.p_in_w if r.ledger else np.nan for r in results])
    loss = np.array([r.ledger.loss_w if r.ledger else np.nan for r in results])
    return AcLossCurve(levels, p_in, loss, results)
