"""What was finished at an agency before it ended stays there; its heir finds it and reads it on record, and nobody else."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from motcua.dossiers import actions as dossiers
from motcua.dossiers.models import Dossier, Paper
from motcua.journal.models import Entry
from motcua.mandates import rules as mandates
from motcua.mandates.models import Claim
from motcua.opinions import rules as opinions
from motcua.opinions.models import Question
from motcua.people.models import actor_of
from motcua.petitions import rules as petitions
from motcua.petitions.models import Kind, Received
from tests import given
from tests.reorganisations.conftest import carried_out, merger

ANSWERED = {"answer": "Đã trả lời.", "answered_by": "Giàng A Pa"}


@pytest.fixture
def left(communes):
    """An opinion that was given, a petition that was answered and a claim that was upheld at Tả Van, now Sa Pa."""
    now = timezone.now()
    moments = {"due_at": now + timedelta(days=3), "answered_at": now}
    question = Question.objects.create(
        inquiry=uuid4(),
        agency=given.TA_VAN,
        asker="G22",
        asker_name="VPCP",
        question="Đúng không?",
        papers=[{"name": "a.png", "media": "image/png", "size": 1, "digest": given.blob_of_picture()}],
        state=Question.State.GIVEN,
        verdict="agrees",
        **moments,
        **ANSWERED,
    )
    received = Received.objects.create(
        pk=uuid4(),
        kind=Kind.QUESTION,
        state="answered",
        agency=given.TA_VAN,
        origin="G22",
        asker_name="Trần Hạ Mây",
        asker_number=given.BY_KEY["may"].number,
        about={"what": "Họ tên", "purpose": "Khai sinh", "dossier": "", "who": ""},
        text="Vì sao?",
        **moments,
        **ANSWERED,
    )
    claim = given.claim()
    Claim.objects.update(agency=given.TA_VAN, state="upheld", ended_at=now)
    carried_out(merger())
    return question, received, claim


def test_the_heir_reads_what_was_finished_and_others_do_not(left):
    question, received, claim = left
    pages = (
        f"/desk/questions/{question.pk}/",
        f"/desk/questions/{question.pk}/papers/0/",
        f"/desk/petitions/{received.pk}/",
        f"/desk/mandates/{claim.pk}/",
        f"/desk/mandates/{claim.pk}/paper/",
    )
    for key, status in (("lam", 200), ("man", 404)):
        visit = given.signed_in(key)
        assert [visit.get(page).status_code for page in pages] == [status] * len(pages)
        listed = [visit.get(list_).content.decode() for list_ in ("/desk/questions/", "/desk/petitions/")]
        assert [pages[0] in listed[0], pages[2] in listed[1]] == [status == 200] * 2
    opened = [
        (entry.event.partition(".")[2], entry.actor["name"])
        for one in left
        for entry in Entry.objects.about(one).filter(event__endswith="Opened")
    ]
    kinds = ("QuestionOpened", "EnclosureOpened", "PetitionOpened", "ProofOpened")
    assert opened == [(kind, "Đỗ Minh Lâm") for kind in kinds]


def test_officers_know_whom_their_agency_has_followed_and_no_rule_asks_again(left, django_assert_num_queries):
    question, received, claim = left
    account = given.account("lam")
    with django_assert_num_queries(1):
        lam = actor_of(account)
    man = given.actor("man")
    with django_assert_num_queries(0):
        for rule, one in (
            (opinions.asked_officer, question),
            (petitions.answerer, received),
            (mandates.claim_officer, claim),
        ):
            assert (rule(lam, one), rule(man, one)) == (True, False)


def test_papers_of_a_dossier_that_ended_before_the_merger_are_read_by_the_heir(lying):
    (dossier,) = lying(1)
    picture = {"media": "image/png", "size": 1, "digest": given.blob_of_picture()}
    paper = Paper.objects.create(dossier=dossier, paper="birth_notice", name="a.png", **picture)
    dossiers.stop(dossier, by=given.actor("pa"), reason="Không đủ điều kiện.")
    carried_out(merger())
    assert Dossier.objects.get().agency == given.TA_VAN
    for key, status in (("lam", 200), ("man", 404)):
        visit = given.signed_in(key)
        assert visit.get(f"/desk/dossiers/{dossier.pk}/papers/{paper.pk}/").status_code == status
