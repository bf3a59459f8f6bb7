"""What condensing is worth: the same block designed for one ambient twice, condensing and with the inlet held."""

from dataclasses import dataclass, replace

from thermo.cold_end.cold_end_spec import ColdEndSpec
from thermo.cold_end.condensing import CondensingPoint, SuctionCheck, condensing_point, suction_check
from thermo.cycle.design_point import design
from thermo.result import CycleResult
from thermo.spec import CycleSpec


@dataclass(frozen=True)
class CondensingGain:
    """The same block designed for one ambient twice: condensing, and with the compressor inlet held.

    gain_eta_thermal and gain_eta_net: condensing less held; None where one of the two has no answer. suction: cavitation
    check at the speed of the main compressor's wheel as sized.
    """

    at: CondensingPoint
    condensing: CycleResult | None
    held: CycleResult
    gain_eta_thermal: float | None
    gain_eta_net: float | None
    suction: SuctionCheck | None


def condensing_gain(spec: CycleSpec, cold_end: ColdEndSpec, T_ambient_K: float) -> CondensingGain:
    """What condensing is worth at an ambient [K]: two designs of the same spec (UA, efficiencies, pressures, power)."""
    held = design(replace(
        spec, T_compressor_in_K=max(cold_end["least_compressor_in_K"], T_ambient_K + cold_end["condensing_approach_K"]),
        T_ambient_design_K=T_ambient_K, p_low_Pa=None,
    ))  # fmt: skip
    at = condensing_point(cold_end, T_ambient_K)
    if not at.possible:
        return CondensingGain(at, None, held, None, None, None)
    liquid = design(replace(
        spec, condensing=True, T_compressor_in_K=at.T_pump_in_K, p_low_Pa=at.p_condensing_Pa, T_ambient_design_K=T_ambient_K
    ))  # fmt: skip
    if not (liquid.outcome.ok and held.outcome.ok):
        return CondensingGain(at, liquid, held, None, None, None)
    assert liquid.eta_thermal is not None
    assert held.eta_thermal is not None
    assert liquid.eta_net is not None
    assert held.eta_net is not None
    return CondensingGain(at, liquid, held, liquid.eta_thermal - held.eta_thermal, liquid.eta_net - held.eta_net,
                          _suction(cold_end, at, liquid))  # fmt: skip


def _suction(cold_end: ColdEndSpec, at: CondensingPoint, r: CycleResult) -> SuctionCheck | None:
    pump = next((m for m in r.machines if m.name == "main compressor"), None)
    flow = next((c.streams[0].m_dot_kg_s for c in r.components if c.name == "main_compressor"), None)
    return None if pump is None or flow is None else suction_check(cold_end, at, flow, pump.speed_rpm)
