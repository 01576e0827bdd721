"""What stands on the receipt, as whoever has no account shows it."""

from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.lib.actions import Invalid
from motcua.tracking.codes import LONGEST, read_code


class Shown(forms.Form):
    """The code of a dossier, and the secret word beside it; of an older receipt the last digits of the number."""

    use_required_attribute = False

    code = forms.CharField(
        label=_("Dossier code"),
        help_text=_("It stands on the receipt, beside the QR code."),
        max_length=LONGEST + 20,
        error_messages={"required": _("Enter the code of the dossier. It stands on the receipt.")},
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    digits = forms.RegexField(
        r"^\s*([0-9]{4}|[0-9A-Za-z]{4}[-\s]?[0-9A-Za-z]{4})\s*$",
        label=_("Opening code on the receipt"),
        help_text=_(
            "Eight letters and digits, beside the QR code. A receipt without them: the last four digits of the personal number; "
            "for a business, of the telephone number that was left. So nobody else opens your dossier."
        ),
        widget=forms.TextInput(
            {"class": "short", "maxlength": 12, "autocomplete": "off", "spellcheck": "false"}
        ),
        error_messages={
            "required": _("Enter the opening code."),
            "invalid": _(
                "Enter the eight letters and digits (or the last four digits) as they stand on the receipt."
            ),
        },
    )

    def clean_code(self) -> str:
        """As it is written; what had no code yet is called by the id the QR code of form 02 brings along."""
        typed = str(self.cleaned_data["code"]).strip()
        try:
            return str(UUID(typed))
        except ValueError:
            pass
        try:
            return read_code(typed)
        except Invalid as fault:
            raise forms.ValidationError(str(fault)) from fault

    def clean_digits(self) -> str:
        """Without the spaces around them."""
        return str(self.cleaned_data["digits"]).strip()
