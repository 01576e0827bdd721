from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from procrastinate.contrib.django.models import ProcrastinateJob

from motcua.journal.models import Entry
from motcua.lib.actions import Refused
from motcua.lib.actors import Actor
from motcua.notices import actions, letters, tasks
from motcua.notices.channels import Mail, Memory, only
from motcua.notices.models import Delivery, Notice
from motcua.notices.wording import WORDINGS, worded, wording
from motcua.people.models import Account
from tests.full import journal_full

SYSTEM = Actor.system("tests")


@pytest.fixture
def person(db):
    return Account.objects.create(username="000198000001", name="Trần Hạ Mây", email="may@example.vn")


@pytest.fixture
def code():
    yield wording(
        "lamps.lit",
        subject=_("province"),  # any sentence that has its Vietnamese
        body="Đèn ở %(place)s sáng lúc %(lit_at)s, đến hết ngày %(until_on)s.",
    )
    del WORDINGS["lamps.lit"]


@pytest.fixture
def notice(person, code):
    return Notice(
        recipient=person,
        code=code,
        parameters={"place": "Sa Pa", "lit_at": "2026-11-20T02:05:00+00:00", "until_on": "2026-11-24"},
        about="lamp:1",
        link="/lamps/1/",
        key="entry:1",
    )


def job_deliveries() -> list[int]:
    return [job.args["delivery"] for job in ProcrastinateJob.objects.filter(task_name="notices.deliver")]


def test_a_notice_lies_in_the_inbox_unread(person, notice):
    actions.tell(notice, by=SYSTEM)
    assert list(Notice.objects.to(person).unread()) == [notice]
    entry = Entry.objects.of("notices.NoticeSent").get()
    assert (entry.about, entry.facts) == (
        notice.urn,
        {"code": "lamps.lit", "account": str(person.pk), "about": "lamp:1"},
    )


def test_a_notice_reads_in_the_language_spoken(notice):
    with override("vi"):
        assert notice.subject == "tỉnh"
    with override("en"):
        assert notice.subject == "province"
    assert notice.body == "Đèn ở Sa Pa sáng lúc 09:05, 20/11/2026, đến hết ngày 24/11/2026."


def test_a_notice_whose_context_is_gone_shows_its_code(person):
    notice = Notice(recipient=person, code="gone.away", key="x")
    assert (notice.subject, notice.body) == ("gone.away", "")


def test_a_parameter_with_a_percent_sign_stays_as_it_is():
    assert worded("%(share)s dân", {"share": "93 %"}) == "93 % dân"


def test_telling_twice_of_one_occasion_tells_once(person, notice):
    actions.tell(notice, by=SYSTEM)
    again = Notice(recipient=person, code=notice.code, parameters=notice.parameters, key="entry:1")
    assert actions.tell(again, by=SYSTEM) == notice
    assert (Notice.objects.count(), len(job_deliveries())) == (1, 1)


def test_the_inbox_has_the_newest_first_and_only_ones_own(person, notice):
    actions.tell(notice, by=SYSTEM)
    other = Account.objects.create(username="000198000002", name="Vàng A Páo")
    actions.tell(Notice(recipient=other, code=notice.code, parameters=notice.parameters, key="a"), by=SYSTEM)
    later = Notice(recipient=person, code=notice.code, parameters=notice.parameters, key="entry:2")
    later.sent_at = timezone.now() + timedelta(minutes=1)
    actions.tell(later, by=SYSTEM)
    assert list(Notice.objects.to(person)) == [later, notice]


def test_only_the_system_tells(notice):
    with pytest.raises(Refused):
        actions.tell(notice, by=Actor("person:1"))


def test_only_the_addressee_reads(person, notice):
    actions.tell(notice, by=SYSTEM)
    with pytest.raises(Refused):
        actions.read(notice, by=Actor("person:1"))
    reader = Actor(person.urn)
    actions.read(notice, by=reader)
    first = Notice.objects.get().read_at
    actions.read(notice, by=reader)
    assert Notice.objects.get().read_at == first
    assert Notice.objects.get().is_read
    assert Entry.objects.of("notices.NoticeRead").count() == 1


def test_the_letter_says_who_what_and_where(notice, settings):
    actions.tell(notice, by=SYSTEM)
    [delivery] = job_deliveries()
    tasks.deliver(delivery=delivery)
    [letter] = mail.outbox
    assert letter.to == ["may@example.vn"]
    assert letter.subject == "tỉnh"
    assert letter.body == (
        "Chào bạn Trần Hạ Mây,\n\n"
        "Đèn ở Sa Pa sáng lúc 09:05, 20/11/2026, đến hết ngày 24/11/2026.\n\n"
        f"Xem tại: {settings.NODE.web_url}/lamps/1/\n\n"
        "Thư này do hệ thống gửi. Bạn không cần trả lời thư.\n"
    )
    assert letter.extra_headers["Message-ID"] == f"<{notice.pk}@test.motcua>"


def test_a_letter_goes_out_once_however_often_the_job_runs(notice):
    actions.tell(notice, by=SYSTEM)
    [delivery] = job_deliveries()
    tasks.deliver(delivery=delivery)
    tasks.deliver(delivery=delivery)
    assert len(mail.outbox) == 1
    assert Entry.objects.of("notices.NoticeDelivered").count() == 1


def test_without_an_address_there_is_only_the_inbox(person, notice):
    person.email = ""
    person.save()
    actions.tell(notice, by=SYSTEM)
    assert (Notice.objects.count(), Delivery.objects.count(), job_deliveries()) == (1, 0, [])


def test_a_channel_that_is_down_is_tried_again_and_holds_up_no_other(notice):
    broken = Memory(name="sms", failures=1)
    with only(Mail(), broken):
        actions.tell(notice, by=SYSTEM)
        by_mail, by_sms = job_deliveries()
        with pytest.raises(ConnectionError):
            tasks.deliver(delivery=by_sms)
        tasks.deliver(delivery=by_mail)
        assert (len(mail.outbox), broken.sent) == (1, [])
        assert Delivery.objects.get(pk=by_sms).delivered_at is None
        tasks.deliver(delivery=by_sms)
    assert broken.sent == [notice.pk]


def test_what_cannot_be_noted_is_not_sent_again_and_again(notice):
    """The journal finds no room on a full disk; the notice goes out when there is some."""
    with only(way := Memory(name="sms")):
        actions.tell(notice, by=SYSTEM)
        (delivery,) = job_deliveries()
        with journal_full():
            tasks.deliver(delivery=delivery)
        assert way.sent == []
        tasks.deliver(delivery=delivery)
        assert way.sent == [notice.pk]


@pytest.fixture
def folder(settings):
    settings.MAILERS = {
        "default": {
            "BACKEND": "motcua.notices.letters.EmailBackend",
            "OPTIONS": {"file_path": str(settings.MAIL)},
        }
    }
    return settings.MAIL


def test_without_a_mail_server_letters_are_files(notice, folder):
    with only(Mail()):
        actions.tell(notice, by=SYSTEM)
        [delivery] = job_deliveries()
        tasks.deliver(delivery=delivery)
        Mail().send(notice)  # the same letter again: the same file
    [sent] = letters.letters()
    assert (sent.to, sent.subject) == ("may@example.vn", "tỉnh")
    assert sent.text.startswith("Chào bạn Trần Hạ Mây,\n\nĐèn ở Sa Pa sáng lúc 09:05")
    assert letters.letter(sent.name) == sent
    assert [file.name for file in folder.iterdir()] == [f"{sent.name}.eml"]


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "0" * 32])
def test_no_other_file_can_be_opened_as_a_letter(folder, name):
    assert letters.letter(name) is None
    assert letters.letters() == []
