"""The questions of a procedure as a Django form; what the answers must be is the procedure's business, not ours."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date
from typing import Any, cast

from django import forms
from django.forms.boundfield import BoundField
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from motcua.dossiers.declaration import said
from motcua.dossiers.models import Application
from motcua.dossiers.states import Satisfaction
from motcua.organisations.models import Agency
from motcua.portal.sources import sources
from motcua.procedures.folding import fold
from motcua.procedures.schema import Case, Condition, FormField, Group
from motcua.procedures.vocabulary import FieldType
from motcua.ui.forms import DatePartsField

MOST_RADIOS = 5
FEW_AGENCIES = 7
LONGEST = 2000


class Answers(forms.Form):
    """One page of a procedure's form."""

    use_required_attribute = False

    def __init__(self, group: Group, application: Application, typed: Any = None) -> None:
        super().__init__(typed, initial=initial(group, application))
        self.group = group
        self.sources = sources(application)
        for question in group.fields:
            self.fields[question.id] = field_for(question)

    def typed(self) -> dict[str, str]:
        """What was typed, as text; dates in ISO form."""
        return {name: as_text(value) for name, value in self.cleaned_data.items()}

    def blame(self, faults: dict[str, str]) -> None:
        """Show at each field what is wrong with it."""
        for name, words in faults.items():
            self.add_error(name if name in self.fields else None, words)

    def blocks(self) -> list["Block"]:
        """The fields in their order; those that depend on the same answer stand together."""
        blocks: list[Block] = []
        for question in self.group.fields:
            if not blocks or blocks[-1].when != question.when:
                blocks.append(Block(question.when, depends(question.when, self.group)))
            blocks[-1].fields.append(self[question.id])
        return blocks


@dataclass
class Block:
    """Fields asked on one condition."""

    when: Condition | None
    hint: str = ""
    fields: list[BoundField] = made(default_factory=list)

    @property
    def follows_yes(self) -> bool:
        return self.when is not None and self.when.is_ is True


def depends(when: Condition | None, group: Group) -> str:
    """The condition in words, where the question it depends on stands on the same page."""
    question = next((one for one in group.fields if when and one.id == when.field), None)
    if when is None or question is None:
        return ""
    if when.is_ is True:
        return str(_("If yes, please tell us:"))
    wanted = when.is_ if isinstance(when.is_, tuple) else (when.is_,)
    named = [fact.value for one in wanted if (fact := said(question, one))]
    return str(_("Only if you chose “%(answers)s” above:")) % {"answers": str(_("” or “")).join(named)}


def initial(group: Group, application: Application) -> dict[str, Any]:
    """The answers so far, as their controls show them; yes where what follows a yes is known already."""
    answers = application.answers
    known = {question.id: answers.get(question.id) for question in group.fields}
    for question in group.fields:
        if (
            question.when
            and question.when.is_ is True
            and known[question.id]
            and known.get(question.when.field) is None
        ):
            known[question.when.field] = True
    return {question.id: shown(question, known[question.id]) for question in group.fields}


def shown(question: FormField, value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return parse_date(str(value)) if question.type is FieldType.DATE and value else value


class Typeahead(forms.TextInput):
    """A text box with a list to choose from, which browsers search as one types."""

    template_name = "portal/widgets/typeahead.html"

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__({"autocomplete": "off", "spellcheck": "false"})
        self.names = names

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        listed = {**(attrs or {}), "list": f"{name}-names"}
        return super().get_context(name, value, listed) | {"names": self.names}


class Beginning(forms.Form):
    """Which case it is, and which agency is to do it."""

    use_required_attribute = False

    case = forms.ChoiceField(
        label=_("What do you want to do?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you want to do.")},
    )
    agency = forms.CharField(
        label=_("Who should handle it?"),
        error_messages={"required": _("Choose an agency.")},
    )

    def __init__(self, *args: Any, cases: Sequence[Case], agencies: Sequence[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = {agency.code: agency for agency in agencies}
        few = len(agencies) <= FEW_AGENCIES
        self.fields["agency"].widget = (
            forms.RadioSelect(choices=[(agency.code, agency.name) for agency in agencies])
            if few
            else Typeahead([agency.name for agency in agencies])
        )
        self.fields["agency"].help_text = "" if few else _("Type a few letters of its name.")
        if len(cases) < 2:
            del self.fields["case"]
        else:
            language = get_language() or "vi"
            choices = [(case.id, case.name.said_in(language)) for case in cases]
            cast("forms.ChoiceField", self.fields["case"]).choices = choices

    def clean_agency(self) -> Agency:
        """The agency of this code, or the one whose name is meant; marks on letters may be missing."""
        typed = str(self.cleaned_data["agency"]).strip()
        if typed in self.agencies:
            return self.agencies[typed]
        wanted = fold(typed)
        near = [agency for agency in self.agencies.values() if wanted and wanted in fold(agency.name)]
        meant = [agency for agency in near if fold(agency.name) == wanted] or near
        if not meant:
            raise forms.ValidationError(_("No agency here bears this name. Choose one from the list."))
        if len(meant) > 1:
            names = ", ".join(agency.name for agency in meant[:FEW_AGENCIES])
            raise forms.ValidationError(_("Several agencies could be meant: %(names)s.") % {"names": names})
        return meant[0]


class Upload(forms.Form):
    """A file for one paper."""

    file = forms.FileField(label=_("File"), error_messages={"required": _("Choose a file first.")})


class Supplement(forms.Form):
    """A word to the officer with what was missing."""

    note = forms.CharField(
        label=_("A word to the officer"),
        widget=forms.Textarea({"rows": 3}),
        max_length=LONGEST,
        required=False,
    )


class Withdrawal(forms.Form):
    """Why a dossier is taken back; nobody has to say."""

    reason = forms.CharField(
        label=_("Why do you withdraw?"),
        widget=forms.Textarea({"rows": 3}),
        max_length=LONGEST,
        required=False,
    )


def satisfaction(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=Satisfaction.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three answers.")},
    )


class Rating(forms.Form):
    """The four questions of a rating (circular 32/2017/TT-BTTTT, art. 12)."""

    use_required_attribute = False

    overall = satisfaction(_("All in all"))
    convenience = satisfaction(_("How easy was it?"))
    timeliness = satisfaction(_("Was it on time?"))
    attitude = satisfaction(_("How were you treated?"))


def as_text(value: object) -> str:
    """An answer of a Django field as the procedure's rules read it."""
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def field_for(question: FormField) -> forms.Field:
    """A Django field that only takes what is typed; it never refuses."""
    language = get_language() or "vi"
    make = MAKERS.get(question.type, text)
    field = make(question)
    field.label = question.label.said_in(language)
    field.help_text = question.hint.said_in(language) if question.hint else ""
    field.required = question.required
    field.widget.is_required = False
    return lenient(field)


def lenient(field: forms.Field) -> forms.Field:
    """Whether an answer is needed is decided by the procedure; the mark “optional” is drawn from `required`."""
    validate = field.clean

    def clean(value: Any) -> Any:
        required, field.required = field.required, False
        try:
            return validate(value)
        finally:
            field.required = required

    field.clean = clean  # type: ignore[method-assign]
    return field


def text(question: FormField) -> forms.Field:
    return forms.CharField(max_length=question.max or LONGEST)


def long_text(question: FormField) -> forms.Field:
    return forms.CharField(max_length=question.max or LONGEST, widget=forms.Textarea({"rows": 4}))


def digits(question: FormField) -> forms.Field:
    return forms.CharField(
        max_length=20, widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"})
    )


def phone(question: FormField) -> forms.Field:
    return forms.CharField(max_length=20, widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"}))


def email(question: FormField) -> forms.Field:
    return forms.CharField(
        max_length=254, widget=forms.TextInput({"inputmode": "email", "autocomplete": "email"})
    )


def day(question: FormField) -> forms.Field:
    return DatePartsField(require_all_fields=False)


def choice(question: FormField) -> forms.Field:
    language = get_language() or "vi"
    offered = [(one.value, one.label.said_in(language)) for one in question.choices]
    if len(offered) <= MOST_RADIOS:
        return forms.ChoiceField(choices=offered, widget=forms.RadioSelect)
    return forms.ChoiceField(choices=[("", "…"), *offered])


def yesno(question: FormField) -> forms.Field:
    return forms.ChoiceField(choices=[("true", _("Yes")), ("false", _("No"))], widget=forms.RadioSelect)


MAKERS: dict[FieldType, Callable[[FormField], forms.Field]] = {
    FieldType.LONG: long_text,
    FieldType.DATE: day,
    FieldType.CHOICE: choice,
    FieldType.YESNO: yesno,
    FieldType.NUMBER: digits,
    FieldType.PERSONAL_NUMBER: digits,
    FieldType.PHONE: phone,
    FieldType.EMAIL: email,
}
