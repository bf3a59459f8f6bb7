"""Text with a unit, such as ``600 degC`` or ``25 MPa``, to a plain number and back: the only place that knows pint.

Every field of a case that carries a quantity is declared with :func:`q`. The Python name ends in the unit of
the stored number (``T_turbine_in_K``), the YAML key is the name an engineer would write (``turbine_inlet``).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import Field
from pydantic_core import PydanticCustomError


@dataclass(frozen=True)
class Unit:
    """How one field is stored, shown and bounded. ``low`` and ``high`` are in the unit shown."""

    stored: str
    shown: str
    low: float
    high: float

    def allowed(self, digits: int = 6) -> str:
        """The allowed range in words, with its unit."""
        unit = f" {self.shown}" if self.shown else ""
        return f"{self.low:.{digits}g} to {self.high:.{digits}g}{unit}"


def q(
    key: str,
    stored: str,
    low: float,
    high: float,
    doc: str,
    *,
    shown: str | None = None,
    default: Any = ...,
    source: str | None = None,
) -> Any:
    """Declare a quantity of a case.

    Parameters
    ----------
    key : str
        Name in the YAML file.
    stored : str
        Unit of the number in Python, as its field name ends.
    low, high : float
        Allowed range in the unit `shown`.
    doc : str
        One line for the reference page, the editor and the page's help.
    shown : str, optional
        Unit in which a person writes and reads it; as stored if not given. Empty for a plain number.
    default : str, float or None, optional
        Text with a unit as in a file; required if not given.
    source : str, optional
        Where the default comes from. A default without a source is an assumption, and shown as one.
    """
    unit = Unit(stored, stored if shown is None else shown, low, high)
    kinds = ["string", "number"] if not unit.shown else ["string"]
    extra: dict[str, Any] = {
        "type": [*kinds, "null"] if default is None else kinds,
        "x-unit": unit.shown,
        "x-range": [low, high],
        "x-source": source,
        "examples": [default] if default not in (..., None) else [f"{low:g} {unit.shown}".strip()],
    }
    if default is ...:
        return Field(alias=key, description=doc, json_schema_extra=extra)
    return Field(
        default=default,
        validate_default=default is not None,
        alias=key,
        description=doc,
        json_schema_extra=extra,
    )


def unit_of(field: Any, name: str) -> Unit | None:
    """The unit of a pydantic field declared with :func:`q`; None for any other field."""
    extra = field.json_schema_extra
    if not isinstance(extra, dict) or "x-unit" not in extra:
        return None
    shown = str(extra["x-unit"])
    low, high = extra["x-range"]
    return Unit(_stored_unit(name, shown), shown, float(low), float(high))


# The endings that a field name may carry, and the unit each stands for.
SUFFIXES = {
    "_W_per_K": "W/K",
    "_USD_per_MMBtu_HHV": "USD/MMBtu",
    "_USD_per_MW": "USD/MW",
    "_USD_per_MWh": "USD/MWh",
    "_USD_per_kWh": "USD/kWh",
    "_USD_per_kW": "USD/kW",
    "_USD_per_t": "USD/t",
    "_mg_per_MJ": "mg/MJ",
    "_MWth": "MW",
    "_MWh": "MWh",
    "_MW": "MW",
    "_m2_per_MW": "m**2/MW",
    "_m2": "m**2",
    "_mm2": "mm**2",
    "_Pa": "Pa",
    "_K": "K",
    "_W": "W",
    "_V": "V",
    "_A": "A",
    "_h": "h",
    "_m": "m",
    "_yr": "year",
    "_months": "month",
}


def _stored_unit(name: str, shown: str) -> str:
    if not shown:
        return ""
    found = [suffix for suffix in SUFFIXES if name.endswith(suffix)]
    if found:
        return SUFFIXES[max(found, key=len)]
    raise ValueError(f"field {name} shows {shown} but its name ends in no known unit")


@lru_cache(maxsize=1)
def _registry() -> Any:
    import pint

    registry: Any = pint.UnitRegistry(autoconvert_offset_to_baseunit=True, cache_folder=None)
    registry.define("USD = [currency] = dollar")
    registry.define("MMBtu = 1e6 * Btu")
    registry.define("MWth = MW")
    return registry


def parse(value: Any, unit: Unit) -> float:
    """Text with a unit (or a plain number where none is due) to a number in the stored unit.

    Raises
    ------
    PydanticCustomError
        With value, allowed range and a suggestion, if it cannot be read, has another dimension or is out of range.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise _error("is not a quantity", value, unit, f"write it as {text(unit.low, unit)!r}")
    return _parse_text(value, unit) if isinstance(value, str) else _parse(value, unit)


def _parse(value: int | float | str, unit: Unit) -> float:
    number, written = _number_and_unit(value, unit)
    if not math.isfinite(number):
        what = "is not a number" if math.isnan(number) else "is not a finite number"
        raise _error(what, value, unit, f"write it as {text(unit.low, unit)!r}")
    shown = _in_shown(number, written, value, unit) if unit.shown else _share(number, written, value, unit)
    for bound in (unit.low, unit.high):  # 120 bar is 12 MPa, whatever the last digit
        shown = bound if math.isclose(shown, bound, rel_tol=1e-12) else shown
    if not unit.low <= shown <= unit.high:
        near = text(unit.low if shown < unit.low else unit.high, unit)
        raise _error(
            "out of range", value, unit, _likely(number, written, f"the nearest allowed is {near}", unit)
        )
    return float(_registry().Quantity(shown, unit.shown).to(unit.stored).magnitude) if unit.shown else shown


_parse_text = lru_cache(maxsize=4096)(_parse)  # the same defaults are read in every case


# A number and the unit after it. Exponents are single digits: nothing that is typed here may take long to work out.
_QUANTITY = re.compile(
    r"\s*(?P<number>[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|nan\b|inf\b))"
    r"\s*(?P<unit>%|(?:[^\W\d]|[°²³$][^\W\d]?)(?:[^\d*^]|\*(?!\*)|(?:\*\*|\^)-?\d(?![\d*^]))*)?\s*",
    re.IGNORECASE,
)


def _number_and_unit(value: int | float | str, unit: Unit) -> tuple[float, str]:
    if not isinstance(value, str):
        try:
            return float(value), ""
        except OverflowError:
            return (math.inf if value > 0 else -math.inf), ""
    found = _QUANTITY.fullmatch(value)
    if found:
        return float(found["number"]), (found["unit"] or "").strip()
    if not value.strip():
        raise _error("is empty", value, unit, f"write it as {text(unit.low, unit)!r}")
    hint = "with a point for decimals, " if re.match(r"\s*[+-]?\d+,\d", value) else ""
    hint = "without spaces between its digits, " if re.match(r"\s*[+-]?\d+[ _]\d", value) else hint
    way = f"as {text(unit.low, unit)!r}" if unit.shown else "or a percentage"
    what = "cannot be read as a quantity" if unit.shown else "is not a number"
    raise _error(what, value, unit, f"write one number {hint}{way}")


def _in_shown(number: float, written: str, value: Any, unit: Unit) -> float:
    """A number with its unit as written, in the unit shown."""
    as_shown = text(number, unit) if unit.low <= number <= unit.high else text(unit.low, unit)
    if not written:
        fits = unit.low <= number <= unit.high
        raise _error("has no unit", value, unit, f"write {as_shown}" if fits else f"write it as {as_shown!r}")
    try:
        given = _registry().Quantity(number, _registry().parse_units(written))
    except Exception as error:  # pint raises many kinds, tokenizer errors among them
        raise _error(
            "has an unknown unit", value, unit, f"give it in {unit.shown}, in the form {as_shown!r}"
        ) from error
    if unit.shown == "K" and not given._is_multiplicative:
        kelvin = _registry().Quantity(number, f"delta_{given.units}").to("K").magnitude
        hint = f"a difference of temperatures is written in K, as '{kelvin:.4g} K'"
        raise _error("out of range, for it is a temperature, not a difference", value, unit, hint)
    try:
        return float(given.to(unit.shown).magnitude)
    except Exception as error:
        hint = f"give it in {unit.shown}, in the form {as_shown!r}"
        raise _error("has another dimension", value, unit, hint) from error


def _share(number: float, written: str, value: Any, unit: Unit) -> float:
    """A plain number, or one with a % sign."""
    if written not in ("", "%"):
        fits = unit.low <= number <= unit.high
        hint = f"write {number:g}" if fits else "write one number or a percentage"
        raise _error("has a unit, where a plain number is due", value, unit, hint)
    return number / 100.0 if written else number


def _likely(number: float, written: str, nearest: str, unit: Unit) -> str:
    """The nearest allowed value, after the one that was probably meant."""
    if unit.shown and written != unit.shown and unit.low <= number <= unit.high:
        return f"did you mean {text(number, unit)!r}? {nearest}"
    if not unit.shown and not written and unit.low <= number / 100.0 <= unit.high and number >= 2.0:
        return f"did you mean '{number:g} %'? {nearest}"
    return nearest


def text(shown: float, unit: Unit) -> str:
    """A number in the shown unit as a person writes it in a file."""
    return f"{shown:.10g} {unit.shown}".strip()


def stored_text(stored: float, unit: Unit) -> str:
    """A number in the stored unit as a person writes it in a file, in the shown unit."""
    if not unit.shown:
        return text(stored, unit)
    return text(float(_registry().Quantity(stored, unit.stored).to(unit.shown).magnitude), unit)


def _error(what: str, value: Any, unit: Unit, suggestion: str) -> PydanticCustomError:
    return PydanticCustomError(
        "quantity", what, {"given": value, "allowed": unit.allowed(10), "suggestion": suggestion}
    )
