"""Many dossiers from one form: all rows or none, sent together, twice is once, and as cheap for thirty as for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.dossiers import actions
from motcua.dossiers.actions.batches import InvalidRows
from motcua.dossiers.models import Application, Batch, Dossier
from motcua.exchange.models import Outbox
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, Refused
from motcua.mandates import actions as mandates
from tests import given, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch():
    """From a form about copies of birth certificates, filled in for a business by who represents it."""
    given.country()
    return actions.open_batch(form(), by=given.actor("doi"))


def form():
    version, by = given.procedure(given.COPY), given.actor("doi")
    begun = actions.begin(
        version,
        by=by,
        case="birth",
        agency=given.SA_PA,
        agency_name=given.AGENCIES[given.SA_PA],
        mandate=given.business("doi"),
    )
    answers = {
        "applicant_name": "Công ty TNHH Hoa Ban",
        "applicant_number": given.BY_KEY["doi"].number,
        "applicant_born_on": "1971-02-20",
        "applicant_residence": "Xã Bắc Hà, tỉnh Lào Cai",
        "applicant_phone": "0912345678",
        "birth_number": given.BY_KEY["doi"].number,
        "copies": "1",
    }
    for group in version.definition.groups_for(begun.case, begun.answers):
        typed = {one.id: answers.get(one.id, given.default(one)) for one in group.fields}
        actions.fill(begun, by=by, group=group.id, answers=typed)
    return begun


def row(number):
    return {"birth_number": f"00019600{number:04d}", "copies": str(number % 5 + 1)}


def enter(batch, count, *, first=1):
    return actions.enter_rows(batch, by=given.actor("doi"), rows=[row(first + n) for n in range(count)])


def ids(batch):
    return list(batch.applications.values_list("pk", flat=True))


def test_one_draft_a_row_with_what_all_share_and_what_differs(batch):
    assert enter(batch, 3) == 3
    drafts = batch.applications.order_by("row")
    assert [(one.row, one.answers["birth_number"]) for one in drafts] == [
        (n, f"00019600{n:04d}") for n in (1, 2, 3)
    ]
    assert {one.answers["applicant_name"] for one in drafts} == {"Công ty TNHH Hoa Ban"}
    assert {one.principal_number for one in drafts} == {given.BUSINESS}


def test_the_same_list_again_changes_nothing_and_equal_rows_are_two_dossiers(batch):
    assert (enter(batch, 2), enter(batch, 2)) == (2, 0)
    assert actions.enter_rows(batch, by=given.actor("doi"), rows=[row(1), row(1)]) == 1
    assert batch.applications.count() == 3


def test_one_bad_row_and_nothing_is_entered(batch):
    rows = [row(1), row(2) | {"birth_number": "12"}, row(3) | {"copies": "hai"}]
    with pytest.raises(InvalidRows) as refusal:
        actions.enter_rows(batch, by=given.actor("doi"), rows=rows)
    assert [fault.line for fault in refusal.value.faults] == [2, 3]
    assert all(fault.column and fault.words for fault in refusal.value.faults)
    assert batch.applications.count() == 0


@pytest.mark.parametrize("count", [0, 201])
def test_a_list_has_rows_but_not_too_many(batch, count):
    with pytest.raises(Invalid):
        enter(batch, count)


def test_the_chosen_go_together_and_a_second_press_sends_nothing_more(batch):
    enter(batch, 3)
    chosen = ids(batch)[:2]
    assert actions.send_batch(batch, by=given.actor("doi"), chosen=chosen) == 2
    assert actions.send_batch(batch, by=given.actor("doi"), chosen=chosen) == 0
    assert Outbox.objects.filter(kind="dossier.submitted").count() == 2
    assert Entry.objects.of("dossiers.ApplicationSent").count() == 2
    post.settle()
    found = Dossier.objects.values_list("applicant_number", "filing__name")
    assert set(found) == {(given.BUSINESS, given.BY_KEY["doi"].name)}
    assert sorted(batch.applications.values_list("state", flat=True)) == [0, 1, 1]


def test_if_one_of_the_chosen_lacks_something_none_goes(batch):
    enter(batch, 2)
    spoiled = batch.applications.get(row=2)
    Application.objects.filter(pk=spoiled.pk).update(answers={**spoiled.answers, "birth_number": None})
    with pytest.raises(InvalidRows) as refusal:
        actions.send_batch(batch, by=given.actor("doi"), chosen=ids(batch))
    assert [fault.line for fault in refusal.value.faults] == [2]
    assert (
        Outbox.objects.filter(kind="dossier.submitted").count(),
        batch.applications.filter(state=0).count(),
    ) == (0, 2)


def test_others_and_who_represents_no_more_can_do_nothing(batch):
    enter(batch, 1)
    with pytest.raises(Refused):
        actions.send_batch(batch, by=given.actor("may"), chosen=ids(batch))
    mandates.revoke(batch.mandate, by=given.actor("doi"))
    for act in (
        lambda one: enter(one, 2),
        lambda one: actions.send_batch(one, by=given.actor("doi"), chosen=ids(one)),
    ):
        with pytest.raises(Refused):
            act(Batch.objects.get())
    assert (
        Batch.objects.visible_to(given.actor("doi")).count(),
        Batch.objects.visible_to(given.actor("may")).count(),
    ) == (
        0,
        0,
    )


def test_another_batchs_draft_cannot_be_slipped_in(batch):
    stranger = given.application("may", at="filled")
    assert actions.send_batch(batch, by=given.actor("doi"), chosen=[stranger.pk]) == 0


def test_thirty_cost_as_many_queries_as_one(batch):
    def queries(act):
        with CaptureQueriesContext(connection) as asked:
            act()
        return len(asked)

    entered = [queries(lambda: enter(batch, 1)), queries(lambda: enter(batch, 30, first=100))]
    one, all_ = ids(batch)[:1], ids(batch)
    by = given.actor("doi")
    sent = [
        queries(lambda: actions.send_batch(batch, by=by, chosen=one)),
        queries(lambda: actions.send_batch(batch, by=by, chosen=all_)),
    ]
    assert (entered[0], sent[0]) == (entered[1], sent[1])
