"""A designed block at one ambient: points at given pressures, with warm starts."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from .candidate import Point as Solved
from .candidate import Variables
from .control import ControlSpec
from .cooler import air_density
from .defaults import default
from .electrical import Chain, chain_of, electrical
from .fluid import p_pseudocritical_Pa
from .hardware import hardware, state_table
from .heat_source import FiredHeaterResult, fired_heater
from .inventory import loop_charge_kg, loop_volumes, tank_limits
from .layouts import LAYOUTS
from .layouts.parts import (
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
    T_OUT,
    Inputs,
)
from .loop_charge import N_SEGMENTS, charges, volume_table
from .operation import Air, Running, operate
from .property_table import property_table
from .result import CycleResult
from .turbomachinery import H_, T_

P_HIGH_MIN_FRAC = (
    0.3  # lowest high pressure, as a share of the design's: the turbine still runs well above p_low
)


_seen: list[bool] = []


class OutOfTimeError(RuntimeError):
    """A point took longer than its control allows."""


@dataclass
class Point:
    """A solved operating point with its surroundings."""

    p_low: float
    p_high: float
    fan: float
    T_in: float
    inputs: Inputs
    m: float
    st: np.ndarray
    hx: np.ndarray
    run: Running
    Q: float
    W_shaft: float
    W_net: float
    W_fan: float
    heater: FiredHeaterResult | None
    follow: tuple


class Plant:
    """A designed block ready to be operated at one ambient temperature: holds hardware and warm starts."""

    def __init__(self, r: CycleResult, T_ambient_K: float, control: ControlSpec) -> None:
        assert r.W_shaft_W is not None
        assert r.W_net_W is not None
        assert r.inputs is not None
        self.r, self.T_amb, self.control = r, T_ambient_K, control
        self.layout = LAYOUTS[r.layout_used or r.spec.layout]
        self.hw = hardware(r, dp_with_density=control.mode != "heat_given" or control.turbine_inlet == "hold")
        self.chain: Chain = chain_of(r.spec, geared=r.drive == "geared")
        self.W_rated, self.W_shaft_rated = r.W_net_W, r.W_shaft_W
        self.rho_air = air_density(r.spec.p_ambient_Pa, T_ambient_K)
        first = r.coolers[0]
        ratio = self.rho_air / first.rho_air_kg_m3
        capacity = [c.m_dot_air_kg_s * default("air_cp_J_kgK") * ratio for c in r.coolers]
        T_min = min(r.spec.min_compressor_in_K, r.inputs.T_mc_in)
        if control.fan == "hold_T":
            T_min = control.T_compressor_in_K or r.inputs.T_mc_in
        self.air = Air(T_ambient_K, np.array([*capacity, 1.0][:2]), ratio, T_min, 1.0, first.recirculation)
        self.p_high_max = r.inputs.p_mc_out * (r.spec.p_high_max_frac or default("p_high_max_frac"))
        self.table = property_table()
        self.jac = np.zeros(4)
        self.slope = 0.0  # of net power over high pressure [W/Pa], from the last search
        self.tank = None
        if control.inventory is not None:
            volumes = loop_volumes(r, control.inventory)
            approach, rise = r.inputs.T_mc_in - first.T_air_in_K, first.T_air_out_K - first.T_air_in_K
            self.loop = volume_table(volumes, list(STATE_NAMES), approach, rise)
            self.tank = tank_limits(control.inventory, r, loop_charge_kg(r, volumes))
        self.last_ok: Point | None = None
        self.floor: Point | None = None
        self.floor_words = ""
        self.restart_clock()
        c = r.inputs
        self.home_st = state_table(r)
        self.warm = self.home_st
        T1 = max(T_min, c.T_mc_in + T_ambient_K - first.T_air_in_K)
        y = self.home_st[LTR_LP, T_]
        if self.layout.name == "cascade":
            y = self.home_st[T_OUT, T_] + self.home_st[MC_OUT, T_] - self.home_st[LTR_HP, T_]
        self.home = (
            self.hw.m,
            c.T_mc_in,
            c.T_pc_in,
            self.home_st[HTR_LP, T_],
            y,
            c.p_pc_in,
            c.p_reheat,
            1.0,
            c.f,
            c.split,
        )
        self.start: tuple = (self.hw.m, T1, max(T_min, c.T_pc_in + T1 - c.T_mc_in), *self.home[3:])
        self.p_start = c.p_mc_out

    def restart_clock(self) -> None:
        """Give the next point its full time: this thread's processor time, so that a busy machine answers the same."""
        self.deadline = time.thread_time() + self.control.time_limit_s

    def at(self, p_low: float, p_high: float, *, fan: float = 1.0, T_in: float | None = None, exact: bool = False,
           tol: float = 1e-6) -> Point | None:  # fmt: skip
        """The point at two pressures [Pa] and a fan speed; None where the hardware has no answer there."""
        if time.thread_time() > self.deadline:
            raise OutOfTimeError
        T_in = self.hw.c.T_turbine_in if T_in is None else T_in
        table = EXACT if exact else self.table
        air = self.air._replace(fan=fan)
        start = (self.start[0] * p_high / self.p_start, *self.start[1:])
        out = operate(self.hw, air, p_low, p_high, T_in, self.hw.c.n, table, tol, start, self.warm, self.jac)
        if not _seen:  # the first call of a process also compiles
            _seen.append(True)
            self.restart_clock()
        if out[0] != SOLVED:
            self.jac[:] = 0.0
            start = (self.hw.m * p_high / self.hw.c.p_mc_out, *self.home[1:])
            out = operate(
                self.hw, air, p_low, p_high, T_in, self.hw.c.n, table, tol, start, self.home_st, self.jac
            )
            if out[0] != SOLVED:
                self.jac[:] = 0.0
                return None
        _s, c, m, follow, st, hx, W, Q, run = out
        self.start, self.warm, self.p_start = follow, st, p_high
        h = st[:, H_]
        W -= run.recycle_c * (1.0 - c.f) * m * (h[MC_OUT] - h[MC_IN])
        if self.layout.precompressor:
            share = 1.0 if self.layout.precompressor == 1 else 1.0 - c.f
            W -= run.recycle_p * share * m * (h[PC_OUT] - h[PC_IN])
        heater = self._heater(Q, float(st[STATE_NAMES.index(self.layout.heat_return), T_]))
        fans = self.fan_power(0, run.fan) + (self.fan_power(1, run.fan_2) if len(self.r.coolers) > 1 else 0.0)
        e = electrical(self.chain, W, self.W_shaft_rated, fans, heater.W_blower_W if heater else 0.0)
        return Point(p_low, p_high, fan, T_in, c, m, st, hx, run, Q, W, e.W_net_W, fans, heater, follow)

    def charge(self, pt: Point) -> float:
        """CO2 in the loop at a point [kg]."""
        kg = np.empty((self.loop.kind.size, 2))
        charges(pt.st, self.loop, N_SEGMENTS, kg)
        return float(kg.sum())

    def fan_power(self, cooler: int, speed: float) -> float:
        """Fan power [W]: pressure ~ speed^2 density, so power ~ speed^3 density."""
        c = self.r.coolers[cooler]
        return c.W_fan_W * speed**3 * self.rho_air / c.rho_air_kg_m3

    def _heater(self, Q: float, T_return: float) -> FiredHeaterResult | None:
        """The heater with its coils' UA ~ flue^0.6: the flue approach that fits, by secant."""
        d, spec = self.r.heater, self.r.spec
        if d is None or spec.fired_heater is None:
            return None
        approach, old, e_old, h = d.T_flue_exit_K - d.T_return_K, 0.0, 0.0, None
        for k in range(30):
            flow = (h.m_dot_flue_kg_s if h else d.m_dot_flue_kg_s * Q / d.Q_heater_W) / d.m_dot_flue_kg_s
            h = fired_heater(spec.fired_heater, Q, T_return, spec.T_turbine_in_K, self.T_amb, spec.p_ambient_Pa,
                             approach, flow**2)  # fmt: skip
            if h is None:
                return None
            e = np.log(h.UA_coils_W_K / d.UA_coils_W_K) - default("heater_exponent") * np.log(
                h.m_dot_flue_kg_s / d.m_dot_flue_kg_s
            )
            if abs(e) < 1e-10 or e == e_old:
                return h
            new = approach * (1.0 + 1.5 * e) if k == 0 else approach - e * (approach - old) / (e - e_old)
            old, e_old, approach = approach, e, float(min(max(new, 1.0), 3.0 * approach))
        return h

    def at_load(self, p_low: float, W: float, p_guess: float, *, fan: float = 1.0, exact: bool = False,
                tol: float = 1e-4) -> Point | None:  # fmt: skip
        """The point of this low pressure that gives W [W] net; at the pressure limits where they come first."""
        lo, hi = max(P_HIGH_MIN_FRAC * self.hw.c.p_mc_out, 1.15 * p_low), self.p_high_max
        p, old, e_old, best = min(max(p_guess, lo), hi), 0.0, 0.0, None
        for k in range(14):
            pt = self.at(p_low, p, fan=fan, exact=exact, tol=min(tol, 1e-6))
            if pt is None:
                return best
            best, e = pt, pt.W_net / W - 1.0
            if abs(e) < tol or (p >= hi and e < 0.0) or (p <= lo and e > 0.0):
                break
            if k > 0 and p != old:
                self.slope = (e - e_old) / (p - old) * W
            slope = self.slope / W if self.slope > 0.0 else 1.6 * (1.0 + e) / p
            old, e_old = p, e
            p = min(max(p - e / slope if slope > 0.0 else p * 1.02, lo, 0.8 * p), hi, 1.25 * p)
        return best

    def at_speed(self, p_low: float, p_guess: float, *, speed: float = 1.0, fan: float = 1.0, T_in: float | None = None,
                 exact: bool = False, tol: float = 1e-7) -> Point | None:  # fmt: skip
        """The point of this low pressure at which the shaft turns at a speed (relative to design): the high pressure that
        the compressor then gives, by secant."""
        p, old, e_old, best = p_guess, 0.0, 0.0, None
        for k in range(14):
            pt = self.at(p_low, p, fan=fan, T_in=T_in, exact=exact, tol=min(tol, 1e-7))
            if pt is None:
                return None
            best, e = pt, pt.run.speed - speed
            if abs(e) < tol:
                return best
            slope = (e - e_old) / (p - old) if k > 0 and p != old else 0.45 / p
            slope = slope if slope > 0.0 else 0.45 / p
            old, e_old = p, e
            p = min(max(p - e / slope, 0.85 * p, 1.1 * p_low), 1.15 * p)
        return best if abs(e) < 1e-4 else None

    def solved(self, pt: Point) -> Solved:
        """The point as the block's assembly takes it."""
        x = Variables(pt.p_high, pt.p_low, f=pt.inputs.f, split=pt.inputs.split)
        h = pt.Q / pt.m
        return Solved(x, self.layout, pt.inputs, SOLVED, pt.m, (0.0, 0.0), pt.W_shaft / pt.m, h, pt.st, pt.hx)

    def p_low_guess(self) -> float:
        """The design's low pressure moved along the pseudo-critical line to the expected inlet temperature [Pa]."""
        c = self.hw.c
        return c.p_mc_in * p_pseudocritical_Pa(self.start[1]) / p_pseudocritical_Pa(c.T_mc_in)

    def p_low_bounds(self) -> tuple[float, float]:
        """Range in which the low pressure is sought [Pa]."""
        return 0.85 * p_pseudocritical_Pa(self.air.T_min), min(15e6, 0.6 * self.hw.c.p_mc_out)
