"""What officers write when they decide about a dossier."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from motcua.dossiers.clock import DAYS_TO_ANSWER, FEWEST_DAYS
from motcua.dossiers.clock import MOST_DAYS as MOST_DAYS_TO_ANSWER
from motcua.dossiers.forms import Typeahead
from motcua.dossiers.inspections import Outcome
from motcua.dossiers.models import Paper
from motcua.opinions.actions import MOST_DAYS
from motcua.opinions.models import Verdict
from motcua.organisations.models import Agency
from motcua.people.models import Account
from motcua.procedures.folding import fold
from motcua.ui.forms import DatePartsField

# Words in the language of the page, put together when they are shown.
type Said = Any


def written(
    label: Said,
    *,
    missing: Said,
    hint: Said = "",
    rows: int = 4,
    most: int = 2000,
    initial: Any = None,
) -> forms.CharField:
    """A box for words: what is asked, and what is said if nothing was written."""
    return forms.CharField(
        label=label,
        help_text=hint,
        widget=forms.Textarea({"rows": rows}),
        max_length=most,
        error_messages={"required": missing},
        initial=initial,
    )


class Nothing(forms.Form):
    """A decision that needs no words."""


class Opinion(forms.Form):
    """What the examining officer finds."""

    opinion = written(
        _("Opinion"), missing=_("Write what you have found."), initial=_("The conditions are met.")
    )


class Finding(forms.Form):
    """What was found, or was answered."""

    note = written(
        _("What was found"),
        hint=_("If somebody was asked: who answered what, and by which paper. Silence is an answer too."),
        missing=_("Write what you have found."),
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
    reason = written(
        _("Reason"),
        hint=_("Your colleague reads these words; they stand in the dossier's log."),
        missing=_("Write the reason."),
        most=1000,
    )

    def __init__(self, typed: Any = None, *, colleagues: QuerySet[Account], **about: Any) -> None:
        super().__init__(typed, **about)
        cast("forms.ModelChoiceField[Account]", self.fields["to"]).queryset = colleagues


class Ask(forms.Form):
    """Which agencies are asked, what, with which papers, and until when."""

    agency1 = forms.CharField(
        label=_("Agency"), error_messages={"required": _("Choose at least one agency.")}
    )
    agency2 = forms.CharField(label=_("Second agency"), required=False)
    agency3 = forms.CharField(label=_("Third agency"), required=False)
    question = written(
        _("What you want to know"), missing=_("Write what you want to know."), rows=6, most=4000
    )
    papers = forms.MultipleChoiceField(
        label=_("Papers to send along"), widget=forms.CheckboxSelectMultiple, required=False
    )
    days = forms.IntegerField(label=_("Working days to answer"), min_value=1, max_value=MOST_DAYS, initial=5)
    waits = forms.ChoiceField(
        label=_("The step waits for"),
        choices=[("all", _("all of them")), ("any", _("one of them"))],
        initial="all",
        widget=forms.RadioSelect,
    )

    def __init__(
        self, typed: Any = None, *, agencies: Sequence[Agency], papers: list[tuple[str, str]]
    ) -> None:
        super().__init__(typed)
        self.known = {fold(agency.short_name): agency for agency in agencies}
        for name in ("agency1", "agency2", "agency3"):
            self.fields[name].widget = Typeahead([agency.short_name for agency in agencies])
        cast("forms.MultipleChoiceField", self.fields["papers"]).choices = papers
        if not papers:
            del self.fields["papers"]

    def clean(self) -> dict[str, Any]:
        """The agencies whose names were typed, each once."""
        self.agencies: list[Agency] = []
        for name in ("agency1", "agency2", "agency3"):
            typed = self.cleaned_data.get(name, "")
            agency = self.known.get(fold(typed)) if typed else None
            if typed and agency is None:
                self.add_error(name, _("No agency here bears this name. Choose one from the list."))
            elif agency and agency not in self.agencies:
                self.agencies.append(agency)
        return {"papers": [], **self.cleaned_data}


class Give(forms.Form):
    """The opinion we give."""

    verdict = forms.ChoiceField(
        label=_("Your agency"),
        choices=Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether your agency agrees.")},
    )
    answer = written(_("What your agency answers"), missing=_("Write the opinion."), rows=6, most=4000)
    file = forms.FileField(
        label=_("Signed letter"),
        required=False,
        widget=forms.FileInput({"accept": "application/pdf,image/*"}),
    )


class Wording(forms.Form):
    """The wording of a result: what is granted, what is stated, on which terms."""

    granted = forms.CharField(
        label=_("What is certified or granted"),
        max_length=500,
        error_messages={"required": _("Say what is granted.")},
    )
    terms = forms.CharField(
        label=_("Terms, validity, remarks"),
        help_text=_("One line for each; printed below what is stated."),
        widget=forms.Textarea({"rows": 4}),
        max_length=2000,
        required=False,
    )

    def __init__(self, typed: Any = None, *, granted: str, facts: list[list[str]], terms: str) -> None:
        super().__init__(typed, initial={"granted": granted, "terms": terms})
        self.labels = [label for label, _value in facts]
        for place, (label, value) in enumerate(facts):
            self.fields[f"fact{place}"] = forms.CharField(
                label=label, initial=value, max_length=300, required=False
            )
        self.order_fields(["granted", *(f"fact{place}" for place in range(len(facts))), "terms"])

    def facts(self) -> list[list[str]]:
        """What is stated, each with its label; what is empty is not printed."""
        return [[label, self.cleaned_data[f"fact{place}"]] for place, label in enumerate(self.labels)]


class Cash(forms.Form):
    """What is counted: as much as the page said was owed."""

    amount = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class Missing(forms.Form):
    """All that the applicant is to add."""

    reason = written(
        _("What the applicant is to do"),
        hint=_("One line for each paper or answer. Say where to get it."),
        missing=_("Write what is missing."),
        rows=6,
    )
    days = forms.IntegerField(
        label=_("Days to answer"),
        help_text=_(
            "The last day stands on form 02. Before it the applicant is reminded; after it you may end the dossier."
        ),
        min_value=FEWEST_DAYS,
        max_value=MOST_DAYS_TO_ANSWER,
        initial=DAYS_TO_ANSWER,
        required=False,
    )
    pages = forms.MultipleChoiceField(
        label=_("Pages of the form to be put right"),
        help_text=_("Those you tick are opened again: the applicant changes the answers there."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(
        self, *args: Any, pages: Sequence[tuple[str, str]] = (), at_counter: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not pages:
            del self.fields["pages"]
            return
        cast("forms.MultipleChoiceField", self.fields["pages"]).choices = pages
        if at_counter:
            self.fields["pages"].help_text = _(
                "Those you tick are named on form 02: the applicant brings them put right, and you enter the answers."
            )


class Reason(forms.Form):
    """Why, in words the applicant will read."""

    reason = written(
        _("Reason"),
        hint=_("The applicant reads these words. Name the rule and what can be done now."),
        missing=_("Write the reason."),
        rows=6,
    )


class Inspected(forms.Form):
    """What an inspection came to, in a word and a sentence."""

    found = forms.ChoiceField(
        label=_("What the inspection came to"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the inspection came to.")},
    )
    finding = written(
        _("Finding of the inspection"),
        hint=_("What you looked at, what is right and what is not. Colleagues of the agency read it."),
        missing=_("Write what was found."),
        rows=4,
    )


class NewDate(forms.Form):
    """The one new date of a late dossier, and why."""

    on = DatePartsField(
        label=_("New date"),
        help_text=_("A working day. The law allows no second new date."),
        error_messages={"required": _("Enter the day.")},
    )
    reason = written(
        _("Reason"),
        hint=_("The applicant reads these words in the letter of apology. One line for each reason."),
        missing=_("Write the reason."),
        most=1000,
    )


class Onward(forms.Form):
    """The agency a dossier belongs to, by its name."""

    to = forms.CharField(
        label=_("Agency it belongs to"), error_messages={"required": _("Choose the agency it belongs to.")}
    )

    def __init__(self, typed: Any = None, *, agencies: Sequence[Agency]) -> None:
        super().__init__(typed)
        self.known = {fold(agency.short_name): agency.code for agency in agencies}
        self.fields["to"].widget = Typeahead([agency.short_name for agency in agencies])

    def clean_to(self) -> str:
        """The code of the agency whose name was typed."""
        code = self.known.get(fold(self.cleaned_data["to"]))
        if code is None:
            raise forms.ValidationError(_("No agency here bears this name. Choose one from the list."))
        return code


class Heir(forms.Form):
    """Which of the agencies that follow a divided one handles the dossier."""

    to = forms.CharField(max_length=35, error_messages={"required": _("Choose an agency.")})


class Change(forms.Form):
    """What is to be changed in a draft before it can be approved, or in a plan that was."""

    reason = written(_("What is to be changed"), missing=_("Say what is to be changed."), rows=3, most=1000)


class Propose(forms.Form):
    """What changes and why, for the person who approves."""

    note = written(_("What changes, and why"), missing=_("Say what changes and why."), rows=3, most=1000)


class Back(forms.Form):
    """What is to be put right before the signature."""

    reason = written(_("What is to be put right"), missing=_("Write what is to be put right."))


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

    text = written(
        _("Note for colleagues"),
        hint=_("Only officers of the agency read it."),
        missing=_("Write the note."),
        rows=3,
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
