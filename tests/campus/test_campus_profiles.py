"""Weather files and load shapes."""

from pathlib import Path

import numpy as np
import pytest

import campus
from campus.case import LoadProfile
from campus.paths import cases_dir
from campus.profiles import HOURS, load_share, read_weather

LEESBURG = cases_dir() / "weather" / "USA_VA_Leesburg.Exec_TMYx.csv"


def test_leesburg_has_the_figures_of_its_index():
    weather = read_weather(LEESBURG)
    assert len(weather.T_dry_bulb_K) == HOURS
    assert weather.T_dry_bulb_K.max() - 273.15 == pytest.approx(37.0)
    assert weather.T_dry_bulb_K.mean() - 273.15 == pytest.approx(13.8, abs=0.05)
    assert weather.T_exceeded_K() - 273.15 == pytest.approx(35.0)
    assert weather.source.startswith("source:")


@pytest.mark.parametrize("kind", ["flat", "training", "inference", "mixed"])
def test_shapes_have_a_greatest_hour_of_one_and_follow_the_seed(kind):
    share = load_share(LoadProfile(kind=kind, seed=3))
    assert share.shape == (HOURS,)
    assert share.max() == 1.0
    assert share.min() >= 0.0
    np.testing.assert_array_equal(share, load_share(LoadProfile(kind=kind, seed=3)))


def test_training_restarts_and_inference_sleeps():
    training = load_share(LoadProfile(kind="training"))
    assert 10 < np.sum(training < 0.5) < 200
    inference = load_share(LoadProfile(kind="inference", inference_night=0.4))
    by_hour = inference.reshape(-1, 24).mean(axis=0)
    assert by_hour.argmin() == 4
    assert by_hour.argmax() == 16


def test_file_profile_is_scaled_to_its_greatest_hour():
    share = load_share(LoadProfile(kind="file"), cases_dir() / "load" / "google_cpu_hourly_1.csv")
    assert share.max() == 1.0
    assert share.mean() == pytest.approx(0.6794 / 0.9398, abs=1e-3)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("time,dry_bulb_C\n" + "x,1\n" * HOURS, "no column pressure_Pa"),
        ("time,dry_bulb_C,pressure_Pa\n" + "x,1,1e5\n" * 5, "wrong number of hours"),
        ("time,dry_bulb_C,pressure_Pa\n" + "x,1,1e5\n" * (HOURS - 1) + "x,,1e5\n", "missing or unreadable"),
        ("time,dry_bulb_C,pressure_Pa\n" + "x,300,1e5\n" * HOURS, "dry bulb out of range"),
        ("time,dry_bulb_C,pressure_Pa\n" + "x,20,1013\n" * HOURS, "pressure out of range"),
        ("", "cannot be read"),
    ],
)
def test_bad_weather_is_refused_in_words(tmp_path: Path, text, words):
    path = tmp_path / "w.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(campus.CaseError, match=words):
        read_weather(path)


def test_a_load_file_with_hours_only_is_refused(tmp_path: Path):
    path = tmp_path / "hours.csv"
    path.write_text("hour\n" + "\n".join(str(k) for k in range(HOURS)) + "\n", encoding="utf-8")
    with pytest.raises(campus.CaseError, match="no column of load"):
        load_share(LoadProfile.model_validate({"kind": "file"}), path)
