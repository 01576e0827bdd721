"""A draft as it will look: the citizen's page, the way of the dossier, the questions of a page."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.dossiers import facts
from motcua.dossiers.forms import Block, blocks, field_for
from motcua.organisations.models import Agency
from motcua.organisations.names import role_name
from motcua.procedures.actions.publishing import as_version
from motcua.procedures.drift import differences
from motcua.procedures.going_online import is_online
from motcua.procedures.life import life_events
from motcua.procedures.models import Draft, Procedure
from motcua.procedures.offered import last_poll, opened_online, overlays_of
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


def preview(draft: Draft, wanted: str) -> dict[str, Any]:
    """The citizen's page of a draft as it would be, what of it citizens do not see, and the facts of its procedure so far."""
    definition, today = draft.definition, timezone.localdate()
    procedure = draft.base.procedure if draft.base else Procedure(code=draft.code, owner=draft.owner)
    shown = facts.page(as_version(definition, procedure, ""), definition, wanted)
    case = shown["case"].id if shown["case"] else None
    overlays = overlays_of(procedure.pk, today) if draft.base else ()
    return {
        **shown,
        "poll": last_poll.first(draft.code),
        "differences": list(differences(overlays, today)),
        "may_begin": is_online(definition) or bool(draft.base and opened_online(procedure.pk, today)),
        "moments": [said(life_events()[one].name) for one in definition.life_events],
        "signing": SIGNINGS[definition.signature],
        "way_through": process(definition, case),
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
