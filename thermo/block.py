"""Put a block together: states, powers, losses and machines of one solved point become a `CycleResult`."""

from types import MappingProxyType

import numpy as np

from .cooler import CoolerResult
from .electrical import Chain, electrical
from .flash import isentropic
from .heat_source import FiredHeaterResult
from .helmholtz import properties
from .layouts.parts import (
    DT_HTR,
    DT_LTR,
    HTR_HP,
    HTR_LP,
    LTR_HP,
    LTR_LP,
    MC_IN,
    MC_OUT,
    RC_OUT,
    STATE_NAMES,
    T_IN,
    T_OUT,
    UA_HTR,
    UA_LTR,
    Inputs,
)  # fmt: skip
from .machine_sizing import MachineSize, size_compressor, size_gearbox, size_generator, size_turbine
from .outcome import Outcome
from .result import CycleResult
from .spec import CycleSpec
from .state import State
from .turbomachinery import H_, P_, RHO_, S_, T_


def failed(spec: CycleSpec, outcome: Outcome, explain: str = "", T_ambient_K: float | None = None,
           load: float | None = None) -> CycleResult:  # fmt: skip
    """A result without numbers."""
    return CycleResult(spec, outcome, explain or outcome.value, T_ambient_K=T_ambient_K, load=load)


def isentropic_head(row: np.ndarray, p_out_Pa: float) -> float:
    """Isentropic enthalpy change [J/kg] from a state row to a pressure, always positive."""
    _ok, rho, T = isentropic(p_out_Pa, row[S_], row[P_], row[RHO_], row[T_])
    return abs(float(properties(rho, T)[1] - row[H_]))


def _machines(c: Inputs, st: np.ndarray, m: float, W: dict[str, float], chain: Chain,
              W_shaft: float) -> tuple[MachineSize, ...]:  # fmt: skip
    turbine = size_turbine(
        W["turbine"], isentropic_head(st[T_IN], c.p_turbine_out), m, st[T_OUT, RHO_], c.eta_t
    )
    found = [turbine]
    head = isentropic_head(st[MC_IN], c.p_mc_out)
    found.append(
        size_compressor("main compressor", W["compressor"], head, m * (1 - c.f), st[MC_IN, RHO_], c.eta_c)
    )
    if c.f > 0.0:
        head = isentropic_head(st[LTR_LP], c.p_ltr_hp)
        found.append(
            size_compressor("recompressor", W["recompressor"], head, m * c.f, st[LTR_LP, RHO_], c.eta_r)
        )
    if chain.geared:
        found.append(size_gearbox(W_shaft, turbine.speed_rpm, chain.eta_gearbox))
    drive = "geared" if chain.geared else "direct"
    return (*found, size_generator(W_shaft, turbine.speed_rpm, drive, chain.eta_generator))


def _states(st: np.ndarray, simple: bool) -> MappingProxyType[str, State]:
    skip = ("mixer_outlet", "htr_hp_outlet", "htr_lp_outlet", "recompressor_outlet") if simple else ()
    return MappingProxyType({
        name: State(*(float(v) for v in (row[T_], row[P_], row[H_], row[S_], row[RHO_])))
        for name, row in zip(STATE_NAMES, st, strict=True) if name not in skip
    })  # fmt: skip


def assemble(
    spec: CycleSpec, chain: Chain, c: Inputs, m: float, st: np.ndarray, hx: np.ndarray, cooler: CoolerResult,
    heater: FiredHeaterResult | None, simple: bool, *, outcome: Outcome = Outcome.OK, explain: str = "",
    active_bounds: tuple[str, ...] = (), T_ambient_K: float | None = None, load: float = 1.0,
    W_shaft_rated: float | None = None, machines: tuple[MachineSize, ...] | None = None, speed_frac: float = 1.0,
) -> CycleResult:  # fmt: skip
    """The result of a solved point with its cooler and heater."""
    h = st[:, H_]
    W = {
        "turbine": float(m * (h[T_IN] - h[T_OUT])),
        "compressor": float(m * (1 - c.f) * (h[MC_OUT] - h[MC_IN])),
        "recompressor": float(m * c.f * (h[RC_OUT] - h[LTR_LP])) if c.f > 0.0 else 0.0,
    }
    W_shaft = W["turbine"] - W["compressor"] - W["recompressor"]
    Q_heater = float(m * (h[T_IN] - h[LTR_HP if simple else HTR_HP]))
    last = T_OUT if simple else HTR_LP
    e = electrical(
        chain, W_shaft, W_shaft_rated or W_shaft, cooler.W_fan_W, heater.W_blower_W if heater else 0.0
    )
    return CycleResult(
        spec=spec,
        outcome=outcome,
        explain=explain or outcome.value,
        layout_used="simple_recuperated" if simple else spec.layout,
        eta_thermal=W_shaft / Q_heater,
        eta_net=e.W_net_W / Q_heater,
        eta_fuel=e.W_net_W / heater.Q_fuel_LHV_W if heater else None,
        W_shaft_W=W_shaft,
        W_generator_W=e.W_generator_W,
        W_net_W=e.W_net_W,
        W_turbine_W=W["turbine"],
        W_compressor_W=W["compressor"],
        W_recompressor_W=W["recompressor"],
        m_dot_kg_s=float(m),
        p_low_Pa=c.p_mc_in,
        p_high_Pa=c.p_mc_out,
        recompression_fraction=c.f,
        Q_heater_W=Q_heater,
        Q_cooler_W=float(m * (1 - c.f) * (h[LTR_LP] - h[MC_IN])),
        Q_ltr_W=float(m * (h[last] - h[LTR_LP])),
        Q_htr_W=0.0 if simple else float(m * (h[T_OUT] - h[HTR_LP])),
        UA_ltr_W_K=float(hx[UA_LTR]),
        UA_htr_W_K=0.0 if simple else float(hx[UA_HTR]),
        UA_cooler_W_K=cooler.UA_W_K,
        dT_min_ltr_K=float(hx[DT_LTR]),
        dT_min_htr_K=None if simple else float(hx[DT_HTR]),
        W_fan_W=cooler.W_fan_W,
        losses_W=e.losses_W,
        states=_states(st, simple),
        heater=heater,
        cooler=cooler,
        machines=_machines(c, st, m, W, chain, W_shaft) if machines is None else machines,
        active_bounds=active_bounds,
        T_ambient_K=cooler.T_air_in_K if T_ambient_K is None else T_ambient_K,
        T_compressor_in_K=c.T_mc_in,
        load=load,
        eta_turbine=c.eta_t,
        eta_compressor=c.eta_c,
        eta_recompressor=c.eta_r if c.f > 0.0 else None,
        speed_frac=speed_frac,
        inputs=c,
    )
