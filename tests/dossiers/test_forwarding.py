"""What was filed at the wrong agency goes to the right one, whoever filed it follows it there, and the result comes back."""

from uuid import uuid4

import pytest
from django.test import Client

from motcua.dossiers import actions
from motcua.dossiers.models import Application, Dossier
from motcua.dossiers.states import State
from motcua.exchange.events import MessageRefused
from motcua.journal.actions import record
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow
from motcua.notices.models import Notice, Outgoing
from tests import given
from tests.desk.conftest import accepted, arrived, to_sign  # noqa: F401 — dossiers on the desks of Sa Pa
from tests.post import settle

pytestmark = pytest.mark.django_db


def forward(dossier, to=given.BAC_HA):
    actions.forward(dossier, by=given.officer("receiver"), to=to)


def at(code):
    return Dossier.objects.get(agency=code)


def test_who_filed_online_follows_it_where_it_was_sent_on():
    dossier = given.dossier()
    desk = Client()
    desk.force_login(given.account("suong"))
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
    citizen.force_login(given.account("may"))
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


def test_what_the_other_agency_would_not_take_lies_here_again():
    dossier = given.dossier()
    forward(dossier)
    why = "Không có thủ tục này ở đây."
    refused = MessageRefused(
        str(uuid4()), "dossier.forwarded", given.SA_PA, given.BAC_HA, dossier.urn, str(dossier.pk), why
    )
    record(refused, about=f"message:{uuid4()}", by=given.SYSTEM)
    settle()
    dossier.refresh_from_db()
    assert (dossier.state, dossier.forward_to, dossier.is_open) == (State.NEW, "", True)
    assert Entry.objects.of("dossiers.DossierCameBack").get().facts["reason"] == why
    assert Application.objects.get().state == State.NEW


@pytest.mark.parametrize("to", ["", given.SA_PA, "H99"])
def test_it_goes_to_another_agency_there_is(arrived, to):  # noqa: F811
    (dossier,) = arrived()
    with pytest.raises(Invalid, match="Chọn cơ quan"):
        forward(dossier, to)
    actions.refuse(dossier, by=given.officer("receiver"), reason="Trùng.")
    with pytest.raises(NotNow):
        forward(dossier)


def test_the_result_comes_to_the_counter_where_it_was_filed(arrived, to_sign):  # noqa: F811
    (filed,) = arrived(agency=given.BAC_HA)
    Dossier.objects.filter(pk=filed.pk).update(
        state=State.REFUSED, forward_to=given.SA_PA, origin=given.BAC_HA
    )
    brought = {"brought_to": given.BAC_HA, "brought_as": str(filed.pk)}
    Dossier.objects.filter(pk=to_sign.pk).update(origin=given.SA_PA, filing=brought)
    to_sign.refresh_from_db()
    actions.sign(to_sign, by=given.officer("chair"))
    settle(times=2)
    to_sign.refresh_from_db()
    paper = Dossier.objects.get(pk=filed.pk).papers.get()
    assert (to_sign.state, paper.paper, paper.verdict["stands"]) == (State.RETURNED, "result", True)
    assert Entry.objects.of("dossiers.ResultBrought").get().facts["code"] == to_sign.code
    (text,) = Outgoing.objects.filter(code="dossiers.counter_done")
    assert (text.parameters["code"], text.parameters["agency"]) == (
        to_sign.code,
        given.AGENCIES[given.BAC_HA],
    )
