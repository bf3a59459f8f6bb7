"""What fails for the whole campus at once, and what that leaves for blocks and heaters to promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from campus.case import Case


def supply_outage(case: Case, feeds: int | None = None) -> float:
    """Share of time in which all gas feeds are out together, taken as independent; 0 for reactors."""
    if case.heat.source == "reactor":
        return 0.0
    return case.reliability.gas_feed_FOR ** (case.reliability.gas_feeds if feeds is None else feeds)


def units_target(case: Case) -> float | None:
    """Availability that blocks and heaters must reach so that the whole, gas feeds included, meets the target."""
    target = case.reliability.availability_target
    return None if target is None else target / (1.0 - supply_outage(case))


def supply_conflict(case: Case) -> str | None:
    """Why the gas feeds alone make the target impossible, with the fewest feeds that would do; None if they do not."""
    target = case.reliability.availability_target
    if target is None or 1.0 - supply_outage(case) > target:
        return None
    feeds = case.reliability.gas_feeds
    enough = next((n for n in range(feeds + 1, 11) if 1.0 - supply_outage(case, n) > target), None)
    more = "no number of feeds would do"
    if enough is not None:
        more = f"reliability.gas_feeds: {enough} would do ({100 * (1.0 - supply_outage(case, enough)):.7g} %)"
    many = feeds > 1
    return (
        f"reliability.availability_target asks {100 * target:.7g} % of the hours; {feeds} gas feed{'s' * many}, each out "
        f"{100 * case.reliability.gas_feed_FOR:.3g} % of the time, allow{'' if many else 's'} at most "
        f"{100 * (1.0 - supply_outage(case)):.7g} %, however many blocks are installed. {more}; or lower the target."
    )
