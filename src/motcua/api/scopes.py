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
    HANDLE = "dossiers:handle"
    WEBHOOKS = "webhooks:manage"
    SYNC = "national:sync"


WORDS: dict[Scope, Promise] = {
    Scope.CATALOGUE: _("read procedures, life events and agencies"),
    Scope.TRACKING: _("look up where a dossier stands by its code"),
    Scope.INDICATORS: _("read the agency's numbers"),
    Scope.READ: _("read the agency's dossiers, their papers and their story"),
    Scope.FILE: _("bring in papers and dossiers"),
    Scope.RECEIVE: _("receive, refuse, ask for supplements, take fees, hand over results"),
    Scope.HANDLE: _("report steps done, propose and stop"),
    Scope.WEBHOOKS: _("ask to be told of what happens"),
    Scope.SYNC: _("synchronise dossiers in the national portal's field names"),
}

# Signing, apologising and sending back are left out: they want a person who answers for them.
POSTS: dict[Scope, tuple[str, ...]] = {
    Scope.FILE: ("receiver",),
    Scope.RECEIVE: ("receiver",),
    Scope.HANDLE: ("registrar", "specialist", "clerk"),
}
