"""Files of work: listed for a year, filled, closed with a list of contents, handed over, and never deleted by themselves."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from motcua.dispatches import actions
from motcua.dispatches.models import Folder
from motcua.documents.models import store
from motcua.documents.texts import text_of
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused
from tests import given
from tests.dispatches.conftest import CLERK, clerk_there, head_there, issued, there, today, written

KEEPER = "dua"


def folder(notation="01.VP", **more):
    made = Folder(
        **{"agency": given.SA_PA, "year": today().year, "notation": notation, "title": "Hồ sơ hội nghị", "retention_years": 10}
        | more
    )  # fmt: skip
    return actions.open_folder(made, by=given.officer("clerk"), keeper=given.account(KEEPER))


def closed(notation="01.VP", on=None, **more):
    """A closed file with one document in it; `on` is the day it was closed."""
    made = folder(notation, **more)
    actions.file_in(issued(), by=given.actor(KEEPER), folder=made)
    made = actions.close_folder(made, by=given.actor(KEEPER))
    if on:
        Folder.objects.filter(pk=made.pk).update(closed_on=on)
        made.refresh_from_db()
    return made


def decide(key, made, verb, **typed):
    return given.signed_in(key).post(reverse("desk:decide_folder", args=[made.pk, verb]), typed)


def test_a_file_stands_once_in_the_list_of_its_year():
    made = folder("  01.VP ", title="Hồ sơ  hội nghị")
    assert (made.notation, made.title, made.keeper_name) == ("01.VP", "Hồ sơ hội nghị", "Mùa A Dứa")
    with pytest.raises(Invalid, match="đã có hồ sơ"):
        folder()
    with pytest.raises(Invalid, match="phải có số"):
        folder("02.VP", title=" ")
    folder(year=today().year + 1)
    with pytest.raises(Refused):
        actions.open_folder(
            Folder(agency=given.SA_PA, year=2026, notation="9", title="x"),
            by=given.actor(KEEPER),
            keeper=given.account(KEEPER),
        )
    assert Entry.objects.filter(event="dispatches.FolderOpened").count() == 2


def test_documents_that_came_and_went_lie_in_it_in_their_order():
    made, letter = folder(), issued()
    one = actions.file_in(letter, by=given.officer("specialist"), folder=made)
    other = actions.file_in(issued(subject="Họp lần hai"), by=given.officer("specialist"), folder=made)
    assert [(one.ordinal, one.pages), (other.ordinal, other.pages)] == [(1, 1), (2, 1)]
    with pytest.raises(Invalid, match="đã có trong hồ sơ"):
        actions.file_in(letter, by=given.officer("specialist"), folder=made)
    made = actions.take_from(made, by=given.actor(KEEPER), filing=one.pk)
    assert [(one.ordinal, one.outgoing.subject) for one in made.filings.all()] == [(1, "Họp lần hai")]
    with pytest.raises(Invalid):
        actions.take_from(made, by=given.actor(KEEPER), filing=one.pk)
    kinds = Entry.objects.filter(event__contains="iled").order_by("pk").values_list("event", flat=True)
    assert [kind.partition(".")[2] for kind in kinds] == ["DispatchFiled", "DispatchFiled", "DispatchUnfiled"]


def test_a_draft_what_is_not_registered_and_files_of_others_are_not_taken():
    made = folder()
    with pytest.raises(NotNow):
        actions.file_in(written(), by=given.officer("specialist"), folder=made)
    issued()
    with pytest.raises(NotNow):
        actions.file_in(there(), by=clerk_there(), folder=made)
    actions.register(there(), by=clerk_there())
    with pytest.raises(Invalid, match="đã kết thúc"):
        actions.file_in(there(), by=clerk_there(), folder=made)
    with pytest.raises(Refused):
        actions.take_from(made, by=given.officer("registrar"), filing=1)


def test_closing_lists_what_lies_in_it_and_nothing_is_added_afterwards():
    made = folder()
    with pytest.raises(Invalid, match="chưa có văn bản"):
        actions.close_folder(made, by=given.actor(KEEPER))
    letter = issued()
    actions.file_in(letter, by=given.actor(KEEPER), folder=made)
    with pytest.raises(Refused):
        actions.close_folder(made, by=given.officer("registrar"))
    made = actions.close_folder(made, by=given.actor(KEEPER))
    assert made.closed_on == today()
    said = " ".join(text_of(store().read(made.contents)).split())
    for words in (
        "MỤC LỤC VĂN BẢN",
        "01.VP",
        "Hồ sơ hội nghị",
        "10 năm",
        letter.number,
        letter.subject,
        "Mùa A Dứa",
    ):
        assert words in said
    with pytest.raises(Invalid):
        actions.file_in(issued(), by=given.actor(KEEPER), folder=made)
    with pytest.raises(NotNow):
        actions.close_folder(made, by=given.actor(KEEPER))


def test_what_came_is_listed_under_its_author():
    issued()
    actions.register(there(), by=clerk_there())
    made = Folder(agency=given.BAC_HA, year=today().year, notation="02.VP", title="Văn bản đến")
    made = actions.open_folder(made, by=head_there(), keeper=given.account(CLERK))
    actions.file_in(there(), by=clerk_there(), folder=made)
    made = actions.close_folder(made, by=clerk_there())
    said = " ".join(text_of(store().read(made.contents)).split())
    assert (there().number in said, "Vĩnh viễn" in said) == (True, True)


def test_keeping_is_counted_from_the_year_of_closing():
    made = closed(on=date(2020, 2, 29), year=2019)
    assert (made.kept_until, made.hand_over_by) == (2030, date(2021, 12, 31))
    for_ever = closed("02.VP", on=date(1995, 5, 1), year=1995, retention_years=None)
    assert for_ever.kept_until is None
    assert folder("03.VP").kept_until is None
    assert list(Folder.objects.ended(2030)) == []
    assert list(Folder.objects.ended(2031)) == [made]
    assert list(Folder.objects.to_hand_over()) == [for_ever, made]


def test_what_ended_in_december_and_is_closed_in_january_is_kept_from_december_on():
    made = folder(year=today().year - 1)
    actions.file_in(issued(), by=given.actor(KEEPER), folder=made)
    for wrong in (today() + timedelta(days=1), date(today().year - 2, 12, 31)):
        with pytest.raises(Invalid, match="đến hôm nay"):
            actions.close_folder(made, by=given.actor(KEEPER), ended_on=wrong)
    last = {"ended_on_day": "31", "ended_on_month": "12", "ended_on_year": str(today().year - 1)}
    decide(KEEPER, made, "close_folder", **last)
    made.refresh_from_db()
    assert (made.closed_on, made.kept_until, made.hand_over_by) == (
        date(today().year - 1, 12, 31),
        today().year + 9,
        date(today().year, 12, 31),
    )


def test_what_is_in_the_archive_is_still_listed_when_its_time_is_over():
    made = closed(on=date(2010, 5, 1), year=2010)
    with pytest.raises(Refused):
        actions.archive(made, by=given.actor(KEEPER))
    made = actions.archive(made, by=given.officer("clerk"))
    assert (made.state, made.archived_on) == ("handed_over", today())
    assert list(Folder.objects.to_hand_over()) == []
    assert list(Folder.objects.ended(2021)) == [made]


def test_it_is_made_up_by_forms_alone():
    clerk, keeper = given.signed_in(given.CLERK), given.account(KEEPER)
    typed = {"year": str(today().year), "notation": "05.VP", "title": "Hội nghị", "heading": "Văn phòng", "keeper": str(keeper.pk)}  # fmt: skip
    assert clerk.post(reverse("desk:open_folder"), typed | {"title": ""}).status_code == 422
    answer = clerk.post(reverse("desk:open_folder"), typed)
    made = Folder.objects.get()
    assert answer.url == reverse("desk:folder", args=[made.pk])
    decide(
        given.CLERK,
        made,
        "amend_folder",
        title="Hội nghị tổng kết",
        retention_years="20",
        keeper=str(keeper.pk),
    )
    made.refresh_from_db()
    assert (made.title, made.retention_years, made.heading) == ("Hội nghị tổng kết", 20, "")
    letter = issued()
    address = reverse("desk:decide_outgoing", args=[letter.pk, "file_in"])
    given.signed_in(KEEPER).post(address, {"folder": str(made.pk)})
    page = given.signed_in(KEEPER).get(reverse("desk:outgoing_one", args=[letter.pk])).content.decode()
    assert "Nằm trong hồ sơ công việc" in page
    assert letter.subject in clerk.get(reverse("desk:folder", args=[made.pk])).content.decode()
    assert decide(KEEPER, made, "archive").status_code == 403
    decide(KEEPER, made, "close_folder")
    pdf = clerk.get(reverse("desk:folder_contents", args=[made.pk]))
    assert pdf.content.startswith(b"%PDF")
    assert "Đến hạn nộp lưu" in clerk.get(reverse("desk:folders") + "?show=archive").content.decode()
    decide(given.CLERK, made, "archive")
    made.refresh_from_db()
    assert made.state == "handed_over"


def test_the_lists_show_what_is_due_and_files_of_others_stay_closed():
    late, kept = closed(on=date(2015, 5, 1), year=2015, title="Hồ sơ cũ"), folder("02.VP", title="Hồ sơ mới")
    clerk = given.signed_in(given.CLERK)
    pages = {
        show: clerk.get(reverse("desk:folders") + f"?show={show}").content.decode()
        for show in ("", "archive", "ended")
    }
    assert {show: ("Hồ sơ cũ" in page, "Hồ sơ mới" in page) for show, page in pages.items()} == {
        "": (False, True),
        "archive": (True, False),
        "ended": (True, False),
    }
    assert "Quá hạn nộp lưu" in pages["archive"]
    assert "Hồ sơ cũ" in clerk.get(reverse("desk:folders") + "?year=2015").content.decode()
    for name, made in (("desk:folder", kept), ("desk:folder_contents", late)):
        assert given.signed_in("man").get(reverse(name, args=[made.pk])).status_code == 404
    assert clerk.get(reverse("desk:folder_contents", args=[kept.pk])).status_code == 404


def test_pages_ask_as_often_for_one_as_for_many():
    made = folder()
    actions.file_in(issued(), by=given.actor(KEEPER), folder=made)

    def asked(name, *args):
        visitor = given.signed_in(KEEPER)
        visitor.get(reverse(name, args=args))
        with CaptureQueriesContext(connection) as queries:
            assert visitor.get(reverse(name, args=args)).status_code == 200
        return len(queries)

    few = asked("desk:folders"), asked("desk:folder", made.pk)
    for number in range(5):
        actions.file_in(issued(), by=given.actor(KEEPER), folder=made)
        folder(f"{number}.TC", heading="Tài chính")
    assert (asked("desk:folders"), asked("desk:folder", made.pk)) == few


def test_whoever_makes_up_a_file_reads_what_lies_in_it_and_others_only_what_is_theirs():
    other = given.OFFICERS["registrar"]
    made, letter = folder(), issued()
    actions.file_in(letter, by=given.officer("clerk"), folder=made)
    where, one = reverse("desk:folder", args=[made.pk]), reverse("desk:outgoing_one", args=[letter.pk])
    Folder.objects.filter(pk=made.pk).update(keeper=given.account(other).urn)
    assert given.signed_in(other).get(one).status_code == 200
    Folder.objects.filter(pk=made.pk).update(keeper=given.officer("clerk").urn)
    assert given.signed_in(other).get(one).status_code == 404
    actions.close_folder(made, by=given.officer("clerk"))
    contents = reverse("desk:folder_contents", args=[made.pk])
    seen = {}
    for key in (other, given.CLERK):
        visitor = given.signed_in(key)
        page = visitor.get(where)
        seen[key] = (
            len(page.context["filings"]),
            contents in page.content.decode(),
            visitor.get(contents).status_code,
        )
    assert seen == {other: (0, False, 404), given.CLERK: (1, True, 200)}
