"""Versions approved at one node reach the others; an application that does not arrive comes back to its applicant."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from motcua.dossiers import actions, versions
from motcua.dossiers.models import Application, Dossier
from motcua.exchange.events import MessageRefused
from motcua.exchange.messages import Unfit
from motcua.exchange.models import Outbox
from motcua.journal.actions import record
from motcua.lib.actors import Actor
from motcua.notices.models import Notice
from motcua.procedures import actions as procedures
from motcua.procedures.models import Draft, Version
from tests import given
from tests.post import settle

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("tests")
CODE = "1.004873"


class Told:
    """A message as the handler sees it."""

    def __init__(self, body, sender="G22"):
        self.body, self.sender, self.created = body, sender, timezone.now()

    def json(self):
        return json.loads(self.body)


@pytest.fixture
def approved():
    """A draft of the next version, written by one and approved by another, from today on."""
    draft = procedures.revise(given.procedure(CODE), by=given.actor("soan"))
    changed = draft.definition.model_copy(update={"keywords": ("độc thân",)})
    procedures.edit(draft, by=given.actor("soan"), definition=changed)
    procedures.propose(draft, by=given.actor("soan"), note="Thêm từ khóa.")
    procedures.approve(draft, by=given.actor("duyet"))
    return Draft.objects.select_related("version__procedure").get()


def forget(version):
    """As at a node that was not there when it was approved."""
    Draft.objects.update(version=None, state="discarded")
    version.delete()
    Version.objects.update(effective_until=None)


def test_an_approved_version_is_told_to_each_node_that_may_hear_of_it(approved, monkeypatch):
    settle()
    assert not Outbox.objects.filter(kind=versions.KIND).exists()
    monkeypatch.setattr(versions, "one_a_node", lambda kind, *, sender: ["G22", "H39"])
    versions.share(str(approved.pk))
    (row,) = Outbox.objects.filter(kind=versions.KIND)
    assert (row.sender, row.recipient, row.stream) == ("G22", "H39", f"procedure:{CODE}")
    assert json.loads(bytes(row.body))["digest"] == approved.version.digest


def test_what_is_told_holds_there_from_the_same_day_on_and_is_kept_once(approved):
    body, known = versions.written(approved), approved.version
    forget(approved.version)
    for _time in range(2):
        definition, told = versions.read(Told(body))
        procedures.keep_version(definition, by=SYSTEM, **told)
    kept = Version.objects.latest().coded(CODE).get()
    assert (kept.digest, kept.effective_from, kept.approved_by, Version.objects.count()) == (
        known.digest,
        known.effective_from,
        "Lương Văn Duyệt",
        2,
    )


def test_nobody_else_tells_of_a_version_nor_another_one_under_its_digest(approved):
    body = versions.written(approved)
    for told in (Told(body, "H38"), Told(body.replace("độc thân".encode(), b"khac"))):
        with pytest.raises(Unfit):
            versions.read(told)


def test_a_dossier_under_a_version_not_heard_of_yet_waits_for_it(approved):
    body, now = {"procedure": CODE, "effective_from": "2031-01-01"}, timezone.now()
    with pytest.raises(versions.VersionNotKnownError):
        versions.version_of(body, now)
    with pytest.raises(Unfit):
        versions.version_of(body, now - versions.PATIENCE - timedelta(minutes=1))


def test_of_two_versions_of_one_day_the_one_meant_is_found(approved):
    later = approved.version
    Version.objects.exclude(pk=later.pk).update(effective_from=later.effective_from)
    for version in Version.objects.all():
        body = {"procedure": CODE, "effective_from": later.effective_from.isoformat()}
        assert versions.version_of(body | {"digest": version.digest}, timezone.now()) == version
    assert versions.version_of(body, timezone.now()).pk == max(Version.objects.values_list("pk", flat=True))
    with pytest.raises(versions.VersionNotKnownError):
        versions.version_of(body | {"digest": "f" * 64}, timezone.now())


def refuse(application, kind="dossier.submitted"):
    told = MessageRefused("1", kind, "G22", given.SA_PA, "s", str(application.pk), "Không có phiên bản này.")
    record(told, about="message:1", by=SYSTEM)
    settle()
    application.refresh_from_db()


def test_a_refused_submission_is_a_draft_again_its_applicant_is_told_and_it_goes_once_more(client):
    given.country()
    sent = given.application(at="sent")
    Outbox.objects.all().delete()
    refuse(sent, "dossier.supplied")
    assert sent.state == Application.State.NEW
    refuse(sent)
    notice = Notice.objects.get(code="dossiers.reopened")
    assert (sent.state, sent.sent_at, sent.reason) == (0, None, "Không có phiên bản này.")
    assert "Không có phiên bản này." in notice.body
    given.sign_in(client, "may")
    page = client.get(f"/applications/{sent.pk}/check/", headers={"accept-language": "vi"}).content.decode()
    assert "Hồ sơ của bạn chưa đến nơi" in page
    actions.send(sent, by=given.citizen())
    settle()
    assert (Dossier.objects.get().pk, sent.reason) == (sent.pk, "")


def test_what_the_agency_has_taken_is_not_reopened():
    dossier = given.dossier(at="accepted")
    application = Application.objects.get(pk=dossier.pk)
    refuse(application)
    assert application.state == Application.State.ACCEPTED
