"""What a case says of its DC network reaches the network: feeds, ties, poles; margins, outages and bands by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import campus
import dcgrid
from campus import figures, network_studies, verdicts
from campus.build_grid import GridFailed, build_grid, grid_losses, grid_spec
from campus.paths import cases_dir

BLOCKS = 8


def case(**network: object) -> campus.Case:
    given = "".join(f", {key}: {value}" for key, value in network.items())
    return campus.parse_case(
        f"""
schema_version: 1
name: Network
site: {{weather: weather/USA_TX_Dallas-Fort.Worth_TMYx.csv}}
load: {{it_power: 20 MW, profile: {{kind: flat}}}}
block: {{net_power: 5 MW, recuperator_conductance: 2 MW/K}}
dc_network: {{blocks_per_pod: 4{given}}}
""",
        folder=cases_dir(),
    )


def roles(net: dcgrid.Network, table: str) -> dict[str, int]:
    found = net.column(table, "role")
    return {role: found.count(role) for role in set(found)}


@pytest.mark.parametrize("feed", ["N", "N+1", "2N", "block_redundant"])
def test_a_row_feeder_out_leaves_its_row_dark_only_where_it_stands_alone(feed: str) -> None:
    net = build_grid(case(feed=feed), BLOCKS)
    dcgrid.run(net).require_ok()
    table, found = network_studies.outages_table(net)
    row = table.set_index("what").loc["a row feeder"]
    assert row["racks_dark"] == (10 if feed == "N" else 0)
    assert row["outages"] == roles(net, "line")["row feeder"]
    sidecar = table.set_index("what").loc["a rack's whole sidecar"]
    assert sidecar["racks_dark"] == (0 if feed == "2N" else 1)
    assert table["outages"].sum() == len(found.table) + roles(net, "converter")["sidecar"]


def test_the_worst_of_each_kind_is_that_of_the_whole_list() -> None:
    net = build_grid(case(ties="ring", tie_mode="solid_state_breaker"), BLOCKS)
    dcgrid.run(net).require_ok()
    table, found = network_studies.outages_table(net)
    every = found.table
    assert table["MW_dark"].max() == pytest.approx(every["unserved_w"].max() / 1e6)
    assert table.iloc[:-1]["max_loading_percent"].max() == pytest.approx(100 * every["max_loading"].max())
    assert table.iloc[:-1]["v_min_pu"].min() == pytest.approx(every["v_min_pu"].min())
    module = table.set_index("what").loc["one module of a sidecar"]
    p, n = 20e6 / 152, 5
    assert module["max_loading_percent"] == pytest.approx(100 * p / ((n - 1) * 35e3), rel=1e-9)


def test_pairs_of_outages_are_those_of_the_roles_and_the_worst_come_first() -> None:
    net = build_grid(case(), BLOCKS)
    dcgrid.run(net).require_ok()
    table, words = network_studies.pairs_table(net)
    n = [
        4 + 4 + sum(x.startswith(f"pod {k} / row") and x.endswith("feeder") for x in net.labels("line"))
        for k in (1, 2)
    ]
    solved = sum(k * (k - 1) // 2 for k in n)
    assert words.startswith(f"{solved} pairs of outages")
    assert f"{n[0] * n[1]} pairs in parts that no current joins" in words
    assert table["racks_dark"].iloc[0] == 20
    assert (np.diff(table["MW_dark"]) <= 1e-9).all()


def test_ties_share_the_loss_of_a_block() -> None:
    """Untied, two of three blocks carry a pod; tied, the other pod helps."""
    loading = {}
    for ties in ("none", "ring"):
        net = build_grid(case(ties=ties, tie_mode="solid_state_breaker"), 6)
        dcgrid.run(net).require_ok()
        table, _ = network_studies.outages_table(net)
        loading[ties] = table.set_index("what").loc["a block", "max_loading_percent"]
        warning = network_studies.block_out_warning(case(ties=ties, tie_mode="solid_state_breaker"), table)
        assert (warning is None) is (ties == "ring")
    assert loading["ring"] < loading["none"] - 5.0


def test_open_ties_and_converter_ties_stand_in_the_network() -> None:
    net = build_grid(case(ties="chain", tie_mode="open"), BLOCKS)
    assert list(net.switch["closed"]) == [False]
    net = build_grid(case(ties="chain", tie_mode="converter", tie_power="2 MW"), BLOCKS)
    assert roles(net, "converter")["tie converter"] == 1
    assert dcgrid.run(net).outcome.solved


def test_two_poles_lose_as_much_with_half_the_voltage_to_earth_and_are_drawn_from_pole_to_pole() -> None:
    one, two = (grid_losses(case(bipolar=poles), BLOCKS) for poles in ("false", "true"))
    for stage, loss in one.curves.loss_W.items():
        np.testing.assert_allclose(two.curves.loss_W[stage], loss, rtol=1e-6, atol=1e-3)
    assert two.curves.name == "DC, ±400 V"
    assert dcgrid.copper_kg(two.net) == pytest.approx(1.5 * dcgrid.copper_kg(one.net), rel=1e-9)
    a, b = (dcgrid.figure_data.one_line(grid.net)[0] for grid in (one, two))
    np.testing.assert_allclose(b["v_v"], a["v_v"], rtol=1e-9)
    profile = dcgrid.figure_data.voltage_profile(two.net)
    assert figures.voltage_profile_figure(profile).data
    table = network_studies.conductors_table(two.net)
    assert 1e3 * table["mass_t"].sum() == pytest.approx(dcgrid.copper_kg(two.net), rel=1e-9)


def test_380_V_takes_its_own_converter() -> None:
    low = build_grid(case(bus_voltage="380 V"), BLOCKS)
    assert set(low.column("converter", "std_type")) == {"380/50 V converter"}


def test_a_catcher_bus_needs_blocks_to_spare() -> None:
    with pytest.raises(GridFailed, match="catcher bus"):
        grid_spec(case(feed="block_redundant", reserve_blocks=4), BLOCKS)


def test_margins_are_where_the_scaled_network_touches_its_limit() -> None:
    net = build_grid(case(sidecar_input_min="760 V"), BLOCKS)
    dcgrid.run(net).require_ok()
    table, text = network_studies.margins_table(net)
    first = table.iloc[0]
    assert first["limit"] == "ampacity"
    assert first["element"] in text
    asked = net.load["p_w"].copy()
    for factor, over in ((0.9999, False), (1.0001, True)):
        net.load["p_w"] = asked * first["factor"] * factor
        assert (first["element"] in dcgrid.run(net).overloaded) is over
    lock_out = table.set_index("limit").loc["under-voltage lock-out"]
    net.load["p_w"] = asked * lock_out["factor"] * 1.0001
    assert lock_out["element"] in dcgrid.run(net).limited


def test_faults_through_ties_and_the_largest_cluster() -> None:
    told = case(ties="full", tie_mode="solid_state_breaker", breaker_rating="300 kA")
    grid = grid_losses(told, BLOCKS)
    table, text = network_studies.ties_table(told, grid)
    untied, _ = network_studies.ties_table(case(), grid_losses(case(), BLOCKS))
    assert (table["prospective_kA"] > untied["prospective_kA"] + 1.0).all()
    np.testing.assert_allclose(table["own_kA"], untied["own_kA"], rtol=1e-9)
    most = int(text.split("at most ")[1].split(" ")[0])
    assert most >= 2
    assert table["within"].all()


def test_a_diode_bridge_leaves_the_window_after_load_rejection() -> None:
    told = case(block_source="diode_bridge", sidecar_input_min="650 V", sidecar_input_max="900 V")
    table, text, broken = network_studies.source_findings(told, build_grid(told, BLOCKS))
    assert "load rejection" in text
    assert broken
    assert table.set_index("what").loc["after load rejection", "V"] == pytest.approx(
        800 * 1.17 / 0.94, rel=1e-9
    )


def test_hours_between_levels_keep_hours_and_energy() -> None:
    load = np.linspace(0.2, 1.0, 8760)
    hours = verdicts.hours_at(verdicts.LEVELS_B, load)
    assert hours.sum() == pytest.approx(8760)
    assert hours @ np.array(verdicts.LEVELS_B) == pytest.approx(load.sum(), rel=1e-9)


def test_bands_agree_with_the_losses_they_come_from(small: campus.CampusResult) -> None:
    table, losses = small.tables["verdicts"], small.tables["losses"]
    share = 100 * losses.groupby("chain", sort=False)["share_of_shaft"].sum()
    np.testing.assert_allclose(table["loss_percent"], share[table["chain"]], rtol=1e-9)
    over = table["loss_percent"] - table["loss_percent"].iloc[0]
    np.testing.assert_allclose(table["points_over_dc"], over, atol=1e-9)
    ac = table.iloc[1:]
    assert (ac["P10"] < ac["P90"]).all()
    sure = ac[ac["verdict"] != "undecided"]
    assert (np.sign(sure["P10"]) == np.sign(sure["P90"])).all()
    shaft = losses.groupby("chain", sort=False)["p_in_MWh"].max()
    np.testing.assert_allclose(ac["saved_MWh"], shaft[ac["chain"]] - shaft.iloc[0], rtol=1e-6)


def test_comparison_b_says_what_the_contract_asks(small: campus.CampusResult) -> None:
    b = small.tables["grid_verdicts"]
    assert len(b) == 8
    cited = b[b["against"].str.contains("rectifier") & b["chain"].str.contains("rack batteries")]
    assert cited["verdict"].item() != "DC loses less"
    assert not set(b["chain"]) & set(small.tables["verdicts"]["chain"])


def test_racks_on_800_V_and_what_follows_the_rack_bus(small: campus.CampusResult) -> None:
    native, tails = small.tables["native_verdicts"], small.tables["tails"]
    assert len(native) == 4
    assert (native["loss_percent"] > small.tables["verdicts"]["loss_percent"].iloc[1:].min()).all()
    assert list(tails["stage"]) == ["12 V bus converter", "chip regulator"]
    assert tails["efficiency_percent"].between(80, 99.5).all()


def test_a_doubly_fed_campus_stands_beside_a_doubly_fed_ac_chain() -> None:
    from campus.chains import redundancy

    assert set(redundancy(case(feed="2N")).values()) == {"2N"}
    assert redundancy(case(sidecar_redundancy="N"))["psu_redundancy"] == "N"


def test_variants_start_at_the_blocks_own_shaft(small: campus.CampusResult) -> None:
    v = small.tables["variants"].set_index("variant")
    own = small.tables["verdicts"]["loss_percent"].iloc[0]
    assert v.loc["800 V", "loss_percent"] == pytest.approx(own, abs=0.3)
    assert v.loc["380 V", "loss_percent"] > v.loc["800 V", "loss_percent"]
    assert v.loc["+-400 V", "V_to_earth"] == 400.0


def test_break_even_is_where_two_ways_cost_the_same(small: campus.CampusResult) -> None:
    even, here = small.tables["break_even"], small.tables["collection"]
    assert len(even) == len(here) - 1
    dearer = here.set_index("way")["USD_per_year"]
    for row in even.itertuples():
        if row.catalogue_m == row.catalogue_m and row.catalogue_m > here["distance_m"].iloc[0]:
            assert dearer[row.instead] > dearer["800 V DC"]


def test_report_and_tables_hold_it_all(small: campus.CampusResult, tmp_path: Path) -> None:
    from campus.store import save_results

    folder = save_results(small, tmp_path)
    page = (folder / "report.html").read_text(encoding="utf-8")
    for words in ("Any single outage (N-1)", "Comparison B", "How sure the differences are", "What others published",
                  "How far 800 V reaches", "voltage collapse (nose)"):  # fmt: skip
        assert words in page
    assert len(pd.read_csv(folder / "outages.csv")) == len(small.tables["outages"])
