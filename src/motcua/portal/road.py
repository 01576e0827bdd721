"""The road through an application: its pages, which are done, and which comes next."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dossiers import facts
from motcua.dossiers.models import Application
from motcua.procedures.answers import clean
from motcua.procedures.schema import Group
from motcua.procedures.vocabulary import Channel
from motcua.ui.context import Link


@dataclass(frozen=True)
class Part:
    """One page of questions."""

    title: str
    url: str
    is_done: bool
    is_current: bool


def groups_of(application: Application) -> tuple[Group, ...]:
    """The pages to ask, as far as the answers so far decide it."""
    return application.definition.groups_for(application.case, application.answers)


def parts(application: Application, current: str = "") -> list[Part]:
    return [
        Part(
            title=facts.said(group.title),
            url=page(application, group.id),
            is_done=is_done(application, group),
            is_current=group.id == current,
        )
        for group in groups_of(application)
    ]


def is_done(application: Application, group: Group) -> bool:
    return clean(group, application.answers, earlier=application.answers, on=timezone.localdate()).is_good


def page(application: Application, group: str) -> str:
    return reverse("portal:answer", args=[application.pk, group])


def asks_for_papers(application: Application) -> bool:
    papers = application.definition.papers_for(application.case, Channel.ONLINE)
    return any(paper.upload for paper in papers)


def after(application: Application, group: str) -> str:
    """The page after this one."""
    ids = [one.id for one in groups_of(application)]
    place = ids.index(group) + 1 if group in ids else 0
    return page(application, ids[place]) if place < len(ids) else after_questions(application)


def before(application: Application, group: str) -> str:
    """The page before this one; before the first, the procedure."""
    ids = [one.id for one in groups_of(application)]
    place = ids.index(group)
    return (
        page(application, ids[place - 1])
        if place
        else reverse("portal:procedure", args=[application.version.code])
    )


def before_check(application: Application) -> str:
    """From the check back: to the papers, or where none are asked for, to the last page of questions."""
    groups = groups_of(application)
    if asks_for_papers(application) or not groups:
        return reverse("portal:papers", args=[application.pk])
    return page(application, groups[-1].id)


def after_questions(application: Application) -> str:
    return reverse("portal:papers" if asks_for_papers(application) else "portal:check", args=[application.pk])


def onward(application: Application) -> str:
    """Where a draft goes on: the first page that is not done, then the papers, then the check."""
    undone = next((part for part in parts(application) if not part.is_done), None)
    return undone.url if undone else after_questions(application)


def stations(application: Application, name: str) -> list[Link]:
    """The strip above each page; stations already passed can be gone back to, those ahead are only named."""
    groups = groups_of(application)
    links = [
        Link(_("Where"), reverse("portal:procedure", args=[application.version.code])),
        Link(_("Answers"), page(application, groups[0].id) if groups else ""),
        Link(_("Papers"), reverse("portal:papers", args=[application.pk])),
        Link(_("Check"), reverse("portal:check", args=[application.pk])),
        Link(_("Send"), ""),
    ]
    asked = links if asks_for_papers(application) else [*links[:2], *links[3:]]
    passed = station(application, name) - 1
    return [*asked[:passed], *(Link(link.label, "") for link in asked[passed:])]


def station(application: Application, name: str) -> int:
    """The number of a station in the strip."""
    names = ["where", "answers", "papers", "check", "send"]
    if not asks_for_papers(application):
        names.remove("papers")
    return names.index(name) + 1
