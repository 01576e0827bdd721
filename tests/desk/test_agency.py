"""The head's page: how much is open, where it waits, who holds it."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.desk import flow, overview, worklist
from motcua.desk.overview import Hand, Heap
from motcua.desk.ratings import SPAN, ratings
from motcua.dossiers import actions
from motcua.dossiers.models import Dossier
from motcua.dossiers.states import State
from motcua.people.models import Appointment, Substitution
from tests import given


def held():
    now = timezone.now()
    return overview.held([given.SA_PA], now=now, tonight=worklist.midnight(after=timezone.localdate(now)))


def numbers():
    return overview.numbers(held())


def waiting():
    return overview.at_steps([given.SA_PA], now=timezone.now())


def passages():
    return flow.passages([given.SA_PA], waiting(), now=timezone.now())


def test_the_head_of_the_page_counts_what_is_open_late_and_kept(accepted, arrived, to_sign):
    late, _fine = accepted(1, 99)
    Dossier.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(days=2))
    arrived()
    actions.sign(to_sign, by=given.officer("chair"))
    counts = numbers()
    kept = ("open", "late", "new", "paused", "finished", "on_time")
    assert [counts[name] for name in kept] == [3, 1, 1, 0, 1, 1]
    assert overview.share_on_time(counts) == 100


def test_without_a_finished_dossier_there_is_no_share(db):
    assert overview.share_on_time(numbers()) is None


def test_dossiers_are_heaped_by_who_must_act(accepted, arrived, refused):
    accepted(1, 1)
    arrived()
    found = overview.heaps(waiting(), numbers(), offices={"G15": "Bộ Tư pháp"})
    assert found == [
        Heap("Công chức tư pháp - hộ tịch", 2, 0, 100),
        Heap("Chờ tiếp nhận", 1, 0, 50),
        Heap("Bộ Tư pháp", 1, 0, 50),
    ]


def acting():
    return overview.acting(overview.with_acting([given.SA_PA]))


def loads():
    return [(one.label, one.count, one.shared) for one in overview.hands(held(), acting())]


def test_the_fullest_hands_come_first_and_whose_turn_it_is_counts_not_who_acted_last(
    accepted, arrived, refused
):
    """Two received and one refused by a register wait for the registrar, one that came in for the receiver."""
    for key in ("lam", "suong"):
        given.account(key)
    late, _fine = accepted(1, 99)
    Dossier.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(days=2))
    Dossier.objects.exclude(pk=late.pk).update(due_at=timezone.now() + timedelta(days=9))
    arrived()
    assert overview.hands(held(), acting()) == [
        Hand("Đỗ Minh Lâm", 3, 0, 0, 1, 100),
        Hand("Phạm Thu Sương", 1, 0, 0, 0, 100 / 3),
    ]


def test_a_dossier_waits_for_who_was_given_it_for_all_of_a_post_or_for_a_post_nobody_holds(accepted):
    accepted(1, 1, 1)
    assert loads() == [("Công chức tư pháp - hộ tịch: chưa có ai giữ vị trí này", 3, 0)]
    lam, colleague = given.account("lam"), given.account("suong")
    sub = {"since": timezone.localdate(), "until": timezone.localdate(), "reason": "Nghỉ phép"}
    held = Appointment.objects.get(account=lam, post__role="registrar")
    Substitution.objects.create(appointment=held, stand_in=colleague, **sub)
    first = Dossier.objects.order_by("pk")[0]
    Dossier.objects.filter(pk=first.pk).update(assigned_to=lam, assigned_for="examine")
    assert loads() == [("Đỗ Minh Lâm", 3, 2), ("Phạm Thu Sương", 2, 2)]
    Dossier.objects.exclude(pk=first.pk).update(state=State.SUPPLEMENT)
    assert loads() == [("Đỗ Minh Lâm", 1, 0)]


def test_the_page_says_what_is_late_and_where_most_waits(visitor, accepted, arrived):
    late, _fine = accepted(1, 1)
    Dossier.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(days=4))
    (overlooked,) = arrived()
    Dossier.objects.filter(pk=overlooked.pk).update(receive_by=timezone.now() - timedelta(days=1))
    page = visitor("lua").get("/desk/agency/").content.decode()
    assert (
        page.count(
            "1 hồ sơ đã trễ hẹn. 1 hồ sơ quá hạn tiếp nhận. Nhiều hồ sơ nhất: Công chức tư pháp - hộ tịch."
        )
        == 1
    )
    for dossier in (late, overlooked):
        assert page.count(f'href="/desk/dossiers/{dossier.pk}/"') == 1
    assert list(Dossier.objects.overdue()) == [late]


def test_with_nothing_open_the_page_says_so(visitor):
    assert visitor("lua").get("/desk/agency/").content.decode().count("Không hồ sơ nào trễ.") == 1


def test_the_page_asks_as_much_for_one_dossier_as_for_thirty(visitor, accepted, arrived, refused, verifying):
    client = visitor("lua")
    late, _other = accepted(1, 1)
    Dossier.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(days=4))
    (overlooked,) = arrived()
    Dossier.objects.filter(pk=overlooked.pk).update(receive_by=timezone.now() - timedelta(days=1))
    few = asked(client)
    assert few <= 12
    page = client.get("/desk/agency/").content.decode()
    assert 'procedure=1.004873">Cấp Giấy xác nhận tình trạng hôn nhân</a>' in page
    accepted(*[1] * 29)
    assert asked(client) == few


def step(dossier, key, *, took, days=1):
    """As if this step had ended so long ago, after so many working hours."""
    ended = timezone.now() - timedelta(days=days)
    dossier.steps.filter(key=key).update(state="done", took=took, ended_at=ended, started_at=ended)


def test_the_times_of_each_step_and_the_bottleneck(accepted):
    for hours in (2, 4, 40):
        (dossier,) = accepted(1)
        step(dossier, "examine", took=hours)
    accepted(1)
    found = passages()
    (examined,) = [one for one in found if one.key == "examine"]
    assert (examined.done, examined.median, round(examined.slow, 1), examined.waiting) == (3, 4, 32.8, 1)
    drawn = flow.flow_of(found, given.BIRTH, offices={}, versions=flow.latest([given.BIRTH]))
    assert drawn.bottleneck.startswith("Nút thắt: “")
    assert drawn.bottleneck.count("Công chức tư pháp - hộ tịch") == 1
    assert [box.who for box in drawn.boxes if box.state == "wait"] == [
        "Công chức tư pháp - hộ tịch · 1 hồ sơ đang đợi"
    ]


def test_what_ended_long_ago_is_not_looked_at(accepted):
    (dossier,) = accepted(1)
    step(dossier, "examine", took=40, days=91)
    assert [one.key for one in passages()] == ["receive"]


def test_without_a_slow_step_no_bottleneck_is_claimed(accepted):
    accepted(1)
    steps = passages()
    whole = flow.flow_of(steps, given.BIRTH, offices={}, versions=flow.latest([given.BIRTH]))
    # What nothing has gone through yet belongs to the picture.
    assert [len(whole.boxes), whole.boxes[-1].time] == [6, "Chưa xong hồ sơ nào trong 90 ngày"]
    drawn = flow.flow_of(steps, given.BIRTH, offices={}, versions={})
    assert drawn.bottleneck.startswith("Không bước nào lâu hơn quy định.")


def asked(client):
    client.get("/desk/agency/")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/desk/agency/").status_code == 200
    return len(queries)


def rated(dossier, *said):
    answers = dict(zip(("overall", "convenience", "timeliness", "attitude"), said, strict=True))
    Dossier.objects.filter(pk=dossier.pk).update(rating=answers)


def test_ratings_stand_by_procedure_the_least_liked_first(arrived):
    births, others = arrived(3), arrived(1, procedure="1.004873", name="Lưu Thị Sim", number="000071002654")
    rated(births[0], 3, 3, 2, 3)
    rated(births[1], 1, 2, 2, 1)
    rated(others[0], 1, 1, 1, 1)
    elsewhere = arrived(1, agency=given.BAC_HA)[0]
    rated(elsewhere, 1, 1, 1, 1)
    found = ratings([given.SA_PA], now=timezone.now())
    assert [(one.count, one.satisfied, one.overall, one.convenience, one.timeliness) for one in found] == [
        (1, 0, 1, 1, 1),
        (2, 50, 2, 2.5, 2),
    ]
    assert ratings([given.SA_PA], now=timezone.now() + SPAN + timedelta(days=1)) == []


def test_the_head_reads_how_people_found_it(visitor, arrived):
    rated(arrived()[0], 3, 3, 3, 3)
    page = visitor("lua").get("/desk/agency/").content.decode()
    assert "Người dân đánh giá" in page
    assert "100,0%" in page
    assert f'/desk/agency/ratings.csv?agency={given.SA_PA}"' in page
    table = visitor("lua").get("/desk/agency/ratings.csv").content.decode("utf-8-sig").splitlines()
    assert (
        table[0] == "procedure,name,ratings,satisfied_percent,overall,convenience,timeliness_rated,attitude"
    )
    assert (table[1][:9], table[1].partition(",1,")[2]) == (given.BIRTH + ",", "100.00,3.00,3.00,3.00,3.00")
