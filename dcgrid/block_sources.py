"""From the speed of a block's machine to the voltage of its bus, by the kind of rectifier.

A permanent-magnet machine's voltage goes with its speed n (per rated speed); the commutation of a diode bridge takes a
share d of it at rated current (the reactance goes with speed too), i is current over rated:

    diode bridge       v = v_bus n (1 - d i) / (1 - d)           so that rated speed and current give v_bus
    active front end   v = v_bus (1 +- tolerance) while the peak line voltage m n v_bus stays below it;
                       above, its diodes conduct and the bus follows the machine: v = m n v_bus
    diode + DC/DC      the link follows the diode bridge's law; the converter holds v_bus while the link is in its window

Load rejection: the current is zero and the speed runs to `overspeed`.
"""

from __future__ import annotations

from dataclasses import dataclass

from dcgrid.finding import Finding, error, warning
from dcgrid.outcome import Checker
from dcgrid.tables import Network

KINDS = ("diode_bridge", "active_front_end", "diode_dcdc")


@dataclass(frozen=True)
class BlockSourceSpec:
    """A block's machine and rectifier. Voltages [V], speeds over rated speed.

    speed_min, speed_max : range of operation. overspeed : highest after load rejection.
    commutation_drop : d above. emf_ratio : m above, peak line-to-line voltage at rated speed over v_bus.
    v_link_v, dcdc_v_in_min_v, dcdc_v_in_max_v : of diode + DC/DC: the link at rated speed and current, the window.
    """

    kind: str
    v_bus_v: float = 800.0
    speed_min: float = 0.5
    speed_max: float = 1.05
    overspeed: float = 1.17
    commutation_drop: float = 0.06
    emf_ratio: float = 0.85
    tolerance: float = 0.02
    v_link_v: float = 1000.0
    dcdc_v_in_min_v: float | None = None
    dcdc_v_in_max_v: float | None = None

    def __post_init__(self) -> None:
        check = Checker("BlockSourceSpec")
        check.choice("kind", self.kind, KINDS)
        for field in ("v_bus_v", "v_link_v"):
            check.number(field, getattr(self, field), 0.0, None, "V", strict=True)
        check.number("speed_min", self.speed_min, 0.0, 1.0, "of rated speed", strict=True)
        check.number("speed_max", self.speed_max, 1.0, 2.0, "of rated speed")
        check.number("overspeed", self.overspeed, 1.0, 2.0, "of rated speed")
        check.number("commutation_drop", self.commutation_drop, 0.0, 0.5)
        check.number("emf_ratio", self.emf_ratio, 0.1, 1.5)
        check.number("tolerance", self.tolerance, 0.0, 0.2)
        if self.kind == "diode_dcdc":
            for field in ("dcdc_v_in_min_v", "dcdc_v_in_max_v"):
                check.number(field, getattr(self, field), 0.0, None, "V", strict=True)
        if not check.problems and self.overspeed < self.speed_max:
            check.add("overspeed", self.overspeed, f">= speed_max, {self.speed_max:g}")
        check.done()


@dataclass(frozen=True)
class BlockVoltage:
    """Voltages at the bus [V]: lowest and highest in operation, and after load rejection; of the link where there is one.

    None where the bus is not held: then a finding says why.
    """

    v_min_v: float | None
    v_max_v: float | None
    v_rejection_v: float | None
    v_link_min_v: float | None
    v_link_max_v: float | None
    findings: tuple[Finding, ...]


def diode_voltage_v(v_rated_v: float, speed: float, current: float, drop: float) -> float:
    """Voltage of a diode bridge on a machine [V]; speed and current over rated.

    Examples
    --------
    >>> diode_voltage_v(800.0, 1.0, 1.0, 0.06), round(diode_voltage_v(800.0, 1.17, 0.0, 0.06), 1)
    (800.0, 995.7)
    """
    return v_rated_v * speed * (1.0 - drop * current) / (1.0 - drop)


def _bridge(s: BlockSourceSpec, v_v: float) -> tuple[float, float, float]:
    low = diode_voltage_v(v_v, s.speed_min, 1.0, s.commutation_drop)
    high, over = (diode_voltage_v(v_v, n, 0.0, s.commutation_drop) for n in (s.speed_max, s.overspeed))
    return low, high, over


def _window_findings(v: tuple[float, float, float], low: float | None, high: float | None) -> list[Finding]:
    """The bus against the input window of what hangs on it."""
    if low is None and high is None:
        hint = "give v_in_min_v and v_in_max_v of the converters"
        return [
            warning(
                "block bus", "no input window of the converters is known: nothing was checked", None, "", hint
            )
        ]
    out = []
    if low is not None and v[0] < low:
        text = f"{v[0]:.0f} V at lowest speed and rated current is below the converters' input window from {low:g} V"
        out.append(
            error(
                "block bus",
                text,
                v[0],
                f">= {low:g} V",
                "a narrower speed range, or a rectifier that holds the bus",
            )
        )
    for when, value in (("at highest speed without load", v[1]), ("after load rejection", v[2])):
        if high is not None and value > high:
            text = f"{value:.0f} V {when} is above the converters' input window to {high:g} V: they trip or are destroyed"
            hint = (
                "a DC/DC or an active front end of lower machine voltage, a crowbar, or a faster bypass valve"
            )
            out.append(error("block bus", text, value, f"<= {high:g} V", hint))
    return out


def block_voltage(
    s: BlockSourceSpec, v_in_min_v: float | None = None, v_in_max_v: float | None = None
) -> BlockVoltage:
    """Bus voltage over speed and load, checked against the converters' input window [V].

    Examples
    --------
    >>> r = block_voltage(BlockSourceSpec("diode_bridge", speed_min=0.9), 650.0, 900.0)
    >>> round(r.v_rejection_v), [f.level for f in r.findings]
    (996, ['error'])
    """
    if s.kind == "diode_bridge":
        v = _bridge(s, s.v_bus_v)
        return BlockVoltage(*v, None, None, tuple(_window_findings(v, v_in_min_v, v_in_max_v)))
    held = (s.v_bus_v * (1.0 - s.tolerance), s.v_bus_v * (1.0 + s.tolerance))
    if s.kind == "active_front_end":
        peak_max, peak_over = (s.emf_ratio * n * s.v_bus_v for n in (s.speed_max, s.overspeed))
        v = (held[0], max(held[1], peak_max), max(held[1], peak_over))
        findings = _window_findings(v, v_in_min_v, v_in_max_v)
        for when, peak in (("at highest speed", peak_max), ("after load rejection", peak_over)):
            if peak > held[1]:
                text = f"the machine's peak of {peak:.0f} V {when} is above the bus: the diodes conduct, the bus follows"
                findings.append(
                    warning("active front end", text, peak, f"<= {held[1]:.0f} V", "a lower machine voltage")
                )
        return BlockVoltage(*v, None, None, tuple(findings))
    link = _bridge(s, s.v_link_v)
    assert s.dcdc_v_in_min_v is not None
    assert s.dcdc_v_in_max_v is not None
    findings = _link_findings(s, link)
    if any(f.level == "error" for f in findings):
        return BlockVoltage(None, None, None, link[0], link[2], tuple(findings))
    findings += _window_findings((*held, held[1]), v_in_min_v, v_in_max_v)
    return BlockVoltage(*held, held[1], link[0], link[2], tuple(findings))


def _link_findings(s: BlockSourceSpec, link: tuple[float, float, float]) -> list[Finding]:
    low, high = float(s.dcdc_v_in_min_v or 0.0), float(s.dcdc_v_in_max_v or 0.0)
    out = []
    if link[0] < low:
        text = f"the link falls to {link[0]:.0f} V at lowest speed, below the DC/DC's window from {low:g} V: the bus is lost"
        out.append(
            error("block DC/DC", text, link[0], f">= {low:g} V", "a higher link voltage or a wider window")
        )
    for when, value in (("at highest speed", link[1]), ("after load rejection", link[2])):
        if value > high:
            text = f"the link rises to {value:.0f} V {when}, above the DC/DC's window to {high:g} V: it trips"
            out.append(
                error(
                    "block DC/DC",
                    text,
                    value,
                    f"<= {high:g} V",
                    "a lower link voltage, a wider window or a crowbar",
                )
            )
    return out


def input_window(net: Network) -> tuple[float | None, float | None]:
    """Narrowest input window of the network's sidecars [V]; None where no sidecar states it."""
    rows = zip(*(net.column("converter", c) for c in ("role", "v_in_min_v", "v_in_max_v")), strict=True)
    known = [(low, high) for role, low, high in rows if role == "sidecar"]
    lows, highs = ([x[k] for x in known if x[k] is not None] for k in (0, 1))
    return (max(lows) if lows else None), (min(highs) if highs else None)


def speed_window(s: BlockSourceSpec, v_in_min_v: float, v_in_max_v: float) -> tuple[float, float]:
    """Speeds (over rated) between which a diode bridge keeps the window: rated current below, no current above.

    Examples
    --------
    >>> low, high = speed_window(BlockSourceSpec("diode_bridge"), 640.0, 960.0)
    >>> round(low, 3), round(high, 3)
    (0.8, 1.128)
    """
    return v_in_min_v / s.v_bus_v, v_in_max_v * (1.0 - s.commutation_drop) / s.v_bus_v
