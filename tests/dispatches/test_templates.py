"""Templates: kept by administrators in the browser, looked at in print, and filled in when a draft is begun."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from motcua.dispatches import actions
from motcua.dispatches.models import Outgoing, Template
from motcua.documents.texts import text_of
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, Refused
from tests import given
from tests.dispatches.conftest import today, written

KEEPER = "thong"


def template(**changes):
    values = {
        "agency": given.SA_PA,
        "kind": "notice",
        "name": "Thông báo nghỉ lễ",
        "subject": "Nghỉ lễ năm {year}",
        "grounds": "Căn cứ Bộ luật Lao động;",
        "text": "{agency} thông báo tới {receivers}.\nNgười soạn: {drafter}.",
        "receivers": [given.BAC_HA],
        "places": ["Đài truyền thanh"],
    }
    return actions.keep_template(Template(**values | changes), by=given.actor(KEEPER))


def test_gaps_are_filled_in_when_a_draft_is_begun():
    kept = template()
    address = reverse("desk:write_document") + f"?template={kept.pk}"
    visitor = given.signed_in("dua")
    form = visitor.get(address).context["form"]
    assert form.initial == {
        "kind": "notice",
        "subject": f"Nghỉ lễ năm {today().year}",
        "text": "Căn cứ Bộ luật Lao động;\n"
        f"{given.agency().name_vi} thông báo tới {given.agency(given.BAC_HA).name_vi}.\nNgười soạn: Mùa A Dứa.",
        "receivers": given.BAC_HA,
    }
    visitor.post(address, form.initial)
    assert Outgoing.objects.get().places == ["Đài truyền thanh"]
    assert visitor.get(reverse("desk:write_document")).content.decode().count("Thông báo nghỉ lễ") == 1


def test_a_template_of_another_agency_is_not_offered():
    kept = template()
    page = given.signed_in("man").get(reverse("desk:write_document") + f"?template={kept.pk}")
    assert (page.context["form"].initial, page.context["templates"]) == ({}, [])


def test_what_is_wrong_with_a_template_is_said():
    template()
    for changes, said in (
        ({}, "tên này"),
        ({"name": "x", "text": " "}, "nội dung"),
        ({"name": "x", "text": "{ngay}"}, "{ngay}"),
    ):
        with pytest.raises(Invalid, match=said):
            template(**changes)
    with pytest.raises(Refused):
        actions.keep_template(Template.objects.get(), by=given.actor("dua"))


def test_it_is_written_seen_in_print_and_dropped_in_the_browser():
    keeper = given.signed_in(KEEPER)
    typed = {"kind": "letter", "name": "Công văn", "subject": "Họp", "text": "Kính mời {receivers}.", "receivers": given.BAC_HA, "places": "A\nB"}  # fmt: skip
    assert keeper.post(reverse("desk:new_template"), typed | {"text": "{x}"}).status_code == 422
    keeper.post(reverse("desk:new_template"), typed)
    kept = Template.objects.get()
    assert (kept.places, kept.receivers) == (["A", "B"], [given.BAC_HA])
    keeper.post(reverse("desk:template", args=[kept.pk]), typed | {"grounds": "Căn cứ Luật Đất đai;"})
    pdf = keeper.get(reverse("desk:template_preview", args=[kept.pk])).content
    said = " ".join(text_of(pdf).split())
    assert ("Căn cứ Luật Đất đai" in said, given.agency(given.BAC_HA).name_vi in said) == (True, True)
    assert "Công văn" in keeper.get(reverse("desk:templates")).content.decode()
    keeper.post(reverse("desk:drop_template", args=[kept.pk]))
    assert not Template.objects.exists()
    kinds = Entry.objects.filter(event__startswith="dispatches.Template").order_by("pk")
    assert [one.event.partition(".")[2] for one in kinds] == [
        "TemplateKept",
        "TemplateKept",
        "TemplateDropped",
    ]


def test_a_draft_is_seen_in_print_before_it_is_signed():
    letter = written()
    address = reverse("desk:draft_preview", args=[letter.pk])
    pdf = given.signed_in("dua").get(address).content
    assert "Trân trọng" in text_of(pdf)
    letter = actions.submit(letter, by=given.actor("dua"))
    actions.sign(letter, by=given.officer("chair"), position="Chủ tịch")
    assert given.signed_in("dua").get(address).status_code == 404


def test_the_list_asks_as_often_for_one_as_for_many():
    template()

    def asked(key, name):
        visitor = given.signed_in(key)
        visitor.get(reverse(name))
        with CaptureQueriesContext(connection) as queries:
            assert visitor.get(reverse(name)).status_code == 200
        return len(queries)

    few = asked(KEEPER, "desk:templates"), asked("dua", "desk:write_document")
    for number in range(20):
        template(name=f"Mẫu {number}")
    assert (asked(KEEPER, "desk:templates"), asked("dua", "desk:write_document")) == few
