"""The campus' DC network from the sizing's answer: pods of blocks and racks, and what they lose at each load."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

import dcgrid
from campus.chains import ChainCurves, chain_curves
from dcgrid.ledger import stage_from_curve
from dcgrid.pod import modules

if TYPE_CHECKING:
    from campus.case import Case

LEVELS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
STANDBY = "buffer standby"
BUFFER = "battery DC/DC"
BOUNDARY = "block DC terminals to the 50 V rack buses"
#: Bus voltage up to which the sidecar is a 380 V converter [V].
LOW_V = 450.0


class GridFailed(RuntimeError):
    """The network has no operating point at some load; the text says where."""


@dataclass(frozen=True)
class GridLosses:
    """The campus network: its loss curves, and the solved network at full load.

    Attributes
    ----------
    curves : ChainCurves
    net : dcgrid network
        Solved at full rack load.
    spec : dcgrid.CampusGridSpec
        Pods and ties at full rack load.
    warnings : tuple of str
        Limits that the network touches, by load level.
    """

    curves: ChainCurves
    net: dcgrid.Network
    spec: dcgrid.CampusGridSpec
    warnings: tuple[str, ...]

    @property
    def pods(self) -> tuple[dcgrid.PodSpec, ...]:
        return self.spec.pods


def sidecar_type(case: Case) -> str:
    """The shipped converter that stands for the case's sidecar."""
    return "380/50 V converter" if case.dc_network.v_bus_V <= LOW_V else "800/50 V sidecar with fans"


def standby_W(case: Case) -> float:
    """Zero-load loss of the buffer converters of one rack's power [W]: what rides through in the place of a UPS."""
    if not case.dc_network.buffer_standby:
        return 0.0
    return float(dcgrid.std_types.converter(BUFFER).loss_curve[0][1]) * case.load.P_rack_W


def n_racks(case: Case) -> int:
    """Racks on the campus."""
    return ceil(case.load.P_it_MW * 1e6 / case.load.P_rack_W - 1e-9)


def shares(total: int, parts: int) -> list[int]:
    """Split a count as evenly as can be.

    >>> shares(17, 5)
    [4, 4, 3, 3, 3]
    """
    return [total // parts + (1 if part < total % parts else 0) for part in range(parts)]


def pod_specs(case: Case, blocks: int, level: float = 1.0) -> tuple[dcgrid.PodSpec, ...]:
    """Pods that share the blocks evenly, and the racks by their blocks, at a load level.

    All installed blocks are connected and share the load by rating, spares too; those of a catcher bus stand by. The
    cooling of a pod's racks, sidecars and buffer, and the buffer's standby, are fed from its block bus.
    """
    net, racks = case.dc_network, n_racks(case)
    pods = max(1, min(ceil(blocks / net.blocks_per_pod), racks))
    blocks_in = shares(blocks, pods)
    until = [round(racks * sum(blocks_in[: k + 1]) / blocks) for k in range(pods)]
    racks_in = [int(count) for count in np.diff([0, *until])]
    rack_W = level * case.load.P_it_MW * 1e6 / racks
    reserve = net.reserve_blocks if net.feed == "block_redundant" else 0
    if min(blocks_in) <= reserve:
        raise GridFailed(
            f"a pod of {min(blocks_in)} blocks cannot keep {reserve} of them on its catcher bus; raise "
            "dc_network.blocks_per_pod or lower dc_network.reserve_blocks"
        )
    return tuple(
        dcgrid.PodSpec(
            n_blocks=b - reserve,
            block_p_w=case.block.W_net_W,
            n_racks=r,
            rack_p_w=case.load.P_rack_W,
            rack_load_w=rack_W,
            racks_per_row=net.racks_per_row,
            v_bus_v=net.v_bus_V,
            v_rack_v=net.v_rack_V,
            collection_length_m=net.collection_m,
            collection_drop_max_frac=net.voltage_drop_max,
            row_feeder_length_m=net.feeder_m,
            row_feeder_drop_max_frac=net.voltage_drop_max,
            busway_length_per_rack_m=net.rack_pitch_m,
            row_busway_drop_max_frac=net.voltage_drop_max,
            sidecar_std_type=sidecar_type(case),
            sidecar_module_w=net.P_sidecar_module_W,
            sidecar_redundancy=net.sidecar_redundancy,
            sidecar_v_in_min_v=net.V_in_min_V,
            sidecar_v_in_max_v=net.V_in_max_V,
            cooling_p_w=r * _cooling_W(case, rack_W),
            standby_p_w=r * standby_W(case),
            feed=net.feed,
            reserve_blocks=net.reserve_blocks,
            bipolar=net.bipolar,
        )
        for b, r in zip(blocks_in, racks_in, strict=True)
    )


def grid_spec(case: Case, blocks: int, level: float = 1.0) -> dcgrid.CampusGridSpec:
    """Pods and the ties between them, at a load level."""
    net = case.dc_network
    return dcgrid.CampusGridSpec(
        pods=pod_specs(case, blocks, level),
        mesh=net.ties,
        tie_mode=net.tie_mode,
        tie_length_m=net.tie_m,
        tie_p_w=net.P_tie_W,
        name=case.name,
    )


def _sidecars_loss_W(case: Case, rack_W: float) -> float:
    """Loss of a rack's sidecars [W]; two of N modules share it where the rack is fed from both sides."""
    net = case.dc_network
    two = net.feed == "2N"
    count = modules(case.load.P_rack_W, net.P_sidecar_module_W, "N" if two else net.sidecar_redundancy)
    kind, sides = sidecar_type(case), 2 if two else 1
    return sides * stage_from_curve("sidecar", rack_W / sides, kind, net.P_sidecar_module_W, count).loss_w


def _cooling_W(case: Case, rack_W: float) -> float:
    """Power that removes the heat of one rack, its sidecar and its buffer [W]."""
    return case.load.it_cooling_fraction * (rack_W + _sidecars_loss_W(case, rack_W) + standby_W(case))


def build_grid(case: Case, blocks: int, level: float = 1.0) -> dcgrid.Network:
    """The campus network of `blocks` blocks at a load level between 0 and 1."""
    return dcgrid.campus_network(grid_spec(case, blocks, level))


def _ledger(case: Case, net: dcgrid.Network) -> dcgrid.Ledger:
    """Ledger of a solved campus network, the buffer's standby a stage of its own with the evidence of its converter."""
    ledger = dcgrid.ledger_from_network(net, "DC", BOUNDARY)
    ledger = ledger.split_side({STANDBY: n_racks(case) * standby_W(case)})
    kind, text = dcgrid.std_types.converter(BUFFER), "zero-load loss of the buffer's converter"
    stages = (
        replace(s, source=f"{kind.source}; {text}", grade=kind.grade) if s.name == STANDBY else s
        for s in ledger.stages
    )
    return replace(ledger, stages=tuple(stages))


def grid_losses(case: Case, blocks: int) -> GridLosses:
    """Solve the campus network at every level.

    Raises
    ------
    GridFailed
        If any level has no operating point.
    """
    ledgers, warnings = [], []
    for level in LEVELS:
        net = build_grid(case, blocks, level)
        solved = dcgrid.run(net)
        if solved.outcome.name not in ("OK", "LIMITED"):
            raise GridFailed(
                f"at {level:.0%} of the rack load the DC network fails: {solved.outcome.value} {solved.explain}"
            )
        if solved.outcome.name == "LIMITED":
            warnings.append(f"DC network at {level:.0%} of the rack load: {solved.explain}")
        if solved.overloaded:
            some = ", ".join(solved.overloaded[:3])
            warnings.append(
                f"DC network at {level:.0%} of the rack load: {len(solved.overloaded)} elements above their rating ({some}, "
                f"...), lines at up to {solved.max_line_loading or 0.0:.0%}. The battery is not part of the network model."
            )
        ledgers.append(_ledger(case, net))
    rack_W = np.array(LEVELS) * case.load.P_it_MW * 1e6
    curves = chain_curves(voltage_name(case), list(rack_W), ledgers, case.load.it_cooling_fraction)
    return GridLosses(curves, net, grid_spec(case, blocks), tuple(warnings))


def voltage_name(case: Case) -> str:
    """The DC chain as shown: its voltage."""
    v = case.dc_network.v_bus_V
    return f"DC, ±{v / 2:.0f} V" if case.dc_network.bipolar else f"DC, {v:.0f} V"
