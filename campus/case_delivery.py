"""Sections of a case that say how power reaches the racks, and the AC chain that it is compared with."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from campus.quantities import q
from campus.section import Section


class DcNetwork(Section):
    """From the block terminals to the 50 V rack buses."""

    v_bus_V: float = q("bus_voltage", "V", 300, 1500, "Voltage of the block buses and rows", default="800 V")
    v_rack_V: float = q("rack_voltage", "V", 40, 60, "Voltage of the rack buses", default="50 V")
    blocks_per_pod: int = Field(4, ge=1, le=40, description="Blocks that feed one pod of racks")
    racks_per_row: int = Field(10, ge=1, le=60, description="Racks on one 800 V row busway")
    collection_m: float = q(
        "collection_length", "m", 1, 2000, "Cable from a block to its pod's bus", default="60 m"
    )
    feeder_m: float = q(
        "feeder_length", "m", 1, 500, "Cable from the pod's bus to the head of a row", default="30 m"
    )
    rack_pitch_m: float = q("rack_pitch", "m", 0.3, 5, "Distance between neighbouring racks", default="0.8 m")
    voltage_drop_max: float = q(
        "voltage_drop_limit", "", 0.002, 0.1, "Greatest drop along a cable run, per unit", default=0.015
    )
    P_sidecar_module_W: float = q(
        "sidecar_module", "W", 1, 500, "Rating of one 800/50 V converter module", shown="kW", default="35 kW"
    )
    sidecar_redundancy: Literal["N", "N+1", "2N"] = Field(
        "N+1", description="Converter modules in each rack's sidecar"
    )
    V_in_min_V: float | None = q(
        "sidecar_input_min", "V", 100, 1500, "Lowest input voltage of the sidecars", default=None
    )
    V_in_max_V: float | None = q(
        "sidecar_input_max", "V", 100, 2000, "Highest input voltage of the sidecars", default=None
    )
    bipolar: bool = Field(
        False,
        description="Two poles and an earthed neutral; bus_voltage is from pole to pole (800 V: +-400 V)",
    )
    feed: Literal["N", "N+1", "2N", "block_redundant"] = Field(
        "N",
        description="How a row is fed. N: one feeder; N+1: one more than carry it; 2N: two block buses, busways and "
        "sidecars a rack; block_redundant: a reserve feeder from a catcher bus of reserve blocks",
    )
    reserve_blocks: int = Field(
        1, ge=1, le=20, description="Blocks of each pod on its catcher bus, for feed block_redundant"
    )
    ties: Literal["none", "chain", "ring", "full"] = Field(
        "none", description="Ties between the pods' buses: each with the next, in a ring, or each with each"
    )
    tie_mode: Literal["open", "solid_state_breaker", "converter"] = Field(
        "open",
        description="open: closes after an outage that leaves racks dark; or closed by breaker or DC/DC converter",
    )
    tie_m: float = q("tie_length", "m", 1, 2000, "Cable of a tie", default="100 m")
    P_tie_W: float | None = q(
        "tie_power",
        "W",
        0.05,
        200,
        "Rating of a tie; that of one block if not given",
        shown="MW",
        default=None,
    )
    breaker_A: float | None = q(
        "breaker_rating", "A", 1, 1000, "Fault current that the breakers of the block buses break", shown="kA",
        default=None,
    )  # fmt: skip
    outage_pairs: bool = Field(
        False,
        description="Solve every pair of outages of blocks, collection cables, row feeders and ties too (N-2)",
    )
    buffer_standby: bool = Field(
        True, description="Count the standby loss of the DC buffer that rides through in the place of a UPS"
    )
    block_source: Literal["diode_bridge", "active_front_end", "diode_dcdc"] = Field(
        "active_front_end", description="Rectifier between a block's machine and its bus"
    )
    speed_min: float = q(
        "speed_min", "", 0.3, 1, "Lowest speed of the machine in operation, per rated", default=0.9
    )
    overspeed: float = q(
        "overspeed", "", 1, 1.5, "Highest speed after load rejection, per rated", default=1.17
    )


class AcChain(Section):
    """The conventional AC chain on the same racks, for comparison."""

    ups: Literal["double_conversion_legacy", "double_conversion_modern", "eco_mode", "rack_batteries"] = (
        Field("double_conversion_modern", description="How the AC chain rides through")
    )
    feed: Literal["auto", "inverter", "generator"] = Field(
        "auto",
        description="inverter (AC1): blocks' DC through inverters; generator (AC2): synchronous generators on the medium "
        "voltage; auto: AC2 where the block's own generator is geared",
    )
