"""Questions worded once: they say what the ORM says, and are worded no second time."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import EmptyResultSet, ObjectDoesNotExist
from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.test.utils import CaptureQueriesContext
from tests.desk.conftest import arrived  # noqa: F401 — dossiers on the desks of Sa Pa

from motcua.dossiers.models import Dossier, Step, dossier_in_turn
from motcua.lib.worded import worded_once
from motcua.procedures.models import Version

pytestmark = pytest.mark.django_db
WORDED = []


@worded_once
def held(agencies, code, on):
    WORDED.append((agencies, code))
    known = Dossier.objects.filter(agency__in=agencies, arrived_at__date__gte=on, code=code)
    return (
        known.with_procedures().prefetch_related("steps").annotate(said=Concat(F("agency"), Value(" 100%")))
    )


@worded_once
def there(agencies, number):
    known = Dossier.objects.filter(agency__in=agencies).annotate(number=Value(100), said=Value("100%"))
    return known.filter(number=number, said="100%").values("pk")


@worded_once
def keys(dossier, state):
    return Step.objects.filter(dossier=dossier).exclude(state=state).values_list("place", "hours")


def test_it_says_what_the_orm_says_and_is_worded_once_for_each_shape(arrived, django_assert_num_queries):  # noqa: F811
    first, second = arrived(count=2)
    WORDED.clear()
    day, code = date(2020, 1, 1), first.version.code
    with django_assert_num_queries(2):
        (one, other) = sorted(held({first.agency}, None, day), key=lambda row: row.pk != first.pk)
        assert (one, other) == (first, second)
        assert [step.key for step in one.steps.all()]
        assert (one.version.procedure.code, one.said) == (code, f"{first.agency} 100%")
    assert held(["H99"], None, day) == []
    assert held([], None, day) == held([first.agency], "H38-1", day) == []
    assert len(WORDED) == 3
    asked = list(Step.objects.filter(dossier=first).exclude(state="done").values_list("place", "hours"))
    assert keys(first.pk, "done") == keys(dossier=first.pk, state="done") == asked != []
    assert keys.first(first.pk, "done") == asked[0]


def test_it_may_be_a_part_of_another_question(arrived, django_assert_num_queries):  # noqa: F811
    first, second = arrived(count=2)
    with django_assert_num_queries(1):
        known = Dossier.objects.filter(pk__in=there.within([first.agency, "H99"], 100)).order_by("arrived_at")
        assert {one.pk for one in known} == {first.pk, second.pk}
    assert not Dossier.objects.filter(pk__in=there.within([first.agency], 99)).exists()
    with pytest.raises(EmptyResultSet):
        there.within([], 100)


def test_what_is_read_for_a_deed_is_locked_and_what_is_not_there_is_not_there(arrived):  # noqa: F811
    (dossier,) = arrived()
    with CaptureQueriesContext(connection) as asked:
        assert dossier_in_turn.get({dossier.agency}, dossier.pk) == dossier
    assert [one["sql"].endswith('FOR UPDATE OF "dossiers_dossier"') for one in asked] == [True]
    for places, pk in (({"H99"}, dossier.pk), ({dossier.agency}, uuid4()), (frozenset(), dossier.pk)):
        with pytest.raises(ObjectDoesNotExist):
            dossier_in_turn.get(places, pk)


def test_postgresql_reads_it_once(arrived):  # noqa: F811
    (dossier,) = arrived()
    for _again in range(3):
        keys(dossier.pk, "done")
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        known = [said for (said,) in cursor.fetchall()]
    assert sum("dossiers_step" in said and said.count("$") == 2 for said in known) == 1, known


def test_a_value_that_would_be_lost_is_told_at_once():
    @worded_once
    def lost(agencies):
        return Version.objects.filter(procedure__overlays__agency__in=agencies)

    with pytest.raises(TypeError, match="compare it as it is"):
        lost(["H38"])
