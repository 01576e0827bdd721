"""Anyone with a code sees where the dossier stands, in plain words, and nothing about who filed it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.dossiers.states import State
from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.tracking.actions import take_states
from motcua.tracking.codes import read_code
from motcua.tracking.models import Passage, Tracked
from motcua.tracking.questions import Moment, follow
from tests.tracking.conftest import CODE, FIRST, told

BY = Actor.system("tracking")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("000.00.15.H38-210305-0042", "000.00.15.H38-210305-0042"),
        ("H38.02683-261116-0042", "H38.02683-261116-0042"),
        (" h38.02683 – 261116 – 12345 ", "H38.02683-261116-12345"),
        ("G09.20-20260609-0092637", "G09.20-20260609-0092637"),
        ("H15.50.05.13-261008-0975", "H15.50.05.13-261008-0975"),
        ("H38-261116-0001", "H38-261116-0001"),
    ],
)
def test_every_form_of_code_in_use_is_read(typed, code):
    assert read_code(typed) == code


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "H38", "038196004821", "Z38-261116-0042", "H38-261116-042", "H38-261316-0042", "H38-20260230-0042",
     "H38.02683-261116-0042x", "H38-261116-" + "1" * 60, "H38-٢٦١١١٦-0042"],
)  # fmt: skip
def test_what_cannot_be_a_code_is_told_so(typed):
    with pytest.raises(Invalid) as fault:
        read_code(typed)
    assert fault.value.field == "code"


@pytest.fixture
def way(db):
    """From the sending to the examination, with a stop for papers."""
    take_states(
        [
            told(1, 0),
            told(2, 10, step="receive"),
            told(2, 11, step="receive"),
            told(4, 20, step="examine"),
            told(5, 30, step="examine"),
            told(4, 40, step="examine"),
        ],
        by=BY,
    )


def at(minutes):
    return FIRST + timedelta(minutes=minutes)


def test_the_way_is_told_in_order_and_without_repetition(way, english):
    Tracked.objects.update(due_at=at(0).replace(year=2126))  # and is not late while anybody runs this
    followed = follow(CODE.lower())
    assert followed is not None
    assert (followed.code, followed.state, followed.verdict) == (
        CODE,
        State.PROCESSING,
        "The dossier is being handled",
    )
    assert followed.moments == [
        Moment("Sent to the agency", "done", at(0)),
        Moment("The desk received it", "done", at(10)),
        Moment("The agency handles it", "done", at(20)),
        Moment("The agency asked for more papers", "done", at(30)),
        Moment("The agency handles it", "now", at(40)),
        Moment("The result is returned", "next", None, "Promised for 16/11/2126, 9:12"),
    ]


@pytest.mark.django_db
def test_steps_are_told_as_the_procedure_tells_them_to_citizens(way):
    from tests import given

    version = given.procedure()
    step = version.definition.step("examine").citizen_reads.vi
    followed = follow(CODE)
    assert followed.procedure == version.name_vi
    assert [moment.title for moment in followed.moments if moment.at in {at(20), at(40)}] == [step, step]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "due", "expected"),
    [
        (4, timedelta(days=30), "ok"),
        (4, timedelta(days=-30), "late"),
        (5, timedelta(days=-30), "paused"),
        (9, timedelta(days=-30), None),
        (2, None, None),
    ],
)
def test_the_promise_stands_while_someone_works_towards_it(state, due, expected):
    now = timezone.now()
    take_states([told(state, at=now - timedelta(days=60), due_at=now + due if due else None)], by=BY)
    deadline = follow(CODE).deadline
    assert (deadline.state if deadline else None) == expected
    shown = [moment.state for moment in follow(CODE).moments]
    assert shown == {"late": ["late", "next"], "paused": ["wait", "next"], "ok": ["now", "next"]}.get(
        str(expected), ["done"] if state == 9 else ["now", "next"]
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "changes", "lead"),
    [
        (2, {}, "All is on time. You need not do anything."),
        (
            4,
            {"due_at": FIRST - timedelta(days=300)},
            (
                "It is late, and we are sorry. The agency must write to you with the reason and a new date, once; "
                "if that date has passed too, complain to its head."
            ),
        ),
        (5, {}, "Sign in to see what is asked for. The clock stands still until then."),
        (
            5,
            {"channel": 3},
            "What to add stands in the letter and the message sent to you. The clock stands still until you have.",
        ),
        (6, {}, "Sign in to see what is asked for. The clock stands still until then."),
        (
            6,
            {"channel": 1},
            (
                "The amount and the code of the payment stand on the receipt and in the message sent to you;"
                " at the counter you can pay as well. The clock stands still until then."
            ),
        ),
        (9, {"on_time": True}, "It was finished on time."),
        (10, {"on_time": False}, "It was finished late. We are sorry."),
        (7, {}, "The applicant took it back. It may be filed again at any time."),
    ],
)
def test_the_lead_says_what_it_means(state, changes, lead, english):
    take_states([told(state, **({"due_at": timezone.now() + timedelta(days=9)} | changes))], by=BY)
    assert follow(CODE).lead == lead


@pytest.mark.django_db
def test_who_bore_a_code_first_keeps_it():
    import uuid

    take_states([told(2, 5)], by=BY)
    take_states([told(9, 50, dossier=uuid.UUID(int=7))], by=BY)
    assert follow(CODE).state == State.ACCEPTED


def test_a_code_leads_to_the_dossier_s_own_address(client, way):
    answer = client.get("/tracking/", {"code": " h38.02683-261116–0042"})
    assert (answer.status_code, answer["Location"]) == (302, f"/tracking/{CODE}/")
    page = client.get(answer["Location"]).content.decode()
    assert ("Hồ sơ đang được giải quyết" in page, CODE in page) == (True, True)


def test_the_page_asks_for_a_code(client):
    assert "Hồ sơ của tôi đến đâu rồi?" in client.get("/tracking/").content.decode()


@pytest.mark.parametrize("path", ["/tracking/?code=038196004821", "/tracking/038196004821/"])
def test_a_malformed_code_is_answered_in_words(client, path):
    answer = client.get(path)
    page = answer.content.decode()
    assert (answer.status_code, "Đây chưa phải mã hồ sơ" in page, 'aria-invalid="true"' in page) == (
        422,
        True,
        True,
    )


@pytest.mark.django_db
def test_an_unknown_code_is_answered_in_words(client):
    answer = client.get("/tracking/H38-261116-9999/")
    assert (answer.status_code, "Chưa có hồ sơ nào mang mã này" in answer.content.decode()) == (404, True)


@pytest.mark.django_db
def test_a_long_way_costs_as_many_queries_as_a_short_one(client):
    def queries(count):
        take_states([told(4, n, step=f"s{n}") for n in range(count)], by=BY)
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/tracking/{CODE}/")
        return len(captured)

    few = queries(1)
    assert (queries(30), few <= 12) == (few, True)


def test_the_mirror_holds_no_personal_data():
    fields = {field.name for model in (Tracked, Passage) for field in model._meta.get_fields()}
    assert fields == {
        "pk", "dossier", "code", "procedure", "agency", "channel", "state", "step", "at", "due_at", "on_time",
        "first_at", "changed_at", "is_away", "seen", "received_at", "done_at", "is_running",
    }  # fmt: skip
