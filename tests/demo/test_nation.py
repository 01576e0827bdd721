"""A country made of numbers: what the report says of it is what its dossiers say one by one."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from motcua.demo import nation
from motcua.lib.actors import Actor
from motcua.tracking.actions import recount
from motcua.tracking.models import Tracked
from motcua.tracking.report import Period, Sums, by_agency, by_procedure, total
from motcua.tracking.sql import TABLES

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)


@pytest.mark.django_db
def test_the_report_comes_to_what_its_dossiers_say_one_by_one():
    with connection.cursor() as cursor:
        cursor.execute(nation.MADE, {"first": 1, "last": 3000, "target": 3000, "now": NOW})
    recount(TABLES, mend=True, by=Actor.system("tests"))
    for quarter in ("2025-4", "2026-1", "2026-2", "2026-3"):
        period = Period.read(quarter)
        sums = total(by_agency(period, ""))
        assert sums == Sums(*nation.by_hand(period.number))
        assert sums == total(line for lines in by_procedure(period, "").values() for line in lines)
    assert all([sums.online, sums.direct, sums.before, sums.early, sums.on_day, sums.late, sums.overdue])
    assert Tracked.objects.count() == 3000
