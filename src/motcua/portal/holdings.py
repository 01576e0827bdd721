"""A wallet as its owner reads it: what each paper is, how long it holds, where it was handed in."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.documents.inquiries import faults_in_words
from motcua.dossiers import facts
from motcua.dossiers.models import Application, Attachment
from motcua.lib.actors import Actor
from motcua.procedures.kinds import name_of
from motcua.procedures.schema import Paper
from motcua.ui import words
from motcua.wallets.models import Holding

MOST_USES = 200
MOST_OFFERED = 5


@dataclass(frozen=True)
class Use:
    """A dossier in which a paper was handed in."""

    title: str
    code: str
    url: str
    at: date


@dataclass(frozen=True)
class Line:
    """A paper of the wallet: its kind in words, how long it holds as state class and words, where it was used."""

    holding: Holding
    kind: str
    tag: tuple[str, str]
    url: str
    uses: list[Use] = field(default_factory=list)

    @property
    def says(self) -> str:
        """Kind, number, issuer and day in one sentence, as far as they are known."""
        day = self.holding.issued_on
        return " · ".join(
            filter(
                None,
                (
                    self.kind if self.kind != self.holding.name else "",
                    _("no. %(number)s") % {"number": self.holding.number} if self.holding.number else "",
                    self.holding.issuer,
                    words.day(day) if day else "",
                ),
            )
        )


def lines(holdings: Iterable[Holding], *, by: Actor, today: date) -> list[Line]:
    """The papers of one page with where each was used: one query, however many."""
    shown = list(holdings)
    used = uses({holding.digest for holding in shown}, by=by)
    return [line(holding, today, used.get(holding.digest, [])) for holding in shown]


def line(holding: Holding, today: date, used: list[Use] | None = None) -> Line:
    return Line(
        holding,
        name_of(holding.kind, facts.language()),
        tag(holding, today),
        reverse("portal:holding", args=[holding.pk]),
        used or [],
    )


def tag(holding: Holding, today: date) -> tuple[str, str]:
    """Whether it holds, and until when."""
    standing, until = holding.standing(today), holding.valid_until
    if standing == "late" and until:
        return "late", _("Expired on %(day)s") % {"day": words.day(until)}
    if standing == "soon" and until:
        return "soon", _("Expires on %(day)s") % {"day": words.day(until)}
    if holding.is_upload and not holding.is_vouched_for:
        return "plain", _("Not signed by an agency")
    return "ok", _("Valid until %(day)s") % {"day": words.day(until)} if until else _("Signed")


def uses(digests: set[str], *, by: Actor) -> dict[str, list[Use]]:
    """Own dossiers in which files of these digests were given, the last first."""
    own = Application.objects.visible_to(by)
    found: dict[str, list[Use]] = defaultdict(list)
    given = (
        Attachment.objects.filter(application__in=own, digest__in=digests, kind=Attachment.Kind.GIVEN)
        .select_related("application__version__procedure")
        .defer("application__version__content")
        .order_by("-added_at", "-pk")[:MOST_USES]
    )
    for one in given:
        found[one.digest].append(
            Use(
                one.application.version.name_in(facts.language()),
                one.application.code,
                reverse("portal:application", args=[one.application_id]),
                one.added_at,
            )
        )
    return found


def doubts(holding: Holding) -> list[str]:
    """What is wrong with the signatures on a file its owner uploaded."""
    return [str(said) for said in faults_in_words(holding.verdict or {})]


def fitting(papers: Iterable[Paper], *, by: Actor, today: date) -> dict[str, list[Line]]:
    """For each paper asked for, what the wallet holds that serves as it, what agencies signed first: one query for all."""
    wanted = {paper.id: set(paper.kinds) for paper in papers if paper.upload and paper.kinds}
    if not wanted:
        return {}
    held = Holding.objects.visible_to(by).of_kinds(set().union(*wanted.values()), today).newest_first()
    known = [line(holding, today) for holding in held[:MOST_USES]]
    known.sort(key=lambda one: not one.holding.is_vouched_for)
    return {
        paper: [one for one in known if one.holding.kind in kinds][:MOST_OFFERED]
        for paper, kinds in wanted.items()
    }
