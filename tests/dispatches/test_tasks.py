"""A sender asks for an answer by a day, sees who has answered and who is late, reminds, and counts."""

import io
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from motcua.desk.deadlines import by_day
from motcua.dispatches import actions
from motcua.dispatches.actions.reminding import warn
from motcua.dispatches.answering import answered
from motcua.dispatches.models import Delivery, Incoming, Outgoing
from motcua.dispatches.notifying import DISPATCHES, DUE, DUE_TODAY, OVERDUE
from motcua.dispatches.statistics import Period
from motcua.exchange import actions as exchange
from motcua.exchange.events import MessageRefused
from motcua.exchange.models import Outbox
from motcua.journal.actions import record
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused
from motcua.notices.models import Notice
from tests import given, post
from tests.dispatches.conftest import TEXT, issued, today
from tests.dispatches.test_sent_on import MINISTRY, PROVINCE
from tests.post import run_jobs, settle


def asked(days=5, receivers=(given.SA_PA,), subject="Báo cáo quý", **changes) -> Outgoing:
    """A letter of the Government Office that asks for an answer."""
    tem = given.actor("tem")
    letter = Outgoing(
        agency=MINISTRY, kind="letter", subject=subject, text=TEXT, receivers=list(receivers),
        answer_by=None if days is None else today() + timedelta(days=days), **changes,
    )  # fmt: skip
    actions.submit(actions.draft(letter, by=tem), by=tem)
    actions.sign(letter, by=given.actor("ban"), position="Phó Chủ nhiệm")
    actions.issue(letter, by=tem)
    settle()
    return letter


def came(**which) -> Incoming:
    return Incoming.objects.get(agency=given.SA_PA, **which)


def answer(document) -> Outgoing:
    """Sa Pa answers what came, signed and sent."""
    return issued(kind="report", subject="Kết quả", receivers=[MINISTRY], responds_to=document)


def counted(day=None):
    """The numbers of this month by receiver, as they stand on a day."""
    lines = answered([MINISTRY], Period.read("", today()), day or today())
    return {one.code: one for one in lines}


def page_of(key, name, *args, **query) -> str:
    """A page of the desk as somebody sees it."""
    address = reverse(f"desk:{name}", args=args)
    return given.signed_in(key).get(address, query).content.decode()


def test_the_answer_links_both_and_stands_with_its_receiver():
    letter = asked()
    assert came().answer_by == letter.answer_by
    assert (delivery := letter.deliveries.get()).owes_answer
    assert delivery.answer_words == "Chưa trả lời, còn trong hạn"
    reply = answer(came())
    back = Incoming.objects.get(agency=MINISTRY)
    assert (back.responds_to, back.number) == (letter, reply.number)
    delivery = letter.deliveries.get()
    assert (delivery.answer, delivery.owes_answer, delivery.answer_words) == (back, False, "Trả lời đúng hạn")
    assert reverse("desk:incoming_one", args=[back.pk]) in page_of("tem", "outgoing_one", letter.pk)
    assert reverse("desk:outgoing_one", args=[letter.pk]) in page_of("tem", "incoming_one", back.pk)


def test_what_comes_after_its_day_is_late_and_one_that_does_not_come_is_overdue():
    letter = asked()
    Outgoing.objects.filter(pk=letter.pk).update(answer_by=today() - timedelta(days=1))
    assert letter.deliveries.select_related("outgoing").get().answer_words == "Quá hạn, chưa trả lời"
    answer(came())
    assert Delivery.objects.get(outgoing=letter).answer_words == "Trả lời quá hạn"


def test_whoever_owes_an_answer_is_reminded_once_a_day():
    letter = asked(receivers=[given.SA_PA, "H38"])
    given.actor("niem"), given.actor("lua")
    actions.remind(letter, by=given.actor("tem"), words="Đề nghị báo cáo đúng hạn.")
    settle(times=2)
    document = came()
    assert [(one["words"], one["by"]) for one in document.reminders] == [
        ("Đề nghị báo cáo đúng hạn.", given.actor("tem").name)
    ]
    told = Notice.objects.filter(code="dispatches.reminded", about=document.urn)
    assert sorted(one.recipient.name for one in told) == sorted(
        given.account(key).name for key in ("niem", "lua")
    )
    assert Entry.objects.filter(event="dispatches.ReminderCame", about=document.urn).count() == 1
    assert "Nơi gửi đã nhắc" in page_of("niem", "incoming")
    with pytest.raises(NotNow, match="Hôm nay"):
        actions.remind(letter, by=given.actor("tem"), words="x")
    assert "Đề nghị báo cáo đúng hạn." in page_of("tem", "outgoing_one", letter.pk)


def test_only_what_asks_for_an_answer_that_has_not_come_is_reminded_of():
    with pytest.raises(NotNow, match="không yêu cầu"):
        actions.remind(asked(days=None), by=given.actor("tem"), words="x")
    letter = asked(subject="Báo cáo")
    with pytest.raises(Invalid):
        actions.remind(letter, by=given.actor("tem"), words=" ")
    with pytest.raises(Refused):
        actions.remind(letter, by=given.officer("specialist"), words="x")
    answer(came(subject="Báo cáo"))
    with pytest.raises(NotNow, match="Không còn nơi nào"):
        actions.remind(letter, by=given.actor("tem"), words="x")
    secret = asked(subject="Số liệu")
    actions.classify(secret, by=given.actor("tem"), degree=1)
    with pytest.raises(NotNow, match="bí mật nhà nước"):
        actions.remind(secret, by=given.actor("tem"), words="x")
    assert not Outbox.objects.exists()


def test_whoever_works_on_it_is_warned_the_day_before_on_the_day_and_after():
    letter = asked()
    actions.register(came(), by=given.actor("niem"))
    actions.assign(came(), by=given.actor("lua"), to=given.account("dua"), instruction="Báo cáo.")
    for days in (-3, -1, -1, 0, 1, 2):
        warn(letter.answer_by + timedelta(days=days), by=DISPATCHES)

    def statements(subject):
        asked(subject=subject)
        Incoming.objects.filter(subject=subject).update(holder=given.account("dua").urn)
        with CaptureQueriesContext(connection) as queries:
            warn(letter.answer_by + timedelta(days=1), by=DISPATCHES)
        return len(queries)

    assert statements("Báo cáo năm") == statements("Báo cáo tháng")
    told = Notice.objects.filter(about=came(subject="Báo cáo quý").urn).filter(
        recipient=given.account("dua"), code__in=[DUE, DUE_TODAY, OVERDUE]
    )
    assert sorted(one.code for one in told) == [
        "dispatches.due",
        "dispatches.due_today",
        "dispatches.overdue",
    ]


def test_once_the_answer_went_out_it_is_no_task_any_more_and_nobody_is_warned():
    letter = asked()
    actions.register(came(), by=given.actor("niem"))
    actions.assign(came(), by=given.actor("lua"), to=given.account("dua"), instruction="Báo cáo.")
    assert (came().last_day, Incoming.objects.tasks().count()) == (letter.answer_by, 1)
    issued(kind="report", subject="Gửi nơi khác", responds_to=came())
    assert came().answered_at is None
    answer(came())
    after = letter.answer_by + timedelta(days=1)
    assert (came().last_day, Incoming.objects.tasks().count()) == (None, 0)
    assert not came().is_late(timezone.now() + timedelta(days=9))
    warn(after, by=DISPATCHES)
    assert not Notice.objects.filter(code="dispatches.overdue").exists()


def test_tasks_are_counted_by_receiver_in_time_late_open_and_overdue():
    asked(receivers=[given.SA_PA, "H38"])
    refused = asked(receivers=["H38"], subject="Gửi nhầm")
    actions.refuse(Incoming.objects.get(subject="Gửi nhầm"), by=given.actor("phong"), reason="Nhầm.")
    settle()
    answer(came())
    line = counted()
    assert (line[given.SA_PA].in_time, line[given.SA_PA].percent_in_time) == (1, 100.0)
    assert (line["H38"].given, line["H38"].open, line["H38"].overdue) == (1, 1, 0)
    later = counted(refused.answer_by + timedelta(days=1))
    assert (later["H38"].open, later["H38"].overdue, later["H38"].percent_in_time) == (0, 1, 0.0)
    assert later[given.SA_PA].in_time == 1


def test_an_answer_on_the_last_day_is_in_time_and_one_after_it_is_late():
    asked(days=0)
    late = asked(days=0, subject="Báo cáo năm")
    answer(came(subject="Báo cáo quý"))
    Outgoing.objects.filter(pk=late.pk).update(answer_by=today() - timedelta(days=1))
    answer(came(subject="Báo cáo năm"))
    found = Delivery.objects.filter(outgoing__agency=MINISTRY).order_by("pk")
    assert [one.answer_words for one in found] == ["Trả lời đúng hạn", "Trả lời quá hạn"]
    line = counted()[given.SA_PA]
    assert (line.in_time, line.late, line.percent_in_time) == (1, 1, 50.0)


def test_an_answer_that_is_refused_is_none_and_the_next_one_counts():
    letter = asked()
    answer(came())
    actions.refuse(Incoming.objects.get(agency=MINISTRY), by=given.actor("tem"), reason="Thiếu phụ lục.")
    settle()
    assert letter.deliveries.get().owes_answer
    assert (counted()[given.SA_PA].open, counted()[given.SA_PA].in_time) == (1, 0)
    answer(came())
    assert (counted()[given.SA_PA].open, counted()[given.SA_PA].in_time) == (0, 1)
    back = letter.deliveries.get().answer
    assert back == Incoming.objects.exclude(state="refused").get(agency=MINISTRY)
    actions.recall(
        Outgoing.objects.get(document_id=back.document_id), by=given.officer("clerk"), reason="Sai."
    )
    settle()
    actions.give_back(Incoming.objects.get(pk=back.pk), by=given.actor("tem"))
    assert letter.deliveries.get().owes_answer


def test_what_is_done_without_an_answer_is_neither_answered_nor_owed():
    letter = asked()
    actions.register(came(), by=given.actor("niem"))
    actions.finish(came(), by=given.actor("niem"))
    settle()
    assert letter.deliveries.get().answer_words == "Xong, không trả lời"
    line = counted(letter.answer_by + timedelta(days=1))[given.SA_PA]
    assert (line.given, line.done, line.open, line.overdue, line.percent_in_time) == (1, 1, 0, 0, None)
    with pytest.raises(NotNow):
        actions.remind(letter, by=given.actor("tem"), words="x")


def test_only_the_receivers_of_the_asker_are_asked_and_others_who_have_it_may_answer():
    """The province sends it on to Sa Pa: it is Sa Pa's task there, and for the ministry the province owes the answer."""
    letter = asked(receivers=[PROVINCE])
    document = Incoming.objects.get(agency=PROVINCE)
    actions.register(document, by=given.actor("phong"))
    actions.forward(document, by=given.actor("phong"), receivers=[given.SA_PA])
    settle()
    assert (came().answer_by, came().via) == (letter.answer_by, PROVINCE)
    actions.remind(letter, by=given.actor("tem"), words="Đề nghị báo cáo.")
    settle()
    assert [len(one.reminders) for one in (Incoming.objects.get(agency=PROVINCE), came())] == [1, 0]
    answer(came())
    words = {one.agency: one.answer_words for one in letter.deliveries.all()}
    assert words == {PROVINCE: "Chưa trả lời, còn trong hạn", given.SA_PA: "Trả lời đúng hạn"}
    assert {code: one.given for code, one in counted().items()} == {PROVINCE: 1}


def test_who_does_not_have_it_does_not_answer_it():
    letter = asked(receivers=[PROVINCE])
    reply = Outgoing(agency=given.SA_PA, kind="report", subject="x", text=TEXT, receivers=[MINISTRY])
    found = Incoming(agency=given.SA_PA, sender=MINISTRY, document_id=letter.document_id, state="arrived")
    found.save()
    reply.responds_to = found
    dua = given.officer("specialist")
    actions.submit(actions.draft(reply, by=dua), by=dua)
    actions.sign(reply, by=given.officer("chair"), position="Chủ tịch")
    actions.issue(reply, by=given.officer("clerk"))
    settle()
    assert Incoming.objects.get(agency=MINISTRY).responds_to is None


def reminder(body, sender=MINISTRY):
    """A reminder as it may come from anybody's node; what its handler says to it."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    exchange.send("document.reminder", raw, sender=sender, recipient=given.SA_PA)
    post.REFUSED.clear()
    settle()
    return [words for _kind, words in post.REFUSED]


@pytest.mark.parametrize(
    "body",
    [
        b"\xff", b"[" * 200_000, [], 7, None, "x", {}, {"document": 7, "words": "x"}, {"document": ["x"], "words": "x"},
        {"document": "{name}"}, {"document": "{name}", "words": ""}, {"document": "{name}", "words": {"a": 1}},
        {"document": "{name}", "words": "\0 \t"}, {"document": "x\0", "words": "x"}, {"document": "unbekannt", "words": "x"},
    ],
)  # fmt: skip
def test_what_is_no_reminder_of_what_is_here_is_refused(body):
    letter = asked()
    if isinstance(body, dict) and body.get("document") == "{name}":
        body = body | {"document": letter.document_id}
    (why,) = reminder(body)
    assert (bool(why), came().reminders) == (True, [])


def test_only_the_sender_reminds_and_of_what_is_here_still():
    letter = asked()
    said = {"document": letter.document_id, "words": "Đề nghị báo cáo.", "by": "x", "at": "y"}
    assert len(reminder(said, sender=PROVINCE)) == 1
    assert reminder(said) == []
    actions.refuse(came(), by=given.actor("niem"), reason="Nhầm.")
    assert len(reminder(said | {"at": "z"})) == 1
    assert len(came().reminders) == 1


def test_whatever_a_reminder_says_is_cut_and_shown_as_text():
    letter = asked()
    given.actor("niem"), given.actor("lua")
    wild = "<b>Gấp</b>\0\ud800 " + "dài" * 9_000
    for number in range(25):
        assert reminder({"document": letter.document_id, "words": wild, "by": wild, "at": str(number)}) == []
    kept = came().reminders
    assert (len(kept), kept[-1]["said_at"]) == (20, "24")
    assert (len(kept[-1]["words"]), len(kept[-1]["by"])) == (500, 120)
    assert "&lt;b&gt;Gấp&lt;/b&gt; dài" in page_of("niem", "incoming_one", came().pk)
    told = Notice.objects.filter(code="dispatches.reminded").values_list("recipient__name", flat=True)
    assert sorted(told) == sorted(given.account(key).name for key in ("niem", "lua"))  # once a day


def test_a_reminder_that_is_not_taken_stands_with_its_receiver_and_may_be_sent_again():
    letter = asked()
    actions.remind(letter, by=given.actor("tem"), words="Đề nghị báo cáo.")
    refusal = {"kind": "document.reminder", "sender": MINISTRY, "recipient": given.SA_PA, "stream": ""}
    for _time in range(2):
        told = MessageRefused(message="1", correlation=str(letter.pk), reason="Không được phép.", **refusal)
        record(told, about="message:1", by=given.SYSTEM)
        run_jobs()
    assert [one.get("refused") for one in letter.deliveries.get().reminders] == ["Không được phép."]
    assert Entry.objects.filter(event="dispatches.ReminderRefused").count() == 1
    assert "Nơi nhận không tiếp nhận lời nhắc: Không được phép." in page_of("tem", "outgoing_one", letter.pk)
    Outbox.objects.all().delete()
    actions.remind(letter, by=given.actor("tem"), words="Đề nghị báo cáo.")
    assert Outbox.objects.count() == 1


def test_the_lists_show_the_same_as_page_workbook_and_text():
    asked(receivers=[given.SA_PA, "H38"])
    clerk = given.signed_in("tem")
    page = clerk.get(reverse("desk:given_tasks"))
    assert (page.context["whole"].given, page.context["whole"].open) == (2, 2)
    sheet = load_workbook(io.BytesIO(clerk.get(reverse("desk:tasks_workbook")).content)).worksheets[0]
    text = clerk.get(reverse("desk:tasks_table")).content.decode("utf-8-sig").splitlines()
    assert [row[0].value for row in sheet] == [line.split(",")[0] for line in text]
    assert sheet.max_row == 3


def test_a_receiver_sees_who_has_each_task_the_nearest_first():
    asked(days=9)
    asked(days=5, subject="Báo cáo năm")
    actions.register(came(subject="Báo cáo quý"), by=given.actor("niem"))
    actions.assign(
        came(subject="Báo cáo quý"), by=given.actor("lua"), to=given.account("dua"), instruction="Báo cáo."
    )
    page = given.signed_in("lua").get(reverse("desk:assigned_tasks"))
    rows = [(one.about.subject, one.about.holder_name, one.left.words) for one in page.context["tasks"]]
    assert rows == [
        ("Báo cáo năm", "", "Còn 5 ngày"),
        ("Báo cáo quý", given.account("dua").name, "Còn 9 ngày"),
    ]
    assert "Chưa giao cho ai" in page.content.decode()
    theirs = given.signed_in("dua").get(reverse("desk:assigned_tasks")).context["tasks"]
    assert [one.about.subject for one in theirs] == ["Báo cáo quý"]
    Incoming.objects.update(answer_by=today() - timedelta(days=1))
    page = given.signed_in("lua").get(reverse("desk:assigned_tasks"))
    assert (page.context["overdue"], page.context["tasks"][0].left.state) == (2, "late")


def test_from_a_line_of_the_table_one_gets_to_the_documents_that_are_owed():
    late, early = asked(receivers=[given.SA_PA, PROVINCE]), asked(days=9, subject="Báo cáo năm")
    done = asked(subject="Đã trả lời")
    answer(came(subject="Đã trả lời"))
    Outgoing.objects.filter(pk=late.pk).update(answer_by=today() - timedelta(days=2))
    line = page_of("ban", "given_tasks")
    assert f"receiver={given.SA_PA}&amp;period={today():%Y-%m}" in line

    def owed(**query):
        page = given.signed_in("ban").get(reverse("desk:owed_answers"), query)
        return [(one.about.outgoing.pk, one.about.agency) for one in page.context["tasks"]]

    assert done.pk not in dict(owed())
    assert sorted(owed()[:2]) == sorted([(late.pk, given.SA_PA), (late.pk, PROVINCE)])
    assert owed(receiver=given.SA_PA) == [(late.pk, given.SA_PA), (early.pk, given.SA_PA)]
    assert owed(receiver=given.SA_PA, overdue="1") == [(late.pk, given.SA_PA)]
    assert owed(receiver=given.SA_PA, period="2020") == []
    assert owed(receiver=given.SA_PA, period=str(today().year)) == owed(receiver=given.SA_PA)
    theirs = given.signed_in("que").get(reverse("desk:owed_answers"))
    assert theirs.context["tasks"] == []


def test_a_later_version_takes_the_task_over():
    letter = asked()
    new = asked(earlier=letter, purpose=3)
    actions.register(Incoming.objects.get(document_id=letter.document_id), by=given.actor("niem"))
    actions.register(Incoming.objects.get(document_id=new.document_id), by=given.actor("niem"))
    settle()
    (line,) = counted().values()
    assert (line.given, line.open) == (1, 1)


@pytest.mark.parametrize(
    ("days", "state", "words", "percent"),
    [
        (-2, "late", "Quá hạn 2 ngày", 100),
        (0, "soon", "Đến hạn hôm nay", 100),
        (1, "soon", "Còn 1 ngày", 50),
        (9, "ok", "Còn 9 ngày", 10),
    ],
)
def test_how_a_last_day_stands(days, state, words, percent):
    now = timezone.now()
    day = timezone.localdate(now)
    left = by_day(day + timedelta(days=days), now, day)
    assert (left.state, left.words, round(left.percent)) == (state, words, percent)
