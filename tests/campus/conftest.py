"""One small campus, solved once: two blocks' worth of flat load, so that every figure has a closed form."""

from __future__ import annotations

from pathlib import Path

import pytest

import campus
from campus.account import account
from campus.paths import cases_dir
from campus.pipeline import Solved, _solve
from campus.progress import silent

SMALL = """
schema_version: 1
name: Small flat campus
site: {weather: weather/USA_TX_Dallas-Fort.Worth_TMYx.csv}
load: {it_power: 10 MW, profile: {kind: flat}}
block: {net_power: 5 MW, recuperator_conductance: 2 MW/K}
heat: {gas_price: 4 USD/MMBtu}
reliability: {spare_blocks: 1, spare_heaters: 1, gas_feeds: 1, gas_feed_outage_rate: 0.0002}
economics: {discount_rate: 7 %}
"""


@pytest.fixture(scope="session")
def small_solved() -> Solved:
    return _solve(campus.parse_case(SMALL, folder=cases_dir()), cases_dir(), silent)


@pytest.fixture(scope="session")
def small(small_solved: Solved) -> campus.CampusResult:
    return account(small_solved, Path.cwd(), "small", 0.0).require_ok()
