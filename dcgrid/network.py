"""Verbs that build a network: one `create_*` for each kind of element. SI units, signs as in docs/models.

Each verb checks all its arguments and raises one `NetworkError` that lists every problem; it returns the
index of the new element in its table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from dcgrid import std_types
from dcgrid.outcome import Checker
from dcgrid.tables import Network

LOAD_KINDS = ("constant_power", "constant_current", "constant_resistance", "mixed")
MODES = ("v_out", "ratio", "p", "off")
BETWEEN = ("pos-neutral", "neutral-neg", "pos-neg")


def create_empty_network(name: str = "") -> Network:
    """An empty network.

    Examples
    --------
    >>> create_empty_network("pod 1")
    Network('pod 1': empty)
    """
    return Network(name)


def _bus(check: Checker, net: Network, field: str, bus: int) -> None:
    n = len(net.tables["bus"])
    known = hasattr(bus, "__index__") and not isinstance(bus, bool) and 0 <= int(bus) < n
    if not known:
        check.add(
            field, bus, f"the index of a bus, 0 to {n - 1}" if n else "the index of a bus; there is none yet"
        )


def _is_bipolar(net: Network, bus: int) -> bool:
    n = len(net.tables["bus"])
    known = hasattr(bus, "__index__") and 0 <= int(bus) < n
    return known and net.column("bus", "kind")[int(bus)] == "bipolar"


def _between(check: Checker, net: Network, field: str, bus: int, between: str | None) -> None:
    """On a bipolar bus an element names its two terminals, the first is +; on a monopolar bus there is no choice."""
    if _is_bipolar(net, bus):
        check.choice(field, between, BETWEEN)
    elif between is not None:
        check.add(field, between, "None: the bus is monopolar")


def create_bus(net: Network, vn_v: float, name: str | None = None, kind: str = "monopolar") -> int:
    """A bus of nominal voltage `vn_v` [V].

    "monopolar": one node against its return. "bipolar": three nodes (pos, neutral, neg) against earth; `vn_v` is
    pole to neutral.
    """
    check = Checker(f"bus[{name or len(net.tables['bus'])}]")
    check.number("vn_v", vn_v, 0.0, None, "V", strict=True)
    check.choice("kind", kind, ("monopolar", "bipolar"))
    check.done()
    return net.tables["bus"].append({"name": name, "vn_v": float(vn_v), "kind": kind})


def create_earthing(
    net: Network, bus: int, r_ohm: float, name: str | None = None, *, in_service: bool = True
) -> int:
    """Earth the neutral of a bipolar bus through `r_ohm` [ohm]; 0 is solid."""
    check = Checker(f"earthing[{name or len(net.tables['earthing'])}]")
    _bus(check, net, "bus", bus)
    check.number("r_ohm", r_ohm, 0.0, None, "ohm")
    if not check.problems and not _is_bipolar(net, bus):
        check.add("bus", bus, "a bipolar bus: a monopolar one has no neutral")
    check.done()
    row = {"name": name, "bus": int(bus), "r_ohm": float(r_ohm), "in_service": bool(in_service)}
    return net.tables["earthing"].append(row)


def create_source(
    net: Network,
    bus: int,
    v_v: float,
    r_droop_ohm: float = 0.0,
    name: str | None = None,
    *,
    p_max_w: float | None = None,
    i_max_a: float | None = None,
    allow_reverse: bool = False,
    role: str | None = None,
    in_service: bool = True,
    between: str | None = None,
) -> int:
    """A regulated source: v = v_v - r_droop_ohm * i at its terminals [V, ohm, A].

    Droop is control, not loss.
    """
    check = Checker(f"source[{name or len(net.tables['source'])}]")
    _bus(check, net, "bus", bus)
    _between(check, net, "between", bus, between)
    check.number("v_v", v_v, 0.0, None, "V", strict=True)
    check.number("r_droop_ohm", r_droop_ohm, 0.0, None, "ohm")
    check.number("p_max_w", p_max_w, 0.0, None, "W", strict=True, optional=True)
    check.number("i_max_a", i_max_a, 0.0, None, "A", strict=True, optional=True)
    check.done()
    row = {
        "name": name, "bus": int(bus), "v_v": float(v_v), "r_droop_ohm": float(r_droop_ohm),
        "p_max_w": p_max_w, "i_max_a": i_max_a, "allow_reverse": bool(allow_reverse), "role": role,
        "in_service": bool(in_service), "between": between,
    }  # fmt: skip
    return net.tables["source"].append(row)


def create_line_from_parameters(
    net: Network,
    from_bus: int,
    to_bus: int,
    r_ohm: float | None = None,
    max_i_a: float | None = None,
    parallel: int = 1,
    name: str | None = None,
    *,
    role: str | None = None,
    length_m: float | None = None,
    std_type: str | None = None,
    t_conductor_degC: float | None = None,
    in_service: bool = True,
    r_pole_ohm: float | None = None,
    r_neutral_ohm: float | None = None,
) -> int:
    """A line of `parallel` conductor pairs, each of loop resistance `r_ohm` [ohm] (go and return).

    Between bipolar buses each conductor has its own: `r_pole_ohm` and `r_neutral_ohm` [ohm]. Rated `max_i_a` [A].
    """
    check = Checker(f"line[{name or len(net.tables['line'])}]")
    _bus(check, net, "from_bus", from_bus)
    _bus(check, net, "to_bus", to_bus)
    if from_bus == to_bus:
        check.add("to_bus", to_bus, "another bus than from_bus")
    bipolar = _is_bipolar(net, from_bus)
    if bipolar != _is_bipolar(net, to_bus):
        check.add("to_bus", to_bus, "a bus of the same kind as from_bus (monopolar or bipolar)")
    for field, value, wanted in (
        ("r_ohm", r_ohm, not bipolar),
        ("r_pole_ohm", r_pole_ohm, bipolar),
        ("r_neutral_ohm", r_neutral_ohm, bipolar),
    ):
        if wanted:
            check.number(field, value, 0.0, None, "ohm", strict=True)
        elif value is not None:
            check.add(field, value, f"None: the line is {'bipolar' if bipolar else 'monopolar'}")
    check.number("max_i_a", max_i_a, 0.0, None, "A", strict=True, optional=True)
    check.number("length_m", length_m, 0.0, None, "m", optional=True)
    check.whole("parallel", parallel, 1)
    check.done()
    row = {
        "name": name, "from_bus": int(from_bus), "to_bus": int(to_bus), "r_ohm": r_ohm,
        "parallel": int(parallel), "max_i_a": max_i_a, "length_m": length_m, "std_type": std_type,
        "t_conductor_degC": t_conductor_degC, "role": role, "in_service": bool(in_service),
        "r_pole_ohm": r_pole_ohm, "r_neutral_ohm": r_neutral_ohm,
    }  # fmt: skip
    return net.tables["line"].append(row)


def create_line(
    net: Network,
    from_bus: int,
    to_bus: int,
    length_m: float,
    std_type: str,
    parallel: int = 1,
    name: str | None = None,
    *,
    t_conductor_degC: float = std_types.T_CONDUCTOR_degC,
    derating: float = 1.0,
    role: str | None = None,
    in_service: bool = True,
) -> int:
    """A line of a standard conductor, resistance at `t_conductor_degC` [degC].

    `derating` scales its ampacity. Between bipolar buses: three such conductors, half the loop resistance each.
    """
    check = Checker(f"line[{name or len(net.tables['line'])}]")
    check.number("length_m", length_m, 0.0, None, "m", strict=True)
    check.number("t_conductor_degC", t_conductor_degC, -40.0, 250.0, "degC")
    check.number("derating", derating, 0.0, 1.5, "", strict=True)
    if std_type not in std_types.conductors():
        check.choice("std_type", std_type, tuple(std_types.conductors()))
    check.done()
    conductor = std_types.conductor(std_type)
    r_loop = conductor.r_loop_ohm(length_m, t_conductor_degC)
    bipolar = _is_bipolar(net, from_bus)
    return create_line_from_parameters(
        net,
        from_bus,
        to_bus,
        None if bipolar else r_loop,
        conductor.max_i_a * derating,
        parallel,
        name,
        role=role,
        length_m=float(length_m),
        std_type=std_type,
        t_conductor_degC=float(t_conductor_degC),
        in_service=in_service,
        r_pole_ohm=0.5 * r_loop if bipolar else None,
        r_neutral_ohm=0.5 * r_loop if bipolar else None,
    )


def _check_curve(check: Checker, curve: Sequence[Sequence[float]] | None) -> None:
    if curve is None:
        return None
    try:
        points = [(float(x), float(y)) for x, y in curve]
    except (TypeError, ValueError):
        return check.add("loss_curve", curve, "[[load, loss], ...] in fractions of p_rated_w")
    rising = all(a[0] < b[0] for a, b in pairwise(points))
    sound = all(x >= 0 and y >= 0 and x < 1e3 and y < 1e3 for x, y in points)
    if not points or not rising or not sound:
        check.add("loss_curve", curve, "loads rising from >= 0, losses >= 0, at least one point")
    return None


def create_converter(
    net: Network,
    from_bus: int,
    to_bus: int,
    v_out_v: float | None = None,
    p_rated_w: float | None = None,
    n_modules: int = 1,
    std_type: str | None = None,
    r_droop_ohm: float = 0.0,
    name: str | None = None,
    *,
    mode: str = "v_out",
    ratio: float | None = None,
    p_set_w: float | None = None,
    loss_curve: Sequence[Sequence[float]] | None = None,
    staging: str = "all_on",
    bidirectional: bool = False,
    i_out_max_a: float | None = None,
    p_max_w: float | None = None,
    v_in_min_v: float | None = None,
    v_in_max_v: float | None = None,
    on_limit: str = "report",
    role: str | None = None,
    in_service: bool = True,
    from_between: str | None = None,
    to_between: str | None = None,
) -> int:
    """A converter of `n_modules` equal modules of `p_rated_w` [W] each, from its input bus to its output bus.

    Modes: "v_out" holds v_out_v - r_droop_ohm * i_out [V]; "ratio" gives v_in * ratio - r_droop_ohm * i_out;
    "p" moves `p_set_w` [W] measured at its output; "off". Loss from `loss_curve` or the curve of `std_type`.
    `v_out_v` defaults to the nominal voltage of the output bus, `p_rated_w` to the type's module.
    """
    check = Checker(f"converter[{name or len(net.tables['converter'])}]")
    _bus(check, net, "from_bus", from_bus)
    _bus(check, net, "to_bus", to_bus)
    _between(check, net, "from_between", from_bus, from_between)
    _between(check, net, "to_between", to_bus, to_between)
    if from_bus == to_bus:
        check.add("to_bus", to_bus, "another bus than from_bus")
    check.choice("mode", mode, MODES)
    check.choice("staging", staging, ("all_on", "optimal"))
    check.choice("on_limit", on_limit, ("report", "fold", "trip"))
    types = std_types.converters()
    if std_type is not None and std_type not in types:
        check.choice("std_type", std_type, tuple(types))
    elif std_type is not None and p_rated_w is None:
        p_rated_w = types[std_type].p_rated_w
    if std_type is None and loss_curve is None:
        check.add("loss_curve", None, "a loss curve or a std_type", "[[0, 0], [1, 0]] says that it is ideal")
    _check_curve(check, loss_curve)
    check.number("p_rated_w", p_rated_w, 0.0, None, "W", strict=True)
    check.whole("n_modules", n_modules, 1)
    check.number("r_droop_ohm", r_droop_ohm, 0.0, None, "ohm")
    if mode == "v_out" and v_out_v is None and not check.problems:
        v_out_v = net.column("bus", "vn_v")[int(to_bus)] * (2.0 if to_between == "pos-neg" else 1.0)
    check.number("v_out_v", v_out_v, 0.0, None, "V", strict=True, optional=mode != "v_out")
    check.number("ratio", ratio, 0.0, None, "", strict=True, optional=mode != "ratio")
    check.number("p_set_w", p_set_w, None, None, "W", optional=mode != "p")
    for field, value in (("i_out_max_a", i_out_max_a), ("p_max_w", p_max_w)):
        check.number(field, value, 0.0, None, "A" if field[0] == "i" else "W", strict=True, optional=True)
    check.number("v_in_min_v", v_in_min_v, 0.0, None, "V", optional=True)
    check.number("v_in_max_v", v_in_max_v, 0.0, None, "V", strict=True, optional=True)
    check.done()
    row = {
        "name": name, "from_bus": int(from_bus), "to_bus": int(to_bus), "mode": mode, "v_out_v": v_out_v,
        "ratio": ratio, "p_set_w": p_set_w, "p_rated_w": float(p_rated_w or 0.0), "n_modules": int(n_modules),
        "staging": staging, "r_droop_ohm": float(r_droop_ohm), "bidirectional": bool(bidirectional),
        "std_type": std_type,
        "loss_curve": None if loss_curve is None else [list(map(float, p)) for p in loss_curve],
        "i_out_max_a": i_out_max_a, "p_max_w": p_max_w, "v_in_min_v": v_in_min_v, "v_in_max_v": v_in_max_v,
        "on_limit": on_limit, "role": role, "in_service": bool(in_service), "from_between": from_between,
        "to_between": to_between,
    }  # fmt: skip
    return net.tables["converter"].append(row)


def create_load(
    net: Network,
    bus: int,
    p_w: float,
    kind: str = "constant_power",
    name: str | None = None,
    *,
    shares: Mapping[str, float] | None = None,
    role: str | None = None,
    in_service: bool = True,
    between: str | None = None,
) -> int:
    """A load of rated `p_w` [W] at the bus's nominal voltage, + consumes.

    `shares` mixes the three kinds (sum 1).
    """
    check = Checker(f"load[{name or len(net.tables['load'])}]")
    _bus(check, net, "bus", bus)
    _between(check, net, "between", bus, between)
    check.number("p_w", p_w, 0.0, None, "W")
    check.choice("kind", kind, LOAD_KINDS)
    if shares is None and kind == "mixed":
        check.add("shares", None, "shares of constant_power, constant_current, constant_resistance, sum 1")
    for part in shares or {}:
        check.choice("shares", part, LOAD_KINDS[:3])
    if shares is not None and (
        abs(sum(shares.values()) - 1.0) > 1e-9 or min(shares.values(), default=-1) < 0
    ):
        check.add("shares", dict(shares), "shares >= 0 with sum 1")
    check.done()
    row = {
        "name": name, "bus": int(bus), "p_w": float(p_w), "kind": "mixed" if shares else kind,
        "shares": dict(shares) if shares else None, "role": role, "in_service": bool(in_service),
        "between": between,
    }  # fmt: skip
    return net.tables["load"].append(row)


def create_storage(
    net: Network,
    bus: int,
    p_w: float = 0.0,
    e_wh: float | None = None,
    name: str | None = None,
    *,
    role: str | None = None,
    in_service: bool = True,
    between: str | None = None,
) -> int:
    """Storage with a fixed power `p_w` [W], + delivers, - charges.

    `e_wh` [Wh] is noted, not used in a static run.
    """
    check = Checker(f"storage[{name or len(net.tables['storage'])}]")
    _bus(check, net, "bus", bus)
    _between(check, net, "between", bus, between)
    check.number("p_w", p_w, None, None, "W")
    check.number("e_wh", e_wh, 0.0, None, "Wh", optional=True)
    check.done()
    row = {
        "name": name,
        "bus": int(bus),
        "p_w": float(p_w),
        "e_wh": e_wh,
        "role": role,
        "in_service": bool(in_service),
        "between": between,
    }
    return net.tables["storage"].append(row)


def create_switch(
    net: Network, bus: int, element: int, et: str = "bus", closed: bool = True, name: str | None = None
) -> int:
    """A switch: bus to bus (`et="bus"`, zero ohm when closed) or at the end of a line (`et="line"`)."""
    check = Checker(f"switch[{name or len(net.tables['switch'])}]")
    _bus(check, net, "bus", bus)
    check.choice("et", et, ("bus", "line"))
    if et == "bus":
        _bus(check, net, "element", element)
        if bus == element:
            check.add("element", element, "another bus than `bus`")
    elif et == "line":
        n = len(net.tables["line"])
        if not (hasattr(element, "__index__") and 0 <= int(element) < n):
            check.add("element", element, f"the index of a line, 0 to {n - 1}")
        elif int(bus) not in (net.column("line", "from_bus")[element], net.column("line", "to_bus")[element]):
            check.add("bus", bus, f"an end of {net.label('line', int(element))}")
    check.done()
    row = {"name": name, "bus": int(bus), "element": int(element), "et": et, "closed": bool(closed)}
    return net.tables["switch"].append(row)
