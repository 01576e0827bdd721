"""What is written in the books."""

from django import forms
from django.utils.translation import gettext_lazy as _


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


class FeeBack(Matched):
    """Which fee that was paid goes back, and why."""

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
