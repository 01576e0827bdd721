"""Who may do what with applications and dossiers."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from motcua.dossiers.bearing import bearer_of
from motcua.dossiers.models import Application, Dossier, ResultDraft, SavedFilter, Step, is_person
from motcua.lib.actors import Actor
from motcua.lib.rules import rule
from motcua.mandates.models import Mandate
from motcua.mandates.rules import speaks_for
from motcua.procedures.vocabulary import Verb


@rule(_("the person who applies, or who may act for them by a mandate in force"))
def applicant(actor: Actor, application: Application) -> bool:
    """Under a mandate: its principal; its agent, as long as it is in force and covers the procedure."""
    mandate = application.mandate
    if mandate is None:
        return actor.urn == f"person:{application.account_id}"
    return allows(actor, mandate, application) or speaks_for(actor, mandate.principal_number)


def allows(actor: Actor, mandate: Mandate, application: Application) -> bool:
    """Whether this person holds the mandate, and it holds today for this procedure."""
    return actor.urn == f"person:{mandate.agent_id}" and not mandate.why_not(application.version)


@rule(_("a person who is signed in"))
def signed_in(actor: Actor, subject: object) -> bool:
    return is_person(actor)


@rule(_("the one-stop officers of the agency"))
def desk_officer(actor: Actor, dossier: Any) -> bool:
    """Asked of a dossier, or of a result that goes by post."""
    return actor.holds("receiver", "registrar", at=dossier.agency)


@rule(_("it was filed at the agency's own counter"))
def filed_here(actor: Actor, dossier: Dossier) -> bool:
    return dossier.was_filed_here


@rule(_("who holds the receipt of a dossier filed at the counter, and has shown it"))
def bearer(actor: Actor, dossier: Dossier) -> bool:
    return dossier.was_filed_here and actor == bearer_of(dossier.pk)


@rule(_("it was filed online, and its result was asked for on paper at the counter"))
def collected(actor: Actor, dossier: Dossier) -> bool:
    return dossier.is_collected


# Whoever has a dossier of the agency in their hands: receives, examines, initials, signs or files it.
COLLEAGUES = ("receiver", "registrar", "specialist", "clerk", "chair", "deputy")


@rule(_("the officers who work on the agency's dossiers"))
def colleague(actor: Actor, dossier: Any) -> bool:
    """Asked of a dossier, or of the days a register is about."""
    return actor.holds(*COLLEAGUES, at=dossier.agency)


@rule(_("the officers and auditors who read the agency's dossiers"))
def reader(actor: Actor, dossier: Dossier) -> bool:
    return actor.holds(*COLLEAGUES, "auditor", at=dossier.agency)


@rule(_("the head and the auditors of the agency"))
def inspector(actor: Actor, dossier: Dossier) -> bool:
    return actor.holds("chair", "auditor", at=dossier.agency)


@rule(_("the systems that read the agency's dossiers"))
def reading_machine(actor: Actor, dossier: Dossier) -> bool:
    return actor.holds("machine", at=dossier.agency)


@rule(_("the examining officers of the agency"))
def examiner(actor: Actor, dossier: Dossier) -> bool:
    return actor.holds("registrar", "specialist", at=dossier.agency)


@rule(_("whoever's turn is a step in which what is missing may be asked for"))
def may_ask_for_more(actor: Actor, dossier: Dossier) -> bool:
    """The appraisal finds the dossier wanting: form 02 is its examiner's to send (decree 61/2018, art. 19.4)."""
    return holds_step_with(actor, dossier, Verb.ASK_SUPPLEMENT)


@rule(_("whoever's turn is a step that may end the work without a result"))
def may_end_it(actor: Actor, dossier: Dossier) -> bool:
    return holds_step_with(actor, dossier, Verb.REFUSE)


def holds_step_with(actor: Actor, dossier: Dossier, verb: Verb) -> bool:
    """Whether one of the steps that run now is theirs, and the procedure gives its holder this verb."""
    return any(
        actor.holds(step["role"], at=dossier.agency) and verb in dossier.definition.step(step["key"]).verbs
        for step in dossier.standing
        if step["state"] == Step.State.RUNNING
    )


@rule(_("the officers of the agency who hold a step"))
def holder_of_a_step(actor: Actor, dossier: Dossier) -> bool:
    return actor.holds("receiver", "registrar", "specialist", "clerk", "chair", at=dossier.agency)


@rule(_("the chair of the agency"))
def chair(actor: Actor, dossier: Dossier) -> bool:
    return actor.holds("chair", at=dossier.agency)


@rule(_("it is not their own dossier"))
def independent(actor: Actor, dossier: Dossier) -> bool:
    return not is_person(actor) or actor.urn.removeprefix("person:") not in map(str, dossier.owners)


@rule(_("the head of the agency, or whoever's turn it is"))
def in_turn(actor: Actor, dossier: Dossier) -> bool:
    return actor.holds("chair", *dossier.roles_in_turn, at=dossier.agency)


@rule(_("the officer who made it"))
def own_filter(actor: Actor, kept: SavedFilter) -> bool:
    return bool(actor.grants) and actor.urn == f"person:{kept.account_id}"


# Whose initials stand for the wording of a result.
INITIALLING = ("registrar", "specialist", "deputy")


@rule(_("another examining officer or the deputy head of the agency, but not who wrote it"))
def initialler(actor: Actor, draft: ResultDraft) -> bool:
    return actor.urn != draft.author.urn and actor.holds(*INITIALLING, at=draft.agency)


@rule(_("it is not about their own dossier"))
def unconcerned(actor: Actor, draft: ResultDraft) -> bool:
    return independent(actor, draft.dossier)


@rule(_("it is not their own transition"))
def second_person(actor: Actor, transition: Any) -> bool:
    """Four eyes: nobody agrees to what they drafted."""
    return actor.urn not in transition.authors
