"""What a person says of where they want to be told."""

from django import forms
from django.utils.translation import gettext_lazy as _


class Mailbox(forms.Form):
    """An e-mail address."""

    prefix = "mail"
    value = forms.CharField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"required": _("Enter the address.")},
    )


class Phone(forms.Form):
    """A mobile number."""

    prefix = "text"
    value = forms.CharField(
        label=_("Mobile number"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("Enter the number.")},
    )


class Code(forms.Form):
    """The six digits that were sent."""

    code = forms.CharField(
        label=_("The code you got"),
        help_text=_("Six digits. They come within a minute; look among unwanted mail, too."),
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": _("Enter the code.")},
    )


class Channels(forms.Form):
    """By which ways one is told."""

    mail = forms.BooleanField(label=_("By e-mail, whenever something happens"), required=False)
    text = forms.BooleanField(label=_("By text message, when you have to do something"), required=False)
