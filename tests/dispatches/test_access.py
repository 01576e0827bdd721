"""Who may read a document, and the log of who opened it, when and from where."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from motcua.dispatches import actions
from motcua.dispatches.models import Incoming, Look, Outgoing, Reader
from motcua.dispatches.notifying import DISPATCHES
from motcua.dispatches.rules import OFFICERS
from motcua.documents.edxml.message import Purpose
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, Refused
from motcua.people.models import Account
from tests import given
from tests.dispatches.conftest import CLERK, HEAD, clerk_there, head_there, issued, there, written
from tests.post import settle


def sees(person, rows=Incoming):
    return rows.objects.visible_to(given.actor(person), *OFFICERS).exists()


def page(key, document=None):
    return given.signed_in(key).get(reverse("desk:incoming_one", args=[(document or there()).pk]))


def test_clerk_and_head_see_what_came_and_others_what_was_given_to_them():
    issued()
    assert [sees(one) for one in (CLERK, HEAD, "man")] == [True, True, False]
    actions.register(there(), by=clerk_there())
    actions.assign(there(), by=head_there(), to=given.account("man"), instruction="Xử lý.")
    assert sees("man")


def test_what_is_written_is_seen_by_who_wrote_it_clerk_and_head():
    written()
    drafter = given.officer("specialist")
    others = [given.officer(role) for role in ("receiver", "registrar", "clerk", "chair")]
    seen = [Outgoing.objects.visible_to(one, *OFFICERS).exists() for one in (drafter, *others)]
    assert seen == [True, False, False, True, True]


def test_others_are_named_and_taken_off_again():
    issued()
    assert page("man").status_code == 404
    actions.let_read(there(), by=clerk_there(), to=given.account("man"))
    actions.let_read(there(), by=head_there(), to=given.account("man"))
    assert page("man").status_code == 200
    actions.take_off(there(), by=head_there(), reader=Reader.objects.get().pk)
    assert page("man").status_code == 404
    with pytest.raises(Invalid):
        actions.take_off(there(), by=head_there(), reader=1)
    assert [
        one.event for one in Entry.objects.filter(event__startswith="dispatches.Reader").order_by("pk")
    ] == [
        "dispatches.ReaderNamed",
        "dispatches.ReaderTakenOff",
    ]


def test_a_name_counts_only_as_long_as_a_post_is_held():
    issued()
    actions.let_read(there(), by=clerk_there(), to=given.account("dua"))  # of Sa Pa
    assert not sees("dua")


def test_whoever_works_on_a_document_or_may_read_it_sees_its_later_version_from_the_day_it_comes():
    letter = issued()
    actions.register(there(), by=clerk_there())
    actions.assign(there(), by=head_there(), to=given.account("man"), instruction="Xử lý.")
    settle()
    new = issued(earlier=letter, purpose=Purpose.REPLACEMENT)
    came = Incoming.objects.get(document_id=new.document_id)
    assert page("man", came).status_code == 200
    actions.take_off(came, by=clerk_there(), reader=Reader.objects.get(document=came.pk).pk)
    assert page("man", came).status_code == 404
    old = Incoming.objects.get(document_id=letter.document_id)
    assert page("man", old).context["later"] is None
    assert page(CLERK, old).context["later"] == came


def test_a_document_names_no_other_that_its_reader_may_not_see():
    letter = issued(subject="Chuyện không ai được biết")
    new = issued(earlier=letter, purpose=Purpose.UPDATE, subject="Chuyện ai cũng biết")
    answer = written(responds_to=came_to_sa_pa())
    other = given.officer("registrar")
    for one in (new, answer, letter):
        Reader.objects.filter(urn=other.urn).delete()
        actions.let_read(
            one, by=given.officer("clerk"), to=Account.objects.get(pk=other.urn.removeprefix("person:"))
        )
        shown = given.signed_in(given.OFFICERS["registrar"]).get(reverse("desk:outgoing_one", args=[one.pk]))
        assert shown.status_code == 200
        assert [shown.context[name] for name in ("earlier", "successor", "asked")] == [None] * 3
    same = Incoming.objects.get(document_id=new.document_id)
    Incoming.objects.filter(document_id=letter.document_id).update(number=same.number, replaced_by=None)
    actions.let_read(same, by=clerk_there(), to=given.account("man"))
    assert page("man", same).context["like"] is None
    assert page(CLERK, same).context["like"] is not None


def came_to_sa_pa() -> Incoming:
    """What Sa Pa is asked."""
    asked = Incoming(
        agency=given.SA_PA,
        sender="H38",
        sender_name="Lào Cai",
        document_id="H38,1",
        subject="Báo cáo",
        message="0" * 64,
    )
    return actions.arrive(asked, by=DISPATCHES)


def test_only_clerk_and_head_name_readers():
    issued()
    with pytest.raises(Refused):
        actions.let_read(there(), by=given.actor("man"), to=given.account("man"))


def test_it_is_written_down_once_a_day_from_one_place_who_opened_what():
    issued()
    page(CLERK), page(CLERK)
    browser = given.signed_in(CLERK)
    browser.get(reverse("desk:incoming_file", args=[there().pk, 0]))
    browser.get(reverse("desk:incoming_one", args=[there().pk]), REMOTE_ADDR="10.0.0.7")
    looks = [(one.who, one.what, one.place) for one in Look.objects.order_by("at")]
    name = there().files[0]["name"]
    assert looks == [
        (CLERK.name, "", "127.0.0.1"),
        (CLERK.name, name, "127.0.0.1"),
        (CLERK.name, "", "10.0.0.7"),
    ]
    entries = Entry.objects.filter(event="dispatches.DispatchOpened").order_by("pk")
    assert [(one.about, one.actor["name"], one.facts["what"]) for one in entries] == [
        (there().urn, CLERK.name, what) for what in ("", name, "")
    ]


def test_the_log_is_shown_to_clerk_and_head_alone():
    issued()
    actions.let_read(there(), by=clerk_there(), to=given.account("man"))
    page("man")
    man = given.account("man").name
    shown = {key: page(key).content.decode() for key in (CLERK, HEAD, "man")}
    assert {key: "Nhật ký xem văn bản" in one for key, one in shown.items()} == {
        CLERK: True,
        HEAD: True,
        "man": False,
    }
    assert man in shown[CLERK]
    letter = Outgoing.objects.get()
    own = given.signed_in(given.CLERK).get(reverse("desk:outgoing_one", args=[letter.pk])).content.decode()
    assert "Nhật ký xem văn bản" in own


def test_readers_are_named_by_forms_alone():
    issued()
    there_is = there()
    browser = given.signed_in(CLERK)
    clerk_there()
    man = given.account("man")
    browser.post(reverse("desk:decide_incoming", args=[there_is.pk, "let_read"]), {"to": str(man.pk)})
    reader = Reader.objects.get()
    assert (reader.name, reader.named_by) == (man.name, CLERK.name)
    browser.post(reverse("desk:decide_incoming", args=[there_is.pk, "take_off"]), {"reader": reader.pk})
    assert not Reader.objects.exists()


def test_opening_costs_one_statement():
    issued()
    actions.let_read(there(), by=clerk_there(), to=given.account("man"))
    with CaptureQueriesContext(connection) as queries:
        actions.open_document(there_ := there(), by=given.actor("man"), place="127.0.0.1")
    assert len([one for one in queries if "dispatches_look" in one["sql"]]) == 1
    assert there_.pk == Look.objects.get().document
