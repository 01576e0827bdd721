"""A service goes online only after its users assented, and when nothing in it makes them come all the same."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused
from motcua.lib.actors import Actor
from motcua.procedures import actions
from motcua.procedures.going_online import goes_online, hindered
from motcua.procedures.loading import load
from motcua.procedures.models import Procedure
from motcua.procedures.polls import Poll
from motcua.procedures.schema import Definition
from tests import given
from tests.procedures.samples import MINIMAL, written

SYSTEM = Actor.system("tests")
CODE = "9.000001"


@pytest.fixture
def definition(tmp_path):
    """The small procedure, as good as can be: all of it online."""
    sample = load(written(tmp_path, MINIMAL)).as_content()
    return Definition.from_content(sample | {"results": [sample["results"][0] | {"template": "certificate"}]})


def but(definition, **changes):
    return Definition.from_content(definition.as_content() | changes)


def asked(**changes):
    procedure, _made = Procedure.objects.get_or_create(code=CODE)
    today = timezone.localdate()
    about = {
        "question": "Nộp qua mạng?",
        "whom": "Hội Thử",
        "begins_on": today,
        "ends_on": today,
        "asked": 20,
    }
    return actions.open_poll(Poll(procedure=procedure, **(about | changes)), by=given.actor("soan"))


def counted(poll, answered=12, assented=9):
    actions.count_poll(
        poll, by=given.actor("soan"), answered=answered, assented=assented, document="Báo cáo 1"
    )
    return poll


@pytest.mark.parametrize(
    ("before", "after", "is_so"),
    [
        ({"channels": ["direct"]}, {}, True),
        ({}, {}, False),
        ({"online": {"kind": "partial", "reason": {"vi": "Vì thế"}}}, {}, True),
        ({"channels": ["direct"]}, {"channels": ["direct", "post"]}, False),
        ({"steps": []}, {}, True),
    ],
)
def test_what_opens_the_online_way_or_promises_more_goes_online(definition, before, after, is_so):
    assert goes_online(but(definition, **before), but(definition, **after)) is is_so


def test_without_assent_or_with_a_blocker_it_does_not_go_online(definition, db):
    today, offline = timezone.localdate(), but(definition, channels=["direct"])
    assert len(hindered(offline, definition, today)) == 1
    counted(asked())
    assert hindered(offline, definition, today) == []
    visit = but(definition, conditions={"vi": "Hai bên phải có mặt."})
    assert len(hindered(offline, visit, today)) == 1
    partly = but(visit, online={"kind": "partial", "reason": {"vi": "Phải có mặt."}})
    assert hindered(offline, partly, today) == []
    assert len(hindered(offline, definition, today + dt.timedelta(days=800))) == 1


CERTIFIED = {"id": "p", "name": {"vi": "Bản sao Giấy phép có chứng thực"}}


@pytest.mark.parametrize(
    ("before", "after", "counted"),
    [
        ({}, {"papers": [CERTIFIED]}, 1),
        ({"papers": [CERTIFIED]}, {"papers": [CERTIFIED]}, 0),
        ({"papers": [CERTIFIED]}, {"papers": [CERTIFIED | {"name": {"vi": "Bản sao Giấy có chứng thực"}}]}, 0),
        ({"papers": [CERTIFIED]}, {"papers": [CERTIFIED, CERTIFIED | {"id": "q", "name": {"vi": "Bản sao Bằng có chứng thực"}}]}, 1),
        ({}, {"conditions": {"vi": "Hai bên phải có mặt."}}, 1),
        ({}, {"conditions": {"vi": "Phải có mặt."}, "online": {"kind": "partial", "reason": {"vi": "Có mặt"}}}, 0),
        ({}, {"channels": ["direct"], "papers": [CERTIFIED]}, 0),
        ({}, {"fees": [{"amount": 9000}]}, 1),
    ],
)  # fmt: skip
def test_what_is_online_may_not_begin_to_make_people_come(definition, before, after, counted):
    """No new assent is asked for it, and what stood in its way already is not held against it."""
    assert len(hindered(but(definition, **before), but(definition, **after), timezone.localdate())) == counted


@pytest.mark.parametrize(
    ("answered", "assented", "is_assent"),
    [(12, 7, True), (12, 6, False), (0, 0, False), (1, 1, True), (20, 0, False)],
)
def test_more_than_half_of_those_who_answered_must_want_it(db, answered, assented, is_assent):
    assert counted(asked(), answered, assented).is_assent is is_assent
    assert (Poll.objects.assent_to(CODE, timezone.localdate()) is not None) is is_assent


def test_the_gate_stands_before_proposing_and_approving(definition, db):
    writer, second, today = given.actor("soan"), given.actor("duyet"), timezone.localdate().isoformat()
    offline = actions.publish(but(definition, channels=["direct"]), by=SYSTEM)
    draft = actions.revise(offline, by=writer)
    actions.edit(draft, by=writer, definition=but(definition, version=today))
    with pytest.raises(Invalid, match="Người dùng chưa đồng ý"):
        actions.propose(draft, by=writer, note="Đưa lên mạng.")
    counted(asked(ends_on=timezone.localdate()))
    actions.propose(draft, by=writer, note="Đưa lên mạng.")
    Poll.objects.update(assented=0)
    with pytest.raises(Invalid, match="Người dùng chưa đồng ý"):
        actions.approve(draft, by=second)
    Poll.objects.update(assented=12)
    assert actions.approve(draft, by=second).definition.channels == ("online",)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"question": " "}, "question"),
        ({"whom": " "}, "whom"),
        ({"asked": 0}, "asked"),
        ({"ends_on": dt.date(2020, 1, 1)}, "ends_on"),
    ],
)
def test_a_poll_that_makes_no_sense_is_refused(db, changes, field):
    with pytest.raises(Invalid) as refused:
        asked(**changes)
    assert (refused.value.field, Poll.objects.count()) == (field, 0)


def test_answers_are_counted_once_after_the_last_day_and_add_up(db):
    poll = asked(ends_on=timezone.localdate() + dt.timedelta(days=1))
    with pytest.raises(Invalid):
        counted(poll)
    with pytest.raises(Invalid, match="đang được hỏi"):
        asked()
    Poll.objects.update(ends_on=timezone.localdate())
    poll.refresh_from_db()
    for answered, assented in ((21, 1), (3, 4), (-1, 0)):
        with pytest.raises(Invalid):
            counted(poll, answered, assented)
    counted(poll)
    with pytest.raises(NotNow):
        counted(poll)
    told = Entry.objects.filter(about=poll.urn).order_by("pk").values_list("event", "actor__urn")
    who = given.actor("soan").urn
    assert list(told) == [("procedures.PollOpened", who), ("procedures.PollCounted", who)]


def test_only_administrators_of_the_nation_ask_and_count(db):
    poll = asked()
    for key in ("thong", "lua", "may"):
        with pytest.raises(Refused):
            actions.count_poll(poll, by=given.actor(key), answered=1, assented=1, document="1")
        with pytest.raises(Refused):
            actions.open_poll(Poll(procedure=poll.procedure), by=given.actor(key))


def test_the_database_counts_too(db):
    poll = counted(asked())
    for changes in ({"assented": 13}, {"answered": 21}, {"answered": None}, {"state": "open"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Poll.objects.filter(pk=poll.pk).update(**changes)
