"""What a clerk writes about e-mails: whose address is kept, and which document one that lay aside answers."""

from django import forms
from django.utils.translation import gettext_lazy as _


class Keep(forms.Form):
    """Whose address it is, and the address."""

    name = forms.CharField(
        label=_("Agency or organisation"),
        help_text=_("The name or code from the list of agencies; of an organisation outside, its full name."),
        max_length=200,
        error_messages={"required": _("Write its name.")},
    )
    address = forms.CharField(
        label=_("E-mail address"),
        help_text=_("Ask them for it on paper or by telephone: documents go there without a question."),
        max_length=254,
        widget=forms.EmailInput,
        error_messages={"required": _("Write the e-mail address.")},
    )


class TakeIn(forms.Form):
    """Which document of ours it answers, if it does."""

    number = forms.CharField(
        label=_("Number of our document it answers"),
        help_text=_("As in 15/UBND-VP; leave it empty if it answers none."),
        max_length=40,
        required=False,
    )
