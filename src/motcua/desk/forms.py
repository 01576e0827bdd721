"""What officers write when they decide, and what administrators write when they appoint."""

from datetime import date
from typing import Any, cast

from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from motcua.organisations.models import Post
from motcua.people.models import Account
from motcua.ui.forms import DatePartsField

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


class Found(forms.Form):
    """What the holder of a step in the middle found, or was answered."""

    key = forms.SlugField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("What was found"),
        help_text=_(
            "If somebody was asked: who answered what, and by which paper. Silence is an answer too."
        ),
        widget=SHORT,
        max_length=2000,
        error_messages={"required": _("Write what you have found.")},
    )


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


class Again(forms.Form):
    """Which refused step is asked for again."""

    key = forms.SlugField(widget=forms.HiddenInput)


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
