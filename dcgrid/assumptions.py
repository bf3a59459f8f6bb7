"""What the defaults rest on: one row for each shipped curve, conductor family and rule, for the report."""

from __future__ import annotations

from dcgrid import ac_network, cables, loss_curves, path_availability, std_types

Row = dict[str, object]


def _row(name: str, value: object, unit: str, source: str, grade: str, note: str = "") -> Row:
    return {"name": name, "value": value, "unit": unit, "source": source, "grade": grade, "note": note}


def _curve_rows() -> list[Row]:
    rows = []
    for name, kind in std_types.converters().items():
        loads = (0.25, 0.5, 0.75, 1.0)
        eta = [x / (x + loss_curves.loss_w(kind.loss_curve, x, 1.0)) for x in loads]
        text = " / ".join(f"{100 * e:.1f}" for e in eta)
        note = f"{kind.covers}; {kind.kind}; {kind.note}".strip("; ")
        rows.append(
            _row(
                f"efficiency of {name}", text, "% at 25 / 50 / 75 / 100 % load", kind.source, kind.grade, note
            )
        )
    return rows


def assumptions() -> list[Row]:
    """Rows {name, value, unit, source, grade, note} of what dcgrid's defaults rest on.

    Examples
    --------
    >>> sorted(assumptions()[0])
    ['grade', 'name', 'note', 'source', 'unit', 'value']
    """
    wires = std_types.conductors()
    cable, far, bar = wires["Cu 240 mm2"], wires["Cu 500 mm2"], wires["busway 800 V DC 1500 A"]
    rules = [
        _row("conductor temperature in load flow", std_types.T_CONDUCTOR_degC, "degC", "design choice", "assumption",
             "XLPE rated 90 degC, loaded to about 80 %"),
        _row("grouping factor on cable ampacity", cables.GROUPING_FACTOR, "1",
             "NEC bundling factor for 4 to 6 conductors (wiresizes.com)", "cited"),
        _row("cable resistance", cable.r_20C_ohm_km, "ohm/km (Cu 240 mm2, 20 degC)", cable.r_source, cable.r_grade),
        _row("cable ampacity to 240 mm2", cable.max_i_a, "A (Cu 240 mm2)", cable.i_source, cable.i_grade),
        _row("cable ampacity above 240 mm2", far.max_i_a, "A (Cu 500 mm2)", far.i_source, far.i_grade, far.note),
        _row("row busway", bar.max_i_a, "A", bar.i_source, "assumption", bar.note),
        _row("density of copper", 8903, "kg/m3", "mass and section of CDA's C11000 bars, Table 1", "cited"),
        _row("density of aluminium", 2703, "kg/m3", "IEC 60889 (recalled); AFL's printed 6101 masses give 2731 to 2765",
             "assumption"),
        _row("reactance of LV cables", ac_network.X_LV_OHM_KM, "ohm/km", "usual design value", "assumption"),
        _row("MV cable", "NA2XS2Y 1x240 RM/25 12/20 kV", "", "pandapower std type (e2nIEE / Fraunhofer IEE)", "cited"),
        _row("transformer short-circuit voltage", 6.0, "%", "usual value of distribution transformers", "assumption"),
    ]  # fmt: skip
    return _curve_rows() + rules + _failure_rows()


def _failure_rows() -> list[Row]:
    return [
        _row(
            f"failures of {name}",
            f"{c['failures_per_year']:g} a year, {c['MTTR_h']:g} h each",
            f"per {c['per']}",
            c["source"],
            c["grade"],
            c["note"],
        )
        for name, c in path_availability.components().items()
    ]
