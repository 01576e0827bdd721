"""Several dossiers at once: looked over first, each done by itself, sent twice with one effect."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.documents.models import Document
from motcua.dossiers import actions
from motcua.dossiers.models import Dossier
from motcua.dossiers.states import State
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, Refused
from motcua.notices.models import Notice
from tests import given
from tests.racing import meanwhile

REASON = "Nghỉ phép, bàn giao."


def preview(client, verb, dossiers):
    return client.get("/desk/bulk/", {"verb": verb, "dossier": [str(one.pk) for one in dossiers]})


def send(client, verb, dossiers, *, pressed="t1", **typed):
    ids = [str(one.pk) for one in dossiers]
    return client.post(f"/desk/bulk/{verb}/", {"dossier": ids, "token": pressed, **typed}, follow=True)


def states(*dossiers):
    return [Dossier.objects.get(pk=one.pk).state for one in dossiers]


def test_what_will_happen_is_told_before_it_does(visitor, arrived, accepted):
    (new,), (received,) = arrived(), accepted(8)
    page = preview(visitor("suong"), "accept", [new, received]).content.decode()
    assert "Sẽ làm với 1 trong 2 hồ sơ." in page
    assert "Hồ sơ đang chờ: Công chức tư pháp - hộ tịch." in page
    assert states(new, received) == [State.NEW, State.ACCEPTED]


def test_one_that_cannot_be_done_stops_no_other(visitor, arrived):
    made = arrived(2)
    (own,) = arrived(name="Phạm Thu Sương", number=given.BY_KEY["suong"].number)
    page = send(visitor("suong"), "accept", [*made, own]).content.decode()
    assert ("Đã xong 2 hồ sơ." in page, "1 hồ sơ giữ nguyên." in page) == (True, True)
    assert "Đây là hồ sơ của chính bạn." in page
    assert states(*made, own) == [State.ACCEPTED, State.ACCEPTED, State.NEW]


def test_sent_twice_it_is_done_once(visitor, arrived):
    made, client = arrived(2), visitor("suong")
    send(client, "accept", made)
    page = send(client, "accept", made).content.decode()
    assert "Đã xong 2 hồ sơ." in page
    again = send(client, "accept", made, pressed="t2")
    assert (again.status_code, "Sẽ làm với 0 trong 2" in again.content.decode()) == (422, True)
    assert Entry.objects.of("dossiers.DossierAccepted").count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_at_once_the_second_tells_what_came_of_the_first(visitor, arrived):
    made, pages = arrived(2), []
    client = visitor("suong")

    def click():
        twin = Client()
        twin.cookies = client.cookies
        pages.append(send(twin, "accept", made).content.decode())

    with meanwhile(click, click):
        list(Dossier.objects.select_for_update())
    assert ["Đã xong 2 hồ sơ." in page for page in pages] == [True, True]
    # One visit, one heap of messages: both pages may be looked at while it lies there.
    assert any("Việc này đã làm rồi." in page for page in pages)
    assert Entry.objects.of("dossiers.DossierAccepted").count() == 2


def test_the_same_is_proposed_for_all_and_words_are_needed(visitor, accepted):
    made = accepted(8, 8)
    assert send(visitor("lam"), "propose", made, opinion=" ").status_code == 422
    send(visitor("lam"), "propose", made, opinion="Khớp dữ liệu.")
    assert set(Dossier.objects.values_list("opinion", flat=True)) == {"Khớp dữ liệu."}


def test_a_step_is_finished_alike(visitor, verifying):
    send(visitor("lam"), "complete", [verifying], note="Đúng như khai.")
    assert verifying.steps.get(key="verify").note == "Đúng như khai."


def test_receipts_become_one_file(visitor, arrived):
    given.keys()
    made = arrived(2)
    for dossier in made:
        actions.accept(dossier, by=given.officer("receiver"))
        Dossier.objects.filter(pk=dossier.pk).update(origin=dossier.agency)
        actions.issue(dossier, by=given.SYSTEM, form="receipt")
    client, (unprinted,) = visitor("suong"), arrived()
    page = preview(client, "receipts", [*made, unprinted]).content.decode()
    assert "Hồ sơ này chưa có giấy hẹn." in page
    address = {"dossier": [str(one.pk) for one in (*made, unprinted)]}
    file = client.get("/desk/bulk/receipts.pdf", address)
    assert (file.status_code, file.content[:5]) == (200, b"%PDF-")
    # They have left us with it, and so they bear the agency's seal.
    receipts = Document.objects.filter(kind="receipt")
    assert list(receipts.values_list("state", "awaits_seal")) == [("signed", False)] * 2
    assert client.get("/desk/bulk/receipts.pdf", {"dossier": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("key", "verb", "status"),
    [
        ("", "accept", 302),
        ("may", "accept", 403),
        ("suong", "accept", 200),
        ("suong", "propose", 404),
        ("lua", "accept", 404),
        ("lua", "assign", 200),
        ("thong", "assign", 404),
        ("guong", "assign", 404),
        ("suong", "rubbish", 404),
    ],
)
def test_each_deed_is_offered_only_to_its_posts(visitor, key, verb, status):
    if key:
        given.account(key)
    client = visitor(key)
    assert client.get("/desk/bulk/", {"verb": verb}).status_code == status
    assert client.post(f"/desk/bulk/{verb}/", {"token": "x"}).status_code == (
        422 if status == 200 else status
    )


def test_another_communes_dossiers_are_not_among_those_chosen(visitor, arrived):
    (theirs,) = arrived(agency=given.BAC_HA)
    assert "Chưa chọn hồ sơ nào." in preview(visitor("suong"), "accept", [theirs]).content.decode()
    send(visitor("suong"), "accept", [theirs])
    assert states(theirs) == [State.NEW]


def test_the_preview_asks_as_much_for_one_as_for_many(visitor, arrived):
    client, counts, made = visitor("suong"), [], []
    for more in (1, 8):
        made += arrived(more)
        preview(client, "accept", made)
        with CaptureQueriesContext(connection) as queries:
            preview(client, "accept", made)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


# Giving to a colleague


def test_what_is_given_to_one_is_no_longer_the_others_turn(visitor, accepted):
    given.account("suong")
    mine, theirs = accepted(8, 9)
    to = given.account("lam")
    actions.assign(theirs, by=given.officer("chair"), to=to, reason=REASON)
    found = Dossier.objects.get(pk=theirs.pk)
    assert (found.assigned_to, found.assigned_for) == (to, "examine")
    notice = Notice.objects.get(code="dossiers.assigned")
    assert (notice.recipient, notice.subject) == (to, f"Hồ sơ {found.code} đã giao cho bạn")
    page = visitor("lua").get("/desk/?show=agency").content.decode()
    assert page.count("đã giao Đỗ Minh Lâm") == 1
    page = visitor("lam").get(f"/desk/dossiers/{theirs.pk}/").content.decode()
    assert re.findall(r'timeline-title">([^<]+)', page[page.index("Nhật ký</h2>") :])[0] == (
        "Vũ Thị Lúa giao hồ sơ cho Đỗ Minh Lâm"
    )
    assert mine.pk != theirs.pk


def test_the_assignment_ends_with_its_step(accepted):
    (dossier,) = accepted(8)
    actions.assign(dossier, by=given.officer("chair"), to=given.account("lam"), reason=REASON)
    actions.propose(dossier, by=given.officer("registrar"), opinion="Đủ điều kiện.")
    assert Dossier.objects.get(pk=dossier.pk).assigned_to is None


def test_given_to_the_same_colleague_again_nothing_happens(accepted):
    (dossier,) = accepted(8)
    for _time in range(2):
        actions.assign(dossier, by=given.officer("registrar"), to=given.account("lam"), reason=REASON)
    assert Entry.objects.of("dossiers.DossierAssigned").count() == 1


def test_only_those_who_may_do_the_step_are_given_it_and_only_by_who_has_it(accepted, arrived):
    (dossier,), lam = accepted(8), given.account("lam")
    with pytest.raises(Invalid):
        actions.assign(dossier, by=given.officer("chair"), to=given.account("suong"), reason=REASON)
    with pytest.raises(Invalid):
        actions.assign(dossier, by=given.officer("chair"), to=lam, reason="  ")
    for key in ("suong", "man", "thong", "may"):
        with pytest.raises(Refused):
            actions.assign(dossier, by=given.actor(key), to=lam, reason=REASON)
    (own,) = arrived(name="Phạm Thu Sương", number=given.BY_KEY["suong"].number)
    with pytest.raises(Invalid):
        actions.assign(own, by=given.officer("chair"), to=given.account("suong"), reason=REASON)


def test_all_that_one_has_in_hand_is_given_away_in_one_go(visitor, arrived, accepted):
    arrived()
    accepted(8)
    client = visitor("suong")
    page = client.get("/desk/bulk/?verb=assign&held=1").content.decode()
    assert "trong 1 hồ sơ" in page
