"""The head's page: how much is open, where it waits, who holds it."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.desk import overview, worklist
from motcua.desk.overview import Heap
from motcua.dossiers import actions
from motcua.dossiers.models import Dossier
from tests import given


def numbers(now=None):
    now = now or timezone.now()
    return overview.numbers([given.SA_PA], now=now, tonight=worklist.midnight(after=timezone.localdate(now)))


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
    found = overview.heaps([given.SA_PA], numbers(), now=timezone.now())
    assert found == [
        Heap("Công chức tư pháp - hộ tịch", 2, 0, 100),
        Heap("Chờ tiếp nhận", 1, 0, 50),
        Heap("Bộ Tư pháp", 1, 0, 50),
    ]


def test_the_fullest_hands_come_first(accepted, refused):
    accepted(1, 1)
    found = overview.hands([given.SA_PA], now=timezone.now())
    assert found == [Heap("Phạm Thu Sương", 2, 0, 100), Heap("Đỗ Minh Lâm", 1, 0, 50)]


def test_the_page_says_what_is_late_and_where_most_waits(visitor, accepted):
    late, _fine = accepted(1, 1)
    Dossier.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(days=4))
    page = visitor("lua").get("/desk/agency/").content.decode()
    assert page.count("1 hồ sơ đã trễ hẹn. Việc đang dồn ở: Công chức tư pháp - hộ tịch.") == 1
    assert page.count(f'href="/desk/dossiers/{late.pk}/"') == 1


def test_with_nothing_open_the_page_says_so(visitor):
    assert visitor("lua").get("/desk/agency/").content.decode().count("Không hồ sơ nào trễ.") == 1


def test_the_page_asks_as_much_for_one_dossier_as_for_thirty(visitor, accepted):
    client = visitor("lua")
    accepted(1)
    few = asked(client)
    accepted(*[1] * 29)
    assert asked(client) == few


def asked(client):
    client.get("/desk/agency/")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/desk/agency/").status_code == 200
    return len(queries)
