"""Copies of what stands in the registers: who may, under which number, beside the document, and on their way to others."""

import pytest
from django.urls import reverse

from motcua.dispatches import actions
from motcua.dispatches.models import Copy, Incoming, Outgoing
from motcua.documents.copying import recognised
from motcua.documents.inquiries import verify_upload
from motcua.documents.models import store
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused
from tests import given
from tests.dispatches.conftest import CLERK, clerk_there, head_there, issued, there, today
from tests.dispatches.test_pages import decide
from tests.documents.test_copying import written_carelessly
from tests.post import settle


def registered() -> Incoming:
    issued()
    return actions.register(there(), by=clerk_there())


def copied(document=None, **how) -> Copy:
    return actions.copy(document or registered(), by=clerk_there(), **{"manner": "true"} | how)


def pdf(copy: Copy) -> bytes:
    return store().read(copy.file["digest"])


def test_the_clerk_makes_a_true_copy_of_what_came():
    document = registered()
    made = copied(document)
    letters = given.agency(given.BAC_HA).abbreviation
    assert (made.number, made.year, made.of) == (f"01/SY-{letters}", today().year, document)
    assert made.original["digest"] == document.files[0]["digest"]
    assert pdf(made).startswith(store().read(document.files[0]["digest"]))
    found = recognised(pdf(made))
    assert (found.number, found.of, found.agency) == (
        made.number,
        document.number,
        given.agency(given.BAC_HA).name_vi,
    )
    told = Entry.objects.about(document).get(event="dispatches.CopyMade")
    assert told.facts == {
        "agency": given.BAC_HA,
        "manner": "true",
        "number": made.number,
        "digest": made.file["digest"],
    }


def test_anybody_is_told_what_it_is_a_copy_of():
    made = copied()
    answer = verify_upload(pdf(made))
    assert (answer.stands, answer.copy.number, answer.copied_by.stands) == (True, made.number, True)


def test_all_kinds_of_copies_share_one_series_a_year():
    document = registered()
    first = copied(document)
    second = copied(document, manner="part", pages="1")
    assert [one.serial for one in (first, second)] == [1, 2]
    assert second.number.startswith("02/TrS-")
    assert list(Copy.objects.register(given.BAC_HA, today().year)) == [first, second]


def test_a_copy_that_cannot_be_made_takes_no_number():
    document = registered()
    with pytest.raises(Invalid):
        copied(document, manner="part", pages="99")
    assert copied(document).serial == 1


def test_a_copy_of_a_copy_is_made_only_of_a_true_copy():
    document = registered()
    with pytest.raises(Invalid) as refused:
        copied(document, manner="again")
    assert refused.value.field == "manner"


def test_a_true_copy_that_came_is_copied_once_more_and_not_as_an_original():
    made = actions.copy(issued_here := issued(), by=given.officer("clerk"), manner="true")
    actions.send_copy(made, by=given.officer("clerk"), receivers=[given.BAC_HA])
    settle()
    came = Incoming.objects.get(agency=given.BAC_HA, number=made.number)
    actions.register(came, by=clerk_there())
    for manner in ("true", "part"):
        with pytest.raises(Invalid):
            copied(came, manner=manner, pages="1")
    again = copied(came, manner="again")
    assert again.number.startswith("01/SL-")
    assert issued_here.number in str(came.subject)


def test_the_head_may_and_others_may_not():
    document = registered()
    assert actions.copy(document, by=head_there(), manner="true").serial == 1
    with pytest.raises(Refused):
        actions.copy(document, by=given.actor("man"), manner="true")
    with pytest.raises(Refused):
        actions.copy(document, by=given.officer("clerk"), manner="true")


def test_what_is_not_yet_in_the_register_is_not_copied():
    issued()
    with pytest.raises(NotNow):
        copied(there())


def test_only_a_pdf_is_copied():
    document = registered()
    document.files = [*document.files, {**document.files[0], "media": "text/plain"}]
    document.save()
    with pytest.raises(Invalid):
        copied(document, number=1)
    with pytest.raises(Invalid):
        copied(document, number=2)


def test_a_copy_goes_out_as_a_document_of_its_own_and_its_receiver_tells_where_it_stands():
    made = actions.copy(issued(), by=given.officer("clerk"), manner="true")
    sent = actions.send_copy(made, by=given.officer("clerk"), receivers=[given.BAC_HA, given.BAC_HA])
    settle()
    came = Incoming.objects.get(agency=given.BAC_HA, number=made.number)
    assert (sent.number, came.document_id) == (made.number, sent.document_id)
    assert store().read(came.files[0]["digest"]) == pdf(made)
    actions.register(came, by=clerk_there())
    settle()
    assert sent.deliveries.get().state == "03"
    with pytest.raises(NotNow):
        actions.send_copy(made, by=given.officer("clerk"), receivers=[given.BAC_HA])


def test_a_copy_does_not_go_to_oneself_or_nobody():
    made = actions.copy(issued(), by=given.officer("clerk"), manner="true")
    for receivers in ([given.SA_PA], []):
        with pytest.raises(Invalid):
            actions.send_copy(made, by=given.officer("clerk"), receivers=receivers)
    assert Outgoing.objects.count() == 1


def test_a_copy_of_what_was_asked_back_or_given_back_does_not_go_out():
    letter = issued()
    made = actions.copy(letter, by=given.officer("clerk"), manner="true")
    came = actions.register(there(), by=clerk_there())
    theirs = copied(came)
    actions.recall(letter, by=given.officer("clerk"), reason="Sai số liệu.")
    settle()
    with pytest.raises(NotNow):
        actions.copy(letter, by=given.officer("clerk"), manner="true")
    with pytest.raises(NotNow):
        actions.send_copy(made, by=given.officer("clerk"), receivers=[given.BAC_HA])
    actions.give_back(Incoming.objects.get(pk=came.pk), by=clerk_there())
    theirs = Copy.objects.get(pk=theirs.pk)
    with pytest.raises(NotNow):
        actions.send_copy(theirs, by=clerk_there(), receivers=[given.SA_PA])
    assert Outgoing.objects.count() == 1


def test_what_the_signature_cannot_be_put_on_is_said_and_not_a_fault_of_ours():
    document = registered()
    careless = store().put([written_carelessly()])
    document.files = [document.files[0] | {"digest": careless.digest, "size": careless.size}]
    document.save()
    page = decide(CLERK, document, "copy", manner="true", number="0")
    assert (page.status_code, Copy.objects.exists()) == (409, False)
    assert "Không ký số được lên tệp" in page.content.decode()


def test_a_copy_is_made_seen_opened_and_sent_by_forms_alone():
    letter = issued()
    assert decide("dua", letter, "copy", manner="true", number="0").status_code == 403
    answer = decide(given.CLERK, letter, "copy", manner="part", number="0", pages="1")
    assert answer.url == reverse("desk:outgoing_one", args=[letter.pk])
    made = Copy.objects.get()
    visitor = given.signed_in(given.CLERK)
    assert made.number in visitor.get(answer.url).content.decode()
    shown = visitor.get(reverse("desk:copy", args=[made.pk])).content.decode()
    assert "Bản trích sao" in shown
    assert letter.number in shown
    assert visitor.get(reverse("desk:copy_file", args=[made.pk])).content == pdf(made)
    sent = visitor.post(
        reverse("desk:decide_copy", args=[made.pk, "send_copy"]), {"receivers": "Ủy ban nhân dân xã Bắc Hà"}
    )
    assert sent.url == reverse("desk:copy", args=[made.pk])
    assert "Bản sao" in visitor.get(sent.url).content.decode()
    assert given.signed_in("man").get(sent.url).status_code == 404


def test_what_is_wrong_is_said_at_its_field():
    letter = issued()
    page = decide(given.CLERK, letter, "copy", manner="part", number="0", pages="7-9")
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["pages"])
