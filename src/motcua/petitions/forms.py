"""What a complaint is written in: on the page of one's own dossier, or on the one the receipt opens."""

from django import forms
from django.utils.translation import gettext_lazy

from motcua.petitions.models import LONGEST


class Complaint(forms.Form):
    """What someone complains of."""

    use_required_attribute = False

    text = forms.CharField(
        label=gettext_lazy("What went wrong?"),
        help_text=gettext_lazy("Say what happened, when, and what you want to be done."),
        widget=forms.Textarea({"rows": 5}),
        max_length=LONGEST,
        error_messages={"required": gettext_lazy("Write what went wrong.")},
    )
