"""The country's numbers after a reorganisation: what stands is counted where it stands, once, and again alike."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from motcua.exchange.messages import Unfit
from motcua.indicators import actions as indicators
from motcua.indicators.models import Count, Standing
from motcua.journal import followers
from motcua.journal.models import Entry, Follower
from motcua.lib.actors import Actor
from motcua.organisations.heirs import Heir, HeirNotKnownError
from motcua.organisations.models import Agency
from motcua.reorganisations import reactions
from motcua.tracking import reactions as tracking
from motcua.tracking.models import Tracked
from tests import given
from tests.post import settle
from tests.reorganisations.conftest import approved, carried_out, merger, message
from tests.sealed import seal_all

SYSTEM = Actor.system("tests")


def state(dossier, agency, number=2, *, formerly=(), at=None):
    return {
        "dossier": str(dossier),
        "code": "H38.03037-261122-0001",
        "procedure": given.BIRTH,
        "agency": agency,
        "channel": 2,
        "state": number,
        "step": "",
        "at": (at or timezone.now()).isoformat(),
        "due_at": "",
        "on_time": True,
        "formerly": list(formerly),
    }


def tell(*bodies):
    tracking.take_states([message(body, sender=body["agency"]) for body in bodies])


def standing():
    return {(one.agency, one.state): one.number for one in Standing.objects.all() if one.number}


@pytest.mark.django_db(transaction=True)
def test_what_stands_is_counted_where_it_stands_and_again_alike():
    dossier = uuid.uuid4()
    tell(state(dossier, given.TA_VAN, 1), state(dossier, given.TA_VAN, 2))
    Heir.objects.create(old=given.agency(given.TA_VAN), new=given.agency(given.SA_PA), on=given.SINCE)
    tell(state(dossier, given.SA_PA, 2, formerly=[given.TA_VAN]))
    tell(state(dossier, given.SA_PA, 4, formerly=[given.TA_VAN]))
    seal_all()
    followers.advance_all()
    assert standing() == {(given.SA_PA, 4): 1}
    filed = Count.objects.filter(kind="filed").values_list("agency", "number")
    assert list(filed) == [(given.TA_VAN, 1)]
    again = indicators.recount(Follower.objects.get(name="indicators"), by=SYSTEM)
    assert again.differing == 0
    entry = Entry.objects.of("tracking.AgencyChanged").get()
    assert (entry.facts["was_agency"], entry.facts["agency"]) == (given.TA_VAN, given.SA_PA)


def test_news_of_an_heir_waits_for_word_of_the_reorganisation_but_not_for_ever(communes):
    dossier = uuid.uuid4()
    tell(state(dossier, given.TA_VAN))
    body = state(dossier, given.SA_PA, 4, formerly=[given.TA_VAN])
    with pytest.raises(HeirNotKnownError):
        tell(body)
    with pytest.raises(Unfit):
        tracking.take_states([message(body, sender=given.SA_PA, created=timezone.now() - timedelta(days=9))])
    approved_plan = approved(merger())
    told = {"plan": str(approved_plan.pk), "scheme": approved_plan.content}
    for _time in range(2):
        reactions.take_reorganisation(message(told, sender="H38", kind="agency.reorganised"))
    tell(body)
    assert Tracked.objects.get().agency == given.SA_PA
    assert Entry.objects.of("reorganisations.ReorganisationLearned").count() == 1


def test_who_follows_nobody_still_speaks_for_nobody(communes):
    dossier = uuid.uuid4()
    tell(state(dossier, given.TA_VAN))
    with pytest.raises(Unfit):
        tell(state(dossier, given.SA_PA, 4))
    assert Tracked.objects.get().agency == given.TA_VAN


def test_what_the_old_agency_said_late_still_counts(communes):
    dossier, before = uuid.uuid4(), timezone.now() - timedelta(hours=2)
    tell(state(dossier, given.TA_VAN, 1, at=before))
    carried_out(merger())
    tell(state(dossier, given.SA_PA, 4, formerly=[given.TA_VAN]))
    tell(state(dossier, given.TA_VAN, 2, at=before + timedelta(hours=1)))
    assert (Tracked.objects.get().agency, Tracked.objects.get().state) == (given.SA_PA, 4)


@pytest.mark.parametrize(
    ("sender", "scheme"),
    [
        (given.BAC_HA, None),
        ("G15", None),
        ("H38", {"kind": "merge"}),
        ("H38", {"old": [{"code": "H38.03090", "into": given.SA_PA}]}),
    ],
)
def test_only_who_stands_above_all_tells_of_a_reorganisation(communes, sender, scheme):
    content = merger().as_content()
    told = content if scheme is None else ({**content, **scheme} if "old" in scheme else scheme)
    with pytest.raises(Unfit):
        reactions.take_reorganisation(
            message({"plan": "x", "scheme": told}, sender=sender, kind="agency.reorganised")
        )
    assert Agency.objects.get(code=given.TA_VAN).valid_to is None
    settle()
