"""A supplement that never comes has a last day, a reminder, and an end at the desk."""

from datetime import timedelta

import pytest
from django.utils import timezone

from motcua.documents.models import Document
from motcua.dossiers import actions
from motcua.dossiers.models import Application, Dossier
from motcua.dossiers.papers import form_of
from motcua.dossiers.states import State
from motcua.exchange.models import Outbox
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow
from motcua.notices.models import Notice
from motcua.organisations.models import calendar_for
from tests import given
from tests.dossiers.test_versions import refuse as lost
from tests.post import settle

pytestmark = pytest.mark.django_db

REASON = "Chụp lại giấy chứng sinh."


def let_pass(dossier, days):
    """So many days go by for its last day."""
    found = Dossier.objects.get(pk=dossier.pk)
    Dossier.objects.filter(pk=dossier.pk).update(answer_by=found.answer_by - timedelta(days=days))
    return Dossier.objects.get(pk=dossier.pk)


def told():
    return sorted(Notice.objects.filter(code="dossiers.unanswered").values_list("recipient__name", flat=True))


def told_of(code):
    return Notice.objects.filter(code=code).count()


def test_what_nobody_answers_is_reminded_of_told_listed_and_ended_and_can_be_taken_up_again(client, accepted):
    (dossier,), registrar, receiver = accepted(8), given.officer("registrar"), given.officer("receiver")
    with pytest.raises(Invalid):
        actions.request_supplement(dossier, by=receiver, reason=REASON, days=9)
    dossier.refresh_from_db()
    actions.request_supplement(dossier, by=receiver, reason=REASON)
    last = calendar_for(dossier.agency).last_day(timezone.localdate(), days=30)
    assert timezone.localdate(dossier.answer_by) == last == form_of(dossier, "supplement", number="1").until
    assert timezone.localdate(dossier.answer_by + timedelta(seconds=1)) == last + timedelta(days=1)
    given.sign_in(client, "lam")
    url = f"/desk/dossiers/{dossier.pk}/"
    with pytest.raises(NotNow, match="Người nộp còn được bổ sung"):
        actions.stop(dossier, by=registrar, reason="Không bổ sung.")
    assert (actions.remind_all(by=given.SYSTEM), f"{url}stop/" in client.get(url).content.decode()) == (
        0,
        False,
    )
    let_pass(dossier, 27)
    assert [actions.remind_all(by=given.SYSTEM) for _again in range(2)] == [1, 0]
    assert (Entry.objects.of("dossiers.SupplementReminded").get().about, told()) == (dossier.urn, [])
    let_pass(dossier, 9)
    assert [actions.remind_all(by=given.SYSTEM) for _again in range(2)] == [1, 0]
    assert told() == [registrar.name]
    page = client.get("/desk/").content.decode()
    assert 'flag=unanswered">Quá hạn bổ sung' in page.replace("\n", "")
    listed = client.get("/desk/?show=agency&flag=unanswered").content.decode()
    assert (listed.count(f'href="{url}"'), listed.count("Chưa bổ sung")) == (1, 1)
    page = client.get(url).content.decode()
    assert (f"{url}stop/" in page, f"{url}refuse/" in page) == (True, False)
    client.post(f"{url}stop/", {"reason": "Quá hạn mà không bổ sung."})
    dossier.refresh_from_db()
    assert (dossier.state, client.get("/desk/").content.decode().count("flag=unanswered")) == (
        State.STOPPED,
        0,
    )
    actions.restart(dossier, by=registrar, reason="Người nộp xin thêm thời gian.")
    assert (dossier.state, dossier.reason, dossier.answer_by > timezone.now()) == (
        State.SUPPLEMENT,
        REASON,
        True,
    )
    actions.resume(dossier, by=given.SYSTEM, papers=[], note="", sent_at=timezone.now())
    assert (dossier.state, dossier.answer_by) == (State.PROCESSING, None)


def test_what_was_never_received_is_refused_when_its_last_day_is_over(arrived):
    (dossier,), receiver = arrived(), given.officer("receiver")
    actions.request_supplement(dossier, by=receiver, reason=REASON, days=10)
    with pytest.raises(NotNow):
        actions.refuse(dossier, by=receiver, reason="Không bổ sung.")
    dossier = let_pass(dossier, 11)
    assert (actions.remind_all(by=given.SYSTEM), told()) == (1, [receiver.name])
    with pytest.raises(NotNow, match="mẫu 03"):
        actions.stop(dossier, by=given.officer("registrar"), reason="Không bổ sung.")
    dossier.refresh_from_db()
    actions.refuse(dossier, by=receiver, reason="Không bổ sung.")
    assert (dossier.state, dossier.segments.filter(ended_at=None).count()) == (State.REFUSED, 0)


def test_the_applicant_reads_the_last_day_and_is_reminded_of_it(client):
    dossier = given.dossier(at="accepted")
    actions.request_supplement(dossier, by=given.officer("receiver"), reason=REASON)
    settle()
    application = Application.objects.get(pk=dossier.pk)
    assert application.answer_by == dossier.answer_by
    let_pass(dossier, 27)
    actions.remind_all(by=given.SYSTEM)
    settle()
    letter = Notice.objects.get(code="dossiers.answer_soon", recipient=application.account)
    near = f"{Application.objects.get(pk=dossier.pk).answer_by:%d/%m/%Y}"
    assert letter.parameters["until"] == near
    given.sign_in(client, application.account)
    page = client.get(f"/applications/{dossier.pk}/").content.decode()
    assert page.count(f"Bạn bổ sung chậm nhất ngày {near}") == 1
    # Ended unanswered, taken up again and ended unanswered again: the same due date, and told each time.
    registrar = given.officer("registrar")
    for days in (9, 31):
        actions.stop(let_pass(dossier, days), by=registrar, reason="Quá hạn mà không bổ sung.")
        settle(times=2)
        actions.restart(Dossier.objects.get(pk=dossier.pk), by=registrar, reason="Xin thêm thời gian.")
        settle()
    assert told_of("dossiers.stopped") == 2


@pytest.mark.parametrize(
    ("at", "end", "goes_on"),
    [("arrived", "refuse", State.NEW), ("accepted", "stop", State.PROCESSING)],
)
def test_what_was_sent_by_the_last_day_counts_though_it_finds_the_dossier_ended(client, at, end, goes_on):
    dossier, may = given.dossier(at=at), given.actor("may")
    by = given.officer("receiver" if end == "refuse" else "registrar")
    actions.request_supplement(dossier, by=given.officer("receiver"), reason=REASON)
    settle()
    # What gets lost on the way can be sent again.
    application = Application.objects.get(pk=dossier.pk)
    actions.supply(application, by=may, note="Đã chụp lại.")
    Outbox.objects.all().delete()
    lost(application, "dossier.supplied")
    assert (application.supplied_at, told_of("dossiers.supplement_back")) == (None, 1)
    actions.supply(application, by=may, note="Đã chụp lại.")
    Dossier.objects.filter(pk=dossier.pk).update(answer_by=timezone.now())
    for again in (1, 2):
        getattr(actions, end)(Dossier.objects.get(pk=dossier.pk), by=by, reason="Quá hạn mà không bổ sung.")
        settle()
        dossier.refresh_from_db()
        ended = State.STOPPED if end == "stop" else State.REFUSED
        assert (dossier.state, dossier.answer_by) == (goes_on if again == 1 else ended, None)
        letters = Document.objects.about(dossier).filter(kind={"stop": "stop", "refuse": "refusal"}[end])
        assert letters.count() == again - 1
    assert (dossier.segments.filter(ended_at=None).count(), told_of("dossiers.in_time")) == (end == "stop", 1)
    client.force_login(application.account)
    page = client.get(f"/applications/{dossier.pk}/").content.decode()
    assert page.count("Hồ sơ được giải quyết tiếp: phần bổ sung đã gửi đúng hạn") == 1
    with pytest.raises(NotNow):
        actions.take_supply(dossier, by=given.SYSTEM, papers=[], note="", sent_at=timezone.now())
