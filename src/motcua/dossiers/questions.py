"""Questions about applications that pages and actions ask alike."""

from collections.abc import Iterable, Mapping

from django.utils import timezone
from django.utils.translation import get_language

from motcua.dossiers.models import Application, Attachment
from motcua.procedures.answers import Cleaned, clean
from motcua.procedures.schema import Definition
from motcua.procedures.vocabulary import Unit


def missing(application: Application, given: Iterable[str] | None = None) -> list[str]:
    """What an application still lacks before it can be sent, each as the page or paper is called.

    `given` are the papers that are there, where they have been read already.
    """
    definition, language = application.definition, get_language() or "vi"
    pages = [
        group.title.said_in(language)
        for group in definition.groups_for(application.case, application.answers)
        if not clean(group, application.answers, earlier=application.answers, on=timezone.localdate()).is_good
    ]
    if given is None:
        held = application.attachments.filter(kind=Attachment.Kind.GIVEN)
        given = held.values_list("paper", flat=True)
    there = set(given)
    papers = [
        paper.name.said_in(language)
        for paper in definition.papers_for(application.case, "online")
        if paper.required and paper.upload and paper.id not in there
    ]
    return [*pages, *papers]


def answered(definition: Definition, case: str, typed: Mapping[str, object]) -> Cleaned:
    """Read the whole form at once, each page in the light of those before it; what is not asked is left out."""
    whole, today = Cleaned(), timezone.localdate()
    for group in definition.form:
        if group.is_asked(case, whole.values):
            page = clean(group, typed, earlier=whole.values, on=today)
            whole.values.update(page.values)
            whole.faults.update(page.faults)
    return whole


def papers_lacking(definition: Definition, case: str, channel: str, given: Iterable[str]) -> list[str]:
    """The papers that must be handed in at the counter and were not; what a register said in place of one is among `given`."""
    language, there = get_language() or "vi", set(given)
    return [
        paper.name.said_in(language)
        for paper in definition.papers_for(case, channel)
        if paper.required and paper.id not in there
    ]


def is_done_at_once(definition: Definition, case: str, channel: str) -> bool:
    """Whether it may be decided while people wait: its term is the day itself, and no other agency has a step in it."""
    term = definition.term_for(case, channel)
    alone = all(not step.kind.is_elsewhere for step in definition.steps_for(case))
    return term is not None and term.unit is Unit.AT_ONCE and alone
