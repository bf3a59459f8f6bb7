"""The three-phase parts of the AC chain in pandapower: built once, solved for each load level.

Converters (UPS, PSU, inverter) hold their output voltage, so they cut the AC system into parts that are solved one
after the other, from the racks upstream. Equal elements side by side are one pandapower element with `parallel`.
"""

from __future__ import annotations

import math
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from dcgrid import ac_ladder, cables, std_types
from dcgrid.ac_ladder import engine

if TYPE_CHECKING:
    from dcgrid.ac_chain import AcChainSpec

#: Reactance of grouped LV single-core cables [ohm/km]: the usual design value, an assumption.
X_LV_OHM_KM = 0.08


@dataclass
class Part:
    """One pandapower network between two converters; `elements` maps a stage to its (kind, index)."""

    net: Any
    load: int
    aux: int | None
    elements: dict[str, tuple[str, int]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PartSolution:
    """Active power into the part and loss of each stage [W]; lowest voltage and highest loading."""

    p_in_w: float
    loss_w: dict[str, float]
    v_min_pu: float
    loading_max: float


@cache
def _blank() -> Any:
    import pandapower as pp

    return pp.create_empty_network()


def _empty_network() -> Any:
    """A new pandapower network; a copy of a blank one takes a tenth of the time that making one does."""
    return engine().create_empty_network() if engine() is ac_ladder else deepcopy(_blank())


def transformer_count(p_w: float, kva: float, loading_max: float, power_factor: float) -> int:
    """Equal transformers that carry `p_w` [W] below `loading_max` of their rating [kVA].

    Examples
    --------
    >>> transformer_count(60e6, 2500.0, 0.8, 0.99)
    31
    """
    return max(1, math.ceil(p_w / (1e3 * kva * loading_max * power_factor) - 1e-9))


def _transformer(
    net: Any, hv: int, lv: int, std_type: str, kva: float, n: int, v_hv_kv: float, v_lv_kv: float
) -> int:
    """Trafo with the no-load and load loss of the shipped curve (P0 + Pk x^2, per unit of its rating)."""
    pp = engine()

    curve = dict(std_types.converter(std_type).loss_curve)
    p0, pk = curve[0.0], curve[1.0] - curve[0.0]
    return int(
        pp.create_transformer_from_parameters(
            net, hv, lv, sn_mva=kva / 1e3, vn_hv_kv=v_hv_kv, vn_lv_kv=v_lv_kv, vkr_percent=100 * pk,
            vk_percent=6.0, pfe_kw=p0 * kva, i0_percent=max(0.2, 100.0 * p0), parallel=n,
        )
    )  # fmt: skip


def _lv_feeder(
    net: Any, a: int, b: int, spec: AcChainSpec, p_w: float, length_m: float, n_circuits: int
) -> tuple[int, str]:
    """LV cable by the same rule as on the DC side: ampacity with grouping and voltage drop, one circuit each."""
    pp = engine()

    i_a = p_w / n_circuits / (math.sqrt(3.0) * spec.v_lv_v * spec.power_factor)
    # A three-phase drop of i R (phase) against v / sqrt(3) is that of a loop R' = 2 R against 2 v / sqrt(3).
    v_equivalent = 2.0 * spec.v_lv_v / math.sqrt(3.0)
    chosen = cables.select(
        i_a, v_equivalent, length_m, spec.lv_drop_max_frac, material=spec.conductor_material
    )
    conductor = std_types.conductor(chosen.std_type)
    r_km = conductor.r_20C_ohm_km * (1.0 + conductor.alpha_per_K * (std_types.T_CONDUCTOR_degC - 20.0))
    line = pp.create_line_from_parameters(
        net, a, b, length_km=length_m / 1e3, r_ohm_per_km=r_km, x_ohm_per_km=X_LV_OHM_KM, c_nf_per_km=0.0,
        max_i_ka=conductor.max_i_a * cables.GROUPING_FACTOR / 1e3, parallel=chosen.parallel * n_circuits,
    )  # fmt: skip
    return int(line), f"{n_circuits} x {chosen.parallel} x {chosen.std_type} per phase, {length_m:g} m"


def _mv_cable(net: Any, a: int, b: int, spec: AcChainSpec, p_w: float) -> tuple[int, str]:
    """MV cable of pandapower's std type, as many per block as its rating asks for."""
    pp = engine()

    rating_a = 1e3 * float(net.std_types["line"][spec.mv_std_type]["max_i_ka"]) * cables.GROUPING_FACTOR
    i_block = p_w / spec.n_blocks / (math.sqrt(3.0) * spec.v_mv_v * spec.power_factor)
    n = max(1, math.ceil(i_block / rating_a))
    line = pp.create_line(net, a, b, spec.mv_length_m / 1e3, spec.mv_std_type, parallel=n * spec.n_blocks)
    return int(
        line
    ), f"{spec.n_blocks} x {n} x {spec.mv_std_type}, {spec.mv_length_m:g} m, {spec.v_mv_v / 1e3:g} kV"


def _rack_side(part: Part, spec: AcChainSpec, bus: int, p_design_w: float) -> int:
    """Feeder to the rows, PDU transformer where there is one; return the rack bus."""
    pp = engine()

    net, v_kv = part.net, spec.v_lv_v / 1e3
    row = pp.create_bus(net, v_kv, name="row")
    line, note = _lv_feeder(net, bus, row, spec, p_design_w, spec.lv_length_m, spec.n_rows)
    part.elements["LV feeders to racks"], part.notes["LV feeders to racks"] = ("line", line), note
    if not spec.has_pdu_transformer:
        return int(row)
    rack = pp.create_bus(net, v_kv, name="rack PDU")
    n = transformer_count(p_design_w, 300.0, spec.transformer_loading_max, spec.power_factor)
    index = _transformer(net, row, rack, "PDU transformer 300 kVA", 300.0, n, v_kv, v_kv)
    part.elements["PDU transformer"] = ("trafo", index)
    part.notes["PDU transformer"] = f"{n} x 300 kVA"
    return int(rack)


def rack_part(spec: AcChainSpec, p_design_w: float) -> Part:
    """From the UPS output to the rack PSUs."""
    pp = engine()

    net = _empty_network()
    bus = pp.create_bus(net, spec.v_lv_v / 1e3, name="UPS output")
    pp.create_ext_grid(net, bus)
    part = Part(net, load=-1, aux=None)
    end = _rack_side(part, spec, bus, p_design_w)
    part.load = int(pp.create_load(net, end, p_mw=0.0))
    return part


def supply_part(spec: AcChainSpec, p_design_w: float, to_racks: bool) -> Part:
    """From the inverter or MV generator terminals to the UPS input, or to the racks where there is no UPS."""
    pp = engine()

    net = _empty_network()
    v_inv, v_mv, v_lv = spec.v_inverter_v / 1e3, spec.v_mv_v / 1e3, spec.v_lv_v / 1e3
    names = (("MV block", v_mv), ("MV hall", v_mv), ("LV main", v_lv))
    block, hall, main = (pp.create_bus(net, v, name=n) for n, v in names)
    part = Part(net, load=-1, aux=None)
    if spec.feed in ("generator", "grid"):
        pp.create_ext_grid(net, block, vm_pu=spec.v_inverter_pu)
    else:
        inverter = pp.create_bus(net, v_inv, name="inverter")
        pp.create_ext_grid(net, inverter, vm_pu=spec.v_inverter_pu)
        kva = 1.1 * spec.block_p_w / 1e3
        step_up = _transformer(net, block, inverter, "step-up transformer", kva, spec.n_blocks, v_mv, v_inv)
        part.elements["step-up transformer"] = ("trafo", step_up)
        part.notes["step-up transformer"] = f"{spec.n_blocks} x {kva:.0f} kVA"
    cable, note = _mv_cable(net, block, hall, spec, spec.n_blocks * spec.block_p_w)
    n = transformer_count(
        p_design_w + spec.cooling_p_w, 2500.0, spec.transformer_loading_max, spec.power_factor
    )
    n *= 2 if spec.transformer_redundancy == "2N" else 1
    step_down = _transformer(net, hall, main, "MV/LV transformer 2500 kVA", 2500.0, n, v_mv, v_lv)
    part.elements |= {
        "MV cable": ("line", cable),
        "MV/LV transformer": ("trafo", step_down),
    }
    part.notes |= {
        "MV cable": note,
        "MV/LV transformer": f"{n} x 2500 kVA",
    }
    part.aux = int(pp.create_load(net, main, p_mw=0.0))
    if to_racks:
        end = _rack_side(part, spec, main, p_design_w)
    else:
        end = int(pp.create_bus(net, v_lv, name="UPS input"))
        line, note = _lv_feeder(net, main, end, spec, p_design_w, spec.lv_length_to_ups_m, n)
        part.elements["LV feeders to UPS"], part.notes["LV feeders to UPS"] = ("line", line), note
    part.load = int(pp.create_load(net, end, p_mw=0.0))
    return part


def grid_part(spec: AcChainSpec, p_design_w: float, transformer: bool) -> Part:
    """From the grid's MV terminals to the rectifiers on the LV main board, or to solid-state transformers."""
    pp = engine()

    net = _empty_network()
    grid, hall = (pp.create_bus(net, spec.v_mv_v / 1e3, name=n) for n in ("MV grid", "MV hall"))
    pp.create_ext_grid(net, grid, vm_pu=spec.v_inverter_pu)
    cable, note = _mv_cable(net, grid, hall, spec, spec.n_blocks * spec.block_p_w)
    part = Part(net, load=-1, aux=None, elements={"MV cable": ("line", cable)}, notes={"MV cable": note})
    end = hall
    if transformer:
        end = pp.create_bus(net, spec.v_lv_v / 1e3, name="LV main")
        n = transformer_count(p_design_w, 2500.0, spec.transformer_loading_max, spec.power_factor)
        n *= 2 if spec.transformer_redundancy == "2N" else 1
        index = _transformer(
            net, hall, end, "MV/LV transformer 2500 kVA", 2500.0, n, spec.v_mv_v / 1e3, spec.v_lv_v / 1e3
        )
        part.elements["MV/LV transformer"], part.notes["MV/LV transformer"] = (
            ("trafo", index),
            f"{n} x 2500 kVA",
        )
    part.aux = int(pp.create_load(net, end, p_mw=0.0))
    part.load = int(pp.create_load(net, end, p_mw=0.0))
    return part


def solve_part(part: Part, p_load_w: float, p_aux_w: float, power_factor: float) -> PartSolution | None:
    """Run pandapower on one part; None where it finds no solution."""
    net, tangent = part.net, math.tan(math.acos(power_factor))
    if isinstance(net, ac_ladder.Ladder):
        return _solve_ladder(part, p_load_w, p_aux_w, tangent)
    import pandapower as pp

    for index, p in ((part.load, p_load_w), (part.aux, p_aux_w)):
        if index is not None:
            net.load.loc[index, ["p_mw", "q_mvar"]] = [p / 1e6, p / 1e6 * tangent]
    try:
        pp.runpp(
            net,
            numba=False,
            check_connectivity=False,
            tolerance_mva=1e-9,
            calculate_voltage_angles=False,
            trafo_model="pi",
            max_iteration=30,
        )
    except pp.LoadflowNotConverged:
        return None
    losses = {name: 1e6 * float(net[f"res_{kind}"].pl_mw.at[k]) for name, (kind, k) in part.elements.items()}
    loadings = [float(net[f"res_{kind}"].loading_percent.at[k]) / 100.0 for kind, k in part.elements.values()]
    p_in = 1e6 * float(net.res_ext_grid.p_mw.sum())
    return PartSolution(p_in, losses, float(net.res_bus.vm_pu.min()), max(loadings, default=0.0))


def _solve_ladder(part: Part, p_load_w: float, p_aux_w: float, tangent: float) -> PartSolution | None:
    """The same part by `ac_ladder`."""
    given = ((part.load, p_load_w), (part.aux, p_aux_w))
    loads = {k: complex(p / 1e6, p / 1e6 * tangent) for k, p in given if k is not None}
    found = ac_ladder.solve(part.net, loads)
    if found is None:
        return None
    losses = {name: 1e6 * found.loss_mw[element] for name, element in part.elements.items()}
    loadings = [found.loading[element] for element in part.elements.values()]
    return PartSolution(1e6 * found.p_in_mw, losses, found.v_min_pu, max(loadings, default=0.0))
