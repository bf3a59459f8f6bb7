"""The container of a network: element tables that grow cheaply and read as pandas DataFrames."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

#: Columns of each element table, in reading order. Units are in the names.
COLUMNS: dict[str, tuple[str, ...]] = {
    "bus": ("name", "vn_v", "kind"),
    "source": (
        "name", "bus", "v_v", "r_droop_ohm", "p_max_w", "i_max_a", "allow_reverse", "role", "in_service", "between",
    ),
    "line": (
        "name", "from_bus", "to_bus", "r_ohm", "parallel", "max_i_a", "length_m", "std_type",
        "t_conductor_degC", "role", "in_service", "r_pole_ohm", "r_neutral_ohm",
    ),
    "converter": (
        "name", "from_bus", "to_bus", "mode", "v_out_v", "ratio", "p_set_w", "p_rated_w", "n_modules",
        "staging", "r_droop_ohm", "bidirectional", "std_type", "loss_curve", "i_out_max_a", "p_max_w",
        "v_in_min_v", "v_in_max_v", "on_limit", "role", "in_service", "from_between", "to_between",
    ),
    "load": ("name", "bus", "p_w", "kind", "shares", "role", "in_service", "between"),
    "storage": ("name", "bus", "p_w", "e_wh", "role", "in_service", "between"),
    "switch": ("name", "bus", "element", "et", "closed"),
    "earthing": ("name", "bus", "r_ohm", "in_service"),
}  # fmt: skip

#: Columns that are read anew for every solve: a change of one of them keeps the compiled topology.
VALUES = {("load", "p_w"), ("storage", "p_w")}

RESULTS = ("bus", "line", "converter", "source", "load", "storage", "switch", "earthing")


def none_if_nan(value: Any) -> Any:
    """pandas writes NaN for a missing number; dcgrid means None."""
    return None if isinstance(value, float) and value != value else value


class Table:
    """One element table: lists while it grows, a DataFrame once somebody looks at it.

    The DataFrame is the truth from then on, so `net.load.loc[3, "p_w"] = 9e4` has its effect.
    """

    def __init__(self, columns: tuple[str, ...], values: tuple[str, ...] = ()) -> None:
        self._lists: dict[str, list[Any]] = {c: [] for c in columns}
        self._frame: pd.DataFrame | None = None
        self._values = values
        self._version = 0
        self._seen: dict[str, Any] = {}

    def __len__(self) -> int:
        return len(next(iter(self._lists.values()))) if self._frame is None else len(self._frame)

    def append(self, row: dict[str, Any]) -> int:
        """Add one element, given every column; return its index."""
        if self._frame is not None:
            self._lists = {str(c): self.column(str(c)) for c in self._frame.columns}
            self._frame = None
        self._version += 1
        for name, values in self._lists.items():
            values.append(row.get(name))
        return len(self) - 1

    def column(self, name: str) -> list[Any]:
        """Values of one column, None where not given."""
        if self._frame is None:
            return self._lists[name]
        return [none_if_nan(v) for v in self._frame[name].tolist()]

    def floats(self, name: str, missing: float = math.nan) -> NDArray[np.float64]:
        """One column as an array of numbers, `missing` where not given."""
        given = self._lists[name] if self._frame is None else self._frame[name].to_numpy()
        out = np.array(given, dtype=float)  # None becomes NaN
        if missing == missing:
            out[np.isnan(out)] = missing
        return out

    def _content(self) -> dict[str, Any]:
        """Every column but the values, as something that compares by value."""
        assert self._frame is not None
        out: dict[str, Any] = {}
        for name in self._frame.columns:
            if name in self._values:
                continue
            a = self._frame[name].to_numpy()
            out[name] = a.tolist() if a.dtype == object else (a.dtype, a.tobytes())
        return out

    @property
    def version(self) -> int:
        """A number that rises with every change of the table, its `values` columns excepted."""
        if self._frame is not None:
            now = self._content()
            if now != self._seen:
                self._seen = copy.deepcopy(now)
                self._version += 1
        return self._version

    @property
    def frame(self) -> pd.DataFrame:
        if self._frame is None:
            import pandas as pd

            self._frame = pd.DataFrame(self._lists)
            self._seen = copy.deepcopy(self._content())
        return self._frame


class Network:
    """A DC network: element tables (`net.bus`, `net.line`, ...) and, after a run, `net.res_*` tables.

    Build it with `create_empty_network` and the `create_*` verbs; solve it with `run`.
    """

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.tables = {
            kind: Table(columns, tuple(c for t, c in VALUES if t == kind))
            for kind, columns in COLUMNS.items()
        }
        self._results: dict[str, dict[str, Any]] = {}
        self._result_frames: dict[str, pd.DataFrame] = {}
        self._kept: dict[str, tuple[Any, Any]] = {}

    def __repr__(self) -> str:
        sizes = ", ".join(f"{len(t)} {k}" for k, t in self.tables.items() if len(t))
        return f"Network({self.name!r}: {sizes or 'empty'})"

    def column(self, table: str, name: str) -> list[Any]:
        """One column of an element table as a list, without building a DataFrame."""
        return self.tables[table].column(name)

    def floats(self, table: str, name: str, missing: float = math.nan) -> NDArray[np.float64]:
        """One column of an element table as numbers, `missing` where not given."""
        return self.tables[table].floats(name, missing)

    @property
    def versions(self) -> tuple[int, ...]:
        """Changes with every edit of a table, but not with the powers of loads and storages."""
        return tuple(t.version for t in self.tables.values())

    def kept(self, what: str, make: Callable[[], Any], key: Any = None) -> Any:
        """`make()`, or what it gave before if `key` (the tables' versions by default) is still the same."""
        key = self.versions if key is None else key
        if what not in self._kept or self._kept[what][0] != key:
            self._kept[what] = (key, make())
        return self._kept[what][1]

    def label(self, table: str, index: int) -> str:
        """Name of an element, or `line 3` where it has none."""
        return str(self.tables[table].column("name")[index] or f"{table} {index}")

    def labels(self, table: str) -> list[str]:
        """Names of all elements of a table, `line 3` where one has none."""
        return [str(n or f"{table} {i}") for i, n in enumerate(self.tables[table].column("name"))]

    def set_results(self, results: dict[str, dict[str, Any]]) -> None:
        """Replace all result tables (an empty dict clears them)."""
        self._results = results
        self._result_frames = {}

    def result(self, table: str) -> dict[str, Any]:
        """Result columns of one table as arrays, without building a DataFrame; empty before a run."""
        return self._results.get(table, {})

    def _result_frame(self, table: str) -> pd.DataFrame:
        if table not in self._result_frames:
            import pandas as pd

            self._result_frames[table] = pd.DataFrame(self._results.get(table, {}))
        return self._result_frames[table]

    @property
    def bus(self) -> pd.DataFrame:
        return self.tables["bus"].frame

    @property
    def source(self) -> pd.DataFrame:
        return self.tables["source"].frame

    @property
    def line(self) -> pd.DataFrame:
        return self.tables["line"].frame

    @property
    def converter(self) -> pd.DataFrame:
        return self.tables["converter"].frame

    @property
    def load(self) -> pd.DataFrame:
        return self.tables["load"].frame

    @property
    def storage(self) -> pd.DataFrame:
        return self.tables["storage"].frame

    @property
    def switch(self) -> pd.DataFrame:
        return self.tables["switch"].frame

    @property
    def earthing(self) -> pd.DataFrame:
        return self.tables["earthing"].frame

    @property
    def res_earthing(self) -> pd.DataFrame:
        return self._result_frame("earthing")

    @property
    def res_bus(self) -> pd.DataFrame:
        return self._result_frame("bus")

    @property
    def res_line(self) -> pd.DataFrame:
        return self._result_frame("line")

    @property
    def res_converter(self) -> pd.DataFrame:
        return self._result_frame("converter")

    @property
    def res_source(self) -> pd.DataFrame:
        return self._result_frame("source")

    @property
    def res_load(self) -> pd.DataFrame:
        return self._result_frame("load")

    @property
    def res_storage(self) -> pd.DataFrame:
        return self._result_frame("storage")

    @property
    def res_switch(self) -> pd.DataFrame:
        return self._result_frame("switch")
