"""What someone keeps at hand: procedures they marked, and those they used; nobody's visits are written down."""

from collections.abc import Iterable

from django.db.models import Max

from motcua.dossiers.models import Application
from motcua.lib.actors import Actor
from motcua.people.models import Account
from motcua.portal.finding import Line, lines
from motcua.procedures.models import Favourite, Version
from motcua.procedures.search import current

SHOWN = 6


def marked(account: Account, *, most: int | None = None) -> list[Line]:
    """The procedures someone marked, the last one first."""
    codes = Favourite.objects.filter(account=account).order_by("-marked_at", "-pk")
    return in_force(codes.values_list("procedure__code", flat=True)[:most])


def used(actor: Actor, *, most: int = SHOWN) -> list[Line]:
    """The procedures of one's own applications, the one last worked on first."""
    own = (
        Application.objects.visible_to(actor)
        .values("version__procedure__code")
        .annotate(last=Max("changed_at"))
    )
    return in_force(own.order_by("-last").values_list("version__procedure__code", flat=True)[:most])


def in_force(codes: Iterable[str]) -> list[Line]:
    """Those of these procedures that hold today, in this order."""
    index = current.current()
    return lines([index.pks[index.by_code[code]] for code in codes if code in index.by_code])


def is_marked(account: Account, version: Version) -> bool:
    return Favourite.objects.filter(account=account, procedure=version.procedure_id).exists()
