"""What a block's auxiliaries take, item by item, beside the default share that the cycle's account uses.

    seal gas recovery     leakage of the shaft seals back to the low pressure: m w_s/eta, in equal ratios with
    intercooling
    seal gas heating      so that leakage throttled to the cavity ends 20 K above saturation: m (h_needed - h_supply)
    bearings              oil: pump for the flow that carries the mechanical loss, W = Q dp/(rho c dT eta); magnetic:
    power each
    generator cooling     a share of the generator's loss
    CO2 transfer          vessel to loop and back where the pressures need it: m w_s/eta, for a share of the time
    controls              fixed, with a share of the generator's power

Cooler fans and the heater's blower are accounted on their own; the CO2 that leaks has been compressed and is lost to
the cycle: that is in the mechanical efficiency (`machine_losses`), not here.

Source: energy balances with Span & Wagner properties. Grade of the inputs: assumption.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from thermo.co2.fluid import heos, state_ph, state_ps, state_pT
from thermo.defaults import default
from thermo.inventory.balance import Inventory
from thermo.result import CycleResult
from thermo.spec import SpecError

Bearings = Literal["oil", "magnetic"]
HOURS_PER_YEAR = 8760.0


@dataclass(frozen=True)
class AuxiliaryItem:
    """One consumer: mean power [W], greatest power [W], how it was found, grade of its inputs."""

    name: str
    W: float
    W_max_W: float
    basis: str
    grade: str


@dataclass(frozen=True)
class Auxiliaries:
    """Items, their sum [W] and as a share of the generator's power, the default [W] that the block's account uses, CO2
    that leaks [kg/s] and that must be bought [kg/year of full operation]."""

    items: tuple[AuxiliaryItem, ...]
    total_W: float
    share_of_generator: float
    default_W: float
    leakage_kg_s: float
    make_up_kg_year: float
    explain: str


def compression_W(m_dot_kg_s: float, p_from_Pa: float, T_K: float, p_to_Pa: float, eta: float) -> float:
    """Power to compress CO2 in equal ratios of at most 3, cooled back to its inlet temperature between them [W].

    >>> round(compression_W(1.0, 2e6, 310.0, 6e6, 0.7) / 1e3)
    94
    """
    if p_to_Pa <= p_from_Pa or m_dot_kg_s <= 0.0:
        return 0.0
    n = 1
    while (p_to_Pa / p_from_Pa) ** (1.0 / n) > 3.0 + 1e-9:
        n += 1
    ratio, work = (p_to_Pa / p_from_Pa) ** (1.0 / n), 0.0
    for k in range(n):
        inlet = state_pT(p_from_Pa * ratio**k, T_K)
        work += state_ps(p_from_Pa * ratio ** (k + 1), inlet.s_J_kgK).h_J_kg - inlet.h_J_kg
    return m_dot_kg_s * work / eta


def throttled_enthalpy_J_kg(p_cavity_Pa: float, superheat_K: float) -> float:
    """Enthalpy [J/kg] of CO2 that much above saturation at the cavity's pressure, as throttled seal gas must have
    it."""
    import CoolProp.CoolProp as CP

    eos = heos()
    eos.update(CP.PQ_INPUTS, p_cavity_Pa, 1.0)
    return state_pT(p_cavity_Pa, eos.T() + superheat_K).h_J_kg


def _seals(r: CycleResult, T_K: float) -> tuple[list[AuxiliaryItem], float]:
    assert r.m_dot_kg_s is not None
    assert r.p_low_Pa is not None
    m = r.m_dot_kg_s * default("seal_leakage_frac")
    p = default("seal_cavity_p_Pa")
    W = compression_W(m, p, T_K, r.p_low_Pa, default("eta_recovery_compressor"))
    supply = r.states.get("recompressor_outlet") or r.states["main_compressor_outlet"]
    Q = m * max(0.0, throttled_enthalpy_J_kg(p, default("seal_superheat_K")) - supply.h_J_kg)
    cold = state_ph(p, supply.h_J_kg)
    words = f"supply throttles to {cold.T_K - 273.15:.0f} degC" + (
        " and condenses" if cold.quality is not None else ""
    )
    return [
        AuxiliaryItem("seal gas recovery compressor", W, W,
                      f"{m:.3f} kg/s from {p / 1e6:.1f} to {r.p_low_Pa / 1e6:.1f} MPa", "assumption"),
        AuxiliaryItem("seal gas heater", Q, Q, words, "assumption"),
    ], m  # fmt: skip


def _bearing_item(r: CycleResult, bearings: Bearings) -> AuxiliaryItem:
    if bearings == "magnetic":
        shafts = len({m.shaft for m in r.machines if m.shaft}) or 1
        n = default("magnetic_bearings_per_shaft") * shafts
        W = n * default("magnetic_bearing_W")
        return AuxiliaryItem("magnetic bearings", W, W, f"{n:.0f} bearings with their controls", "assumption")
    loss = r.losses_W.get("mechanical", 0.0) + r.losses_W.get("gearbox", 0.0)
    flow = loss / (default("oil_heat_J_m3K") * default("oil_rise_K"))
    W = flow * default("oil_pressure_Pa") / default("eta_pump") + default("oil_cooler_share") * loss
    words = f"{loss / 1e3:.0f} kW carried by the oil; twice at start"
    return AuxiliaryItem("lube oil pumps and cooler", W, 2.0 * W, words, "assumption")


def _transfer(inv: Inventory | None, r: CycleResult) -> AuxiliaryItem:
    if inv is None or inv.transfer_kg_s is None or inv.tank_p_min_Pa is None or inv.tank_p_max_Pa is None:
        return AuxiliaryItem("CO2 transfer compressor", 0.0, 0.0, "no vessel", "assumption")
    assert r.p_low_Pa is not None
    assert r.p_high_Pa is not None
    T, eta, m = default("tank_T_K"), default("eta_recovery_compressor"), inv.transfer_kg_s
    out = compression_W(m, inv.tank_p_min_Pa, T, r.p_low_Pa, eta)
    T_hot = r.states["main_compressor_outlet"].T_K
    into = compression_W(m, r.p_high_Pa, T_hot, inv.tank_p_max_Pa, eta)
    most = max(out, into)
    words = "the vessel's pressures lie between the loop's: CO2 flows by itself"
    if most > 0.0:
        words = f"{m:.2f} kg/s, {default('transfer_time_share'):.0%} of the time"
    return AuxiliaryItem(
        "CO2 transfer compressor", default("transfer_time_share") * most, most, words, "assumption"
    )


def block_auxiliaries(r: CycleResult, inv: Inventory | None = None, *, bearings: Bearings = "oil",
                T_ambient_K: float = 303.15) -> Auxiliaries:  # fmt: skip
    """Auxiliary consumers of a point of a block.

    Parameters
    ----------
    r : CycleResult
        Design or operating point.
    inv : Inventory, optional
        Gives vessel and transfer rate.
    bearings : {"oil", "magnetic"}
        Kind of bearings.
    T_ambient_K : float
        Temperature to which leaked CO2 is cooled before it is compressed [K].
    """
    r.require_ok()
    if bearings not in ("oil", "magnetic"):
        raise SpecError([f"bearings: {bearings!r} is not one of oil, magnetic"])
    assert r.W_generator_W is not None
    seals, leak = _seals(r, T_ambient_K)
    gen = default("generator_cooling_share") * r.losses_W.get("generator", 0.0)
    controls = default("controls_W") + default("controls_share") * r.W_generator_W
    items = (
        *seals, _bearing_item(r, bearings), _transfer(inv, r),
        AuxiliaryItem("generator cooling", gen, gen, "share of the generator's loss", "assumption"),
        AuxiliaryItem("controls, instruments, lighting", controls, controls, "fixed and by size", "assumption"),
    )  # fmt: skip
    total, usual = sum(i.W for i in items), r.losses_W.get("auxiliaries", 0.0)
    lost = leak * (1.0 - default("seal_recovery")) * 3600.0 * HOURS_PER_YEAR
    words = (f"the items take {total / 1e3:.0f} kW, {total / r.W_generator_W:.2%} of the generator's power; "
             f"the block's account holds {usual / 1e3:.0f} kW")  # fmt: skip
    return Auxiliaries(items, total, total / r.W_generator_W, usual, leak, lost, words)
