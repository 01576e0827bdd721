"""What a register is handed, in boxes: each parameter of its service, and where it is taken from."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from motcua.procedures import services
from motcua.procedures.schema import Definition, Text
from motcua.sharing.registers import name_of

SIGNS = 70
INPUT = "inputs."
OF_APPLICANT: dict[str, Promise] = {
    "applicant.number": _("The applicant's number or code"),
    "applicant.name": _("The applicant's name"),
}
OF_DOSSIER: dict[str, Promise] = {
    "dossier.code": _("The code of the dossier"),
    "dossier.case": _("The case"),
    "dossier.agency": _("The agency that handles it"),
    "dossier.submitted_on": _("The day it was filed"),
}

type Source = tuple[str, str]
type Sources = list[tuple[str, list[Source]]]


class Handing(forms.Form):
    """A form with a box for each parameter of a register's service."""

    handing: tuple[str, ...] = ()

    def put_inputs(
        self,
        definition: Definition,
        service: str,
        known: Mapping[str, str],
        *,
        before: Collection[str] = (),
    ) -> None:
        """Boxes for all the service is asked with, and for what is handed over although it is not known to be asked."""
        choices = sources(definition, before, known.values())
        self.handing = tuple(dict.fromkeys((*known, *services.asks(service))))
        for name in self.handing:
            self.fields[INPUT + name] = forms.ChoiceField(
                label=name,
                choices=[("", _("nothing")), *choices],
                initial=known.get(name, ""),
                required=False,
                widget=forms.Select({"aria-label": name}),
            )

    def plain(self) -> list[BoundField]:
        """The boxes that are no parameters."""
        return [self[name] for name in self.fields if not name.startswith(INPUT)]

    def rows(self) -> list[tuple[str, BoundField]]:
        """Each parameter with its box."""
        return [(name, self[INPUT + name]) for name in self.handing]

    def said(self, typed: dict[str, Any]) -> dict[str, Any]:
        """What the boxes say, as the definition has it."""
        raise NotImplementedError

    def changed(self) -> dict[str, Any]:
        """What they say otherwise than at first."""
        first = {name: self.get_initial_for_field(field, name) for name, field in self.fields.items()}
        now, before = self.said(self.cleaned_data), self.said(first)
        return {key: value for key, value in now.items() if value != before[key]}

    def handed(self, before: str | None, service: str | None, known: Mapping[str, str]) -> dict[str, Any]:
        """What changes of what is handed over; of another service only what it is asked with as well."""
        chosen = {name: self.cleaned_data[INPUT + name] for name in self.handing}
        inputs = {name: source for name, source in chosen.items() if source}
        if service != before:
            asks = services.asks(service or "")
            inputs = {name: source for name, source in inputs.items() if name in asks}
        return {} if inputs == known else {"inputs": inputs or None}

    @property
    def wants_inputs(self) -> bool:
        """Whether another service was chosen, of which nothing could be said yet."""
        name = "unnecessary_if" if "unnecessary_if" in self.fields else "service"
        return name in self.changed_data and bool(self.cleaned_data.get(name))


def sources(definition: Definition, before: Collection[str], known: Iterable[str]) -> Sources:
    """Where a parameter can be taken from, by groups; what a file says besides stays as it is."""
    results = [
        (f"results.{step.id}.{name}", f"{said(step.name)}: {name}")
        for step in definition.steps
        if step.id in before and step.service
        for name in services.gives(step.service)
    ]
    groups: Sources = [
        (now_("Applicant"), spoken(OF_APPLICANT)),
        (
            now_("Questions of the form"),
            [(f"form.{id_}", f"{said(one.label)} ({id_})") for id_, one in definition.fields_by_id.items()],
        ),
        (now_("What earlier steps answer"), results),
        (now_("Papers"), [(f"papers.{one.id}", said(one.name)) for one in definition.papers]),
        (now_("Dossier"), spoken(OF_DOSSIER)),
    ]
    offered = {key for _group, choices in groups for key, _words in choices}
    others = [(key, key) for key in dict.fromkeys(known) if key not in offered]
    return [group for group in (*groups, (now_("As the file says"), others)) if group[1]]


def spoken(words: Mapping[str, Promise]) -> list[Source]:
    return [(key, str(said)) for key, said in words.items()]


def said(text: Text) -> str:
    return Truncator(text.said_in(get_language() or "vi")).chars(SIGNS)


def services_in_words(names: Iterable[str], known: str | None = None) -> list[Source]:
    """Services as they are chosen, by the register they belong to; one that is named already stays."""
    return [
        (name, f"{name_of(name)} – {name}" if name_of(name) else name)
        for name in dict.fromkeys((*names, *([known] if known else [])))
    ]


def kept_order(known: Sequence[str] | None, chosen: Sequence[str] | None) -> list[str]:
    """What was chosen: first what was there, in its order, then what is new, in that of the boxes."""
    chosen = chosen or []
    stay = [str(one) for one in known or () if one in chosen]
    return stay + [one for one in chosen if one not in stay]
