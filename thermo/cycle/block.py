"""Put a block together: states, powers and losses of one solved point become a `CycleResult`."""

from collections.abc import Mapping
from types import MappingProxyType

from thermo.co2.flash import isentropic
from thermo.co2.helmholtz import properties
from thermo.cold_end.cooler import CoolerResult
from thermo.cold_end.operation import ColdEndPoint
from thermo.cycle.candidate import Point
from thermo.cycle.components import Component, components_of, states_of
from thermo.heat_sources.fired_heater import FiredHeaterResult
from thermo.layouts.flowsheet import heat_return
from thermo.layouts.parts import DT_HTR, DT_LTR, ONE_RECUPERATOR, UA_HTR, UA_LTR
from thermo.machines.electrical import Chain, electrical
from thermo.outcome import Outcome
from thermo.part_load.recycle import with_recycle
from thermo.result import CycleResult
from thermo.spec import CycleSpec
from thermo.state import State


def failed(spec: CycleSpec, outcome: Outcome, explain: str = "", T_ambient_K: float | None = None,
           load: float | None = None) -> CycleResult:  # fmt: skip
    """A result without numbers."""
    return CycleResult(spec, outcome, explain or outcome.value, T_ambient_K=T_ambient_K, load=load)


def isentropic_head(inlet: State, p_out_Pa: float) -> float:
    """Isentropic enthalpy change [J/kg] from a state to a pressure, always positive."""
    _ok, rho, T = isentropic(p_out_Pa, inlet.s_J_kgK, inlet.p_Pa, inlet.rho_kg_m3, inlet.T_K)
    return abs(float(properties(rho, T)[1] - inlet.h_J_kg))


def components_and_states(
    pt: Point, recycle: tuple[float, float] = (0.0, 0.0)
) -> tuple[tuple[Component, ...], dict[str, State]]:
    """Components and states of a solved point, with the shares that the recycle valves return."""
    states = states_of(pt.layout, pt.st)
    found = components_of(pt.layout, states, pt.m_dot, pt.inputs.f, pt.inputs.split, pt.hx)
    return with_recycle(found, states, recycle) if max(recycle) > 0.0 else (found, states)


def assemble(
    spec: CycleSpec, chain: Chain, pt: Point, coolers: tuple[CoolerResult, ...], heater: FiredHeaterResult | None, *,
    outcome: Outcome = Outcome.OK, explain: str = "", active_bounds: tuple[str, ...] = (),
    T_ambient_K: float | None = None, load: float = 1.0, W_shaft_rated: float | None = None,
    rated: CycleResult | None = None, speed_frac: float = 1.0, recycle: tuple[float, float] = (0.0, 0.0),
    charge_kg: float | None = None, flow_over_surge: Mapping[str, float] | None = None,
    exhaust_mach: Mapping[str, float] | None = None, cold: ColdEndPoint | None = None,
) -> CycleResult:  # fmt: skip
    """The result of a solved point with its coolers (the main one first) and heater; `rated`: its design."""
    c = pt.inputs
    components, states = components_and_states(pt, recycle)
    by_name = {x.name: x for x in components}

    def power(name: str) -> float:
        return by_name[name].W_W if name in by_name else 0.0

    def duty(kind: str) -> float:
        return sum(x.Q_W for x in components if x.kind == kind)

    W_shaft = sum(x.W_W * {"turbine": 1.0, "compressor": -1.0}.get(x.kind, 0.0) for x in components)
    two = c.kind != ONE_RECUPERATOR
    fans = sum(x.W_fan_W for x in coolers)
    cold = cold or ColdEndPoint()
    blower = heater.W_blower_W if heater else 0.0
    e = electrical(chain, W_shaft, W_shaft_rated or W_shaft, fans, blower, cold.tower_W)
    Q = duty("heater")
    return CycleResult(
        spec=spec,
        outcome=outcome,
        explain=explain or outcome.value,
        layout_used=pt.layout.name,
        eta_thermal=W_shaft / Q,
        eta_net=e.W_net_W / Q,
        eta_fuel=e.W_net_W / heater.Q_fuel_LHV_W if heater else None,
        W_shaft_W=W_shaft,
        W_generator_W=e.W_generator_W,
        W_net_W=e.W_net_W,
        W_turbine_W=sum(x.W_W for x in components if x.kind == "turbine"),
        W_compressor_W=power("main_compressor"),
        W_recompressor_W=power("recompressor"),
        W_precompressor_W=power("precompressor"),
        m_dot_kg_s=float(pt.m_dot),
        p_low_Pa=c.p_mc_in,
        p_high_Pa=c.p_mc_out,
        p_precompressor_in_Pa=c.p_pc_in if pt.layout.precompressor else None,
        p_reheat_Pa=c.p_hpt_out if pt.layout.reheat else None,
        recompression_fraction=c.f,
        split_fraction=c.split if "split" in pt.layout.free else None,
        Q_heater_W=Q,
        Q_cooler_W=duty("cooler"),
        Q_ltr_W=by_name["low_temperature_recuperator"].Q_W,
        Q_htr_W=by_name["high_temperature_recuperator"].Q_W if two else 0.0,
        UA_ltr_W_K=float(pt.hx[UA_LTR]),
        UA_htr_W_K=float(pt.hx[UA_HTR]) if two else 0.0,
        UA_cooler_W_K=sum(x.UA_W_K for x in coolers),
        dT_min_ltr_K=float(pt.hx[DT_LTR]),
        dT_min_htr_K=float(pt.hx[DT_HTR]) if two else None,
        W_fan_W=fans,
        water_kg_s=cold.water.makeup_kg_s,
        water=cold.water,
        cold_end_mode=cold.mode,
        cold_end_flags=cold.flags,
        cold_ends=cold.sized,
        losses_W=e.losses_W,
        states=MappingProxyType(states),
        components=components,
        T_heat_return_K=states[heat_return(pt.layout, c.split)].T_K,
        heater=heater,
        cooler=coolers[0],
        coolers=coolers,
        drive="geared" if chain.geared else "direct",
        rated=rated,
        active_bounds=active_bounds,
        T_ambient_K=coolers[0].T_air_in_K if T_ambient_K is None else T_ambient_K,
        T_compressor_in_K=c.T_mc_in,
        load=load,
        eta_turbine=c.eta_t,
        eta_compressor=c.eta_c,
        eta_recompressor=c.eta_r if pt.layout.recompressor else None,
        speed_frac=speed_frac,
        charge_kg=charge_kg,
        flow_over_surge=flow_over_surge or {},
        exhaust_mach=exhaust_mach or {},
        inputs=c,
    )
