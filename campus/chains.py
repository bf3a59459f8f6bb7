"""The DC chain beside AC chains on the same racks and hours: comparison A, turbine shaft to the 50 V rack bus.

AC1 goes through inverters and step-up transformers, from the same generator and rectifier as DC; AC2 begins at
synchronous generators on the medium voltage. Distances, voltage-drop rule, redundancy and module size at the racks are
those of the DC network. Switchgear and the block's DC buffer are left out of all chains.

Each chain is solved at the same levels of rack load; every stage's loss is then a curve of rack power (monotone
interpolation, PCHIP), read hour by hour. Input at the block terminals = racks + cooling of the racks + all losses +
cooling of the losses in the hall, so a year's account closes whatever the curves are.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

import dcgrid
from dcgrid.loss_curves import loss_w

if TYPE_CHECKING:
    from collections.abc import Sequence

    import thermo
    from campus.case import Case

    Array = np.ndarray

COOLING_OF_LOSSES = "cooling of hall losses"
VARIANTS = ("double_conversion_legacy", "double_conversion_modern", "eco_mode", "rack_batteries")


@dataclass(frozen=True)
class ChainCurves:
    """Losses of one chain from the block DC terminals to the rack buses, as curves of rack power.

    Attributes
    ----------
    name : str
    rack_W : (n,) array
        Levels of rack power [W].
    loss_W : dict of stage to (n,) array
        In the direction of the power; the last one may be the cooling of hall losses.
    cooling_fraction : float
        Cooling power per rack power.
    evidence : dict of stage to (source, grade)
    keys : dict of stage to the equipment by which it is sampled (`dcgrid.compare`)
    warnings : tuple of str
        Limits that the chain touches at some level.
    """

    name: str
    rack_W: Array
    loss_W: dict[str, Array]
    cooling_fraction: float
    evidence: dict[str, tuple[str, str]]
    warnings: tuple[str, ...] = ()
    keys: dict[str, str] = field(default_factory=dict)

    def losses_MW(self, rack_MW: Array) -> dict[str, Array]:
        """Every stage's loss at a rack power [MW], of the shape given."""
        from scipy.interpolate import PchipInterpolator

        at = self.rack_W / 1e6
        return {k: np.asarray(PchipInterpolator(at, loss / 1e6)(rack_MW)) for k, loss in self.loss_W.items()}

    def cooling_MW(self, rack_MW: Array) -> Array:
        """Power that cools the racks' own heat [MW]."""
        return self.cooling_fraction * rack_MW

    def input_MW(self, rack_MW: Array) -> Array:
        """Power at the block DC terminals [MW]."""
        return rack_MW + self.cooling_MW(rack_MW) + sum(self.losses_MW(rack_MW).values())


def chain_curves(
    name: str, rack_W: Sequence[float] | Array, ledgers: Sequence[dcgrid.Ledger], cooling_fraction: float
) -> ChainCurves:
    """Curves from the ledgers of a chain, one for each level of rack power [W].

    The power tapped off for cooling beyond `cooling_fraction` of the racks is the cooling of hall losses.
    """
    racks = np.asarray(rack_W, dtype=float)
    stages = [stage.name for stage in ledgers[-1].stages]
    by_level = [{stage.name: stage.loss_w for stage in ledger.stages} for ledger in ledgers]
    loss_W = {name: np.array([level[name] for level in by_level]) for name in stages}
    tapped = np.array([ledger.p_side_w for ledger in ledgers])
    loss_W[COOLING_OF_LOSSES] = np.maximum(tapped - cooling_fraction * racks, 0.0)
    evidence = {stage.name: (stage.source, stage.grade) for stage in ledgers[-1].stages}
    evidence[COOLING_OF_LOSSES] = (
        "rack cooling fraction of the case, on the losses in the hall",
        "assumption",
    )
    keys = {stage.name: stage.key for stage in ledgers[-1].stages} | {COOLING_OF_LOSSES: "cooling"}
    return ChainCurves(name, racks, loss_W, cooling_fraction, evidence, keys=keys)


def upstream(block: thermo.CycleResult, feed: str = "dc") -> tuple[dcgrid.UpstreamStage, ...]:
    """From the turbine shaft to the terminals, at the design point's efficiencies.

    AC2 ("generator") has no rectifier, and where the block's own generator is not geared, a shipped gearbox and
    synchronous generator at nine tenths of their rating in its place.
    """
    power = block.W_shaft_W
    assert power is not None
    stages = []
    for key, name in (
        ("mechanical", "bearings, seals, windage"),
        ("gearbox", "gearbox"),
        ("generator", "generator"),
        ("rectifier", "rectifier"),
    ):
        loss = block.losses_W[key]
        if loss > 0.0 and not (feed == "generator" and key == "rectifier"):
            stages.append(
                dcgrid.UpstreamStage(name, efficiency=1.0 - loss / power, source="block, design point")
            )
        power -= loss
    if feed == "generator" and not block.losses_W["gearbox"] > 0.0:
        stages = [*(x for x in stages if x.name != "generator"), *map(_geared, ("gearbox", "generator"))]
    return tuple(stages)


def _geared(name: str) -> dcgrid.UpstreamStage:
    """Gearbox or synchronous generator of AC2 as shipped."""
    kind = dcgrid.std_types.converter("gearbox" if name == "gearbox" else "synchronous generator")
    lost = loss_w(kind.loss_curve, 0.9, 1.0)
    text = f"{kind.std_type}: {kind.source}"
    return dcgrid.UpstreamStage(name, efficiency=0.9 / (0.9 + lost), source=text, grade=kind.grade)


def equipment(stages: Sequence[dcgrid.UpstreamStage]) -> dict[str, str]:
    """Stages before the terminals -> the equipment by which they are sampled."""
    geared = any(stage.name == "gearbox" for stage in stages)
    return {
        "generator": "synchronous generator" if geared else "PM generator",
        "rectifier": "800 V active rectifier",
    }


def chosen_feed(case: Case, block: thermo.CycleResult) -> str:
    """How the AC chain of the case is fed: as given, or by the block's own generator where it is synchronous."""
    if case.ac_chain.feed != "auto":
        return case.ac_chain.feed
    return "generator" if block.losses_W["gearbox"] > 0.0 else "inverter"


def redundancy(case: Case) -> dict[str, str]:
    """Redundancy of the AC chain that stands beside the DC feed: of power shelves, UPS and transformers."""
    two = case.dc_network.feed == "2N"
    return {
        "psu_redundancy": "2N" if two else case.dc_network.sidecar_redundancy,
        "ups_redundancy": "2N" if two else "N+1",
        "transformer_redundancy": "2N" if two else "N",
    }


def ac_curves(
    case: Case,
    feed: str,
    ups: str,
    blocks: int,
    n_racks: int,
    levels: Sequence[float],
    standby_W: float = 0.0,
) -> ChainCurves:
    """An AC chain at the same levels of rack load, from inverter input or generator terminals.

    `standby_W` is that of a rack's battery where batteries ride through.

    Raises
    ------
    dcgrid.RunError
        If pandapower finds no operating point at some level.
    """
    net, fraction, beside = case.dc_network, case.load.it_cooling_fraction, redundancy(case)
    rack_W = case.load.P_it_MW * 1e6 / n_racks
    spec = dcgrid.AcChainSpec(
        n_racks=n_racks,
        rack_p_w=case.load.P_rack_W,
        n_blocks=blocks,
        block_p_w=case.block.W_net_W,
        racks_per_row=net.racks_per_row,
        feed=feed,
        ups=ups,
        psu_redundancy=beside["psu_redundancy"],
        ups_redundancy=beside["ups_redundancy"],
        transformer_redundancy=beside["transformer_redundancy"],
        psu_module_w=net.P_sidecar_module_W,
        mv_length_m=net.collection_m,
        lv_length_to_ups_m=0.25 * net.feeder_m,
        lv_length_m=0.75 * net.feeder_m + 0.5 * net.racks_per_row * net.rack_pitch_m,
        lv_drop_max_frac=net.voltage_drop_max,
        cooling_p_w=1.1 * fraction * n_racks * rack_W,
        rack_standby_w=standby_W if ups == "rack_batteries" else 0.0,
    )
    loads = np.array(levels) * rack_W
    found = dcgrid.ac_loss_curve(spec, loads, fraction * n_racks * loads, cooling_per_hall_loss=fraction)
    ledgers = [r.require_ok().ledger for r in found.results]
    curves = chain_curves(title(feed, ups), n_racks * loads, [x for x in ledgers if x is not None], fraction)
    limited = {r.explain: None for r in found.results if r.outcome.name != "OK"}
    return replace(curves, warnings=tuple(f"{curves.name}: {explain}" for explain in limited))


def title(feed: str, ups: str) -> str:
    """Name of an AC variant as shown.

    >>> title("generator", "rack_batteries")
    'AC2 from generator, rack batteries'
    """
    start = {"inverter": "AC1 via inverter", "generator": "AC2 from generator"}[feed]
    words = {
        "double_conversion_legacy": "legacy UPS",
        "double_conversion_modern": "modern UPS",
        "eco_mode": "eco-mode UPS",
        "rack_batteries": "rack batteries",
    }
    return f"{start}, {words[ups]}"


def loss_table(chain: ChainCurves, shared: tuple[dcgrid.UpstreamStage, ...], rack_MW: Array) -> pd.DataFrame:
    """A year of one chain, stage by stage [MWh], from the turbine shaft to the rack buses.

    Columns chain, stage, p_in_MWh, p_out_MWh, loss_MWh, share_of_shaft, source, grade, key. The cooling that the racks'
    own heat needs is the same for all chains, is no loss, and leaves with the stage that it is drawn from.
    """
    losses = {name: float(loss.sum()) for name, loss in chain.losses_MW(rack_MW).items()}
    delivered = float(rack_MW.sum() + chain.cooling_MW(rack_MW).sum())
    rows = []
    energy = delivered
    for name in reversed(losses):
        evidence = (*chain.evidence[name], chain.keys.get(name, name))
        rows.append((chain.name, name, energy + losses[name], energy, losses[name], *evidence))
        energy += losses[name]
    keys = equipment(shared)
    for stage in reversed(shared):
        assert stage.efficiency is not None
        before = energy / stage.efficiency
        evidence = (stage.source, stage.grade, keys.get(stage.name, stage.name))
        rows.append((chain.name, stage.name, before, energy, before - energy, *evidence))
        energy = before
    columns = ["chain", "stage", "p_in_MWh", "p_out_MWh", "loss_MWh", "source", "grade", "key"]
    table = pd.DataFrame(rows[::-1], columns=columns)
    table["share_of_shaft"] = table["loss_MWh"] / energy
    return table


def all_chains(
    case: Case,
    block: thermo.CycleResult,
    dc: ChainCurves,
    blocks: int,
    n_racks: int,
    levels: Sequence[float],
    rack_MW: Array,
    standby_W: float = 0.0,
) -> tuple[pd.DataFrame, list[str]]:
    """The DC chain, the AC chain of the case and its variants over the year: all their `loss_table`s, and warnings.

    Variants: every UPS with the feed of the case, and the UPS of the case with the other feed.
    """
    feed, ups = chosen_feed(case, block), case.ac_chain.ups
    other = "inverter" if feed == "generator" else "generator"
    order = [(feed, ups), *((feed, variant) for variant in VARIANTS if variant != ups), (other, ups)]
    tables, warnings = [loss_table(dc, upstream(block), rack_MW)], list(dc.warnings)
    for variant in order:
        chain = ac_curves(case, *variant, blocks, n_racks, levels, standby_W)
        tables.append(loss_table(chain, upstream(block, variant[0]), rack_MW))
        warnings += chain.warnings
    return pd.concat(tables, ignore_index=True), warnings
