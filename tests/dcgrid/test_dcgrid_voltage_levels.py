"""Wires against voltage: the squares, and where heat takes over."""

import pytest

from dcgrid.outcome import NetworkError
from dcgrid.voltage_levels import section_m2, wires_by_voltage


def test_loss_and_copper_follow_the_inverse_square_while_loss_decides():
    rows = {w.level: w for w in wires_by_voltage(132e3, 400.0)}
    assert rows["380 V"].wire_loss / rows["800 V"].wire_loss == pytest.approx((800 / 380) ** 2)
    assert rows["380 V"].copper_kg / rows["800 V"].copper_kg == pytest.approx((800 / 380) ** 2)
    assert rows["±400 V"].copper_kg == pytest.approx(1.5 * rows["800 V"].copper_kg)


def test_short_wires_are_sized_by_heat_and_follow_the_inverse_voltage():
    (low, why), (high, _) = (section_m2(132e3, 1.0, v, 0.05, 2.0) for v in (400.0, 800.0))
    assert why == "ampacity"
    assert low == pytest.approx(2.0 * high)


def test_wrong_input_is_told_at_once():
    with pytest.raises(NetworkError) as error:
        wires_by_voltage(-1.0, 0.0)
    assert "p_w" in str(error.value)
    assert "length_m" in str(error.value)
