"""Maps of the machines at part load, and the speed of a shaft (compiled).

    compressor   phi = V/(U D^2), psi = dh_s/U^2, corrected for speed n (relative to design): phi* = phi n^0.2
    turbine      eta/eta_peak = g(nu), nu = tip speed / C_s, C_s = sqrt(2 dh_s)

All compressors of a shaft turn at one relative speed: given their heads, each passes the flow that its map allows at that
speed, and the speed is the one at which the flows add up to the turbine's. Below the least flow coefficient that the surge
margin allows, a compressor runs at that coefficient and a recycle valve returns what is too much through the cooler.

Source: J. Dyreby, Modeling the supercritical carbon dioxide Brayton cycle with recompression, PhD thesis,
University of Wisconsin-Madison (2014), ch. 4 (maps of the SNL compressor and of a radial turbine).
"""

import math

from thermo.compiled import kernel, part

SPEED_MAX = 2.0


@part
def compressor_head(phi: float, n: float) -> float:
    """Head coefficient at flow coefficient phi and relative speed n."""
    x = phi * n**0.2
    return ((((-498626.0 * x + 53224.0) * x - 2505.0) * x + 54.6) * x + 0.04049) * n ** ((20.0 * x) ** 3)


@part
def compressor_efficiency(phi: float, n: float) -> float:
    """Efficiency over that at the map's design point."""
    x = phi * n**0.2
    return (
        1.47528
        * ((((-1.638e6 * x + 182725.0) * x - 8089.0) * x + 168.6) * x - 0.7069)
        * n ** ((20.0 * x) ** 5)
    )


@part
def turbine_efficiency(nu: float) -> float:
    """Efficiency over its peak at tip speed / spouting velocity nu."""
    return (((1.0626 * nu - 3.0874) * nu + 1.3668) * nu + 1.3567) * nu + 0.179921180


@part
def _head_and_slope(phi: float, n: float) -> tuple:
    """(head coefficient, its slope over the flow coefficient)."""
    x, k = phi * n**0.2, n**0.2
    poly = (((-498626.0 * x + 53224.0) * x - 2505.0) * x + 54.6) * x + 0.04049
    slope = ((-1994504.0 * x + 159672.0) * x - 5010.0) * x + 54.6
    power = n ** ((20.0 * x) ** 3)
    return poly * power, (slope + poly * 24000.0 * x * x * math.log(n)) * power * k


@kernel
def flow_coefficient(psi: float, n: float, phi_lo: float, phi_hi: float) -> float:
    """Flow coefficient at which a map gives the head coefficient psi at speed n, on its falling branch; at the ends of
    the branch where psi is beyond them. Newton within a bracket."""
    if psi >= compressor_head(phi_lo, n):
        return phi_lo
    if psi <= compressor_head(phi_hi, n):
        return phi_hi
    lo, hi = phi_lo, phi_hi
    x = 0.5 * (lo + hi)
    for _ in range(60):
        head, slope = _head_and_slope(x, n)
        if head > psi:
            lo = x
        else:
            hi = x
        new = x + (psi - head) / slope if slope < 0.0 else hi
        if not lo < new < hi:
            new = 0.5 * (lo + hi)
        if abs(new - x) < 1e-15:
            return new
        x = new
    return x


@part
def least_speed(head_ratio: float, phi_lo: float, phi_d: float) -> float:
    """Relative speed at which the least flow coefficient just gives a head (relative to design)."""
    psi_d, n = compressor_head(phi_d, 1.0), math.sqrt(max(head_ratio, 1e-4))
    for _ in range(40):
        new = math.sqrt(max(head_ratio, 1e-4) * psi_d / compressor_head(phi_lo, n))
        if abs(new - n) < 1e-14:
            break
        n = new
    return n


@part
def _flow(head_ratio: float, n: float, phi_lo: float, phi_hi: float, phi_d: float) -> float:
    """Volume flow, relative to design, that a compressor passes at a head and speed, both relative to design."""
    psi = compressor_head(phi_d, 1.0) * head_ratio / (n * n)
    return flow_coefficient(psi, n, phi_lo, phi_hi) / phi_d * n


@part
def common_speed(
    heads: tuple,
    capacities: tuple,
    m: float,
    phi_lo: float,
    phi_hi: float,
    phi_d: float,
    n_start: float,
    n_min: float,
) -> tuple:
    """(relative speed, flow [kg/s] through the main compressor, through the recompressor).

    heads: of both relative to design (0: no recompressor); capacities [kg/s]: flow of each at its design flow coefficient
    and speed with the present inlet density; m [kg/s]: what both have to pass. The flows sum to m, or to more where a
    compressor is at the surge margin or the shaft at its least speed n_min: the rest is recycled.
    """
    two = heads[1] > 0.0
    lo = max(n_min, least_speed(heads[0], phi_lo, phi_d))
    if two:
        lo = max(lo, least_speed(heads[1], phi_lo, phi_d))
    hi, x = SPEED_MAX, lo
    x_old = e_old = q_c = q_r = 0.0
    bracketed = False
    for i in range(80):
        q_c = capacities[0] * _flow(heads[0], x, phi_lo, phi_hi, phi_d)
        q_r = capacities[1] * _flow(heads[1], x, phi_lo, phi_hi, phi_d) if two else 0.0
        e = q_c + q_r - m
        if (i == 0 and e >= 0.0) or abs(e) < 1e-13 * m or lo >= SPEED_MAX:
            break
        if e < 0.0:
            lo = x
        else:
            hi, bracketed = x, True
        if hi - lo < 1e-14:
            break
        new = n_start
        if i > 0:
            new = x - e * (x - x_old) / (e - e_old) if e != e_old else hi
        x_old, e_old = x, e
        if not lo < new < hi or i % 8 == 7:
            new = 0.5 * (lo + hi) if bracketed else min(SPEED_MAX, 1.05 * lo)
        x = new
    return x, q_c, q_r
