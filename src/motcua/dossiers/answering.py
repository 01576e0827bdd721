"""What whoever follows a dossier fills in: on the page of their own, or on the one the receipt opens."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.dossiers.forms import LONGEST


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


class RefundAccount(forms.Form):
    """Where money that is owed back shall go."""

    bank = forms.CharField(label=_("Bank"), max_length=60)
    number = forms.CharField(
        label=_("Account number"),
        max_length=30,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    holder = forms.CharField(label=_("Account holder"), max_length=80)

    def clean_number(self) -> str:
        """Written with or without spaces."""
        number = "".join(str(self.cleaned_data["number"]).split())
        if not re.fullmatch(r"[0-9]{6,19}", number):
            raise forms.ValidationError(_("An account number has 6 to 19 digits."))
        return number


class Withdrawal(forms.Form):
    """Why a dossier is taken back; nobody has to say."""

    reason = forms.CharField(
        label=_("Why do you withdraw?"),
        widget=forms.Textarea({"rows": 3}),
        max_length=LONGEST,
        required=False,
    )
