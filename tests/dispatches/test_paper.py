"""A document that came on paper: scanned, signed as a true copy, entered, and worked on like any other."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from motcua.dispatches import actions
from motcua.dispatches.models import Copy, Incoming
from motcua.documents.copying import recognised
from motcua.documents.formalities import breaches
from motcua.documents.models import store
from motcua.exchange.models import Outbox
from motcua.lib.actions import Invalid, NotNow, Refused
from tests import given
from tests.dispatches.conftest import today
from tests.documents.test_digitising import picture


def taken(*scans, **changes):
    values = {
        "agency": given.SA_PA,
        "sender_name": "Hợp tác xã Mường Hoa",
        "number": "05/CV-HTX",
        "kind_name": "Công văn",
        "subject": "Xin  mượn hội trường",
    }
    document = Incoming(**values | changes)
    return actions.take_paper(document, by=given.officer("clerk"), scans=list(scans) or [picture(dpi=200)])


def test_it_is_signed_as_a_true_copy_and_entered():
    document = taken()
    made = Copy.objects.get()
    assert (document.state, document.serial, document.year, document.subject) == (
        "registered",
        1,
        today().year,
        "Xin mượn hội trường",
    )
    pdf = store().read(document.files[0]["digest"])
    found = recognised(pdf)
    assert (found.number, found.of, found.holds_original) == (made.number, "05/CV-HTX", True)
    assert breaches(pdf) == ()
    assert document.files[0]["check"] == {"signed": ["seal"], "faults": [], "breaches": []}
    assert made.original["digest"] != made.file["digest"]


def test_nobody_on_the_axis_is_told_of_it():
    document = taken()
    actions.assign(document, by=given.officer("chair"), to=given.account("dua"), instruction="Xem xét.")
    actions.finish(document, by=given.officer("clerk"))
    assert document.state == "done"
    assert not Outbox.objects.exists()


def test_it_is_not_sent_on_as_it_came_but_its_copy_is():
    document = taken()
    with pytest.raises(NotNow):
        actions.forward(document, by=given.officer("clerk"), receivers=[given.BAC_HA])
    sent = actions.send_copy(Copy.objects.get(), by=given.officer("clerk"), receivers=[given.BAC_HA])
    assert sent.files[0]["digest"] == document.files[0]["digest"]


def test_a_scan_that_is_not_sharp_enough_is_not_entered_and_takes_no_number():
    with pytest.raises(Invalid):
        taken(picture((827, 1169)))
    assert not Incoming.objects.exists()
    assert taken().serial == 1


def test_only_the_clerk_enters_it():
    document = Incoming(agency=given.SA_PA, sender_name="X", subject="Y")
    with pytest.raises(Refused):
        actions.take_paper(document, by=given.officer("chair"), scans=[picture(dpi=200)])


def test_it_is_entered_by_a_form_alone():
    clerk = given.signed_in(given.CLERK)
    address = reverse("desk:take_paper")
    assert address in clerk.get(reverse("desk:incoming")).content.decode()
    typed = {
        "sender_name": "ủy ban nhân dân xã bắc hà",
        "kind": "report",
        "subject": "Báo cáo tháng",
        "scans": [
            SimpleUploadedFile("1.jpg", picture(dpi=200)),
            SimpleUploadedFile("2.jpg", picture(dpi=200)),
        ],
    }
    answer = clerk.post(address, typed)
    document = Incoming.objects.get()
    assert answer.url == reverse("desk:incoming_one", args=[document.pk])
    assert (document.sender, document.kind_name) == (given.BAC_HA, "Báo cáo")
    page = clerk.get(answer.url).content.decode()
    assert "đã được số hóa tại đây" in page
    assert "edXML" not in page
    assert clerk.get(reverse("desk:incoming_file", args=[document.pk, 1])).status_code == 404
    assert document.copies.get().number in page


def test_what_is_wrong_with_a_scan_is_said_at_its_field():
    typed = {"sender_name": "X", "kind": "letter", "subject": "Y"}
    clerk = given.signed_in(given.CLERK)
    page = clerk.post(reverse("desk:take_paper"), typed)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["scans"])
    page = clerk.post(
        reverse("desk:take_paper"), typed | {"scans": SimpleUploadedFile("1.jpg", picture((827, 1169)))}
    )
    assert (page.status_code, "200" in page.context["form"].errors["scans"][0]) == (422, True)
    assert not Incoming.objects.exists()
