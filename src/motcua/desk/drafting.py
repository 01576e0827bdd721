"""The forms in which the next version of a procedure is written, proposed, and approved."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.procedures.loading import shaped
from motcua.procedures.reading import Document, Faulty
from motcua.procedures.schema import Definition

LONGEST = 200_000


class Written(forms.Form):
    """The whole procedure as its file."""

    text = forms.CharField(
        label=_("The procedure as a file"),
        help_text=_(
            "The same file that `motcua procedures check` reads; `pattern` and `use` may be written here too."
        ),
        widget=forms.Textarea({"rows": 40, "spellcheck": "false", "class": "input code"}),
        max_length=LONGEST,
        strip=False,
        error_messages={"required": _("Write the procedure.")},
    )

    def clean_text(self) -> str:
        """The text, if it has the shape of a procedure; otherwise every fault with its line."""
        text = str(self.cleaned_data["text"]).replace("\r\n", "\n")
        try:
            self.definition: Definition = shaped(Document.parsed(text, shown_as=""))
        except Faulty as faulty:
            raise forms.ValidationError(
                [
                    _("Line %(line)d, %(field)s: %(message)s")
                    % {"line": fault.line, "field": fault.field, "message": fault.message}
                    for fault in faulty.faults
                ]
            ) from faulty
        return text


class Propose(forms.Form):
    """What changes and why, for the person who approves."""

    note = forms.CharField(
        label=_("What changes, and why"),
        widget=forms.Textarea({"rows": 3}),
        max_length=1000,
        error_messages={"required": _("Say what changes and why.")},
    )


class SendBack(forms.Form):
    """What is to be changed before it can be approved."""

    reason = forms.CharField(
        label=_("What is to be changed"),
        widget=forms.Textarea({"rows": 3}),
        max_length=1000,
        error_messages={"required": _("Say what is to be changed.")},
    )


class Nothing(forms.Form):
    """A decision that needs no words."""


FORMS: dict[str, type[forms.Form]] = {
    "propose": Propose,
    "send_back": SendBack,
    "approve": Nothing,
    "discard": Nothing,
}


def form_of(verb: str, typed: Any = None) -> forms.Form:
    """The form of a decision about a draft; two on one page have different ids."""
    return FORMS[verb](typed, auto_id=f"id_{verb}_%s")
