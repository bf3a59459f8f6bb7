"""Helmholtz energy of CO2 (Span & Wagner 1996) and its derivatives, compiled.

The coefficients are CoolProp's own, kept in `data/co2_span_wagner.json` (loading CoolProp takes two seconds; a test
compares every one, and the results with HEOS). The equation is evaluated here because a cycle needs some 10^5
property calls.

Source: R. Span, W. Wagner, J. Phys. Chem. Ref. Data 25 (1996) 1509-1596: eq. 6.1-6.5 and table 32.
"""

import json
import math
from pathlib import Path

import numpy as np

from thermo.compiled import kernel, part

_DATA = json.loads((Path(__file__).parents[1] / "data" / "co2_span_wagner.json").read_text(encoding="utf-8"))
_EOS, _ANC = _DATA["EOS"], _DATA["ANCILLARIES"]
_RES = {term["type"]: term for term in _EOS["alphar"]}
_IDEAL = {term["type"]: term for term in _EOS["alpha0"]}

MOLAR_MASS_KG_MOL = float(_EOS["molar_mass"])
R_J_KGK = float(_EOS["gas_constant"]) / MOLAR_MASS_KG_MOL
T_CRIT_K = float(_EOS["reducing"]["T"])
P_CRIT_PA = float(_EOS["reducing"]["p"])
RHO_CRIT_KG_M3 = float(_EOS["reducing"]["rhomolar"]) * MOLAR_MASS_KG_MOL


def _array(values: list[float]) -> np.ndarray:
    return np.ascontiguousarray(np.asarray(values, dtype=np.float64))


# residual part: the power terms come in groups of one exponent l of exp(-delta^l)
_POW = _RES["ResidualHelmholtzPower"]
P_N, P_D, P_T, P_L = (_array(_POW[k]) for k in ("n", "d", "t", "l"))
_GAU = _RES["ResidualHelmholtzGaussian"]
G_N, G_D, G_T = _array(_GAU["n"]), _array(_GAU["d"]), _array(_GAU["t"])
G_ETA, G_EPS, G_BETA, G_GAMMA = (_array(_GAU[k]) for k in ("eta", "epsilon", "beta", "gamma"))
_NON = _RES["ResidualHelmholtzNonAnalytic"]
N_N, N_A, N_B, N_C, N_D = (_array(_NON[k]) for k in ("n", "A", "B", "C", "D"))
N_SA, N_SB, N_BETA = (_array(_NON[k]) for k in ("a", "b", "beta"))
# ideal-gas part, with CoolProp's reference state
_LEAD, _OFF = _IDEAL["IdealGasHelmholtzLead"], _IDEAL["IdealGasHelmholtzEnthalpyEntropyOffset"]
I_A1, I_A2 = _LEAD["a1"] + _OFF["a1"], _LEAD["a2"] + _OFF["a2"]
I_LOG = float(_IDEAL["IdealGasHelmholtzLogTau"]["a"])
I_N = _array(_IDEAL["IdealGasHelmholtzPlanckEinstein"]["n"])
I_T = _array(_IDEAL["IdealGasHelmholtzPlanckEinstein"]["t"])
_NG, _NN, _NI = len(G_N), len(N_N), len(I_N)
_N_POWER = 0.5 / float(N_BETA[0]) - 1.0


@part
def _term(s: tuple, y: float, d: float, t: float) -> tuple:
    """Add a term y = n delta^d tau^t to the sums of y, d y, d^2 y, t y, t (t-1) y and d t y."""
    return s[0] + y, s[1] + d * y, s[2] + d * d * y, s[3] + t * y, s[4] + t * (t - 1.0) * y, s[5] + d * t * y


@part
def _close(a: tuple, s: tuple, power: float, order: float) -> tuple:
    """Add the sums of a group of terms, times exp(-delta^order), to the derivatives; power = delta^order."""
    e, u = math.exp(-power), order * power
    return (
        a[0] + e * s[0],
        a[1] + e * (s[1] - u * s[0]),
        a[2] + e * (s[2] - s[1] * (1.0 + 2.0 * u) + s[0] * u * (u + 1.0 - order)),
        a[3] + e * s[3],
        a[4] + e * s[4],
        a[5] + e * (s[5] - u * s[3]),
    )


@part
def _power(tau: float, delta: float) -> tuple:
    """Power terms n d^d t^t exp(-d^l) and delta/tau-weighted derivatives: table 31, i = 1-34, written out.

    Written out, because the powers of tau are then products, and the compiler knows every exponent. The exponents are
    compared with the data by a test.
    """
    zero = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    d1 = delta
    d2 = d1 * d1
    d3, d4 = d2 * d1, d2 * d2
    d5, d6, d7, d8 = d4 * d1, d4 * d2, d4 * d3, d4 * d4
    half = math.sqrt(tau)
    t075, t15 = half * math.sqrt(half), tau * half
    t2 = tau * tau
    t3, t25 = t2 * tau, t2 * half
    t6, t7 = t3 * t3, t3 * t3 * tau
    t8 = t6 * t2
    t12, t14, t16 = t6 * t6, t7 * t7, t8 * t8
    t22, t24, t28 = t16 * t6, t12 * t12, t14 * t14

    s = _term(zero, P_N[0] * d1, 1.0, 0.0)
    s = _term(s, P_N[1] * d1 * t075, 1.0, 0.75)
    s = _term(s, P_N[2] * d1 * tau, 1.0, 1.0)
    s = _term(s, P_N[3] * d1 * t2, 1.0, 2.0)
    s = _term(s, P_N[4] * d2 * t075, 2.0, 0.75)
    s = _term(s, P_N[5] * d2 * t2, 2.0, 2.0)
    a = _term(s, P_N[6] * d3 * t075, 3.0, 0.75)
    a = (a[0], a[1], a[2] - a[1], a[3], a[4], a[5])

    s = _term(zero, P_N[7] * d1 * t15, 1.0, 1.5)
    s = _term(s, P_N[8] * d2 * t15, 2.0, 1.5)
    s = _term(s, P_N[9] * d4 * t25, 4.0, 2.5)
    s = _term(s, P_N[10] * d5, 5.0, 0.0)
    s = _term(s, P_N[11] * d5 * t15, 5.0, 1.5)
    s = _term(s, P_N[12] * d5 * t2, 5.0, 2.0)
    s = _term(s, P_N[13] * d6, 6.0, 0.0)
    s = _term(s, P_N[14] * d6 * tau, 6.0, 1.0)
    s = _term(s, P_N[15] * d6 * t2, 6.0, 2.0)
    a = _close(a, s, d1, 1.0)

    s = _term(zero, P_N[16] * d1 * t3, 1.0, 3.0)
    s = _term(s, P_N[17] * d1 * t6, 1.0, 6.0)
    s = _term(s, P_N[18] * d4 * t3, 4.0, 3.0)
    s = _term(s, P_N[19] * d4 * t6, 4.0, 6.0)
    s = _term(s, P_N[20] * d4 * t8, 4.0, 8.0)
    s = _term(s, P_N[21] * d7 * t6, 7.0, 6.0)
    s = _term(s, P_N[22] * d8, 8.0, 0.0)
    a = _close(a, s, d2, 2.0)

    s = _term(zero, P_N[23] * d2 * t7, 2.0, 7.0)
    s = _term(s, P_N[24] * d3 * t12, 3.0, 12.0)
    s = _term(s, P_N[25] * d3 * t16, 3.0, 16.0)
    a = _close(a, s, d3, 3.0)

    s = _term(zero, P_N[26] * d5 * t22, 5.0, 22.0)
    s = _term(s, P_N[27] * d5 * t24, 5.0, 24.0)
    s = _term(s, P_N[28] * d6 * t16, 6.0, 16.0)
    s = _term(s, P_N[29] * d7 * t24, 7.0, 24.0)
    s = _term(s, P_N[30] * d8 * t8, 8.0, 8.0)
    s = _term(s, P_N[31] * d8 * d2 * t2, 10.0, 2.0)
    a = _close(a, s, d4, 4.0)

    a = _close(a, _term(zero, P_N[32] * d4 * t28, 4.0, 28.0), d5, 5.0)
    return _close(a, _term(zero, P_N[33] * d8 * t14, 8.0, 14.0), d6, 6.0)


@part
def _gaussian(tau: float, delta: float) -> tuple:
    """Gaussian bell terms around the critical point, i = 35-39."""
    a = a1 = a2 = b1 = b2 = ab = 0.0
    d2, t3 = delta * delta, tau * tau * tau
    for i in range(_NG):
        x, y = delta - G_EPS[i], tau - G_GAMMA[i]
        e = G_ETA[i] * x * x + G_BETA[i] * y * y
        if e > 60.0:
            continue
        power = (d2 if G_D[i] == 2.0 else d2 * delta) * (
            1.0 if G_T[i] == 0.0 else tau if G_T[i] == 1.0 else t3
        )
        term = G_N[i] * power * math.exp(-e)
        w = G_D[i] - 2.0 * G_ETA[i] * delta * x
        v = G_T[i] - 2.0 * G_BETA[i] * tau * y
        a += term
        a1 += term * w
        a2 += term * (w * w - G_D[i] - 2.0 * G_ETA[i] * d2)
        b1 += term * v
        b2 += term * (v * v - G_T[i] - 2.0 * G_BETA[i] * tau * tau)
        ab += term * w * v
    return a, a1, a2, b1, b2, ab


@part
def _non_analytic(tau: float, delta: float) -> tuple:
    """Non-analytic terms n D^b d psi, i = 40-42, which give the critical point its shape.

    All three have one A and one beta, so theta = (1 - tau) + A x^(1/(2 beta)), x = (delta-1)^2, is theirs in common.
    """
    a = a1 = a2 = b1 = b2 = ab = 0.0
    d1, t1 = delta - 1.0, tau - 1.0
    if abs(d1) < 1e-9:
        d1 = 1e-9
    x = d1 * d1
    xg = math.exp(_N_POWER * math.log(x))
    theta = -t1 + N_A[0] * xg * x
    k = 2.0 * (_N_POWER + 1.0) * N_A[0] * xg
    for i in range(_NN):
        e = N_C[i] * x + N_D[i] * t1 * t1
        if e > 60.0:
            continue
        xa = x * x * abs(d1) if N_SA[i] == 3.5 else x * x  # x^(a-1)
        dd = theta * theta + N_B[i] * xa * x
        if dd < 1e-300:
            continue
        b = N_SB[i]
        n = N_N[i] * math.exp(
            b * math.log(dd) - e
        )  # with Delta^b and psi; f... are derivatives of Delta^b over it
        dd_d = d1 * (2.0 * k * theta + 2.0 * N_B[i] * N_SA[i] * xa)
        dd_dd = (
            dd_d / d1
            + 4.0 * N_B[i] * N_SA[i] * (N_SA[i] - 1.0) * xa
            + 2.0 * k * k * x
            + 4.0 * k * theta * _N_POWER
        )
        f1 = b / dd
        f2 = (b - 1.0) * f1 / dd
        f_d, f_dd = f1 * dd_d, f1 * dd_dd + f2 * dd_d * dd_d
        f_t, f_tt = -2.0 * theta * f1, 2.0 * f1 + 4.0 * theta * theta * f2
        f_dt = -2.0 * k * d1 * f1 - 2.0 * theta * f2 * dd_d
        p_d, p_dd = -2.0 * N_C[i] * d1, 4.0 * N_C[i] ** 2 * x - 2.0 * N_C[i]  # of psi, over psi
        p_t, p_tt = -2.0 * N_D[i] * t1, 4.0 * N_D[i] ** 2 * t1 * t1 - 2.0 * N_D[i]
        q = 1.0 + delta * p_d
        a += n * delta
        a1 += n * (q + f_d * delta) * delta
        a2 += n * (2.0 * p_d + delta * p_dd + 2.0 * f_d * q + f_dd * delta) * delta * delta
        b1 += n * delta * (f_t + p_t) * tau
        b2 += n * delta * (f_tt + 2.0 * f_t * p_t + p_tt) * tau * tau
        ab += n * (p_t * q + delta * f_d * p_t + f_t * q + f_dt * delta) * delta * tau
    return a, a1, a2, b1, b2, ab


@kernel
def properties(rho_kg_m3: float, T_K: float) -> tuple:
    """(p, h, s, cv, dp/drho, dp/dT, dh/drho, dh/dT) at density [kg/m3] and temperature [K], SI units.

    One-phase values of the equation of state; inside the dome they are the metastable loop.
    """
    tau, delta = T_CRIT_K / T_K, rho_kg_m3 / RHO_CRIT_KG_M3
    a, a1, a2, b1, b2, ab = _power(tau, delta)
    t1 = tau - 1.0
    if 275.0 * t1 * t1 < 45.0:  # below some 510 K; beyond it these terms are under 1e-17
        u = _gaussian(tau, delta)
        v = _non_analytic(tau, delta)
        a += u[0] + v[0]
        a1 += u[1] + v[1]
        a2 += u[2] + v[2]
        b1 += u[3] + v[3]
        b2 += u[4] + v[4]
        ab += u[5] + v[5]
    i0, i1, i2 = math.log(delta) + I_A1 + I_A2 * tau + I_LOG * math.log(tau), I_A2 * tau + I_LOG, -I_LOG
    for i in range(_NI):
        e = math.exp(-I_T[i] * tau)
        i0 += I_N[i] * math.log(1.0 - e)
        r = I_T[i] * tau / (1.0 - e)
        i1 += I_N[i] * r * e
        i2 -= I_N[i] * r * r * e
    rt = R_J_KGK * T_K
    z_T = 1.0 + a1 - ab
    cv = -R_J_KGK * (i2 + b2)
    return (
        rho_kg_m3 * rt * (1.0 + a1),
        rt * (1.0 + i1 + b1 + a1),
        R_J_KGK * (i1 + b1 - i0 - a),
        cv,
        rt * (1.0 + 2.0 * a1 + a2),
        R_J_KGK * rho_kg_m3 * z_T,
        rt / rho_kg_m3 * (ab + a1 + a2),
        cv + R_J_KGK * z_T,
    )


_PS, _RL, _RV = _ANC["pS"], _ANC["rhoL"], _ANC["rhoV"]
_PS_N, _PS_T = _array(_PS["n"]), _array(_PS["t"])
_RL_N, _RL_T = _array(_RL["n"]), _array(_RL["t"])
_RV_N, _RV_T = _array(_RV["n"]), _array(_RV["t"])


@kernel
def saturation_ancillary(T_K: float) -> tuple:
    """(p_sat, rho_liquid, rho_vapour) below the critical temperature from CoolProp's fitted ancillary lines.

    Within 1e-5 of the true pressure and 5e-4 of the densities: good for choosing the phase and a start.
    """
    th = max(0.0, 1.0 - T_K / T_CRIT_K)
    sp = sl = sv = 0.0
    for i in range(_PS_N.size):
        sp += _PS_N[i] * th ** _PS_T[i]
    for i in range(_RL_N.size):
        sl += _RL_N[i] * th ** _RL_T[i]
    for i in range(_RV_N.size):
        sv += _RV_N[i] * th ** _RV_T[i]
    k = T_CRIT_K / T_K
    return P_CRIT_PA * math.exp(k * sp), RHO_CRIT_KG_M3 * (1.0 + sl), RHO_CRIT_KG_M3 * math.exp(k * sv)
