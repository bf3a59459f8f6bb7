"""The campus' DC network from the sizing's answer: pods of blocks and racks, and what they lose at each load."""

from __future__ import annotations

from dataclasses import dataclass
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
SIDECAR = "800/50 V sidecar"
BOUNDARY = "block DC terminals to the 50 V rack buses"


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
    pods : tuple of dcgrid.PodSpec
    warnings : tuple of str
        Limits that the network touches, by load level.
    """

    curves: ChainCurves
    net: dcgrid.Network
    pods: tuple[dcgrid.PodSpec, ...]
    warnings: tuple[str, ...]


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

    All installed blocks are connected and share the load by rating, spares too. Pods are not tied. The cooling of
    a pod's racks and sidecars is fed from its block bus.
    """
    net, racks = case.dc_network, n_racks(case)
    pods = max(1, min(ceil(blocks / net.blocks_per_pod), racks))
    blocks_in = shares(blocks, pods)
    until = [round(racks * sum(blocks_in[: k + 1]) / blocks) for k in range(pods)]
    racks_in = [int(count) for count in np.diff([0, *until])]
    rack_W = level * case.load.P_it_MW * 1e6 / racks
    return tuple(
        dcgrid.PodSpec(
            n_blocks=b,
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
            sidecar_std_type=SIDECAR,
            sidecar_module_w=net.P_sidecar_module_W,
            sidecar_redundancy=net.sidecar_redundancy,
            cooling_p_w=r * _cooling_W(case, rack_W),
        )
        for b, r in zip(blocks_in, racks_in, strict=True)
    )


def _cooling_W(case: Case, rack_W: float) -> float:
    """Power that removes the heat of one rack and of its sidecar [W]."""
    net = case.dc_network
    count = modules(case.load.P_rack_W, net.P_sidecar_module_W, net.sidecar_redundancy)
    loss_W = stage_from_curve("sidecar", rack_W, SIDECAR, net.P_sidecar_module_W, count).loss_w
    return case.load.it_cooling_fraction * (rack_W + loss_W)


def build_grid(case: Case, blocks: int, level: float = 1.0) -> dcgrid.Network:
    """The campus network of `blocks` blocks at a load level between 0 and 1."""
    net = dcgrid.create_empty_network(case.name)
    for number, spec in enumerate(pod_specs(case, blocks, level), 1):
        dcgrid.build_pod(spec, net, f"pod {number}")
    return net


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
        ledgers.append(dcgrid.ledger_from_network(net, "DC 800 V", BOUNDARY))
    rack_W = np.array(LEVELS) * case.load.P_it_MW * 1e6
    name = f"DC, {case.dc_network.v_bus_V:.0f} V"
    curves = chain_curves(name, list(rack_W), ledgers, case.load.it_cooling_fraction)
    return GridLosses(curves, net, pod_specs(case, blocks), tuple(warnings))
