"""What turns in dense CO2 loses: disc friction, rotor windage, bearings, shaft seals.

    one face of a disc  P = 1/2 C_m rho omega^3 r^5,  Re = rho omega r^2/mu,  C_m the largest of the four regimes of
                        Daily & Nece: pi/(g Re), 1.85 g^0.1/Re^0.5, 0.040/(g^(1/6) Re^0.25), 0.051 g^0.1/Re^0.2
                        (g: axial gap over radius; a disc has two faces, the two-sided values are twice these)
    cylinder in a gap   P = pi C_f rho omega^3 r^4 L,  1/sqrt(C_f) = 2.04 + 1.768 ln(Re sqrt(C_f)),
                        Re = rho omega r c/mu; 2/Re where that is larger (laminar Couette flow)
    labyrinth           m = C_d pi D c sqrt(p rho (1 - r^2)/(N - ln r)),  r = p_out/p_in  (Martin)

    bearing film        P = 2 pi mu omega^2 r^3 L/c (1 + 0.0012 Re^0.94)  (Petroff; Constantinescu's turbulence)

Sources: Daily & Nece, J. Basic Eng. 82 (1960) 217, coefficients as in two public programs (two-sided and one-sided
forms agree); Vrancik, NASA TN D-4849 (1968), as in a public aircraft-motor program; Martin 1908 and Constantinescu
1973 (no source read);
viscosity: Fenghour, Wakeham, Vesovic, J. Phys. Chem. Ref. Data 27 (1998) 31 (from memory; within 1.5 % of `transport`,
see the tests).
"""

from math import exp, log, pi, sqrt

_A = (0.235156, -0.491266, 5.211155e-2, 5.347906e-2, -1.537102e-2)


def viscosity_Pa_s(rho_kg_m3: float, T_K: float) -> float:
    """Viscosity of CO2 [Pa s] at density and temperature, without the critical enhancement.

    >>> round(viscosity_Pa_s(600.0, 310.0) * 1e6, 1)
    44.7
    """
    x = T_K / 251.196
    dilute = 1.00697 * sqrt(T_K) / exp(sum(a * log(x) ** i for i, a in enumerate(_A)))
    r = rho_kg_m3
    excess = 0.4071119e-2 * r + 0.7198037e-4 * r**2 + 0.2411697e-16 * r**6 / x**3
    excess += 0.2971072e-22 * r**8 - 0.1627888e-22 * r**8 / x
    return (dilute + excess) * 1e-6


def disc_moment_coefficient(Re: float, gap_over_radius: float) -> float:
    """Moment coefficient of one face of an enclosed disc, M = 1/2 C_m rho omega^2 r^5.

    >>> round(disc_moment_coefficient(1e7, 0.05), 5)
    0.0015
    """
    g = gap_over_radius
    return max(
        pi / (g * Re), 1.85 * g**0.1 / sqrt(Re), 0.040 / (g ** (1 / 6) * Re**0.25), 0.051 * g**0.1 / Re**0.2
    )


def disc_friction_W(rho_kg_m3: float, mu_Pa_s: float, omega_rad_s: float, radius_m: float, gap_over_radius: float,
                    faces: int = 1) -> float:  # fmt: skip
    """Friction power [W] of a disc's faces in a closed cavity."""
    Re = rho_kg_m3 * omega_rad_s * radius_m**2 / mu_Pa_s
    return (
        faces * 0.5 * disc_moment_coefficient(Re, gap_over_radius) * rho_kg_m3 * omega_rad_s**3 * radius_m**5
    )


def gap_friction_coefficient(Re: float) -> float:
    """Skin friction of a cylinder turning in a narrow gap, by the gap's Reynolds number.

    >>> round(gap_friction_coefficient(1e4), 5), round(gap_friction_coefficient(100.0), 5)
    (0.00533, 0.02166)
    """
    x = 10.0
    for _ in range(60):  # x = 1/sqrt(C_f): the map is a contraction
        new = 2.04 + 1.768 * log(max(Re / x, 1.0))
        if abs(new - x) < 1e-13 * x:
            break
        x = new
    return max(2.0 / Re, 1.0 / x**2)


def cylinder_friction_W(rho_kg_m3: float, mu_Pa_s: float, omega_rad_s: float, radius_m: float, length_m: float,
                        gap_m: float) -> float:  # fmt: skip
    """Friction power [W] of a cylinder in a narrow gap, a generator's rotor."""
    Re = rho_kg_m3 * omega_rad_s * radius_m * gap_m / mu_Pa_s
    return pi * gap_friction_coefficient(Re) * rho_kg_m3 * omega_rad_s**3 * radius_m**4 * length_m


def film_friction_W(mu_Pa_s: float, rho_kg_m3: float, omega_rad_s: float, radius_m: float, length_m: float,
                    clearance_m: float) -> float:  # fmt: skip
    """Friction power [W] of a journal in its film, laminar or turbulent."""
    Re = rho_kg_m3 * omega_rad_s * radius_m * clearance_m / mu_Pa_s
    laminar = 2.0 * pi * mu_Pa_s * omega_rad_s**2 * radius_m**3 * length_m / clearance_m
    return laminar * (1.0 + 0.0012 * Re**0.94)


def labyrinth_leakage_kg_s(diameter_m: float, clearance_m: float, p_in_Pa: float, rho_in_kg_m3: float,
                           p_out_Pa: float, teeth: int, discharge: float) -> float:  # fmt: skip
    """Leakage [kg/s] of a labyrinth by Martin's formula; zero without a pressure difference.

    >>> round(labyrinth_leakage_kg_s(0.05, 1e-4, 8e6, 300.0, 1.4e6, 20, 0.7), 3)
    0.114
    """
    r = p_out_Pa / p_in_Pa
    if r >= 1.0:
        return 0.0
    return (discharge * pi * diameter_m * clearance_m
            * sqrt(p_in_Pa * rho_in_kg_m3 * (1.0 - r * r) / (teeth - log(r))))  # fmt: skip
