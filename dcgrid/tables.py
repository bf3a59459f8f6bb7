"""The container of a network: element tables that grow cheaply and read as pandas DataFrames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

#: Columns of each element table, in reading order. Units are in the names.
COLUMNS: dict[str, tuple[str, ...]] = {
    "bus": ("name", "vn_v", "kind"),
    "source": (
        "name", "bus", "v_v", "r_droop_ohm", "p_max_w", "i_max_a", "allow_reverse", "role", "in_service",
    ),
    "line": (
        "name", "from_bus", "to_bus", "r_ohm", "parallel", "max_i_a", "length_m", "std_type",
        "t_conductor_degC", "role", "in_service",
    ),
    "converter": (
        "name", "from_bus", "to_bus", "mode", "v_out_v", "ratio", "p_set_w", "p_rated_w", "n_modules",
        "staging", "r_droop_ohm", "bidirectional", "std_type", "loss_curve", "i_out_max_a", "p_max_w",
        "v_in_min_v", "v_in_max_v", "on_limit", "role", "in_service",
    ),
    "load": ("name", "bus", "p_w", "kind", "shares", "role", "in_service"),
    "storage": ("name", "bus", "p_w", "e_wh", "role", "in_service"),
    "switch": ("name", "bus", "element", "et", "closed"),
}  # fmt: skip

RESULTS = ("bus", "line", "converter", "source", "load", "storage", "switch")


def none_if_nan(value: Any) -> Any:
    """pandas writes NaN for a missing number; dcgrid means None."""
    return None if isinstance(value, float) and value != value else value


class Table:
    """One element table: lists while it grows, a DataFrame once somebody looks at it.

    The DataFrame is the truth from then on, so `net.load.loc[3, "p_w"] = 9e4` has its effect.
    """

    def __init__(self, columns: tuple[str, ...]) -> None:
        self._lists: dict[str, list[Any]] = {c: [] for c in columns}
        self._frame: pd.DataFrame | None = None

    def __len__(self) -> int:
        return len(next(iter(self._lists.values()))) if self._frame is None else len(self._frame)

    def append(self, row: dict[str, Any]) -> int:
        """Add one element, given every column; return its index."""
        if self._frame is not None:
            self._lists = {str(c): self.column(str(c)) for c in self._frame.columns}
            self._frame = None
        for name, values in self._lists.items():
            values.append(row.get(name))
        return len(self) - 1

    def column(self, name: str) -> list[Any]:
        """Values of one column, None where not given."""
        if self._frame is None:
            return self._lists[name]
        return [none_if_nan(v) for v in self._frame[name].tolist()]

    @property
    def frame(self) -> pd.DataFrame:
        if self._frame is None:
            import pandas as pd

            self._frame = pd.DataFrame(self._lists)
        return self._frame


class Network:
    """A DC network: element tables (`net.bus`, `net.line`, ...) and, after a run, `net.res_*` tables.

    Build it with `create_empty_network` and the `create_*` verbs; solve it with `run`.
    """

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.tables = {kind: Table(columns) for kind, columns in COLUMNS.items()}
        self._results: dict[str, dict[str, Any]] = {}
        self._result_frames: dict[str, pd.DataFrame] = {}

    def __repr__(self) -> str:
        sizes = ", ".join(f"{len(t)} {k}" for k, t in self.tables.items() if len(t))
        return f"Network({self.name!r}: {sizes or 'empty'})"

    def column(self, table: str, name: str) -> list[Any]:
        """One column of an element table as a list, without building a DataFrame."""
        return self.tables[table].column(name)

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
