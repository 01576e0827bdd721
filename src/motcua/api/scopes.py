"""What a machine may be allowed to do, and the posts whose rules it then acts under; what is not granted is refused."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Opens the agency's dossiers for reading, and fits no rule: no action asks for it.
MACHINE = "machine"


class Scope(StrEnum):
    """One right of a machine, always at its own agency only."""

    CATALOGUE = "catalogue:read"
    TRACKING = "tracking:read"
    INDICATORS = "indicators:read"
    READ = "dossiers:read"
    FILE = "dossiers:file"
    RECEIVE = "dossiers:receive"
    DECIDE = "dossiers:decide"
    HANDLE = "dossiers:handle"
    OPINIONS = "opinions:handle"
    BOOKS = "books:handle"
    QUEUES = "queues:handle"
    APPOINTMENTS = "appointments:handle"
    PETITIONS = "petitions:handle"
    MANDATES = "mandates:read"
    DRAFTS = "procedures:draft"
    WEBHOOKS = "webhooks:manage"
    SYNC = "national:sync"
    AXIS = "documents:exchange"


WORDS: dict[Scope, Promise] = {
    Scope.CATALOGUE: _("read procedures, life events and agencies"),
    Scope.TRACKING: _("look up where a dossier stands by its code"),
    Scope.INDICATORS: _("read the agency's numbers"),
    Scope.READ: _("read the agency's dossiers, their papers and their story"),
    Scope.FILE: _("bring in papers and dossiers"),
    Scope.RECEIVE: _(
        "receive, refuse, forward, take back, ask for and take in papers, take or waive fees, hand over or post results"
    ),
    Scope.DECIDE: _(
        "end counter dossiers as decided and handed over: the steps left are skipped, no officer examines, nobody signs"
    ),
    Scope.HANDLE: _(
        "report steps done, assign, ask other agencies, ask again where they refused, propose, stop and restart"
    ),
    Scope.OPINIONS: _("read what other agencies ask, and send the opinion"),
    Scope.BOOKS: _("read the books of fees, bring in statements, match payments, note refunds made"),
    Scope.QUEUES: _("draw tickets, call them, end them"),
    Scope.APPOINTMENTS: _(
        "read the free times of the desk; book appointments for people, and read, move and cancel those it booked"
    ),
    Scope.PETITIONS: _("read and answer questions about readings of personal data"),
    Scope.MANDATES: _("read claims of representation, and check whether a mandate holds"),
    Scope.DRAFTS: _("read drafts of procedures and bring in new ones; people propose and approve them"),
    Scope.WEBHOOKS: _("ask to be told of what happens"),
    Scope.AXIS: _("send and receive documents of the agency as its own document system"),
    Scope.SYNC: _("synchronise dossiers in the national portal's field names"),
}

# What wants a person who answers for it is left out: docs/guide/integrator.md says what, and why. No scope holds a head's post.
POSTS: dict[Scope, tuple[str, ...]] = {
    Scope.FILE: ("receiver",),
    Scope.RECEIVE: ("receiver",),
    Scope.DECIDE: ("receiver",),
    Scope.HANDLE: ("registrar", "specialist", "clerk"),
    Scope.OPINIONS: ("registrar", "specialist"),
    Scope.BOOKS: ("clerk",),
    Scope.QUEUES: ("receiver",),
    Scope.APPOINTMENTS: ("receiver",),
    Scope.PETITIONS: ("clerk",),
    Scope.MANDATES: ("receiver",),
    Scope.DRAFTS: ("administrator",),
    Scope.AXIS: ("clerk",),
}
