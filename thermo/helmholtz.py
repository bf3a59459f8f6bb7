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

from .compiled import njit

_DATA = json.loads((Path(__file__).parent / "data" / "co2_span_wagner.json").read_text(encoding="utf-8"))
_EOS, _ANC = _DATA["EOS"], _DATA["ANCILLARIES"]
_RES = {term["type"]: term for term in _EOS["alphar"]}
_IDEAL = {term["type"]: term for term in _EOS["alpha0"]}

MOLAR_MASS_KG_MOL = float(_EOS["molar_mass"])
R_J_KGK = float(_EOS["gas_constant"]) / MOLAR_MASS_KG_MOL
T_CRIT_K = float(_EOS["reducing"]["T"])
P_CRIT_PA = float(_EOS["reducing"]["p"])
RHO_CRIT_KG_M3 = float(_EOS["reducing"]["rhomolar"]) * MOLAR_MASS_KG_MOL


def _array(values: list[float], kind: type = np.float64) -> np.ndarray:
    return np.ascontiguousarray(np.asarray(values, dtype=kind))


# residual part: power terms grouped by the exponent l of exp(-delta^l); unique tau exponents are raised once
_POW = _RES["ResidualHelmholtzPower"]
P_N, P_D, P_L = _array(_POW["n"]), _array(_POW["d"], np.int64), _array(_POW["l"], np.int64)
P_T = _array(_POW["t"])
TAU_EXPONENTS, _INVERSE = np.unique(P_T, return_inverse=True)
P_TI = _array(list(_INVERSE), np.int64)
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
_NP, _NG, _NN, _NI, _NT, _DMAX, _LMAX = (
    len(P_N), len(G_N), len(N_N), len(I_N), len(TAU_EXPONENTS), int(P_D.max()), int(P_L.max()),
)  # fmt: skip


@njit(cache=True)
def _power(tau: float, delta: float) -> tuple:
    """Power terms n d^d t^t exp(-d^l) and delta/tau-weighted derivatives."""
    a = a1 = a2 = b1 = b2 = ab = 0.0
    lt = math.log(tau)
    tp = np.empty(_NT)
    for i in range(_NT):
        tp[i] = math.exp(TAU_EXPONENTS[i] * lt)
    dp = np.empty(_DMAX + 1)
    dp[0] = 1.0
    for i in range(_DMAX):
        dp[i + 1] = dp[i] * delta
    ex = np.empty(_LMAX + 1)
    ex[0] = 1.0
    for i in range(1, _LMAX + 1):
        ex[i] = math.exp(-dp[i])
    for i in range(_NP):
        el = P_L[i]
        d, t = P_D[i], P_T[i]
        term = P_N[i] * dp[d] * tp[P_TI[i]] * ex[el]
        u = el * dp[el] if el > 0 else 0.0
        w = d - u
        a += term
        a1 += term * w
        a2 += term * (w * (w - 1.0) - el * u)
        b1 += term * t
        b2 += term * t * (t - 1.0)
        ab += term * w * t
    return a, a1, a2, b1, b2, ab


@njit(cache=True)
def _gaussian(tau: float, delta: float) -> tuple:
    """Gaussian bell terms around the critical point."""
    a = a1 = a2 = b1 = b2 = ab = 0.0
    for i in range(_NG):
        x, y = delta - G_EPS[i], tau - G_GAMMA[i]
        e = G_ETA[i] * x * x + G_BETA[i] * y * y
        if e > 60.0:
            continue
        term = G_N[i] * delta ** G_D[i] * tau ** G_T[i] * math.exp(-e)
        w = G_D[i] - 2.0 * G_ETA[i] * delta * x
        v = G_T[i] - 2.0 * G_BETA[i] * tau * y
        a += term
        a1 += term * w
        a2 += term * (w * w - G_D[i] - 2.0 * G_ETA[i] * delta * delta)
        b1 += term * v
        b2 += term * (v * v - G_T[i] - 2.0 * G_BETA[i] * tau * tau)
        ab += term * w * v
    return a, a1, a2, b1, b2, ab


@njit(cache=True)
def _non_analytic(tau: float, delta: float) -> tuple:
    """Non-analytic terms n D^b d psi, which give the critical point its shape."""
    a = a1 = a2 = b1 = b2 = ab = 0.0
    d1, t1 = delta - 1.0, tau - 1.0
    if abs(d1) < 1e-9:
        d1 = 1e-9
    x = d1 * d1
    lx = math.log(x)
    for i in range(_NN):
        e = N_C[i] * x + N_D[i] * t1 * t1
        if e > 60.0:
            continue
        psi = math.exp(-e)
        g = 0.5 / N_BETA[i]
        xg = math.exp(lx * (g - 1.0))
        xa = math.exp(lx * (N_SA[i] - 1.0))
        theta = -t1 + N_A[i] * xg * x
        dd = theta * theta + N_B[i] * xa * x
        if dd < 1e-300:
            continue
        k = N_A[i] * xg * 2.0 * g
        dd_d = d1 * (2.0 * k * theta + 2.0 * N_B[i] * N_SA[i] * xa)
        dd_dd = (
            dd_d / d1
            + 4.0 * N_B[i] * N_SA[i] * (N_SA[i] - 1.0) * xa
            + 2.0 * k * k * x
            + 4.0 * k * theta * (g - 1.0)
        )
        b = N_SB[i]
        f = dd**b
        f1, f2 = b * f / dd, b * (b - 1.0) * f / (dd * dd)
        f_d, f_dd = f1 * dd_d, f1 * dd_dd + f2 * dd_d * dd_d
        f_t, f_tt = -2.0 * theta * f1, 2.0 * f1 + 4.0 * theta * theta * f2
        f_dt = -2.0 * k * d1 * f1 - 2.0 * theta * f2 * dd_d
        p_d, p_dd = -2.0 * N_C[i] * d1, 4.0 * N_C[i] ** 2 * x - 2.0 * N_C[i]  # over psi
        p_t, p_tt = -2.0 * N_D[i] * t1, 4.0 * N_D[i] ** 2 * t1 * t1 - 2.0 * N_D[i]
        n = N_N[i] * psi
        q = 1.0 + delta * p_d
        a += n * f * delta
        a1 += n * (f * q + f_d * delta) * delta
        a2 += n * (f * (2.0 * p_d + delta * p_dd) + 2.0 * f_d * q + f_dd * delta) * delta * delta
        b1 += n * delta * (f_t + f * p_t) * tau
        b2 += n * delta * (f_tt + 2.0 * f_t * p_t + f * p_tt) * tau * tau
        ab += n * (f * p_t * q + delta * f_d * p_t + f_t * q + f_dt * delta) * delta * tau
    return a, a1, a2, b1, b2, ab


@njit(cache=True)
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
        w = I_T[i] * tau * e / (1.0 - e)
        i1 += I_N[i] * w
        i2 -= I_N[i] * w * I_T[i] * tau / (1.0 - e)
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


@njit(cache=True)
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
