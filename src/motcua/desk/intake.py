"""The second form of the counter: all the officer takes down, on one page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import get_language
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from motcua.desk.reception import Reception, value_of
from motcua.dossiers.actions.counter import Verdict
from motcua.dossiers.cards import read_card
from motcua.dossiers.forms import LONGEST, Block, Typeahead, as_text, blocks, field_for, shown
from motcua.dossiers.models import Paper
from motcua.dossiers.questions import is_done_at_once
from motcua.dossiers.states import Way
from motcua.lib.actions import Invalid
from motcua.organisations.models import Agency
from motcua.procedures.folding import fold
from motcua.procedures.models import Version
from motcua.procedures.schema import Group
from motcua.procedures.schema import Paper as Wanted
from motcua.sharing.registers import name_of

CAPTURE = {"accept": "image/*,application/pdf", "capture": "environment"}
# What can lie on a counter; what a register said comes from the register only.
COPIES = [choice for choice in Paper.Copy.choices if choice[0] != Paper.Copy.REGISTER]
VERDICTS = {
    Verdict.ACCEPT: _("Complete: receive it and give form 01"),
    Verdict.AT_ONCE: _("The result is given at once, and the fee paid in cash"),
    Verdict.SUPPLEMENT: _("Something is missing: give form 02"),
    Verdict.FORWARD: _("It belongs to another agency: send it on"),
    Verdict.REFUSE: _("It cannot be received: give form 03"),
}


@dataclass(frozen=True)
class Line:
    """One paper the procedure asks for: its tick, the kind of copy, the picture, and what was scanned already."""

    paper: Wanted
    name: str
    tick: BoundField
    copy: BoundField
    file: BoundField
    scanned: str
    # Where a register could be read instead.
    read: BoundField | None = None


class Intake(forms.Form):
    """All the officer takes down, on one page; our own fields bear a hyphen, so that no question can have their names."""

    use_required_attribute = False

    def __init__(self, reception: Reception, version: Version, typed: Any = None, files: Any = None) -> None:
        self.reception, self.definition = reception, version.definition
        self.language = get_language() or "vi"
        super().__init__(typed, files)
        self.sources: dict[str, str] = {}
        self.groups = [one for one in self.definition.form if not one.cases or reception.case in one.cases]
        channel = Way(reception.way).channel.word
        self.papers = self.definition.papers_for(reception.case, channel)
        for group in self.groups:
            self.ask(group)
        if "receive_by" in self.fields:
            self.initial["receive_by"] = "counter"
        self.ask_person()
        self.ask_bringer()
        for paper in self.papers:
            self.ask_paper(paper)
        self.ask_verdict(channel, others(reception.agency))

    def ask(self, group: Group) -> None:
        """The questions of one group, with what is known."""
        for question in group.fields:
            field = self.fields[question.id] = field_for(question)
            value = value_of(question, self.reception)
            if question.prefill_when is None and value is not None:
                self.initial[question.id] = shown(question, value)
                self.sources[question.id] = self.reception.source
            elif value is not None:
                field.help_text = _("Leave empty to take it from the register, where it applies.")

    def ask_person(self) -> None:
        """Name and phone, where the form of the procedure does not ask for them itself; a business is always asked for its name."""
        of_business = self.reception.is_business
        if of_business or "applicant_name" not in self.fields:
            self.fields["person-name"] = forms.CharField(
                label=_("Name of the business") if of_business else _("Full name of the applicant"),
                max_length=120,
            )
            self.initial["person-name"] = self.reception.name
        if "applicant_phone" not in self.fields:
            self.fields["person-phone"] = forms.CharField(
                label=_("Phone"), max_length=20, required=False, widget=forms.TextInput({"inputmode": "tel"})
            )

    def ask_bringer(self) -> None:
        """Who came instead of the applicant, by which paper; or what the post wrote on it."""
        asked = {
            Way.PROXY: (
                ("by-name", _("Name of who brings it"), 120, True),
                ("by-number", _("Their personal number"), 20, True),
                ("by-phone", _("Their phone"), 20, False),
                ("by-authority", _("Paper of authority"), 200, True),
            ),
            Way.POST: (("by-waybill", _("Number of the postal item"), 40, True),),
            Way.SERVICE: (
                ("by-name", _("Name of the service"), 120, True),
                ("by-waybill", _("Number of the postal item"), 40, False),
            ),
        }
        for name, label, longest, required in asked.get(Way(self.reception.way), ()):
            self.fields[name] = forms.CharField(label=label, max_length=longest, required=required)
            self.initial[name] = self.reception.bringer.get(name.removeprefix("by-"), "")
        if "by-authority" in self.fields and (who := self.reception.known.get("representative_name")):
            words = now_("By the register %(name)s represents the business by law.") % {"name": who}
            self.fields["by-authority"].help_text = words

    def ask_paper(self, paper: Wanted) -> None:
        """Was it handed in, as what, and is there a picture of it?"""
        self.fields[f"has-{paper.id}"] = forms.BooleanField(label=_("Handed in"), required=False)
        self.fields[f"copy-{paper.id}"] = forms.ChoiceField(
            label=_("Kind of copy"), choices=COPIES, initial=Paper.Copy.ORIGINAL, required=False
        )
        self.fields[f"file-{paper.id}"] = forms.FileField(
            label=_("Scan or photo"), required=False, widget=forms.FileInput(CAPTURE)
        )
        if register := name_of(paper.unnecessary_if or ""):
            self.fields[f"read-{paper.id}"] = forms.BooleanField(
                label=now_("Read in the %(register)s instead") % {"register": register}, required=False
            )
            # The person was read when the page opened: that reading is there already.
            self.initial[f"read-{paper.id}"] = self.reception.has_read(paper)

    def ask_verdict(self, channel: str, agencies: Sequence[Agency]) -> None:
        """What the officer finds; what cannot be is not offered."""
        possible = [
            verdict
            for verdict in VERDICTS
            if verdict is not Verdict.AT_ONCE
            or is_done_at_once(self.definition, self.reception.case, channel)
        ]
        self.fields["counter-verdict"] = forms.ChoiceField(
            label=_("What do you find?"),
            choices=[(verdict.value, VERDICTS[verdict]) for verdict in possible],
            initial=Verdict.ACCEPT.value,
            widget=forms.RadioSelect,
        )
        self.fields["counter-words"] = forms.CharField(
            label=_("What was given, what is missing, or why"),
            help_text=_("One line for each point. The applicant reads these words on the form."),
            widget=forms.Textarea({"rows": 3}),
            max_length=LONGEST,
            required=False,
        )
        self.fields["counter-forward_to"] = forms.CharField(label=_("Agency it belongs to"), required=False)
        self.fields["counter-forward_to"].widget = Typeahead([one.short_name for one in agencies])
        self.fields["counter-receipt"] = forms.BooleanField(
            label=_("Print form 01 as well, though the result is given at once"), required=False
        )

    def pages(self) -> list[tuple[str, list[Block]]]:
        """The groups of the procedure's form, each with its heading."""
        return [(group.title.said_in(self.language), blocks(self, group)) for group in self.groups]

    def lines(self) -> list[Line]:
        """The papers the procedure asks for."""
        return [
            Line(
                paper,
                paper.name.said_in(self.language),
                self[f"has-{paper.id}"],
                self[f"copy-{paper.id}"],
                self[f"file-{paper.id}"],
                str(self.reception.uploads.get(paper.id, {}).get("name", "")),
                self[f"read-{paper.id}"] if f"read-{paper.id}" in self.fields else None,
            )
            for paper in self.papers
        ]

    def bringer(self) -> list[BoundField]:
        """What is asked about who brings it."""
        names = (
            "person-name",
            "person-phone",
            "by-name",
            "by-number",
            "by-phone",
            "by-authority",
            "by-waybill",
        )
        return [self[name] for name in names if name in self.fields]

    def clean(self) -> dict[str, Any]:
        """The proxy's number, scanned or typed, and the agency whose name was typed."""
        for name, read in (("by-number", self.number_of), ("counter-forward_to", self.agency_of)):
            if self.cleaned_data.get(name):
                try:
                    self.cleaned_data[name] = read(self.cleaned_data[name])
                except Invalid as fault:
                    self.add_error(name, str(fault))
        return self.cleaned_data

    def number_of(self, typed: str) -> str:
        """The personal number on a card. Raises Invalid."""
        return read_card(typed).number

    def agency_of(self, typed: str) -> str:
        """Code of the agency of this name; nothing where the dossier stays. Raises Invalid."""
        if self.verdict is not Verdict.FORWARD:
            return ""
        meant = [one for one in others(self.reception.agency) if fold(one.short_name) == fold(typed)]
        if len(meant) != 1:
            raise Invalid(str(_("No agency here bears this name. Choose one from the list.")))
        return meant[0].code

    @property
    def verdict(self) -> Verdict:
        return Verdict(self.cleaned_data["counter-verdict"])

    @property
    def applicant_name(self) -> str:
        """As it was taken down; the form's own question is of the person who asks, not of a business."""
        names = ("person-name", "applicant_name")
        wanted = names if self.reception.is_business else names[::-1]
        return str(next((self.cleaned_data[one] for one in wanted if self.cleaned_data.get(one)), ""))

    def pictures(self) -> dict[str, Any]:
        """The scans and photos, by paper."""
        given = {paper.id: self.cleaned_data.get(f"file-{paper.id}") for paper in self.papers}
        return {paper: file for paper, file in given.items() if file}

    def handed_in(self) -> list[dict[str, Any]]:
        """The papers that were ticked or scanned, as the dossier keeps them."""
        found = []
        for paper in self.papers:
            scanned = self.reception.uploads.get(paper.id, {})
            if scanned or self.cleaned_data.get(f"has-{paper.id}"):
                name = paper.name.vi[:200]
                nothing: dict[str, Any] = {"media": "", "size": 0, "digest": ""}
                copy = self.cleaned_data.get(f"copy-{paper.id}") or Paper.Copy.ORIGINAL.value
                found.append({"paper": paper.id, **nothing, **scanned, "name": name, "copy": copy})
        return found

    def blame(self, faults: dict[str, str]) -> None:
        """Show at each field what is wrong with it."""
        for name, words in faults.items():
            own = {"words": "counter-words", "reason": "counter-words"}.get(name, f"counter-{name}")
            self.add_error(next((one for one in (name, own) if one in self.fields), None), words)

    def typed(self) -> dict[str, str]:
        """The answers as text; what was left empty and the register knows is filled in, where it applies."""
        known = {
            question.id: as_text(self.cleaned_data.get(question.id))
            for group in self.groups
            for question in group.fields
        }
        for group in self.groups:
            for question in group.fields:
                when, value = question.prefill_when, value_of(question, self.reception)
                if when and value is not None and not known[question.id] and when.holds(as_answers(known)):
                    known[question.id] = as_text(value)
        return known


def as_answers(typed: dict[str, str]) -> dict[str, Any]:
    """Typed text as conditions compare it: yes and no are no words."""
    return {name: {"true": True, "false": False}.get(text, text) for name, text in typed.items()}


def others(agency: str) -> list[Agency]:
    """The agencies of the same province or ministry, to one of which a dossier may belong."""
    top = agency.split(".", 1)[0]
    return list(Agency.objects.in_force().under(top).exclude(code=agency).order_by("short_name"))
