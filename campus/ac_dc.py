"""A hall of 64 racks for looking at AC against DC: a few settings in, two ledgers and their comparison out.

Everything comes from `dcgrid`; here are only the hall's fixed proportions, the settings' ranges and names, and a cache.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache

from dcgrid.ac_ladder import direct
from dcgrid.chains import ChainsSpec, ac_chains, chain_ledgers
from dcgrid.comparison import Comparison, compare
from dcgrid.ledger import Ledger
from dcgrid.outcome import NetworkError, RunError
from dcgrid.pod import REDUNDANCY
from dcgrid.upstream import UpstreamStage

N_RACKS, BLOCK_W, MODULE_W, YEAR_h = 64, 1.2e6, 33e3, 8760.0
#: Blocks are sized for the racks' power and this much more: losses, cooling and some room.
BLOCKS_OVER_RACKS = 1.2
BOUNDARIES = {"A": "same blocks, from the turbine shaft", "B": "same MV grid, from its terminals"}
DC = {
    "blocks": ("A", "DC from the blocks"),
    "rectifier": ("B", "DC, transformer and rectifier"),
    "sst": ("B", "DC, solid-state transformer"),
}
CITED_RECTIFIER, ASSUMED_RECTIFIER = "800 V rectifier, cited 97 %", "800 V active rectifier"
#: Setting -> lowest, highest, step, unit.
RANGES = {"rack": (10, 600, 2, "kW"), "load": (10, 100, 5, "%"), "distance": (20, 1000, 20, "m")}


def dc_choices(boundary: str) -> dict[str, str]:
    """Short name -> chain of the DC side for a boundary."""
    return {key: name for key, (of, name) in DC.items() if of == boundary}


def ac_choices(boundary: str) -> dict[str, str]:
    """Short name -> chain of the AC side for a boundary.

    >>> ac_choices("B")["grid-eco_mode"]
    'AC from the grid, eco-mode UPS'
    """
    return {f"{feed}-{ups}": name for name, (feed, ups) in ac_chains(boundary).items()}


@dataclass(frozen=True)
class Hall:
    """What a reader chooses. rack [kW], load [% of it], distance from the blocks or the grid [m]."""

    boundary: str = "A"
    rack: int = 132
    load: int = 80
    ac: str = "inverter-double_conversion_modern"
    dc: str = "blocks"
    redundancy: str = "N+1"
    ups_redundancy: str = "N+1"
    distance: int = 80

    @property
    def chains(self) -> tuple[str, str]:
        """Names of the DC and the AC chain."""
        return dc_choices(self.boundary)[self.dc], ac_choices(self.boundary)[self.ac]

    @property
    def rack_load_w(self) -> float:
        """Present power of a rack [W]."""
        return 10.0 * self.rack * self.load

    def spec(self) -> ChainsSpec:
        """The hall for `dcgrid`: blocks of about 1 MW, and supply modules of a quarter of a rack up to 33 kW."""
        rack_w = 1e3 * self.rack
        need = BLOCKS_OVER_RACKS * N_RACKS * rack_w
        n_blocks = max(1, math.ceil(need / BLOCK_W - 1e-9))
        return ChainsSpec(
            n_racks=N_RACKS, rack_p_w=rack_w, n_blocks=n_blocks, block_p_w=need / n_blocks,
            distance_m=float(self.distance), module_w=min(MODULE_W, rack_w / 4.0),
            redundancy=self.redundancy, ups_redundancy=self.ups_redundancy,
        )  # fmt: skip

    def query(self) -> dict[str, str]:
        """The settings for an address."""
        return {key: str(value) for key, value in asdict(self).items()}


def settled(hall: Hall) -> Hall:
    """The same hall with chains that exist at its boundary; the UPS option is kept where it can be."""
    dc, ac = dc_choices(hall.boundary), ac_choices(hall.boundary)
    ups = hall.ac.partition("-")[2]
    like = next((key for key in ac if key.partition("-")[2] == ups), "")
    first = next(key for key in ac if key.endswith("modern"))
    return replace(
        hall, dc=hall.dc if hall.dc in dc else next(iter(dc)), ac=hall.ac if hall.ac in ac else like or first
    )


def from_query(given: Mapping[str, str]) -> tuple[Hall, list[str]]:
    """The hall of an address, and in words what of it could not be used.

    >>> from_query({"rack": "7000"})[1]
    ['rack 7000: allowed 10 to 600 kW; 132 is shown']
    """
    usual, problems = Hall(), []
    values: dict[str, object] = {}
    for key, (low, high, step, unit) in RANGES.items():
        if key not in given:
            continue
        text = given[key][:20]
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if low <= number <= high:
            values[key] = low + step * round((number - low) / step)
        else:
            problems.append(f"{key} {text}: allowed {low} to {high} {unit}; {getattr(usual, key)} is shown")
    boundary = given.get("boundary", usual.boundary)
    known = boundary in BOUNDARIES
    if not known:
        problems.append(f"boundary {boundary[:20]}: allowed A or B; {usual.boundary} is shown")
    start = settled(replace(usual, boundary=boundary if known else usual.boundary))
    allowed = {
        "ac": tuple(ac_choices(start.boundary)),
        "dc": tuple(dc_choices(start.boundary)),
        "redundancy": tuple(REDUNDANCY),
        "ups_redundancy": tuple(REDUNDANCY),
    }
    for key, choices in allowed.items():
        text = given.get(key, getattr(start, key)).replace(" ", "+")  # an address may carry "+" as a blank
        if text in choices:
            values[key] = text
        else:
            shown = getattr(start, key)
            problems.append(f"{key} {text[:40]}: allowed {', '.join(choices)}; {shown} is shown")
    return replace(start, **values), problems  # type: ignore[arg-type]


@lru_cache(maxsize=4096)
def ledger(spec: ChainsSpec, boundary: str, chain: str, rack_load_w: float) -> Ledger:
    """Ledger of one chain, its AC parts by the radial ladder (equal to pandapower's)."""
    with direct():
        return chain_ledgers(spec, boundary, chain, [rack_load_w])[0]


@dataclass(frozen=True)
class View:
    """Both ledgers and their comparison (positive points: DC loses less)."""

    hall: Hall
    dc: Ledger
    ac: Ledger
    comparison: Comparison


def view(hall: Hall) -> View | str:
    """Solve both chains of a hall; words where there is no answer."""
    spec, (dc_name, ac_name) = hall.spec(), hall.chains
    try:
        dc, ac = (ledger(spec, hall.boundary, name, hall.rack_load_w) for name in (dc_name, ac_name))
        return View(hall, dc, ac, compare(dc, ac))
    except (RunError, NetworkError) as error:
        return str(error)


@dataclass(frozen=True)
class Step:
    """A change that helps AC, and the comparison with it."""

    words: str
    comparison: Comparison


def _with_rectifier(spec: ChainsSpec, kind: str) -> ChainsSpec:
    """The same hall with another rectifier behind the generators (A) and at the hall (B)."""
    rated, n = 1.1 * spec.block_p_w, spec.n_blocks
    upstream = (
        UpstreamStage("generator", std_type="PM generator", p_rated_w=rated, n_modules=n),
        UpstreamStage("rectifier", std_type=kind, p_rated_w=rated, n_modules=n),
    )
    return replace(spec, upstream=upstream, rectifier_std_type=kind)


def what_would_make_ac_win(hall: Hall) -> list[Step]:
    """One step after another to AC's side, each kept in those that follow; steps without an answer are left out."""
    good, cited = ASSUMED_RECTIFIER, CITED_RECTIFIER
    modern, eco, racks = "double_conversion_modern", "eco_mode", "rack_batteries"
    if hall.boundary == "A":
        steps = [
            ("AC1: inverters, modern double-conversion UPS", "inverter", modern, good),
            ("… with an eco-mode UPS", "inverter", eco, good),
            ("… with rack batteries, no UPS", "inverter", racks, good),
            ("… with MV generators, no inverters (AC2)", "generator", racks, good),
            ("… and DC with a 97 % rectifier", "generator", racks, cited),
        ]
    else:
        first = "modern double-conversion UPS"
        if hall.dc == "rectifier":
            first += "; DC with the blocks' rectifier"
        steps = [
            (first, "grid", modern, good),
            ("… with an eco-mode UPS", "grid", eco, good),
            ("… with rack batteries, no UPS", "grid", racks, good),
        ]
        if hall.dc == "rectifier":
            steps.append(("… and DC with the 97 % rectifier", "grid", racks, cited))
    found = []
    for words, feed, ups, rectifier in steps:
        spec = _with_rectifier(hall.spec(), rectifier)
        names = (hall.chains[0], ac_choices(hall.boundary)[f"{feed}-{ups}"])
        try:
            dc, ac = (ledger(spec, hall.boundary, name, hall.rack_load_w) for name in names)
            found.append(Step(words, compare(dc, ac)))
        except (RunError, NetworkError):
            continue
    return found


def three_lines(hall: Hall) -> str:
    """Python that gives the same comparison, by pandapower."""
    spec, names = hall.spec(), list(hall.chains)
    usual = ChainsSpec(n_racks=1, rack_p_w=1.0, n_blocks=1, block_p_w=1.0)
    changed = {
        key: getattr(spec, key)
        for key in ("n_racks", "rack_p_w", "n_blocks", "block_p_w", "distance_m", "module_w", "redundancy", "ups_redundancy")
        if getattr(spec, key) != getattr(usual, key)
    }  # fmt: skip
    given = ", ".join(f"{key}={value!r}" for key, value in changed.items())
    return (
        "import dcgrid\n"
        f"spec = dcgrid.ChainsSpec({given})\n"
        f"found = dcgrid.compare_chains(spec, {hall.boundary!r}, [{hall.rack_load_w!r}], [{YEAR_h!r}], "
        f"chains={names!r})[0]\n"
    )
