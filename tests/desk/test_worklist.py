"""The work list: what stands where, how many, and page after page."""

import re
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given as examples
from hypothesis import strategies as st

from motcua.desk import worklist
from motcua.desk.filters import Asked
from motcua.desk.headline import headline
from motcua.desk.worklist import Key
from motcua.dossiers import actions
from motcua.dossiers.models import Dossier
from motcua.dossiers.states import State
from motcua.lib.working_time import Calendar
from motcua.organisations import actions as organisations
from motcua.people import actions as people
from tests import given


def ids(page):
    """The dossiers on a page, in their order."""
    return [UUID(found) for found in re.findall(r'<a href="/desk/dossiers/([0-9a-f-]{36})/"', page)]


def look(client, address="/desk/"):
    return client.get(address).content.decode()


def pills(page):
    """What the pills and tabs say."""
    shown = re.findall(r'<a[^>]*href="\?[^"]*"[^>]*>([^<]+) <span class="num">(\d+)</span></a>', page)
    return {label.strip(): int(count) for label, count in shown}


def test_the_most_urgent_stands_first_and_what_waits_for_the_applicant_last(visitor, accepted, arrived):
    later, sooner, paused = accepted(30, 2, 1)
    overlooked, new = arrived(2)
    for dossier, left in ((overlooked, -1), (new, 12)):
        Dossier.objects.filter(pk=dossier.pk).update(receive_by=timezone.now() + timedelta(hours=left))
    actions.request_supplement(paused, by=given.officer("receiver"), reason="Chụp lại giấy chứng sinh.")
    page = look(visitor("lam"), "/desk/?show=agency")
    assert ids(page) == [overlooked.pk, sooner.pk, new.pk, later.pk, paused.pk]
    assert page.count("Chưa tiếp nhận, ") == 2
    assert look(visitor("suong")).count("Một hồ sơ đã quá hạn tiếp nhận.") == 1


def test_each_role_begins_with_its_own_turn(visitor, accepted, arrived, to_sign):
    (examined,) = accepted(4)
    (new,) = arrived()
    found = {key: ids(look(visitor(key))) for key in ("suong", "lam", "lua")}
    assert found == {"suong": [new.pk], "lam": [examined.pk], "lua": [to_sign.pk]}


def test_a_refused_step_is_the_examiners_turn(visitor, refused):
    assert ids(look(visitor("lam"))) == [refused.pk]


def test_the_counts_say_how_many_stand_under_each_pill(visitor, accepted, arrived):
    noon = datetime.combine(timezone.localdate(), time(12), timezone.get_current_timezone())
    made = accepted(1, 1, 1)
    Dossier.objects.filter(pk=made[0].pk).update(due_at=noon - timedelta(days=3))
    Dossier.objects.filter(pk=made[1].pk).update(due_at=noon + timedelta(days=30))
    actions.request_supplement(made[2], by=given.officer("receiver"), reason="Chụp lại giấy chứng sinh.")
    arrived(2)
    assert pills(look(visitor("lam"), "/desk/?show=agency")) == {
        "Việc của bạn": 2,
        "Cả cơ quan": 5,
        "Tất cả": 5,
        "Quá hạn": 1,
        "Đang dừng": 1,
        "Chờ tiếp nhận": 2,
    }


@pytest.mark.parametrize(
    ("pill", "expected"),
    [("late", 0), ("today", 1), ("next", 2), ("paused", 4), ("new", 5), ("all", None)],
)
def test_each_pill_lets_through_its_own(visitor, accepted, arrived, pill, expected):
    made = accepted(1, 1, 1, 1, 1) + arrived()
    calendar = Calendar()
    today = timezone.localdate()
    dues = {
        0: timezone.now() - timedelta(minutes=1),
        1: worklist.midnight(after=today) - timedelta(seconds=1),
        2: calendar.closes(calendar.next_working_day(today)),
        3: worklist.midnight(after=calendar.next_working_day(today)) + timedelta(days=9),
    }
    for place, due in dues.items():
        Dossier.objects.filter(pk=made[place].pk).update(due_at=due)
    actions.request_supplement(made[4], by=given.officer("receiver"), reason="Chụp lại giấy chứng sinh.")
    shown = ids(look(visitor("lam"), f"/desk/?show=agency&due={pill}"))
    wanted = [dossier.pk for dossier in made] if expected is None else [made[expected].pk]
    assert sorted(shown) == sorted(wanted)


def test_turning_pages_shows_each_dossier_once_and_in_order(visitor, accepted, arrived):
    accepted(*[9] * 24)
    Dossier.objects.update(
        due_at=timezone.now() + timedelta(hours=9)
    )  # all at one moment: only the rest of the key differs
    arrived(19)
    shown = turned(visitor("lam"), "/desk/?show=agency")
    assert shown == [dossier.pk for dossier in Dossier.objects.open().by_time_left()]


@pytest.mark.parametrize(
    "after", ["x", "0~~~", "0~2026-01-01~2026-01-01~x", "9~~2026-01-01T00:00:00~1", "~" * 9]
)
def test_an_unreadable_place_in_the_list_is_its_beginning(visitor, arrived, after):
    (dossier,) = arrived()
    assert ids(look(visitor("lam"), f"/desk/?show=agency&after={after}")) == [dossier.pk]


@examples(
    st.integers(0, 2),
    st.none() | st.datetimes(timezones=st.just(UTC), min_value=datetime(1990, 1, 1)),  # noqa: DTZ001 — hypothesis wants it naive
    st.datetimes(timezones=st.just(UTC), min_value=datetime(1990, 1, 1)),  # noqa: DTZ001
    st.uuids(),
)
def test_a_key_reads_back_as_it_was_written(urgency, due, arrived, id_):
    if max(moment.year for moment in (due, arrived) if moment) < 9999:
        assert Key.read(str(Key(urgency, due, arrived, id_))) == Key(urgency, due, arrived, id_)


@pytest.mark.parametrize(
    ("text", "finds"),
    [
        ("0001", [0]),
        ("ha may", [0, 1]),
        ("HẠ MÂY", [0, 1]),
        ("dinh", [2]),
        ("%", []),
        ("000196004821", []),
        ("\0", [0]),
    ],
)
def test_search_finds_by_code_or_name_with_or_without_diacritics(visitor, accepted, arrived, text, finds):
    made = accepted(3) + arrived() + arrived(name="Đinh Thị Trầm")
    answer = visitor("lam").get("/desk/", {"q": text})
    wanted = [made[place].pk for place in finds]
    assert sorted(ids(answer.content.decode())) == sorted(wanted)


def test_search_also_finds_what_has_ended(visitor, arrived):
    (dossier,) = arrived(name="Lưu Thị Sim")
    actions.refuse(dossier, by=given.officer("receiver"), reason="Không thuộc thẩm quyền.")
    assert ids(look(visitor("lam"), "/desk/?q=sim")) == [dossier.pk]


def test_what_ended_stands_there_for_thirty_days_the_latest_first(visitor, arrived):
    made = arrived(3)
    for dossier in made:
        actions.refuse(dossier, by=given.officer("receiver"), reason="Không thuộc thẩm quyền.")
    Dossier.objects.filter(pk=made[0].pk).update(ended_at=timezone.now() - timedelta(days=31))
    assert ids(look(visitor("lam"), "/desk/?show=closed")) == [made[2].pk, made[1].pk]


def test_what_was_found_and_what_ended_is_turned_page_by_page_the_latest_first(visitor, arrived):
    arrived(22, name="Lý Thị Sim")
    Dossier.objects.update(state=State.REFUSED, ended_at=timezone.now())  # all ended at one moment
    client = visitor("lam")
    for first, order in (("/desk/?q=ly+thi", "-arrived_at"), ("/desk/?show=closed", "-ended_at")):
        assert turned(client, first) == list(
            Dossier.objects.order_by(order, "-pk").values_list("pk", flat=True)
        )
    assert len(ids(look(client, "/desk/?show=closed&after=0~x"))) == worklist.PAGE


def turned(client, address):
    """All that the pages from this one on show."""
    shown = []
    while address and len(shown) < 99:
        page = look(client, address)
        shown += ids(page)
        onward = re.search(r'<a href="(\?[^"]+)"[^>]*>Trang sau</a>', page)
        address = "/desk/" + onward[1].replace("&amp;", "&") if onward else ""
    return shown


def test_an_officer_of_two_agencies_sees_both_or_one(visitor, arrived):
    (sa_pa,), (bac_ha,) = arrived(), arrived(agency=given.BAC_HA)
    post = organisations.open_post(
        given.agency(given.BAC_HA), by=given.SYSTEM, role="receiver", title_vi="Một cửa", title_en="Desk"
    )
    people.appoint(post, by=given.SYSTEM, account=given.account("suong"), since=date(2026, 1, 1))
    client = visitor("suong")
    found = [ids(look(client, f"/desk/{only}")) for only in ("", f"?agency={given.BAC_HA}", "?agency=H99")]
    assert [sorted(one) for one in found] == [
        sorted([sa_pa.pk, bac_ha.pk]),
        [bac_ha.pk],
        sorted([sa_pa.pk, bac_ha.pk]),
    ]


@pytest.mark.parametrize("show", ["mine", "agency", "closed"])
def test_the_list_asks_as_much_for_one_row_as_for_thirty(visitor, arrived, show):
    client = visitor("suong")
    arrived()
    if show == "closed":
        end_all()
    few = asked(client, show)
    arrived(29)
    if show == "closed":
        end_all()
    assert (asked(client, show), few) == (6, 6)


def test_a_line_of_whatever_state_is_drawn_from_what_the_page_has_read(visitor, accepted, refused, to_sign):
    client = visitor("lam")
    few = asked(client, "agency")
    late, paused, handed, owed, _fine = accepted(-1, 1, 2, 3, 9)
    actions.request_supplement(paused, by=given.officer("registrar"), reason="Chụp lại giấy chứng sinh.")
    to = {"assigned_to": given.account("suong"), "assigned_for": "examine", "receive_by": timezone.now()}
    Dossier.objects.filter(pk=handed.pk).update(**to)
    Dossier.objects.filter(pk=owed.pk).update(state=State.FEE)
    Dossier.objects.filter(pk=late.pk).update(warned_of=late.due_at)
    # Of other agencies at whose steps something stands the names are one question more, however many.
    assert (asked(client, "agency"), few) == (7, 7)
    assert len(ids(look(client, "/desk/?show=agency"))) == 7


def end_all():
    for dossier in Dossier.objects.open():
        actions.refuse(dossier, by=given.officer("receiver"), reason="Không thuộc thẩm quyền.")


def asked(client, show):
    """How many queries a page needs, once the calendar is known."""
    client.get("/desk/", {"show": show})
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get("/desk/", {"show": show}).status_code == 200
    return len(queries)


def test_the_address_keeps_all_that_was_chosen():
    asked = Asked(show="agency", due="late", text="ha may", agency="H38", after="1~2+3")
    assert asked.address == "?show=agency&due=late&agency=H38&q=ha+may&after=1~2%2B3"


@pytest.mark.parametrize(
    ("tally", "acts", "said"),
    [
        ({}, True, "Bàn đã sạch. Không còn hồ sơ nào chờ bạn."),
        ({"mine": 2}, True, "Hai hồ sơ đang chờ bạn, chưa hồ sơ nào đến hạn hôm nay."),
        ({"mine": 14, "my_today": 3}, True, "Ba hồ sơ cần xong trước 17:00."),
        ({"mine": 3, "my_unreceived": 1}, True, "Một hồ sơ đã quá hạn tiếp nhận."),
        (
            {"mine": 14, "my_late": 1, "my_today": 11},
            True,
            "Một hồ sơ đã trễ hẹn. 11 hồ sơ cần xong trước 17:00.",
        ),
        ({"agency": 5}, False, "Năm hồ sơ đang giải quyết."),
        ({}, False, "Không có hồ sơ nào đang giải quyết."),
    ],
)
def test_the_headline_says_what_must_be_done_today(tally, acts, said):
    assert headline(tally, acts=acts) == said


def test_nobody_elses_dossiers_are_listed(visitor, arrived):
    arrived()
    (own,) = arrived(agency=given.BAC_HA)
    page = look(visitor("man"), "/desk/?show=agency")
    assert (ids(page), pills(page)["Cả cơ quan"]) == ([own.pk], 1)
    assert ids(look(visitor("man"), f"/desk/?show=agency&agency={given.SA_PA}")) == [own.pk]
    assert uuid4() not in ids(page)


def test_the_list_knows_where_each_dossier_stands_without_its_steps(accepted, arrived, refused, to_sign):
    """What is noted on the dossier is what its steps say, wherever in its life it is."""
    examined, _paused = accepted(3, 4)
    actions.propose(examined, by=given.officer("registrar"), opinion="Đủ điều kiện.")
    arrived()
    for dossier in Dossier.objects.prefetch_related("steps", "segments"):
        now = [step for step in dossier.steps.all() if step.state in {"running", "refused"}]
        roles = {"registrar" if step.state == "refused" else step.role for step in now}
        began = [segment.began_at for segment in dossier.segments.all() if segment.kind == "running"]
        assert [(at["key"], at["state"], at["agency"]) for at in dossier.standing] == [
            (step.key, step.state, step.agency) for step in now
        ]
        since = max(began, default=dossier.arrived_at)
        assert (dossier.turns, dossier.began_at) == (sorted(roles - {""}), since)
