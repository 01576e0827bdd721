"""Whom the nation asked in the past before it put services online, and what they said: two wanted it, one did not."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone, translation

from motcua.demo.history.clock import standing, told
from motcua.demo.history.desk import settle
from motcua.demo.history.making import DAYS, span
from motcua.demo.people import BY_KEY
from motcua.people.models import Account, actor_of
from motcua.procedures import actions
from motcua.procedures.models import Procedure
from motcua.procedures.polls import Poll

ASKER = "soan"


@dataclass(frozen=True)
class Asked:
    """One poll: begun so many days after the past begins, for so many days."""

    code: str
    whom: str
    begins: int
    lasts: int
    asked: int
    answered: int
    assented: int
    document: str


POLLS = (
    Asked(
        "1.004873",
        "Người đã xin giấy xác nhận trong năm, chọn ngẫu nhiên từ sổ của 12 phường, xã",
        3,
        20,
        400,
        268,
        231,
        "Báo cáo 118/BC-KSTT",
    ),
    Asked(
        "1.004194",
        "Người thuê nhà, chủ nhà trọ, do tổ dân phố giới thiệu",
        10,
        15,
        240,
        97,
        74,
        "Báo cáo 126/BC-KSTT",
    ),
    # Asked honestly, some say no: whoever brings the original must come all the same.
    Asked(
        "2.000815",
        "Người đến chứng thực bản sao tại quầy, hỏi khi nhận kết quả",
        31,
        30,
        600,
        412,
        187,
        "Báo cáo 141/BC-KSTT",
    ),
)


def ask(days: int = DAYS) -> int:
    """Open and count them at their times, at the node of the nation; how many there were."""
    begins, _ends = span(days)
    by = actor_of(Account.objects.get(pk=BY_KEY[ASKER].account))
    moments = sorted(
        moment
        for one in POLLS
        for moment in (
            (begins + timedelta(days=one.begins, hours=2), 0, one.code, one),
            (begins + timedelta(days=one.begins + one.lasts + 1, hours=3), 1, one.code, one),
        )
    )
    with translation.override("vi"), told(), standing(begins) as clock:
        for moment, is_over, _code, one in moments:
            clock.put(moment)
            if is_over:
                poll = Poll.objects.get(procedure__code=one.code, state=Poll.State.OPEN)
                actions.count_poll(
                    poll, by=by, answered=one.answered, assented=one.assented, document=one.document
                )
            else:
                actions.open_poll(opened(one), by=by)
            settle()
    return len(POLLS)


def opened(one: Asked) -> Poll:
    """The question, as it is put on the day it is."""
    today = timezone.localdate()
    return Poll(
        procedure=Procedure.objects.get(code=one.code),
        question="Có nên nhận hồ sơ này hoàn toàn qua mạng không?",
        whom=one.whom,
        begins_on=today,
        ends_on=today + timedelta(days=one.lasts),
        asked=one.asked,
    )
