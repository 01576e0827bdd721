"""What is written about files of work: the line in the list of the year, and into which one a document goes."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.dispatches.colleagues import colleagues
from motcua.dispatches.models import Folder, Incoming, Outgoing
from motcua.dispatches.rules import OFFICERS
from motcua.people.models import Account
from motcua.ui.forms import DatePartsField

LONGEST = 70


class Line(forms.Form):
    """A line of the list of the year, but for its notation."""

    heading = forms.CharField(label=_("Heading of the list"), max_length=200, required=False)
    title = forms.CharField(
        label=_("Title of the file"), max_length=500, error_messages={"required": _("Write its title.")}
    )
    retention_years = forms.IntegerField(
        label=_("Kept for how many years?"),
        help_text=_("Leave it empty for what is kept for ever."),
        min_value=1,
        max_value=LONGEST,
        required=False,
    )
    keeper = forms.ChoiceField(
        label=_("Who makes it up?"), error_messages={"required": _("Choose who makes it up.")}
    )

    def __init__(self, typed: Any = None, *, about: Folder, **options: Any) -> None:
        held = {name: getattr(about, name) for name in ("heading", "title", "retention_years")}
        options.setdefault("initial", held | {"keeper": about.keeper.removeprefix("person:")})
        super().__init__(typed, **options)
        self.people = colleagues(about.agency, OFFICERS)
        self.fields["keeper"].choices = [(key, one.name) for key, one in self.people.items()]  # type: ignore[attr-defined]

    def clean_keeper(self) -> Account:
        """The colleague themself."""
        return self.people[self.cleaned_data["keeper"]]


class NewLine(Line):
    """A new line of the list."""

    year = forms.IntegerField(
        label=_("Year of the list"), min_value=1990, max_value=2100, initial=lambda: timezone.localdate().year
    )
    notation = forms.CharField(
        label=_("Number and notation of the file"),
        help_text=_("As in the list of the agency, such as 01.VP."),
        max_length=20,
        error_messages={"required": _("Write its number and notation.")},
    )

    field_order = ("year", "heading", "notation", "title", "retention_years", "keeper")


class FileIn(forms.Form):
    """Into which of the agency's open files."""

    folder = forms.ChoiceField(
        label=_("File of work"), error_messages={"required": _("Choose a file of work.")}
    )

    def __init__(self, typed: Any = None, *, about: Incoming | Outgoing, **options: Any) -> None:
        super().__init__(typed, **options)
        mine = Folder.objects.filter(agency=about.agency).open().order_by("-year", "notation")
        self.folders = {str(one.pk): one for one in mine}
        self.fields["folder"].choices = [(key, str(one)) for key, one in self.folders.items()]  # type: ignore[attr-defined]

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to choose from."""
        return not self.folders

    def clean_folder(self) -> Folder:
        """The file itself."""
        return self.folders[self.cleaned_data["folder"]]


class Close(forms.Form):
    """When the matter ended."""

    ended_on = DatePartsField(
        label=_("When did the matter end?"),
        help_text=_("The time of keeping counts from that year. Leave it empty for today."),
        required=False,
    )


class TakeFrom(forms.Form):
    """Which document is taken out of a file."""

    filing = forms.IntegerField(widget=forms.HiddenInput)
