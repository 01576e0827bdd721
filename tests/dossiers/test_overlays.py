"""A dossier keeps the local values that held when it was filed; nodes tell each other of theirs."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from motcua.dossiers import actions, overlays
from motcua.dossiers.models import Application, Dossier
from motcua.exchange.messages import Unfit
from motcua.exchange.models import Outgoing
from motcua.lib.actors import Actor
from motcua.procedures import actions as procedures
from motcua.procedures.models import Overlay
from tests import given

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("tests")


@pytest.fixture
def hours():
    """Sa Pa's own values for the birth group: a term of two days, for all who file from today on."""
    given.country()
    version = given.procedure()
    given_days = version.definition.term_for("lien_thong", "online").value
    return procedures.localise(
        Overlay(
            procedure=version.procedure,
            agency=given.agency(),
            key="term",
            value=given_days - 1,
            decision="45/QĐ-UBND",
            effective_from=timezone.localdate(),
        ),
        by=SYSTEM,
    )


def test_application_and_dossier_keep_what_held_when_they_were_filed(hours):
    dossier = given.dossier(at="accepted")
    application = Application.objects.get(pk=dossier.pk)
    assert (dossier.overlays, application.overlays) == ([hours.pk], [hours.pk])
    national = dossier.version.definition
    assert dossier.definition.term_for("lien_thong", "online").value == hours.value
    procedures.restore(hours, by=SYSTEM, on=timezone.localdate())
    assert Dossier.objects.get().definition.term_for("lien_thong", "online").value == hours.value
    assert sum(step.hours for step in dossier.steps.all()) <= sum(step.hours for step in national.steps)


def test_another_place_follows_the_nation(hours):
    assert given.application(agency_code=given.BAC_HA).overlays == []


def test_a_draft_sent_later_follows_what_holds_then(hours):
    draft = given.application(at="filled")
    procedures.restore(hours, by=SYSTEM, on=timezone.localdate())
    actions.send(draft, by=given.citizen())
    assert draft.overlays == []


class Told:
    """A message as the handler sees it."""

    def __init__(self, body, sender):
        self.body, self.sender = body, sender

    def json(self):
        return json.loads(self.body)


def test_an_overlay_arrives_as_it_was_told(hours):
    body = overlays.written(Overlay.objects.select_related("procedure").get())
    read = overlays.read(Told(body, "H38"))
    for name in (
        "pk",
        "agency_id",
        "key",
        "value",
        "decision",
        "effective_from",
        "effective_until",
        "set_at",
    ):
        assert str(getattr(read, name)) == str(getattr(hours, name))


@pytest.mark.parametrize("sender", ["G01", "H38.02839", "H3"])
def test_nobody_speaks_for_another_place(hours, sender):
    body = overlays.written(Overlay.objects.select_related("procedure").get())
    with pytest.raises(Unfit):
        overlays.read(Told(body, sender))


def test_a_place_unknown_here_is_refused(hours):
    body = overlays.written(Overlay.objects.select_related("procedure").get()).replace(
        b"2.000986", b"9.999999"
    )
    with pytest.raises(Unfit):
        overlays.read(Told(body, given.SA_PA))


def test_the_local_node_needs_no_message(hours):
    overlays.share(str(hours.pk))
    assert not Outgoing.objects.filter(kind=overlays.KIND).exists()


def test_from_tomorrow_on_means_from_tomorrow_on(hours):
    version = given.procedure()
    assert version.overlays_at(given.SA_PA, timezone.localdate() - timedelta(days=1)) == []
