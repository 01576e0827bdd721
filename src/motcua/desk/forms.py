"""What officers write when they decide, and what administrators write when they appoint."""

from datetime import date
from typing import Any, cast

from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from motcua.dossiers.models import Paper
from motcua.lib.working_time import OFFICE_HOURS
from motcua.organisations.decisions import write_spans
from motcua.organisations.models import Agency, Post
from motcua.people.models import Account, Appointment
from motcua.ui.forms import DatePartsField
from motcua.ui.words import WEEKDAYS

SHORT, LONG = forms.Textarea({"rows": 4}), forms.Textarea({"rows": 6})


class Nothing(forms.Form):
    """A decision that needs no words."""


class Opinion(forms.Form):
    """What the examining officer finds."""

    opinion = forms.CharField(
        label=_("Opinion"),
        widget=SHORT,
        max_length=2000,
        initial=_("The conditions are met."),
        error_messages={"required": _("Write what you have found.")},
    )


class Finding(forms.Form):
    """What was found, or was answered."""

    note = forms.CharField(
        label=_("What was found"),
        help_text=_(
            "If somebody was asked: who answered what, and by which paper. Silence is an answer too."
        ),
        widget=SHORT,
        max_length=2000,
        error_messages={"required": _("Write what you have found.")},
    )


class Found(Finding):
    """What the holder of a step in the middle found."""

    key = forms.SlugField(widget=forms.HiddenInput)


class HandOn(forms.Form):
    """To which colleague, and why."""

    to = forms.ModelChoiceField(
        label=_("Colleague"),
        queryset=Account.objects.none(),
        empty_label=_("Choose a colleague"),
        error_messages={"required": _("Choose the colleague.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Your colleague reads these words; they stand in the dossier's log."),
        widget=SHORT,
        max_length=1000,
        error_messages={"required": _("Write the reason.")},
    )

    def __init__(self, typed: Any = None, *, colleagues: QuerySet[Account], **about: Any) -> None:
        super().__init__(typed, **about)
        cast("forms.ModelChoiceField[Account]", self.fields["to"]).queryset = colleagues


class Named(forms.Form):
    """The name of a saved filter."""

    name = forms.CharField(
        label=_("Name of the filter"),
        max_length=40,
        error_messages={"required": _("Give the filter a name.")},
    )


class Cash(forms.Form):
    """What is counted: as much as the page said was owed."""

    amount = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class Missing(forms.Form):
    """All that the applicant is to add."""

    reason = forms.CharField(
        label=_("What the applicant is to do"),
        help_text=_("One line for each paper or answer. Say where to get it."),
        widget=LONG,
        max_length=2000,
        error_messages={"required": _("Write what is missing.")},
    )


class Reason(forms.Form):
    """Why, in words the applicant will read."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The applicant reads these words. Name the rule and what can be done now."),
        widget=LONG,
        max_length=2000,
        error_messages={"required": _("Write the reason.")},
    )


class NewDate(forms.Form):
    """The one new date of a late dossier, and why."""

    on = DatePartsField(
        label=_("New date"),
        help_text=_("A working day. The law allows no second new date."),
        error_messages={"required": _("Enter the day.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The applicant reads these words in the letter of apology. One line for each reason."),
        widget=SHORT,
        max_length=1000,
        error_messages={"required": _("Write the reason.")},
    )


class Back(forms.Form):
    """What is to be put right before the signature."""

    reason = forms.CharField(
        label=_("What is to be put right"),
        widget=SHORT,
        max_length=2000,
        error_messages={"required": _("Write what is to be put right.")},
    )


class Collected(forms.Form):
    """Who came for the result."""

    to = forms.CharField(
        label=_("Handed to"),
        help_text=_(
            "Leave empty if the applicant came. Otherwise who came, or the number of the postal item."
        ),
        max_length=120,
        required=False,
    )


class Jotting(forms.Form):
    """A word to colleagues."""

    text = forms.CharField(
        label=_("Note for colleagues"),
        help_text=_("Only officers of the agency read it."),
        widget=forms.Textarea({"rows": 3}),
        max_length=2000,
        error_messages={"required": _("Write the note.")},
    )


class Later(forms.Form):
    """A paper that was brought or scanned after the dossier was taken."""

    paper = forms.ChoiceField(label=_("Paper"))
    copy = forms.ChoiceField(label=_("Kind of copy"), choices=Paper.Copy.choices)
    file = forms.FileField(
        label=_("Scan or photo"),
        required=False,
        widget=forms.FileInput({"accept": "image/*,application/pdf", "capture": "environment"}),
    )
    complete = forms.BooleanField(
        label=_("All that was missing is here now"),
        help_text=_("The clock starts again from zero."),
        required=False,
    )

    def __init__(
        self, typed: Any = None, files: Any = None, *, papers: list[tuple[str, str]], waits: bool
    ) -> None:
        super().__init__(typed, files)
        cast("forms.ChoiceField", self.fields["paper"]).choices = papers
        if not waits:
            del self.fields["complete"]


class Again(forms.Form):
    """Which refused step is asked for again."""

    key = forms.SlugField(widget=forms.HiddenInput)


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
    """A day that is off, or worked in exchange for another."""

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
    petitions = forms.IntegerField(label=_("Petitions received"), min_value=0, max_value=1_000_000)
    petitions_on_time = forms.IntegerField(
        label=_("Of them handled in time"), min_value=0, max_value=1_000_000
    )
    dragging = forms.BooleanField(label=_("A petition drags on unresolved"), required=False)
    complaints = forms.CharField(
        label=_("Dossiers with a complaint that was upheld"),
        help_text=_("One dossier code on each line."),
        widget=SHORT,
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


class Period(forms.Form):
    """From one day to another."""

    since = forms.DateField(label=_("From day"), widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=_("To day"), widget=forms.DateInput({"type": "date"}))


class StatementFile(forms.Form):
    """What a bank or the gateway says it took."""

    provider = forms.ChoiceField(
        label=_("Whose statement"),
        choices=[("vietqr", _("The bank: transfers")), ("gateway", _("The bank gateway"))],
    )
    file = forms.FileField(
        label=_("Statement (CSV)"),
        help_text=_("Columns: reference, at, amount, purpose, order. A line read before changes nothing."),
        error_messages={"required": _("Choose the file.")},
    )


class Matched(forms.Form):
    """The code of what a payment was for."""

    code = forms.CharField(
        label=_("Code of the payment"), max_length=12, error_messages={"required": _("Enter the code.")}
    )

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).strip().upper()


class Returned(forms.Form):
    """Why money goes back."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, error_messages={"required": _("Write the reason.")}
    )


class Sent(forms.Form):
    """How money went back."""

    reference = forms.CharField(
        label=_("Number of the transfer or slip"),
        max_length=60,
        error_messages={"required": _("Enter the number of the transfer or of the slip.")},
    )
