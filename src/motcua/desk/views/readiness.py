"""How far each procedure can truly be done online, for those who can change it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from motcua.desk.access import KEEPERS, led_by, officers
from motcua.indicators.unused import SPANS, Why, conditions_of, services
from motcua.indicators.usage import Usage, reasons, usage
from motcua.people.middleware import ActorRequest
from motcua.procedures.models import Version, VersionQuerySet
from motcua.procedures.online_levels import rule_sets, rules_on
from motcua.procedures.readiness import Hindrance
from motcua.procedures.vocabulary import OnlineKind
from motcua.procedures.words import HINDRANCES, VERDICTS
from motcua.ui.context import Link

PAGE = 30
STATES = {OnlineKind.FULL: "ok", OnlineKind.PARTIAL: "soon", OnlineKind.NONE: "plain"}
CLAIMED = "claimed"


@dataclass(frozen=True)
class Line:
    """A procedure in the list: its verdict and what keeps it back, in short."""

    code: str
    name: str
    field: str
    state: str
    verdict: str
    level: str
    claims_too_much: bool
    is_sure: bool
    hindrances: str


@require_GET
@officers
def index(request: ActorRequest) -> HttpResponseBase:
    """Every procedure in force with its verdict; those that promise more than they keep first of all in the pills."""
    led_by(request, *KEEPERS)
    versions = in_force()
    chosen, hindrance = request.GET.get("verdict", ""), request.GET.get("why", "")
    counts = tallies(versions)
    shown = narrowed(versions, chosen, hindrance).select_related("procedure").defer("content")
    after = request.GET.get("after", "").replace("\x00", "")
    rows = list(shown.filter(procedure__code__gt=after).order_by("procedure__code")[: PAGE + 1])
    more = {"verdict": chosen, "why": hindrance, "after": rows[PAGE - 1].code} if len(rows) > PAGE else {}
    context = {
        "lines": [line(version) for version in rows[:PAGE]],
        "next": f"?{urlencode(more)}" if more else "",
        "counts": counts,
        "pills": pills(counts, chosen),
        "why": HINDRANCES.get(hindrance, ""),
        "bars": bars(versions),
    }
    return render(request, "desk/readiness.html", context)


@require_GET
@officers
def show(request: ActorRequest, code: str) -> HttpResponseBase:
    """One procedure: each reason with what to change."""
    led_by(request, *KEEPERS)
    version = get_object_or_404(in_force().select_related("procedure"), procedure__code=code)
    language = get_language() or "vi"
    context = {
        "line": line(version),
        "counts": "indicators" in settings.NODE.contexts,
        "used": used(version),
        "judgement": version.judgement,
        "version": version,
        "levels": [
            (rules, rules.basis[0].number, rules.level_of(version).name.said_in(language))
            for rules in rule_sets()
        ],
    }
    return render(request, "desk/readiness_of.html", context)


def used(version: Version) -> list[tuple[str, str]]:
    """What the use of the last year says against it, as far as this node counts dossiers."""
    if "indicators" not in settings.NODE.contexts:
        return []
    today, days = timezone.localdate(), SPANS[-1]
    here = Q(pk=version.pk) & conditions_of(Usage())[Why.UNUSED]
    is_unused = services(today, days).filter(here).exists()
    return list(reasons(version, usage(today, days), is_unused=is_unused))


def in_force() -> VersionQuerySet:
    return Version.objects.in_force(timezone.localdate())


def narrowed(versions: VersionQuerySet, verdict: str, hindrance: str) -> VersionQuerySet:
    """Those with the verdict and the hindrance asked for, if such exist."""
    if verdict == CLAIMED:
        versions = versions.claiming_too_much()
    elif verdict in VERDICTS:
        versions = versions.filter(readiness=verdict)
    return versions.filter(hindrances__contains=[hindrance]) if hindrance in HINDRANCES else versions


def tallies(versions: VersionQuerySet) -> dict[str, int]:
    """How many there are of each verdict; one query over a table of a few thousand short rows."""
    too_much = Q(online=OnlineKind.FULL) & ~Q(readiness__in=["", OnlineKind.FULL])
    return versions.aggregate(
        all=Count("pk"),
        full=Count("pk", filter=Q(readiness=OnlineKind.FULL)),
        partial=Count("pk", filter=Q(readiness=OnlineKind.PARTIAL)),
        none=Count("pk", filter=Q(readiness=OnlineKind.NONE)),
        claimed=Count("pk", filter=too_much),
        unread=Count("pk", filter=Q(is_understood=False)),
    )


def pills(counts: dict[str, int], chosen: str) -> list[Link]:
    """All, each verdict, and the broken promises."""
    named = (
        ("", _("All"), "all"),
        *((str(kind), str(VERDICTS[kind]), str(kind)) for kind in STATES),
        (CLAIMED, _("Promised fully online, but is not"), "claimed"),
    )
    return [
        Link(label, f"?verdict={key}" if key else "?", chosen == key, count=counts[tally])
        for key, label, tally in named
    ]


@dataclass(frozen=True)
class Bar:
    """How many procedures a hindrance keeps back, as `<c-bars>` draws it."""

    label: str
    value: int
    percent: float
    url: str


def bars(versions: VersionQuerySet) -> list[Bar]:
    """The hindrances by how many procedures they keep back."""
    asked = {str(name): Count("pk", filter=Q(hindrances__contains=[str(name)])) for name in Hindrance}
    counts = versions.aggregate(**asked)
    most = max(counts.values(), default=0) or 1
    found = sorted(counts.items(), key=lambda pair: -pair[1])
    return [
        Bar(str(HINDRANCES[name]), count, 100 * count / most, f"?why={name}")
        for name, count in found
        if count
    ]


def line(version: Version) -> Line:
    language = get_language() or "vi"
    return Line(
        code=version.code,
        name=version.name_in(language),
        field=version.field_in(language),
        state=STATES.get(OnlineKind(version.readiness or "unknown"), "plain"),
        verdict=str(VERDICTS[version.readiness or OnlineKind.UNKNOWN]),
        level=rules_on(timezone.localdate()).level_of(version).name.said_in(language),
        claims_too_much=version.claims_too_much,
        is_sure=version.is_understood,
        hindrances=", ".join(str(HINDRANCES[name]) for name in version.hindrances),
    )
