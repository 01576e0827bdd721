"""The forms of the wallet: put a paper in, say what it is."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.dossiers import facts
from motcua.procedures.kinds import kinds
from motcua.ui.forms import DatePartsField
from motcua.wallets.models import Holding


class Called(forms.Form):
    """What an agency issued keeps its facts; only the name in one's own wallet is one's own."""

    name = forms.CharField(
        label=_("Name in your wallet"),
        max_length=200,
        error_messages={"required": _("Give the paper a name.")},
    )


class Described(Called):
    """What a paper is; all but the kind and the name may be left open."""

    field_order = ("file", "kind", "name", "number", "issuer", "issued_on", "valid_until")

    kind = forms.ChoiceField(
        label=_("What kind of paper is it?"),
        help_text=_("By its kind we know where it can be used again."),
        error_messages={"required": _("Choose what kind of paper it is.")},
    )
    number = forms.CharField(label=_("Number"), max_length=60, required=False)
    issuer = forms.CharField(label=_("Issued by"), max_length=200, required=False)
    issued_on = DatePartsField(label=_("Day of issue"), required=False, require_all_fields=False)
    valid_until = DatePartsField(
        label=_("Valid until"),
        help_text=_("Leave it open if it does not end, or if you do not know."),
        required=False,
        require_all_fields=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = facts.language()
        named = [(kind.id, kind.name.said_in(language)) for kind in kinds().values()]
        self.fields["kind"].choices = [("", "…"), *named]  # type: ignore[attr-defined]


class Added(Described):
    """A file with what it is."""

    file = forms.FileField(
        label=_("Choose a file or take a photo"),
        help_text=_("PDF, JPG or PNG, at most 10 MB."),
        widget=forms.ClearableFileInput({"accept": "application/pdf,image/jpeg,image/png"}),
        error_messages={"required": _("Choose a file first.")},
    )


FACTS = ("name", "kind", "number", "issuer", "issued_on", "valid_until")


def known(holding: Holding) -> dict[str, Any]:
    """What the wallet says of a paper, for a form."""
    return {name: getattr(holding, name) for name in FACTS}


def form_for(holding: Holding, typed: Any = None) -> Called:
    """The form in which a paper of the wallet is corrected."""
    return (Described if holding.is_upload else Called)(typed, initial=known(holding))
