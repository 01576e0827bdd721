"""A draft's versions, its way through the agency for opinions and initials, and what colleagues remark."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection
from django.db.transaction import atomic
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from motcua.dispatches import actions
from motcua.dispatches.differing import MOST_PAIRS, compared, pieces, worded
from motcua.dispatches.models import Outgoing, Review, Version
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused
from motcua.organisations.models import calendar_for
from tests import given
from tests.dispatches.conftest import CLERK, TEXT, written
from tests.dispatches.test_attached import enclosed, paper
from tests.dispatches.test_pages import decide
from tests.dispatches.test_search import found
from tests.post import settle

DRAFTER, ASKED, OTHER, HEAD = "dua", "lam", "suong", "lua"


def route(letter, *keys, wanted="opinion", **more):
    to = [given.account(key) for key in keys]
    return actions.route(letter, by=given.actor(DRAFTER), to=to, wanted=wanted, days=2, **more)


def opine(letter, key):
    return actions.opine(letter, by=given.actor(key), words="Nhất trí.", seen=letter.version)


def initial(letter, key):
    return actions.initial(letter, by=given.actor(key), seen=letter.version)


def changed(letter, text="Nội dung khác.", **more):
    return actions.redraft(letter, by=given.actor(DRAFTER), text=text, **more)


def reviews(letter):
    """Who was asked for what, with what came of it; a star stands for what counts no longer."""
    return [
        (
            one.officer_name.split()[-1],
            one.wanted,
            one.answer + ("*" if one.fell_at else ""),
            bool(one.asked_at),
        )
        for one in letter.reviews.order_by("pk")
    ]


def test_each_change_is_a_version_with_who_when_and_a_note():
    letter = changed(written(), note="Rút gọn")
    letter = enclosed(letter=letter)
    letter = actions.take_out(letter, by=given.actor(DRAFTER), number=0)
    assert [(one.number, one.note, one.text) for one in letter.versions.order_by("number")] == [
        (1, "", TEXT),
        (2, "Rút gọn", "Nội dung khác."),
        (3, "Đính kèm: vb.pdf", "Nội dung khác."),
        (4, "Bỏ tệp: vb.pdf", "Nội dung khác."),
    ]
    assert {one.written_by_name for one in letter.versions.all()} == {given.actor(DRAFTER).name}
    kept = Entry.objects.filter(event="dispatches.DraftChanged").order_by("pk")
    assert [one.facts["version"] for one in kept] == [2, 3, 4]


def test_what_changes_nothing_is_no_version():
    letter = written()
    with pytest.raises(Invalid, match="chưa sửa gì"):
        changed(letter, text=TEXT)
    assert Outgoing.objects.get().version == 1


def test_what_was_signed_names_its_version():
    letter = actions.submit(changed(written()), by=given.actor(DRAFTER))
    letter = actions.sign(letter, by=given.actor(HEAD), position="Chủ tịch")
    assert letter.version == 2
    assert Entry.objects.get(event="dispatches.DispatchSigned").facts["version"] == 2
    page = given.signed_in(DRAFTER).get(reverse("desk:outgoing_one", args=[letter.pk])).content.decode()
    assert "Đã ký theo bản dự thảo 2" in page


def test_another_urgency_alone_is_a_version():
    letter = actions.redraft(written(), by=given.actor(DRAFTER), urgency=2, answer_by=date(2027, 1, 31))
    old, new = letter.versions.order_by("number")
    assert [(one.part, [piece.text for piece in one.pieces]) for one in compared(old, new)] == [
        ("urgency", ["Thường", "Thượng khẩn"]),
        ("answer_by", ["31/01/2027"]),
    ]


def test_what_was_saved_in_another_window_is_not_written_over_unseen():
    letter = written()
    form = reverse("desk:redraft", args=[letter.pk])
    drafter = given.signed_in(DRAFTER)
    assert 'name="seen" value="1"' in drafter.get(form).content.decode()
    typed = {"kind": "letter", "subject": letter.subject, "receivers": given.BAC_HA, "seen": "1"}
    drafter.post(form, typed | {"text": "Cửa sổ thứ nhất."})
    late = drafter.post(form, typed | {"text": "Cửa sổ thứ hai."})
    page = late.content.decode()
    assert late.status_code == 422
    assert ("bản 2 đã được lưu" in page, "Cửa sổ thứ hai." in page, 'name="seen" value="2"' in page) == (
        True,
        True,
        True,
    )
    drafter.post(form, typed | {"text": "Cửa sổ thứ hai.", "seen": "2"})
    assert [one.text for one in letter.versions.order_by("number")] == [
        TEXT,
        "Cửa sổ thứ nhất.",
        "Cửa sổ thứ hai.",
    ]


def test_what_was_changed_is_found_by_its_new_words_and_no_more_by_its_old_ones():
    letter = written()
    settle()
    letter = changed(letter, text="Sạt lở tỉnh lộ.")
    settle()
    assert [found(DRAFTER, typed) for typed in ("sạt lở", "kế hoạch năm")] == [[letter], []]


def test_nobody_answers_for_a_version_they_have_not_read():
    letter = route(written(), ASKED, wanted="content")
    route(letter, OTHER)
    changed(letter)
    for act, key, more in ((actions.initial, ASKED, {}), (actions.opine, OTHER, {"words": "Nhất trí."})):
        for seen in (1, None):
            with pytest.raises(Invalid, match="nay là bản 2"):
                act(letter, by=given.actor(key), seen=seen, **more)
    page = decide(ASKED, letter, "initial", seen="1")
    assert (page.status_code, 'name="seen" value="2"' in page.content.decode()) == (422, True)
    initial(letter, ASKED)
    opine(letter, OTHER)
    assert {one.version for one in letter.reviews.all()} == {2}


def test_the_head_signs_the_version_they_have_read():
    letter = actions.submit(written(), by=given.actor(DRAFTER))
    actions.hand_back(letter, by=given.actor(HEAD), reason="Ngắn lại.")
    actions.submit(changed(letter), by=given.actor(DRAFTER))
    assert decide(HEAD, letter, "sign", position="Chủ tịch", seen="1").status_code == 422
    decide(HEAD, letter, "sign", position="Chủ tịch", seen="2")
    letter.refresh_from_db()
    assert letter.state == "signed"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE dispatches_version SET text = ''",
        "DELETE FROM dispatches_version",
        "TRUNCATE dispatches_version",
    ],
)
def test_a_version_is_never_changed_or_lost(statement):
    written()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="never changed or lost"), atomic():
            cursor.execute(statement)
    assert Version.objects.get().text == TEXT


def test_what_waits_for_any_head_is_on_the_work_list_of_each():
    actions.submit(written(), by=given.actor(DRAFTER))
    pages = {
        key: given.signed_in(key).get(reverse("desk:worklist")).content.decode() for key in (HEAD, OTHER)
    }
    assert {key: "Dự thảo chờ bạn" in page for key, page in pages.items()} == {HEAD: True, OTHER: False}


def test_only_colleagues_of_the_agency_are_asked():
    letter = written()
    for act, more in ((actions.route, {"wanted": "opinion", "days": 1}), (actions.submit, {})):
        one = given.account(CLERK)
        with pytest.raises(Invalid, match="cùng cơ quan"):
            act(letter, by=given.actor(DRAFTER), to=[one] if act is actions.route else one, **more)
    with pytest.raises(Invalid, match="cùng cơ quan"):
        actions.submit(letter, by=given.actor(DRAFTER), to=given.account(OTHER))


def test_who_is_asked_after_the_head_handed_it_back_is_asked_at_once():
    letter = actions.submit(written(), by=given.actor(DRAFTER))
    actions.hand_back(letter, by=given.actor(HEAD), reason="Hỏi thêm.")
    route(letter, ASKED)
    assert reviews(letter) == [("Lúa", "signature", "returned", True), ("Lâm", "opinion", "", True)]


def test_two_versions_differ_by_words():
    assert [(one.what, one.text) for one in pieces("Họp lúc 8 giờ.\nTrân trọng.", "Họp lúc 9 giờ.\nTrân trọng.")] == [
        ("same", "Họp lúc "),
        ("out", "8 "),
        ("in", "9 "),
        ("same", "giờ.\n"),
        ("same", "Trân trọng."),
    ]  # fmt: skip
    many = "a " * (int(MOST_PAIRS**0.5) + 1)
    assert [one.what for one in worded(many, many + "b")] == ["out", "in"]


def test_two_versions_of_a_file_differ_by_what_can_be_read_in_it():
    letter = enclosed(paper(), name="a.pdf")
    letter = enclosed(paper(signer="Người khác"), letter=letter, name="b.pdf")
    old, new = letter.versions.order_by("number")[1:]
    (part,) = compared(old, new)
    assert (part.part, part.name, part.differs) == ("file", "b.pdf", True)
    assert "khác" in "".join(one.text for one in part.pieces if one.what == "in")
    assert [(one.part, one.name) for one in compared(letter.versions.get(number=1), old)] == [
        ("file_in", "a.pdf")
    ]


def test_colleagues_are_asked_at_once_or_one_after_another():
    letter = route(written(), ASKED, OTHER)
    route(letter, "buoi", wanted="form", is_after=True)
    assert reviews(letter) == [
        ("Lâm", "opinion", "", True),
        ("Sương", "opinion", "", True),
        ("Bưởi", "form", "", False),
    ]
    opine(letter, ASKED)
    with pytest.raises(Refused):
        initial(letter, "buoi")
    opine(letter, OTHER)
    last = letter.reviews.get(wanted="form")
    assert last.due_at == calendar_for(given.SA_PA).add_days(last.asked_at, 2)
    initial(letter, "buoi")
    assert [one.counts for one in letter.reviews.all()] == [True, True, True]


def test_a_new_version_takes_initials_back_and_says_so():
    letter = route(written(), ASKED, wanted="content")
    route(letter, OTHER, is_after=True)
    initial(letter, ASKED)
    opine(letter, OTHER)
    letter = changed(letter)
    assert reviews(letter) == [
        ("Lâm", "content", "agreed*", True),
        ("Sương", "opinion", "agreed", True),
        ("Lâm", "content", "", True),
    ]
    assert Entry.objects.get(event="dispatches.DraftChanged").facts["fallen"] == 1
    page = given.signed_in(HEAD).get(reverse("desk:outgoing_one", args=[letter.pk])).content.decode()
    assert "Ký nháy nội dung: đã ký cho bản 1, không còn giá trị" in page


def test_what_was_sent_back_goes_no_further_before_it_was_changed():
    letter = route(written(), ASKED, wanted="content")
    route(letter, OTHER, is_after=True)
    actions.send_back(letter, by=given.actor(ASKED), reason="Thiếu căn cứ.")
    assert reviews(letter) == [("Lâm", "content", "returned", True), ("Sương", "opinion", "", False)]
    with pytest.raises(Invalid, match="đã trả lại dự thảo"):
        actions.submit(letter, by=given.actor(DRAFTER))
    letter = changed(letter)
    assert reviews(letter)[2] == ("Lâm", "content", "", True)
    initial(letter, ASKED)
    assert reviews(letter)[1] == ("Sương", "opinion", "", True)


def test_it_goes_to_the_head_when_all_have_answered_or_are_not_waited_for():
    letter = route(written(), ASKED)
    with pytest.raises(Invalid, match="Đỗ Minh Lâm chưa trả lời"):
        actions.submit(letter, by=given.actor(DRAFTER))
    actions.call_off(letter, by=given.actor(DRAFTER), review=letter.reviews.get().pk)
    with pytest.raises(Invalid):
        actions.call_off(letter, by=given.actor(DRAFTER), review=letter.reviews.get().pk)
    letter = actions.submit(letter, by=given.actor(DRAFTER), to=given.account(HEAD), days=3)
    waiting = letter.reviews.get(wanted="signature")
    assert (waiting.officer_name, waiting.days) == ("Vũ Thị Lúa", 3)
    actions.hand_back(letter, by=given.actor(HEAD), reason="Xem lại căn cứ.")
    waiting.refresh_from_db()
    assert (waiting.answer, waiting.said) == ("returned", "Xem lại căn cứ.")
    letter = actions.submit(changed(letter), by=given.actor(DRAFTER))
    actions.sign(letter, by=given.actor(HEAD), position="Chủ tịch")
    assert [one.answer for one in letter.reviews.filter(wanted="signature")] == ["returned", "agreed"]


def test_only_who_is_asked_answers_and_only_the_drafter_asks():
    letter = route(written(), ASKED)
    for act, more in (
        (actions.opine, {"words": "x", "seen": 1}),
        (actions.initial, {"seen": 1}),
        (actions.send_back, {"reason": "x"}),
        (actions.remark, {"words": "x"}),
    ):
        with pytest.raises(Refused):
            act(letter, by=given.actor(OTHER), **more)
    for act, more in (
        (actions.route, {"to": [given.account(OTHER)], "wanted": "opinion", "days": 1}),
        (actions.call_off, {"review": letter.reviews.get().pk}),
        (actions.settle, {"remark": 1}),
        (actions.redraft, {"text": "x"}),
    ):
        with pytest.raises(Refused):
            act(letter, by=given.actor(ASKED), **more)
    with pytest.raises(Refused):
        initial(letter, ASKED)
    for wrong in ([], [given.account(DRAFTER)], [given.account(ASKED)]):
        with pytest.raises(Invalid):
            actions.route(letter, by=given.actor(DRAFTER), to=wrong, wanted="opinion", days=1)
    letter = opine(letter, ASKED)
    letter = actions.submit(letter, by=given.actor(DRAFTER))
    with pytest.raises(NotNow):
        route(letter, OTHER)


def test_a_remark_stays_with_its_version_until_the_drafter_settles_it():
    letter = route(written(), ASKED)
    actions.remark(letter, by=given.actor(ASKED), words="Thiếu số liệu.")
    letter = changed(letter)
    (one,) = letter.remarks.all()
    assert (one.version, one.settled_at) == (1, None)
    actions.settle(letter, by=given.actor(DRAFTER), remark=one.pk, answer="Đã thêm.")
    one.refresh_from_db()
    assert (one.answer, one.settled_at is not None) == ("Đã thêm.", True)
    with pytest.raises(Invalid):
        actions.settle(letter, by=given.actor(DRAFTER), remark=one.pk)
    kinds = ("dispatches.DraftRemarked", "dispatches.RemarkSettled")
    assert Entry.objects.filter(event__in=kinds).count() == 2


def test_it_goes_round_by_forms_alone():
    letter = written()
    asked, other = given.account(ASKED), given.account(OTHER)
    assert decide(DRAFTER, letter, "route", wanted="content", days="2").status_code == 422
    decide(DRAFTER, letter, "route", to=[str(asked.pk)], wanted="content", days="2", words="Xem căn cứ")
    decide(DRAFTER, letter, "route", to=[str(other.pk)], wanted="opinion", days="1", is_after="on")
    for address in ("desk:worklist", "desk:outgoing"):
        page = given.signed_in(ASKED).get(reverse(address)).content.decode()
        assert "Dự thảo chờ bạn" in page
        assert "Xem căn cứ" in page
    assert "Dự thảo chờ bạn" not in given.signed_in(OTHER).get(reverse("desk:worklist")).content.decode()
    decide(ASKED, letter, "remark", words="Thiếu căn cứ.")
    decide(ASKED, letter, "send_back", reason="Thêm căn cứ.")
    form = reverse("desk:redraft", args=[letter.pk])
    typed = {
        "kind": "letter",
        "subject": letter.subject,
        "text": "Khác.",
        "receivers": given.BAC_HA,
        "note": "Thêm căn cứ",
    }
    assert given.signed_in(DRAFTER).post(form, typed | {"text": TEXT}).status_code == 422
    assert given.signed_in(DRAFTER).post(form, typed).url == reverse("desk:outgoing_one", args=[letter.pk])
    decide(DRAFTER, letter, "settle", remark=str(letter.remarks.get().pk), answer="Đã thêm")
    decide(ASKED, letter, "initial", seen="2")
    decide(OTHER, letter, "opine", words="Nhất trí.", seen="2")
    decide(DRAFTER, letter, "submit", to=str(given.account(HEAD).pk), days="1")
    assert "Dự thảo chờ bạn" in given.signed_in(HEAD).get(reverse("desk:worklist")).content.decode()
    decide(HEAD, letter, "sign", position="Chủ tịch")
    letter.refresh_from_db()
    assert (letter.state, letter.version) == ("signed", 2)
    page = given.signed_in(HEAD).get(reverse("desk:draft_versions", args=[letter.pk])).content.decode()
    assert ("<ins>Khác" in page, "Đã thêm" in page, "Thêm căn cứ" in page) == (True, True, True)
    assert given.signed_in(OTHER).get(form).status_code == 403


def test_an_old_version_of_a_file_can_still_be_opened():
    letter = actions.take_out(enclosed(), by=given.actor(DRAFTER), number=0)
    address = reverse("desk:version_file", args=[letter.pk, 2, 0])
    assert given.signed_in(DRAFTER).get(address).content.startswith(b"%PDF")
    for version, number in ((1, 0), (2, 1), (9, 0)):
        missing = reverse("desk:version_file", args=[letter.pk, version, number])
        assert given.signed_in(DRAFTER).get(missing).status_code == 404


def test_pages_ask_as_often_for_one_version_as_for_many():
    letter = route(written(), ASKED)
    actions.remark(letter, by=given.actor(ASKED), words="Thiếu số liệu.")
    letter = changed(letter)

    def asked(name, *args):
        visitor = given.signed_in(ASKED)
        visitor.get(reverse(name, args=args))
        with CaptureQueriesContext(connection) as queries:
            assert visitor.get(reverse(name, args=args)).status_code == 200
        return len(queries)

    pages = (
        ("desk:draft_versions", letter.pk),
        ("desk:outgoing_one", letter.pk),
        ("desk:outgoing",),
        ("desk:worklist",),
    )
    few = [asked(*page) for page in pages]
    for number in range(10):
        actions.remark(letter, by=given.actor(ASKED), words=f"Góp ý {number}.")
        letter = changed(letter, text=f"Bản {number}.")
        route(written(), ASKED)
    route(letter, OTHER, "buoi", HEAD)
    assert [asked(*page) for page in pages] == few


def test_the_head_sees_where_a_draft_hangs_and_who_is_late():
    letter = route(written(), ASKED)
    Review.objects.update(
        asked_at=timezone.now() - timedelta(days=30),
        due_at=timezone.now() - timedelta(days=20),
    )
    page = given.signed_in(HEAD).get(reverse("desk:outgoing")).content.decode()
    assert "Cho ý kiến: Đỗ Minh Lâm <b>(quá hạn)</b>" in page
    page = given.signed_in(HEAD).get(reverse("desk:outgoing_one", args=[letter.pk])).content.decode()
    assert "Dự thảo đang ở đâu" in page
    assert page.count("quá hạn") == 1
