"""Role by role, what the rules of all actions about an agency's affairs say; and what a system may ask the API to do there."""

import inspect
from types import UnionType

import pytest
from django.urls import get_resolver

from motcua.api.models import Client
from motcua.api.scopes import POSTS
from motcua.api.showing import DEEDS
from motcua.dispatches.models import (
    Copy,
    Correspondent,
    Folder,
    Incoming,
    Numbering,
    ReceivedMail,
    SentMail,
    Template,
)
from motcua.dispatches.models import Outgoing as Written
from motcua.documents.models import Document
from motcua.dossiers.actions.register import Span
from motcua.dossiers.models import Dossier
from motcua.dossiers.models.transitions import Transition
from motcua.dossiers.postings import Posting
from motcua.indicators.models import Declaration
from motcua.lib.actions import ACTIONS
from motcua.lib.actors import Actor, Grant
from motcua.lib.rules import system
from motcua.mandates.models import Claim
from motcua.opinions.models import Question
from motcua.organisations.models import CalendarDay, OfficeHours, Post
from motcua.payments.models import Charge, Payment, Refund
from motcua.people.models import Appointment
from motcua.petitions.models import Kind, Received
from motcua.procedures.models import Draft, Overlay
from motcua.queues.models import Offer, Place, Queue, Ticket
from motcua.reorganisations.models import Plan
from tests import given
from tests.desk.test_access import LETTERS

# What each action about a dossier, a ticket, a post … of Sa Pa asks of the post, and nothing else: one line for each set of roles.
WHOSE = {
    "RGSCDKU": "dossiers.open_dossier dossiers.open_letter dossiers.open_paper dossiers.number_slip",
    "RGSCDK": "dossiers.note dossiers.print_register documents.keep documents.make dispatches.draft dispatches.open_document dispatches.file_in",
    "CD": "dispatches.hand_back dispatches.sign dispatches.assign dispatches.remark",
    "CDK": "dispatches.recall dispatches.finish dispatches.give_back dispatches.keep_on dispatches.forward dispatches.copy dispatches.send_copy dispatches.set_numbering dispatches.classify dispatches.let_read dispatches.take_off dispatches.remind dispatches.open_folder dispatches.amend_folder",
    "K": "dispatches.issue_on_paper dispatches.take_paper dispatches.relay dispatches.relay_recall dispatches.follow dispatches.note_fetched dispatches.note_news_fetched dispatches.issue dispatches.void dispatches.register dispatches.refuse dispatches.take_in dispatches.dismiss dispatches.send_again dispatches.take_from dispatches.close_folder dispatches.archive",
    "RGSCKU": "petitions.open_petition petitions.reply",
    "RGSCK": "dossiers.send_again dossiers.complete dossiers.return_to_examiner opinions.open_enclosure opinions.open_question",
    "GSC": "opinions.answer_question",
    "GC": "dossiers.assign dossiers.consult",
    "GS": "dossiers.propose dossiers.retry dossiers.stop dossiers.restart dossiers.draft_result",
    "RG": """
        dossiers.enter_answers dossiers.accept dossiers.refuse dossiers.request_supplement dossiers.resume dossiers.give_back dossiers.forward
        dossiers.issue dossiers.receive dossiers.decide_at_once dossiers.hand_over dossiers.file_paper dossiers.allot dossiers.take_cash
        dossiers.waive_fee dossiers.consign payments.take_cash mandates.open_proof mandates.uphold mandates.dismiss
        queues.call_next queues.draw queues.serve queues.miss queues.welcome queues.check_in queues.reserve""",
    "RGCK": "payments.note_answer",
    "RCK": "payments.match payments.return_payment",
    "KA": "dispatches.keep_correspondent",
    "CK": "payments.give_back payments.make_refund",
    "CU": "dossiers.inspect",
    "C": "dossiers.sign dossiers.extend documents.revoke indicators.declare",
    "A": """
        api.register api.change api.renew_secret api.end procedures.localise procedures.restore procedures.begin_new
        procedures.edit procedures.propose procedures.send_back procedures.approve procedures.discard dossiers.draft_transition
        dossiers.map_steps dossiers.agree dossiers.drop_transition people.appoint people.end_appointment
        organisations.found_communes organisations.found organisations.rename_agency organisations.close
        organisations.open_post organisations.set_day organisations.clear_day organisations.set_hours
        organisations.clear_hours queues.open_queue queues.set_offer reorganisations.write reorganisations.rewrite
        reorganisations.authorise reorganisations.reopen reorganisations.abandon dispatches.keep_template dispatches.drop_template""",
    # Whoever it is, only the dossier must not be their own; anyone pays; and what only a system does with what it booked.
    "RGSCDKAU": "dossiers.return_fee payments.attempt",
    "": "dispatches.begin dispatches.enclose dispatches.take_out dispatches.redraft dispatches.submit dispatches.route dispatches.opine dispatches.initial dispatches.send_back dispatches.call_off dispatches.settle queues.free queues.shift documents.sign dossiers.direct_by_receipt dossiers.supply_by_receipt"
    " dossiers.withdraw_by_receipt petitions.complain_by_receipt",
}
# What officers of another agency may do with Sa Pa's as well as anyone.
ANYBODY_S = {"dossiers.return_fee", "payments.attempt"}
# What is nobody's by a post: people's own affairs, registers, the node, the catalogue of the nation, other systems.
OTHERS = {
    "Application", "Account", "Admission", "Batch", "Birth", "Booking", "Bundle", "Card", "Contact", "Delivery", "Enrolment",
    "Enterprise", "Favourite", "Holding", "Incoming", "Inquiry", "Mandate", "Notice", "Outgoing", "Person", "PersonRecord", "Petition",
    "Poll", "Request", "ResultDraft", "SavedFilter", "Sequence", "SignOn", "Subscription", "Substitution", "UUID", "Unit", "Value", "Version",
    "int", "str",
}  # fmt: skip


@pytest.fixture
def subjects(accepted):
    """One of each thing the actions of an office are about, all of Sa Pa's."""
    (dossier,) = accepted(8)
    dossier.origin = dossier.agency  # Filed at its own counter, so that nothing but the post decides.
    place, code = given.agency(given.SA_PA), given.SA_PA
    post = Post(agency=place, role="receiver")
    paid = Payment(payee=code)
    ours = (
        Document,
        Posting,
        Question,
        Claim,
        Queue,
        Ticket,
        Offer,
        Place,
        Declaration,
        Client,
        Incoming,
        Copy,
        Numbering,
        Folder,
        Template,
        Written,
        Correspondent,
        SentMail,
        ReceivedMail,
    )
    made = [one(agency=code) for one in ours]
    made += [one(agency=place) for one in (CalendarDay, OfficeHours, Overlay)]
    made += [
        Transition(agency=place, authors=[]),
        Plan(agency=place, authors=[]),
        Draft(owner=code, authors=[]),
    ]
    made += [Charge(payee=code), paid, Refund(payment=paid), Received(agency=code, kind=Kind.QUESTION)]
    made += [dossier, place, post, Appointment(post=post), Span(code, given.SINCE, given.SINCE)]
    return {type(one): one for one in made}


def officer(*roles, at=given.SA_PA):
    """Someone who holds these roles at one agency, and nothing else."""
    held = frozenset(Grant(role, at) for role in roles)
    return Actor(urn="person:00000000-0000-4000-8000-000000000000", name="Cán bộ", grants=held)


def about_what(declared):
    """The type of an action's subject, the first of several."""
    said = next(iter(inspect.signature(declared.change).parameters.values())).annotation
    return said.__args__[0] if isinstance(said, UnionType) else said


def open_to(subjects, *, at):
    """For each action about one of the subjects, the roles of one agency it is open to; and what the others are about."""
    assert get_resolver().url_patterns  # With the pages, all actions are known.
    found, elsewhere = {}, set()
    officers = {letter: officer(role, at=at) for role, letter in LETTERS.items()}
    for name, one in ACTIONS.items():
        about = about_what(one)
        if one.who is system:
            continue
        if about not in subjects:
            elsewhere.add(getattr(about, "__name__", str(about)))
            continue
        found[name] = "".join(key for key, who in officers.items() if one.who(who, subjects[about]))
    return found, elsewhere


def test_each_action_is_open_to_its_roles_alone(subjects):
    found, elsewhere = open_to(subjects, at=given.SA_PA)
    assert found == {name: roles for roles, names in WHOSE.items() for name in names.split()}
    assert elsewhere <= OTHERS


def test_what_is_one_agency_s_is_no_affair_of_another_s_officers(subjects):
    given.agency(given.BAC_HA)
    found, _elsewhere = open_to(subjects, at=given.BAC_HA)
    assert {name: roles for name, roles in found.items() if roles} == dict.fromkeys(
        ANYBODY_S, "".join(LETTERS.values())
    )


def test_the_api_does_nothing_its_scope_s_posts_may_not(subjects):
    """A system acts under the rule of the action itself, with the posts of its scope; none lets it do what it could never do."""
    never = {
        name
        for name, (verb, scope) in DEEDS.items()
        if not ACTIONS[f"dossiers.{verb}"].who(officer(*POSTS[scope]), subjects[Dossier])
    }
    assert never == set()
    assert {role for posts in POSTS.values() for role in posts} <= set(LETTERS)
