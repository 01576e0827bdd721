"""Filters of the work list: combined in the address, kept under a name, counted where they stand."""

import itertools
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.desk import counting, filters, worklist
from motcua.desk.worklist import Days
from motcua.dossiers import actions
from motcua.dossiers.models import Dossier, SavedFilter
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, Refused
from motcua.organisations.models import calendar_for
from tests import given
from tests.desk.test_worklist import ids, look, pills


@pytest.fixture
def desks(arrived, accepted, refused, verifying):
    """Dossiers in many states, of two procedures, in several hands."""
    (new,) = arrived(name="Lưu Thị Sim", number="000071002654")
    late, paused, given_away = accepted(1, 8, 30)
    Dossier.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(hours=3), channel=1)
    actions.request_supplement(paused, by=given.officer("receiver"), reason="Chụp lại giấy chứng sinh.")
    actions.assign(
        given_away, by=given.officer("chair"), to=given.account("lam"), reason="Theo dõi đến khi xong."
    )
    return {"new": new, "late": late, "paused": paused, "given": given_away, "refused": refused, "verifying": verifying}  # fmt: skip


def saved(key, name, **wanted):
    kept = SavedFilter(account=given.account(key), name=name, wanted=wanted)
    return actions.save_filter(kept, by=given.actor(key))


# Each facet with a value that lets something through, and one that lets nothing through.
FACETS = {
    "procedure": ["", "2.000986", "1.004873", "9.999999"],
    "step": ["", "examine", "register", "nowhere"],
    "channel": ["", "1", "3"],
    "person": ["", "none", "lam", "suong", str(uuid4())],
    "flag": ["", "paper", "fee", "refused"],
    "due": ["all", "late", "today", "next", "week", "paused", "new", "sign"],
    "show": ["mine", "agency"],
}


def combinations():
    """Every value of every facet beside every value of one other."""
    usual = {name: values[0] for name, values in FACETS.items()}
    for one, other in itertools.combinations(FACETS, 2):
        for first, second in itertools.product(FACETS[one], FACETS[other]):
            yield usual | {one: first, other: second}


def test_what_is_counted_is_what_is_listed(desks):
    by, now = given.officer("registrar"), timezone.now()
    days, people = Days.of(calendar_for(given.SA_PA), now), {"lam", "suong"}
    told = [
        filters.read(
            (one | {"person": str(given.account(one["person"]).pk)} if one["person"] in people else one).items(),
            acts=True,
        )
        for one in combinations()
    ]  # fmt: skip
    SavedFilter.objects.bulk_create(
        SavedFilter(account=given.account("lam"), name=str(number), wanted=asked.wanted)
        for number, asked in enumerate(told)
    )
    counts = counting.counts([given.SA_PA], days, by=by, wanted={})
    rows = [
        len(
            worklist.page_of(
                by, [given.SA_PA], days, show=asked.show, due=asked.due, facets=asked.facets, after=""
            )[0]
        )
        for asked in told
    ]
    assert [one.count for one in counts.saved] == rows
    assert {0, 1, len(desks)} <= set(rows)
    chosen = counting.counts([given.SA_PA], days, by=by, wanted={"procedure": "1.004873", "channel": "2"})
    assert counting.counted(heap for heap in chosen.heaps if heap.is_wanted) == 1


def test_what_is_chosen_is_combined_and_the_pills_count_it(visitor, desks):
    client = visitor("lam")
    page = look(client, "/desk/?show=agency&procedure=2.000986&step=examine")
    assert sorted(ids(page)) == sorted([desks["late"].pk, desks["given"].pk, desks["paused"].pk])
    counts = pills(page)
    assert (counts["Tất cả"], counts["Cả cơ quan"], counts["Quá hạn"]) == (3, 6, 1)
    assert "Đang lọc theo" in page
    assert desks["late"].version.name_vi[:39] in page
    assert ids(look(client, "/desk/?show=agency&flag=refused")) == [desks["refused"].pk]
    assert len(ids(look(client, "/desk/?show=agency&person=x&flag=x&channel=9"))) == 6
    field = {"show": "agency", "field": desks["late"].version.field_vi}
    assert desks["late"].pk in ids(client.get("/desk/", field).content.decode())
    assert ids(client.get("/desk/", field | {"field": "Đất đai"}).content.decode()) == []


def test_a_saved_filter_is_a_tab_with_its_count(visitor, accepted):
    accepted(-1, 30)
    client = visitor("lam")
    answer = client.post(
        "/desk/filters/", {"name": " Trễ  hẹn ", "show": "agency", "due": "late"}, follow=True
    )
    assert answer.redirect_chain == [("/desk/?show=agency&due=late", 302)]
    page = answer.content.decode()
    assert pills(page)["Trễ hẹn"] == 1
    assert page.count("Lưu bộ lọc này") == 0
    assert Entry.objects.of("dossiers.FilterSaved").count() == 1
    assert "Trễ hẹn" not in look(visitor("suong"))
    client.post("/desk/filters/", {"name": "Trễ hẹn", "show": "mine", "due": "late"})
    assert SavedFilter.objects.get().wanted == {"show": "mine", "due": "late"}
    kept = SavedFilter.objects.get()
    assert visitor("suong").post(f"/desk/filters/{kept.pk}/delete/").status_code == 404
    assert client.post(f"/desk/filters/{kept.pk}/delete/").status_code == 302
    assert not SavedFilter.objects.exists()


def test_a_filter_has_a_name_and_there_are_not_too_many(visitor, arrived):
    given.country()
    assert visitor("lam").post("/desk/filters/", {"name": " ", "show": "agency"}).status_code == 422
    for number in range(12):
        saved("lam", str(number), show="agency")
    with pytest.raises(Invalid):
        saved("lam", "one more", show="agency")
    saved("lam", "3", show="mine")
    with pytest.raises(Refused):
        actions.drop_filter(SavedFilter.objects.first(), by=given.officer("chair"))


def test_the_list_asks_as_much_with_filters_as_without(visitor, accepted):
    accepted(1, 8)
    client = visitor("lam")
    for number in range(12):
        saved("lam", str(number), show="agency", step="examine", due="week")
    address = f"/desk/?show=agency&procedure=2.000986&person={given.account('lam').pk}"
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(address).content.decode()
    assert len(queries) == 6
    assert "Đỗ Minh Lâm" in page


def test_the_page_of_filters_offers_what_lies_on_the_desks(visitor, accepted):
    accepted(8)
    page = visitor("lam").get("/desk/filter/?show=agency&step=examine").content.decode()
    assert page.count('<option value="examine" selected>') == 1
    assert page.count('<option value="2.000986">') == 1
    assert page.count(">Phạm Thu Sương</option>") == 1
    assert visitor("thong").get("/desk/filter/").status_code == 403


def test_the_page_of_keys_names_the_doors_of_who_looks(visitor):
    page = visitor("suong").get("/desk/keys/").content.decode()
    assert "<td>Bàn làm việc</td>" in page
    assert 'accesskey="1"' in page
    assert "Nhân sự" not in page
