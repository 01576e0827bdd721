"""A million dossiers for measuring are a true past, copied: each copy is as its original was, so many days earlier."""

import pytest
from django.db.models import F

from motcua.demo.many import multiply
from motcua.dossiers.models import Dossier, Step
from motcua.tracking.models import Tracked
from tests import given


@pytest.mark.django_db(transaction=True)  # at its end the database is vacuumed
def test_what_was_warned_of_is_not_warned_of_again_in_a_copy():
    given.dossier(at="accepted")
    Dossier.objects.update(warned_of=F("deadline"))
    steps, told = Step.objects.count(), []
    multiply(40, told.append)
    assert (Dossier.objects.count(), Step.objects.count(), told[-1]) == (40, 40 * steps, 100)
    assert Tracked.objects.count() == 40
    assert Dossier.objects.values("code").distinct().count() == 40
    assert Dossier.objects.values("due_at").distinct().count() == 40
    assert Dossier.objects.filter(accepted_at__lt=F("arrived_at")).count() == 0
    assert Dossier.objects.exclude(warned_of=F("deadline")).count() == 0
