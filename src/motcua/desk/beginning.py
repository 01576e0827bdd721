"""The forms in which a procedure begins that is not there yet: a few answers, or a file."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from motcua.desk.access import places
from motcua.desk.drafting import brought, read
from motcua.desk.questioning import text
from motcua.lib.actors import Actor
from motcua.organisations.models import Agency
from motcua.procedures import patterns
from motcua.procedures.part_editing import blank
from motcua.procedures.schema import Definition
from motcua.procedures.vocabulary import Level
from motcua.procedures.words import LEVELS

CODE = r"^\d\.\d{6}$"
COUNTRY = _("the whole country")


def owners(actor: Actor) -> dict[str, str]:
    """Whose procedures one may write: the nation's (empty), or those of one's ministry or province, with their names."""
    codes = [code for code in places(actor, "administrator") if "." not in code]
    names = dict(Agency.objects.filter(code__in=codes).values_list("code", "name_vi"))
    national = settings.NODE.national
    return {
        "" if code == national else code: str(COUNTRY) if code == national else names.get(code, code)
        for code in codes
    }


class Begins(forms.Form):
    """Whose procedure it is."""

    owner = forms.ChoiceField(label=_("It holds for"))

    def __init__(self, *typed: Any, owners: dict[str, str]) -> None:
        super().__init__(*typed)
        self.owners = owners
        self.fields["owner"].choices = [(code or "-", name) for code, name in owners.items()]  # type: ignore[attr-defined]
        self.fields["owner"].initial = next(iter(owners), "") or "-"

    def clean_owner(self) -> str:
        return str(self.cleaned_data["owner"]).removeprefix("-")


class New(Begins):
    """Code, name, field, level and the way of the dossier; all else is filled in on the draft's pages."""

    code = forms.RegexField(
        CODE,
        label=_("Code of the procedure"),
        help_text=_("As the decision of publication gives it, such as 1.001612."),
        error_messages={
            "required": _("Write the code of the procedure."),
            "invalid": _("One digit, a point, six digits: 1.001612."),
        },
    )
    name_vi = forms.CharField(
        label=_("Name"), max_length=500, error_messages={"required": _("Write the name.")}
    )
    name_en = forms.CharField(label=_("Name in English"), max_length=500, required=False)
    field_vi = forms.CharField(
        label=_("Field"), max_length=200, error_messages={"required": _("Write the field.")}
    )
    level = forms.ChoiceField(
        label=_("Done at"),
        choices=[(str(level), LEVELS[level]) for level in (Level.COMMUNE, Level.PROVINCE, Level.MINISTRY)],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the level.")},
    )
    pattern = forms.ChoiceField(
        label=_("Way of the dossier"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the way of the dossier.")},
    )

    def __init__(self, *typed: Any, owners: dict[str, str]) -> None:
        super().__init__(*typed, owners=owners)
        self.fields["pattern"].choices = pattern_choices()  # type: ignore[attr-defined]

    def definition(self, today: date) -> Definition:
        """The procedure as it begins."""
        typed = self.cleaned_data
        name = text(typed["name_vi"], typed["name_en"]) or {}
        field = text(typed["field_vi"], "") or {}
        return blank(typed["code"], name, field, level=typed["level"], pattern=typed["pattern"], on=today)


class Brought(Begins):
    """A procedure as its file."""

    file = forms.FileField(
        label=_("File of the procedure"),
        help_text=_("A file .yaml, such as another agency gives it or this desk lets you download."),
        widget=forms.FileInput({"accept": ".yaml,.yml,text/plain"}),
        error_messages={"required": _("Choose the file.")},
    )

    def clean_file(self) -> Definition:
        return read(brought(self.cleaned_data["file"]))


def pattern_choices() -> list[tuple[str, str]]:
    """The patterns, each with what it is for."""
    language = get_language() or "vi"
    known = [(name, patterns.pattern(name)) for name in patterns.names()]
    return [(name, f"{one.name.said_in(language)} – {one.about.said_in(language)}") for name, one in known]
