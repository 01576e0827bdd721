"""Several documents at once: what needs an eye is said, the rest is entered, assigned, signed and sent in one go."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from motcua.desk import heaps, several
from motcua.desk.remarks import remarks
from motcua.dispatches import actions
from motcua.dispatches.actions.sending import in_order, send
from motcua.dispatches.messages import document_of
from motcua.dispatches.models import Incoming, Outgoing
from motcua.documents.models import store
from motcua.journal.models import Entry
from motcua.lib.actors import Actor, Grant
from motcua.notices.models import Notice
from motcua.organisations.models import Agency
from tests import given
from tests.dispatches.conftest import CLERK, HEAD, clerk_there, issued, signed, written
from tests.post import settle

SENTENCE = "Rà soát, báo cáo trước thứ Sáu."


def look_over(key, verb, documents):
    named = {"verb": verb, "document": [str(one.pk) for one in documents]}
    return given.signed_in(key).get(reverse("desk:several"), named)


def press(key, verb, documents, *, pressed="t1", visitor=None, **typed):
    ids = [str(one.pk) for one in documents]
    visitor = visitor or given.signed_in(key)
    address = reverse("desk:several_of", args=[verb])
    return visitor.post(address, {"document": ids, "token": pressed, **typed}, follow=True)


def came():
    """What lies at Bắc Hà, in the order in which it came."""
    return list(Incoming.objects.filter(agency=given.BAC_HA).order_by("arrived_at", "pk"))


def sent_again(letter):
    """The same document in another message."""
    agency = Agency.objects.get(pk=letter.agency)
    send(document_of(letter, in_order(letter.receivers, letter.agency), agency), letter)
    settle()


def with_a_program():
    script = store().put([b"<html><script>alert(1)</script></html>"])
    file = {"name": "bao-cao.pdf", "media": "text/html", "size": script.size, "digest": script.digest}
    return issued(files=[file])


def words_of_list(key, heap="arrived"):
    page = given.signed_in(key).get(reverse("desk:incoming"), {"heap": heap, "page": "1", "all": "1"})
    return page.content.decode()


# Entered


def test_what_came_is_entered_in_one_go_in_the_order_it_came():
    for _each in range(3):
        issued()
    page = press(CLERK, "register", reversed(came())).content.decode()
    assert ("Đã xong 3 văn bản." in page, "Số đến từ 1 đến 3." in page) == (True, True)
    assert [(one.serial, one.state) for one in came()] == [
        (1, "registered"),
        (2, "registered"),
        (3, "registered"),
    ]
    settle()
    assert [one.deliveries.get().state for one in Outgoing.objects.all()] == ["03"] * 3


def test_one_that_cannot_be_entered_takes_no_number_and_stops_no_other():
    for _each in range(3):
        issued()
    first, second, third = came()
    actions.refuse(second, by=clerk_there(), reason="Gửi nhầm.")
    assert "Sẽ làm với 2 trong 3 văn bản." in look_over(CLERK, "register", came()).content.decode()
    page = press(CLERK, "register", came()).content.decode()
    assert ("Đã xong 2 văn bản." in page, "1 văn bản giữ nguyên." in page) == (True, True)
    assert [one.serial for one in came()] == [1, None, 2]
    assert {first.pk, third.pk} == {one.pk for one in came() if one.serial}


def test_pressed_twice_it_is_done_once():
    issued()
    visitor = given.signed_in(CLERK)
    press(CLERK, "register", came(), visitor=visitor)
    page = press(CLERK, "register", came(), visitor=visitor).content.decode()
    assert ("Việc này đã làm rồi." in page, "Số đến 1." in page) == (True, True)
    assert press(CLERK, "register", came(), visitor=visitor, pressed="t2").status_code == 422
    assert Entry.objects.of("dispatches.DispatchRegistered").count() == 1


def test_all_are_chosen_but_those_to_be_looked_at_and_the_list_says_why():
    letter = issued(subject="Bình thường")
    sent_again(letter)
    with_a_program()
    back = issued(subject="Gửi nhầm")
    actions.recall(back, by=given.officer("clerk"), reason="Sai.")
    settle()
    page = words_of_list(CLERK)
    chosen = re.findall(r'name="document" value="([^"]+)" checked', page)
    assert chosen == [str(came()[0].pk)]
    assert "Chọn 1 văn bản không có gì cần xem" in page
    said = [remarks(one) for one in Incoming.objects.knowing_likes().order_by("arrived_at", "pk")]
    assert said == [
        [],
        ["Văn bản này đã đến trước đó"],
        ["Tệp “bao-cao.pdf” chứa chương trình chạy được nên chỉ lưu lại, không cho mở."],
        ["Nơi gửi yêu cầu lấy lại văn bản này"],
    ]
    page = look_over(CLERK, "register", came()).content.decode()
    assert "3 văn bản cần xem trước" in page


def test_what_bears_last_years_number_has_not_come_before():
    issued()
    (this,) = came()
    Incoming.objects.create(
        agency=this.agency,
        sender=this.sender,
        sender_name=this.sender_name,
        document_id="khac",
        number=this.number,
        subject="Năm ngoái",
        issued_on=this.issued_on - timedelta(days=365),
        arrived_at=this.arrived_at - timedelta(days=365),
        state="arrived",
    )
    assert [one.has_like for one in Incoming.objects.knowing_likes()] == [False, False]
    assert not Incoming.objects.like(this).exists()
    Incoming.objects.filter(subject="Năm ngoái").update(issued_on=this.issued_on)
    assert [one.has_like for one in Incoming.objects.knowing_likes().order_by("arrived_at")] == [False, True]
    assert [one.subject for one in Incoming.objects.like(this)] == ["Năm ngoái"]


def test_of_two_messages_of_one_document_the_second_is_refused_and_its_sender_keeps_the_first():
    letter = issued()
    sent_again(letter)
    first, second = came()
    actions.register(first, by=clerk_there())
    actions.refuse(second, by=clerk_there(), reason="Trùng.")
    settle()
    assert letter.deliveries.get().state == "03"


def test_where_both_messages_are_refused_the_sender_hears_so():
    letter = issued()
    sent_again(letter)
    for one in came():
        actions.refuse(one, by=clerk_there(), reason="Không đúng cơ quan.")
    settle()
    assert letter.deliveries.get().state == "02"


def test_what_is_past_the_day_of_its_answer_lies_with_the_overdue():
    for days in (-1, 1):
        issued(answer_by=timezone.localdate() + timedelta(days=3), subject=f"Báo cáo {days}")
        Incoming.objects.filter(subject=f"Báo cáo {days}").update(
            answer_by=timezone.localdate() + timedelta(days=days)
        )
    address = reverse("desk:incoming")
    rows = given.signed_in(CLERK).get(address, {"heap": "late"}).context["rows"]
    assert [(one.document.subject, one.document.is_late()) for one in rows] == [("Báo cáo -1", True)]


def test_the_list_opens_at_what_waits_for_whoever_looks():
    issued()
    issued()
    actions.register(came()[0], by=clerk_there())
    address = reverse("desk:incoming")
    shown = {key: given.signed_in(key).get(address).context["rows"] for key in (CLERK, HEAD)}
    assert {key: [row.document for row in rows] for key, rows in shown.items()} == {
        CLERK: [came()[1]],
        HEAD: [came()[0]],
    }
    everything = given.signed_in(CLERK).get(address, {"heap": "all"})
    assert len(everything.context["rows"]) == 2
    assert given.signed_in(CLERK).get(address, {"heap": "x", "page": "-1"}).status_code == 200


def test_more_than_a_page_holds_goes_on_to_the_next(monkeypatch):
    monkeypatch.setattr(heaps, "SHOWN", 2)
    for _each in range(3):
        issued()
    first = given.signed_in(CLERK).get(reverse("desk:incoming"))
    second = given.signed_in(CLERK).get(reverse("desk:incoming") + first.context["next"])
    found = [row.document for page in (first, second) for row in page.context["rows"]]
    assert (found, second.context["next"]) == (came(), "")


def test_a_document_leads_to_the_next_that_waits_for_whoever_looks():
    issued()
    issued()
    first, second = came()
    page = given.signed_in(CLERK).get(reverse("desk:incoming_one", args=[first.pk]))
    assert page.context["following"] == second
    assert (
        given.signed_in(HEAD).get(reverse("desk:incoming_one", args=[first.pk])).context["following"] is None
    )


# Assigned


def test_several_are_assigned_with_one_sentence_and_whoever_has_them_is_told():
    for _each in range(2):
        issued()
    press(CLERK, "register", came())
    man = given.account("man")
    assert press(HEAD, "assign", came(), to=str(man.pk), instruction=" ").status_code == 422
    page = press(HEAD, "assign", came(), to=str(man.pk), instruction=SENTENCE, days="3").content.decode()
    assert (
        "Số đến" not in page.partition("<table")[0]
    )  # they were entered before; the table says their numbers
    assert "Đã xong 2 văn bản." in page
    assert [(one.holder_name, one.instruction, one.state) for one in came()] == [
        (man.name, SENTENCE, "assigned")
    ] * 2
    settle()
    told = Notice.objects.filter(recipient=man, code="dispatches.given")
    assert [SENTENCE in one.body for one in told] == [True, True]
    assert {one.link for one in told} == {f"/desk/incoming/{one.pk}/" for one in came()}


def test_what_belongs_to_another_agency_than_the_first_is_not_assigned_with_it():
    issued()
    (here,) = came()
    other = Incoming.objects.create(
        agency=given.SA_PA, sender="H38", sender_name="Lào Cai", subject="Khác", state="registered", serial=1
    )
    actions.register(here, by=clerk_there())
    places = (given.BAC_HA, given.SA_PA)
    both = Actor("person:x", "Hai nơi", frozenset(Grant("chair", place) for place in places))
    found = several.lines(several.DEEDS["assign"], [here, other], by=both)
    assert [one.hindrance for one in found] == [
        "",
        "Văn bản này của cơ quan khác với văn bản đầu tiên đã chọn.",
    ]


# Signed and sent


def submitted(**changes):
    return actions.submit(written(**changes), by=given.officer("specialist"))


def signing(documents):
    return {"position": "Chủ tịch", **{f"version-{one.pk}": str(one.version) for one in documents}}


def test_several_drafts_are_signed_and_sent_in_one_go():
    drafts = [submitted(subject=f"Số {place}") for place in range(2)]
    page = press("lua", "sign", drafts, **signing(drafts)).content.decode()
    assert "Đã xong 2 văn bản." in page
    found = list(Outgoing.objects.order_by("drafted_at"))
    assert [(one.state, one.serial) for one in found] == [("signed", 1), ("signed", 2)]
    assert "Đã xong 2 văn bản." in press(given.CLERK, "issue", drafts).content.decode()
    assert set(Outgoing.objects.values_list("state", flat=True)) == {"issued"}


def test_a_draft_that_was_changed_meanwhile_is_not_signed_with_the_others():
    changed, same = submitted(), submitted()
    typed = signing([changed, same])
    actions.hand_back(changed, by=given.officer("chair"), reason="Sửa.")
    actions.redraft(changed, by=given.officer("specialist"), text="Khác hẳn.")
    actions.submit(changed, by=given.officer("specialist"))
    page = press("lua", "sign", [changed, same], **typed).content.decode()
    assert ("Đã xong 1 văn bản." in page, "1 văn bản giữ nguyên." in page) == (True, True)
    assert Outgoing.objects.get(pk=changed.pk).state == "submitted"


def test_who_signs_several_shows_first_that_it_is_they(settings):
    settings.NODE = settings.NODE.model_copy(update={"presence_minutes": 10, "demo": False})
    drafts = [submitted()]
    given.account("lua")
    answer = given.signed_in("lua").post(
        reverse("desk:several_of", args=["sign"]), {"document": [str(drafts[0].pk)], **signing(drafts)}
    )
    assert answer.url == reverse("mfa_index")
    sealed = given.signed_in(given.CLERK).post(
        reverse("desk:several_of", args=["issue"]), {"document": [str(drafts[0].pk)]}
    )
    assert sealed.url == reverse("mfa_index")
    assert Outgoing.objects.get().state == "submitted"


def test_the_post_of_whoever_signs_stands_in_the_form():
    draft = submitted()
    page = given.signed_in("lua").get(reverse("desk:outgoing_one", args=[draft.pk]))
    assert page.context["offered"]["sign"].initial["position"] == "CHỦ TỊCH"
    page = given.signed_in("thac").get(reverse("desk:outgoing_one", args=[draft.pk]))
    said = page.context["offered"]["sign"].initial
    assert (said["power"], said["position"]) == ("KT.", "CHỦ TỊCH\nPHÓ CHỦ TỊCH")


def test_the_head_is_led_to_signing_several_from_where_they_wait():
    submitted()
    address = f"{reverse('desk:several')}?verb=sign"
    pages = [reverse("desk:outgoing"), reverse("desk:worklist")]
    assert [address in given.signed_in("lua").get(page).content.decode() for page in pages] == [False, False]
    submitted()
    assert [address in given.signed_in("lua").get(page).content.decode() for page in pages] == [True, True]


def test_the_clerk_is_led_to_sending_several():
    signed()
    address = f"{reverse('desk:several')}?verb=issue"
    assert address not in given.signed_in(given.CLERK).get(reverse("desk:outgoing")).content.decode()
    signed()
    assert address in given.signed_in(given.CLERK).get(reverse("desk:outgoing")).content.decode()


# Whose it is


@pytest.mark.parametrize(
    ("key", "verb", "status"),
    [
        (CLERK, "register", 200),
        (CLERK, "assign", 404),
        (HEAD, "assign", 200),
        (HEAD, "register", 404),
        (HEAD, "sign", 200),
        ("man", "register", 404),
        ("may", "register", 403),
        ("thong", "register", 404),
        (CLERK, "rubbish", 404),
    ],
)
def test_each_deed_is_offered_only_to_its_posts(key, verb, status):
    given.account(key)
    visitor = given.signed_in(key)
    assert visitor.get(reverse("desk:several"), {"verb": verb}).status_code == status
    again = 422 if status == 200 else status
    assert visitor.post(reverse("desk:several_of", args=[verb]), {"token": "x"}).status_code == again


def test_documents_of_others_are_not_among_those_chosen():
    issued()
    page = look_over(given.CLERK, "register", came()).content.decode()
    assert "Chưa chọn văn bản nào." in page
    press(given.CLERK, "register", came())
    assert [one.state for one in came()] == ["arrived"]


def test_pages_ask_as_often_for_one_as_for_many():
    def asked(act):
        act()
        with CaptureQueriesContext(connection) as queries:
            act()
        return len(queries)

    visitor, counts = given.signed_in(CLERK), []
    for more in (1, 6):
        for _each in range(more):
            issued()
        ids = [str(one.pk) for one in came()]
        drafts = [str(submitted().pk) for _each in range(more)]
        register = {"verb": "register", "document": ids}
        session = visitor.session
        outcomes = [{"document": pk, "trouble": ""} for pk in ids]
        session["several"] = {"token": "t", "verb": "register", "outcomes": outcomes}
        session.save()
        head = given.signed_in("lua")
        counts.append(
            [
                asked(lambda: visitor.get(reverse("desk:several"), register)),  # noqa: B023 — called at once
                asked(lambda: visitor.get(reverse("desk:several_done"))),
                asked(lambda: head.get(reverse("desk:several"), {"verb": "sign", "document": drafts})),  # noqa: B023
            ]
        )
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 10
