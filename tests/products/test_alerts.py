"""When shared capacity is short, and when an alert is armed again. R: D3."""

from __future__ import annotations

import pytest

from products import rules
from products.choices import Alert

CAPACITY = 10_000


@pytest.mark.parametrize(
    ("used", "level"),
    [
        (0, Alert.NONE),
        (8_999, Alert.NONE),
        (9_000, Alert.LOW),
        (9_999, Alert.LOW),
        (10_000, Alert.FULL),
        (10_001, Alert.FULL),
    ],
)
def test_low_begins_at_ten_percent_free_and_full_at_none(used: int, level: Alert) -> None:
    assert rules.alert_level(used=used, capacity=CAPACITY, low_percent=10) is level


@pytest.mark.parametrize(
    ("told", "used", "stands"),
    [
        # Told that it is low: armed again only at 12 % free.
        (Alert.LOW, 8_999, Alert.LOW),
        (Alert.LOW, 8_801, Alert.LOW),
        (Alert.LOW, 8_800, Alert.NONE),
        # Told that it is full: low again at 2 % free, nothing at 12 %.
        (Alert.FULL, 9_999, Alert.FULL),
        (Alert.FULL, 9_801, Alert.FULL),
        (Alert.FULL, 9_800, Alert.LOW),
        (Alert.FULL, 8_800, Alert.NONE),
        (Alert.NONE, 9_500, Alert.NONE),
        (Alert.NONE, 0, Alert.NONE),
    ],
)
def test_what_was_told_stands_until_two_points_more_are_free(
    told: Alert, used: int, stands: Alert
) -> None:
    assert rules.alert_that_stands(told, used=used, capacity=CAPACITY, low_percent=10) is stands
