"""The forms in which the parts of a draft are written that are no questions: facts and papers."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from motcua.desk.handing import Handing, kept_order, said, services_in_words
from motcua.desk.questioning import Identified, Lines, halves, text
from motcua.procedures import services
from motcua.procedures.form_editing import two_parts
from motcua.procedures.kinds import kinds
from motcua.procedures.life import life_events
from motcua.procedures.schema import Definition, Paper
from motcua.procedures.vocabulary import LifeEvent, OnlineKind
from motcua.procedures.words import AUDIENCES, CHANNELS, LEVELS, VERDICTS
from motcua.ui.forms import DatePartsField


def moments() -> list[tuple[str, str]]:
    """The life events a procedure can belong to, in words."""
    return [(str(one), said(life_events()[one].name)) for one in LifeEvent]


class Facts(forms.Form):
    """What the procedure is called, who decided it, for whom it is, what comes out of it."""

    name_vi = forms.CharField(
        # Some procedures are called by half a page of law.
        label=_("Name"),
        max_length=1000,
        error_messages={"required": _("Write the name.")},
    )
    name_en = forms.CharField(label=_("Name in English"), max_length=1000, required=False)
    field_vi = forms.CharField(
        label=_("Field"), max_length=200, error_messages={"required": _("Write the field.")}
    )
    field_en = forms.CharField(label=_("Field in English"), max_length=200, required=False)
    decision = forms.CharField(
        label=_("Decision of publication"),
        help_text=_("Its number, such as 163/QĐ-BTP."),
        max_length=200,
        required=False,
    )
    version = DatePartsField(label=_("In force from"), error_messages={"required": _("Enter the day.")})
    levels = forms.MultipleChoiceField(
        label=_("Done at"),
        choices=list(LEVELS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose the level.")},
    )
    who = forms.MultipleChoiceField(
        label=_("Who may apply"),
        choices=list(AUDIENCES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose who may apply.")},
    )
    summary_vi = Lines(label=_("Summary"), max_length=2000, required=False)
    conditions_vi = Lines(label=_("Conditions"), max_length=5000, required=False)
    online = forms.ChoiceField(label=_("How far it is online"), choices=list(VERDICTS.items()))
    reason_vi = Lines(label=_("Why it is only partly online"), max_length=1000, required=False)
    results = Lines(
        label=_("Results"),
        help_text=_("One a line: code | Vietnamese | English."),
        rows=3,
        max_length=5000,
        required=False,
    )
    legal_basis = Lines(
        label=_("Legal basis"),
        help_text=_("One a line: number | title | address."),
        rows=4,
        max_length=10_000,
        required=False,
    )
    life_events = forms.MultipleChoiceField(
        label=_("Life events it belongs to"),
        help_text=_("Where people look for it by what happened to them."),
        choices=moments,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    keywords = forms.CharField(
        label=_("Search words"), help_text=_("Separated by commas."), max_length=1000, required=False
    )

    def changes(self) -> dict[str, Any]:
        """What was typed, as the definition takes it."""
        typed, known = self.cleaned_data, self.initial["known"]
        said = {
            "name": text(typed["name_vi"], typed["name_en"]),
            "field": text(typed["field_vi"], typed["field_en"]),
            "decision": typed["decision"] or None,
            "version": typed["version"].isoformat(),
            "levels": typed["levels"],
            "audience": {**known["audience"], "who": typed["who"]},
            "summary": kept(known.get("summary"), typed["summary_vi"]),
            "conditions": kept(known.get("conditions"), typed["conditions_vi"]),
            "online": self.how_far(),
            "life_events": kept_order(known.get("life_events"), typed["life_events"]) or None,
            "keywords": [word.strip() for word in typed["keywords"].split(",") if word.strip()] or None,
        }
        if typed["results"] != self.initial["results"]:
            said["results"] = two_parts(typed["results"])
        if typed["legal_basis"] != self.initial["legal_basis"]:
            said["legal_basis"] = laws(typed["legal_basis"]) or None
        return said

    def how_far(self) -> dict[str, Any]:
        """How far it is online; only what is partly so gives its reason."""
        kind = self.cleaned_data["online"]
        known = self.initial["known"]["online"].get("reason")
        reason = kept(known, self.cleaned_data["reason_vi"]) if kind == OnlineKind.PARTIAL else None
        return {"kind": kind} | ({"reason": reason} if reason else {})

    @staticmethod
    def of(definition: Definition) -> dict[str, Any]:
        """What the boxes hold at first."""
        return {
            **halves("name", definition.name),
            **halves("field", definition.field),
            **halves("summary", definition.summary),
            **halves("conditions", definition.conditions),
            **halves("reason", definition.online.reason),
            "decision": definition.decision,
            "version": definition.version,
            "levels": list(map(str, definition.levels)),
            "who": list(map(str, definition.audience.who)),
            "online": str(definition.online.kind),
            "results": barred((one.code, one.name.vi, one.name.en) for one in definition.results),
            "legal_basis": barred((one.number, one.title, one.url) for one in definition.legal_basis),
            "life_events": list(map(str, definition.life_events)),
            "keywords": ", ".join(definition.keywords),
            "known": definition.as_content(),
        }


def kept(known: dict[str, str] | None, vietnamese: str) -> dict[str, str] | None:
    """A text of which only the Vietnamese was shown: as it was if that is, else without an English that says something else."""
    if known and known["vi"].strip() == vietnamese:
        return known
    return {"vi": vietnamese} if vietnamese else None


def barred(rows: Iterable[Iterable[str]]) -> str:
    return "\n".join(" | ".join(filter(None, row)) for row in rows)


def laws(typed: str) -> list[dict[str, str]]:
    """The lines of the legal basis."""
    rows = [[part.strip() for part in line.split("|")] for line in typed.splitlines() if line.strip()]
    named = [dict(zip(("number", "title", "url"), row, strict=False)) for row in rows]
    return [{"title": one["number"], **one} for one in named]


class AskedPaper(Handing):
    """One paper of the dossier, and the register that makes it unnecessary."""

    name_vi = forms.CharField(
        label=_("Name"), max_length=500, error_messages={"required": _("Write the name.")}
    )
    name_en = forms.CharField(label=_("Name in English"), max_length=500, required=False)
    originals = forms.IntegerField(label=_("Originals"), min_value=0, max_value=99, required=False)
    copies = forms.IntegerField(label=_("Copies"), min_value=0, max_value=99, required=False)
    required = forms.BooleanField(label=_("Must be given"), required=False)
    upload = forms.BooleanField(label=_("Can be photographed or uploaded"), required=False)
    cases = forms.MultipleChoiceField(
        label=_("Only in these cases"), widget=forms.CheckboxSelectMultiple, required=False
    )
    channels = forms.MultipleChoiceField(
        label=_("Only when filed so"),
        choices=[(str(key), said) for key, said in CHANNELS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    kinds = forms.MultipleChoiceField(
        label=_("Papers of a wallet that serve as this one"),
        widget=forms.SelectMultiple({"size": 6}),
        required=False,
    )
    unnecessary_if = forms.ChoiceField(
        label=_("Register that proves it"),
        help_text=_("With the applicant's consent the register is read, and the paper is not asked for."),
        required=False,
    )

    def __init__(self, typed: Any = None, *, definition: Definition, known: Paper | None = None) -> None:
        first = self.of(known) if known else {"originals": 1, "copies": 0, "required": True, "upload": True}
        super().__init__(typed, initial=first)
        self.known = known
        language = get_language() or "vi"
        if definition.cases:
            self.fields["cases"].choices = [(one.id, one.name.said_in(language)) for one in definition.cases]  # type: ignore[attr-defined]
        else:
            del self.fields["cases"]
        self.fields["kinds"].choices = [(id_, one.name.said_in(language)) for id_, one in kinds().items()]  # type: ignore[attr-defined]
        proving = services_in_words(services.proving(), known.unnecessary_if if known else None)
        self.fields["unnecessary_if"].choices = [("", _("no register")), *proving]  # type: ignore[attr-defined]
        if known and known.unnecessary_if:
            self.put_inputs(definition, known.unnecessary_if, known.inputs)

    def changes(self) -> dict[str, Any]:
        """What was typed otherwise than it was, as the definition takes it; all of it for a new paper."""
        said = self.said(self.cleaned_data)
        if self.known is None:
            return {key: value for key, value in said.items() if value is not None}
        was, inputs = self.known.unnecessary_if, self.known.inputs
        return self.changed() | self.handed(was, said["unnecessary_if"], inputs)

    def said(self, typed: dict[str, Any]) -> dict[str, Any]:
        # An empty box is none; only a paper of which nobody knows how many are asked for stays so.
        uncounted = self.known is not None and self.known.originals is None
        originals = typed["originals"] if uncounted else typed["originals"] or 0

        def chosen(name: str) -> list[str] | None:
            return kept_order(getattr(self.known, name, ()), typed.get(name)) or None

        return {
            "name": text(typed["name_vi"].strip(), typed["name_en"].strip()),
            "originals": originals,
            "copies": typed["copies"] or 0,
            "required": typed["required"],
            "upload": typed["upload"],
            "cases": chosen("cases"),
            "channels": chosen("channels"),
            "kinds": chosen("kinds"),
            "unnecessary_if": typed.get("unnecessary_if") or None,
        }

    @staticmethod
    def of(paper: Paper) -> dict[str, Any]:
        return {
            **halves("name", paper.name),
            "originals": paper.originals,
            "copies": paper.copies,
            "required": paper.required,
            "upload": paper.upload,
            "cases": list(paper.cases),
            "channels": list(map(str, paper.channels)),
            "kinds": list(paper.kinds),
            "unnecessary_if": paper.unnecessary_if or "",
        }


class NewPaper(Identified, AskedPaper):
    """A paper that is not asked for yet; what its register is handed is said once it is known which."""

    words_from = "name_vi"
