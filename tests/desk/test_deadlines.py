"""Time left, in the words of a desk."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from motcua.desk.deadlines import TimeLeft, time_left
from motcua.dossiers.models import Dossier
from motcua.dossiers.states import State
from motcua.lib.working_time import Calendar

FRIDAY = datetime(2026, 11, 20, 10, 20, tzinfo=timezone.get_default_timezone())
OPENED = FRIDAY.replace(hour=7, minute=30)


def dossier(**known):
    return Dossier(**{"state": State.PROCESSING, "arrived_at": OPENED, "accepted_at": OPENED, **known})


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (
            FRIDAY.replace(hour=14, minute=50),
            TimeLeft("Còn 3 giờ", "soon", 48.57, "Hẹn trả thứ Sáu, 20/11, trước 14:50"),
        ),
        (
            FRIDAY.replace(day=23, hour=17, minute=0),
            TimeLeft("Còn 1 ngày làm việc", "ok", 17.71, "Hẹn trả thứ Hai, 23/11, trước 17:00"),
        ),
        (
            FRIDAY.replace(day=19, hour=10),
            TimeLeft("Trễ 1 ngày làm việc", "late", 100, "Hẹn trả thứ Năm, 19/11, trước 10:20"),
        ),
        (FRIDAY.replace(hour=8), TimeLeft("Trễ 2 giờ", "late", 100, "Hẹn trả thứ Sáu, 20/11, trước 8:20")),
    ],
)
def test_a_running_clock_says_the_working_hours_left(due, said):
    left = time_left(dossier(due_at=due), Calendar(), now=FRIDAY)
    assert TimeLeft(left.words, left.state, round(left.percent, 2), left.until) == said


def test_after_closing_hours_a_deadline_is_over_without_an_hour_of_delay():
    due = FRIDAY.replace(hour=17, minute=0)
    assert time_left(dossier(due_at=due), Calendar(), now=due + timedelta(hours=1)) == TimeLeft(
        "Vừa hết hạn", "late", 100, "Hẹn trả thứ Sáu, 20/11, trước 17:00"
    )


def test_the_bar_begins_where_the_clock_last_began():
    restarted = FRIDAY.replace(hour=9, minute=30)
    left = time_left(
        dossier(due_at=FRIDAY.replace(hour=11, minute=30)),
        Calendar(),
        now=FRIDAY.replace(hour=10, minute=30),
        began=restarted,
    )
    assert left.percent == 50


def test_a_paused_clock_says_that_it_starts_again():
    left = time_left(dossier(state=State.SUPPLEMENT, due_at=FRIDAY), Calendar(), now=FRIDAY)
    assert (left.words, left.state, left.until) == ("Đang dừng", "paused", "Bổ sung xong, tính lại từ đầu")


@pytest.mark.parametrize(
    ("earlier", "now", "said"),
    [
        (
            timedelta(),
            FRIDAY,
            TimeLeft("Chưa tiếp nhận, còn 5 giờ", "soon", 35.42, "Hẹn tiếp nhận thứ Sáu, 20/11, trước 17:00"),
        ),
        (
            timedelta(days=1),
            FRIDAY,
            TimeLeft("Chưa tiếp nhận, trễ 2 giờ", "late", 100, "Hẹn tiếp nhận thứ Năm, 19/11, trước 17:00"),
        ),
        (
            timedelta(hours=5),
            OPENED - timedelta(hours=1),
            TimeLeft(
                "Chưa tiếp nhận, còn 1 ngày làm việc", "ok", 0, "Hẹn tiếp nhận thứ Sáu, 20/11, trước 17:00"
            ),
        ),
    ],
)
def test_what_has_not_been_received_says_until_when_it_will_be(earlier, now, said):
    new = dossier(state=State.NEW, accepted_at=None, arrived_at=OPENED - earlier)
    left = time_left(new, Calendar(), now=now)
    assert TimeLeft(left.words, left.state, round(left.percent, 2), left.until) == said


@pytest.mark.parametrize(("late", "state"), [(-1, "plain"), (1, "late")])
def test_what_has_ended_says_when_and_whether_in_time(late, state):
    ended = dossier(state=State.RETURNED, due_at=FRIDAY, ended_at=FRIDAY + timedelta(hours=late))
    left = time_left(ended, Calendar(), now=FRIDAY + timedelta(days=2))
    assert (left.state, left.until) == (state, "20/11, 9:20" if late < 0 else "20/11, 11:20")
