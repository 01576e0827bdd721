"""Every shipped procedure can be played: its form is answered, and the dossier is carried from receipt to result."""

from random import Random

import pytest
from django.utils import timezone

from motcua.demo.history.answers import TRIES, drawn
from motcua.demo.people import BY_KEY
from motcua.dossiers import actions
from motcua.dossiers.models import Dossier, Step
from motcua.dossiers.states import State
from motcua.lib.actors import Actor, Grant
from motcua.procedures.answers import clean
from motcua.procedures.loading import catalogue_files
from motcua.procedures.vocabulary import Role, StepKind, Verb
from tests import given
from tests.demo.test_people import desks_of
from tests.dossiers.test_certified import scanned
from tests.post import settle

pytestmark = pytest.mark.django_db

MAY, TURNS = BY_KEY["may"], 12
# What nobody can draw: a number of a shape of its own, answers that must fit each other.
TODAY = timezone.localdate().isoformat()
TOLD = {
    given.BIRTH: given.ANSWERS | {"child_born_on": TODAY},
    "2.001263": {"child_born_on": TODAY},
    "3.000347": {"licence_number": "015126000017"},
}
PARENT = {
    "name": MAY.name,
    "birth_year": 1996,
    "ethnicity": "Kinh",
    "nationality": "Việt Nam",
    "residence": MAY.address,
}
# What registers say, of whatever they are asked.
ANSWERS = {
    "certificate_number": "17/2026",
    "book": "01/2026",
    "registered_on": "2026-11-16",
    "full_name": "Lý Hạ An",
    "personal_number": "000326000017",
    "born_on": "2026-11-02",
    "sex": "female",
    "ethnicity": "Kinh",
    "nationality": "Việt Nam",
    "born_at": "Bệnh viện",
    "born_in": "Phường Sa Pa",
    "home_town": "Xã Tả Van",
    "mother": PARENT,
    "father": PARENT,
}


def scan(paper):
    """A picture of a paper."""
    picture = given.picture()
    return {
        "paper": paper,
        "name": "anh.png",
        "media": "image/png",
        "size": len(picture),
        "digest": given.blob_of_picture(),
    }


def everyone(code):
    """One person who holds every post of an agency."""
    lua = given.account("lua")
    return Actor(f"person:{lua.pk}", lua.name, frozenset(Grant(str(role), code) for role in Role))


def filed(definition):
    """A dossier as the portal sends it: what is typed is held to the form, page by page."""
    today = timezone.localdate()
    case = definition.cases[0].id if definition.cases else ""
    own, known = TOLD.get(definition.code, {}), {}
    chance = Random(3)  # noqa: S311 — the same answers each time
    for group in definition.form:
        if group.is_asked(case, known):
            for _try in range(TRIES):
                typed = {one.id: drawn(one, MAY, chance=chance, on=today) for one in group.fields}
                told = {name: value for name, value in own.items() if name in typed}
                read = clean(group, typed | told, earlier=known, on=today)
                if read.is_good:
                    break
            assert read.is_good, read.faults
            known |= read.values
    found = Dossier(
        version=given.procedure(definition.code),
        case=case,
        channel=2,
        agency=desks_of(definition)[0],
        origin="G22",
        applicant_name=MAY.name,
        applicant_number=MAY.number,
        answers=known,
        sent_at=timezone.now(),
    )
    papers = [scan(one.id) for one in definition.papers_for(case, "online") if one.required]
    actions.arrive(found, by=given.SYSTEM, papers=papers)
    return found


def walk(dossier):
    """Everyone does what the next step asks of them; registers answer, and what is decided above is walked through there."""
    by, definition = everyone(dossier.agency), dossier.definition
    actions.accept(dossier, by=by)
    if dossier.state == State.FEE:
        actions.waive_fee(dossier, by=by, reason="Người có công, thẻ đã xem.")
    for _turn in range(TURNS):
        if dossier.has_ended:
            break
        for step in dossier.steps.filter(state=Step.State.RUNNING):
            do(dossier, step, definition.step(step.key).verbs, by=by)
        dossier.refresh_from_db()
    if dossier.state == State.DONE:
        actions.hand_over(dossier, by=by)


def do(dossier, step, verbs, *, by):
    """The one thing a step wants."""
    if step.kind == StepKind.SERVICE:
        actions.complete_step(dossier, by=given.SYSTEM, key=step.key, answer=ANSWERS)
    elif step.kind == StepKind.ABOVE:
        settle()
        walk(Dossier.objects.get(below=dossier.pk))
        settle()
    elif Verb.SIGN in verbs:
        actions.sign(dossier, by=by)
    elif Verb.PROPOSE in verbs:
        compare(dossier, by=by)
        actions.propose(dossier, by=by, opinion="Đủ điều kiện.")
    else:
        actions.complete(dossier, by=by, key=step.key, note="Đúng như khai.")


def compare(dossier, *, by):
    """A copy is certified by the original alone."""
    if dossier.version.code == "2.000815":
        actions.file_paper(dossier, by=by, paper=scanned())


@pytest.mark.parametrize("code", [path.stem for path in catalogue_files()])
def test_a_shipped_procedure_is_filled_in_and_carried_to_its_result(code):
    given.country()
    given.keys()
    dossier = filed(given.definition(code))
    walk(dossier)
    left = dossier.steps.exclude(state=Step.State.DONE).values_list("key", flat=True)
    assert (dossier.state in {State.DONE, State.RETURNED}, [*left]) == (True, [])
