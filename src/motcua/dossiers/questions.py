"""Questions about applications that pages and actions ask alike."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from motcua.dossiers.models import Application, Attachment, Dossier
from motcua.procedures.answers import Cleaned, clean
from motcua.procedures.schema import Definition, Group
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


def to_mend(application: Application) -> list[Group]:
    """The pages the applicant may put right: those that were asked for again, and those an answer on them has opened."""
    asked, answers = application.asked_pages, application.answers
    return [
        group
        for group in application.definition.groups_for(application.case, answers)
        if group.id in asked or is_untouched(group, answers)
    ]


def is_untouched(group: Group, answers: Mapping[str, Any]) -> bool:
    """Whether a page wants answers and has none."""
    is_empty = all(answers.get(one.id) in (None, "") for one in group.fields)
    return is_empty and not clean(group, answers, earlier=answers, on=timezone.localdate()).is_good


def not_mended(application: Application) -> list[str]:
    """The titles of those that are not whole."""
    answers, today = application.answers, timezone.localdate()
    return [
        group.title.said_in(get_language() or "vi")
        for group in to_mend(application)
        if not clean(group, answers, earlier=answers, on=today).is_good
    ]


def put_right(dossier: Dossier, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Of new answers those that may take the place of what was declared: on pages that were asked for, or opened by them."""
    known = dossier.answers
    pages = opened(dossier, {**known, **answers})
    told = {one.id: answers[one.id] for group in pages for one in group.fields if one.id in answers}
    return {name: value for name, value in told.items() if value != known.get(name)}


def opened(dossier: Dossier, answers: Mapping[str, Any]) -> list[Group]:
    """The pages that were asked for again, and those these answers open that were not asked before."""
    there = {group.id for group in dossier.definition.groups_for(dossier.case, dossier.answers)}
    return [
        group
        for group in dossier.definition.groups_for(dossier.case, answers)
        if group.id in dossier.asked_pages or group.id not in there
    ]


def to_enter(dossier: Dossier) -> list[Group]:
    """The pages an officer enters anew: those that were asked for, and those an answer on them may open."""
    pages: list[Group] = []
    for group in dossier.definition.form:
        if group.cases and dossier.case not in group.cases:
            continue
        names = {one.id for page in pages for one in page.fields}
        may_open = group.when is not None and group.when.field in names
        if group.id in dossier.asked_pages or (
            may_open and not group.is_asked(dossier.case, dossier.answers)
        ):
            pages.append(group)
    return pages


def mended(dossier: Dossier, typed: Mapping[str, object]) -> Cleaned:
    """What was typed of the pages to be put right, each page in the light of all answers before it."""
    whole, today = Cleaned(), timezone.localdate()
    for group in to_enter(dossier):
        known = {**dossier.answers, **whole.values}
        if group.is_asked(dossier.case, known):
            page = clean(group, typed, earlier=known, on=today)
            whole.values.update(page.values)
            whole.faults.update(page.faults)
    return whole


def not_whole(dossier: Dossier, pages: Iterable[str] | None = None) -> list[Group]:
    """The pages of a dossier's form (of these, if some are named) that lack an answer or have one that does not hold."""
    answers, today = dossier.answers, timezone.localdate()
    return [
        group
        for group in dossier.definition.groups_for(dossier.case, answers)
        if (pages is None or group.id in pages)
        and not clean(group, answers, earlier=answers, on=today).is_good
    ]


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
