"""How often something may be tried."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.utils import timezone

from tests import databases
from tests.groupco.rivals import meets
from workplace_console.common.models import ThrottleCount
from workplace_console.common.throttle import Throttle

pytestmark = pytest.mark.django_db

THREE = Throttle("three", limit=3, window=timedelta(minutes=10))
MINUTES = range(590, 601)


def an_hour_goes_by() -> None:
    for row in ThrottleCount.objects.all():
        row.ends_at -= timedelta(hours=1)
        row.save()


def test_so_many_tries_are_within_the_limit_and_the_next_has_to_wait() -> None:
    assert [THREE.hit("kim") for _ in range(3)] == [0, 0, 0]

    assert THREE.hit("kim") in MINUTES


def test_tries_beyond_the_limit_do_not_make_the_wait_longer() -> None:
    for _ in range(3):
        THREE.hit("kim")
    ends_at = ThrottleCount.objects.get().ends_at

    THREE.hit("kim")

    assert ThrottleCount.objects.get().ends_at == ends_at


def test_looking_is_no_try() -> None:
    waits = []
    for _ in range(3):
        waits += [THREE.wait("kim"), THREE.wait("kim")]
        THREE.hit("kim")

    assert waits == [0] * 6
    assert THREE.wait("kim") in MINUTES


def test_when_the_window_is_over_it_begins_anew() -> None:
    for _ in range(5):
        THREE.hit("kim")

    an_hour_goes_by()

    assert THREE.wait("kim") == 0
    assert [THREE.hit("kim") for _ in range(3)] == [0, 0, 0]
    assert THREE.hit("kim") in MINUTES


def test_keys_and_throttles_are_counted_apart() -> None:
    other = Throttle("other", limit=3, window=timedelta(minutes=10))
    for _ in range(4):
        THREE.hit("kim")

    assert THREE.hit("lee") == 0
    assert other.hit("kim") == 0
    assert (THREE.wait("lee"), other.wait("kim")) == (0, 0)


def test_no_address_lies_about_in_the_clear() -> None:
    THREE.hit("kim@acme.example")

    row = ThrottleCount.objects.values().get()
    assert "kim" not in str(row)
    assert len(row["key"]) == 64


def test_what_is_over_is_swept_a_few_at_a_time() -> None:
    """And never what still counts."""
    now = timezone.now()
    ThrottleCount.objects.bulk_create(
        ThrottleCount(key=f"old{n}", count=9, ends_at=now - timedelta(hours=1)) for n in range(12)
    )
    ThrottleCount.objects.create(key="young", count=9, ends_at=now + timedelta(hours=1))

    left = []
    for _ in range(4):
        THREE.hit("kim")
        left.append(ThrottleCount.objects.filter(key__startswith="old").count())

    assert left == [7, 2, 0, 0]
    assert ThrottleCount.objects.count() == 2


def test_a_try_waits_for_one_that_is_being_counted(database: str) -> None:
    with databases.connected(database):
        THREE.hit("kim")

    meets(database, lambda: THREE.hit("kim"), lambda: THREE.hit("kim"))

    with databases.connected(database):
        assert ThrottleCount.objects.get().count == 3


def test_tries_at_once_are_each_counted(database: str) -> None:
    """While other keys' rows, whose window is over, are swept under everybody's feet."""
    fifty = Throttle("fifty", limit=50, window=timedelta(minutes=10))
    with databases.connected(database):
        past = timezone.now() - timedelta(hours=1)
        ThrottleCount.objects.bulk_create(
            ThrottleCount(key=f"old{n}", count=9, ends_at=past) for n in range(60)
        )

    def try_often(who: int) -> list[int]:
        with databases.connected(database):
            both = [(fifty.hit("kim"), fifty.hit(str(who))) for _ in range(20)]
            return [seconds for seconds, _own in both]

    with ThreadPoolExecutor(4) as pool:
        answers = [seconds for answer in pool.map(try_often, range(4)) for seconds in answer]

    assert (len(answers), answers.count(0)) == (80, 50)
    with databases.connected(database):
        assert sorted(ThrottleCount.objects.values_list("count", flat=True)) == [20] * 4 + [80]
