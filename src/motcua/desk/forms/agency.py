"""What administrators and heads write: working time, posts, substitutions, declarations; and names of filters."""

from datetime import date
from typing import Any, cast

from django import forms
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from motcua.dossiers.cards import read_card
from motcua.lib.actions import Invalid
from motcua.lib.working_time import OFFICE_HOURS
from motcua.organisations.decisions import write_spans
from motcua.organisations.models import Agency, Post
from motcua.people.models import Account, Appointment
from motcua.ui.forms import DatePartsField
from motcua.ui.words import WEEKDAYS


class Named(forms.Form):
    """The name of a saved filter."""

    name = forms.CharField(
        label=_("Name of the filter"),
        max_length=40,
        error_messages={"required": _("Give the filter a name.")},
    )


class OfAgency(forms.Form):
    """A decision of one of the agencies one administers."""

    agency = forms.ModelChoiceField(
        label=_("Agency"),
        queryset=Agency.objects.none(),
        error_messages={"required": _("Choose the agency.")},
    )
    source = forms.CharField(
        label=_("Decided by"),
        help_text=_("Number of the decision, if there is one."),
        max_length=120,
        required=False,
    )

    def __init__(self, typed: Any = None, *, agencies: QuerySet[Agency], today: date) -> None:
        first = agencies.first()
        super().__init__(typed, initial={"agency": first.pk if first else None, "works": "off"})
        cast("forms.ModelChoiceField[Agency]", self.fields["agency"]).queryset = agencies
        self.today = today

    def from_today(self, field: str) -> date:
        """The day, if it has not passed: what was counted stays as it was counted."""
        day: date = self.cleaned_data[field]
        if day < self.today:
            raise forms.ValidationError(_("This day has passed. Choose today or a later day."))
        return day


class Day(OfAgency):
    """A day that is off, or worked in exchange for another; who administers for the nation decides for all."""

    on = DatePartsField(label=_("Day"), error_messages={"required": _("Enter the day.")})
    works = forms.ChoiceField(
        label=_("The day is"),
        choices=[("off", _("off")), ("worked", _("worked in full"))],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=_("Why"), max_length=120, error_messages={"required": _("Write the reason.")}
    )
    field_order = ("agency", "on", "works", "name", "source")

    def __init__(self, typed: Any = None, *, national: bool = False, **about: Any) -> None:
        super().__init__(typed, **about)
        if national:
            agency = cast("forms.ModelChoiceField[Agency]", self.fields["agency"])
            agency.required, agency.empty_label = False, _("the whole country")

    def clean_on(self) -> date:
        return self.from_today("on")


class Hours(OfAgency):
    """The hours of an ordinary week from a day on."""

    since = DatePartsField(label=_("First day"), error_messages={"required": _("Enter the day.")})
    field_order = ("agency", "since")

    def __init__(self, typed: Any = None, **about: Any) -> None:
        super().__init__(typed, **about)
        for place, name in enumerate(WEEKDAYS):
            self.fields[f"day{place}"] = forms.CharField(
                label=name,
                max_length=60,
                required=False,
                initial=write_spans(OFFICE_HOURS) if place < 5 else "",
            )

    def clean_since(self) -> date:
        return self.from_today("since")

    @property
    def week(self) -> list[str]:
        return [self.cleaned_data.get(f"day{place}", "") for place in range(7)]


class Declared(forms.Form):
    """What only people know of a quarter or a year, for the nine indicators."""

    notice_board = forms.BooleanField(
        label=_("Procedures hang on the notice board: correct, full, in time"), required=False
    )
    electronic = forms.BooleanField(
        label=_("Procedures are published electronically: correct, full, in time"), required=False
    )
    petitions = forms.IntegerField(
        label=_("Petitions that came another way"),
        help_text=_("On paper, by telephone: those that came through this system are counted already."),
        min_value=0,
        max_value=1_000_000,
    )
    petitions_on_time = forms.IntegerField(
        label=_("Of them handled in time"), min_value=0, max_value=1_000_000
    )
    dragging = forms.BooleanField(label=_("A petition drags on unresolved"), required=False)
    complaints = forms.CharField(
        label=_("Dossiers with a complaint that came another way and was upheld"),
        help_text=_("One dossier code on each line."),
        widget=forms.Textarea({"rows": 4}),
        max_length=2000,
        required=False,
    )

    def __init__(self, typed: Any = None, *, known: Any = None) -> None:
        initial: dict[str, Any] = (
            {name: getattr(known, name) for name in self.base_fields}
            if known
            else {"petitions": 0, "petitions_on_time": 0}
        )
        if known:
            initial["complaints"] = "\n".join(known.complaints)
        super().__init__(typed, initial=initial)

    def clean_complaints(self) -> list[str]:
        return sorted({line.strip() for line in self.cleaned_data["complaints"].splitlines() if line.strip()})


class Appoint(forms.Form):
    """A person, a post, and the day from which it is held."""

    number = forms.CharField(
        label=_("Personal number"),
        help_text=_("12 digits. The person needs an account here first."),
        validators=[RegexValidator(r"^\d{12}$", _("A personal number has 12 digits."))],
        error_messages={"required": _("Enter the personal number.")},
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    post = forms.ModelChoiceField(
        label=_("Post"),
        queryset=Post.objects.none(),
        empty_label=_("Choose a post"),
        error_messages={"required": _("Choose the post.")},
    )
    since = DatePartsField(label=_("First day"), error_messages={"required": _("Enter the day.")})

    def __init__(self, typed: Any = None, *, posts: QuerySet[Post], today: date) -> None:
        super().__init__(typed, initial={"since": today})
        cast("forms.ModelChoiceField[Post]", self.fields["post"]).queryset = posts

    def clean_number(self) -> str:
        """The number, if somebody has an account under it."""
        number = str(self.cleaned_data["number"])
        self.account = Account.objects.filter(username=number).first()
        if self.account is None:
            raise forms.ValidationError(
                _("Nobody has an account under this number. Look at the digits again.")
            )
        return number


class Shown(forms.Form):
    """Whose card was shown at the counter, and for what."""

    class For(models.TextChoices):
        LEVEL = "level", _("Confirm their electronic identity: level 2")
        PASSWORD = "password", _("Open an account, or give a new password; level 2 as well")

    number = forms.CharField(
        label=_("Personal number or the card's QR code"),
        max_length=400,
        widget=forms.TextInput({"autocomplete": "off", "autofocus": True}),
        error_messages={"required": _("Enter the personal number.")},
    )
    purpose = forms.ChoiceField(label=_("What for"), choices=For, initial=For.LEVEL, widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Full name"),
        help_text=_("For an account or a password. Not needed when the card's QR code was scanned."),
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    lost = forms.BooleanField(
        label=_("Their second step is lost as well, the phone or the codes: remove it"),
        help_text=_("Only with a new password. Passkeys go too, and they are signed out everywhere."),
        required=False,
    )
    seen = forms.BooleanField(
        label=_("I have seen the person and their card, and they are the same"),
        error_messages={"required": _("Tick this only when you have seen both.")},
    )

    def clean_number(self) -> str:
        """The number on the card."""
        try:
            self.card = read_card(self.cleaned_data["number"])
        except Invalid as fault:
            raise forms.ValidationError(str(fault)) from fault
        return self.card.number

    def clean_name(self) -> str:
        """As the card says, or as typed."""
        card = getattr(self, "card", None)
        return (card.name if card else "") or str(self.cleaned_data["name"])

    @property
    def gives_password(self) -> bool:
        """Whether a one-time password is asked for."""
        return bool(self.cleaned_data["purpose"] == self.For.PASSWORD)


class Leave(forms.Form):
    """The last day on a post."""

    on = DatePartsField(label=_("Last day"), error_messages={"required": _("Enter the day.")})


class StandIn(forms.Form):
    """For which post, who stands in, from one day to another, and why."""

    appointment = forms.ModelChoiceField(
        label=_("Whose post"),
        queryset=Appointment.objects.none(),
        empty_label=_("Choose a post"),
        error_messages={"required": _("Choose the post.")},
    )
    stand_in = forms.ModelChoiceField(
        label=_("Who stands in"),
        help_text=_("For the head of the agency only a deputy; for other posts any colleague of the agency."),
        queryset=Account.objects.none(),
        empty_label=_("Choose a colleague"),
        error_messages={"required": _("Choose the colleague.")},
    )
    since = DatePartsField(label=_("First day"), error_messages={"required": _("Enter the day.")})
    until = DatePartsField(label=_("Last day"), error_messages={"required": _("Enter the day.")})
    reason = forms.CharField(
        label=_("Reason"), max_length=300, error_messages={"required": _("Write the reason.")}
    )

    def __init__(
        self, typed: Any = None, *, posts: QuerySet[Appointment], people: QuerySet[Account], today: date
    ) -> None:
        super().__init__(typed, initial={"since": today})
        cast("forms.ModelChoiceField[Appointment]", self.fields["appointment"]).queryset = posts
        cast("forms.ModelChoiceField[Account]", self.fields["stand_in"]).queryset = people
