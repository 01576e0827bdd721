"""What administrators write about the systems of their agency: which may call, what for, and where they want to be told."""

import uuid
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.api.kinds import NAMES
from motcua.api.models import PER_MINUTE
from motcua.api.scopes import WORDS, Scope
from motcua.api.targets import LONGEST
from motcua.organisations.models import Agency

MOST_A_MINUTE = 60_000


class Rights(forms.Form):
    """What a system may do, and how often."""

    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=[(scope.value, WORDS[scope]) for scope in Scope],
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose at least one right.")),
    )
    below = forms.BooleanField(
        label=_("Also at all agencies below"),
        help_text=_("For software a province or ministry runs for all of them."),
        required=False,
    )
    per_minute = forms.IntegerField(
        label=_("Most calls a minute"), min_value=1, max_value=MOST_A_MINUTE, initial=PER_MINUTE
    )


class NewSystem(Rights):
    """A system that may call from now on; the key makes pressing twice make one."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    agency = forms.ModelChoiceField(
        label=_("Agency"),
        queryset=Agency.objects.none(),
        empty_label=None,
        to_field_name="code",
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose an agency.")),
    )
    name = forms.CharField(
        label=_("Name of the system"),
        help_text=_("As people know it, such as the name of the software."),
        max_length=120,
        error_messages={"required": _("Give the system a name.")},
    )

    field_order = ("key", "agency", "below", "name", "scopes", "per_minute")

    def __init__(self, typed: Any = None, *, codes: list[str]) -> None:
        super().__init__(typed, initial={"key": uuid.uuid4()})
        held = Agency.objects.in_force().filter(code__in=codes).order_by("code")
        cast("forms.ModelChoiceField[Agency]", self.fields["agency"]).queryset = held


class NewSubscription(forms.Form):
    """Where a system wants to be told, and of what."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    url = forms.CharField(
        label=_("Address that is told"),
        help_text=_("It begins with https:// and is reached from outside."),
        max_length=LONGEST,
        widget=forms.URLInput,
        error_messages={"required": _("Write the address.")},
    )
    kinds = forms.MultipleChoiceField(
        label=_("Of what it is told"),
        choices=[(name, name) for name in NAMES],
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose at least one kind.")),
    )

    def __init__(self, typed: Any = None) -> None:
        super().__init__(typed, initial={"key": uuid.uuid4()})
