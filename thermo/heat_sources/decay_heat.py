"""Heat after shutdown, and the path that removes it without the power block.

Way & Wigner's rule for fission products, t [s] after a shutdown that ended a run of t_run [s] at full power:

    P/P_0 = 0.066 (t^-0.2 - (t + t_run)^-0.2)         (Todreas & Kazimi, Nuclear Systems I, eq. 3.70; t >= 1 s)

It lies within some 20 % of ANS-5.1 from a second to a day (the NRC's round numbers: 6-7 % at once, some 1 % after an hour,
0.5 % after a day) and leaves out the actinides (0.3 % of P_0 at first): size with a margin. The heat let off between two
times is its integral in closed form. A dump cooler (air) is sized for the decay heat at the time when it must carry alone;
what came before has to be stored in the loop's own heat capacity.
"""

from dataclasses import dataclass

from thermo.defaults import default
from thermo.exchangers.recuperator import lmtd
from thermo.heat_sources.reactor import Reactor

COEFFICIENT, EXPONENT = 0.066, 0.2
YEAR_S = 3.15576e7


def decay_heat_frac(t_s: float, t_run_s: float = YEAR_S) -> float:
    """Decay heat over full power, t_s [s] after shutdown (at least 1 s).

    >>> [round(100 * decay_heat_frac(t), 2) for t in (1.0, 3600.0, 86400.0)]
    [6.39, 1.07, 0.47]
    """
    t = max(t_s, 1.0)
    return float(COEFFICIENT * (t**-EXPONENT - (t + t_run_s) ** -EXPONENT))


def decay_energy_s(t_from_s: float, t_to_s: float, t_run_s: float = YEAR_S) -> float:
    """Decay heat let off between two times, in seconds of full power."""
    n = 1.0 - EXPONENT

    def integral(t: float) -> float:
        return float(COEFFICIENT / n * (t**n - (t + t_run_s) ** n))

    return integral(max(t_to_s, 1.0)) - integral(max(t_from_s, 1.0))


@dataclass(frozen=True)
class DumpCooler:
    """Air cooler for decay heat: when it takes over [s], duty [W], UA [W/K], air flow [kg/s], fan power [W] (0: natural
    draught), heat to be stored before [J]."""

    t_start_s: float
    Q_W: float
    UA_W_K: float
    m_dot_air_kg_s: float
    W_fan_W: float
    E_stored_J: float


@dataclass(frozen=True)
class DecayHeat:
    """Heat to be removed from one module [W] at 1 s, 1 h and 1 day, the design's own path in words, the dump cooler that
    would carry it in the loop."""

    Q_1s_W: float
    Q_1h_W: float
    Q_1day_W: float
    path: str
    grade: str
    dump_cooler: DumpCooler
    explain: str


def dump_cooler(
    Q_full_W: float, T_hot_K: float, T_cold_K: float, T_air_K: float, t_start_s: float = 600.0,
    T_air_out_K: float | None = None, dp_air_Pa: float = 0.0, margin: float = 1.2,
) -> DumpCooler:  # fmt: skip
    """Air cooler that carries the decay heat of Q_full_W [W] from t_start_s [s] on, loop between T_hot and T_cold [K].

    T_air_out_K None: half way between the air and the loop's cold end. dp_air_Pa 0: natural draught.
    """
    Q = margin * Q_full_W * decay_heat_frac(t_start_s)
    T_out = 0.5 * (T_air_K + T_cold_K) if T_air_out_K is None else T_air_out_K
    m_air = Q / (default("air_cp_J_kgK") * (T_out - T_air_K))
    rho = 101325.0 / (287.05 * T_air_K)
    UA = Q / lmtd(T_hot_K - T_out, T_cold_K - T_air_K)
    return DumpCooler(t_start_s, Q, UA, m_air, m_air / rho * dp_air_Pa / default("eta_fan"),
                      margin * Q_full_W * decay_energy_s(1.0, t_start_s))  # fmt: skip


def decay_heat(reactor: Reactor, T_air_K: float = 313.15, t_start_s: float = 600.0) -> DecayHeat:
    """What a reactor module must shed after shutdown, and its path that does not need the block.

    >>> from .reactor import reactors
    >>> d = decay_heat(reactors()["arc_100"])
    >>> round(d.Q_1h_W / 1e6, 1), round(d.dump_cooler.Q_W / 1e6, 1)
    (3.1, 5.6)
    """
    Q = reactor.Q_module_W
    cooler = dump_cooler(Q, reactor.T_hot_K, reactor.T_cold_K, T_air_K, t_start_s)
    q1, q2, q3 = (Q * decay_heat_frac(t) for t in (1.0, 3600.0, 86400.0))
    words = (
        f"{reactor.name} sheds {q1 / 1e6:.1f} MW after 1 s, {q2 / 1e6:.1f} MW after 1 h and {q3 / 1e6:.1f} MW after a day "
        f"without the block. Its own path: {reactor.decay_heat or 'not known'}. In the loop a dump cooler of "
        f"{cooler.Q_W / 1e6:.1f} MW ({cooler.UA_W_K / 1e3:.0f} kW/K) would do from {t_start_s / 60:.0f} min on"
    )
    return DecayHeat(q1, q2, q3, reactor.decay_heat, "assumption", cooler, words)
