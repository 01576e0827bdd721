"""The first form of the counter: which procedure, brought how, and whose."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from motcua.dossiers.cards import Card, read_applicant
from motcua.dossiers.forms import LONGEST, Typeahead
from motcua.dossiers.states import Way
from motcua.lib.actions import Invalid
from motcua.lib.worded import worded_once
from motcua.organisations.models import Agency
from motcua.procedures.folding import fold
from motcua.procedures.models import Version, VersionQuerySet
from motcua.procedures.places import level_at, owners_for
from motcua.procedures.search import current, ranking

MOST_FOUND = 8


def offered(agencies: Iterable[str]) -> VersionQuerySet:
    """The procedures that can be filed at these agencies today."""
    versions = Version.objects.select_related("procedure").in_force(timezone.localdate())
    return versions.offered().filed_at(agencies)


@worded_once
def named(owners: Collection[str], on: date) -> VersionQuerySet:
    """What these offer on a day, for its name: without the long content."""
    offers = Version.objects.select_related("procedure").in_force(on).offered()
    return offers.filter(procedure__owner__in=owners).defer("content")


def own_first(versions: Iterable[Version], agencies: Iterable[Agency]) -> list[Version]:
    """In the same order, but those of the level of these agencies before what is only taken in for another level."""
    own = {level_at(one.code, one.unit_code).value for one in agencies}
    return sorted(versions, key=lambda one: own.isdisjoint(one.levels))


class Start(forms.Form):
    """Which procedure, brought how, and whose: the scanner's last key sends the form."""

    use_required_attribute = False

    procedure = forms.CharField(
        label=_("Procedure"),
        help_text=_("A few letters of its name, or its code."),
        error_messages={"required": _("Choose a procedure.")},
    )
    agency = forms.ChoiceField(label=_("Reception"))
    way = forms.ChoiceField(
        label=_("Who brings it?"), choices=Way.choices, initial=Way.SELF, widget=forms.RadioSelect
    )
    case = forms.ChoiceField(label=_("Which case is it?"), widget=forms.RadioSelect)
    who = forms.CharField(
        label=_("Card, personal number or enterprise code of the applicant"),
        help_text=_(
            "Scan the QR code of the card, or type the 12 digits; of a business, its enterprise code."
        ),
        max_length=LONGEST,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Scan the card or type the number.")},
    )

    def __init__(self, typed: Any = None, *, agencies: Sequence[Agency], **options: Any) -> None:
        super().__init__(typed, **options)
        self.agencies = {agency.code: agency for agency in agencies}
        versions = own_first(named(owners_for(self.agencies), timezone.localdate()), agencies)
        names = [f"{one.code} {one.name_in(get_language() or 'vi')}" for one in versions]
        self.fields["procedure"].widget = Typeahead(names)
        self.fields["procedure"].widget.attrs["autofocus"] = True
        if len(agencies) > 1:
            choices = [(agency.code, agency.short_name) for agency in agencies]
            cast("forms.ChoiceField", self.fields["agency"]).choices = choices
        else:
            del self.fields["agency"]
        self.version: Version | None = None
        self.offer_cases(str(self.data.get("procedure", "")))

    def offer_cases(self, typed: str) -> None:
        """Ask which case only where the procedure has several."""
        self.found = find(typed, self.agencies.values()) if typed.strip() else []
        self.version = self.found[0] if len(self.found) == 1 else None
        cases = self.version.definition.cases if self.version else ()
        if len(cases) < 2:
            del self.fields["case"]
            return
        language = get_language() or "vi"
        choices = [(one.id, one.name.said_in(language)) for one in cases]
        cast("forms.ChoiceField", self.fields["case"]).choices = choices
        self.fields["case"].error_messages["required"] = _("Choose the case.")

    def clean_procedure(self) -> Version:
        """The one that was meant; where several could be, they are offered to choose from."""
        if self.version is not None:
            return self.version
        if not self.found:
            raise forms.ValidationError(_("No procedure of this name can be filed here."))
        language = get_language() or "vi"
        choices = [(one.code, one.name_in(language)) for one in self.found[:MOST_FOUND]]
        self.fields["procedure"].widget = forms.RadioSelect(choices=choices)
        raise forms.ValidationError(_("Several procedures could be meant. Choose one."))

    def clean_who(self) -> Card:
        """The card that was scanned, or the number that was typed."""
        try:
            return read_applicant(self.cleaned_data["who"])
        except Invalid as fault:
            raise forms.ValidationError(str(fault)) from fault

    @property
    def case_id(self) -> str:
        """The case that was chosen, or the only one there is."""
        cases = self.version.definition.cases if self.version else ()
        return str(self.cleaned_data.get("case") or (cases[0].id if cases else ""))

    @property
    def brought(self) -> Way:
        """How it comes; for a business somebody always comes in its stead."""
        way = Way(self.cleaned_data["way"])
        return Way.PROXY if way is Way.SELF and self.cleaned_data["who"].is_business else way

    @property
    def counter(self) -> str:
        """Code of the agency at whose counter it lies."""
        return str(self.cleaned_data.get("agency") or next(iter(self.agencies)))


def best(text: str, agencies: Collection[Agency]) -> list[Version]:
    """What a search finds among the procedures that can be filed, best first, those of the agencies' own level before others."""
    index = current.current()
    ranked = ranking.search(index, text)
    among = ranked.everything & index.facets["offered"].get("1", 0)
    numbers = [index.pks[number] for number in ranked.page(0, MOST_FOUND + 1, within=among)]
    versions = offered(one.code for one in agencies).in_bulk(numbers)
    return own_first((versions[number] for number in numbers if number in versions), agencies)


def find(typed: str, agencies: Collection[Agency]) -> list[Version]:
    """The procedures meant by a code, a whole name, or a few letters of it."""
    text = typed.strip()
    code = text.split(" ", 1)[0]
    if coded := list(offered(one.code for one in agencies).coded(code)):
        return coded
    wanted = fold(text)
    found = best(text, agencies)
    exact = [one for one in found if fold(one.name_vi) == wanted]
    beginning = [one for one in found if fold(one.name_vi).startswith(wanted)]
    return exact or (beginning if len(beginning) == 1 else found)
