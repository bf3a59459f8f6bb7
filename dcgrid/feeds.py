"""How a row is fed from the block bus, by redundancy.

N                one feeder
N+1              feeders_per_row that carry the row and one more, each its own line with its own breaker
2N               two block buses, two busways, two sidecars in each rack, each able to carry the rack alone
block_redundant  one feeder, and a second from the catcher bus (reserve blocks) behind an open transfer switch
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcgrid.network import create_line, create_switch

if TYPE_CHECKING:
    from dcgrid.pod import PodSpec
    from dcgrid.tables import Network

Wire = tuple[str, int, float]


def _feeder(net: Network, spec: PodSpec, a: int, b: int, wire: Wire, name: str) -> None:
    create_line(
        net, a, b, spec.row_feeder_length_m, wire[0], wire[1], name,
        t_conductor_degC=spec.t_conductor_degC, derating=wire[2], role="row feeder",
    )  # fmt: skip


def add_feeders(net: Network, spec: PodSpec, name: str, hubs: tuple[int, ...], side: int, wire: Wire) -> int:
    """Feed the head of a row from hub number `side`; return the row's bus."""
    from dcgrid.pod import add_bus

    row = add_bus(net, spec, name)
    if spec.feed == "N+1":
        for k in range(1, spec.feeders_per_row + 2):
            _feeder(net, spec, hubs[side], row, wire, f"{name} feeder {k}")
        return row
    _feeder(net, spec, hubs[side], row, wire, f"{name} feeder")
    if spec.feed == "block_redundant":
        end = add_bus(net, spec, f"{name} reserve")
        _feeder(net, spec, hubs[-1], end, wire, f"{name} reserve feeder")
        create_switch(net, end, row, closed=False, name=f"{name} transfer")
    return row


def transfer_switches(net: Network) -> tuple[int, ...]:
    """Open bus-to-bus switches that close after an outage: of rows, and of open ties between pods.

    Give them to `contingencies(net, transfer=...)`.
    """
    return tuple(
        k
        for k, (name, et, closed) in enumerate(
            zip(net.labels("switch"), net.column("switch", "et"), net.column("switch", "closed"), strict=True)
        )
        if et == "bus" and not closed and name.endswith(("transfer", "tie switch"))
    )
