"""A designed block at one ambient: its points at given pressures, speeds or powers, with warm starts."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from thermo.co2.fluid import T_CRIT_K, p_pseudocritical_Pa
from thermo.co2.property_table import property_table
from thermo.cold_end.running import cold_end_at
from thermo.cycle.candidate import Point as Solved
from thermo.cycle.candidate import Variables
from thermo.defaults import default
from thermo.heat_sources.fired_heater import FiredHeaterResult
from thermo.inventory.balance import loop_charge_kg, loop_volumes, tank_limits
from thermo.inventory.loop_charge import N_SEGMENTS, charges, volume_table
from thermo.layouts import LAYOUTS
from thermo.layouts.flowsheet import heat_return
from thermo.layouts.parts import (
    EXACT,
    HTR_LP,
    LTR_HP,
    LTR_LP,
    MC_IN,
    MC_OUT,
    PC_IN,
    PC_OUT,
    SOLVED,
    STATE_NAMES,
    T2_IN,
    T_OUT,
    Inputs,
)
from thermo.machines.electrical import Chain, chain_of, electrical
from thermo.machines.turbomachinery import H_, T_
from thermo.part_load.accelerate import memory
from thermo.part_load.cold_side import Air
from thermo.part_load.control import ControlSpec
from thermo.part_load.exhaust import exhausts
from thermo.part_load.hardware import hardware, state_table
from thermo.part_load.heater_load import blower_fit, heater_at_load
from thermo.part_load.kernel import (
    BY_POWER,
    BY_PRESSURE,
    BY_SPEED,
    N_UNKNOWN,
    V_F,
    V_H1,
    V_HPC,
    V_K,
    V_M,
    V_MID,
    V_PH,
    V_PPC,
    V_PRH,
    V_RHO,
    V_S,
    V_TIN,
    Goal,
    HotStream,
    Net,
    Running,
    blower_W,
    operate,
)
from thermo.result import CycleResult

P_HIGH_MIN_FRAC = 0.3  # lowest high pressure over the design's: the turbine still runs well above p_low
HELD = HotStream(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)  # turbine inlet temperature held


class OutOfTimeError(RuntimeError):
    """A point took longer than its control allows."""


@dataclass
class Point:
    """A solved operating point: low and high pressure [Pa], fan speed set, inputs, flow [kg/s], state and exchanger tables,
    how it runs, its heater once it is final."""

    p_low: float
    p_high: float
    fan: float
    inputs: Inputs
    m: float
    st: np.ndarray
    hx: np.ndarray
    run: Running
    heater: FiredHeaterResult | None = None

    @property
    def Q(self) -> float:
        """Heat [W]."""
        return self.run.Q

    @property
    def W_shaft(self) -> float:
        """Shaft power [W]."""
        return self.run.W_shaft

    @property
    def W_net(self) -> float:
        """Net power [W]."""
        return self.run.W_net


@dataclass
class Warm:
    """Where the next solve starts: unknowns and memories of `operate`."""

    v: np.ndarray
    xy: np.ndarray
    jac: np.ndarray
    mem: np.ndarray

    def copy(self) -> Warm:
        """A copy of its own."""
        return Warm(self.v.copy(), self.xy.copy(), self.jac.copy(), self.mem.copy())


class Plant:
    """A designed block ready to be operated at one ambient temperature: holds hardware and warm starts."""

    def __init__(self, r: CycleResult, T_ambient_K: float, control: ControlSpec, relative_humidity: float | None = None
                 ) -> None:  # fmt: skip
        assert r.W_shaft_W is not None
        assert r.W_net_W is not None
        assert r.inputs is not None
        self.r, self.T_amb, self.control = r, T_ambient_K, control
        self.layout = LAYOUTS[r.layout_used or r.spec.layout]
        self.hw = hardware(r, dp_with_density=control.mode != "heat_given" or control.turbine_inlet == "hold")
        margin = control.surge_margin_frac
        margin = default("surge_margin") if margin is None else margin
        self.hw = self.hw._replace(phi_min=default("compressor_phi_surge") * (1.0 + margin))
        self.exhausts = exhausts(r)
        self.chain: Chain = chain_of(r.spec, geared=r.drive == "geared")
        self.W_rated, self.W_shaft_rated = r.W_net_W, r.W_shaft_W
        self.p_high_max = r.inputs.p_mc_out * (r.spec.p_high_max_frac or default("p_high_max_frac"))
        self.hot = HELD
        self.table = property_table()
        self.cold = cold_end_at(r, T_ambient_K, relative_humidity)
        self._air()
        self._net()
        self._charge()
        self.home = self._home()
        self.warm = self.home.copy()
        self.top: Point | None = None
        self.top_known = False
        self.floor: Point | None = None
        self.floor_words = ""
        self.restart_clock()

    def _air(self) -> None:
        cold, T_min = self.cold, self.cold.T_least_K
        if self.control.fan == "hold_T":
            T_min = self.control.T_compressor_in_K or self.hw.c.T_mc_in
        UA, share = (np.array([*x, 1.0][:2]) for x in (cold.UA_W_K, cold.air_share))
        self.hw = self.hw._replace(UA_cooler=UA, air_share=share)
        air = cold.now.air
        self.air = Air(
            air.T_K, np.array([*cold.C_full_W_K, 1.0][:2]), cold.ratio_full, T_min, 1.0, air.recirculation
        )

    def _net(self) -> None:
        """Powers around the shaft as the kernel takes them."""
        W = self.W_shaft_rated
        most, least = (electrical(self.chain, x, W, 0.0, 0.0).W_net_W for x in (W, 0.0))
        fans = np.array([*(self.cold.fan_W(k, 1.0) for k in range(len(self.r.coolers))), 0.0][:2])
        row = STATE_NAMES.index(heat_return(self.layout, self.hw.c.split))
        cold, blower = self.cold, blower_fit(self.r, self.T_amb)
        self.net = Net((most - least) / W, cold.heater_W - least, self.W_rated, fans, cold.now.fan_speed_least,
                       cold.pump_frac or 0.0, blower, row)  # fmt: skip

    def _charge(self) -> None:
        self.tank = None
        spec, first = self.control.inventory, self.r.coolers[0]
        if spec is not None:
            assert self.r.inputs is not None
            volumes = loop_volumes(self.r, spec)
            approach, rise = self.r.inputs.T_mc_in - first.T_air_in_K, first.T_air_out_K - first.T_air_in_K
            self.loop = volume_table(volumes, list(STATE_NAMES), approach, rise)
            self.charge_design = loop_charge_kg(self.r, volumes)
            self.tank = tank_limits(spec, self.r, self.charge_design)

    def _home(self) -> Warm:
        """The design point as a start."""
        c, st, v = self.hw.c, state_table(self.r), np.zeros(N_UNKNOWN)
        v[V_M], v[V_F], v[V_S], v[V_K] = 1.0, c.f, c.split, 0.0
        v[V_H1], v[V_HPC], v[V_TIN] = 1e-5 * st[MC_IN, H_], 1e-5 * st[PC_IN, H_], 0.01 * c.T_turbine_in
        v[V_PPC], v[V_PRH], v[V_PH] = (np.log(max(p, 1.0)) for p in (c.p_pc_in, c.p_reheat, c.p_mc_out))
        middle = PC_OUT if self.layout.precompressor == 1 else LTR_LP
        v[V_MID] = 0.01 * st[middle if c.f > 0.0 else T2_IN, T_] or 3.0
        v[V_RHO:] = np.log(self.hw.rho)
        y = st[LTR_LP, T_]
        if self.layout.name == "cascade":
            y = st[T_OUT, T_] + st[MC_OUT, T_] - st[LTR_HP, T_]
        return Warm(v, np.array([st[HTR_LP, T_], y, 1.0, 1.0, 1.0]), np.zeros(4), memory(N_UNKNOWN))

    def restart_clock(self) -> None:
        """Give the next point its full time: this thread's processor time, so that a busy machine answers the same."""
        self.deadline = time.thread_time() + self.control.time_limit_s

    def at(
        self, p_low: float, p_high: float | None = None, *, speed: float | None = None, W: float | None = None,
        T_in: float | None = None, fan: float = 1.0, T_min: float | None = None, exact: bool = False, tol: float = 1e-6,
    ) -> Point | None:  # fmt: skip
        """The point at a low pressure [Pa] that has a high pressure [Pa], or a shaft speed, or gives a net power [W] (as
        near to it as the bounds of the high pressure allow); None where the hardware has no answer.

        T_in: turbine inlet [K] where no hot stream makes it; fan: greatest speed; T_min: least compressor inlet [K]."""
        if time.thread_time() > self.deadline:
            raise OutOfTimeError
        least, n_min = max(P_HIGH_MIN_FRAC * self.hw.c.p_mc_out, 1.15 * p_low), self.control.speed_min_frac
        goal = Goal(BY_POWER, W or 0.0, least, self.p_high_max, n_min)
        if p_high is not None:
            goal = Goal(BY_PRESSURE, p_high, p_high, p_high, n_min)
        elif speed is not None:
            goal = Goal(BY_SPEED, speed, least, 2.0 * self.p_high_max, 0.0)
        air = self.air._replace(fan=fan, T_min=self.air.T_min if T_min is None else T_min)
        for warm in (self.warm, self.home.copy()):
            if self.hot.C == 0.0:
                warm.v[V_TIN] = 0.01 * (T_in or self.hw.c.T_turbine_in)
            if p_high is not None:
                warm.v[V_M] *= p_high / np.exp(warm.v[V_PH])
                warm.v[V_PH] = np.log(p_high)
            status, c, m, st, hx, run, self.passes = operate(
                self.hw, air, self.net, self.hot, goal, p_low, self.hw.c.n, EXACT if exact else self.table, tol, warm.v,
                warm.xy, warm.jac, warm.mem)  # fmt: skip
            if status == SOLVED:
                self.warm = warm
                return Point(p_low, c.p_mc_out, fan, c, m, st, hx, run)
        return None

    def final(self, p_low: float, *, exact: bool = False, **how: float | None) -> Point | None:
        """As `at`, tightly solved, and the fired heater with it; exact: temperatures along exchangers from the equation of
        state instead of the property table (some 1e-6 in power)."""
        fit = self.net.blower
        fit[11:] = 0.0
        pt = None
        for _ in range(6):
            pt = self.at(p_low, exact=exact, tol=1e-10 if exact else 1e-9, **how)  # type: ignore[arg-type]
            if pt is None or fit.size == 0:
                return pt
            T_return = float(pt.st[self.net.heat_return, T_])
            pt.heater = heater_at_load(self.r, pt.Q, T_return, self.T_amb)
            if pt.heater is None:
                return None
            miss = pt.heater.W_blower_W - blower_W(fit, pt.Q, T_return)
            if abs(miss) < 1e-11 * self.W_rated:
                break
            fit[11] += miss
        fit[11:] = 0.0
        return pt

    def charge(self, pt: Point) -> float:
        """CO2 in the loop at a point [kg]."""
        kg = np.empty((self.loop.kind.size, 2))
        charges(pt.st, self.loop, N_SEGMENTS, kg)
        return float(kg.sum())

    def solved(self, pt: Point) -> Solved:
        """The point as the block's assembly takes it."""
        x = Variables(pt.p_high, pt.p_low, f=pt.inputs.f, split=pt.inputs.split)
        return Solved(
            x,
            self.layout,
            pt.inputs,
            SOLVED,
            pt.m,
            (0.0, 0.0),
            pt.run.W_shaft / pt.m,
            pt.Q / pt.m,
            pt.st,
            pt.hx,
        )

    def p_low_guess(self) -> float:
        """The design's low pressure moved along the pseudo-critical line to the expected inlet temperature [Pa]."""
        c = self.hw.c
        T = max(self.air.T_min, c.T_mc_in + self.air.T - self.r.coolers[0].T_air_in_K)
        return c.p_mc_in * p_pseudocritical_Pa(T) / p_pseudocritical_Pa(c.T_mc_in)

    def p_low_bounds(self) -> tuple[float, float]:
        """Range in which the low pressure is sought [Pa]."""
        return 0.85 * p_pseudocritical_Pa(max(self.air.T_min, T_CRIT_K)), min(15e6, 0.6 * self.hw.c.p_mc_out)
