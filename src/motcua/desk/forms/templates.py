"""What an administrator writes into a template of documents."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.desk.forms.dispatches import Write
from motcua.dispatches.models import Template

MOST_PLACES = 30
FIELDS = ("kind", "name", "subject", "grounds", "text", "receivers", "places")


class Written(Write):
    """A template: as a document is written, with its name, its legal grounds and the places that stand on it."""

    name = forms.CharField(
        label=_("Name of the template"),
        max_length=120,
        error_messages={"required": _("Give it a name.")},
    )
    grounds = forms.CharField(
        label=_("Legal grounds"),
        help_text=_("One on each line; they stand before the text."),
        widget=forms.Textarea({"rows": 4}),
        max_length=5000,
        required=False,
    )
    places = forms.CharField(
        label=_("Places that stand under “Nơi nhận”"),
        help_text=_("One on each line."),
        widget=forms.Textarea({"rows": 3}),
        max_length=3000,
        required=False,
    )

    field_order = FIELDS

    def __init__(self, typed: Any = None, *, about: Template, **options: Any) -> None:
        held: dict[str, Any] = {name: getattr(about, name) for name in FIELDS}
        held |= {name: "\n".join(held[name]) for name in ("receivers", "places")}
        super().__init__(typed, initial=held, **options)
        for name in ("urgency", "secrecy", "answer_by"):
            del self.fields[name]
        for name in ("subject", "receivers"):
            self.fields[name].required = False
        self.fields["text"].help_text = _(
            "Filled in when a draft is begun: {agency}, {place}, {day}, {year}, {receivers}, {signer}, {drafter}."
        )

    def clean_urgency(self) -> int:
        """A template says nothing of it."""
        return 0

    def clean_places(self) -> list[str]:
        """One for each line."""
        lines = [line.strip() for line in self.cleaned_data["places"].splitlines() if line.strip()]
        return lines[:MOST_PLACES]
