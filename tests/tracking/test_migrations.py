"""What the mirror knew before a change of its tables is right after it."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from motcua.lib.actors import Actor
from motcua.tracking.actions import recount, take_states
from motcua.tracking.models import AgencyQuarter, ProcedureQuarter, Tracked
from motcua.tracking.sql import TABLES
from tests.tracking.test_report import counts, known

pytestmark = pytest.mark.django_db
BY = Actor.system("tests")
# Withdrawn, finished early, on the day, late and a quarter later, running past its time, waiting, refused, away, never received.
ENDS = [(7, 3), (9, 4), (9, 5), (10, 60), (4, 6), (5, 6), (3, 1)]


def test_what_the_mirror_knew_before_the_report_is_counted():
    for dossier, (state, days) in enumerate(ENDS):
        is_late = state == 10
        ends = known(dossier, state, days, due=5, on_time=not is_late, channel=1 + dossier % 3)
        take_states([known(dossier, 2, 0, due=5, channel=1 + dossier % 3), ends], by=BY)
    take_states([known(20, 2, 0), known(20, 3, 1, forwarded="out"), known(21, 1, 0), known(22, 2, 0)], by=BY)
    before, moments = counts(), [*Tracked.objects.order_by("pk").values_list("pk", "received_at", "done_at")]
    assert [max(numbers) > 0 for numbers in zip(*before.values(), strict=True)] == [True] * 6
    for name in ("0001_tables", "0002_report"):
        MigrationExecutor(connection).migrate([("tracking", name)])
    assert counts(AgencyQuarter) == counts(ProcedureQuarter) == before
    assert [*Tracked.objects.order_by("pk").values_list("pk", "received_at", "done_at")] == moments
    assert recount(TABLES, mend=False, by=BY).differing == 0
