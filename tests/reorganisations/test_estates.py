"""What lies at an agency besides its dossiers follows it: counted before, moved once, and at the right heir where it was divided."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from django.utils.translation import override

from motcua.api import actions as machines
from motcua.api.models import Client
from motcua.dossiers import actions as dossiers
from motcua.dossiers.models import Dossier, SavedFilter
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused
from motcua.mandates.models import Claim, Kind
from motcua.opinions import reactions as opinions
from motcua.opinions.models import Inquiry, Question
from motcua.organisations import actions as organisations
from motcua.organisations import estates
from motcua.organisations.heirs import HeirNotKnownError
from motcua.people import actions as people
from motcua.people.models import Substitution, actor_of
from motcua.petitions import actions as petitions
from motcua.petitions.models import Petition, Received
from motcua.queues.models import Offer, Place, Queue
from motcua.reorganisations.problems import problems
from motcua.reorganisations.trial import Trial
from motcua.tracking.models import Tracked
from tests import given
from tests.post import settle
from tests.reorganisations.conftest import NUMBER, carried_out, merger, message


@pytest.fixture
def lodged(lying):
    """One of everything at Tả Van: a petition about its dossier, a question, a claim, a queue, an appointment, a filter, a substitution, a system."""
    (held,) = lying(1)
    soon = timezone.now() + timedelta(days=5)
    Received.objects.create(
        pk=uuid4(), kind="complaint", agency=given.TA_VAN, origin="G22", asker_name="Lưu Thị Sim",
        asker_number=NUMBER, dossier=held.pk, text="Chưa có kết quả.", due_at=soon,
    )  # fmt: skip
    Question.objects.create(
        inquiry=uuid4(), agency=given.TA_VAN, asker="H38", asker_name="UBND tỉnh", name="X", question="?", due_at=soon
    )  # fmt: skip
    Claim.objects.create(
        pk=uuid4(), number="ĐD-2026-000009", kind=Kind.PARENT, agency=given.TA_VAN, origin="G22",
        principal_number="000120005551", principal_name="Lý Khánh Vy", agent_number=NUMBER,
        agent_name="Lưu Thị Sim", paper={},
    )  # fmt: skip
    queue = Queue.objects.create(agency=given.TA_VAN, letter="B", name_vi="Hộ tịch")
    Offer.objects.create(agency=given.TA_VAN, minutes=20, queue=queue)
    Place.objects.create(
        agency=given.TA_VAN, origin="G22", procedure=given.BIRTH, name_vi="X", person_name="Lưu Thị Sim",
        person_number=NUMBER, begins_at=soon, ends_at=soon + timedelta(minutes=20), seat=0, code="ABC234",
    )  # fmt: skip
    officer = given.account("pa")
    SavedFilter.objects.create(
        account=officer, name="Của xã", wanted={"show": "agency", "agency": given.TA_VAN}
    )
    given.account("dung")
    client = Client(agency=given.TA_VAN, name="Hệ thống xã", scopes=["dossiers:read"])
    machines.register(client, by=given.SYSTEM)
    return held


def colleague(agency=given.TA_VAN):
    """Somebody at Tả Van who stands in for its civil-status officer until next week."""
    away = given.account("pa").appointments.get(post__role="registrar")
    helper = given.account("che")
    post = organisations.open_post(
        given.agency(agency), by=given.SYSTEM, role="specialist", title_vi="Chuyên viên"
    )
    people.appoint(post, by=given.SYSTEM, account=helper, since=given.SINCE)
    until = timezone.localdate() + timedelta(days=7)
    people.stand_in(
        Substitution(
            appointment=away, stand_in=helper, since=timezone.localdate(), until=until, reason="Đi học."
        ),
        by=actor_of(away.account),
    )
    return away, helper


def test_everything_that_lies_there_is_counted_in_one_question_and_moves_once(
    lodged, django_assert_num_queries
):
    colleague()
    with django_assert_num_queries(1):
        counted = estates.counted([given.TA_VAN])
    each = dict.fromkeys(
        ("appointments", "claims", "clients", "filters", "petitions", "questions", "queues", "substitutions"),
        1,
    )
    assert counted == each
    plan = carried_out(merger())
    assert plan.report["estates"] == each
    places = [
        *(
            model.objects.values_list("agency", flat=True).get()
            for model in (Received, Question, Claim, Client)
        ),
        Queue.objects.values_list("agency", flat=True).get(agency=given.SA_PA),
        SavedFilter.objects.get().wanted["agency"],
        Substitution.objects.in_force().get().appointment.post.agency_id,
    ]
    assert set(places) == {given.SA_PA}
    assert estates.counted([given.TA_VAN]) == {"queues": 1}
    taken_over = Offer.objects.get(agency=given.SA_PA)
    assert (taken_over.minutes, taken_over.queue.agency, Place.objects.get().state) == (
        20,
        given.SA_PA,
        "lost",
    )
    happened = Entry.objects.filter(event__endswith="PassedOn").values_list("event", flat=True)
    assert sorted(happened) == [
        "api.ClientPassedOn",
        "dossiers.DossierPassedOn",
        "mandates.ClaimPassedOn",
        "opinions.QuestionPassedOn",
        "petitions.PetitionPassedOn",
    ]


def test_who_stands_in_goes_on_where_both_go_and_a_plan_that_parts_them_says_so(lodged):
    away, helper = colleague()
    parting = merger(
        kind="split",
        old=[
            {
                "code": given.TA_VAN,
                "into": given.SA_PA,
                "posts": [{"roles": ["chair"], "ends": True}, {"roles": ["specialist"], "to": given.BAC_HA}],
            }
        ],
    )
    with override("en"):
        said = {one.says.partition(" until")[0] for one in problems(Trial(parting)) if "part" in one.says}
        assert said == {f"{helper.name} stands in for {away.account.name}"}
        assert not [one for one in problems(Trial(merger())) if "they part" in one.says]
    carried_out(parting)
    assert not Substitution.objects.in_force().exists()


def test_the_answer_of_who_follows_is_taken_where_the_question_was_asked(communes):
    mother = given.account("may")
    asked = Petition(
        kind="question", account=mother, agency=given.TA_VAN, agency_name="UBND xã Tả Van", text="Vì sao?"
    )
    petitions.petition(asked, by=actor_of(mother))
    settle()
    carried_out(merger())
    settle()
    came = Received.objects.get()
    petitions.reply(came, by=given.actor("lam"), answer="Để giải quyết hồ sơ.")
    settle()
    asked.refresh_from_db()
    assert (asked.state, asked.agency, asked.agency_name) == (
        "answered",
        given.SA_PA,
        given.called(given.SA_PA),
    )
    # What is sent to the old code later reaches who follows, too.
    later = Petition(
        kind="question", account=mother, agency=given.TA_VAN, agency_name="UBND xã Tả Van", text="Lại vì sao?"
    )
    petitions.petition(later, by=actor_of(mother))
    settle()
    assert Received.objects.get(pk=later.pk).agency == given.SA_PA


def test_an_opinion_is_given_by_who_follows_and_a_stranger_still_may_not(communes):
    inquiry = Inquiry.objects.create(
        subject="dossier:1", asker=given.BAC_HA, asked_by="X", agency=given.TA_VAN, agency_name="UBND xã Tả Van",
        name="X", question="?", due_at=timezone.now() + timedelta(days=5),
    )  # fmt: skip
    carried_out(merger())
    told = {
        "inquiry": str(inquiry.pk), "verdict": "agrees", "answer": "Được.", "file": {}, "by": "Y",
        "at": timezone.now().isoformat(), "formerly": [given.TA_VAN],
    }  # fmt: skip

    def come(sender):
        opinions.take_answer(
            replace(message(told, sender=sender, kind="opinion.given"), recipient=given.BAC_HA)
        )

    with pytest.raises(HeirNotKnownError):
        come("H38.02671")  # says that it follows, and nobody has told us: it is to come again later
    come(given.SA_PA)
    inquiry.refresh_from_db()
    assert (inquiry.state, inquiry.agency) == ("answered", given.SA_PA)


# Divided


@pytest.fixture
def divided(communes):
    """Tả Van is divided: what is about the village Mường Bo goes to Bắc Hà, what is about Tả Van Giáy to Sa Pa; else Sa Pa holds it."""
    late = [given.application(at="filled", agency_code=given.TA_VAN) for _one in range(3)]
    carried_out(
        merger(
            title="Chia xã Tả Van",
            kind="split",
            old=[
                {
                    "code": given.TA_VAN,
                    "into": given.SA_PA,
                    "dossiers": [
                        {"to": given.BAC_HA, "field": "child_address", "contains": ["Mường Bo"]},
                        {"to": given.SA_PA, "field": "child_address", "contains": ["Tả Van Giáy"]},
                    ],
                    "posts": [{"roles": ["chair"], "ends": True}],
                }
            ],
        )
    )
    return late


def sent(late, **answers):
    """The dossier of an application that is sent after the day."""
    given.fill_in(late, by=given.citizen(), **answers)
    dossiers.send(late, by=given.citizen())
    settle()
    return Dossier.objects.get(pk=late.pk)


def test_what_comes_later_for_a_divided_agency_goes_to_the_heir_the_plan_names_or_waits_for_a_person(divided):
    places = [f"Thôn {village}, xã Tả Van" for village in ("Mường Bo", "Tả Van Giáy", "Bản Dền")]
    found = [sent(late, child_address=place) for late, place in zip(divided, places, strict=True)]
    assert [(one.agency, one.former_agencies, one.divided) for one in found] == [
        (given.BAC_HA, [given.TA_VAN], ""),
        (given.SA_PA, [given.TA_VAN], ""),
        (given.SA_PA, [given.TA_VAN], given.TA_VAN),
    ]


def test_a_person_says_once_which_heir_handles_it_and_whoever_receives_it_keeps_it(divided):
    late, kept, _other = divided
    found, stays = sent(late), sent(kept)
    for key in ("man", "lua", "xep"):
        with pytest.raises(Refused):
            dossiers.allot(found, by=given.actor(key), to=given.BAC_HA)
    with pytest.raises(Invalid):
        dossiers.allot(found, by=given.actor("lam"), to="G15")
    dossiers.allot(found, by=given.actor("lam"), to=given.BAC_HA)
    settle()
    found.refresh_from_db()
    late.refresh_from_db()
    assert (found.agency, found.divided, late.agency) == (given.BAC_HA, "", given.BAC_HA)
    assert Tracked.objects.get(dossier=found.pk).agency == given.BAC_HA
    with pytest.raises(Invalid):
        dossiers.allot(found, by=given.actor("man"), to=given.SA_PA)
    assert Entry.objects.about(found).of("dossiers.DossierAllotted").get().facts["agency"] == given.BAC_HA
    dossiers.accept(stays, by=given.actor("lam"))
    with pytest.raises(NotNow):
        dossiers.allot(stays, by=given.actor("lam"), to=given.BAC_HA)
