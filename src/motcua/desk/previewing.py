"""A definition as it will look: the citizen's facts, the way of the dossier, the questions."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.dossiers.forms import Block, blocks, field_for
from motcua.organisations.models import Agency
from motcua.organisations.names import role_name
from motcua.procedures.life import life_events
from motcua.procedures.picture import Box, picture
from motcua.procedures.schema import Definition, Group, Text
from motcua.procedures.vocabulary import StepKind
from motcua.procedures.words import CHANNELS, SIGNINGS, priced, term_in_words
from motcua.ui import words


@dataclass(frozen=True)
class Drawn:
    """A step as `<c-process>` draws it."""

    title: str
    who: str
    time: str
    mark: str
    state: str = ""


class Questions(forms.Form):
    """One page of the form, to be looked at."""

    use_required_attribute = False

    def __init__(self, group: Group) -> None:
        super().__init__(prefix=group.id)
        self.group = group
        for question in group.fields:
            self.fields[question.id] = field_for(question)
            self.fields[question.id].disabled = True

    @property
    def title(self) -> str:
        return said(self.group.title)

    @property
    def intro(self) -> str:
        return said(self.group.intro)

    def blocks(self) -> list[Block]:
        """The fields in their order, with the conditions on which they are asked."""
        return blocks(self, self.group)


def preview(definition: Definition, case: str | None) -> dict[str, Any]:
    """All the page shows of one case."""
    papers = {paper.id: said(paper.name) for paper in definition.papers}
    return {
        "name": said(definition.name),
        "summary": said(definition.summary),
        "conditions": said(definition.conditions),
        "ways": ways(definition, case),
        "papers": [(said(paper.name), paper) for paper in definition.papers_for(case)],
        "free": [
            (said(one.name), papers.get(one.proof or "", ""), one.basis)
            for one in definition.exemptions
            if not one.cases or case in one.cases
        ],
        "moments": [said(life_events()[one].name) for one in definition.life_events],
        "cut_off": definition.cut_off,
        "signing": SIGNINGS[definition.signature],
        "results": [said(one.name) for one in definition.results if not one.cases or case in one.cases],
        "steps": process(definition, case),
        "pages": [Questions(group) for group in definition.form if not group.cases or case in group.cases],
    }


def ways(definition: Definition, case: str | None) -> list[tuple[str, str, str]]:
    """Each way of filing with its time and fee."""
    return [
        (
            str(CHANNELS[channel]),
            term_in_words(definition.term_for(case, channel)),
            priced(definition.fee_for(case, channel)),
        )
        for channel in definition.channels
    ]


def ways_by_case(definition: Definition) -> list[tuple[str, str, str]]:
    """The same for every case, under its name."""
    if not definition.cases:
        return ways(definition, None)
    return [
        (f"{said(case.name)} – {way}", time, fee)
        for case in definition.cases
        for way, time, fee in ways(definition, case.id)
    ]


def process(definition: Definition, case: str | None) -> list[Drawn]:
    """The way of the dossier; steps beside each other bear the same number."""
    codes = {step.agency for step in definition.steps if step.agency}
    offices = {agency.code: agency.name for agency in Agency.objects.filter(code__in=codes)}
    return [
        Drawn(
            said(box.name),
            holder(box, offices),
            " · ".join(
                filter(None, [words.exact(box.hours) if box.hours else _("At once"), back(definition, box)])
            ),
            str(number),
        )
        for number, stage in enumerate(picture(definition, case).stages, start=1)
        for box in stage.boxes
    ]


def back(definition: Definition, box: Box) -> str:
    """Where a dossier may be sent back to from a step."""
    return (
        _("may send back to “%(step)s”") % {"step": said(definition.step(box.back).name)} if box.back else ""
    )


def holder(box: Box, offices: dict[str, str]) -> str:
    if box.kind is StepKind.AUTOMATIC:
        return _("The system")
    if box.kind.is_elsewhere:
        return offices.get(box.holder) or said(box.asks) or box.holder
    return role_name(box.holder)


def said(text: Text | None) -> str:
    return text.said_in(get_language() or "vi") if text else ""
