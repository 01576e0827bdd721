"""Values from texts of law that stand in our lists, for administrators to compare."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.desk.access import KEEPERS, led_by, officers
from motcua.dossiers.postings import tariffs
from motcua.people.middleware import ActorRequest
from motcua.procedures import actions
from motcua.procedures.comparing import Compared, Value, compared, exemptions, validities
from motcua.procedures.rules import keepers_of_the_lists
from motcua.ui import words

# What each list is called, and where its values are changed.
LISTS: dict[str, tuple[Promise, Promise]] = {
    "validity": (
        gettext_lazy("How long papers may be used"),
        gettext_lazy("In the file procedures/paper_kinds.yaml: months, source, since."),
    ),
    "postage": (
        gettext_lazy("What the post takes"),
        gettext_lazy("In the file dossiers/postage.yaml: a line more for each day from which it changes."),
    ),
    "exemption": (
        gettext_lazy("Who need not pay a fee"),
        gettext_lazy("In the next version of the procedure."),
    ),
}


@require_GET
@officers
def index(request: ActorRequest) -> HttpResponseBase:
    """Each list with its values, their sources and first days, and who has compared them."""
    led_by(request, *KEEPERS)
    known = compared(values())
    lists = [
        (title, where, [(one, said(one.value)) for one in known if kind_of(one.value) == kind])
        for kind, (title, where) in LISTS.items()
    ]
    context = {
        "lists": [one for one in lists if one[2]],
        "open": sum(1 for one in known if is_open(one)),
        "may_compare": keepers_of_the_lists(request.actor, None),
    }
    return render(request, "desk/lists.html", context)


@require_POST
@officers
def compare(request: ActorRequest) -> HttpResponseBase:
    """A value was compared with its text; what has changed since the page was drawn must be looked at again."""
    led_by(request, *KEEPERS)
    wanted = request.POST.get("key", ""), request.POST.get("digest", "")
    known = {one.key: one for one in values()}
    value = known.get(wanted[0])
    if value is None:
        raise Http404
    if value.digest != wanted[1]:
        messages.error(request, _("This value has changed meanwhile. Compare it again."))
    else:
        actions.compare(value, by=request.actor)
        messages.success(request, _("Written down: “%(what)s” was compared.") % said(value))
    return redirect("desk:lists")


def values() -> list[Value]:
    language = get_language() or "vi"
    return [*validities(language), *tariffs(), *exemptions(timezone.localdate(), language)]


def kind_of(value: Value) -> str:
    return value.key.partition(":")[0]


def is_open(one: Compared) -> bool:
    return one.at is None


def said(value: Value) -> dict[str, Any]:
    """A value in words."""
    match kind_of(value):
        case "validity":
            months = int(value.says)
            return {
                "what": value.what,
                "says": ngettext("%(count)s month", "%(count)s months", months) % {"count": months},
            }
        case "postage":
            within, beyond = (words.money(int(one)) for one in value.says.split("/"))
            says = _("%(within)s within the province, %(beyond)s beyond")
            return {"what": _("Postage"), "says": says % {"within": within, "beyond": beyond}}
    return {"what": value.what, "says": ""}
