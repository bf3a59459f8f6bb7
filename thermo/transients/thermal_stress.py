"""How fast thick hot walls may be heated: wall from pressure, temperature rate from thermal stress.

    t     = p D / (2 sigma_h - 1.2 p)                   cylinder under internal pressure (the form of ASME B31.1 and
    VIII-1) dT/dt = 3 a (1 - nu) sigma_th / (E alpha t^2)       wall heated at its inside, insulated outside, after the
    first minute

The second is the quasi-steady profile of a plate whose temperature rises evenly: its heated face runs ahead of the mean
by (dT/dt) t^2 / (3 a), and a face held flat by its wall carries E alpha dT/(1 - nu).

Source: Timoshenko & Goodier, Theory of Elasticity, ch. 13; Carslaw & Jaeger, Conduction of Heat in Solids, 3.8. Grade
of the material values: assumption (austenitic steel near 600 degC; a nickel alloy is stronger, so thinner).
"""

from thermo.defaults import default


def wall_ratio(p_Pa: float, stress_Pa: float | None = None) -> float:
    """Wall thickness over bore that holds a pressure [Pa] at an allowable stress [Pa] (None: the default's).

    >>> round(wall_ratio(25e6), 3)
    0.192
    """
    stress = default("hoop_stress_allow_Pa") if stress_Pa is None else stress_Pa
    return p_Pa / (2.0 * stress - 1.2 * p_Pa)


def metal_ratio(p_Pa: float) -> float:
    """Metal over CO2 in a pipe that holds a pressure [Pa], by volume."""
    x = wall_ratio(p_Pa)
    return 4.0 * x * (1.0 + x)


def heating_rate_K_s(wall_m: float) -> float:
    """Greatest steady rate [K/s] of a wall of this thickness.

    >>> round(60 * heating_rate_K_s(0.04), 1)
    21.3
    """
    stress, E, alpha = (
        default("thermal_stress_allow_Pa"),
        default("steel_E_Pa"),
        default("steel_expansion_1_K"),
    )
    a, nu = default("steel_diffusivity_m2_s"), default("steel_poisson")
    return 3.0 * a * (1.0 - nu) * stress / (E * alpha * wall_m**2)
