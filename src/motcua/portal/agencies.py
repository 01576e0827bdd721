"""Which agencies receive a procedure: those the country's directory lets this node send to, at the level that handles it."""

from collections.abc import Callable

from django.conf import settings
from django.db.models import Q

from motcua.exchange.questions import recipients
from motcua.organisations.decisions import codes_above
from motcua.organisations.models import Agency
from motcua.procedures.models import Version
from motcua.procedures.places import level_at
from motcua.procedures.search.index import Office
from motcua.procedures.vocabulary import Level


def receiving(version: Version) -> list[Agency]:
    """Agencies one can file at, by name."""
    wanted = {Level(level) for level in version.levels}
    agencies = Agency.objects.in_force().filter(reachable()).order_by("short_name")
    return [agency for agency in agencies if level_of(agency) in wanted and is_its_own(agency, version)]


def is_its_own(agency: Agency, version: Version) -> bool:
    """Whether what a province wrote for itself is filed there: at the province and below."""
    return not version.owner or version.owner in codes_above(agency.code)


def reachable() -> Q:
    """Those the directory knows; a node that has none yet knows its own and those below them."""
    if known := recipients("dossier.submitted", sender=settings.NODE.agency):
        return Q(code__in=known)
    below = Q(code__in=settings.NODE.agencies)
    for code in settings.NODE.agencies:
        below |= Q(code__startswith=f"{code}.")
    return below


def answering() -> Callable[[str], bool]:
    """Whether an agency has a desk this node may send questions to: as the directory says, or without one, its own."""
    if known := frozenset(recipients("petition.filed", sender=settings.NODE.agency)):
        return known.__contains__
    own = tuple(settings.NODE.agencies)
    return lambda code: code in own or code.startswith(tuple(f"{one}." for one in own))


def level_of(agency: Agency | Office) -> Level:
    return level_at(agency.code, agency.unit_code)
