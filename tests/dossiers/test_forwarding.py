"""What was filed at the wrong agency goes to the right one, whoever filed it follows it there, and the result comes back."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from motcua.dossiers import actions
from motcua.dossiers.actions.again import result_told
from motcua.dossiers.actions.counter import Brought, Verdict
from motcua.dossiers.models import Application, Dossier
from motcua.dossiers.states import Channel, State
from motcua.exchange.events import MessageRefused, MessageReturned
from motcua.exchange.models import Outbox
from motcua.journal.actions import record
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow
from motcua.notices.models import Notice, Outgoing
from motcua.organisations.heirs import Heir
from motcua.tracking.models import Tracked
from tests import given
from tests.desk.conftest import arrived  # noqa: F401 — dossiers on the desks of Sa Pa
from tests.post import settle

pytestmark = pytest.mark.django_db


def forward(dossier, to=given.BAC_HA):
    actions.forward(dossier, by=given.officer("receiver"), to=to)


def at(code):
    return Dossier.objects.get(agency=code)


def test_who_filed_online_follows_it_where_it_was_sent_on():
    dossier = given.dossier()
    desk = Client()
    given.sign_in(desk, "suong")
    page, address = f"/desk/dossiers/{dossier.pk}/", f"/desk/dossiers/{dossier.pk}/forward/"
    assert desk.get(page).content.decode().count(f'href="{address}"') == 1
    assert desk.post(address, {"to": "Xã Nào Đó"}).status_code == 422
    assert desk.post(address, {"to": "ubnd xa bac ha"}).status_code == 302
    settle()
    there, application = at(given.BAC_HA), Application.objects.get()
    assert (at(given.SA_PA).was_forwarded, there.state, there.followed_as) == (True, State.NEW, dossier.pk)
    assert (there.papers.count(), there.answers) == (dossier.papers.count(), dossier.answers)
    assert (application.state, application.agency, application.receive_by) == (
        State.NEW,
        given.BAC_HA,
        there.receive_by,
    )
    told = Notice.objects.get(code="dossiers.forwarded")
    assert given.AGENCIES[given.BAC_HA] in told.body
    citizen = Client()
    given.sign_in(citizen, "may")
    followed = citizen.get(f"/applications/{dossier.pk}/").content.decode()
    assert followed.count("Đã chuyển đến cơ quan có thẩm quyền: Ủy ban nhân dân xã Bắc Hà") == 1
    actions.accept(there, by=given.actor("man"))
    settle()
    application.refresh_from_db()
    assert (application.code, application.state) == (there.code, State.ACCEPTED)
    actions.withdraw(application, by=given.citizen("may"), reason="Nộp nhầm.")
    settle()
    assert at(given.BAC_HA).state == State.WITHDRAWN


def test_what_the_applicant_sent_meanwhile_goes_after_it():
    dossier = given.dossier()
    actions.withdraw(Application.objects.get(), by=given.citizen("may"), reason="Nộp nhầm.")
    forward(dossier)
    settle()
    assert (at(given.BAC_HA).state, Application.objects.get().state) == (State.WITHDRAWN, State.WITHDRAWN)


WHY = "Không có thủ tục này ở đây."


def lost(dossier, event):
    """It does not get there, and what follows it is sent to nobody."""
    sent = Outbox.objects.get(kind="dossier.forwarded")
    sent.delete()
    settle()
    facts = (str(sent.id), sent.kind, sent.sender, sent.recipient, sent.stream, sent.correlation, WHY)
    record(event(*facts), about=f"message:{sent.id}", by=given.SYSTEM)
    settle()
    dossier.refresh_from_db()


@pytest.mark.parametrize("event", [MessageRefused, MessageReturned])
def test_what_the_other_agency_would_not_take_lies_here_again(event):
    dossier = given.dossier()
    forward(dossier)
    lost(dossier, event)
    assert (dossier.state, dossier.forward_to, dossier.is_open) == (State.NEW, "", True)
    assert Entry.objects.of("dossiers.DossierCameBack").get().facts["reason"] == WHY
    assert Application.objects.get().state == State.NEW


def test_what_the_applicant_sent_after_it_counts_here_once_it_is_back():
    dossier = given.dossier()
    forward(dossier)
    actions.withdraw(Application.objects.get(), by=given.citizen("may"), reason="Nộp nhầm.")
    lost(dossier, MessageReturned)
    assert (dossier.state, dossier.reason, dossier.forward_to) == (State.WITHDRAWN, "Nộp nhầm.", "")
    assert Application.objects.get().state == State.WITHDRAWN


@pytest.mark.parametrize("to", ["", given.SA_PA, "H99"])
def test_it_goes_to_another_agency_there_is(arrived, to):  # noqa: F811
    (dossier,) = arrived()
    with pytest.raises(Invalid, match="Chọn cơ quan"):
        forward(dossier, to)
    actions.refuse(dossier, by=given.officer("receiver"), reason="Trùng.")
    with pytest.raises(NotNow):
        forward(dossier)


def at_the_counter(code):
    """A dossier about a marital status, whole, on a counter where it does not belong."""
    may = given.BY_KEY["may"]
    dossier = Dossier(
        version=given.procedure("1.004873"),
        case="",
        channel=Channel.DIRECT,
        agency=code,
        applicant_name=may.name,
        applicant_number=may.number,
        contact={"phone": "0912345678"},
        forward_to=given.TA_VAN,
        sent_at=timezone.now(),
    )
    typed = {
        "applicant_name": may.name,
        "applicant_number": may.number,
        "applicant_born_on": may.born_on,
        "applicant_residence": may.address,
        "applicant_phone": "0912345678",
        "marital_status": "never_married",
        "purpose": "other",
        "receive_by": "counter",
    }
    actions.receive(dossier, by=given.actor("man"), brought=Brought(typed, verdict=Verdict.FORWARD))
    return dossier


def test_the_result_comes_to_the_counter_where_it_was_filed_also_from_an_heir():
    given.country()
    given.keys()
    given.agency(given.TA_VAN)
    filed = at_the_counter(given.BAC_HA)
    actions.forward(filed, by=given.actor("man"))
    settle()
    there = at(given.TA_VAN)
    Heir.objects.create(old_id=given.TA_VAN, new_id=given.SA_PA, on=given.SINCE)
    actions.pass_on(actions.PassingOn({there.pk: given.SA_PA}, "plan", "1/QĐ"), by=given.SYSTEM)
    there.refresh_from_db()
    actions.accept(there, by=given.officer("receiver"))
    actions.complete(there, by=given.officer("registrar"), key="verify", note="Đúng.")
    actions.propose(there, by=given.officer("registrar"), opinion="Đủ điều kiện.")
    actions.sign(there, by=given.officer("chair"))
    settle(times=2)
    there.refresh_from_db()
    told = {one.about: one.facts["forwarded"] for one in Entry.objects.of("tracking.StateTaken")}
    assert told == {filed.urn: "out", there.urn: "in"}
    assert Tracked.objects.get(dossier=filed.pk).state == State.REFUSED
    lost = {"message": "m", "kind": "dossier.brought", "to": given.BAC_HA, "reason": "Không tới được."}
    actions.note_untaken(there, by=given.SYSTEM, **lost)
    actions.send_again(there, by=given.officer("chair"))
    again = json.loads(bytes(Outbox.objects.get(kind="dossier.brought").body))
    settle()
    filed.refresh_from_db()
    assert (again["paper"], filed.filing["result_paper"]) == (result_told(filed),) * 2
    paper = Dossier.objects.get(pk=filed.pk).papers.get(paper="result")
    assert (there.state, paper.verdict["stands"]) == (State.RETURNED, True)
    assert Entry.objects.of("dossiers.ResultBrought").get().facts["code"] == there.code
    (text,) = Outgoing.objects.filter(code="dossiers.counter_done")
    assert (text.parameters["code"], text.parameters["agency"]) == (
        there.code,
        given.AGENCIES[given.BAC_HA],
    )
