"""The forms in which the users of a service are asked, and their answers counted."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.procedures.models import Procedure
from motcua.procedures.polls import Poll
from motcua.ui.forms import DatePartsField

MOST = 10_000_000


class Ask(forms.Form):
    """One question: to whom, in which days."""

    question = forms.CharField(
        label=_("Question"),
        widget=forms.Textarea({"rows": 2}),
        max_length=1000,
        error_messages={"required": _("Write the question.")},
    )
    whom = forms.CharField(
        label=_("Who is asked"),
        help_text=_("Users, associations, agencies; how they were chosen."),
        widget=forms.Textarea({"rows": 2}),
        max_length=1000,
        error_messages={"required": _("Say who is asked.")},
    )
    asked = forms.IntegerField(
        label=_("How many are asked"),
        max_value=MOST,
        error_messages={"required": _("At least one must be asked.")},
    )
    begins_on = DatePartsField(label=_("First day"), error_messages={"required": _("Enter the day.")})
    ends_on = DatePartsField(label=_("Last day"), error_messages={"required": _("Enter the day.")})

    def __init__(self, typed: Any = None, *, today: date) -> None:
        super().__init__(typed, initial={"begins_on": today}, auto_id="id_ask_%s")

    def poll(self, procedure: Procedure) -> Poll:
        """The poll as it was typed."""
        return Poll(procedure=procedure, **self.cleaned_data)


class CountAnswers(forms.Form):
    """What came back."""

    answered = forms.IntegerField(
        label=_("How many answered"),
        max_value=MOST,
        error_messages={"required": _("Enter a number, nought if nobody did.")},
    )
    assented = forms.IntegerField(
        label=_("How many of them assent"),
        max_value=MOST,
        error_messages={"required": _("Enter a number, nought if nobody did.")},
    )
    document = forms.CharField(
        label=_("Document with the answers"),
        help_text=_("Number and day of the letter or report in which they are kept."),
        max_length=200,
        error_messages={"required": _("Name the document in which the answers are kept.")},
    )
