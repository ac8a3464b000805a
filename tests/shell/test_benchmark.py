"""What `make bench` compares is the same: ours and the limit come to the same rows and won."""

from __future__ import annotations

from datetime import date

import pytest

from benchmarks.scale import facts, night
from benchmarks.scale.limit import Limit
from benchmarks.scale.places import Contest, Place
from billing import operations as billing
from tests import databases

MONTH, LAST, CLOSED_ON = date(2028, 1, 1), date(2028, 1, 31), date(2028, 2, 1)


@pytest.mark.django_db
def test_ours_and_the_limit_charge_and_bill_the_same(migrated_database: str) -> None:
    with databases.copy_of(migrated_database) as name:
        place = Place.of(name)
        facts.fill(
            place, companies=200, accounts=600, first=MONTH, month=MONTH, until=date(2028, 1, 30)
        )
        contest = Contest("200 companies", 200, place, Limit(place))
        contest.limit.fill()

        contest.limit.charge(LAST)
        contest.limit.close(CLOSED_ON)
        with place:
            assert billing.charge(day=LAST) == []
            assert billing.close(day=CLOSED_ON) == []

        charged = "SELECT count(*), sum(quantity) FROM {} WHERE day = %(day)s"
        ours = place.sql(charged.format("billing_daycharge"), day=LAST)
        assert ours == place.sql(charged.format("bare.charge"), day=LAST)
        assert ours[0][0] > 190
        issued = night.billed(contest, "ours", CLOSED_ON)
        assert issued == night.billed(contest, "limit", CLOSED_ON)
        assert issued[0] > 100
        place.close()
