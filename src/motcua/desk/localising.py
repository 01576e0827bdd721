"""The forms in which a place sets a value of a procedure for itself, and ends one."""

from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from motcua.organisations.models import Agency, Post
from motcua.procedures.localising import EXAMINING, Key
from motcua.procedures.models import Overlay, Version
from motcua.procedures.words import CHANNELS, KEYS
from motcua.ui.forms import DatePartsField

EVERY = _("all")


class Localise(forms.Form):
    """One value: for which place, which part of the procedure, since when, by which decision."""

    agency = forms.ModelChoiceField(
        label=_("Locality"),
        queryset=Agency.objects.none(),
        empty_label=None,
        error_messages={"required": _("Choose the place.")},
    )
    key = forms.ChoiceField(label=_("What differs"), choices=list(KEYS.items()))
    value = forms.CharField(
        label=_("Value here"),
        help_text=_(
            "A fee in đồng, a term in the nation's unit, the name of the office. For a post or a way of filing, choose below."
        ),
        required=False,
        max_length=200,
    )
    role = forms.ChoiceField(label=_("Post"), required=False)
    case = forms.ChoiceField(label=_("Case"), required=False)
    channel = forms.ChoiceField(label=_("Way of filing"), required=False)
    step = forms.ChoiceField(label=_("Step"), required=False)
    decision = forms.CharField(
        label=_("Decided by"),
        help_text=_("Number, day and issuer, such as: 12/2026/NQ-HĐND, 10/07/2026."),
        max_length=200,
        error_messages={"required": _("Name the decision by which it is set.")},
    )
    since = DatePartsField(label=_("First day"), error_messages={"required": _("Enter the day.")})

    def __init__(
        self, typed: Any = None, *, version: Version, agencies: QuerySet[Agency], today: date
    ) -> None:
        super().__init__(typed, initial={"since": today})
        self.version, definition = version, version.definition
        language = get_language() or "vi"
        cast("forms.ModelChoiceField[Agency]", self.fields["agency"]).queryset = agencies
        roles = [(value, label) for value, label in Post.Role.choices if value in EXAMINING]
        self.offer("role", roles)
        self.offer("case", [(case.id, case.name.said_in(language)) for case in definition.cases])
        self.offer("channel", [(str(channel), label) for channel, label in CHANNELS.items()])
        self.offer(
            "step",
            [(step.id, step.name.said_in(language)) for step in definition.steps if step.role in EXAMINING],
        )

    def offer(self, name: str, choices: list[Any]) -> None:
        """Let the field choose among these, or none of them."""
        cast("forms.ChoiceField", self.fields[name]).choices = [("", EVERY), *choices]

    def overlay(self) -> Overlay:
        """What was typed, not yet judged: whether the law allows it is the action's question."""
        typed = self.cleaned_data
        return Overlay(
            procedure=self.version.procedure,
            agency=typed["agency"],
            key=typed["key"],
            case=typed["case"],
            channel=typed["channel"],
            step=typed["step"] if typed["key"] == Key.HOLDER else "",
            value=self.meant(typed["key"], typed["value"].strip()),
            decision=typed["decision"],
            effective_from=typed["since"],
        )

    def meant(self, key: str, text: str) -> Any:
        """The value as the kind of overlay takes it."""
        digits = text.replace(".", "").replace(" ", "")
        match key:
            case Key.FEE | Key.TERM:
                return int(digits) if digits.isdecimal() else text
            case Key.OFFICE:
                return {"vi": text, "en": text}
            case Key.HOLDER:
                return self.cleaned_data["role"]
        return None


class Restore(forms.Form):
    """From which day the nation's value holds again."""

    on = DatePartsField(
        label=_("First day of the nation's value"), error_messages={"required": _("Enter the day.")}
    )
